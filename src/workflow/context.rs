//! What outlives one call: folders, engines, open models.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use super::Error;
use super::engine_check::EngineCheck;
use super::keyed_lock::{KeyGuard, KeyedLock, lock};
use super::models::{self, LoadedModel};
use super::stored::InMemory;
use crate::domain::ModelCard;
use crate::jobs::Panicked;
use crate::progress::{Cancel, Cancelled, Progress};
use crate::runtime::{self, Device, Engines};
use crate::storage::{self, Places, runtime_library, settings};
use crate::text::notes::Note;

/// How many models stay open at once: the two that the user compares. A run over many photographs holds its own.
const OPEN_MODELS: usize = 2;

/// Folders, engines and open models. Creating one is cheap: libraries and models are loaded when first needed.
pub struct Context {
    pub places: Places,
    engines: Mutex<Option<Engines>>,
    find_engines: FindEngines,
    desk: Mutex<Desk>,
    keyed_lock: KeyedLock,
    /// Engine checks done by this process.
    checks: Mutex<Vec<EngineCheck>>,
    /// Models that ship with the application and could not be stored.
    in_memory: Mutex<Vec<(&'static str, Arc<InMemory>)>>,
    unwritten: Mutex<Option<ErrorKind>>,
    notes: Mutex<Notes>,
    /// Networks whose optimised graph could not be written by this process.
    unoptimised: Mutex<Vec<String>>,
    /// How many runs of the window may be writing a journal; locked while one is opened.
    kept_runs: Mutex<usize>,
}

/// What was reported about the stored models, each note once, and to whom.
#[derive(Default)]
struct Notes {
    reported: Vec<Note>,
    notify: Option<Listener>,
}

type Listener = Box<dyn Fn(&Note) + Send>;

/// How engines are found.
type FindEngines = Box<dyn Fn(&Places) -> Engines + Send + Sync>;

/// A model as the user named it, and the requested device.
type Key = (String, Device);

/// The open models, the most recently used first.
#[derive(Default)]
struct Desk {
    open: Vec<(Key, OpenModel)>,
    /// Grows whenever models are closed, so that a load started before does not put one back.
    cleared: u64,
}

/// An open model. Clones share it; its card can be read while it runs.
#[derive(Clone)]
pub struct OpenModel {
    pub card: Arc<ModelCard>,
    loaded: Arc<Mutex<LoadedModel>>,
}

impl OpenModel {
    /// The model for one run; waits for a run on another thread.
    ///
    /// # Errors
    /// A defect ended an earlier run on it, which may have left the engine between two states.
    pub(super) fn lock(&self) -> Result<MutexGuard<'_, LoadedModel>, Error> {
        let broken = "the model is closed, because a defect ended an earlier run on it";
        let locked = self.loaded.lock();
        locked.map_err(|_| Panicked(broken.to_owned()).into())
    }
}

/// `runtime.json` in the settings folder.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct RuntimeSettings {
    /// An ONNX Runtime library, or a folder that holds one.
    library: Option<PathBuf>,
}

impl Context {
    /// A context in this user's folders, from which leftovers of dead processes are removed. If the system names no
    /// folders, what ships with the application still runs.
    pub fn start() -> Self {
        let places = Places::of_this_user().unwrap_or_else(|_| Places::nowhere());
        storage::sweep(&places);
        Self::in_places(places)
    }

    /// A context in the given folders.
    pub fn in_places(places: Places) -> Self {
        Self::with_engines(places, discovered)
    }

    /// The same with engines found by the caller, at the first use and again after a library was installed. Tests use
    /// this to run the workflow on their own engines ([`Engines::of`]).
    pub fn with_engines(
        places: Places,
        find: impl Fn(&Places) -> Engines + Send + Sync + 'static,
    ) -> Self {
        Self {
            places,
            engines: Mutex::default(),
            find_engines: Box::new(find),
            desk: Mutex::default(),
            keyed_lock: KeyedLock::default(),
            checks: Mutex::default(),
            in_memory: Mutex::default(),
            unwritten: Mutex::default(),
            notes: Mutex::default(),
            unoptimised: Mutex::default(),
            kept_runs: Mutex::default(),
        }
    }

    /// Sets the receiver of notes on what the application did on its own with the models it keeps.
    pub fn on_note(&self, notify: impl Fn(&Note) + Send + 'static) {
        lock(&self.notes).notify = Some(Box::new(notify));
    }

    /// How many runs of the window may be writing a journal. Hold this lock while opening one.
    pub(super) fn kept_runs(&self) -> MutexGuard<'_, usize> {
        lock(&self.kept_runs)
    }

    /// Why models could not be stored, if models run from memory for this reason.
    pub fn unwritten(&self) -> Option<ErrorKind> {
        *lock(&self.unwritten)
    }

    /// The notes so far.
    pub fn notes(&self) -> Vec<Note> {
        lock(&self.notes).reported.clone()
    }

    pub(super) fn notify(&self, note: Note) {
        let mut notes = lock(&self.notes);
        if notes.reported.contains(&note) {
            return;
        }
        if let Some(notify) = &notes.notify {
            notify(&note);
        }
        notes.reported.push(note);
    }

    pub(super) fn in_memory(&self, id: &str) -> Option<Arc<InMemory>> {
        let kept = lock(&self.in_memory);
        let found = kept.iter().find(|(own, _)| *own == id);
        found.map(|(_, kept)| Arc::clone(kept))
    }

    /// Keeps a model that could not be stored.
    pub(super) fn keep_in_memory(&self, id: &'static str, model: &Arc<InMemory>, why: ErrorKind) {
        *lock(&self.unwritten) = Some(why);
        lock(&self.in_memory).push((id, Arc::clone(model)));
    }

    /// The inference engines, found at the first call.
    pub fn engines(&self) -> Engines {
        lock(&self.engines)
            .get_or_insert_with(|| (self.find_engines)(&self.places))
            .clone()
    }

    /// Closes the engines and the open models, so that the next call looks for libraries again. A process can load only
    /// one library of ONNX Runtime: if one is in use, everything stays open, and `false` means that what was installed
    /// takes effect at the next start.
    pub fn forget_engines(&self) -> bool {
        let mut engines = lock(&self.engines);
        if engines.as_ref().is_some_and(|e| e.library().is_some()) {
            return false;
        }
        *engines = None;
        drop(engines);
        self.let_go(|_| true);
        true
    }

    /// A model ready to run on a device; the two used last stay open. Threads that request the same one at once share
    /// it, loaded by the first.
    pub fn model(
        &self,
        model: &str,
        device: Device,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<OpenModel, Error> {
        let key = (model.to_owned(), device);
        let _turn = self.turn(format!("open {device} {model}"), cancel)?;
        let mut cleared = {
            let mut desk = lock(&self.desk);
            desk.open.retain(|(_, model)| !model.loaded.is_poisoned());
            if let Some(place) = desk.open.iter().position(|(k, _)| *k == key) {
                desk.open[..=place].rotate_right(1);
                return Ok(desk.open[0].1.clone());
            }
            desk.cleared
        };
        let loaded = match models::load(self, model, device, cancel, progress) {
            // Open models that are not in use make room.
            Err(Error::Memory { .. } | Error::Runtime(runtime::Error::Memory(_)))
                if !lock(&self.desk).open.is_empty() =>
            {
                self.let_go(|_| true);
                cleared = lock(&self.desk).cleared;
                models::load(self, model, device, cancel, progress)?
            }
            other => other?,
        };
        let opened = OpenModel {
            card: Arc::clone(&loaded.card),
            loaded: Arc::new(Mutex::new(loaded)),
        };
        let mut desk = lock(&self.desk);
        if desk.cleared == cleared {
            desk.open.truncate(OPEN_MODELS - 1);
            desk.open.insert(0, (key, opened.clone()));
        }
        Ok(opened)
    }

    /// Closes the models that no longer match their name. A running one is kept to the end of its run.
    pub(super) fn let_go(&self, gone: impl Fn(&ModelCard) -> bool) {
        let mut desk = lock(&self.desk);
        desk.cleared += 1;
        desk.open.retain(|(_, model)| !gone(&model.card));
    }

    /// A lock that gives one thread of this process the exclusive right to a task.
    pub(super) fn turn(&self, name: String, cancel: &Cancel) -> Result<KeyGuard, Cancelled> {
        self.keyed_lock.take(name, cancel)
    }

    /// Does not try again to write the optimised graph of a network.
    pub(super) fn skip_optimising(&self, network_sha256: &str) {
        lock(&self.unoptimised).push(network_sha256.to_owned());
    }

    pub(super) fn skips_optimising(&self, network_sha256: &str) -> bool {
        lock(&self.unoptimised)
            .iter()
            .any(|known| known == network_sha256)
    }

    /// The engine checks of this process.
    pub(super) fn remembered(&self) -> Vec<EngineCheck> {
        lock(&self.checks).clone()
    }

    pub(super) fn keep_check(&self, check: &EngineCheck) {
        let mut checks = lock(&self.checks);
        checks.retain(|other| !other.is_of(check));
        checks.push(check.clone());
    }
}

/// The embedded engine, and the library of ONNX Runtime that is chosen in the settings or found on this machine.
fn discovered(places: &Places) -> Engines {
    let chosen = runtime_settings(places).library;
    let found = runtime_library::find(places, chosen.as_deref());
    Engines::discover(&found, 0)
}

fn runtime_settings(places: &Places) -> RuntimeSettings {
    settings::load(&places.settings.join("runtime.json")).value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::demonstration::DEFAULT;

    fn context() -> (tempfile::TempDir, Context) {
        let home = tempfile::tempdir().unwrap();
        let context = Context::in_places(Places::below(home.path()));
        (home, context)
    }

    fn open(context: &Context) -> OpenModel {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        context
            .model(DEFAULT, Device::Embedded, &cancel, &progress)
            .unwrap()
    }

    #[test]
    fn the_library_named_in_the_settings_is_looked_at_first() {
        let (home, context) = context();
        assert_eq!(runtime_settings(&context.places).library, None);
        let chosen = RuntimeSettings {
            library: Some(home.path().join("libonnxruntime.so")),
        };
        settings::save(&context.places.settings.join("runtime.json"), &chosen).unwrap();
        assert_eq!(runtime_settings(&context.places), chosen);
        // It does not exist, so it is listed among the refused.
        let engines = context.engines();
        assert_eq!(engines.refused()[0].origin, crate::runtime::Origin::Setting);
    }

    #[test]
    fn threads_that_ask_at_once_share_one_model() {
        let (_home, context) = context();
        let opened: Vec<OpenModel> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| open(&context))).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert!(Arc::ptr_eq(&opened[0].loaded, &opened[1].loaded));
        assert!(Arc::ptr_eq(&opened[0].loaded, &opened[2].loaded));
    }

    #[test]
    fn a_model_whose_run_a_defect_ended_is_opened_anew() {
        let (_home, context) = context();
        let broken = open(&context);
        std::thread::scope(|scope| {
            let run = scope.spawn(|| {
                let _held = broken.lock().unwrap();
                panic!("in a run");
            });
            assert!(run.join().is_err());
        });
        assert!(matches!(broken.lock().err(), Some(Error::Defect(_))));
        assert!(open(&context).lock().is_ok());
    }

    #[test]
    fn a_stopped_load_leaves_the_way_free() {
        let (_home, context) = context();
        let stopped = Cancel::new();
        stopped.cancel();
        let refused = context.model(DEFAULT, Device::Embedded, &stopped, &Progress::new());
        assert!(matches!(refused.err(), Some(Error::Cancelled)));
        assert_eq!(open(&context).card.id, DEFAULT);
    }

    #[test]
    fn models_stay_open_until_they_are_let_go() {
        let (_home, context) = context();
        let first = open(&context);
        assert!(Arc::ptr_eq(&first.loaded, &open(&context).loaded));
        context.let_go(|card| card.id == "another");
        assert!(Arc::ptr_eq(&first.loaded, &open(&context).loaded));
        context.let_go(|card| card.id == DEFAULT);
        assert!(!Arc::ptr_eq(&first.loaded, &open(&context).loaded));
    }

    #[test]
    fn forgetting_closes_the_models_unless_a_library_is_in_use() {
        let (_home, context) = context();
        let first = open(&context);
        let in_use = context.engines().library().is_some();
        assert_eq!(context.forget_engines(), !in_use);
        assert_eq!(Arc::ptr_eq(&first.loaded, &open(&context).loaded), in_use);
    }
}
