//! Findings: everything a person should know about a photograph or a result that did not stop the work.
//!
//! A finding carries a code and its figures; its sentences stand in [`crate::text`], in both languages.

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

impl FindingCode {
    /// The name used in every file, such as `not-a-fundus`.
    pub fn as_str(self) -> &'static str {
        self.into()
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
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
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
        self.into()
    }
}

/// One finding.
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

/// Findings in the order in which they were made.
pub type Findings = Vec<Finding>;

/// Puts a finding about the photograph last of those, before those about the run.
pub fn insert_about_the_photograph(findings: &mut Findings, finding: Finding) {
    let run = findings
        .iter()
        .position(|f| !f.code.is_about_the_photograph());
    findings.insert(run.unwrap_or(findings.len()), finding);
}
