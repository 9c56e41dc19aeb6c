//! A keyed lock: work that two threads request at once is done by one, while the other waits for it and can still be
//! stopped.

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::progress::{Cancel, Cancelled};

/// A lock poisoned by a panic still guards valid values here: every change is a single assignment.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The keys in use. Clones share them.
#[derive(Clone, Default)]
pub(super) struct KeyedLock(Arc<Shared>);

#[derive(Default)]
struct Shared {
    taken: Mutex<HashSet<String>>,
    changed: Condvar,
}

impl KeyedLock {
    /// Waits until no one else holds the key `name`, or until the user stops. The key is released when the guard is
    /// dropped, also by an error or a panic, so a load that was stopped does not block the next one.
    pub(super) fn take(&self, name: String, cancel: &Cancel) -> Result<KeyGuard, Cancelled> {
        let shared = Arc::clone(&self.0);
        let _hook = cancel.on_cancel(move || {
            // While the lock is held the flag cannot be set unseen between the check and the wait.
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

/// The exclusive right to a task.
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
            // Both threads must be released before the test may fail.
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
