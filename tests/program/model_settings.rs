//! The origin of a model's settings is reported with every score, and a model that cannot answer is not imported.

use std::path::Path;

use serde_json::Value;

use crate::home::{Home, codes};

const STRICT: &str = "tests/fixtures/keras/strict";
const SAMPLE: &str = "assets/samples/haggstrom_left_1411.jpg";
/// Everything that a card needs except the head.
const SETTINGS: [&str; 10] = [
    "--colour",
    "rgb",
    "--resize",
    "pil-bilinear",
    "--crop",
    "stretch",
    "--labels",
    "female,male",
    "--threshold",
    "0.5",
];

/// The commands that these tests run.
trait Requested {
    fn import(&self, file: &str, more: &[&str]) -> (i32, Value);
    fn row(&self, model: &str) -> Value;
}

impl Requested for Home {
    fn import(&self, file: &str, more: &[&str]) -> (i32, Value) {
        let task = ["--task", "sex"];
        let args = [&["import", file][..], &SETTINGS, &task, more].concat();
        self.json(&args)
    }

    /// The only row of the sample eye.
    fn row(&self, model: &str) -> Value {
        let args = ["predict", SAMPLE, "--model", model, "--device", "embedded"];
        let (status, document) = self.json(&args);
        assert_eq!(status, 0, "{document}");
        document["results"][0].clone()
    }
}

#[test]
fn a_picture_that_is_scaled_twice_is_said_at_the_import_and_with_every_score() {
    let home = Home::new();
    let file = format!("{STRICT}/rescaling_twice/twice.h5");
    let (status, report) = home.import(&file, &["--id", "twice", "--scaling", "unit"]);
    assert_eq!(status, 0, "{report}");
    assert_eq!(codes(&report), ["scaling-twice"]);
    assert!(codes(&home.row("twice")).contains(&"scaling-twice"));

    let (status, report) = home.import(&file, &["--id", "once", "--scaling", "raw"]);
    assert_eq!(status, 0, "{report}");
    assert!(codes(&report).is_empty());
    assert!(!codes(&home.row("once")).contains(&"scaling-twice"));
}

#[test]
fn settings_of_a_preset_are_named_with_every_score() {
    let home = Home::new();
    let file = format!("{STRICT}/rescaling_twice/twice.h5");
    let preset = ["import", &file, "--preset", "joir-other", "--id", "p"];
    let (status, report) = home.json(&preset);
    assert_eq!(status, 0, "{report}");
    let unconfirmed = report["unconfirmed"].as_array().unwrap();
    assert!(unconfirmed.contains(&"scaling".into()) && !unconfirmed.contains(&"head".into()));
    // What the file itself states is not an assumption.
    for field in ["pooling", "norm_epsilon"] {
        assert!(!unconfirmed.contains(&field.into()), "{field}");
    }
    let row = home.row("p");
    assert_eq!(row["card"]["settled"]["scaling"], "preset");
    let found = row["findings"].as_array().unwrap();
    let found = found.iter().find(|f| f["code"] == "unconfirmed-settings");
    let message = found.unwrap()["message"].as_str().unwrap();
    for field in ["colour", "crop", "labels", "resize", "scaling", "threshold"] {
        assert!(message.contains(field), "{message}");
    }
    // Stated by the user, it is no longer unconfirmed.
    let (status, report) = home.import(&file, &["--id", "said", "--scaling", "raw"]);
    assert_eq!(status, 0, "{report}");
    assert!(!codes(&home.row("said")).contains(&"unconfirmed-settings"));
}

#[test]
fn a_head_that_gives_no_answer_is_refused_at_the_import() {
    let home = Home::new();
    let file = format!("{STRICT}/made/head_features.h5");
    let (status, refused) = home.import(&file, &["--scaling", "raw"]);
    assert_eq!(status, 3, "{refused}");
    let error = &refused["error"];
    assert_eq!(error["code"], "head", "{error}");
    for (field, words) in [("message", "4 outputs"), ("hint", "keras.Model")] {
        assert!(error[field].as_str().unwrap().contains(words), "{error}");
    }
}

#[test]
fn classes_and_independent_sigmoids_have_a_score_each() {
    let home = Home::new();
    for (name, labels, has_label) in [
        ("head_two_sigmoids", "drusen,haemorrhage", false),
        ("head_softmax_of_five", "0,1,2,3,4", true),
    ] {
        let file = format!("{STRICT}/made/{name}.h5");
        let of_model = ["--id", name, "--task", "other", "--labels", labels];
        let args = ["import", &file, "--scaling", "raw", "--colour", "rgb"];
        let picture = ["--resize", "pil-bilinear", "--crop", "stretch"];
        let (status, report) = home.json(&[&args[..], &picture, &of_model].concat());
        assert_eq!(status, 0, "{report}");
        let row = home.row(name);
        let scores = row["scores"].as_array().unwrap();
        let of_row = scores.iter().map(|score| score["label"].as_str().unwrap());
        assert_eq!(of_row.collect::<Vec<_>>().join(","), labels);
        assert_eq!(row["label"].is_string(), has_label, "{row}");
        assert_eq!(row["score"].is_number(), has_label, "{row}");
        assert!(row["threshold"].is_null(), "{row}");
    }
}

#[test]
fn predict_makes_the_map_that_explain_makes_where_no_global_average_leads_to_it() {
    let home = Home::new();
    let file = "tests/fixtures/keras/keras2_layers.h5";
    let (status, report) = home.import(file, &["--id", "gate", "--scaling", "raw"]);
    assert_eq!(status, 0, "{report}");
    assert_eq!(report["last_feature_map"]["layer"], "multiply");
    let row = home.row("gate");
    assert!(!codes(&row).contains(&"no-saliency-map"), "{row}");
    let out = home.path("out");
    let explain = [
        "explain",
        SAMPLE,
        "--model",
        "gate",
        "--method",
        "grad-cam",
        "--device",
        "embedded",
        "--out",
        out.to_str().unwrap(),
    ];
    let (status, explained) = home.json(&explain);
    assert_eq!(status, 0, "{explained}");
    let explained = &explained["maps"][0];
    let map = &row["saliency"];
    for field in ["layer", "grid", "lowest", "highest"] {
        assert_eq!(map[field], explained[field], "{field}: {map} {explained}");
    }
    assert!(Path::new(&out).is_dir());
}

#[test]
fn a_flag_about_the_head_of_a_whole_model_is_a_contradiction() {
    let home = Home::new();
    let with = |flags: &[&str]| {
        let file = "tests/fixtures/keras/keras2_mobilenet_sigmoid.h5";
        home.import(file, &[&["--scaling", "raw"], flags].concat())
    };
    for flag in [
        ["--pooling", "max"],
        ["--norm-epsilon", "0.1"],
        ["--head-norm", "after-activation"],
    ] {
        let (status, refused) = with(&flag);
        assert_eq!(status, 3, "{refused}");
        assert_eq!(refused["error"]["code"], "contradiction");
    }
}
