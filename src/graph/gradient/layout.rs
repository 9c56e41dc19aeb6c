//! Gradients of operators that rearrange or sum elements: they move the gradient back.

use super::tape::Tape;
use crate::graph::{AxisSlice, Error, Node, Op, Pads, ValueId};

/// Reshapes to the input's sizes.
pub fn reshape(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let dims = tape.ty(node.inputs[0]).sizes();
    let contribution = tape.node(Op::Reshape { dims }, &[slope])?;
    tape.add(node.inputs[0], contribution)
}

/// The inverse permutation.
pub fn transpose(
    tape: &mut Tape,
    node: &Node,
    axes: &[usize],
    slope: ValueId,
) -> Result<(), Error> {
    let mut inverse = vec![0; axes.len()];
    for (to, &from) in axes.iter().enumerate() {
        inverse[from] = to;
    }
    let contribution = tape.node(Op::Transpose { axes: inverse }, &[slope])?;
    tape.add(node.inputs[0], contribution)
}

/// Each input gets its own slice.
pub fn concat(tape: &mut Tape, node: &Node, axis: usize, slope: ValueId) -> Result<(), Error> {
    let mut start = 0;
    for &input in &node.inputs {
        // `sizes` omits the batch, so axis a of a batched tensor is at index a − 1.
        let sizes = tape.ty(input).sizes();
        let own = if tape.ty(input).is_batched() {
            axis - 1
        } else {
            axis
        };
        let end = start + sizes[own];
        if tape.is_needed(input) {
            let cut = AxisSlice {
                axis,
                start,
                end,
                step: 1,
            };
            let contribution = tape.node(Op::Slice(vec![cut]), &[slope])?;
            tape.add(input, contribution)?;
        }
        start = end;
    }
    Ok(())
}

/// The region without the padding.
pub fn pad(tape: &mut Tape, node: &Node, pads: Pads, slope: ValueId) -> Result<(), Error> {
    let sizes = tape.ty(node.inputs[0]).sizes();
    let cut = |axis: usize, start: usize| AxisSlice {
        axis,
        start,
        end: start + sizes[axis - 1],
        step: 1,
    };
    let cuts = vec![cut(2, pads.top), cut(3, pads.left)];
    let contribution = tape.node(Op::Slice(cuts), &[slope])?;
    tape.add(node.inputs[0], contribution)
}

/// Zeros around the part, which must be a contiguous part of a feature map.
pub fn slice(
    tape: &mut Tape,
    node: &Node,
    cuts: &[AxisSlice],
    slope: ValueId,
) -> Result<(), Error> {
    let x = node.inputs[0];
    let Some([_, height, width]) = tape.ty(x).picture() else {
        return Err(no_gradient(node));
    };
    let mut pads = Pads::NONE;
    for cut in cuts {
        let (before, after, size) = match (cut.axis, cut.step) {
            (2, 1) => (&mut pads.top, &mut pads.bottom, height),
            (3, 1) => (&mut pads.left, &mut pads.right, width),
            _ => return Err(no_gradient(node)),
        };
        *before = cut.start;
        *after = size - cut.end;
    }
    let contribution = tape.node(Op::Pad(pads), &[slope])?;
    tape.add(x, contribution)
}

fn no_gradient(node: &Node) -> Error {
    let reason = format!("no gradient is implemented for {}", node.op.onnx_name());
    Error::unsupported(&node.layer, reason)
}

/// The same gradient for every summed element.
pub fn reduce_sum(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let sizes = tape.ty(node.inputs[0]).sizes();
    let ones = vec![1.0; sizes.iter().product()];
    let ones = tape.constant(&[&[1], sizes.as_slice()].concat(), ones)?;
    let contribution = tape.mul(slope, ones)?;
    tape.add(node.inputs[0], contribution)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, node};
    use super::*;

    #[test]
    fn numbers_move_back_to_where_they_came_from() {
        check("flatten", &[3, 2, 5], |b, x| node(b, Op::Flatten, &[x]));
        check("reshape", &[3, 2, 5], |b, x| {
            node(b, Op::Reshape { dims: vec![5, 6] }, &[x])
        });
        check("transpose", &[3, 2, 5], |b, x| {
            node(
                b,
                Op::Transpose {
                    axes: vec![0, 3, 1, 2],
                },
                &[x],
            )
        });
        let pads = Pads {
            top: 0,
            left: 2,
            bottom: 1,
            right: 3,
        };
        check("pad", &[3, 2, 5], |b, x| node(b, Op::Pad(pads), &[x]));
        check("slice", &[3, 4, 5], |b, x| {
            let cut = |axis, start, end| AxisSlice {
                axis,
                start,
                end,
                step: 1,
            };
            node(b, Op::Slice(vec![cut(2, 1, 3), cut(3, 0, 4)]), &[x])
        });
        check("sum", &[3, 2, 5], |b, x| {
            node(b, Op::ReduceSum { axes: vec![1, 3] }, &[x])
        });
    }

    #[test]
    fn joined_tensors_get_their_own_pieces() {
        for axis in [1, 2] {
            check("concat", &[3, 2, 5], |b, x| {
                let t = node(b, Op::Tanh, &[x]);
                let s = node(b, Op::Sigmoid, &[x]);
                node(b, Op::Concat { axis }, &[t, x, s, t])
            });
        }
    }
}
