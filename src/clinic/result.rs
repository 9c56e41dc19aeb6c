//! The result of one model on one photograph.

use serde::{Deserialize, Serialize};

use super::{EyeSource, FieldOfView, Findings, Laterality, Quality, Task};

/// Which engine and execution provider really ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineUsed {
    /// `onnxruntime` or `rten`.
    pub engine: String,
    /// The provider that ran the nodes, such as `CPUExecutionProvider`; `embedded` for the built-in engine.
    pub provider: String,
    /// Version of the engine.
    pub version: String,
}

/// Milliseconds spent on one case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    pub open: f64,
    pub prepare: f64,
    pub run: f64,
    pub saliency: f64,
}

/// A row: one photograph and one model, or one photograph and the reason why there is no answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// Path relative to what was given, with `/`.
    pub image: String,
    pub sha256: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub pixels_sha256: Option<String>,
    pub eye: Laterality,
    pub eye_source: EyeSource,
    pub eye_guess: Laterality,
    pub quality: Option<Quality>,
    pub field_of_view: Option<FieldOfView>,
    pub model: String,
    pub model_sha256: String,
    pub task: Task,
    pub used: Option<EngineUsed>,
    /// Before the last activation; for a softmax of two z1 − z0.
    pub logit: Option<f64>,
    /// Score of output 1, 0–1.
    pub score: Option<f64>,
    /// A value such as years, for value models only.
    pub value: Option<f64>,
    pub label: Option<String>,
    pub threshold: Option<f64>,
    pub findings: Findings,
    /// Why there is no answer.
    pub error: Option<String>,
    pub timings: Timings,
    /// Names of the files written for this row, relative to the output folder.
    pub files: Vec<String>,
}
