//! One step of a head: computes a vector from earlier ones and propagates its gradient back to them.

/// One computed vector. Slot 0 holds the pooled features.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) rule: Rule,
    pub(super) inputs: Vec<usize>,
    pub(super) output: usize,
    pub(super) length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    /// Inputs x, weights, optional bias; weights are (in, out), or (out, in) if `by_unit`.
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
    /// The same values in another shape.
    Same,
}

impl Step {
    pub(super) fn forward(&self, lines: &[Vec<f64>]) -> Vec<f64> {
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

    /// Adds to `to` the gradient for the input at `place`, given `slope`, the target's derivative with respect to this
    /// result.
    pub(super) fn backward(&self, place: usize, lines: &[Vec<f64>], slope: &[f64], to: &mut [f64]) {
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
            // A step function: its slope is 0 wherever it is defined.
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

    /// Index of the weight from input `i` to output `o`.
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
