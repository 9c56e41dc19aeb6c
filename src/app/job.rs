//! What a decision sets in motion, and work beside the window: what it takes the place of, who waits for it, what it does,
//! and what becomes of its answer.
//!
//! An operation is one type that implements [`Job`], in the file of its subject in `app/apply`, next to the action that
//! starts it. Its answer comes back as a [`Landing`], which changes the state as an action does.

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

/// What a decision sets in motion. `Runner` performs all of it but what only a window can do.
#[derive(Debug)]
pub enum Effect {
    /// Work that takes the place of what its slot holds.
    Start(Box<dyn Job>),
    /// Stops the job of a slot.
    Stop(Slot),
    /// Holds the job of a slot, or lets it go on.
    Pause(Slot, bool),
    Log(LogLine),
    /// Only a window can do this: show a file dialog.
    Ask(Purpose),
    /// Only a window can do this: put a text on the clipboard.
    CopyText(String),
    /// Only a window can do this: put a picture on the clipboard.
    CopyPicture(Arc<Pixels>),
}

impl Effect {
    pub fn start(job: impl Job) -> Self {
        Self::Start(Box::new(job))
    }

    /// Stops the job of a type that has one slot.
    pub fn stop<J: Job>() -> Self {
        Self::Stop(Slot::of::<J>())
    }

    /// The job of this type that it starts.
    pub fn started<J: Job>(&self) -> Option<&J> {
        match self {
            Self::Start(job) => job.downcast(),
            _ => None,
        }
    }
}

/// One piece of work, with everything that it needs to know.
pub trait Job: Any + fmt::Debug + Send {
    /// A newer job in the same slot stops the older one and takes its place. Jobs of one type share a slot unless they say
    /// otherwise.
    fn slot(&self) -> Slot {
        Slot::of::<Self>()
    }

    /// Who waits for it.
    fn lane(&self) -> Lane;

    /// True where the job still answers for what it has finished after somebody stopped it.
    fn answers_when_stopped(&self) -> bool {
        false
    }

    /// Does the work, on a thread of its lane.
    fn run(&self, work: &WorkflowContext, wait: &Wait) -> Landing;

    /// What it means for the state that the work met a defect of the application; that it did is told by itself.
    fn defect(&self, failure: Failure) -> Landing;
}

impl dyn Job {
    /// The job itself, where it is of this type.
    pub fn downcast<J: Job>(&self) -> Option<&J> {
        (self as &dyn Any).downcast_ref()
    }
}

/// What a job is for. A slot holds one job.
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

    /// One of many slots of a type, for jobs that do not take each other's place.
    pub fn numbered<J: Job + ?Sized>(number: u64) -> Self {
        Self {
            number,
            ..Self::of::<J>()
        }
    }
}

type Land = Box<dyn FnOnce(&mut State) -> Vec<Effect> + Send>;

/// What becomes of an answer: a change of the state, and what follows from it.
pub struct Landing(Land);

impl Landing {
    pub fn new(land: impl FnOnce(&mut State) -> Vec<Effect> + Send + 'static) -> Self {
        Self(Box::new(land))
    }

    /// Nobody waits for an answer.
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

/// What passes between a job at work and those who wait for it.
pub struct Wait<'a> {
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
    /// Shut while the job is to pause.
    pub gate: &'a Gate,
    pub(super) pace: &'a Mutex<Pace>,
    pub(super) notify: &'a dyn Fn(Landing),
}

impl Wait<'_> {
    /// Tells an answer before the last.
    pub fn notify(&self, land: impl FnOnce(&mut State) -> Vec<Effect> + Send + 'static) {
        (self.notify)(Landing::new(land));
    }

    /// One of many things is done, which counts for how fast the job goes.
    pub fn one_done(&self) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.row(Instant::now());
    }
}
