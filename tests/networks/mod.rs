//! ONNX networks with few weights and much computation.

use std::path::Path;

use gantei::graph::{self, Builder, Conv, Op, TensorType};

/// A square input, `layers` convolutions of 3 × 3 with `channels` channels each, and one score.
pub fn write_chain(path: &Path, side: usize, channels: usize, layers: usize) {
    let mut b = Builder::new();
    let picture = TensorType::batched(&[3, side, side]);
    let mut x = b.input(graph::INPUT, picture).unwrap();
    let mut from = 3;
    for layer in 0..layers {
        let name = format!("c{layer}");
        let count = channels * from * 9;
        let kernel = b
            .constant(
                &format!("{name}/kernel"),
                &[channels, from, 3, 3],
                vec![1.0 / count as f32; count],
            )
            .unwrap();
        let conv = Op::Conv(Conv::default());
        x = b.node(conv, &name, &[x, kernel]).unwrap();
        x = b.node(Op::Relu, &name, &[x]).unwrap();
        from = channels;
    }
    let kernel = b
        .constant("head/kernel", &[1, from, 1, 1], vec![0.1; from])
        .unwrap();
    let conv = Op::Conv(Conv::default());
    let y = b.node(conv, "head", &[x, kernel]).unwrap();
    let y = b.node(Op::GlobalAveragePool, "pool", &[y]).unwrap();
    let logit = b.node(Op::Flatten, "flat", &[y]).unwrap();
    let output = b.node(Op::Sigmoid, "score", &[logit]).unwrap();
    b.output(graph::LOGIT, logit);
    b.output(graph::OUTPUT, output);
    let network = b.finish().unwrap();
    std::fs::write(path, graph::onnx::to_onnx(&network).unwrap()).unwrap();
}

/// The flags to import such a network.
pub const FLAGS: [&str; 16] = [
    "--id",
    "chain",
    "--task",
    "sex",
    "--labels",
    "female,male",
    "--scaling",
    "unit",
    "--colour",
    "rgb",
    "--resize",
    "pil-bilinear",
    "--crop",
    "stretch",
    "--threshold",
    "0.5",
];
