//! The lanes: named threads with a queue each, so that urgent work never queues behind work that can wait.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Who waits for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The user looks at the screen and waits. Two threads, so that a picture opens while a model runs.
    Interactive,
    /// Work of moments to minutes that the user waits for, such as an export. One thread.
    Background,
    /// Work of seconds to minutes whose progress the user watches, such as a saliency map: neither a run nor an export
    /// queues behind it. One thread.
    Watched,
    /// Work of hours that may be paused for as long, such as a run over many photographs. One thread of its own.
    Long,
    /// Work that may be viewed soon, such as thumbnails: it never queues behind long work. One thread.
    ReadAhead,
    /// The job itself waits, for the user as a file dialog does, or for a disk that may not respond: a thread of its
    /// own.
    WaitingUser,
}

pub(super) type Task = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Task>,
    workers: usize,
    busy: usize,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Lanes {
    interactive: Arc<Shared>,
    background: Arc<Shared>,
    watched: Arc<Shared>,
    long: Arc<Shared>,
    read_ahead: Arc<Shared>,
    /// Counts the threads that wait for the user; nothing queues here.
    person: Arc<Shared>,
}

impl Lanes {
    pub(super) fn start() -> std::io::Result<Self> {
        let lanes = Self {
            interactive: Arc::default(),
            background: Arc::default(),
            watched: Arc::default(),
            long: Arc::default(),
            read_ahead: Arc::default(),
            person: Arc::default(),
        };
        for name in ["interactive-1", "interactive-2"] {
            start_worker(name, Arc::clone(&lanes.interactive))?;
        }
        start_worker("background", Arc::clone(&lanes.background))?;
        start_worker("watched", Arc::clone(&lanes.watched))?;
        start_worker("long", Arc::clone(&lanes.long))?;
        start_worker("ahead", Arc::clone(&lanes.read_ahead))?;
        Ok(lanes)
    }

    pub(super) fn push(&self, lane: Lane, task: Task) {
        let shared = match lane {
            Lane::Interactive => &self.interactive,
            Lane::Background => &self.background,
            Lane::Watched => &self.watched,
            Lane::Long => &self.long,
            Lane::ReadAhead => &self.read_ahead,
            Lane::WaitingUser => {
                self.ask(task);
                return;
            }
        };
        let mut queue = shared.lock();
        if !queue.closed {
            queue.waiting.push_back(task);
            shared.changed.notify_all();
        }
    }

    fn ask(&self, task: Task) {
        let shared = Arc::clone(&self.person);
        shared.lock().busy += 1;
        let started = thread::Builder::new().name("person".into()).spawn(move || {
            task();
            shared.lock().busy -= 1;
        });
        // Without a thread the question is not asked, as if the user had declined.
        if started.is_err() {
            self.person.lock().busy -= 1;
        }
    }

    /// True while a job is running, or queued although a thread is free; `held` running jobs are not counted.
    pub(super) fn are_working(&self, held: usize) -> bool {
        let lanes = [
            &self.interactive,
            &self.background,
            &self.watched,
            &self.long,
            &self.read_ahead,
            &self.person,
        ];
        let mut at_work = 0;
        for shared in lanes {
            let queue = shared.lock();
            if !queue.waiting.is_empty() && queue.busy < queue.workers {
                return true;
            }
            at_work += queue.busy;
        }
        at_work != held
    }

    /// Empties the queues, stops the workers and waits for running jobs; true if all ended in time.
    pub(super) fn close(&self, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        let lanes = [
            &self.interactive,
            &self.background,
            &self.watched,
            &self.long,
            &self.read_ahead,
        ];
        for shared in lanes {
            let mut queue = shared.lock();
            queue.closed = true;
            queue.waiting.clear();
            shared.changed.notify_all();
        }
        lanes.iter().all(|shared| {
            let left = end.saturating_duration_since(Instant::now());
            let (queue, _) = shared
                .changed
                .wait_timeout_while(shared.lock(), left, |queue| queue.busy > 0)
                .unwrap_or_else(PoisonError::into_inner);
            queue.busy == 0
        })
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.close(Duration::ZERO);
    }
}

fn start_worker(name: &str, shared: Arc<Shared>) -> std::io::Result<()> {
    shared.lock().workers += 1;
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || work_off(&shared))
        .map(drop)
}

fn work_off(shared: &Shared) {
    loop {
        let mut queue = shared
            .changed
            .wait_while(shared.lock(), |queue| {
                queue.waiting.is_empty() && !queue.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        let Some(task) = queue.waiting.pop_front() else {
            return;
        };
        queue.busy += 1;
        drop(queue);
        task();
        shared.lock().busy -= 1;
        shared.changed.notify_all();
    }
}
