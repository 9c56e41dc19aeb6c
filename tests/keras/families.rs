//! The smallest network of each further family of `keras.applications`: score, Grad-CAM and input gradient against
//! GradientTape of real Keras (`fixtures/keras/make_families.py`).

use std::io::{Cursor, Read};

use gantei::domain::Tensor;
use gantei::keras::Options;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::Device;
use gantei::saliency::{Method, Recipe};
use gantei::storage::Places;
use gantei::workflow::Context;
use gantei::workflow::explain::{Network, Passes};
use serde::Deserialize;

use crate::keras_fixtures::{assert_answers, bytes, engines, import, tensor};

/// Largest difference of a score.
const SCORE: f32 = 2e-5;
/// Largest difference of a map at the last layer, as a share of its largest value.
const LAST_MAP: f64 = 1e-3;
/// Norm of the difference of an input gradient as a share of the norm: rounding turns kinks of ReLU to the other side.
const GRADIENT: f64 = 5e-2;

#[derive(Deserialize)]
struct Row {
    file: String,
    stem: String,
    logit: f64,
    /// The input gradient is stored with this stride in rows and columns.
    every: usize,
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

/// Every `every`-th row and column of (H, W, 3).
fn sampled(found: &Tensor, every: usize) -> Vec<f32> {
    let (columns, channels) = (found.shape[1], found.shape[2]);
    let rows = found.values.chunks_exact(columns * channels);
    let kept = rows.step_by(every).flat_map(|row| {
        let pixels = row.chunks_exact(channels).step_by(every);
        pixels.flatten().copied()
    });
    kept.collect()
}

#[test]
fn whole_networks_of_keras_2_compute_what_keras_computes() {
    check("families2.zip", 9);
}

#[test]
fn nested_networks_of_keras_3_compute_what_keras_computes() {
    check("families3.zip", 7);
}

fn check(set: &str, count: usize) {
    let engines = engines();
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(home.path()));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes(set))).unwrap();
    let mut read = |name: &str| {
        let mut content = Vec::new();
        let mut entry = zip.by_name(name).unwrap();
        entry.read_to_end(&mut content).unwrap();
        content
    };
    let rows: Vec<Row> = serde_json::from_slice(&read("rows.json")).unwrap();
    assert_eq!(rows.len(), count);
    for row in rows {
        let what = format!("{set} {}", row.file);
        let mut array = |word: &str| tensor(&read(&format!("{}.{word}.npy", row.stem)));
        let input = array("input").nchw_from_nhwc().unwrap();
        let (expected, map, gradient) = (array("expected"), array("grad-cam"), array("gradient"));
        let file = read(&row.file);
        let path = home.path().join(&row.file);
        std::fs::write(&path, &file).unwrap();
        let model = import(file, Options::default()).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_answers(&engines, &what, &model.graph, &input, &expected, SCORE);

        let network = Network::of(&ctx, path.to_str().unwrap(), &cancel, &progress).unwrap();
        let explained = |method: Method| {
            let recipe = Recipe::of(method);
            let device = Device::Embedded;
            let mut passes =
                Passes::open(&ctx, &network, &recipe, device, &cancel, &progress).unwrap();
            let found = passes.explain(&input, &cancel, &progress, &mut |_| {});
            let found = found.unwrap();
            let off = (found.target_value.unwrap() - row.logit).abs();
            assert!(off <= 1e-4 * (1.0 + row.logit.abs()), "{what}: {off}");
            found.tensor
        };
        let found = explained(Method::GradCam);
        assert_eq!(found.shape, map.shape, "{what}");
        let pairs = || found.values.iter().zip(&map.values);
        let most = map.values.iter().fold(0.0, |m: f32, v| m.max(v.abs()));
        let off = pairs().fold(0.0, |m: f32, (a, b)| m.max((a - b).abs()));
        let off = f64::from(off) / f64::from(most);
        assert!(off <= LAST_MAP, "{what}: Grad-CAM {off:.1e}");

        let found = sampled(&explained(Method::InputGradient), row.every);
        assert_eq!(found.len(), gradient.values.len(), "{what}");
        let pairs = found.iter().zip(&gradient.values);
        let apart = pairs.map(|(a, b)| f64::from(*a) - f64::from(*b));
        let of_all = norm(gradient.values.iter().map(|v| f64::from(*v)));
        let gradient_off = norm(apart) / of_all;
        println!("{what}: Grad-CAM {off:.1e}, input gradient {gradient_off:.1e}");
        assert!(gradient_off <= GRADIENT, "{what}: {gradient_off:.1e}");
        std::fs::remove_file(path).unwrap();
    }
}
