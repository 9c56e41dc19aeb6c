//! What was found in files and folders that a person gave.

use std::path::PathBuf;

use crate::domain::{SkipReason, Skipped};
use crate::storage::naming::PhotographPath;
use crate::storage::scan::{HowGiven, Scan};
use crate::workflow::Source;

/// A photograph that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPhotograph {
    pub source: Source,
    pub place: PhotographPath,
}

impl FoundPhotograph {
    /// One that was named by itself.
    pub fn named(source: Source) -> Self {
        let root = match &source {
            Source::File(path) | Source::Masked { path, .. } => {
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
    /// Last parts of paths at which there is nothing.
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
