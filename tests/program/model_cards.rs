//! Ids, cards and values of imported models: questions, messages and refusals.

use std::path::Path;

use gantei::domain::Tensor;
use gantei::export::npy;
use serde_json::{Value, json};

use crate::home::{Home, codes};

/// An age model trained in hundreds of years, by Keras 2.15: Rescaling, two convolutions, one linear unit.
const HUNDREDS: &str = "tests/fixtures/keras/age_in_hundreds.h5";
/// A network with one sigmoid by Keras 2.15 whose first kernel is all NaN.
const NOT_FINITE: &str = "tests/fixtures/keras/hostile_not_finite.h5";
const SIGMOID: &str = "tests/fixtures/keras/keras2_mobilenet_sigmoid.h5";
const SAMPLE: &str = "assets/samples/haggstrom_left_1411.jpg";

/// What the file of an age model leaves open.
const OF_AGE: [&str; 10] = [
    "--scaling",
    "raw",
    "--colour",
    "rgb",
    "--resize",
    "pil-bilinear",
    "--crop",
    "stretch",
    "--task",
    "age",
];
/// What the file of a model for recorded sex leaves open.
const OF_SEX: [&str; 14] = [
    "--scaling",
    "tf",
    "--colour",
    "rgb",
    "--resize",
    "pil-bilinear",
    "--crop",
    "stretch",
    "--task",
    "sex",
    "--labels",
    "female,male",
    "--threshold",
    "0.5",
];

impl Home {
    fn import(&self, file: &str, flags: &[&str], more: &[&str]) -> (i32, Value) {
        self.json(&[&["import", file], flags, more].concat())
    }

    /// The age model with another bias in its last layer, so that its output has another scale.
    fn age_model(&self, name: &str, bias: f32) -> String {
        let path = self.path(name);
        std::fs::write(&path, patched(HUNDREDS, 0.63, bias)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The rows of a run on a drawn eye and the sample eye.
    fn predict(&self, more: &[&str]) -> (i32, Value) {
        let args = ["predict", SAMPLE, "--device", "embedded"];
        self.json(&[&args, more].concat())
    }

    fn card(&self, id: &str) -> Value {
        let path = self.path("home").join("models").join(id).join("card.json");
        read_json(&path)
    }
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap()
}

/// A file with one float32 number replaced.
fn patched(file: &str, from: f32, to: f32) -> Vec<u8> {
    let mut bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let (from, to) = (from.to_le_bytes(), to.to_le_bytes());
    let at: Vec<usize> = (0..bytes.len() - 4)
        .filter(|&at| bytes[at..at + 4] == from)
        .collect();
    assert_eq!(at.len(), 1, "the number stands once in {file}");
    bytes[at[0]..at[0] + 4].copy_from_slice(&to);
    bytes
}

fn error(document: &Value) -> (&str, String) {
    let error = &document["error"];
    let wording = ["message", "hint"].map(|part| error[part].as_str().unwrap());
    (error["code"].as_str().unwrap(), wording.join(" "))
}

#[test]
fn ages_on_another_scale_are_told_and_a_scale_sets_them_right() {
    let home = Home::new();
    assert_eq!(home.import(HUNDREDS, &OF_AGE, &["--id", "hundreds"]).0, 0);
    let scaled = [
        "--id",
        "scaled",
        "--value-scale",
        "100",
        "--value-range",
        "18,90",
    ];
    let (status, document) = home.import(HUNDREDS, &OF_AGE, &scaled);
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["same_file_as"], json!(["hundreds"]));
    let card = home.card("scaled");
    assert!(card["threshold"].is_null());
    assert_eq!(
        (&card["value_scale"], &card["value_range"]),
        (&json!(100.0), &json!([18.0, 90.0]))
    );
    assert_eq!(card["settled"]["value_scale"], "user");

    let out = home.path("out");
    let out = out.to_str().unwrap();
    let models = ["--model", "hundreds", "--model", "scaled"];
    let (status, document) = home.predict(&[&models[..], &["--out", out]].concat());
    assert_eq!(status, 0, "{document}");
    let [bare, scaled] = [0, 1].map(|row| &document["results"][row]);
    let value = bare["value"].as_f64().unwrap();
    assert!((0.5..0.8).contains(&value), "{value}");
    assert!(codes(bare).contains(&"value-scale-suspect"));
    let years = scaled["value"].as_f64().unwrap();
    assert!((years - 100.0 * value).abs() < 1e-9, "{years}");
    for code in [
        "value-scale-suspect",
        "implausible-value",
        "age-out-of-range",
    ] {
        assert!(!codes(scaled).contains(&code), "{code}");
    }
    // The map explains years as well.
    let of_map = |row: &Value, field: &str| row["saliency"][field].as_f64().unwrap();
    assert_eq!(of_map(scaled, "target_value"), years);
    let (a, b) = (of_map(bare, "highest"), of_map(scaled, "highest"));
    assert!((b - 100.0 * a).abs() <= 1e-4 * b.abs(), "{a} {b}");
    let tables = std::fs::read_dir(out).unwrap().map(|e| e.unwrap().path());
    let tables = tables.filter(|path| path.extension().is_some_and(|end| end == "csv"));
    let text: String = tables
        .map(|t| std::fs::read_to_string(t).unwrap())
        .collect();
    assert!(text.contains("value-scale-suspect"), "{text}");
    let written = read_json(&Path::new(out).join("results.json"));
    assert!(codes(&written["results"][0]).contains(&"value-scale-suspect"));
}

#[test]
fn values_that_cannot_be_are_told_whatever_the_scale() {
    let home = Home::new();
    let found = |id: &str, bias: f32, more: &[&str]| -> (f64, Vec<String>) {
        let file = home.age_model(&format!("{id}.h5"), bias);
        let (status, document) = home.import(&file, &OF_AGE, &[&["--id", id], more].concat());
        assert_eq!(status, 0, "{document}");
        let (_, document) = home.predict(&["--model", id, "--saliency", "none"]);
        let row = &document["results"][0];
        let of_value = [
            "implausible-value",
            "age-out-of-range",
            "value-scale-suspect",
        ];
        let codes = codes(row).into_iter().filter(|c| of_value.contains(c));
        (
            row["value"].as_f64().unwrap(),
            codes.map(str::to_owned).collect(),
        )
    };
    let range = ["--value-range", "18,90"];
    // Years.
    assert!(found("years", 61.0, &range).1.is_empty());
    // Standardised ages: a negative age is impossible.
    let (value, codes) = found("below-mean", -1.2, &[]);
    assert_eq!(
        codes,
        ["implausible-value", "value-scale-suspect"],
        "{value}"
    );
    assert_eq!(found("above-mean", 1.4, &[]).1, ["value-scale-suspect"]);
    let (years, codes) = found(
        "set-right",
        -1.2,
        &["--value-scale", "12", "--value-offset", "55"],
    );
    assert!(codes.is_empty() && (35.0..45.0).contains(&years), "{years}");
    // Decades are plausible as years; only the range of the card reveals them.
    assert_eq!(found("decades", 6.3, &range).1, ["age-out-of-range"]);
    assert!(
        found(
            "decades-right",
            6.3,
            &["--value-scale", "10", "--value-range", "18,90"]
        )
        .1
        .is_empty()
    );
    // Months.
    assert_eq!(found("months", 744.0, &[]).1, ["implausible-value"]);
    let (years, codes) = found(
        "months-right",
        744.0,
        &["--value-scale", "0.0833333333333333"],
    );
    assert!(codes.is_empty() && (years - 62.0).abs() < 0.1, "{years}");
    // Random weights.
    assert_eq!(
        found("random", -408.1, &range).1,
        ["implausible-value", "age-out-of-range"]
    );
}

#[test]
fn a_card_beside_a_model_scales_its_maps_also_where_its_folder_is_named() {
    let home = Home::new();
    let folder = home.path("model");
    std::fs::create_dir(&folder).unwrap();
    let file = home.age_model("model/age.h5", 0.63);
    let card = json!({"input": {"crop": "stretch"}, "value_scale": 100.0, "value_offset": 7.0});
    let x = home.path("x.npy");
    let picture = Tensor {
        shape: vec![1, 64, 64, 3],
        values: vec![100.0; 64 * 64 * 3],
    };
    std::fs::write(&x, npy::write_floats(&picture)).unwrap();
    let (x, out) = (x.to_str().unwrap(), home.path("out"));
    let target = |model: &str, method: &str| {
        let args = [
            "explain", "--tensor", x, "--model", model, "--method", method,
        ];
        let more = ["--device", "embedded", "--out", out.to_str().unwrap()];
        let (status, document) = home.json(&[&args[..], &more].concat());
        assert_eq!(status, 0, "{document}");
        document["maps"][0]["target_values"][0].as_f64().unwrap()
    };
    let bare = target(&file, "grad-cam");
    std::fs::write(folder.join("age.json"), card.to_string()).unwrap();
    for model in [&file, folder.to_str().unwrap()] {
        for method in ["grad-cam", "input-gradient"] {
            let scaled = target(model, method);
            let expected = 100.0 * bare + 7.0;
            assert!(
                (scaled - expected).abs() < 1e-3,
                "{model} {method}: {bare} {scaled}"
            );
        }
    }
}

#[test]
fn the_scale_holds_for_every_map_and_for_what_is_hidden() {
    let home = Home::new();
    let file = home.age_model("m.h5", 0.63);
    home.import(&file, &OF_AGE, &["--id", "bare"]);
    home.import(
        &file,
        &OF_AGE,
        &[
            "--id",
            "scaled",
            "--value-scale",
            "100",
            "--value-offset",
            "7",
        ],
    );
    let explained = |model: &str, method: &str, more: &[&str]| -> Value {
        let out = home.path("maps");
        let args = [
            "explain", SAMPLE, "--model", model, "--method", method, "--device", "embedded",
        ];
        let out = ["--out", out.to_str().unwrap()];
        let (status, document) = home.json(&[&args, &out[..], more].concat());
        assert_eq!(status, 0, "{document}");
        document["maps"][0].clone()
    };
    let near = |a: &Value, b: f64| {
        let a = a.as_f64().unwrap();
        assert!((a - b).abs() <= 2e-3 * b.abs().max(0.01), "{a} {b}");
    };
    for (method, more) in [
        ("grad-cam", vec![]),
        ("hires-cam", vec![]),
        ("input-gradient", vec![]),
        ("integrated-gradients", vec!["--steps", "3"]),
        ("occlusion", vec!["--steps", "4"]),
    ] {
        let (bare, scaled) = (
            explained("bare", method, &more),
            explained("scaled", method, &more),
        );
        for end in ["lowest", "highest"] {
            near(&scaled[end], 100.0 * bare[end].as_f64().unwrap());
        }
        near(
            &scaled["target_value"],
            100.0 * bare["target_value"].as_f64().unwrap() + 7.0,
        );
        let gap = (&bare["completeness_gap"], &scaled["completeness_gap"]);
        if let (Some(a), Some(b)) = (gap.0.as_f64(), gap.1.as_f64()) {
            assert!((b - 100.0 * a).abs() < 1e-3, "{a} {b}");
        }
        // Here the run consists of one photograph.
        assert!(codes(&bare).contains(&"value-scale-suspect"), "{method}");
        assert!(!codes(&scaled).contains(&"value-scale-suspect"), "{method}");
        let written = read_json(&home.path("maps").join(bare["files"][2].as_str().unwrap()));
        assert_eq!(written["findings"], bare["findings"]);
    }
    let hidden = ["--controls=hiding", "--regions", "--random-areas", "0"];
    let (bare, scaled) = (
        explained("bare", "grad-cam", &hidden),
        explained("scaled", "grad-cam", &hidden),
    );
    let curve = |map: &Value| map["controls"]["hiding"]["curves"]["deletion"][0].clone();
    near(
        &curve(&scaled),
        100.0 * curve(&bare).as_f64().unwrap() + 7.0,
    );
    let parts = |map: &Value| map["regions"]["parts"].as_array().unwrap().clone();
    for (a, b) in parts(&bare).iter().zip(parts(&scaled)) {
        let change = |part: &Value| part["covered"]["change"]["value"].as_f64();
        if let (Some(a), Some(b)) = (change(a), change(&b)) {
            assert!((b - 100.0 * a).abs() < 1e-3, "{a} {b}");
        }
    }
    // A tensor has no card: the model's card applies, and only the network's output is verified.
    let x = home.path("x.npy");
    let picture = Tensor {
        shape: vec![1, 64, 64, 3],
        values: vec![100.0; 64 * 64 * 3],
    };
    std::fs::write(&x, npy::write_floats(&picture)).unwrap();
    let out = home.path("tensor");
    let target = |model: &str, method: &str| {
        let (status, document) = home.json(&[
            "explain",
            "--tensor",
            x.to_str().unwrap(),
            "--model",
            model,
            "--method",
            method,
            "--device",
            "embedded",
            "--out",
            out.to_str().unwrap(),
        ]);
        assert_eq!(status, 0, "{document}");
        document["maps"][0]["target_values"][0].as_f64().unwrap()
    };
    for method in ["grad-cam", "input-gradient"] {
        let (bare, scaled) = (target("bare", method), target("scaled", method));
        assert!(
            (scaled - 100.0 * bare - 7.0).abs() < 1e-3,
            "{bare} {scaled}"
        );
    }
    let y = home.path("y.npy");
    let answer = target("bare", "grad-cam") as f32;
    let expected = Tensor {
        shape: vec![1, 1],
        values: vec![answer],
    };
    std::fs::write(&y, npy::write_floats(&expected)).unwrap();
    for model in ["scaled", &file] {
        let (status, document) = home.json(&[
            "verify",
            model,
            "--input",
            x.to_str().unwrap(),
            "--expected",
            y.to_str().unwrap(),
            "--device",
            "embedded",
        ]);
        assert_eq!(status, 0, "{document}");
    }
}

#[test]
fn weights_that_are_not_finite_are_refused_with_their_layer() {
    let home = Home::new();
    let (status, document) = home.import(NOT_FINITE, &OF_SEX, &["--id", "nan"]);
    assert_eq!(status, 3, "{document}");
    assert!(
        error(&document)
            .1
            .contains("the layer c0 has weights that are not finite")
    );
    // An infinite variance results in a scale of 0, which no run reveals.
    let endless = patched(HUNDREDS, 1.708_625_1, f32::INFINITY);
    let file = home.path("endless.h5");
    std::fs::write(&file, endless).unwrap();
    let (status, document) = home.import(file.to_str().unwrap(), &OF_AGE, &["--id", "inf"]);
    assert_eq!(status, 3, "{document}");
    assert!(
        error(&document).1.contains("the layer norm0 has weights"),
        "{document}"
    );
    assert!(!home.path("home").join("models/inf").exists());
}

#[test]
fn a_score_is_no_age_and_an_age_has_no_threshold() {
    let home = Home::new();
    let refused = [
        vec!["--preset", "joir-age"],
        vec!["--task", "age"],
        OF_AGE.to_vec(),
    ];
    for flags in refused {
        let (status, document) = home.import(SIGMOID, &flags, &[]);
        let (code, wording) = error(&document);
        assert_eq!((status, code), (3, "card"), "{document}");
        assert!(
            wording.contains("this network outputs a score, not an age"),
            "{wording}"
        );
    }
    let (status, document) = home.import(HUNDREDS, &["--preset", "joir-mobilenet"], &[]);
    assert_eq!(status, 3);
    assert!(
        error(&document).1.contains("outputs a value, not a score"),
        "{document}"
    );
    let scaled = ["--id", "s", "--value-scale", "100"];
    assert_eq!(home.import(SIGMOID, &OF_SEX, &scaled).0, 3);
    for scale in ["0", "nan", "inf"] {
        let (status, _) = home.import(HUNDREDS, &OF_AGE, &["--value-scale", scale]);
        assert_eq!(status, 2, "{scale}");
    }
    // A card of an earlier version, with a threshold that has no meaning.
    home.import(HUNDREDS, &OF_AGE, &["--id", "old"]);
    let path = home.path("home/models/old/card.json");
    let mut card = read_json(&path);
    card["threshold"] = json!(0.5);
    std::fs::write(&path, card.to_string()).unwrap();
    // Versions of that time stored no checksums.
    std::fs::remove_file(path.with_file_name("checksums")).unwrap();
    std::fs::write(path.with_file_name("format"), "gantei model 2\n").unwrap();
    let (status, document) = home.predict(&["--model", "old", "--saliency", "none"]);
    assert_eq!(status, 0, "{document}");
    let row = &document["results"][0];
    assert!(row["threshold"].is_null() && row["card"]["threshold"].is_null());
    card["id"] = json!("again");
    let given = home.path("old.json");
    std::fs::write(&given, card.to_string()).unwrap();
    let (status, document) = home.import(HUNDREDS, &["--card", given.to_str().unwrap()], &[]);
    assert_eq!(status, 0, "{document}");
    assert!(home.card("again")["threshold"].is_null());
}

#[test]
fn a_model_is_replaced_only_where_that_is_said() {
    let home = Home::new();
    assert_eq!(home.import(SIGMOID, &OF_SEX, &["--id", "same"]).0, 0);
    let before = home.card("same");
    for (file, flags) in [(HUNDREDS, &OF_AGE[..]), (SIGMOID, &OF_SEX[..])] {
        let (status, document) = home.import(file, flags, &["--id", "same"]);
        assert_eq!((status, error(&document).0), (2, "id-taken"), "{document}");
        let items = document["error"]["items"].as_array().unwrap();
        let flags: Vec<_> = items.iter().map(|i| i["flag"].as_str().unwrap()).collect();
        assert_eq!(flags, ["--replace", "--id NAME"]);
        let same = error(&document).1.contains("the same file");
        assert_eq!(same, file == SIGMOID);
        assert_eq!(home.card("same"), before);
    }
    let (status, document) = home.import(HUNDREDS, &OF_AGE, &["--id", "same", "--replace"]);
    assert_eq!(
        (status, &document["replaced"]),
        (0, &json!(true)),
        "{document}"
    );
    assert_eq!(home.card("same")["task"], "age");
    // Two files imported with one preset get the same id.
    let preset = ["--preset", "joir-mobilenet"];
    assert_eq!(home.import(SIGMOID, &preset, &[]).0, 0);
    let other = "tests/fixtures/keras/keras2_efficientnet_sigmoid.h5";
    let (status, document) = home.import(other, &preset, &[]);
    assert_eq!((status, error(&document).0), (2, "id-taken"));
    // With a new id `--replace` replaces nothing.
    let (status, document) = home.import(other, &preset, &["--id", "b", "--replace"]);
    assert_eq!((status, &document["replaced"]), (0, &json!(false)));
    let (status, document) = home.import(SIGMOID, &OF_SEX, &["--id", "性別"]);
    assert_eq!(status, 2);
    assert!(error(&document).1.contains("a-z, 0-9, '-', '_' or '.'"));
}

#[test]
fn names_in_japanese_give_distinct_ids() {
    let home = Home::new();
    let mut ids = Vec::new();
    for (name, bias) in [
        ("眼底.h5", 50.0),
        ("モデル.h5", 51.0),
        ("眼底A.h5", 52.0),
        ("眼底B.h5", 53.0),
    ] {
        let (status, document) = home.import(&home.age_model(name, bias), &OF_AGE, &[]);
        assert_eq!(status, 0, "{document}");
        let id = document["id"].as_str().unwrap().to_owned();
        let sha256 = document["sha256"].as_str().unwrap();
        assert!(id.is_ascii() && id.ends_with(&sha256[..8]), "{id}");
        ids.push(id);
    }
    assert!(
        ids[0].starts_with("model-") && ids[2].starts_with("A-"),
        "{ids:?}"
    );
    let (_, document) = home.json(&["models"]);
    let listed = document["models"].as_array().unwrap();
    assert_eq!(listed.len(), 2 + ids.len(), "{document}");
    // The same file again is reported, not stored twice.
    let (status, document) = home.import(&home.age_model("眼底.h5", 50.0), &OF_AGE, &[]);
    assert_eq!((status, error(&document).0), (2, "id-taken"));
}

#[test]
fn a_file_that_the_library_has_with_two_cards_is_asked_about() {
    let home = Home::new();
    home.import(SIGMOID, &OF_SEX, &["--id", "one"]);
    let predicted = || home.predict(&["--model", SIGMOID, "--saliency", "none"]);
    let (status, document) = predicted();
    assert_eq!(
        (status, &document["results"][0]["model"]),
        (0, &json!("one"))
    );
    // Equivalent cards leave no question open.
    let (_, document) = home.import(SIGMOID, &OF_SEX, &["--id", "twin"]);
    assert_eq!(document["same_file_as"], json!(["one"]));
    assert_eq!(predicted().0, 0);
    let flags: Vec<&str> = OF_SEX
        .map(|f| if f == "female,male" { "male,female" } else { f })
        .to_vec();
    let (status, document) = home.import(SIGMOID, &flags, &["--id", "turned"]);
    assert_eq!(status, 0);
    assert_eq!(document["same_file_as"], json!(["one", "twin"]));
    let human = home.gantei(&[&["import", SIGMOID, "--id", "last"], &flags[..]].concat());
    let wording = String::from_utf8(human.stdout).unwrap();
    assert!(
        wording.contains("already holds the same file as one, turned, twin"),
        "{wording}"
    );
    let out = home.path("out");
    let out = out.to_str().unwrap();
    let labels = home.path("labels.csv");
    std::fs::write(&labels, "image,sex\nhaggstrom_left_1411.jpg,F\nb.jpg,M\n").unwrap();
    let labels = labels.to_str().unwrap();
    for args in [
        vec!["predict", SAMPLE, "--model", SIGMOID],
        vec!["explain", SAMPLE, "--model", SIGMOID, "--out", out],
        vec!["check-import", SIGMOID, "--labels", labels, SAMPLE],
    ] {
        let (status, document) = home.json(&args);
        assert_eq!(
            (status, error(&document).0),
            (2, "several-cards"),
            "{document}"
        );
        let items = document["error"]["items"].as_array().unwrap();
        let ids: Vec<_> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["last", "one", "turned", "twin"]);
        assert_eq!(items[1]["flag"], "--model one");
    }
}

#[test]
fn a_json_that_is_no_card_is_not_read_as_one() {
    let home = Home::new();
    let model = home.path("net.h5");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(SIGMOID), &model).unwrap();
    let model = model.to_str().unwrap();
    let beside = home.path("net.json");
    let configuration = r#"{"class_name": "Functional", "config": {"name": "m", "layers": []}}"#;
    for text in [
        configuration,
        r#"{"head": "drop256soft2", "labels": "none", "epochs": 30}"#,
        "x",
    ] {
        std::fs::write(&beside, text).unwrap();
        let (status, document) = home.predict(&["--model", model]);
        let (code, wording) = error(&document);
        assert_eq!((status, code), (3, "unknown"), "{document}");
        for part in [
            "gantei import net.h5 --scaling",
            "--labels A,B",
            "net.json next to it is not a model card",
        ] {
            assert!(wording.contains(part), "{part}: {wording}");
        }
        let flags: Vec<_> = document["error"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["flag"].clone())
            .collect();
        assert!(flags.contains(&json!("--crop ...")), "{flags:?}");
    }
    std::fs::write(&beside, configuration).unwrap();
    let given = ["--card", beside.to_str().unwrap()];
    let (status, document) = home.import(model, &OF_SEX, &given);
    assert_eq!((status, error(&document).0), (3, "card"), "{document}");
    assert!(
        error(&document)
            .1
            .contains("net.json is not a model card: it is the configuration")
    );
    std::fs::write(&beside, r#"{"loss": [0.5, 0.4]}"#).unwrap();
    let (status, document) = home.import(model, &OF_SEX, &given);
    assert_eq!(status, 3);
    assert!(
        error(&document).1.contains("none of a card's fields"),
        "{document}"
    );
    // A completed draft is stored with the model too.
    let draft = home.path("draft.json");
    let write = ["--draft", draft.to_str().unwrap()];
    assert_eq!(home.import(model, &OF_SEX, &write).0, 0);
    std::fs::copy(&draft, &beside).unwrap();
    let (status, document) = home.predict(&["--model", model, "--saliency", "none"]);
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["results"][0]["model"], "net");
}

#[test]
fn a_path_that_leads_nowhere_and_an_input_of_another_size_are_said_in_plain_words() {
    let home = Home::new();
    let (x, y) = (home.path("x.npy"), home.path("y.npy"));
    let picture = Tensor {
        shape: vec![2, 32, 48, 3],
        values: vec![0.0; 2 * 32 * 48 * 3],
    };
    std::fs::write(&x, npy::write_floats(&picture)).unwrap();
    let answers = Tensor {
        shape: vec![2, 1],
        values: vec![0.5; 2],
    };
    std::fs::write(&y, npy::write_floats(&answers)).unwrap();
    let [x, y] = [&x, &y].map(|p| p.to_str().unwrap());
    let out = home.path("out");
    let out = out.to_str().unwrap();
    for args in [
        vec!["verify", "nothere.h5", "--input", x, "--expected", y],
        vec!["explain", SAMPLE, "--model", "nothere.h5", "--out", out],
        vec!["predict", SAMPLE, "--model", "some/folder/nothere.h5"],
        vec!["import", "nothere.h5"],
    ] {
        let (status, document) = home.json(&args);
        assert_eq!(
            (status, error(&document).0),
            (3, "no-such-file"),
            "{args:?}"
        );
        assert!(
            error(&document)
                .1
                .contains("the file nothere.h5 does not exist")
        );
    }
    let (status, document) = home.predict(&["--model", "nothere"]);
    assert_eq!((status, error(&document).0), (3, "no-such-model"));
    home.import(SIGMOID, &OF_SEX, &["--id", "m"]);
    for model in [SIGMOID, "m"] {
        for args in [
            vec!["verify", model, "--input", x, "--expected", y],
            vec!["explain", "--tensor", x, "--model", model, "--out", out],
        ] {
            let (status, document) = home.json(&args);
            let (code, wording) = error(&document);
            assert_eq!((status, code), (3, "tensor"), "{args:?}: {document}");
            assert!(wording.contains("expected 96×96×3"), "{wording}");
            assert!(wording.contains("got 32×48×3"), "{wording}");
        }
    }
}

#[test]
fn a_file_that_lacks_its_last_bytes_is_refused() {
    let home = Home::new();
    let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(SIGMOID)).unwrap();
    for (lacking, more) in [(1, 0), (100, 0), (0, 1), (0, 0)] {
        let mut bytes = whole[..whole.len() - lacking].to_vec();
        bytes.extend(vec![0; more]);
        let file = home.path("cut.h5");
        std::fs::write(&file, bytes).unwrap();
        let (status, document) = home.import(
            file.to_str().unwrap(),
            &OF_SEX,
            &["--id", "cut", "--replace"],
        );
        assert_eq!(
            status,
            if lacking > 0 { 3 } else { 0 },
            "{lacking} {more}: {document}"
        );
        if lacking > 0 {
            assert!(
                error(&document).1.contains("the file is cut short"),
                "{document}"
            );
        }
    }
}
