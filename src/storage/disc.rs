//! The files of a disc, as a system shows them: its index names them as the standard does, in capitals and possibly with
//! version numbers.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::domain::SkipReason;

/// A file that the index of a disc lists.
pub enum OnDisc {
    /// Its path, and its path below the folder of the disc, with `/`.
    Found(PathBuf, String),
    Missing,
    Skipped(SkipReason),
}

/// Finds files of a disc; reads every folder once.
#[derive(Default)]
pub struct Disc {
    /// Names in folders, by [`name_on_disc`].
    folders: HashMap<PathBuf, HashMap<String, OsString>>,
}

impl Disc {
    /// The file with these folders and this name below the folder of the index. Systems change the case of names and leave
    /// out version numbers; links are not followed.
    pub fn find(&mut self, folder: &Path, parts: &[String]) -> OnDisc {
        let (mut path, mut below) = (folder.to_owned(), Vec::new());
        let is_name = |part: &String| {
            let mut components = Path::new(part).components();
            matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none()
        };
        if !parts.iter().all(is_name) {
            return OnDisc::Skipped(SkipReason::OutsideOfDisc);
        }
        for part in parts {
            let names = self.folders.entry(path.clone()).or_insert_with(|| {
                let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
                let names = entries.map(|entry| entry.file_name());
                names
                    .map(|name| (name_on_disc(&name.to_string_lossy()), name))
                    .collect()
            });
            let Some(name) = names.get(&name_on_disc(part)) else {
                return OnDisc::Missing;
            };
            path.push(name);
            below.push(name.to_string_lossy().into_owned());
            if path.is_symlink() {
                return OnDisc::Skipped(SkipReason::Link);
            }
        }
        OnDisc::Found(path, below.join("/"))
    }
}

/// A name of ISO 9660 as systems may show it: without a version (`;1`) and the dot before it, in any case.
fn name_on_disc(name: &str) -> String {
    let name = name.split(';').next().unwrap_or(name);
    name.trim_end_matches('.').to_lowercase()
}
