//! Saves the files of an export into a folder, each complete or not at all, and replaces nothing unless told to.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Error;
use crate::storage::{self, atomic, show};

/// What to do with existing names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Report an error.
    Refuse,
    Replace,
    /// The new file gets another name: `eye~2.png` next to `eye.png`.
    KeepBoth,
}

/// The names that already exist in the folder, so that the user can be asked first.
pub fn existing(folder: &Path, names: &[String]) -> Vec<String> {
    let is_there = |name: &&String| storage::has_entry(&folder.join(name));
    names.iter().filter(is_there).cloned().collect()
}

/// Writes all the files and returns their final names. With [`Existing::Refuse`] nothing is written if one of the names
/// is taken.
pub fn save(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    existing: Existing,
) -> Result<Vec<String>, Error> {
    if existing == Existing::Refuse {
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        if let Some(taken) = self::existing(folder, &names).into_iter().next() {
            return Err(Error::Exists(taken));
        }
    }
    let mut saver = Saver::new(folder, existing);
    files
        .iter()
        .map(|(name, bytes)| saver.write(name, bytes))
        .collect()
}

/// Shows a folder in the system's file manager.
pub fn show_folder(folder: &Path) -> Result<(), Error> {
    Ok(show::folder(folder)?)
}

/// Writes files one by one, so that a thousand overlays need not be in memory at once.
#[derive(Debug)]
pub struct Saver {
    folder: PathBuf,
    existing: Existing,
    /// Names of this export, in lower case: some disks do not distinguish `A.png` from `a.png`.
    own: HashSet<String>,
}

impl Saver {
    pub fn new(folder: &Path, existing: Existing) -> Self {
        Self {
            folder: folder.to_owned(),
            existing,
            own: HashSet::new(),
        }
    }

    /// Writes one file and returns its final name. A name that this export has used is never used twice, whatever
    /// happens to older files.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<String, Error> {
        if !is_plain(name) {
            return Err(Error::Usage(
                "a file to save needs a plain name, without folders".to_owned(),
            ));
        }
        let mut count = 0;
        loop {
            count += 1;
            let name = numbered(name, count);
            if self.own.contains(&name.to_lowercase()) {
                continue;
            }
            let path = self.folder.join(&name);
            let written = match self.existing {
                Existing::Replace => atomic::write(&path, bytes).map(|()| true)?,
                Existing::Refuse | Existing::KeepBoth => atomic::write_new(&path, bytes)?,
            };
            if written {
                self.own.insert(name.to_lowercase());
                return Ok(name);
            }
            if self.existing == Existing::Refuse {
                return Err(Error::Exists(name));
            }
        }
    }
}

fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', ':', '\0'])
}

/// `eye.png`, `eye~2.png`, `eye~3.png`.
fn numbered(name: &str, count: usize) -> String {
    if count < 2 {
        return name.to_owned();
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem}~{count}.{extension}"),
        _ => format!("{name}~{count}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str], content: &[u8]) -> Vec<(String, Vec<u8>)> {
        names
            .iter()
            .map(|n| ((*n).to_owned(), content.to_vec()))
            .collect()
    }

    fn content(folder: &Path, name: &str) -> Vec<u8> {
        std::fs::read(folder.join(name)).unwrap()
    }

    #[test]
    fn a_taken_name_is_refused_before_anything_is_written() {
        let dir = tempfile::tempdir().unwrap();
        save(dir.path(), &files(&["b.csv"], b"old"), Existing::Refuse).unwrap();
        let names = ["a.csv".to_owned(), "b.csv".to_owned()];
        assert_eq!(existing(dir.path(), &names), ["b.csv"]);
        let refused = save(
            dir.path(),
            &files(&["a.csv", "b.csv"], b"new"),
            Existing::Refuse,
        );
        assert!(matches!(refused, Err(Error::Exists(name)) if name == "b.csv"));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(content(dir.path(), "b.csv"), b"old");
    }

    #[test]
    fn replacing_and_keeping_both_do_what_they_say() {
        let dir = tempfile::tempdir().unwrap();
        let write = |content: &[u8], existing| {
            save(
                dir.path(),
                &files(&["eye.grad-cam.png", "LICENSE"], content),
                existing,
            )
            .unwrap()
        };
        assert_eq!(
            write(b"1", Existing::KeepBoth),
            ["eye.grad-cam.png", "LICENSE"]
        );
        assert_eq!(
            write(b"2", Existing::KeepBoth),
            ["eye.grad-cam~2.png", "LICENSE~2"]
        );
        assert_eq!(
            write(b"3", Existing::Replace),
            ["eye.grad-cam.png", "LICENSE"]
        );
        assert_eq!(
            write(b"4", Existing::KeepBoth),
            ["eye.grad-cam~3.png", "LICENSE~3"]
        );
        assert_eq!(content(dir.path(), "eye.grad-cam.png"), b"3");
        assert_eq!(content(dir.path(), "eye.grad-cam~2.png"), b"2");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 6);
    }

    #[test]
    fn one_export_never_writes_a_name_twice() {
        let dir = tempfile::tempdir().unwrap();
        for existing in [Existing::Refuse, Existing::Replace] {
            let folder = dir.path().join(format!("{existing:?}"));
            let mut saver = Saver::new(&folder, existing);
            assert_eq!(saver.write("a.png", b"1").unwrap(), "a.png");
            assert_eq!(saver.write("A.png", b"2").unwrap(), "A~2.png");
            assert_eq!(saver.write("a.png", b"3").unwrap(), "a~3.png");
            assert_eq!(content(&folder, "a.png"), b"1");
        }
    }

    #[test]
    fn names_stay_in_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let mut saver = Saver::new(dir.path(), Existing::Replace);
        for name in ["", "..", "../a", "a/b", "a\\b", "C:a", "/a"] {
            assert!(
                matches!(saver.write(name, b""), Err(Error::Usage(_))),
                "{name}"
            );
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
