//! The command line as other programs see it: exit statuses, one JSON document, files written completely or not at all.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::home::{Home, codes};

const SAMPLE: &str = "assets/samples/haggstrom_left_1411.jpg";

#[test]
fn predict_writes_tables_and_overlays_and_prints_the_same() {
    let home = Home::with_models();
    let out = home.path("out");
    let (status, document) = home.json(&[
        "predict",
        "assets/samples",
        "--device",
        "embedded",
        "--model",
        "demo-mobilenet",
        "--model",
        "demo-efficientnet-b0",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(status, 0, "{document}");
    let written: Value =
        serde_json::from_slice(&std::fs::read(out.join("results.json")).unwrap()).unwrap();
    assert_eq!(document, written);
    assert_eq!(document["schema"], 1);
    assert_eq!(document["skipped"][0], "README.md");
    let rows = document["results"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for (row, model) in rows.iter().zip(["demo-mobilenet", "demo-efficientnet-b0"]) {
        assert_eq!(row["image"], "haggstrom_left_1411.jpg");
        assert_eq!(row["model"], model);
        assert_eq!(
            (row["width"].as_u64(), row["height"].as_u64()),
            (Some(1411), Some(1411))
        );
        assert_eq!(row["eye"], "OS");
        assert_eq!(row["eye_source"], "file-name");
        assert_eq!(row["quality"], "good");
        assert_eq!(row["provider"], "embedded");
        assert!(codes(row).contains(&"demonstration-model"));
        let (logit, score) = (
            row["logit"].as_f64().unwrap(),
            row["score"].as_f64().unwrap(),
        );
        assert!(
            (1.0 / (1.0 + (-logit).exp()) - score).abs() < 1e-6,
            "{logit} {score}"
        );
        let labels = &row["card"]["labels"];
        let expected = if score >= 0.5 { &labels[1] } else { &labels[0] };
        assert_eq!(&row["label"], expected);
        let file = format!("haggstrom_left_1411.{model}.grad-cam.png");
        assert_eq!(row["files"][0], file.as_str());
        let overlay = image::open(out.join(file)).unwrap();
        assert_eq!((overlay.width(), overlay.height()), (1411, 1411));
    }
    let csv = std::fs::read_to_string(out.join("results.csv")).unwrap();
    assert!(
        csv.starts_with("\u{feff}image,person,eye,eye_source,quality,used,demo-mobilenet score,")
    );
    assert_eq!(csv.lines().count(), 2, "a line for each photograph");
    let full = std::fs::read_to_string(out.join("results_full.csv")).unwrap();
    assert!(full.starts_with("\u{feff}image,sha256,width"));
    assert_eq!(
        full.lines().count(),
        3,
        "a line for each photograph and model"
    );
    assert!(!out.join("people.csv").exists(), "nobody is known");
    let leftovers = std::fs::read_dir(&out).unwrap().filter(|e| {
        e.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    });
    assert_eq!(leftovers.count(), 0);
}

#[test]
fn controls_of_a_map_stand_in_its_file_and_the_verdict_in_the_text() {
    let home = Home::with_models();
    let out = home.path("maps");
    let out = out.to_str().unwrap();
    let base = ["explain", SAMPLE, "--out", out];
    let hiding = [&base[..], &["--controls=hiding", "--fill", "mean"]].concat();
    let (status, document) = home.json(&hiding);
    assert_eq!(status, 0);
    let sanity_checks = &document["maps"][0]["controls"];
    assert_eq!(sanity_checks["fill"], "mean");
    assert!(sanity_checks["outside"]["area"].as_f64().unwrap() > 0.1);
    let found = &sanity_checks["hiding"];
    assert_eq!(found["answer"], "score");
    let shares = found["curves"]["shares"].as_array().unwrap();
    assert_eq!((shares.len(), &shares[9]), (10, &Value::from(1.0)));
    assert!(sanity_checks["randomised"].is_null() && sanity_checks["stability"].is_null());
    let file = std::fs::read(home.path("maps/haggstrom_left_1411.demo-mobilenet.grad-cam.json"));
    let written: Value = serde_json::from_slice(&file.unwrap()).unwrap();
    assert_eq!(written["controls"], *sanity_checks);

    let reported = home.gantei(&hiding);
    let text = String::from_utf8(reported.stdout).unwrap();
    assert!(
        text.contains(sanity_checks["verdict"].as_str().unwrap()),
        "{text}"
    );
    let refused = home.gantei(&[&base[..], &["--controls=luck"]].concat());
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn one_bad_file_is_a_row_with_a_reason() {
    let home = Home::with_models();
    let bad = home.path("broken_R.jpg");
    std::fs::write(&bad, b"no picture").unwrap();
    let (status, document) = home.json(&[
        "predict",
        bad.to_str().unwrap(),
        SAMPLE,
        "/nowhere/missing.png",
        "--device",
        "embedded",
        "--saliency",
        "none",
    ]);
    assert_eq!(status, 1);
    let rows = document["results"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    for place in [0, 2] {
        assert!(
            rows[place]["error"].as_str().unwrap().len() > 10,
            "{}",
            rows[place]
        );
        assert!(rows[place]["score"].is_null());
    }
    assert!(rows[1]["error"].is_null() && rows[1]["score"].is_f64());
    assert!(
        !document.to_string().contains("/nowhere"),
        "no absolute path may be written"
    );
}

#[test]
fn the_user_says_which_eye_it_is_and_a_contradiction_is_found() {
    let home = Home::with_models();
    let arguments = [
        "predict",
        SAMPLE,
        "--device",
        "embedded",
        "--saliency",
        "none",
        "--eye",
        "OD",
    ];
    let (status, document) = home.json(&arguments);
    let row = &document["results"][0];
    assert_eq!(
        (status, &row["eye"], &row["eye_source"]),
        (0, &"OD".into(), &"user".into())
    );
    assert_eq!(row["eye_guess"], "OS");
    assert!(codes(row).contains(&"eye-conflict"));
}

#[test]
fn errors_are_one_document_with_their_exit_status() {
    let home = Home::with_models();
    let cases: [(&[&str], i32, &str); 6] = [
        (&["predict"], 2, "usage"),
        (&["predict", SAMPLE, "--device", "gpu"], 2, "usage"),
        (
            &["predict", SAMPLE, "--model", "no-such"],
            3,
            "no-such-model",
        ),
        (&["predict", "src/domain"], 2, "usage"),
        (&["import", SAMPLE], 3, "model"),
        (
            &[
                "draw",
                "--count",
                "1",
                "--seed",
                "1",
                "--size",
                "9",
                "--out",
                "/nowhere/x",
            ],
            2,
            "drawing",
        ),
    ];
    for (args, status, code) in cases {
        let (found, document) = home.json(args);
        assert_eq!(found, status, "{args:?}: {document}");
        let error = &document["error"];
        assert_eq!(error["code"], code, "{args:?}: {document}");
        assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()));
        assert!(error["hint"].is_string() && error["items"].is_array());
    }
}

#[test]
fn a_named_device_that_does_not_work_ends_with_status_4() {
    let home = Home::with_models();
    // No machine has both devices. A missing one must not be replaced silently.
    let results =
        ["directml", "coreml"].map(|device| home.json(&["predict", SAMPLE, "--device", device]));
    assert!(
        results
            .iter()
            .any(|(status, d)| *status == 4 && d["error"]["code"] == "device")
    );
}

#[test]
fn models_and_devices_are_listed() {
    let home = Home::with_models();
    let (status, document) = home.json(&["models"]);
    assert_eq!(status, 0);
    let models = document["models"].as_array().unwrap();
    assert_eq!(models[0]["id"], "demo-mobilenet");
    assert_eq!(models[1]["id"], "demo-efficientnet-b0");
    for model in models {
        assert_eq!(model["demonstration"], true);
        assert_eq!(model["labels"].as_array().unwrap().len(), 2);
        assert_eq!(model["input"]["size"], serde_json::json!([224, 224]));
        assert_eq!(model["card"]["id"], model["id"]);
    }
    let (status, document) = home.json(&["devices"]);
    assert_eq!(status, 0);
    let embedded = document["engines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["engine"] == "rten")
        .unwrap();
    let provider = &embedded["providers"][0];
    assert_eq!(provider["works"], true);
    assert!(
        provider["deviation"].as_f64().unwrap() <= 2e-5,
        "{provider}"
    );
    assert!(provider["run_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn an_import_tells_what_is_unknown_and_takes_it_from_flags_or_a_draft() {
    let home = Home::with_models();
    let file = "models/demo/demo-mobilenet.h5";
    let (status, document) = home.json(&["import", file, "--id", "mine"]);
    assert_eq!(status, 3);
    assert_eq!(document["error"]["code"], "unknown");
    let unknown: Vec<_> = document["unknown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| u.as_str().unwrap())
        .collect();
    assert_eq!(
        unknown,
        [
            "scaling",
            "colour",
            "resize",
            "crop",
            "labels",
            "threshold",
            "task"
        ]
    );
    assert_eq!(document["architecture"], "MobileNet");
    assert_eq!(document["head"], "sigmoid");

    let draft = home.path("draft.json");
    let (status, _) = home.json(&[
        "import",
        file,
        "--id",
        "mine",
        "--draft",
        draft.to_str().unwrap(),
    ]);
    assert_eq!(status, 0);
    let mut card: Value = serde_json::from_slice(&std::fs::read(&draft).unwrap()).unwrap();
    assert!(card["input"]["scaling"].is_null());
    card["input"]["scaling"] = "tf".into();
    card["input"]["colour"] = "rgb".into();
    card["input"]["resize"] = "pil-bilinear".into();
    card["input"]["crop"] = "square".into();
    card["labels"] = serde_json::json!(["female", "male"]);
    card["threshold"] = 0.5.into();
    card["task"] = "sex".into();
    std::fs::write(&draft, card.to_string()).unwrap();
    let (status, document) = home.json(&["import", file, "--card", draft.to_str().unwrap()]);
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["unknown"], serde_json::json!([]));

    // The imported model gives the score of the bundled one, by id and by file.
    let score = |model: &str| {
        let (status, document) = home.json(&[
            "predict",
            SAMPLE,
            "--model",
            model,
            "--device",
            "embedded",
            "--saliency",
            "none",
        ]);
        assert_eq!(status, 0, "{document}");
        document["results"][0]["score"].as_f64().unwrap()
    };
    assert_eq!(score("mine"), score("demo-mobilenet"));
    assert_eq!(score(file), score("demo-mobilenet"));
    let (_, document) = home.json(&["models"]);
    assert_eq!(document["models"][2]["id"], "mine");
    // The demonstration model is recognised under any name.
    assert_eq!(document["models"][2]["demonstration"], true);
}

#[test]
fn the_same_seed_draws_the_same_bytes() {
    let home = Home::with_models();
    let draw = |name: &str| {
        let out = home.path(name);
        let path = out.to_str().unwrap();
        let arguments = [
            "draw", "--count", "3", "--seed", "7", "--size", "120x96", "--out", path,
        ];
        let (status, document) = home.json(&arguments);
        assert_eq!((status, document["images"].as_u64()), (0, Some(3)));
        let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for folder in [out.clone(), out.join("images")] {
            for entry in std::fs::read_dir(folder)
                .unwrap()
                .map(|e| e.unwrap().path())
            {
                if entry.is_file() {
                    files.push((
                        entry.strip_prefix(&out).unwrap().to_owned(),
                        std::fs::read(&entry).unwrap(),
                    ));
                }
            }
        }
        files.sort();
        files
    };
    let (a, b) = (draw("a"), draw("b"));
    assert_eq!(a.len(), 5);
    assert_eq!(a, b);
    let labels = a
        .iter()
        .find(|(p, _)| p == Path::new("labels.csv"))
        .unwrap();
    assert!(labels.1.starts_with(b"image,person,eye,age,sex\n"));
    let picture = image::load_from_memory(
        &a.iter()
            .find(|(p, _)| p.ends_with("00000_OD.png"))
            .unwrap()
            .1,
    )
    .unwrap();
    assert_eq!((picture.width(), picture.height()), (120, 96));
}

#[test]
fn check_import_ranks_settings_and_writes_its_files() {
    let home = Home::with_models();
    let (eyes, out) = (home.path("eyes"), home.path("out"));
    let (eyes, out) = (eyes.to_str().unwrap(), out.to_str().unwrap());
    home.json(&[
        "draw", "--count", "8", "--seed", "3", "--size", "100", "--out", eyes,
    ]);
    let labels = format!("{eyes}/labels.csv");
    let model = "tests/fixtures/keras/keras2_mobilenet_sigmoid.h5";
    let check = [
        "check-import",
        model,
        "--labels",
        &labels,
        eyes,
        "--device",
        "embedded",
    ];
    let (status, document) = home.json(&[&check[..], &["--out", out]].concat());
    assert_eq!(status, 0, "{document}");
    assert_eq!(
        (&document["schema"], &document["figure"]),
        (&1.into(), &"auc".into())
    );
    assert_eq!(
        (&document["images"], &document["persons"]),
        (&8.into(), &4.into())
    );
    let rows = document["rows"].as_array().unwrap();
    assert!(rows.len() >= 20);
    assert_eq!(rows[0]["rank"], 1);
    assert_eq!(rows[0]["inseparable"], true);
    // Rows that the labels cannot separate come first, the nearest to training leading; the others are sorted by the
    // metric.
    let apart = rows.iter().position(|row| row["inseparable"] == false);
    let (head, rest) = rows.split_at(apart.unwrap_or(rows.len()));
    let distance = |row: &Value| row["training_distance"].as_f64().unwrap();
    assert!(head.windows(2).all(|w| distance(&w[0]) <= distance(&w[1])));
    let figure = |row: &Value| (row["value"].as_f64().unwrap() - 0.5).abs();
    assert!(rest.iter().all(|row| row["inseparable"] == false));
    assert!(rest.windows(2).all(|w| figure(&w[0]) >= figure(&w[1])));
    assert_eq!(document["tried"]["of"], 160);
    assert_eq!(document["left_out"]["skipped"][0], "signs.json");
    assert_eq!(document["engine"]["provider"], "embedded");
    let written = std::fs::read(home.path("out/check.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), document);
    let table = std::fs::read_to_string(home.path("out/check.csv")).unwrap();
    assert_eq!(table.lines().count(), rows.len() + 1);
    let scores = std::fs::read_to_string(home.path("out/check-scores.csv")).unwrap();
    assert_eq!(scores.lines().count(), 9);
    let human = home.gantei(&check);
    let human = String::from_utf8(human.stdout).unwrap();
    let first = human.lines().next().unwrap();
    assert!(
        first.contains("AUC with 95 % interval on 8 images of 4 persons"),
        "{human}"
    );
    let table = &document["table"];
    assert_eq!(table["columns"][0]["name"], "image");
    let values = table["values"].as_array().unwrap();
    assert_eq!(
        values
            .iter()
            .map(|v| v["rows"].as_u64().unwrap())
            .sum::<u64>(),
        8
    );
    assert!(human.contains("optimistic") || human.contains("No setting can be selected"));
    assert!(human.ends_with("about a person.\n"));
}

#[test]
fn check_import_refuses_before_any_work() {
    let home = Home::with_models();
    let labels = home.path("labels.csv");
    std::fs::write(&labels, "image,sex\nhaggstrom_left_1411.jpg,F\n").unwrap();
    let labels = labels.to_str().unwrap();
    let base = [
        "check-import",
        "demo-mobilenet",
        "assets/samples",
        "--labels",
    ];
    let (status, document) = home.json(&[&base[..], &[labels, "--apply"]].concat());
    assert_eq!((status, &document["error"]["code"]), (2, &"usage".into()));
    let message = document["error"]["message"].as_str().unwrap();
    assert!(message.contains("ships with the application"), "{message}");
    let (status, document) = home.json(&[&base[..], &["absent.csv"]].concat());
    assert_eq!((status, &document["error"]["code"]), (1, &"file".into()));
    std::fs::write(labels, "file,age\nhaggstrom_left_1411.jpg,60\n").unwrap();
    let (status, document) = home.json(&[&base[..], &[labels]].concat());
    assert_eq!((status, &document["error"]["code"]), (2, &"labels".into()));
    let columns = document["error"]["items"].as_array().unwrap();
    assert_eq!(columns[1]["flag"], "--columns sex=age");
    // A coded value raises a question, and the answer is a flag.
    let table = "file,sex\nhaggstrom_left_1411.jpg,1\nother.jpg,2\n";
    std::fs::write(labels, table).unwrap();
    let (status, document) = home.json(&[&base[..], &[labels]].concat());
    assert_eq!((status, &document["error"]["code"]), (2, &"labels".into()));
    let values = document["error"]["items"].as_array().unwrap();
    assert_eq!(
        (&values[0]["value"], &values[0]["count"]),
        (&"1".into(), &1.into())
    );
    assert_eq!(values[0]["flag"], "--values 1=LABEL");
    let answered = [labels, "--values", "1=male,2=female"];
    let (status, document) = home.json(&[&base[..], &answered].concat());
    let message = document["error"]["message"].as_str().unwrap();
    assert_eq!(status, 2, "one photograph has one label");
    assert!(message.contains("the same label, male"), "{message}");
    let (status, _) = home.json(&[
        "check-import",
        "absent",
        "assets/samples",
        "--labels",
        labels,
    ]);
    assert_eq!(status, 3);
}

#[test]
fn explain_shares_the_evidence_out_by_region() {
    let home = Home::with_models();
    let out = home.path("out");
    let explain = |more: &[&str]| {
        let mut args = vec!["explain", SAMPLE, "--device", "embedded", "--regions"];
        args.extend(["--out", out.to_str().unwrap()]);
        args.extend(more);
        home.json(&args)
    };
    let (status, document) = explain(&["--random-areas", "1"]);
    assert_eq!(status, 0, "{document}");
    let map = &document["maps"][0];
    let regions = &map["regions"];
    assert_eq!(regions["source"], "proposed");
    assert_eq!(regions["disc"]["proposed"]["word"], "sure");
    assert!(codes(map).contains(&"landmarks-proposed"));
    let parts = regions["parts"].as_array().unwrap();
    let names: Vec<_> = parts
        .iter()
        .map(|p| p["region"].as_str().unwrap())
        .collect();
    assert_eq!(
        names.join(" "),
        "disc peripapillary macula arcades rest outside"
    );
    for figure in ["evidence", "area"] {
        let sum: f64 = parts.iter().map(|p| p[figure].as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{figure} {sum}");
    }
    for part in parts {
        let covered = &part["covered"];
        assert!(covered["change"]["score"].is_number(), "{part}");
        let has_random = covered["random_mean"]["score"].is_number();
        assert_eq!(has_random, part["region"] != "outside", "{part}");
    }

    let given = [
        "--disc",
        "241,660",
        "--fovea",
        "701,707",
        "--random-areas",
        "0",
    ];
    let (status, document) = explain(&given);
    assert_eq!(status, 0, "{document}");
    let map = &document["maps"][0];
    assert_eq!(map["regions"]["source"], "user");
    assert_eq!(map["regions"]["fovea"]["x"], 701.0);
    assert!(map["regions"]["fovea"]["proposed"].is_null());
    assert!(!codes(map).contains(&"landmarks-proposed"));

    assert_eq!(explain(&["--disc", "241,660"]).0, 2);
    assert_eq!(explain(&["--disc", "x", "--fovea", "1,2"]).0, 2);
    let second = home.path("second.jpg");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE), &second).unwrap();
    let two = [
        second.to_str().unwrap(),
        "--disc",
        "241,660",
        "--fovea",
        "701,707",
    ];
    assert_eq!(explain(&two).0, 2, "the points belong to one photograph");
    for disc in ["701,707", "-5,100", "9999,1"] {
        let (status, document) = explain(&["--disc", disc, "--fovea", "701,707"]);
        assert_eq!(status, 2, "{disc}");
        let why = document["error"]["message"].as_str().unwrap();
        assert!(why.contains("two different points inside"), "{disc}: {why}");
    }
}

#[test]
fn explain_refuses_what_cannot_be_explained_before_it_computes() {
    let home = Home::with_models();
    let out = home.path("out");
    let base = [
        "explain",
        "--device",
        "embedded",
        "--out",
        out.to_str().unwrap(),
    ];
    let explain = |more: &[&str]| home.json(&[&base[..], more].concat());
    for method in ["grad-cam", "occlusion"] {
        let (status, document) = explain(&[SAMPLE, "--target", "7", "--method", method]);
        assert_eq!(status, 2, "{method}: {document}");
    }
    // The error names what is missing.
    let (status, document) = home.json(&["explain", "--out", "out"]);
    assert_eq!((status, &document["error"]["code"]), (2, &"usage".into()));
    assert!(
        !document["error"]["items"].as_array().unwrap().is_empty(),
        "{document}"
    );
    // A tensor that holds a NaN, and one of the wrong size.
    let npy = |name: &str, side: usize, first: f32| {
        let head = format!(
            "{{'descr': '<f4', 'fortran_order': False, 'shape': (1, {side}, {side}, 3), }}"
        );
        let head = format!("{head:<117}\n");
        let mut bytes = [
            b"\x93NUMPY\x01\x00".as_slice(),
            &(head.len() as u16).to_le_bytes(),
            head.as_bytes(),
        ]
        .concat();
        let numbers = (0..side * side * 3).map(|i| if i == 0 { first } else { 0.5 });
        numbers.for_each(|v| bytes.extend(v.to_le_bytes()));
        let file = home.path(name);
        std::fs::write(&file, bytes).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let [hole, small] = [npy("hole.npy", 224, f32::NAN), npy("small.npy", 100, 0.5)];
    for method in ["grad-cam", "input-gradient"] {
        for tensor in [&hole, &small] {
            let (status, document) = explain(&["--tensor", tensor, "--method", method]);
            let error = &document["error"];
            assert_eq!(
                (status, &error["code"]),
                (3, &"tensor".into()),
                "{method} {document}"
            );
        }
    }
    // A folder without write access.
    let file = home.path("file");
    std::fs::write(&file, "").unwrap();
    let (status, document) = home.json(&["explain", SAMPLE, "--out", file.to_str().unwrap()]);
    assert_eq!((status, &document["error"]["code"]), (1, &"file".into()));
}

#[test]
fn what_speaks_against_a_map_stands_in_its_findings_and_a_single_output_has_its_number() {
    let home = Home::with_models();
    let out = home.path("out");
    let base = [
        "explain",
        SAMPLE,
        "--device",
        "embedded",
        "--out",
        out.to_str().unwrap(),
    ];
    let explain = |more: &[&str]| home.json(&[&base[..], more].concat());
    let (status, document) = explain(&["--controls=hiding,weights", "--fill", "mean"]);
    assert_eq!(status, 0, "{document}");
    let map = &document["maps"][0];
    assert_eq!(map["controls"]["mean_of"], "field");
    assert_eq!(map["controls"]["compared_inside"], "field");
    let against = map["controls"]["findings"].as_array().unwrap();
    for finding in against {
        let code = finding["code"].as_str().unwrap();
        assert!(codes(map).contains(&code), "{code}");
    }
    assert_eq!(document["schema"], 1);
    // The network has one output, so it is the logit.
    let (status, document) = explain(&["--target", "0"]);
    assert_eq!(status, 0, "{document}");
    let map = &document["maps"][0];
    let [target, logit] = ["target_value", "logit"].map(|f| map[f].as_f64().unwrap());
    assert!((target - logit).abs() < 1e-6, "{target} {logit}");
}

/// Writes an image of stripes, which is not a fundus photograph.
fn write_stripes(path: &Path) {
    let rgb = (0..90 * 80_u32).flat_map(|i| [(i * 7) as u8, (i % 90) as u8, 40]);
    let pixels = gantei::drawing::Pixels {
        width: 90,
        height: 80,
        rgb: rgb.collect(),
    };
    let png = gantei::drawing::encode(&pixels, gantei::drawing::PictureFormat::Png).unwrap();
    std::fs::write(path, png).unwrap();
}

#[test]
fn a_picture_of_something_else_has_no_figures_until_it_is_accepted() {
    let home = Home::with_models();
    let cup = home.path("cup.png");
    write_stripes(&cup);
    let out = home.path("out");
    let common = [cup.to_str().unwrap(), "--device", "embedded", "--out"];
    let predict = |out: &Path, more: &[&str]| {
        let mut args = vec!["predict"];
        args.extend(common);
        args.push(out.to_str().unwrap());
        args.extend(more);
        home.json(&args)
    };
    let (status, document) = predict(&out, &[]);
    assert_eq!(status, 0, "{document}");
    let row = &document["results"][0];
    for field in [
        "logit",
        "score",
        "value",
        "label",
        "saliency",
        "error",
        "engine",
        "preprocessing",
    ] {
        assert!(row[field].is_null(), "{field}: {}", row[field]);
    }
    assert_eq!(row["quality"], "not-a-fundus");
    assert!(codes(row).contains(&"not-a-fundus"));
    assert_eq!(row["files"].as_array().map(Vec::len), Some(0));
    let mut names: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(
        names.iter().all(|name| !name.ends_with(".png")),
        "{names:?}"
    );
    let human = home.gantei(&["predict", cup.to_str().unwrap(), "--device", "embedded"]);
    let human = String::from_utf8(human.stdout).unwrap();
    assert!(human.contains("--accept-any-picture"), "{human}");

    let (status, document) = predict(&home.path("accepted"), &["--accept-any-picture"]);
    assert_eq!(status, 0, "{document}");
    let row = &document["results"][0];
    assert!(row["score"].is_f64() && row["label"].is_string());
    assert!(row["saliency"].is_object());
    assert!(codes(row).contains(&"not-a-fundus-accepted"));
    assert!(!codes(row).contains(&"not-a-fundus"));
    assert_eq!(row["files"].as_array().map(Vec::len), Some(1));

    let maps = home.path("maps");
    let explain = |more: &[&str]| {
        let mut args = vec!["explain"];
        args.extend(common);
        args.push(maps.to_str().unwrap());
        args.extend(more);
        home.json(&args)
    };
    let (status, document) = explain(&[]);
    assert_eq!(status, 0, "{document}");
    assert!(document["maps"][0]["score"].is_null());
    assert_eq!(std::fs::read_dir(&maps).unwrap().count(), 0);
    let (status, document) = explain(&["--accept-any-picture"]);
    assert_eq!((status, document["maps"][0]["score"].is_f64()), (0, true));
    assert_eq!(std::fs::read_dir(&maps).unwrap().count(), 3);
}

#[test]
fn what_is_mistyped_is_refused_without_a_window() {
    let home = Home::with_models();
    for args in [&["pridict", SAMPLE][..], &["pridict"]] {
        let (status, document) = home.json(args);
        assert_eq!(status, 2, "{args:?}: {document}");
        assert_eq!(document["error"]["code"], "usage");
        assert_eq!(document["error"]["items"], serde_json::json!(["predict"]));
        let output = home.gantei(args);
        assert_eq!(output.status.code(), Some(2));
        let wording = String::from_utf8(output.stderr).unwrap();
        assert!(
            wording.contains("Did you mean: gantei predict?"),
            "{wording}"
        );
    }
    let (status, document) = home.json(&["missing/photo.jpg"]);
    assert_eq!(status, 2, "{document}");
    assert_eq!(home.gantei(&["missing/photo.jpg"]).status.code(), Some(2));
    let (status, document) = home.json(&["--version"]);
    assert_eq!(status, 0);
    assert_eq!(document["application"]["name"], "gantei");
}

#[test]
fn numbers_and_frames_that_cannot_be_are_usage_errors() {
    let home = Home::with_models();
    for tolerance in ["inf", "nan", "1e400", "-1"] {
        let args = [
            "verify",
            "demo-mobilenet",
            "--input",
            "x.npy",
            "--expected",
            "y.npy",
            "--tolerance",
            tolerance,
        ];
        let (status, document) = home.json(&args);
        assert_eq!(status, 2, "{tolerance}: {document}");
    }
    let (status, document) = home.json(&["predict", SAMPLE, "--frame", "2"]);
    assert_eq!(status, 2, "{document}");
    let message = document["error"]["message"].as_str().unwrap();
    assert!(message.contains("single picture"), "{message}");
    let (status, document) = home.json(&["predict", SAMPLE, "--frame", "1"]);
    assert_eq!(status, 0, "{document}");
}

#[test]
fn completions_and_the_manual_go_to_standard_output() {
    let home = Home::with_models();
    for (page, word) in [
        ("bash", "complete -F _gantei"),
        ("zsh", "#compdef gantei"),
        ("fish", "complete -c gantei"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
        ("man", ".TH gantei 1"),
    ] {
        let output = home.gantei(&["completions", page]);
        assert_eq!(output.status.code(), Some(0), "{page}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(word), "{page}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_rows_with_a_reason_and_standard_input_is_read() {
    let home = Home::with_models();
    let pipe = home.path("pipe.jpg");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let (status, document) = home.json(&["predict", pipe, "/dev/zero", "--device", "embedded"]);
    assert_eq!(status, 1);
    for row in document["results"].as_array().unwrap() {
        let error = row["error"].as_str().unwrap();
        assert!(error.contains("a pipe or a device"), "{error}");
    }
    assert_eq!(home.json(&["import", pipe]).0, 3);
    let mut shell = std::process::Command::new("sh");
    let script = format!("cat {SAMPLE} | \"$0\" \"$@\"");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_gantei")]);
    let args = ["predict", "/dev/stdin", "--device", "embedded", "--json"];
    let output = home.around(shell, &args).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{document}");
    assert!(document["results"][0]["score"].is_f64(), "{document}");
}

#[test]
fn explain_writes_a_report_of_every_photograph_with_a_result_or_without() {
    let home = Home::with_models();
    let (input, out) = (home.path("in"), home.path("out"));
    std::fs::create_dir(&input).unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
    std::fs::copy(sample, input.join("a.jpg")).unwrap();
    std::fs::write(input.join("b.jpg"), b"\xFF\xD8\xFFno picture").unwrap();
    let (input, folder) = (input.to_str().unwrap(), out.to_str().unwrap());
    let args = ["explain", input, "--device", "embedded", "--out", folder];
    let report = |name: &str| out.join(format!("{name}.demo-mobilenet.grad-cam.report.pdf"));
    let mut before: Option<Vec<u8>> = None;
    for lang in ["--report", "--report=en", "--report=ja"] {
        let (status, document) = home.json(&[&args[..], &[lang]].concat());
        assert_eq!(status, 1, "{document}");
        let files = document["maps"][0]["files"].as_array().unwrap();
        assert_eq!(
            files.last().unwrap(),
            "a.demo-mobilenet.grad-cam.report.pdf"
        );
        let of_failed = serde_json::json!(["b.demo-mobilenet.grad-cam.report.pdf"]);
        assert_eq!(document["maps"][1]["files"], of_failed);
        for name in ["a", "b"] {
            let bytes = std::fs::read(report(name)).unwrap();
            assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 3_000_000);
        }
        let bytes = std::fs::read(report("a")).unwrap();
        if let Some(before) = before.replace(bytes.clone()) {
            assert_eq!(before == bytes, lang == "--report=en", "{lang}");
        }
    }
    assert_eq!(home.json(&[&args[..], &["--report=de"]].concat()).0, 2);
}
