//! Element-wise activations and softmax.

use super::axes::{from_front, to_keras};
use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId, compose};
use crate::keras::Error;
use crate::keras::kind::Activation;

/// Applies an activation; a linear one returns the value itself.
pub fn activation(
    context: &mut Context,
    spot: LayerContext,
    kind: Activation,
    x: ValueId,
) -> Result<ValueId, Error> {
    let op = match kind {
        Activation::Linear => return Ok(x),
        Activation::Relu { slope, high } => return rectified(context, spot, slope, high, x),
        Activation::Elu { alpha, scale } => {
            return Ok(compose::elu(
                &mut context.builder,
                spot.layer,
                alpha,
                scale,
                x,
            )?);
        }
        Activation::Gelu { approximate } => {
            return Ok(compose::gelu(
                &mut context.builder,
                spot.layer,
                approximate,
                x,
            )?);
        }
        Activation::Sigmoid => Op::Sigmoid,
        Activation::Tanh => Op::Tanh,
        Activation::Swish => {
            let gate = context.node(Op::Sigmoid, spot, &[x])?;
            return context.node(Op::Mul, spot, &[x, gate]);
        }
        Activation::Softmax { axis } => {
            let rank = context.builder.ty(x).rank();
            if from_front(axis, rank) != Some(rank - 1) {
                return Err(
                    spot.unsupported(format!("its softmax is over axis {axis}, not the last"))
                );
            }
            if context.builder.ty(x).vector().is_some() {
                return context.node(Op::Softmax, spot, &[x]);
            }
            // Over the channels at each place.
            let sizes = context.keras_sizes(x);
            let last = context.transposed(spot, to_keras(rank), x)?;
            let y = context.node(Op::Softmax, spot, &[last])?;
            return context.in_graph_order(spot, &sizes, y);
        }
        Activation::HardSigmoid { slope } => {
            return Ok(compose::hard_sigmoid(
                &mut context.builder,
                spot.layer,
                slope,
                x,
            )?);
        }
        Activation::HardSwish { slope } => {
            let gate = compose::hard_sigmoid(&mut context.builder, spot.layer, slope, x)?;
            return context.node(Op::Mul, spot, &[x, gate]);
        }
        Activation::Softplus => {
            return Ok(compose::softplus(&mut context.builder, spot.layer, x)?);
        }
        Activation::Mish => return Ok(compose::mish(&mut context.builder, spot.layer, x)?),
        Activation::Exponential => Op::Exp,
    };
    context.node(op, spot, &[x])
}

/// x above 0, alpha · x below. Keras stores alpha without the batch, channels last.
pub fn prelu(context: &mut Context, spot: LayerContext, x: &LayerOutput) -> Result<ValueId, Error> {
    let alpha = context.weights.read(spot.place(), &["alpha"])?;
    let sizes = context.builder.ty(x.value).sizes();
    let wrong = || spot.unsupported("the shape of its alpha does not match its input");
    let shape = match (alpha.shape.as_slice(), sizes.as_slice()) {
        (&[c], &[n]) if c == n || c == 1 => vec![1, c],
        (&[h, w, c], &[channels, height, width])
            if (h == height || h == 1) && (w == width || w == 1) && (c == channels || c == 1) =>
        {
            vec![1, c, h, w]
        }
        _ => return Err(wrong()),
    };
    let numbers = match alpha.shape.as_slice() {
        &[h, w, c] => (0..c)
            .flat_map(|c_at| (0..h * w).map(move |place| place * c + c_at))
            .map(|at| alpha.numbers[at])
            .collect(),
        _ => alpha.numbers,
    };
    let slopes = context.constant(spot, "alpha", &shape, numbers)?;
    let (above, below) = compose::halves(&mut context.builder, spot.layer, x.value)?;
    let below = context.node(Op::Mul, spot, &[below, slopes])?;
    context.node(Op::Add, spot, &[above, below])
}

fn rectified(
    context: &mut Context,
    spot: LayerContext,
    slope: f32,
    high: Option<f32>,
    x: ValueId,
) -> Result<ValueId, Error> {
    match (slope == 0.0, high) {
        (true, None) => context.node(Op::Relu, spot, &[x]),
        (true, Some(high)) => context.node(Op::Clip { low: 0.0, high }, spot, &[x]),
        (false, None) => context.node(Op::LeakyRelu { alpha: slope }, spot, &[x]),
        (false, Some(high)) => {
            let y = context.node(Op::LeakyRelu { alpha: slope }, spot, &[x])?;
            context.node(
                Op::Clip {
                    low: f32::MIN,
                    high,
                },
                spot,
                &[y],
            )
        }
    }
}
