//! Evaluates the models of a study on its labels: figures by photograph, eye and person, subgroups, and comparisons.

mod cases;
pub(super) mod records;
mod subgroups;
mod written;

use std::path::Path;
use std::sync::Arc;

use cases::{Gathered, gathered};
use records::records_to_check;
use strum::IntoEnumIterator;
use subgroups::{Grouping, subgroups};

use super::answers::source;
use super::columns::{age_of, cells};
use super::known::{Photographed, is_labelled, photographed, recorded, resolved_rows};
use super::labels::StudyLabels;
use super::listing::photographs;
use crate::domain::{Bilingual, Lang, ModelCard, ResultRow, Study, Task};
use crate::evaluation::Covariate;
use crate::evaluation::performance::{
    Cases, CompareError, EvaluationOptions, EvaluationReport, ModelReport, PairReport, Unit,
    UnitReport, compare,
};
use crate::export::report::method_paragraphs;
use crate::progress::{Cancel, Progress};
use crate::storage::study as stored;
use crate::text::failures::StudyFault;
use crate::workflow::{Context, Error, VERSION, models};

pub use records::take_decisions;
pub use written::write;

/// What is evaluated.
#[derive(Clone, Debug, Default)]
pub struct EvaluationRequest {
    /// Columns of subgroups: `eye`, `quality`, `applicability`, `field`, `age`, and columns of the table that the study keeps.
    pub by: Vec<String>,
    /// Share of positive cases for which predictive values are stated, 0–1; that of the cases if `None`.
    pub prevalence: Option<f64>,
    pub options: EvaluationOptions,
}

/// Evaluates the study in a folder, given by itself or by the study file. Nothing is computed that a run would compute:
/// photographs without an answer are counted as such.
///
/// # Errors
/// There is no study, it has no labels or another table than was confirmed, a column is not one of the study, or it was
/// cancelled.
pub fn evaluate(
    ctx: &Context,
    path: &Path,
    request: &EvaluationRequest,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<EvaluationReport, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: crate::storage::file_name(path),
    })?;
    let (study, _) = stored::load(&folder)?;
    let listing = photographs(&folder, &study, cancel)?;
    let recorded = recorded(&folder, &study, &listing, cancel)?;
    let rows = resolved_rows(&folder, &study, &listing, &recorded, cancel)?;
    progress.start(study.models.len() as u64);
    let library = models(ctx);
    let mut report = EvaluationReport {
        photographs: listing.scan.found.len(),
        models: Vec::new(),
        pairs: Vec::new(),
        options: request.options,
        by: request.by.clone(),
        prevalence: request.prevalence,
        computed: computed(&rows),
        labels_sha256: study.labels.as_ref().map(|labels| labels.sha256.clone()),
        persons: Vec::new(),
        is_masked: false,
        source: Arc::new(source(&folder, &study, &listing, cancel)?),
    };
    let mut by_unit: Vec<(Unit, Vec<Gathered>)> =
        Unit::iter().map(|unit| (unit, Vec::new())).collect();
    for (place, model) in study.models.iter().enumerate() {
        let answered = |index: usize| rows[index].get(place);
        let is_labelled = is_labelled(&study, &model.card);
        let photographs = photographed(&listing, &answered, &recorded, &model.card, is_labelled);
        report.persons = photographs.iter().map(|of| of.person.clone()).collect();
        let groupings = groupings(&request.by, &photographs, &recorded)?;
        let mut units = Vec::new();
        for (unit, all) in &mut by_unit {
            let unit = *unit;
            let found = gathered(&photographs, unit)?;
            units.push(unit_report(
                &found,
                unit,
                &model.card,
                &groupings,
                request,
                cancel,
            )?);
            all.push(found);
        }
        let bytes = library
            .iter()
            .find(|found| found.id == model.id)
            .and_then(|m| m.bytes);
        report.models.push(ModelReport {
            id: model.id.clone(),
            is_demonstration: model.card.demonstration,
            is_unconfirmed: !model.card.is_confirmed(),
            is_of_sex: model.card.task == Task::Sex,
            is_of_age: model.card.task == Task::Age,
            labels: model.card.labels.clone().try_into().ok(),
            threshold: model.card.threshold,
            megabytes: bytes.map(|bytes| bytes as f64 / 1e6),
            units,
            records_to_check: records_to_check(
                &photographs,
                model.card.threshold.unwrap_or(0.5),
                &study.decisions,
            ),
        });
        progress.advance();
    }
    for (unit, found) in &by_unit {
        report
            .pairs
            .extend(pairs(&study, *unit, found, request, cancel)?);
    }
    Ok(report)
}

/// How the rows were computed, in both languages.
fn computed(rows: &[Vec<ResultRow>]) -> Bilingual {
    let rows: Vec<&ResultRow> = rows.iter().flatten().collect();
    let [en, ja] =
        [Lang::En, Lang::Ja].map(|lang| method_paragraphs(&rows, VERSION, lang).join("\n\n"));
    Bilingual { en, ja }
}

/// Columns of subgroups that every study may have, beside those of its table.
pub const BUILT_IN_COLUMNS: [&str; 5] = ["eye", "quality", "age", "applicability", "field"];

/// The columns of subgroups.
fn groupings(
    by: &[String],
    photographs: &[Photographed],
    recorded: &StudyLabels,
) -> Result<Vec<Grouping>, Error> {
    let age = |index: usize| age_of(recorded.photographs.get(index)?.as_ref()?);
    let all = || photographs.iter().enumerate();
    let grouping = |by: &String| {
        let values = match by.as_str() {
            "eye" => all()
                .map(|(_, p)| p.eye.is_known().then(|| p.eye.as_str().to_owned()))
                .collect(),
            "quality" => all()
                .map(|(_, p)| Some(p.row?.quality?.as_str().to_owned()))
                .collect(),
            "applicability" => all()
                .map(|(_, p)| Some(p.row?.applicability()?.overall()?.as_str().to_owned()))
                .collect(),
            // What the field of view is centred on.
            "field" => all()
                .map(|(_, p)| Some(p.row?.measured?.centring?.as_str().to_owned()))
                .collect(),
            "age" => {
                let numbers: Vec<Option<f64>> = all().map(|(index, _)| age(index)).collect();
                return Ok(Grouping::of_numbers(by.clone(), &numbers));
            }
            column => return covariate(column, recorded),
        };
        Ok(Grouping {
            by: by.clone(),
            values,
        })
    };
    by.iter().map(grouping).collect()
}

/// A column of the table that the study keeps.
fn covariate(column: &str, recorded: &StudyLabels) -> Result<Grouping, Error> {
    let cells = cells(column, recorded, &BUILT_IN_COLUMNS)?;
    let numbers: Option<Vec<Option<f64>>> = cells
        .iter()
        .map(|cell| match cell {
            Some(Covariate::Number(number)) => Some(Some(*number)),
            Some(Covariate::Text(_)) => None,
            Some(Covariate::Missing) | None => Some(None),
        })
        .collect();
    if let Some(numbers) = numbers {
        return Ok(Grouping::of_numbers(column.to_owned(), &numbers));
    }
    let text = |cell: &Option<&Covariate>| match cell {
        Some(Covariate::Text(text)) => Some(text.clone()),
        Some(Covariate::Number(number)) => Some(number.to_string()),
        Some(Covariate::Missing) | None => None,
    };
    Ok(Grouping {
        by: column.to_owned(),
        values: cells.iter().map(text).collect(),
    })
}

fn unit_report(
    found: &Gathered,
    unit: Unit,
    card: &ModelCard,
    groupings: &[Grouping],
    request: &EvaluationRequest,
    cancel: &Cancel,
) -> Result<UnitReport, Error> {
    let threshold = card.threshold.unwrap_or(0.5);
    let figures = match &found.cases {
        Some(cases) => cases.figures(threshold, request.prevalence, &request.options, cancel)?,
        None => Vec::new(),
    };
    let parts = subgroups(found, groupings, threshold, &request.options, cancel)?;
    Ok(UnitReport {
        unit,
        cases: found.cases.clone(),
        names: found.names.clone(),
        members: found.members.clone(),
        left_out: found.left_out.clone(),
        photographs: found.members.iter().map(Vec::len).sum(),
        unknown_persons: found.unknown_persons,
        without_value: parts.without_value,
        figures,
        subgroups: parts.subgroups,
    })
}

/// Every pair of models with two labels, on the cases of both that consist of the same photographs.
fn pairs(
    study: &Study,
    unit: Unit,
    found: &[Gathered],
    request: &EvaluationRequest,
    cancel: &Cancel,
) -> Result<Vec<PairReport>, Error> {
    let mut pairs = Vec::new();
    for (second, other) in found.iter().enumerate() {
        for (first, one) in found[..second].iter().enumerate() {
            let [card, second_card] = [first, second].map(|at| &study.models[at].card);
            if card.task != second_card.task {
                continue;
            }
            let common = common(one, other);
            let places = |which: usize| common.iter().map(|pair| pair[which]).collect::<Vec<_>>();
            let chosen = |of: &Gathered, which| of.cases.as_ref()?.chosen(&places(which));
            let (Some(Cases::Labels(a)), Some(Cases::Labels(b))) =
                (chosen(one, 0), chosen(other, 1))
            else {
                continue;
            };
            // The cards may have the two labels in opposite order.
            let called = [(&a, card), (&b, second_card)]
                .map(|(cases, card)| cases.called(card.threshold.unwrap_or(0.5)));
            let [one_calls, mut other_calls] = called;
            let b = match a.truths() == b.truths() {
                true => b,
                false => {
                    other_calls.iter_mut().for_each(|called| *called = !*called);
                    b.mirrored()
                }
            };
            let called = [&one_calls[..], &other_calls[..]];
            let comparison = match compare(&a, &b, called, &request.options, cancel) {
                Ok(comparison) => comparison,
                Err(CompareError::Cancelled(cancelled)) => return Err(cancelled.into()),
                // Models of other labels.
                Err(CompareError::DifferentCases) => continue,
            };
            pairs.push(PairReport {
                unit,
                first: study.models[first].id.clone(),
                second: study.models[second].id.clone(),
                cases: a.len(),
                comparison,
            });
        }
    }
    Ok(pairs)
}

/// The places of the cases of both.
fn common(one: &Gathered, other: &Gathered) -> Vec<[usize; 2]> {
    let places: std::collections::HashMap<&[usize], usize> = other
        .members
        .iter()
        .enumerate()
        .map(|(at, members)| (members.as_slice(), at))
        .collect();
    let pairs = one.members.iter().enumerate();
    pairs
        .filter_map(|(at, members)| Some([at, *places.get(members.as_slice())?]))
        .collect()
}
