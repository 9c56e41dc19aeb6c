//! Preprocessing that is part of the network.

use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId};
use crate::keras::Error;

/// Smallest divisor of a normalization, as in Keras.
const LEAST_DEVIATION: f32 = 1e-7;

/// x · scale + offset.
pub fn rescaling(
    context: &mut Context,
    spot: LayerContext,
    scale: &[f64],
    offset: &[f64],
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    context.note_preprocessing(spot);
    let mut y = with_numbers(context, spot, Op::Mul, "scale", floats(scale), x.value)?;
    if offset.iter().any(|&o| o != 0.0) {
        y = with_numbers(context, spot, Op::Add, "offset", floats(offset), y)?;
    }
    Ok(y)
}

/// (x − mean) / max(√variance, 1e-7), or its inverse, in float32 from the stored values, as in Keras.
pub fn normalization(
    context: &mut Context,
    spot: LayerContext,
    mean: Option<&[f64]>,
    variance: Option<&[f64]>,
    invert: bool,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    context.note_preprocessing(spot);
    let numbers = |given: Option<&[f64]>, name: &str| match given {
        Some(given) => Ok(floats(given)),
        None => context
            .weights
            .read(spot.place(), &[name])
            .map(|array| array.numbers),
    };
    let (mean, variance) = (numbers(mean, "mean")?, numbers(variance, "variance")?);
    let deviation = variance
        .iter()
        .map(|v| v.sqrt().max(LEAST_DEVIATION))
        .collect();
    if invert {
        let y = with_numbers(context, spot, Op::Mul, "deviation", deviation, x.value)?;
        return with_numbers(context, spot, Op::Add, "mean", mean, y);
    }
    let y = with_numbers(context, spot, Op::Sub, "mean", mean, x.value)?;
    with_numbers(context, spot, Op::Div, "deviation", deviation, y)
}

fn with_numbers(
    context: &mut Context,
    spot: LayerContext,
    op: Op,
    what: &str,
    numbers: Vec<f32>,
    x: ValueId,
) -> Result<ValueId, Error> {
    let shape = context.per_channel(x, numbers.len());
    let shape = shape
        .ok_or_else(|| spot.unsupported(format!("its {what} has {} values", numbers.len())))?;
    let constant = context.constant(spot, what, &shape, numbers)?;
    context.node(op, spot, &[x, constant])
}

fn floats(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|&n| n as f32).collect()
}
