//! The files of a folder as those of a model.
//!
//! The folder may hold anything, such as all downloads of a year: names are listed only if something asks for them,
//! within limits, and no link is followed except the file that the user named.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use super::{Error, read, system_files};
use crate::domain::SystemFailure;
use crate::keras::{self, Bytes, ModelFiles};

/// Most entries of all folders that are listed.
const MAX_ENTRIES: usize = 50_000;
/// Maximum nesting of folders that is listed.
const MAX_DEPTH: usize = 6;

/// A folder. A model may read from it whatever lies inside, by its relative name.
pub struct FolderFiles {
    folder: PathBuf,
    /// Folders below the folder that are listed.
    depth: usize,
    /// The file that the user named, which may be a link.
    named: Option<String>,
    names: OnceLock<Option<Vec<String>>>,
}

impl FolderFiles {
    /// Everything in the folder and below.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn all(folder: &Path) -> Result<Self, Error> {
        let readable = folder.read_dir();
        readable.map_err(|source| Error::Read {
            name: super::file_name(folder),
            source: source.into(),
        })?;
        Ok(Self::new(folder, MAX_DEPTH, None))
    }

    fn new(folder: &Path, depth: usize, named: Option<&str>) -> Self {
        Self {
            folder: folder.to_owned(),
            depth,
            named: named.map(str::to_owned),
            names: OnceLock::new(),
        }
    }

    /// The folder of a file that the user named; what lies below is not listed.
    pub fn beside(folder: &Path, named: &str) -> Self {
        Self::new(folder, 0, Some(named))
    }

    /// The place of a file.
    ///
    /// # Errors
    /// [`keras::Error::Link`] for a link, [`keras::Error::MissingFile`] for a name that leads out of the folder.
    fn path(&self, name: &str) -> Result<PathBuf, keras::Error> {
        let relative = Path::new(name);
        let parts = relative.components();
        let is_inside = parts
            .clone()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_inside || name.contains('\\') {
            return Err(missing(name));
        }
        let mut path = self.folder.clone();
        let is_named = self.named.as_deref() == Some(name);
        for part in parts {
            path.push(part);
            let found = path.symlink_metadata().map_err(|_| missing(name))?;
            if found.is_symlink() && !is_named {
                return Err(keras::Error::Link { name: name.into() });
            }
        }
        Ok(path)
    }

    /// The names of the links in the folder, sorted.
    pub fn links(&self) -> Vec<String> {
        let entries = self.folder.read_dir().into_iter().flatten().flatten();
        let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
        let mut names: Vec<String> = links
            .filter_map(|entry| entry.file_name().into_string().ok())
            .take(MAX_ENTRIES)
            .collect();
        names.sort();
        names
    }

    /// The names of the files; `None` if the folders hold more than `limit` entries.
    fn listed(&self, limit: usize) -> Option<Vec<String>> {
        let mut names = Vec::new();
        let mut left = limit;
        let mut folders = vec![(self.folder.clone(), String::new(), 0)];
        while let Some((folder, before, depth)) = folders.pop() {
            let Ok(entries) = folder.read_dir() else {
                continue;
            };
            for entry in entries.flatten() {
                left = left.checked_sub(1)?;
                let (name, kind) = (entry.file_name(), entry.file_type());
                let (Some(name), Ok(kind)) = (name.to_str(), kind) else {
                    continue;
                };
                if name.starts_with('.') || system_files::reason(name).is_some() {
                    continue;
                }
                let whole = format!("{before}{name}");
                if kind.is_file() || self.named.as_deref() == Some(whole.as_str()) {
                    names.push(whole);
                } else if kind.is_dir() && depth < self.depth {
                    folders.push((entry.path(), format!("{whole}/"), depth + 1));
                }
            }
        }
        names.sort();
        Some(names)
    }
}

impl ModelFiles for FolderFiles {
    fn names(&self) -> Result<&[String], keras::Error> {
        let names = self.names.get_or_init(|| self.listed(MAX_ENTRIES));
        let too_many = keras::Error::TooManyFiles { limit: MAX_ENTRIES };
        names.as_deref().ok_or(too_many)
    }

    fn length(&self, name: &str) -> Option<u64> {
        let found = self.path(name).ok()?.metadata().ok()?;
        found.is_file().then_some(found.len())
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, keras::Error> {
        let path = self.path(name)?;
        read::start_of(&path, count).map_err(|e| refused(name, e))
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, keras::Error> {
        let path = self.path(name)?;
        let bytes = read::file(&path, limit).map_err(|e| refused(name, e))?;
        Ok(bytes.into())
    }
}

fn missing(name: &str) -> keras::Error {
    keras::Error::MissingFile { name: name.into() }
}

fn refused(name: &str, error: Error) -> keras::Error {
    let why = match error {
        Error::Read { source, .. } => SystemFailure::from(source.kind()),
        Error::TooLarge { limit, .. } => return keras::Error::too_large(name, limit),
        _ => SystemFailure::Other,
    };
    match why {
        SystemFailure::Missing => missing(name),
        why => keras::Error::Unreadable {
            name: name.into(),
            why,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_and_nothing_outside_is_read() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("model");
        std::fs::create_dir_all(folder.join("variables/deep")).unwrap();
        for name in [
            "b.h5",
            "variables/a",
            "variables/deep/c",
            ".hidden",
            "Thumbs.db",
        ] {
            std::fs::write(folder.join(name), name).unwrap();
        }
        std::fs::write(home.path().join("outside"), "x").unwrap();
        let files = FolderFiles::all(&folder).unwrap();
        assert_eq!(
            files.names().unwrap(),
            ["b.h5", "variables/a", "variables/deep/c"]
        );
        // Hidden ones count as well: all are looked at.
        assert!(files.listed(7).is_some());
        assert_eq!(files.listed(6), None);
        assert_eq!(
            files.read("variables/a", 99).unwrap().as_ref(),
            b"variables/a"
        );
        assert_eq!(files.start("b.h5", 1).unwrap(), b"b");
        assert_eq!(files.length("variables"), None);
        let too_large = keras::Error::too_large("b.h5", 1);
        assert_eq!(files.read("b.h5", 1), Err(too_large));
        let absolute = home.path().join("outside");
        for name in [
            "../outside",
            "variables/../../outside",
            absolute.to_str().unwrap(),
            "no",
            ".",
        ] {
            let refused = files.read(name, 99).err();
            assert!(
                matches!(refused, Some(keras::Error::MissingFile { .. })),
                "{name}: {refused:?}"
            );
        }
        let beside = FolderFiles::beside(&folder, "b.h5");
        assert_eq!(beside.names().unwrap(), ["b.h5"]);
        assert_eq!(beside.length("variables/a"), Some(11));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_only_where_the_user_named_it() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("model");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(home.path().join("outside"), "x").unwrap();
        symlink("../outside", folder.join("link.h5")).unwrap();
        symlink("..", folder.join("up")).unwrap();
        let files = FolderFiles::all(&folder).unwrap();
        assert!(files.names().unwrap().is_empty());
        assert!(files.read("link.h5", 9).is_err() && files.read("up/outside", 9).is_err());
        let named = FolderFiles::beside(&folder, "link.h5");
        assert_eq!(named.names().unwrap(), ["link.h5"]);
        assert_eq!(named.read("link.h5", 9).unwrap().as_ref(), b"x");
    }
}
