//! Opens a photograph: from a file, or the sample eye that ships with the application.

use std::path::{Path, PathBuf};

use super::Error;
use crate::domain::FundusImage;
use crate::imaging::{self, Limited, OpenOptions};
use crate::jobs::both;
use crate::progress::Cancelled;
use crate::storage::{file_name, read};

/// The sample eye: Mikael Häggström, CC0 1.0; see `assets/samples/README.md`.
const SAMPLE: &[u8] = include_bytes!("../../assets/samples/haggstrom_left_1411.jpg");

/// Name under which the sample eye is shown and recorded.
pub const SAMPLE_NAME: &str = "haggstrom_left_1411.jpg";

/// Number of bytes that decide whether the rest of a file is read.
const START: u64 = imaging::FIRST_BYTES as u64;

/// Where a photograph comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    File(PathBuf),
    /// Another frame than the first of a file with several, counted from 1.
    Frame {
        path: PathBuf,
        frame: u32,
    },
    /// A file under a placeholder name.
    Masked {
        path: PathBuf,
        name: String,
    },
    Sample,
}

impl Source {
    /// The name to show: a file's own name, never its folders, or its placeholder.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) | Self::Frame { path, .. } => file_name(path),
            Self::Masked { name, .. } => name.clone(),
            Self::Sample => SAMPLE_NAME.to_owned(),
        }
    }

    /// True for the user's own files, false for the sample eye.
    pub fn is_own(&self) -> bool {
        *self != Self::Sample
    }

    /// True for a file under its own name, which masking replaces.
    pub fn has_own_name(&self) -> bool {
        match self {
            Self::File(_) | Self::Frame { .. } => true,
            Self::Masked { .. } | Self::Sample => false,
        }
    }

    /// The chosen frame of a file with several, if it is not the first.
    pub fn frame(&self) -> Option<u32> {
        match self {
            Self::Frame { frame, .. } => Some(*frame),
            Self::File(_) | Self::Masked { .. } | Self::Sample => None,
        }
    }

    /// This frame of the same file; unchanged for placeholders and the sample eye.
    pub fn with_frame(&self, frame: u32) -> Self {
        match self {
            Self::File(path) | Self::Frame { path, .. } => {
                let path = path.clone();
                match frame {
                    1 => Self::File(path),
                    _ => Self::Frame { path, frame },
                }
            }
            Self::Masked { .. } | Self::Sample => self.clone(),
        }
    }

    /// Its path; `None` for the sample eye.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Frame { path, .. } | Self::Masked { path, .. } => Some(path),
            Self::Sample => None,
        }
    }
}

/// Reads and decodes a photograph, finds its field of view, eye and quality. The checksums are computed on another core.
pub fn open(source: &Source, options: &OpenOptions) -> Result<FundusImage, Error> {
    let options = &OpenOptions {
        frame: source.frame().or(options.frame),
        ..*options
    };
    let Some(path) = source.file() else {
        return opened(SAMPLE, SAMPLE_NAME, options);
    };
    let is_picture = |start: &[u8]| imaging::sniff(start).is_some();
    let bytes = read::file_if(path, options.limits.file_bytes, START, is_picture)
        .map_err(|e| e.about(source.name()))?;
    let name = file_name(path);
    if !bytes.is_empty() && !is_picture(&bytes) {
        return Err(imaging::not_a_picture(&bytes, &name, read::length(path)).into());
    }
    opened(&bytes, &name, options)
}

/// As [`imaging::open`], on two threads.
fn opened(bytes: &[u8], name: &str, options: &OpenOptions) -> Result<FundusImage, Error> {
    let decoded = imaging::decode(bytes, name, options)?;
    let (checksums, assessment) = both(|| decoded.checksums(bytes), || decoded.assess());
    Ok(decoded.into_photograph(assessment, checksums, name, options)?)
}

/// The same while other photographs are opened: one that takes much memory waits until it `is_turn`, which returns when
/// no earlier one is held, or fails when the run has stopped.
pub fn open_beside_others(
    source: &Source,
    options: &OpenOptions,
    is_turn: impl FnOnce() -> Result<(), Cancelled>,
) -> Result<FundusImage, Error> {
    // What a shell passes in can be read only once.
    if source.file().is_some_and(read::is_descriptor) {
        is_turn()?;
        return open(source, options);
    }
    let beside = OpenOptions {
        limits: options.limits.beside_others(),
        ..*options
    };
    match open(source, &beside) {
        Err(Error::Image(imaging::Error::Limit {
            what: Limited::Memory,
            ..
        })) => {
            is_turn()?;
            open(source, options)
        }
        other => other,
    }
}
