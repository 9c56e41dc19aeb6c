//! Reading whole files under a limit that is checked before memory is taken, and only where their first bytes are worth it.

use std::io::Read;
use std::path::Path;

use super::{Error, file_name};

/// Reads a file of at most `limit` bytes.
pub fn file(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    file_if(path, limit, 0, |_| true)
}

/// Reads a file of at most `limit` bytes whole, if it `is_worth` that by its first `count` bytes; otherwise just these
/// come back, from which their reader tells why it refuses them.
pub fn file_if(
    path: &Path,
    limit: u64,
    count: u64,
    is_worth: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, Error> {
    let fail = |source| Error::Read {
        name: file_name(path),
        source,
    };
    let mut file = std::fs::File::open(path).map_err(fail)?;
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
    let mut bytes = Vec::new();
    (&mut file)
        .take(count)
        .read_to_end(&mut bytes)
        .map_err(fail)?;
    if !is_worth(&bytes) {
        return Ok(bytes);
    }
    if meta.len() > limit {
        return Err(too_large(meta.len()));
    }
    let rest = meta.len().saturating_sub(bytes.len() as u64);
    bytes
        .try_reserve_exact(rest as usize)
        .map_err(|e| fail(std::io::Error::new(std::io::ErrorKind::OutOfMemory, e)))?;
    // A device or pipe states no length: one byte past the limit tells.
    let left = (limit + 1).saturating_sub(bytes.len() as u64);
    file.take(left).read_to_end(&mut bytes).map_err(fail)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_only_where_its_first_bytes_are_worth_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, b"abcdefgh").unwrap();
        let read = |count, limit| file_if(&path, limit, count, |start| start.starts_with(b"abc"));
        assert_eq!(read(3, 8).unwrap(), b"abcdefgh");
        assert_eq!(read(100, 100).unwrap(), b"abcdefgh");
        assert_eq!(read(2, 8).unwrap(), b"ab");
        assert!(matches!(read(3, 7), Err(Error::TooLarge { bytes: 8, .. })));
        assert_eq!(file(&path, 8).unwrap(), b"abcdefgh");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_is_left_after_its_first_bytes() {
        let read = file_if(Path::new("/dev/zero"), 1 << 40, 16, |start| start[0] != 0);
        assert_eq!(read.unwrap(), [0; 16]);
    }
}
