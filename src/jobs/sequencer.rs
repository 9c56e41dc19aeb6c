//! A passage that several threads take one after another, in the order of their numbers.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::progress::{Cancel, Cancelled};

/// Whose turn it is; numbers start at 0, and each is used once.
#[derive(Default)]
pub struct Sequencer {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    /// All smaller numbers have had their turn.
    next: usize,
    /// Larger numbers whose turn is over.
    over: BTreeSet<usize>,
}

/// The turn of one number, from the moment its thread starts to work until this is dropped, also by a panic.
pub struct Turn<'a> {
    sequencer: &'a Sequencer,
    number: usize,
}

impl Sequencer {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of a number. It ends when it is dropped, whether it was waited for or not.
    pub fn of(&self, number: usize) -> Turn<'_> {
        Turn {
            sequencer: self,
            number,
        }
    }
}

impl Turn<'_> {
    /// Waits until the turns of all smaller numbers are over.
    pub fn wait(&self, cancel: &Cancel) -> Result<(), Cancelled> {
        let mut queue = self.sequencer.lock();
        while queue.next < self.number {
            cancel.check()?;
            // Briefly, because a cancel does not wake this wait.
            let woken = self
                .sequencer
                .changed
                .wait_timeout(queue, Duration::from_millis(20));
            queue = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        cancel.check()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.sequencer.lock();
        queue.over.insert(self.number);
        while let next = queue.next
            && queue.over.remove(&next)
        {
            queue.next += 1;
        }
        drop(queue);
        self.sequencer.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn threads_pass_in_the_order_of_their_numbers() {
        let (sequencer, cancel) = (Sequencer::default(), Cancel::new());
        let passed = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for number in (0..20).rev() {
                let (sequencer, cancel, passed) = (&sequencer, &cancel, &passed);
                scope.spawn(move || {
                    let turn = sequencer.of(number);
                    // Every third has nothing to do.
                    if !number.is_multiple_of(3) {
                        turn.wait(cancel).unwrap();
                        passed.lock().unwrap().push(number);
                    }
                });
            }
        });
        let passed = passed.into_inner().unwrap();
        assert_eq!(passed.len(), 13);
        assert!(passed.is_sorted());
    }

    #[test]
    fn a_cancel_ends_the_wait() {
        let (sequencer, cancel) = (Sequencer::default(), Cancel::new());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| sequencer.of(1).wait(&cancel));
            cancel.cancel();
            assert_eq!(waiting.join().unwrap(), Err(Cancelled));
        });
    }
}
