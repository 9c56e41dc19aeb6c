//! Keras files become graphs: `.h5` of Keras 2 and Keras 3 with the full model inside.
//!
//! A small compiler: [`archive`](self) walks the file under limits, the configuration becomes typed layers, and lowering
//! turns layers and weights into nodes of a [`Graph`]. Channels-last becomes channels-first there and nowhere else.
//! Weights are found by name, never by order. Nothing in the file is executed.

mod archive;
mod config;
mod layer;
mod lower;
mod recognise;
mod settings;
mod weights;

use std::fmt;

use crate::clinic::Head;
use crate::graph::{self, Graph};
use crate::progress::{Cancel, Cancelled, Progress};

use archive::Archive;
use weights::Weights;

/// What kind of file was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `.h5` with architecture and weights.
    Full,
    /// `.h5` or `.weights.h5` with weights alone.
    WeightsOnly,
    /// `.keras`.
    KerasZip,
    Onnx,
}

impl Form {
    /// The word used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::WeightsOnly => "weights-only",
            Self::KerasZip => "keras-zip",
            Self::Onnx => "onnx",
        }
    }
}

/// A layer that Gantei does not compute, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedLayer {
    /// Name in the file; `outer/inner` inside a nested model.
    pub layer: String,
    pub class: String,
    pub reason: String,
}

impl fmt::Display for UnsupportedLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.layer, self.class, self.reason)
    }
}

/// Why a file could not be imported.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Not a model file at all.
    #[error("not a Keras model; give the .h5 file that model.save wrote")]
    NotAModel,
    /// A model in a form that is not opened.
    #[error("this file is {what}; {advice}")]
    Form {
        what: &'static str,
        advice: &'static str,
    },
    /// Damaged, or not as Keras writes it.
    #[error("the file is damaged or not as Keras writes it: {0}")]
    Malformed(String),
    /// Layers that are not computed, all of them.
    #[error("layers that are not supported: {}", list(.0))]
    Unsupported(Vec<UnsupportedLayer>),
    /// A size beyond any model that is meant.
    #[error("the file is beyond the limits: {0}")]
    Limit(String),
    /// The model takes pictures of any size.
    #[error("the file does not say the input size; give height and width")]
    SizeNeeded,
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
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
            other => Self::Malformed(other.to_string()),
        }
    }
}

fn list(layers: &[UnsupportedLayer]) -> String {
    layers
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The last feature map: the input of the last global average pooling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureMap {
    /// Name of the layer that gives it.
    pub layer: String,
    /// Channels, height, width.
    pub size: [usize; 3],
}

/// A model that was read, and everything the file tells about it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Input `x`; outputs `output`, `logit` and, when there is a last feature map, `features`.
    pub graph: Graph,
    pub form: Form,
    /// Recognised from the kernels, such as `MobileNet` or `EfficientNetB7`; `None` for a variant.
    pub architecture: Option<String>,
    /// Numbers in the weights, as `count_params` counts them.
    pub parameters: u64,
    pub keras_version: Option<String>,
    /// Height, width.
    pub input_size: [u32; 2],
    pub head: Head,
    /// Length of the output.
    pub units: usize,
    /// Preprocessing inside the network, as `layer (class)`, in order.
    pub preprocessing_layers: Vec<String>,
    /// `None` when the network has no global average pooling; Grad-CAM needs one.
    pub last_feature_map: Option<FeatureMap>,
}

/// What the file may leave open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Height and width, for a model that takes any.
    pub input_size: Option<[u32; 2]>,
}

/// Imports a model from the bytes of its file. The bytes are copied; [`import_owned`] avoids that.
///
/// # Errors
/// [`Error::Unsupported`] lists every layer that is not computed. A file in another form than a full `.h5` is
/// [`Error::Form`], with advice.
pub fn import(bytes: &[u8], cancel: &Cancel, progress: &Progress) -> Result<Imported, Error> {
    refuse_other_forms(bytes)?;
    import_owned(bytes.to_vec(), Options::default(), cancel, progress)
}

/// Imports a model from bytes that are given away (a `Vec<u8>`, an `Arc<[u8]>`, a memory map).
///
/// # Errors
/// As [`import`]; [`Error::SizeNeeded`] when neither the file nor the options say the input size.
pub fn import_owned<B>(
    bytes: B,
    options: Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error>
where
    B: AsRef<[u8]> + Send + Sync + 'static,
{
    refuse_other_forms(bytes.as_ref())?;
    progress.start("read", 0);
    let archive = Archive::open(bytes)?;
    let root = archive.group("")?;
    let Some(text) = root.text("model_config")? else {
        return Err(
            if root.has("layer_names") || root.has("layer_names0") || root.has_group("layers") {
                Error::Form {
                    what: "a file of weights without the network",
                    advice: "save the whole model with model.save and open that file",
                }
            } else {
                Error::NotAModel
            },
        );
    };
    let keras_version = root.text("keras_version")?;
    let network = config::parse(&text)?;
    drop(text);
    cancel.check()?;
    let weights = Weights::index(&archive, cancel)?;
    let architecture = recognise::architecture(weights.kernel_shapes());
    let parameters = weights.parameters();
    let lowered = lower::lower(
        &network,
        &weights,
        options.input_size,
        architecture.as_deref(),
        cancel,
        progress,
    )?;
    Ok(Imported {
        graph: lowered.graph,
        form: Form::Full,
        architecture,
        parameters,
        keras_version,
        input_size: lowered.input_size,
        head: lowered.head,
        units: lowered.units,
        preprocessing_layers: lowered.preprocessing_layers,
        last_feature_map: lowered.last_feature_map,
    })
}

fn refuse_other_forms(bytes: &[u8]) -> Result<(), Error> {
    if archive::looks_like_hdf5(bytes) {
        return Ok(());
    }
    Err(if bytes.starts_with(b"PK\x03\x04") {
        Error::Form {
            what: "a .keras archive or another zip file",
            advice: "save the model once more with model.save(\"model.h5\") and open that file",
        }
    } else if graph::onnx::looks_like_onnx(bytes) {
        Error::Form {
            what: "an ONNX model",
            advice: "open the Keras file that it was made from",
        }
    } else if bytes.starts_with(&[0x08, 0x01, 0x12]) {
        Error::Form {
            what: "part of a SavedModel folder",
            advice: "load it with Keras, save it with model.save(\"model.h5\") and open that file",
        }
    } else {
        Error::NotAModel
    })
}
