//! What every engine and provider of this machine does with a model whose output is known.

use strum::IntoEnumIterator;

use std::time::Instant;

use serde::Serialize;

use super::engines::{Engines, Refused};
use super::session::Availability;
use super::{Device, Error, Probe, Purpose, Verdict, embedded, onnx_runtime};
use crate::domain::{DeviceFault, EngineUsed};
use crate::progress::Cancel;

/// `gantei devices --json`.
#[derive(Clone, Debug, Serialize)]
pub struct DevicesReport {
    pub engines: Vec<EngineReport>,
}

/// One engine.
#[derive(Clone, Debug, Serialize)]
pub struct EngineReport {
    /// `onnxruntime` or `rten`.
    pub engine: &'static str,
    /// `null` if no library is in use.
    pub version: Option<String>,
    /// Path of the library; `null` for the embedded engine.
    pub library: Option<String>,
    pub providers: Vec<ProviderReport>,
    /// Libraries that were found and not used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// One execution provider.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderReport {
    /// The word for `--device`.
    pub name: Device,
    /// What actually ran: ONNX Runtime's name of the provider, with shares if several took part.
    pub provider: Option<String>,
    /// True if it ran and stayed within the probe's tolerance.
    pub works: bool,
    /// Why it does not work.
    pub reason: Option<String>,
    /// The same for the window.
    #[serde(skip)]
    pub fault: Option<DeviceFault>,
    /// Largest absolute difference from the reference output.
    pub deviation: Option<f32>,
    /// Milliseconds of one run, after a warm-up run.
    pub run_ms: Option<f64>,
    /// Results of earlier examinations of models with this version of the engine.
    pub checks: Vec<ModelCheck>,
}

/// One model on one provider.
#[derive(Clone, Debug, Serialize)]
pub struct ModelCheck {
    /// Its id in the library; `null` if it is not, or no longer, in the library.
    pub model: Option<String>,
    pub network_sha256: String,
    /// The engine, which encloses it in the document.
    #[serde(skip)]
    pub used: EngineUsed,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Tries every device with `probe`. Fails only if cancelled.
pub fn devices(engines: &Engines, probe: &Probe, cancel: &Cancel) -> Result<DevicesReport, Error> {
    let mut providers = Vec::new();
    for device in Device::iter().filter(|d| d.provider_name().is_some()) {
        cancel.check()?;
        providers.push(provider(engines, device, probe, cancel)?);
    }
    let library = engines.library();
    let onnx = EngineReport {
        engine: onnx_runtime::ENGINE,
        version: library.map(|library| library.version.clone()),
        library: library.map(|library| library.path.to_string_lossy().into_owned()),
        providers,
        refused: engines.refused().to_vec(),
    };
    let own = EngineReport {
        engine: embedded::ENGINE,
        version: Some(embedded::VERSION.to_owned()),
        library: None,
        providers: vec![provider(engines, Device::Embedded, probe, cancel)?],
        refused: Vec::new(),
    };
    Ok(DevicesReport {
        engines: vec![onnx, own],
    })
}

fn provider(
    engines: &Engines,
    device: Device,
    probe: &Probe,
    cancel: &Cancel,
) -> Result<ProviderReport, Error> {
    let mut report = ProviderReport {
        name: device,
        provider: None,
        works: false,
        reason: None,
        fault: None,
        deviation: None,
        run_ms: None,
        checks: Vec::new(),
    };
    if let Some(Availability::Absent(reason)) =
        engines.runtime().map(|runtime| runtime.presence(device))
        && device != Device::Embedded
    {
        report.reason = Some(reason.to_string());
        report.fault = Some(DeviceFault::Absent);
        return Ok(report);
    }
    match tried(engines, device, probe, cancel) {
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Err(error) => {
            report.fault = Some(fault_of(&error));
            report.reason = Some(match error {
                Error::Device { reason, .. } => reason.to_string(),
                other => other.to_string(),
            });
        }
        Ok((ran, deviation, run_ms)) => {
            report.provider = Some(ran);
            report.deviation = Some(deviation);
            report.run_ms = Some(run_ms);
            report.works = deviation <= probe.tolerance;
            if !report.works {
                report.fault = Some(DeviceFault::Deviates);
                report.reason = Some(format!(
                    "its output deviates by more than {:.0e}",
                    probe.tolerance
                ));
            }
        }
    }
    Ok(report)
}

fn fault_of(error: &Error) -> DeviceFault {
    match error {
        Error::Device { device, .. } => DeviceFault::Unavailable {
            device: device.to_string(),
        },
        Error::Deviates { .. } => DeviceFault::Deviates,
        Error::Memory(_) => DeviceFault::Memory,
        Error::Input(_) => DeviceFault::Input,
        Error::NoOutput(_) => DeviceFault::NoOutput,
        Error::Model(_) | Error::Run(_) | Error::Cancelled => DeviceFault::Run,
    }
}

fn tried(
    engines: &Engines,
    device: Device,
    probe: &Probe,
    cancel: &Cancel,
) -> Result<(String, f32, f64), Error> {
    let mut session =
        engines.open_named(Purpose::Forward.into(), device, probe.source(), cancel)?;
    probe.deviation(session.as_mut(), cancel)?;
    let start = Instant::now();
    let deviation = probe.deviation(session.as_mut(), cancel)?;
    let run_ms = start.elapsed().as_secs_f64() * 1e3;
    Ok((session.used().provider.clone(), deviation, run_ms))
}

#[cfg(test)]
mod tests {
    use super::super::tests::shared;
    use super::*;

    #[test]
    fn the_embedded_engine_works_and_absent_providers_say_why() {
        let report = devices(shared(), &Probe::built_in(), &Cancel::new()).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        let engines = json["engines"].as_array().unwrap();
        assert_eq!(engines[0]["engine"], "onnxruntime");
        assert_eq!(engines[0]["providers"].as_array().unwrap().len(), 9);
        assert_eq!(engines[1]["engine"], "rten");
        assert_eq!(engines[1]["providers"][0]["name"], "embedded");
        assert_eq!(engines[1]["providers"][0]["works"], true);
        assert!(engines[1]["providers"][0]["run_ms"].as_f64().unwrap() > 0.0);
        for provider in engines[0]["providers"].as_array().unwrap() {
            assert_eq!(
                provider["works"] == false,
                provider["reason"].is_string(),
                "{provider}"
            );
        }
        for provider in report.engines.iter().flat_map(|e| &e.providers) {
            assert_eq!(provider.works, provider.fault.is_none(), "{provider:?}");
        }
    }

    #[test]
    fn an_answer_that_is_off_does_not_work() {
        let mut probe = Probe::built_in();
        probe.expected[0].1.values[0] += 0.01;
        let report = devices(&Engines::embedded_only(), &probe, &Cancel::new()).unwrap();
        let own = &report.engines[1].providers[0];
        assert!(!own.works);
        assert!((own.deviation.unwrap() - 0.01).abs() < 1e-4);
        assert_eq!(
            own.reason.as_deref(),
            Some("its output deviates by more than 5e-5")
        );
    }
}
