//! What a study has answered, without running it.

use std::path::Path;

use super::listing::Listing;
use super::run::batch_options;
use crate::domain::replay::{ReplaySource, ReplayedAnswer};
use crate::domain::{ResultRow, Study};
use crate::export::row;
use crate::numeric::hex::sha256;
use crate::progress::Cancel;
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
    Ok(counting(&answers, listing).collect())
}

/// Of each photograph whose file is unchanged its index and the answers.
fn counting<'a>(
    answers: &'a StudyAnswers,
    listing: &'a Listing,
) -> impl Iterator<Item = (usize, Vec<ResultRow>)> + 'a {
    let found = listing.scan.found.iter().enumerate();
    found.filter_map(|(index, found)| {
        let state = answers.state(&found.name, FileStamp::of(&found.path));
        let rows = answers.rows(&found.name);
        rows.filter(|_| state == AnswerState::Answered)
            .map(|rows| (index, rows))
    })
}

/// What is needed to make an export of these answers again.
///
/// # Errors
/// A journal cannot be read, or it was cancelled.
pub(super) fn source(
    folder: &Path,
    study: &Study,
    listing: &Listing,
    cancel: &Cancel,
) -> Result<ReplaySource, Error> {
    let answers = read(folder, study)?;
    let mut replayed = Vec::new();
    for (index, rows) in counting(&answers, listing) {
        cancel.check()?;
        let processors = answers.processors(&listing.scan.found[index].name);
        let pairs = rows.iter().zip(processors);
        replayed.extend(pairs.map(|(row, processor)| answer(row, &processor)));
    }
    let found = listing.scan.found.iter();
    Ok(ReplaySource {
        study: study.clone(),
        photographs: found.map(|found| found.name.clone()).collect(),
        answers: replayed,
    })
}

fn answer(case: &ResultRow, processor: &str) -> ReplayedAnswer {
    let used = case.used.as_ref();
    ReplayedAnswer {
        image: case.image.clone(),
        model: case.card.id.clone(),
        file: case.sha256.clone(),
        row: sha256(row::comparable(case)),
        number: case.number(),
        label: case.label.clone(),
        engine: used.map_or_else(String::new, |used| {
            format!("{} {}: {}", used.engine, used.version, used.provider)
        }),
        processor: processor.to_owned(),
    }
}

/// What the journals hold for the models and settings of a study.
pub(super) fn read(folder: &Path, study: &Study) -> Result<StudyAnswers, Error> {
    let cards: Vec<_> = study.models.iter().map(|m| m.card.clone().into()).collect();
    StudyAnswers::read(folder, &batch_options(&study.settings), &cards)
}
