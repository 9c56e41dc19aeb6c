//! The feature maps worth looking at: the block ends of a network.

use super::Error;
use super::blocks::block_ends;
use crate::domain::foreign::shown;
use crate::graph::{FEATURES, Graph, INPUT, LOGIT, Node, ValueId};

/// A layer's output at which a class activation map can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The layer's Keras name.
    pub layer: String,
    pub channels: usize,
    pub rows: usize,
    pub columns: usize,
    /// The tensor's name in the graph.
    pub(super) tensor: String,
}

/// A short list of layers, in order: for each run of blocks of the same shape, or that only append channels, the end of
/// the last block, and the last feature map. Without blocks, the last layer at each grid size.
pub fn stages(graph: &Graph) -> Vec<Stage> {
    let path = path(graph);
    let mut stages: Vec<Stage> = block_ends(graph, &path)
        .into_iter()
        .filter_map(|value| of_value(graph, value))
        .collect();
    let last = graph.output(FEATURES).and_then(|f| of_value(graph, f));
    if let Some(last) = last {
        stages.retain(|s| *s != last);
        if stages.last().is_some_and(|s| s.shape() == last.shape()) {
            stages.pop();
        }
        stages.push(last);
    }
    if stages.len() > 1 {
        return stages;
    }
    let mut by_grid: Vec<Stage> = Vec::new();
    for stage in layers(graph) {
        by_grid.retain(|s| (s.rows, s.columns) != (stage.rows, stage.columns));
        by_grid.push(stage);
    }
    by_grid
}

/// The stage of a layer by its Keras name; any layer with a feature map is accepted.
///
/// # Errors
/// [`Error::NoSuchLayer`] with the layers that [`stages`] suggests.
pub fn stage(graph: &Graph, layer: &str) -> Result<Stage, Error> {
    let found = layers(graph).into_iter().rfind(|s| s.layer == layer);
    found.ok_or_else(|| Error::NoSuchLayer {
        layer: layer.to_owned(),
        sensible: stages(graph)
            .iter()
            .map(|s| format!("{} ({} × {})", shown(&s.layer), s.rows, s.columns))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

impl Stage {
    /// A layer's output with `channels` and a grid of rows × columns, whose tensor has the layer's name.
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

    fn shape(&self) -> [usize; 3] {
        [self.channels, self.rows, self.columns]
    }
}

/// Every layer output between input and logit that is a picture of more than one cell, in order.
fn layers(graph: &Graph) -> Vec<Stage> {
    let nodes = path(graph).into_iter();
    nodes.filter_map(|n| of_value(graph, n.output)).collect()
}

/// The nodes from the input to the logit.
fn path(graph: &Graph) -> Vec<&Node> {
    match (graph.value_named(INPUT), graph.output(LOGIT)) {
        (Some(input), Some(logit)) => graph.between(input, logit).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The stage of a value; `None` if it is not a picture of more than one cell, or is internal to a layer: in a layer of
/// several nodes the last carries the layer's name, the others are called `layer/Operator`.
fn of_value(graph: &Graph, value: ValueId) -> Option<Stage> {
    let [channels, rows, columns] = graph.ty(value).picture()?;
    let name = &graph.value(value).name;
    let layer = &graph.producer(value)?.layer;
    let exported = graph.outputs().iter().find(|o| o.value == value);
    (rows * columns > 1 && !is_inner(name, layer)).then(|| Stage {
        layer: name.clone(),
        channels,
        rows,
        columns,
        tensor: exported.map_or_else(|| name.clone(), |o| o.name.clone()),
    })
}

fn is_inner(name: &str, layer: &str) -> bool {
    name.strip_prefix(layer)
        .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, Op, Pads, TensorType};
    use crate::keras;
    use crate::progress::{Cancel, Progress};

    /// Layers without a convolution, hence without blocks.
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
    fn without_blocks_the_last_layer_of_each_grid_is_suggested_and_any_is_found() {
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

    fn names_of(file: &[u8]) -> Vec<String> {
        let model = keras::import(file, &Cancel::new(), &Progress::new()).unwrap();
        let all = stages(&model.graph);
        assert_eq!(all.last().unwrap().tensor(), FEATURES);
        for found in &all {
            assert_eq!(stage(&model.graph, &found.layer).as_ref(), Ok(found));
        }
        all.into_iter().map(|s| s.layer).collect()
    }

    fn fixture(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keras/");
        std::fs::read(format!("{folder}{name}")).unwrap()
    }

    fn in_archive(name: &str) -> Vec<u8> {
        let file = std::io::Cursor::new(fixture("forms2.zip"));
        let mut archive = zip::ZipArchive::new(file).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn an_efficientnet_is_seen_at_the_ends_of_its_blocks() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/demo/");
        let whole = std::fs::read(format!("{folder}demo-efficientnet-b0.h5")).unwrap();
        assert_eq!(
            names_of(&whole),
            [
                "stem_activation",
                "block1a_project_bn",
                "block2b_add",
                "block3b_add",
                "block4c_add",
                "block5c_add",
                "block6d_add",
                "block7a_project_bn",
                "top_activation"
            ]
        );
        // So narrow that the first block keeps the shape of the stem.
        for file in [
            "keras2_efficientnet_hidden.h5",
            "keras3_efficientnet_nested.h5",
        ] {
            assert_eq!(
                names_of(&fixture(file)),
                ["block1a_add", "block2b_add", "top_activation"],
                "{file}"
            );
        }
    }

    #[test]
    fn a_mobilenet_is_seen_where_width_or_grid_change() {
        assert_eq!(
            names_of(&fixture("keras2_mobilenet_sigmoid.h5")),
            [
                "conv1_relu",
                "conv_pw_1_relu",
                "conv_pw_3_relu",
                "conv_pw_5_relu",
                "conv_pw_11_relu",
                "conv_pw_13_relu"
            ]
        );
    }

    #[test]
    fn dense_blocks_and_residuals_are_seen_at_their_last_layer() {
        assert_eq!(
            names_of(&in_archive("densenet.h5")),
            [
                "conv1/relu",
                "conv2_block1_concat",
                "conv3_block2_concat",
                "conv4_block1_concat",
                "relu"
            ]
        );
        let found = names_of(&in_archive("mobilenet_v2.h5"));
        println!("{found:?}");
        for layer in ["block_5_add", "block_12_add", "block_16_project_BN"] {
            assert!(found.iter().any(|name| name == layer), "{found:?}");
        }
        assert!(
            !found.iter().any(|name| name.contains("_expand")),
            "{found:?}"
        );
        assert!(found.len() <= 9, "{found:?}");
    }
}
