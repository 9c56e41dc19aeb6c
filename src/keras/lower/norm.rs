//! Batch norm: a · x + b per channel, computed in f64; layer norm and layer scale.

use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId, compose};
use crate::keras::Error;
use crate::keras::kind::{BatchNorm, LayerNorm};
use crate::keras::weight_order::LAYER_SCALE;

/// y = factor · x + offset per channel, from the moving statistics.
pub struct Affine {
    pub factors: Vec<f64>,
    pub offsets: Vec<f64>,
}

impl Affine {
    /// a = gamma / √(variance + epsilon), b = beta − mean · a; `None` without a norm.
    pub fn of(
        context: &Context,
        norm: Option<(LayerContext, BatchNorm)>,
        channels: usize,
    ) -> Result<Option<Self>, Error> {
        let Some((spot, norm)) = norm else {
            return Ok(None);
        };
        if !matches!(norm.axis, -1 | 3) {
            return Err(spot.unsupported("it does not normalise the channel axis"));
        }
        read(context, spot, &norm, channels).map(Some)
    }
}

/// A batch norm that is not folded: Mul and Add.
pub fn batch_norm(
    context: &mut Context,
    spot: LayerContext,
    norm: &BatchNorm,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(x.value).rank() as i64;
    if norm.axis != -1 && norm.axis != rank - 1 {
        return Err(spot.unsupported("it does not normalise the channel axis"));
    }
    let channels = context.builder.ty(x.value).sizes()[0];
    let affine = read(context, spot, norm, channels)?;
    let mut shape = vec![1; rank as usize];
    shape[1] = channels;
    let rounded = |numbers: &[f64]| numbers.iter().map(|&n| n as f32).collect();
    let factors = context.constant(spot, "factor", &shape, rounded(&affine.factors))?;
    let offsets = context.constant(spot, "offset", &shape, rounded(&affine.offsets))?;
    let y = context.node(Op::Mul, spot, &[x.value, factors])?;
    context.node(Op::Add, spot, &[y, offsets])
}

/// gamma · (x − mean) / √(variance + epsilon) + beta, with mean and variance over the channels at each place.
pub fn layer_norm(
    context: &mut Context,
    spot: LayerContext,
    norm: &LayerNorm,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(x.value).rank();
    if norm.axis != -1 && norm.axis != rank as i64 - 1 {
        return Err(spot.unsupported("it does not normalise the channel axis"));
    }
    let channels = context.builder.ty(x.value).sizes()[0];
    let mean = |context: &mut Context, what: &str, x: ValueId| {
        let share = vec![1.0 / channels as f32; channels];
        context.mixed(spot, what, [1, channels], share, None, x)
    };
    let middle = mean(context, "mean", x.value)?;
    let centred = context.node(Op::Sub, spot, &[x.value, middle])?;
    let square = context.node(Op::Mul, spot, &[centred, centred])?;
    let variance = mean(context, "variance", square)?;
    let (builder, layer) = (&mut context.builder, spot.layer);
    let epsilon = norm.epsilon as f32;
    let raised = compose::by_number(builder, layer, Op::Add, "epsilon", epsilon, variance)?;
    let deviation = context.node(Op::Sqrt, spot, &[raised])?;
    let mut y = context.node(Op::Div, spot, &[centred, deviation])?;
    for (name, op, is_there) in [
        ("gamma", Op::Mul, norm.scale),
        ("beta", Op::Add, norm.center),
    ] {
        if is_there {
            let numbers = context.weight(spot, &[name], &[channels])?;
            y = by_channel(context, spot, op, name, numbers, y)?;
        }
    }
    Ok(y)
}

/// gamma · x per channel.
pub fn layer_scale(
    context: &mut Context,
    spot: LayerContext,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let channels = context.builder.ty(x.value).sizes()[0];
    let gamma = context.weight(spot, &LAYER_SCALE, &[channels])?;
    by_channel(context, spot, Op::Mul, "gamma", gamma, x.value)
}

fn by_channel(
    context: &mut Context,
    spot: LayerContext,
    op: Op,
    what: &str,
    numbers: Vec<f32>,
    x: ValueId,
) -> Result<ValueId, Error> {
    let mut shape = vec![1; context.builder.ty(x).rank()];
    shape[1] = numbers.len();
    let numbers = context.constant(spot, what, &shape, numbers)?;
    context.node(op, spot, &[x, numbers])
}

fn read(
    context: &Context,
    spot: LayerContext,
    norm: &BatchNorm,
    channels: usize,
) -> Result<Affine, Error> {
    let weight = |name: &str| context.weight(spot, &[name], &[channels]);
    let ones = || vec![1.0; channels];
    let gamma = if norm.scale { weight("gamma")? } else { ones() };
    let beta = if norm.center {
        weight("beta")?
    } else {
        vec![0.0; channels]
    };
    let (mean, variance) = (weight("moving_mean")?, weight("moving_variance")?);
    let mut affine = Affine {
        factors: Vec::with_capacity(channels),
        offsets: Vec::with_capacity(channels),
    };
    for c in 0..channels {
        let factor = f64::from(gamma[c]) / (f64::from(variance[c]) + norm.epsilon).sqrt();
        affine.factors.push(factor);
        affine
            .offsets
            .push(f64::from(beta[c]) - f64::from(mean[c]) * factor);
    }
    Ok(affine)
}
