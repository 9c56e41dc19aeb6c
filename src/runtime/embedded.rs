//! The embedded engine: `rten`, pure Rust, on the processor, always available.
//!
//! It has its own thread pool with one thread per physical core and cannot be interrupted inside a run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rten::{Dimension, NodeId, ValueOrView};
use rten_tensor::TensorView;
use rten_tensor::prelude::*;

use super::error::{without_path, without_paths};
use super::session::{Availability, Engine};
use super::{Device, Error, Model, Session, SessionOptions};
use crate::domain::{EngineUsed, Tensor, Unavailable};
use crate::progress::Cancel;

/// Name of the engine in results.
pub const ENGINE: &str = "rten";
/// Version of the engine.
pub const VERSION: &str = "0.27";

/// The embedded engine, which has one device.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded;

impl Engine for Embedded {
    fn open(
        &self,
        how: SessionOptions,
        _: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        open(model, how.optimised, cancel)
    }

    fn presence(&self, device: Device) -> Availability {
        match device {
            Device::Embedded => Availability::Present,
            _ => Availability::Absent(Unavailable::NotBuiltIn),
        }
    }
}

fn open(model: Model<'_>, optimised: bool, cancel: &Cancel) -> Result<Box<dyn Session>, Error> {
    cancel.check()?;
    let file = model.file().unwrap_or(Path::new(""));
    let mut options = rten::ModelOptions::with_all_ops();
    options.enable_optimization(optimised);
    let loaded = guarded(|| match model {
        Model::Bytes(bytes) => options.load(bytes.to_vec()),
        Model::File(path) | Model::Optimised { file: path, .. } => options.load_file(path),
    })?;
    let model = loaded.map_err(|error| Error::Model(without_path(&error.to_string(), file)))?;
    cancel.check()?;
    let used = EngineUsed {
        engine: ENGINE.to_owned(),
        provider: "embedded".to_owned(),
        version: VERSION.to_owned(),
    };
    Ok(Box::new(EmbeddedSession { model, used }))
}

struct EmbeddedSession {
    model: rten::Model,
    used: EngineUsed,
}

impl EmbeddedSession {
    /// Sizes fixed by the model must match; named sizes, such as the batch, are free.
    fn check_shape(&self, id: NodeId, name: &str, shape: &[usize]) -> Result<(), Error> {
        let Some(desired) = self.model.node_info(id).and_then(|info| info.shape()) else {
            return Ok(());
        };
        let fits = |(desired, size): (&Dimension, &usize)| match desired {
            Dimension::Fixed(fixed) => fixed == size,
            Dimension::Symbolic(_) => true,
        };
        if desired.len() == shape.len() && desired.iter().zip(shape).all(fits) {
            return Ok(());
        }
        Err(Error::Input(format!(
            "{name} has the shape {shape:?}, which the model does not accept"
        )))
    }
}

impl Session for EmbeddedSession {
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, Error> {
        cancel.check()?;
        let mut values: Vec<(NodeId, ValueOrView<'_>)> = Vec::with_capacity(inputs.len());
        for (name, tensor) in inputs {
            let id = self
                .model
                .find_node(name)
                .filter(|id| self.model.input_ids().contains(id));
            let id = id.ok_or_else(|| Error::Input(format!("there is no input named {name}")))?;
            self.check_shape(id, name, &tensor.shape)?;
            let view = TensorView::try_from_data(tensor.shape.as_slice(), tensor.values.as_slice())
                .map_err(|error| Error::Input(error.to_string()))?;
            values.push((id, view.into()));
        }
        let ids: Vec<NodeId> = outputs
            .iter()
            .map(|name| {
                self.model
                    .find_node(name)
                    .ok_or_else(|| Error::NoOutput((*name).to_owned()))
            })
            .collect::<Result<_, _>>()?;
        let found = guarded(|| self.model.run(values, &ids, None))?;
        cancel.check()?;
        let found = found.map_err(|error| Error::Run(without_paths(&error.to_string())))?;
        found
            .into_iter()
            .zip(outputs)
            .map(|(value, name)| {
                let tensor = value
                    .into_tensor::<f32>()
                    .ok_or_else(|| Error::Run(format!("the output {name} is not float32")))?;
                let shape = tensor.shape().to_vec();
                // Moved, not copied: a feature map may take most of the memory. The engine reuses buffers of larger
                // tensors, so the spare capacity is released for callers that keep only a few values.
                let mut values = tensor.into_data();
                values.shrink_to_fit();
                Tensor::new(shape, values).ok_or_else(|| {
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

/// An untrusted model may make the engine panic; the model is then refused and the application goes on.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Error::Model("the embedded engine panicked".to_owned()))
}
