//! A run whose photographs are read in a worker. Should that die, the photographs it was reading are tried again one at a
//! time, each in a worker of its own; the one that kills it again becomes a row with the reason.

use std::collections::{BTreeSet, VecDeque};
use std::io::ErrorKind;

use super::message::{Finished, OpenedModel, Order, Told, WORKER};
use super::run::Run;
use crate::clinic::{Case, Code, Finding, Severity};
use crate::jobs::{Death, Heard, Worker};
use crate::progress::Cancel;
use crate::workflow::many::Ended;
use crate::workflow::{Class, Error};

/// So many deaths without a row between them end the run.
const DEATHS: usize = 3;

/// How the life of one worker ended.
enum Life {
    /// It did all that it was told to.
    Finished,
    Cancelled,
    Died {
        death: Death,
        /// Photographs that it was reading.
        reading: BTreeSet<usize>,
        /// Whether it told any row before.
        told_rows: bool,
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
    let mut left = Left::default();
    let mut deaths = 0;
    loop {
        let alone = left.alone.front().copied();
        let next = match worker.take() {
            Some(worker) => worker,
            None => Worker::start(WORKER, cancel).map_err(Error::NoProcess)?,
        };
        match live(next, order, alone, &mut left, run)? {
            Life::Cancelled => return Ok(Ended::Interrupted),
            Life::Finished if left.all.is_empty() => return Ok(Ended::Finished),
            Life::Finished => {}
            // The signal that ends the worker may be one that was sent to this process as well.
            Life::Died { .. } if cancel.is_cancelled() => return Ok(Ended::Interrupted),
            Life::Died {
                death,
                reading,
                told_rows,
            } => {
                deaths = if told_rows { 1 } else { deaths + 1 };
                match alone.filter(|at| reading.contains(at)) {
                    Some(at) => {
                        left.is_finished(at);
                        run.finished(killer(at, death, run))?;
                        deaths = 0;
                    }
                    // A photograph before them may have been begun without a word of it.
                    None if alone.is_none() => {
                        let last = reading.last().copied();
                        let begun = last.map(|last| left.all.range(..=last).copied());
                        left.alone = begun.into_iter().flatten().collect();
                    }
                    // It died before it came to the photograph.
                    None => {}
                }
                if deaths >= DEATHS {
                    return Err(Error::WorkerDied(said(death)));
                }
            }
        }
    }
}

/// What is still to do.
#[derive(Default)]
struct Left {
    /// The models, once they were opened: another worker must find the same.
    models: Option<Vec<OpenedModel>>,
    all: BTreeSet<usize>,
    /// Those of them that a worker was reading as it died.
    alone: VecDeque<usize>,
}

impl Left {
    fn is_finished(&mut self, index: usize) {
        self.all.remove(&index);
        self.alone.retain(|at| *at != index);
    }
}

/// The life of one worker, with all that is left or with one photograph `alone`.
fn live(
    mut worker: Worker,
    order: &Order,
    alone: Option<usize>,
    left: &mut Left,
    run: &mut Run,
) -> Result<Life, Error> {
    worker.tell(&line(order)?);
    let mut reading = BTreeSet::new();
    let mut told_rows = false;
    loop {
        let told = match worker.next() {
            Heard::Line(line) => serde_json::from_str(&line),
            Heard::Cancelled => {
                worker.stop();
                return Ok(Life::Cancelled);
            }
            Heard::End => {
                let death = worker.death();
                let is_done = match alone {
                    Some(at) => !left.all.contains(&at),
                    None => left.models.is_some() && left.all.is_empty(),
                };
                return Ok(match is_done {
                    true => Life::Finished,
                    false => Life::Died {
                        death,
                        reading,
                        told_rows,
                    },
                });
            }
        };
        let step = match told {
            Ok(Told::Open(models)) => opened(models, left, run).and_then(|()| {
                let photographs = match alone {
                    Some(at) => run.plan.told([at]),
                    None => run.plan.told(left.all.iter().copied()),
                };
                worker.tell(&line(&photographs)?);
                Ok(())
            }),
            Ok(Told::Started(at)) => {
                reading.insert(at);
                run.started(at)
            }
            Ok(Told::Finished(finished)) => {
                reading.remove(&finished.index);
                left.is_finished(finished.index);
                told_rows = true;
                run.finished(finished)
            }
            Ok(Told::Refused(relayed)) => Err(relayed.into()),
            // What a library prints there is no message; the end of the worker tells itself.
            Ok(Told::End) | Err(_) => Ok(()),
        };
        match step {
            Ok(()) => {}
            Err(error) => {
                worker.stop();
                return match error.class() {
                    Class::Interrupted => Ok(Life::Cancelled),
                    _ => Err(error),
                };
            }
        }
    }
}

fn opened(models: Vec<OpenedModel>, left: &mut Left, run: &mut Run) -> Result<(), Error> {
    match &left.models {
        None => {
            left.all = run.opened(models.clone())?.into_iter().collect();
            left.models = Some(models);
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
fn killer(index: usize, death: Death, run: &Run) -> Finished {
    let name = &run.plan.photographs[index].name;
    let row = |model: &OpenedModel| {
        let mut case = Case::unopened(name, model.card.clone());
        let finding = Finding::with_detail(Code::WorkerDied, Severity::Serious, said(death));
        case.findings.push(finding);
        case.error = Some(Error::WorkerDied(said(death)).to_string());
        case
    };
    Finished {
        index,
        rows: run.models().iter().map(row).collect(),
        patient: None,
        no_frame: None,
    }
}

/// Words for the end of a process, as a system administrator knows them.
fn said(death: Death) -> String {
    match death {
        Death::Signal(signal) => format!("signal {signal}"),
        Death::Exit(status) => format!("exit status {status}"),
    }
}
