//! Fully connected layers.

use super::{Context, LayerContext, LayerOutput, activation};
use crate::graph::{Op, ValueId};
use crate::keras::Error;
use crate::keras::kind::Activation;

/// Dense on (N, in): kernel (in, out) unchanged.
pub fn dense(
    context: &mut Context,
    spot: LayerContext,
    use_bias: bool,
    kind: Activation,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let ty = context.builder.ty(x.value);
    let input = ty.vector().ok_or_else(|| {
        spot.unsupported(format!("its input has the shape {ty}, not (N, length)"))
    })?;
    let shape = context
        .weights
        .shape(spot.place(), &["kernel"])?
        .unwrap_or_default();
    let out = shape.last().copied().unwrap_or_default();
    let kernel = context.weight(spot, &["kernel"], &[input, out])?;
    let mut inputs = vec![
        x.value,
        context.constant(spot, "kernel", &[input, out], kernel)?,
    ];
    if use_bias {
        let bias = context.weight(spot, &["bias"], &[out])?;
        inputs.push(context.constant(spot, "bias", &[out], bias)?);
    }
    let y = context.node(Op::Gemm, spot, &inputs)?;
    activation::activation(context, spot, kind, y)
}
