//! What jobs work with: the application's workflow in this user's folders, and the data that a window keeps in
//! addition.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::{Failure, Settings};
use crate::storage::recent::Recent;
use crate::storage::{Places, settings};
use crate::text::notes::Note;
use crate::workflow::cover::Covers;
use crate::workflow::{Context, Error};

/// Name of the settings file.
pub const SETTINGS_FILE: &str = "window.json";

/// The workflow with its context and the path of the settings.
pub struct WorkflowContext {
    pub(super) context: Context,
    settings_path: Option<PathBuf>,
    /// Prepared data of the cover brush.
    pub(super) covers: Covers,
    /// Number of the context's notes that were reported.
    notes_reported: Mutex<usize>,
}

impl WorkflowContext {
    /// Starts the workflow and reads the settings. Never fails: anything missing is reported when it is needed.
    pub fn open() -> (Self, Settings) {
        let settings_path = Places::of_this_user()
            .ok()
            .map(|places| places.settings.join(SETTINGS_FILE));
        let loaded = settings_path.as_deref().map(settings::load::<Settings>);
        let workflow = Self {
            settings_path,
            ..Self::of(Context::start())
        };
        (workflow, loaded.map(|l| l.value).unwrap_or_default())
    }

    /// The workflow and the settings in the given folders.
    pub fn in_places(places: &Places) -> Self {
        Self::of(Context::in_places(places.clone()))
    }

    /// The same with the given context.
    pub fn of(context: Context) -> Self {
        Self {
            settings_path: Some(context.places.settings.join(SETTINGS_FILE)),
            context,
            covers: Covers::default(),
            notes_reported: Mutex::default(),
        }
    }

    /// What the application did on its own since the last call and the user should know.
    pub fn notes(&self) -> Vec<Note> {
        let notes = self.context.notes();
        let reported = self.notes_reported.lock();
        let mut reported = reported.unwrap_or_else(PoisonError::into_inner);
        let new = notes.get(*reported..).unwrap_or_default();
        *reported = notes.len();
        // Models that could not be stored are reported by the job that prepared them.
        let is_new = |note: &&Note| !matches!(note, Note::FromMemory { .. });
        new.iter().filter(is_new).cloned().collect()
    }

    pub fn save_settings(&self, settings: &Settings) -> Result<(), Failure> {
        match &self.settings_path {
            Some(path) => settings::save(path, settings)
                .map_err(|e| Failure::from(Error::settings_unwritten(e))),
            None => Ok(()),
        }
    }

    /// The recent files, newest first.
    pub(super) fn recent(&self) -> Vec<PathBuf> {
        Recent::load(&self.context.places).files
    }

    /// An empty list forgets them all.
    pub fn save_recent(&self, files: &[PathBuf]) -> Result<(), Failure> {
        let mut recent = Recent {
            files: files.to_vec(),
        };
        let places = &self.context.places;
        let saved = match files.is_empty() {
            true => recent.clear(places),
            false => recent.save(places),
        };
        saved.map_err(|e| Failure::from(Error::from(e)))
    }
}
