//! MobileNet and MobileNetV2: depthwise convolutions between 1 × 1 convolutions.

use super::build::{ConvPlan, Pad, Plan};

const EPSILON: f64 = 1e-3;

/// Channels and stride of the 13 blocks.
const BLOCKS: [(usize, usize); 13] = [
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
];

pub fn mobilenet(p: &mut Plan) {
    p.conv("conv1", 32, ConvPlan::new(3, 2, Pad::Same));
    p.norm("conv1_bn", EPSILON, true);
    p.relu6("conv1_relu");
    for (before, (filters, stride)) in BLOCKS.into_iter().enumerate() {
        let block = before + 1;
        let mut pad = Pad::Same;
        if stride == 2 {
            p.zeros(&format!("conv_pad_{block}"), [[0, 1], [0, 1]]);
            pad = Pad::Valid;
        }
        p.depthwise(&format!("conv_dw_{block}"), ConvPlan::new(3, stride, pad));
        p.norm(&format!("conv_dw_{block}_bn"), EPSILON, true);
        p.relu6(&format!("conv_dw_{block}_relu"));
        let pointwise = ConvPlan::new(1, 1, Pad::Same);
        p.conv(&format!("conv_pw_{block}"), filters, pointwise);
        p.norm(&format!("conv_pw_{block}_bn"), EPSILON, true);
        p.relu6(&format!("conv_pw_{block}_relu"));
    }
}

/// Channels and stride of the 17 blocks of MobileNetV2.
const BLOCKS_V2: [(usize, usize); 17] = [
    (16, 1),
    (24, 2),
    (24, 1),
    (32, 2),
    (32, 1),
    (32, 1),
    (64, 2),
    (64, 1),
    (64, 1),
    (64, 1),
    (96, 1),
    (96, 1),
    (96, 1),
    (160, 2),
    (160, 1),
    (160, 1),
    (320, 1),
];

pub fn mobilenet_v2(p: &mut Plan) {
    p.conv("Conv1", 32, ConvPlan::new(3, 2, Pad::Same));
    p.norm("bn_Conv1", EPSILON, true);
    p.relu6("Conv1_relu");
    for (block, (filters, stride)) in BLOCKS_V2.into_iter().enumerate() {
        inverted(p, block, filters, stride);
    }
    p.conv("Conv_1", 1280, ConvPlan::new(1, 1, Pad::Valid));
    p.norm("Conv_1_bn", EPSILON, true);
    p.relu6("out_relu");
}

/// An inverted residual block: wide inside, narrow at both ends, with a shortcut if input and output have the same
/// shape.
fn inverted(p: &mut Plan, block: usize, filters: usize, stride: usize) {
    let before = p.end;
    let input = p.shape()[2];
    let pointwise = ConvPlan::new(1, 1, Pad::Same);
    let name = match block {
        0 => "expanded_conv_".to_owned(),
        n => format!("block_{n}_"),
    };
    if block > 0 {
        p.conv(&format!("{name}expand"), 6 * input, pointwise);
        p.norm(&format!("{name}expand_BN"), EPSILON, true);
        p.relu6(&format!("{name}expand_relu"));
    }
    let mut pad = Pad::Same;
    if stride == 2 {
        p.zeros_before_stride(&format!("{name}pad"), 3);
        pad = Pad::Valid;
    }
    p.depthwise(&format!("{name}depthwise"), ConvPlan::new(3, stride, pad));
    p.norm(&format!("{name}depthwise_BN"), EPSILON, true);
    p.relu6(&format!("{name}depthwise_relu"));
    p.conv(&format!("{name}project"), filters, pointwise);
    p.norm(&format!("{name}project_BN"), EPSILON, true);
    if input == filters && stride == 1 {
        p.sum(&format!("{name}add"), before, p.end);
    }
}
