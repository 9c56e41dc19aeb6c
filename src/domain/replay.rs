//! What is needed to make an export of a study again, and to tell whether it comes out the same.

use serde::{Deserialize, Serialize};

use super::Study;

/// The name of the file beside an export.
pub const REPLAY: &str = "gantei-replay.json";

/// The form of the file that this version writes.
pub const REPLAY_SCHEMA: u32 = 1;

/// An export of a study: from what it was made, and what came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRecord {
    pub schema: u32,
    /// Name and version of the application that wrote it.
    pub application: String,
    /// The sentence that limits the use to research and teaching.
    pub research_only: String,
    /// The study's folder, relative to that of the export if both are on one volume.
    pub folder: String,
    /// Numbers replace names of photographs and persons in the export.
    pub names_masked: bool,
    pub export: ReplayedExport,
    pub source: ReplaySource,
    /// The files of the export.
    pub files: Vec<ReplayedFile>,
}

/// The file beside an export without names: the record is in the study's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayPointer {
    pub schema: u32,
    pub application: String,
    pub research_only: String,
    /// The study's folder, relative to that of the export; `None` if they are not on one volume.
    pub folder: Option<String>,
    /// By which the name of the record ends.
    pub kept_in_study: String,
}

/// What an export of a study is made of, as it was when the export was computed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaySource {
    /// Photographs, models with cards, settings, and how the table of labels is read.
    pub study: Study,
    /// Names of all photographs, also of those without an answer.
    pub photographs: Vec<String>,
    /// The answers of the models, in the order of photographs and models.
    pub answers: Vec<ReplayedAnswer>,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ReplayedExport {
    Evaluation {
        by: Vec<String>,
        prevalence: Option<f64>,
        samples: usize,
        seed: u64,
        /// Language of the plots: `en` or `ja`.
        language: super::Lang,
    },
    Supplement {
        model: Option<String>,
        outcome: Option<String>,
        covariates: Vec<String>,
        imputations: usize,
        seed: u64,
        hard_labels: bool,
    },
}

/// An answer of a model on a photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayedAnswer {
    pub image: String,
    pub model: String,
    /// SHA-256 of the photograph's file; `None` if it could not be read.
    pub file: Option<String>,
    /// SHA-256 of the row, without times and engine.
    pub row: String,
    /// Logit or value.
    pub number: Option<f64>,
    pub label: Option<String>,
    /// Engine and provider, with their versions; empty if nothing ran.
    pub engine: String,
    /// The processor, as the journal of the study describes it.
    pub processor: String,
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayedFile {
    pub name: String,
    pub sha256: String,
}

/// What is different when an export is made again. Names are those of photographs, models and files.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplayDifference {
    /// Another version of the application wrote the export.
    Version { then: String, now: String },
    /// The library no longer has the model, so nothing could be run.
    ModelMissing { id: String },
    /// The file of the model is another one.
    Model { id: String },
    /// The card of the model is another one.
    Card { id: String },
    /// The table of labels is another one, so that the export could not be made.
    Labels { name: String },
    /// Folders, photographs or tables of photographs of the study that are not found, so that the export could not be made.
    Moved { inputs: Vec<String> },
    /// Photographs whose file is another one.
    Changed { images: Vec<String> },
    /// Photographs that are no longer there.
    Missing { images: Vec<String> },
    /// Photographs that were not there.
    Added { images: Vec<String> },
    /// Another engine computed answers.
    Engine { then: String, now: String },
    /// Another processor computed answers.
    Processor { then: String, now: String },
    /// Photographs whose answer differs although file, model and card are the same.
    Answers {
        images: Vec<String>,
        /// The largest difference of a logit or value; `None` if none of them differs.
        largest: Option<f64>,
        /// How many labels are others.
        labels: usize,
    },
    /// Files of the export that come out different.
    Outputs { files: Vec<String> },
    /// Files of the export that are no longer as they were written.
    Edited { files: Vec<String> },
}

impl ReplayDifference {
    /// The name used in files.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Version { .. } => "version",
            Self::ModelMissing { .. } => "model-missing",
            Self::Model { .. } => "model",
            Self::Card { .. } => "card",
            Self::Labels { .. } => "labels",
            Self::Moved { .. } => "photographs-moved",
            Self::Changed { .. } => "photographs-changed",
            Self::Missing { .. } => "photographs-missing",
            Self::Added { .. } => "photographs-added",
            Self::Engine { .. } => "engine",
            Self::Processor { .. } => "processor",
            Self::Answers { .. } => "answers",
            Self::Outputs { .. } => "outputs",
            Self::Edited { .. } => "edited",
        }
    }

    /// Photographs, models, files or versions that differ.
    pub fn items(&self) -> Vec<String> {
        match self {
            Self::Version { then, now }
            | Self::Engine { then, now }
            | Self::Processor { then, now } => {
                vec![then.clone(), now.clone()]
            }
            Self::ModelMissing { id } | Self::Model { id } | Self::Card { id } => vec![id.clone()],
            Self::Labels { name } => vec![name.clone()],
            Self::Changed { images }
            | Self::Missing { images }
            | Self::Added { images }
            | Self::Answers { images, .. } => images.clone(),
            Self::Moved { inputs } => inputs.clone(),
            Self::Outputs { files } | Self::Edited { files } => files.clone(),
        }
    }
}
