//! The gradient of a network as an extended network: the forward nodes, then their adjoints, all of them ordinary
//! nodes.
//!
//! Reverse accumulation (Griewank, Walther 2008, chapter 3): the nodes are visited in reverse order, and each
//! propagates the derivative with respect to its result to its inputs. A value with several readers gets the sum. Only
//! values between the requested tensors and the target are visited. Weights get no derivative. At a kink the gradient
//! follows TensorFlow: 0 for ReLU at 0 and at both ends of a clip, the first of equal values for max pooling.
//!
//! ```text
//! let longer = differentiate(&graph, LOGIT, &["x", "top_activation"])?;
//! // inputs  x, seed (N, units)                       outputs  … , gradient:x, top_activation, gradient:top_activation
//! ```

mod activation;
mod arithmetic;
mod conv;
mod layout;
mod pool;
mod tape;

use super::{Builder, Error, Graph, Node, Op, Source, ValueId};
use tape::Tape;

/// Name of the input that weights the target's elements; it has the target's shape.
pub const SEED: &str = "seed";

/// Name of the output that holds the derivative with respect to `tensor`.
pub fn gradient_name(tensor: &str) -> String {
    format!("gradient:{tensor}")
}

/// Extends a graph with the gradient of Σ seed · `from` with respect to each tensor of `wrt`.
///
/// Names are looked up among the outputs, then among the values. The result has the outputs of `graph`, an additional
/// input [`SEED`] of the shape of `from`, and for each tensor of `wrt` its derivative, of the same shape and named
/// [`gradient_name`]; a computed tensor of `wrt` also becomes an output. `from` should be the logit: after a softmax or
/// sigmoid the gradient of a saturated score vanishes.
///
/// # Errors
/// [`Error::Malformed`] for a name that does not exist or on which `from` does not depend, [`Error::Unsupported`] with
/// operator and layer for a node without a rule.
pub fn differentiate(graph: &Graph, from: &str, wrt: &[&str]) -> Result<Graph, Error> {
    let target = find(graph, from)?;
    let desired = wrt
        .iter()
        .map(|name| find(graph, name))
        .collect::<Result<Vec<_>, _>>()?;
    if !graph.ty(target).is_batched() {
        return Err(Error::malformed(from, "a constant has no gradient"));
    }
    let mut builder = Builder::from_graph(graph.clone());
    if let Some(taken) = graph.value_named(SEED) {
        builder.name(taken, "seed (tensor)");
    }
    let seed = builder.input(SEED, graph.ty(target).clone())?;
    let mut tape = Tape::new(builder, depends_on(graph, &desired));
    tape.add(target, seed)?;
    for node in graph.nodes().iter().rev() {
        if !tape.is_needed(node.output) {
            continue;
        }
        if let Some(slope) = tape.slope(node.output) {
            tape.enter(&node.layer);
            rule(&mut tape, node, slope)?;
        }
    }
    for (name, &value) in wrt.iter().zip(&desired) {
        let slope = tape
            .slope(value)
            .ok_or_else(|| Error::malformed(*name, format!("{from} does not depend on it")))?;
        let computed = matches!(graph.value(value).source, Source::Node(_));
        if computed && graph.output(name).is_none() {
            tape.builder.output(name, value);
        }
        tape.builder.output(&gradient_name(name), slope);
    }
    tape.builder.finish()
}

fn find(graph: &Graph, name: &str) -> Result<ValueId, Error> {
    graph
        .output(name)
        .or_else(|| graph.value_named(name))
        .ok_or_else(|| Error::malformed(name, "no tensor has this name"))
}

/// Which values depend on one of `desired`, themselves included.
fn depends_on(graph: &Graph, desired: &[ValueId]) -> Vec<bool> {
    let mut depends = vec![false; graph.values().len()];
    for value in desired {
        depends[value.index()] = true;
    }
    for node in graph.nodes() {
        if node.inputs.iter().any(|i| depends[i.index()]) {
            depends[node.output.index()] = true;
        }
    }
    depends
}

/// Propagates `slope`, the derivative with respect to the node's result, to the node's inputs.
fn rule(tape: &mut Tape, node: &Node, slope: ValueId) -> Result<(), Error> {
    match &node.op {
        Op::Conv(conv) => conv::conv(tape, node, conv, slope),
        Op::ConvTranspose { conv, .. } => conv::conv_transpose(tape, node, conv, slope),
        Op::MaxPool(pool) => pool::max(tape, node, *pool, slope),
        Op::AveragePool(pool) => pool::average(tape, node, *pool, slope),
        Op::GlobalAveragePool => pool::global_average(tape, node, slope),
        Op::GlobalMaxPool => pool::global_max(tape, node, slope),
        Op::Gemm => arithmetic::gemm(tape, node, slope),
        Op::Add => arithmetic::add(tape, node, slope),
        Op::Sub => arithmetic::sub(tape, node, slope),
        Op::Mul => arithmetic::mul(tape, node, slope),
        Op::Div => arithmetic::div(tape, node, slope),
        // A step function: its derivative is 0 wherever it exists.
        Op::Greater => Ok(()),
        Op::Relu => activation::relu(tape, node, slope),
        Op::LeakyRelu { alpha } => activation::leaky_relu(tape, node, *alpha, slope),
        Op::Clip { low, high } => activation::clip(tape, node, [*low, *high], slope),
        Op::Sigmoid => activation::sigmoid(tape, node, slope),
        Op::Tanh => activation::tanh(tape, node, slope),
        Op::Erf => activation::erf(tape, node, slope),
        Op::Exp => activation::exp(tape, node, slope),
        Op::Log => activation::log(tape, node, slope),
        Op::Sqrt => activation::sqrt(tape, node, slope),
        Op::Softmax => activation::softmax(tape, node, slope),
        Op::Flatten | Op::Reshape { .. } => layout::reshape(tape, node, slope),
        Op::Transpose { axes } => layout::transpose(tape, node, axes, slope),
        Op::Concat { axis } => layout::concat(tape, node, *axis, slope),
        Op::Pad(pads) => layout::pad(tape, node, *pads, slope),
        Op::ReduceSum { .. } => layout::reduce_sum(tape, node, slope),
        Op::Slice(cuts) => layout::slice(tape, node, cuts, slope),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::reference::{Array, output};
    use crate::graph::{AxisSlice, TensorType};

    /// Pseudorandom numbers between −1 and 1.
    pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) as f32) / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    pub fn array(sizes: &[usize], seed: u64) -> Array {
        let count = sizes.iter().product();
        let numbers = numbers(count, seed).into_iter().map(f64::from).collect();
        Array::new(sizes, numbers)
    }

    /// The network that `build` creates from an input (N, sizes…), with the output `y`.
    pub fn network(sizes: &[usize], build: impl FnOnce(&mut Builder, ValueId) -> ValueId) -> Graph {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(sizes)).unwrap();
        let y = build(&mut b, x);
        b.output("y", y);
        b.finish().unwrap()
    }

    /// Compares the gradient with central differences, for a batch of two.
    pub fn check(
        what: &str,
        sizes: &[usize],
        build: impl FnOnce(&mut Builder, ValueId) -> ValueId,
    ) -> Graph {
        const STEP: f64 = 1e-5;
        let graph = network(sizes, build);
        let longer = differentiate(&graph, "y", &["x"]).unwrap();
        let x = array(&[&[2], sizes].concat(), 11);
        let y = output(&graph, std::slice::from_ref(&x), "y");
        let seed = array(&y.sizes, 5);
        let found = output(&longer, &[x.clone(), seed.clone()], "gradient:x");
        assert_eq!(found.sizes, x.sizes, "{what}");
        let sum = |x: &Array| -> f64 {
            let y = output(&graph, std::slice::from_ref(x), "y");
            y.numbers
                .iter()
                .zip(&seed.numbers)
                .map(|(a, b)| a * b)
                .sum()
        };
        let mut largest = 0.0_f64;
        for (at, &slope) in found.numbers.iter().enumerate() {
            let (mut above, mut below) = (x.clone(), x.clone());
            above.numbers[at] += STEP;
            below.numbers[at] -= STEP;
            let expected = (sum(&above) - sum(&below)) / (2.0 * STEP);
            let difference = (slope - expected).abs();
            assert!(
                difference <= 2e-6 * (1.0 + expected.abs()),
                "{what} at {at}: {slope} where differences give {expected}"
            );
            largest = largest.max(slope.abs());
        }
        assert!(largest > 0.0, "{what}: every slope is 0");
        longer
    }

    pub fn node(b: &mut Builder, op: Op, inputs: &[ValueId]) -> ValueId {
        b.node(op, "layer", inputs).unwrap()
    }

    #[test]
    fn a_value_with_two_readers_gets_the_sum_of_both() {
        check("branches", &[3, 2, 2], |b, x| {
            let s = node(b, Op::Sigmoid, &[x]);
            let t = node(b, Op::Tanh, &[s]);
            let m = node(b, Op::Mul, &[s, t]);
            node(b, Op::Add, &[m, x])
        });
    }

    #[test]
    fn a_tensor_in_the_middle_becomes_an_output_with_its_derivative() {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2, 2, 2])).unwrap();
        let middle = b.node(Op::Tanh, "tanh", &[x]).unwrap();
        b.name(middle, "tanh");
        let mean = b.node(Op::GlobalAveragePool, "gap", &[middle]).unwrap();
        let y = b.node(Op::Flatten, "flat", &[mean]).unwrap();
        b.output("logit", y);
        let graph = b.finish().unwrap();
        let longer = differentiate(&graph, "logit", &["tanh"]).unwrap();
        let inputs = [array(&[3, 2, 2, 2], 1), Array::new(&[3, 2], vec![4.0; 6])];
        assert_eq!(
            output(&longer, &inputs, "gradient:tanh"),
            Array::new(&[3, 2, 2, 2], vec![1.0; 24])
        );
        let x = array(&[3, 2, 2, 2], 1);
        assert_eq!(
            output(&longer, &inputs, "tanh").numbers,
            x.numbers.iter().map(|v| v.tanh()).collect::<Vec<_>>()
        );
        // Nothing before the requested tensor is visited.
        assert_eq!(longer.nodes().len(), graph.nodes().len() + 2);
        assert!(longer.output("gradient:x").is_none());
    }

    #[test]
    fn the_seed_chooses_and_weighs_outputs() {
        let graph = network(&[3], |b, x| {
            let w = b
                .constant("w", &[3, 2], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
                .unwrap();
            node(b, Op::Gemm, &[x, w])
        });
        let longer = differentiate(&graph, "y", &["x"]).unwrap();
        let x = array(&[1, 3], 3);
        for (seed, expected) in [
            ([1.0, 0.0], [1.0, 3.0, 5.0]),
            ([-1.0, 1.0], [1.0, 1.0, 1.0]),
        ] {
            let inputs = [x.clone(), Array::new(&[1, 2], seed.to_vec())];
            assert_eq!(output(&longer, &inputs, "gradient:x").numbers, expected);
        }
    }

    #[test]
    fn what_cannot_be_differentiated_is_named() {
        let graph = network(&[4, 6, 6], |b, x| {
            let cut = AxisSlice {
                axis: 2,
                start: 0,
                end: 6,
                step: 2,
            };
            b.node(Op::Slice(vec![cut]), "every_second_row", &[x])
                .unwrap()
        });
        let refused = differentiate(&graph, "y", &["x"]).unwrap_err().to_string();
        assert!(
            refused.contains("every_second_row") && refused.contains("Slice"),
            "{refused}"
        );
        let graph = network(&[2], |b, x| node(b, Op::Relu, &[x]));
        assert!(
            differentiate(&graph, "y", &["z"])
                .unwrap_err()
                .to_string()
                .contains('z')
        );
        let longer = differentiate(&graph, "y", &["x"]).unwrap();
        let refused = differentiate(&longer, "y", &[SEED]).unwrap_err();
        assert!(refused.to_string().contains("does not depend"));
    }

    #[test]
    fn a_gradient_can_be_differentiated_again() {
        let graph = network(&[2, 5, 4], |b, x| {
            let k = b.constant("k", &[3, 2, 3, 3], numbers(54, 2)).unwrap();
            let conv = crate::graph::Conv {
                strides: [2, 1],
                ..Default::default()
            };
            let y = node(b, Op::Conv(conv), &[x, k]);
            node(b, Op::Mul, &[y, y])
        });
        let first = differentiate(&graph, "y", &["x"]).unwrap();
        let mut renamed = first.clone();
        renamed.outputs.retain(|o| o.name == "gradient:x");
        renamed.outputs[0].name = "slope".into();
        let second = differentiate(&renamed, "slope", &["x"]).unwrap();
        let x = array(&[1, 2, 5, 4], 1);
        let seed = array(&[1, 3, 2, 2], 2);
        let direction = array(&[1, 2, 5, 4], 3);
        // The gradient is linear in x here, so the symmetric second derivative along x repeats it.
        let slopes = output(&first, &[x.clone(), seed.clone()], "gradient:x");
        let again = output(&second, &[x.clone(), seed, direction.clone()], "gradient:x");
        let dot = |a: &Array, b: &Array| -> f64 {
            a.numbers.iter().zip(&b.numbers).map(|(a, b)| a * b).sum()
        };
        assert!((dot(&slopes, &direction) - dot(&again, &x)).abs() < 1e-9);
    }

    /// A whole network has kinks almost everywhere: only float64 allows steps so small that they cross none.
    #[test]
    fn a_mobilenet_agrees_with_differences_in_float64_and_in_the_engine() {
        use crate::domain::Tensor;
        use crate::export::npy;
        use crate::graph::{INPUT, LOGIT, onnx};
        use crate::progress::{Cancel, Progress};
        use crate::runtime::{Device, Engines, Model};

        const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keras/");
        let bytes = |name: &str| std::fs::read(format!("{FOLDER}{name}")).unwrap();
        let cancel = Cancel::new();
        let file = bytes("keras2_mobilenet_sigmoid.h5");
        let graph = crate::keras::import(&file, &cancel, &Progress::new())
            .unwrap()
            .graph;
        let all = npy::read_floats(&bytes("input_96x96_tf.npy")).unwrap();
        let mut x = all.nchw_from_nhwc().unwrap();
        x.values.truncate(x.values.len() / x.shape[0]);
        x.shape[0] = 1;

        let longer = differentiate(&graph, LOGIT, &[INPUT]).unwrap();
        let exact = Array::new(&x.shape, x.values.iter().map(|&v| f64::from(v)).collect());
        let one = Array::new(&[1, 1], vec![1.0]);
        let slopes = output(&longer, &[exact.clone(), one], "gradient:x");
        let way = array(&x.shape, 3);
        let logit = |step: f64| {
            let moved = exact.numbers.iter().zip(&way.numbers);
            let moved = Array::new(&x.shape, moved.map(|(x, d)| x + step * d).collect());
            output(&graph, &[moved], LOGIT).numbers[0]
        };
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let found = dot(&slopes.numbers, &way.numbers);
        let expected = (logit(1e-8) - logit(-1e-8)) / 2e-8;
        println!("along a direction {found}, by differences {expected}");
        assert!((found - expected).abs() <= 1e-4 * expected.abs());

        let written = onnx::to_onnx(&longer).unwrap();
        let engines = Engines::embedded_only();
        let opened = engines.open(Device::Embedded, Model::Bytes(&written), &cancel);
        let seed = Tensor::new(vec![1, 1], vec![1.0]).unwrap();
        let inputs = [(INPUT, &x), (SEED, &seed)];
        let names = ["gradient:x"];
        let engine = opened
            .unwrap()
            .session
            .run(&inputs, &names, &cancel)
            .unwrap();
        let apart = engine[0].values.iter().zip(&slopes.numbers);
        let apart: Vec<f64> = apart.map(|(&a, b)| f64::from(a) - b).collect();
        let share = (dot(&apart, &apart) / dot(&slopes.numbers, &slopes.numbers)).sqrt();
        println!("embedded engine against float64: {share:.1e}");
        assert!(share < 1e-4, "{share}");
    }

    /// Every operator that has a rule, with ties after a ReLU, so that both engines run every node that the rules emit.
    fn every_rule() -> Graph {
        use crate::graph::{Conv, Pads, Pool};
        network(&[4, 9, 8], |b, x| {
            let pads = Pads {
                top: 0,
                left: 1,
                bottom: 1,
                right: 1,
            };
            let conv = Conv {
                strides: [2, 1],
                pads,
                groups: 2,
                ..Conv::default()
            };
            let k = b.constant("k", &[6, 2, 3, 3], numbers(108, 3)).unwrap();
            let mut y = node(b, Op::Conv(conv), &[x, k]);
            let k = b.constant("k", &[6, 1, 3, 3], numbers(54, 4)).unwrap();
            let deep = Conv {
                pads,
                groups: 6,
                ..Conv::default()
            };
            y = node(b, Op::Conv(deep), &[y, k]);
            y = node(b, Op::Pad(pads), &[y]);
            let pool = Pool {
                kernel: [3, 2],
                strides: [2, 2],
                pads,
            };
            let relu = node(b, Op::Relu, &[y]);
            let max = node(b, Op::MaxPool(pool), &[relu]);
            let leaky = node(b, Op::LeakyRelu { alpha: 0.3 }, &[y]);
            let mean = node(b, Op::AveragePool(pool), &[leaky]);
            y = node(b, Op::Concat { axis: 1 }, &[max, mean]);
            let s = node(b, Op::Sigmoid, &[y]);
            let swish = node(b, Op::Mul, &[y, s]);
            let top = node(b, Op::GlobalMaxPool, &[swish]);
            let t = node(b, Op::Tanh, &[top]);
            let gate = node(b, Op::Sub, &[t, s]);
            let two = b.constant("two", &[1], vec![2.0]).unwrap();
            y = node(b, Op::Div, &[gate, two]);
            y = node(
                b,
                Op::Clip {
                    low: -0.4,
                    high: 0.4,
                },
                &[y],
            );
            y = node(
                b,
                Op::Transpose {
                    axes: vec![0, 2, 3, 1],
                },
                &[y],
            );
            y = node(b, Op::Softmax, &[y]);
            y = node(b, Op::Flatten, &[y]);
            let count = b.ty(y).vector().unwrap();
            let w = b.constant("w", &[count, 2], numbers(2 * count, 6)).unwrap();
            node(b, Op::Gemm, &[y, w])
        })
    }

    #[test]
    fn every_rule_gives_the_same_in_the_engines_as_in_float64() {
        use crate::domain::Tensor;
        use crate::graph::onnx;
        use crate::progress::Cancel;
        use crate::runtime::{Device, Engines, Model};
        use crate::storage::{Places, runtime_library};

        let longer = differentiate(&every_rule(), "y", &["x"]).unwrap();
        let (x, seed) = (array(&[3, 4, 9, 8], 1), array(&[3, 2], 2));
        let exact = output(&longer, &[x.clone(), seed.clone()], "gradient:x");
        let floats = |a: &Array| {
            let values = a.numbers.iter().map(|&v| v as f32).collect();
            Tensor::new(a.sizes.clone(), values).unwrap()
        };
        let (x, seed) = (floats(&x), floats(&seed));
        let written = onnx::to_onnx(&longer).unwrap();
        let found = Places::of_this_user().map(|places| runtime_library::find(&places, None));
        let engines = Engines::discover(&found.unwrap_or_default(), 2);
        let cancel = Cancel::new();
        for device in [Device::Embedded, Device::Cpu] {
            if device == Device::Cpu && engines.library().is_none() {
                crate::skip::skipped("no library of ONNX Runtime was found");
                continue;
            }
            let opened = engines.open(device, Model::Bytes(&written), &cancel);
            let inputs = [("x", &x), (SEED, &seed)];
            let run = opened
                .unwrap()
                .session
                .run(&inputs, &["gradient:x"], &cancel);
            let largest = exact.numbers.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let pairs = run.unwrap()[0]
                .values
                .clone()
                .into_iter()
                .zip(&exact.numbers);
            let apart = pairs
                .map(|(a, b)| (f64::from(a) - b).abs())
                .fold(0.0, f64::max);
            println!("{device}: {:.1e} of the largest slope", apart / largest);
            assert!(
                largest > 0.0 && apart <= 1e-5 * largest,
                "{device}: {apart}"
            );
        }
    }
}
