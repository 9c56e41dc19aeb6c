//! Gradients of pooling.

use super::conv::adjoint;
use super::tape::Tape;
use crate::graph::{AxisSlice, Conv, Error, Node, Op, Pads, Pool, ValueId};

/// The gradient of each window goes to the first of its largest elements, in row-major order, as in TensorFlow.
///
/// The k elements of each window are gathered along one axis, (N, C, k, windows), and counting marks the first that is
/// not less than the maximum; a transposed convolution with unit kernels scatters the marked gradients and adds them
/// where windows overlap. The elements are sliced, not convolved, so that equality holds on every device.
pub fn max(tape: &mut Tape, node: &Node, pool: Pool, slope: ValueId) -> Result<(), Error> {
    let x = node.inputs[0];
    let sizes = tape.ty(slope).sizes();
    let [channels, rows, columns] = [sizes[0], sizes[1], sizes[2]];
    let (places, [kh, kw]) = (rows * columns, pool.kernel);
    let cells = kh * kw;

    let padded = match pool.pads.is_none() {
        true => x,
        false => tape.node(Op::Pad(pool.pads), &[x])?,
    };
    let mut seen = Vec::with_capacity(cells);
    for (a, b) in offsets(pool) {
        let cut = |axis: usize, start: usize, count: usize| AxisSlice {
            axis,
            start,
            end: start + (count - 1) * pool.strides[axis - 2] + 1,
            step: pool.strides[axis - 2],
        };
        let cuts = vec![cut(2, a, rows), cut(3, b, columns)];
        let cell = tape.node(Op::Slice(cuts), &[padded])?;
        seen.push(line(tape, cell, channels, places)?);
    }
    let seen = tape.node(Op::Concat { axis: 2 }, &seen)?;
    let largest = line(tape, node.output, channels, places)?;
    let slope = line(tape, slope, channels, places)?;

    let less = tape.greater(largest, seen)?;
    let mut winners = tape.one_minus(less)?;
    if !pool.pads.is_none() {
        let inside = inside(tape, x, pool, [rows, columns]);
        let inside = tape.constant(&[1, 1, cells, places], inside)?;
        winners = tape.mul(winners, inside)?;
    }
    // The number of maxima at or before each cell of its window.
    let count = Conv {
        pads: Pads {
            top: cells - 1,
            ..Pads::NONE
        },
        groups: channels,
        ..Conv::default()
    };
    let ones = tape.constant(&[channels, 1, cells, 1], vec![1.0; channels * cells])?;
    let count = tape.node(Op::Conv(count), &[winners, ones])?;
    let one_and_a_half = tape.scalar(1.5)?;
    let later = tape.greater(count, one_and_a_half)?;
    let not_later = tape.one_minus(later)?;
    let first = tape.mul(winners, not_later)?;

    let marked = tape.mul(first, slope)?;
    let dims = vec![channels * cells, rows, columns];
    let marked = tape.node(Op::Reshape { dims }, &[marked])?;
    let units = (0..channels * cells * cells).map(|at| {
        let (kernel, cell) = (at / cells % cells, at % cells);
        f32::from(u8::from(kernel == cell))
    });
    let units = tape.constant(&[channels * cells, 1, kh, kw], units.collect())?;
    let contribution = adjoint(tape, &spread(pool, channels), x, units, marked)?;
    tape.add(x, contribution)
}

/// The gradient of each window, divided by its number of unpadded cells, goes to each of them.
pub fn average(tape: &mut Tape, node: &Node, pool: Pool, slope: ValueId) -> Result<(), Error> {
    let x = node.inputs[0];
    let sizes = tape.ty(slope).sizes();
    let [channels, rows, columns] = [sizes[0], sizes[1], sizes[2]];
    let inside = inside(tape, x, pool, [rows, columns]);
    let mut shares = vec![0.0_f32; rows * columns];
    for cell in inside.chunks_exact(shares.len()) {
        shares.iter_mut().zip(cell).for_each(|(s, c)| *s += c);
    }
    shares.iter_mut().for_each(|s| *s = 1.0 / *s);
    let shares = tape.constant(&[1, 1, rows, columns], shares)?;
    let shared = tape.mul(slope, shares)?;
    let [kh, kw] = pool.kernel;
    let ones = tape.constant(&[channels, 1, kh, kw], vec![1.0; channels * kh * kw])?;
    let contribution = adjoint(tape, &spread(pool, channels), x, ones, shared)?;
    tape.add(x, contribution)
}

/// An equal share for every cell.
pub fn global_average(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let sizes = tape.ty(node.inputs[0]).sizes();
    let cells = sizes[1] * sizes[2];
    let shares = vec![1.0 / cells as f32; cells];
    let shares = tape.constant(&[1, 1, sizes[1], sizes[2]], shares)?;
    let contribution = tape.mul(slope, shares)?;
    tape.add(node.inputs[0], contribution)
}

/// Equal shares for all cells that equal the maximum, as in TensorFlow's maximum over axes.
pub fn global_max(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    let less = tape.greater(node.output, node.inputs[0])?;
    let winners = tape.one_minus(less)?;
    let count = tape.node(Op::ReduceSum { axes: vec![2, 3] }, &[winners])?;
    let share = tape.node(Op::Div, &[slope, count])?;
    let contribution = tape.mul(winners, share)?;
    tape.add(node.inputs[0], contribution)
}

/// (N, C, rows, columns) → (N, C, 1, rows · columns).
fn line(tape: &mut Tape, value: ValueId, channels: usize, places: usize) -> Result<ValueId, Error> {
    let dims = vec![channels, 1, places];
    tape.node(Op::Reshape { dims }, &[value])
}

/// The windows of a pooling as a depthwise convolution.
fn spread(pool: Pool, channels: usize) -> Conv {
    Conv {
        strides: pool.strides,
        dilations: [1, 1],
        pads: pool.pads,
        groups: channels,
    }
}

/// The cells of a window in row-major order.
fn offsets(pool: Pool) -> impl Iterator<Item = (usize, usize)> {
    let [kh, kw] = pool.kernel;
    (0..kh).flat_map(move |a| (0..kw).map(move |b| (a, b)))
}

/// 1 where a cell of a window is inside the input, 0 in the padding: (cells, windows).
fn inside(tape: &Tape, x: ValueId, pool: Pool, windows: [usize; 2]) -> Vec<f32> {
    let sizes = tape.ty(x).sizes();
    let before = [pool.pads.top, pool.pads.left];
    let lies = |axis: usize, window: usize, cell: usize| {
        let place = window * pool.strides[axis] + cell;
        (before[axis]..before[axis] + sizes[axis + 1]).contains(&place)
    };
    let mut mask = Vec::new();
    for (a, b) in offsets(pool) {
        for row in 0..windows[0] {
            for column in 0..windows[1] {
                let seen = lies(0, row, a) && lies(1, column, b);
                mask.push(f32::from(u8::from(seen)));
            }
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::super::differentiate;
    use super::super::tests::{check, network, node};
    use super::*;
    use crate::graph::reference::{Array, output};

    #[test]
    fn windows_of_every_form_agree_with_differences() {
        let same = Pads {
            bottom: 1,
            right: 1,
            ..Pads::NONE
        };
        let lopsided = Pads {
            top: 1,
            left: 0,
            bottom: 0,
            right: 1,
        };
        for kernel in [[2, 2], [3, 2], [3, 3]] {
            for strides in [[1, 1], [2, 2], [2, 1], [3, 3]] {
                for pads in [Pads::NONE, same, lopsided] {
                    let pool = Pool {
                        kernel,
                        strides,
                        pads,
                    };
                    let what = format!("{pool:?}");
                    check(&what, &[2, 7, 6], |b, x| {
                        node(b, Op::AveragePool(pool), &[x])
                    });
                    check(&what, &[2, 7, 6], |b, x| node(b, Op::MaxPool(pool), &[x]));
                    // After a ReLU, elements tie with each other and with the padding.
                    check(&what, &[2, 7, 6], |b, x| {
                        let x = node(b, Op::Relu, &[x]);
                        node(b, Op::MaxPool(pool), &[x])
                    });
                }
            }
        }
    }

    #[test]
    fn whole_maps_agree_with_differences() {
        for op in [Op::GlobalAveragePool, Op::GlobalMaxPool] {
            check(op.onnx_name(), &[3, 4, 5], |b, x| node(b, op.clone(), &[x]));
        }
    }

    #[test]
    fn of_equal_numbers_the_first_in_the_picture_wins() {
        let pool = Pool {
            kernel: [2, 2],
            strides: [2, 2],
            pads: Pads {
                top: 1,
                left: 1,
                bottom: 0,
                right: 0,
            },
        };
        let graph = network(&[1, 3, 3], |b, x| node(b, Op::MaxPool(pool), &[x]));
        let longer = differentiate(&graph, "y", &["x"]).unwrap();
        let seed = Array::new(&[1, 1, 2, 2], vec![1.0, 2.0, 3.0, 4.0]);
        let zeros = Array::new(&[1, 1, 3, 3], vec![0.0; 9]);
        assert_eq!(
            output(&longer, &[zeros, seed], "gradient:x").numbers,
            [1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0]
        );
    }

    #[test]
    fn over_a_whole_map_equal_numbers_share() {
        let graph = network(&[1, 2, 2], |b, x| node(b, Op::GlobalMaxPool, &[x]));
        let longer = differentiate(&graph, "y", &["x"]).unwrap();
        let x = Array::new(&[1, 1, 2, 2], vec![5.0, 1.0, 0.0, 5.0]);
        let seed = Array::new(&[1, 1, 1, 1], vec![3.0]);
        assert_eq!(
            output(&longer, &[x, seed], "gradient:x").numbers,
            [1.5, 0.0, 0.0, 1.5]
        );
    }
}
