//! The device `auto`: the best that works, tried on a small network with a known output.
//!
//! Graphics cards come before the processor. Left out on purpose: TensorRT (it builds engines for minutes), XNNPACK (it
//! takes only parts of these networks) and OpenVINO, which in float32 on a processor is no faster than ONNX Runtime
//! itself. A provider that was never installed is skipped silently; one that is installed and does not work is
//! reported.

use std::sync::PoisonError;

use super::{ApprovalOf, Engines, Opened};
use crate::domain::{Detail, Finding, FindingCode, Findings, Severity, Unavailable};
use crate::progress::Cancel;
use crate::runtime::{Availability, Device, Error, Model, Purpose};

/// The order in which `auto` tries ONNX Runtime's devices; the embedded engine is last.
pub const ORDER: [Device; 6] = [
    Device::Cuda,
    Device::DirectMl,
    Device::CoreMl,
    Device::MiGraphX,
    Device::WebGpu,
    Device::Cpu,
];

/// Opens a model on the best device that passes its trial, accepts the model and is not refused for it.
pub(super) fn open(
    engines: &Engines,
    purpose: Purpose,
    model: Model<'_>,
    judge: ApprovalOf<'_>,
    cancel: &Cancel,
) -> Result<Opened, Error> {
    cancel.check()?;
    let mut passed_over: Vec<(Device, Unavailable)> = Vec::new();
    // Findings about the devices on the way: those refused for this model, and the one that is used.
    let mut reported = Findings::new();
    let mut on_device =
        |device: Device| engines.open_held(purpose, device, model, judge, &mut reported, cancel);
    if engines.runtime().is_none() {
        passed_over.push((Device::Cpu, engines.why_no_library()));
    }
    for device in ORDER {
        let opened = match engines.runtime().map(|runtime| runtime.presence(device)) {
            None | Some(Availability::Absent(_)) => continue,
            Some(Availability::Broken(reason)) => Err(reason),
            Some(Availability::Present) => match trial(engines, device, cancel)? {
                Err(reason) => Err(reason),
                Ok(()) => match on_device(device) {
                    Err(Error::Cancelled) => return Err(Error::Cancelled),
                    Err(Error::Device { reason, .. }) => Err(reason),
                    Err(Error::Deviates {
                        found: Some(found), ..
                    }) => Err(Unavailable::Deviates(found)),
                    Err(error) => Err(Unavailable::Engine(error.to_string())),
                    Ok(session) => Ok(session),
                },
            },
        };
        match opened {
            Ok((session, optimised)) => {
                let mut findings = findings(device, &passed_over);
                findings.append(&mut reported);
                return Ok(Opened {
                    session,
                    device,
                    optimised,
                    findings,
                });
            }
            Err(reason) => passed_over.push((device, reason)),
        }
    }
    let device = Device::Embedded;
    let (session, optimised) = on_device(device)?;
    let mut findings = findings(device, &passed_over);
    findings.append(&mut reported);
    Ok(Opened {
        session,
        device,
        optimised,
        findings,
    })
}

/// The trial run of a device, done once per process; the inner error states why it did not pass.
fn trial(
    engines: &Engines,
    device: Device,
    cancel: &Cancel,
) -> Result<Result<(), Unavailable>, Error> {
    let mut trials = engines
        .trials()
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = trials.get(&device) {
        return Ok(known.clone());
    }
    let probe = engines.probe();
    let run = engines
        .open_named(Purpose::Forward.into(), device, probe.source(), cancel)
        .and_then(|mut session| probe.deviation(session.as_mut(), cancel));
    let outcome = match run {
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Err(Error::Device { reason, .. }) => Err(reason),
        Err(error) => Err(Unavailable::Engine(error.to_string())),
        Ok(deviation) if deviation <= probe.tolerance => Ok(()),
        Ok(deviation) => Err(Unavailable::OffReference {
            by: deviation.into(),
            allowed: probe.tolerance.into(),
        }),
    };
    trials.insert(device, outcome.clone());
    Ok(outcome)
}

fn findings(used: Device, passed_over: &[(Device, Unavailable)]) -> Findings {
    passed_over
        .iter()
        .map(|(device, reason)| {
            let detail = Detail::Fallback {
                device: device.to_string(),
                used: used.to_string(),
                reason: reason.clone(),
            };
            Finding::with_detail(FindingCode::EngineFallback, Severity::Note, detail)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::tests::with_library;
    use crate::runtime::{Candidate, Origin, Probe, SearchResult};

    #[test]
    fn without_a_library_auto_uses_the_embedded_engine_and_says_so() {
        let opened = Engines::embedded_only()
            .open(Device::Auto, Probe::built_in().source(), &Cancel::new())
            .unwrap();
        assert_eq!(opened.device, Device::Embedded);
        let [finding] = opened.findings.as_slice() else {
            panic!("{:?}", opened.findings)
        };
        assert_eq!(finding.code, FindingCode::EngineFallback);
        let fallback = Detail::Fallback {
            device: "cpu".into(),
            used: "embedded".into(),
            reason: Unavailable::NoLibrary,
        };
        assert_eq!(finding.detail, Some(fallback));
    }

    #[test]
    fn a_library_that_is_refused_is_named_as_the_reason() {
        let found = SearchResult {
            refused: vec![(
                Candidate {
                    path: "lib.so".into(),
                    origin: Origin::Setting,
                },
                "the path is not absolute".to_owned(),
            )],
            ..SearchResult::default()
        };
        let opened = Engines::discover(&found, 0)
            .open(Device::Auto, Probe::built_in().source(), &Cancel::new())
            .unwrap();
        let reason = Unavailable::NoUsableLibrary("the path is not absolute".into());
        assert!(
            matches!(
                &opened.findings[0].detail,
                Some(Detail::Fallback { reason: reported, .. }) if *reported == reason
            ),
            "{:?}",
            opened.findings[0]
        );
    }

    #[test]
    fn with_a_library_auto_uses_it() {
        let Some(engines) = with_library() else {
            return;
        };
        let opened = engines
            .open(Device::Auto, Probe::built_in().source(), &Cancel::new())
            .unwrap();
        assert_ne!(opened.device, Device::Embedded);
        assert_ne!(opened.device, Device::Auto);
        assert_eq!(opened.session.used().engine, "onnxruntime");
    }
}
