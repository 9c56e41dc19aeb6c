//! What a run has finished so far, within reach of whoever waits for it.
//!
//! An engine in a pass and a decoder in a picture do not hear that they shall stop. Then whoever waits closes the ledger:
//! what stands in it is written, and the run comes too late with what it still does.

use std::sync::{Arc, Mutex};

use super::context::lock;
use crate::progress::Cancelled;

/// Clones share the ledger; a new one is empty.
#[derive(Debug)]
pub struct Ledger<T>(Arc<Mutex<Page<T>>>);

#[derive(Debug)]
enum Page<T> {
    Empty,
    Begun(T),
    Closed,
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Page::Empty)))
    }
}

impl<T> Clone for Ledger<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Ledger<T> {
    /// Begins, unless it was closed before.
    pub(super) fn begin(&self, with: T) -> Result<(), Cancelled> {
        let mut page = lock(&self.0);
        match *page {
            Page::Closed => Err(Cancelled),
            Page::Empty | Page::Begun(_) => {
                *page = Page::Begun(with);
                Ok(())
            }
        }
    }

    /// Writes into it, unless it was closed.
    pub(super) fn note<R>(&self, write: impl FnOnce(&mut T) -> R) -> Result<R, Cancelled> {
        match &mut *lock(&self.0) {
            Page::Begun(begun) => Ok(write(begun)),
            Page::Empty | Page::Closed => Err(Cancelled),
        }
    }

    /// Takes what stands in it for good; the inner `None` where nothing was begun, the outer where another was faster.
    pub(super) fn close(&self) -> Option<Option<T>> {
        match std::mem::replace(&mut *lock(&self.0), Page::Closed) {
            Page::Begun(begun) => Some(Some(begun)),
            Page::Empty => Some(None),
            Page::Closed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_given_once_and_nothing_is_noted_afterwards() {
        let ledger: Ledger<Vec<u8>> = Ledger::default();
        assert_eq!(ledger.note(|rows| rows.push(1)), Err(Cancelled));
        ledger.begin(Vec::new()).unwrap();
        let other = ledger.clone();
        ledger.note(|rows| rows.push(1)).unwrap();
        assert_eq!(other.close(), Some(Some(vec![1])));
        assert_eq!(ledger.close(), None);
        assert_eq!(ledger.note(|rows| rows.push(2)), Err(Cancelled));
        assert_eq!(ledger.begin(Vec::new()), Err(Cancelled));
        assert_eq!(Ledger::<u8>::default().close(), Some(None));
    }
}
