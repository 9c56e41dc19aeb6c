//! What would be lost by closing the window or clearing the list, and the question about it.

use super::{Many, PhotoId, Photograph, State};

/// What the user is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Closing the window.
    Window,
    /// Removing every photograph from the list.
    List,
    /// Showing this frame of a photograph: results of the former one do not hold for it.
    Frame(PhotoId, u32),
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
        if let Leaving::Frame(id, _) = leaving {
            let of_frame = self.photograph(id).is_some_and(Photograph::has_unexported);
            return Loss {
                unexported: usize::from(of_frame),
                work: false,
            };
        }
        // Undo ends with the window; what was given up knowingly is not asked about again.
        let undoable = self.removals.iter().filter(|r| !r.given_up);
        let removed = undoable.flat_map(|r| &r.photographs);
        let removed = removed.filter(|_| leaving == Leaving::Window);
        let photographs = self.photographs.iter().chain(removed);
        let photographs = photographs.filter(|p| p.source.is_own());
        let runs = self.running.is_some()
            || self.many.as_ref().is_some_and(Many::is_going_on)
            || self.study.is_running();
        let writes = self.export.as_ref().is_some_and(|dialog| dialog.writing)
            || self.library.import.as_ref().is_some_and(|i| i.storing);
        Loss {
            unexported: photographs.filter(|p| p.has_unexported()).count(),
            work: runs || leaving == Leaving::Window && writes,
        }
    }
}

impl Photograph {
    fn has_unexported(&self) -> bool {
        self.unexported().next().is_some()
    }

    /// The models whose results are neither exported nor stored by a run with a folder.
    pub(in crate::app) fn unexported(&self) -> impl Iterator<Item = &String> {
        let answers = self.answers.iter();
        let in_no_file =
            answers.filter(|(model, a)| !a.case.is_refused() && !self.stored.contains(*model));
        in_no_file.map(|(model, _)| model)
    }
}
