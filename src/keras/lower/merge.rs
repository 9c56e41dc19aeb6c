//! Layers that combine several inputs.

use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId};
use crate::keras::Error;

/// Sum of all inputs.
pub fn add(
    context: &mut Context,
    spot: LayerContext,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    chain(context, spot, &Op::Add, inputs)
}

/// Product of all inputs; (N, C, 1, 1) broadcasts to (N, C, H, W).
pub fn multiply(
    context: &mut Context,
    spot: LayerContext,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    chain(context, spot, &Op::Mul, inputs)
}

/// Concatenates along an axis of Keras, where the last one is the channels.
pub fn concatenate(
    context: &mut Context,
    spot: LayerContext,
    axis: i64,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(inputs[0].value).rank();
    let axis = match (rank, axis) {
        (4, -1 | 3) | (2, -1 | 1) => 1,
        (4, 1 | -3) => 2,
        (4, 2 | -2) => 3,
        _ => return Err(spot.unsupported(format!("it concatenates along axis {axis}"))),
    };
    let values: Vec<ValueId> = inputs.iter().map(|f| f.value).collect();
    context.node(Op::Concat { axis }, spot, &values)
}

/// in[0] + scale · in[1]
pub fn add_scaled(
    context: &mut Context,
    spot: LayerContext,
    scale: f64,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let [a, b] = inputs else {
        return Err(spot.unsupported("it needs two inputs"));
    };
    let shape = vec![1; context.builder.ty(b.value).rank()];
    let factor = context.constant(spot, "scale", &shape, vec![scale as f32])?;
    let scaled = context.node(Op::Mul, spot, &[b.value, factor])?;
    context.node(Op::Add, spot, &[a.value, scaled])
}

fn chain(
    context: &mut Context,
    spot: LayerContext,
    op: &Op,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let rank = |f: &LayerOutput| context.builder.ty(f.value).rank();
    if inputs.len() < 2 || inputs.iter().any(|f| rank(f) != rank(&inputs[0])) {
        return Err(spot.unsupported("its inputs do not have the same number of axes"));
    }
    let mut value = inputs[0].value;
    for other in &inputs[1..] {
        value = context.node(op.clone(), spot, &[value, other.value])?;
    }
    Ok(value)
}
