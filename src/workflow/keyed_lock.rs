//! Turns: work that two threads want at once is done by one, and the other waits for it without deafness to a stop.

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::progress::{Cancel, Cancelled};

/// A lock whose former holder panicked still guards sound values here: every change is a whole assignment.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is being worked at, by name. Clones share it.
#[derive(Clone, Default)]
pub(super) struct KeyedLock(Arc<Shared>);

#[derive(Default)]
struct Shared {
    taken: Mutex<HashSet<String>>,
    changed: Condvar,
}

impl KeyedLock {
    /// Waits until nobody else has the turn called `name`, or until the person stops. The turn ends when it is dropped,
    /// also by an error or a panic, so a load that was stopped leaves the way free for the next.
    pub(super) fn take(&self, name: String, cancel: &Cancel) -> Result<KeyGuard, Cancelled> {
        let shared = Arc::clone(&self.0);
        let _hook = cancel.on_cancel(move || {
            // With the lock held the flag cannot go up unseen between the look at it and the waiting.
            let _held = lock(&shared.taken);
            shared.changed.notify_all();
        });
        let mut taken = self
            .0
            .changed
            .wait_while(lock(&self.0.taken), |taken| {
                taken.contains(&name) && !cancel.is_cancelled()
            })
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        cancel.check()?;
        taken.insert(name.clone());
        drop(taken);
        Ok(KeyGuard {
            keyed_lock: self.clone(),
            name,
        })
    }
}

/// The right to do one thing alone.
pub(super) struct KeyGuard {
    keyed_lock: KeyedLock,
    name: String,
}

impl Drop for KeyGuard {
    fn drop(&mut self) {
        lock(&self.keyed_lock.0.taken).remove(&self.name);
        self.keyed_lock.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_turn_is_waited_for_and_the_waiting_can_be_stopped() {
        let keyed_lock = KeyedLock::default();
        let (calm, stopped) = (Cancel::new(), Cancel::new());
        let first = keyed_lock.take("model".to_owned(), &calm).unwrap();
        drop(keyed_lock.take("other".to_owned(), &calm).unwrap());
        let (send, came) = channel();
        std::thread::scope(|scope| {
            for (name, cancel) in [("calm", &calm), ("stopped", &stopped)] {
                let (send, keyed_lock) = (send.clone(), &keyed_lock);
                scope.spawn(move || {
                    let turn = keyed_lock.take("model".to_owned(), cancel);
                    send.send((name, turn.is_ok()))
                });
            }
            let early = came.recv_timeout(Duration::from_millis(50));
            // Whatever came early, both threads must be let go before the test may fail.
            stopped.cancel();
            let second = came.recv_timeout(Duration::from_secs(20));
            drop(first);
            let third = came.recv_timeout(Duration::from_secs(20));
            assert!(early.is_err(), "{early:?}");
            assert_eq!(second, Ok(("stopped", false)));
            assert_eq!(third, Ok(("calm", true)));
        });
    }

    #[test]
    fn a_panic_ends_its_turn() {
        let keyed_lock = KeyedLock::default();
        let other = keyed_lock.clone();
        let ended = std::thread::spawn(move || {
            let _turn = other.take("model".to_owned(), &Cancel::new());
            panic!("while loading");
        });
        assert!(ended.join().is_err());
        assert!(keyed_lock.take("model".to_owned(), &Cancel::new()).is_ok());
    }
}
