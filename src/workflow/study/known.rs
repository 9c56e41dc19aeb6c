//! What a study knows about each of its photographs: the answers of a model, what is recorded, and whose it is.

use std::path::Path;

use super::answers;
use super::labelling::{recorded_ages, study_labels};
use super::labels::{Labelled, StudyLabels, labelled_model, stated_record};
use super::listing::Listing;
use super::run::pattern_of;
use crate::domain::{Head, Laterality, ModelCard, ResultRow, Role, Study, Task};
use crate::evaluation::{RecordedValue, output_of};
use crate::export::subjects::{NamingRule, resolve_rows};
use crate::imaging;
use crate::progress::Cancel;
use crate::storage::read;
use crate::text::failures::StudyFault;
use crate::workflow::batch::known_subjects;
use crate::workflow::{Error, Source};

/// What a model is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Truth {
    /// True for the label of output 1.
    Label(bool),
    /// Years, or another number.
    Number(f64),
}

/// A photograph of the study, with what one model answered and what is recorded about it.
#[derive(Clone, Debug)]
pub(super) struct Photographed<'a> {
    pub name: &'a str,
    pub row: Option<&'a ResultRow>,
    pub truth: Option<Truth>,
    /// Stated by the table, else by the photographs.
    pub person: Option<String>,
    pub eye: Laterality,
}

/// The rows of every photograph, one for each model, with persons, recorded ages and duplicates; none for photographs without an answer.
pub(super) fn resolved_rows(
    folder: &Path,
    study: &Study,
    listing: &Listing,
    recorded: &StudyLabels,
    cancel: &Cancel,
) -> Result<Vec<Vec<ResultRow>>, Error> {
    let pattern = pattern_of(&study.settings)?;
    let (mut subjects, _) = known_subjects(&listing.scan, pattern.as_ref());
    for (subject, age) in subjects.iter_mut().zip(recorded_ages(recorded)) {
        subject.age = age;
    }
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
pub(super) fn recorded(
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

/// The photographs of a listing for one model: its answers, and what is recorded for its task.
pub(super) fn photographed<'a>(
    listing: &'a Listing,
    answered: &impl Fn(usize) -> Option<&'a ResultRow>,
    recorded: &StudyLabels,
    card: &ModelCard,
    is_labelled: bool,
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
                .filter(|_| is_labelled)
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
pub(super) fn is_labelled(study: &Study, card: &ModelCard) -> bool {
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
