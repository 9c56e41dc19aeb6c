//! What outlives one call: folders, engines, open models.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::Error;
use super::models::{self, LoadedModel};
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Engines};
use crate::storage::{Places, runtime_library, settings};

/// How many models stay open at once: the two that a person compares.
const OPEN_MODELS: usize = 2;

type Shared = Arc<Mutex<LoadedModel>>;

/// Folders, engines and open models. Starting one is cheap: libraries and models are loaded when first asked for.
pub struct Context {
    pub places: Places,
    /// A library or folder that the person named in the settings, searched first.
    library: Option<PathBuf>,
    engines: OnceLock<Engines>,
    open: Mutex<Vec<((String, Device), Shared)>>,
}

/// `runtime.json` in the settings folder.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct RuntimeSettings {
    /// An ONNX Runtime library, or a folder that holds one.
    library: Option<PathBuf>,
}

impl Context {
    /// A context in this user's folders.
    pub fn start() -> Result<Self, Error> {
        Ok(Self::in_places(Places::of_this_user()?))
    }

    /// A context in folders of one's own choice.
    pub fn in_places(places: Places) -> Self {
        let chosen: RuntimeSettings = settings::load(&places.settings.join("runtime.json")).value;
        Self {
            places,
            library: chosen.library,
            engines: OnceLock::new(),
            open: Mutex::new(Vec::new()),
        }
    }

    /// The inference engines, which are looked for at the first call.
    pub fn engines(&self) -> &Engines {
        self.engines.get_or_init(|| {
            let found = runtime_library::find(&self.places, self.library.as_deref());
            Engines::discover(&found, 0)
        })
    }

    /// A model ready to run on a device; the two used last stay open.
    pub fn model(
        &self,
        model: &str,
        device: Device,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Shared, Error> {
        let key = (model.to_owned(), device);
        if let Some((_, loaded)) = lock(&self.open).iter().find(|(k, _)| *k == key) {
            return Ok(loaded.clone());
        }
        let loaded = Arc::new(Mutex::new(models::load(
            self, model, device, cancel, progress,
        )?));
        let mut open = lock(&self.open);
        open.retain(|(k, _)| *k != key);
        open.truncate(OPEN_MODELS - 1);
        open.insert(0, (key, loaded.clone()));
        Ok(loaded)
    }
}

/// A lock whose former holder panicked still guards sound values here: every change is a whole assignment.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_named_in_the_settings_is_looked_at_first() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        assert_eq!(Context::in_places(places.clone()).library, None);
        let named = home.path().join("libonnxruntime.so");
        let chosen = RuntimeSettings {
            library: Some(named.clone()),
        };
        settings::save(&places.settings.join("runtime.json"), &chosen).unwrap();
        let context = Context::in_places(places);
        assert_eq!(context.library, Some(named));
        // It is not there, so it is told among the refused.
        let refused = context.engines().refused();
        assert_eq!(refused[0].origin, crate::runtime::Origin::Setting);
    }
}
