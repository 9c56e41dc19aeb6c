//! Gradients of convolutions and of their adjoints.

use super::tape::Tape;
use crate::graph::{Conv, Error, Node, Op, Pads, ValueId};

/// Gradient of a convolution. With stride 1 it is a convolution with rotated kernels, which the engines compute faster;
/// otherwise it is the transposed convolution with the same weights.
pub fn conv(tape: &mut Tape, node: &Node, conv: &Conv, slope: ValueId) -> Result<(), Error> {
    let (x, weights) = (node.inputs[0], node.inputs[1]);
    if !tape.is_needed(x) {
        return Ok(());
    }
    let contribution = match turned(tape, weights, conv)? {
        Some((back, weights)) => tape.node(Op::Conv(back), &[slope, weights])?,
        None => adjoint(tape, conv, x, weights, slope)?,
    };
    tape.add(x, contribution)
}

/// Gradient of a transposed convolution: the convolution itself.
pub fn conv_transpose(
    tape: &mut Tape,
    node: &Node,
    conv: &Conv,
    slope: ValueId,
) -> Result<(), Error> {
    let contribution = tape.node(Op::Conv(*conv), &[slope, node.inputs[1]])?;
    tape.add(node.inputs[0], contribution)
}

/// The transposed convolution that maps `slope` back to the shape of `x`.
pub fn adjoint(
    tape: &mut Tape,
    conv: &Conv,
    x: ValueId,
    weights: ValueId,
    slope: ValueId,
) -> Result<ValueId, Error> {
    let (wide, narrow) = (tape.ty(x).sizes(), tape.ty(slope).sizes());
    let kernel = tape.ty(weights).sizes();
    let around = [
        conv.pads.top + conv.pads.bottom,
        conv.pads.left + conv.pads.right,
    ];
    // Rows and columns that the last window did not reach.
    let extra = [0, 1].map(|axis| {
        let reach = (kernel[axis + 2] - 1) * conv.dilations[axis] + 1;
        let covered = (narrow[axis + 1] - 1) * conv.strides[axis] + reach;
        wide[axis + 1] + around[axis] - covered
    });
    tape.node(Op::ConvTranspose { conv: *conv, extra }, &[slope, weights])
}

/// For stride 1, and one group or one channel per group: the gradient as a convolution, with kernels rotated by 180°
/// and, for one group, with input and output channels exchanged.
fn turned(
    tape: &mut Tape,
    weights: ValueId,
    conv: &Conv,
) -> Result<Option<(Conv, ValueId)>, Error> {
    let sizes = tape.ty(weights).sizes();
    let [out, per_group, kh, kw] = [sizes[0], sizes[1], sizes[2], sizes[3]];
    let depthwise = per_group == 1 && conv.groups == out;
    let reach = [(kh - 1) * conv.dilations[0], (kw - 1) * conv.dilations[1]];
    let pads = || {
        let p = conv.pads;
        Some(Pads {
            top: reach[0].checked_sub(p.top)?,
            left: reach[1].checked_sub(p.left)?,
            bottom: reach[0].checked_sub(p.bottom)?,
            right: reach[1].checked_sub(p.right)?,
        })
    };
    if conv.strides != [1, 1] || !(conv.groups == 1 || depthwise) {
        return Ok(None);
    }
    let (Some(pads), Some(numbers)) = (pads(), tape.numbers(weights)) else {
        return Ok(None);
    };
    let cells = kh * kw;
    let mut back = Vec::with_capacity(numbers.len());
    let turned = if depthwise {
        for kernel in numbers.chunks_exact(cells) {
            back.extend(kernel.iter().rev());
        }
        sizes
    } else {
        for c in 0..per_group {
            for o in 0..out {
                let start = (o * per_group + c) * cells;
                back.extend(numbers[start..start + cells].iter().rev());
            }
        }
        vec![per_group, out, kh, kw]
    };
    let weights = tape.constant(&turned, back)?;
    Ok(Some((Conv { pads, ..*conv }, weights)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, node, numbers};
    use super::*;

    fn uses(graph: &crate::graph::Graph, op: &str) -> bool {
        graph.nodes().iter().any(|n| n.op.onnx_name() == op)
    }

    #[test]
    fn every_stride_padding_dilation_and_grouping() {
        let lopsided = Pads {
            top: 0,
            left: 1,
            bottom: 1,
            right: 2,
        };
        let all = [
            Pads::NONE,
            Pads {
                top: 1,
                left: 1,
                bottom: 1,
                right: 1,
            },
            lopsided,
        ];
        for strides in [[1, 1], [2, 2], [2, 1], [3, 2]] {
            for pads in all {
                for dilations in [[1, 1], [2, 1]] {
                    // One group, depthwise, depthwise with two kernels each, two groups of two.
                    for (groups, out) in [(1, 3), (4, 4), (4, 8), (2, 6)] {
                        let conv = Conv {
                            strides,
                            dilations,
                            pads,
                            groups,
                        };
                        let per_group = 4 / groups;
                        let what = format!("{conv:?} to {out}");
                        let longer = check(&what, &[4, 7, 6], |b, x| {
                            let count = out * per_group * 6;
                            let w = b
                                .constant("w", &[out, per_group, 3, 2], numbers(count, 4))
                                .unwrap();
                            let bias = b.constant("b", &[out], numbers(out, 9)).unwrap();
                            node(b, Op::Conv(conv), &[x, w, bias])
                        });
                        // Padding wider than the kernel's reach needs the general rule.
                        let fast =
                            strides == [1, 1] && (groups == 1 || out == groups) && pads.right < 2;
                        assert_eq!(!uses(&longer, "ConvTranspose"), fast, "{what}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_kernel_smaller_than_its_stride_leaves_zeros() {
        let conv = Conv {
            strides: [3, 2],
            ..Conv::default()
        };
        check("gaps", &[2, 8, 6], |b, x| {
            let w = b.constant("w", &[3, 2, 1, 1], numbers(6, 4)).unwrap();
            node(b, Op::Conv(conv), &[x, w])
        });
    }

    #[test]
    fn a_transposed_convolution_goes_back_to_a_convolution() {
        let pads = Pads {
            top: 0,
            left: 1,
            bottom: 1,
            right: 0,
        };
        let conv = Conv {
            strides: [2, 2],
            pads,
            groups: 2,
            ..Conv::default()
        };
        check("transposed", &[4, 3, 4], |b, y| {
            let w = b.constant("w", &[4, 2, 3, 3], numbers(72, 4)).unwrap();
            node(
                b,
                Op::ConvTranspose {
                    conv,
                    extra: [1, 0],
                },
                &[y, w],
            )
        });
    }
}
