//! Gradients of networks of every layer and function that `make_operations.py` writes, against central differences.

use std::io::{Cursor, Read};

use crate::export::npy;
use crate::graph::gradient::differentiate;
use crate::graph::reference::{Array, output};
use crate::graph::{INPUT, LOGIT, onnx};
use crate::keras::{self, Options};
use crate::progress::{Cancel, Progress};

/// In the units of pixels: small enough to cross few kinks.
const STEP: f64 = 1e-5;

/// Slope below which the differences would show nothing.
const LEAST_SLOPE: f64 = 1e-6;

#[test]
fn every_layer_and_function_has_the_gradient_that_differences_give() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keras/");
    for set in ["operations2.zip", "operations3.zip"] {
        let bytes = std::fs::read(format!("{folder}{set}")).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
        let mut read = |name: &str| {
            let mut content = Vec::new();
            let mut entry = zip.by_name(name).unwrap();
            entry.read_to_end(&mut content).unwrap();
            content
        };
        let mut x = npy::read_floats(&read("input.npy")).unwrap();
        x = x.nchw_from_nhwc().unwrap();
        x.values.truncate(x.values.len() / x.shape[0]);
        x.shape[0] = 1;
        let exact = Array::new(&x.shape, x.values.iter().map(|&v| f64::from(v)).collect());
        // With little contrast, activations behind pixels that are not scaled are not saturated.
        let faint = exact.numbers.iter().map(|x| 110.0 + (x - 127.0) / 100.0);
        let faint = Array::new(&x.shape, faint.collect());
        let way: Vec<f64> = (0..x.values.len())
            .map(|at| (at as f64 * 1.7).sin())
            .collect();
        let models: Vec<&String> = names.iter().filter(|name| name.ends_with(".h5")).collect();
        assert!(models.len() >= 10, "{set}: {}", models.len());
        for name in models {
            let (cancel, progress) = (Cancel::new(), Progress::new());
            let model = keras::import_owned(read(name), Options::default(), &cancel, &progress);
            let graph = model.unwrap_or_else(|e| panic!("{set} {name}: {e}")).graph;
            // As it is stored and read again.
            let graph = onnx::from_onnx(&onnx::to_onnx(&graph).unwrap()).unwrap();
            let longer = differentiate(&graph, LOGIT, &[INPUT]).unwrap();
            let seed = Array::new(&[1, 1], vec![1.0]);
            let mut steepest: f64 = 0.0;
            for at in [&exact, &faint] {
                let slopes = output(&longer, &[at.clone(), seed.clone()], "gradient:x");
                let logit = |step: f64| {
                    let moved = at.numbers.iter().zip(&way);
                    let moved = moved.map(|(x, d)| x + step * d).collect();
                    output(&graph, &[Array::new(&x.shape, moved)], LOGIT).numbers[0]
                };
                let pairs = slopes.numbers.iter().zip(&way);
                let found: f64 = pairs.map(|(slope, d)| slope * d).sum();
                let expected = (logit(STEP) - logit(-STEP)) / (2.0 * STEP);
                println!("{set} {name}: {found:.6e}, by differences {expected:.6e}");
                let apart = (found - expected).abs();
                assert!(apart <= 3e-4 * expected.abs() + 1e-9, "{set} {name}");
                steepest = steepest.max(expected.abs());
            }
            assert!(steepest > LEAST_SLOPE, "{set} {name} is flat");
        }
    }
}
