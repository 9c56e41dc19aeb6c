//! The engine interface, and a model opened on an engine.

use std::path::Path;

use super::{Device, Error};
use crate::domain::{EngineUsed, Tensor, Unavailable};
use crate::progress::Cancel;

/// The source of an ONNX model. A path saves the memory of a copy.
#[derive(Clone, Copy, Debug)]
pub enum Model<'a> {
    Bytes(&'a [u8]),
    File(&'a Path),
    /// A file, and the graph that [`Engine::write_optimised`] wrote for it: opened instead of the file where ONNX Runtime
    /// would optimise it for forward runs on the processor.
    Optimised {
        file: &'a Path,
        graph: &'a Path,
    },
}

impl<'a> Model<'a> {
    /// The model's file; `None` if it is in memory.
    pub fn file(self) -> Option<&'a Path> {
        match self {
            Self::Bytes(_) => None,
            Self::File(file) | Self::Optimised { file, .. } => Some(file),
        }
    }
}

/// What a session is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Forward runs, as fast as possible.
    Forward,
    /// Gradients, which hold the results of every layer at once: memory is released as soon as it is free, and there is
    /// no memory plan, which nearly doubled the peak.
    Gradient,
}

/// How a session is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    pub purpose: Purpose,
    /// Whether the engine may optimise the network.
    pub optimised: bool,
}

impl From<Purpose> for SessionOptions {
    fn from(purpose: Purpose) -> Self {
        Self {
            purpose,
            optimised: true,
        }
    }
}

/// Whether a device can be tried.
#[derive(Clone, Debug, PartialEq)]
pub enum Availability {
    Present,
    /// Nothing is installed for it.
    Absent(Unavailable),
    /// Something is installed for it and does not work.
    Broken(Unavailable),
}

/// Opens models: the embedded engine, or the loaded ONNX Runtime library.
pub trait Engine: Send + Sync {
    /// Opens a model on exactly this device.
    fn open(
        &self,
        how: SessionOptions,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error>;

    /// Whether this device can be tried, and if not, why.
    fn presence(&self, device: Device) -> Availability;

    /// Opens a model for forward runs on the processor and writes the optimised network to `graph`, with its weights in a
    /// file beside it, for [`Model::Optimised`]. It is valid for this version of the engine and this kind of processor.
    ///
    /// # Errors
    /// Those of [`Self::open`], of writing, and of an engine that cannot do it.
    fn write_optimised(
        &self,
        _file: &Path,
        _graph: &Path,
        _cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        Err(Error::Device {
            device: Device::Cpu,
            reason: Unavailable::NotOfOnnxRuntime,
        })
    }
}

/// An opened model. A run needs exclusive access; a session may move between threads.
pub trait Session: Send {
    /// Runs the model once. `inputs` are named float32 tensors (images in NCHW order, any batch that the model allows);
    /// the outputs named in `outputs` are returned in that order.
    ///
    /// ONNX Runtime stops within milliseconds after `cancel` is raised. The embedded engine cannot be stopped inside a
    /// run: it checks `cancel` before and after it.
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, Error>;

    /// The engine and execution provider that run the nodes of this model.
    fn used(&self) -> &EngineUsed;
}
