//! Pooling over windows and over the whole feature map.

use super::conv::pads_of;
use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, Pool, ValueId};
use crate::keras::Error;
use crate::keras::kind::Window;

/// Padded cells never win, as in TensorFlow.
pub fn max(
    context: &mut Context,
    spot: LayerContext,
    window: &Window,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let pool = pool(context, spot, window, x)?;
    context.node(Op::MaxPool(pool), spot, &[x.value])
}

/// The divisor is the number of unpadded cells, as in TensorFlow.
pub fn average(
    context: &mut Context,
    spot: LayerContext,
    window: &Window,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let pool = pool(context, spot, window, x)?;
    context.node(Op::AveragePool(pool), spot, &[x.value])
}

/// (N, C), or (N, C, 1, 1) if `keep_dims`.
pub fn global(
    context: &mut Context,
    spot: LayerContext,
    op: Op,
    keep_dims: bool,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    context.picture(x, spot)?;
    let y = context.node(op, spot, &[x.value])?;
    if keep_dims {
        Ok(y)
    } else {
        context.node(Op::Flatten, spot, &[y])
    }
}

/// The same over the places of a sequence (N, C, length).
pub fn global_1d(
    context: &mut Context,
    spot: LayerContext,
    op: Op,
    keep_dims: bool,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let ty = context.builder.ty(x.value);
    let &[channels, length] = ty.sizes().as_slice() else {
        return Err(spot.unsupported(format!(
            "its input has the shape {ty}, not that of a sequence"
        )));
    };
    let map = context.reshaped(spot, vec![channels, 1, length], x.value)?;
    let y = context.node(op, spot, &[map])?;
    let dims = if keep_dims {
        vec![channels, 1]
    } else {
        vec![channels]
    };
    context.reshaped(spot, dims, y)
}

fn pool(
    context: &Context,
    spot: LayerContext,
    window: &Window,
    x: &LayerOutput,
) -> Result<Pool, Error> {
    let [_, height, width] = context.picture(x, spot)?;
    let pads = pads_of(
        window.padding,
        [height, width],
        window.kernel,
        window.strides,
        [1, 1],
    );
    Ok(Pool {
        kernel: window.kernel,
        strides: window.strides,
        pads,
    })
}
