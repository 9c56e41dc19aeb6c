//! The only module that touches the file system: where things are kept, limited reads, atomic writes.

pub mod atomic;
mod disc;
pub mod engine_checks;
pub mod features;
mod folder_files;
pub mod journal;
mod leftovers;
pub mod library;
pub mod memory;
pub mod naming;
pub mod optimised_graph;
pub mod places;
mod presence;
pub mod process;
pub mod read;
mod reason;
pub mod recent;
pub mod replay;
pub mod runtime_library;
pub mod scan;
pub mod settings;
pub mod show;
pub mod study;
mod system_files;
pub mod text;
pub mod unfinished;

pub use folder_files::FolderFiles;
pub use places::Places;
pub use presence::{has_entry, is_file, is_folder, is_there, may_be_there};
pub use reason::Reason;
pub use recent::Recent;
pub use scan::whole;
pub use system_files::has_image_extension;

use std::path::Path;

use crate::domain::foreign::{escaped, shown};

/// Errors between the application and the disk. Messages name a file by its name only, and give the system's reason
/// without the path that it may contain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} could not be read: {source}{}", shown(name), source.advice_to_read())]
    Read { name: String, source: Reason },
    #[error("{} could not be written: {source}; {}", shown(name), source.advice_to_write())]
    Write { name: String, source: Reason },
    #[error("{} is too large: {bytes} bytes, the limit is {limit}", shown(name))]
    TooLarge {
        name: String,
        bytes: u64,
        limit: u64,
    },
    #[error(
        "{} is damaged: {}; delete it or import the model again",
        shown(name),
        escaped(reason)
    )]
    Damaged { name: String, reason: String },
    /// A model of the library is not what was imported.
    #[error(transparent)]
    NotAsStored(#[from] library::Damage),
    #[error(
        "{} could not be shown: {source}; open it in the system's file manager",
        shown(name)
    )]
    Show { name: String, source: Reason },
    #[error(
        "no folder for the application's data is known on this system; set GANTEI_HOME to a folder"
    )]
    NoHome,
}

impl Error {
    /// The same error with another name in place of the file's own.
    pub fn about(mut self, other: String) -> Self {
        match &mut self {
            Self::Read { name, .. }
            | Self::Write { name, .. }
            | Self::TooLarge { name, .. }
            | Self::Damaged { name, .. }
            | Self::Show { name, .. } => *name = other,
            // A model id identifies no patient.
            Self::NotAsStored(_) | Self::NoHome => {}
        }
        self
    }
}

/// Deletes leftovers of dead processes in the folders, and restores what they were about to replace.
pub fn sweep(places: &Places) {
    library::sweep(places);
    optimised_graph::sweep(places);
    let checks = places.engine_checks.parent();
    let others = [&places.settings, &places.runtime, &places.cache];
    let others = others.into_iter().map(std::path::PathBuf::as_path);
    for folder in others.chain(checks) {
        atomic::sweep(folder);
    }
}

/// The last part of a path, for messages: a full path may contain a person's name.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || "the folder".to_owned(),
        |n| n.to_string_lossy().into_owned(),
    )
}
