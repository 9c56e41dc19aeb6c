//! Communication between a long task and the user: a cancel token, a gate for pausing, and progress figures.
//!
//! Plain values without threads; `runtime`, `workflow` and `jobs` share them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

type Hook = Box<dyn FnOnce() + Send>;

/// The user cancelled the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

#[derive(Default)]
struct CancelState {
    raised: AtomicBool,
    hooks: Mutex<Vec<(u64, Hook)>>,
    next: AtomicU64,
}

/// A flag that a task checks between steps, with hooks for calls that block. Clones share the flag.
#[derive(Clone, Default)]
pub struct Cancel(Arc<CancelState>);

impl Cancel {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag and runs every hook once.
    pub fn cancel(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        let hooks =
            std::mem::take(&mut *self.0.hooks.lock().unwrap_or_else(PoisonError::into_inner));
        for (_, hook) in hooks {
            hook();
        }
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }

    /// `Err(Cancelled)` once the flag is set: `cancel.check()?` between steps.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }

    /// Runs `hook` when the flag is set, or at once if it already is. Dropping the guard removes the hook.
    pub fn on_cancel(&self, hook: impl FnOnce() + Send + 'static) -> HookGuard {
        let id = self.0.next.fetch_add(1, Ordering::SeqCst);
        self.0
            .hooks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((id, Box::new(hook)));
        if self.is_cancelled() {
            self.cancel();
        }
        HookGuard {
            cancel: self.clone(),
            id,
        }
    }

    /// Whether a hook waits for the flag.
    #[cfg(test)]
    pub fn has_hooks(&self) -> bool {
        let hooks = self.0.hooks.lock();
        !hooks.unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// Keeps a cancel hook alive.
pub struct HookGuard {
    cancel: Cancel,
    id: u64,
}

impl Drop for HookGuard {
    fn drop(&mut self) {
        let mut hooks = self
            .cancel
            .0
            .hooks
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        hooks.retain(|(id, _)| *id != self.id);
    }
}

#[derive(Default)]
struct GateState {
    door: Mutex<Door>,
    changed: Condvar,
}

#[derive(Default)]
struct Door {
    shut: bool,
    /// Tokens that cancel the waiting threads.
    waiting: Vec<Cancel>,
}

impl GateState {
    fn lock(&self) -> MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, shut: bool) {
        self.lock().shut = shut;
        self.changed.notify_all();
    }
}

/// A gate at which a paused run waits. Clones share it; a new gate is open.
#[derive(Clone, Default)]
pub struct Gate(Arc<GateState>);

impl Gate {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn shut(&self) {
        self.0.set(true);
    }

    pub fn open(&self) {
        self.0.set(false);
    }

    pub fn is_shut(&self) -> bool {
        self.0.lock().shut
    }

    /// The number of tasks waiting for it to open; shows whether anything is still running.
    pub fn held(&self) -> usize {
        let door = self.0.lock();
        let waiting = door.waiting.iter().filter(|c| !c.is_cancelled());
        if door.shut { waiting.count() } else { 0 }
    }

    /// Returns at once if the gate is open, else when it opens. Cancelling ends the wait, and an open gate lets no
    /// cancelled task pass.
    pub fn wait(&self, cancel: &Cancel) -> Result<(), Cancelled> {
        let shared = Arc::clone(&self.0);
        let _hook = cancel.on_cancel(move || {
            // Under the lock, the flag cannot be set unnoticed between the check and the wait.
            let _held = shared.lock();
            shared.changed.notify_all();
        });
        let mut door = self.0.lock();
        door.waiting.push(cancel.clone());
        let waits = |door: &mut Door| door.shut && !cancel.is_cancelled();
        let passed = self.0.changed.wait_while(door, waits);
        door = passed.unwrap_or_else(PoisonError::into_inner);
        let own = door
            .waiting
            .iter()
            .position(|c| Arc::ptr_eq(&c.0, &cancel.0));
        if let Some(place) = own {
            door.waiting.swap_remove(place);
        }
        drop(door);
        cancel.check()
    }
}

type Listener = Box<dyn Fn(u64) + Send>;
type StepListener = Box<dyn Fn(u64, u64) + Send>;

#[derive(Default)]
struct ProgressState {
    done: AtomicU64,
    total: AtomicU64,
    memory: AtomicU64,
    on_memory: Mutex<Option<Listener>>,
    on_step: Mutex<Option<StepListener>>,
}

/// Shared progress figures, polled by the display. Clones share the figures.
#[derive(Clone, Default)]
pub struct Progress(Arc<ProgressState>);

impl Progress {
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task of `total` steps; 0 if the number is unknown.
    pub fn start(&self, total: u64) {
        self.0.done.store(0, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }

    pub fn advance(&self) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
        let listener = self.0.on_step.lock();
        if let Some(notify) = &*listener.unwrap_or_else(PoisonError::into_inner) {
            let (done, total) = self.steps();
            notify(done, total);
        }
    }

    /// Calls `notify` after each step with the steps done and in total.
    pub fn on_step(&self, notify: impl Fn(u64, u64) + Send + 'static) {
        let mut listener = self
            .0
            .on_step
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *listener = Some(Box::new(notify));
    }

    /// Steps done and steps in total; a total of 0 means unknown.
    pub fn steps(&self) -> (u64, u64) {
        (
            self.0.done.load(Ordering::Relaxed),
            self.0.total.load(Ordering::Relaxed),
        )
    }

    /// Announces how many bytes of memory the task will need at most.
    pub fn will_take(&self, bytes: u64) {
        self.0.memory.store(bytes, Ordering::Relaxed);
        let listener = self.0.on_memory.lock();
        if let Some(notify) = &*listener.unwrap_or_else(PoisonError::into_inner) {
            notify(bytes);
        }
    }

    /// The bytes announced last; `None` if the task announced none.
    pub fn memory(&self) -> Option<u64> {
        Some(self.0.memory.load(Ordering::Relaxed)).filter(|bytes| *bytes > 0)
    }

    /// Calls `notify` whenever a task announces its memory need.
    pub fn on_memory(&self, notify: impl Fn(u64) + Send + 'static) {
        let mut listener = self
            .0
            .on_memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *listener = Some(Box::new(notify));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_gate_lets_through_when_it_opens_and_when_the_person_stops() {
        let gate = Gate::new();
        assert_eq!(gate.wait(&Cancel::new()), Ok(()));
        gate.shut();
        assert!(gate.clone().is_shut());
        let (opened, stopped) = (Cancel::new(), Cancel::new());
        let (send, passed) = channel();
        std::thread::scope(|scope| {
            for (name, cancel) in [("opened", &opened), ("stopped", &stopped)] {
                let (send, gate) = (send.clone(), &gate);
                scope.spawn(move || send.send((name, gate.wait(cancel))));
            }
            let end = std::time::Instant::now() + Duration::from_secs(20);
            while gate.held() < 2 && std::time::Instant::now() < end {
                std::thread::yield_now();
            }
            let (both, early) = (gate.held(), passed.try_recv());
            // Release both threads before the test can fail.
            stopped.cancel();
            let one = gate.held();
            let first = passed.recv_timeout(Duration::from_secs(20));
            gate.open();
            let second = passed.recv_timeout(Duration::from_secs(20));
            assert!(early.is_err(), "{early:?}");
            assert_eq!((both, one, gate.held()), (2, 1, 0));
            assert_eq!(first, Ok(("stopped", Err(Cancelled))));
            assert_eq!(second, Ok(("opened", Ok(()))));
        });
        assert_eq!(gate.wait(&stopped), Err(Cancelled));
    }

    #[test]
    fn memory_is_told_beforehand_to_whoever_listens() {
        let progress = Progress::new();
        assert_eq!(progress.memory(), None);
        let (send, reported) = channel();
        progress.on_memory(move |bytes| {
            let _ = send.send(bytes);
        });
        progress.clone().will_take(5);
        assert_eq!((progress.memory(), reported.try_recv()), (Some(5), Ok(5)));
    }

    #[test]
    fn a_hook_runs_once_and_a_dropped_one_never() {
        let cancel = Cancel::new();
        let count = Arc::new(AtomicU64::new(0));
        let (kept, dropped) = (count.clone(), count.clone());
        let _guard = cancel.on_cancel(move || {
            kept.fetch_add(1, Ordering::SeqCst);
        });
        drop(cancel.on_cancel(move || {
            dropped.fetch_add(10, Ordering::SeqCst);
        }));
        cancel.cancel();
        cancel.cancel();
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert_eq!(cancel.check(), Err(Cancelled));
        let late = count.clone();
        let _late = cancel.on_cancel(move || {
            late.fetch_add(100, Ordering::SeqCst);
        });
        assert_eq!(count.load(Ordering::SeqCst), 101);
    }
}
