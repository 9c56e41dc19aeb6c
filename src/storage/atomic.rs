//! Files are written to a temporary name in the same folder and renamed: there is the old file or the new one, never half.

use std::io::Write;
use std::path::Path;

use super::{Error, file_name};

/// Writes `bytes` to `path`, making its folder where it is missing and replacing an older file in one step.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let fail = |source| Error::Write {
        name: file_name(path),
        source,
    };
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(fail)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gantei-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_data().map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

/// Makes a folder whole or not at all: `fill` writes into a temporary sibling which then takes the place of `path`.
pub fn folder<E: From<Error>>(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let fail = |source| Error::Write {
        name: file_name(path),
        source,
    };
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(fail)?;
    let new = tempfile::Builder::new()
        .prefix(".gantei-")
        .suffix(".part")
        .tempdir_in(parent)
        .map_err(fail)?;
    fill(new.path())?;
    let old = tempfile::Builder::new()
        .prefix(".gantei-")
        .suffix(".old")
        .tempdir_in(parent)
        .map_err(fail)?;
    let moved = old.path().join("was");
    let replaced = match std::fs::rename(path, &moved) {
        Ok(()) => true,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => false,
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
    Ok(())
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
