//! The stem: the network up to its first batch norms, which shows whether images are prepared as in training.
//!
//! A batch norm stores the mean and variance of its channels in training. Normalised with them, without gamma and beta,
//! the channels of images prepared as in training have mean 0 and variance 1; a wrong scaling, colour order, crop or
//! resize kernel changes both. The main graph cannot show this: there the norm is folded into its convolution.

use super::{Context, LayerContext, LayerOutput, conv};
use crate::graph::{self, Builder, Graph, Op, STEM, ValueId};
use crate::keras::Error;
use crate::keras::kind::{BatchNorm, Kind};

/// Number of batch norms in a stem. The first responds to colours and borders; only the next few respond to fine
/// detail, in which resize kernels differ.
const NORMS: usize = 4;

/// Records the result of one of the first convolutions with a batch norm, normalised without gamma and beta.
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

/// The subgraph up to the `normalised` values (N, C, h, w), with the outputs [`STEM`], each (N, all C, 1, 1); `None` if
/// there are none.
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
