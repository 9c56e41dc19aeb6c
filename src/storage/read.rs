//! Reads whole files under a limit checked before memory is allocated, and optionally only if their first bytes
//! qualify.
//!
//! Pipes and devices are refused: reading from a pipe without a writer would wait forever. The standard input and other
//! descriptors passed by a shell (`/dev/stdin`, `/dev/fd/3`) may be pipes.

use std::fs::{File, OpenOptions};
use std::io::{Error as IoError, ErrorKind, Read};
use std::path::Path;

use super::{Error, file_name};

/// Reads a file of at most `limit` bytes.
pub fn file(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    file_if(path, limit, 0, |_| true)
}

/// Reads a file of at most `limit` bytes if it `is_worth` reading by its first `count` bytes; otherwise returns just
/// these, from which the caller reports why it refuses the file.
pub fn file_if(
    path: &Path,
    limit: u64,
    count: u64,
    is_worth: impl FnOnce(&[u8]) -> bool,
) -> Result<Vec<u8>, Error> {
    let fail = |source: IoError| Error::Read {
        name: file_name(path),
        source: source.into(),
    };
    let mut file = open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?.len();
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
    if length > limit {
        return Err(too_large(length));
    }
    let rest = length.saturating_sub(bytes.len() as u64);
    bytes
        .try_reserve_exact(rest as usize)
        .map_err(|_| fail(ErrorKind::OutOfMemory.into()))?;
    // A pipe states no length, and a file may grow: one byte beyond the limit reveals it.
    let left = (limit + 1).saturating_sub(bytes.len() as u64);
    file.take(left).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// The first `count` bytes of a file, fewer if it is shorter.
pub fn start_of(path: &Path, count: u64) -> Result<Vec<u8>, Error> {
    let fail = |source: IoError| Error::Read {
        name: file_name(path),
        source: source.into(),
    };
    let mut bytes = Vec::new();
    open(path)
        .and_then(|f| f.take(count).read_to_end(&mut bytes))
        .map_err(fail)?;
    Ok(bytes)
}

/// The length of a file in bytes; 0 if it states none, as a pipe.
pub fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |m| m.len())
}

/// Opens a file without blocking.
pub(super) fn open(path: &Path) -> Result<File, IoError> {
    let mut options = OpenOptions::new();
    options.read(true);
    if is_descriptor(path) {
        let file = options.open(path)?;
        return match is_device(&file)? {
            true => Err(ErrorKind::NotSeekable.into()),
            false => Ok(file),
        };
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Otherwise opening a pipe waits for a writer, and some kernel files wait for data.
        options.custom_flags(libc::O_NONBLOCK);
    }
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    match (kind.is_file(), kind.is_dir()) {
        (true, _) => Ok(file),
        (false, true) => Err(IoError::new(ErrorKind::IsADirectory, "it is a folder")),
        (false, false) => Err(ErrorKind::NotSeekable.into()),
    }
}

/// True for a descriptor that the shell opened for this process.
pub fn is_descriptor(path: &Path) -> bool {
    let folders = ["/dev/fd", "/proc/self/fd"];
    cfg!(unix) && (path == Path::new("/dev/stdin") || folders.iter().any(|f| path.starts_with(f)))
}

/// True for a terminal or other device; `/dev/zero` has no end.
fn is_device(file: &File) -> Result<bool, IoError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = file.metadata()?.file_type();
        Ok(kind.is_char_device() || kind.is_block_device())
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        Ok(false)
    }
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
    }

    fn kind(path: &Path) -> ErrorKind {
        match file(path, 100) {
            Err(Error::Read { source, .. }) => source.kind(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, [7; 10]).unwrap();
        assert_eq!(file(&path, 10).unwrap(), [7; 10]);
        assert!(matches!(
            file(&path, 9),
            Err(Error::TooLarge {
                bytes: 10,
                limit: 9,
                ..
            })
        ));
        assert_eq!(start_of(&path, 3).unwrap(), [7; 3]);
        assert_eq!(kind(folder.path()), ErrorKind::IsADirectory);
        assert_eq!(kind(&folder.path().join("b")), ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for path in [&pipe, Path::new("/dev/zero"), Path::new("/dev/null")] {
            assert_eq!(kind(path), ErrorKind::NotSeekable, "{}", path.display());
            assert!(start_of(path, 1).is_err());
        }
        let _both = OpenOptions::new().read(true).write(true).open(&pipe);
        assert_eq!(kind(&pipe), ErrorKind::NotSeekable);
    }
}
