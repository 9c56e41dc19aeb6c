//! The result of one model on one photograph.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    CoveredFigures, EyeSource, FieldOfView, Findings, Fingerprint, FundusImage, Head, Laterality,
    MapProvenance, Measured, ModelCard, Preprocessing, Quality, Regions, Subject,
};

/// Which engine and execution provider actually ran.
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

/// The score of one class, 0–1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    pub label: String,
    pub score: f64,
}

/// A row: one photograph and one model, with an answer or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Path relative to the given path, with `/`.
    pub image: String,
    pub sha256: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub pixels_sha256: Option<String>,
    pub eye: Laterality,
    pub eye_source: EyeSource,
    pub eye_guess: Laterality,
    pub quality: Option<Quality>,
    /// The figures behind the quality; see [`super::Applicability`].
    #[serde(default)]
    pub measured: Option<Measured>,
    /// By which the same photograph at another size is recognised.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    pub field_of_view: Option<FieldOfView>,
    /// Card of the model that was run.
    pub card: Arc<ModelCard>,
    pub used: Option<EngineUsed>,
    /// Versions of everything involved, by name.
    pub versions: BTreeMap<String, String>,
    /// How pixels became the network's input.
    pub preprocessing: Option<Preprocessing>,
    /// What the map of what moved the score is and how it was computed.
    pub saliency: Option<MapProvenance>,
    /// What the user covered, and the figures before and after; the row's own figures are those of the whole
    /// photograph.
    pub covered: Option<CoveredFigures>,
    /// Before the last activation; z1 − z0 for a softmax of two.
    pub logit: Option<f64>,
    /// Score of output 1, 0–1; of several classes that exclude each other, that of the greatest.
    pub score: Option<f64>,
    /// The score of each class, in the order of the card; empty for one score or value.
    #[serde(default)]
    pub scores: Vec<ClassScore>,
    /// A value such as years, for value models only.
    pub value: Option<f64>,
    pub label: Option<String>,
    pub findings: Findings,
    /// The person in the photograph, and whether it counts.
    pub subject: Subject,
    /// Why there is no answer.
    pub error: Option<String>,
    pub timings: Timings,
    /// Names of the files written for this row, relative to the output folder.
    pub files: Vec<String>,
    /// Contribution by region; `None` if it was not requested.
    pub regions: Option<Regions>,
}

impl ResultRow {
    /// A row without an answer yet, for a photograph that could not be opened.
    pub fn unopened(image: &str, card: Arc<ModelCard>) -> Self {
        Self {
            image: image.to_owned(),
            sha256: None,
            width: None,
            height: None,
            pixels_sha256: None,
            eye: Laterality::Unknown,
            eye_source: EyeSource::None,
            eye_guess: Laterality::Unknown,
            quality: None,
            measured: None,
            fingerprint: None,
            field_of_view: None,
            card,
            used: None,
            versions: BTreeMap::new(),
            preprocessing: None,
            saliency: None,
            covered: None,
            logit: None,
            score: None,
            scores: Vec::new(),
            value: None,
            label: None,
            findings: Findings::new(),
            subject: Subject::default(),
            error: None,
            timings: Timings::default(),
            files: Vec::new(),
            regions: None,
        }
    }

    /// A row without an answer yet, for a photograph that was opened.
    pub fn of_image(image: &str, photograph: &FundusImage, card: Arc<ModelCard>) -> Self {
        Self {
            sha256: Some(photograph.sha256.clone()),
            width: Some(photograph.pixels.width),
            height: Some(photograph.pixels.height),
            pixels_sha256: Some(photograph.pixels_sha256.clone()),
            eye: photograph.eye,
            eye_source: photograph.eye_source,
            eye_guess: photograph.eye_guess,
            quality: Some(photograph.quality),
            measured: photograph.measured,
            fingerprint: photograph.fingerprint.clone(),
            field_of_view: photograph.field_of_view,
            findings: photograph.findings.clone(),
            ..Self::unopened(image, card)
        }
    }

    /// The number averaged over photographs: the logit, or the value of a value model; `None` without an answer.
    pub fn number(&self) -> Option<f64> {
        let number = match self.card.head {
            Head::Linear => self.value,
            Head::Sigmoid | Head::Softmax => self.logit,
        };
        number.filter(|_| self.error.is_none())
    }

    /// The place of the class with the greatest score, the first of equal ones; `None` without classes.
    pub fn greatest_class(&self) -> Option<usize> {
        let above = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0));
        let scores = self.scores.iter().map(|class| class.score).enumerate();
        scores.max_by(above).map(|(place, _)| place)
    }

    /// True if the model answered.
    fn is_answered(&self) -> bool {
        self.number().is_some() || (!self.scores.is_empty() && self.error.is_none())
    }

    /// True if the row counts for the figures of its eye and person. A failed row never does.
    pub fn is_used(&self) -> bool {
        self.is_answered() && self.subject.counts()
    }

    /// Why the row does not count, or that the user made it count: words joined by `;`.
    pub fn used_why(&self) -> Option<String> {
        let reasons = || {
            let words: Vec<&str> = self.subject.left_out.iter().map(|r| r.as_str()).collect();
            (!words.is_empty()).then(|| words.join(";"))
        };
        if self.error.is_some() {
            return Some("failed".to_owned());
        }
        match (self.subject.by_user, self.is_answered()) {
            (_, false) => Some(reasons().unwrap_or_else(|| "no-answer".to_owned())),
            (Some(used), true) if used != self.subject.left_out.is_empty() => {
                Some("user".to_owned())
            }
            (_, true) => reasons(),
        }
    }
}
