//! Photographs and the table of labels brought together; what is left on either side is kept by name.

use super::CheckRequest;
use super::board::Case;
use super::report::{LeftOut, Unread};
use crate::clinic::{Head, ModelCard, Task};
use crate::evaluation::{Column, LabelTable, Sort, Truths, pair};
use crate::progress::Cancel;
use crate::words::failures::{CardRule, Fault, LabelsFault};
use crate::workflow::{Error, find_photographs};

/// What photographs and table say together.
pub(super) struct Gathered {
    pub(super) cases: Vec<Case>,
    pub(super) truths: Truths,
    pub(super) persons: Vec<usize>,
    pub(super) persons_known: bool,
    pub(super) digits: bool,
    pub(super) left_out: LeftOut,
}

/// Which column says what the model answers, and how its cells are understood.
fn asked(card: &ModelCard) -> Result<(Column, Sort), Error> {
    let sort = match card.labels.as_slice() {
        [zero, one] if card.head != Head::Linear => Sort::Labels([zero.clone(), one.clone()]),
        _ if card.head == Head::Linear => Sort::Number,
        _ => {
            return Err(Error::CardRule(
                CardRule::TwoLabels,
                "two labels are needed, for output 0 and output 1",
            ));
        }
    };
    let column = match card.task {
        Task::Sex => Column::Sex,
        Task::Age => Column::Age,
        Task::Other => Column::Label,
    };
    Ok((column, sort))
}

/// Brings photographs and rows together; what is left on either side is kept by name.
pub(super) fn gather(
    table: &[u8],
    request: &CheckRequest,
    card: &ModelCard,
    cancel: &Cancel,
) -> Result<Gathered, Error> {
    let (column, sort) = asked(card)?;
    let table = LabelTable::read(table, column, &sort)?;
    let mut scan = find_photographs(&request.images, cancel)?;
    // The table itself often lies in the folder of the photographs.
    let labels = crate::storage::file_name(&request.labels);
    scan.skipped.retain(|s| s.name != labels);
    let names: Vec<&str> = scan.found.iter().map(|found| found.name.as_str()).collect();
    let pairs = pair(&names, &table.rows);
    if pairs.found.is_empty() {
        return Err(Error::Refused(
            Fault::Labels(LabelsFault::NoPairs),
            format!(
                "none of the {} photographs has a row in the table of {} labels; the column image names them by their path below the folder given, or by file name",
                names.len(),
                table.rows.len()
            ),
        ));
    }
    let rows: Vec<usize> = pairs.found.iter().map(|&(_, row)| row).collect();
    let order = in_turn(&table.truths(&rows, &sort));
    let rows: Vec<usize> = order.iter().map(|&place| rows[place]).collect();
    let cases = order.iter().map(|&place| {
        let found = &scan.found[pairs.found[place].0];
        Case {
            name: found.name.clone(),
            path: found.path.clone(),
        }
    });
    Ok(Gathered {
        cases: cases.collect(),
        truths: table.truths(&rows, &sort),
        persons: table.persons(&rows),
        persons_known: table.has_persons,
        digits: table.digits,
        left_out: LeftOut {
            labels_without_image: pairs.without_image,
            images_without_label: pairs.without_label,
            ambiguous: pairs.ambiguous,
            unreadable_labels: table.unreadable.iter().map(Unread::from).collect(),
            skipped: scan.skipped.into_iter().map(|s| s.name).collect(),
            ..LeftOut::default()
        },
    })
}

/// The order in which both labels come in turn, so that a check which is stopped early has both.
pub(super) fn in_turn(truths: &Truths) -> Vec<usize> {
    let Truths::Labels(labels) = truths else {
        return (0..truths.len()).collect();
    };
    let mut place = [0.0, 0.0];
    let mut counts = [0.0, 0.0];
    for label in labels {
        counts[usize::from(*label)] += 1.0;
    }
    // Each label is spread evenly over the whole, in its own order.
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(labels.len());
    for (case, label) in labels.iter().enumerate() {
        let label = usize::from(*label);
        order.push(((place[label] + 0.5) / counts[label], case));
        place[label] += 1.0;
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    order.into_iter().map(|(_, case)| case).collect()
}
