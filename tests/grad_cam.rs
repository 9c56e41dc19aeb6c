//! Grad-CAM through the whole pipeline (Keras file → graph → engine → head algebra) against TensorFlow's GradientTape.
//!
//! The reference maps in `tests/fixtures/keras` are of the first image of each input. A softmax of two is explained by
//! z1 − z0.

mod keras_fixtures;

use gantei::export::npy;
use gantei::graph::{self, onnx};
use gantei::keras;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Engines, Model};
use gantei::saliency::{HeadFunction, Target, grad_cams};
use keras_fixtures::bytes;
use serde::Deserialize;

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
            let head = HeadFunction::from_graph(&onnx::from_onnx(&written).unwrap()).unwrap();
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
            let map = grad_cams(&results[0], &head, target)
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
                head.layer(),
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

            let pooled: Vec<f64> = {
                let per_picture = results[0].values.len() / x.shape[0];
                let cells = found.values.len();
                let planes = results[0].values[..per_picture].chunks_exact(cells);
                planes
                    .map(|p| p.iter().map(|&v| f64::from(v)).sum::<f64>() / cells as f64)
                    .collect()
            };
            let logits = head.logits(&pooled).unwrap();
            for (ours, engine) in logits.iter().zip(&results[1].values) {
                assert!(
                    (ours - f64::from(*engine)).abs() <= 1e-4 * (1.0 + ours.abs()),
                    "{}",
                    row.file
                );
            }
            hidden += usize::from(row.file.contains("hidden"));
        }
    }
    assert!(
        hidden >= 2,
        "heads with a hidden layer are among the fixtures"
    );
}
