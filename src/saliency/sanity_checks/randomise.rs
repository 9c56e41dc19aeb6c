//! A network with randomised weights: the values of each tensor are shuffled within the tensor.
//!
//! Adebayo 2018, section 3: the architecture, the photograph and each layer's distribution of weights are kept; only
//! the positions of the weights change. Whatever a map still shows then does not come from learning.

use std::sync::Arc;

use crate::graph::{Graph, INPUT, LOGIT, Node, Op};
use crate::numeric::random::Random;

/// Which layers are randomised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// Everything after the last change of grid size, including the head.
    LastBlock,
    /// Every layer.
    All,
}

/// A network with randomised weights.
#[derive(Clone, Debug)]
pub struct RandomisedNetwork {
    pub graph: Graph,
    /// The number of tensors that were randomised.
    pub tensors: usize,
}

impl Depth {
    pub const BOTH: [Self; 2] = [Self::LastBlock, Self::All];

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LastBlock => "last-block",
            Self::All => "all",
        }
    }
}

/// Shuffles the weights between input and logit. Each tensor depends only on the seed and its own position, so the last
/// block is shuffled identically at both depths.
///
/// Weights are constants of more than one value read by a convolution, a dense layer or a later layer. Constants before
/// the first of these scale the photograph and are kept.
pub fn randomised_network(graph: &Graph, depth: Depth, seed: u64) -> RandomisedNetwork {
    let ends = graph.value_named(INPUT).zip(graph.output(LOGIT));
    let path = ends.and_then(|(input, logit)| graph.between(input, logit));
    let path = path.unwrap_or_default();
    let mut desired = vec![false; graph.values().len()];
    for node in learned(graph, &path, depth) {
        for input in &node.inputs {
            desired[input.index()] = true;
        }
    }
    let mut seeds = Random::new(seed);
    let mut result = RandomisedNetwork {
        graph: graph.clone(),
        tensors: 0,
    };
    for (id, desired) in graph.ids().zip(desired) {
        let own = seeds.bits();
        let Some(weights) = graph.constant(id).filter(|w| desired && w.len() > 1) else {
            continue;
        };
        let mut weights: Arc<[f32]> = weights.into();
        if let Some(weights) = Arc::get_mut(&mut weights) {
            Random::new(own).shuffle(weights);
        }
        result.tensors += usize::from(result.graph.set_constant(id, weights));
    }
    result
}

/// The nodes of the path that hold learned weights, down to the depth.
fn learned<'a>(graph: &Graph, path: &[&'a Node], depth: Depth) -> Vec<&'a Node> {
    let grid = |node: &Node| cells(graph, node.output);
    // Backwards: marks everything that a change of grid size depends on.
    let mut before_change = vec![false; graph.values().len()];
    for node in path.iter().rev() {
        let changes = grid(node).is_some_and(|to| {
            let mut from = node.inputs.iter().filter_map(|&i| cells(graph, i));
            from.any(|from| from != to)
        });
        if changes || before_change[node.output.index()] {
            before_change[node.output.index()] = true;
            for input in &node.inputs {
                before_change[input.index()] = true;
            }
        }
    }
    // Forwards: learned weights begin at the first convolution or dense layer.
    let mut begun = vec![false; graph.values().len()];
    let mut learned = Vec::new();
    for &node in path {
        let weighs = matches!(node.op, Op::Conv(_) | Op::Gemm);
        if weighs || node.inputs.iter().any(|i| begun[i.index()]) {
            begun[node.output.index()] = true;
            if depth == Depth::All || !before_change[node.output.index()] {
                learned.push(node);
            }
        }
    }
    learned
}

/// The grid size of a value that is a picture of more than one cell.
fn cells(graph: &Graph, value: crate::graph::ValueId) -> Option<[usize; 2]> {
    let [_, rows, columns] = graph.ty(value).picture()?;
    (rows * columns > 1).then_some([rows, columns])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, Conv, TensorType};

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|v| v as f32).collect()
    }

    /// Scaling, a convolution, one that halves the grid, another with its own gate, and a dense head.
    fn network() -> Graph {
        let mut b = Builder::new();
        let x = b.input(INPUT, TensorType::batched(&[3, 8, 8])).unwrap();
        let mean = b.constant("mean", &[1, 3, 1, 1], numbers(3)).unwrap();
        let mut y = b.node(Op::Sub, "scaling", &[x, mean]).unwrap();
        for (layer, channels, strides) in [("first", 3, 1), ("halving", 6, 2), ("last", 6, 1)] {
            let weights = b.constant(layer, &[6, channels, 1, 1], numbers(6 * channels));
            let conv = Conv {
                strides: [strides; 2],
                ..Conv::default()
            };
            y = b
                .node(Op::Conv(conv), layer, &[y, weights.unwrap()])
                .unwrap();
            let alpha = b.constant(&format!("{layer} one"), &[1, 1, 1, 1], vec![0.5]);
            y = b.node(Op::Mul, layer, &[y, alpha.unwrap()]).unwrap();
        }
        let pooled = b.node(Op::GlobalAveragePool, "gate", &[y]).unwrap();
        let gate = b.constant("gate", &[1, 6, 1, 1], numbers(6)).unwrap();
        let gated = b.node(Op::Add, "gate", &[pooled, gate]).unwrap();
        y = b.node(Op::Mul, "gate", &[y, gated]).unwrap();
        let pooled = b.node(Op::GlobalAveragePool, "gap", &[y]).unwrap();
        let flat = b.node(Op::Flatten, "gap", &[pooled]).unwrap();
        let w = b.constant("dense", &[6, 1], numbers(6)).unwrap();
        let logit = b.node(Op::Gemm, "dense", &[flat, w]).unwrap();
        b.output(LOGIT, logit);
        b.finish().unwrap()
    }

    /// Names of the constants that changed.
    fn changed(before: &Graph, after: &Graph) -> Vec<String> {
        let differ = before
            .ids()
            .filter(|&id| before.constant(id) != after.constant(id));
        differ.map(|id| before.value(id).name.clone()).collect()
    }

    #[test]
    fn the_last_block_is_what_stands_behind_the_last_change_of_the_grid() {
        let graph = network();
        let last = randomised_network(&graph, Depth::LastBlock, 1);
        assert_eq!(changed(&graph, &last.graph), ["last", "gate", "dense"]);
        assert_eq!(last.tensors, 3);
        let all = randomised_network(&graph, Depth::All, 1);
        let names = changed(&graph, &all.graph);
        assert_eq!(names, ["first", "halving", "last", "gate", "dense"]);
    }

    #[test]
    fn each_tensor_keeps_its_numbers_and_the_seed_decides_their_places() {
        let graph = network();
        let [last, all] = Depth::BOTH.map(|depth| randomised_network(&graph, depth, 7).graph);
        for id in graph.ids() {
            if let (Some(before), Some(after)) = (graph.constant(id), all.constant(id)) {
                let mut sorted = after.to_vec();
                sorted.sort_by(f32::total_cmp);
                assert_eq!(sorted, before);
            }
        }
        let dense = graph.value_named("dense").unwrap();
        assert_eq!(last.constant(dense), all.constant(dense));
        let again = randomised_network(&graph, Depth::All, 7).graph;
        assert_eq!(all, again);
        assert_ne!(all, randomised_network(&graph, Depth::All, 8).graph);
        // Tensors of one size are not shuffled alike.
        let gate = graph.value_named("gate").unwrap();
        assert_ne!(all.constant(gate), all.constant(dense));
    }
}
