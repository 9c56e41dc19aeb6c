//! One piece of work on its own thread, for callers with something else to do until they need its result.

use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use super::{Panicked, caught};

/// Work in the background. Dropping this detaches it.
pub struct Background<T> {
    result: Arc<OnceLock<Result<T, Panicked>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + Sync + 'static> Background<T> {
    /// Starts the work. If the system cannot start a thread, it runs at once on this one.
    pub fn begin(work: impl FnOnce() -> T + Clone + Send + 'static) -> Self {
        let result = Arc::new(OnceLock::new());
        let (kept, own) = (Arc::clone(&result), work.clone());
        let thread = thread::Builder::new()
            .name("background".to_owned())
            .spawn(move || drop(kept.set(caught(own))));
        if thread.is_err() {
            drop(result.set(caught(work)));
        }
        Self {
            result,
            thread: thread.ok(),
        }
    }

    /// Waits for the result.
    pub fn wait(&self) -> &Result<T, Panicked> {
        self.result.wait()
    }

    /// Waits for the result and takes it.
    pub fn end(self) -> Result<T, Panicked> {
        self.result.wait();
        if let Some(thread) = self.thread {
            // Its panics are in the result.
            let _ = thread.join();
        }
        let result = Arc::into_inner(self.result).and_then(OnceLock::into_inner);
        result.unwrap_or_else(|| Err(Panicked("the result of a thread was lost".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn the_result_is_waited_for_by_several_and_taken_by_one() {
        let (go, held) = channel();
        let held = Arc::new(std::sync::Mutex::new(held));
        let work = Background::begin(move || {
            let _ = held.lock().unwrap().recv();
            7
        });
        thread::scope(|scope| {
            let waiting = [0, 1].map(|_| scope.spawn(|| work.wait().clone()));
            go.send(()).unwrap();
            for thread in waiting {
                assert_eq!(thread.join().unwrap(), Ok(7));
            }
        });
        assert_eq!(work.end(), Ok(7));
    }

    #[test]
    fn a_panic_is_a_result() {
        let work = Background::begin(|| -> u8 { panic!("a defect") });
        assert_eq!(work.wait(), &Err(Panicked("a defect".to_owned())));
        assert_eq!(work.end(), Err(Panicked("a defect".to_owned())));
    }
}
