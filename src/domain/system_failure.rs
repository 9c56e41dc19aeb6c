//! Failures of the file system.

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
