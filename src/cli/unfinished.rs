//! What can be said of a command that must end while it still works.

use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;

use super::{CommandOutput, Refusal};
use crate::workflow::Error;

type Finished = Box<dyn FnOnce() -> Option<Result<CommandOutput, Error>> + Send>;

/// Clones share it. A command that offers nothing has finished nothing.
#[derive(Clone, Default)]
pub struct Unfinished(Arc<Mutex<Option<(ProgressBar, Finished)>>>);

impl Unfinished {
    /// What a command is going to have finished, should it be asked; `None` where it is about to say so itself.
    pub fn register(
        &self,
        bar: &ProgressBar,
        finished: impl FnOnce() -> Option<Result<CommandOutput, Error>> + Send + 'static,
    ) {
        let offered = Some((bar.clone(), Box::new(finished) as Finished));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = offered;
    }

    /// The answer in the command's place, with its files written; `None` where the command must be waited for.
    pub fn answer(&self) -> Option<Result<CommandOutput, Refusal>> {
        let offered = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((bar, finished)) = offered else {
            return Some(Err(Error::Cancelled.into()));
        };
        let answer = finished()?;
        bar.finish_and_clear();
        Some(answer.map_err(Refusal::from))
    }
}
