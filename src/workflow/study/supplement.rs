//! Supplies the label of persons for whom a study records none: see [`crate::evaluation::supplement`].

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::answers::source;
use super::columns::{age_of, cells};
use super::known::{Photographed, Truth, is_labelled, photographed, recorded, resolved_rows};
use super::labels::StudyLabels;
use super::listing::photographs;
use crate::domain::{ResultRow, Study, StudyModel, Task};
use crate::evaluation::Covariate;
use crate::evaluation::performance::LeftOut;
use crate::evaluation::supplement::{
    Attenuation, CalibrateError, Columns, ImputeError, Stated, SupplementReport,
    SupplementedPerson, calibrate, impute,
};
use crate::export::aggregate::aggregate;
use crate::export::supplement::{IMPUTED_FORMS, document, imputed, persons};
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
const OWN_COLUMNS: [&str; 11] = [
    "id",
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
    let not_calibrated = |why| StudyFault::NoCalibration { why };
    if persons.iter().all(|person| person.answer.is_none()) {
        return Err(not_calibrated(CalibrateError::NotRun).into());
    }
    if !is_labelled(&study, card) {
        return Err(not_calibrated(CalibrateError::OtherLabels).into());
    }
    let calibration = calibrate(&logits, &known, request.seed).map_err(not_calibrated)?;
    let threshold = card.threshold.unwrap_or(0.5);
    let members: Vec<&Vec<usize>> = groups.iter().map(|(_, members)| members).collect();
    let names = request.outcome.iter().chain(&request.covariates);
    let mut labelled = vec![false; persons.len()];
    for (&at, label) in cases.iter().zip(&known) {
        labelled[at] = label.is_some();
    }
    let columns = columns(names, &members, &recorded)?;
    let columns = Columns::of(&columns, &labelled).map_err(refusal)?;
    let of_cases = columns.chosen(&cases);
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
        of_other_source: all.iter().filter(|of| of.is_of_other_source).count(),
        calibration,
        outcome: request.outcome.clone(),
        columns,
        imputations,
        seed: request.seed,
        with_hard_labels: request.with_hard_labels,
        is_masked: false,
        source: Arc::new(source(&folder, &study, &listing, cancel)?),
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
    let is_otherwise = members.iter().any(|&at| all[at].is_otherwise);
    let contradicts = truths.iter().any(|truth| *truth != truths[0]);
    let contradicts = contradicts || (is_otherwise && !truths.is_empty());
    let rows = || members.iter().filter_map(|&at| all[at].row);
    let counted: Vec<&ResultRow> = rows().filter(|row| row.subject.counts()).collect();
    let answer = aggregate(counted.iter().copied());
    let excluded = || rows().find_map(|row| row.subject.reasons().first().copied());
    let left_out = match (&answer, contradicts) {
        (_, true) => Some(LeftOut::Contradicting),
        _ if is_otherwise => Some(LeftOut::NeitherLabel),
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

/// The columns of these names for persons with these photographs.
fn columns<'a>(
    names: impl Iterator<Item = &'a String>,
    persons: &[&Vec<usize>],
    recorded: &StudyLabels,
) -> Result<Vec<(String, Vec<Stated>)>, StudyFault> {
    let column = |name: &String| {
        let of_photographs = values(name, recorded)?;
        let stated = |members: &&Vec<usize>| {
            let mut stated = members
                .iter()
                .map(|&at| &of_photographs[at])
                .filter(|cell| **cell != Covariate::Missing);
            let first = stated.next();
            match first {
                _ if stated.any(|cell| Some(cell) != first) => Stated::Several,
                Some(Covariate::Number(number)) => Stated::Number(*number),
                Some(Covariate::Text(word)) => Stated::Word(word.clone()),
                Some(Covariate::Missing) | None => Stated::Nothing,
            }
        };
        let own = OWN_COLUMNS.iter().any(|own| own.eq_ignore_ascii_case(name));
        let called = match own {
            true => format!("table {name}"),
            false => name.clone(),
        };
        Ok((called, persons.iter().map(stated).collect()))
    };
    names.map(column).collect()
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
    let table = ("supplement.csv".to_owned(), csv::of_rows(&persons(report)));
    let text = json::text(&document(report));
    let document = ("supplement.json".to_owned(), text.into_bytes());
    let mut names = Vec::new();
    for (name, bytes) in [table, document] {
        cancel.check()?;
        atomic::write(&folder.join(&name), &bytes)?;
        names.push(name);
    }
    for form in &IMPUTED_FORMS {
        let name = format!("imputed.{}.csv", form.name);
        let lines = imputed(report, form).map(|line| -> Result<String, Error> {
            cancel.check()?;
            Ok(line)
        });
        atomic::write_lines(&folder.join(&name), lines)?;
        names.push(name);
    }
    Ok(names)
}
