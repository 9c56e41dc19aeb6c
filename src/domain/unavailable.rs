//! Why a device does not work on this computer, or not for one model.

use serde::{Deserialize, Serialize};

use super::Deviation;
use super::deviation::number_or_infinite;

/// The reason. `Display` is the English text used in files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumCount, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Unavailable {
    #[error("no library of ONNX Runtime is installed")]
    NoLibrary,
    /// The message about the first library that was found.
    #[error("no usable library of ONNX Runtime was found ({0})")]
    NoUsableLibrary(String),
    #[error("it is not a device of ONNX Runtime")]
    NotOfOnnxRuntime,
    #[error("the ONNX Runtime library in use was built without it")]
    NotBuiltIn,
    /// The engine's message about its plug-in.
    #[error("its plug-in library was refused: {0}")]
    PlugInRefused(String),
    #[error("its plug-in library finds no device")]
    NoDevice,
    /// The engine ran no part of the model on it.
    #[error("ONNX Runtime gave it no part of the model")]
    NoPart,
    /// Deviation of its answer for the trial network; infinite if that is not a number.
    #[error("its answer deviates by {by:.1e}, above {allowed:.0e}")]
    OffReference {
        #[serde(deserialize_with = "number_or_infinite")]
        by: f64,
        allowed: f64,
    },
    /// Its answer for the current model.
    #[error("{}", .0.figure())]
    Deviates(Deviation),
    /// The engine's message.
    #[error("{0}")]
    Engine(String),
}
