//! Flatten and Reshape. Keras orders the elements of a feature map by row, column, channel.

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
    let value = channels_last(context, spot, x.value)?;
    context.node(Op::Flatten, spot, &[value])
}

/// Reshapes to a vector (length) or a feature map (H, W, C).
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
        [_] => flatten(context, spot, x),
        &[height, width, channels] => {
            let value = channels_last(context, spot, x.value)?;
            if height == 1 && width == 1 {
                return context.node(
                    Op::Reshape {
                        dims: vec![channels, 1, 1],
                    },
                    spot,
                    &[value],
                );
            }
            let value = context.node(Op::Reshape { dims: sizes }, spot, &[value])?;
            context.node(
                Op::Transpose {
                    axes: vec![0, 3, 1, 2],
                },
                spot,
                &[value],
            )
        }
        _ => Err(spot.unsupported(format!("it reshapes to {target:?}"))),
    }
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

/// (N, H, W, C) for a feature map of more than one cell; anything else unchanged.
fn channels_last(
    context: &mut Context,
    spot: LayerContext,
    value: ValueId,
) -> Result<ValueId, Error> {
    match context.builder.ty(value).picture() {
        None | Some([_, 1, 1]) => Ok(value),
        Some(_) => context.node(
            Op::Transpose {
                axes: vec![0, 2, 3, 1],
            },
            spot,
            &[value],
        ),
    }
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
