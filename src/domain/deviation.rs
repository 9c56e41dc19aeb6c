//! How far the answers of two engines differ, and how a device may therefore run a network.

use serde::{Deserialize, Deserializer, Serialize};

/// How a device may run a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// With full optimisation.
    Optimised,
    /// Without its own optimisation.
    NotOptimised,
    /// Not at all.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Quantity {
    Score,
    Logit,
    Value,
}

impl Quantity {
    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The largest deviation, relative to what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    pub of: Quantity,
    /// Infinite if one answer is a number and the other is not; `null` in files.
    #[serde(deserialize_with = "number_or_infinite")]
    pub largest: f64,
    pub allowed: f64,
}

impl Deviation {
    pub fn is_allowed(&self) -> bool {
        self.largest <= self.allowed
    }

    /// The deviation as a multiple of the allowed one.
    pub fn share(&self) -> f64 {
        self.largest / self.allowed
    }

    /// For example `score 2.1e-1 > 2.0e-5`.
    pub fn figure(&self) -> String {
        let sign = if self.is_allowed() { "<" } else { ">" };
        format!(
            "{} {:.1e} {sign} {:.1e}",
            self.of.as_str(),
            self.largest,
            self.allowed
        )
    }
}

/// JSON has no infinity.
pub(super) fn number_or_infinite<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::INFINITY))
}
