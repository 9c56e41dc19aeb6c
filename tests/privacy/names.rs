//! Names of files, layers, labels and columns with terminal control characters.

use std::path::Path;

use serde_json::Value;

use crate::home::Home;

/// A colour, a line break, a reversed direction, a C1 command, an invisible character, and two separators.
#[cfg(unix)]
const NAMES: [&str; 6] = [
    "red\u{1b}[31m_OD.png",
    "two\nlines_OD.png",
    "over\u{202e}gnp.exe_OD.png",
    "c1\u{9b}2J_OD.png",
    "zero\u{200b}\u{feff}_OD.png",
    "sep\u{2028}\u{2029}\u{2066}_OD.png",
];

fn steers(text: &str) -> Option<char> {
    text.chars().find(|&c| {
        !matches!(c, '\n' | '\r')
            && (c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
                || c == '\u{feff}')
    })
}

#[cfg(unix)]
#[test]
fn names_of_files_reach_no_terminal_cell_or_file_name_raw() {
    let home = Home::new();
    let drawn = home.path("drawn");
    home.json(&[
        "draw",
        "--count",
        "1",
        "--seed",
        "3",
        "--size",
        "100",
        "--out",
        drawn.to_str().unwrap(),
    ]);
    let picture = std::fs::read_dir(drawn.join("images"))
        .unwrap()
        .next()
        .unwrap();
    let picture = std::fs::read(picture.unwrap().path()).unwrap();
    let (photographs, out) = (home.path("in"), home.path("out"));
    std::fs::create_dir_all(photographs.join("folder\u{1b}]0;x\u{7}")).unwrap();
    for name in NAMES {
        std::fs::write(photographs.join(name), &picture).unwrap();
        std::fs::write(photographs.join(format!("{name}.broken.jpg")), b"none").unwrap();
        std::fs::write(photographs.join(format!("{name}.txt")), b"none").unwrap();
    }
    std::fs::write(photographs.join("folder\u{1b}]0;x\u{7}/a_OS.png"), &picture).unwrap();
    let args = [
        "predict",
        photographs.to_str().unwrap(),
        "--persons",
        "file-names",
        "--accept-any-picture",
        "--device",
        "embedded",
        "--out",
        out.to_str().unwrap(),
    ];
    let human = home.gantei(&args);
    for bytes in [&human.stdout, &human.stderr] {
        let text = std::str::from_utf8(bytes).unwrap();
        assert_eq!(steers(text), None, "{text:?}");
    }
    let reported = String::from_utf8(human.stdout).unwrap();
    for shown in [
        "red\\u{1b}[31m_OD.png",
        "two\\u{a}lines_OD.png",
        "over\\u{202e}gnp",
    ] {
        assert!(reported.contains(shown), "{reported}");
    }
    let output = home.gantei(&[&args[..], &["--json"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(steers(&text), None);
    // The JSON document still holds the exact names.
    let document: Value = serde_json::from_str(&text).unwrap();
    let rows = document["results"].as_array().unwrap();
    for name in NAMES {
        assert!(rows.iter().any(|row| row["image"] == name), "{name:?}");
    }
    for row in rows {
        let error = row["error"].as_str().unwrap_or_default();
        assert_eq!(steers(error), None, "{error:?}");
        assert!(!error.contains('\n'), "{error:?}");
    }
    let mut files = 0;
    for entry in std::fs::read_dir(&out).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(steers(&name).is_none() && !name.contains('\n'), "{name:?}");
        files += usize::from(name.ends_with(".png"));
    }
    assert_eq!(files, NAMES.len() + 1);
    for table in ["results.csv", "results_full.csv", "people.csv"] {
        let text = std::fs::read_to_string(out.join(table)).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        assert_eq!(steers(text), None, "{table}");
        let rows = match table {
            "people.csv" => continue,
            _ => rows.len() + 1,
        };
        assert_eq!(
            text.split('\n').count(),
            rows + 1,
            "{table}: a line for each row"
        );
        assert_eq!(text.matches("\r\n").count(), rows, "{table}");
    }
}

#[test]
fn names_in_models_and_tables_reach_no_terminal_raw() {
    let home = Home::new();
    let card = home.path("card.json");
    std::fs::write(
        &card,
        r#"{"id": "a\u001b[31m", "task": "sex", "labels": ["f\u001b[31m", "m\u202e"]}"#,
    )
    .unwrap();
    let table = home.path("labels.csv");
    std::fs::write(
        &table,
        "image\u{1b}[31m,sex\u{202e},sex\u{9b}\nx,1,2\ny,2,1\n",
    )
    .unwrap();
    let model = "tests/fixtures/keras/keras2_mobilenet_sigmoid.h5";
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let long = format!("{}\u{1b}", "眼".repeat(300));
    for args in [
        vec!["import", model, "--card", &text(&card)],
        vec![
            "check-import",
            model,
            "--labels",
            &text(&table),
            "assets/samples",
        ],
        vec!["predict", "assets/samples", "--model", "a\u{1b}[31m"],
        vec!["predict", "assets/samples", "--model", &long],
        vec![
            "explain",
            "assets/samples",
            "--layer",
            "a\u{1b}[31m",
            "--out",
            &text(&home.path("out")),
        ],
        vec!["a\u{1b}[31m"],
        vec!["predict", "--colour\u{1b}[31m"],
        vec!["predict", "x", "--device", "\u{1b}[31m"],
    ] {
        for json in [false, true] {
            let mut args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
            args.extend(json.then_some("--json"));
            let output = home.gantei(&args);
            assert_ne!(output.status.code(), Some(0), "{args:?}");
            for bytes in [&output.stdout, &output.stderr] {
                let text = std::str::from_utf8(bytes).unwrap();
                assert_eq!(steers(text), None, "{args:?}: {text:?}");
                assert!(
                    !text.contains(&"眼".repeat(81)),
                    "cut at 80 characters: {text}"
                );
            }
        }
    }
}
