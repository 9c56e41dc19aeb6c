//! Runs photographs × models into rows, overlays and tables. A bad file results in a row with a reason, even one that
//! kills the process.
//!
//! Several photographs are read in a separate process (`work`), which is restarted if one kills it (`supervise`). Each
//! row is in the journal before it is reported (`run_journal`), so that the same command resumes where the last one was
//! stopped. Runs of the window keep their answers in such a journal too (`kept`).

mod hand_over;
mod kept;
mod message;
mod plan;
mod run;
mod run_features;
mod run_journal;
mod study;
mod supervise;
mod tables;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::PathBuf;

use super::many::Ended;
use super::{Context, Error, PartialResults};
use crate::domain::{Persons, ResultRow, Skipped, note_value_scale};
use crate::export::overlay_format::OverlayFormat;
use crate::export::subjects::{self, NamingRule, PhotographRows};
use crate::imaging::OpenOptions;
use crate::imaging::overlay::OverlayOptions;
use crate::jobs::Worker;
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::Device;
use crate::storage::{atomic, read::is_descriptor};
use crate::text::remark::Remark;
use message::{Finished, NoFrame, Order};
use plan::Plan;
use run::Run;
use run_journal::RunJournal;

pub use hand_over::KnownAnswer;
pub(super) use hand_over::hand_over;
pub use kept::{
    KeepOptions, KeptEvent, Unexported, exported, forget, forget_inputs, run_kept, unexported,
};
pub use message::WORKER;
pub(super) use plan::known_subjects;
pub use run_journal::NAME as JOURNAL;
pub use study::StudyRun;
pub(super) use study::{AnswerState, StudyAnswers};
pub use tables::document;
pub use work::serve;

/// Options of a run.
#[derive(Clone, Debug, Default)]
pub struct BatchOptions {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// Ids or files of the models; at least one.
    pub models: Vec<String>,
    pub device: Device,
    /// Whether Grad-CAM maps are computed.
    pub saliency: bool,
    pub open: OpenOptions,
    /// How photographs are grouped by person.
    pub persons: Persons,
    /// Whether numbers replace file names everywhere.
    pub mask_names: bool,
    /// Output folder; without it nothing is written.
    pub out: Option<PathBuf>,
    pub overlay: OverlayOptions,
    pub overlay_format: OverlayFormat,
    /// Whether answers of an earlier run of the same command are recomputed.
    pub again: bool,
    /// Whether several photographs are read in a separate process. The executable must be Gantei's.
    pub in_worker: bool,
    /// The study to which the run belongs; then `inputs` and `persons` of its photographs are the study's, and `out` is
    /// its folder.
    pub study: Option<StudyRun>,
}

impl BatchOptions {
    /// How overlays are drawn, and their file format.
    fn drawing(&self) -> (OverlayOptions, OverlayFormat) {
        (self.overlay, self.overlay_format)
    }
}

/// Events of a run.
#[derive(Debug)]
pub enum RunEvent<'a> {
    /// A row, in the order of the photographs. It does not hold findings of the whole run yet.
    Row(&'a ResultRow),
    Remark(&'a Remark),
}

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    pub cases: Vec<ResultRow>,
    pub skipped: Vec<Skipped>,
    /// Remarks on the run as a whole.
    pub remarks: Vec<Remark>,
    /// Why the run ended early, or which of its files are not on the disk; the rows are valid all the same.
    pub failure: Option<Error>,
    /// True if the run did not reach its end; the finished rows are kept and written.
    pub interrupted: bool,
}

impl Outcome {
    pub fn failed_rows(&self) -> usize {
        self.cases.iter().filter(|c| c.error.is_some()).count()
    }
}

/// The finished rows of a run, and what the tables need in addition.
#[derive(Debug)]
pub struct PartialRun {
    cases: Vec<ResultRow>,
    known: Vec<PhotographRows>,
    /// Photographs whose rows are among the cases.
    taken: usize,
    /// Photographs of an earlier run that are not yet due.
    resumed: BTreeMap<usize, Finished>,
    /// Photographs that are left for other runs.
    passed_over: BTreeSet<usize>,
    journal: Option<RunJournal>,
    /// Photographs that an earlier run answered and this one must answer again: until it has, the journal stays.
    at_stake: BTreeSet<usize>,
    skipped: Vec<Skipped>,
    remarks: Vec<Remark>,
    /// The first photograph that lacks the requested frame, and the number of such photographs.
    no_frame: Option<(NoFrame, usize)>,
    persons: Persons,
    masked: bool,
    out: Option<PathBuf>,
    is_of_study: bool,
}

impl PartialRun {
    fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.resumed.is_empty()
    }

    /// The next photograph, if an earlier run finished it.
    fn next_resumed(&mut self) -> Option<Finished> {
        while self.passed_over.contains(&self.taken) {
            self.taken += 1;
        }
        let first = self.resumed.first_entry()?;
        (*first.key() == self.taken).then(|| first.remove())
    }

    fn take(&mut self, finished: Finished) {
        let known = &mut self.known[finished.index];
        known.rows = finished.rows.len();
        known.patient = finished.patient;
        if finished.rows.iter().all(|row| row.error.is_none()) {
            self.at_stake.remove(&finished.index);
        }
        debug_assert!(finished.index >= self.taken, "rows come in order");
        self.cases.extend(finished.rows);
        self.taken = finished.index + 1;
        if let Some(lacking) = finished.no_frame {
            let (_, count) = self.no_frame.get_or_insert((lacking, 0));
            *count += 1;
        }
    }
}

/// Runs every model on every photograph. `on_event` receives each row as it is finished. A caller that closes `partial`
/// before the run does has the rows; the run then ends as cancelled. A shut `gate` holds a run in this process.
///
/// # Errors
/// Whatever stops the run before its first row; for later errors see [`Outcome::failure`]. Files that cannot be written
/// stop nothing.
pub fn batch(
    ctx: &Context,
    options: &BatchOptions,
    partial: &PartialResults<PartialRun>,
    gate: &Gate,
    cancel: &Cancel,
    progress: &Progress,
    on_event: &mut dyn FnMut(RunEvent),
) -> Result<Outcome, Error> {
    let mut plan = Plan::of(options, cancel)?;
    partial.begin(PartialRun {
        cases: Vec::new(),
        known: std::mem::take(&mut plan.known),
        taken: 0,
        resumed: BTreeMap::new(),
        passed_over: BTreeSet::new(),
        journal: None,
        at_stake: BTreeSet::new(),
        skipped: std::mem::take(&mut plan.skipped),
        remarks: Vec::new(),
        no_frame: None,
        persons: options.persons,
        masked: options.mask_names,
        out: options.out.clone().filter(|_| !plan.is_part),
        is_of_study: options.study.is_some(),
    })?;
    let mut run = Run::new(&plan, options, partial, cancel, progress, on_event);
    if let Some(out) = &options.out
        && let Err(e) = atomic::prepare(out)
    {
        run.not_writable(e.into())?;
    }
    let order = Order::of(options);
    let ended = match worker(&plan, options, cancel) {
        Some(Ok(first)) => supervise::supervise(&order, first, &mut run, cancel),
        Some(Err(e)) => {
            run.remark(Remark::InThisProcess(e.to_string()))?;
            in_this_process(ctx, &order, gate, &mut run)
        }
        None => in_this_process(ctx, &order, gate, &mut run),
    };
    run.features.save();
    let begun = partial.close().flatten().ok_or(Error::Cancelled)?;
    match ended {
        Ok(ended) => finish(begun, ended, None),
        Err(Error::Cancelled) => finish(begun, Ended::Interrupted, None),
        Err(e) if begun.is_empty() => {
            begun.journal.map_or(Ok(()), RunJournal::remove)?;
            Err(e)
        }
        Err(e) => finish(begun, Ended::Interrupted, Some(e)),
    }
}

/// A process for several photographs. Only this process can read what the shell opened for it, such as its input.
fn worker(
    plan: &Plan,
    options: &BatchOptions,
    cancel: &Cancel,
) -> Option<Result<Worker, ErrorKind>> {
    let is_own = plan.photographs.iter().any(|p| is_descriptor(&p.path));
    let is_desired = options.in_worker && plan.photographs.len() > 1 && !is_own;
    is_desired.then(|| Worker::start(WORKER, cancel))
}

fn in_this_process(
    ctx: &Context,
    order: &Order,
    gate: &Gate,
    run: &mut Run,
) -> Result<Ended, Error> {
    let (cancel, plan) = (run.cancel, run.plan);
    let run = std::cell::RefCell::new(run);
    let photographs = |models| {
        let mut run = run.borrow_mut();
        let left = run.opened(models)?;
        Ok(run.reported(left))
    };
    let mut finished = |finished| run.borrow_mut().finished(finished);
    let first = (!plan.photographs.is_empty()).then(|| plan.reported(0));
    work::work(
        ctx,
        order,
        first,
        photographs,
        &|_| (),
        &mut finished,
        gate,
        cancel,
    )
}

/// What a run in progress has finished, with its tables written; `None` if it is already writing them itself. The run
/// adds nothing afterwards.
pub fn batch_so_far(partial: &PartialResults<PartialRun>) -> Option<Result<Outcome, Error>> {
    let begun = partial.close()?.ok_or(Error::Cancelled);
    Some(begun.and_then(|begun| finish(begun, Ended::Interrupted, None)))
}

fn finish(mut begun: PartialRun, ended: Ended, failure: Option<Error>) -> Result<Outcome, Error> {
    let is_empty = begun.is_empty();
    // In a stopped run they follow the missing rows.
    while let Some((_, finished)) = begun.resumed.pop_first() {
        begun.take(finished);
    }
    let PartialRun {
        mut cases,
        known,
        journal,
        at_stake,
        skipped,
        remarks,
        no_frame,
        persons,
        masked,
        out,
        is_of_study,
        ..
    } = begun;
    if let Some((lacking, count)) = no_frame
        && count == known.len()
    {
        journal.map_or(Ok(()), RunJournal::remove)?;
        return Err(lacking.into());
    }
    // The scale of an age model's answers is known only from the whole run.
    note_value_scale(&mut cases);
    let rule = NamingRule { persons, masked };
    subjects::resolve_rows(&mut cases, &known, rule);
    let mut outcome = Outcome {
        cases,
        skipped,
        remarks,
        failure,
        interrupted: ended == Ended::Interrupted,
    };
    // A stop before the first row writes no empty tables.
    if let Some(out) = out.filter(|_| !is_empty) {
        if journal.is_some() {
            // What a worker was writing when it ended.
            atomic::sweep_all(&out);
        }
        tables::note_missing_overlays(&out, &mut outcome.cases);
        // What was answered is in the journals; the tables of all photographs are not given up for those of some.
        let is_less = is_of_study && ended == Ended::Interrupted;
        let written = match is_less && tables::has_whole(&out, outcome.cases.len()) {
            true => {
                outcome.remarks.push(Remark::TablesKept);
                Ok(())
            }
            false => tables::write(&out, &mut outcome),
        };
        let failure = written.and_then(|()| tables::check_overlays(&outcome.cases));
        outcome.failure = outcome.failure.or(failure.err());
    }
    if let Some(journal) = journal {
        let is_over = !outcome.interrupted && outcome.failure.is_none() && at_stake.is_empty();
        let closed = match is_over || is_empty {
            true => journal.remove(),
            false => journal.keep(),
        };
        outcome.failure = outcome.failure.or(closed.err());
    }
    Ok(outcome)
}
