//! Optic disc and fovea: the two points from which the parts of a fundus are laid out.

use serde::{Deserialize, Serialize};
use strum::{EnumCount, IntoStaticStr, VariantArray};

/// A place in the upright photograph, in pixels; pixel centres at .5.
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

/// Disc centre and fovea, as a person marked or accepted them or as they were proposed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landmarks {
    pub disc: Point,
    pub fovea: Point,
}

impl Landmarks {
    /// From disc centre to fovea, in pixels.
    pub fn distance(&self) -> f64 {
        self.disc.distance((self.fovea.x, self.fovea.y))
    }
}

/// The parts of a photograph. Every point belongs to exactly one.
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
    /// Every region, in the order of files and windows.
    pub const ALL: [Self; Self::COUNT] =
        *Self::VARIANTS.first_chunk().expect("as many as there are");

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who says where they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum MarkSource {
    /// Found in the photograph; nobody has looked at it yet.
    Proposed,
    /// Found in the photograph, and a person agreed.
    Accepted,
    /// Placed by a person.
    User,
}

impl MarkSource {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A point that was found, and how sure that is: 0–1, calibrated to the words of [`Certainty`] and no probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectedPoint {
    pub at: Point,
    pub sureness: f64,
}

/// Least sureness of the words.
const SURE: f64 = 0.7;
const LIKELY: f64 = 0.35;

/// How sure a point is, in a word.
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

/// What was looked for in a photograph; a point that is not at least likely is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub disc: Option<DetectedPoint>,
    pub fovea: Option<DetectedPoint>,
}

impl Proposal {
    /// Both points, where both were found, with the lesser sureness of the two.
    pub fn both(&self) -> Option<(Landmarks, Certainty)> {
        let (disc, fovea) = (self.disc?, self.fovea?);
        let landmarks = Landmarks {
            disc: disc.at,
            fovea: fovea.at,
        };
        Some((landmarks, Certainty::of(disc.sureness.min(fovea.sureness))))
    }
}
