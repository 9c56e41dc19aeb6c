//! `gantei study evaluate`, `supplement` and `replay`: figures against a count made here, files, and what they refuse.

use std::path::Path;

use serde_json::{Value, json};

use crate::home::Home;

/// A study of drawn eyes with the labels that were drawn, run to its end.
fn evaluated(home: &Home) {
    drawn_and_run(home, 30);
}

/// A study of drawn eyes, run to its end.
pub fn drawn_and_run(home: &Home, count: usize) {
    let eyes = home.path("eyes");
    let count = count.to_string();
    let args = [
        "draw", "--count", &count, "--seed", "3", "--size", "256", "--out",
    ];
    let out = eyes.to_str().unwrap();
    assert_eq!(home.json(&[&args[..], &[out]].concat()).0, 0);
    let (study, images) = (home.path("study"), home.path("eyes/images"));
    let study = study.to_str().unwrap();
    let new = [
        "study",
        "new",
        study,
        images.to_str().unwrap(),
        "--saliency",
        "none",
    ];
    assert_eq!(home.json(&new).0, 0);
    let run = ["study", "run", study, "--device", "embedded"];
    assert_eq!(home.json(&run).0, 0);
}

/// Writes into the study how its table of labels is read.
pub fn label(home: &Home) {
    let file = home.path("study/gantei-study.json");
    let table = std::fs::read(home.path("eyes/labels.csv")).unwrap();
    let mut study: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let column = |role: &str| json!({ "role": role, "name": role });
    let value = |value: &str, sex: &str| json!({ "role": "sex", "value": value, "meaning": sex });
    let columns: Vec<Value> = ["image", "person", "eye", "age", "sex"].map(column).into();
    study["labels"] = json!({
        "table": "../eyes/labels.csv",
        "sha256": gantei::numeric::hex::sha256(&table),
        "encoding": "UTF-8", "delimiter": ",", "sheet": null, "header_line": 1, "header_lines": 1,
        "rows_per": "photograph",
        "columns": columns,
        "values": [value("F", "female"), value("M", "male")],
        "without_leading_zeros": false,
    });
    std::fs::write(&file, study.to_string()).unwrap();
}

pub fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The recorded sex of every drawn photograph, by its file name.
fn drawn(home: &Home) -> Vec<(String, String)> {
    let table = std::fs::read_to_string(home.path("eyes/labels.csv")).unwrap();
    let cells = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.trim().split(',').collect();
        let name = cells[0].rsplit('/').next().unwrap();
        (name.to_owned(), cells[4].to_owned())
    });
    cells.collect()
}

#[test]
fn figures_are_those_of_the_rows_and_the_drawn_labels() {
    let home = Home::with_models();
    evaluated(&home);
    let folder = home.path("study");
    let study = folder.to_str().unwrap();
    let (status, refused) = home.json(&["study", "evaluate", study]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (2, &json!("no-labels"))
    );
    label(&home);
    let out = home.path("figures");
    let (status, found) = home.json(&[
        "study",
        "evaluate",
        study,
        "--by",
        "eye",
        "--samples",
        "200",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(status, 0, "{found}");
    // Counted from the run's own rows.
    let drawn = drawn(&home);
    let rows = read(&folder.join("results.json"));
    let (mut right, mut used) = (0, 0);
    for row in rows["results"].as_array().unwrap() {
        if row["used"] != json!(true) {
            continue;
        }
        let image = row["image"].as_str().unwrap();
        let name = image.rsplit('/').next().unwrap();
        let (_, sex) = drawn.iter().find(|(of, _)| of == name).unwrap();
        let is_male = row["score"].as_f64().unwrap() >= row["threshold"].as_f64().unwrap();
        used += 1;
        right += usize::from(is_male == (sex == "M"));
    }
    assert!(used >= 20, "{used}");
    let figures = found["figures"].as_array().unwrap();
    let figure = |unit: &str, name: &str| {
        let is_it = |row: &&Value| row["unit"] == json!(unit) && row["figure"] == json!(name);
        figures.iter().find(is_it).unwrap()
    };
    let accuracy = figure("photograph", "accuracy");
    assert_eq!(accuracy["cases"], json!(used));
    assert!((accuracy["value"].as_f64().unwrap() - right as f64 / used as f64).abs() < 1e-12);
    assert_eq!(accuracy["interval"], json!("person-bootstrap"));
    assert_eq!(accuracy["demonstration_model"], json!(true));
    assert_eq!(figure("person", "accuracy")["interval"], json!("wilson"));
    let groups = found["subgroups"].as_array().unwrap();
    let of_eye = |row: &&Value| row["by"] == json!("eye") && row["unit"] == json!("photograph");
    assert_eq!(groups.iter().filter(of_eye).count(), 2);
    assert_eq!(read(&out.join("evaluation.json")), found);
    for name in [
        "figures.csv",
        "flow.csv",
        "evaluation.xlsx",
        "roc.svg",
        "roc.pdf",
        "roc.png",
        "roc.csv",
        "flow.demo-mobilenet.svg",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let table = std::fs::read_to_string(out.join("figures.csv")).unwrap();
    assert!(table.contains("Not a medical device"));
    let points = std::fs::read_to_string(out.join("roc.csv")).unwrap();
    let point = points.lines().nth(1).unwrap();
    assert_eq!(point.matches("Demonstration model").count(), 1, "{point}");
    // The paragraphs state the same figures, and how they were computed.
    let [en, ja] = ["en", "ja"].map(|lang| {
        std::fs::read_to_string(out.join(format!("methods-and-results.{lang}.txt"))).unwrap()
    });
    let shown = format!("{:.3}", accuracy["value"].as_f64().unwrap());
    assert!(en.contains(&format!("accuracy {shown} (")), "{en}");
    assert!(ja.contains(&format!("正答率 {shown}(")), "{ja}");
    for (text, words) in [
        (
            &en,
            [
                "200 samples of whole persons",
                "Wilson's for proportions",
                "Not a medical device",
            ],
        ),
        (&ja, ["復元抽出200標本", "割合についてはWilson法", "研究"]),
    ] {
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
    // The records to check are those that the rows contradict, in the order of their logits.
    let mut contradicted: Vec<(f64, String)> = Vec::new();
    for row in rows["results"].as_array().unwrap() {
        let name = row["image"].as_str().unwrap().rsplit('/').next().unwrap();
        let (_, sex) = drawn.iter().find(|(of, _)| of == name).unwrap();
        let logit = row["logit"].as_f64().unwrap();
        let signed = if sex == "M" { logit } else { -logit };
        if signed < 0.0 && row["used"] == json!(true) {
            contradicted.push((signed, row["image"].as_str().unwrap().to_owned()));
        }
    }
    contradicted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let images: Vec<String> = contradicted.into_iter().map(|(_, image)| image).collect();
    assert!(!images.is_empty());
    assert_eq!(column(&out.join("records-to-check.csv"), "image"), images);
    // The same study gives the same bytes.
    let again = home.path("again");
    let args = [
        "study",
        "evaluate",
        study,
        "--by",
        "eye",
        "--samples",
        "200",
        "--out",
    ];
    home.json(&[&args[..], &[again.to_str().unwrap()]].concat());
    for entry in std::fs::read_dir(&out).unwrap() {
        let name = entry.unwrap().file_name();
        let [one, other] = [&out, &again].map(|folder| std::fs::read(folder.join(&name)).unwrap());
        assert!(one == other, "{name:?}");
    }
}

#[test]
fn a_changed_table_an_unknown_column_and_an_unrun_study_are_told() {
    let home = Home::with_models();
    evaluated(&home);
    label(&home);
    let folder = home.path("study");
    let study = folder.to_str().unwrap();
    let evaluate = |more: &[&str]| {
        home.json(&[&["study", "evaluate", study, "--samples", "100"], more].concat())
    };
    let (status, refused) = evaluate(&["--by", "shoe size"]);
    assert_eq!(status, 2, "{refused}");
    let (status, refused) = evaluate(&["--prevalence", "1.5"]);
    assert_eq!((status, refused["error"].is_object()), (2, true));
    let journals = gantei::storage::study::journals(&folder);
    for (_, journal) in &journals {
        std::fs::remove_file(journal).unwrap();
    }
    let (status, found) = evaluate(&[]);
    assert_eq!(status, 0, "{found}");
    let flow = found["flow"].as_array().unwrap();
    let without = flow
        .iter()
        .find(|row| row["reason"] == json!("no-answer"))
        .unwrap();
    assert_eq!(without["photographs"], found["photographs"]);
    assert_eq!(found["figures"], json!([]));
    let table = home.path("eyes/labels.csv");
    let more = std::fs::read_to_string(&table).unwrap() + "images/x.jpg,x,OD,40,F\n";
    std::fs::write(&table, more).unwrap();
    let (status, refused) = evaluate(&[]);
    assert_ne!(status, 0, "{refused}");
    assert!(
        refused["error"]["message"]
            .as_str()
            .unwrap()
            .contains("changed")
    );
}

/// Empties the recorded sex of every fifth person and adds an outcome. The sex of person 1 is recorded as neither. The
/// outcome of person 2 and of person 5, who lacks the sex, differs between the eyes; that of person 10 is empty.
fn with_missing_sex(home: &Home) -> Vec<String> {
    let table = home.path("eyes/labels.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let mut lines = Vec::new();
    let mut missing = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        if at == 0 {
            lines.push(format!("{line},outcome"));
            continue;
        }
        let person: usize = cells[1].parse().unwrap();
        let is_missing = person.is_multiple_of(5);
        if is_missing && !missing.contains(&cells[1].to_owned()) {
            missing.push(cells[1].to_owned());
        }
        let sex = match person {
            _ if is_missing => "",
            1 => "intersex",
            _ => cells[4],
        };
        let outcome = match (person, cells[2]) {
            (2 | 5, "OD") => "99".to_owned(),
            (10, _) => String::new(),
            _ => (person % 7 + usize::from(cells[4] == "M")).to_string(),
        };
        lines.push(format!(
            "{},{},{},{},{sex},{outcome}",
            cells[0], cells[1], cells[2], cells[3]
        ));
    }
    std::fs::write(&table, lines.join("\n") + "\n").unwrap();
    missing
}

fn column(path: &Path, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let place = lines.next().unwrap().split(',').position(|of| of == name);
    let place = place.unwrap_or_else(|| panic!("{name}: {text}"));
    lines
        .map(|line| line.split(',').nth(place).unwrap().to_owned())
        .collect()
}

#[test]
fn missing_labels_are_supplied_and_recorded_ones_kept() {
    let home = Home::with_models();
    drawn_and_run(&home, 120);
    let drawn = drawn_persons(&home);
    let missing = with_missing_sex(&home);
    let folder = home.path("study");
    let study = folder.to_str().unwrap();
    let labels = home.path("eyes/labels.csv");
    let (status, found) = home.json(&[
        "study",
        "labels",
        study,
        "--labels",
        labels.to_str().unwrap(),
        "--columns",
        "covariate=outcome",
    ]);
    assert_eq!(status, 0, "{found}");
    let out = home.path("supplement");
    let supplement = |more: &[&str]| home.json(&[&["study", "supplement", study], more].concat());
    let (status, found) = supplement(&["--hard-labels", "--out", out.to_str().unwrap()]);
    assert_eq!(status, 0, "{found}");
    assert_eq!(found["supplemented"], json!(missing.len()));
    assert_eq!(found["recorded"], json!(60 - missing.len() - 1));
    assert_eq!(found["recorded_as_neither_label"], json!(1));
    assert_eq!(found["imputation"], Value::Null);
    assert!(
        found["attenuation_of_hard_labels"]["factor"]
            .as_f64()
            .unwrap()
            > 0.5
    );
    let table = out.join("supplement.csv");
    let rows = column(&table, "person")
        .into_iter()
        .zip(column(&table, "recorded"));
    let sources = column(&table, "source");
    let given: Vec<Option<f64>> = column(&table, "covariate")
        .iter()
        .map(|c| c.parse().ok())
        .collect();
    for (((person, recorded), source), covariate) in rows.zip(&sources).zip(&given) {
        let sex = drawn.iter().find(|(of, _)| *of == person).unwrap().1;
        let found = (recorded.as_str(), source.as_str());
        match missing.contains(&person) {
            true => {
                assert_eq!(found, ("", "estimated"));
                assert!((0.0..=1.0).contains(&covariate.unwrap()));
            }
            // What is recorded is neither label: nothing is supplied.
            false if is_neither(&person) => assert_eq!((found, *covariate), (("", "none"), None)),
            false => {
                assert_eq!(found, (sex, "recorded"));
                assert_eq!(*covariate, Some(f64::from(u8::from(sex == "male"))));
            }
        }
    }
    let left_out = column(&table, "left_out");
    let of_neither = left_out.iter().filter(|why| *why == "neither-label");
    assert_eq!(of_neither.count(), 1);
    let (status, found) = supplement(&[
        "--outcome",
        "outcome",
        "--imputations",
        "3",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(status, 0, "{found}");
    let counts = |of: &str| found["imputation"][of].clone();
    let expected = json!({ "empty": 1, "rare-value": 0, "several-values": 1 });
    assert_eq!(counts("not_drawn"), expected);
    let expected = json!({ "empty": 0, "rare-value": 0, "several-values": 1 });
    assert_eq!(counts("not_fitted"), expected);
    let mice = out.join("imputed.mice.csv");
    let imputations = column(&mice, ".imp");
    assert_eq!(imputations.iter().filter(|of| *of == "0").count(), 60);
    assert_eq!(imputations.len(), 4 * 60);
    let empty = column(&mice, "sex")
        .iter()
        .filter(|sex| *sex == "NA")
        .count();
    assert_eq!(empty, missing.len() + 1 + 3 * 3);
    // No draw for persons 5 and 10, and for the one whose record is neither label.
    let drawn = column(&mice, "sex").split_off(3 * 60);
    assert_eq!(drawn.iter().filter(|sex| *sex == "NA").count(), 3);
    for (file, name) in [
        ("imputed.stata.csv", "_mi_m"),
        ("imputed.spss.csv", "Imputation_"),
    ] {
        assert_eq!(column(&out.join(file), name), imputations);
    }
    let again = home.json(&["study", "replay", out.to_str().unwrap()]);
    assert_eq!(
        (again.0, &again.1["identical"]),
        (0, &json!(true)),
        "{}",
        again.1
    );
    let code = |more: &[&str]| supplement(more).1["error"]["code"].clone();
    assert_eq!(code(&["--outcome", "height"]), json!("column-not-kept"));
    assert_eq!(code(&["--model", "none"]), json!("no-model"));
    let many = [
        "--outcome",
        "outcome",
        "--covariate",
        "age",
        "--covariate",
        "outcome",
    ];
    assert_eq!(code(&many), json!("no-draws"));
}

fn is_neither(person: &str) -> bool {
    person.parse() == Ok(1)
}

/// Every drawn person with the sex.
fn drawn_persons(home: &Home) -> Vec<(String, &'static str)> {
    let table = home.path("eyes/labels.csv");
    let sexes = column(&table, "sex").into_iter();
    let sex = |letter: String| if letter == "M" { "male" } else { "female" };
    column(&table, "person")
        .into_iter()
        .zip(sexes.map(sex))
        .collect()
}

#[test]
fn an_export_is_made_again_and_what_differs_is_named() {
    let home = Home::with_models();
    evaluated(&home);
    label(&home);
    let folder = home.path("study");
    let out = home.path("figures");
    let (study, out) = (folder.to_str().unwrap(), out.to_str().unwrap());
    let evaluate = [
        "study",
        "evaluate",
        study,
        "--samples",
        "100",
        "--by",
        "eye",
        "--out",
        out,
    ];
    assert_eq!(home.json(&evaluate).0, 0);
    let replay = || {
        let (status, found) = home.json(&["study", "replay", out, "--device", "embedded"]);
        let differences = found["differences"].as_array().unwrap().iter();
        let named: Vec<(String, Value)> = differences
            .map(|one| {
                (
                    one["what"].as_str().unwrap().to_owned(),
                    one["items"].clone(),
                )
            })
            .collect();
        assert_eq!(found["identical"], json!(named.is_empty()));
        assert_eq!(status, i32::from(!named.is_empty()), "{found}");
        named
    };
    assert_eq!(replay(), []);
    // A photograph becomes another one: its answer and the figures change.
    let images = home.path("eyes/images");
    let [one, other] = ["00000_OD.png", "00001_OD.png"].map(|name| images.join(name));
    let before = std::fs::read(&one).unwrap();
    std::fs::copy(&other, &one).unwrap();
    let found = replay();
    assert_eq!(
        found[0],
        ("photographs-changed".to_owned(), json!(["00000_OD.png"]))
    );
    assert_eq!(found[1].0, "outputs");
    std::fs::write(&one, before).unwrap();
    // A photograph is gone, and a file of the export was edited.
    std::fs::rename(&other, home.path("away.png")).unwrap();
    std::fs::write(Path::new(out).join("flow.csv"), "edited").unwrap();
    let found = replay();
    assert_eq!(found[0], ("edited".to_owned(), json!(["flow.csv"])));
    assert_eq!(
        found[1],
        ("photographs-missing".to_owned(), json!(["00001_OD.png"]))
    );
    std::fs::rename(home.path("away.png"), &other).unwrap();
    // The card was another one when the export was made, and so were engine, processor and an answer.
    let file = Path::new(out).join("gantei-replay.json");
    let mut record = read(&file);
    record["source"]["study"]["models"][0]["card"]["threshold"] = json!(0.4);
    for answer in record["source"]["answers"].as_array_mut().unwrap() {
        answer["engine"] = json!("another 1.0");
        answer["processor"] = json!("another");
    }
    let answer = &mut record["source"]["answers"][1];
    let image = answer["image"].clone();
    answer["row"] = json!("");
    answer["number"] = json!(answer["number"].as_f64().unwrap() + 0.25);
    std::fs::write(&file, record.to_string()).unwrap();
    let found = replay();
    assert_eq!(found[1], ("card".to_owned(), json!(["demo-mobilenet"])));
    for (place, what, then) in [(2, "engine", "another 1.0"), (3, "processor", "another")] {
        assert_eq!(
            (found[place].0.as_str(), &found[place].1[0]),
            (what, &json!(then))
        );
    }
    assert_eq!(found[4], ("answers".to_owned(), json!([image])));
    let (_, told) = home.json(&["study", "replay", out, "--device", "embedded"]);
    let largest = told["differences"][4]["largest_difference"]
        .as_f64()
        .unwrap();
    assert!((largest - 0.25).abs() < 1e-9, "{largest}");
    // Other labels, a model that is gone: the photographs are compared all the same.
    std::fs::copy(&other, &one).unwrap();
    record["source"]["study"]["labels"]["sha256"] = json!("");
    record["source"]["study"]["models"][0]["id"] = json!("gone");
    std::fs::write(&file, record.to_string()).unwrap();
    let names: Vec<String> = replay().into_iter().map(|(what, _)| what).collect();
    assert_eq!(
        names,
        ["edited", "model-missing", "labels", "photographs-changed"]
    );
    // The photographs are elsewhere: a difference, too.
    std::fs::rename(&images, home.path("moved")).unwrap();
    let found = replay();
    assert_eq!(found.last().unwrap().0, "photographs-moved");
    std::fs::rename(home.path("moved"), &images).unwrap();
    record["schema"] = json!(99);
    std::fs::write(&file, record.to_string()).unwrap();
    let (status, refused) = home.json(&["study", "replay", out]);
    assert_ne!(status, 0, "{refused}");
    let (status, refused) = home.json(&["study", "replay", images.to_str().unwrap()]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (2, &json!("no-replay"))
    );
}

/// Photographs that had no answer when the export was made have none when it is made again.
#[test]
fn an_export_of_a_part_of_the_photographs_is_made_again() {
    let home = Home::with_models();
    evaluated(&home);
    label(&home);
    let images = home.path("eyes/images");
    let folder = home.path("study");
    let study = folder.to_str().unwrap();
    // One is missing, and one was written since it was answered.
    std::fs::remove_file(images.join("00003_OD.png")).unwrap();
    let touched = images.join("00004_OS.png");
    let bytes = std::fs::read(&touched).unwrap();
    std::fs::write(&touched, bytes).unwrap();
    let hour = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(&touched).unwrap();
    file.set_modified(hour).unwrap();
    let evaluate = |out: &Path, more: &[&str]| {
        let out = out.to_str().unwrap();
        let args = ["study", "evaluate", study, "--samples", "100", "--out", out];
        home.json(&[&args[..], more].concat())
    };
    let replay = |out: &Path| {
        let found = home.json(&[
            "study",
            "replay",
            out.to_str().unwrap(),
            "--device",
            "embedded",
        ]);
        assert_eq!(
            (found.0, &found.1["identical"]),
            (0, &json!(true)),
            "{}",
            found.1
        );
    };
    let (status, refused) = evaluate(&images, &[]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (2, &json!("among-photographs"))
    );
    // A folder among the photographs: its plots are none of them.
    let figures = images.join("figures");
    let (status, found) = evaluate(&figures, &["--by", "eye"]);
    assert_eq!(status, 0, "{found}");
    let flow = found["flow"].as_array().unwrap();
    let without = flow.iter().find(|row| row["reason"] == json!("no-answer"));
    assert_eq!(without.unwrap()["photographs"], json!(2));
    assert!(figures.join("subgroups.demo-mobilenet.csv").is_file());
    replay(&figures);
    // Without subgroups none stay, and another export is refused.
    assert_eq!(evaluate(&figures, &[]).0, 0);
    assert!(!figures.join("subgroups.demo-mobilenet.csv").exists());
    replay(&figures);
    let supplement = [
        "study",
        "supplement",
        study,
        "--out",
        figures.to_str().unwrap(),
    ];
    let (status, refused) = home.json(&supplement);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (2, &json!("other-export"))
    );
    // Without names: no file has one, and the export is made again all the same.
    let masked = home.path("masked");
    let (status, found) = evaluate(&masked, &["--mask-names"]);
    assert_eq!(status, 0, "{found}");
    for entry in std::fs::read_dir(&masked).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for name in ["_OD.png", "_OS.png", home.path("eyes").to_str().unwrap()] {
            assert!(!text.contains(name), "{name} in {path:?}");
        }
    }
    let images = column(&masked.join("records-to-check.csv"), "image");
    assert!(images.iter().all(|name| name.starts_with("photograph-")));
    assert_eq!(
        images.len(),
        column(&figures.join("records-to-check.csv"), "image").len()
    );
    replay(&masked);
}
