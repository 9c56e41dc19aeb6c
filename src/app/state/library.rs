//! The model library and the engines: lists, self-tests, an import in progress, devices of this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Failure;
use crate::runtime::DevicesReport;
use crate::workflow::{Damaged, ImportFlags, Inspected, ModelFile, ModelSummary, SelfTest};

/// The installed models.
#[derive(Clone, Debug)]
pub enum Models {
    Pending,
    Ready(Vec<ModelSummary>),
    Failed(Failure),
}

/// Something that is loaded or computed on demand, and may fail.
#[derive(Clone, Debug, Default)]
pub enum Loadable<T> {
    #[default]
    NotRequested,
    Pending,
    Ready(T),
    Failed(Failure),
}

impl<T> Loadable<T> {
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending)
    }

    pub fn of(result: Result<T, Failure>) -> Self {
        match result {
            Ok(value) => Self::Ready(value),
            Err(failure) => Self::Failed(failure),
        }
    }
}

/// A Keras file that is being imported.
#[derive(Clone, Debug)]
pub struct Import {
    pub file: PathBuf,
    /// The file name without its folder.
    pub name: String,
    /// What the user stated about the model.
    pub flags: ImportFlags,
    pub inspected: Loadable<Arc<Inspected>>,
    pub storing: bool,
    /// Why it could not be stored.
    pub failure: Option<Failure>,
}

impl Import {
    /// What is known before the user states anything. The form marks each guess; nothing is stored before the user
    /// agrees.
    pub fn first_flags() -> ImportFlags {
        ImportFlags {
            guess: true,
            ..ImportFlags::default()
        }
    }

    /// True if the user has stated something about the model.
    pub fn is_stated(&self) -> bool {
        self.flags != Self::first_flags()
    }
}

/// A library or wheel that is being installed.
#[derive(Clone, Debug)]
pub enum RuntimeInstall {
    Pending,
    /// Its checksum is unknown: the user has to confirm.
    NotPinned {
        file: PathBuf,
        sha256: String,
    },
    Done {
        restart_needed: bool,
        /// Why the library cannot be used, if it cannot.
        refused: Option<String>,
    },
    Failed(Failure),
}

/// Models and engines, apart from the list of models.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The bundled models were unpacked in this session.
    pub prepared: bool,
    pub self_tests: BTreeMap<String, Loadable<SelfTest>>,
    /// Models in the library that cannot be used.
    pub damaged: Vec<Damaged>,
    pub import: Option<Import>,
    /// Id of the last imported model, until the next file is chosen.
    pub imported: Option<String>,
    /// A model whose files are to be written once a folder is chosen.
    pub exporting: Option<(String, ModelFile)>,
    pub devices: Loadable<Arc<DevicesReport>>,
    pub installing: Option<RuntimeInstall>,
}
