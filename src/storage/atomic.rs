//! Files are written to a temporary name in the same folder and renamed: there is the old file or the new one, never half.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::{Error, file_name};

/// Temporary files and folders that exist now, and whether no more may be made.
static PASSING: Mutex<Passing> = Mutex::new(Passing {
    paths: BTreeSet::new(),
    over: false,
});

struct Passing {
    paths: BTreeSet<PathBuf>,
    over: bool,
}

impl Passing {
    fn lock() -> Result<MutexGuard<'static, Self>, std::io::Error> {
        let passing = PASSING.lock().unwrap_or_else(PoisonError::into_inner);
        match passing.over {
            true => Err(ErrorKind::Interrupted.into()),
            false => Ok(passing),
        }
    }
}

/// A path that is among them for as long as this lives.
struct Mark(PathBuf);

impl Drop for Mark {
    fn drop(&mut self) {
        let mut passing = PASSING.lock().unwrap_or_else(PoisonError::into_inner);
        passing.paths.remove(&self.0);
    }
}

/// Deletes every temporary file and folder, and refuses all further writes: the process is about to end while a thread
/// still works.
pub fn stop_writing() {
    let mut passing = PASSING.lock().unwrap_or_else(PoisonError::into_inner);
    passing.over = true;
    for path in std::mem::take(&mut passing.paths) {
        let _ = match path.is_dir() {
            true => std::fs::remove_dir_all(&path),
            false => std::fs::remove_file(&path),
        };
    }
}

/// Writes `bytes` to `path`, making its folder where it is missing and replacing an older file in one step.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let (file, _mark) = filled(path, bytes)?;
    file.persist(path).map_err(|e| failure(path)(e.error))?;
    Ok(())
}

/// As [`write()`], but never over another file: `false` where `path` is taken.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let (file, _mark) = filled(path, bytes)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(e) if e.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        // Some disks, such as memory cards, have no such step; there the look above must do.
        Err(e) => e
            .file
            .persist(path)
            .map(|_| true)
            .map_err(|e| failure(path)(e.error)),
    }
}

/// A temporary file beside `path` with `bytes` in it, safe on the disk.
fn filled(path: &Path, bytes: &[u8]) -> Result<(NamedTempFile, Mark), Error> {
    let fail = failure(path);
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gantei-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let (mut file, mark) = {
        let mut passing = Passing::lock().map_err(&fail)?;
        // Under the lock: a deleted folder must not come back.
        std::fs::create_dir_all(folder).map_err(&fail)?;
        let file = builder.tempfile_in(folder).map_err(&fail)?;
        passing.paths.insert(file.path().to_owned());
        let mark = Mark(file.path().to_owned());
        (file, mark)
    };
    file.write_all(bytes).map_err(&fail)?;
    file.as_file().sync_data().map_err(&fail)?;
    Ok((file, mark))
}

fn failure(path: &Path) -> impl Fn(std::io::Error) -> Error {
    let name = file_name(path);
    move |source| Error::Write {
        name: name.clone(),
        source: source.into(),
    }
}

/// Makes a folder if it is missing and sees whether files can be written into it, before anything is computed for it.
pub fn prepare(folder: &Path) -> Result<(), Error> {
    let fail = failure(folder);
    std::fs::create_dir_all(folder).map_err(&fail)?;
    tempfile::tempfile_in(folder).map_err(&fail)?;
    Ok(())
}

/// Makes a folder whole or not at all: `fill` writes into a temporary sibling which then takes the place of `path`.
pub fn folder<E: From<Error>>(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let fail = failure(path);
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(&fail)?;
    let (new, _new) = passing_folder(parent, ".part").map_err(&fail)?;
    fill(new.path())?;
    let (old, _old) = passing_folder(parent, ".old").map_err(&fail)?;
    // Writing is not stopped between the two steps: there would be neither the old folder nor the new one.
    let steps = Passing::lock().map_err(&fail)?;
    let moved = old.path().join("was");
    let replaced = match std::fs::rename(path, &moved) {
        Ok(()) => true,
        Err(e) if e.kind() == ErrorKind::NotFound => false,
        Err(e) => return Err(fail(e).into()),
    };
    let new = new.keep();
    if let Err(e) = std::fs::rename(&new, path) {
        if replaced {
            // The old folder goes back where it stood; should that fail too, the first error is the one to tell.
            let _ = std::fs::rename(&moved, path);
        }
        let _ = std::fs::remove_dir_all(&new);
        return Err(fail(e).into());
    }
    drop(steps);
    Ok(())
}

/// A temporary folder beside what it will become.
fn passing_folder(parent: &Path, suffix: &str) -> std::io::Result<(tempfile::TempDir, Mark)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gantei-").suffix(suffix);
    let mut passing = Passing::lock()?;
    let folder = builder.tempdir_in(parent)?;
    passing.paths.insert(folder.path().to_owned());
    let mark = Mark(folder.path().to_owned());
    Ok((folder, mark))
}

/// Takes a folder away in one step: it is moved aside first, so that nobody meets half of it, and then deleted.
pub fn remove_folder(path: &Path) -> Result<(), Error> {
    let fail = failure(path);
    let parent = path.parent().unwrap_or(Path::new("."));
    let (old, _mark) = passing_folder(parent, ".old").map_err(&fail)?;
    std::fs::rename(path, old.path().join("was")).map_err(&fail)?;
    old.close().map_err(&fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.csv");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(dir.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_takes_the_place_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.csv");
        assert!(write_new(&path, b"one").unwrap());
        assert!(!write_new(&path, b"two").unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(dir.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn a_removed_folder_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model");
        write(&path.join("x/y"), b"").unwrap();
        remove_folder(&path).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(matches!(remove_folder(&path), Err(Error::Write { .. })));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_could_not_be_filled_leaves_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model");
        folder::<Error>(&path, |at| write(&at.join("x"), b"old")).unwrap();
        let failed = folder::<Error>(&path, |at| {
            write(&at.join("x"), b"new")?;
            Err(Error::NoHome)
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(path.join("x")).unwrap(), b"old");
        folder::<Error>(&path, |at| write(&at.join("x"), b"new")).unwrap();
        assert_eq!(std::fs::read(path.join("x")).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
