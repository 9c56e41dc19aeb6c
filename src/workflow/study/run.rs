//! Runs a study: what has no answer yet is computed, and the tables are written into its folder.

use std::collections::BTreeSet;

use super::{Listing, OpenStudy, models, photographs, recorded_ages, save, study_labels};
use crate::domain::{Shard, Study, StudySettings};
use crate::export::overlay_format::OverlayFormat;
use crate::imaging::overlay::OverlayOptions;
use crate::imaging::{NamePattern, OpenOptions, PatternFault};
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::Device;
use crate::text::failures::StudyFault;
use crate::workflow::batch::{
    self, BatchOptions, KnownAnswer, Outcome, PartialRun, RunEvent, StudyRun, batch,
};
use crate::workflow::{Context, Error, PartialResults};

/// How a study is run. What its answers depend on is in the study itself.
#[derive(Clone, Debug, Default)]
pub struct StudyRunOptions {
    pub device: Device,
    /// The part to run, which writes no tables; all if `None`, with what parts have answered.
    pub shard: Option<Shard>,
    /// Whether only photographs are run whose last attempt failed.
    pub failed_only: bool,
    /// Whether everything is computed again. The journals so far are set aside.
    pub again: bool,
    /// Whether numbers replace file names in tables and messages.
    pub mask_names: bool,
    pub overlay: OverlayOptions,
    pub overlay_format: OverlayFormat,
    /// Whether photographs are read in a separate process, where no `gate` holds them. The executable must be Gantei's.
    pub in_worker: bool,
    /// The names of the photographs that are run; all if `None`.
    pub only: Option<BTreeSet<String>>,
    /// Whether maps are computed for the rows alone, and not drawn.
    pub without_overlays: bool,
}

/// The options of a run that depend on the settings of a study.
pub(super) fn batch_options(settings: &StudySettings) -> BatchOptions {
    BatchOptions {
        saliency: settings.saliency,
        open: OpenOptions {
            eye: settings.eye,
            frame: settings.frame,
            accept_any_picture: settings.accept_any_picture,
            ..OpenOptions::default()
        },
        persons: settings.persons,
        ..BatchOptions::default()
    }
}

/// Runs the models of a study on every photograph that lacks an answer, and writes the tables into its folder. Missing
/// photographs become failed rows; everything else is as in [`batch()`], except that the journal stays.
///
/// # Errors
/// As [`batch()`], before anything is computed. The study has no model or another one than the library, photographs were
/// moved, or the folder cannot be written to.
#[expect(
    clippy::too_many_arguments,
    reason = "the same arguments as a run over many photographs"
)]
pub fn run(
    ctx: &Context,
    open: &mut OpenStudy,
    options: &StudyRunOptions,
    partial: &PartialResults<PartialRun>,
    gate: &Gate,
    cancel: &Cancel,
    progress: &Progress,
    on_event: &mut dyn FnMut(RunEvent),
) -> Result<Outcome, Error> {
    let (pattern, listing) = check(ctx, open, &open.study().settings, cancel)?;
    if options.shard.is_none() {
        note_photographs(open, &listing)?;
    }
    let study = open.study();
    // Of a table that changed or is missing nothing is read; the status says so.
    let labels = study_labels(open.folder(), study, &listing).ok().flatten();
    let ages = labels.map_or_else(Vec::new, |labels| recorded_ages(&labels));
    let ids = study.models.iter().map(|model| model.id.clone());
    let options = BatchOptions {
        models: ids.collect(),
        device: options.device,
        mask_names: options.mask_names,
        out: Some(open.folder().to_owned()),
        overlay: options.overlay,
        overlay_format: options.overlay_format,
        again: options.again,
        in_worker: options.in_worker,
        study: Some(StudyRun {
            photographs: listing.scan,
            shard: options.shard,
            ages,
            pattern,
            failed_only: options.failed_only,
            only: options.only.clone(),
            without_overlays: options.without_overlays,
        }),
        ..batch_options(&study.settings)
    };
    batch(ctx, &options, partial, gate, cancel, progress, on_event)
}

/// Writes answers that are known into the journal of a new study, by their index in the listing. Returns the photographs
/// and models whose answers are as the study's run would give them. Overlays have numbers for names if `mask_names`.
/// Progress counts photographs.
///
/// # Errors
/// The journal cannot be written, or it was cancelled.
pub fn hand_over(
    open: &OpenStudy,
    listing: &Listing,
    answers: Vec<(usize, Vec<KnownAnswer>)>,
    mask_names: bool,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<(usize, Vec<String>)>, Error> {
    let study = open.study();
    let is_its = |answer: &KnownAnswer| study.models.iter().any(|m| m.card == *answer.row.card);
    let answers = answers.into_iter().map(|(index, mut answers)| {
        answers.retain(is_its);
        (index, answers)
    });
    let options = BatchOptions {
        models: study.models.iter().map(|model| model.id.clone()).collect(),
        mask_names,
        study: Some(StudyRun {
            photographs: listing.scan.clone(),
            ..StudyRun::default()
        }),
        ..batch_options(&study.settings)
    };
    batch::hand_over(open.folder(), &options, answers.collect(), cancel, progress)
}

/// Changes what the answers of a study depend on, if a run of it can then begin.
///
/// # Errors
/// As [`run`] before its first photograph, and as [`save`]; then nothing is changed.
pub fn change_settings(
    ctx: &Context,
    open: &mut OpenStudy,
    settings: StudySettings,
    cancel: &Cancel,
) -> Result<(), Error> {
    check(ctx, open, &settings, cancel)?;
    let study = Study {
        settings,
        ..open.study().clone()
    };
    save(open, study)
}

/// The pattern of names and the photographs of a study that can be run.
fn check(
    ctx: &Context,
    open: &OpenStudy,
    settings: &StudySettings,
    cancel: &Cancel,
) -> Result<(Option<NamePattern>, Listing), Error> {
    if open.is_read_only() {
        return Err(StudyFault::ReadOnly.into());
    }
    models::check(ctx, open.study())?;
    let pattern = pattern_of(settings)?;
    let listing = photographs(open.folder(), open.study(), cancel)?;
    listing.check()?;
    Ok((pattern, listing))
}

/// The pattern by which file names give person and eye, if there is one.
pub(super) fn pattern_of(settings: &StudySettings) -> Result<Option<NamePattern>, Error> {
    let pattern = settings.file_name_pattern.as_deref();
    pattern.map(str::parse).transpose().map_err(not_a_pattern)
}

fn not_a_pattern(fault: PatternFault) -> Error {
    Error::Usage(format!(
        "the study has a file name pattern that cannot be used: {fault}"
    ))
}

/// Remembers the photographs that are there now, so that one of them that is missing later is reported.
fn note_photographs(open: &mut OpenStudy, listing: &Listing) -> Result<(), Error> {
    let photographs = listing.references(open.folder(), open.study())?;
    let study = Study {
        photographs,
        ..open.study().clone()
    };
    match study == *open.study() {
        true => Ok(()),
        false => save(open, study),
    }
}
