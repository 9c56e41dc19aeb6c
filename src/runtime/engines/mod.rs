//! The engines of this process: the embedded one always, ONNX Runtime if a usable library was found.

mod auto;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::Serialize;

use crate::domain::{Approval, EngineUsed, Findings, Unavailable};
use crate::numeric::hex;
use crate::progress::Cancel;
use crate::runtime::search::{Candidate, Origin, SearchResult};
use crate::runtime::{
    Device, Embedded, Engine, Error, Model, Probe, Purpose, Session, SessionOptions, Verdict,
    embedded, onnx_runtime, processor,
};

/// The engines available to this process. Cloning shares them. ONNX Runtime can be loaded only once per process, so one
/// value is created at the start and kept to the end; a library installed later is used from the next start on, unless
/// none was loaded before.
#[derive(Clone)]
pub struct Engines(Arc<Inner>);

struct Inner {
    embedded: Arc<dyn Engine>,
    onnx: Option<(Library, Arc<dyn Engine>)>,
    refused: Vec<Refused>,
    probe: Probe,
    /// The trial result of each device, so that each trial runs once.
    trials: Mutex<BTreeMap<Device, Result<(), Unavailable>>>,
}

/// The ONNX Runtime library in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Library {
    pub path: PathBuf,
    pub origin: Origin,
    pub version: String,
}

/// A library that was found and not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Serialised as the file name alone; `origin` states where it was found.
    #[serde(serialize_with = "name_of")]
    pub path: PathBuf,
    pub origin: Origin,
    pub reason: String,
}

fn name_of<S: serde::Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().serialize(to)
}

/// An opened model and how it was opened.
pub struct Opened {
    pub session: Box<dyn Session>,
    /// The device on which it runs, never `auto`.
    pub device: Device,
    /// Whether the engine rearranged the network.
    pub optimised: bool,
    /// `engine-fallback` for each better device that `auto` could not use.
    pub findings: Findings,
}

/// The verdict on a model on a device; `None` if none is needed.
pub type ApprovalOf<'a> = &'a dyn Fn(Device) -> Result<Option<Verdict>, Error>;

impl Engines {
    /// Loads the first usable library of those found. `threads` is the number of threads that ONNX Runtime uses inside
    /// an operator; 0 leaves the choice to it (one per physical core).
    pub fn discover(found: &SearchResult, threads: usize) -> Self {
        let refusal = |candidate: &Candidate, reason: String| Refused {
            path: candidate.path.clone(),
            origin: candidate.origin,
            reason,
        };
        let mut refused: Vec<Refused> = found
            .refused
            .iter()
            .map(|(candidate, reason)| refusal(candidate, reason.clone()))
            .collect();
        let mut onnx: Option<(Library, Arc<dyn Engine>)> = None;
        for candidate in &found.libraries {
            match onnx_runtime::load(&candidate.path, &found.plugins, threads) {
                Ok(runtime) => {
                    let library = Library {
                        path: candidate.path.clone(),
                        origin: candidate.origin,
                        version: runtime.version.clone(),
                    };
                    onnx = Some((library, runtime));
                    break;
                }
                Err(reason) => refused.push(refusal(candidate, reason)),
            }
        }
        Self::with(Arc::new(Embedded), onnx, refused)
    }

    /// Custom engines: an embedded one, and optionally one in place of an ONNX Runtime library. Tests use it for
    /// engines that wait or fail on demand.
    pub fn of(embedded: Arc<dyn Engine>, library: Option<(Library, Arc<dyn Engine>)>) -> Self {
        Self::with(embedded, library, Vec::new())
    }

    fn with(
        embedded: Arc<dyn Engine>,
        onnx: Option<(Library, Arc<dyn Engine>)>,
        refused: Vec<Refused>,
    ) -> Self {
        Self(Arc::new(Inner {
            embedded,
            onnx,
            refused,
            probe: Probe::built_in(),
            trials: Mutex::default(),
        }))
    }

    /// The embedded engine alone.
    pub fn embedded_only() -> Self {
        Self::discover(&SearchResult::default(), 0)
    }

    /// The ONNX Runtime library in use; `None` if only the embedded engine runs.
    pub fn library(&self) -> Option<&Library> {
        self.0.onnx.as_ref().map(|(library, _)| library)
    }

    /// Libraries that were found and could not be used, with the reasons.
    pub fn refused(&self) -> &[Refused] {
        &self.0.refused
    }

    /// Opens a model. A named device works or is an error; `auto` takes the fastest that passes a trial run and opens the
    /// model, and reports every better one that did not.
    pub fn open(&self, device: Device, model: Model<'_>, cancel: &Cancel) -> Result<Opened, Error> {
        self.open_for(Purpose::Forward, device, model, cancel)
    }

    /// As [`Self::open`], for a purpose.
    pub fn open_for(
        &self,
        purpose: Purpose,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Opened, Error> {
        self.open_judged(purpose, device, model, &|_| Ok(None), cancel)
    }

    /// As [`Self::open_for`], subject to the verdict on this model for each device. A device refused for the model is
    /// an error if it was named; `auto` skips it. The findings report the verdict, if there is one.
    pub fn open_judged(
        &self,
        purpose: Purpose,
        device: Device,
        model: Model<'_>,
        judge: ApprovalOf<'_>,
        cancel: &Cancel,
    ) -> Result<Opened, Error> {
        if device == Device::Auto {
            return auto::open(self, purpose, model, judge, cancel);
        }
        let mut findings = Findings::new();
        let (session, optimised) =
            self.open_held(purpose, device, model, judge, &mut findings, cancel)?;
        Ok(Opened {
            session,
            device,
            optimised,
            findings,
        })
    }

    /// Opens a model on exactly this device, subject to its verdict. Findings about the device are added to `findings`,
    /// even if it is refused. The second value returned states whether the engine may optimise the network.
    pub(super) fn open_held(
        &self,
        purpose: Purpose,
        device: Device,
        model: Model<'_>,
        judge: ApprovalOf<'_>,
        findings: &mut Findings,
        cancel: &Cancel,
    ) -> Result<(Box<dyn Session>, bool), Error> {
        let verdict = judge(device)?;
        findings.extend(verdict.as_ref().and_then(|v| v.finding(device)));
        if let Some(refusal) = verdict.as_ref().and_then(|v| v.refusal(device)) {
            return Err(refusal);
        }
        let optimised = verdict.is_none_or(|v| v.ruling == Approval::Optimised);
        let how = SessionOptions { purpose, optimised };
        Ok((self.open_named(how, device, model, cancel)?, optimised))
    }

    /// Whether `auto` chooses between devices by the times of a model.
    pub fn has_choice(&self, purpose: Purpose) -> bool {
        auto::has_choice(self, purpose)
    }

    /// The name of a device in results, before anything is opened on it; `None` without its engine and for `auto`.
    pub fn named(&self, device: Device) -> Option<EngineUsed> {
        let (engine, provider, version) = match device {
            Device::Embedded => (
                embedded::ENGINE,
                device.as_str(),
                embedded::VERSION.to_owned(),
            ),
            _ => (
                onnx_runtime::ENGINE,
                device.provider_name()?,
                self.library()?.version.clone(),
            ),
        };
        Some(EngineUsed {
            engine: engine.to_owned(),
            provider: provider.to_owned(),
            version,
        })
    }

    /// Opens a model on exactly this device.
    pub(crate) fn open_named(
        &self,
        how: SessionOptions,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        if device == Device::Embedded {
            return self.0.embedded.open(how, device, model, cancel);
        }
        let runtime = self.runtime().ok_or_else(|| Error::Device {
            device,
            reason: self.why_no_library(),
        })?;
        runtime.open(how, device, model, cancel)
    }

    /// As [`Engine::write_optimised`], with ONNX Runtime.
    pub fn write_optimised(
        &self,
        file: &Path,
        graph: &Path,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        let runtime = self.runtime().ok_or_else(|| Error::Device {
            device: Device::Cpu,
            reason: self.why_no_library(),
        })?;
        runtime.write_optimised(file, graph, cancel)
    }

    /// Identifies where an optimised graph is valid: the version of ONNX Runtime and the processor's instruction sets, by
    /// which it arranges weights. Letters, digits, dots and hyphens; `None` without the library.
    pub fn valid_for_optimised(&self) -> Option<String> {
        let version = &self.library()?.version;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let processor = processor::instruction_sets();
        let known = version != "unknown" && version.chars().all(is_plain);
        known.then(|| format!("{version}-{}", &hex::sha256(processor.as_bytes())[..12]))
    }

    pub(super) fn runtime(&self) -> Option<&dyn Engine> {
        self.0.onnx.as_ref().map(|(_, runtime)| runtime.as_ref())
    }

    pub(super) fn probe(&self) -> &Probe {
        &self.0.probe
    }

    pub(super) fn trials(&self) -> &Mutex<BTreeMap<Device, Result<(), Unavailable>>> {
        &self.0.trials
    }

    /// Why ONNX Runtime is unavailable, without paths.
    pub(super) fn why_no_library(&self) -> Unavailable {
        match self.refused().first() {
            None => Unavailable::NoLibrary,
            Some(first) => Unavailable::NoUsableLibrary(first.reason.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::tests::{shared, with_library};

    fn deviation(engines: &Engines, device: Device) -> (f32, Opened) {
        let probe = Probe::built_in();
        let cancel = Cancel::new();
        let mut opened = engines.open(device, probe.source(), &cancel).unwrap();
        (
            probe.deviation(opened.session.as_mut(), &cancel).unwrap(),
            opened,
        )
    }

    #[test]
    fn the_embedded_engine_gives_the_reference() {
        let (deviation, opened) = deviation(&Engines::embedded_only(), Device::Embedded);
        assert!(deviation < 1e-5, "{deviation}");
        assert_eq!(opened.session.used().provider, "embedded");
        assert_eq!(opened.findings, []);
    }

    #[test]
    fn onnx_runtime_gives_the_reference() {
        let Some(engines) = with_library() else {
            return;
        };
        let (deviation, opened) = deviation(engines, Device::Cpu);
        assert!(deviation < 1e-5, "{deviation}");
        assert_eq!(opened.session.used().engine, "onnxruntime");
        assert_eq!(opened.session.used().provider, "CPUExecutionProvider");
        assert_eq!(
            opened.session.used().version,
            engines.library().unwrap().version
        );
    }

    #[test]
    fn a_model_opens_from_a_file_in_both_engines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.onnx");
        let probe = Probe::built_in();
        std::fs::write(&path, &probe.model).unwrap();
        let cancel = Cancel::new();
        for device in [Device::Embedded, Device::Cpu] {
            if device == Device::Cpu && with_library().is_none() {
                continue;
            }
            let mut opened = shared().open(device, Model::File(&path), &cancel).unwrap();
            assert!(probe.deviation(opened.session.as_mut(), &cancel).unwrap() < 1e-5);
        }
    }

    #[test]
    fn bad_models_inputs_and_names_are_errors_in_both_engines() {
        let cancel = Cancel::new();
        for device in [Device::Embedded, Device::Cpu] {
            if device == Device::Cpu && with_library().is_none() {
                continue;
            }
            let engines = shared();
            for bytes in [&b"not a model"[..], &[], &Probe::built_in().model[..900]] {
                let error = engines
                    .open(device, Model::Bytes(bytes), &cancel)
                    .err()
                    .unwrap();
                assert!(matches!(error, Error::Model(_)), "{device}: {error:?}");
                assert!(!error.is_unavailable());
            }
            let probe = Probe::built_in();
            let mut session = engines
                .open(device, probe.source(), &cancel)
                .unwrap()
                .session;
            let (name, picture) = &probe.input;
            let error = session
                .run(&[(name, picture)], &["absent"], &cancel)
                .unwrap_err();
            assert_eq!(error, Error::NoOutput("absent".to_owned()));
            let error = session
                .run(&[("absent", picture)], &["score"], &cancel)
                .unwrap_err();
            assert!(matches!(error, Error::Input(_)), "{error:?}");
            let wrong =
                crate::domain::Tensor::new(vec![1, 3, 16, 64], picture.values.clone()).unwrap();
            let error = session
                .run(&[(name, &wrong)], &["score"], &cancel)
                .unwrap_err();
            assert!(matches!(error, Error::Input(_)), "{device}: {error:?}");
            let two: Vec<f32> = picture
                .values
                .iter()
                .chain(&picture.values)
                .copied()
                .collect();
            let two = crate::domain::Tensor::new(vec![2, 3, 32, 32], two).unwrap();
            let found = session.run(&[(name, &two)], &["score"], &cancel).unwrap();
            assert_eq!(found[0].shape, [2, 2]);
        }
    }

    #[test]
    fn an_operator_that_an_engine_lacks_is_named() {
        let mut model = Probe::built_in().model;
        let at = model.windows(4).position(|w| w == b"Clip").unwrap();
        model[at..at + 4].copy_from_slice(b"Clop");
        let cancel = Cancel::new();
        for device in [Device::Embedded, Device::Cpu] {
            if device == Device::Cpu && with_library().is_none() {
                continue;
            }
            let opened =
                shared().open_for(Purpose::Gradient, device, Model::Bytes(&model), &cancel);
            let refused = opened.err().unwrap();
            assert!(matches!(refused, Error::Model(_)), "{device}: {refused:?}");
            assert!(refused.to_string().contains("Clop"), "{device}: {refused}");
        }
    }

    #[test]
    fn a_raised_cancel_stops_before_the_work() {
        let cancel = Cancel::new();
        let probe = Probe::built_in();
        let mut session = shared()
            .open(Device::Embedded, probe.source(), &cancel)
            .unwrap()
            .session;
        cancel.cancel();
        assert_eq!(
            probe.deviation(session.as_mut(), &cancel),
            Err(Error::Cancelled)
        );
        assert_eq!(
            shared().open(Device::Auto, probe.source(), &cancel).err(),
            Some(Error::Cancelled)
        );
        let Some(engines) = with_library() else {
            return;
        };
        assert_eq!(
            engines.open(Device::Cpu, probe.source(), &cancel).err(),
            Some(Error::Cancelled)
        );
    }

    #[test]
    fn a_device_without_a_library_is_unavailable() {
        let error = Engines::embedded_only()
            .open(Device::Cuda, Probe::built_in().source(), &Cancel::new())
            .err()
            .unwrap();
        assert!(error.is_unavailable());
        assert_eq!(
            error.to_string(),
            "the device cuda does not work here: no library of ONNX Runtime is installed"
        );
    }

    #[test]
    fn a_file_that_is_no_library_is_refused_and_the_search_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libonnxruntime.so");
        std::fs::write(&path, b"text").unwrap();
        let candidate = |path: PathBuf| Candidate {
            path,
            origin: Origin::Setting,
        };
        let found = SearchResult {
            libraries: vec![candidate(path), candidate(folder.path().join("absent.so"))],
            ..SearchResult::default()
        };
        let engines = Engines::discover(&found, 0);
        assert!(engines.library().is_none());
        assert_eq!(engines.refused().len(), 2);
        let folder_name = folder.path().to_string_lossy().into_owned();
        assert!(
            engines
                .refused()
                .iter()
                .all(|refused| !refused.reason.contains(&folder_name))
        );
    }
}
