//! The figures and names behind a finding, as values. How they read in files and in the window stands in
//! [`crate::text`].

use serde::{Deserialize, Serialize};

use super::{Certainty, Deviation, EyeSource, Laterality, SystemFailure, Unavailable};

/// What stands beside a finding; never a path or a person's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumCount)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// A measured property of the photograph is beyond what is wanted.
    Threshold {
        property: Property,
        figure: f64,
        desired: Bound,
        /// Digits behind the point that are told.
        digits: usize,
    },
    /// Nothing in the picture is bright enough to be a field of view.
    NothingLit,
    /// Bits of a sample that are really used, and those that the file announces.
    Bits { used: u32, announced: u32 },
    /// Three channels were read this way, against or without the file's word.
    ReadAs(Reading),
    /// All that a JPEG lacks is its end.
    NoEndMarker,
    /// The frame that was opened, from 1, and how many there are.
    Frame { frame: u32, frames: u32 },
    /// The eye as stated, and the eye that the optic disc suggests.
    EyeConflict {
        source: EyeSource,
        eye: Laterality,
        disc: Laterality,
    },
    /// How many photographs of the run have these pixels.
    Copies(usize),
    /// A value as the model gave it, in its own unit.
    Value(f64),
    /// The same, and the range that the card states.
    Range { value: f64, low: f64, high: f64 },
    /// Models and their scores for the photograph.
    Scores(Vec<(String, f64)>),
    /// The scores of a person's right and left eye.
    Eyes { right: f64, left: f64 },
    /// Fields of the model card, by their names in files.
    Fields(Vec<String>),
    /// Layers of the network.
    Layers(Vec<String>),
    /// A device that was passed over, the one that is used, by their words in files, and why.
    Fallback {
        device: String,
        used: String,
        reason: Unavailable,
    },
    /// How far a device is from the second engine: refused, or with its own optimisation alone.
    Engine {
        device: String,
        is_refused: bool,
        found: Option<Deviation>,
    },
    /// What the network lacks, so that no map of its last feature map can be made.
    Lacks(NetworkPart),
    /// What of the network's head cannot be differentiated; the reason is in English.
    NoGradient {
        operator: String,
        layer: String,
        reason: String,
    },
    /// Why a picture could not be written, as files say it in English, and what stood in the way of the disk.
    NotWritten {
        reason: String,
        system_failure: Option<SystemFailure>,
    },
    /// The picture was there and is gone.
    Removed,
    /// The signal that ended a process.
    Signal(i32),
    /// The status with which a process ended by itself.
    ExitStatus(i32),
    /// How sure the proposed landmarks are.
    Landmarks { disc: Certainty, fovea: Certainty },
    /// Shares (0–1) of a map's evidence and of its area that lie outside the eye.
    Outside { evidence: f64, area: f64 },
    /// How many of so many random areas move the answer as far as the marked one.
    Chance { reached: usize, areas: usize },
    /// Whether all layers or the last block alone were shuffled, and the rank correlation of the maps then.
    Shuffled { all_layers: bool, correlation: f64 },
}

/// The side of a threshold on which a figure should lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// A measured property of a photograph; shares lie in 0–1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// Finest detail over the spread of detail.
    Focus,
    /// Median luminance, 0–255.
    Light,
    /// Share of blown green.
    Blown,
    /// Spread of detail over brightness.
    Contrast,
    /// Darkest over brightest part.
    Evenness,
    /// Share of the field without detail.
    Hidden,
    /// Share of the field of view that is in the picture.
    Completeness,
    /// Share of the picture that the field fills.
    FieldShare,
    /// Diameter of the field in pixels.
    Diameter,
    Saturation,
    /// Typical over strongest detail.
    Texture,
    /// Strength of dark over bright lines.
    DarkLines,
    /// Longest dark line over the diameter.
    LongestLine,
    Vessels,
    /// Share of steep edges.
    Edges,
    /// Area of other bright parts over that of the field.
    OtherParts,
    /// Share of warm colours, in a picture without a round border.
    WarmWithoutBorder,
}

/// What three channels of a picture hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    Rgb,
    /// Full range, BT.601.
    YCbCr,
}

impl Reading {
    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rgb => "RGB",
            Self::YCbCr => "YCbCr",
        }
    }
}

/// A part of a network that a saliency map needs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkPart {
    #[strum(to_string = "picture as its input")]
    Picture,
    #[strum(to_string = "feature map")]
    FeatureMap,
    #[strum(to_string = "logit")]
    Logit,
    #[strum(to_string = "gradient")]
    Gradient,
    #[strum(to_string = "path from its feature map to its logit")]
    Path,
    #[strum(to_string = "logit behind a pooling")]
    PooledLogit,
}
