//! What came of an examination: what a device may do with a network, and the figures behind it.

use serde::{Deserialize, Serialize};

use crate::domain::{Approval, Detail, Deviation, Finding, FindingCode, Severity};
use crate::runtime::{Device, Error};

/// What came of an examination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub ruling: Approval,
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
            Approval::Optimised => self.optimised,
            Approval::NotOptimised => self.plain,
            Approval::Refused => self.plain.or(self.optimised),
        }
    }

    /// What every result must say: nothing where the device runs as it is.
    pub fn finding(&self, device: Device) -> Option<Finding> {
        let (is_refused, found) = match self.ruling {
            Approval::Optimised => return None,
            Approval::NotOptimised => (false, self.optimised),
            Approval::Refused => (true, self.deviation()),
        };
        let detail = Detail::Engine {
            device: device.to_string(),
            is_refused,
            found,
        };
        let code = FindingCode::EngineDeviation;
        Some(Finding::with_detail(code, Severity::Note, detail))
    }

    /// Why a device is refused; `None` where it is not.
    pub fn refusal(&self, device: Device) -> Option<Error> {
        if self.ruling != Approval::Refused {
            return None;
        }
        let against = self.against.as_deref().unwrap_or("itself").to_owned();
        Some(Error::Deviates {
            device,
            against,
            found: self.deviation(),
        })
    }
}
