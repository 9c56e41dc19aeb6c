//! The feature maps that are worth looking at: the last layer at each size of the grid.

use super::Error;
use crate::graph::{Graph, INPUT, LOGIT, ValueId};

/// A layer's result at which a class activation map can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The layer's name, as in Keras.
    pub layer: String,
    pub channels: usize,
    pub rows: usize,
    pub columns: usize,
    /// How the tensor is called in the graph.
    pub(super) tensor: String,
}

/// For each size of the grid the last layer of that size that acts on the logit, finest grid first.
pub fn stages(graph: &Graph) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for stage in layers(graph) {
        stages.retain(|s| (s.rows, s.columns) != (stage.rows, stage.columns));
        stages.push(stage);
    }
    stages
}

/// The stage of a layer by its name in Keras; any layer with a feature map will do.
///
/// # Errors
/// [`Error::NoSuchLayer`] with the layers that [`stages`] suggests.
pub fn stage(graph: &Graph, layer: &str) -> Result<Stage, Error> {
    let found = layers(graph).into_iter().rfind(|s| s.layer == layer);
    found.ok_or_else(|| Error::NoSuchLayer {
        layer: layer.to_owned(),
        sensible: stages(graph)
            .iter()
            .map(|s| format!("{} ({} × {})", s.layer, s.rows, s.columns))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

impl Stage {
    /// A layer's result of `channels` and a grid of rows × columns, whose tensor is called as the layer.
    pub fn new(layer: &str, channels: usize, [rows, columns]: [usize; 2]) -> Self {
        Self {
            layer: layer.to_owned(),
            channels,
            rows,
            columns,
            tensor: layer.to_owned(),
        }
    }

    /// The tensor's name for [`crate::graph::gradient::differentiate`].
    pub fn tensor(&self) -> &str {
        &self.tensor
    }
}

/// Every result of a layer between input and logit that is a picture of more than one cell, in order.
fn layers(graph: &Graph) -> Vec<Stage> {
    let ends = (graph.value_named(INPUT), graph.output(LOGIT));
    let (Some(input), Some(logit)) = ends else {
        return Vec::new();
    };
    let path = graph.between(input, logit).unwrap_or_default();
    let stage = |value: ValueId| {
        let [channels, rows, columns] = graph.ty(value).picture()?;
        let name = &graph.value(value).name;
        let exported = graph.outputs().iter().find(|o| o.value == value);
        (rows * columns > 1).then(|| Stage {
            layer: name.clone(),
            channels,
            rows,
            columns,
            tensor: exported.map_or_else(|| name.clone(), |o| o.name.clone()),
        })
    };
    path.into_iter()
        // A layer of several nodes gives its name to the last; the others are called `layer/Operator`.
        .filter(|node| !is_inner(&graph.value(node.output).name, &node.layer))
        .filter_map(|node| stage(node.output))
        .collect()
}

fn is_inner(name: &str, layer: &str) -> bool {
    name.strip_prefix(layer)
        .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, FEATURES, Op, Pads, TensorType};

    fn network() -> Graph {
        let mut b = Builder::new();
        let x = b.input(INPUT, TensorType::batched(&[2, 4, 4])).unwrap();
        let mut y = x;
        for layer in ["first", "second", "third"] {
            if layer == "third" {
                let pads = Pads {
                    top: 1,
                    ..Pads::NONE
                };
                y = b.node(Op::Pad(pads), layer, &[y]).unwrap();
            }
            y = b.node(Op::Relu, layer, &[y]).unwrap();
            b.name(y, layer);
        }
        b.output(FEATURES, y);
        let pooled = b.node(Op::GlobalAveragePool, "gap", &[y]).unwrap();
        b.name(pooled, "gap");
        let flat = b.node(Op::Flatten, "flat", &[pooled]).unwrap();
        b.output(LOGIT, flat);
        b.finish().unwrap()
    }

    #[test]
    fn the_last_layer_of_each_grid_is_suggested_and_any_is_found() {
        let graph = network();
        let names: Vec<_> = stages(&graph).into_iter().map(|s| s.layer).collect();
        assert_eq!(names, ["second", "third"]);
        let first = stage(&graph, "first").unwrap();
        assert_eq!((first.channels, first.rows, first.columns), (2, 4, 4));
        assert_eq!(stage(&graph, "third").unwrap().tensor(), FEATURES);
        let refused = stage(&graph, "gap").unwrap_err().to_string();
        assert!(
            refused.contains("second (4 × 4), third (5 × 4)"),
            "{refused}"
        );
    }
}
