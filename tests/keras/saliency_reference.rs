//! Every saliency method in every engine against GradientTape of real Keras (`fixtures/keras/make_saliency.py`).

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use gantei::domain::Tensor;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::Device;
use gantei::saliency::{Baseline, Method, Recipe};
use gantei::storage::Places;
use gantei::workflow::Context;
use gantei::workflow::explain::{Network, Passes};
use serde::Deserialize;
use strum::IntoEnumIterator;

use crate::keras_fixtures::{bytes, folder, skipped, tensor};

/// Tolerances as shares of the largest reference value.
const LAST_MAP: f64 = 1e-3;
const MIDDLE_MAP: f64 = 2e-2;
const SMOOTH: f64 = 1e-3;
/// Norm of the difference as a share of the norm: a kink that one engine rounds to the other side changes a few numbers
/// by much.
const WITH_KINKS: f64 = 5e-2;

#[derive(Deserialize)]
struct ResultRow {
    /// `archive:member` for a file in an archive.
    file: String,
    input: String,
    layer: String,
    kinks: bool,
    target: f64,
    steps: BTreeMap<String, usize>,
    seed: u64,
    /// Maps of the input's size are stored with this stride in rows and columns.
    every: usize,
}

fn member(archive: &str, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes(archive))).unwrap();
    let mut content = Vec::new();
    let mut file = archive.by_name(name).unwrap();
    file.read_to_end(&mut content).unwrap();
    content
}

/// The model as a file on disk, and its first input (1, 3, H, W).
fn open(case: &ResultRow, scratch: &tempfile::TempDir) -> (PathBuf, Tensor) {
    let (path, input) = match case.file.split_once(':') {
        None => (folder().join(&case.file), bytes(&case.input)),
        Some((archive, name)) => {
            let path = scratch.path().join(name);
            std::fs::write(&path, member(archive, name)).unwrap();
            (path, member(archive, &case.input))
        }
    };
    let mut x = tensor(&input).nchw_from_nhwc().unwrap();
    x.values.truncate(x.values.len() / x.shape[0]);
    x.shape[0] = 1;
    (path, x)
}

/// Every method, with the names of its reference and its tolerance.
fn requested(case: &ResultRow) -> Vec<(Recipe, String, f64)> {
    let mut all = Vec::new();
    for method in Method::iter() {
        let mut recipe = Recipe::of(method);
        let word = method.as_str();
        recipe.steps = case.steps.get(word).copied();
        recipe.seed = method.description().has_seed.then_some(case.seed);
        if method == Method::IntegratedGradients {
            recipe.baseline = Some(Baseline::Black);
        }
        if method.is_of_a_layer() {
            // Its weights are differences of the target. In a network with kinks a change of the input by 1e-7 changes
            // the target by 2e-4, in Keras as well.
            let last = match method {
                Method::ScoreCam if case.kinks => MIDDLE_MAP,
                _ => LAST_MAP,
            };
            all.push((recipe.clone(), format!("{word} last"), last));
            recipe.layer = Some(case.layer.clone());
            all.push((recipe, format!("{word} {}", case.layer), MIDDLE_MAP));
        } else {
            let tolerance = match method {
                Method::Occlusion => LAST_MAP,
                _ if case.kinks => WITH_KINKS,
                _ => SMOOTH,
            };
            all.push((recipe, word.to_owned(), tolerance));
        }
    }
    all
}

/// Every `every`-th row and column of (H, W, 3); a map of a layer is returned as it is.
fn sampled(found: &Tensor, every: usize) -> Tensor {
    let &[rows, columns, channels] = found.shape.as_slice() else {
        return found.clone();
    };
    let mut values = Vec::new();
    for row in (0..rows).step_by(every) {
        for column in (0..columns).step_by(every) {
            let start = (row * columns + column) * channels;
            values.extend_from_slice(&found.values[start..start + channels]);
        }
    }
    let shape = vec![rows.div_ceil(every), columns.div_ceil(every), channels];
    Tensor { shape, values }
}

fn length(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|v| v * v).sum::<f64>().sqrt()
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |m, v| m.max(v.abs()))
}

#[test]
fn every_method_in_every_engine_gives_the_map_of_gradient_tape() {
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(home.path()));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let mut devices = vec![Device::Embedded];
    if ctx.engines().library().is_some() {
        devices.push(Device::Cpu);
    } else {
        skipped("no library of ONNX Runtime was found");
    }
    for archive in ["saliency2.npz", "saliency3.npz"] {
        let cases: Vec<ResultRow> = serde_json::from_slice(&member(archive, "cases.json")).unwrap();
        assert!(cases.iter().any(|c| c.kinks) && cases.iter().any(|c| !c.kinks));
        for (number, case) in cases.iter().enumerate() {
            let (path, x) = open(case, &home);
            let network = Network::of(&ctx, path.to_str().unwrap(), &cancel, &progress).unwrap();
            for &device in &devices {
                for (recipe, name, tolerance) in requested(case) {
                    let what = format!("{} {name} on {device}", case.file);
                    let mut passes =
                        Passes::open(&ctx, &network, &recipe, device, &cancel, &progress).unwrap();
                    let found = passes.explain(&x, &cancel, &progress, &mut |_| {}).unwrap();
                    let off = (found.target_value.unwrap() - case.target).abs();
                    assert!(off <= 1e-4 * (1.0 + case.target.abs()), "{what}: {off}");
                    let desired = tensor(&member(archive, &format!("{number} {name}.npy")));
                    let found = sampled(&found.tensor, case.every);
                    assert_eq!(found.shape, desired.shape, "{what}");
                    let reference = || desired.values.iter().map(|v| f64::from(*v));
                    let apart = || {
                        let pairs = found.values.iter().zip(&desired.values);
                        pairs.map(|(a, b)| f64::from(*a) - f64::from(*b))
                    };
                    let error = if tolerance == WITH_KINKS {
                        length(apart()) / length(reference())
                    } else {
                        largest(apart()) / largest(reference())
                    };
                    println!("{what}: {error:.1e}");
                    assert!(error <= tolerance, "{what}: {error:.1e}");
                }
            }
        }
    }
}
