//! What was found in the files and folders that the user gave.

use std::path::PathBuf;

use crate::domain::{SkipReason, Skipped};
use crate::storage::naming::PhotographPath;
use crate::storage::scan::{HowGiven, Scan};
use crate::workflow::Source;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPhotograph {
    pub source: Source,
    pub place: PhotographPath,
}

impl FoundPhotograph {
    /// A file that was named itself, not found in a folder.
    pub fn named(source: Source) -> Self {
        let root = match &source {
            Source::File(path) | Source::Frame { path, .. } | Source::Masked { path, .. } => {
                path.parent().unwrap_or(path).to_owned()
            }
            Source::Sample => PathBuf::new(),
        };
        let place = PhotographPath {
            root,
            below: source.name(),
            in_folder: false,
        };
        Self { source, place }
    }
}

/// What was found in files and folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundFiles {
    pub photographs: Vec<FoundPhotograph>,
    pub skipped: Vec<Skipped>,
    /// Last components of paths that do not exist.
    pub absent: Vec<String>,
}

impl From<Scan> for FoundFiles {
    fn from(scan: Scan) -> Self {
        let mut files = Self {
            skipped: scan.skipped,
            ..Self::default()
        };
        for found in scan.found {
            let name = found.place.below.clone();
            match found.given {
                HowGiven::InFolder | HowGiven::Named => files.photographs.push(FoundPhotograph {
                    source: Source::File(found.path),
                    place: found.place,
                }),
                HowGiven::NotAPicture => files.skipped.push(Skipped {
                    name,
                    why: SkipReason::NotAPicture,
                }),
                HowGiven::Absent => files.absent.push(name),
            }
        }
        files
    }
}
