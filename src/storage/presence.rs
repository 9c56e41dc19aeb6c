//! Whether something exists at a path, without opening it.

use std::io::ErrorKind;
use std::path::Path;

/// A file, or a link to one.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// A folder, or a link to one.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// A file, a folder, or a link to one.
pub fn is_there(path: &Path) -> bool {
    path.exists()
}

/// The name is taken, even by a dangling link.
pub fn has_entry(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// False only if the system reports that nothing is there: an inaccessible entry may exist.
pub fn may_be_there(path: &Path) -> bool {
    let found = path.symlink_metadata();
    !found.is_err_and(|e| e.kind() == ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_names_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        std::fs::write(&file, "").unwrap();
        assert!(is_file(&file) && !is_folder(&file) && is_there(&file) && has_entry(&file));
        assert!(is_folder(dir.path()) && !is_file(dir.path()));
        let nothing = dir.path().join("b");
        assert!(!is_there(&nothing) && !has_entry(&nothing) && !may_be_there(&nothing));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&nothing, dir.path().join("c")).unwrap();
            let link = dir.path().join("c");
            assert!(!is_there(&link) && has_entry(&link) && may_be_there(&link));
        }
    }
}
