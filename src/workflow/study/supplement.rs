//! Supplies the label of persons for whom a study records none: see [`crate::evaluation::supplement`].

use std::collections::HashMap;
use std::path::Path;

use super::columns::{age_of, cells};
use super::known::{Photographed, Truth, is_labelled, photographed, recorded, resolved_rows};
use super::labels::StudyLabels;
use super::listing::photographs;
use crate::domain::{ResultRow, Study, StudyModel, Task, natural_order};
use crate::evaluation::Covariate;
use crate::evaluation::performance::LeftOut;
use crate::evaluation::supplement::{
    Attenuation, Columns, ImputeError, MOST_COLUMNS, SupplementReport, SupplementedPerson,
    calibrate, impute,
};
use crate::export::aggregate::aggregate;
use crate::export::supplement::{document, imputed, persons};
use crate::export::{csv, json};
use crate::progress::Cancel;
use crate::storage::atomic;
use crate::storage::study as stored;
use crate::text::failures::StudyFault;
use crate::workflow::Error;

/// What is supplied, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementRequest {
    /// A model of the study with two labels; the first of them if `None`.
    pub model: Option<String>,
    /// Column of the table with the outcome that the label is to be related to; without one nothing is drawn.
    pub outcome: Option<String>,
    /// Columns of the table that enter the draws besides.
    pub covariates: Vec<String>,
    pub imputations: usize,
    pub seed: u64,
    /// Also state the label at the operating threshold.
    pub with_hard_labels: bool,
}

/// Columns of the tables that no column of the study may replace.
const OWN_COLUMNS: [&str; 10] = [
    "person",
    "sex",
    "label",
    ".imp",
    ".id",
    "_mi_m",
    "_mi_id",
    "_mi_miss",
    "imputation_",
    "research_only",
];

/// The name under which the recorded age may be named as a column.
const AGE: &str = "age";

/// Supplements a study. Nothing is computed that a run would compute.
///
/// # Errors
/// There is no study, it has no labels, model or column of the name, its labels do not calibrate the model, missing labels
/// cannot be drawn, or it was cancelled.
pub fn supplement(
    path: &Path,
    request: &SupplementRequest,
    cancel: &Cancel,
) -> Result<SupplementReport, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: crate::storage::file_name(path),
    })?;
    let (study, _) = stored::load(&folder)?;
    let (place, model) = chosen(&study, request.model.as_deref())?;
    let labels: &[String; 2] = two_labels(model).ok_or(StudyFault::NoSuchModel { id: None })?;
    let listing = photographs(&folder, &study, cancel)?;
    let recorded = recorded(&folder, &study, &listing, cancel)?;
    let rows = resolved_rows(&folder, &study, &listing, &recorded, cancel)?;
    let answered = |index: usize| rows[index].get(place);
    let card = &model.card;
    let all = photographed(
        &listing,
        &answered,
        &recorded,
        card,
        is_labelled(&study, card),
    );
    let groups = grouped(&all);
    let persons: Vec<SupplementedPerson> = groups
        .iter()
        .map(|(name, members)| person(name, members, &all))
        .collect();
    let is_case =
        |person: &SupplementedPerson| person.answer.is_some() && person.left_out.is_none();
    let cases: Vec<usize> = (0..persons.len())
        .filter(|&at| is_case(&persons[at]))
        .collect();
    let answers = cases.iter().filter_map(|&at| persons[at].answer);
    let (scores, logits): (Vec<f64>, Vec<f64>) = answers.unzip();
    let known: Vec<Option<bool>> = cases.iter().map(|&at| persons[at].recorded).collect();
    let calibration = calibrate(&logits, &known, request.seed)
        .map_err(|why| StudyFault::NoCalibration { why })?;
    let threshold = card.threshold.unwrap_or(0.5);
    let members: Vec<&Vec<usize>> = groups.iter().map(|(_, members)| members).collect();
    let names = request.outcome.iter().chain(&request.covariates);
    let columns = columns(names, &members, &recorded)?;
    let of_cases = Columns {
        names: columns.names.clone(),
        values: columns
            .values
            .iter()
            .map(|column| cases.iter().map(|&at| column[at]).collect())
            .collect(),
    };
    let imputations = match &request.outcome {
        None => None,
        Some(_) => Some(
            impute(
                &logits,
                &known,
                &of_cases,
                request.imputations,
                request.seed,
                cancel,
            )
            .map_err(refusal)?,
        ),
    };
    Ok(SupplementReport {
        model: model.id.clone(),
        sha256: model.sha256.clone(),
        is_demonstration: card.demonstration,
        is_unconfirmed: !card.is_confirmed(),
        is_of_sex: card.task == Task::Sex,
        labels: labels.clone(),
        threshold,
        attenuation: Attenuation::of(&scores, &known, threshold),
        persons,
        cases,
        calibration,
        outcome: request.outcome.clone(),
        columns,
        imputations,
        seed: request.seed,
        with_hard_labels: request.with_hard_labels,
    })
}

fn refusal(why: ImputeError) -> Error {
    match why {
        ImputeError::Cancelled => crate::progress::Cancelled.into(),
        why => StudyFault::NoDraws { why }.into(),
    }
}

fn two_labels(model: &StudyModel) -> Option<&[String; 2]> {
    model.card.labels.as_slice().try_into().ok()
}

/// A model of the study with two labels, and its place.
fn chosen<'a>(study: &'a Study, id: Option<&str>) -> Result<(usize, &'a StudyModel), StudyFault> {
    let is_it =
        |model: &StudyModel| two_labels(model).is_some() && id.is_none_or(|id| id == model.id);
    let mut models = study.models.iter().enumerate();
    models
        .find(|(_, model)| is_it(model))
        .ok_or_else(|| StudyFault::NoSuchModel {
            id: id.map(str::to_owned),
        })
}

/// The photographs of each person, in the order of the photographs; one of an unknown person is a person by itself.
fn grouped(photographs: &[Photographed]) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<(bool, &str), usize> = HashMap::new();
    for (index, photograph) in photographs.iter().enumerate() {
        let (is_known, name) = match &photograph.person {
            Some(person) => (true, person.as_str()),
            None => (false, photograph.name),
        };
        let place = *places.entry((is_known, name)).or_insert_with(|| {
            groups.push((name.to_owned(), Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(index);
    }
    groups
}

fn person(name: &str, members: &[usize], all: &[Photographed]) -> SupplementedPerson {
    let truths: Vec<Truth> = members.iter().filter_map(|&at| all[at].truth).collect();
    let recorded = truths.first().and_then(|truth| match truth {
        Truth::Label(label) => Some(*label),
        Truth::Number(_) => None,
    });
    let contradicts = truths.iter().any(|truth| *truth != truths[0]);
    let rows = || members.iter().filter_map(|&at| all[at].row);
    let counted: Vec<&ResultRow> = rows().filter(|row| row.subject.counts()).collect();
    let answer = aggregate(counted.iter().copied());
    let excluded = || rows().find_map(|row| row.subject.reasons().first().copied());
    let left_out = match (&answer, contradicts) {
        (_, true) => Some(LeftOut::Contradicting),
        (None, _) => Some(excluded().map_or(LeftOut::NoAnswer, LeftOut::Excluded)),
        (Some(_), false) => None,
    };
    let grades = counted
        .iter()
        .filter_map(|row| row.applicability()?.overall());
    SupplementedPerson {
        name: name.to_owned(),
        is_known: all[members[0]].person.is_some(),
        photographs: answer.as_ref().map_or(0, |answer| answer.images),
        recorded: recorded.filter(|_| !contradicts),
        answer: answer.and_then(|answer| answer.score.zip(answer.logit)),
        applicability: grades.max(),
        left_out,
    }
}

/// The columns of these names for cases with these photographs. A case whose photographs have different values states
/// none.
fn columns<'a>(
    names: impl Iterator<Item = &'a String>,
    cases: &[&Vec<usize>],
    recorded: &StudyLabels,
) -> Result<Columns, Error> {
    let mut columns = Columns::default();
    for name in names {
        let of_photographs = values(name, recorded)?;
        let single = |members: &&Vec<usize>| {
            let mut stated = members
                .iter()
                .map(|&at| &of_photographs[at])
                .filter(|cell| **cell != Covariate::Missing);
            let first = stated.next()?;
            stated.all(|cell| cell == first).then_some(first)
        };
        let cells: Vec<Option<&Covariate>> = cases.iter().map(single).collect();
        let own = OWN_COLUMNS.iter().any(|own| own.eq_ignore_ascii_case(name));
        let name = if own {
            format!("table {name}")
        } else {
            name.clone()
        };
        push(&mut columns, &name, &cells);
        if columns.names.len() > MOST_COLUMNS {
            let why = ImputeError::TooManyColumns(columns.names.len());
            return Err(StudyFault::NoDraws { why }.into());
        }
    }
    Ok(columns)
}

/// The cells of a column for each photograph.
fn values(name: &str, recorded: &StudyLabels) -> Result<Vec<Covariate>, StudyFault> {
    let photographs = || recorded.photographs.iter();
    let has_ages = photographs()
        .flatten()
        .any(|labelled| age_of(labelled).is_some());
    let others = if has_ages { &[AGE][..] } else { &[] };
    match cells(name, recorded, others) {
        Ok(cells) => {
            let stated = |cell: Option<&Covariate>| cell.cloned().unwrap_or(Covariate::Missing);
            Ok(cells.into_iter().map(stated).collect())
        }
        Err(_) if name == AGE && has_ages => {
            let age = |labelled: &Option<_>| labelled.as_ref().and_then(age_of);
            Ok(photographs()
                .map(|labelled| age(labelled).map_or(Covariate::Missing, Covariate::Number))
                .collect())
        }
        Err(fault) => Err(fault),
    }
}

/// Adds a column of numbers, or one for each further value of a column of words.
fn push(columns: &mut Columns, name: &str, cells: &[Option<&Covariate>]) {
    let number = |cell: &Option<&Covariate>| match cell {
        Some(Covariate::Number(number)) => Some(*number),
        _ => None,
    };
    let word = |cell: &&Covariate| match cell {
        Covariate::Text(text) => Some(text.clone()),
        Covariate::Number(number) => Some(number.to_string()),
        Covariate::Missing => None,
    };
    let is_text = |cell: &&&Covariate| matches!(cell, Covariate::Text(_));
    if cells.iter().flatten().find(|cell| is_text(cell)).is_none() {
        columns.names.push(name.to_owned());
        columns.values.push(cells.iter().map(number).collect());
        return;
    }
    let words: Vec<Option<String>> = cells
        .iter()
        .map(|cell| word(&cell.as_ref().copied()?))
        .collect();
    let mut different: Vec<&String> = words.iter().flatten().collect();
    different.sort_unstable_by(|a, b| natural_order(a, b));
    different.dedup();
    for value in different.iter().skip(1).take(MOST_COLUMNS + 1) {
        let is_it = |word: &Option<String>| Some(f64::from(u8::from(word.as_ref()? == *value)));
        columns.names.push(format!("{name} = {value}"));
        columns.values.push(words.iter().map(is_it).collect());
    }
}

/// Writes `supplement.csv` (a row for each person), `supplement.json`, and the drawn labels as `imputed.mice.csv`,
/// `imputed.stata.csv` and `imputed.spss.csv`, which are empty if none were drawn. Returns the names of the files.
///
/// # Errors
/// The folder cannot be written to, or it was cancelled; files written so far stay.
pub fn write(
    report: &SupplementReport,
    folder: &Path,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    atomic::prepare(folder)?;
    let mut files = vec![("supplement.csv".to_owned(), csv::of_rows(&persons(report)))];
    for (form, rows) in imputed(report) {
        files.push((format!("imputed.{form}.csv"), csv::of_rows(&rows)));
    }
    let text = json::text(&document(report));
    files.push(("supplement.json".to_owned(), text.into_bytes()));
    for (name, bytes) in &files {
        cancel.check()?;
        atomic::write(&folder.join(name), bytes)?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}
