//! The result of an examination: whether a device may run a network, and the figures behind it.

use serde::{Deserialize, Serialize};

use crate::domain::{Approval, Detail, Deviation, Finding, FindingCode, Severity};
use crate::runtime::{Device, Error};

/// The result of an examination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub ruling: Approval,
    /// Deviation with optimisation, from the second engine, or from the same engine without optimisation if there is
    /// none.
    pub optimised: Option<Deviation>,
    /// Deviation without optimisation, from the second engine.
    pub plain: Option<Deviation>,
    /// The device used as second engine, by its name in files.
    pub against: Option<String>,
    /// The number of inputs that were run.
    pub inputs: usize,
    /// Duration of the examination in milliseconds.
    pub ms: f64,
    /// Milliseconds of one run on the device as it is used; `None` from a version that did not measure it.
    #[serde(default)]
    pub run_ms: Option<f64>,
}

impl Verdict {
    /// The deviation of the device as it is used; for a refused device, the smaller one.
    pub fn deviation(&self) -> Option<Deviation> {
        match self.ruling {
            Approval::Optimised => self.optimised,
            Approval::NotOptimised => self.plain,
            Approval::Refused => self.plain.or(self.optimised),
        }
    }

    /// The finding for every result; `None` if the device runs without restriction.
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

    /// Why a device is refused; `None` if it is not.
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
