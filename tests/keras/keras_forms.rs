//! Every file form and every network family through the importer, against what Keras computes.
//!
//! `make_forms.py` wrote `forms2.zip` and `forms3.zip` in `tests/fixtures/keras` with real Keras 2 and Keras 3. Without
//! `ORT_DYLIB_PATH` ONNX Runtime is reported as skipped. `GANTEI_KERAS_CORPUS` may name a folder of unpacked archives
//! of the same kind, for example all networks at full size.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use gantei::domain::{Head, HeadNorm, HiddenActivation, Pooling, Remedy, Tensor};
use gantei::keras::{Architecture, Error, Options};
use gantei::progress::{Cancel, Progress};
use gantei::storage::Places;
use gantei::workflow::{self, Context, ImportFlags};
use serde::Deserialize;

use crate::keras_fixtures::{assert_answers, bytes, engines, import, tensor};

/// Largest difference of a score. InceptionV3 is noisier in float32.
const TOLERANCE: f32 = 2e-5;
const TOLERANCE_INCEPTION: f32 = 6e-5;
/// Largest difference of a value in years.
const TOLERANCE_LINEAR: f32 = 1e-3;

#[derive(Deserialize)]
struct Row {
    file: String,
    stem: String,
    input: String,
    form: String,
    head: Head,
    architecture: Option<String>,
    flags: Flags,
    size: [u32; 2],
    units: usize,
    parameters: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Flags {
    head: Option<Head>,
    hidden_activation: Option<HiddenActivation>,
    imagenet_rescaling: Option<bool>,
}

impl Row {
    fn options(&self) -> Options {
        Options {
            // Whole models contain their input size.
            input_size: (self.form == "weights-only").then_some(self.size),
            head: self.flags.head,
            hidden_activation: self.flags.hidden_activation,
            imagenet_rescaling: self.flags.imagenet_rescaling,
            architecture: None,
            pooling: Some(Pooling::Avg),
            usual_pooling: None,
            head_norm: Some(HeadNorm::BeforeActivation),
            norm_epsilon: Some(1e-3),
            output: None,
        }
    }

    /// What a weights-only file leaves open.
    fn open(&self) -> Vec<&'static str> {
        // A file of numbered layers also has those without weights.
        let states_pooling = self.stem.ends_with("_top") || self.file.ends_with(".weights.h5");
        let mut open = vec!["input_size", "head"];
        open.extend((!states_pooling).then_some("pooling"));
        open.extend(self.flags.hidden_activation.map(|_| "hidden_activation"));
        let has_norm =
            self.stem == "weights_inception_v3" && self.flags.hidden_activation.is_some();
        open.extend(
            has_norm
                .then_some(["head_norm", "norm_epsilon"])
                .into_iter()
                .flatten(),
        );
        open.extend(self.flags.imagenet_rescaling.map(|_| "imagenet_rescaling"));
        open
    }

    fn tolerance(&self) -> f32 {
        match self.head {
            Head::Linear => TOLERANCE_LINEAR,
            _ if plain(&self.stem).contains("inceptionv3") => TOLERANCE_INCEPTION,
            _ => TOLERANCE,
        }
    }
}

/// A network's name in lower case without underscores.
fn plain(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

/// Where the files of a set are.
enum Set {
    Zip(Vec<u8>),
    Folder(PathBuf),
}

impl Set {
    fn bytes(&self, name: &str) -> Vec<u8> {
        match self {
            Self::Zip(bytes) => {
                let mut zip = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
                let mut entry = zip.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}"));
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                content
            }
            Self::Folder(folder) => std::fs::read(folder.join(name)).unwrap(),
        }
    }

    fn rows(&self) -> Vec<Row> {
        serde_json::from_slice(&self.bytes("rows.json")).unwrap()
    }

    fn tensor(&self, name: &str) -> Tensor {
        tensor(&self.bytes(name))
    }
}

fn sets() -> Vec<Set> {
    let mut sets: Vec<Set> = ["forms2.zip", "forms3.zip"]
        .map(|name| Set::Zip(bytes(name)))
        .into();
    // Optional: larger than the tests need.
    let corpus = std::env::var_os("GANTEI_KERAS_CORPUS");
    sets.extend(corpus.map(|folder| Set::Folder(folder.into())));
    sets
}

#[test]
fn every_form_of_every_family_computes_what_keras_computes() {
    let engines = engines();
    let mut seen = 0;
    for set in sets() {
        for row in set.rows() {
            let model = import(set.bytes(&row.file), row.options())
                .unwrap_or_else(|e| panic!("{}: {e}", row.file));
            assert_eq!(model.form.as_str(), row.form, "{}", row.file);
            assert_eq!(
                (model.head, model.units),
                (row.head, row.units),
                "{}",
                row.file
            );
            assert_eq!(model.input_size, row.size, "{}", row.file);
            if row.form != "onnx" {
                assert_eq!(model.parameters, row.parameters, "{}", row.file);
            }
            match (&row.architecture, &model.architecture) {
                (Some(desired), Some(found)) => {
                    let desired = plain(desired);
                    // The stem also names how the file was written.
                    let desired = desired.trim_start_matches("pypi").trim_end_matches("top");
                    assert_eq!(desired, plain(found), "{}", row.file);
                }
                (None, None) => {}
                (desired, found) => panic!("{}: {found:?}, not {desired:?}", row.file),
            }
            let x = set.tensor(&row.input).nchw_from_nhwc().unwrap();
            let y = set.tensor(&format!("{}.expected.npy", row.stem));
            let (file, tolerance) = (&row.file, row.tolerance());
            assert_answers(&engines, file, &model.graph, &x, &y, tolerance);
            seen += 1;
        }
    }
    assert!(seen >= 47, "{seen} files");
}

#[test]
fn weights_alone_list_everything_that_they_do_not_tell() {
    for (set, count) in sets().into_iter().zip([7, 3]) {
        let mut seen = 0;
        for row in set.rows().iter().filter(|r| r.form == "weights-only") {
            let Err(Error::Open(open)) = import(set.bytes(&row.file), Options::default()) else {
                panic!("{} is not whole", row.file);
            };
            let desired = row.open();
            assert_eq!(open.missing, desired, "{}", row.file);
            assert!(open.architecture.is_some());
            // Each option that is given removes one open question.
            let size = Options {
                input_size: Some(row.size),
                ..Options::default()
            };
            let Err(Error::Open(open)) = import(set.bytes(&row.file), size) else {
                panic!("{} lacks its head", row.file);
            };
            assert_eq!(open.missing, desired[1..], "{}", row.file);
            seen += 1;
        }
        assert_eq!(seen, count);
    }
}

#[test]
fn the_command_lists_what_is_open_drafts_a_card_and_takes_the_answers() {
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(&home.path().join("home")));
    let set = &sets()[1];
    let row = "weights_efficientnet_b0.weights.h5";
    let file = home.path().join(row);
    std::fs::write(&file, set.bytes(row)).unwrap();
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let run = |flags: &ImportFlags, draft: Option<&Path>| {
        workflow::import(&ctx, &file, flags, draft, &cancel, &progress)
    };
    let Err((error, Some(report))) = run(&ImportFlags::default(), None) else {
        panic!("it is not whole");
    };
    assert_eq!(error.code(), "unknown");
    assert_eq!(report.form, "weights-only");
    assert_eq!(report.architecture.as_deref(), Some("EfficientNetB0"));
    assert_eq!(
        report.unknown[..3],
        ["input_size", "head", "imagenet_rescaling"]
    );
    assert!(report.unknown.contains(&"scaling".to_owned()));

    let draft = home.path().join("draft.json");
    let report = run(&ImportFlags::default(), Some(&draft))
        .map_err(|e| e.0)
        .unwrap();
    assert_eq!(report.head, None);
    let mut card: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&draft).unwrap()).unwrap();
    assert_eq!(card["architecture"], "EfficientNetB0");
    card["head"] = "linear".into();
    card["task"] = "age".into();
    card["imagenet_rescaling"] = false.into();
    card["input"] = serde_json::json!({
        "size": [64, 64], "colour": "rgb", "scaling": "raw", "resize": "pil-nearest", "crop": "stretch"
    });
    std::fs::write(&draft, card.to_string()).unwrap();
    let flags = ImportFlags {
        id: Some("mine".to_owned()),
        card: Some(draft),
        ..ImportFlags::default()
    };
    let report = run(&flags, None).map_err(|e| e.0).unwrap();
    assert_eq!((report.head, report.unknown.len()), (Some(Head::Linear), 0));
    assert!(report.unconfirmed.is_empty(), "{:?}", report.unconfirmed);
    assert!(workflow::models(&ctx).iter().any(|m| m.id == "mine"));
    let wrong = ImportFlags {
        architecture: Some(Architecture::MobileNet),
        ..flags
    };
    assert_eq!(run(&wrong, None).unwrap_err().0.code(), "contradiction");
}

#[test]
fn code_in_a_model_is_refused_with_advice() {
    for set in sets().into_iter().take(2) {
        for name in ["refused.h5", "refused.keras"] {
            let Err(Error::Unsupported(layers)) = import(set.bytes(name), Options::default())
            else {
                panic!("{name} is refused");
            };
            // Its other unusual layers, a layer norm and an enlargement, are computed.
            let [code] = layers.as_slice() else {
                panic!("{name}: {layers:?}");
            };
            assert_eq!(
                (code.layer.as_str(), code.remedy),
                ("own_code", Remedy::AsOnnx)
            );
        }
    }
}
