//! Cleans up after crashed processes: temporary files and folders that never replaced their target.
//!
//! A process holds a lock on each temporary file, and on a file inside each temporary folder, for as long as it lives.
//! Systems release locks with the process, and file servers share them between machines; a file that can be locked
//! therefore has no owner.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Prefix of temporary names, and their suffixes in this and older versions.
pub(super) const BEGINNING: &str = ".gantei-";
pub(super) const PART: &str = ".part";
const OLD: &str = ".old";

/// Inside a temporary folder: the file locked by its owner.
pub(super) const LOCK: &str = "lock";
/// Inside a temporary folder: the old folder, moved aside for a new one.
pub(super) const WAS: &str = "was";
/// Inside a temporary folder: a file with the old folder's name.
pub(super) const NAME: &str = "name";

/// Younger ones are kept: a temporary file has no owner between its creation and its locking.
pub(super) const YOUNG: Duration = Duration::from_secs(60);
/// Age limit if the owner cannot be determined, such as on a disk without locks.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);

/// Locks a temporary file for as long as it is open. On a disk without locks the age of the file decides.
pub(super) fn hold(file: &File) {
    // Not `try_lock`: a sweeping process may hold it for a moment.
    let _ = file.lock();
}

/// Deletes the temporary files and folders of dead processes in a folder, and restores folders that they had moved
/// aside. Whatever cannot be read or deleted stays.
pub fn sweep(folder: &Path) {
    sweep_with(folder, YOUNG, |_| None);
}

/// As [`sweep`], including young ones: for a caller that is the only writer to the folder.
pub fn sweep_all(folder: &Path) {
    sweep_with(folder, Duration::ZERO, |_| None);
}

/// As [`sweep`]; `name_of` returns the name of a folder that was moved aside without a record of it.
pub(super) fn sweep_with(
    folder: &Path,
    young: Duration,
    name_of: impl Fn(&Path) -> Option<String>,
) {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(BEGINNING) && (name.ends_with(PART) || name.ends_with(OLD)) {
            // A concurrent sweep may be faster.
            let _ = classify(&entry.path(), young, &name_of);
        }
    }
}

fn classify(
    path: &Path,
    young: Duration,
    name_of: &impl Fn(&Path) -> Option<String>,
) -> io::Result<()> {
    let found = path.symlink_metadata()?;
    if found.is_dir() {
        let owner = owner(&path.join(LOCK))?;
        if owner == Owner::Lives {
            return Ok(());
        }
        put_back(path, name_of)?;
        if is_over(&owner, newest(path, &found)?, young) {
            empty(path)?;
            drop(owner);
            std::fs::remove_dir_all(path)?;
        }
    } else if found.is_file() {
        let owner = owner(path)?;
        if owner != Owner::Lives && is_over(&owner, found.modified()?, young) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Deletes everything in a temporary folder except its lock.
pub(super) fn empty(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => std::fs::remove_dir_all(entry.path())?,
            false if entry.file_name() == LOCK => {}
            false => std::fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

/// The owner of a temporary file, as its lock shows.
enum Owner {
    Lives,
    /// The lock is now ours, so that no other process sweeps the same.
    Dead {
        _lock: File,
    },
    Unknown,
}

impl PartialEq for Owner {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

fn owner(lock: &Path) -> io::Result<Owner> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let file = match options.open(lock) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Owner::Unknown),
        other => other?,
    };
    Ok(match file.try_lock() {
        Ok(()) => Owner::Dead { _lock: file },
        Err(TryLockError::WouldBlock) => Owner::Lives,
        Err(TryLockError::Error(_)) => Owner::Unknown,
    })
}

fn is_over(owner: &Owner, changed: SystemTime, young: Duration) -> bool {
    let limit = match owner {
        // With no age limit, clocks of other machines do not matter.
        Owner::Dead { .. } if young.is_zero() => return true,
        Owner::Dead { .. } => young,
        _ => FORGOTTEN,
    };
    // A time in the future comes from a different clock.
    changed.elapsed().is_ok_and(|age| age >= limit)
}

/// The time of the last change of anything in a folder.
fn newest(folder: &Path, found: &Metadata) -> io::Result<SystemTime> {
    let mut newest = found.modified()?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        let changed = match found.is_dir() {
            true => self::newest(&entry.path(), &found)?,
            false => found.modified()?,
        };
        newest = newest.max(changed);
    }
    Ok(newest)
}

/// Restores a folder that was moved aside by a process that died before the new one replaced it.
fn put_back(aside: &Path, name_of: &impl Fn(&Path) -> Option<String>) -> io::Result<()> {
    let was = aside.join(WAS);
    if !was.is_dir() {
        return Ok(());
    }
    let noted = std::fs::read_to_string(aside.join(NAME)).ok();
    let Some(name) = noted.or_else(|| name_of(&was)) else {
        return Ok(());
    };
    let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':']);
    let Some(folder) = aside.parent().filter(|_| is_plain) else {
        return Ok(());
    };
    let place = folder.join(name);
    match place.symlink_metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => std::fs::rename(was, place),
        other => other.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aged(path: &Path, age: Duration) {
        let when = SystemTime::now() - age;
        File::open(path).unwrap().set_modified(when).unwrap();
    }

    fn file(folder: &Path, name: &str) -> std::path::PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, b"half").unwrap();
        path
    }

    #[test]
    fn what_the_dead_left_goes_and_what_the_living_hold_stays() {
        let dir = tempfile::tempdir().unwrap();
        let old = Duration::from_secs(3600);
        let dead = file(dir.path(), ".gantei-dead.part");
        let young = file(dir.path(), ".gantei-young.part");
        let held = file(dir.path(), ".gantei-held.part");
        let lock = OpenOptions::new().write(true).open(&held).unwrap();
        hold(&lock);
        let others: Vec<_> = [".gantei-journal.jsonl", "a.part", ".gantei-x.old.txt"]
            .map(|name| file(dir.path(), name))
            .into();
        for path in others.iter().chain([&dead, &held]) {
            aged(path, old);
        }
        sweep(dir.path());
        assert!(!dead.exists());
        assert!(young.exists() && held.exists());
        assert!(others.iter().all(|path| path.exists()));
        drop(lock);
        sweep(dir.path());
        assert!(!held.exists() && young.exists());
    }

    #[test]
    fn a_folder_goes_by_its_lock_and_without_one_by_its_age() {
        let dir = tempfile::tempdir().unwrap();
        let folder = |name: &str, locked: bool| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.join("new")).unwrap();
            file(&path.join("new"), "model.onnx");
            let lock = locked.then(|| File::create(path.join(LOCK)).unwrap());
            (path, lock)
        };
        let age = |path: &Path, age| {
            for inner in ["new/model.onnx", LOCK, "new", ""] {
                let inner = path.join(inner);
                if inner.exists() {
                    aged(&inner, age);
                }
            }
        };
        let (dead, _) = folder(".gantei-dead.part", true);
        let (held, lock) = folder(".gantei-held.part", true);
        hold(lock.as_ref().unwrap());
        let (unknown, _) = folder(".gantei-unknown.old", false);
        let (writing, _) = folder(".gantei-writing.part", true);
        for path in [&dead, &held, &unknown, &writing] {
            age(path, Duration::from_secs(3600));
        }
        // Changed a moment ago, deep inside.
        std::fs::write(writing.join("new/model.onnx"), b"more").unwrap();
        sweep(dir.path());
        assert!(!dead.exists());
        assert!(held.exists() && unknown.exists() && writing.exists());
        age(&unknown, Duration::from_secs(25 * 3600));
        sweep(dir.path());
        assert!(!unknown.exists() && held.exists());
    }

    #[test]
    fn what_was_moved_aside_is_put_back_unless_its_place_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let aside = |temporary: &str, name: Option<&str>| {
            let path = dir.path().join(temporary);
            std::fs::create_dir_all(path.join(WAS)).unwrap();
            file(&path.join(WAS), "model.onnx");
            if let Some(name) = name {
                std::fs::write(path.join(NAME), name).unwrap();
            }
            path
        };
        aside(".gantei-a.part", Some("mine"));
        aside(".gantei-b.old", None);
        let taken = aside(".gantei-c.part", Some("there"));
        let outside = aside(".gantei-d.part", Some("../outside"));
        std::fs::create_dir(dir.path().join("there")).unwrap();
        let removed = dir.path().join(".gantei-e.part/gone");
        std::fs::create_dir_all(&removed).unwrap();
        sweep_with(dir.path(), YOUNG, |was| {
            let of_b = was.starts_with(dir.path().join(".gantei-b.old"));
            of_b.then(|| "yours".to_owned())
        });
        for name in ["mine", "yours"] {
            assert!(dir.path().join(name).join("model.onnx").exists(), "{name}");
        }
        assert!(taken.join(WAS).exists() && outside.join(WAS).exists());
        assert!(removed.exists() && !dir.path().join("gone").exists());
        assert_eq!(
            std::fs::read_dir(dir.path().join("there")).unwrap().count(),
            0
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let kept = file(outside.path(), "kept");
        aged(&kept, Duration::from_secs(3600));
        for (name, target) in [
            (".gantei-file.part", kept.as_path()),
            (".gantei-folder.part", outside.path()),
        ] {
            std::os::unix::fs::symlink(target, dir.path().join(name)).unwrap();
        }
        sweep(dir.path());
        assert!(kept.exists());
    }
}
