//! Gradients of activations. Masks are products with 0 and 1, because a conditional select is slow in the engines.

use super::tape::Tape;
use crate::graph::{Error, Node, Op, ValueId};

/// `slope` where x > 0, 0 elsewhere.
pub fn relu(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let zero = tape.scalar(0.0)?;
    let mask = tape.greater(node.output, zero)?;
    times(tape, node, slope, mask)
}

/// `slope` where x > 0, alpha · `slope` elsewhere.
pub fn leaky_relu(tape: &mut Tape, node: &Node, alpha: f32, slope: ValueId) -> Result<(), Error> {
    let zero = tape.scalar(0.0)?;
    let mask = tape.greater(node.inputs[0], zero)?;
    let (low, rise) = (tape.scalar(alpha)?, tape.scalar(1.0 - alpha)?);
    let above = tape.mul(mask, rise)?;
    let factor = tape.node(Op::Add, &[above, low])?;
    times(tape, node, slope, factor)
}

/// `slope` strictly between the bounds, 0 elsewhere.
pub fn clip(
    tape: &mut Tape,
    node: &Node,
    [low, high]: [f32; 2],
    slope: ValueId,
) -> Result<(), Error> {
    let (low, high) = (tape.scalar(low)?, tape.scalar(high)?);
    let above = tape.greater(node.output, low)?;
    let below = tape.greater(high, node.output)?;
    let mask = tape.mul(above, below)?;
    times(tape, node, slope, mask)
}

/// slope · y · (1 − y).
pub fn sigmoid(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let rest = tape.one_minus(node.output)?;
    let factor = tape.mul(node.output, rest)?;
    times(tape, node, slope, factor)
}

/// slope · (1 − y²).
pub fn tanh(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let square = tape.mul(node.output, node.output)?;
    let factor = tape.one_minus(square)?;
    times(tape, node, slope, factor)
}

/// slope · 2 / √π · exp(−x²), with exp(−u) computed as sigmoid(−u) / sigmoid(u): both keep full precision.
pub fn erf(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let x = node.inputs[0];
    let square = tape.mul(x, x)?;
    let minus = tape.scalar(-1.0)?;
    let negative = tape.mul(square, minus)?;
    let above = tape.node(Op::Sigmoid, &[negative])?;
    let below = tape.node(Op::Sigmoid, &[square])?;
    let bell = tape.node(Op::Div, &[above, below])?;
    let height = tape.scalar(std::f32::consts::FRAC_2_SQRT_PI)?;
    let factor = tape.mul(bell, height)?;
    times(tape, node, slope, factor)
}

/// slope · y.
pub fn exp(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    times(tape, node, slope, node.output)
}

/// slope / x.
pub fn log(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let contribution = tape.node(Op::Div, &[slope, node.inputs[0]])?;
    tape.add(node.inputs[0], contribution)
}

/// slope / (2 y).
pub fn sqrt(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let two = tape.scalar(2.0)?;
    let double = tape.mul(node.output, two)?;
    let contribution = tape.node(Op::Div, &[slope, double])?;
    tape.add(node.inputs[0], contribution)
}

/// With v = slope · y: v − y · Σ v over the last axis.
pub fn softmax(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let weighed = tape.mul(slope, node.output)?;
    let last = tape.ty(weighed).rank() - 1;
    let sum = tape.node(Op::ReduceSum { axes: vec![last] }, &[weighed])?;
    let share = tape.mul(node.output, sum)?;
    let contribution = tape.node(Op::Sub, &[weighed, share])?;
    tape.add(node.inputs[0], contribution)
}

fn times(tape: &mut Tape, node: &Node, slope: ValueId, factor: ValueId) -> Result<(), Error> {
    let contribution = tape.mul(slope, factor)?;
    tape.add(node.inputs[0], contribution)
}

#[cfg(test)]
mod tests {
    use super::super::differentiate;
    use super::super::tests::{check, network, node};
    use super::*;
    use crate::graph::reference::{Array, output};

    #[test]
    fn every_activation_agrees_with_differences() {
        for op in [
            Op::Relu,
            Op::LeakyRelu { alpha: 0.2 },
            Op::Clip {
                low: -0.5,
                high: 0.25,
            },
            Op::Sigmoid,
            Op::Tanh,
            Op::Erf,
            Op::Exp,
            Op::Softmax,
        ] {
            check(op.onnx_name(), &[3, 3, 5], |b, x| node(b, op.clone(), &[x]));
            check(op.onnx_name(), &[7], |b, x| node(b, op.clone(), &[x]));
        }
        for op in [Op::Log, Op::Sqrt] {
            check(op.onnx_name(), &[7], |b, x| {
                let positive = node(b, Op::Exp, &[x]);
                node(b, op.clone(), &[positive])
            });
        }
    }

    #[test]
    fn at_a_kink_the_slope_is_that_of_tensorflow() {
        let clip = Op::Clip {
            low: 0.0,
            high: 6.0,
        };
        for (op, expected) in [
            (Op::Relu, [0.0, 0.0, 1.0, 1.0]),
            (clip, [0.0, 0.0, 1.0, 0.0]),
            (Op::LeakyRelu { alpha: 0.25 }, [0.25, 0.25, 1.0, 1.0]),
        ] {
            let graph = network(&[4], |b, x| node(b, op, &[x]));
            let longer = differentiate(&graph, "y", &["x"]).unwrap();
            let x = Array::new(&[1, 4], vec![-1.0, 0.0, 3.0, 6.0]);
            let seed = Array::new(&[1, 4], vec![1.0; 4]);
            assert_eq!(output(&longer, &[x, seed], "gradient:x").numbers, expected);
        }
    }
}
