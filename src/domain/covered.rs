//! What a person covered of a photograph by hand, and what it does to the answer.

use serde::{Deserialize, Serialize};
use strum::{EnumCount, VariantArray};

/// What stands in place of what is covered.
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
    /// The photograph under a wide blur: colour and light stay, detail goes.
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

/// What a network says: logit and score, or a value such as years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub score: Option<f64>,
    pub logit: Option<f64>,
    pub value: Option<f64>,
}

/// What is covered, with the figures of the whole photograph and of the covered one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveredFigures {
    pub fill: Fill,
    /// Share of the field of view that is covered, 0–1.
    pub area_share: f64,
    pub before: Figures,
    pub after: Figures,
}
