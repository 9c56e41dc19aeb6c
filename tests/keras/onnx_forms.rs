//! ONNX models as other programs write them: weights in files beside the model, a batch of 1, an open size, shapes as
//! PyTorch states them.
//!
//! `tests/fixtures/keras/onnx/make.py` wrote them, with what ONNX Runtime computes. Without `ORT_DYLIB_PATH` ONNX Runtime
//! is reported as skipped.

use gantei::graph;
use gantei::keras::{self, Bytes, Error, FileKind, FilesInMemory, Imported, Options};
use gantei::progress::{Cancel, Progress};

use crate::keras_fixtures::{
    assert_answers, bytes, engines, folder, harmed, import, random, tensor,
};

/// Largest difference of a logit.
const TOLERANCE: f32 = 2e-5;
/// Folders with a model and its weights.
const BESIDE: [&str; 3] = ["one_file", "a_file_each", "in_constant"];
const IN_ONE_FILE: [&str; 7] = [
    "batch_1",
    "batch_1_reshape",
    "batch_1_sizes",
    "rest_inferred",
    "batch_inferred",
    "open_size",
    "shape_of_batch",
];

fn file(name: &str) -> Vec<u8> {
    bytes(&format!("onnx/{name}"))
}

fn sized() -> Options {
    Options {
        input_size: Some([32, 32]),
        ..Options::default()
    }
}

/// The files of a folder, without the model.
fn beside(name: &str) -> Vec<(String, Bytes)> {
    let files = std::fs::read_dir(folder().join("onnx").join(name)).unwrap();
    let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|file| file != "model.onnx");
    names
        .map(|other| (other.clone(), Bytes::from(file(&format!("{name}/{other}")))))
        .collect()
}

fn with_files(model: Vec<u8>, files: Vec<(String, Bytes)>) -> Result<Imported, Error> {
    let files: FilesInMemory = files.into_iter().collect();
    let (cancel, progress) = (Cancel::new(), Progress::new());
    keras::import_beside(model, &files, Options::default(), &cancel, &progress)
}

#[test]
fn every_form_gives_the_answer_of_onnx_runtime() {
    let engines = engines();
    let mut pictures = tensor(&file("input.npy")).nchw_from_nhwc().unwrap();
    pictures.values.iter_mut().for_each(|value| *value /= 255.0);
    let alone = IN_ONE_FILE.map(|name| {
        let imported = import(file(&format!("{name}.onnx")), sized());
        (name, imported.unwrap_or_else(|e| panic!("{name}: {e}")))
    });
    let together = BESIDE.map(|name| {
        let imported = with_files(file(&format!("{name}/model.onnx")), beside(name));
        (name, imported.unwrap_or_else(|e| panic!("{name}: {e}")))
    });
    for (name, model) in alone.into_iter().chain(together) {
        let expected = tensor(&file(&format!("{name}.expected.npy")));
        assert_answers(
            &engines,
            name,
            &model.graph,
            &pictures,
            &expected,
            TOLERANCE,
        );
    }
}

#[test]
fn an_open_size_is_asked_for() {
    let refused = import(file("open_size.onnx"), Options::default());
    assert!(matches!(refused, Err(Error::SizeNeeded)));
}

#[test]
fn a_file_that_is_missing_or_too_short_is_named() {
    for name in BESIDE {
        let model = || file(&format!("{name}/model.onnx"));
        let files = beside(name);
        let missing = with_files(model(), Vec::new()).unwrap_err();
        assert!(
            matches!(&missing, Error::MissingFile { name } if files.iter().any(|(n, _)| n == name)),
            "{missing}"
        );
        let cut = files.into_iter().map(|(name, bytes)| {
            let whole = bytes.as_ref();
            let part = whole[..whole.len() - 1].to_vec();
            (name, Bytes::from(part))
        });
        let refused = with_files(model(), cut.collect()).unwrap_err();
        let kind = FileKind::CutShort;
        assert!(
            matches!(&refused, Error::Part { kind: found, .. } if *found == kind),
            "{refused}"
        );
    }
}

#[test]
fn what_a_download_left_of_a_model_is_called_so() {
    for name in IN_ONE_FILE {
        let whole = file(&format!("{name}.onnx"));
        for length in [whole.len() * 6 / 10, whole.len() - 1] {
            let refused = import(whole[..length].to_vec(), sized()).unwrap_err();
            let cut = Error::NotAModel(FileKind::CutShort);
            assert_eq!(refused, cut, "{name} {length}");
        }
    }
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 84\n";
    for name in BESIDE {
        let pointers = beside(name).into_iter();
        let pointers = pointers.map(|(name, _)| (name, Bytes::from(pointer.to_vec())));
        let model = file(&format!("{name}/model.onnx"));
        let refused = with_files(model, pointers.collect()).unwrap_err();
        let kind = FileKind::GitLfsPointer;
        assert!(
            matches!(&refused, Error::Part { kind: found, .. } if *found == kind),
            "{refused}"
        );
    }
}

#[test]
fn nothing_outside_the_folder_is_named() {
    let inside = b"model.onnx.data";
    for outside in [b"../a/b/c/d.data", b"/etc/passwd.dat", br"C:\model.onnx.d"] {
        let mut model = file("one_file/model.onnx");
        let places: Vec<usize> = (0..model.len() - inside.len())
            .filter(|&at| model[at..].starts_with(inside))
            .collect();
        assert!(!places.is_empty());
        for at in places {
            model[at..at + inside.len()].copy_from_slice(outside);
        }
        let refused = with_files(model, beside("one_file")).unwrap_err();
        assert!(refused.to_string().contains("outside"), "{refused}");
    }
}

#[test]
fn damaged_models_and_weights_beside_them_are_refused_or_valid() {
    let mut random = random();
    let mut valid = 0;
    for round in 0..3000 {
        let name = BESIDE[round % BESIDE.len()];
        let mut model = file(&format!("{name}/model.onnx"));
        let mut files = beside(name);
        match round % 2 {
            0 => model = harmed(&model, &mut random),
            _ => {
                let at = random() as usize % files.len();
                let weights = harmed(files[at].1.as_ref(), &mut random);
                files[at].1 = weights.into();
            }
        }
        if let Ok(model) = with_files(model, files) {
            graph::validate(&model.graph).unwrap();
            valid += 1;
        }
    }
    assert!(valid > 0, "weights of any value are weights");
}
