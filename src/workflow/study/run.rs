//! Runs a study: what has no answer yet is computed, and the tables are written into its folder.

use super::{Listing, OpenStudy, models, photographs, save};
use crate::domain::{Shard, Study, StudySettings};
use crate::export::overlay_format::OverlayFormat;
use crate::imaging::overlay::OverlayOptions;
use crate::imaging::{NamePattern, OpenOptions, PatternFault};
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::Device;
use crate::text::failures::StudyFault;
use crate::workflow::batch::{BatchOptions, Outcome, PartialRun, RunEvent, StudyRun, batch};
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
/// photographs become failed rows; everything else is as in [`batch`], except that the journal stays.
///
/// # Errors
/// As [`batch`], before anything is computed. The study has no model or another one than the library, photographs were
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
    if open.is_read_only() {
        return Err(StudyFault::ReadOnly.into());
    }
    models::check(ctx, open.study())?;
    let pattern = pattern_of(&open.study().settings)?;
    let listing = photographs(open.folder(), open.study(), cancel)?;
    listing.check()?;
    if options.shard.is_none() {
        note_photographs(open, &listing)?;
    }
    let study = open.study();
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
            pattern,
            failed_only: options.failed_only,
        }),
        ..batch_options(&study.settings)
    };
    batch(ctx, &options, partial, gate, cancel, progress, on_event)
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
