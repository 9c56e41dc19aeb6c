//! What was measured on a fundus photograph when it was opened.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// What the field of view is centred on, told from a certain optic disc in a round field of 30° to 60°.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Centring {
    Disc,
    Macula,
    /// The disc is visible where neither a disc-centred nor a macula-centred field has it.
    Elsewhere,
}

impl Centring {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The figures behind the quality of a fundus photograph, as they were measured when it was opened; all are finite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Finest detail relative to the spread of detail.
    pub focus: f64,
    /// Median luminance, 0–255.
    pub light: f64,
    /// Share of overexposed green, 0–1.
    pub blown: f64,
    /// Spread of detail relative to brightness.
    pub contrast: f64,
    /// Darkest part relative to the brightest, 0–1.
    pub evenness: f64,
    /// Share of the field without detail, 0–1.
    pub hidden: f64,
    /// Mean difference of the channels relative to the largest, 0–1.
    pub saturation: f64,
    /// Diameter of the field of view in pixels of the photograph; without a round border, its shorter side.
    pub diameter: f64,
    /// Share of the circle inside the frame and lit, 0–1; `None` without a round border.
    pub completeness: Option<f64>,
    /// `None` if it cannot be told.
    pub centring: Option<Centring>,
}
