//! The last feature map: the default location of a class activation map.

use super::{Graph, Node, Op, ValueId};

/// The last (N, C, H, W) result through which every path from `input` to `logit` passes.
///
/// A result that another path bypasses is skipped, because a map of it would explain only part of the logit; the input
/// of the pooling inside a squeeze-and-excitation block is an example. Results of pooling, padding, reshaping and
/// transposing are skipped too: they repeat the map before them, on a coarser grid or with a border. A 1 × 1 map counts
/// only if there is no larger one. `None` for a network that computes no feature map.
pub fn last_feature_map(graph: &Graph, input: ValueId, logit: ValueId) -> Option<ValueId> {
    let path = graph.between(input, logit)?;
    let mut place = vec![None; graph.values().len()];
    place[input.index()] = Some(0);
    for (at, node) in path.iter().enumerate() {
        place[node.output.index()] = Some(at + 1);
    }
    // The last reader of each value on the path. A value is bypassed if an earlier one is read after it.
    let mut last_read = vec![0; path.len() + 1];
    for (at, node) in path.iter().enumerate() {
        for value in node.inputs.iter().filter_map(|v| place[v.index()]) {
            last_read[value] = at + 1;
        }
    }
    let mut farthest = last_read[0];
    let mut found: Option<(ValueId, bool)> = None;
    for (at, node) in path.iter().enumerate() {
        let is_passed_by = farthest > at + 1;
        farthest = farthest.max(last_read[at + 1]);
        let Some([_, rows, columns]) = graph.ty(node.output).picture() else {
            continue;
        };
        if is_passed_by || !is_feature_map(graph, node) {
            continue;
        }
        let has_cells = rows * columns > 1;
        if has_cells || found.is_none_or(|(_, larger)| !larger) {
            found = Some((node.output, has_cells));
        }
    }
    found.map(|(value, _)| value)
}

/// Whether a node computes the feature map of a layer; of a layer's nodes, only the last bears the layer's name.
fn is_feature_map(graph: &Graph, node: &Node) -> bool {
    let of_shape_alone = matches!(
        node.op,
        Op::MaxPool(_)
            | Op::AveragePool(_)
            | Op::GlobalAveragePool
            | Op::GlobalMaxPool
            | Op::Pad(_)
            | Op::Transpose { .. }
            | Op::Reshape { .. }
    );
    let name = &graph.value(node.output).name;
    let inner = name.strip_prefix(&node.layer);
    !of_shape_alone && inner.is_none_or(|rest| !rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, TensorType};

    struct Network {
        b: Builder,
        x: ValueId,
    }

    impl Network {
        fn new() -> Self {
            let mut b = Builder::new();
            let x = b.input("x", TensorType::batched(&[2, 4, 4])).unwrap();
            Self { b, x }
        }

        fn node(&mut self, op: Op, layer: &str, inputs: &[ValueId]) -> ValueId {
            let value = self.b.node(op, layer, inputs).unwrap();
            self.b.name(value, layer);
            value
        }

        fn last(mut self, end: ValueId) -> Option<String> {
            let flat = self.b.node(Op::Flatten, "flat", &[end]).unwrap();
            self.b.output("logit", flat);
            let graph = self.b.finish().unwrap();
            let logit = graph.output("logit").unwrap();
            let found = last_feature_map(&graph, self.x, logit)?;
            Some(graph.value(found).name.clone())
        }
    }

    #[test]
    fn a_gate_inside_a_block_is_passed_by() {
        let mut n = Network::new();
        let body = n.node(Op::Relu, "body", &[n.x]);
        let squeezed = n.node(Op::GlobalAveragePool, "squeeze", &[body]);
        let gate = n.node(Op::Sigmoid, "gate", &[squeezed]);
        let excited = n.node(Op::Mul, "excite", &[body, gate]);
        assert_eq!(n.last(excited).as_deref(), Some("excite"));
    }

    #[test]
    fn two_poolings_of_one_map_and_turned_axes_lead_back_to_the_map() {
        let mut n = Network::new();
        let body = n.node(Op::Relu, "body", &[n.x]);
        let average = n.node(Op::GlobalAveragePool, "gap", &[body]);
        let maximum = n.node(Op::GlobalMaxPool, "gmp", &[body]);
        let both = n.node(Op::Concat { axis: 1 }, "both", &[average, maximum]);
        assert_eq!(n.last(both).as_deref(), Some("body"));

        let mut n = Network::new();
        let body = n.node(Op::Relu, "body", &[n.x]);
        let axes = vec![0, 2, 3, 1];
        let turned = n.node(Op::Transpose { axes }, "flatten", &[body]);
        assert_eq!(n.last(turned).as_deref(), Some("body"));
    }

    #[test]
    fn a_map_that_a_second_way_passes_by_does_not_count() {
        let mut n = Network::new();
        let first = n.node(Op::Relu, "first", &[n.x]);
        let second = n.node(Op::Tanh, "second", &[first]);
        let one = n.node(Op::GlobalAveragePool, "one", &[first]);
        let two = n.node(Op::GlobalAveragePool, "two", &[second]);
        let both = n.node(Op::Concat { axis: 1 }, "both", &[one, two]);
        assert_eq!(n.last(both).as_deref(), Some("first"));
    }
}
