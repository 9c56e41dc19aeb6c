//! The finished part of a run, accessible to a waiting caller.
//!
//! An engine in a pass and a decoder in a picture cannot be cancelled. The waiting caller then closes the partial
//! results: they are written, and what the run computes afterwards is dropped.

use std::sync::{Arc, Mutex};

use super::keyed_lock::lock;
use crate::progress::Cancelled;

/// Clones share the results; a new one is empty.
#[derive(Debug)]
pub struct PartialResults<T>(Arc<Mutex<State<T>>>);

#[derive(Debug)]
enum State<T> {
    Empty,
    Begun(T),
    Closed,
}

impl<T> Default for PartialResults<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State::Empty)))
    }
}

impl<T> Clone for PartialResults<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialResults<T> {
    /// Starts, unless it was closed before.
    pub(super) fn begin(&self, with: T) -> Result<(), Cancelled> {
        let mut page = lock(&self.0);
        match *page {
            State::Closed => Err(Cancelled),
            State::Empty | State::Begun(_) => {
                *page = State::Begun(with);
                Ok(())
            }
        }
    }

    /// Writes into the results, unless they were closed.
    pub(super) fn note<R>(&self, write: impl FnOnce(&mut T) -> R) -> Result<R, Cancelled> {
        match &mut *lock(&self.0) {
            State::Begun(begun) => Ok(write(begun)),
            State::Empty | State::Closed => Err(Cancelled),
        }
    }

    /// Takes the contents for good; the inner `None` if nothing was started, the outer if another caller was faster.
    pub(super) fn close(&self) -> Option<Option<T>> {
        match std::mem::replace(&mut *lock(&self.0), State::Closed) {
            State::Begun(begun) => Some(Some(begun)),
            State::Empty => Some(None),
            State::Closed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_given_once_and_nothing_is_noted_afterwards() {
        let partial: PartialResults<Vec<u8>> = PartialResults::default();
        assert_eq!(partial.note(|rows| rows.push(1)), Err(Cancelled));
        partial.begin(Vec::new()).unwrap();
        let other = partial.clone();
        partial.note(|rows| rows.push(1)).unwrap();
        assert_eq!(other.close(), Some(Some(vec![1])));
        assert_eq!(partial.close(), None);
        assert_eq!(partial.note(|rows| rows.push(2)), Err(Cancelled));
        assert_eq!(partial.begin(Vec::new()), Err(Cancelled));
        assert_eq!(PartialResults::<u8>::default().close(), Some(None));
    }
}
