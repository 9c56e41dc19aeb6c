//! The study file `gantei-study.json`, its lock, and the paths in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::{Error, atomic, features, file_name, read, text};
use crate::domain::Shard;
use crate::domain::study::{SCHEMA, Study};
use crate::numeric::hex::sha256;
use crate::text::failures::StudyFault;

/// Name of the study file.
pub const NAME: &str = "gantei-study.json";

/// Names of the files that are locked begin and end with these. They are empty and stay.
const LOCK: [&str; 2] = [".gantei-study", ".lock"];

/// Names of the journals begin with this.
const JOURNAL: &str = "gantei-study-journal";

/// Largest study file that is read: more than the paths of a million photographs.
const LIMIT: u64 = 256 << 20;

/// Why a study cannot be opened or saved.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    #[error("{0:?}")]
    Study(StudyFault),
    #[error(transparent)]
    Storage(#[from] Error),
}

impl From<StudyFault> for StudyError {
    fn from(fault: StudyFault) -> Self {
        Self::Study(fault)
    }
}

/// The folder of a study, given by itself or by the study file in it; `None` if there is no study.
pub fn folder_of(path: &Path) -> Option<PathBuf> {
    let is_file = path.file_name().is_some_and(|name| name == NAME) && path.is_file();
    let folder = match is_file {
        true => path.parent(),
        false => Some(path).filter(|path| path.join(NAME).is_file()),
    };
    folder.map(base)
}

/// The folder from which relative paths lead, without links in it, so that `..` means the same for every system. It need
/// not exist yet.
pub fn base(folder: &Path) -> PathBuf {
    let whole = match folder.as_os_str().is_empty() {
        true => super::whole(Path::new(".")),
        false => super::whole(folder),
    };
    // On Windows a canonical path has a form in which `..` is a name like any other.
    if cfg!(not(unix)) {
        return whole;
    }
    let without_links = whole.ancestors().find_map(|above| {
        let below = whole.strip_prefix(above).ok()?;
        let above = std::fs::canonicalize(above).ok()?;
        // Joining an empty path would add a separator.
        Some(match below.as_os_str().is_empty() {
            true => above,
            false => above.join(below),
        })
    });
    without_links.unwrap_or(whole)
}

/// Reads the study in a folder, and the checksum of its file.
pub fn load(folder: &Path) -> Result<(Study, String), StudyError> {
    let path = folder.join(NAME);
    if path.symlink_metadata().is_err() {
        let name = file_name(folder);
        return Err(StudyFault::Absent { name }.into());
    }
    let bytes = read::file(&path, LIMIT)?;
    let sum = sha256(&bytes);
    Ok((parse(bytes)?, sum))
}

fn parse(bytes: Vec<u8>) -> Result<Study, StudyFault> {
    #[derive(Deserialize)]
    struct Form {
        schema: u64,
    }
    let bytes = text::utf8(bytes);
    let damaged = |e: serde_json::Error| StudyFault::Damaged { line: e.line() };
    let Form { schema } = serde_json::from_slice(&bytes).map_err(damaged)?;
    if schema > u64::from(SCHEMA) {
        return Err(StudyFault::Newer);
    }
    serde_json::from_slice(&bytes).map_err(|e| match unknown_field(&e.to_string()) {
        Some(field) => StudyFault::UnknownField { field },
        None => damaged(e),
    })
}

/// From a message such as "unknown field `x`, expected …".
fn unknown_field(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field `")?;
    Some(rest.split('`').next().unwrap_or_default().to_owned())
}

/// Writes the study file of a new study and returns its checksum; never over another.
pub fn create(folder: &Path, study: &Study) -> Result<String, StudyError> {
    let bytes = bytes_of(study)?;
    match atomic::write_new(&folder.join(NAME), &bytes)? {
        true => Ok(sha256(&bytes)),
        false => Err(StudyFault::Exists.into()),
    }
}

/// Replaces the study file that has the checksum `before` and returns the new checksum. A file that is another by now, or
/// cannot be read, is not replaced.
pub fn save(folder: &Path, study: &Study, before: &str) -> Result<String, StudyError> {
    let path = folder.join(NAME);
    let bytes = bytes_of(study)?;
    let sum = sha256(&bytes);
    if sum == before {
        return Ok(sum);
    }
    let now = read::file(&path, LIMIT).map(|bytes| sha256(&bytes));
    if !now.is_ok_and(|now| now == before) {
        return Err(StudyFault::Changed.into());
    }
    atomic::write(&path, &bytes)?;
    Ok(sum)
}

/// # Errors
/// The file would be larger than what is read.
fn bytes_of(study: &Study) -> Result<Vec<u8>, Error> {
    let mut bytes = serde_json::to_vec_pretty(study).unwrap_or_default();
    bytes.push(b'\n');
    match bytes.len() as u64 {
        length if length > LIMIT => Err(Error::TooLarge {
            name: NAME.to_owned(),
            bytes: length,
            limit: LIMIT,
        }),
        _ => Ok(bytes),
    }
}

/// How a study is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No other window or command may have it open.
    Alone,
    /// With others that compute parts of it.
    Shared,
}

/// Keeps a study from others as long as it exists.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Locks the study in a folder.
///
/// # Errors
/// Another window or command has it open, or the folder cannot be written to.
pub fn lock(folder: &Path, access: Access) -> Result<Lock, StudyError> {
    locked(folder, &LOCK.concat(), access)
}

/// Locks the journal of a run, or of one of its parts, against others that would write it. The lock is beside it: on
/// Windows a locked file cannot be read, and the status of a run is read meanwhile.
///
/// # Errors
/// Another process writes it, or the folder cannot be written to.
pub fn lock_journal(folder: &Path, shard: Option<Shard>) -> Result<Lock, StudyError> {
    let [begin, end] = LOCK;
    let part = shard.map_or_else(String::new, part);
    locked(
        folder,
        &format!("{begin}-journal{part}{end}"),
        Access::Alone,
    )
}

fn part(shard: Shard) -> String {
    format!("-{}-of-{}", shard.number(), shard.count())
}

fn locked(folder: &Path, name: &str, access: Access) -> Result<Lock, StudyError> {
    let path = folder.join(name);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(&path).map_err(|source| Error::Write {
        name: file_name(folder),
        source: source.into(),
    })?;
    let locked = match access {
        Access::Alone => file.try_lock(),
        Access::Shared => file.try_lock_shared(),
    };
    match locked {
        // Some network shares have no locks. There, two windows cannot be kept apart; what one of them changes is
        // noticed when the other saves.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StudyFault::Held.into()),
    }
}

/// Name of the journal of a run, or of one of its parts.
pub fn journal_name(shard: Option<Shard>) -> String {
    match shard {
        None => format!("{JOURNAL}.jsonl"),
        Some(shard) => format!("{JOURNAL}{}.jsonl", part(shard)),
    }
}

/// The journals in a study's folder, each with the part that it belongs to; that of whole runs comes first.
pub fn journals(folder: &Path) -> Vec<(Option<Shard>, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<(Option<Shard>, PathBuf)> = names
        .filter_map(|name| Some((shard_of(&name)?, folder.join(name))))
        .collect();
    found.sort_by_key(|(shard, _)| shard.map(|shard| (shard.count(), shard.number())));
    found
}

/// The part to which a journal belongs, by its name; `None` for other files, such as a journal that was set aside.
fn shard_of(name: &str) -> Option<Option<Shard>> {
    let rest = name.strip_prefix(JOURNAL)?.strip_suffix(".jsonl")?;
    if rest.is_empty() {
        return Some(None);
    }
    let (number, count) = rest.strip_prefix('-')?.split_once("-of-")?;
    let shard = Shard::new(number.parse().ok()?, count.parse().ok()?)?;
    (journal_name(Some(shard)) == name).then_some(Some(shard))
}

/// Whether a file of this name belongs to a study rather than to its photographs.
pub fn is_own_file(name: &str) -> bool {
    let has = |[begin, end]: [&str; 2]| name.starts_with(begin) && name.ends_with(end);
    let is_of_run = has(LOCK) || has([JOURNAL, ".jsonl"]);
    name == NAME || is_of_run || features::is_own_file(name)
}

/// A path as a study in `base` refers to it; `None` if it is not text.
pub fn reference(base: &Path, path: &Path) -> Option<String> {
    match are_on_one_volume(base, path) {
        true => relative(base, path),
        false => path.to_str().map(str::to_owned),
    }
}

/// The whole path of an input. A link followed by `..` leads elsewhere than its text, so that such a path is given
/// without links.
pub fn whole_input(path: &Path) -> PathBuf {
    let whole = super::whole(path);
    let has_parent = { whole.components() }.any(|part| part == Component::ParentDir);
    let without_links = || {
        let above = std::fs::canonicalize(whole.parent()?).ok()?;
        Some(above.join(whole.file_name()?))
    };
    match has_parent && cfg!(unix) {
        true => without_links().unwrap_or(whole),
        false => whole,
    }
}

/// The path to which a study in `base` refers.
pub fn resolved(base: &Path, reference: &str) -> PathBuf {
    let mut path = base.to_owned();
    for part in Path::new(reference).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            // An absolute path replaces the base.
            part => path.push(part),
        }
    }
    path
}

/// The way from one absolute path to another, with `/`.
fn relative(base: &Path, path: &Path) -> Option<String> {
    let (from, to): (Vec<_>, Vec<_>) = (base.components().collect(), path.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Some(".."), from.len() - common);
    let down = to[common..].iter().map(|part| part.as_os_str().to_str());
    let parts: Option<Vec<&str>> = up.chain(down).collect();
    let parts = parts?;
    Some(match parts.is_empty() {
        true => ".".to_owned(),
        false => parts.join("/"),
    })
}

#[cfg(unix)]
fn are_on_one_volume(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| {
        let there = path.ancestors().find_map(|path| path.metadata().ok());
        there.map(|found| found.dev())
    };
    device(a) == device(b)
}

#[cfg(not(unix))]
fn are_on_one_volume(a: &Path, b: &Path) -> bool {
    a.components().next() == b.components().next()
}

/// Length and time of change of a file, by which a changed file is noticed without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// In bytes.
    pub length: u64,
    /// Milliseconds since 1970; 0 if the system does not know.
    pub modified: u64,
}

impl FileStamp {
    /// `None` if there is no such file.
    pub fn of(path: &Path) -> Option<Self> {
        let found = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let modified = found.modified().ok();
        let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Some(Self {
            length: found.len(),
            modified: modified.map_or(0, |since| since.as_millis() as u64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(inputs: &[&str]) -> Study {
        Study {
            schema: SCHEMA,
            inputs: inputs.iter().map(|input| (*input).to_owned()).collect(),
            ..Study::default()
        }
    }

    fn fault<T: std::fmt::Debug>(result: Result<T, StudyError>) -> StudyFault {
        match result {
            Err(StudyError::Study(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_study_replaces_no_other_and_notices_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert!(matches!(fault(load(folder)), StudyFault::Absent { .. }));
        let first = create(folder, &study(&["a"])).unwrap();
        assert_eq!(fault(create(folder, &study(&["b"]))), StudyFault::Exists);
        assert_eq!(load(folder).unwrap(), (study(&["a"]), first.clone()));
        let second = save(folder, &study(&["b"]), &first).unwrap();
        assert_eq!(
            fault(save(folder, &study(&["c"]), &first)),
            StudyFault::Changed
        );
        assert_eq!(load(folder).unwrap(), (study(&["b"]), second.clone()));
        // One that is too large to be read.
        let file = File::create(folder.join(NAME)).unwrap();
        file.set_len(LIMIT + 1).unwrap();
        let saved = save(folder, &study(&["c"]), &second);
        assert_eq!(fault(saved), StudyFault::Changed);
        std::fs::remove_file(folder.join(NAME)).unwrap();
        let saved = save(folder, &study(&["c"]), &second);
        assert_eq!(fault(saved), StudyFault::Changed);
    }

    #[test]
    fn a_damaged_newer_or_unknown_form_is_refused() {
        let valid = String::from_utf8(bytes_of(&study(&["a"])).unwrap()).unwrap();
        assert!(parse(valid.clone().into()).is_ok());
        assert!(parse(format!("\u{feff}{valid}").into()).is_ok());
        let newer = valid.replace("\"schema\": 1", "\"schema\": 2, \"new\": []");
        assert_eq!(parse(newer.into()), Err(StudyFault::Newer));
        let unknown = valid.replace("\"inputs\"", "\"extra\": 1, \"inputs\"");
        let field = "extra".to_owned();
        assert_eq!(
            parse(unknown.into()),
            Err(StudyFault::UnknownField { field })
        );
        for end in 0..valid.len() - 2 {
            let cut = parse(valid.as_bytes()[..end].to_vec());
            assert!(
                matches!(cut, Err(StudyFault::Damaged { .. })),
                "{end}: {cut:?}"
            );
        }
        for text in ["[]", "3", "{\"schema\": -1}", "{\"schema\": \"1\"}", "{}"] {
            let read = parse(text.into());
            assert!(matches!(read, Err(StudyFault::Damaged { .. })), "{text}");
        }
    }

    #[test]
    fn a_study_is_open_alone_or_shared() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let alone = lock(folder, Access::Alone).unwrap();
        for access in [Access::Alone, Access::Shared] {
            assert_eq!(fault(lock(folder, access)), StudyFault::Held);
        }
        drop(alone);
        let _shared = [(); 2].map(|()| lock(folder, Access::Shared).unwrap());
        assert_eq!(fault(lock(folder, Access::Alone)), StudyFault::Held);
    }

    #[test]
    fn paths_are_relative_and_lead_back() {
        let folder = tempfile::tempdir().unwrap();
        let base = base(folder.path());
        for (below, expected) in [("eyes/a b", "eyes/a b"), ("", "."), ("眼", "眼")] {
            let path = base.join(below);
            assert_eq!(reference(&base, &path).unwrap(), expected);
            assert_eq!(
                resolved(&base, expected),
                path.components().collect::<PathBuf>()
            );
        }
        let study = base.join("studies/one");
        std::fs::create_dir_all(&study).unwrap();
        let eyes = base.join("eyes");
        assert_eq!(reference(&study, &eyes).unwrap(), "../../eyes");
        assert_eq!(resolved(&study, "../../eyes"), eyes);
        let other = std::path::absolute("/elsewhere/eyes").unwrap();
        assert_eq!(resolved(&study, other.to_str().unwrap()), other);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_followed_by_its_parent_leads_where_the_system_goes() {
        let folder = tempfile::tempdir().unwrap();
        let base = base(folder.path());
        for below in ["far/away", "far/eyes", "eyes"] {
            std::fs::create_dir_all(base.join(below)).unwrap();
        }
        std::os::unix::fs::symlink(base.join("far/away"), base.join("link")).unwrap();
        let input = whole_input(&base.join("link/../eyes"));
        assert_eq!(input, base.join("far/eyes"));
        assert_eq!(whole_input(&base.join("link")), base.join("link"));
    }

    #[test]
    fn journals_are_found_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let shard = |text: &str| Some(text.parse().unwrap());
        let expected = [None, shard("1/2"), shard("2/2"), shard("10/12")];
        for shard in expected.iter().rev() {
            std::fs::write(folder.path().join(journal_name(*shard)), "").unwrap();
        }
        for other in [
            "gantei-study-journal (2).jsonl",
            "gantei-study-journal-3-of-2.jsonl",
            "gantei-study-journal-01-of-2.jsonl",
            "gantei-study-journal-1-of-2 (2).jsonl",
        ] {
            assert!(is_own_file(other));
            std::fs::write(folder.path().join(other), "").unwrap();
        }
        let found: Vec<_> = journals(folder.path())
            .into_iter()
            .map(|(s, _)| s)
            .collect();
        assert_eq!(found, expected);
        assert!(is_own_file(NAME) && is_own_file(&LOCK.concat()) && !is_own_file("eye.jpg"));
    }

    #[test]
    fn a_journal_has_one_writer_and_can_be_read_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let parts = [None, "1/2".parse().ok(), "2/2".parse().ok()];
        let _locks = parts.map(|part| lock_journal(folder, part).unwrap());
        for part in parts {
            assert_eq!(fault(lock_journal(folder, part)), StudyFault::Held);
        }
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // The journals themselves are not what is locked.
            assert!(is_own_file(&name) && !name.ends_with(".jsonl"), "{name}");
        }
    }

    #[test]
    fn the_folder_of_a_study_is_found_from_its_file_too() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(folder_of(folder.path()), None);
        create(folder.path(), &study(&[])).unwrap();
        let expected = Some(base(folder.path()));
        assert_eq!(folder_of(folder.path()), expected);
        assert_eq!(folder_of(&folder.path().join(NAME)), expected);
        assert_eq!(folder_of(&folder.path().join("other.json")), None);
    }
}
