//! Failures of the file system.

use std::io::ErrorKind;

use serde::{Deserialize, Serialize};

/// The failure, as far as the system reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum SystemFailure {
    /// Nothing of this name exists.
    Missing,
    /// This account lacks permission.
    Forbidden,
    /// The location is read-only.
    ReadOnly,
    /// The name is too long for the file system, or has characters that it rejects.
    Name,
    /// A file is in the place of a folder, or something else has the name.
    InTheWay,
    /// A folder is in the place of a file.
    IsFolder,
    /// A pipe or device is in the place of a file.
    IsStream,
    /// The disk is full.
    Full,
    /// The account's quota is used up.
    Quota,
    /// There is not enough memory to hold it.
    NoMemory,
    Other,
}

impl From<ErrorKind> for SystemFailure {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::PermissionDenied => Self::Forbidden,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::InvalidFilename => Self::Name,
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::InTheWay,
            ErrorKind::IsADirectory => Self::IsFolder,
            ErrorKind::NotSeekable | ErrorKind::WouldBlock => Self::IsStream,
            ErrorKind::OutOfMemory => Self::NoMemory,
            ErrorKind::StorageFull => Self::Full,
            ErrorKind::QuotaExceeded => Self::Quota,
            _ => Self::Other,
        }
    }
}
