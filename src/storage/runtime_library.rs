//! The ONNX Runtime libraries on disk: lists folders for the search, and installs into the runtime folder.
//!
//! Each installed build has its own folder, which is put in place in one step, so that a search never finds half a
//! library.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Error, Places, atomic};
use crate::runtime::wheel::Unpacked;
use crate::runtime::{SearchResult, search};

/// Every library and plug-in that may be loaded, in order of trial. `setting` is the library or folder named by the
/// user.
pub fn find(places: &Places, setting: Option<&Path>) -> SearchResult {
    let setting = setting.map(Path::to_path_buf);
    let searched = search::Places::of_this_process(setting, Some(places.runtime.clone()));
    search::find(&searched, &list)
}

/// Installs what was extracted from a wheel and returns the new folder. A build of the same name is replaced.
pub fn install(places: &Places, unpacked: &Unpacked) -> Result<PathBuf, Error> {
    install_files(&places.runtime, &unpacked.folder, &unpacked.files)
}

/// Full paths of a folder's entries, sorted; empty if the folder does not exist.
fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Writes the files of one build to `runtime_folder/folder` and returns that path. A build of the same name is
/// replaced; if it has the same contents, nothing is written.
fn install_files(
    runtime_folder: &Path,
    folder: &str,
    files: &[(String, Vec<u8>)],
) -> Result<PathBuf, Error> {
    let mut names = files.iter().map(|(name, _)| name.as_str()).chain([folder]);
    if files.is_empty() || !names.all(is_plain) {
        return Err(Error::Write {
            name: "the library".to_owned(),
            source: ErrorKind::InvalidFilename.into(),
        });
    }
    let target = runtime_folder.join(folder);
    if holds(&target, files) {
        return Ok(target);
    }
    atomic::folder(&target, |new| {
        for (name, content) in files {
            atomic::write(&new.join(name), content)?;
        }
        Ok::<(), Error>(())
    })?;
    Ok(target)
}

/// A single file or folder name, not hidden.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

/// Whether the folder contains exactly these files.
fn holds(folder: &Path, files: &[(String, Vec<u8>)]) -> bool {
    list(folder).len() == files.len()
        && files.iter().all(|(name, content)| {
            let path = folder.join(name);
            fs::metadata(&path).is_ok_and(|found| found.len() == content.len() as u64)
                && fs::read(&path).is_ok_and(|found| found == *content)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(content: &[u8]) -> Vec<(String, Vec<u8>)> {
        vec![
            ("libonnxruntime.so.1.31.1".to_owned(), content.to_vec()),
            ("libhelper.so".to_owned(), vec![7]),
        ]
    }

    #[test]
    fn a_build_is_written_whole_and_can_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = folder.path().join("runtime");
        let target = install_files(&runtime, "1.31.1", &files(b"one")).unwrap();
        assert_eq!(target, runtime.join("1.31.1"));
        assert_eq!(
            fs::read(target.join("libonnxruntime.so.1.31.1")).unwrap(),
            b"one"
        );
        let again = install_files(&runtime, "1.31.1", &files(b"two")).unwrap();
        assert_eq!(again, target);
        assert_eq!(
            fs::read(target.join("libonnxruntime.so.1.31.1")).unwrap(),
            b"two"
        );
        assert_eq!(
            list(&runtime),
            std::slice::from_ref(&target),
            "nothing temporary stays"
        );
        let changed = fs::metadata(&target).unwrap().modified().unwrap();
        install_files(&runtime, "1.31.1", &files(b"two")).unwrap();
        assert_eq!(fs::metadata(&target).unwrap().modified().unwrap(), changed);
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let one = |name: &str| vec![(name.to_owned(), vec![1])];
        for name in [
            "../evil.so",
            "/evil.so",
            "a/b.so",
            "..",
            ".hidden",
            "",
            "C:evil.dll",
            "a\\b.dll",
        ] {
            assert!(
                matches!(
                    install_files(folder.path(), "1.0", &one(name)),
                    Err(Error::Write { .. })
                ),
                "{name}"
            );
            assert!(
                matches!(
                    install_files(folder.path(), name, &one("a.so")),
                    Err(Error::Write { .. })
                ),
                "{name}"
            );
        }
        assert!(matches!(
            install_files(folder.path(), "1.0", &[]),
            Err(Error::Write { .. })
        ));
        assert_eq!(list(folder.path()), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_folder_that_is_absent_lists_as_empty() {
        assert_eq!(list(Path::new("/absent/folder")), Vec::<PathBuf>::new());
    }
}
