//! The files of a disc, as a system shows them: its index names them as the standard does, in capitals and possibly with
//! version numbers.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::domain::{SkipReason, natural_order};
use crate::imaging::MAX_PARTS;

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
    folders: HashMap<PathBuf, Names>,
}

/// The names in a folder.
struct Names {
    exact: HashSet<String>,
    /// By [`name_on_disc`]; of several the first in natural order.
    on_disc: HashMap<String, OsString>,
}

impl Names {
    fn of(folder: &Path) -> Self {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
        names.sort_by(|a, b| natural_order(&a.to_string_lossy(), &b.to_string_lossy()));
        let (mut exact, mut on_disc) = (HashSet::new(), HashMap::new());
        for name in names {
            exact.extend(name.to_str().map(str::to_owned));
            on_disc
                .entry(name_on_disc(&name.to_string_lossy()))
                .or_insert(name);
        }
        Self { exact, on_disc }
    }

    /// The name as it is written, or else as systems and programs that copy discs show it.
    fn find(&self, part: &str) -> Option<OsString> {
        if self.exact.contains(part) {
            return Some(part.into());
        }
        let name = name_on_disc(part);
        // Programs that copy a disc give its files an extension.
        let copied = format!("{name}.dcm");
        let found = self
            .on_disc
            .get(&name)
            .or_else(|| self.on_disc.get(&copied));
        found.cloned()
    }
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
        if parts.len() > MAX_PARTS {
            return OnDisc::Skipped(SkipReason::TooDeep);
        }
        for part in parts {
            let names = self.folders.entry(path.clone());
            let names = names.or_insert_with(|| Names::of(&path));
            let Some(name) = names.find(part) else {
                return OnDisc::Missing;
            };
            path.push(&name);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    fn found(disc: &mut Disc, folder: &Path, part: &str) -> Option<String> {
        match disc.find(folder, &[part.to_owned()]) {
            OnDisc::Found(path, below) => {
                assert_eq!(path, folder.join(&below));
                Some(below)
            }
            _ => None,
        }
    }

    /// Other systems do not keep all of these names apart.
    #[cfg(target_os = "linux")]
    #[test]
    fn an_exact_name_comes_before_one_in_another_case_or_with_a_version() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "IM1", "im1", "IM1;1", "im1.", "im2.;1", "IM2.;2", "a.dcm;1", "im4.dcm",
        ];
        for name in names {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let mut disc = Disc::default();
        for name in names {
            assert_eq!(
                found(&mut disc, folder.path(), name).as_deref(),
                Some(name),
                "{name}"
            );
        }
        for (part, name) in [("IM2", "im2.;1"), ("IM4", "im4.dcm"), ("A.DCM", "a.dcm;1")] {
            assert_eq!(
                found(&mut disc, folder.path(), part).as_deref(),
                Some(name),
                "{part}"
            );
        }
        assert_eq!(found(&mut disc, folder.path(), "IM3"), None);
    }

    #[test]
    fn a_path_of_too_many_parts_is_skipped_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let parts = vec!["A".to_owned(); MAX_PARTS + 1];
        let mut disc = Disc::default();
        let found = disc.find(folder.path(), &parts);
        assert!(matches!(found, OnDisc::Skipped(SkipReason::TooDeep)));
        let found = disc.find(folder.path(), &parts[1..]);
        assert!(matches!(found, OnDisc::Missing));
    }
}
