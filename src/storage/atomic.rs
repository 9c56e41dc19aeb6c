//! Files are written under a temporary name in the same folder and renamed: a reader sees the old file or the new one,
//! never a partial one.
//!
//! A folder is also replaced in one step if the system can exchange two names (Linux, macOS). Elsewhere the old one is
//! moved aside first, and [`sweep()`] restores it if the process died between the two steps.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{NamedTempFile, TempDir};

use super::leftovers::{self, BEGINNING, LOCK, NAME, PART, WAS};
use super::{Error, file_name};

pub use super::leftovers::{sweep, sweep_all};

/// Temporary files and folders that exist now, and whether creating more is forbidden.
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

/// A path that is registered for as long as this lives.
#[derive(Debug)]
struct Mark(PathBuf);

impl Drop for Mark {
    fn drop(&mut self) {
        let mut passing = PASSING.lock().unwrap_or_else(PoisonError::into_inner);
        passing.paths.remove(&self.0);
    }
}

/// Deletes every temporary file and folder, and refuses all further writes: the process is about to end while a thread
/// is still running.
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

/// Writes `bytes` to `path`, creating its folder if missing and replacing an older file in one step.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let (file, _mark) = filled(path, bytes)?;
    file.persist(path).map_err(|e| failure(path)(e.error))?;
    Ok(())
}

/// As [`write()`], line by line: for files that would take too much memory. Stops at the first error of the lines, and the
/// older file stays.
pub fn write_lines<E: From<Error>>(
    path: &Path,
    lines: impl Iterator<Item = Result<String, E>>,
) -> Result<(), E> {
    let fail = failure(path);
    let (mut file, _mark) = begun(path)?;
    let mut buffered = BufWriter::with_capacity(1 << 20, file.as_file_mut());
    for line in lines {
        buffered.write_all(line?.as_bytes()).map_err(&fail)?;
    }
    buffered.flush().map_err(&fail)?;
    drop(buffered);
    file.as_file().sync_data().map_err(&fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

/// As [`write()`], but never over another file: `false` if `path` is taken.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let (file, _mark) = filled(path, bytes)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(e) if e.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        // Some disks, such as memory cards, have no such operation; there the check above must suffice.
        Err(e) => e
            .file
            .persist(path)
            .map(|_| true)
            .map_err(|e| failure(path)(e.error)),
    }
}

/// A temporary file next to `path` that contains `bytes`, synced to the disk.
fn filled(path: &Path, bytes: &[u8]) -> Result<(NamedTempFile, Mark), Error> {
    let fail = failure(path);
    let (mut file, mark) = begun(path)?;
    file.write_all(bytes).map_err(&fail)?;
    file.as_file().sync_data().map_err(&fail)?;
    Ok((file, mark))
}

/// An empty temporary file next to `path`.
fn begun(path: &Path) -> Result<(NamedTempFile, Mark), Error> {
    let fail = failure(path);
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGINNING).suffix(PART);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let (file, mark) = {
        let mut passing = Passing::lock().map_err(&fail)?;
        // Under the lock: a deleted folder must not be created again.
        std::fs::create_dir_all(folder).map_err(&fail)?;
        let file = builder.tempfile_in(folder).map_err(&fail)?;
        passing.paths.insert(file.path().to_owned());
        let mark = Mark(file.path().to_owned());
        (file, mark)
    };
    leftovers::hold(file.as_file());
    Ok((file, mark))
}

fn failure(path: &Path) -> impl Fn(std::io::Error) -> Error {
    let name = file_name(path);
    move |source| Error::Write {
        name: name.clone(),
        source: source.into(),
    }
}

/// Creates a folder if it is missing and checks that files can be written into it, before anything is computed for it.
pub fn prepare(folder: &Path) -> Result<(), Error> {
    let fail = failure(folder);
    std::fs::create_dir_all(folder).map_err(&fail)?;
    tempfile::tempfile_in(folder).map_err(&fail)?;
    Ok(())
}

/// Creates a folder whole or not at all: `fill` writes into a temporary one, which then replaces `path`.
pub fn folder<E: From<Error>>(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let fail = failure(path);
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(&fail)?;
    let bench = StagingFolder::new(parent).map_err(&fail)?;
    let new = bench.inside("new");
    std::fs::create_dir(&new).map_err(&fail)?;
    fill(&new)?;
    // Writing is not stopped between the steps: neither the old folder nor the new one might exist.
    let steps = Passing::lock().map_err(&fail)?;
    take_place(&bench, &new, path).map_err(&fail)?;
    drop(steps);
    Ok(())
}

/// `new` replaces `path`; the previous contents stay in the temporary folder and are deleted with it.
fn take_place(bench: &StagingFolder, new: &Path, path: &Path) -> io::Result<()> {
    for _ in 0..3 {
        match exchange(new, path) {
            Ok(()) => return Ok(()),
            Err(e) if e.kind() == ErrorKind::NotFound => match std::fs::rename(new, path) {
                // Another process was faster: now there is something to replace.
                Err(e) if is_taken(&e) => {}
                other => return other,
            },
            Err(_) => break,
        }
    }
    in_two_steps(bench, new, path)
}

fn is_taken(e: &io::Error) -> bool {
    matches!(
        e.kind(),
        ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty
    )
}

/// Exchanges two names, so that something exists under each at every moment.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// For systems and disks that cannot exchange names.
fn in_two_steps(bench: &StagingFolder, new: &Path, path: &Path) -> io::Result<()> {
    let (was, name) = (bench.inside(WAS), bench.inside(NAME));
    std::fs::write(&name, file_name(path))?;
    let replaced = match std::fs::rename(path, &was) {
        Ok(()) => true,
        Err(e) if e.kind() == ErrorKind::NotFound => false,
        Err(e) => return Err(e),
    };
    if let Err(e) = std::fs::rename(new, path) {
        if replaced {
            // The old folder is moved back; if that fails too, the first error is the one to report.
            let _ = std::fs::rename(&was, path);
        }
        return Err(e);
    }
    // Before anything else: a half-deleted old folder must never be restored.
    let _ = std::fs::remove_file(&name);
    Ok(())
}

/// A temporary folder next to the target, for building new contents and for moving old ones out of the way.
#[derive(Debug)]
struct StagingFolder {
    // Dropped in this order: some systems do not delete a file that is open.
    _lock: File,
    folder: TempDir,
    _mark: Mark,
}

impl StagingFolder {
    fn new(parent: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(BEGINNING).suffix(PART);
        let mut passing = Passing::lock()?;
        let folder = builder.tempdir_in(parent)?;
        passing.paths.insert(folder.path().to_owned());
        let mark = Mark(folder.path().to_owned());
        drop(passing);
        let lock = File::create(folder.path().join(LOCK))?;
        leftovers::hold(&lock);
        Ok(Self {
            _lock: lock,
            folder,
            _mark: mark,
        })
    }

    fn inside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Deletes its contents.
    fn clear(&self) -> io::Result<()> {
        leftovers::empty(self.folder.path())
    }
}

impl Drop for StagingFolder {
    fn drop(&mut self) {
        // The lock goes last: if the process dies here, what is left has no lock owner and can be swept.
        let _ = self.clear();
    }
}

/// A temporary folder in another one, which is deleted with this, or when writing is stopped.
#[derive(Debug)]
pub struct PassingFolder(StagingFolder);

impl PassingFolder {
    /// # Errors
    /// The folder `parent` cannot be written to.
    pub fn new(parent: &Path) -> Result<Self, Error> {
        StagingFolder::new(parent)
            .map(Self)
            .map_err(failure(parent))
    }

    /// A path inside.
    pub fn inside(&self, name: &str) -> PathBuf {
        self.0.inside(name)
    }
}

/// Whether a temporary file or folder would be deleted if writing was stopped now.
#[cfg(test)]
pub(super) fn is_passing(path: &Path) -> bool {
    Passing::lock().is_ok_and(|passing| passing.paths.contains(path))
}

/// Removes a folder in one step: it is first moved aside, so that no reader sees half of it, and then deleted.
pub fn remove_folder(path: &Path) -> Result<(), Error> {
    let fail = failure(path);
    let parent = path.parent().unwrap_or(Path::new("."));
    let bench = StagingFolder::new(parent).map_err(&fail)?;
    std::fs::rename(path, bench.inside("gone")).map_err(&fail)?;
    bench.clear().map_err(&fail)
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
    fn lines_replace_a_file_only_if_all_of_them_come() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let line = |text: &str| Ok(text.to_owned());
        write_lines::<Error>(&path, [line("a\n"), line("b\n")].into_iter()).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a\nb\n");
        let stopped = [line("c\n"), Err(Error::NoHome)].into_iter();
        assert!(write_lines(&path, stopped).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"a\nb\n");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
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

    #[test]
    fn a_replaced_folder_is_never_missing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model");
        let fill = |text: &'static [u8]| move |at: &Path| write(&at.join("x"), text);
        folder::<Error>(&path, fill(b"0")).unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let looking = scope.spawn(|| {
                let mut missing = 0_u32;
                let mut looks = 0_u32;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    looks += 1;
                    missing += u32::from(path.symlink_metadata().is_err());
                }
                (looks, missing)
            });
            for _ in 0..200 {
                folder::<Error>(&path, fill(b"1")).unwrap();
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            let (looks, missing) = looking.join().unwrap();
            assert!(looks > 200);
            if exchange_works(dir.path()) {
                assert_eq!(missing, 0, "of {looks} looks");
            }
        });
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    fn exchange_works(folder: &Path) -> bool {
        let (a, b) = (folder.join("a"), folder.join("b"));
        std::fs::write(&a, b"").unwrap();
        std::fs::write(&b, b"").unwrap();
        let works = exchange(&a, &b).is_ok();
        std::fs::remove_file(a).unwrap();
        std::fs::remove_file(b).unwrap();
        let must = cfg!(target_os = "linux");
        assert!(works || !must, "this disk cannot exchange names");
        works
    }

    #[test]
    fn without_an_exchange_the_old_folder_is_put_back_after_a_death_between_the_steps() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model");
        write(&path.join("x"), b"old").unwrap();
        let bench = StagingFolder::new(dir.path()).unwrap();
        let new = bench.inside("new");
        write(&new.join("x"), b"new").unwrap();
        in_two_steps(&bench, &new, &path).unwrap();
        assert_eq!(std::fs::read(path.join("x")).unwrap(), b"new");
        drop(bench);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);

        // The second step fails: the folder is restored at once.
        let bench = StagingFolder::new(dir.path()).unwrap();
        assert!(in_two_steps(&bench, &bench.inside("absent"), &path).is_err());
        assert_eq!(std::fs::read(path.join("x")).unwrap(), b"new");
        drop(bench);

        // As after a crash between the two: nothing under the name, and no lock owner.
        let bench = StagingFolder::new(dir.path()).unwrap();
        std::fs::write(bench.inside(NAME), "model").unwrap();
        std::fs::rename(&path, bench.inside(WAS)).unwrap();
        sweep(dir.path());
        assert!(!path.exists(), "its owner lives");
        let dead = dir.path().join(".gantei-dead.part");
        std::fs::create_dir(&dead).unwrap();
        for name in [LOCK, NAME] {
            std::fs::copy(bench.inside(name), dead.join(name)).unwrap();
        }
        std::fs::rename(bench.inside(WAS), dead.join(WAS)).unwrap();
        sweep(dir.path());
        assert_eq!(std::fs::read(path.join("x")).unwrap(), b"new");
    }

    #[test]
    fn temporary_files_are_held_while_they_are_written() {
        let dir = tempfile::tempdir().unwrap();
        let (file, _mark) = filled(&dir.path().join("a"), b"half").unwrap();
        let hour = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        file.as_file().set_modified(hour).unwrap();
        sweep(dir.path());
        assert!(file.path().exists());
        let path = file.path().to_owned();
        // As after a crash: not deleted, and the lock is gone.
        let (handle, kept) = file.keep().unwrap();
        drop(handle);
        assert_eq!(kept, path);
        sweep(dir.path());
        assert!(!path.exists());
    }
}
