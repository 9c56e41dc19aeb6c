//! What an engine is, and a model that was opened on one.

use std::path::Path;

use super::{Device, Error};
use crate::domain::{EngineUsed, Tensor, Unavailable};
use crate::progress::Cancel;

/// Where an ONNX model comes from. A path saves the memory of a copy; it is handed in by whoever owns the files.
#[derive(Clone, Copy, Debug)]
pub enum Model<'a> {
    Bytes(&'a [u8]),
    File(&'a Path),
}

/// What a session is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Forward runs, as fast as they go.
    Forward,
    /// Gradients, which hold the results of every layer at once: memory is given back as soon as it is free, and no plan
    /// of all of it is laid out beforehand, which nearly doubled the peak.
    Gradient,
}

/// How a session is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    pub purpose: Purpose,
    /// Whether the engine may rearrange the network before it runs it.
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
    /// Nobody installed anything for it.
    Absent(Unavailable),
    /// Something was installed for it and does not work.
    Broken(Unavailable),
}

/// What opens models: the embedded engine, or the library of ONNX Runtime that was loaded.
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
}

/// An opened model. A run needs it exclusively; it may move between threads.
pub trait Session: Send {
    /// Runs the model once. `inputs` are named float32 tensors (pictures in NCHW order, any batch the model allows);
    /// the outputs named in `outputs` come back in that order.
    ///
    /// ONNX Runtime stops within milliseconds when `cancel` is raised. The embedded engine cannot be stopped inside a
    /// run: it looks at `cancel` before and after it.
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, Error>;

    /// Which engine and execution provider have the nodes of this model.
    fn used(&self) -> &EngineUsed;
}
