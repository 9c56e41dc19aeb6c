//! Optic disc and fovea: the two points that define the regions of a fundus.

use serde::{Deserialize, Serialize};
use strum::{EnumCount, IntoStaticStr, VariantArray};

/// A position in the upright photograph, in pixels; pixel centres at .5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub fn distance(self, (x, y): (f64, f64)) -> f64 {
        (self.x - x).hypot(self.y - y)
    }
}

/// Disc centre and fovea, as the user marked or accepted them, or as they were proposed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landmarks {
    pub disc: Point,
    pub fovea: Point,
}

impl Landmarks {
    /// Distance from disc centre to fovea, in pixels.
    pub fn distance(&self) -> f64 {
        self.disc.distance((self.fovea.x, self.fovea.y))
    }
}

/// The regions of a photograph. Every point belongs to exactly one.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumCount,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Region {
    Disc,
    Peripapillary,
    Macula,
    Arcades,
    Rest,
    Outside,
}

impl Region {
    /// Every region, in the order of files and of the window.
    pub const ALL: [Self; Self::COUNT] =
        *Self::VARIANTS.first_chunk().expect("as many as there are");

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Where the landmarks come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum MarkSource {
    /// Found in the photograph; not yet reviewed by the user.
    Proposed,
    /// Found in the photograph and accepted by the user.
    Accepted,
    /// Placed by the user.
    User,
}

impl MarkSource {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A detected point and its certainty, 0–1: calibrated to the levels of [`Certainty`], not a probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectedPoint {
    pub at: Point,
    pub sureness: f64,
}

/// Lowest certainty of each level.
const SURE: f64 = 0.7;
const LIKELY: f64 = 0.35;

/// The certainty of a point, as a level.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Certainty {
    NotFound,
    Likely,
    Sure,
}

impl Certainty {
    pub fn of(sureness: f64) -> Self {
        match sureness {
            s if s >= SURE => Self::Sure,
            s if s >= LIKELY => Self::Likely,
            _ => Self::NotFound,
        }
    }

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The landmarks detected in a photograph; a point that is not at least likely is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub disc: Option<DetectedPoint>,
    pub fovea: Option<DetectedPoint>,
}

impl Proposal {
    /// Both points, if both were found, with the lower certainty of the two.
    pub fn both(&self) -> Option<(Landmarks, Certainty)> {
        let (disc, fovea) = (self.disc?, self.fovea?);
        let landmarks = Landmarks {
            disc: disc.at,
            fovea: fovea.at,
        };
        Some((landmarks, Certainty::of(disc.sureness.min(fovea.sureness))))
    }
}
