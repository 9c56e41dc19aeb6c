//! The rows of an export, and the tables and documents of all photographs.

use std::collections::HashMap;

use super::pictures::Written;
use super::{ExportOrder, ExportRow, IfTaken};
use crate::domain::ResultRow;
use crate::export::formats::{Whole, Writes};
use crate::export::json;
use crate::export::tables::{PEOPLE, Sentences};
use crate::storage;
use crate::workflow::answer::Answer;
use crate::workflow::save::Saver;
use crate::workflow::two_maps::maps_agree;
use crate::workflow::{Error, VERSION};

/// The rows of one photograph as in the tables, in the order of the models, each with its files.
pub(super) fn cases_of(
    order: &ExportOrder,
    row: &ExportRow,
    written: &[Written],
) -> Vec<ResultRow> {
    let answered = row.answers.iter().enumerate().map(|(i, answer)| {
        let own = written
            .iter()
            .filter(|(of, _)| of.is_none_or(|of| of == i))
            .map(|(_, name)| name.clone());
        ResultRow {
            image: row.name.clone(),
            files: own.collect(),
            ..answer.case.clone()
        }
    });
    let mut cases: Vec<ResultRow> = answered.chain(row.failed.iter().cloned()).collect();
    cases.sort_by_key(|case| order.models.iter().position(|id| *id == case.card.id));
    cases
}

/// Writes the requested tables and documents; returns their names.
pub(super) fn tables(
    order: &ExportOrder,
    cases: &[ResultRow],
    saver: &mut Saver,
) -> Result<Vec<String>, Error> {
    let sentences = Sentences {
        lang: order.lang,
        errors: order.errors.clone(),
    };
    let results = || json::Results {
        sanity_checks: answers_of(order, cases)
            .into_iter()
            .filter_map(|(at, answer)| Some((at, answer.sanity_checks.as_deref()?)))
            .collect(),
        skipped: &order.skipped,
        agreement: Some(order.rows.iter().filter_map(agreement_of).collect()),
        ..json::Results::of(cases, VERSION)
    };
    let whole = Whole {
        cases,
        sentences: &sentences,
        replaces_people: order.clash == IfTaken::Replace
            && storage::is_there(&order.folder.join(PEOPLE)),
        results: &results,
    };
    let mut files = Vec::new();
    for format in &order.formats.desired {
        if let Writes::PerExport(_, write) = format.row().writes {
            for (name, bytes) in write(&whole) {
                files.push(saver.write(name, &bytes)?);
            }
        }
    }
    Ok(files)
}

/// Every answer with the index of its row among the cases.
fn answers_of<'a>(order: &'a ExportOrder, cases: &[ResultRow]) -> Vec<(usize, &'a Answer)> {
    let places: HashMap<(&str, &str), usize> = cases
        .iter()
        .enumerate()
        .map(|(at, case)| ((case.image.as_str(), case.card.id.as_str()), at))
        .collect();
    let rows = order.rows.iter();
    let answers = rows.flat_map(|row| row.answers.iter().map(move |answer| (row, answer)));
    answers
        .filter_map(|(row, answer)| {
            let place = places.get(&(row.name.as_str(), answer.case.card.id.as_str()))?;
            Some((*place, &**answer))
        })
        .collect()
}

/// How far the two maps of a photograph agree.
fn agreement_of(row: &ExportRow) -> Option<json::TwoMaps<'_>> {
    let [a, b] = row.answers.as_slice() else {
        return None;
    };
    Some(json::TwoMaps {
        image: &row.name,
        models: [&a.case.card.id, &b.case.card.id],
        methods: [a.map.as_ref()?.method, b.map.as_ref()?.method],
        found: maps_agree(a, b)?,
    })
}
