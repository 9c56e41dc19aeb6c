//! Open a photograph: from a file, or the sample eye that ships with the application.

use std::path::{Path, PathBuf};

use super::Error;
use crate::clinic::FundusImage;
use crate::imaging::{self, OpenOptions};
use crate::storage::{file_name, read};

/// The sample eye: Mikael Häggström, CC0 1.0; see `assets/samples/README.md`.
const SAMPLE: &[u8] = include_bytes!("../../assets/samples/haggstrom_left_1411.jpg");

/// Name under which the sample eye is shown and recorded.
pub const SAMPLE_NAME: &str = "haggstrom_left_1411.jpg";

/// Where a photograph comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    File(PathBuf),
    Sample,
}

impl Source {
    /// The name to show: a file's own name, never its folders.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => file_name(path),
            Self::Sample => SAMPLE_NAME.to_owned(),
        }
    }

    /// True for the person's own files: the sample eye is nobody's.
    pub fn is_own(&self) -> bool {
        *self != Self::Sample
    }

    /// Its path; `None` for the sample eye.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Sample => None,
        }
    }
}

/// Reads and decodes a photograph, finds its field of view, eye and quality.
pub fn open(source: &Source, options: &OpenOptions) -> Result<FundusImage, Error> {
    let image = match source {
        Source::File(path) => {
            let bytes = read::file(path, options.limits.file_bytes)?;
            imaging::open(&bytes, &file_name(path), options)?
        }
        Source::Sample => imaging::open(SAMPLE, SAMPLE_NAME, options)?,
    };
    Ok(image)
}
