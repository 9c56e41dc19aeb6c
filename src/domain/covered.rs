//! What the user covered in a photograph, and how the answer changes.

use serde::{Deserialize, Serialize};
use strum::{EnumCount, VariantArray};

/// What replaces the covered area.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumCount,
    VariantArray,
    strum::Display,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Fill {
    /// The photograph under a wide blur: keeps colour and light, removes detail.
    #[default]
    Blur,
    /// The mean colour inside the field of view.
    FieldMean,
    Black,
}

impl Fill {
    pub const ALL: [Self; Self::COUNT] =
        *Self::VARIANTS.first_chunk().expect("as many as there are");

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The outputs of a network: logit and score, or a value such as years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub score: Option<f64>,
    pub logit: Option<f64>,
    pub value: Option<f64>,
}

/// The covered area, with the figures of the whole and of the covered photograph.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveredFigures {
    pub fill: Fill,
    /// Share of the field of view that is covered, 0–1.
    pub area_share: f64,
    pub before: Figures,
    pub after: Figures,
}
