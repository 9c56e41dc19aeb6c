//! Values and gradients of heads, compared with the slow evaluator and central differences.

use proptest::prelude::*;

use super::*;
use crate::graph::reference::{Array, output};
use crate::graph::{Builder, Conv, Op, Pads, Pool, TensorType, ValueId};

const CHANNELS: usize = 5;

/// Pseudo-random values between −1 and 1.
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

/// A graph whose head is built by `build` from the pooled features, (N, 5, 1, 1).
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

/// Heads as in Keras files, and one with every other operator.
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
            let algebra = HeadFunction::from_graph(&graph).unwrap();
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
    let algebra = HeadFunction::from_graph(&graph).unwrap();
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
    let algebra = HeadFunction::from_graph(&graph).unwrap();
    let gradient = algebra
        .gradient(&[-1.0, 0.0, 1.0, 6.0, 7.0], Target::Logit)
        .unwrap();
    assert_eq!(gradient, [0.0, 0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn what_is_not_a_vector_function_is_refused_by_name() {
    let refused = |graph: &Graph| match HeadFunction::from_graph(graph) {
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
        HeadFunction::from_graph(&without).unwrap_err(),
        Error::Missing(NetworkPart::FeatureMap)
    );
    let mut b = Builder::new();
    let x = b.input("x", TensorType::batched(&[2, 2, 2])).unwrap();
    b.output(FEATURES, x);
    let other = b.input("other", TensorType::batched(&[2])).unwrap();
    b.output(LOGIT, other);
    let apart = b.finish().unwrap();
    assert!(matches!(
        HeadFunction::from_graph(&apart),
        Err(Error::Missing(_))
    ));
}
