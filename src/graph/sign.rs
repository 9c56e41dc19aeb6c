//! Determines, from the graph alone, which values can never be negative.

use super::{Graph, Op, Source};

/// By value: `true` if no element can be negative, whatever the inputs; `false` if nothing is known.
pub fn never_negative(graph: &Graph) -> Vec<bool> {
    let constant = |source: &Source| match source {
        Source::Constant(numbers) => numbers.iter().all(|&n| n >= 0.0),
        _ => false,
    };
    let mut known: Vec<bool> = graph.values().iter().map(|v| constant(&v.source)).collect();
    for node in graph.nodes() {
        known[node.output.index()] = match &node.op {
            Op::Relu | Op::Sigmoid | Op::Softmax | Op::Greater | Op::Exp | Op::Sqrt => true,
            Op::Clip { low, high } => *low >= 0.0 && *high >= 0.0,
            // Non-negative for non-negative inputs.
            Op::LeakyRelu { .. }
            | Op::Tanh
            | Op::Erf
            | Op::Add
            | Op::Mul
            | Op::Concat { .. }
            | Op::MaxPool(_)
            | Op::AveragePool(_)
            | Op::GlobalAveragePool
            | Op::GlobalMaxPool
            | Op::Flatten
            | Op::Reshape { .. }
            | Op::Transpose { .. }
            | Op::Pad(_)
            | Op::Slice(_)
            | Op::ReduceSum { .. } => node.inputs.iter().all(|i| known[i.index()]),
            Op::Conv(_) | Op::ConvTranspose { .. } | Op::Gemm | Op::Sub | Op::Div | Op::Log => {
                false
            }
        };
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, TensorType, ValueId};

    fn reported(build: impl FnOnce(&mut Builder, ValueId) -> ValueId) -> bool {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2, 4, 4])).unwrap();
        let y = build(&mut b, x);
        b.output("y", y);
        let graph = b.finish().unwrap();
        never_negative(&graph)[graph.output("y").unwrap().index()]
    }

    fn node(b: &mut Builder, op: Op, inputs: &[ValueId]) -> ValueId {
        b.node(op, "layer", inputs).unwrap()
    }

    #[test]
    fn a_sign_is_told_through_sums_products_and_joins() {
        let plain = |op: Op| move |b: &mut Builder, x| node(b, op, &[x]);
        for op in [Op::Relu, Op::Sigmoid] {
            assert!(reported(plain(op)));
        }
        for (low, high, known) in [(0.0, 6.0, true), (-1.0, 6.0, false), (0.0, -1.0, false)] {
            assert_eq!(
                reported(plain(Op::Clip { low, high })),
                known,
                "{low} {high}"
            );
        }
        assert!(!reported(|_, x| x));
        assert!(!reported(plain(Op::Tanh)));
        for factor in [2.0, -2.0] {
            let scaled = reported(|b, x| {
                let x = node(b, Op::Relu, &[x]);
                let factor = b.constant("factor", &[], vec![factor]).unwrap();
                let both = node(b, Op::Mul, &[x, factor]);
                let sum = node(b, Op::Add, &[both, x]);
                node(b, Op::Concat { axis: 1 }, &[sum, x])
            });
            assert_eq!(scaled, factor > 0.0);
        }
        let shifted = reported(|b, x| {
            let y = node(b, Op::Relu, &[x]);
            node(b, Op::Add, &[y, x])
        });
        assert!(!shifted);
    }
}
