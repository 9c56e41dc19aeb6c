//! The network of a Sequential model.

use serde_json::{Value, json};

use super::network::{Layer, Network, Tensor};
use crate::keras::Error;

/// A chain of layers; an input layer is prepended if there is none.
pub(super) fn sequential(
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
