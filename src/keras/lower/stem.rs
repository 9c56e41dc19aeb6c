//! The stem: from the picture to the first batch norms, with what tells whether pictures are those of training.
//!
//! A batch norm keeps mean and variance of its channels as they were in training. With these numbers taken out, and gamma
//! and beta left away, the channels of pictures prepared as in training have the mean 0 and the variance 1; a wrong scaling,
//! colour order, crop or resize kernel moves both. The main graph cannot tell: there a norm is folded into its convolution.

use super::{Context, LayerContext, LayerOutput, conv};
use crate::graph::{self, Builder, Graph, Op, STEM, ValueId};
use crate::keras::Error;
use crate::keras::kind::{BatchNorm, Kind};

/// How many batch norms belong to a stem. The first sees colours and borders; it takes the next few to see how fine a
/// picture is drawn, which resize kernels differ in.
const NORMS: usize = 4;

/// Keeps what one of the first convolutions with a batch norm gives, normalised and no more.
pub fn remember(
    context: &mut Context,
    spot: LayerContext,
    kind: &Kind,
    x: &LayerOutput,
    (norm_spot, norm): (LayerContext, BatchNorm),
) -> Result<(), Error> {
    if context.normalised.len() == NORMS {
        return Ok(());
    }
    let bare = Some((norm_spot, norm.bare()));
    let value = match kind {
        Kind::Conv(conv) => conv::conv(context, spot, conv, x, bare)?,
        Kind::DepthwiseConv(conv) => conv::depthwise(context, spot, conv, x, bare)?,
        _ => return Ok(()),
    };
    context.normalised.push(value);
    Ok(())
}

/// The piece of a graph up to the `normalised` values (N, C, h, w), with the outputs [`STEM`], (N, all C, 1, 1) each;
/// `None` where there are none.
pub fn stem(graph: Graph, normalised: &[ValueId]) -> Result<Option<Graph>, graph::Error> {
    if normalised.is_empty() {
        return Ok(None);
    }
    let mut builder = Builder::from_graph(graph);
    let (mut means, mut squares) = (Vec::new(), Vec::new());
    for &value in normalised {
        let square = builder.node(Op::Mul, "stem", &[value, value])?;
        means.push(builder.node(Op::GlobalAveragePool, "stem", &[value])?);
        squares.push(builder.node(Op::GlobalAveragePool, "stem", &[square])?);
    }
    for (name, parts) in STEM.into_iter().zip([means, squares]) {
        let all = builder.node(Op::Concat { axis: 1 }, "stem", &parts)?;
        builder.output(name, all);
    }
    builder.finish().map(Some)
}
