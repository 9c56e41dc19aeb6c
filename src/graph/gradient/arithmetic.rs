//! Gradients of sums, products, quotients and the matrix product.

use super::tape::Tape;
use crate::graph::{Error, Node, Op, ValueId};

/// y = a + b: `slope` for both operands.
pub fn add(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    for &operand in &node.inputs {
        give(tape, operand, slope)?;
    }
    Ok(())
}

/// y = a − b.
pub fn sub(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    give(tape, node.inputs[0], slope)?;
    if tape.is_needed(node.inputs[1]) {
        let minus = tape.scalar(-1.0)?;
        let negative = tape.mul(slope, minus)?;
        give(tape, node.inputs[1], negative)?;
    }
    Ok(())
}

/// y = a · b: `slope` times the other operand. Swish, y = x · s(x) with the sigmoid s, has its own rule, which skips
/// the sigmoid node: slope · (s + y · (1 − s)).
pub fn mul(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let (a, b) = (node.inputs[0], node.inputs[1]);
    for (x, s) in [(a, b), (b, a)] {
        let is_swish = tape
            .builder
            .graph()
            .producer(s)
            .is_some_and(|n| n.op == Op::Sigmoid && n.inputs == [x]);
        if is_swish && tape.is_needed(x) {
            let rest = tape.one_minus(s)?;
            let rest = tape.mul(node.output, rest)?;
            let whole = tape.node(Op::Add, &[s, rest])?;
            let contribution = tape.mul(slope, whole)?;
            return tape.add(x, contribution);
        }
    }
    for (operand, other) in [(a, b), (b, a)] {
        if tape.is_needed(operand) {
            let contribution = tape.mul(slope, other)?;
            give(tape, operand, contribution)?;
        }
    }
    Ok(())
}

/// y = a / b: slope / b, and −slope · y / b.
pub fn div(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let (a, b) = (node.inputs[0], node.inputs[1]);
    let quotient = tape.node(Op::Div, &[slope, b])?;
    give(tape, a, quotient)?;
    if tape.is_needed(b) {
        let product = tape.mul(quotient, node.output)?;
        let minus = tape.scalar(-1.0)?;
        let negative = tape.mul(product, minus)?;
        give(tape, b, negative)?;
    }
    Ok(())
}

/// y = x · W + b: slope · Wᵀ.
pub fn gemm(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let (x, weights) = (node.inputs[0], node.inputs[1]);
    if !tape.is_needed(x) {
        return Ok(());
    }
    let sizes = tape.ty(weights).sizes();
    let (rows, columns) = (sizes[0], sizes[1]);
    let turned = match tape.numbers(weights) {
        Some(numbers) => {
            let turned = (0..columns).flat_map(|c| (0..rows).map(move |r| r * columns + c));
            let turned = turned.map(|at| numbers[at]).collect();
            tape.constant(&[columns, rows], turned)?
        }
        None => tape.node(Op::Transpose { axes: vec![1, 0] }, &[weights])?,
    };
    let contribution = tape.node(Op::Gemm, &[slope, turned])?;
    tape.add(x, contribution)
}

/// Adds a contribution to an operand that may have been broadcast.
fn give(tape: &mut Tape, operand: ValueId, contribution: ValueId) -> Result<(), Error> {
    if !tape.is_needed(operand) {
        return Ok(());
    }
    let contribution = tape.unrepeated(contribution, operand)?;
    tape.add(operand, contribution)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, node, numbers};
    use super::*;

    #[test]
    fn four_operations_with_numbers_and_with_each_other() {
        for op in [Op::Add, Op::Sub, Op::Mul, Op::Div] {
            let name = op.onnx_name();
            for numbers_first in [false, true] {
                check(name, &[3, 2, 5], |b, x| {
                    let c = b
                        .constant("c", &[1, 3, 1, 1], vec![2.0, -0.5, 1.5])
                        .unwrap();
                    let two = b.constant("two", &[], vec![2.0]).unwrap();
                    let x = node(b, Op::Add, &[x, two]);
                    let inputs = if numbers_first { [c, x] } else { [x, c] };
                    node(b, op.clone(), &inputs)
                });
            }
            check(name, &[3, 2, 5], |b, x| {
                let mean = node(b, Op::GlobalAveragePool, &[x]);
                let two = b.constant("two", &[1], vec![2.0]).unwrap();
                let mean = node(b, Op::Add, &[mean, two]);
                node(b, op.clone(), &[x, mean])
            });
            check(name, &[3, 2, 5], |b, x| {
                let mean = node(b, Op::GlobalAveragePool, &[x]);
                let two = b.constant("two", &[1], vec![2.0]).unwrap();
                let lifted = node(b, Op::Add, &[x, two]);
                node(b, op.clone(), &[mean, lifted])
            });
        }
        check("square", &[4], |b, x| node(b, Op::Mul, &[x, x]));
    }

    #[test]
    fn a_swish_of_either_order_is_one_rule() {
        for turned in [false, true] {
            let longer = check("swish", &[3, 3, 3], |b, x| {
                let s = node(b, Op::Sigmoid, &[x]);
                node(b, Op::Mul, &if turned { [s, x] } else { [x, s] })
            });
            assert_eq!(longer.nodes().len(), 2 + 4);
        }
    }

    #[test]
    fn a_dense_layer() {
        check("dense", &[5], |b, x| {
            let w = b.constant("w", &[5, 3], numbers(15, 1)).unwrap();
            let bias = b.constant("b", &[3], numbers(3, 2)).unwrap();
            node(b, Op::Gemm, &[x, w, bias])
        });
        check("computed weights", &[5], |b, x| {
            let w = b.constant("w", &[5, 3], numbers(15, 1)).unwrap();
            let w = node(b, Op::Tanh, &[w]);
            node(b, Op::Gemm, &[x, w])
        });
    }
}
