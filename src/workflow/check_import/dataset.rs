//! Matches photographs with the table of labels; what is left on either side is recorded by name.

use super::CheckRequest;
use super::report::NotUsed;
use super::score_matrix::LabelledPhotograph;
use crate::domain::foreign::shown;
use crate::domain::{Head, ModelCard, Task};
use crate::evaluation::{
    self, DesiredValue, Encoding, LabelTable, MismatchReason, Pairs, Question, ReferenceValues,
    Role, Sort, TableInterpretation, TableOptions, mismatches,
};
use crate::export::json::skipped_reason;
use crate::progress::Cancel;
use crate::storage::scan::Scan;
use crate::text::Lang;
use crate::text::check::Remark;
use crate::text::failures::{Fault, LabelsFault};
use crate::text::labels::not_used;
use crate::workflow::mask::mask;
use crate::workflow::{Error, Source, find_photographs};

/// Photographs matched with the table.
pub(super) struct Dataset {
    pub(super) cases: Vec<LabelledPhotograph>,
    pub(super) truths: ReferenceValues,
    pub(super) persons: Vec<usize>,
    pub(super) persons_known: bool,
    pub(super) understood: TableInterpretation,
    /// Remarks on the table itself.
    pub(super) remarks: Vec<Remark>,
    pub(super) left_out: NotUsed,
    /// Reports that pictures were used which do not look like fundus photographs, although the user did not request
    /// that.
    pub(super) all_the_same: Option<Remark>,
}

/// Which column holds what the model answers, and how its cells are read.
fn requested(card: &ModelCard) -> Result<(Role, Sort), Error> {
    let sort = match card.labels.as_slice() {
        [zero, one] if card.head != Head::Linear => Sort::Labels([zero.clone(), one.clone()]),
        _ if card.head == Head::Linear && card.task == Task::Age => Sort::Years,
        _ if card.head == Head::Linear => Sort::Number,
        _ => {
            // A stored card should have them.
            let reason = "two labels are needed, for output 0 and output 1";
            return Err(Error::Card(reason.to_owned()));
        }
    };
    let column = match card.task {
        Task::Sex => Role::Sex,
        Task::Age => Role::Age,
        Task::Other => Role::Label,
    };
    Ok((column, sort))
}

/// Matches photographs and rows; what is left on either side is recorded by name.
pub(super) fn dataset(
    table: &[u8],
    request: &CheckRequest,
    card: &ModelCard,
    cancel: &Cancel,
) -> Result<Dataset, Error> {
    let (value, sort) = requested(card)?;
    let mut scan = find_photographs(&request.images, cancel)?;
    // The table itself is often in the folder of the photographs.
    let labels = crate::storage::file_name(&request.labels);
    scan.skipped.retain(|s| s.name != labels);
    // Names are matched to rows before they are replaced with numbers.
    let own: Vec<String> = scan.found.iter().map(|found| found.name.clone()).collect();
    let names: Vec<&str> = own.iter().map(String::as_str).collect();
    if request.mask_names {
        mask(&mut scan);
    }
    let answers = &request.answers;
    let wanted = DesiredValue {
        role: value,
        sort: sort.clone(),
        required: true,
    };
    let desired = TableOptions {
        values: &[wanted],
        images: &names,
        eyes: &[],
        answers,
        masked: request.mask_names,
    };
    let table = LabelTable::read(table, &desired)?;
    let pairs = table.pair(&desired);
    let left_out = left_out(&scan, &table, &pairs);
    if pairs.found.is_empty() {
        return Err(nothing_found(&desired, &table, &pairs, &left_out));
    }
    let rows: Vec<usize> = pairs.found.iter().map(|&(_, row)| row).collect();
    let truths = table.truths(&rows, &sort);
    if let (ReferenceValues::Labels(truths), Sort::Labels(labels)) = (&truths, &sort)
        && truths.iter().all(|t| *t == truths[0])
    {
        let label = labels[usize::from(truths[0])].clone();
        return Err(one_label(label, truths.len(), &left_out));
    }
    let order = in_turn(&truths);
    let rows: Vec<usize> = order.iter().map(|&place| rows[place]).collect();
    let cases = order.iter().map(|&place| {
        let found = &scan.found[pairs.found[place].0];
        LabelledPhotograph {
            name: found.name.clone(),
            source: Source::from(found),
        }
    });
    let mut remarks = remarks(&table, &rows, &pairs, card.task);
    // Photographs with other names cause no remark if some match.
    let hindered = mismatches(&names, &table.rows, &pairs, table.understood.rows_per).into_iter();
    let hindered = hindered.filter(|h| !matches!(h, MismatchReason::OtherNames { .. }));
    remarks.extend(hindered.map(Remark::Names));
    Ok(Dataset {
        cases: cases.collect(),
        truths: table.truths(&rows, &sort),
        persons: table.persons(&rows),
        persons_known: table.has_persons,
        understood: table.understood,
        remarks,
        left_out,
        all_the_same: None,
    })
}

fn left_out(scan: &Scan, table: &LabelTable, pairs: &Pairs) -> NotUsed {
    let skipped = &scan.skipped;
    let of_rows = pairs
        .without_image
        .iter()
        .map(|&row| table.rows[row].called());
    NotUsed {
        labels_without_image: of_rows.collect(),
        images_without_label: pairs
            .without_label
            .iter()
            .map(|&image| scan.found[image].name.clone())
            .collect(),
        ambiguous: pairs.ambiguous.clone(),
        contradicting: pairs.contradicting.clone(),
        unreadable_labels: table.unreadable.clone(),
        skipped: skipped.iter().map(|s| s.name.clone()).collect(),
        skipped_reasons: skipped.iter().map(skipped_reason).collect(),
        ..NotUsed::default()
    }
}

/// Why no photograph has a usable row, or the question whether to ignore leading zeros.
fn nothing_found(
    desired: &TableOptions,
    table: &LabelTable,
    pairs: &Pairs,
    left_out: &NotUsed,
) -> Error {
    let names = desired.images;
    let unused = left_out.unused();
    let counts = not_used(&unused, Lang::En);
    if names.is_empty() {
        return Error::refused(
            Fault::Labels(LabelsFault::NoPhotographs),
            "the given files and folders contain no photograph".to_owned(),
        );
    }
    if table.rows.is_empty() {
        return Error::refused(
            Fault::Labels(LabelsFault::NoneReadable { unused }),
            format!("no row of the table of labels is usable. {counts}"),
        );
    }
    let why = mismatches(names, &table.rows, pairs, table.understood.rows_per);
    let zeros = why.iter().find_map(|mismatch| match mismatch {
        MismatchReason::LeadingZeros {
            photographs,
            example,
        } => Some((*photographs, example.clone())),
        _ => None,
    });
    if let Some((photographs, example)) = zeros {
        return evaluation::Error::Question(Question::LeadingZeros {
            photographs,
            example,
        })
        .into();
    }
    let mut reasons: Vec<String> = why.iter().map(|h| h.wording(Lang::En)).collect();
    reasons.extend(contradictions(&pairs.contradicting));
    let column = table
        .understood
        .columns
        .iter()
        .find(|(role, _)| *role == Role::Image);
    Error::refused(
        Fault::Labels(LabelsFault::NoPairs { why, unused }),
        format!(
            "none of the {} photographs has a row in the table of {} labels, whose column {} gives their names. {} {counts}",
            names.len(),
            table.rows.len(),
            column.map_or("image", |(_, name)| name.as_str()),
            reasons.join(" ")
        ),
    )
}

/// Which rows contradict each other, by the names in them.
fn contradictions(names: &[String]) -> Option<String> {
    const NAMED: usize = 5;
    if names.is_empty() {
        return None;
    }
    let named: Vec<String> = names.iter().take(NAMED).map(|n| shown(n)).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let listed = named.join(", ");
    Some(format!(
        "The rows of these images contradict each other: {listed}{more}."
    ))
}

fn one_label(label: String, count: usize, left_out: &NotUsed) -> Error {
    let unused = left_out.unused();
    let counts = not_used(&unused, Lang::En);
    let message = format!(
        "all {count} labelled images have the same label, {label}; an area under the ROC curve needs images of both. {counts}"
    );
    Error::refused(
        Fault::Labels(LabelsFault::OneLabel {
            label: Some(label),
            unused,
        }),
        message.trim_end().to_owned(),
    )
}

/// What the reader must know about the table itself.
fn remarks(table: &LabelTable, rows: &[usize], pairs: &Pairs, task: Task) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let encoding = table.understood.form.encoding;
    let encoding = encoding.filter(|e| !matches!(e, Encoding::Utf8 | Encoding::Utf16));
    remarks.extend(encoding.map(|encoding| Remark::Encoding(encoding.as_str())));
    let counted = [
        (
            pairs.repeated,
            (|count| Remark::RepeatedRows { count }) as fn(usize) -> Remark,
        ),
        (table.without_person(rows), |count| {
            Remark::SomeWithoutPerson { count }
        }),
        // With labels of another task the two eyes of a person may well have both.
        (
            if task == Task::Sex {
                table.of_both_labels(rows)
            } else {
                0
            },
            |count| Remark::PersonsOfBothLabels { count },
        ),
    ];
    remarks.extend(
        counted
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, remark)| remark(count)),
    );
    remarks
}

/// An order in which both labels alternate, so that a check stopped early has both.
pub(super) fn in_turn(truths: &ReferenceValues) -> Vec<usize> {
    let ReferenceValues::Labels(labels) = truths else {
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
