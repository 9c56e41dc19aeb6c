//! Layers that combine several inputs.

use super::axes::{from_front, in_graph};
use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId, compose};
use crate::keras::Error;

/// Combines all inputs one after another, as a sum or a product.
pub fn chain(
    context: &mut Context,
    spot: LayerContext,
    op: &Op,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let inputs = with_equal_axes(context, spot, inputs)?;
    let mut value = inputs[0];
    for other in &inputs[1..] {
        value = context.node(op.clone(), spot, &[value, *other])?;
    }
    Ok(value)
}

/// The mean of all inputs.
pub fn average(
    context: &mut Context,
    spot: LayerContext,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let sum = chain(context, spot, &Op::Add, inputs)?;
    let share = 1.0 / inputs.len() as f32;
    let builder = &mut context.builder;
    Ok(compose::by_number(
        builder,
        spot.layer,
        Op::Mul,
        "share",
        share,
        sum,
    )?)
}

/// The difference of two inputs.
pub fn subtract(
    context: &mut Context,
    spot: LayerContext,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    match inputs.len() {
        2 => chain(context, spot, &Op::Sub, inputs),
        _ => Err(spot.unsupported("it needs two inputs")),
    }
}

/// The greatest of all inputs, or the smallest, element by element.
pub fn extreme(
    context: &mut Context,
    spot: LayerContext,
    is_greatest: bool,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let inputs = with_equal_axes(context, spot, inputs)?;
    let mut value = inputs[0];
    for other in &inputs[1..] {
        let pair = [value, *other];
        value = match is_greatest {
            true => compose::maximum(&mut context.builder, spot.layer, pair)?,
            false => compose::minimum(&mut context.builder, spot.layer, pair)?,
        };
    }
    Ok(value)
}

/// Concatenates along an axis of Keras, where the last one is the channels.
pub fn concatenate(
    context: &mut Context,
    spot: LayerContext,
    axis: i64,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(inputs[0].value).rank();
    let place = from_front(axis, rank).map(|axis| in_graph(axis, rank));
    let axis = place
        .filter(|&place| place > 0)
        .ok_or_else(|| spot.unsupported(format!("it concatenates along axis {axis}")))?;
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

/// The inputs with the same number of axes: as in Keras, those with fewer get axes of size 1 after the batch.
fn with_equal_axes(
    context: &mut Context,
    spot: LayerContext,
    inputs: &[LayerOutput],
) -> Result<Vec<ValueId>, Error> {
    if inputs.len() < 2 {
        return Err(spot.unsupported("it has one input only"));
    }
    let ranks = inputs.iter().map(|f| context.builder.ty(f.value).rank());
    let rank = ranks.max().unwrap_or_default();
    let mut values = Vec::with_capacity(inputs.len());
    for input in inputs {
        let mut sizes = context.builder.ty(input.value).sizes();
        let missing = rank - 1 - sizes.len();
        sizes.splice(1..1, std::iter::repeat_n(1, missing));
        values.push(context.reshaped(spot, sizes, input.value)?);
    }
    Ok(values)
}
