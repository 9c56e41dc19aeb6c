//! The figures and names behind a finding, as values. Their wording in files and in the window is in [`crate::text`].

use serde::{Deserialize, Serialize};

use super::{Certainty, Deviation, EyeSource, Laterality, SystemFailure, Unavailable};

/// Details of a finding; never a path or a person's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumCount)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// A measured property of the photograph is outside the desired range.
    Threshold {
        property: Property,
        figure: f64,
        #[serde(rename = "wanted")]
        desired: Bound,
        /// Decimal places shown.
        digits: usize,
    },
    /// Nothing in the picture is bright enough for a field of view.
    NothingLit,
    /// The picture has this number of colours, as a mask or a map of labels has.
    FewColours { colours: usize },
    /// Bits of a sample in actual use, and those that the file declares.
    Bits { used: u32, announced: u32 },
    /// The value that was read as white, of a file that does not state it.
    ValueRange { white: u32 },
    /// Three channels were read this way, against the file's declaration or without one.
    ReadAs(Reading),
    /// A JPEG that lacks only its end marker.
    NoEndMarker,
    /// The frame that was opened, counted from 1, and the number of frames.
    Frame { frame: u32, frames: u32 },
    /// The stated eye, and the eye that the optic disc suggests.
    EyeConflict {
        source: EyeSource,
        eye: Laterality,
        disc: Laterality,
    },
    /// Number of photographs in the run with these pixels.
    Copies(usize),
    /// Size of the same photograph in the run at a larger size.
    LargerCopy { width: u32, height: u32 },
    /// A value as the model returned it, in its own unit.
    Value(f64),
    /// The value, and the range that the card states.
    Range { value: f64, low: f64, high: f64 },
    /// Models and their scores for the photograph.
    Scores(Vec<(String, f64)>),
    /// The scores of a person's right and left eye.
    Eyes { right: f64, left: f64 },
    /// Fields of the model card, by their JSON names.
    Fields(Vec<String>),
    /// Layers of the network.
    Layers(Vec<String>),
    /// Precisions, by their names in Keras.
    Precisions(Vec<String>),
    /// A device that was skipped, the one used instead (both by their names in files), and why.
    Fallback {
        device: String,
        used: String,
        reason: Unavailable,
    },
    /// How far a device is from the second engine: refused, or used without its own optimisation.
    Engine {
        device: String,
        is_refused: bool,
        found: Option<Deviation>,
    },
    /// What the network lacks, so that its last feature map cannot give a map.
    Lacks(NetworkPart),
    /// The part of the network's head that cannot be differentiated; the reason is in English.
    NoGradient { layer: String, reason: String },
    /// There was not enough memory for the map.
    NoMemory,
    /// Why a picture could not be written, in English as in files, and the failure of the disk.
    NotWritten {
        reason: String,
        #[serde(rename = "obstacle")]
        system_failure: Option<SystemFailure>,
    },
    /// The picture existed and is gone.
    Removed,
    /// The signal that ended a process.
    Signal(i32),
    /// The exit status of a process.
    ExitStatus(i32),
    /// How certain the proposed landmarks are.
    Landmarks { disc: Certainty, fovea: Certainty },
    /// Shares (0–1) of a map's evidence and area outside the eye.
    Outside { evidence: f64, area: f64 },
    /// How many of the random areas move the answer as far as the marked one.
    Chance { reached: usize, areas: usize },
    /// Whether all layers or only the last block were randomised, and the rank correlation of the two maps.
    Shuffled { all_layers: bool, correlation: f64 },
}

/// The side of a threshold on which a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// A measured property of a photograph; shares are 0–1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// Finest detail relative to the spread of detail.
    Focus,
    /// Median luminance, 0–255.
    Light,
    /// Share of overexposed green.
    Blown,
    /// Spread of detail relative to brightness.
    Contrast,
    /// Darkest part relative to the brightest.
    Evenness,
    /// Share of the field without detail.
    Hidden,
    /// Share of the field of view that is in the picture.
    Completeness,
    /// Share of the picture that the field of view fills.
    FieldShare,
    /// Diameter of the field of view in pixels.
    Diameter,
    Saturation,
    /// Typical detail relative to the strongest.
    Texture,
    /// Strength of dark lines relative to bright ones.
    DarkLines,
    /// Longest dark line relative to the diameter.
    LongestLine,
    Vessels,
    /// Share of steep edges.
    Edges,
    /// Area of other bright parts relative to that of the field of view.
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
}
