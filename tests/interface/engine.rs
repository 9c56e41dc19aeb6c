//! An engine that the test can hold, fail and count. The embedded engine computes, on networks small enough to take
//! almost no time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use gantei::domain::{EngineUsed, Tensor, Unavailable};
use gantei::graph;
use gantei::progress::Cancel;
use gantei::runtime::{
    self, Availability, Device, Embedded, Engine as _, Model, Session, SessionOptions,
};

/// Longest wait for work, however busy the machine is; no test takes a tenth of it.
pub const PATIENCE: Duration = Duration::from_secs(120);

struct Queue {
    /// Number of turns that may proceed.
    released: usize,
    /// The waiting turns, and what cancels them.
    waiting: Vec<(usize, Cancel)>,
}

/// A gate for passes through networks; open until a test holds it.
pub struct KeyedLock {
    queue: Mutex<Queue>,
    changed: Condvar,
    begun: AtomicUsize,
    cancelled: AtomicUsize,
}

impl Default for KeyedLock {
    fn default() -> Self {
        Self {
            queue: Mutex::new(Queue {
                released: usize::MAX,
                waiting: Vec::new(),
            }),
            changed: Condvar::new(),
            begun: AtomicUsize::new(0),
            cancelled: AtomicUsize::new(0),
        }
    }
}

impl KeyedLock {
    /// From now on every pass waits to be released.
    pub fn hold(&self) {
        self.queue.lock().unwrap().released = self.begun();
    }

    /// Releases this many passes, the waiting ones first.
    pub fn release(&self, count: usize) {
        let mut queue = self.queue.lock().unwrap();
        queue.released = queue.released.saturating_add(count);
        self.changed.notify_all();
    }

    /// Releases all passes, also later ones.
    pub fn open(&self) {
        self.release(usize::MAX);
    }

    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    pub fn cancelled(&self) -> usize {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Number of passes that wait until the test releases them.
    pub fn held(&self) -> usize {
        let queue = self.queue.lock().unwrap();
        let waits =
            |(turn, cancel): &&(usize, Cancel)| *turn >= queue.released && !cancel.is_cancelled();
        queue.waiting.iter().filter(waits).count()
    }

    /// Waits for its turn; false after a cancel, which is counted.
    pub fn take(&self, cancel: &Cancel) -> bool {
        let end = Instant::now() + PATIENCE;
        let mut queue = self.queue.lock().unwrap();
        // Under the lock, so that `hold` knows which passes came before it.
        let turn = self.begun.fetch_add(1, Ordering::SeqCst);
        queue.waiting.push((turn, cancel.clone()));
        while queue.released <= turn && !cancel.is_cancelled() && Instant::now() < end {
            let waited = self.changed.wait_timeout(queue, Duration::from_millis(5));
            queue = waited.unwrap().0;
        }
        queue.waiting.retain(|(waiting, _)| *waiting != turn);
        let released = queue.released > turn;
        drop(queue);
        if !released && cancel.is_cancelled() {
            self.cancelled.fetch_add(1, Ordering::SeqCst);
            return false;
        }
        assert!(released, "nobody released the turn");
        true
    }
}

/// Passes by purpose, as far as an engine can tell.
#[derive(Default)]
struct Passes {
    runs: KeyedLock,
    /// Those of one model, which wait here first.
    of_models: Mutex<HashMap<String, Arc<KeyedLock>>>,
    covers: KeyedLock,
    maps: KeyedLock,
    fails: Mutex<Option<runtime::Error>>,
    panics: AtomicBool,
}

/// Replaces the embedded engine. Clones share it.
#[derive(Clone, Default)]
pub struct Engine(Arc<Passes>);

impl Engine {
    /// Passes of stored networks for a score with its map: one for each photograph and model.
    pub fn runs(&self) -> &KeyedLock {
        &self.0.runs
    }

    /// Those of one model.
    pub fn runs_of(&self, model: &str) -> Arc<KeyedLock> {
        let mut of_models = self.0.of_models.lock().unwrap();
        Arc::clone(of_models.entry(model.to_owned()).or_default())
    }

    /// Passes of stored networks for a score alone: for covered photographs, and before a map.
    pub fn covers(&self) -> &KeyedLock {
        &self.0.covers
    }

    /// Passes of networks built for a map or its sanity checks, one for each batch.
    pub fn maps(&self) -> &KeyedLock {
        &self.0.maps
    }

    /// The error of all passes from now on; `None` lets them succeed again.
    pub fn fail(&self, error: Option<runtime::Error>) {
        *self.0.fails.lock().unwrap() = error;
    }

    /// The next pass panics, as a defect of the application would.
    pub fn panic_once(&self) {
        self.0.panics.store(true, Ordering::SeqCst);
    }

    /// Number of passes that wait for the test. Only the test's thread reads it and releases passes, so that none of
    /// them proceeds meanwhile.
    pub fn held(&self) -> usize {
        let passes = &*self.0;
        let of_models = passes.of_models.lock().unwrap();
        let all = [&passes.runs, &passes.covers, &passes.maps];
        let all = all.into_iter().chain(of_models.values().map(|t| &**t));
        all.map(KeyedLock::held).sum()
    }

    fn open_as(
        &self,
        how: SessionOptions,
        model: Model<'_>,
        used: Option<EngineUsed>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, runtime::Error> {
        let session = Embedded.open(how, Device::Embedded, model, cancel)?;
        Ok(Box::new(Watched {
            used: used.unwrap_or_else(|| session.used().clone()),
            session,
            passes: Arc::clone(&self.0),
            of_model: model.file().map(|path| {
                let id = path.parent().and_then(|p| p.file_name()).unwrap();
                self.runs_of(&id.to_string_lossy())
            }),
        }))
    }
}

impl runtime::Engine for Engine {
    fn open(
        &self,
        how: SessionOptions,
        _: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, runtime::Error> {
        self.open_as(how, model, None, cancel)
    }

    fn presence(&self, device: Device) -> Availability {
        Embedded.presence(device)
    }
}

/// The same in place of an ONNX Runtime library with only the CPU provider.
pub struct Library {
    pub engine: Engine,
    pub version: &'static str,
}

impl runtime::Engine for Library {
    fn open(
        &self,
        how: SessionOptions,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, runtime::Error> {
        if let Availability::Absent(reason) | Availability::Broken(reason) = self.presence(device) {
            return Err(runtime::Error::Device { device, reason });
        }
        let used = EngineUsed {
            engine: "onnxruntime".into(),
            provider: "CPUExecutionProvider".into(),
            version: self.version.into(),
        };
        self.engine.open_as(how, model, Some(used), cancel)
    }

    fn presence(&self, device: Device) -> Availability {
        match device {
            Device::Cpu => Availability::Present,
            _ => Availability::Absent(Unavailable::NotBuiltIn),
        }
    }
}

struct Watched {
    session: Box<dyn Session>,
    used: EngineUsed,
    passes: Arc<Passes>,
    /// `None` for a network that is not stored.
    of_model: Option<Arc<KeyedLock>>,
}

impl Session for Watched {
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, runtime::Error> {
        let passes = &self.passes;
        // The head of a network after its run: its map belongs to that run.
        if !inputs.iter().any(|(name, _)| *name == graph::INPUT) {
            return self.session.run(inputs, outputs, cancel);
        }
        let is_run = outputs.contains(&graph::FEATURES);
        let goes_on = match &self.of_model {
            None => passes.maps.take(cancel),
            Some(own) if is_run => own.take(cancel) && passes.runs.take(cancel),
            Some(_) => passes.covers.take(cancel),
        };
        if !goes_on {
            return Err(runtime::Error::Cancelled);
        }
        assert!(
            !passes.panics.swap(false, Ordering::SeqCst),
            "a defect in the engine"
        );
        if let Some(error) = passes.fails.lock().unwrap().clone() {
            return Err(error);
        }
        self.session.run(inputs, outputs, cancel)
    }

    fn used(&self) -> &EngineUsed {
        &self.used
    }
}
