//! A network of five grades, trained on drawn eyes (`fixtures/grades`), from its file to a figure and a study.

use std::fs;

use crate::home::Home;

const LABELS: &str = "grade 0,grade 1,grade 2,grade 3,grade 4";
const EYES: &str = "tests/fixtures/grades/eyes";

/// With the model in its library.
fn home() -> Home {
    let home = Home::new();
    let file = "tests/fixtures/grades/grades.h5";
    let of_model = ["--id", "grades", "--task", "other", "--labels", LABELS];
    let picture = ["--scaling", "raw", "--colour", "rgb", "--crop", "square"];
    let import = ["import", file, "--resize", "pil-bilinear"];
    let (status, report) = home.json(&[&import[..], &picture, &of_model].concat());
    assert_eq!(status, 0, "{report}");
    home
}

#[test]
fn every_grade_is_found_with_a_score_for_each() {
    let home = home();
    let (status, answer) = home.json(&["predict", EYES, "--model", "grades"]);
    assert_eq!(status, 0, "{answer}");
    let rows = answer["results"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    for (grade, row) in rows.iter().enumerate() {
        assert_eq!(row["label"], format!("grade {grade}"), "{row}");
        let scores = row["scores"].as_array().unwrap();
        let sum: f64 = scores.iter().map(|of| of["score"].as_f64().unwrap()).sum();
        assert_eq!(scores.len(), 5);
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
    }
}

#[test]
fn the_map_of_a_grade_is_its_own_and_fills_a_figure() {
    let home = home();
    let eye = format!("{EYES}/grade_3.jpg");
    let mut maps = Vec::new();
    for target in ["3", "0"] {
        let out = home.path(target).display().to_string();
        let map = ["explain", &eye, "--model", "grades", "--method", "grad-cam"];
        let of = ["--target", target, "--figure", "png", "--out", &out];
        let (status, answer) = home.json(&[&map[..], &of].concat());
        assert_eq!(status, 0, "{answer}");
        let names = fs::read_dir(&out).unwrap();
        let names: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        assert!(
            names.iter().any(|name| name.contains("figure")),
            "{names:?}"
        );
        let map = names.iter().find(|name| name.ends_with(".npy")).unwrap();
        maps.push(fs::read(format!("{out}/{map}")).unwrap());
    }
    assert_ne!(maps[0], maps[1]);
}

#[test]
fn a_study_has_a_column_for_each_grade_and_says_that_it_is_not_evaluated() {
    let home = home();
    let study = home.path("study").display().to_string();
    let (status, answer) = home.json(&["study", "new", &study, EYES, "--model", "grades"]);
    assert_eq!(status, 0, "{answer}");
    let table = home.path("labels.csv").display().to_string();
    let rows = (0..5).map(|grade| format!("grade_{grade}.jpg,{grade},F\n"));
    fs::write(
        &table,
        format!("image,grade,sex\n{}", rows.collect::<String>()),
    )
    .unwrap();
    let (status, answer) = home.json(&["study", "labels", &study, "--labels", &table]);
    assert_eq!(status, 0, "{answer}");
    let (status, answer) = home.json(&["study", "run", &study, "--saliency", "none"]);
    assert_eq!(status, 0, "{answer}");
    let results = fs::read_to_string(format!("{study}/results.csv")).unwrap();
    for label in LABELS.split(',') {
        assert!(results.contains(&format!("grades {label}")), "{results}");
    }
    let (status, answer) = home.json(&["study", "evaluate", &study]);
    assert_eq!(status, 0, "{answer}");
    assert!(answer.to_string().contains("several-classes"), "{answer}");
}
