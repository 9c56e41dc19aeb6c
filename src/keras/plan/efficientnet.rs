//! EfficientNet: inverted residual blocks with squeeze and excitation, in eight sizes.

use serde_json::json;

use super::build::{ConvPlan, Pad, Plan};

const EPSILON: f64 = 1e-3;
const ACTIVATION: &str = "swish";
/// The second rescaling of the channels in Keras: 1 / √0.229, 1 / √0.224, 1 / √0.225, as Keras writes them.
const IMAGENET_SCALE: [f64; 3] = [2.089_691_897_6, 2.112_885_636_8, 2.108_185_106_8];

/// Kernel, repeats, input channels, output channels, expansion and stride of the seven stages of B0.
const STAGES: [(usize, usize, usize, usize, usize, usize); 7] = [
    (3, 1, 32, 16, 1, 1),
    (3, 2, 16, 24, 6, 2),
    (5, 2, 24, 40, 6, 2),
    (3, 3, 40, 80, 6, 2),
    (5, 3, 80, 112, 6, 1),
    (5, 4, 112, 192, 6, 2),
    (3, 1, 192, 320, 6, 1),
];

/// `width` and `depth` multiply the channels and repeats of B0. `rescaling`: whether the preprocessing inside the
/// network ends with the rescaling of ImageNet; `None` for a network without preprocessing.
pub fn efficientnet(p: &mut Plan, width: f64, depth: f64, rescaling: Option<bool>) {
    if let Some(imagenet) = rescaling {
        p.rescaling(json!(1.0 / 255.0));
        p.normalization();
        if imagenet {
            p.rescaling(json!(IMAGENET_SCALE));
        }
    }
    p.zeros_before_stride("stem_conv_pad", 3);
    p.conv(
        "stem_conv",
        rounded(32, width),
        ConvPlan::new(3, 2, Pad::Valid),
    );
    norm_and_swish(p, "stem_", "");
    for (stage, (kernel, repeats, input, output, expand, stride)) in STAGES.into_iter().enumerate()
    {
        let repeats = (depth * repeats as f64).ceil() as u8;
        let output = rounded(output, width);
        let mut input = rounded(input, width);
        let mut stride = stride;
        for repeat in 0..repeats {
            let name = format!("block{}{}_", stage + 1, char::from(b'a' + repeat));
            block(p, &name, kernel, input, output, expand, stride);
            (input, stride) = (output, 1);
        }
    }
    p.conv(
        "top_conv",
        rounded(1280, width),
        ConvPlan::new(1, 1, Pad::Same),
    );
    norm_and_swish(p, "top_", "");
}

fn block(
    p: &mut Plan,
    name: &str,
    kernel: usize,
    input: usize,
    output: usize,
    expand: usize,
    stride: usize,
) {
    let before = p.end;
    let filters = input * expand;
    let pointwise = ConvPlan::new(1, 1, Pad::Same);
    if expand != 1 {
        p.conv(&format!("{name}expand_conv"), filters, pointwise);
        norm_and_swish(p, name, "expand_");
    }
    let mut pad = Pad::Same;
    if stride == 2 {
        p.zeros_before_stride(&format!("{name}dwconv_pad"), kernel);
        pad = Pad::Valid;
    }
    p.depthwise(&format!("{name}dwconv"), ConvPlan::new(kernel, stride, pad));
    norm_and_swish(p, name, "");
    let wide = p.end;
    p.global_average(&format!("{name}se_squeeze"));
    p.reshape(&format!("{name}se_reshape"), &[1, 1, filters]);
    p.conv(
        &format!("{name}se_reduce"),
        (input / 4).max(1),
        pointwise.with_bias(ACTIVATION),
    );
    p.conv(
        &format!("{name}se_expand"),
        filters,
        pointwise.with_bias("sigmoid"),
    );
    p.product(&format!("{name}se_excite"), wide, p.end);
    p.conv(&format!("{name}project_conv"), output, pointwise);
    p.norm(&format!("{name}project_bn"), EPSILON, true);
    if stride == 1 && input == output {
        p.dropout(&format!("{name}drop"));
        p.sum(&format!("{name}add"), p.end, before);
    }
}

fn norm_and_swish(p: &mut Plan, name: &str, part: &str) {
    p.norm(&format!("{name}{part}bn"), EPSILON, true);
    p.activation(&format!("{name}{part}activation"), ACTIVATION);
}

/// Channels times width, rounded to the nearest multiple of 8 but not below nine tenths.
fn rounded(channels: usize, width: f64) -> usize {
    let desired = channels as f64 * width;
    let mut near = (((desired + 4.0) as usize) / 8 * 8).max(8);
    if (near as f64) < 0.9 * desired {
        near += 8;
    }
    near
}
