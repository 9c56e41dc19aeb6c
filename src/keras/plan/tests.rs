//! Compares the plans with the networks of Keras in `tests/fixtures/keras/architectures.zip`, written by
//! `make_architectures.py`.

use strum::IntoEnumIterator;

use std::io::{Cursor, Read};

use serde::Deserialize;
use serde_json::Value;

use super::bind::bind;
use super::order::keras_order;
use super::*;
use crate::keras::config::{self, Layer};
use crate::keras::layer::kind;
use crate::keras::stored::{StoredLayer, Variable};

/// Name and shape of a variable.
type Shaped = (String, Vec<usize>);

#[derive(Deserialize)]
struct Real {
    model: Value,
    /// Layers in the order of a file: name, and name and shape of every variable.
    weights: Vec<(String, Vec<Shaped>)>,
}

fn real(architecture: Architecture) -> Real {
    let bytes = include_bytes!("../../../tests/fixtures/keras/architectures.zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes[..])).unwrap();
    let mut text = String::new();
    zip.by_name(&format!("{architecture}.json"))
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

fn plan_of(architecture: Architecture) -> Network {
    network(backbone(architecture, [131, 160], Some(false)))
}

/// A layer without its index: name, class, kind, names of the layers that it reads, number of filters.
fn described(network: &Network, layer: &Layer) -> String {
    let reads: Vec<&str> = layer
        .calls
        .iter()
        .flatten()
        .map(|t| network.layers[t.layer].name.as_str())
        .collect();
    format!(
        "{} {} {:?} {reads:?} {:?}",
        layer.name,
        layer.class,
        kind(layer).unwrap(),
        layer.settings.get("filters")
    )
}

#[test]
fn every_plan_is_what_keras_builds_layer_by_layer_and_in_its_order() {
    for architecture in Architecture::iter() {
        let real = config::parse(&real(architecture).model.to_string()).unwrap();
        let plan = plan_of(architecture);
        let order = keras_order(&plan);
        assert_eq!(order.len(), plan.layers.len(), "{architecture}");
        assert_eq!(order.len(), real.layers.len(), "{architecture}");
        for (&at, layer) in order.iter().zip(&real.layers) {
            assert_eq!(
                described(&plan, &plan.layers[at]),
                described(&real, layer),
                "{architecture}"
            );
        }
        assert_eq!(
            plan.layers[plan.outputs[0].layer].name,
            real.layers[real.outputs[0].layer].name
        );
    }
}

/// The file that Keras 2 would write, with numbers in names shifted by `shift`.
fn named_file(real: &Real, shift: u32) -> Vec<StoredLayer> {
    let renamed = |name: &str| match crate::keras::stored::class_and_number(name) {
        (class, number) if shift > 0 && ["conv2d", "batch_normalization"].contains(&class) => {
            format!("{class}_{}", number + shift)
        }
        _ => name.to_owned(),
    };
    let variable = |layer: &str, (name, shape): &Shaped| Variable {
        name: name.clone(),
        path: format!("{layer}/{name}"),
        shape: shape.clone(),
    };
    real.weights
        .iter()
        .map(|(name, variables)| StoredLayer {
            name: renamed(name),
            variables: variables.iter().map(|v| variable(name, v)).collect(),
            ..StoredLayer::default()
        })
        .collect()
}

/// The file that Keras 3 would write: numbered by class in the order of the model.
fn numbered_file(real: &Real, plan: &Network) -> Vec<StoredLayer> {
    let mut counts = std::collections::HashMap::new();
    named_file(real, 0)
        .into_iter()
        .map(|layer| {
            let class = &plan
                .layers
                .iter()
                .find(|l| l.name == layer.name)
                .unwrap()
                .class;
            let class = crate::keras::stored::group_of_class(class).unwrap();
            let number = counts.entry(class).or_insert(0);
            let group = match *number {
                0 => class.to_owned(),
                n => format!("{class}_{n}"),
            };
            *number += 1;
            StoredLayer {
                name: group.clone(),
                group: Some(group),
                ..layer
            }
        })
        .collect()
}

#[test]
fn every_architecture_is_recognised_and_its_weights_find_their_layers_in_every_layout() {
    for architecture in Architecture::iter() {
        let real = real(architecture);
        let plan = plan_of(architecture);
        let order = keras_order(&plan);
        for (layout, file) in [
            ("named", named_file(&real, 0)),
            ("named from 57", named_file(&real, 57)),
            ("numbered", numbered_file(&real, &plan)),
        ] {
            let shapes = file.iter().flat_map(|l| &l.variables);
            assert_eq!(
                Architecture::recognise(shapes.map(|v| v.shape.as_slice())),
                Some(architecture)
            );
            let bound = bind(&plan.layers, &order, &file, architecture)
                .unwrap_or_else(|e| panic!("{architecture}, {layout}: {e}"));
            assert_eq!(bound.len(), file.len(), "{architecture}, {layout}");
            for (&at, &found) in &bound {
                // The path still names the layer for which Keras wrote the weights.
                let path = &file[found].variables[0].path;
                let (owner, _) = path.rsplit_once('/').unwrap();
                assert_eq!(owner, plan.layers[at].name, "{architecture}, {layout}");
            }
        }
    }
}

#[test]
fn weights_of_another_shape_are_refused_with_the_layer() {
    let architecture = Architecture::MobileNet;
    let plan = plan_of(architecture);
    let order = keras_order(&plan);
    let mut file = named_file(&real(architecture), 0);
    assert_eq!(file[4].name, "conv_pw_1");
    file[4].variables[0].shape[3] += 1;
    let error = bind(&plan.layers, &order, &file, architecture).unwrap_err();
    assert!(error.to_string().contains("conv_pw_1"), "{error}");
    file.remove(0);
    let error = bind(&plan.layers, &order, &file, architecture).unwrap_err();
    assert!(error.to_string().contains("conv1"), "{error}");
}
