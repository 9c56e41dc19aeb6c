//! How the table of labels of a study is confirmed, and what it says of the photographs.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::columns::age_of;
use super::labels::{
    LabelRequest, Proposal, StudyLabels, desired_values, is_changed, propose, read,
};
use super::{Listing, OpenStudy, save};
use crate::domain::{LabelMapping, Laterality, Role, Study};
use crate::evaluation::{Answers, RecordedValue};
use crate::imaging::laterality_from_name;
use crate::storage::study as stored;
use crate::storage::{file_name, is_file, whole};
use crate::text::failures::StudyFault;
use crate::workflow::Error;

/// Whether the table of labels is the one that was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelState {
    Same,
    /// It must be confirmed again.
    Changed,
    Missing,
}

/// What the table of labels says of a study's photographs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelStatus {
    /// The table as the study refers to it.
    pub table: String,
    pub state: LabelState,
    /// Photographs with a row; 0 if the table is another one.
    pub with_row: usize,
    pub without_row: usize,
    /// Rows without a photograph.
    pub without_photograph: usize,
    /// Names that match more than once, or whose rows contradict each other.
    pub ambiguous: usize,
    /// Rows and cells that cannot be read.
    pub unreadable: usize,
}

/// A photograph and what its row says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelMatch {
    pub image: String,
    /// Line of the table, from 1.
    pub line: usize,
    /// By role.
    pub values: Vec<(&'static str, String)>,
}

impl LabelMatch {
    /// The first photographs with a row, at most `most`.
    pub fn first(labels: &StudyLabels, listing: &Listing, most: usize) -> Vec<Self> {
        let found = labels.photographs.iter().zip(&listing.scan.found);
        let found = found.filter_map(|(labelled, found)| {
            let labelled = labelled.as_ref()?;
            let value = |value: &RecordedValue| match value {
                RecordedValue::Label(label) => label.clone(),
                RecordedValue::Number(number) => number.to_string(),
            };
            let values = labelled.values.iter();
            let values = values.map(|(role, recorded, _)| (role.as_str(), value(recorded)));
            let person = labelled
                .person
                .clone()
                .map(|name| (Role::Person.as_str(), name));
            Some(Self {
                image: found.name.clone(),
                line: labelled.line?,
                values: values.chain(person).collect(),
            })
        });
        found.take(most).collect()
    }
}

/// Proposes how a table labels the photographs of a study, under the answers so far.
///
/// # Errors
/// The table cannot be read, or no photograph has a row. A question that is open is no error.
pub fn propose_labels(
    study: &Study,
    listing: &Listing,
    table: &Path,
    answers: &Answers,
) -> Result<Proposal, Error> {
    with_request(study, listing, |request| propose(table, request, answers))
}

/// Keeps how a table is read in the study.
///
/// # Errors
/// As [`save`], and for a path that is not text.
pub fn confirm_labels(
    open: &mut OpenStudy,
    table: &Path,
    mapping: LabelMapping,
) -> Result<(), Error> {
    let table = whole(table);
    let name = file_name(&table);
    let reference = stored::reference(open.folder(), &table);
    let labels = LabelMapping {
        table: reference.ok_or(StudyFault::NotText { name })?,
        ..mapping
    };
    let study = Study {
        labels: Some(labels),
        ..open.study().clone()
    };
    save(open, study)
}

/// The labels of a study's photographs, in the order of the listing; `None` if the study has no table.
///
/// # Errors
/// The table is missing, or another one than was confirmed.
pub fn study_labels(
    folder: &Path,
    study: &Study,
    listing: &Listing,
) -> Result<Option<StudyLabels>, Error> {
    let Some(mapping) = &study.labels else {
        return Ok(None);
    };
    let table = table_of(folder, mapping);
    let labels = with_request(study, listing, |request| read(mapping, &table, request))?;
    Ok(Some(labels))
}

/// The recorded age of each photograph, in years.
pub fn recorded_ages(labels: &StudyLabels) -> Vec<Option<f64>> {
    let of = labels.photographs.iter();
    of.map(|labelled| age_of(labelled.as_ref()?)).collect()
}

/// # Errors
/// The table is the one that was confirmed, and still cannot be read.
pub fn label_status(
    folder: &Path,
    study: &Study,
    listing: &Listing,
) -> Result<Option<LabelStatus>, Error> {
    let Some(mapping) = &study.labels else {
        return Ok(None);
    };
    let table = table_of(folder, mapping);
    let state = match is_file(&table) {
        false => LabelState::Missing,
        true if is_changed(mapping, &table) => LabelState::Changed,
        true => LabelState::Same,
    };
    let labels = match state {
        LabelState::Same => study_labels(folder, study, listing)?.unwrap_or_default(),
        LabelState::Changed | LabelState::Missing => StudyLabels::default(),
    };
    Ok(Some(LabelStatus {
        table: mapping.table.clone(),
        state,
        with_row: labels.matched(),
        without_row: labels.lists.without_row.len(),
        without_photograph: labels.lists.without_photograph.len(),
        ambiguous: labels.lists.ambiguous.len(),
        unreadable: labels.lists.unreadable.len(),
    }))
}

fn table_of(folder: &Path, mapping: &LabelMapping) -> PathBuf {
    stored::resolved(folder, &mapping.table)
}

fn with_request<T>(study: &Study, listing: &Listing, act: impl FnOnce(&LabelRequest) -> T) -> T {
    let found = &listing.scan.found;
    let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
    let eyes: Vec<Laterality> = found
        .iter()
        .map(|found| laterality_from_name(&file_name(&found.path)))
        .collect();
    let cards: Vec<_> = study.models.iter().map(|model| &model.card).collect();
    act(&LabelRequest {
        photographs: &names,
        eyes: &eyes,
        values: &desired_values(&cards),
        masked: false,
    })
}
