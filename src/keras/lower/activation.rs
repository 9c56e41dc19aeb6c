//! Functions applied element by element, and softmax.

use super::{Context, Spot};
use crate::graph::{Op, ValueId};
use crate::keras::Error;
use crate::keras::layer::Activation;

/// Applies an activation; the value itself for the linear one.
pub fn activation(
    context: &mut Context,
    spot: Spot,
    kind: Activation,
    x: ValueId,
) -> Result<ValueId, Error> {
    let op = match kind {
        Activation::Linear => return Ok(x),
        Activation::Relu => Op::Relu,
        Activation::Relu6 => Op::Clip {
            low: 0.0,
            high: 6.0,
        },
        Activation::Sigmoid => Op::Sigmoid,
        Activation::Tanh => Op::Tanh,
        Activation::Swish => {
            let gate = context.node(Op::Sigmoid, spot, &[x])?;
            return context.node(Op::Mul, spot, &[x, gate]);
        }
        Activation::Softmax if context.builder.ty(x).vector().is_some() => Op::Softmax,
        Activation::Softmax => return Err(spot.unsupported("a softmax over a picture")),
    };
    context.node(op, spot, &[x])
}
