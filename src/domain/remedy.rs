//! What helps if a part of a model is not supported. The sentences are in `text::failures`.

/// The next step of a user whose model has a part that is not supported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, strum::VariantArray)]
pub enum Remedy {
    /// Replace the part or remove it.
    #[default]
    Replace,
    /// Save the model as ONNX, which states in operators what a class or function of Python computes.
    AsOnnx,
    /// Export it to ONNX with another operator set.
    OperatorSet,
    /// Export it to ONNX with an input of float32.
    Float32,
    /// Save it before its layers are quantised.
    Unquantised,
    /// Save it as `.keras`, which merges the weights of LoRA.
    MergedLora,
    /// Build it with the data format `channels_last`.
    ChannelsLast,
    /// Use a network that takes a colour picture.
    ColourPicture,
    /// Use a network that gives one answer, not a map.
    OneAnswer,
    /// Save its weights in the same folder.
    WeightsInFolder,
}

/// Why a part of a model is not supported, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// A clause about the part: "its padding is causal".
    pub reason: String,
    pub remedy: Remedy,
}

impl Remedy {
    /// A refusal that this remedies.
    pub fn of(self, reason: impl Into<String>) -> Refusal {
        Refusal {
            reason: reason.into(),
            remedy: self,
        }
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Remedy::Replace.of(reason)
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        Remedy::Replace.of(reason)
    }
}
