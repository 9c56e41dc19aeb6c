//! Batch norm: a · x + b per channel, computed in f64.

use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId};
use crate::keras::Error;
use crate::keras::kind::BatchNorm;

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
