//! What would be lost by closing the window or clearing the list, and the question about it.

use super::{Many, Photograph, State};

/// What the user is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Closing the window.
    Window,
    /// Removing every photograph from the list.
    List,
}

/// What would be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// Photographs with results that are in no file.
    pub unexported: usize,
    /// Work in progress would be stopped.
    pub work: bool,
}

impl Loss {
    pub fn is_any(self) -> bool {
        self != Self::default()
    }
}

impl State {
    /// What leaving would lose. The sample eye's results are not the user's, and refusals are no results.
    pub fn loss(&self, leaving: Leaving) -> Loss {
        let photographs = self.photographs.iter().filter(|p| p.source.is_own());
        let runs = self.running.is_some() || self.many.as_ref().is_some_and(Many::is_going_on);
        let writes = self.export.as_ref().is_some_and(|dialog| dialog.writing)
            || self.library.import.as_ref().is_some_and(|i| i.storing);
        Loss {
            unexported: photographs.filter(|p| p.has_unexported()).count(),
            work: runs || leaving == Leaving::Window && writes,
        }
    }
}

impl Photograph {
    /// True if a model's result is neither exported nor stored by a run with a folder.
    fn has_unexported(&self) -> bool {
        let mut answers = self.answers.iter();
        answers.any(|(model, answer)| !answer.case.is_refused() && !self.stored.contains(model))
    }
}
