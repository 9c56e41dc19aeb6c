//! DenseNet: every layer of a block reads the results of all layers before it.

use super::build::{ConvPlan, Pad, Plan};

const EPSILON: f64 = 1.001e-5;
/// Channels that a layer adds.
const GROWTH: usize = 32;

/// `blocks`: number of layers in each of the four blocks.
pub fn densenet(p: &mut Plan, blocks: [usize; 4]) {
    p.zeros("", [[3, 3], [3, 3]]);
    p.conv("conv1/conv", 64, ConvPlan::new(7, 2, Pad::Valid));
    norm_and_relu(p, "conv1/", "");
    p.zeros("", [[1, 1], [1, 1]]);
    p.max_pool("pool1", Pad::Valid);
    for (number, layers) in blocks.into_iter().enumerate() {
        for layer in 1..=layers {
            dense_layer(p, &format!("conv{}_block{layer}_", number + 2));
        }
        if number < 3 {
            transition(p, &format!("pool{}_", number + 2));
        }
    }
    norm_and_relu(p, "", "");
}

fn dense_layer(p: &mut Plan, name: &str) {
    let before = p.end;
    norm_and_relu(p, name, "0_");
    p.conv(
        &format!("{name}1_conv"),
        4 * GROWTH,
        ConvPlan::new(1, 1, Pad::Valid),
    );
    norm_and_relu(p, name, "1_");
    p.conv(
        &format!("{name}2_conv"),
        GROWTH,
        ConvPlan::new(3, 1, Pad::Same),
    );
    p.concatenate(&format!("{name}concat"), &[before, p.end]);
}

fn transition(p: &mut Plan, name: &str) {
    norm_and_relu(p, name, "");
    let half = p.shape()[2] / 2;
    p.conv(
        &format!("{name}conv"),
        half,
        ConvPlan::new(1, 1, Pad::Valid),
    );
    p.average_pool(&format!("{name}pool"), 2, 2, Pad::Valid);
}

fn norm_and_relu(p: &mut Plan, name: &str, part: &str) {
    p.norm(&format!("{name}{part}bn"), EPSILON, true);
    p.activation(&format!("{name}{part}relu"), "relu");
}
