//! Why a model could not be imported.

use super::{FileKind, Open};
use crate::domain::foreign::{escaped, shown};
use crate::domain::listed::{Part, listed, listed_parts};
use crate::domain::{Lang, Refusal, Remedy, SystemFailure};
use crate::graph;
use crate::numeric::gigabytes;
use crate::progress::Cancelled;

/// A layer that Gantei does not support, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedLayer {
    /// Name in the file; `outer/inner` inside a nested model.
    pub layer: String,
    pub class: String,
    pub reason: String,
    pub remedy: Remedy,
}

/// Why a file could not be imported.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    /// A file that the model needs is not among its files.
    #[error("the file {}, which belongs to this model, is missing", shown(name))]
    MissingFile { name: String },
    /// One of the model's files is a link, which is not followed.
    #[error("{} is a link to another file, which is not followed", shown(name))]
    Link { name: String },
    /// One of the model's files is something else.
    #[error("{}, which belongs to this model, is something else ({})", shown(name), .kind.as_str())]
    Part { name: String, kind: FileKind },
    /// The system refused to read one of the model's files.
    #[error("{} could not be read: {}", shown(name), unread(*.why))]
    Unreadable { name: String, why: SystemFailure },
    /// Not a model that can be opened; the sentences for each kind of file are in `text::failures`.
    #[error("no model that can be opened ({})", .0.as_str())]
    NotAModel(FileKind),
    /// A network with several inputs, or an input that is no picture; their names.
    #[error("the network needs more than one photograph: its inputs are {}", several(.0))]
    Inputs(Vec<String>),
    /// A network with several outputs; their names.
    #[error("the network has several outputs: {}", several(.0))]
    Outputs(Vec<String>),
    /// The same of an ONNX file.
    #[error("the network has several outputs: {}", several(.0))]
    OutputsOfOnnx(Vec<String>),
    /// More than one model, or more than one configuration of its network, is meant by what the user named; their names.
    #[error("there is more than one choice: {}", several(.0))]
    Several(Vec<String>),
    /// The stated pooling contradicts the shape of the weights.
    #[error("the first dense layer of this weights-only file determines another pooling")]
    PoolingStated,
    /// Bytes are missing or were changed.
    #[error("the file is damaged: {}", escaped(.0))]
    Malformed(String),
    /// The file can be read, but what it holds contradicts itself or is not as Keras or ONNX writes it.
    #[error("the contents of the file are not as expected: {}", escaped(.0))]
    Invalid(String),
    /// All layers that are not supported.
    #[error("layers that are not supported: {}", unsupported_layers(.0, Lang::En))]
    Unsupported(Vec<UnsupportedLayer>),
    /// Weights of another shape than the configuration of their network states.
    #[error(
        "the weights and the configuration are of different networks: the layer {layer} has {setting} = {weights} in the weights and {setting} = {configuration} in the configuration"
    )]
    Mismatch {
        /// Name in the configuration; `outer/inner` inside a nested model.
        layer: String,
        /// As Keras calls it: `filters`.
        setting: &'static str,
        weights: String,
        configuration: String,
    },
    /// Weights that are NaN or infinite, or become infinite when a batch norm is folded into them.
    #[error("the layer {} has weights that are not finite numbers", shown(layer))]
    NotFinite {
        /// Name in the file; `outer/inner` inside a nested model.
        layer: String,
    },
    /// A size exceeds the limits.
    #[error("the file exceeds the limits: {}", escaped(.0))]
    Limit(String),
    /// A file has more bytes than the limit.
    #[error("{} is too large: more than {limit} bytes", shown(name))]
    TooLarge { name: String, limit: u64 },
    /// The files that hold the weights have more bytes together than the limit.
    #[error("the files of the model are too large: more than {limit} bytes together")]
    FilesTooLarge { limit: u64 },
    /// The entries of an archive have more bytes than are unpacked from one of its size.
    #[error("the archive is too large: more than {limit} bytes when it is unpacked")]
    ArchiveTooLarge { limit: u64 },
    /// The model's folder holds more files than the limit.
    #[error("the folder of the model holds more than {limit} files")]
    TooManyFiles { limit: usize },
    /// The model's folder holds more JSON files that may belong to it than the limit.
    #[error("the folder of the model holds more than {limit} JSON files that may belong to it")]
    TooManyTexts { limit: usize },
    /// Not enough memory for this many bytes of weights.
    #[error("there is not enough memory for {} of weights", gigabytes(*.bytes))]
    Memory { bytes: u64 },
    /// The model accepts images of any size.
    #[error("the file does not state the input size; give height and width")]
    SizeNeeded,
    /// A weights-only file, which leaves settings open that only the user knows.
    #[error("the file holds only weights and does not state: {}", .0.missing.join(", "))]
    Open(Box<Open>),
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    pub(super) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    pub(super) fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid(what.into())
    }

    /// A single layer; its names come from the file and are shortened like all foreign text.
    pub(super) fn unsupported(layer: &str, class: &str, why: impl Into<Refusal>) -> Self {
        let Refusal { reason, remedy } = why.into();
        Self::Unsupported(vec![UnsupportedLayer {
            layer: shown(layer),
            class: shown(class),
            reason,
            remedy,
        }])
    }

    /// Whether another file of the model could be read in place of this one: false if the user stopped, or no more may
    /// be read.
    pub(super) fn is_about_the_file(&self) -> bool {
        !matches!(
            self,
            Self::Cancelled | Self::Memory { .. } | Self::ArchiveTooLarge { .. }
        )
    }

    /// A file with more bytes than the limit.
    pub fn too_large(name: &str, limit: u64) -> Self {
        Self::TooLarge {
            name: name.to_owned(),
            limit,
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<graph::Error> for Error {
    fn from(error: graph::Error) -> Self {
        match error {
            graph::Error::Limit(what) => Self::Limit(what),
            graph::Error::Damaged(what) => Self::malformed(what),
            other => Self::Invalid(other.to_string()),
        }
    }
}

fn unread(why: SystemFailure) -> &'static str {
    match why {
        SystemFailure::Missing => "there is no such file",
        SystemFailure::Forbidden => "permission denied",
        SystemFailure::NoMemory => "there is not enough memory for it",
        SystemFailure::IsFolder => "it is a folder",
        SystemFailure::IsStream => "it is a pipe or a device, not a file",
        SystemFailure::ReadOnly
        | SystemFailure::Name
        | SystemFailure::InTheWay
        | SystemFailure::Full
        | SystemFailure::Quota
        | SystemFailure::Other => "a system error occurred",
    }
}

/// Names in a sentence.
fn several(names: &[String]) -> String {
    listed(names, Lang::En)
}

/// The reason for a class of layer that Gantei does not compute at all.
pub(super) const UNSUPPORTED_CLASS: &str = "this class of layer is not supported";

/// Layers that are not supported, in a sentence.
pub fn unsupported_layers(layers: &[UnsupportedLayer], lang: Lang) -> String {
    let parts = layers.iter().map(|layer| Part {
        class: &layer.class,
        name: &layer.layer,
        // The sentence has said so already.
        reason: match layer.reason.as_str() {
            UNSUPPORTED_CLASS => "",
            reason => reason,
        },
    });
    listed_parts(parts, lang)
}
