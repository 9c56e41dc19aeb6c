//! How pixels became the numbers of a network's input; part of every result.

use serde::{Deserialize, Serialize};

use super::InputSpec;

/// A rectangle of whole pixels that may extend beyond the photograph: left, top, width, height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(i64, i64, u32, u32)", into = "(i64, i64, u32, u32)")]
pub struct CropRect {
    pub x: i64,
    pub y: i64,
    pub width: u32,
    pub height: u32,
}

impl From<(i64, i64, u32, u32)> for CropRect {
    fn from((x, y, width, height): (i64, i64, u32, u32)) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

impl From<CropRect> for (i64, i64, u32, u32) {
    fn from(rect: CropRect) -> Self {
        (rect.x, rect.y, rect.width, rect.height)
    }
}

/// What the crop is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CropBasis {
    /// The card specifies the whole frame.
    Frame,
    /// The circle of the field of view.
    FieldOfView,
    /// The card specifies the field of view, but no round one was found: the smallest centred square that holds the
    /// whole frame, nothing masked.
    NoRoundField,
}

/// How pixels became the numbers of a network's input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// The same as one line of text.
    pub text: String,
    #[serde(flatten)]
    pub spec: InputSpec,
    /// Left, top, width, height in pixels of the upright photograph.
    pub crop_in_image: CropRect,
    pub crop_basis: CropBasis,
    /// Centre and radius of the circle outside which pixels became black; `masked` crops only.
    pub masked_outside: Option<[f64; 3]>,
}
