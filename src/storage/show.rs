//! Shows a folder in the system's file manager.

use std::io;
use std::path::Path;

use super::{Error, file_name};

/// Opens the system's file manager at a folder without waiting for it. Only folders are opened: a file would be
/// launched with its associated program.
pub fn folder(path: &Path) -> Result<(), Error> {
    let fail = |kind: io::ErrorKind| Error::Show {
        name: file_name(path),
        // The launcher's own message contains the whole path.
        source: kind.into(),
    };
    let path = std::path::absolute(path).map_err(|e| fail(e.kind()))?;
    if !path.is_dir() {
        return Err(fail(io::ErrorKind::NotADirectory));
    }
    open::that_detached(&path).map_err(|e| fail(e.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_is_shown() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("run.sh");
        std::fs::write(&file, b"").unwrap();
        for path in [file, dir.path().join("absent")] {
            let error = folder(&path).unwrap_err();
            assert!(matches!(error, Error::Show { .. }));
            let whole = dir.path().to_string_lossy().into_owned();
            assert!(!error.to_string().contains(&whole), "{error}");
        }
    }
}
