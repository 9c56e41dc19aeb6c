//! Files that particular versions of Keras wrote, compared with the outputs of those versions: layouts, names,
//! precisions.
//!
//! The recipes in `tests/fixtures/keras/versions` ran with the version that begins the name of each file. Without
//! `ORT_DYLIB_PATH` ONNX Runtime is reported as skipped.

use gantei::keras::{Imported, Options};

use crate::keras_fixtures::{assert_answers, bytes, engines, folder, import, tensor};

/// Largest difference of a probability.
const TOLERANCE: f32 = 2e-5;
/// What the name of a file says about the precisions that it states.
const PRECISIONS: [&str; 5] = [
    "mixed_float16",
    "mixed_bfloat16",
    "bfloat16",
    "float16",
    "float64",
];

fn file(name: &str) -> Vec<u8> {
    bytes(&format!("versions/{name}"))
}

/// Names of the model files, each with the part before its first dot.
fn models() -> Vec<(String, String)> {
    let names = std::fs::read_dir(folder().join("versions")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<(String, String)> = names
        .filter(|name| [".h5", ".keras"].iter().any(|end| name.ends_with(end)))
        .map(|name| {
            let (stem, _) = name.split_once('.').unwrap();
            (stem.to_owned(), name.clone())
        })
        .collect();
    found.sort();
    found
}

fn opened(name: &str) -> Imported {
    import(file(name), Options::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn every_file_gives_the_answer_of_its_version() {
    let engines = engines();
    let pictures = tensor(&file("input.npy")).nchw_from_nhwc().unwrap();
    let models = models();
    for (stem, name) in &models {
        let model = opened(name);
        let expected = tensor(&file(&format!("{stem}.expected.npy")));
        assert_answers(
            &engines,
            name,
            &model.graph,
            &pictures,
            &expected,
            TOLERANCE,
        );
    }
    assert!(
        models.len() >= 47,
        "model files are missing: {} of at least 47",
        models.len()
    );
}

#[test]
fn precisions_other_than_float32_are_named_and_no_others() {
    let mut seen = 0;
    for (stem, name) in models() {
        let found = opened(&name).precisions;
        let stated = PRECISIONS.iter().find(|p| stem.ends_with(*p));
        assert_eq!(
            found.contains(&(*stated.unwrap_or(&"none")).to_owned()),
            stated.is_some(),
            "{name}: {found:?}"
        );
        assert!(stated.is_some() || found.is_empty() || stem.ends_with("uint8"));
        seen += usize::from(stated.is_some());
    }
    assert!(
        seen >= 20,
        "model files with a precision in their names are missing: {seen} of at least 20"
    );
}
