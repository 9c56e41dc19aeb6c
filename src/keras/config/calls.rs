//! The calls of layers: which tensors each of them reads, in the forms of Keras 2 and Keras 3.

use std::collections::HashMap;

use serde_json::{Number, Value};

use super::is_model;
use super::network::{Layer, Network, Tensor};
use crate::domain::foreign::shown;
use crate::keras::Error;
use crate::keras::operation::CONSTANT;

/// Layers by name: their index into [`Network::layers`] and their class.
pub(super) type Places = HashMap<String, (usize, String)>;

/// # Errors
/// Two layers have the same name.
pub(super) fn places(layers: &[Layer]) -> Result<Places, Error> {
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
    Ok(places)
}

/// The calls of one layer. Keras 2: `[[["name", 0, 0, {}], …], …]`; Keras 3: `[{"args": […], "kwargs": {}}, …]`.
pub(super) fn calls(nodes: &Value, places: &Places, name: &str) -> Result<Vec<Vec<Tensor>>, Error> {
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
pub(super) fn tensors(
    value: &Value,
    places: &Places,
    found: &mut Vec<Tensor>,
) -> Result<(), Error> {
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
pub(super) fn known_tensor(history: &[Value], places: &Places) -> Result<Option<Tensor>, Error> {
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

/// Keras 2 counts the calls of a nested model from 1, because building it was call 0; Keras 3 counts from 0.
pub(super) fn count_calls_of_models_from_zero(network: &mut Network) {
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
pub(super) fn check_calls(network: &Network) -> Result<(), Error> {
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
