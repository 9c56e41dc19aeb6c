//! What came of an examination: what a device may do with a network, and the figures behind it.

use serde::{Deserialize, Deserializer, Serialize};
use strum::IntoStaticStr;

use crate::domain::{Code, Finding, Severity};
use crate::runtime::{Device, Error};

/// What a device may do with a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Ruling {
    /// It runs as fast as it can.
    Optimised,
    /// It runs without its own optimisation.
    NotOptimised,
    /// It does not run.
    Refused,
}

impl Ruling {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The number that deviates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Quantity {
    Score,
    Logit,
    Value,
}

impl Quantity {
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
    pub(super) fn share(&self) -> f64 {
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
fn number_or_infinite<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::INFINITY))
}

/// What came of an examination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub ruling: Ruling,
    /// With optimisation, from the second engine, or from the same engine without optimisation where there is no second.
    pub optimised: Option<Deviation>,
    /// Without optimisation, from the second engine.
    pub plain: Option<Deviation>,
    /// The device that was the second engine; its word in files.
    pub against: Option<String>,
    /// How many inputs were run.
    pub inputs: usize,
    /// Milliseconds that the examination took.
    pub ms: f64,
}

impl Verdict {
    /// The deviation of the device as it is used, or of the refused one at its best.
    pub fn deviation(&self) -> Option<Deviation> {
        match self.ruling {
            Ruling::Optimised => self.optimised,
            Ruling::NotOptimised => self.plain,
            Ruling::Refused => self.plain.or(self.optimised),
        }
    }

    /// What every result must say: nothing where the device runs as it is.
    pub fn finding(&self, device: Device) -> Option<Finding> {
        let (what, deviation) = match self.ruling {
            Ruling::Optimised => return None,
            Ruling::NotOptimised => ("optimised", self.optimised),
            Ruling::Refused => ("refused", self.deviation()),
        };
        let figure = deviation.map_or_else(String::new, |d| d.figure());
        Some(Finding::with_detail(
            Code::EngineDeviation,
            Severity::Note,
            format!("{device} {what}: {figure}"),
        ))
    }

    /// Why a device is refused; `None` where it is not.
    pub fn refusal(&self, device: Device) -> Option<Error> {
        if self.ruling != Ruling::Refused {
            return None;
        }
        let figure = self.deviation().map_or_else(String::new, |d| d.figure());
        let against = self.against.as_deref().unwrap_or("itself").to_owned();
        Some(Error::Deviates {
            device,
            against,
            figure,
        })
    }
}
