//! The record of an export of a study, and a folder in which it is made again.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::study::StudyError;
use super::{Error, atomic, read};
use crate::domain::replay::{REPLAY, REPLAY_SCHEMA, ReplayRecord};
use crate::numeric::hex::sha256;
use crate::text::failures::StudyFault;

/// Largest record that is read: 100,000 answers take about 30 MB.
const LIMIT: u64 = 256 << 20;

/// Largest file of an export that is compared.
const LARGEST: u64 = 1 << 30;

/// Reads the record of an export.
///
/// # Errors
/// There is none in the folder, it is damaged, or a newer version wrote it.
pub fn load(folder: &Path) -> Result<ReplayRecord, StudyError> {
    let path = folder.join(REPLAY);
    if !super::is_file(&path) {
        let name = super::file_name(folder);
        return Err(StudyFault::NoReplay { name }.into());
    }
    let bytes = read::file(&path, LIMIT)?;
    let newer = || schema_of(&bytes).is_some_and(|schema| schema > u64::from(REPLAY_SCHEMA));
    match serde_json::from_slice(&bytes) {
        _ if newer() => Err(StudyFault::Newer.into()),
        Ok(record) => Ok(record),
        Err(e) => Err(StudyFault::ReplayDamaged { line: e.line() }.into()),
    }
}

fn schema_of(bytes: &[u8]) -> Option<u64> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.get("schema")?.as_u64()
}

/// Writes the record of an export into its folder.
///
/// # Errors
/// The folder cannot be written to.
pub fn save(folder: &Path, record: &ReplayRecord) -> Result<(), Error> {
    let mut bytes = serde_json::to_vec_pretty(record).unwrap_or_default();
    bytes.push(b'\n');
    atomic::write(&folder.join(REPLAY), &bytes)
}

/// SHA-256 of a file of an export; `None` if it cannot be read.
pub fn checksum(path: &Path) -> Option<String> {
    let bytes = read::file(path, LARGEST).ok()?;
    Some(sha256(&bytes))
}

/// An empty folder for temporary files, deleted with this.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// # Errors
    /// The system's folder for temporary files cannot be written to.
    pub fn new() -> Result<Self, Error> {
        let folder = std::env::temp_dir();
        let made = tempfile::Builder::new().prefix("gantei-replay-").tempdir();
        made.map(Self).map_err(|e| Error::Write {
            name: super::file_name(&folder),
            source: e.into(),
        })
    }

    /// A folder inside, which need not exist.
    pub fn inside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
