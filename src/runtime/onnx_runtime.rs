//! ONNX Runtime: the library loaded once, sessions pinned to one device, and the record of what actually got the nodes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ort::ErrorCode;
use ort::environment::Environment;
use ort::memory::DeviceType;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{RunOptions, Session as OrtSession};
use ort::value::TensorRef;

use super::error::{is_about_memory, without_path, without_paths};
use super::search::Candidate;
use super::session::{Availability, Engine};
use super::{
    Device, Error, Model, Purpose, Session, SessionOptions, assignment, providers, search,
    usage_reports,
};
use crate::domain::{EngineUsed, Tensor, Unavailable};
use crate::progress::Cancel;

/// Name of the engine in results.
pub const ENGINE: &str = "onnxruntime";

/// Session option that disables optimisers, and the one that changes what a network computes: up to 1.31 it fuses zero
/// padding into the max pooling that follows, which pads with minus infinity.
const DISABLED: &str = "optimization.disable_specified_optimizers";
const PAD_FUSION: &str = "Pad_Fusion";

/// Session option that names the file of the weights of a written graph, and that name: a system maps the file into
/// memory when the graph is opened, instead of copying it.
const WEIGHTS_FILE: &str = "session.optimized_model_external_initializers_file_name";
const WEIGHTS: &str = "weights.bin";

/// Session option that limits how long a thread spins, in microseconds.
const SPINNING_LIMIT: &str = "session.intra_op.spin_duration_us";

/// Number of input values at which a run counts as large: about 420 × 420 pixels.
const LARGE_INPUT: usize = 512 * 1024;

/// The loaded library.
pub struct OnnxRuntime {
    environment: Environment,
    /// Version of the library, such as `1.31.1`.
    pub version: String,
    plugins: Vec<Candidate>,
    /// The result of registering each device's plug-in; each is registered once.
    registered: Mutex<HashMap<Device, Result<(), String>>>,
    threads: usize,
}

/// The library loaded by this process. ONNX Runtime itself is global: a second one cannot be loaded, and requesting it
/// would silently yield the first. Loading goes through this lock, so that the reported path is the one in use. What is
/// loaded is kept to the end, since it could not be loaded again; `None` if its start failed.
static LOADED: Mutex<Option<(PathBuf, Option<Arc<OnnxRuntime>>)>> = Mutex::new(None);

/// Loads the library, or shares it if this process has already loaded it. After an error the next candidate can be
/// tried.
pub fn load(
    path: &Path,
    plugins: &[Candidate],
    threads: usize,
) -> Result<Arc<OnnxRuntime>, String> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, runtime)) = loaded.as_ref() {
        let shared = runtime.clone().filter(|_| known == path);
        return shared.ok_or_else(|| {
            "another library is already loaded; restart the application to change it".to_owned()
        });
    }
    usage_reports::check_forbidden()?;
    let builder = ort::init_from(path).map_err(|error| match error {
        ort::LoadDynamicError::BadVersion { version_str, .. } => {
            format!(
                "version {version_str} is too old; 1.{} or newer is needed",
                ort::MINOR_VERSION
            )
        }
        ort::LoadDynamicError::MissingApi { .. } => {
            "the file is not an ONNX Runtime library".to_owned()
        }
        other => without_path(&other.to_string(), path),
    })?;
    // From here on the library stays loaded, whatever follows.
    *loaded = Some((path.to_path_buf(), None));
    let environment = builder.with_name("gantei").with_telemetry(false).build();
    let environment = environment.map_err(|error| without_path(&error.to_string(), path))?;
    // Problems are returned as errors; the library need not print them to the terminal as well.
    environment.set_log_level(ort::logging::LogLevel::Fatal);
    let version =
        assignment::library_version(&environment).unwrap_or_else(|| version_from_name(path));
    let runtime = Arc::new(OnnxRuntime {
        environment,
        version,
        plugins: plugins.to_vec(),
        registered: Mutex::default(),
        threads,
    });
    *loaded = Some((path.to_path_buf(), Some(Arc::clone(&runtime))));
    Ok(runtime)
}

impl Engine for OnnxRuntime {
    fn presence(&self, device: Device) -> Availability {
        let Some(name) = device.provider_name() else {
            return Availability::Absent(Unavailable::NotOfOnnxRuntime);
        };
        if self.offers(name) {
            return Availability::Present;
        }
        match self.register_plugin(device) {
            Some(Err(reason)) => Availability::Broken(Unavailable::PlugInRefused(reason)),
            Some(Ok(())) if !self.offers(name) => Availability::Broken(Unavailable::NoDevice),
            Some(Ok(())) => Availability::Present,
            None if providers::is_compiled_in(device) => Availability::Present,
            None => Availability::Absent(Unavailable::NotBuiltIn),
        }
    }

    fn open(
        &self,
        how: SessionOptions,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        cancel.check()?;
        if let Availability::Absent(reason) | Availability::Broken(reason) = self.presence(device) {
            return Err(Error::Device { device, reason });
        }
        let unavailable = |reason: String| Error::Device {
            device,
            reason: Unavailable::Engine(reason),
        };
        let fits = how == Purpose::Forward.into() && device == Device::Cpu;
        let model = match model {
            Model::Optimised { file, .. } if !fits => Model::File(file),
            other => other,
        };
        let level = match model {
            Model::Optimised { .. } => GraphOptimizationLevel::Disable,
            _ if how.optimised => GraphOptimizationLevel::All,
            _ => GraphOptimizationLevel::Disable,
        };
        let builder = self.builder(how, device, level).map_err(unavailable)?;
        self.session(builder, how, device, model, cancel)
    }

    fn write_optimised(
        &self,
        file: &Path,
        graph: &Path,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        cancel.check()?;
        let (how, device) = (Purpose::Forward.into(), Device::Cpu);
        let builder = self
            .builder(how, device, GraphOptimizationLevel::All)
            .and_then(|builder| plain(builder.with_optimized_model_path(graph)))
            .and_then(|builder| plain(builder.with_config_entry(WEIGHTS_FILE, WEIGHTS)))
            .map_err(Error::Model)?;
        self.session(builder, how, device, Model::File(file), cancel)
    }
}

impl OnnxRuntime {
    /// Opens a model with the options of `builder`.
    fn session(
        &self,
        mut builder: SessionBuilder,
        how: SessionOptions,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        let canceller = builder.canceler();
        let hook = cancel.on_cancel(move || drop(canceller.cancel()));
        let opened = match model {
            Model::Bytes(bytes) => builder.commit_from_memory(bytes),
            Model::File(path) | Model::Optimised { graph: path, .. } => {
                builder.commit_from_file(path)
            }
        };
        drop(hook);
        cancel.check()?;
        let file = model.file().unwrap_or(Path::new(""));
        let session = opened.map_err(|error| refusal(device, &error, file))?;
        let nodes = assignment::nodes_per_provider(&session).map_err(|error| Error::Device {
            device,
            reason: Unavailable::Engine(without_paths(&error.to_string())),
        })?;
        let provider = stated_provider(device, &nodes)?;
        let used = EngineUsed {
            engine: ENGINE.to_owned(),
            provider,
            version: self.version.clone(),
        };
        Ok(Box::new(OnnxSession {
            session,
            used,
            device,
            plans_memory: plans_memory(how, device),
            planned: None,
        }))
    }

    fn offers(&self, provider: &str) -> bool {
        self.environment
            .devices()
            .any(|device| device.ep().is_ok_and(|name| name == provider))
    }

    /// Registers the plug-in library of this device once; `None` if there is none.
    fn register_plugin(&self, device: Device) -> Option<Result<(), String>> {
        let mut registered = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = registered.get(&device) {
            return Some(known.clone());
        }
        let mut answer = None;
        for plugin in self
            .plugins
            .iter()
            .filter(|plugin| search::plugin_device(&plugin.path) == Some(device))
        {
            let outcome = self
                .environment
                .register_ep_library(device.as_str(), &plugin.path);
            let outcome = outcome.map_err(|error| without_path(&error.to_string(), &plugin.path));
            let done = outcome.is_ok();
            answer = Some(outcome);
            if done {
                break;
            }
        }
        if let Some(answer) = &answer {
            registered.insert(device, answer.clone());
        }
        answer
    }

    /// A builder with the device pinned; otherwise ONNX Runtime would choose a provider of its own.
    fn builder(
        &self,
        how: SessionOptions,
        device: Device,
        level: GraphOptimizationLevel,
    ) -> Result<SessionBuilder, String> {
        let builder = OrtSession::builder(&self.environment)
            .map_err(|error| without_paths(&error.to_string()))?;
        let builder = plain(builder.with_optimization_level(level))?;
        let builder = plain(builder.with_config_entry(DISABLED, PAD_FUSION))?;
        let builder = plain(builder.with_intra_threads(self.threads))?;
        // Denormals (below 1e-38) are tens of times slower on a processor and carry no information; networks with
        // randomised weights are full of them.
        let builder = plain(builder.with_config_entry("session.set_denormal_as_zero", "1"))?;
        let builder = plain(builder.with_log_level(ort::logging::LogLevel::Fatal))?;
        let builder =
            plain(builder.with_config_entry("session.record_ep_graph_assignment_info", "1"))?;
        // Threads that spin while they wait for work make a run of a small network a tenth faster. If they spun for
        // long, or after the run, they would take the processor from threads that decode and draw: that doubled both the
        // processor time and the duration of a run.
        let spins = limits_spinning(&self.version);
        let builder = plain(builder.with_intra_op_spinning(spins))?;
        let builder = plain(builder.with_config_entry(SPINNING_LIMIT, "20"))?;
        let builder = plain(builder.with_config_entry("session.force_spinning_stop", "1"))?;
        let builder = plain(builder.with_memory_pattern(plans_memory(how, device)))?;
        let name = device.provider_name().unwrap_or_default();
        let mut offered: Vec<_> = self
            .environment
            .devices()
            .filter(|offer| offer.ep().is_ok_and(|ep| ep == name))
            .filter(|offer| offer.hardware_device().ty() != DeviceType::NPU)
            .collect();
        offered.sort_by_key(|offer| offer.hardware_device().ty() != DeviceType::GPU);
        offered.truncate(1);
        if offered.is_empty() {
            let registration =
                providers::registration(device).ok_or("it is not an ONNX Runtime device")?;
            plain(builder.with_execution_providers([registration]))
        } else {
            plain(builder.with_devices(offered, Some(&providers::device_options(device))))
        }
    }
}

struct OnnxSession {
    session: OrtSession,
    used: EngineUsed,
    device: Device,
    /// Whether ONNX Runtime plans the memory of a run after the first with these shapes.
    plans_memory: bool,
    /// The shapes of the inputs of the last run, if its memory is planned.
    planned: Option<Vec<Vec<usize>>>,
}

impl Session for OnnxSession {
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, Error> {
        cancel.check()?;
        for desired in outputs {
            if self
                .session
                .outputs()
                .iter()
                .all(|output| output.name() != *desired)
            {
                return Err(Error::NoOutput((*desired).to_owned()));
            }
        }
        let mut values = Vec::with_capacity(inputs.len());
        for (name, tensor) in inputs {
            if self
                .session
                .inputs()
                .iter()
                .all(|input| input.name() != *name)
            {
                return Err(Error::Input(format!("there is no input named {name}")));
            }
            let value =
                TensorRef::from_array_view((tensor.shape.clone(), tensor.values.as_slice()));
            let value = value.map_err(|error| Error::Input(without_paths(&error.to_string())))?;
            values.push(((*name).to_owned(), value));
        }
        let mut options = RunOptions::new().map_err(|error| failure(&error))?;
        let shapes: Vec<Vec<usize>> = inputs.iter().map(|(_, t)| t.shape.clone()).collect();
        let numbers: usize = inputs.iter().map(|(_, tensor)| tensor.values.len()).sum();
        let is_planned = self.planned.as_ref() == Some(&shapes);
        if self.device == Device::Cpu && numbers > LARGE_INPUT && !is_planned {
            // Returns the working memory of a large network after the run: a fifth of the peak with EfficientNet-B7. Once
            // the memory of a run is planned it is reused; returning it every time would cost a tenth of a pass. With
            // small networks it would only add to the memory.
            options
                .set("memory.enable_memory_arena_shrinkage", "cpu:0")
                .map_err(|error| failure(&error))?;
        }
        // The terminate flag is permanent, so every run has its own options.
        let options = Arc::new(options);
        let stop = Arc::clone(&options);
        let hook = cancel.on_cancel(move || drop(stop.terminate()));
        let found = self.session.run_with_options(values, &*options);
        drop(hook);
        cancel.check()?;
        let found = found.map_err(|error| failure(&error))?;
        self.planned = self.plans_memory.then_some(shapes);
        outputs
            .iter()
            .map(|name| {
                let value = found
                    .get(name)
                    .ok_or_else(|| Error::NoOutput((*name).to_owned()))?;
                let (shape, values) = value
                    .try_extract_tensor::<f32>()
                    .map_err(|error| failure(&error))?;
                let shape: Option<Vec<usize>> = shape
                    .iter()
                    .map(|&size| usize::try_from(size).ok())
                    .collect();
                let mut copied = Vec::new();
                copied
                    .try_reserve_exact(values.len())
                    .map_err(|error| Error::Memory(error.to_string()))?;
                copied.extend_from_slice(values);
                shape
                    .and_then(|shape| Tensor::new(shape, copied))
                    .ok_or_else(|| {
                        Error::Run(format!(
                            "the output {name} has a shape that does not match its values"
                        ))
                    })
            })
            .collect()
    }

    fn used(&self) -> &EngineUsed {
        &self.used
    }
}

/// The builder's errors carry the builder along; this drops it.
fn plain<T, R>(result: Result<T, ort::Error<R>>) -> Result<T, String> {
    result.map_err(|error| without_paths(error.message()))
}

/// The provider reported in a result: one provider by its name, several with their shares of the nodes.
fn stated_provider(
    device: Device,
    nodes: &std::collections::BTreeMap<String, usize>,
) -> Result<String, Error> {
    let name = device.provider_name().unwrap_or_default();
    let total: usize = nodes.values().sum();
    let own = nodes.get(name).copied().unwrap_or_default();
    if device == Device::Cpu && total == 0 || own > 0 && own == total {
        return Ok(name.to_owned());
    }
    if own == 0 {
        let reason = Unavailable::NoPart;
        return Err(Error::Device { device, reason });
    }
    let others = nodes.iter().filter(|(other, _)| *other != name);
    let (mut names, mut counts) = (name.to_owned(), own.to_string());
    for (other, count) in others {
        names = format!("{names}+{other}");
        counts = format!("{counts}+{count}");
    }
    Ok(format!("{names} ({counts} nodes)"))
}

/// The error for a model that cannot be opened: the model's fault, missing memory, or the device's fault.
fn refusal(device: Device, error: &ort::Error, file: &Path) -> Error {
    let reason = without_path(error.message(), file);
    let of_model = matches!(
        error.code(),
        ErrorCode::InvalidProtobuf
            | ErrorCode::InvalidGraph
            | ErrorCode::NoModel
            | ErrorCode::NoSuchFile
    );
    if is_about_memory(&reason) {
        Error::Memory(reason)
    } else if of_model || device == Device::Cpu {
        Error::Model(reason)
    } else {
        Error::Device {
            device,
            reason: Unavailable::Engine(reason),
        }
    }
}

fn failure(error: &ort::Error) -> Error {
    let reason = without_paths(error.message());
    match error.code() {
        _ if is_about_memory(&reason) => Error::Memory(reason),
        ErrorCode::InvalidArgument => Error::Input(reason),
        _ => Error::Run(reason),
    }
}

/// DirectML works only without memory patterns.
fn plans_memory(how: SessionOptions, device: Device) -> bool {
    how.purpose == Purpose::Forward && device != Device::DirectMl
}

/// Whether this version of the library knows [`SPINNING_LIMIT`]: 1.31 does, 1.24 does not.
fn limits_spinning(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let (major, minor) = (numbers.next(), numbers.next());
    matches!((major, minor), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= (1, 31))
}

/// Version from a name such as `libonnxruntime.so.1.31.1`; `unknown` if the name has none.
fn version_from_name(path: &Path) -> String {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let version = name.trim_matches(|c: char| !c.is_ascii_digit());
    let numeric = !version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || c == '.');
    if numeric {
        version.to_owned()
    } else {
        "unknown".to_owned()
    }
}

/// A session on the processor with every optimiser of the library, to test what the disabled ones do.
#[cfg(test)]
pub(super) fn without_disabled_optimisers(
    runtime: &OnnxRuntime,
    model: &[u8],
) -> Result<Box<dyn Session>, Error> {
    let device = Device::Cpu;
    let builder = runtime.builder(Purpose::Forward.into(), device, GraphOptimizationLevel::All);
    let mut builder = builder
        .and_then(|b| plain(b.with_config_entry(DISABLED, "")))
        .map_err(Error::Run)?;
    let session = builder.commit_from_memory(model).map_err(|e| failure(&e))?;
    let used = EngineUsed {
        engine: ENGINE.to_owned(),
        provider: "CPUExecutionProvider".to_owned(),
        version: runtime.version.clone(),
    };
    Ok(Box::new(OnnxSession {
        session,
        used,
        device,
        plans_memory: true,
        planned: None,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::Probe;
    use super::super::tests::with_library;
    use super::*;

    fn nodes(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
        pairs
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    }

    #[test]
    fn the_stated_provider_is_the_one_with_the_nodes() {
        let cuda = "CUDAExecutionProvider";
        let cpu = "CPUExecutionProvider";
        assert_eq!(
            stated_provider(Device::Cuda, &nodes(&[(cuda, 58)])).unwrap(),
            cuda
        );
        assert_eq!(
            stated_provider(Device::Cuda, &nodes(&[(cuda, 46), (cpu, 12)])).unwrap(),
            "CUDAExecutionProvider+CPUExecutionProvider (46+12 nodes)"
        );
        assert!(stated_provider(Device::Cuda, &nodes(&[(cpu, 58)])).is_err());
        assert!(stated_provider(Device::OpenVino, &nodes(&[])).is_err());
        assert_eq!(stated_provider(Device::Cpu, &nodes(&[])).unwrap(), cpu);
    }

    #[test]
    fn threads_spin_only_where_the_library_limits_it() {
        for (version, spins) in [
            ("1.24.1", false),
            ("1.31.1", true),
            ("1.100", true),
            ("2.0.0", true),
            ("1", false),
            ("unknown", false),
        ] {
            assert_eq!(limits_spinning(version), spins, "{version}");
        }
    }

    #[test]
    fn versions_are_read_from_file_names() {
        assert_eq!(
            version_from_name(Path::new("/a/libonnxruntime.so.1.31.1")),
            "1.31.1"
        );
        assert_eq!(
            version_from_name(Path::new("/a/libonnxruntime.1.31.1.dylib")),
            "1.31.1"
        );
        assert_eq!(version_from_name(Path::new("onnxruntime.dll")), "unknown");
    }

    #[test]
    fn a_run_stops_soon_after_the_cancel_and_the_session_lives_on() {
        let Some(engines) = with_library() else {
            return;
        };
        let probe = Probe::built_in();
        let mut session = engines
            .open(Device::Cpu, probe.source(), &Cancel::new())
            .unwrap()
            .session;
        let count = 3000;
        let values = probe.input.1.values.repeat(count);
        let many = Tensor::new(vec![count, 3, 32, 32], values).unwrap();
        let inputs = [("image", &many)];
        // The run has begun once it waits for the flag. On a busy machine it may end before the other thread cancels it.
        let mut is_stopped = |_| {
            let cancel = Cancel::new();
            let (canceller, is_over) = (cancel.clone(), Arc::new(AtomicBool::new(false)));
            let over = Arc::clone(&is_over);
            let thread = std::thread::spawn(move || {
                while !canceller.has_hooks() && !over.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                canceller.cancel();
            });
            let stopped = session.run(&inputs, &["score"], &cancel);
            is_over.store(true, Ordering::SeqCst);
            thread.join().unwrap();
            stopped == Err(Error::Cancelled)
        };
        assert!((0..20).any(&mut is_stopped));
        assert!(probe.deviation(session.as_mut(), &Cancel::new()).unwrap() < 1e-5);
    }
}
