//! Imports the folder of a SavedModel that Keras 2 wrote.

use super::checkpoint;
use super::layers::{OBJECT_GRAPH, Tracked};
use super::object_graph::ObjectGraph;
use super::saved_layers::{ONLY_FUNCTIONS, SavedModel};
use crate::keras::files::ModelFiles;
use crate::keras::layout::SAVED_MODEL;
use crate::keras::{Error, Form, Imported, Options, Origin, config, lower, lowered};
use crate::progress::{Cancel, Progress};

/// From TensorFlow 2.5 on: the layers.
const METADATA: &str = "keras_metadata.pb";
/// The checkpoint inside.
const VARIABLES: &str = "variables/variables";

/// Maximum length of [`METADATA`]; EfficientNet-B7 has 3 MB.
const MAX_METADATA_BYTES: u64 = 64 << 20;
/// Maximum length of [`SAVED_MODEL`]; EfficientNet-B7 has 30 MB.
const MAX_SAVED_MODEL_BYTES: u64 = 512 << 20;

/// Imports the SavedModel whose folder `files` are.
///
/// # Errors
/// [`Error::NotAModel`] if it holds only graph functions or a subclassed model; [`Error::Unsupported`] if its configuration
/// and its variables contradict each other.
pub fn import(
    files: &dyn ModelFiles,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    let SavedModel { root, layers } = if files.has(METADATA) {
        SavedModel::of_metadata(files.read(METADATA, MAX_METADATA_BYTES)?.as_ref())?
    } else {
        let bytes = files.read(SAVED_MODEL, MAX_SAVED_MODEL_BYTES)?;
        SavedModel::of_saved_model(bytes.as_ref(), cancel)?
    };
    cancel.check()?;
    let is_sequential = root.class == "Sequential";
    let network = config::of_config(root.class, root.config, root.keras_version.as_deref())?;
    let bundle = checkpoint::open(files, VARIABLES)?;
    let graph = bundle.text(OBJECT_GRAPH)?.ok_or(ONLY_FUNCTIONS)?;
    let graph = ObjectGraph::parse(graph, cancel)?;
    let layers = layers.by_node(&graph)?;
    let tracked = Tracked::find(&bundle, graph)?;
    let weights = tracked
        .weights(&network, is_sequential, Some(&layers))
        .map_err(|error| lower::refused_layers_or(&network, error))?;
    let origin = Origin::of(Form::SavedModel, &weights, root.keras_version);
    lowered(&network, &weights, origin, options, cancel, progress)
}
