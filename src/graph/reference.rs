//! A simple, slow evaluator in f64, against which lowering and gradients are tested.

use super::{Conv, Graph, Op, Pads, Source, ValueId};

/// An array of f64, row-major, with all sizes known.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub sizes: Vec<usize>,
    pub numbers: Vec<f64>,
}

impl Array {
    pub fn new(sizes: &[usize], numbers: Vec<f64>) -> Self {
        assert_eq!(sizes.iter().product::<usize>(), numbers.len());
        Self {
            sizes: sizes.to_vec(),
            numbers,
        }
    }

    fn filled(sizes: &[usize], number: f64) -> Self {
        Self::new(sizes, vec![number; sizes.iter().product()])
    }

    fn at4(&self, [n, c, h, w]: [usize; 4]) -> f64 {
        self.numbers[((n * self.sizes[1] + c) * self.sizes[2] + h) * self.sizes[3] + w]
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self::new(&self.sizes, self.numbers.iter().map(|&x| f(x)).collect())
    }
}

/// Every value of the graph for these inputs.
pub fn evaluate(graph: &Graph, inputs: &[Array]) -> Vec<Array> {
    let mut values: Vec<Option<Array>> = graph
        .values()
        .iter()
        .map(|v| match &v.source {
            Source::Constant(c) => Some(Array::new(
                &v.ty.sizes(),
                c.iter().map(|&x| f64::from(x)).collect(),
            )),
            _ => None,
        })
        .collect();
    for (id, array) in graph.inputs().iter().zip(inputs) {
        values[id.index()] = Some(array.clone());
    }
    for node in graph.nodes() {
        let read = |id: ValueId| values[id.index()].as_ref().expect("computed before");
        let operands: Vec<&Array> = node.inputs.iter().map(|&i| read(i)).collect();
        values[node.output.index()] = Some(apply(&node.op, &operands));
    }
    values
        .into_iter()
        .map(|v| v.expect("every value is reached"))
        .collect()
}

/// The value of the output `name`.
pub fn output(graph: &Graph, inputs: &[Array], name: &str) -> Array {
    evaluate(graph, inputs)[graph.output(name).expect("the output exists").index()].clone()
}

fn apply(op: &Op, inputs: &[&Array]) -> Array {
    let x = inputs[0];
    match op {
        Op::Conv(conv) => {
            let (w, bias) = (inputs[1], inputs.get(2));
            let (per_group, out_per_group) = (w.sizes[1], w.sizes[0] / conv.groups);
            let kernel = [w.sizes[2], w.sizes[3]];
            windows(
                x,
                kernel,
                conv.strides,
                conv.dilations,
                conv.pads,
                w.sizes[0],
                |n, o, cells| {
                    let first = o / out_per_group * per_group;
                    let mut sum = bias.map_or(0.0, |b| b.numbers[o]);
                    for &(kh, kw, h, wd) in cells {
                        for c in 0..per_group {
                            sum += x.at4([n, first + c, h, wd]) * w.at4([o, c, kh, kw]);
                        }
                    }
                    sum
                },
            )
        }
        Op::MaxPool(p) => windows(
            x,
            p.kernel,
            p.strides,
            [1, 1],
            p.pads,
            x.sizes[1],
            |n, c, cells| {
                cells
                    .iter()
                    .map(|&(_, _, h, w)| x.at4([n, c, h, w]))
                    .fold(f64::NEG_INFINITY, f64::max)
            },
        ),
        Op::AveragePool(p) => windows(
            x,
            p.kernel,
            p.strides,
            [1, 1],
            p.pads,
            x.sizes[1],
            |n, c, cells| {
                cells
                    .iter()
                    .map(|&(_, _, h, w)| x.at4([n, c, h, w]))
                    .sum::<f64>()
                    / cells.len() as f64
            },
        ),
        Op::GlobalAveragePool => per_map(x, |map| map.iter().sum::<f64>() / map.len() as f64),
        Op::GlobalMaxPool => per_map(x, |map| {
            map.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        }),
        Op::Gemm => {
            let (rows, columns) = (inputs[1].sizes[0], inputs[1].sizes[1]);
            let mut y = Array::filled(&[x.sizes[0], columns], 0.0);
            for n in 0..x.sizes[0] {
                for j in 0..columns {
                    let product = (0..rows)
                        .map(|i| x.numbers[n * rows + i] * inputs[1].numbers[i * columns + j]);
                    y.numbers[n * columns + j] =
                        product.sum::<f64>() + inputs.get(2).map_or(0.0, |b| b.numbers[j]);
                }
            }
            y
        }
        Op::Add => broadcast(x, inputs[1], |a, b| a + b),
        Op::Sub => broadcast(x, inputs[1], |a, b| a - b),
        Op::Mul => broadcast(x, inputs[1], |a, b| a * b),
        Op::Div => broadcast(x, inputs[1], |a, b| a / b),
        Op::Greater => broadcast(x, inputs[1], |a, b| f64::from(u8::from(a > b))),
        Op::ConvTranspose { conv, extra } => conv_transpose(x, inputs[1], conv, *extra),
        Op::ReduceSum { axes } => {
            let mut sizes = x.sizes.clone();
            axes.iter().for_each(|&a| sizes[a] = 1);
            let mut sum = Array::filled(&sizes, 0.0);
            let places = indexed(&x.sizes, |place| {
                let own: Vec<usize> = place
                    .iter()
                    .zip(&sizes)
                    .map(|(&p, &s)| p.min(s - 1))
                    .collect();
                offset(&sizes, &own) as f64
            });
            for (v, &to) in x.numbers.iter().zip(&places.numbers) {
                sum.numbers[to as usize] += v;
            }
            sum
        }
        Op::Slice(cuts) => {
            let mut sizes = x.sizes.clone();
            cuts.iter().for_each(|c| sizes[c.axis] = c.len());
            indexed(&sizes, |place| {
                let mut from = place.to_vec();
                cuts.iter()
                    .for_each(|c| from[c.axis] = c.start + place[c.axis] * c.step);
                x.numbers[offset(&x.sizes, &from)]
            })
        }
        Op::Relu => x.map(|v| v.max(0.0)),
        Op::LeakyRelu { alpha } => x.map(|v| if v >= 0.0 { v } else { v * f64::from(*alpha) }),
        Op::Clip { low, high } => x.map(|v| v.clamp(f64::from(*low), f64::from(*high))),
        Op::Sigmoid => x.map(|v| 1.0 / (1.0 + (-v).exp())),
        Op::Tanh => x.map(f64::tanh),
        Op::Erf => x.map(libm::erf),
        Op::Exp => x.map(f64::exp),
        Op::Log => x.map(f64::ln),
        Op::Sqrt => x.map(f64::sqrt),
        Op::Softmax => {
            let last = *x.sizes.last().expect("an axis");
            let mut y = x.clone();
            for row in y.numbers.chunks_mut(last) {
                let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = row.iter().map(|v| (v - top).exp()).sum();
                row.iter_mut().for_each(|v| *v = (*v - top).exp() / sum);
            }
            y
        }
        Op::Flatten => Array::new(
            &[x.sizes[0], x.numbers.len() / x.sizes[0]],
            x.numbers.clone(),
        ),
        Op::Reshape { dims } => {
            let sizes: Vec<usize> = std::iter::once(x.sizes[0])
                .chain(dims.iter().copied())
                .collect();
            Array::new(&sizes, x.numbers.clone())
        }
        Op::Transpose { axes } => {
            let sizes: Vec<usize> = axes.iter().map(|&a| x.sizes[a]).collect();
            indexed(&sizes, |place| {
                let mut from = vec![0; place.len()];
                axes.iter().zip(place).for_each(|(&a, &p)| from[a] = p);
                x.numbers[offset(&x.sizes, &from)]
            })
        }
        Op::Concat { axis } => {
            let mut sizes = x.sizes.clone();
            sizes[*axis] = inputs.iter().map(|i| i.sizes[*axis]).sum();
            indexed(&sizes, |place| {
                let mut from = place.to_vec();
                for input in inputs {
                    if from[*axis] < input.sizes[*axis] {
                        return input.numbers[offset(&input.sizes, &from)];
                    }
                    from[*axis] -= input.sizes[*axis];
                }
                unreachable!("the sizes add up")
            })
        }
        Op::Pad(p) => {
            let sizes = [
                x.sizes[0],
                x.sizes[1],
                x.sizes[2] + p.top + p.bottom,
                x.sizes[3] + p.left + p.right,
            ];
            indexed(&sizes, |place| {
                match (place[2].checked_sub(p.top), place[3].checked_sub(p.left)) {
                    (Some(h), Some(w)) if h < x.sizes[2] && w < x.sizes[3] => {
                        x.at4([place[0], place[1], h, w])
                    }
                    _ => 0.0,
                }
            })
        }
    }
}

/// Visits every window; `value` gets batch index, channel and the cells inside the input as (kernel row, kernel column,
/// row, column).
fn windows(
    x: &Array,
    kernel: [usize; 2],
    strides: [usize; 2],
    dilations: [usize; 2],
    pads: Pads,
    channels: usize,
    value: impl Fn(usize, usize, &[(usize, usize, usize, usize)]) -> f64,
) -> Array {
    let places = |axis: usize, before: usize, after: usize| {
        let reach = (kernel[axis] - 1) * dilations[axis] + 1;
        (x.sizes[axis + 2] + before + after - reach) / strides[axis] + 1
    };
    let sizes = [
        x.sizes[0],
        channels,
        places(0, pads.top, pads.bottom),
        places(1, pads.left, pads.right),
    ];
    indexed(&sizes, |place| {
        let mut cells = Vec::new();
        for kh in 0..kernel[0] {
            for kw in 0..kernel[1] {
                let h = (place[2] * strides[0] + kh * dilations[0]).checked_sub(pads.top);
                let w = (place[3] * strides[1] + kw * dilations[1]).checked_sub(pads.left);
                if let (Some(h), Some(w)) = (h, w)
                    && h < x.sizes[2]
                    && w < x.sizes[3]
                {
                    cells.push((kh, kw, h, w));
                }
            }
        }
        value(place[0], place[1], &cells)
    })
}

/// Scatters every element of y over the window it would have come from.
fn conv_transpose(y: &Array, w: &Array, conv: &Conv, extra: [usize; 2]) -> Array {
    let (p, [out, per_group, kh, kw]) = (conv.pads, [0, 1, 2, 3].map(|i| w.sizes[i]));
    let size = |axis: usize, kernel: usize, around: usize| {
        (y.sizes[axis + 2] - 1) * conv.strides[axis]
            + (kernel - 1) * conv.dilations[axis]
            + 1
            + extra[axis]
            - around
    };
    let sizes = [
        y.sizes[0],
        per_group * conv.groups,
        size(0, kh, p.top + p.bottom),
        size(1, kw, p.left + p.right),
    ];
    let mut x = Array::filled(&sizes, 0.0);
    for n in 0..sizes[0] {
        for (o, c) in (0..out).flat_map(|o| (0..per_group).map(move |c| (o, c))) {
            let channel = o / (out / conv.groups) * per_group + c;
            for (i, j) in (0..y.sizes[2]).flat_map(|i| (0..y.sizes[3]).map(move |j| (i, j))) {
                for (a, b) in (0..kh).flat_map(|a| (0..kw).map(move |b| (a, b))) {
                    let h = (i * conv.strides[0] + a * conv.dilations[0]).checked_sub(p.top);
                    let v = (j * conv.strides[1] + b * conv.dilations[1]).checked_sub(p.left);
                    if let (Some(h), Some(v)) = (h, v)
                        && h < sizes[2]
                        && v < sizes[3]
                    {
                        x.numbers[offset(&sizes, &[n, channel, h, v])] +=
                            y.at4([n, o, i, j]) * w.at4([o, c, a, b]);
                    }
                }
            }
        }
    }
    x
}

fn per_map(x: &Array, f: impl Fn(&[f64]) -> f64) -> Array {
    let cells = x.sizes[2] * x.sizes[3];
    Array::new(
        &[x.sizes[0], x.sizes[1], 1, 1],
        x.numbers.chunks(cells).map(f).collect(),
    )
}

fn broadcast(a: &Array, b: &Array, f: impl Fn(f64, f64) -> f64) -> Array {
    let rank = a.sizes.len().max(b.sizes.len());
    let size = |x: &Array, i: usize| {
        (i + x.sizes.len())
            .checked_sub(rank)
            .map_or(1, |p| x.sizes[p])
    };
    let sizes: Vec<usize> = (0..rank).map(|i| size(a, i).max(size(b, i))).collect();
    let read = |x: &Array, place: &[usize]| {
        let own: Vec<usize> = place[rank - x.sizes.len()..]
            .iter()
            .zip(&x.sizes)
            .map(|(&p, &s)| p.min(s - 1))
            .collect();
        x.numbers[offset(&x.sizes, &own)]
    };
    indexed(&sizes, |place| f(read(a, place), read(b, place)))
}

fn offset(sizes: &[usize], place: &[usize]) -> usize {
    sizes
        .iter()
        .zip(place)
        .fold(0, |at, (size, p)| at * size + p)
}

fn indexed(sizes: &[usize], value: impl Fn(&[usize]) -> f64) -> Array {
    let count: usize = sizes.iter().product();
    let mut place = vec![0; sizes.len()];
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        numbers.push(value(&place));
        for axis in (0..sizes.len()).rev() {
            place[axis] += 1;
            if place[axis] < sizes[axis] {
                break;
            }
            place[axis] = 0;
        }
    }
    Array::new(sizes, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, Pool, TensorType};

    #[test]
    fn a_convolution_by_hand() {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[1, 2, 2])).unwrap();
        let w = b
            .constant("w", &[1, 1, 2, 2], vec![1.0, 10.0, 100.0, 1000.0])
            .unwrap();
        let pads = Pads {
            bottom: 1,
            right: 1,
            ..Pads::NONE
        };
        let y = b
            .node(
                Op::Conv(Conv {
                    pads,
                    ..Conv::default()
                }),
                "conv",
                &[x, w],
            )
            .unwrap();
        let pool = Pool {
            kernel: [2, 2],
            strides: [1, 1],
            pads,
        };
        let z = b.node(Op::AveragePool(pool), "pool", &[x]).unwrap();
        b.output("conv", y);
        b.output("pool", z);
        let graph = b.finish().unwrap();
        let x = Array::new(&[1, 1, 2, 2], vec![1.0, 2.0, 3.0, 4.0]);
        assert_eq!(
            output(&graph, std::slice::from_ref(&x), "conv").numbers,
            [4321.0, 402.0, 43.0, 4.0]
        );
        assert_eq!(output(&graph, &[x], "pool").numbers, [2.5, 3.0, 3.5, 4.0]);
    }
}
