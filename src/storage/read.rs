//! Reading whole files under a limit that is checked before memory is taken.

use std::io::Read;
use std::path::Path;

use super::{Error, file_name};

/// Reads a file of at most `limit` bytes.
pub fn file(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let fail = |source| Error::Read {
        name: file_name(path),
        source,
    };
    let file = std::fs::File::open(path).map_err(fail)?;
    let meta = file.metadata().map_err(fail)?;
    if meta.is_dir() {
        return Err(fail(std::io::Error::new(
            std::io::ErrorKind::IsADirectory,
            "it is a folder",
        )));
    }
    let too_large = |bytes| Error::TooLarge {
        name: file_name(path),
        bytes,
        limit,
    };
    if meta.len() > limit {
        return Err(too_large(meta.len()));
    }
    let mut bytes = Vec::with_capacity(meta.len() as usize);
    // A device or pipe states no length: one byte past the limit tells.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// The first `count` bytes of a file, fewer where it is shorter.
pub fn start_of(path: &Path, count: u64) -> Result<Vec<u8>, Error> {
    let fail = |source| Error::Read {
        name: file_name(path),
        source,
    };
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|f| f.take(count).read_to_end(&mut bytes))
        .map_err(fail)?;
    Ok(bytes)
}
