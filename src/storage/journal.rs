//! A journal: an append-only file, so that a crash never loses lines already written.
//!
//! A line is `{"sha256":"…","entry":…}`; the checksum, 16 hexadecimal digits, covers the entry's bytes. It reveals a
//! truncated or altered line, which is skipped. While one process writes the file, no other may: the file itself is locked,
//! or one beside it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, atomic, file_name, read};
use crate::numeric::hex::sha256;

/// Largest journal that is read back.
const LIMIT: u64 = 4 << 30;

/// Number of checksum digits in a line: enough to detect damage, which is their only purpose.
const DIGITS: usize = 16;

/// An added line is synced to the disk if this time has passed since the last sync. A process that ends loses nothing;
/// only a power cut loses unsynced lines.
const SYNC: Duration = Duration::from_secs(1);

const BEFORE_SUM: &str = "{\"sha256\":\"";
const BEFORE_ENTRY: &str = "\",\"entry\":";

/// A journal that only this process writes.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    synced: Instant,
    /// The last write failed, perhaps within a line.
    is_torn: bool,
}

/// The contents of a journal.
#[derive(Debug, PartialEq)]
pub struct Entries<T> {
    pub read: Vec<T>,
    /// Intact lines that are not a `T`, such as those of another version.
    pub foreign: usize,
}

impl<T: DeserializeOwned> Entries<T> {
    /// Reads a journal that another process may be writing.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self::of(&read::file(path, LIMIT)?))
    }

    fn of(bytes: &[u8]) -> Self {
        let mut entries = Self {
            read: Vec::new(),
            foreign: 0,
        };
        for entry in bytes.split(|byte| *byte == b'\n').filter_map(entry_of) {
            match serde_json::from_slice(entry) {
                Ok(entry) => entries.read.push(entry),
                Err(_) => entries.foreign += 1,
            }
        }
        entries
    }
}

/// Why a journal could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process is writing it.
    #[error("another run is writing to this folder")]
    Held,
    #[error(transparent)]
    Storage(#[from] Error),
}

impl Journal {
    /// Opens a journal, creating it if missing, and reads its entries in order.
    pub fn open<T: DeserializeOwned>(path: &Path) -> Result<(Self, Entries<T>), OpenError> {
        let file = loop {
            let file = opened(path).map_err(|e| failure(path, e))?;
            match file.try_lock() {
                Ok(()) if is_at(&file, path) => break file,
                // The previous run has just removed it.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(OpenError::Held),
                // Some network shares have no locks. There, two runs cannot be kept apart.
                Err(TryLockError::Error(_)) => break file,
            }
        };
        Ok(Self::of(path, file)?)
    }

    /// As [`Self::open`] for a caller that is alone already. The file is not locked, so that others can read it
    /// everywhere.
    pub fn open_alone<T: DeserializeOwned>(path: &Path) -> Result<(Self, Entries<T>), Error> {
        Self::of(path, opened(path).map_err(|e| failure(path, e))?)
    }

    fn of<T: DeserializeOwned>(path: &Path, mut file: File) -> Result<(Self, Entries<T>), Error> {
        let fail = |e: std::io::Error| failure(path, e);
        let length = file.metadata().map_err(fail)?.len();
        if length > LIMIT {
            return Err(Error::TooLarge {
                name: file_name(path),
                bytes: length,
                limit: LIMIT,
            });
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(fail)?;
        file.read_to_end(&mut bytes).map_err(fail)?;
        let entries = Entries::of(&bytes);
        let journal = Self {
            path: path.to_owned(),
            file,
            synced: Instant::now(),
            is_torn: !bytes.is_empty() && !bytes.ends_with(b"\n"),
        };
        Ok((journal, entries))
    }

    /// Adds an entry in a single write.
    pub fn append(&mut self, entry: &impl Serialize) -> Result<(), Error> {
        let written = line_of(entry).and_then(|mut line| {
            if self.is_torn {
                // The new line must not become part of the truncated one.
                line.insert(0, '\n');
            }
            self.is_torn = true;
            self.file.write_all(line.as_bytes())?;
            self.is_torn = false;
            if self.synced.elapsed() >= SYNC {
                self.sync_now()?;
            }
            Ok(())
        });
        written.map_err(|source| self.failure(source))
    }

    /// Returns when every entry is on the disk.
    pub fn sync(&mut self) -> Result<(), Error> {
        self.sync_now().map_err(|source| self.failure(source))
    }

    fn sync_now(&mut self) -> std::io::Result<()> {
        self.file.sync_data()?;
        self.synced = Instant::now();
        Ok(())
    }

    /// Empties it: a run restarts.
    pub fn clear(&mut self) -> Result<(), Error> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        self.is_torn = false;
        emptied.map_err(|source| self.failure(source))
    }

    /// Moves its contents to a separate file next to it, such as `.gantei-journal (2).jsonl`, and restarts empty.
    /// Returns that name.
    pub fn set_aside(&mut self) -> Result<String, Error> {
        let mut bytes = Vec::new();
        let read = self.file.rewind();
        let read = read.and_then(|()| self.file.read_to_end(&mut bytes));
        read.map_err(|source| self.failure(source))?;
        let aside = self.free_name();
        atomic::write(&self.path.with_file_name(&aside), &bytes)?;
        self.clear()?;
        Ok(aside)
    }

    fn free_name(&self) -> String {
        let name = file_name(&self.path);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        (2..)
            .map(|number| format!("{stem} ({number}).{extension}"))
            .find(|name| self.path.with_file_name(name).symlink_metadata().is_err())
            .unwrap_or_default()
    }

    /// Deletes the file.
    pub fn remove(self) -> Result<(), Error> {
        let Self { path, file, .. } = self;
        // Windows does not delete an open file; elsewhere the lock is kept until the file is gone.
        #[cfg(windows)]
        drop(file);
        let removed = std::fs::remove_file(&path);
        #[cfg(not(windows))]
        drop(file);
        match removed {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::Write {
                name: file_name(&path),
                source: e.into(),
            }),
            _ => Ok(()),
        }
    }

    fn failure(&self, source: std::io::Error) -> Error {
        failure(&self.path, source)
    }
}

fn failure(path: &Path, source: std::io::Error) -> Error {
    Error::Write {
        name: file_name(path),
        source: source.into(),
    }
}

fn line_of(entry: &impl Serialize) -> std::io::Result<String> {
    let entry = serde_json::to_string(entry)?;
    let sum = sha256(entry.as_bytes());
    let sum = &sum[..DIGITS];
    Ok(format!("{BEFORE_SUM}{sum}{BEFORE_ENTRY}{entry}}}\n"))
}

/// Opened for reading and appending.
fn opened(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    // Not `append`: on Windows such a file cannot be truncated.
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o644);
    }
    let mut file = options.open(path)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

/// Whether the open file is still the one at that path.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let number = |found: std::fs::Metadata| (found.dev(), found.ino());
        let [open, there] =
            [file.metadata(), std::fs::metadata(path)].map(|found| found.map(number));
        matches!((open, there), (Ok(open), Ok(there)) if open == there)
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        true
    }
}

/// The entry of a line; `None` if the line is not intact.
fn entry_of(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(BEFORE_SUM.as_bytes())?;
    let (sum, rest) = rest.split_at_checked(DIGITS)?;
    let entry = rest.strip_prefix(BEFORE_ENTRY.as_bytes())?;
    let entry = entry.strip_suffix(b"}")?;
    (sha256(entry).as_bytes()[..DIGITS] == *sum).then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> (Journal, Vec<String>) {
        let (journal, entries) = Journal::open(path).unwrap();
        (journal, entries.read)
    }

    #[test]
    fn entries_come_back_and_what_was_cut_off_or_altered_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let (mut journal, before) = open(&path);
        assert_eq!(before, Vec::<String>::new());
        for entry in ["one", "two\n", "three"] {
            journal.append(&entry).unwrap();
        }
        journal.sync().unwrap();
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for line in whole.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
            assert!(serde_json::from_slice::<serde_json::Value>(line).is_ok());
        }
        // Every way in which a write can be cut off, followed by another line.
        for end in 0..whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            let (mut journal, entries) = open(&path);
            let lines = whole[..end].split(|b| *b == b'\n').count() - 1;
            // The last line is intact even without its line break.
            let complete = lines + usize::from(whole[end] == b'\n');
            assert_eq!(entries, ["one", "two\n", "three"][..complete], "{end}");
            journal.append(&"four").unwrap();
            drop(journal);
            assert_eq!(open(&path).1.last().unwrap(), "four", "{end}");
        }
        // Every byte altered.
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 4;
            std::fs::write(&path, altered).unwrap();
            let entries = open(&path).1;
            assert!((1..=2).contains(&entries.len()), "{at}");
            assert!(
                entries
                    .iter()
                    .all(|e| ["one", "two\n", "three"].contains(&e.as_str()))
            );
        }
    }

    #[test]
    fn a_second_writer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let (journal, _) = open(&path);
        let second = Journal::open::<String>(&path);
        assert!(matches!(second, Err(OpenError::Held)));
        drop(journal);
        open(&path);
    }

    #[test]
    fn it_is_emptied_set_aside_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".j.jsonl");
        for aside in [".j (2).jsonl", ".j (3).jsonl"] {
            let (mut journal, _) = open(&path);
            journal.append(&aside).unwrap();
            assert_eq!(journal.set_aside().unwrap(), aside);
            drop(journal);
            assert!(open(&path).1.is_empty());
            assert_eq!(open(&folder.path().join(aside)).1, [aside]);
        }
        let (mut journal, _) = open(&path);
        journal.append(&"x").unwrap();
        journal.clear().unwrap();
        journal.append(&"y").unwrap();
        drop(journal);
        let (journal, entries) = open(&path);
        assert_eq!(entries, ["y"]);
        drop(journal);
        let (journal, entries) = Journal::open::<u8>(&path).unwrap();
        assert_eq!((entries.read.len(), entries.foreign), (0, 1));
        journal.remove().unwrap();
        assert!(!path.exists());
    }
}
