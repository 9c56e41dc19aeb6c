//! Findings: everything the user should know about a photograph or a result that did not stop the work.
//!
//! A finding carries a code and its figures; its sentences, in both languages, are in [`crate::text`].

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::Detail;

/// What was found, in the order of the contract. The kebab-case names are used in every file.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FindingCode {
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
    /// An animation, of which the first picture is used.
    Animation,
    EyeUnknown,
    EyeConflict,
    IccIgnored,
    AlphaIgnored,
    /// The file states its colour format or bit depth wrongly or not at all; it was read as its pixels suggest.
    ColourGuessed,
    /// The JPEG data are damaged, or the end marker is missing.
    JpegDamaged,
    /// Not a fundus photograph, but the user accepted it.
    NotAFundusAccepted,
    /// The same pixels occur in the run more than once.
    Duplicate,
    /// The same photograph occurs in the run at a larger size.
    SmallerCopy,
    EngineFallback,
    /// The engine's graph optimisation was switched off for this model because it changed the answer.
    EngineDeviation,
    Uncalibrated,
    DemonstrationModel,
    /// Settings of the model rest on a preset or a convention only.
    UnconfirmedSettings,
    /// Both the card and the network scale the picture.
    ScalingTwice,
    EvidenceOutsideEye,
    ModelsDisagree,
    /// The right and the left eye of one person have different labels.
    EyesDisagree,
    /// The network allows no map of what moved its score.
    NoSaliencyMap,
    /// The map was computed, but its picture could not be written or is gone.
    OverlayNotWritten,
    /// The process that read the photograph ended twice.
    WorkerDied,
    /// Outside the range that the card states.
    AgeOutOfRange,
    /// An impossible age: below 0 or above 120 years.
    ImplausibleValue,
    /// Every age of the run is within −3 to 3: the network probably uses a scale other than years.
    ValueScaleSuspect,
    /// A score above 0.9999 or below 0.0001.
    ScoreSaturated,
    /// The file states another precision than float32, in which every network is computed.
    WeightsInFloat32,
    /// Disc and fovea are a guess that the user has not reviewed.
    LandmarksProposed,
    /// Disc or fovea was not found, so there is no evidence by region.
    LandmarksNotFound,
    /// Hiding what the map marks moves the answer no further than hiding random areas.
    MapNoBetterThanChance,
    /// The map of a network with randomised weights looks the same.
    MapSurvivesShuffling,
}

impl FindingCode {
    /// The name used in every file, such as `not-a-fundus`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// True for findings that depend on the whole run: rows reported as they arrive do not have them yet.
    pub fn is_about_the_run(self) -> bool {
        matches!(
            self,
            Self::Duplicate | Self::SmallerCopy | Self::EyesDisagree | Self::ValueScaleSuspect
        )
    }

    /// True for findings about the engine that computed an answer.
    pub fn is_about_the_engine(self) -> bool {
        matches!(self, Self::EngineFallback | Self::EngineDeviation)
    }

    /// True for findings of opening a photograph; the others come from running a model. The former precede the latter
    /// in the contract's order.
    pub fn is_about_the_photograph(self) -> bool {
        self < Self::EngineFallback
    }
}

/// How much weight a finding should have for the reader.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    /// For information.
    Note,
    /// The score may suffer.
    Caution,
    /// The score should not be relied on.
    Serious,
}

impl Severity {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub code: FindingCode,
    pub severity: Severity,
    pub detail: Option<Detail>,
}

impl Finding {
    pub fn new(code: FindingCode, severity: Severity) -> Self {
        Self {
            code,
            severity,
            detail: None,
        }
    }

    pub fn with_detail(code: FindingCode, severity: Severity, detail: Detail) -> Self {
        Self {
            code,
            severity,
            detail: Some(detail),
        }
    }
}

/// Findings in the order in which they arose.
pub type Findings = Vec<Finding>;

/// Inserts a finding about the photograph after the others of that kind, before those about the run.
pub fn insert_about_the_photograph(findings: &mut Findings, finding: Finding) {
    let run = findings
        .iter()
        .position(|f| !f.code.is_about_the_photograph());
    findings.insert(run.unwrap_or(findings.len()), finding);
}
