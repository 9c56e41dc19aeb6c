//! Imports a TensorFlow checkpoint: with the configuration of its model (`model.to_json()`), or of a network that its
//! kernels identify.

use serde::Deserialize;

use super::bundle::Bundle;
use super::layers::{OBJECT_GRAPH, Tracked};
use super::object_graph::ObjectGraph;
use super::variable_names;
use crate::keras::files::{Bytes, ModelFiles};
use crate::keras::{
    Error, FileKind, Form, Imported, Options, Origin, config, from_weights, lower, lowered,
};
use crate::progress::{Cancel, Progress};

/// Maximum length of an index; EfficientNet-B7 has 0.1 MB.
const MAX_INDEX_BYTES: u64 = 64 << 20;
/// Maximum length of a data file.
const MAX_DATA_BYTES: u64 = 2 << 30;

/// Opens the checkpoint whose files begin with this name.
pub fn open(files: &dyn ModelFiles, name: &str) -> Result<Bundle<Bytes>, Error> {
    let index = files.read(&format!("{name}.index"), MAX_INDEX_BYTES)?;
    Bundle::open(index.as_ref(), |suffix| {
        files.read(&format!("{name}{suffix}"), MAX_DATA_BYTES)
    })
}

/// Imports the checkpoint whose files begin with this name. `configuration` is what `model.to_json()` wrote.
///
/// # Errors
/// [`Error::Unsupported`] if the configuration and the variables contradict each other. Without a configuration as for
/// every file of weights only: [`Error::Open`] with what must be given, [`Error::NotAModel`] for an unknown network.
pub fn import(
    files: &dyn ModelFiles,
    name: &str,
    configuration: Option<&str>,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    let network = configuration.map(config::parse).transpose()?;
    let bundle = open(files, name)?;
    cancel.check()?;
    let graph = bundle.text(OBJECT_GRAPH)?.map(ObjectGraph::parse);
    let (weights, network) = match (network, graph.transpose()?) {
        (Some(network), Some(graph)) => {
            let tracked = Tracked::find(&bundle, graph)?;
            let is_sequential = configuration.is_some_and(is_sequential);
            let weights = tracked.weights(&network, is_sequential, None);
            (
                weights.map_err(|e| lower::refused_layers_or(&network, e))?,
                network,
            )
        }
        (Some(network), None) => {
            let weights = variable_names::weights(&bundle, &network);
            (
                weights.map_err(|e| lower::refused_layers_or(&network, e))?,
                network,
            )
        }
        (None, Some(graph)) => {
            let stored = Tracked::find(&bundle, graph)?.stored_layers()?;
            let form = Form::Checkpoint;
            return from_weights(&bundle, form, stored, None, options, cancel, progress);
        }
        (None, None) => {
            return Err(Error::NotAModel(FileKind::CheckpointOfNames));
        }
    };
    let version = configuration.and_then(keras_version);
    let origin = Origin::of(Form::Checkpoint, &weights, version);
    lowered(&network, &weights, origin, options, cancel, progress)
}

/// Whether the outermost model is one; the configuration has been parsed before.
fn is_sequential(configuration: &str) -> bool {
    stated(configuration).is_some_and(|stated| stated.class_name == "Sequential")
}

fn keras_version(configuration: &str) -> Option<String> {
    let version = stated(configuration)?.keras_version?;
    Some(version.chars().take(40).collect())
}

fn stated(configuration: &str) -> Option<Stated> {
    serde_json::from_str(configuration).ok()
}

#[derive(Deserialize)]
struct Stated {
    class_name: String,
    #[serde(default)]
    keras_version: Option<String>,
}
