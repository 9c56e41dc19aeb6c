//! A run whose photographs are read in a worker. If it dies, the photographs it was reading are retried one at a time,
//! each in its own worker; one that kills its worker again results in a row with the reason.

use std::collections::{BTreeSet, VecDeque};
use std::io::ErrorKind;

use super::message::{Finished, FromWorker, OpenedModel, Order, WORKER};
use super::run::Run;
use crate::domain::{Detail, Finding, FindingCode, ResultRow, Severity};
use crate::jobs::{Worker, WorkerEvent, WorkerExit};
use crate::progress::Cancel;
use crate::storage::study::FileStamp;
use crate::text::detail_in_files;
use crate::workflow::many::Ended;
use crate::workflow::{Class, Error};

/// Number of deaths without a row between them that ends the run.
const DEATHS: usize = 3;

/// How a worker ended.
enum Session {
    /// It completed its order.
    Finished,
    Cancelled,
    Died {
        exit: WorkerExit,
        /// Photographs that it was reading.
        reading: BTreeSet<usize>,
        /// Whether it sent any row before.
        has_answered: bool,
    },
}

/// Runs an order to its end. `first` is a worker that was started for it.
pub(super) fn supervise(
    order: &Order,
    first: Worker,
    run: &mut Run,
    cancel: &Cancel,
) -> Result<Ended, Error> {
    let mut worker = Some(first);
    let mut remaining = Remaining::default();
    let mut deaths = 0;
    loop {
        let alone = remaining.alone.front().copied();
        let next = match worker.take() {
            Some(worker) => worker,
            None => Worker::start(WORKER, cancel).map_err(Error::NoProcess)?,
        };
        match session(next, order, alone, &mut remaining, run)? {
            Session::Cancelled => return Ok(Ended::Interrupted),
            Session::Finished if remaining.all.is_empty() => return Ok(Ended::Finished),
            Session::Finished => {}
            // The signal that ended the worker may have been sent to this process as well.
            Session::Died { .. } if cancel.is_cancelled() => return Ok(Ended::Interrupted),
            Session::Died {
                exit,
                reading,
                has_answered,
            } => {
                deaths = if has_answered { 1 } else { deaths + 1 };
                match alone.filter(|at| reading.contains(at)) {
                    Some(at) => {
                        remaining.is_finished(at);
                        run.finished(rows_of_fatal(at, exit, run))?;
                        deaths = 0;
                    }
                    // An earlier photograph may have been started without a message about it.
                    None if alone.is_none() => {
                        let last = reading.last().copied();
                        let begun = last.map(|last| remaining.all.range(..=last).copied());
                        remaining.alone = begun.into_iter().flatten().collect();
                    }
                    // It died before it reached the photograph.
                    None => {}
                }
                if deaths >= DEATHS {
                    return Err(Error::WorkerDied(detail_in_files(&end_of(exit))));
                }
            }
        }
    }
}

/// What remains to be done.
#[derive(Default)]
struct Remaining {
    /// The models, once opened: another worker must find the same.
    models: Option<Vec<OpenedModel>>,
    all: BTreeSet<usize>,
    /// Those that a worker was reading when it died.
    alone: VecDeque<usize>,
}

impl Remaining {
    fn is_finished(&mut self, index: usize) {
        self.all.remove(&index);
        self.alone.retain(|at| *at != index);
    }
}

/// One worker from start to end, with all that remains or with one photograph `alone`.
fn session(
    mut worker: Worker,
    order: &Order,
    alone: Option<usize>,
    remaining: &mut Remaining,
    run: &mut Run,
) -> Result<Session, Error> {
    worker.notify(&line(order)?);
    let mut reading = BTreeSet::new();
    let mut has_answered = false;
    loop {
        let reported = match worker.next() {
            WorkerEvent::Line(line) => serde_json::from_str(&line),
            WorkerEvent::Cancelled => {
                worker.stop();
                return Ok(Session::Cancelled);
            }
            WorkerEvent::Ended => {
                let exit = worker.exit();
                let is_done = match alone {
                    Some(at) => !remaining.all.contains(&at),
                    None => remaining.models.is_some() && remaining.all.is_empty(),
                };
                return Ok(match is_done {
                    true => Session::Finished,
                    false => Session::Died {
                        exit,
                        reading,
                        has_answered,
                    },
                });
            }
        };
        let step = match reported {
            Ok(FromWorker::Open(models)) => opened(models, remaining, run).and_then(|()| {
                let photographs = match alone {
                    Some(at) => run.reported([at]),
                    None => run.reported(remaining.all.iter().copied()),
                };
                worker.notify(&line(&photographs)?);
                Ok(())
            }),
            Ok(FromWorker::Started(at)) => {
                reading.insert(at);
                run.started(at)
            }
            Ok(FromWorker::Finished(finished)) => {
                reading.remove(&finished.index);
                remaining.is_finished(finished.index);
                has_answered = true;
                run.finished(finished)
            }
            Ok(FromWorker::Refused(relayed)) => Err(relayed.into()),
            // Output of a library on this channel is not a message; the end of the worker is detected separately.
            Ok(FromWorker::End) | Err(_) => Ok(()),
        };
        match step {
            Ok(()) => {}
            Err(error) => {
                worker.stop();
                return match error.class() {
                    Class::Interrupted => Ok(Session::Cancelled),
                    _ => Err(error),
                };
            }
        }
    }
}

fn opened(models: Vec<OpenedModel>, remaining: &mut Remaining, run: &mut Run) -> Result<(), Error> {
    match &remaining.models {
        None => {
            remaining.all = run.opened(models.clone())?.into_iter().collect();
            remaining.models = Some(models);
            Ok(())
        }
        Some(before) if *before == models => Ok(()),
        Some(_) => Err(Error::ModelChanged),
    }
}

fn line(message: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(message).map_err(|_| Error::NoProcess(ErrorKind::InvalidData))
}

/// The rows of a photograph that killed two workers.
fn rows_of_fatal(index: usize, exit: WorkerExit, run: &Run) -> Finished {
    let name = &run.plan.photographs[index].name;
    let row = |model: &OpenedModel| {
        let mut case = ResultRow::unopened(name, model.card.clone());
        let finding =
            Finding::with_detail(FindingCode::WorkerDied, Severity::Serious, end_of(exit));
        case.findings.push(finding);
        case.error = Some(Error::WorkerDied(detail_in_files(&end_of(exit))).to_string());
        case
    };
    Finished {
        index,
        rows: run.models_of(index).map(row).collect(),
        patient: None,
        no_frame: None,
        stamp: FileStamp::of(&run.plan.photographs[index].path),
        features: Vec::new(),
    }
}

fn end_of(exit: WorkerExit) -> Detail {
    match exit {
        WorkerExit::Signal(signal) => Detail::Signal(signal),
        WorkerExit::Exit(status) => Detail::ExitStatus(status),
    }
}
