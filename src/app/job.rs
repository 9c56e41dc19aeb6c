//! Effects and background jobs: which job replaces which, its priority, its work, and how its answer changes the state.
//!
//! An operation is one type that implements [`Job`], in the file of its subject in `app/apply`. Its answer returns as a [`Landing`], which changes the state as an action does.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::log::LogLine;
use super::pace::Pace;
use super::state::{Purpose, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::Pixels;
use crate::jobs::Lane;
use crate::progress::{Cancel, Gate, Progress};

/// What an action causes. `Runner` (`app/run.rs`) performs every effect except those that need a window.
#[derive(Debug)]
pub enum Effect {
    /// Starts a job; it replaces the one in its slot.
    Start(Box<dyn Job>),
    /// Stops the job of a slot.
    Stop(Slot),
    /// Pauses or resumes the job of a slot.
    Pause(Slot, bool),
    Log(LogLine),
    /// Window only: show a file dialog.
    Ask(Purpose),
    /// Window only: close it.
    CloseWindow,
    /// Window only: put text on the clipboard.
    CopyText(String),
    /// Window only: put a picture on the clipboard.
    CopyPicture(Arc<Pixels>),
}

impl Effect {
    pub fn start(job: impl Job) -> Self {
        Self::Start(Box::new(job))
    }

    /// Stops the job of a type that has a single slot.
    pub fn stop<J: Job>() -> Self {
        Self::Stop(Slot::of::<J>())
    }

    /// The job of this type that the effect starts.
    pub fn started<J: Job>(&self) -> Option<&J> {
        match self {
            Self::Start(job) => job.downcast(),
            _ => None,
        }
    }
}

/// A unit of work with all its inputs.
pub trait Job: Any + fmt::Debug + Send {
    /// A newer job in the same slot stops and replaces the older one. Jobs of one type share a slot unless they
    /// override this.
    fn slot(&self) -> Slot {
        Slot::of::<Self>()
    }

    /// Which queue the job waits in, by how urgently its answer is needed.
    fn lane(&self) -> Lane;

    /// True if a stopped job still reports what it has finished.
    fn answers_when_stopped(&self) -> bool {
        false
    }

    /// Does the work on a thread of its lane.
    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing;

    /// How the state changes if the work panicked; the panic itself is reported separately.
    fn defect(&self, failure: Failure) -> Landing;
}

impl dyn Job {
    /// The job itself, if it is of this type.
    pub fn downcast<J: Job>(&self) -> Option<&J> {
        (self as &dyn Any).downcast_ref()
    }
}

/// Identifies the purpose of a job. A slot holds one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    job: TypeId,
    name: &'static str,
    number: u64,
}

impl Slot {
    /// The slot of all jobs of a type.
    pub fn of<J: Job + ?Sized>() -> Self {
        Self {
            job: TypeId::of::<J>(),
            name: type_name::<J>(),
            number: 0,
        }
    }

    /// One of many slots of a type, for jobs that do not replace each other.
    pub fn numbered<J: Job + ?Sized>(number: u64) -> Self {
        Self {
            number,
            ..Self::of::<J>()
        }
    }
}

type Land = Box<dyn FnOnce(&mut State) -> Vec<Effect> + Send>;

/// What an answer does: a change of the state, and the effects that follow.
pub struct Landing(Land);

impl Landing {
    pub fn new(land: impl FnOnce(&mut State) -> Vec<Effect> + Send + 'static) -> Self {
        Self(Box::new(land))
    }

    /// An answer that changes nothing.
    pub fn nothing() -> Self {
        Self::new(|_| vec![])
    }

    pub(super) fn on(self, state: &mut State) -> Vec<Effect> {
        (self.0)(state)
    }
}

impl fmt::Debug for Landing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Landing")
    }
}

/// Communication between a running job and the application.
pub struct JobContext<'a> {
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
    /// Closed while the job is to pause.
    pub gate: &'a Gate,
    pub(super) pace: &'a Mutex<Pace>,
    pub(super) notify: &'a dyn Fn(Landing),
}

impl JobContext<'_> {
    /// Sends an intermediate answer.
    pub fn notify(&self, land: impl FnOnce(&mut State) -> Vec<Effect> + Send + 'static) {
        (self.notify)(Landing::new(land));
    }

    /// Counts one finished item towards the job's rate.
    pub fn one_done(&self) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.row(Instant::now());
    }
}
