//! `gantei study records`: the list against a ranking made here, similar photographs, features that are kept, missing or
//! damaged, decisions, and masked names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::evaluation::{drawn_and_run, label, read};
use crate::home::Home;

/// Persons whose recorded sex is swapped in the table.
const SWAPPED: [usize; 4] = [2, 7, 11, 13];

/// Changes the recorded sex of some persons in the table of drawn eyes.
fn swap(home: &Home) {
    let path = home.path("eyes/labels.csv");
    let table = std::fs::read_to_string(&path).unwrap();
    let line = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if SWAPPED
            .iter()
            .any(|person| cells[1] == format!("{person:05}"))
        {
            cells[4] = if cells[4] == "M" { "F" } else { "M" };
        }
        cells.join(",")
    };
    let lines: Vec<String> = table.lines().map(line).collect();
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
}

fn recorded(home: &Home) -> HashMap<String, String> {
    let table = std::fs::read_to_string(home.path("eyes/labels.csv")).unwrap();
    let cells = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let name = cells[0].rsplit('/').next().unwrap();
        (name.to_owned(), cells[4].to_owned())
    });
    cells.collect()
}

fn features(home: &Home) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.path("study")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_features = |path: &PathBuf| path.extension().is_some_and(|of| of == "bin");
    paths.filter(is_features).collect()
}

fn records(home: &Home, more: &[&str]) -> Value {
    let study = home.path("study");
    let study = study.to_str().unwrap();
    let all = ["study", "records", study, "--device", "embedded"];
    let (status, found) = home.json(&[&all[..], more].concat());
    assert_eq!(status, 0, "{found}");
    found
}

#[test]
fn records_are_ranked_as_counted_here_and_features_are_kept_or_computed() {
    let home = Home::with_models();
    drawn_and_run(&home, 30);
    swap(&home);
    label(&home);
    assert_eq!(features(&home).len(), 1);
    let found = records(&home, &[]);
    // The same list from the rows of the run and the table.
    let recorded = recorded(&home);
    let rows = read(&home.path("study/results.json"));
    let mut expected: Vec<(f64, String)> = Vec::new();
    for row in rows["results"].as_array().unwrap() {
        let name = row["image"].as_str().unwrap();
        let logit = row["logit"].as_f64();
        let (Some(logit), true) = (logit, row["used"] == json!(true)) else {
            continue;
        };
        let threshold = row["threshold"].as_f64().unwrap();
        let distance = logit - (threshold / (1.0 - threshold)).ln();
        let towards_the_record = match recorded[name.rsplit('/').next().unwrap()].as_str() {
            "M" => distance,
            _ => -distance,
        };
        if towards_the_record < 0.0 {
            expected.push((towards_the_record, name.to_owned()));
        }
    }
    expected.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let listed = found["records"].as_array().unwrap();
    let listed: Vec<&str> = listed
        .iter()
        .map(|r| r["image"].as_str().unwrap())
        .collect();
    let expected: Vec<&str> = expected.iter().map(|(_, name)| name.as_str()).collect();
    assert!(
        expected.len() >= SWAPPED.len() && expected.len() < 30,
        "{expected:?}"
    );
    assert_eq!(listed, expected);

    // Similar ones are other photographs, by falling cosine.
    let similar = found["similar"].as_array().unwrap();
    assert_eq!(similar.len(), 6 * listed.len());
    for of in similar.chunks(6) {
        assert!(of.iter().all(|s| s["similar"] != s["image"]));
        let cosines: Vec<f64> = of.iter().map(|s| s["cosine"].as_f64().unwrap()).collect();
        assert!(cosines.is_sorted_by(|a, b| a >= b), "{cosines:?}");
        assert!(cosines[0] <= 1.001);
    }

    // Without features they are computed again, and kept.
    let path = features(&home).remove(0);
    let kept = std::fs::read(&path).unwrap();
    for bytes in [None, Some(&kept[..kept.len() / 2]), Some(&b"other"[..])] {
        match bytes {
            None => std::fs::remove_file(&path).unwrap(),
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
        }
        assert_eq!(records(&home, &[]), found);
        assert_eq!(std::fs::read(&path).unwrap(), kept);
    }
    // Those of another version are not used, nor touched.
    let other = home.path("study/gantei-study-features-000000000000.bin");
    std::fs::write(&other, &kept[..40]).unwrap();
    assert_eq!(records(&home, &[]), found);

    // No name of a photograph or person.
    let masked = records(&home, &["--mask-names"]).to_string();
    assert!(masked.contains("photograph-0001") || masked.contains("photograph-00"));
    assert!(
        !masked.contains("_OD.png") && !masked.contains("\"00002\""),
        "{masked}"
    );

    let (status, refused) = home.json(&[
        "study",
        "records",
        home.path("study").to_str().unwrap(),
        "--model",
        "x",
    ]);
    assert_eq!((status, &refused["error"]["code"]), (2, &json!("no-model")));
}

#[test]
fn a_copy_under_another_person_comes_first_and_decisions_are_kept_and_made_again() {
    let home = Home::with_models();
    drawn_and_run(&home, 30);
    swap(&home);
    label(&home);
    let first = records(&home, &["--similar", "3"]);
    let image = first["records"][0]["image"].as_str().unwrap().to_owned();
    // The same picture, as another file of another person.
    let images = home.path("eyes/images");
    let mut bytes = std::fs::read(images.join(&image)).unwrap();
    bytes.extend(b"end");
    std::fs::write(images.join("99999_OD.png"), bytes).unwrap();
    let table = home.path("eyes/labels.csv");
    let mut text = std::fs::read_to_string(&table).unwrap();
    text.push_str("images/99999_OD.png,99999,OD,50,F\n");
    std::fs::write(&table, text).unwrap();
    label(&home);
    let study = home.path("study");
    let study = study.to_str().unwrap();
    let run = ["study", "run", study, "--device", "embedded"];
    assert_eq!(home.json(&run).0, 0);
    let found = records(&home, &["--similar", "3"]);
    assert_eq!(found["records"][0]["image"], json!(image));
    let nearest = &found["similar"][0];
    assert_eq!(nearest["similar"], json!("99999_OD.png"));
    assert_eq!(nearest["near_duplicate"], json!(true));
    assert_eq!(nearest["other_person"], json!(true));

    // A decision stands in the study file; it never touches the label, and replay knows it.
    let rows = read(&home.path("study/results.json"));
    let rows = rows["results"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["image"] == json!(image))
        .unwrap();
    let file = home.path("study/gantei-study.json");
    let mut stored = read(&file);
    stored["decisions"] = json!([{
        "image": image, "sha256": row["sha256"], "decision": "belongs-elsewhere",
        "date": "2026-11-30T08:00:00Z", "reader": "眼科 A",
    }]);
    std::fs::write(&file, stored.to_string()).unwrap();
    let out = home.path("figures");
    let out = out.to_str().unwrap();
    let evaluate = ["study", "evaluate", study, "--samples", "100", "--out", out];
    assert_eq!(home.json(&evaluate).0, 0);
    let text = std::fs::read_to_string(Path::new(out).join("records-to-check.csv")).unwrap();
    let line = text.lines().nth(1).unwrap();
    assert!(
        line.contains(",belongs-elsewhere,2026-11-30T08:00:00Z,眼科 A,"),
        "{line}"
    );
    let recorded = &records(&home, &[])["records"][0]["recorded"];
    assert_eq!(*recorded, first["records"][0]["recorded"]);
    let (status, again) = home.json(&["study", "replay", out, "--device", "embedded"]);
    assert_eq!((status, &again["identical"]), (0, &json!(true)), "{again}");

    // A file that does not say what it should is refused, never written over.
    stored["decisions"][0]["decision"] = json!("wrong");
    std::fs::write(&file, stored.to_string()).unwrap();
    let before = std::fs::read(&file).unwrap();
    let (status, refused) = home.json(&["study", "records", study]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (1, &json!("study-damaged")),
        "{refused}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
}
