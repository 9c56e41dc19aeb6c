//! The only storey that touches the file system: where things are kept, reading with limits, writing whole or not at all.

pub mod atomic;
pub mod engine_checks;
pub mod journal;
mod leftovers;
pub mod library;
mod litter;
pub mod memory;
pub mod naming;
pub mod places;
pub mod process;
pub mod read;
pub mod recent;
pub mod runtime_library;
pub mod scan;
pub mod settings;
pub mod show;
pub mod text;

pub use places::Places;
pub use recent::Recent;

use std::path::Path;

/// What can go wrong between the application and the disk. The sentence names the subject by its file name only.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{name} could not be read: {}", plainly(source))]
    Read {
        name: String,
        source: std::io::Error,
    },
    #[error("{name} could not be written: {source}; choose a folder you may write to")]
    Write {
        name: String,
        source: std::io::Error,
    },
    #[error("{name} is too large: {bytes} bytes, the limit is {limit}")]
    TooLarge {
        name: String,
        bytes: u64,
        limit: u64,
    },
    #[error("{name} is damaged: {reason}; delete it or import the model again")]
    Damaged { name: String, reason: String },
    /// A model of the library is not what was imported.
    #[error(transparent)]
    NotAsStored(#[from] library::Damage),
    #[error("{name} could not be shown: {source}; look for it with the system's file manager")]
    Show {
        name: String,
        source: std::io::Error,
    },
    #[error(
        "no folder for the application's data is known on this system; set GANTEI_HOME to a folder"
    )]
    NoHome,
}

/// What the system says, in words that tell what to do where that is known.
fn plainly(source: &std::io::Error) -> String {
    match source.kind() {
        std::io::ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        std::io::ErrorKind::PermissionDenied => {
            "this account may not read it; copy it to a folder of your own".to_owned()
        }
        std::io::ErrorKind::NotSeekable | std::io::ErrorKind::WouldBlock => {
            "it is a pipe or a device, not a file; save what it gives as a file".to_owned()
        }
        std::io::ErrorKind::OutOfMemory => "there is not enough memory for it".to_owned(),
        _ => source.to_string(),
    }
}

/// The last part of a path, for messages: a whole path may carry a person's name.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || "the folder".to_owned(),
        |n| n.to_string_lossy().into_owned(),
    )
}
