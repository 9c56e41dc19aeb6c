//! Put an ONNX Runtime library where the application looks for it: from the official wheel or a library file.

use std::path::{Path, PathBuf};

use super::{Context, Error};
use crate::runtime::wheel;
use crate::storage::{file_name, read, runtime_library};

/// Largest wheel or library that is read.
const LIMIT: u64 = 2 << 30;

/// Checks a wheel or library and installs it into the data folder; returns the folder it lies in. A file whose checksum
/// is not pinned needs `accept`.
pub fn install_runtime(ctx: &Context, file: &Path, accept: bool) -> Result<PathBuf, Error> {
    let bytes = read::file(file, LIMIT)?;
    let unpacked = wheel::unpack(&bytes, &file_name(file), accept)
        .map_err(|e| Error::Library(e.to_string()))?;
    runtime_library::install(&ctx.places, &unpacked).map_err(|e| Error::Library(e.to_string()))
}
