//! How far the answers of two engines lie apart, and what a device may do with a network for it.

use serde::{Deserialize, Deserializer, Serialize};

/// What a device may do with a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// It runs as fast as it can.
    Optimised,
    /// It runs without its own optimisation.
    NotOptimised,
    /// It does not run.
    Refused,
}

/// The number that deviates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Quantity {
    Score,
    Logit,
    Value,
}

impl Quantity {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The deviation that is largest in shares of what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    pub of: Quantity,
    /// Infinite where one answer is a number and the other is none; `null` in files.
    #[serde(deserialize_with = "number_or_infinite")]
    pub largest: f64,
    pub allowed: f64,
}

impl Deviation {
    pub fn is_allowed(&self) -> bool {
        self.largest <= self.allowed
    }

    /// In shares of what is allowed.
    pub fn share(&self) -> f64 {
        self.largest / self.allowed
    }

    /// `score 2.1e-1 > 2.0e-5`.
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
