//! Everything behind the last feature map as a small vector function with an exact gradient.
//!
//! Behind the last global average pooling every tensor is one line of numbers, so the head is a chain of products with
//! matrices and of functions of single numbers. It is evaluated and differentiated backwards in f64. At a kink (ReLU at
//! 0, a clip's ends) the slope is 0, as in TensorFlow.

use super::{Error, Target};
use crate::graph::{FEATURES, Graph, LOGIT, Node, Op, TensorType, ValueId};

/// A network's head: pooled features → logits.
#[derive(Clone, Debug)]
pub struct HeadAlgebra {
    layer: String,
    channels: usize,
    /// Known numbers per slot; empty where a step computes them.
    constants: Vec<Vec<f64>>,
    steps: Vec<Step>,
    logit: usize,
    units: usize,
}

/// One computed line of numbers. Slot 0 holds the pooled features.
#[derive(Clone, Debug)]
struct Step {
    rule: Rule,
    inputs: Vec<usize>,
    output: usize,
    length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    /// Inputs x, weights, optional bias; weights (in, out), or (out, in) when `by_unit`.
    Product {
        by_unit: bool,
    },
    Add,
    Sub,
    Mul,
    Div,
    Greater,
    Relu,
    LeakyRelu(f64),
    Clip(f64, f64),
    Sigmoid,
    Tanh,
    Erf,
    Softmax,
    Concat,
    /// Another shape for the same numbers.
    Same,
}

impl HeadAlgebra {
    /// Reads what lies between the outputs `features` and `logit`.
    pub fn from_graph(graph: &Graph) -> Result<Self, Error> {
        let features = graph
            .output(FEATURES)
            .ok_or(Error::Missing("feature map"))?;
        let logit = graph.output(LOGIT).ok_or(Error::Missing("logit"))?;
        let [channels, ..] = graph
            .ty(features)
            .picture()
            .ok_or(Error::Missing("feature map"))?;
        let path = graph.between(features, logit).unwrap_or_default();
        if path.is_empty() {
            return Err(Error::Missing("path from its feature map to its logit"));
        }
        let mut reader = Reader {
            graph,
            features,
            slots: Vec::new(),
            constants: vec![Vec::new()],
        };
        let mut steps = Vec::new();
        for node in path {
            steps.extend(reader.step(node)?);
        }
        let units = graph.ty(logit).elements().unwrap_or(0);
        let logit = reader
            .computed(logit)
            .ok_or(Error::Missing("logit behind a pooling"))?;
        let layer = graph.value(features).name.clone();
        Ok(Self {
            layer,
            channels,
            constants: reader.constants,
            steps,
            logit,
            units,
        })
    }

    /// Name of the last feature map, a layer's name where the network has one.
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// Channels of the last feature map.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Number of outputs before the last activation.
    pub fn units(&self) -> usize {
        self.units
    }

    /// The logits for pooled features, one number per channel.
    pub fn logits(&self, pooled: &[f64]) -> Result<Vec<f64>, Error> {
        let mut lines = self.forward(pooled)?;
        Ok(std::mem::take(&mut lines[self.logit]))
    }

    /// d target / d pooled, one number per channel.
    pub fn gradient(&self, pooled: &[f64], target: Target) -> Result<Vec<f64>, Error> {
        let seed = target.weights(self.units)?;
        let lines = self.forward(pooled)?;
        let mut slopes: Vec<Vec<f64>> = lines.iter().map(|l| vec![0.0; l.len()]).collect();
        slopes[self.logit] = seed;
        for step in self.steps.iter().rev() {
            let slope = std::mem::take(&mut slopes[step.output]);
            for (place, &input) in step.inputs.iter().enumerate() {
                if self.constants[input].is_empty() {
                    step.backward(place, &lines, &slope, &mut slopes[input]);
                }
            }
        }
        let gradient = std::mem::take(&mut slopes[0]);
        if gradient.iter().all(|g| g.is_finite()) {
            Ok(gradient)
        } else {
            Err(Error::NotANumber)
        }
    }

    /// Every line of numbers, by slot.
    fn forward(&self, pooled: &[f64]) -> Result<Vec<Vec<f64>>, Error> {
        if pooled.len() != self.channels {
            let (given, wanted) = (pooled.len(), self.channels);
            return Err(Error::Shape(format!(
                "{given} pooled features where {wanted} are wanted"
            )));
        }
        let mut lines = self.constants.clone();
        lines[0] = pooled.to_vec();
        for step in &self.steps {
            let line = step.forward(&lines);
            lines[step.output] = line;
        }
        Ok(lines)
    }
}

impl Step {
    fn forward(&self, lines: &[Vec<f64>]) -> Vec<f64> {
        let x = &lines[self.inputs[0]];
        let each = |f: &dyn Fn(f64) -> f64| x.iter().map(|&v| f(v)).collect();
        let pair = |f: &dyn Fn(f64, f64) -> f64| {
            let y = &lines[self.inputs[1]];
            (0..self.length)
                .map(|i| f(x[i % x.len()], y[i % y.len()]))
                .collect()
        };
        match self.rule {
            Rule::Product { by_unit } => {
                let weights = &lines[self.inputs[1]];
                let mut out = match self.inputs.get(2) {
                    Some(&bias) => lines[bias].clone(),
                    None => vec![0.0; self.length],
                };
                for (i, &v) in x.iter().enumerate() {
                    for (o, out) in out.iter_mut().enumerate() {
                        *out += v * weights[self.weight(by_unit, i, o, x.len())];
                    }
                }
                out
            }
            Rule::Add => pair(&|a, b| a + b),
            Rule::Sub => pair(&|a, b| a - b),
            Rule::Mul => pair(&|a, b| a * b),
            Rule::Div => pair(&|a, b| a / b),
            Rule::Greater => pair(&|a, b| f64::from(u8::from(a > b))),
            Rule::Relu => each(&|v| v.max(0.0)),
            Rule::LeakyRelu(alpha) => each(&|v| if v >= 0.0 { v } else { alpha * v }),
            Rule::Clip(low, high) => each(&|v| v.max(low).min(high)),
            Rule::Sigmoid => each(&sigmoid),
            Rule::Tanh => each(&f64::tanh),
            Rule::Erf => each(&libm::erf),
            Rule::Softmax => softmax(x),
            Rule::Concat => self
                .inputs
                .iter()
                .flat_map(|&i| lines[i].iter().copied())
                .collect(),
            Rule::Same => x.clone(),
        }
    }

    /// Adds to `to` what `slope`, the target's derivative by this step's result, means for the input at `place`.
    fn backward(&self, place: usize, lines: &[Vec<f64>], slope: &[f64], to: &mut [f64]) {
        let x = &lines[self.inputs[0]];
        let y = &lines[self.output];
        let mut each = |f: &dyn Fn(usize) -> f64| {
            for (i, to) in to.iter_mut().enumerate() {
                *to += slope[i] * f(i);
            }
        };
        match self.rule {
            Rule::Product { by_unit } => {
                let weights = &lines[self.inputs[1]];
                for (i, to) in to.iter_mut().enumerate() {
                    let by_output = slope.iter().enumerate();
                    *to += by_output
                        .map(|(o, s)| s * weights[self.weight(by_unit, i, o, x.len())])
                        .sum::<f64>();
                }
            }
            Rule::Add | Rule::Sub | Rule::Mul | Rule::Div => {
                let b = &lines[self.inputs[1]];
                let length = to.len();
                for (i, slope) in slope.iter().enumerate() {
                    let (a, b) = (x[i % x.len()], b[i % b.len()]);
                    let factor = match (self.rule, place) {
                        (Rule::Mul, 0) => b,
                        (Rule::Mul, _) => a,
                        (Rule::Div, 0) => 1.0 / b,
                        (Rule::Div, _) => -a / (b * b),
                        (Rule::Sub, 1) => -1.0,
                        _ => 1.0,
                    };
                    to[i % length] += slope * factor;
                }
            }
            // A step: its slope is 0 wherever it has one.
            Rule::Greater => {}
            Rule::Relu => each(&|i| f64::from(u8::from(x[i] > 0.0))),
            Rule::LeakyRelu(alpha) => each(&|i| if x[i] > 0.0 { 1.0 } else { alpha }),
            Rule::Clip(low, high) => each(&|i| f64::from(u8::from(x[i] > low && x[i] < high))),
            Rule::Sigmoid => each(&|i| y[i] * (1.0 - y[i])),
            Rule::Tanh => each(&|i| 1.0 - y[i] * y[i]),
            Rule::Erf => each(&|i| std::f64::consts::FRAC_2_SQRT_PI * (-x[i] * x[i]).exp()),
            Rule::Softmax => {
                let mean: f64 = slope.iter().zip(y).map(|(s, y)| s * y).sum();
                for (i, to) in to.iter_mut().enumerate() {
                    *to += y[i] * (slope[i] - mean);
                }
            }
            Rule::Concat => {
                let before: usize = self.inputs[..place].iter().map(|&i| lines[i].len()).sum();
                for (to, slope) in to.iter_mut().zip(&slope[before..]) {
                    *to += slope;
                }
            }
            Rule::Same => each(&|_| 1.0),
        }
    }

    /// Place of the weight from input `i` to output `o`.
    fn weight(&self, by_unit: bool, i: usize, o: usize, inputs: usize) -> usize {
        if by_unit {
            o * inputs + i
        } else {
            i * self.length + o
        }
    }
}

fn sigmoid(v: f64) -> f64 {
    1.0 / (1.0 + (-v).exp())
}

fn softmax(x: &[f64]) -> Vec<f64> {
    let highest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = x.iter().map(|v| (v - highest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}

/// Turns graph nodes into steps and keeps which value lies in which slot.
struct Reader<'a> {
    graph: &'a Graph,
    features: ValueId,
    slots: Vec<(ValueId, usize)>,
    constants: Vec<Vec<f64>>,
}

impl Reader<'_> {
    /// The step that computes a node; `None` for the pooling itself, whose result is given.
    fn step(&mut self, node: &Node) -> Result<Option<Step>, Error> {
        let unsupported = |reason| Error::Unsupported {
            operator: node.op.onnx_name(),
            layer: node.layer.clone(),
            reason,
        };
        if node.inputs.contains(&self.features) {
            if node.op != Op::GlobalAveragePool {
                return Err(unsupported("it reads the feature map itself"));
            }
            self.slots.push((node.output, 0));
            return Ok(None);
        }
        let types = node
            .inputs
            .iter()
            .chain([&node.output])
            .map(|&v| self.graph.ty(v));
        let rule = rule_of(&node.op, self.graph, node).map_err(unsupported)?;
        let weights_at = matches!(rule, Rule::Product { .. }).then_some(1);
        if types
            .enumerate()
            .any(|(i, ty)| weights_at != Some(i) && !is_line(ty))
        {
            return Err(unsupported("its numbers do not form one line"));
        }
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for (place, &value) in node.inputs.iter().enumerate() {
            let slot = self
                .slot(value)
                .ok_or_else(|| unsupported("it reads another input"))?;
            if weights_at.is_some_and(|w| place >= w) && self.constants[slot].is_empty() {
                return Err(unsupported("its weights are not constants"));
            }
            inputs.push(slot);
        }
        let length = self.graph.ty(node.output).elements().unwrap_or(0);
        let output = self.constants.len();
        self.constants.push(Vec::new());
        self.slots.push((node.output, output));
        Ok(Some(Step {
            rule,
            inputs,
            output,
            length,
        }))
    }

    /// Slot of a computed value or of a constant, which gets one at its first use.
    fn slot(&mut self, value: ValueId) -> Option<usize> {
        if let Some(slot) = self.computed(value) {
            return Some(slot);
        }
        let numbers = self.graph.constant(value)?;
        let slot = self.constants.len();
        self.constants
            .push(numbers.iter().map(|&v| f64::from(v)).collect());
        self.slots.push((value, slot));
        Some(slot)
    }

    fn computed(&self, value: ValueId) -> Option<usize> {
        self.slots
            .iter()
            .find(|(v, _)| *v == value)
            .map(|(_, slot)| *slot)
    }
}

fn rule_of(op: &Op, graph: &Graph, node: &Node) -> Result<Rule, &'static str> {
    Ok(match op {
        Op::Gemm => Rule::Product { by_unit: false },
        Op::Conv(conv) => {
            let weights = node.inputs.get(1).map(|&w| graph.ty(w).sizes());
            let one_by_one = weights.is_some_and(|w| w.ends_with(&[1, 1]));
            if !one_by_one || conv.groups != 1 || !conv.pads.is_none() {
                return Err("only 1 × 1 convolutions without groups stand behind a pooling");
            }
            Rule::Product { by_unit: true }
        }
        Op::Add => Rule::Add,
        Op::Sub => Rule::Sub,
        Op::Mul => Rule::Mul,
        Op::Div => Rule::Div,
        Op::Greater => Rule::Greater,
        Op::Relu => Rule::Relu,
        Op::LeakyRelu { alpha } => Rule::LeakyRelu(f64::from(*alpha)),
        Op::Clip { low, high } => Rule::Clip(f64::from(*low), f64::from(*high)),
        Op::Sigmoid => Rule::Sigmoid,
        Op::Tanh => Rule::Tanh,
        Op::Erf => Rule::Erf,
        Op::Softmax => match node.inputs.first().map(|&x| graph.ty(x).rank()) {
            Some(2) => Rule::Softmax,
            _ => return Err("it does not run over the whole line"),
        },
        Op::Concat { .. } => Rule::Concat,
        // One cell is its own mean and maximum.
        Op::Flatten
        | Op::Reshape { .. }
        | Op::Transpose { .. }
        | Op::GlobalAveragePool
        | Op::GlobalMaxPool => Rule::Same,
        Op::MaxPool(_) | Op::AveragePool(_) | Op::Pad(_) => return Err("it works on pictures"),
        Op::ConvTranspose { .. } | Op::ReduceSum { .. } | Op::Slice(_) => {
            return Err("it belongs to gradients");
        }
    })
}

/// True when at most one axis, the batch apart, is longer than 1: the numbers then have one order, whatever the shape.
fn is_line(ty: &TensorType) -> bool {
    ty.sizes().iter().filter(|s| **s > 1).count() <= 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::reference::{Array, output};
    use crate::graph::{Builder, Conv, Pads, Pool};

    const CHANNELS: usize = 5;

    /// Numbers between −1 and 1 that look random.
    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed.wrapping_mul(2) + 1;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            ((state >> 40) as f32) / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    /// A graph whose head is what `build` makes of the pooled features, (N, 5, 1, 1).
    fn head(build: impl FnOnce(&mut Builder, ValueId) -> ValueId) -> Graph {
        let mut b = Builder::new();
        let x = b
            .input("x", TensorType::batched(&[CHANNELS, 2, 3]))
            .unwrap();
        let pooled = b.node(Op::GlobalAveragePool, "avg_pool", &[x]).unwrap();
        let logit = build(&mut b, pooled);
        b.output(FEATURES, x);
        b.output(LOGIT, logit);
        b.finish().unwrap()
    }

    fn dense(b: &mut Builder, x: ValueId, out: usize, seed: u64) -> ValueId {
        let input = b.ty(x).vector().unwrap();
        let weights = b
            .constant("w", &[input, out], numbers(input * out, seed))
            .unwrap();
        let bias = b.constant("b", &[out], numbers(out, seed + 7)).unwrap();
        b.node(Op::Gemm, "dense", &[x, weights, bias]).unwrap()
    }

    fn node(b: &mut Builder, op: Op, inputs: &[ValueId]) -> ValueId {
        b.node(op, "layer", inputs).unwrap()
    }

    fn swish(b: &mut Builder, x: ValueId) -> ValueId {
        let s = node(b, Op::Sigmoid, &[x]);
        node(b, Op::Mul, &[x, s])
    }

    /// Heads as Keras files have them, and one with every other operator.
    fn heads(seed: u64) -> Vec<(&'static str, Graph)> {
        let plain = head(|b, x| {
            let x = node(b, Op::Flatten, &[x]);
            dense(b, x, 1, seed)
        });
        let hidden = head(|b, x| {
            let x = node(b, Op::Flatten, &[x]);
            let x = dense(b, x, 7, seed);
            let x = node(b, Op::Relu, &[x]);
            let scale = b.constant("scale", &[1, 7], numbers(7, seed + 1)).unwrap();
            let x = node(b, Op::Mul, &[x, scale]);
            let shift = b.constant("shift", &[7], numbers(7, seed + 2)).unwrap();
            let x = node(b, Op::Add, &[x, shift]);
            let x = node(
                b,
                Op::Clip {
                    low: -0.5,
                    high: 6.0,
                },
                &[x],
            );
            let x = dense(b, x, 4, seed + 3);
            let x = swish(b, x);
            dense(b, x, 2, seed + 4)
        });
        let top = head(|b, x| {
            let weights = b
                .constant("w", &[3, CHANNELS, 1, 1], numbers(15, seed))
                .unwrap();
            let bias = b.constant("b", &[3], numbers(3, seed + 1)).unwrap();
            let x = node(b, Op::Conv(Conv::default()), &[x, weights, bias]);
            node(b, Op::Reshape { dims: vec![3] }, &[x])
        });
        let rare = head(|b, x| {
            let scale = b
                .constant("scale", &[1, CHANNELS, 1, 1], numbers(5, seed))
                .unwrap();
            let x = node(b, Op::Mul, &[scale, x]);
            let x = node(
                b,
                Op::Transpose {
                    axes: vec![0, 2, 3, 1],
                },
                &[x],
            );
            let x = node(b, Op::Flatten, &[x]);
            let y = dense(b, x, 3, seed);
            let y = node(b, Op::Tanh, &[y]);
            let y = node(b, Op::Erf, &[y]);
            let z = dense(b, x, 3, seed + 1);
            let z = node(b, Op::LeakyRelu { alpha: 0.1 }, &[z]);
            let mask = node(b, Op::Greater, &[z, y]);
            let z = node(b, Op::Mul, &[z, mask]);
            let difference = node(b, Op::Sub, &[y, z]);
            let p = dense(b, x, 3, seed + 2);
            let p = node(b, Op::Softmax, &[p]);
            let quotient = node(b, Op::Div, &[difference, p]);
            let one = dense(b, x, 1, seed + 5);
            let product = node(b, Op::Mul, &[one, quotient]);
            let joined = node(b, Op::Concat { axis: 1 }, &[product, x, p]);
            dense(b, joined, 1, seed + 6)
        });
        vec![
            ("plain", plain),
            ("hidden", hidden),
            ("top", top),
            ("rare", rare),
        ]
    }

    /// Features whose channel means are `pooled`.
    fn spread(pooled: &[f64]) -> Array {
        let cells = pooled
            .iter()
            .flat_map(|p| [-3.0, 2.0, 1.0, 0.5, -0.5, 0.0].map(|d| p + d));
        Array::new(&[1, CHANNELS, 2, 3], cells.collect())
    }

    proptest! {
        #[test]
        fn logits_and_gradients_are_those_of_the_graph(
            seed in 0..1000_u64,
            pooled in prop::collection::vec(-2.0..2.0_f64, CHANNELS),
        ) {
            for (name, graph) in heads(seed) {
                let algebra = HeadAlgebra::from_graph(&graph).unwrap();
                let reference = |pooled: &[f64]| output(&graph, &[spread(pooled)], LOGIT).numbers;
                let expected = reference(&pooled);
                let logits = algebra.logits(&pooled).unwrap();
                prop_assert_eq!(logits.len(), algebra.units());
                for (a, b) in logits.iter().zip(&expected) {
                    prop_assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{}: {} {}", name, a, b);
                }
                for (k, &here) in expected.iter().enumerate() {
                    let gradient = algebra.gradient(&pooled, Target::Output(k)).unwrap();
                    for channel in 0..CHANNELS {
                        let step = |d: f64| {
                            let mut moved = pooled.clone();
                            moved[channel] += d;
                            reference(&moved)[k]
                        };
                        let h = 1e-6;
                        let (up, down) = ((step(h) - here) / h, (here - step(-h)) / h);
                        let kink = (up - down).abs() > 1e-3 * (1.0 + up.abs());
                        let difference = (gradient[channel] - (up + down) / 2.0).abs();
                        prop_assert!(
                            kink || difference <= 1e-4 * (1.0 + up.abs()),
                            "{} output {} channel {}: {} not {}", name, k, channel, gradient[channel], up
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn targets_combine_the_outputs() {
        let (_, graph) = heads(3).swap_remove(1);
        let algebra = HeadAlgebra::from_graph(&graph).unwrap();
        let pooled = [0.3, -0.2, 1.5, 0.7, -1.1];
        let of = |target| algebra.gradient(&pooled, target).unwrap();
        let (z0, z1) = (of(Target::Output(0)), of(Target::Output(1)));
        let expected: Vec<f64> = z1.iter().zip(&z0).map(|(b, a)| b - a).collect();
        for (found, expected) in of(Target::Difference).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert!(matches!(
            algebra.gradient(&pooled, Target::Logit),
            Err(Error::Target { units: 2, .. })
        ));
        assert!(matches!(algebra.logits(&pooled[1..]), Err(Error::Shape(_))));
    }

    #[test]
    fn at_a_kink_the_slope_is_zero() {
        let graph = head(|b, x| {
            let x = node(b, Op::Flatten, &[x]);
            let x = node(b, Op::Relu, &[x]);
            let x = node(
                b,
                Op::Clip {
                    low: -1.0,
                    high: 6.0,
                },
                &[x],
            );
            let ones = b
                .constant("w", &[CHANNELS, 1], vec![1.0; CHANNELS])
                .unwrap();
            node(b, Op::Gemm, &[x, ones])
        });
        let algebra = HeadAlgebra::from_graph(&graph).unwrap();
        let gradient = algebra
            .gradient(&[-1.0, 0.0, 1.0, 6.0, 7.0], Target::Logit)
            .unwrap();
        assert_eq!(gradient, [0.0, 0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn what_is_not_a_vector_function_is_refused_by_name() {
        let refused = |graph: &Graph| match HeadAlgebra::from_graph(graph) {
            Err(Error::Unsupported { operator, .. }) => operator,
            other => panic!("{other:?}"),
        };
        let beside = |op: Op| {
            let mut b = Builder::new();
            let x = b
                .input("x", TensorType::batched(&[CHANNELS, 2, 3]))
                .unwrap();
            let pooled = b.node(Op::GlobalAveragePool, "avg_pool", &[x]).unwrap();
            let other = b.node(op, "other", &[x]).unwrap();
            let sum = b.node(Op::Add, "sum", &[pooled, other]).unwrap();
            b.output(FEATURES, x);
            b.output(LOGIT, sum);
            b.finish().unwrap()
        };
        assert_eq!(refused(&beside(Op::GlobalMaxPool)), "GlobalMaxPool");
        assert_eq!(refused(&beside(Op::Relu)), "Relu");
        let padded = head(|b, x| {
            let pads = Pads {
                top: 1,
                left: 1,
                bottom: 1,
                right: 1,
            };
            let x = node(b, Op::Pad(pads), &[x]);
            node(b, Op::Flatten, &[x])
        });
        assert_eq!(refused(&padded), "Pad");
        let pooled = head(|b, x| {
            let pool = Pool {
                kernel: [1, 1],
                strides: [1, 1],
                pads: Pads::NONE,
            };
            let x = node(b, Op::AveragePool(pool), &[x]);
            node(b, Op::Flatten, &[x])
        });
        assert_eq!(refused(&pooled), "AveragePool");
        let outer = head(|b, x| {
            let row = b.constant("row", &[4], vec![1.0; 4]).unwrap();
            let x = node(b, Op::Add, &[x, row]);
            node(b, Op::Flatten, &[x])
        });
        assert_eq!(refused(&outer), "Add");
        let second = {
            let mut b = Builder::new();
            let x = b
                .input("x", TensorType::batched(&[CHANNELS, 2, 3]))
                .unwrap();
            let age = b
                .input("age", TensorType::batched(&[CHANNELS, 1, 1]))
                .unwrap();
            let pooled = b.node(Op::GlobalAveragePool, "avg_pool", &[x]).unwrap();
            let sum = b.node(Op::Add, "sum", &[pooled, age]).unwrap();
            b.output(FEATURES, x);
            b.output(LOGIT, sum);
            b.finish().unwrap()
        };
        assert_eq!(refused(&second), "Add");
    }

    #[test]
    fn a_network_without_the_named_outputs_is_refused() {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2])).unwrap();
        let y = b.node(Op::Relu, "y", &[x]).unwrap();
        b.output(LOGIT, y);
        let without = b.finish().unwrap();
        assert_eq!(
            HeadAlgebra::from_graph(&without).unwrap_err(),
            Error::Missing("feature map")
        );
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2, 2, 2])).unwrap();
        b.output(FEATURES, x);
        let other = b.input("other", TensorType::batched(&[2])).unwrap();
        b.output(LOGIT, other);
        let apart = b.finish().unwrap();
        assert!(matches!(
            HeadAlgebra::from_graph(&apart),
            Err(Error::Missing(_))
        ));
    }
}
