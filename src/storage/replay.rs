//! The record of an export of a study, and a folder in which it is made again.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::atomic::PassingFolder;
use super::study::{self, StudyError};
use super::{Error, atomic, read};
use crate::domain::replay::{REPLAY, REPLAY_SCHEMA, ReplayPointer, ReplayRecord};
use crate::numeric::hex;
use crate::text::failures::StudyFault;

/// Largest record that is read: 100,000 answers take about 30 MB.
const LIMIT: u64 = 256 << 20;

/// Bytes of a file that are read at once.
const PIECE: usize = 1 << 20;

/// Reads the record of an export, which is in the folder of the study if the export is without names.
///
/// # Errors
/// There is none in the folder, it is damaged, or a newer version wrote it.
pub fn load(folder: &Path) -> Result<ReplayRecord, StudyError> {
    let path = folder.join(REPLAY);
    let absent = || StudyFault::NoReplay {
        name: super::file_name(folder),
    };
    if !super::is_file(&path) {
        return Err(absent().into());
    }
    let bytes = read::file(&path, LIMIT)?;
    let Ok(pointer) = serde_json::from_slice::<ReplayPointer>(&bytes) else {
        return record_of(&bytes);
    };
    let study = pointer.folder.ok_or_else(absent)?;
    let study = study::resolved(&study::base(folder), &study);
    let kept = study.join(kept_name(&pointer.kept_in_study));
    if !super::is_file(&kept) {
        return Err(absent().into());
    }
    record_of(&read::file(&kept, LIMIT)?)
}

fn record_of(bytes: &[u8]) -> Result<ReplayRecord, StudyError> {
    let newer = || schema_of(bytes).is_some_and(|schema| schema > u64::from(REPLAY_SCHEMA));
    match serde_json::from_slice(bytes) {
        _ if newer() => Err(StudyFault::Newer.into()),
        Ok(record) => Ok(record),
        Err(e) => Err(StudyFault::ReplayDamaged { line: e.line() }.into()),
    }
}

/// `gantei-replay-<id>.json`, whatever the id holds.
fn kept_name(id: &str) -> String {
    let id: String = id.chars().filter(char::is_ascii_hexdigit).collect();
    REPLAY.replace(".json", &format!("-{id}.json"))
}

/// Writes the record of an export without names into the folder of the study, and into that of the export where to find it.
///
/// # Errors
/// A folder cannot be written to.
pub fn save_in_study(folder: &Path, study: &Path, record: &ReplayRecord) -> Result<(), Error> {
    /// Of the checksum of the record.
    const DIGITS: usize = 12;
    let bytes = text(record);
    let id = hex::sha256(&bytes)[..DIGITS].to_owned();
    atomic::write(&study.join(kept_name(&id)), &bytes)?;
    // Elsewhere the path would begin with names of the owner's folders.
    let is_relative = Path::new(&record.folder).is_relative();
    let pointer = ReplayPointer {
        schema: record.schema,
        application: record.application.clone(),
        research_only: record.research_only.clone(),
        folder: Some(record.folder.clone()).filter(|_| is_relative),
        kept_in_study: id,
    };
    atomic::write(&folder.join(REPLAY), &text(&pointer))
}

fn text(record: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(record).unwrap_or_default();
    bytes.push(b'\n');
    bytes
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
    atomic::write(&folder.join(REPLAY), &text(record))
}

/// SHA-256 of a file of an export, read piece by piece.
///
/// # Errors
/// It cannot be read.
pub fn checksum(path: &Path) -> Result<String, Error> {
    let fail = |source: std::io::Error| Error::Read {
        name: super::file_name(path),
        source: source.into(),
    };
    let mut file = read::open(path).map_err(fail)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).map_err(fail)? {
            0 => return Ok(hex::hex(digest.finalize())),
            count => digest.update(&piece[..count]),
        }
    }
}

/// Deletes the files that the last export into a folder wrote and nobody changed since, so that none of them stays beside
/// those of another one. Whatever cannot be deleted stays.
pub fn clear(folder: &Path, record: &ReplayRecord) {
    for file in &record.files {
        let path = folder.join(&file.name);
        let is_plain = Path::new(&file.name).file_name() == Some(file.name.as_ref());
        if is_plain && checksum(&path).is_ok_and(|sha256| sha256 == file.sha256) {
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// An empty folder for temporary files, deleted with this; also if the process is told to end.
#[derive(Debug)]
pub struct Scratch(PassingFolder);

impl Scratch {
    /// # Errors
    /// The system's folder for temporary files cannot be written to.
    pub fn new() -> Result<Self, Error> {
        let folder = std::env::temp_dir();
        // Those of processes that were killed.
        atomic::sweep(&folder);
        Ok(Self(PassingFolder::new(&folder)?))
    }

    /// A folder inside, which need not exist.
    pub fn inside(&self, name: &str) -> PathBuf {
        self.0.inside(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::replay::{ReplaySource, ReplayedExport, ReplayedFile};

    #[test]
    fn files_are_cleared_unless_somebody_changed_them_or_they_are_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        std::fs::create_dir(&out).unwrap();
        std::fs::write(dir.path().join("c"), b"c").unwrap();
        let mut files = Vec::new();
        for name in ["a", "b"] {
            std::fs::write(out.join(name), name).unwrap();
            let sha256 = checksum(&out.join(name)).unwrap();
            files.push(ReplayedFile {
                name: name.to_owned(),
                sha256,
            });
        }
        files.push(ReplayedFile {
            name: "../c".to_owned(),
            sha256: checksum(&dir.path().join("c")).unwrap(),
        });
        let record = ReplayRecord {
            schema: REPLAY_SCHEMA,
            application: String::new(),
            research_only: String::new(),
            folder: String::new(),
            names_masked: false,
            export: ReplayedExport::Supplement {
                model: None,
                outcome: None,
                covariates: Vec::new(),
                imputations: 2,
                seed: 1,
                hard_labels: false,
            },
            source: ReplaySource::default(),
            files,
        };
        std::fs::write(out.join("b"), b"edited").unwrap();
        clear(&out, &record);
        assert!(!out.join("a").exists() && out.join("b").exists());
        assert!(dir.path().join("c").exists());
        assert!(checksum(&out.join("a")).is_err());
    }

    #[test]
    fn a_stop_deletes_what_is_made_again() {
        let scratch = Scratch::new().unwrap();
        let study = scratch.inside("study");
        std::fs::create_dir(&study).unwrap();
        let folder = study.parent().unwrap().to_owned();
        assert!(atomic::is_passing(&folder));
        drop(scratch);
        assert!(!folder.exists() && !atomic::is_passing(&folder));
    }
}
