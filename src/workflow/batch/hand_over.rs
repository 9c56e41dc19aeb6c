//! Answers that the window has when its list becomes a study: they are written into the study's journal, so that a run
//! computes none of them again.

use std::path::Path;
use std::sync::Arc;

use super::BatchOptions;
use super::message::OpenedModel;
use super::plan::Plan;
use super::run_journal::{RunIdentity, RunJournal, is_whole};
use super::work::write_map;
use crate::domain::{EyeSource, FindingCode, FundusImage, ResultRow};
use crate::export::subjects::{ResolvedSubject, write_into};
use crate::imaging::{self, Geometry, Limits};
use crate::jobs::{ReadAhead, read_ahead};
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Progress};
use crate::saliency::SaliencyMap;
use crate::storage::read;
use crate::storage::study::FileStamp;
use crate::workflow::Error;

/// An answer with the map that every run computes.
#[derive(Clone, Debug)]
pub struct KnownAnswer {
    pub row: ResultRow,
    pub map: Option<SaliencyMap>,
    pub geometry: Geometry,
}

/// What was taken over of one photograph.
struct Taken {
    index: usize,
    stamp: Option<FileStamp>,
    rows: Vec<ResultRow>,
}

/// Writes answers into the journal of a study in `folder`, given by the index of their photograph, with the overlays that
/// a run would write. Returns the photographs and the models whose answers are as a run with these options would give
/// them; the others are left to the run. Progress counts photographs.
///
/// # Errors
/// The journal cannot be written, or it was cancelled; then what was written counts.
pub(in crate::workflow) fn hand_over(
    folder: &Path,
    options: &BatchOptions,
    answers: Vec<(usize, Vec<KnownAnswer>)>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<(usize, Vec<String>)>, Error> {
    let plan = Plan::of(options, cancel)?;
    let mut journal = None;
    let mut handed = Vec::new();
    progress.start(answers.len() as u64);
    let work = |(index, answers): (usize, Vec<KnownAnswer>)| {
        let found = &plan.photographs[index];
        let answers = answers.into_iter().map(|mut answer| {
            answer.row.image.clone_from(&found.name);
            answer
        });
        taken(
            folder,
            options,
            &plan.stems[index],
            &found.path,
            answers.collect(),
        )
        .map(|(stamp, rows)| Taken { index, stamp, rows })
    };
    read_ahead(answers, ReadAhead::large_items(), cancel, work, |done| {
        progress.advance();
        let Some(Taken { index, stamp, rows }) = done.ok().flatten() else {
            return Ok(());
        };
        let mut models = Vec::new();
        for row in &rows {
            let engine = row.used.clone();
            models.extend(engine.map(|engine| OpenedModel {
                card: Arc::clone(&row.card),
                engine,
            }));
        }
        let ids = rows.iter().map(|row| row.card.id.clone()).collect();
        // One run for each set of models and engines.
        let known = journal.take_if(|(of, _): &mut (Vec<OpenedModel>, RunJournal)| *of == models);
        let (models, mut writer) = match known {
            Some(known) => known,
            None => {
                let before = journal.take().map(|(_, before)| before);
                before.map_or(Ok(()), RunJournal::keep)?;
                let identity = RunIdentity::of_study(options, models.clone());
                (models, RunJournal::begin_of_hand_over(folder, identity)?)
            }
        };
        let name = plan.own_names[index].clone();
        writer.answered_in_study(name, stamp, rows)?;
        journal = Some((models, writer));
        handed.push((index, ids));
        Ok::<(), Error>(())
    })?;
    journal.map_or(Ok(()), |(_, journal)| journal.keep())?;
    Ok(handed)
}

/// The rows of one photograph that a run would give too, with their overlays written.
fn taken(
    folder: &Path,
    options: &BatchOptions,
    stem: &str,
    path: &Path,
    answers: Vec<KnownAnswer>,
) -> Option<(Option<FileStamp>, Vec<ResultRow>)> {
    let mut answers: Vec<KnownAnswer> = answers
        .into_iter()
        .filter(|answer| is_as_of_run(answer, options))
        .collect();
    // In the order of the tables.
    let place = |answer: &KnownAnswer| {
        options
            .models
            .iter()
            .position(|id| *id == answer.row.card.id)
    };
    answers.retain(|answer| place(answer).is_some());
    answers.sort_by_key(place);
    if answers.is_empty() {
        return None;
    }
    let stamp = FileStamp::of(path);
    let bytes = read::file(path, Limits::default().file_bytes).ok()?;
    let sum = sha256(&bytes);
    answers.retain(|answer| answer.row.sha256.as_ref() == Some(&sum));
    let name = crate::storage::file_name(path);
    let photograph = match options.saliency {
        true => Some(imaging::open(&bytes, &name, &options.open).ok()?),
        false => None,
    };
    let rows = answers.into_iter();
    let rows =
        rows.filter_map(|answer| row_of_run(answer, folder, options, stem, photograph.as_ref()));
    let rows: Vec<ResultRow> = rows.collect();
    (!rows.is_empty()).then_some((stamp, rows))
}

/// Whether a run would read the photograph in the same way: with the same eye and frame, and without a statement of the
/// user about this photograph alone.
fn is_as_of_run(answer: &KnownAnswer, options: &BatchOptions) -> bool {
    let row = &answer.row;
    let lacks = |code| row.findings.iter().all(|f| f.code != code);
    let has_eye = match options.open.eye {
        Some(eye) => row.eye == eye && row.eye_source == EyeSource::User,
        None => row.eye_source != EyeSource::User,
    };
    is_whole(row)
        && has_eye
        && options.open.frame.is_none()
        && row.covered.is_none()
        && row.used.is_some()
        && (options.open.accept_any_picture || lacks(FindingCode::NotAFundusAccepted))
}

/// The row as a run writes it: what depends on the whole list is determined by the study's own run.
fn row_of_run(
    answer: KnownAnswer,
    folder: &Path,
    options: &BatchOptions,
    stem: &str,
    photograph: Option<&FundusImage>,
) -> Option<ResultRow> {
    let KnownAnswer {
        mut row,
        map,
        geometry,
    } = answer;
    write_into(&mut row, &ResolvedSubject::default());
    let of_list = [FindingCode::ModelsDisagree, FindingCode::ValueScaleSuspect];
    row.findings.retain(|f| !of_list.contains(&f.code));
    row.regions = None;
    row.files = Vec::new();
    match photograph {
        None => row.saliency = None,
        Some(photograph) => {
            let id = &row.card.id;
            let written = write_map(
                photograph,
                &map?,
                &geometry,
                id,
                folder,
                stem,
                options.drawing(),
            );
            row.files.push(written.ok()?);
        }
    }
    Some(row)
}
