//! Grad-CAM through the whole pipeline (Keras file → graph → engine → gradient of the head) against TensorFlow's GradientTape.
//!
//! The reference maps in `tests/fixtures/keras` are of the first image of each input. A softmax of two is explained by
//! z1 − z0.

use gantei::domain::Tensor;
use gantei::export::npy;
use gantei::graph::gradient::{SEED, differentiate, gradient_name};
use gantei::graph::{self, onnx};
use gantei::keras;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Engines, Model};
use gantei::saliency::{Method, Target, class_activation_maps};
use serde::Deserialize;

use crate::keras_fixtures::bytes;

/// Largest difference of a cell, as a share of the map's maximum.
const TOLERANCE: f32 = 1e-3;

#[derive(Deserialize)]
struct Row {
    file: String,
    input: String,
    expected: Option<String>,
}

#[test]
fn every_head_gives_the_map_of_gradient_tape() {
    let engines = Engines::embedded_only();
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let mut hidden = 0;
    for list in ["keras2.json", "keras3.json"] {
        for row in serde_json::from_slice::<Vec<Row>>(&bytes(list)).unwrap() {
            let model = keras::import(&bytes(&row.file), &cancel, &progress).unwrap();
            let written = onnx::to_onnx(&model.graph).unwrap();
            let x = npy::read_floats(&bytes(&row.input))
                .unwrap()
                .nchw_from_nhwc()
                .unwrap();
            let mut opened = engines
                .open(Device::Embedded, Model::Bytes(&written), &cancel)
                .unwrap();
            let names = [graph::FEATURES, graph::LOGIT];
            let results = opened
                .session
                .run(&[(graph::INPUT, &x)], &names, &cancel)
                .unwrap();
            let target = Target::of(model.head, gantei::domain::ValueScale::default());
            // The first picture's feature map, and the head with its gradient.
            let network = &model.graph;
            let [features, logit] = names.map(|name| network.output(name).unwrap());
            let layer = network.value(features).name.as_str();
            let [_, channels, rows, columns] = results[0].shape[..] else {
                panic!("{:?}", results[0].shape);
            };
            let first = results[0].values[..channels * rows * columns].to_vec();
            let first = Tensor::new(vec![1, channels, rows, columns], first).unwrap();
            let head = graph::subgraph(network, features, logit).unwrap();
            let head = differentiate(&head, graph::LOGIT, &[graph::FEATURES]).unwrap();
            let head = onnx::to_onnx(&head).unwrap();
            let mut opened = engines
                .open(Device::Embedded, Model::Bytes(&head), &cancel)
                .unwrap();
            let units = network.ty(logit).elements().unwrap();
            let seed = target.seed(1, units).unwrap();
            let slopes = opened
                .session
                .run(
                    &[(layer, &first), (SEED, &seed)],
                    &[&gradient_name(graph::FEATURES)],
                    &cancel,
                )
                .unwrap();
            let map = class_activation_maps(Method::GradCam, &first, &slopes[0], layer, target)
                .unwrap()
                .swap_remove(0);

            let stem = row
                .expected
                .as_deref()
                .unwrap_or_else(|| row.file.trim_end_matches(".h5"));
            let expected = npy::read_floats(&bytes(&format!("{stem}.gradcam.npy"))).unwrap();
            let found = map.to_tensor();
            assert_eq!(found.shape, expected.shape, "{}", row.file);
            let largest = expected.values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
            let pairs = found.values.iter().zip(&expected.values);
            let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            println!(
                "{} {target} at {}: {:.1e} of the maximum",
                row.file,
                layer,
                difference / largest
            );
            assert!(
                largest > 0.0 && difference <= TOLERANCE * largest,
                "{}: {difference}",
                row.file
            );
            assert_eq!(
                map.layer.as_deref(),
                model.last_feature_map.as_ref().map(|m| m.layer.as_str())
            );
            hidden += usize::from(row.file.contains("hidden"));
        }
    }
    assert!(
        hidden >= 2,
        "heads with a hidden layer are among the fixtures"
    );
}
