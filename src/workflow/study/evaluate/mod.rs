//! Evaluates the models of a study on its labels: figures by photograph, eye and person, subgroups, and comparisons.

mod cases;
mod subgroups;
mod written;

use std::path::Path;

use cases::{Gathered, Photographed, Truth, gathered};
use strum::IntoEnumIterator;
use subgroups::{Grouping, subgroups};

use super::answers;
use super::labelling::study_labels;
use super::labels::{Labelled, StudyLabels, labelled_model, stated_record};
use super::listing::{Listing, photographs};
use super::run::pattern_of;
use crate::domain::{Bilingual, Head, Lang, Laterality, ModelCard, ResultRow, Role, Study, Task};
use crate::evaluation::performance::{
    Cases, CompareError, EvaluationOptions, EvaluationReport, ModelReport, PairReport, Unit,
    UnitReport, compare,
};
use crate::evaluation::{Covariate, RecordedValue, output_of};
use crate::export::report::method_paragraphs;
use crate::export::subjects::{NamingRule, resolve_rows};
use crate::imaging;
use crate::progress::{Cancel, Progress};
use crate::storage::read;
use crate::storage::study as stored;
use crate::text::failures::StudyFault;
use crate::workflow::batch::known_subjects;
use crate::workflow::{Context, Error, Source, VERSION, models};

pub use written::write;

/// What is evaluated.
#[derive(Clone, Debug, Default)]
pub struct EvaluationRequest {
    /// Columns of subgroups: `eye`, `quality`, `age`, and columns of the table that the study keeps.
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
    let rows = resolved_rows(&folder, &study, &listing, cancel)?;
    let recorded = recorded(&folder, &study, &listing, cancel)?;
    progress.start(study.models.len() as u64);
    let library = models(ctx);
    let mut report = EvaluationReport {
        photographs: listing.scan.found.len(),
        models: Vec::new(),
        pairs: Vec::new(),
        options: request.options,
        prevalence: request.prevalence,
        computed: computed(&rows),
        labels_sha256: study.labels.as_ref().map(|labels| labels.sha256.clone()),
    };
    let mut by_photograph = Vec::new();
    for (place, model) in study.models.iter().enumerate() {
        let answered = |index: usize| rows[index].get(place);
        let is_asked = is_asked(&study, &model.card);
        let photographs = photographed(&listing, &answered, &recorded, &model.card, is_asked);
        let groupings = groupings(&request.by, &photographs, &recorded)?;
        let mut units = Vec::new();
        for unit in Unit::iter() {
            let found = gathered(&photographs, unit)?;
            units.push(unit_report(
                &found,
                unit,
                &model.card,
                &groupings,
                request,
                cancel,
            )?);
            if unit == Unit::Photograph {
                by_photograph.push(found);
            }
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
        });
        progress.advance();
    }
    report.pairs = pairs(&study, &by_photograph, request, cancel)?;
    Ok(report)
}

/// How the rows were computed, in both languages.
fn computed(rows: &[Vec<ResultRow>]) -> Bilingual {
    let rows: Vec<&ResultRow> = rows.iter().flatten().collect();
    let [en, ja] =
        [Lang::En, Lang::Ja].map(|lang| method_paragraphs(&rows, VERSION, lang).join("\n\n"));
    Bilingual { en, ja }
}

/// The rows of every photograph, one for each model, with persons and duplicates; none for photographs without an answer.
fn resolved_rows(
    folder: &Path,
    study: &Study,
    listing: &Listing,
    cancel: &Cancel,
) -> Result<Vec<Vec<ResultRow>>, Error> {
    let pattern = pattern_of(&study.settings)?;
    let (mut subjects, _) = known_subjects(&listing.scan, pattern.as_ref());
    let mut rows: Vec<Vec<ResultRow>> = vec![Vec::new(); listing.scan.found.len()];
    for (index, answered) in answers::answers(folder, study, listing)? {
        cancel.check()?;
        let found = &listing.scan.found[index];
        subjects[index].rows = answered.len();
        // Patients of DICOM files are written nowhere; their files state them again.
        if may_be_dicom(&found.name) {
            let bytes = read::file(&found.path, imaging::Limits::default().file_bytes);
            subjects[index].patient = bytes.ok().and_then(|bytes| imaging::patient(&bytes));
        }
        rows[index] = answered;
    }
    let counts: Vec<usize> = rows.iter().map(Vec::len).collect();
    let mut flat: Vec<ResultRow> = rows.into_iter().flatten().collect();
    let rule = NamingRule {
        persons: study.settings.persons,
        masked: false,
    };
    resolve_rows(&mut flat, &subjects, rule);
    let mut flat = flat.into_iter();
    Ok(counts
        .into_iter()
        .map(|count| flat.by_ref().take(count).collect())
        .collect())
}

/// What table and DICOM files record about the photographs.
fn recorded(
    folder: &Path,
    study: &Study,
    listing: &Listing,
    cancel: &Cancel,
) -> Result<StudyLabels, Error> {
    let found = &listing.scan.found;
    let mut labels = match study_labels(folder, study, listing)? {
        Some(labels) => labels,
        None => StudyLabels {
            photographs: vec![None; found.len()],
            ..StudyLabels::default()
        },
    };
    for (index, found) in found.iter().enumerate() {
        cancel.check()?;
        let source = || Source::File(found.path.clone());
        if let Some(stated) = may_be_dicom(&found.name)
            .then(source)
            .as_ref()
            .and_then(stated_record)
        {
            labels.add_stated(index, &stated);
        }
    }
    match labels.photographs.iter().all(Option::is_none) {
        true => Err(StudyFault::NoLabels.into()),
        false => Ok(labels),
    }
}

/// Only DICOM files state a patient; they often have no extension.
fn may_be_dicom(name: &str) -> bool {
    match Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some(extension) => {
            let is_dicom = ["dcm", "dicom"]
                .iter()
                .any(|dicom| extension.eq_ignore_ascii_case(dicom));
            is_dicom || !imaging::is_extension(extension)
        }
        None => true,
    }
}

fn photographed<'a>(
    listing: &'a Listing,
    answered: &impl Fn(usize) -> Option<&'a ResultRow>,
    recorded: &StudyLabels,
    card: &ModelCard,
    is_asked: bool,
) -> Vec<Photographed<'a>> {
    let found = listing.scan.found.iter().enumerate();
    let mut columns = recorded.understood.columns.iter();
    let names_persons = columns.any(|(role, _)| *role == Role::Person);
    let photographed = found.map(|(index, found)| {
        let row = answered(index);
        let labelled = recorded.photographs.get(index).and_then(Option::as_ref);
        let stated = labelled.and_then(|labelled| labelled.person.clone());
        let own = || {
            row?.subject
                .person
                .as_ref()
                .map(|person| person.name.clone())
        };
        let eye = labelled.map_or(Laterality::Unknown, |labelled| labelled.eye);
        Photographed {
            name: &found.name,
            row,
            truth: labelled
                .filter(|_| is_asked)
                .and_then(|labelled| truth(labelled, card)),
            // Without a column of persons the table only knows which photographs share a line.
            person: match names_persons {
                true => stated.or_else(own),
                false => own().or(stated),
            },
            eye: match eye.is_known() {
                true => eye,
                false => row.map_or(Laterality::Unknown, |row| row.eye),
            },
        }
    });
    photographed.collect()
}

/// Whether the table was read for what a model answers: of models of other tasks it is read for the first, and serves
/// those with the same labels.
fn is_asked(study: &Study, card: &ModelCard) -> bool {
    let cards: Vec<&ModelCard> = study.models.iter().map(|model| &model.card).collect();
    let is_same = |first: &ModelCard| first.head == card.head && first.labels == card.labels;
    card.task != Task::Other || labelled_model(&cards).is_some_and(is_same)
}

/// The recorded value that a model is compared with.
fn truth(labelled: &Labelled, card: &ModelCard) -> Option<Truth> {
    let role = match card.task {
        Task::Sex => Role::Sex,
        Task::Age => Role::Age,
        Task::Other => Role::Label,
    };
    let (_, value, _) = labelled.values.iter().find(|(of, ..)| *of == role)?;
    match value {
        RecordedValue::Number(number) => {
            (card.head == Head::Linear).then_some(Truth::Number(*number))
        }
        RecordedValue::Label(label) => {
            let labels: &[String; 2] = card.labels.as_slice().try_into().ok()?;
            Some(Truth::Label(output_of(label, labels)? == 1))
        }
    }
}

/// The columns of subgroups.
fn groupings(
    by: &[String],
    photographs: &[Photographed],
    recorded: &StudyLabels,
) -> Result<Vec<Grouping>, Error> {
    let labelled = |index: usize| recorded.photographs.get(index).and_then(Option::as_ref);
    let age = |index: usize| {
        let values = &labelled(index)?.values;
        values
            .iter()
            .find_map(|(role, value, _)| match (role, value) {
                (Role::Age, RecordedValue::Number(years)) => Some(*years),
                _ => None,
            })
    };
    let all = || photographs.iter().enumerate();
    let grouping = |by: &String| {
        let values = match by.as_str() {
            "eye" => all()
                .map(|(_, p)| p.eye.is_known().then(|| p.eye.as_str().to_owned()))
                .collect(),
            "quality" => all()
                .map(|(_, p)| Some(p.row?.quality?.as_str().to_owned()))
                .collect(),
            "age" => {
                let numbers: Vec<Option<f64>> = all().map(|(index, _)| age(index)).collect();
                return Ok(Grouping::of_numbers(by.clone(), &numbers));
            }
            column => return covariate(column, photographs.len(), &labelled),
        };
        Ok(Grouping {
            by: by.clone(),
            values,
        })
    };
    by.iter().map(grouping).collect()
}

/// A column of the table that the study keeps.
fn covariate<'a>(
    column: &str,
    count: usize,
    labelled: &impl Fn(usize) -> Option<&'a Labelled>,
) -> Result<Grouping, Error> {
    let cell = |index: usize| {
        let covariates = &labelled(index)?.covariates;
        covariates
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, cell)| cell)
    };
    let cells: Vec<Option<&Covariate>> = (0..count).map(cell).collect();
    if cells.iter().all(Option::is_none) {
        return Err(Error::Usage(format!(
            "the study keeps no column {}; its subgroups are eye, quality, age and the columns kept as covariates",
            crate::domain::foreign::shown(column)
        )));
    }
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
        left_out: found.left_out.clone(),
        photographs: found.members.iter().map(Vec::len).sum(),
        unknown_persons: found.unknown_persons,
        without_value: parts.without_value,
        figures,
        subgroups: parts.subgroups,
    })
}

/// Every pair of models with two labels, on the photographs that are cases of both.
fn pairs(
    study: &Study,
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
                first: study.models[first].id.clone(),
                second: study.models[second].id.clone(),
                cases: a.len(),
                comparison,
            });
        }
    }
    Ok(pairs)
}

/// The places of the photographs that are cases of both.
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
