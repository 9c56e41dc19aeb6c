//! Imports model files as graphs: `.h5` and `.keras` of Keras 2 and Keras 3, weights-only files, SavedModels and
//! checkpoints of TensorFlow, ONNX.
//!
//! A small compiler: `archive` and `zipped` read the file within limits; `config` and `settings` make typed layers
//! (`layer`, `kind`) of its configuration; `own` decides whether a class is Keras' own; `stored`, `weight_order` and
//! `weights` give each layer its weights; `agreement` compares their shapes with the configuration; `lower` converts both to nodes of a [`Graph`]. `plan` holds the networks of
//! weights-only files; `tensorflow` reads SavedModels and checkpoints, `onnx` ONNX. Channels-last becomes channels-first
//! there and nowhere else. Nothing is ignored: a file is rejected unless every layer is Keras' own in class, settings
//! and calls and every weight is read. A weights-only file gets the network that its kernels identify, from the plans of
//! the 16 known ones. Nothing in a file is executed.

mod agreement;
mod architecture;
mod archive;
mod config;
mod configuration;
mod error;
mod file_kind;
mod files;
mod groups;
mod kind;
mod layer;
mod layout;
mod limits;
mod lower;
mod models;
mod onnx;
mod operation;
mod own;
mod plan;
mod precision;
mod settings;
mod shards;
mod stored;
mod tensorflow;
mod unpack;
mod weight_order;
mod weights;
mod zipped;

use strum::IntoStaticStr;

use crate::domain::{Head, HeadNorm, HiddenActivation, Pooling};
use crate::graph::{self, Graph};
use crate::progress::{Cancel, Progress};

use archive::Archive;
use config::Network;
use weight_order::Generation;
use weights::{Source, Weights};

pub use architecture::Architecture;
pub use configuration::{TextFile, is_configuration, recognise as recognise_text};
pub use error::{Error, UnsupportedLayer, unsupported_layers};
pub use file_kind::FileKind;
pub use files::{Bytes, FilesInMemory, FilesWithin, ModelFiles};
pub use layout::{
    Candidate, ModelKind, SAVED_MODEL, candidates, checkpoint_of, configurations, has_archive,
    has_name_of_model, list_of_shard, takes_configuration, way_to_saved_model,
};
pub use limits::MAX_FILE_BYTES;
pub use models::{import_files, weights_of};
pub use precision::takes_whole_numbers;
pub use unpack::{looks_like_an_archive, unpack};
pub use zipped::looks_like_zip;

/// The form of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Form {
    /// `.h5` with architecture and weights.
    Full,
    /// `.h5` or `.weights.h5` with weights only.
    WeightsOnly,
    /// `.keras`.
    KerasZip,
    Onnx,
    /// HDF5 with weights only, and the configuration of their network in another file.
    ConfigAndWeights,
    /// Weights in several HDF5 files.
    Sharded,
    /// A folder that TensorFlow wrote.
    SavedModel,
    /// Weights that TensorFlow wrote, with or without the configuration of their model.
    Checkpoint,
}

impl Form {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What a weights-only file states, and what it leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub architecture: Option<Architecture>,
    /// Total number of parameters.
    pub parameters: u64,
    /// Those of `input_size`, `head`, `pooling`, `hidden_activation`, `head_norm`, `norm_epsilon` and
    /// `imagenet_rescaling` that must be given.
    pub missing: Vec<&'static str>,
}

/// The last feature map: see [`graph::last_feature_map`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureMap {
    /// Name of the layer that computes it.
    pub layer: String,
    /// Channels, height, width.
    pub size: [usize; 3],
}

/// An imported model, and everything the file states about it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Input `x`; outputs `output`, `logit` and, if there is a last feature map, `features`.
    pub graph: Graph,
    pub form: Form,
    /// Recognised from the kernels, such as `MobileNet` or `EfficientNetB7`; `None` for any other network.
    pub architecture: Option<String>,
    /// Number of parameters, as `count_params` of Keras counts them.
    pub parameters: u64,
    pub keras_version: Option<String>,
    /// The file that describes the network, if that is not the file of the weights.
    pub configuration: Option<String>,
    /// Height, width.
    pub input_size: [u32; 2],
    pub head: Head,
    /// True if the file ends in logits, and the last activation is that of the options.
    pub head_is_applied: bool,
    /// True if the network takes one channel: it is given the luminance of the colours.
    pub is_grey: bool,
    /// Length of the output.
    pub units: usize,
    /// Preprocessing inside the network, as `layer (class)`, in order.
    pub preprocessing_layers: Vec<String>,
    /// Layers that change pictures at random in training and do nothing here, as `layer (class)`.
    pub augmentation_layers: Vec<String>,
    /// `None` if the network computes no feature map, or none that can be laid over the input; class activation maps need
    /// one.
    pub last_feature_map: Option<FeatureMap>,
    /// The part of the input that the last feature map shows, after crops, borders, resizes and flips: left, top, right
    /// and bottom in pixels of the input, left beyond right or top beyond bottom if it is mirrored; `None` for the whole.
    pub view: Option<[f64; 4]>,
    /// Of a weights-only file: the pooling, if the shape of its weights or its groups determine it.
    pub pooling: Option<Pooling>,
    /// Precisions and policies other than float32 that the file states or in which it stores weights, such as
    /// `mixed_float16`: everything is computed in float32.
    pub precisions: Vec<String>,
    /// From `x` to the outputs [`graph::STEM`] of the first batch norms, whose channels have mean 0 and variance 1 for
    /// images prepared as in training; `None` if no convolution has a batch norm, and for ONNX.
    pub stem: Option<Graph>,
}

/// Settings that the file may leave open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Height and width, for a model that accepts any.
    pub input_size: Option<[u32; 2]>,
    /// For a weights-only file whose network is not recognised.
    pub architecture: Option<Architecture>,
    /// The last activation, for a weights-only file and for a network that ends in logits.
    pub head: Option<Head>,
    /// The output to use of a network that has several.
    pub output: Option<String>,
    /// For a weights-only file: the activation of dense layers before the last.
    pub hidden_activation: Option<HiddenActivation>,
    /// For a weights-only file: how the last feature map becomes a vector.
    pub pooling: Option<Pooling>,
    /// The pooling if neither the file nor `pooling` determines it.
    pub usual_pooling: Option<Pooling>,
    /// For a weights-only file with a batch norm after a hidden dense layer.
    pub head_norm: Option<HeadNorm>,
    /// For a weights-only file with a batch norm in its head: the norm's epsilon.
    pub norm_epsilon: Option<f64>,
    /// For a weights-only EfficientNet: whether its preprocessing ends with the rescaling that Keras adds with ImageNet
    /// weights.
    pub imagenet_rescaling: Option<bool>,
}

impl Options {
    /// Whether they describe the network of a weights-only file, so that no configuration next to it is needed.
    fn describe_the_network(&self) -> bool {
        self.architecture.is_some()
            || self.hidden_activation.is_some()
            || self.pooling.is_some()
            || self.head_norm.is_some()
            || self.imagenet_rescaling.is_some()
    }
}

/// Imports a model from the bytes of its file. The bytes are copied; [`import_owned`] avoids that.
///
/// # Errors
/// As [`import_owned`].
pub fn import(bytes: &[u8], cancel: &Cancel, progress: &Progress) -> Result<Imported, Error> {
    refuse_other_forms(bytes)?;
    import_owned(bytes.to_vec(), Options::default(), cancel, progress)
}

/// Imports a model from owned bytes (a `Vec<u8>`, an `Arc<[u8]>`, a memory map).
///
/// # Errors
/// [`Error::Unsupported`] lists every unsupported layer. [`Error::NotAModel`] states what the file is instead.
/// [`Error::SizeNeeded`] if neither the file nor the options state the input size, and [`Error::Open`] if a
/// weights-only file leaves more than that open.
pub fn import_owned<B>(
    bytes: B,
    options: Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error>
where
    B: AsRef<[u8]> + Send + Sync + 'static,
{
    import_beside(bytes, &FilesInMemory::default(), options, cancel, progress)
}

/// As [`import_owned`], for a model that may have weights in other files of its folder, as ONNX models do.
///
/// # Errors
/// As [`import_owned`], and [`Error::MissingFile`] with the name of a file that is not in the folder.
pub fn import_beside<B>(
    bytes: B,
    folder: &dyn ModelFiles,
    options: Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error>
where
    B: AsRef<[u8]> + Send + Sync + 'static,
{
    refuse_other_forms(bytes.as_ref())?;
    progress.start(0);
    if zipped::looks_like_zip(bytes.as_ref()) {
        let parts = zipped::open(bytes.as_ref())?;
        drop(bytes);
        return from_keras_archive(parts, &options, cancel, progress);
    }
    if !archive::looks_like_hdf5(bytes.as_ref()) {
        cancel.check()?;
        return onnx::import(bytes.as_ref(), folder, &options);
    }
    if bytes.as_ref().starts_with(b"MATLAB ") {
        return Err(Error::NotAModel(FileKind::Matlab));
    }
    let archive = Archive::open(bytes)?;
    let root = archive.group("")?;
    let Some(text) = root.text("model_config")? else {
        let stored = if root.has("layer_names") || root.has("layer_names0") {
            stored::named(&archive, "", cancel)?
        } else if stored::is_numbered(&root)? {
            stored::numbered(&archive, cancel)?.numbered_once()
        } else {
            return Err(Error::NotAModel(kind_of_hdf5(&archive)?));
        };
        let keras_version = root.text("keras_version")?;
        let form = Form::WeightsOnly;
        return from_weights(
            &archive,
            form,
            stored,
            keras_version,
            &options,
            cancel,
            progress,
        );
    };
    let keras_version = root.text("keras_version")?;
    if is_of_keras_1(keras_version.as_deref()) {
        return Err(Error::NotAModel(FileKind::Keras1));
    }
    let network = config::parse_as_of(&text, keras_version.as_deref())?;
    drop(text);
    cancel.check()?;
    let generation = Generation::of_version(keras_version.as_deref());
    let weights = Weights::of_model(&archive, weights::ROOT, &network, generation, cancel)
        .map_err(|error| lower::refused_layers_or(&network, error))?;
    let origin = Origin::of(Form::Full, &weights, keras_version);
    lowered(&network, &weights, origin, &options, cancel, progress)
}

/// Groups of an optimizer's state: of Keras 2 and of Keras 3.
const OF_OPTIMIZER: [&str; 4] = ["optimizer_weights", "optimizer", "training_config", "vars"];

/// What an HDF5 file without a model is.
fn kind_of_hdf5(archive: &Archive) -> Result<FileKind, Error> {
    let root = archive.group("")?;
    let groups = root.groups()?;
    if root.has("PYTABLES_FORMAT_VERSION") || root.has("pandas_version") {
        return Ok(FileKind::PandasTable);
    }
    let of_optimizer = |name: &String| OF_OPTIMIZER.contains(&name.as_str());
    if groups.iter().any(of_optimizer) && groups.iter().all(of_optimizer) {
        return Ok(FileKind::OptimizerOnly);
    }
    // Keras 3 stores the layers of a Python class under the names of its attributes.
    for name in groups.iter().filter(|name| !of_optimizer(name)) {
        let group = archive.group(name)?;
        if group.has_group("vars") || group.has_group("layers") {
            return Ok(FileKind::WeightsOfSubclass);
        }
    }
    Ok(FileKind::Hdf5Data)
}

/// Keras 1 named and laid out layers in another way; its files have another version, or none.
fn is_of_keras_1(version: Option<&str>) -> bool {
    version.is_some_and(|version| version.starts_with("1.") || version.starts_with("0."))
}

fn from_keras_archive(
    parts: zipped::KerasArchive,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    let network = config::parse_as_of(&parts.config, parts.keras_version.as_deref())?;
    cancel.check()?;
    let archive = Archive::open(parts.weights)?;
    let weights = stored::weights(&archive, &network, cancel)
        .map_err(|error| lower::refused_layers_or(&network, error))?;
    let origin = Origin::of(Form::KerasZip, &weights, parts.keras_version);
    lowered(&network, &weights, origin, options, cancel, progress)
}

fn from_weights(
    source: &dyn Source,
    form: Form,
    stored: Vec<stored::StoredLayer>,
    keras_version: Option<String>,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    let planned = plan::weights_only(source, stored, options)?;
    let origin = Origin {
        form,
        architecture: Some(planned.architecture),
        keras_version,
        pooling: planned.pooling,
    };
    let (network, weights) = (&planned.network, &planned.weights);
    lowered(network, weights, origin, options, cancel, progress)
}

/// What is known about a file in addition to its network.
struct Origin {
    form: Form,
    architecture: Option<Architecture>,
    keras_version: Option<String>,
    pooling: Option<Pooling>,
}

impl Origin {
    /// Of a model whose configuration states its network.
    fn of(form: Form, weights: &Weights, keras_version: Option<String>) -> Self {
        Self {
            form,
            architecture: Architecture::recognise(weights.kernel_shapes()),
            keras_version,
            pooling: None,
        }
    }
}

fn lowered(
    network: &Network,
    weights: &Weights,
    origin: Origin,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    weights
        .agree_with(network)
        .map_err(|error| lower::refused_layers_or(network, error))?;
    let architecture = origin.architecture.map(Architecture::as_str);
    let lowered = lower::lower(network, weights, options, architecture, cancel, progress)?;
    weights.all_read()?;
    // Folding a batch norm may push weights beyond the range of float32.
    onnx::refuse_broken_weights(&lowered.graph)?;
    let mut precisions = layer::precisions(network);
    for name in weights.precisions() {
        precision::note(&mut precisions, name);
    }
    Ok(Imported {
        precisions: precisions.into_iter().map(str::to_owned).collect(),
        graph: lowered.graph,
        form: origin.form,
        architecture: architecture.map(str::to_owned),
        parameters: weights.parameters(),
        keras_version: origin.keras_version,
        configuration: None,
        input_size: lowered.input_size,
        head: lowered.head,
        head_is_applied: lowered.head_is_applied,
        is_grey: lowered.is_grey,
        units: lowered.units,
        preprocessing_layers: lowered.preprocessing_layers,
        augmentation_layers: lowered.augmentation_layers,
        last_feature_map: lowered.last_feature_map,
        view: lowered.view,
        pooling: origin.pooling,
        stem: lowered.stem,
    })
}

/// Number of leading bytes that show whether a file may be a model: an HDF5 file may start after other bytes.
pub const START: u64 = (8 << 20) + 8;

/// Whether a file that starts with these bytes, at most [`START`], may be a model; if not, [`import_owned`] rejects
/// these bytes as it would the whole file.
pub fn begins_as_a_model(start: &[u8]) -> bool {
    // ONNX: the IR version, then another field that is a number or has a length.
    let is_field = |tag: u8| tag >> 3 > 0 && matches!(tag & 7, 0 | 2);
    archive::looks_like_hdf5(start)
        || zipped::looks_like_zip(start)
        || matches!(start, [0x08, 1..=20, tag, ..] if is_field(*tag))
}

fn refuse_other_forms(bytes: &[u8]) -> Result<(), Error> {
    let known = archive::looks_like_hdf5(bytes)
        || zipped::looks_like_zip(bytes)
        || graph::onnx::looks_like_onnx(bytes);
    match known {
        true => Ok(()),
        false => Err(Error::NotAModel(FileKind::of_bytes(bytes))),
    }
}
