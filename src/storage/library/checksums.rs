//! The checksums of a stored model's files, taken when it was stored.

use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::numeric::hex::{hex, sha256};
use crate::progress::Cancel;

/// One file as stored. While a card is replaced it is listed twice, with its old and its new checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileChecksum {
    sha256: String,
    bytes: u64,
    name: String,
}

/// Checksums by file name; the file has one line each: `SHA-256 bytes name`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checksums(Vec<FileChecksum>);

/// What is wrong with one file of a stored model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileDamage {
    #[error("is missing")]
    Missing,
    #[error("has {found} bytes instead of {stored}")]
    Length { stored: u64, found: u64 },
    #[error("is not as stored: its checksum differs")]
    Altered,
    #[error("changed while it was read")]
    Unsettled,
}

impl Checksums {
    /// Parses exactly what [`Self::text`] writes; `None` for anything else.
    pub fn read(text: &[u8]) -> Option<Self> {
        let lines = std::str::from_utf8(text).ok()?.lines();
        let sum = |line: &str| {
            let (sha256, rest) = line.split_once(' ')?;
            let (bytes, name) = rest.split_once(' ')?;
            Some(FileChecksum {
                sha256: sha256.to_owned(),
                bytes: bytes.parse().ok()?,
                name: name.to_owned(),
            })
        };
        let checksums = Self(lines.map(sum).collect::<Option<_>>()?);
        (checksums.text().as_bytes() == text).then_some(checksums)
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        for sum in &self.0 {
            // Writing into a string does not fail.
            let _ = writeln!(text, "{} {} {}", sum.sha256, sum.bytes, sum.name);
        }
        text
    }

    /// Adds a file with these contents.
    pub fn add(&mut self, name: &str, contents: &[u8]) {
        self.push(name, sha256(contents), contents.len() as u64);
    }

    pub fn push(&mut self, name: &str, sha256: String, bytes: u64) {
        let name = name.to_owned();
        self.0.push(FileChecksum {
            sha256,
            bytes,
            name,
        });
    }

    /// The same without the lines of a file.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|sum| sum.name != name);
        self
    }

    /// SHA-256 of a file.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.lines(name).next().map(|sum| sum.sha256.as_str())
    }

    /// SHA-256 of the network.
    pub fn network(&self) -> &str {
        self.of(super::NETWORK).unwrap_or_default()
    }

    fn lines(&self, name: &str) -> impl Iterator<Item = &FileChecksum> {
        self.0.iter().filter(move |sum| sum.name == name)
    }

    /// Compares a file's length with the stored one.
    pub fn check_length(&self, name: &str, found: u64) -> Result<(), FileDamage> {
        let mut stored = self.lines(name).map(|sum| sum.bytes).peekable();
        let Some(&first) = stored.peek() else {
            // A file that was added later was never stored.
            return Err(FileDamage::Altered);
        };
        match stored.any(|bytes| bytes == found) {
            true => Ok(()),
            false => Err(FileDamage::Length {
                stored: first,
                found,
            }),
        }
    }

    /// Compares a file's length and SHA-256 with the stored ones.
    pub fn check(&self, name: &str, sha256: &str, bytes: u64) -> Result<(), FileDamage> {
        self.check_length(name, bytes)?;
        let mut lines = self.lines(name);
        match lines.any(|sum| sum.sha256 == sha256 && sum.bytes == bytes) {
            true => Ok(()),
            false => Err(FileDamage::Altered),
        }
    }
}

impl Checksums {
    /// Those of every file in a folder, by name.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        names.sort_unstable();
        let mut checksums = Self::default();
        for name in names {
            let file = File::open(folder.join(&name))?;
            if let Some((sha256, bytes)) = sha256_of(&file, &Cancel::new())? {
                checksums.push(&name, sha256, bytes);
            }
        }
        Ok(checksums)
    }

    /// Whether these files of a folder, read to their ends, match and did not change meanwhile. A cancel is a no.
    pub fn match_folder(&self, folder: &Path, cancel: &Cancel) -> bool {
        let matches = |sum: &FileChecksum| {
            let path = folder.join(&sum.name);
            let before = Stamp::of(&path).ok()?;
            let (sha256, bytes) = sha256_of(&File::open(&path).ok()?, cancel).ok()??;
            let is_same = (sha256, bytes) == (sum.sha256.clone(), sum.bytes);
            (is_same && Stamp::of(&path).ok()? == before).then_some(())
        };
        self.0.iter().all(|sum| matches(sum).is_some())
    }
}

/// SHA-256 and length of a file, read to its end; `None` if `cancel` was raised meanwhile.
pub(super) fn sha256_of(mut file: &File, cancel: &Cancel) -> io::Result<Option<(String, u64)>> {
    let mut digest = Sha256::new();
    let mut part = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let count = match file.read(&mut part) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if count == 0 {
            return Ok(Some((hex(digest.finalize()), bytes)));
        }
        digest.update(&part[..count]);
        bytes += count as u64;
    }
}

/// Identifies a file and its last change: equal if the path still leads to the same, unmodified file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp(Vec<i128>);

impl Stamp {
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::from_metadata(&path.metadata()?))
    }

    #[cfg(unix)]
    fn from_metadata(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        // The change time (ctime) cannot be set, and a file that is moved away and back gets a new one.
        Self(vec![
            found.dev().into(),
            found.ino().into(),
            found.size().into(),
            found.mtime().into(),
            found.mtime_nsec().into(),
            found.ctime().into(),
            found.ctime_nsec().into(),
        ])
    }

    #[cfg(not(unix))]
    fn from_metadata(found: &Metadata) -> Self {
        let time = |time: io::Result<std::time::SystemTime>| {
            let since = time.ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
            i128::try_from(since.as_nanos()).ok()
        };
        Self(vec![
            found.len().into(),
            time(found.modified()).unwrap_or_default(),
            time(found.created()).unwrap_or_default(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksums() -> Checksums {
        let mut checksums = Checksums::default();
        checksums.add("card.json", b"{}");
        checksums.add("model.onnx", b"network");
        checksums
    }

    #[test]
    fn checksums_come_back_and_nothing_else_is_taken_for_them() {
        let checksums = checksums();
        let text = checksums.text().into_bytes();
        assert_eq!(Checksums::read(&text), Some(checksums.clone()));
        assert_eq!(Checksums::read(b""), Some(Checksums::default()));
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut flipped = text.clone();
                flipped[at] ^= 1 << bit;
                let held = Checksums::read(&flipped).is_some_and(|read| {
                    let holds = |name, contents: &[u8]| {
                        read.check(name, &sha256(contents), contents.len() as u64)
                    };
                    holds("card.json", b"{}").is_ok() && holds("model.onnx", b"network").is_ok()
                });
                assert!(!held, "byte {at}, bit {bit}");
            }
        }
        assert_eq!(Checksums::read(&text[..text.len() - 1]), None);
    }

    #[test]
    fn a_file_is_held_to_its_length_and_its_checksum() {
        let mut checksums = checksums();
        let check = |checksums: &Checksums, name: &str, contents: &[u8]| {
            checksums.check(name, &sha256(contents), contents.len() as u64)
        };
        assert_eq!(check(&checksums, "model.onnx", b"network"), Ok(()));
        assert_eq!(
            check(&checksums, "model.onnx", b"netwerk"),
            Err(FileDamage::Altered)
        );
        let cut = FileDamage::Length {
            stored: 7,
            found: 3,
        };
        assert_eq!(check(&checksums, "model.onnx", b"net"), Err(cut));
        assert_eq!(
            check(&checksums, "stem.onnx", b""),
            Err(FileDamage::Altered)
        );
        assert_eq!(check(&checksums, "card.json", b"[1]").ok(), None);
        checksums.add("card.json", b"[1]");
        assert_eq!(check(&checksums, "card.json", b"[1]"), Ok(()));
        assert_eq!(check(&checksums, "card.json", b"{}"), Ok(()));
        assert_eq!(
            check(&checksums, "card.json", b"[2]"),
            Err(FileDamage::Altered)
        );
        assert_eq!(checksums.without("card.json").of("card.json"), None);
    }

    #[test]
    fn a_file_moved_away_and_back_bears_another_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a"), dir.path().join("b"));
        std::fs::write(&path, b"one").unwrap();
        let stamp = Stamp::of(&path).unwrap();
        assert_eq!(Stamp::of(&path).unwrap(), stamp);
        if cfg!(unix) {
            // Until the clock of the disk has advanced.
            let bears_another = (0..1_000_000).any(|_| {
                std::fs::rename(&path, &other).unwrap();
                std::fs::rename(&other, &path).unwrap();
                Stamp::of(&path).unwrap() != stamp
            });
            assert!(bears_another);
        }
        std::fs::write(&path, b"four").unwrap();
        assert_ne!(Stamp::of(&path).unwrap(), stamp);
    }
}
