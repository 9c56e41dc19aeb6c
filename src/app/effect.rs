//! What a decision sets in motion. `Runner` performs all of it but what only a window can do.

use std::sync::Arc;

use super::action::Purpose;
use super::job::{Job, Slot};
use super::log::LogLine;
use crate::domain::Pixels;

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
