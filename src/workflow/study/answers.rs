//! What a study has answered, without running it.

use std::path::Path;

use super::listing::Listing;
use super::run::batch_options;
use crate::domain::{ResultRow, Study};
use crate::storage::study::FileStamp;
use crate::workflow::Error;
use crate::workflow::batch::{AnswerState, StudyAnswers};

/// The rows of photographs that every model of the study has answered and whose files are unchanged, by their index in
/// the listing; one row for each model, without what only a whole run shows (persons, duplicates).
///
/// # Errors
/// A journal cannot be read.
pub fn answers(
    folder: &Path,
    study: &Study,
    listing: &Listing,
) -> Result<Vec<(usize, Vec<ResultRow>)>, Error> {
    let answers = read(folder, study)?;
    let found = listing.scan.found.iter().enumerate();
    let answered = found.filter_map(|(index, found)| {
        let state = answers.state(&found.name, FileStamp::of(&found.path));
        let rows = answers.rows(&found.name);
        rows.filter(|_| state == AnswerState::Answered)
            .map(|rows| (index, rows))
    });
    Ok(answered.collect())
}

/// What the journals hold for the models and settings of a study.
pub(super) fn read(folder: &Path, study: &Study) -> Result<StudyAnswers, Error> {
    let cards: Vec<_> = study.models.iter().map(|m| m.card.clone().into()).collect();
    StudyAnswers::read(folder, &batch_options(&study.settings), &cards)
}
