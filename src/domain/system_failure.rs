//! What stands between the application and the disk.

use serde::{Deserialize, Serialize};

/// What stands in the way, as far as the system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum SystemFailure {
    /// There is nothing of this name.
    Missing,
    /// This account may not.
    Forbidden,
    /// Nobody may write there.
    ReadOnly,
    /// The name is too long for the disk, or has letters that it does not take.
    Name,
    /// A file stands where a folder is meant, or something else has the name.
    InTheWay,
    /// A folder stands where a file is meant.
    IsFolder,
    /// A pipe or device stands where a file is meant.
    IsStream,
    /// The disk is full.
    Full,
    /// The space that this account may take is used up.
    Quota,
    /// There is no memory to hold it.
    NoMemory,
    Other,
}
