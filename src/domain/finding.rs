//! Findings: everything a person should know about a photograph or a result that did not stop the work.
//!
//! A finding carries a code and language-neutral details; its sentences stand in [`crate::text`], in both languages.

use serde::{Deserialize, Serialize};

/// What was found. The kebab-case names are used in every file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    NotAFundus,
    OutOfFocus,
    UnderExposed,
    OverExposed,
    LowContrast,
    UnevenLight,
    FieldIncomplete,
    TooSmall,
    Grey,
    NotOp,
    MultiFrame,
    EyeUnknown,
    EyeConflict,
    IccIgnored,
    AlphaIgnored,
    /// The file says its colour format or bit depth wrongly or not at all; it was read as its pixels tell.
    ColourGuessed,
    /// Data of a JPEG are damaged, or its end marker is missing.
    JpegDamaged,
    /// Not a fundus photograph, and answered all the same because the user said so.
    NotAFundusAccepted,
    /// The same pixels stand in the run more than once.
    Duplicate,
    EngineFallback,
    /// The engine's graph optimisation was switched off for this model, because it changed the answer.
    EngineDeviation,
    Uncalibrated,
    DemonstrationModel,
    /// Settings of the model stand on a preset or on convention alone.
    UnconfirmedSettings,
    /// The card scales the picture and the network does it again.
    ScalingTwice,
    EvidenceOutsideEye,
    ModelsDisagree,
    /// The right and the left eye of one person have different labels.
    EyesDisagree,
    /// The network offers no map of what moved its score.
    NoSaliencyMap,
    /// The map was made and its picture could not be written, or is gone.
    OverlayNotWritten,
    /// The process that read the photograph ended, twice.
    WorkerDied,
    /// Outside the range that the card states.
    AgeOutOfRange,
    /// An age that no person has: below 0 or above 120 years.
    ImplausibleValue,
    /// Every age of the run lies within −3 to 3: the network probably answers on another scale than years.
    ValueScaleSuspect,
    /// A score above 0.9999 or below 0.0001.
    ScoreSaturated,
    /// Disc and fovea are a guess that nobody has looked at.
    LandmarksProposed,
    /// Disc or fovea were not found, so there is no evidence by region.
    LandmarksNotFound,
    /// Hiding what the map marks moves the answer no farther than hiding random areas.
    MapNoBetterThanChance,
    /// The map of a network with shuffled weights looks the same.
    MapSurvivesShuffling,
}

impl Code {
    /// Every code, in the order of the contract.
    pub const ALL: [Self; 39] = [
        Self::NotAFundus,
        Self::OutOfFocus,
        Self::UnderExposed,
        Self::OverExposed,
        Self::LowContrast,
        Self::UnevenLight,
        Self::FieldIncomplete,
        Self::TooSmall,
        Self::Grey,
        Self::NotOp,
        Self::MultiFrame,
        Self::EyeUnknown,
        Self::EyeConflict,
        Self::IccIgnored,
        Self::AlphaIgnored,
        Self::ColourGuessed,
        Self::JpegDamaged,
        Self::NotAFundusAccepted,
        Self::Duplicate,
        Self::EngineFallback,
        Self::EngineDeviation,
        Self::Uncalibrated,
        Self::DemonstrationModel,
        Self::UnconfirmedSettings,
        Self::ScalingTwice,
        Self::EvidenceOutsideEye,
        Self::ModelsDisagree,
        Self::EyesDisagree,
        Self::NoSaliencyMap,
        Self::OverlayNotWritten,
        Self::WorkerDied,
        Self::AgeOutOfRange,
        Self::ImplausibleValue,
        Self::ValueScaleSuspect,
        Self::ScoreSaturated,
        Self::LandmarksProposed,
        Self::LandmarksNotFound,
        Self::MapNoBetterThanChance,
        Self::MapSurvivesShuffling,
    ];

    /// The name used in every file, such as `not-a-fundus`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAFundus => "not-a-fundus",
            Self::OutOfFocus => "out-of-focus",
            Self::UnderExposed => "under-exposed",
            Self::OverExposed => "over-exposed",
            Self::LowContrast => "low-contrast",
            Self::UnevenLight => "uneven-light",
            Self::FieldIncomplete => "field-incomplete",
            Self::TooSmall => "too-small",
            Self::Grey => "grey",
            Self::NotOp => "not-op",
            Self::MultiFrame => "multi-frame",
            Self::EyeUnknown => "eye-unknown",
            Self::EyeConflict => "eye-conflict",
            Self::IccIgnored => "icc-ignored",
            Self::AlphaIgnored => "alpha-ignored",
            Self::ColourGuessed => "colour-guessed",
            Self::JpegDamaged => "jpeg-damaged",
            Self::NotAFundusAccepted => "not-a-fundus-accepted",
            Self::Duplicate => "duplicate",
            Self::EngineFallback => "engine-fallback",
            Self::EngineDeviation => "engine-deviation",
            Self::Uncalibrated => "uncalibrated",
            Self::DemonstrationModel => "demonstration-model",
            Self::UnconfirmedSettings => "unconfirmed-settings",
            Self::ScalingTwice => "scaling-twice",
            Self::EvidenceOutsideEye => "evidence-outside-eye",
            Self::ModelsDisagree => "models-disagree",
            Self::EyesDisagree => "eyes-disagree",
            Self::NoSaliencyMap => "no-saliency-map",
            Self::OverlayNotWritten => "overlay-not-written",
            Self::WorkerDied => "worker-died",
            Self::AgeOutOfRange => "age-out-of-range",
            Self::ImplausibleValue => "implausible-value",
            Self::ValueScaleSuspect => "value-scale-suspect",
            Self::ScoreSaturated => "score-saturated",
            Self::LandmarksProposed => "landmarks-proposed",
            Self::LandmarksNotFound => "landmarks-not-found",
            Self::MapNoBetterThanChance => "map-no-better-than-chance",
            Self::MapSurvivesShuffling => "map-survives-shuffling",
        }
    }

    /// True for what the whole run alone tells: rows that are told as they come do not have it yet.
    pub fn is_about_the_run(self) -> bool {
        matches!(
            self,
            Self::Duplicate | Self::EyesDisagree | Self::ValueScaleSuspect
        )
    }

    /// True for what opening a photograph finds; the others are found when a model runs. In the order of the contract
    /// the former come first.
    pub fn is_about_the_photograph(self) -> bool {
        self < Self::EngineFallback
    }
}

/// How much a finding should weigh with the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// The score may suffer.
    Caution,
    /// The score should not be relied on.
    Serious,
}

impl Severity {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Caution => "caution",
            Self::Serious => "serious",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    /// Figures or names without language, such as `focus 0.08 < 0.20`; never a path or a person's name.
    pub detail: Option<String>,
}

impl Finding {
    pub fn new(code: Code, severity: Severity) -> Self {
        Self {
            code,
            severity,
            detail: None,
        }
    }

    pub fn with_detail(code: Code, severity: Severity, detail: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            detail: Some(detail.into()),
        }
    }
}

/// Findings in the order in which they were made.
pub type Findings = Vec<Finding>;

/// Puts a finding about the photograph last of those, before those about the run.
pub fn insert_about_the_photograph(findings: &mut Findings, finding: Finding) {
    let run = findings
        .iter()
        .position(|f| !f.code.is_about_the_photograph());
    findings.insert(run.unwrap_or(findings.len()), finding);
}
