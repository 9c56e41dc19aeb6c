//! Keras files through the whole importer: what the file states, parity with Keras in both engines, clear refusals.
//!
//! The files in `tests/fixtures/keras` were written by real Keras; their README describes how. Without `ORT_DYLIB_PATH`
//! ONNX Runtime is reported as skipped.

use gantei::domain::{Head, Tensor};
use gantei::graph::{self, Graph, onnx};
use gantei::keras::{self, Error, FileKind, Form, Imported, Options};
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Model};
use serde::Deserialize;

use crate::keras_fixtures::{
    self, bytes, engines, folder, harmed, lines, quiet_panics, random, tensor,
};

/// Largest difference of a score, and of a value before its activation.
const TOLERANCE: f32 = 2e-5;
const LOGIT_TOLERANCE: f32 = 1e-4;

#[derive(Deserialize)]
struct Row {
    file: String,
    input: String,
    /// Stem of the file with the expected values, if it belongs to another file.
    expected: Option<String>,
    head: Head,
    units: usize,
    parameters: u64,
    /// Channels, height and width; absent without global average pooling.
    features: Option<[usize; 3]>,
    keras: String,
}

impl Row {
    fn stem(&self) -> &str {
        self.expected
            .as_deref()
            .unwrap_or_else(|| self.file.trim_end_matches(".h5"))
    }
}

fn rows() -> Vec<Row> {
    let lists = [
        "keras2.json",
        "keras3.json",
        "keras2_layers.json",
        "keras3_layers.json",
    ];
    let list = |name| serde_json::from_slice::<Vec<Row>>(&bytes(name)).unwrap();
    let rows: Vec<Row> = lists.into_iter().flat_map(list).collect();
    assert!(rows.len() >= 21, "the fixtures are complete");
    rows
}

fn npy(name: &str) -> Tensor {
    tensor(&bytes(name))
}

fn import(bytes: &[u8]) -> Result<Imported, Error> {
    keras_fixtures::import(bytes.to_vec(), Options::default())
}

/// Largest difference of two arrays of the same shape.
fn largest_difference(a: &Tensor, b: &Tensor) -> f32 {
    assert_eq!(a.shape, b.shape);
    keras_fixtures::largest_difference(&a.values, &b.values)
}

#[test]
fn the_file_tells_what_it_holds() {
    for row in rows() {
        let model = import(&bytes(&row.file)).unwrap_or_else(|e| panic!("{}: {e}", row.file));
        assert_eq!(model.form, Form::Full);
        assert_eq!(
            (model.head, model.units),
            (row.head, row.units),
            "{}",
            row.file
        );
        assert_eq!(model.parameters, row.parameters, "{}", row.file);
        assert_eq!(model.keras_version.as_deref(), Some(row.keras.as_str()));
        assert_eq!(
            model.architecture, None,
            "a narrow network is not one of the 16"
        );
        let input = npy(&row.input);
        assert_eq!(
            model.input_size.map(|s| s as usize),
            [input.shape[1], input.shape[2]],
            "{}",
            row.file
        );
        let mobilenet = row.file.contains("mobilenet");
        let map = model.last_feature_map;
        assert_eq!(map.as_ref().map(|m| m.size), row.features, "{}", row.file);
        assert_eq!(
            map.map(|m| m.layer).as_deref(),
            row.features.map(|_| match row.file.as_str() {
                // After the gate of a squeeze-and-excitation block; the block's own pooling is skipped.
                "keras2_layers.h5" | "keras3_layers.h5" => "multiply",
                _ if mobilenet => "conv_pw_13_relu",
                _ => "top_activation",
            })
        );
        let inside = match row.file.split_once('_').unwrap().1 {
            "layers.h5" => 1,
            "efficientnet_linear_imagenet.h5" => 3,
            _ if mobilenet => 0,
            _ => 2,
        };
        assert_eq!(
            model.preprocessing_layers.len(),
            inside,
            "{:?}",
            model.preprocessing_layers
        );
    }
}

#[test]
fn both_engines_compute_what_keras_computes() {
    let engines = engines();
    let mut devices = vec![Device::Embedded];
    if engines.library().is_some() {
        devices.push(Device::Cpu);
    }
    for row in rows() {
        let model = import(&bytes(&row.file)).unwrap();
        let written = onnx::to_onnx(&model.graph).unwrap();
        let x = npy(&row.input).nchw_from_nhwc().unwrap();
        let expected = npy(&format!("{}.expected.npy", row.stem()));
        let logit = npy(&format!("{}.logit.npy", row.stem()));
        for &device in &devices {
            let mut opened = engines
                .open(device, Model::Bytes(&written), &Cancel::new())
                .unwrap();
            let mut names = vec![graph::OUTPUT, graph::LOGIT];
            names.extend(row.features.map(|_| graph::FEATURES));
            let results = opened
                .session
                .run(&[(graph::INPUT, &x)], &names, &Cancel::new())
                .unwrap();
            let score = largest_difference(&results[0], &expected);
            let before = largest_difference(&results[1], &logit);
            println!(
                "{} {device:?}: output {score:.1e}, logit {before:.1e}",
                row.file
            );
            assert!(score <= TOLERANCE, "{} {device:?}: {score}", row.file);
            assert!(
                before <= LOGIT_TOLERANCE,
                "{} {device:?}: {before}",
                row.file
            );
            if let Some([c, h, w]) = row.features {
                assert_eq!(results[2].shape, [x.shape[0], c, h, w]);
            }
        }
    }
}

#[test]
fn a_written_model_reads_back_as_the_same_graph() {
    for row in rows() {
        let model = import(&bytes(&row.file)).unwrap();
        let written = onnx::to_onnx(&model.graph).unwrap();
        let back: Graph = onnx::from_onnx(&written).unwrap();
        assert_eq!(lines(&back), lines(&model.graph), "{}", row.file);
        assert_eq!(onnx::to_onnx(&back).unwrap(), written, "{}", row.file);
    }
}

#[test]
fn a_written_model_can_be_imported_again() {
    for row in rows() {
        let model = import(&bytes(&row.file)).unwrap();
        let again = import(&onnx::to_onnx(&model.graph).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", row.file));
        assert_eq!(again.form, Form::Onnx);
        assert_eq!(
            (again.head, again.units, again.input_size),
            (model.head, model.units, model.input_size)
        );
        let size = |m: &Imported| m.last_feature_map.as_ref().map(|m| m.size);
        assert_eq!(size(&again), size(&model), "{}", row.file);
        assert_eq!(lines(&again.graph), lines(&model.graph), "{}", row.file);
    }
}

#[test]
fn every_layer_that_is_not_computed_is_listed() {
    for name in ["keras2_unsupported.h5", "keras3_unsupported.h5"] {
        let Err(Error::Unsupported(layers)) = import(&bytes(name)) else {
            panic!("{name} is refused");
        };
        let named: Vec<(&str, &str)> = layers
            .iter()
            .map(|l| (l.layer.as_str(), l.class.as_str()))
            .collect();
        assert_eq!(named, [("strange_conv", "Conv2DTranspose")]);
        assert!(layers.iter().all(|l| !l.reason.is_empty()));
    }
}

#[test]
fn an_open_input_size_is_asked_for() {
    for name in ["keras2_open_size.h5", "keras3_open_size.h5"] {
        assert_eq!(import(&bytes(name)).unwrap_err(), Error::SizeNeeded);
        let options = Options {
            input_size: Some([31, 40]),
            ..Options::default()
        };
        let model =
            keras::import_owned(bytes(name), options, &Cancel::new(), &Progress::new()).unwrap();
        assert_eq!(model.input_size, [31, 40]);
        assert_eq!(model.last_feature_map.unwrap().size, [4, 16, 20]);
    }
}

#[test]
fn other_kinds_of_files_are_refused_with_advice() {
    assert!(matches!(
        import(b"PK\x03\x04rest of a zip"),
        Err(Error::Malformed(_))
    ));
    assert!(matches!(
        import(b"\x08\x01\x12\x00saved model"),
        Err(Error::NotAModel(FileKind::SavedModel))
    ));
    for (bytes, kind) in [
        (&b""[..], FileKind::Empty),
        (b"GIF89a", FileKind::Picture),
        (b"\x89HDF\r\n\x1a", FileKind::Unknown),
    ] {
        assert_eq!(import(bytes).unwrap_err(), Error::NotAModel(kind));
    }
}

#[test]
fn a_raised_flag_ends_the_import() {
    let cancel = Cancel::new();
    cancel.cancel();
    let result = keras::import(
        &bytes("keras2_efficientnet_nested.h5"),
        &cancel,
        &Progress::new(),
    );
    assert_eq!(result.unwrap_err(), Error::Cancelled);
}

#[test]
fn damaged_files_end_in_an_error_or_a_valid_model() {
    quiet_panics();
    let whole = bytes("keras3_efficientnet_nested.h5");
    for part in 0..60 {
        let cut = &whole[..whole.len() * part / 60];
        assert!(
            import(cut).is_err(),
            "{} of {} bytes",
            cut.len(),
            whole.len()
        );
    }
    let mut random = random();
    for _ in 0..400 {
        let harmed = harmed(&whole, &mut random);
        if let Ok(model) = import(&harmed) {
            graph::validate(&model.graph).unwrap();
        }
    }
}

#[test]
fn hostile_files_are_refused() {
    quiet_panics();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with("hostile_") {
            continue;
        }
        let result = import(&bytes(&name));
        println!("{name}: {:?}", result.as_ref().err());
        assert!(result.is_err() || name == "hostile_circle.h5", "{name}");
        seen += 1;
    }
    assert_eq!(seen, 10);
}
