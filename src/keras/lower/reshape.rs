//! Flatten, Reshape and Permute. Keras orders the elements of a feature map by row, column, channel.

use super::axes::{in_graph, in_keras};
use super::{Context, LayerContext, LayerOutput};
use crate::graph::{Op, ValueId};
use crate::keras::Error;

/// (N, H · W · C) in Keras' order.
pub fn flatten(
    context: &mut Context,
    spot: LayerContext,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    if context.builder.ty(x.value).vector().is_some() {
        return Ok(x.value);
    }
    let value = context.ordered_as_keras(spot, x.value)?;
    context.node(Op::Flatten, spot, &[value])
}

/// Reshapes to these sizes of Keras, without the batch.
pub fn reshape(
    context: &mut Context,
    spot: LayerContext,
    target: &[i64],
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let count = context.builder.ty(x.value).elements().unwrap_or_default();
    let sizes = sizes(target, count)
        .ok_or_else(|| spot.unsupported(format!("it reshapes to {target:?}")))?;
    match sizes.as_slice() {
        [] => Err(spot.unsupported(format!("it reshapes to {target:?}"))),
        [_] => flatten(context, spot, x),
        sizes => {
            let value = context.ordered_as_keras(spot, x.value)?;
            context.in_graph_order(spot, sizes, value)
        }
    }
}

/// Axis i of the result is axis `axes[i]` of Keras, the batch being axis 0.
pub fn permute(
    context: &mut Context,
    spot: LayerContext,
    axes: &[i64],
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(x.value).rank();
    let wrong = || spot.unsupported(format!("it orders the axes as {axes:?}"));
    let axes: Option<Vec<usize>> = axes
        .iter()
        .map(|&axis| super::axes::from_front(axis, rank))
        .collect();
    let axes = axes.ok_or_else(wrong)?;
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if axes.first() != Some(&0) || !sorted.into_iter().eq(0..rank) {
        return Err(wrong());
    }
    let places = (0..rank).map(|place| in_graph(axes[in_keras(place, rank)], rank));
    let places = places.collect();
    context.transposed(spot, places, x.value)
}

/// The target with −1 inferred; `None` if the sizes do not match.
fn sizes(target: &[i64], count: usize) -> Option<Vec<usize>> {
    let known = target.iter().filter(|&&s| s != -1);
    let known = known
        .map(|&s| usize::try_from(s).ok())
        .try_fold(1_usize, |n, s| n.checked_mul(s?))?;
    let open = target.len() - target.iter().filter(|&&s| s != -1).count();
    let rest = count.checked_div(known)?;
    if rest.checked_mul(known)? != count || (open == 0 && rest != 1) || open > 1 {
        return None;
    }
    Some(
        target
            .iter()
            .map(|&s| if s == -1 { rest } else { s as usize })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_size_is_worked_out() {
        assert_eq!(sizes(&[1, 1, -1], 8), Some(vec![1, 1, 8]));
        assert_eq!(sizes(&[2], 2), Some(vec![2]));
        assert_eq!(sizes(&[-1, -1], 4), None);
        assert_eq!(sizes(&[0, -1], 4), None);
        assert_eq!(sizes(&[3, -1], 4), None);
        assert_eq!(sizes(&[-2, 2], 4), None);
    }
}
