//! Never a wrong subject: what is a photograph, whose it is, whether it counts, and that the window and the command
//! line write the same tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gantei::app::Settings;
use gantei::app::apply::{Action, Export, Models, Photographs, Run};
use gantei::app::state::{ExportFormats, IfTaken, RunSelection, Scope};
use gantei::text::Lang;
use serde_json::Value;

use crate::desk::Desk;
use crate::dicom::DicomFile;
use crate::home::codes;

/// A folder with a home for the application and photographs of drawn eyes.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn predict(&self, args: &[&str]) -> (i32, Value) {
        let output = Command::new(env!("CARGO_BIN_EXE_gantei"))
            .arg("predict")
            .args(args)
            .args(["--device", "embedded", "--json"])
            .current_dir(self.0.path())
            .env("GANTEI_HOME", self.at("home"))
            .env_remove("ORT_DYLIB_PATH")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let document =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{args:?}: {text}: {e}"));
        (output.status.code().unwrap(), document)
    }

    /// Draws different eyes under these names; left eyes if the name says so.
    fn draw(&self, names: &[&str]) {
        for (number, name) in names.iter().enumerate() {
            let is_left = ["L.", "_L_", "OS."].iter().any(|word| name.contains(word));
            let pixels = eye(number, is_left);
            let format = gantei::drawing::PictureFormat::Png;
            self.write(name, &gantei::drawing::encode(&pixels, format).unwrap());
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.at(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }
}

fn rows(document: &Value) -> &Vec<Value> {
    document["results"].as_array().unwrap()
}

fn of(document: &Value, field: &str) -> Vec<String> {
    let text = |row: &Value| match &row[field] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    rows(document).iter().map(text).collect()
}

const PLAIN: [&str; 2] = ["--saliency", "none"];

#[test]
fn a_second_run_into_the_same_folder_has_the_rows_of_the_first() {
    let bench = Bench::new();
    bench.draw(&[
        "photos/p1_OD.png",
        "photos/p1_OS.png",
        "photos/sub/P1_OD.png",
    ]);
    let (status, first) = bench.predict(&["photos", "--out", "photos"]);
    assert_eq!((status, rows(&first).len()), (0, 3), "{first}");
    let overlays: Vec<String> = rows(&first)
        .iter()
        .map(|r| r["files"][0].as_str().unwrap().to_owned())
        .collect();
    // Many file systems ignore case.
    assert_eq!(overlays[2], "P1_OD~2.demo-mobilenet.grad-cam.png");
    // One is renamed and recognised by its mark. One loses its mark and is recognised by name and table.
    let renamed = bench.read(&format!("photos/{}", overlays[0]));
    bench.write("photos/renamed.png", &renamed);
    let plain = image::load_from_memory(&bench.read(&format!("photos/{}", overlays[1]))).unwrap();
    plain
        .save(bench.at(&format!("photos/{}", overlays[1])))
        .unwrap();

    let (status, second) = bench.predict(&["photos", "--out", "photos"]);
    assert_eq!(status, 0);
    for field in ["image", "score", "pixels_sha256", "used"] {
        assert_eq!(of(&second, field), of(&first, field));
    }
    let skipped = second["skipped_reasons"].as_array().unwrap();
    let own = skipped
        .iter()
        .filter(|s| s["reason"] == "own-picture")
        .count();
    assert_eq!(own, 4, "{skipped:?}");
    // Named by a pattern such as photos/*.png, they are not scored either.
    let named = format!("photos/{}", overlays[0]);
    let (_, third) = bench.predict(&["photos/p1_OD.png", &named]);
    assert_eq!(of(&third, "image"), ["p1_OD.png"]);
}

#[test]
fn what_systems_leave_is_skipped_with_the_reason_and_status_0() {
    let bench = Bench::new();
    bench.draw(&[
        "photos/p1_OD.png",
        "photos/@eaDir/p1_OD.png/SYNOPHOTO_THUMB_XL.png",
        "photos/#recycle/p9_OS.png",
        "photos/__MACOSX/._p1_OD.png",
        "photos/.snapshot/p1_OD.png",
    ]);
    for system_files in ["._p1_OD.png", "Thumbs.db", "desktop.ini", ".DS_Store"] {
        bench.write(&format!("photos/{system_files}"), b"\0\x05\x16\x07");
    }
    let mut index = vec![0; 128];
    index.extend(b"DICM\x02\0\x02\0UI\x14\x001.2.840.10008.1.3.10");
    bench.write("photos/DICOMDIR", &index);
    let (status, document) = bench.predict(&[&["photos"], &PLAIN[..]].concat());
    assert_eq!(
        (status, of(&document, "image")),
        (0, vec!["p1_OD.png".to_owned()])
    );
    let reasons: BTreeMap<&str, &str> = document["skipped_reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["file"].as_str().unwrap(), s["reason"].as_str().unwrap()))
        .collect();
    for (name, reason) in [
        ("@eaDir", "left-by-system"),
        ("#recycle", "left-by-system"),
        ("__MACOSX", "left-by-system"),
        (".snapshot", "left-by-system"),
        ("._p1_OD.png", "left-by-system"),
        ("Thumbs.db", "left-by-system"),
        ("desktop.ini", "left-by-system"),
        (".DS_Store", "left-by-system"),
        ("DICOMDIR", "disc-index"),
    ] {
        assert_eq!(reasons.get(name), Some(&reason), "{name}");
        assert!(
            document["skipped"]
                .as_array()
                .unwrap()
                .contains(&name.into())
        );
    }
}

#[test]
fn photographs_of_different_inputs_keep_apart() {
    let bench = Bench::new();
    bench.draw(&[
        "siteA/01L.png",
        "siteB/01L.png",
        "siteB/01R.png",
        "p1/OS.png",
        "p2/OS.png",
    ]);
    let with_persons = ["--persons", "file-names", "--saliency", "none"];
    let (_, document) = bench.predict(&[&["siteA", "siteB"], &with_persons[..]].concat());
    assert_eq!(
        of(&document, "image"),
        ["siteA/01L.png", "siteB/01L.png", "siteB/01R.png"]
    );
    assert_eq!(of(&document, "person"), ["null", "siteB/01", "siteB/01"]);
    let (_, document) = bench.predict(&["p1/OS.png", "p2/OS.png", "--saliency", "none"]);
    assert_eq!(of(&document, "image"), ["p1/OS.png", "p2/OS.png"]);
}

#[test]
fn names_make_persons_only_when_they_are_confirmed() {
    let bench = Bench::new();
    bench.draw(&["photos/01L.png", "photos/01R.png", "photos/02R.png"]);
    let (_, guessed) = bench.predict(&["photos", "--out", "out", "--saliency", "none"]);
    assert_eq!(of(&guessed, "person"), ["null"; 3]);
    assert_eq!(of(&guessed, "person_guess"), ["01", "01", "null"]);
    assert!(guessed["together"].as_array().unwrap().is_empty());
    assert!(!bench.at("out/people.csv").exists());
    let confirm = [
        "photos",
        "--out",
        "out",
        "--persons",
        "file-names",
        "--saliency",
        "none",
    ];
    let (_, confirmed) = bench.predict(&confirm);
    assert_eq!(
        of(&confirmed, "person_source"),
        ["file-name", "file-name", "null"]
    );
    let people = bench.text("out/people.csv");
    assert!(
        people.starts_with("\u{feff}person,person_source,eye,model,photographs,used,logit,"),
        "{people}"
    );
    assert!(
        people.contains("\r\n01,file-name,both,demo-mobilenet,2,2,"),
        "{people}"
    );
    // A later run without persons does not leave the persons of this one.
    bench.predict(&["photos", "--out", "out", "--saliency", "none"]);
    assert_eq!(bench.text("out/people.csv").lines().count(), 1);

    // Running numbers of a camera are not persons.
    let names =
        ["IMG_L_0001", "IMG_L_0002", "IMG_R_0001", "IMG_R_0002"].map(|n| format!("run/{n}.png"));
    bench.draw(&names.each_ref().map(String::as_str));
    let (_, running) = bench.predict(&["run", "--persons", "file-names", "--saliency", "none"]);
    assert_eq!(of(&running, "person"), ["null"; 4]);
    assert_eq!(of(&running, "person_guess"), ["null"; 4]);
}

/// The right or left eye of a drawn person, large enough to be of good quality.
fn eye(person: usize, is_left: bool) -> gantei::drawing::Pixels {
    let number = 2 * person as u64 + u64::from(is_left);
    let (_, eye) = gantei::drawing::eye_of_picture(11, number);
    let (pixels, _) = gantei::drawing::draw_eye(&eye, SIDE, SIDE).unwrap();
    pixels
}

const SIDE: u32 = 256;

/// A DICOM photograph of a drawn eye with this patient ID.
fn dicom(person: usize, patient: &str, laterality: &str) -> Vec<u8> {
    let pixels = eye(person, laterality == "L");
    let mut file = DicomFile::new();
    let mut put = |group, element, vr, value: &[u8]| file.put(group, element, vr, value);
    put(2, 0x10, b"UI", b"1.2.840.10008.1.2.1");
    put(8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.77.1.5.1");
    put(8, 0x60, b"CS", b"OP");
    put(0x10, 0x10, b"PN", b"YAMADA^TARO");
    put(0x10, 0x20, b"LO", patient.as_bytes());
    put(0x20, 0x62, b"CS", laterality.as_bytes());
    file.put_picture("RGB", SIDE as u16, &pixels.rgb);
    file.into_bytes()
}

#[test]
fn patients_of_dicom_are_numbers_and_their_ids_are_nowhere() {
    let bench = Bench::new();
    for (name, number, patient, eye) in [
        ("a", 0, "KARTE-778899", "R"),
        ("b", 1, "KARTE-112233", "R"),
        ("c", 2, "KARTE-778899", "L"),
        ("d", 3, "ANONYMOUS", "R"),
        ("e", 4, "ANONYMOUS", "L"),
    ] {
        bench.write(&format!("cd/{name}.dcm"), &dicom(number, patient, eye));
    }
    let (status, document) = bench.predict(&["cd", "--out", "out", "--saliency", "none"]);
    assert_eq!(status, 0, "{document}");
    assert_eq!(
        of(&document, "person"),
        ["dicom-1", "dicom-2", "dicom-1", "null", "null"]
    );
    assert_eq!(of(&document, "person_source")[0], "dicom");
    assert!(
        bench
            .text("out/people.csv")
            .contains("\r\ndicom-1,dicom,both,demo-mobilenet,2,")
    );
    for file in std::fs::read_dir(bench.at("out")).unwrap() {
        let text =
            String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned();
        assert!(!text.contains("778899") && !text.contains("YAMADA"));
    }
    assert!(!document.to_string().contains("778899"));
    let (_, none) = bench.predict(&["cd", "--persons", "none", "--saliency", "none"]);
    assert_eq!(of(&none, "person"), ["null"; 5]);
}

#[test]
fn copies_count_once_and_under_two_persons_not_at_all() {
    let bench = Bench::new();
    bench.draw(&["photos/a/p1_OD.png", "photos/a/p1_OS.png"]);
    let copy = bench.read("photos/a/p1_OD.png");
    bench.write("photos/b/x.png", &copy);
    let (_, document) = bench.predict(&["photos", "--persons", "file-names", "--saliency", "none"]);
    assert_eq!(of(&document, "used"), ["true", "true", "false"]);
    assert_eq!(of(&document, "used_why")[2], "duplicate");
    assert!(codes(&rows(&document)[0]).contains(&"duplicate"));
    assert!(!codes(&rows(&document)[1]).contains(&"duplicate"));

    bench.write("cd/a.dcm", &dicom(0, "A1", "R"));
    bench.write("cd/b.dcm", &dicom(0, "B2", "R"));
    let (_, document) = bench.predict(&["cd", "--saliency", "none"]);
    assert_eq!(of(&document, "used_why"), ["duplicate-of-two-persons"; 2]);
    let used: Vec<_> = document["together"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["used"].clone())
        .collect();
    assert!(used.iter().all(|n| *n == 0), "{used:?}");
}

#[test]
fn a_name_that_is_too_long_is_shortened_and_the_row_kept() {
    let bench = Bench::new();
    let long = format!("photos/{}_OD.png", "患者番号眼底写真".repeat(10));
    bench.draw(&[&long]);
    let (status, document) = bench.predict(&["photos", "--out", "out"]);
    assert_eq!(status, 0, "{document}");
    let row = &rows(&document)[0];
    assert!(row["score"].is_f64());
    let overlay = row["files"][0].as_str().unwrap();
    assert!(overlay.starts_with("患者番号") && bench.at(&format!("out/{overlay}")).is_file());
}

/// A window that exports tables and overlays.
fn desk(home: &Path, lang: Lang) -> Desk {
    let settings = Settings {
        language: lang,
        export: ExportFormats {
            caption: false,
            ..ExportFormats::default()
        },
        ..Settings::default()
    };
    Desk::new(home, settings)
}

/// Lines without the columns that hold times.
fn without_times(table: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8(table.to_vec()).unwrap();
    let mut lines = text.lines();
    let split = |line: &str| -> Vec<String> { cells(line) };
    let names = split(lines.next().unwrap());
    let kept: Vec<bool> = names.iter().map(|n| !n.ends_with("_ms")).collect();
    let keep = |cells: Vec<String>| {
        cells
            .into_iter()
            .zip(&kept)
            .filter(|(_, k)| **k)
            .map(|(c, _)| c)
            .collect()
    };
    std::iter::once(names.clone())
        .chain(lines.map(split))
        .map(keep)
        .collect()
}

/// The cells of a line; no cell contains a line break.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match (c, quoted) {
            ('"', _) => quoted = !quoted,
            (',', false) => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

#[test]
fn window_and_command_line_write_the_same_tables() {
    let bench = Bench::new();
    bench.draw(&[
        "photos/01L.png",
        "photos/01R.png",
        "photos/02L.png",
        "photos/sub/cup_R.png",
    ]);
    let copy = bench.read("photos/01L.png");
    bench.write("photos/copy.png", &copy);
    bench.write("photos/broken_L.png", b"no picture");
    bench.write("photos/dark_R.png", &{
        let flat = image::RgbImage::from_pixel(SIDE, SIDE, image::Rgb([90, 90, 90]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        flat.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    });
    bench.write("photos/notes.txt", b"a note");
    let both = [
        "--model",
        "demo-mobilenet",
        "--model",
        "demo-efficientnet-b0",
    ];
    let confirmed = ["photos", "--out", "cli", "--persons", "file-names"];
    let (status, _) = bench.predict(&[&confirmed, &both[..]].concat());
    assert_eq!(status, 1, "one photograph cannot be opened");
    for (lang, out) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let mut desk = desk(&bench.at("home"), lang);
        desk.act(Action::Photographs(Photographs::Add(vec![
            bench.at("photos"),
        ])));
        desk.until("the folder", |s| s.photographs.len() == 7);
        let names: Vec<String> = desk
            .state
            .installed()
            .iter()
            .map(|m| m.id.clone())
            .collect();
        assert_eq!(names[..2], ["demo-mobilenet", "demo-efficientnet-b0"]);
        desk.act(Action::Models(Models::Toggle(names[1].clone())));
        assert_eq!(desk.state.chosen_models().len(), 2);
        desk.act(Action::Photographs(Photographs::Persons(
            gantei::domain::Persons::FileNames,
        )));
        desk.act(Action::Run(Run::StartMany(RunSelection::All)));
        desk.until("the run", |s| {
            s.many.as_ref().is_some_and(|m| !m.is_going_on())
        });
        // The model in view does not affect the tables.
        desk.act(Action::Models(Models::LookAtNext));
        desk.act(Action::Export(Export::Open));
        desk.act(Action::Export(Export::Folder(bench.at(out))));
        desk.act(Action::Export(Export::Scope(Scope::All)));
        desk.act(Action::Export(Export::Write(IfTaken::Ask)));
        desk.until("the export", |s| {
            let failure = s.export.as_ref().and_then(|d| d.failure.as_ref());
            assert!(failure.is_none(), "{failure:?}");
            s.export.is_none()
        });
        let here = |name: &str| bench.read(&format!("{out}/{name}"));
        assert!(
            here("people.csv") == bench.read("cli/people.csv"),
            "{lang:?} people.csv"
        );
        assert_eq!(
            without_times(&here("results_full.csv")),
            without_times(&bench.read("cli/results_full.csv")),
            "{lang:?} results_full.csv"
        );
        let (window, line) = (here("results.csv"), bench.read("cli/results.csv"));
        if lang == Lang::En {
            assert_eq!(
                String::from_utf8_lossy(&window),
                String::from_utf8_lossy(&line)
            );
        } else {
            let (window, line) = (without_times(&window), without_times(&line));
            assert_eq!(window.len(), line.len());
            for (window, line) in window.iter().zip(&line) {
                assert_eq!(window.len(), line.len());
                for ((name, a), b) in line_names(&bench).iter().zip(window).zip(line) {
                    let is_sentence =
                        ["findings", "error", "research_only"].contains(&name.as_str());
                    assert!(is_sentence || a == b, "{name}: {a} {b}");
                }
            }
            assert!(window[1][0].is_ascii() && !window[1].last().unwrap().is_ascii());
        }
        desk.runner.close(Duration::from_secs(60));
    }
}

fn line_names(bench: &Bench) -> Vec<String> {
    cells(bench.text("cli/results.csv").lines().next().unwrap())
}
