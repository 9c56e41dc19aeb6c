//! One row of the list: a photograph, how far it has come, and what the models said of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::pyramid::Pyramid;
use crate::app::verbs::{Answer, Failure};
use crate::clinic::{EyeSource, Findings, FundusImage, Laterality, Pixels, Quality};
use crate::workflow::Source;

/// A photograph's place in the list, never used twice; later ones are larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub u64);

/// A photograph ready to be drawn and analysed.
#[derive(Clone, Debug)]
pub struct Opened {
    /// With the eye as the person corrected it, where they did.
    pub image: FundusImage,
    pub pyramid: Pyramid,
    /// Small picture for the list.
    pub thumbnail: Arc<Pixels>,
}

/// How far a photograph has come.
#[derive(Clone, Debug)]
pub enum Opening {
    /// In the list; its pixels were not asked for, or were let go to keep memory bounded.
    Closed,
    /// Waits for its turn or is being read.
    Pending,
    Ready(Arc<Opened>),
    Failed(Failure),
}

/// What is kept of a photograph that was read once, also when its pixels are let go.
#[derive(Clone, Debug)]
pub struct Known {
    /// Digest of the file the answers belong to.
    pub sha256: String,
    pub width: u32,
    pub height: u32,
    pub eye: Laterality,
    pub eye_source: EyeSource,
    pub quality: Quality,
    pub findings: Findings,
    pub thumbnail: Arc<Pixels>,
}

impl Known {
    pub fn of(image: &FundusImage, thumbnail: Arc<Pixels>) -> Self {
        Self {
            sha256: image.sha256.clone(),
            width: image.pixels.width,
            height: image.pixels.height,
            eye: image.eye,
            eye_source: image.eye_source,
            quality: image.quality,
            findings: image.findings.clone(),
            thumbnail,
        }
    }
}

/// How the last run on a photograph ended, where it gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    Cancelled,
    Failed(Failure),
}

/// One row of the list.
#[derive(Clone, Debug)]
pub struct Photograph {
    pub id: PhotoId,
    pub source: Source,
    /// The path below the folder that was given, or the file's own name; with `/`.
    pub name: String,
    /// Whose eye the name says it is; a guess that is always called one.
    pub person: Option<String>,
    pub opening: Opening,
    /// Its pixels were asked for by someone who waits; asking again would only read the file twice.
    pub awaited: bool,
    /// A small picture was asked for and has not come yet.
    pub glancing: bool,
    pub known: Option<Known>,
    /// The eye as the person stated it.
    pub eye_by_hand: Option<Laterality>,
    /// Answers by model.
    pub answers: BTreeMap<String, Arc<Answer>>,
    pub run_end: Option<RunEnd>,
    /// Rises with every selection; the smallest is let go first.
    pub last_used: u64,
}

impl Photograph {
    pub fn new(id: PhotoId, source: Source, name: String) -> Self {
        Self {
            id,
            person: crate::imaging::person_from_name(&name),
            source,
            name,
            opening: Opening::Closed,
            awaited: false,
            glancing: false,
            known: None,
            eye_by_hand: None,
            answers: BTreeMap::new(),
            run_end: None,
            last_used: 0,
        }
    }

    pub fn opened(&self) -> Option<&Arc<Opened>> {
        match &self.opening {
            Opening::Ready(opened) => Some(opened),
            _ => None,
        }
    }

    /// The last part of the name, without folders.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The eye as far as it is known: the person's word first.
    pub fn eye(&self) -> Laterality {
        self.eye_by_hand
            .or(self.known.as_ref().map(|k| k.eye))
            .unwrap_or_default()
    }

    /// Digest of the file that was read.
    pub fn sha256(&self) -> Option<&str> {
        self.known.as_ref().map(|k| k.sha256.as_str())
    }

    /// True when the file could not be opened or its last run failed.
    pub fn has_failed(&self) -> bool {
        matches!(self.opening, Opening::Failed(_))
            || matches!(self.run_end, Some(RunEnd::Failed(_)))
    }
}
