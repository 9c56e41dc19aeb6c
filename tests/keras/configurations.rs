//! Weights and a configuration that do not belong together, or that say more than the weights alone.
//!
//! `make_configurations.py` wrote `configurations.zip` with real Keras 2.

use std::io::{Cursor, Read, Write};

use gantei::domain::Head;
use gantei::keras::{
    self, Bytes, Candidate, Error, FilesInMemory, Form, Imported, ModelKind, Options,
};
use gantei::progress::{Cancel, Progress};

use crate::keras_fixtures::{bytes, import};

const SEVERAL_2: &str = "several_files_2.zip";
const SEVERAL_3: &str = "several_files_3.zip";
const CONFIGURATIONS: &str = "configurations.zip";
const TENSORFLOW: &str = "tensorflow_2.15.1_a.zip";
/// What the fixtures' configurations state, and another number in as many bytes.
const FILTERS: (&str, &str) = ("\"filters\": 6", "\"filters\": 7");

/// A file of a fixture.
fn file(archive: &str, name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes(archive))).unwrap();
    let mut content = Vec::new();
    let mut entry = zip.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    entry.read_to_end(&mut content).unwrap();
    content
}

/// The same with each occurrence of a text replaced by another of the same length.
fn edited(mut content: Vec<u8>, (from, to): (&str, &str)) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places = content.windows(from.len()).enumerate();
    let places = places.filter(|(_, found)| *found == from.as_bytes());
    let places: Vec<usize> = places.map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{from} does not occur");
    for at in places {
        content[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    content
}

fn folder(files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> FilesInMemory {
    let files = files.into_iter();
    files
        .map(|(name, content)| (name.to_owned(), Bytes::from(content)))
        .collect()
}

fn opened(files: &FilesInMemory, name: &str, kind: ModelKind) -> Result<Imported, Error> {
    let options = Options {
        input_size: Some([64, 64]),
        head: Some(Head::Sigmoid),
        ..Options::default()
    };
    let (cancel, progress) = (Cancel::new(), Progress::new());
    keras::import_files(
        files,
        &Candidate::at(name, kind),
        options,
        &cancel,
        &progress,
    )
}

/// Asserts that the weights have another value of a setting than the configuration.
fn assert_mismatch(what: &str, result: Result<Imported, Error>, expected: [&str; 3]) {
    match result {
        Err(Error::Mismatch {
            setting,
            weights,
            configuration,
            ..
        }) => assert_eq!([setting, &weights, &configuration], expected, "{what}"),
        other => panic!("{what}: {:?}", other.map(|model| model.form)),
    }
}

#[test]
fn weights_of_another_training_are_refused_in_every_form() {
    let pair = |archive: &str, weights: &'static str| {
        let configuration = edited(file(archive, "model.json"), FILTERS);
        folder([
            ("model.json", configuration),
            (weights, file(archive, weights)),
        ])
    };
    let mut sharded = vec![("model.json", edited(file(SEVERAL_3, "model.json"), FILTERS))];
    let shards = [
        "sharded.weights.json",
        "sharded_00000.weights.h5",
        "sharded_00001.weights.h5",
    ];
    sharded.extend(shards.map(|name| (name, file(SEVERAL_3, name))));
    let unpacked = folder([
        (
            "config.json",
            edited(file(SEVERAL_3, "model.json"), FILTERS),
        ),
        ("model.weights.h5", file(SEVERAL_3, "model.weights.h5")),
    ]);
    let units = ("\"units\": 1", "\"units\": 2");
    let checkpoint = |name: &'static str| {
        let [index, data] = ["index", "data-00000-of-00001"].map(|end| format!("{name}.{end}"));
        let files = [
            (
                "net.json".to_owned(),
                edited(file(TENSORFLOW, "nested.json"), units),
            ),
            (index.clone(), file(TENSORFLOW, &index)),
            (data.clone(), file(TENSORFLOW, &data)),
        ];
        let files = files.into_iter();
        files
            .map(|(name, content)| (name, Bytes::from(content)))
            .collect::<FilesInMemory>()
    };
    let saved = folder([
        ("saved_model.pb", file(TENSORFLOW, "nested/saved_model.pb")),
        (
            "keras_metadata.pb",
            edited(file(TENSORFLOW, "nested/keras_metadata.pb"), units),
        ),
        (
            "variables/variables.index",
            file(TENSORFLOW, "nested/variables/variables.index"),
        ),
        (
            "variables/variables.data-00000-of-00001",
            file(TENSORFLOW, "nested/variables/variables.data-00000-of-00001"),
        ),
    ]);
    let filters = ["filters", "6", "7"];
    let one_unit = ["units", "1", "2"];
    for (files, name, kind, expected) in [
        (
            pair(SEVERAL_2, "model_weights.h5"),
            "model_weights.h5",
            ModelKind::File,
            filters,
        ),
        (
            pair(SEVERAL_2, "model.weights.h5"),
            "model.weights.h5",
            ModelKind::File,
            filters,
        ),
        (
            pair(SEVERAL_3, "model.weights.h5"),
            "model.weights.h5",
            ModelKind::File,
            filters,
        ),
        (unpacked, "model.weights.h5", ModelKind::File, filters),
        (folder(sharded), shards[0], ModelKind::Shards, filters),
        (
            checkpoint("nested.ckpt"),
            "nested.ckpt",
            ModelKind::Checkpoint,
            one_unit,
        ),
        (
            checkpoint("nested_v1.ckpt"),
            "nested_v1.ckpt",
            ModelKind::Checkpoint,
            one_unit,
        ),
        (saved, "", ModelKind::SavedModel, one_unit),
    ] {
        assert_mismatch(name, opened(&files, name, kind), expected);
    }
    let whole = edited(file(SEVERAL_2, "whole.h5"), FILTERS);
    assert_mismatch("whole.h5", import(whole, Options::default()), filters);
    let packed = file(SEVERAL_3, "whole.keras");
    let mut parts = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["metadata.json", "config.json", "model.weights.h5"] {
        let mut content = Vec::new();
        let mut part = parts.by_name(name).unwrap();
        part.read_to_end(&mut content).unwrap();
        if name == "config.json" {
            content = edited(content, FILTERS);
        }
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(&content).unwrap();
    }
    let packed = writer.finish().unwrap().into_inner();
    assert_mismatch("whole.keras", import(packed, Options::default()), filters);
}

#[test]
fn every_size_that_a_configuration_states_is_compared() {
    for (edit, expected) in [
        (FILTERS, ["filters", "6", "7"]),
        (("\"units\": 1,", "\"units\": 2,"), ["units", "1", "2"]),
        (
            ("\"kernel_size\": [3, 3]", "\"kernel_size\": [3, 5]"),
            ["kernel_size", "3 × 3", "3 × 5"],
        ),
    ] {
        let files = folder([
            ("model.json", edited(file(SEVERAL_2, "model.json"), edit)),
            ("model_weights.h5", file(SEVERAL_2, "model_weights.h5")),
        ]);
        let result = opened(&files, "model_weights.h5", ModelKind::File);
        assert_mismatch(edit.0, result, expected);
    }
}

#[test]
fn among_several_the_weights_and_the_configuration_of_one_shape_find_each_other() {
    let part = |name: &str| file(CONFIGURATIONS, name);
    let files = folder([
        ("x.json", part("filters_4.json")),
        ("y.json", part("filters_6.json")),
        ("best.h5", part("filters_4.h5")),
    ]);
    let model = opened(&files, "best.h5", ModelKind::File).unwrap();
    assert_eq!(model.configuration.as_deref(), Some("x.json"));
    let files = folder([
        ("net.json", part("filters_4.json")),
        ("a.h5", part("filters_4.h5")),
        ("b.h5", part("filters_6.h5")),
    ]);
    let found = keras::weights_of(&files, "net.json", &Cancel::new()).unwrap();
    assert_eq!(found, [Candidate::file("a.h5")]);
}

#[test]
fn a_configuration_that_cannot_be_computed_is_not_dropped_for_a_known_network() {
    for weights in ["weights_mobilenet.h5", "weights_mobilenet.weights.h5"] {
        let beside = |name: &'static str, content: Vec<u8>| {
            let files = folder([(name, content), (weights, file("forms2.zip", weights))]);
            opened(&files, weights, ModelKind::File)
        };
        // As an unpacked `.keras`, and by the name of the weights.
        for name in ["config.json", "weights_mobilenet.json"] {
            match beside(name, file(CONFIGURATIONS, "lambda.json")) {
                Err(Error::Unsupported(layers)) => {
                    let found = layers.iter().map(|l| (l.class.as_str(), l.layer.as_str()));
                    assert_eq!(found.collect::<Vec<_>>(), [("Lambda", "halved")]);
                }
                other => panic!("{weights} {name}: {:?}", other.map(|model| model.form)),
            }
            let other_units = beside(name, file(CONFIGURATIONS, "units.json"));
            assert_mismatch(name, other_units, ["units", "1", "2"]);
        }
        // The layers of another network say nothing about these weights, unless the names say that they should.
        let other = file(SEVERAL_2, "model.json");
        let alone = beside("other.json", other.clone());
        let form = alone.map(|model| model.form);
        assert!(
            matches!(form, Ok(Form::WeightsOnly) | Err(Error::Open(_))),
            "{form:?}"
        );
        let refused = beside("weights_mobilenet.json", other);
        assert!(
            matches!(refused, Err(Error::Unsupported(_) | Error::Invalid(_))),
            "{:?}",
            refused.map(|model| model.form)
        );
    }
}
