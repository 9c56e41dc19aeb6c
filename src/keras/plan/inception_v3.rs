//! InceptionV3: repeated modules of parallel branches.

use super::build::{ConvPlan, LayerIndex, Pad, Plan};

/// Filters and kernel (rows, columns) of a convolution with norm and ReLU.
type Step = (usize, [usize; 2]);

pub fn inception_v3(p: &mut Plan) {
    unit(p, 32, [3, 3], 2, Pad::Valid);
    unit(p, 32, [3, 3], 1, Pad::Valid);
    unit(p, 64, [3, 3], 1, Pad::Same);
    p.max_pool("", Pad::Valid);
    unit(p, 80, [1, 1], 1, Pad::Valid);
    unit(p, 192, [3, 3], 1, Pad::Valid);
    p.max_pool("", Pad::Valid);
    for (number, pooled) in [32, 64, 64].into_iter().enumerate() {
        let x = p.end;
        let branches = [
            branch(p, x, &[(64, [1, 1])]),
            branch(p, x, &[(48, [1, 1]), (64, [5, 5])]),
            branch(p, x, &[(64, [1, 1]), (96, [3, 3]), (96, [3, 3])]),
            pooled_branch(p, x, pooled),
        ];
        p.concatenate(&format!("mixed{number}"), &branches);
    }
    let x = p.end;
    let a = narrowing(p, x, &[], 384);
    let b = narrowing(p, x, &[(64, [1, 1]), (96, [3, 3])], 96);
    let c = max_branch(p, x);
    p.concatenate("mixed3", &[a, b, c]);
    for (number, n) in [(4, 128), (5, 160), (6, 160), (7, 192)] {
        let x = p.end;
        let branches = [
            branch(p, x, &[(192, [1, 1])]),
            branch(p, x, &[(n, [1, 1]), (n, [1, 7]), (192, [7, 1])]),
            branch(
                p,
                x,
                &[
                    (n, [1, 1]),
                    (n, [7, 1]),
                    (n, [1, 7]),
                    (n, [7, 1]),
                    (192, [1, 7]),
                ],
            ),
            pooled_branch(p, x, 192),
        ];
        p.concatenate(&format!("mixed{number}"), &branches);
    }
    let x = p.end;
    let a = narrowing(p, x, &[(192, [1, 1])], 320);
    let b = narrowing(p, x, &[(192, [1, 1]), (192, [1, 7]), (192, [7, 1])], 192);
    let c = max_branch(p, x);
    p.concatenate("mixed8", &[a, b, c]);
    for number in 0..2 {
        let x = p.end;
        let a = branch(p, x, &[(320, [1, 1])]);
        let b = split(p, x, &[(384, [1, 1])], &format!("mixed9_{number}"));
        let c = split(p, x, &[(448, [1, 1]), (384, [3, 3])], "");
        let d = pooled_branch(p, x, 192);
        p.concatenate(&format!("mixed{}", 9 + number), &[a, b, c, d]);
    }
}

/// Convolution, norm without gamma, ReLU; all numbered by Keras.
fn unit(p: &mut Plan, filters: usize, kernel: [usize; 2], stride: usize, pad: Pad) {
    p.conv("", filters, ConvPlan::of(kernel, stride, pad));
    p.norm("", 1e-3, false);
    p.activation("", "relu");
}

fn branch(p: &mut Plan, from: LayerIndex, steps: &[Step]) -> LayerIndex {
    p.end = from;
    for &(filters, kernel) in steps {
        unit(p, filters, kernel, 1, Pad::Same);
    }
    p.end
}

/// A branch that ends in a strided convolution.
fn narrowing(p: &mut Plan, from: LayerIndex, steps: &[Step], filters: usize) -> LayerIndex {
    branch(p, from, steps);
    unit(p, filters, [3, 3], 2, Pad::Valid);
    p.end
}

fn pooled_branch(p: &mut Plan, from: LayerIndex, filters: usize) -> LayerIndex {
    p.end = from;
    p.average_pool("", 3, 1, Pad::Same);
    unit(p, filters, [1, 1], 1, Pad::Same);
    p.end
}

fn max_branch(p: &mut Plan, from: LayerIndex) -> LayerIndex {
    p.end = from;
    p.max_pool("", Pad::Valid);
    p.end
}

/// A branch that ends in two parallel convolutions, 1 × 3 and 3 × 1.
fn split(p: &mut Plan, from: LayerIndex, steps: &[Step], name: &str) -> LayerIndex {
    let stem = branch(p, from, steps);
    let a = branch(p, stem, &[(384, [1, 3])]);
    let b = branch(p, stem, &[(384, [3, 1])]);
    p.concatenate(name, &[a, b]);
    p.end
}
