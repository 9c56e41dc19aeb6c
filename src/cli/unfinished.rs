//! Partial results of a command that must end while it is still working.

use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;

use super::{CommandOutput, Refusal};
use crate::workflow::Error;

type Finished = Box<dyn FnOnce() -> Option<Result<CommandOutput, Error>> + Send>;

/// Clones share it. A command that registers nothing has no partial results.
#[derive(Clone, Default)]
pub struct Unfinished(Arc<Mutex<Option<(ProgressBar, Finished)>>>);

impl Unfinished {
    /// Registers the source of the command's partial results; it gives `None` if the command is about to return its
    /// own.
    pub fn register(
        &self,
        bar: &ProgressBar,
        finished: impl FnOnce() -> Option<Result<CommandOutput, Error>> + Send + 'static,
    ) {
        let offered = Some((bar.clone(), Box::new(finished) as Finished));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = offered;
    }

    /// The partial results in place of the command's answer, with their files written; `None` if the command must be
    /// waited for.
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
