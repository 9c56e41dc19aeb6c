//! Parses the JSON of `model_config`, of Keras 2 and Keras 3, into networks of layers and calls.
//!
//! Only the wiring is read here; [`super::layer`] reads what a layer computes. A layer may have several calls; (layer,
//! call) identifies a tensor.

//!
//! - `network`: the result, layers and the tensors that their calls read.
//! - `raw_layer`: one layer as it is stated, and what can be said of it alone.
//! - `calls` and `arguments`: what a call reads, and what else it is given.
//! - `chain`: a Sequential model, whose layers state no calls.

mod arguments;
mod calls;
mod chain;
mod network;
mod raw_layer;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::operation;
use super::own::is_computed;
use super::{Error, FileKind};
use arguments::refused_argument;
use calls::{
    Places, calls, check_calls, count_calls_of_models_from_zero, known_tensor, places, tensors,
};
use chain::sequential;
use raw_layer::RawLayer;

pub use network::{Layer, Network, Tensor};

/// Maximum nesting depth of models.
pub const MAX_DEPTH: usize = 8;
/// Maximum layers of all models together; the largest network of Keras applications has 815.
const MAX_LAYERS: usize = 20_000;

/// Parses the text of `model_config`, or of `model.to_json()`, which states the version of Keras itself.
pub fn parse(text: &str) -> Result<Network, Error> {
    parse_as_of(text, None)
}

/// As [`parse`], for a file that states the version of Keras beside the configuration.
pub fn parse_as_of(text: &str, keras_version: Option<&str>) -> Result<Network, Error> {
    let config =
        serde_json::from_str(text).map_err(|e| Error::invalid(format!("model_config: {e}")))?;
    outermost(config, keras_version)
}

/// The network of a model of this class with this configuration.
pub fn of_config(
    class_name: String,
    config: Value,
    keras_version: Option<&str>,
) -> Result<Network, Error> {
    let raw = RawLayer {
        class_name,
        config,
        name: None,
        inbound_nodes: Value::Null,
        module: None,
        registered_name: None,
        keras_version: None,
    };
    outermost(raw, keras_version)
}

fn outermost(config: RawLayer, keras_version: Option<&str>) -> Result<Network, Error> {
    if !is_model(config.named().bare()) {
        return Err(Error::NotAModel(FileKind::SubclassedModel));
    }
    if let Some(why) = config.named().foreign() {
        return Err(Error::unsupported("model", &config.class_name, why));
    }
    let version = keras_version.or(config.keras_version.as_deref());
    let mut reading = Reading {
        layers_left: MAX_LAYERS,
        before_2_2: version.is_some_and(is_before_2_2),
        keras: version.and_then(|version| version.split('.').next()?.parse().ok()),
    };
    network(&config.class_name, config.config, 0, &mut reading)
}

/// What applies to a model and to the models inside it.
struct Reading {
    layers_left: usize,
    /// Written by a version of Keras that stated fewer settings.
    before_2_2: bool,
    /// See [`Layer::keras`].
    keras: Option<u32>,
}

fn is_before_2_2(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < (2, 2),
        _ => false,
    }
}

fn is_model(class: &str) -> bool {
    matches!(class, "Functional" | "Model" | "Sequential")
}

fn network(
    class: &str,
    config: Value,
    depth: usize,
    reading: &mut Reading,
) -> Result<Network, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Limit("models nested too deeply".into()));
    }
    let (list, config) = match config {
        Value::Object(mut config) => (config.remove("layers").unwrap_or_default(), config),
        // Keras up to 2.2.2 wrote only the layers of a Sequential model, without even its name.
        Value::Array(layers) if class == "Sequential" => (Value::Array(layers), Map::new()),
        _ => return Err(Error::invalid("a model without a configuration")),
    };
    let raw: Vec<RawLayer> =
        serde_json::from_value(list).map_err(|e| Error::invalid(format!("layers: {e}")))?;
    let left = reading.layers_left.checked_sub(raw.len());
    reading.layers_left =
        left.ok_or_else(|| Error::Limit(format!("more than {MAX_LAYERS} layers")))?;
    let is_chain = class == "Sequential";
    let mut layers = Vec::with_capacity(raw.len() + 1);
    let mut wiring = Vec::with_capacity(raw.len());
    for (at, raw) in raw.into_iter().enumerate() {
        let is_operation = operation::is_operation(raw.named(), &raw.config, reading.keras);
        let refused = raw.refused(is_operation, is_chain, reading.before_2_2);
        let (mut layer, config, nodes) = raw.into_layer(at, refused, reading.keras)?;
        match is_model(&layer.class) {
            true => layer.inner = Some(network(&layer.class, config, depth + 1, reading)?),
            false => layer.settings = config,
        }
        layers.push(layer);
        wiring.push((nodes, is_operation));
    }
    if is_chain {
        return sequential(layers, config.get("build_input_shape"), reading.keras);
    }
    let places = places(&layers)?;
    for (layer, (nodes, is_operation)) in layers.iter_mut().zip(wiring) {
        match is_operation {
            true => read_operation(layer, &nodes, &places)?,
            false => read_calls(layer, &nodes, &places)?,
        }
    }
    let ends = |key: &str| {
        let mut found = Vec::new();
        tensors(config.get(key).unwrap_or(&Value::Null), &places, &mut found)?;
        if found.is_empty() {
            Err(Error::invalid(format!("a model without {key}")))
        } else {
            Ok(found)
        }
    };
    let (inputs, outputs) = (ends("input_layers")?, ends("output_layers")?);
    let mut network = Network {
        layers,
        inputs,
        outputs,
    };
    count_calls_of_models_from_zero(&mut network);
    check_calls(&network)?;
    Ok(network)
}

/// What a layer computes that stands for a call of a function, and the tensors that it reads.
fn read_operation(layer: &mut Layer, nodes: &Value, places: &Places) -> Result<(), Error> {
    let mut found = |history: &[Value]| known_tensor(history, places);
    let (read, tensors) = operation::read(&layer.class, &layer.settings, nodes, &mut found)?;
    layer.calls = vec![tensors];
    match read {
        Ok(operation) => layer.operation = Some(operation),
        Err(why) => layer.refused = layer.refused.take().or(Some(why)),
    }
    Ok(())
}

/// The tensors that the calls of a layer read, and whether they are given anything else.
fn read_calls(layer: &mut Layer, nodes: &Value, places: &Places) -> Result<(), Error> {
    layer.calls = calls(nodes, places, &layer.name)?;
    if layer.refused.is_none() && (layer.inner.is_some() || is_computed(&layer.class)) {
        layer.refused = refused_argument(nodes);
    }
    if layer.calls.is_empty() && layer.class == "InputLayer" {
        layer.calls.push(Vec::new());
    }
    Ok(())
}
