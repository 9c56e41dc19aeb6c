//! How far a study is, without opening a model. It is read while others run it.

use std::path::Path;

use serde::Serialize;

use super::answers;
use super::labelling::{LabelStatus, label_status};
use super::listing::{Listing, photographs};
use super::models::{ModelState, model_states};
use crate::domain::Study;
use crate::imaging::Limits;
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Progress};
use crate::storage::study::{self as stored, FileStamp};
use crate::storage::{file_name, read};
use crate::text::failures::StudyFault;
use crate::workflow::batch::{AnswerState, StudyAnswers};
use crate::workflow::{Context, Error};

/// How far a study is. Each photograph is answered, failed, changed, missing or open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StudyStatus {
    /// Name of the study's folder.
    pub folder: String,
    pub photographs: usize,
    /// With an answer of every model, also one that found no fundus photograph.
    pub answered: usize,
    /// Whose last attempt failed, and why.
    pub failed: Vec<Failed>,
    /// Photographs whose file is another one than was answered.
    pub changed: Vec<String>,
    /// Photographs that are not found.
    pub missing: Vec<String>,
    /// Without an answer of some model.
    pub open: usize,
    /// How many photographs were added since the last run.
    pub added: usize,
    /// Inputs that are not found, as the study refers to them; their photographs are missing.
    pub moved: Vec<String>,
    pub models: Vec<ModelStatus>,
    /// `None` if the study has no table of labels.
    pub labels: Option<LabelStatus>,
}

/// A photograph whose last attempt failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    pub image: String,
    pub error: String,
}

/// A model of a study, and whether the library has it as the study has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelStatus {
    pub id: String,
    pub state: ModelState,
}

/// The status of the study in a folder, given by itself or by the study file. Progress counts photographs.
///
/// # Errors
/// There is no study, its file is damaged or of a newer version, a journal cannot be read, or it was cancelled.
pub fn status(
    ctx: &Context,
    path: &Path,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<StudyStatus, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: file_name(path),
    })?;
    let (study, _) = stored::load(&folder)?;
    status_of(ctx, &folder, &study, cancel, progress)
}

/// As [`status`], of a study that is open.
pub fn status_of(
    ctx: &Context,
    folder: &Path,
    study: &Study,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<StudyStatus, Error> {
    let listing = photographs(folder, study, cancel)?;
    let answers = answers::read(folder, study)?;
    let models = model_states(ctx, study).into_iter();
    let mut status = StudyStatus {
        folder: file_name(folder),
        photographs: listing.scan.found.len(),
        answered: 0,
        failed: Vec::new(),
        changed: Vec::new(),
        missing: Vec::new(),
        open: 0,
        added: listing.added,
        moved: listing.moved.clone(),
        models: models
            .map(|(id, state)| ModelStatus { id, state })
            .collect(),
        labels: label_status(folder, study, &listing)?,
    };
    let names = listing.scan.found.iter().map(|found| found.name.as_str());
    let has_others = answers.has_others(names);
    progress.start(listing.scan.found.len() as u64);
    for (index, found) in listing.scan.found.iter().enumerate() {
        cancel.check()?;
        let image = || found.name.clone();
        match state(&answers, has_others, &listing, index) {
            State::Answered => status.answered += 1,
            State::Changed => status.changed.push(image()),
            State::Missing => status.missing.push(image()),
            State::Open => status.open += 1,
            State::Failed(error) => status.failed.push(Failed {
                image: image(),
                error: error.to_owned(),
            }),
        }
        progress.advance();
    }
    Ok(status)
}

enum State<'a> {
    Answered,
    Changed,
    Missing,
    Open,
    Failed(&'a str),
}

/// `has_others`: some answers are of photographs that now have other names.
fn state<'a>(
    answers: &'a StudyAnswers,
    has_others: bool,
    listing: &Listing,
    index: usize,
) -> State<'a> {
    let found = &listing.scan.found[index];
    let stamp = FileStamp::of(&found.path);
    if listing.is_missing(index) || stamp.is_none() {
        return State::Missing;
    }
    let sum = || {
        let bytes = read::file(&found.path, Limits::default().file_bytes);
        bytes.map_or_else(|_| String::new(), |bytes| sha256(&bytes))
    };
    match answers.state(&found.name, stamp) {
        AnswerState::Answered => State::Answered,
        AnswerState::Failed(error) => State::Failed(error),
        AnswerState::Unanswered if has_others && answers.has_answered(&sum()) => State::Answered,
        AnswerState::Unanswered => State::Open,
        // It may have been copied, which changes its time alone.
        AnswerState::Written if answers.has_answered_as(&found.name, &sum()) => State::Answered,
        AnswerState::Written => State::Changed,
    }
}
