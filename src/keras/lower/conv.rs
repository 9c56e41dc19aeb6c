//! Convolutions, with a following batch norm folded into their weights.

use super::norm::Affine;
use super::{Context, LayerContext, LayerOutput, activation};
use crate::graph::{Conv as GraphConv, Op, Pads, ValueId};
use crate::keras::Error;
use crate::keras::kind::{BatchNorm, Conv, Padding};
use crate::keras::weights::missing;

/// Conv2D: kernel (kh, kw, in, out) → (out, in, kh, kw).
pub fn conv(
    context: &mut Context,
    spot: LayerContext,
    conv: &Conv,
    x: &LayerOutput,
    norm: Option<(LayerContext, BatchNorm)>,
) -> Result<ValueId, Error> {
    let [channels, ..] = context.picture(x, spot)?;
    let [kh, kw] = conv.window.kernel;
    let out = last_axis(context, spot, &["kernel"])?;
    if channels % conv.groups != 0 || out % conv.groups != 0 {
        return Err(spot.unsupported("its groups do not divide the channels"));
    }
    let input = channels / conv.groups;
    let kernel = context.weight(spot, &["kernel"], &[kh, kw, input, out])?;
    let affine = Affine::of(context, norm, out)?;
    let mut turned = Vec::with_capacity(kernel.len());
    for o in 0..out {
        let factor = affine.as_ref().map(|a| a.factors[o]);
        for i in 0..input {
            turned.extend((0..kh * kw).map(|k| scaled(kernel[(k * input + i) * out + o], factor)));
        }
    }
    drop(kernel);
    let weights = context.constant(spot, "kernel", &[out, input, kh, kw], turned)?;
    let bias = bias(context, spot, conv.use_bias, affine, out)?;
    let op = windowed(context, spot, conv, conv.groups, x)?;
    let y = context.node(op, spot, &inputs(x.value, weights, bias))?;
    activation::activation(context, spot, conv.activation, y)
}

/// DepthwiseConv2D: kernel (kh, kw, c, m) → (c · m, 1, kh, kw), one group per channel.
pub fn depthwise(
    context: &mut Context,
    spot: LayerContext,
    conv: &Conv,
    x: &LayerOutput,
    norm: Option<(LayerContext, BatchNorm)>,
) -> Result<ValueId, Error> {
    let y = depthwise_part(
        context,
        spot,
        conv,
        &["depthwise_kernel", "kernel"],
        Some(norm),
        x,
    )?;
    activation::activation(context, spot, conv.activation, y)
}

/// SeparableConv2D: the depthwise part without bias, then 1 × 1 with bias and activation.
pub fn separable(
    context: &mut Context,
    spot: LayerContext,
    conv: &Conv,
    x: &LayerOutput,
    norm: Option<(LayerContext, BatchNorm)>,
) -> Result<ValueId, Error> {
    let spread = depthwise_part(context, spot, conv, &["depthwise_kernel"], None, x)?;
    let input = context.builder.ty(spread).sizes()[0];
    let out = last_axis(context, spot, &["pointwise_kernel"])?;
    let kernel = context.weight(spot, &["pointwise_kernel"], &[1, 1, input, out])?;
    let affine = Affine::of(context, norm, out)?;
    let mut turned = Vec::with_capacity(kernel.len());
    for o in 0..out {
        let factor = affine.as_ref().map(|a| a.factors[o]);
        turned.extend((0..input).map(|i| scaled(kernel[i * out + o], factor)));
    }
    drop(kernel);
    let weights = context.constant(spot, "pointwise_kernel", &[out, input, 1, 1], turned)?;
    let bias = bias(context, spot, conv.use_bias, affine, out)?;
    let y = context.node(
        Op::Conv(GraphConv::default()),
        spot,
        &inputs(spread, weights, bias),
    )?;
    activation::activation(context, spot, conv.activation, y)
}

/// Explicit pads of `same` padding along one axis: ⌈n / s⌉ windows, an odd zero at the end.
pub fn same_pads(size: usize, kernel: usize, stride: usize, dilation: usize) -> (usize, usize) {
    let reach = (kernel - 1).saturating_mul(dilation).saturating_add(1);
    let windows = size.div_ceil(stride);
    let needed = (windows.saturating_sub(1))
        .saturating_mul(stride)
        .saturating_add(reach);
    let total = needed.saturating_sub(size);
    (total / 2, total - total / 2)
}

/// Pads of a window over an input of this height and width.
pub fn pads_of(
    padding: Padding,
    size: [usize; 2],
    kernel: [usize; 2],
    strides: [usize; 2],
    dilations: [usize; 2],
) -> Pads {
    if padding == Padding::Valid {
        return Pads::NONE;
    }
    let (top, bottom) = same_pads(size[0], kernel[0], strides[0], dilations[0]);
    let (left, right) = same_pads(size[1], kernel[1], strides[1], dilations[1]);
    Pads {
        top,
        left,
        bottom,
        right,
    }
}

/// `norm` is `None` if neither bias nor norm follows this part.
fn depthwise_part(
    context: &mut Context,
    spot: LayerContext,
    conv: &Conv,
    names: &[&str],
    norm: Option<Option<(LayerContext, BatchNorm)>>,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let [channels, ..] = context.picture(x, spot)?;
    let [kh, kw] = conv.window.kernel;
    let multiplier = last_axis(context, spot, names)?;
    let out = channels
        .checked_mul(multiplier)
        .ok_or_else(|| Error::Limit("a kernel".into()))?;
    let kernel = context.weight(spot, names, &[kh, kw, channels, multiplier])?;
    let affine = Affine::of(context, norm.flatten(), out)?;
    let mut turned = Vec::with_capacity(kernel.len());
    for o in 0..out {
        let factor = affine.as_ref().map(|a| a.factors[o]);
        turned.extend((0..kh * kw).map(|k| scaled(kernel[k * out + o], factor)));
    }
    drop(kernel);
    let weights = context.constant(spot, "depthwise_kernel", &[out, 1, kh, kw], turned)?;
    let bias = match norm {
        Some(_) => bias(context, spot, conv.use_bias, affine, out)?,
        None => None,
    };
    let op = windowed(context, spot, conv, channels, x)?;
    context.node(op, spot, &inputs(x.value, weights, bias))
}

fn windowed(
    context: &Context,
    spot: LayerContext,
    conv: &Conv,
    groups: usize,
    x: &LayerOutput,
) -> Result<Op, Error> {
    let [_, height, width] = context.picture(x, spot)?;
    let window = &conv.window;
    let own = pads_of(
        window.padding,
        [height, width],
        window.kernel,
        window.strides,
        conv.dilations,
    );
    let pads = own
        .checked_add(x.pads)
        .ok_or_else(|| Error::Limit("padding".into()))?;
    Ok(Op::Conv(GraphConv {
        strides: window.strides,
        dilations: conv.dilations,
        pads,
        groups,
    }))
}

/// Size of the last axis of a kernel, which the configuration does not always state.
fn last_axis(context: &Context, spot: LayerContext, names: &[&str]) -> Result<usize, Error> {
    let shape = context.weights.shape(spot.place(), names)?;
    let last = shape.and_then(|s| s.last().copied());
    last.ok_or_else(|| missing(spot.layer, names))
}

/// bias · a + b, in f64, rounded once.
fn bias(
    context: &mut Context,
    spot: LayerContext,
    use_bias: bool,
    affine: Option<Affine>,
    out: usize,
) -> Result<Option<ValueId>, Error> {
    let own = if use_bias {
        Some(context.weight(spot, &["bias"], &[out])?)
    } else {
        None
    };
    let numbers = match (own, affine) {
        (None, None) => return Ok(None),
        (Some(own), None) => own,
        (None, Some(affine)) => affine.offsets.iter().map(|&b| b as f32).collect(),
        (Some(own), Some(affine)) => {
            let terms = own.iter().zip(affine.factors.iter().zip(&affine.offsets));
            terms
                .map(|(&x, (a, b))| (f64::from(x) * a + b) as f32)
                .collect()
        }
    };
    context.constant(spot, "bias", &[out], numbers).map(Some)
}

fn scaled(weight: f32, factor: Option<f64>) -> f32 {
    factor.map_or(weight, |a| (f64::from(weight) * a) as f32)
}

fn inputs(x: ValueId, weights: ValueId, bias: Option<ValueId>) -> Vec<ValueId> {
    [Some(x), Some(weights), bias]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_puts_the_odd_zero_at_the_end() {
        assert_eq!(same_pads(224, 3, 2, 1), (0, 1));
        assert_eq!(same_pads(225, 3, 2, 1), (1, 1));
        assert_eq!(same_pads(7, 5, 1, 1), (2, 2));
        assert_eq!(same_pads(8, 3, 1, 2), (2, 2));
        assert_eq!(same_pads(5, 1, 2, 1), (0, 0));
    }
}
