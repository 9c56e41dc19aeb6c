//! Every command on planted files, in both output forms.

use crate::planted::{CANARIES, NAMES, Planted};
use crate::watch::{Names, found, is_clean, is_clean_folder, text};

/// Run once at the end of a test, since networks are large to search.
fn home_is_clean(planted: &Planted, names: Names) {
    is_clean_folder(&planted.home, names);
}

const EMBEDDED: [&str; 2] = ["--device", "embedded"];

#[test]
fn what_is_planted_would_be_found() {
    let planted = Planted::new();
    let mut seen = Vec::new();
    let mut bytes = Vec::new();
    let mut folders = vec![planted.root.clone()];
    while let Some(folder) = folders.pop() {
        bytes.extend(folder.to_string_lossy().as_bytes());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            bytes.extend(path.to_string_lossy().as_bytes());
            match path.is_dir() {
                true => folders.push(path),
                false => bytes.extend(std::fs::read(path).unwrap()),
            }
        }
    }
    seen.extend(found(&bytes, &CANARIES));
    seen.extend(found(&bytes, &NAMES));
    // Compressed, as zTXt always is.
    let missing = CANARIES
        .iter()
        .chain(&NAMES)
        .filter(|(place, _)| !seen.contains(place));
    let missing: Vec<_> = missing.map(|(place, _)| *place).collect();
    assert_eq!(missing, ["PNG zTXt"]);
}

#[test]
fn predict_tells_nothing_of_pictures_and_folders() {
    let planted = Planted::new();
    let args = [
        "predict",
        text(&planted.photographs),
        "--out",
        text(&planted.results),
        "--model",
        "demo-mobilenet",
        "--model",
        text(&planted.model),
        "--persons",
        "file-names",
        "--accept-any-picture",
    ];
    let outputs = planted.run(&[&args[..], &EMBEDDED].concat(), Names::Allowed);
    // The file leaves its labels open and is refused; the bundled model runs below.
    assert!(outputs.iter().all(|o| o.status.code() == Some(3)));
    let args: Vec<&str> = args
        .iter()
        .copied()
        .filter(|a| !a.ends_with(".h5"))
        .collect();
    let at = args.iter().rposition(|a| *a == "--model").unwrap();
    let args: Vec<&str> = [&args[..at], &args[at + 1..], &EMBEDDED].concat();
    let outputs = planted.run(&args, Names::Allowed);
    for output in &outputs {
        assert_eq!(output.status.code(), Some(1), "the broken ones are rows");
    }
    let document: serde_json::Value = serde_json::from_slice(&outputs[1].stdout).unwrap();
    let rows = document["results"].as_array().unwrap();
    let failed = rows.iter().filter(|row| row["error"].is_string()).count();
    assert_eq!((rows.len(), failed), (13, 8), "{document:#}");
    assert!(planted.results.join("people.csv").exists());
    // Paths that do not exist or are not photographs, and a missing command.
    let absent = planted.root.join("absent/Hanako.jpg");
    for given in [
        &absent,
        &planted.root.join("photographs/Letter-to-Hanako.txt"),
    ] {
        planted.run(
            &["predict", text(given), "--device", "embedded"],
            Names::Allowed,
        );
    }
    planted.run(
        &["predict", text(&planted.labels), "--device", "cuda"],
        Names::Allowed,
    );
    planted.run(
        &["predict", text(&absent), "--model", text(&absent)],
        Names::Allowed,
    );
    planted.run(&["--persons", text(&absent)], Names::Allowed);
    home_is_clean(&planted, Names::Allowed);
}

#[test]
fn masked_names_are_nowhere() {
    let planted = Planted::new();
    let photographs = text(&planted.photographs);
    let args = [
        "predict",
        photographs,
        "--out",
        text(&planted.results),
        "--persons",
        "file-names",
        "--mask-names",
        "--accept-any-picture",
    ];
    let outputs = planted.run(&[&args[..], &EMBEDDED].concat(), Names::Masked);
    let document: serde_json::Value = serde_json::from_slice(&outputs[1].stdout).unwrap();
    let images: Vec<&str> = document["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["image"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = (1..=13).map(|n| format!("photograph-{n:04}")).collect();
    assert_eq!(images, expected);
    assert_eq!(document["skipped"], serde_json::json!(["skipped-0001"]));
    let persons = document["results"].as_array().unwrap();
    let with_overlay = persons.iter().find(|row| !row["files"][0].is_null());
    let overlay = with_overlay.expect("one has an overlay");
    let name = format!(
        "{}.demo-mobilenet.grad-cam.png",
        overlay["image"].as_str().unwrap()
    );
    assert_eq!(overlay["files"][0], name.as_str());
    assert!(persons.iter().any(|row| row["person"] == "person-1"));
    // Eyes are still detected: a name that contains OD counts.
    assert!(persons.iter().any(|row| row["eye"] == "OD"));

    let absent = planted.root.join("absent/Hanako.jpg");
    let letter = planted.photographs.join("Letter-to-Hanako.txt");
    for given in [
        &absent,
        &letter,
        &planted.photographs.join("broken/Hanako_1.jpg"),
    ] {
        let args = ["predict", text(given), "--mask-names"];
        planted.run(&[&args[..], &EMBEDDED].concat(), Names::Masked);
    }
    // Names of other files: a table, a folder of results, a tensor, a model.
    let file = text(&letter);
    let tensor = planted.root.join("Hanako.npy");
    for args in [
        vec!["predict", photographs, "--out", file],
        vec!["predict", photographs, "--model", file],
        vec!["predict", photographs, "--model", text(&absent)],
        vec!["explain", photographs, "--out", file],
        vec!["explain", "--tensor", text(&tensor), "--out", "target/none"],
        vec![
            "check-import",
            "demo-mobilenet",
            "--labels",
            file,
            photographs,
        ],
        vec![
            "check-import",
            "demo-mobilenet",
            "--labels",
            text(&absent),
            photographs,
        ],
    ] {
        let args = [&args[..], &["--mask-names"], &EMBEDDED].concat();
        for output in planted.run(&args, Names::Masked) {
            assert_ne!(output.status.code(), Some(0), "{args:?}");
        }
    }
    let empty = planted.root.join("only");
    std::fs::create_dir(&empty).unwrap();
    std::fs::copy(&letter, empty.join("Letter-to-Hanako.txt")).unwrap();
    for command in ["predict", "explain"] {
        let args = [
            command,
            text(&empty),
            "--mask-names",
            "--out",
            text(&planted.results),
        ];
        planted.run(&args, Names::Masked);
    }
    let args = [
        "explain",
        photographs,
        "--out",
        text(&planted.results),
        "--mask-names",
        "--accept-any-picture",
        "--report",
    ];
    let outputs = planted.run(&[&args[..], &EMBEDDED].concat(), Names::Masked);
    let document: serde_json::Value = serde_json::from_slice(&outputs[1].stdout).unwrap();
    assert_eq!(document["maps"][1]["image"], "photograph-0002");
    let written = std::fs::read_dir(&planted.results).unwrap();
    let names = written.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let reports = names.filter(|name| name.ends_with(".report.pdf")).count();
    assert_eq!(reports, 13, "those without a map have one too");
    let files = |map: &serde_json::Value| map["files"].as_array().map_or(0, Vec::len);
    let maps = document["maps"].as_array().unwrap();
    assert!(maps.iter().any(|map| files(map) == 4), "{document:#}");
    home_is_clean(&planted, Names::Masked);
}

#[test]
fn explain_import_and_verify_tell_nothing() {
    let planted = Planted::new();
    let (out, model) = (text(&planted.results), text(&planted.model));
    let explain = [
        "explain",
        text(&planted.photographs),
        "--out",
        out,
        "--accept-any-picture",
        "--report=ja",
    ];
    planted.run(&[&explain[..], &EMBEDDED].concat(), Names::Allowed);
    // Refused, drafted, imported, damaged.
    planted.run(&["import", model, "--id", "network"], Names::Allowed);
    let draft = planted.results.join("draft.json");
    planted.run(&["import", model, "--draft", text(&draft)], Names::Allowed);
    let settled = [
        "import",
        model,
        "--id",
        "network",
        "--replace",
        "--task",
        "sex",
        "--labels",
        "female,male",
        "--scaling",
        "tf",
        "--colour",
        "rgb",
        "--resize",
        "pil-nearest",
        "--crop",
        "stretch",
        "--threshold",
        "0.5",
    ];
    let imported = planted.run(&settled, Names::Allowed);
    assert_eq!(imported[0].status.code(), Some(0), "{imported:?}");
    let photograph = planted.photographs.join("Yamada/Hanako_OD.jpg");
    let half = planted.root.join("half.h5");
    let bytes = std::fs::read(&planted.model).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    for file in [
        &photograph,
        &half,
        &planted.photographs,
        &planted.root.join("absent.h5"),
    ] {
        planted.run(&["import", text(file)], Names::Allowed);
        planted.run(&["import", model, "--card", text(file)], Names::Allowed);
        let verify = [
            "verify",
            model,
            "--input",
            text(file),
            "--expected",
            text(file),
        ];
        planted.run(&verify, Names::Allowed);
        let tensor = ["explain", "--tensor", text(file), "--out", out];
        planted.run(&tensor, Names::Allowed);
    }
    // A model damaged on disk.
    let stored = planted.home.join("models/network");
    for name in ["card.json", "model.onnx"] {
        std::fs::write(stored.join(name), b"{\"task\": 3").unwrap();
        planted.run(&["models"], Names::Allowed);
        let photograph = text(&photograph);
        planted.run(
            &["predict", photograph, "--model", "network"],
            Names::Allowed,
        );
    }
    home_is_clean(&planted, Names::Allowed);
}

#[test]
fn check_import_tells_nothing_of_the_table() {
    let planted = Planted::new();
    let model = text(&planted.model);
    let (labels, photographs) = (text(&planted.labels), text(&planted.photographs));
    let out = text(&planted.results);
    let args = [
        "check-import",
        model,
        "--labels",
        labels,
        photographs,
        "--out",
        out,
        "--accept-any-picture",
        "--device",
        "embedded",
    ];
    let columns = ["--columns", "image=image,sex=sex", "--values", "unknown=-"];
    let outputs = planted.run(&[&args[..], &columns].concat(), Names::Allowed);
    assert_eq!(outputs[0].status.code(), Some(0), "{:?}", outputs[0]);
    std::fs::remove_dir_all(&planted.results).unwrap();
    let masked = planted.run(
        &[&args[..], &columns, &["--mask-names"]].concat(),
        Names::Masked,
    );
    assert_eq!(masked[0].status.code(), Some(0), "{:?}", masked[0]);
    let scores = std::fs::read_to_string(planted.results.join("check-scores.csv")).unwrap();
    assert!(scores.contains("photograph-00"), "{scores}");
    is_clean_folder(&planted.results, Names::Masked);
    // A question, a mismatch, and files that are not tables.
    for (name, table) in [
        (
            "names",
            "image,sex\nHanako_77.jpg,female\nHanako_78.jpg,male\n",
        ),
        (
            "header",
            "Yamada/Hanako_OD.jpg,female\nTanaka_OS.tif,male\n",
        ),
        (
            "stranger",
            "kanari36 Y,elsewhere_1.jpg,female\nkanari36 Z,elsewhere_2.jpg,male\n",
        ),
        ("begin", "image,sex\nHanako,female\nTanaka,male\n"),
        (
            "twice",
            "image,sex\nTanaka_OS.tif,female\nTanaka_OS.tif,male\n",
        ),
        ("one", "image,sex\nTanaka_OS.tif,male\nTanaka_OD.jpg,male\n"),
        ("code", "image,sex\nTanaka_OS.tif,1\nTanaka_OD.jpg,2\n"),
        ("quote", "image,sex\n\"Tanaka_OS.tif,1\n"),
        ("empty", ""),
    ] {
        let table_path = planted.labels.with_file_name(format!("{name}.csv"));
        std::fs::write(&table_path, table).unwrap();
        let args = [
            "check-import",
            model,
            "--labels",
            text(&table_path),
            photographs,
        ];
        planted.run(&[&args[..], &EMBEDDED].concat(), Names::Allowed);
        let masked = [&args[..], &EMBEDDED, &["--mask-names"]].concat();
        planted.run(&masked, Names::Masked);
    }
    home_is_clean(&planted, Names::Allowed);
}

#[test]
fn the_other_commands_tell_nothing() {
    let planted = Planted::new();
    planted.run(&["models"], Names::Allowed);
    let library = text(&planted.library);
    planted.run(&["runtime", "install", library], Names::Allowed);
    planted.run(&["runtime", "install", library, "--accept"], Names::Allowed);
    planted.run(
        &["runtime", "install", text(&planted.model)],
        Names::Allowed,
    );
    let absent = planted.root.join("absent.whl");
    planted.run(&["runtime", "install", text(&absent)], Names::Allowed);
    let drawn = planted.results.join("drawn");
    let draw = [
        "draw", "--count", "2", "--seed", "1", "--size", "64", "--out",
    ];
    planted.run(&[&draw[..], &[text(&drawn)]].concat(), Names::Allowed);
    // Only `library` may be an absolute path. A library that cannot be loaded is reported by its name.
    for library in [None, Some(&planted.library)] {
        let mut command = planted.command(&["devices", "--json"]);
        if let Some(library) = library {
            command.env("ORT_DYLIB_PATH", library);
        }
        let output = command.output().unwrap();
        let mut document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        for engine in document["engines"].as_array_mut().unwrap() {
            engine["library"] = serde_json::Value::Null;
        }
        is_clean("devices", document.to_string().as_bytes(), Names::Allowed);
        is_clean("devices", &output.stderr, Names::Allowed);
    }
    home_is_clean(&planted, Names::Allowed);
}
