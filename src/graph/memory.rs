//! Estimates, from the graph alone, the memory that a run of a network takes.

use super::{Graph, Op, Source, ValueId};

/// Bytes, for float32 values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// All constants.
    pub constants: u64,
    /// Peak of inputs and results, if nodes run in order and every value is freed after its last reader. An
    /// element-wise operator overwrites an input that has no other reader left.
    pub working: u64,
}

/// The footprint of a run on a batch of `pictures` images.
pub fn footprint(graph: &Graph, pictures: usize) -> Footprint {
    let bytes = |value: ValueId| {
        let ty = graph.ty(value);
        let copies = if ty.is_batched() { pictures as u64 } else { 1 };
        // The size of a type was checked when the graph was built.
        4 * copies * ty.elements().unwrap_or(usize::MAX) as u64
    };
    let constant = |value: ValueId| matches!(graph.value(value).source, Source::Constant(_));
    let mut readers = vec![0_usize; graph.values().len()];
    for node in graph.nodes() {
        node.inputs.iter().for_each(|i| readers[i.index()] += 1);
    }
    // Outputs and inputs are held to the end.
    let ends = graph.outputs().iter().map(|o| o.value);
    ends.chain(graph.inputs().iter().copied())
        .for_each(|value| readers[value.index()] += 1);

    let mut held: u64 = graph.inputs().iter().map(|&i| bytes(i)).sum();
    let mut working = held;
    for node in graph.nodes() {
        let mut inputs = node.inputs.clone();
        inputs.sort_unstable();
        inputs.dedup();
        let mut let_go = 0;
        let mut written_over = 0;
        for input in inputs {
            let times = node.inputs.iter().filter(|i| **i == input).count();
            readers[input.index()] -= times;
            if readers[input.index()] == 0 && !constant(input) {
                let_go += bytes(input);
                if in_place(&node.op) && graph.ty(input) == graph.ty(node.output) {
                    written_over = bytes(input);
                }
            }
        }
        let made = bytes(node.output);
        working = working.max(held + made - written_over);
        held = held + made - let_go;
    }
    Footprint {
        constants: graph.constant_count() * 4,
        working,
    }
}

/// True for operators that work element by element or only change the shape.
fn in_place(op: &Op) -> bool {
    matches!(
        op,
        Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Div
            | Op::Relu
            | Op::LeakyRelu { .. }
            | Op::Clip { .. }
            | Op::Sigmoid
            | Op::Tanh
            | Op::Erf
            | Op::Exp
            | Op::Log
            | Op::Sqrt
            | Op::Flatten
            | Op::Reshape { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::gradient::differentiate;
    use crate::graph::{Builder, TensorType};

    /// x (2, 4, 4) through tanh layers to a mean per channel.
    fn chain(layers: usize) -> Graph {
        let mut b = Builder::new();
        let mut x = b.input("x", TensorType::batched(&[2, 4, 4])).unwrap();
        for _ in 0..layers {
            let one = b.constant("one", &[1], vec![1.0]).unwrap();
            x = b.node(Op::Add, "add", &[x, one]).unwrap();
            x = b.node(Op::Tanh, "tanh", &[x]).unwrap();
        }
        let y = b.node(Op::GlobalAveragePool, "gap", &[x]).unwrap();
        b.output("y", y);
        b.finish().unwrap()
    }

    #[test]
    fn a_forward_run_holds_its_input_and_one_result_however_deep_it_is() {
        const PICTURE: u64 = 4 * 2 * 4 * 4;
        for layers in [2, 9] {
            let graph = chain(layers);
            let found = footprint(&graph, 3);
            assert_eq!(found.constants, 4 * layers as u64);
            // The input is held; the pooled values, 2 per image, are computed while the last result is still held.
            assert_eq!(found.working, 3 * (2 * PICTURE + 4 * 2), "{layers}");
        }
    }

    #[test]
    fn a_gradient_holds_one_more_result_for_every_layer() {
        let working = |layers| {
            let longer = differentiate(&chain(layers), "y", &["x"]).unwrap();
            footprint(&longer, 1).working
        };
        assert_eq!(working(9) - working(5), 4 * 4 * 2 * 4 * 4);
        let longer = differentiate(&chain(5), "y", &["x"]).unwrap();
        assert_eq!(
            footprint(&longer, 6).working,
            6 * working(5) - 5 * scalars(&longer)
        );
    }

    /// Bytes of results that do not depend on the batch size.
    fn scalars(graph: &Graph) -> u64 {
        let fixed = graph
            .nodes()
            .iter()
            .filter(|n| !graph.ty(n.output).is_batched());
        fixed
            .map(|n| 4 * graph.ty(n.output).elements().unwrap() as u64)
            .sum()
    }
}
