//! InceptionResNetV2: branches whose result is scaled down and added to their input.

use super::build::{ConvPlan, LayerIndex, Pad, Plan};

/// Filters and kernel (rows, columns) of a convolution with norm and ReLU.
type Step = (usize, [usize; 2]);

pub fn inception_resnet_v2(p: &mut Plan) {
    unit(p, "", 32, [3, 3], 2, Pad::Valid);
    unit(p, "", 32, [3, 3], 1, Pad::Valid);
    unit(p, "", 64, [3, 3], 1, Pad::Same);
    p.max_pool("", Pad::Valid);
    unit(p, "", 80, [1, 1], 1, Pad::Valid);
    unit(p, "", 192, [3, 3], 1, Pad::Valid);
    p.max_pool("", Pad::Valid);
    let x = p.end;
    let a = branch(p, x, &[(96, [1, 1])]);
    let b = branch(p, x, &[(48, [1, 1]), (64, [5, 5])]);
    let c = branch(p, x, &[(64, [1, 1]), (96, [3, 3]), (96, [3, 3])]);
    p.end = x;
    p.average_pool("", 3, 1, Pad::Same);
    let d = branch(p, p.end, &[(64, [1, 1])]);
    p.concatenate("mixed_5b", &[a, b, c, d]);
    for number in 1..=10 {
        let branches: [&[Step]; 3] = [
            &[(32, [1, 1])],
            &[(32, [1, 1]), (32, [3, 3])],
            &[(32, [1, 1]), (48, [3, 3]), (64, [3, 3])],
        ];
        residual(p, &format!("block35_{number}"), &branches, 0.17, true);
    }
    let x = p.end;
    let a = narrowing(p, x, &[], 384);
    let b = narrowing(p, x, &[(256, [1, 1]), (256, [3, 3])], 384);
    let c = max_branch(p, x);
    p.concatenate("mixed_6a", &[a, b, c]);
    for number in 1..=20 {
        let branches: [&[Step]; 2] = [
            &[(192, [1, 1])],
            &[(128, [1, 1]), (160, [1, 7]), (192, [7, 1])],
        ];
        residual(p, &format!("block17_{number}"), &branches, 0.1, true);
    }
    let x = p.end;
    let a = narrowing(p, x, &[(256, [1, 1])], 384);
    let b = narrowing(p, x, &[(256, [1, 1])], 288);
    let c = narrowing(p, x, &[(256, [1, 1]), (288, [3, 3])], 320);
    let d = max_branch(p, x);
    p.concatenate("mixed_7a", &[a, b, c, d]);
    for number in 1..=10 {
        let branches: [&[Step]; 2] = [
            &[(192, [1, 1])],
            &[(192, [1, 1]), (224, [1, 3]), (256, [3, 1])],
        ];
        let last = number == 10;
        let scale = if last { 1.0 } else { 0.2 };
        residual(p, &format!("block8_{number}"), &branches, scale, !last);
    }
    unit(p, "conv_7b", 1536, [1, 1], 1, Pad::Same);
}

/// Branches, concatenated, projected to the input's channels by a convolution with bias, scaled and added to the input.
fn residual(p: &mut Plan, name: &str, branches: &[&[Step]], scale: f64, relu: bool) {
    let x = p.end;
    let width = p.shape()[2];
    let ends: Vec<LayerIndex> = branches.iter().map(|steps| branch(p, x, steps)).collect();
    p.concatenate(&format!("{name}_mixed"), &ends);
    let up = ConvPlan::new(1, 1, Pad::Same).with_bias("linear");
    p.conv(&format!("{name}_conv"), width, up);
    p.add_scaled(scale, x, p.end);
    if relu {
        p.activation(&format!("{name}_ac"), "relu");
    }
}

/// Convolution, norm without gamma, ReLU; numbered by Keras if `name` is empty.
fn unit(p: &mut Plan, name: &str, filters: usize, kernel: [usize; 2], stride: usize, pad: Pad) {
    let part = |ending: &str| match name {
        "" => String::new(),
        name => format!("{name}{ending}"),
    };
    p.conv(name, filters, ConvPlan::of(kernel, stride, pad));
    p.norm(&part("_bn"), 1e-3, false);
    p.activation(&part("_ac"), "relu");
}

fn branch(p: &mut Plan, from: LayerIndex, steps: &[Step]) -> LayerIndex {
    p.end = from;
    for &(filters, kernel) in steps {
        unit(p, "", filters, kernel, 1, Pad::Same);
    }
    p.end
}

/// A branch that ends in a strided convolution.
fn narrowing(p: &mut Plan, from: LayerIndex, steps: &[Step], filters: usize) -> LayerIndex {
    branch(p, from, steps);
    unit(p, "", filters, [3, 3], 2, Pad::Valid);
    p.end
}

fn max_branch(p: &mut Plan, from: LayerIndex) -> LayerIndex {
    p.end = from;
    p.max_pool("", Pad::Valid);
    p.end
}
