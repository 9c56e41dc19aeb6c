//! Performs effects as jobs and returns the answers as landings; the only file that submits jobs.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Settings;
use super::apply::{after_defect, messages};
use super::job::{Effect, Job, JobContext, Landing, Slot};
use super::log;
use super::pace::Pace;
use super::state::Purpose;
use crate::app::WorkflowContext;
use crate::domain::Pixels;
use crate::jobs::{Jobs, caught};
use crate::progress::{Cancel, Gate};

/// Effects that only the window can perform.
#[derive(Debug, PartialEq, Eq)]
pub enum WindowEffect {
    Ask(Purpose),
    CloseWindow,
    CopyText(String),
    CopyPicture(Arc<Pixels>),
}

/// Steps done and in total; a total of 0 means unknown.
pub type Steps = (u64, u64);

/// Progress and memory use of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobProgress {
    pub steps: Option<Steps>,
    /// Upper bound in bytes; `None` if the job reported none.
    pub memory: Option<u64>,
}

/// Handles to stop, pause and measure a running job.
#[derive(Clone, Default)]
struct JobControl {
    stop: Cancel,
    answers_when_stopped: bool,
    /// One gate per job: a closed gate of an earlier job must not hold this one.
    gate: Gate,
    pace: Arc<Mutex<Pace>>,
}

impl JobControl {
    fn with_pace(&self, change: impl FnOnce(&mut Pace, Instant)) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut pace, Instant::now());
    }
}

/// The jobs of one window and the workflow they use.
pub struct Runner {
    jobs: Jobs<Slot, Landing>,
    controls: HashMap<Slot, JobControl>,
    workflow: Arc<WorkflowContext>,
    logs: bool,
}

impl Runner {
    /// `wake` is called from job threads when an answer is ready to be drained.
    pub fn start(
        workflow: WorkflowContext,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Ok(Self {
            jobs: Jobs::start(wake)?,
            controls: HashMap::new(),
            workflow: Arc::new(workflow),
            logs: log::desired(),
        })
    }

    /// Performs an effect; returns those that only the window can perform.
    pub fn perform(&mut self, effect: Effect) -> Option<WindowEffect> {
        match effect {
            Effect::Start(job) => self.begin(job),
            Effect::Stop(slot) => match self.controls.get(&slot) {
                // Not cancelled by its slot, which its answer still needs.
                Some(controls) if controls.answers_when_stopped => controls.stop.cancel(),
                _ => self.jobs.cancel(&slot),
            },
            Effect::Pause(slot, paused) => {
                if let Some(controls) = self.controls.get(&slot) {
                    match paused {
                        true => {
                            controls.gate.shut();
                            controls.with_pace(Pace::pause);
                        }
                        false => {
                            controls.with_pace(Pace::resume);
                            controls.gate.open();
                        }
                    }
                }
            }
            Effect::Log(line) => {
                if self.logs {
                    eprintln!("{line}");
                }
            }
            Effect::Ask(purpose) => return Some(WindowEffect::Ask(purpose)),
            Effect::CloseWindow => return Some(WindowEffect::CloseWindow),
            Effect::CopyText(text) => return Some(WindowEffect::CopyText(text)),
            Effect::CopyPicture(picture) => return Some(WindowEffect::CopyPicture(picture)),
        }
        None
    }

    fn begin(&mut self, job: Box<dyn Job>) {
        let workflow = Arc::clone(&self.workflow);
        let controls = JobControl {
            answers_when_stopped: job.answers_when_stopped(),
            ..JobControl::default()
        };
        let slot = job.slot();
        controls.with_pace(|pace, now| *pace = Pace::start(now));
        self.controls.insert(slot, controls.clone());
        self.jobs
            .submit_notifying(job.lane(), slot, move |cancel, progress, notify| {
                let stop = controls.stop.clone();
                let _hook = cancel.on_cancel(move || stop.cancel());
                let wait = JobContext {
                    cancel: &controls.stop,
                    progress,
                    gate: &controls.gate,
                    pace: &controls.pace,
                    notify,
                };
                caught(|| job.run(&workflow, &wait))
                    .unwrap_or_else(|panic| after_defect(panic, |failure| job.defect(failure)))
            });
    }

    /// Saves at once on the calling thread, for a window that is closing and about to stop its jobs. Errors are
    /// ignored: there is no window left to show them.
    pub fn save_now(&self, settings: Option<&Settings>, recent: Option<&[PathBuf]>) {
        if let Some(settings) = settings {
            let _ = self.workflow.save_settings(settings);
        }
        if let Some(recent) = recent {
            let _ = self.workflow.save_recent(recent);
        }
    }

    /// Answers received since the last call.
    pub fn drain(&mut self) -> Vec<Landing> {
        let notes = self.jobs.drain().into_iter();
        let outcomes = notes.map(|note| note.outcome);
        let mut landings: Vec<Landing> = outcomes
            .map(|outcome| {
                outcome.unwrap_or_else(|panic| after_defect(panic, |_| Landing::nothing()))
            })
            .collect();
        let jobs = &self.jobs;
        self.controls
            .retain(|slot, _| jobs.progress(slot).is_some());
        // Notes come from jobs, whose answers woke the window.
        if !landings.is_empty() {
            let notes = self.workflow.notes().into_iter();
            landings
                .extend(notes.map(|note| Landing::new(move |state| messages::noted(state, note))));
        }
        landings
    }

    /// Progress of the job of this type and the memory it announced; default if none is running.
    pub fn work<J: Job>(&self) -> JobProgress {
        let progress = self.jobs.progress(&Slot::of::<J>());
        JobProgress {
            steps: progress.map(|progress| progress.steps()),
            memory: progress.and_then(|progress| progress.memory()),
        }
    }

    /// Items per second of the job of this type; `None` until enough have finished.
    pub fn per_second<J: Job>(&self) -> Option<f64> {
        let controls = self.controls.get(&Slot::of::<J>())?;
        let pace = controls.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.per_second()
    }

    /// True while jobs may still finish by themselves: paused jobs are not counted, nor are `held` others that wait for
    /// outside input.
    pub fn is_working(&self, held: usize) -> bool {
        let paused: usize = self.controls.values().map(|r| r.gate.held()).sum();
        self.jobs.is_working(held + paused)
    }

    /// True while answers wait to be drained.
    pub fn has_answers(&self) -> bool {
        self.jobs.has_answers()
    }

    /// Cancels everything and waits at most `limit`; true if all jobs ended.
    pub fn close(&mut self, limit: Duration) -> bool {
        self.jobs.close(limit)
    }
}
