//! Xception: separable convolutions with a shortcut around every block.

use super::build::{ConvPlan, LayerIndex, Pad, Plan};

const EPSILON: f64 = 1e-3;

pub fn xception(p: &mut Plan) {
    for (name, filters, stride) in [("block1_conv1", 32, 2), ("block1_conv2", 64, 1)] {
        p.conv(name, filters, ConvPlan::new(3, stride, Pad::Valid));
        p.norm(&format!("{name}_bn"), EPSILON, true);
        p.activation(&format!("{name}_act"), "relu");
    }
    narrowing(p, 2, [128, 128], false);
    narrowing(p, 3, [256, 256], true);
    narrowing(p, 4, [728, 728], true);
    for block in 5..13 {
        let before = p.end;
        for part in 1..=3 {
            let name = format!("block{block}_sepconv{part}");
            p.activation(&format!("{name}_act"), "relu");
            separable(p, &name, 728);
        }
        p.sum("", p.end, before);
    }
    narrowing(p, 13, [728, 1024], true);
    for (part, filters) in [(1, 1536), (2, 2048)] {
        let name = format!("block14_sepconv{part}");
        separable(p, &name, filters);
        p.activation(&format!("{name}_act"), "relu");
    }
}

/// Two separable convolutions and a pooling, in parallel with a strided 1 × 1 convolution.
fn narrowing(p: &mut Plan, block: usize, filters: [usize; 2], relu_first: bool) {
    let before: LayerIndex = p.end;
    p.conv("", filters[1], ConvPlan::new(1, 2, Pad::Same));
    p.norm("", EPSILON, true);
    let around = p.end;
    p.end = before;
    let name = |part: usize| format!("block{block}_sepconv{part}");
    if relu_first {
        p.activation(&format!("{}_act", name(1)), "relu");
    }
    separable(p, &name(1), filters[0]);
    p.activation(&format!("{}_act", name(2)), "relu");
    separable(p, &name(2), filters[1]);
    p.max_pool(&format!("block{block}_pool"), Pad::Same);
    p.sum("", p.end, around);
}

fn separable(p: &mut Plan, name: &str, filters: usize) {
    p.separable(name, filters);
    p.norm(&format!("{name}_bn"), EPSILON, true);
}
