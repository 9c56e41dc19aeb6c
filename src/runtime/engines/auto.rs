//! The device `auto`: the fastest for the model among those that work, tried on a small network with a known output.
//!
//! Where several devices are installed, the times measured in the model's examination decide. Those are kept with the
//! verdict, so the same model runs on the same device every time. A fixed order decides between devices that are about
//! equally fast or were not timed: graphics cards before the processor. Left out on purpose: TensorRT (it builds engines
//! for minutes) and XNNPACK (it takes only parts of these networks). A provider that was never installed is skipped
//! silently; one that is installed, would come first and does not work is reported.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::{ApprovalOf, Engines, Opened};
use crate::domain::{Detail, Finding, FindingCode, Findings, Severity, Unavailable};
use crate::progress::Cancel;
use crate::runtime::{Availability, Device, Error, Model, Purpose, Verdict};

/// The order in which `auto` tries ONNX Runtime's devices; the embedded engine is last.
pub const ORDER: [Device; 7] = [
    Device::Cuda,
    Device::DirectMl,
    Device::CoreMl,
    Device::MiGraphX,
    Device::WebGpu,
    Device::Cpu,
    Device::OpenVino,
];

/// A device is slow if another needs less than this part of its time.
const ABOUT_EQUAL: f64 = 0.9;

/// Opens a model on the fastest device that passes its trial, accepts the model and is not refused for it.
pub(super) fn open(
    engines: &Engines,
    purpose: Purpose,
    model: Model<'_>,
    judge: ApprovalOf<'_>,
    cancel: &Cancel,
) -> Result<Opened, Error> {
    cancel.check()?;
    let verdicts = verdicts(engines, purpose, judge, cancel)?;
    let judge = |device: Device| match verdicts.get(&device) {
        Some(known) => known.clone(),
        None => judge(device),
    };
    let mut passed_over: Vec<(Device, Unavailable)> = Vec::new();
    // Findings about the devices on the way: those refused for this model, and the one that is used.
    let mut reported = Findings::new();
    let mut on_device =
        |device: Device| engines.open_held(purpose, device, model, &judge, &mut reported, cancel);
    if engines.runtime().is_none() {
        passed_over.push((Device::Cpu, engines.why_no_library()));
    }
    for device in by_speed(purpose, &verdicts) {
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

/// The devices of [`ORDER`] for a purpose. OpenVINO is examined for forward runs only.
fn candidates(purpose: Purpose) -> impl Iterator<Item = Device> {
    let fits = move |device: &Device| purpose == Purpose::Forward || *device != Device::OpenVino;
    ORDER.into_iter().filter(fits)
}

/// The devices that can be tried.
fn present(engines: &Engines, purpose: Purpose) -> Vec<Device> {
    let Some(runtime) = engines.runtime() else {
        return Vec::new();
    };
    let is_present = |device: &Device| runtime.presence(*device) == Availability::Present;
    candidates(purpose).filter(is_present).collect()
}

/// Whether the choice depends on the times of a model.
pub(super) fn has_choice(engines: &Engines, purpose: Purpose) -> bool {
    present(engines, purpose).len() > 1
}

type Verdicts = BTreeMap<Device, Result<Option<Verdict>, Error>>;

/// The verdicts on the devices that pass their trial, if there is a choice.
fn verdicts(
    engines: &Engines,
    purpose: Purpose,
    judge: ApprovalOf<'_>,
    cancel: &Cancel,
) -> Result<Verdicts, Error> {
    let mut verdicts = Verdicts::new();
    let present = present(engines, purpose);
    if present.len() < 2 {
        return Ok(verdicts);
    }
    for device in present {
        if trial(engines, device, cancel)?.is_err() {
            continue;
        }
        match judge(device) {
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            verdict => drop(verdicts.insert(device, verdict)),
        }
    }
    Ok(verdicts)
}

/// The order of trial: as in [`ORDER`], with devices that are slow for the model at the end, the faster ones first.
fn by_speed(purpose: Purpose, verdicts: &Verdicts) -> Vec<Device> {
    let time = |device: &Device| verdicts.get(device)?.as_ref().ok()?.as_ref()?.run_ms;
    let times = verdicts.keys().filter_map(time);
    let fastest = times.min_by(f64::total_cmp).unwrap_or_default();
    let slowness = |device: &Device| {
        let slow = time(device).filter(|ms| fastest < ABOUT_EQUAL * ms);
        slow.unwrap_or_default()
    };
    let mut devices: Vec<Device> = candidates(purpose).collect();
    devices.sort_by(|a, b| slowness(a).total_cmp(&slowness(b)));
    devices
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
    use crate::domain::Approval;
    use crate::runtime::tests::with_library;
    use crate::runtime::{Candidate, Origin, Probe, SearchResult};

    #[test]
    fn slow_devices_come_last_and_the_order_decides_among_the_others() {
        use Device::{Cpu, Cuda, DirectMl, OpenVino, WebGpu};
        let order = |times: &[(Device, Option<f64>)], purpose| {
            let verdict = |run_ms| Verdict {
                ruling: Approval::Optimised,
                optimised: None,
                plain: None,
                against: None,
                inputs: 5,
                ms: 100.0,
                run_ms,
            };
            let timed = |&(device, ms): &(Device, Option<f64>)| (device, Ok(Some(verdict(ms))));
            by_speed(purpose, &times.iter().map(timed).collect())
        };
        let forward = |times: &[(Device, Option<f64>)]| order(times, Purpose::Forward);
        assert_eq!(forward(&[]), ORDER);
        assert_eq!(forward(&[(Cpu, Some(4.0)), (OpenVino, Some(3.7))]), ORDER);
        assert_eq!(forward(&[(Cpu, Some(4.0)), (OpenVino, None)]), ORDER);
        let found = forward(&[(Cpu, Some(4.0)), (OpenVino, Some(3.5))]);
        assert_eq!(found[ORDER.len() - 2..], [OpenVino, Cpu]);
        let found = forward(&[(Cuda, Some(9.0)), (WebGpu, Some(70.0)), (Cpu, Some(4.0))]);
        assert_eq!(found[0], DirectMl, "it was not timed");
        assert_eq!(found[ORDER.len() - 4..], [Cpu, OpenVino, Cuda, WebGpu]);
        let gradient = order(
            &[(OpenVino, Some(1.0)), (Cpu, Some(4.0))],
            Purpose::Gradient,
        );
        assert!(!gradient.contains(&OpenVino));
    }

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
