//! Layers, merges and functions of tensors beside those of the known networks, against what Keras computes.
//!
//! `make_operations.py` wrote `operations2.zip` and `operations3.zip` with real Keras 2 and Keras 3.

use std::io::{Cursor, Read};

use gantei::keras::Options;

use crate::keras_fixtures::{assert_answers, bytes, engines, import, tensor};

/// Largest difference of a score.
const TOLERANCE: f32 = 2e-5;

#[test]
fn every_layer_and_function_computes_what_keras_computes() {
    let engines = engines();
    let mut faults = Vec::new();
    for set in ["operations2.zip", "operations3.zip"] {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes(set))).unwrap();
        let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
        let mut read = |name: &str| {
            let mut content = Vec::new();
            let mut entry = zip.by_name(name).unwrap();
            entry.read_to_end(&mut content).unwrap();
            content
        };
        let input = tensor(&read("input.npy")).nchw_from_nhwc().unwrap();
        let models = names.iter().filter(|name| !name.ends_with(".npy"));
        let mut seen = 0;
        for name in models {
            let stem = name.rsplit_once('.').unwrap().0;
            let expected = tensor(&read(&format!("{stem}.expected.npy")));
            match import(read(name), Options::default()) {
                Ok(model) => {
                    let what = format!("{set} {name}");
                    assert_answers(&engines, &what, &model.graph, &input, &expected, TOLERANCE);
                    assert_eq!(!model.augmentation_layers.is_empty(), stem == "augmented");
                }
                Err(error) => faults.push(format!("{set} {name}: {error}")),
            }
            seen += 1;
        }
        assert!(seen >= 12, "{set}: {seen}");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
