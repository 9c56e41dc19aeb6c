//! Parses the JSON of `model_config`, of Keras 2 and Keras 3, into networks of layers and calls.
//!
//! Only the wiring is read here; [`super::layer`] reads what a layer computes. A layer may have several calls; (layer,
//! call) identifies a tensor.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value, json};

use super::error::UNSUPPORTED_CLASS;
use super::kind::Operation;
use super::operation::{self, CONSTANT};
use super::own::{Named, is_computed, quantised, unlike_keras};
use super::{Error, FileKind};
use crate::domain::foreign::shown;
use crate::domain::{Refusal, Remedy};

/// Maximum nesting depth of models.
pub const MAX_DEPTH: usize = 8;
/// Maximum layers of all models together; the largest network of Keras applications has 815.
const MAX_LAYERS: usize = 20_000;

/// A result of one call of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tensor {
    /// Index into [`Network::layers`].
    pub layer: usize,
    pub call: usize,
    /// Only models have more than one result.
    pub result: usize,
}

impl Tensor {
    /// The first result of a call.
    pub fn first(layer: usize, call: usize) -> Self {
        Self {
            layer,
            call,
            result: 0,
        }
    }

    /// The first result of the call of which this is a result.
    pub fn call(self) -> Self {
        Self::first(self.layer, self.call)
    }
}

/// A model: its layers and their calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub layers: Vec<Layer>,
    pub inputs: Vec<Tensor>,
    pub outputs: Vec<Tensor>,
}

impl Network {
    /// The output to use: the one of this name, or the only one.
    ///
    /// # Errors
    /// For a network that takes more than one input, or gives more than one output without one of this name, or with
    /// several.
    pub fn one_input_and_output(&self, named: Option<&str>) -> Result<usize, Error> {
        let names = |ends: &[Tensor]| -> Vec<String> {
            let name = |end: &Tensor| self.layers[end.layer].name.clone();
            ends.iter().map(name).collect()
        };
        let (inputs, outputs) = (&self.inputs[..], &self.outputs[..]);
        let all = names(outputs);
        let mut meant = (0..all.len()).filter(|&place| named == Some(all[place].as_str()));
        let place = meant.next();
        if let Some(same) = meant.next() {
            let name = shown(&all[same]);
            return Err(Error::invalid(format!("several outputs are called {name}")));
        }
        match (inputs, outputs, place) {
            ([_], _, Some(place)) => Ok(place),
            ([_], [_], None) if named.is_none() => Ok(0),
            ([_], _, None) => Err(Error::Outputs(all)),
            (inputs, ..) => Err(Error::Inputs(names(inputs))),
        }
    }
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub name: String,
    /// Class without the package under which it is registered.
    pub class: String,
    pub settings: Value,
    /// The input tensors of each call.
    pub calls: Vec<Vec<Tensor>>,
    /// The nested model, if the layer is one.
    pub inner: Option<Network>,
    /// Whether its weights are trainable, which determines where Keras stores them.
    pub trainable: bool,
    /// Why it may compute something other than Keras' own class of this name.
    pub refused: Option<Refusal>,
    /// What it computes, if it stands for a call of a function.
    pub operation: Option<Operation>,
    /// First number of the version of Keras, if the file states it.
    pub keras: Option<u32>,
}

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

#[derive(Deserialize)]
struct RawLayer {
    class_name: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    config: Value,
    #[serde(default)]
    inbound_nodes: Value,
    /// JSON null differs from an absent module.
    #[serde(default, deserialize_with = "present")]
    module: Option<Value>,
    #[serde(default)]
    registered_name: Option<String>,
    /// Of the outermost model of `model.to_json()`.
    #[serde(default)]
    keras_version: Option<String>,
}

/// Layers by name: their index into [`Network::layers`] and their class.
type Places = HashMap<String, (usize, String)>;

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl RawLayer {
    fn named(&self) -> Named<'_> {
        Named {
            class: &self.class_name,
            module: self.module.as_ref(),
            registered: self.registered_name.as_deref(),
        }
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
    for (at, layer) in raw.into_iter().enumerate() {
        let own = layer
            .config
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let class = layer.named().bare().to_owned();
        let is_list = class == "Sequential" && layer.config.is_array();
        let by_place = || is_list.then(|| format!("layer {}", at + 1));
        let name = layer
            .name
            .clone()
            .or(own)
            .or_else(by_place)
            .ok_or_else(|| Error::invalid("a layer without a name"))?;
        let is_operation = operation::is_operation(layer.named(), &layer.config, reading.keras);
        let refused = layer.named().foreign().or_else(|| {
            let settings = layer.config.as_object()?;
            let named = layer.named();
            let unlike = || unlike_keras(named, settings, reading.before_2_2);
            // In a chain, a call has no arguments that could be read. What only looks like a call is a layer there.
            let is_call = is_chain && operation::is_stated_operation(named);
            let in_a_chain = || is_call.then(|| Remedy::AsOnnx.of(UNSUPPORTED_CLASS));
            quantised(settings)
                .or_else(in_a_chain)
                .or_else(|| (!is_operation || is_chain).then(unlike)?)
        });
        let trainable = layer.config.get("trainable").and_then(Value::as_bool) != Some(false);
        let (inner, settings) = if is_model(&class) {
            (
                Some(network(&class, layer.config, depth + 1, reading)?),
                Value::Null,
            )
        } else {
            (None, layer.config)
        };
        layers.push(Layer {
            name,
            class,
            settings,
            calls: Vec::new(),
            inner,
            trainable,
            refused,
            operation: None,
            keras: reading.keras,
        });
        wiring.push((layer.inbound_nodes, is_operation));
    }
    if is_chain {
        return sequential(layers, config.get("build_input_shape"), reading.keras);
    }
    let mut places = Places::new();
    for (at, layer) in layers.iter().enumerate() {
        let place = (at, layer.class.clone());
        if places.insert(layer.name.clone(), place).is_some() {
            return Err(Error::invalid(format!(
                "two layers are named {}",
                layer.name
            )));
        }
    }
    for (layer, (nodes, is_operation)) in layers.iter_mut().zip(wiring) {
        if is_operation {
            let mut found = |history: &[Value]| known_tensor(history, &places);
            let (read, tensors) =
                operation::read(&layer.class, &layer.settings, &nodes, &mut found)?;
            layer.calls = vec![tensors];
            match read {
                Ok(operation) => layer.operation = Some(operation),
                Err(why) => layer.refused = layer.refused.take().or(Some(why)),
            }
            continue;
        }
        layer.calls = calls(&nodes, &places, &layer.name)?;
        if layer.refused.is_none() && (layer.inner.is_some() || is_computed(&layer.class)) {
            layer.refused = refused_argument(&nodes);
        }
        if layer.calls.is_empty() && layer.class == "InputLayer" {
            layer.calls.push(Vec::new());
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

/// Keras 2 counts the calls of a nested model from 1, because building it was call 0; Keras 3 counts from 0.
fn count_calls_of_models_from_zero(network: &mut Network) {
    let mut first: Vec<Option<usize>> = vec![None; network.layers.len()];
    for tensor in network
        .layers
        .iter()
        .flat_map(|l| l.calls.iter().flatten())
        .chain(&network.outputs)
    {
        let call = first[tensor.layer].map_or(tensor.call, |call| call.min(tensor.call));
        first[tensor.layer] = Some(call);
    }
    let is_model: Vec<bool> = network.layers.iter().map(|l| l.inner.is_some()).collect();
    let calls = network
        .layers
        .iter_mut()
        .flat_map(|l| l.calls.iter_mut().flatten());
    for tensor in calls.chain(&mut network.outputs) {
        if is_model[tensor.layer] && first[tensor.layer].is_some_and(|call| call > 0) {
            tensor.call -= 1;
        }
    }
}

/// Every referenced tensor must be the result of an existing call.
fn check_calls(network: &Network) -> Result<(), Error> {
    let used = network.layers.iter().flat_map(|l| l.calls.iter().flatten());
    for tensor in used.chain(&network.inputs).chain(&network.outputs) {
        let layer = &network.layers[tensor.layer];
        if tensor.call >= layer.calls.len() {
            return Err(Error::invalid(format!(
                "call {} of the layer {} is missing",
                tensor.call, layer.name
            )));
        }
        let results = layer.inner.as_ref().map_or(1, |model| model.outputs.len());
        if tensor.result >= results {
            let name = shown(&layer.name);
            return Err(Error::invalid(format!("{name} has no such output")));
        }
    }
    Ok(())
}

/// A chain of layers; an input layer is prepended if there is none.
fn sequential(
    mut layers: Vec<Layer>,
    build_shape: Option<&Value>,
    keras: Option<u32>,
) -> Result<Network, Error> {
    let first = layers
        .first()
        .ok_or_else(|| Error::invalid("a Sequential model without layers"))?;
    if first.class != "InputLayer" {
        let own = ["batch_input_shape", "batch_shape"]
            .iter()
            .find_map(|key| first.settings.get(*key));
        let inner = first
            .inner
            .as_ref()
            .and_then(|n| n.inputs.first().map(|t| &n.layers[t.layer].settings));
        let inner = inner.and_then(|s| s.get("batch_input_shape").or_else(|| s.get("batch_shape")));
        let shape = own.or(inner).or(build_shape).cloned().unwrap_or_default();
        let settings = json!({ "batch_shape": shape });
        let (name, class) = ("input".to_owned(), "InputLayer".to_owned());
        layers.insert(
            0,
            Layer {
                name,
                class,
                settings,
                calls: Vec::new(),
                inner: None,
                trainable: true,
                refused: None,
                operation: None,
                keras,
            },
        );
    }
    for (at, layer) in layers.iter_mut().enumerate() {
        layer.calls = vec![
            at.checked_sub(1)
                .map(|before| Tensor::first(before, 0))
                .into_iter()
                .collect(),
        ];
    }
    let last = layers.len() - 1;
    let end = |layer| vec![Tensor::first(layer, 0)];
    Ok(Network {
        inputs: end(0),
        outputs: end(last),
        layers,
    })
}

/// The calls of one layer. Keras 2: `[[["name", 0, 0, {}], …], …]`; Keras 3: `[{"args": […], "kwargs": {}}, …]`.
fn calls(nodes: &Value, places: &Places, name: &str) -> Result<Vec<Vec<Tensor>>, Error> {
    let nodes = match nodes {
        Value::Null => return Ok(Vec::new()),
        Value::Array(nodes) => nodes,
        _ => {
            return Err(Error::invalid(format!(
                "the calls of the layer {name} are not a list"
            )));
        }
    };
    let mut calls = Vec::with_capacity(nodes.len());
    for node in nodes {
        let mut found = Vec::new();
        tensors(node, places, &mut found)?;
        calls.push(found);
    }
    Ok(calls)
}

/// Collects tensors in order, at any depth: `["name", call, 0, …]` or `{"keras_history": ["name", call, 0]}`.
///
/// The depth is bounded by the JSON parser.
fn tensors(value: &Value, places: &Places, found: &mut Vec<Tensor>) -> Result<(), Error> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [
                Value::String(name),
                Value::Number(_),
                Value::Number(_),
                rest @ ..,
            ] if name == CONSTANT => {
                // A number in place of a tensor; the tensors are among the arguments.
                rest.iter()
                    .try_for_each(|item| tensors(item, places, found))
            }
            [
                Value::String(name),
                Value::Number(call),
                Value::Number(index),
                rest @ ..,
            ] => {
                found.push(tensor(name, call, index, places)?);
                rest.iter()
                    .try_for_each(|item| tensors(item, places, found))
            }
            items => items
                .iter()
                .try_for_each(|item| tensors(item, places, found)),
        },
        Value::Object(map) => match map.get("keras_history") {
            Some(history) => tensors(history, places, found),
            None => map
                .values()
                .try_for_each(|item| tensors(item, places, found)),
        },
        _ => Ok(()),
    }
}

/// The tensor `[name, call, result]`; `None` if no layer has this name.
fn known_tensor(history: &[Value], places: &Places) -> Result<Option<Tensor>, Error> {
    match history {
        [
            Value::String(name),
            Value::Number(call),
            Value::Number(index),
        ] if places.contains_key(name) => tensor(name, call, index, places).map(Some),
        _ => Ok(None),
    }
}

fn tensor(name: &str, call: &Number, index: &Number, places: &Places) -> Result<Tensor, Error> {
    let place = places.get(name);
    let &(layer, ref class) =
        place.ok_or_else(|| Error::invalid(format!("no layer is named {}", shown(name))))?;
    let call = call.as_u64().and_then(|c| usize::try_from(c).ok());
    match (call, index.as_u64()) {
        (Some(call), Some(0)) => Ok(Tensor::first(layer, call)),
        (Some(call), Some(result)) if is_model(class) => Ok(Tensor {
            layer,
            call,
            result: usize::try_from(result).unwrap_or(usize::MAX),
        }),
        (Some(_), Some(result)) => {
            let reason = format!(
                "its output {result} is read; only layers and models with one output are supported"
            );
            Err(Error::unsupported(name, class, reason))
        }
        _ => {
            let name = shown(name);
            Err(Error::invalid(format!("{name} has no such output")))
        }
    }
}

/// An argument of a call other than its tensors that changes what the layer computes; `None` if there is none.
///
/// In Keras 3, `training` of the whole model, as `model.predict` sets it, overrides that of a call; in Keras 2 it does
/// not.
fn refused_argument(nodes: &Value) -> Option<Refusal> {
    nodes.as_array()?.iter().find_map(|node| match node {
        Value::Object(call) => {
            let given = call.get("kwargs").and_then(Value::as_object);
            let among =
                given.and_then(|given| argument_with_effect(given, &["training", "inputs"]));
            among.or_else(|| {
                let constant = constant_among(call.get("args")?)?;
                let reason = format!("it is called with {constant} in addition to its input");
                Some(Remedy::AsOnnx.of(reason))
            })
        }
        Value::Array(inputs) => inputs.iter().find_map(|input| {
            let input = input.as_array()?;
            if input.first().and_then(Value::as_str) == Some(CONSTANT) {
                return Some(Remedy::AsOnnx.of("it is called with a constant among its inputs"));
            }
            argument_with_effect(input.get(3)?.as_object()?, &[])
        }),
        _ => None,
    })
}

/// A number or text in place of a tensor of Keras 3, also inside lists; the depth is bounded by the JSON parser.
fn constant_among(arguments: &Value) -> Option<&Value> {
    match arguments {
        Value::Array(list) => list.iter().find_map(constant_among),
        Value::Object(_) | Value::Null => None,
        constant => Some(constant),
    }
}

fn argument_with_effect(given: &Map<String, Value>, without: &[&str]) -> Option<Refusal> {
    let is_off = |value: &Value| {
        matches!(value, Value::Null | Value::Bool(false)) || value.as_f64() == Some(0.0)
    };
    let (name, value) = given
        .iter()
        .find(|(name, value)| !without.contains(&name.as_str()) && !is_off(value))?;
    Some(if name == "training" {
        "it is called with training=True, so Keras computes it as in training, not as in inference; \
         call it with training=False, or without the argument, and save the model again"
            .into()
    } else {
        let value: String = value.to_string().chars().take(40).collect();
        Remedy::AsOnnx.of(format!("it is called with {}={value}", shown(name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENSE: &str =
        r#"{"class_name": "Dense", "name": "d", "config": {"units": 1}, "inbound_nodes": NODES}"#;

    const ADD: &str = r#"{"class_name": "Add", "name": "d", "config": {}, "inbound_nodes": NODES}"#;

    fn functional(nodes: &str, outputs: &str) -> Result<Network, Error> {
        with(DENSE, nodes, outputs)
    }

    fn with(layer: &str, nodes: &str, outputs: &str) -> Result<Network, Error> {
        let layer = layer.replace("NODES", nodes);
        parse(&format!(
            r#"{{"class_name": "Functional", "config": {{"layers": [
                {{"class_name": "InputLayer", "name": "i", "config": {{"batch_shape": [null, 3]}}, "inbound_nodes": []}},
                {layer}], "input_layers": [["i", 0, 0]], "output_layers": {outputs}}}}}"#
        ))
    }

    #[test]
    fn both_generations_name_the_same_tensors() {
        let two = functional(r#"[[["i", 0, 0, {}]]]"#, r#"[["d", 0, 0]]"#).unwrap();
        let three = functional(
            r#"[{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}], "kwargs": {}}]"#,
            r#"["d", 0, 0]"#,
        )
        .unwrap();
        assert_eq!(two, three);
        assert_eq!(two.layers[1].calls, [[Tensor::first(0, 0)]]);
    }

    #[test]
    fn a_constant_among_the_inputs_of_a_call_is_refused() {
        let refused = |nodes: &str| {
            let network = with(ADD, nodes, r#"[["d", 0, 0]]"#).unwrap();
            network.layers[1].refused.clone().map(|why| why.reason)
        };
        let two = |constant: &str| {
            refused(&format!(
                r#"[[["i", 0, 0, {{}}], ["i", 0, 0, {{}}]{constant}]]"#
            ))
        };
        assert_eq!(two(""), None);
        let wording = two(r#", ["_CONSTANT_VALUE", -1, 3.0, {}]"#).unwrap();
        assert!(wording.contains("a constant among its inputs"), "{wording}");
        let tensor =
            r#"{"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}"#;
        let three = |constant: &str| {
            refused(&format!(
                r#"[{{"args": [[{tensor}, {tensor}{constant}]], "kwargs": {{}}}}]"#
            ))
        };
        assert_eq!(three(""), None);
        // Merging layers take a list of tensors; a constant may be in a list inside it.
        for constant in [", 3.0", ", [[3.0, 3.0]]"] {
            let wording = three(constant).unwrap();
            assert!(wording.contains("called with 3.0"), "{wording}");
        }
    }

    #[test]
    fn a_wiring_that_leads_nowhere_is_refused() {
        assert!(functional(r#"[[["x", 0, 0, {}]]]"#, r#"["d", 0, 0]"#).is_err());
        assert!(functional(r#"[[["i", 1, 0, {}]]]"#, r#"["d", 0, 0]"#).is_err());
        assert!(functional(r#"[[["i", 0, 0, {}]]]"#, r#"["d", 7, 0]"#).is_err());
        assert!(functional(r#"[[["i", 0, 0, {}]]]"#, "[]").is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn an_output_whose_name_is_not_its_own_is_refused() {
        let nodes = r#"[[["i", 0, 0, {}]], [["i", 0, 0, {}]]]"#;
        let twice = functional(nodes, r#"[["d", 0, 0], ["d", 1, 0]]"#).unwrap();
        let found = twice.one_input_and_output(Some("d"));
        assert!(matches!(found, Err(Error::Invalid(_))), "{found:?}");
        let both = functional(nodes, r#"[["d", 1, 0], ["i", 0, 0]]"#).unwrap();
        assert_eq!(both.one_input_and_output(Some("i")), Ok(1));
    }

    #[test]
    fn a_list_of_layers_is_the_configuration_of_a_sequential_model() {
        let dense =
            r#"{"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 4]}}"#;
        let network = parse(&format!(
            r#"{{"class_name": "Sequential", "config": [
                {{"class_name": "Sequential", "config": [{dense}]}}, {dense}]}}"#
        ))
        .unwrap();
        let names: Vec<&str> = network.layers.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["input", "layer 1", "d"]);
        let inner = network.layers[1].inner.as_ref().unwrap();
        assert_eq!(inner.layers[1].name, "d");
        for other in [
            format!(r#"{{"class_name": "Model", "config": [{dense}]}}"#),
            r#"{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": [1]}]}"#
                .to_owned(),
        ] {
            assert!(parse(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_version_before_2_2_stated_fewer_settings() {
        let flatten = |version: Option<&str>| {
            let text = r#"{"class_name": "Sequential", "config": {"layers": [
                {"class_name": "Flatten", "config": {"name": "f", "trainable": true}}]}}"#;
            let network = parse_as_of(text, version).unwrap();
            network.layers[1].refused.clone().map(|why| why.reason)
        };
        assert_eq!(flatten(Some("2.1.6")), None);
        for other in [
            None,
            Some("2.2.0"),
            Some("2.2.4-tf"),
            Some("3.0.0"),
            Some("x"),
        ] {
            assert!(flatten(other).is_some(), "{other:?}");
        }
    }

    #[test]
    fn a_sequential_model_without_an_input_gets_one() {
        let network = parse(
            r#"{"class_name": "Sequential", "config": {"layers": [
                {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 4]}}]}}"#,
        )
        .unwrap();
        assert_eq!(network.layers[0].class, "InputLayer");
        assert_eq!(network.outputs, [Tensor::first(1, 0)]);
    }
}
