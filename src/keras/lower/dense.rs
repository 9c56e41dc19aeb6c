//! Fully connected layers.

use super::{Context, LayerContext, LayerOutput, activation};
use crate::graph::{Op, ValueId};
use crate::keras::Error;
use crate::keras::kind::Activation;

/// Dense over the channels: of a vector (N, in), or of each place of a feature map or sequence.
pub fn dense(
    context: &mut Context,
    spot: LayerContext,
    use_bias: bool,
    kind: Activation,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let ty = context.builder.ty(x.value);
    let (input, is_vector) = match ty.vector() {
        Some(length) => (length, true),
        None => (ty.sizes().first().copied().unwrap_or_default(), false),
    };
    let shape = context
        .weights
        .shape(spot.place(), &["kernel"])?
        .unwrap_or_default();
    let out = shape.last().copied().unwrap_or_default();
    let kernel = context.weight(spot, &["kernel"], &[input, out])?;
    let bias = match use_bias {
        true => Some(context.weight(spot, &["bias"], &[out])?),
        false => None,
    };
    let y = if is_vector {
        let kernel = context.constant(spot, "kernel", &[input, out], kernel)?;
        let bias = match bias {
            Some(bias) => Some(context.constant(spot, "bias", &[out], bias)?),
            None => None,
        };
        let inputs: Vec<ValueId> = [Some(x.value), Some(kernel), bias]
            .into_iter()
            .flatten()
            .collect();
        context.node(Op::Gemm, spot, &inputs)?
    } else {
        let turned = (0..out).flat_map(|o| (0..input).map(move |i| i * out + o));
        let turned = turned.map(|at| kernel[at]).collect();
        context.mixed(spot, "kernel", [out, input], turned, bias, x.value)?
    };
    activation::activation(context, spot, kind, y)
}
