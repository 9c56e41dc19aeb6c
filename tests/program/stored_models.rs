//! A stored model is what was imported, or it is refused or restored: altered files, kills during a replacement, a
//! library without write access.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use gantei::progress::{Cancel, Progress};
use gantei::storage::Places;
use gantei::storage::library::ModelFolder;
use gantei::workflow::{self, Context, Error, check_models};
use serde_json::Value;

use crate::home::Home;

const SAMPLE: &str = "assets/samples/haggstrom_left_1411.jpg";
const DEMO: &str = "demo-mobilenet";
const FILES: [&str; 9] = [
    "model.onnx",
    "head.onnx",
    "stem.onnx",
    "card.json",
    "reference-input.npy",
    "reference-output.npy",
    "model.memory",
    "format",
    "checksums",
];

/// A home with the demonstration model imported a second time as the user's own.
fn library() -> Home {
    let home = Home::new();
    let file = "models/demo/demo-mobilenet.h5";
    let args = ["import", file, "--id", "mine", "--preset", "joir-mobilenet"];
    let (status, document) = home.json(&args);
    assert_eq!(status, 0, "{document}");
    home
}

fn file(home: &Home, model: &str, name: &str) -> PathBuf {
    home.path("home/models").join(model).join(name)
}

fn predict(home: &Home, model: &str) -> (i32, Value) {
    home.json(&["predict", SAMPLE, "--model", model, "--device", "embedded"])
}

fn score(home: &Home, model: &str) -> f64 {
    let (status, document) = predict(home, model);
    assert_eq!(status, 0, "{document}");
    document["results"][0]["score"].as_f64().unwrap()
}

fn flip(path: &Path, at: usize, bit: usize) {
    use std::io::{Read, Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new();
    let mut file = file.read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.read_exact(&mut byte).unwrap();
    byte[0] ^= 1 << bit;
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&byte).unwrap();
}

#[test]
fn a_flipped_bit_at_any_of_200_places_is_noticed() {
    let home = library();
    let places = Places::below(&home.path("home"));
    let model_folder = ModelFolder::of(&places, "mine").unwrap();
    let examined = || -> Result<(), Error> {
        let (sums, _) = model_folder.checksums_or_adopt::<Error>(&Cancel::new())?;
        model_folder.examine::<Error>(&sums, &Cancel::new())
    };
    examined().unwrap();
    let lengths: Vec<(PathBuf, usize)> = FILES
        .map(|name| file(&home, "mine", name))
        .into_iter()
        .map(|path| (path.clone(), path.metadata().unwrap().len() as usize))
        .filter(|(_, length)| *length > 0)
        .collect();
    // A deterministic sequence that covers every file and spreads over each.
    let mut noticed = 0;
    for place in 0..200 {
        let (path, length) = &lengths[place % lengths.len()];
        let at = (place * 7919 + 13) * 104_729 % length;
        flip(path, at, place % 8);
        noticed += u32::from(examined().is_err_and(|e| e.damage().is_some()));
        flip(path, at, place % 8);
    }
    assert_eq!(noticed, 200);
    examined().unwrap();
}

#[test]
fn an_altered_model_gives_no_number_and_the_message_says_what_to_do() {
    let home = library();
    let right = score(&home, "mine");
    for name in FILES {
        let path = file(&home, "mine", name);
        let kept = std::fs::read(&path).unwrap();
        if kept.is_empty() {
            continue;
        }
        let mut altered = kept.clone();
        // Within a number, so that the file still parses.
        altered[kept.len() / 2] ^= 4;
        let wrongs = match name {
            "model.onnx" => vec![
                altered,
                kept[..kept.len() / 2].to_vec(),
                Vec::new(),
                b"garbage".repeat(1000),
            ],
            _ => vec![altered],
        };
        for wrong in wrongs {
            std::fs::write(&path, &wrong).unwrap();
            let (status, document) = predict(&home, "mine");
            assert_eq!(status, 3, "{name}: {document}");
            let error = &document["error"];
            assert_eq!(error["code"], "model", "{document}");
            let message = error["message"].as_str().unwrap();
            assert!(
                message.contains("mine") && message.contains(name),
                "{message}"
            );
            let hint = error["hint"].as_str().unwrap();
            assert!(
                hint.contains("gantei import FILE --id mine --replace"),
                "{hint}"
            );
            assert!(hint.contains("gantei models --remove mine"), "{hint}");
        }
        std::fs::write(&path, &kept).unwrap();
    }
    std::fs::remove_file(file(&home, "mine", "model.onnx")).unwrap();
    assert_eq!(predict(&home, "mine").0, 3);
    let (_, document) = home.json(&["models"]);
    assert_eq!(document["damaged"][0]["id"], "mine", "{document}");
    let file = "models/demo/demo-mobilenet.h5";
    let args = [
        "import",
        file,
        "--id",
        "mine",
        "--preset",
        "joir-mobilenet",
        "--replace",
    ];
    assert_eq!(home.json(&args).0, 0);
    assert_eq!(score(&home, "mine"), right);
}

#[test]
fn a_damaged_model_that_ships_heals_itself_and_says_so() {
    let home = Home::new();
    let right = score(&home, DEMO);
    let out = home.path("maps");
    let predict = ["predict", SAMPLE, "--device", "embedded"];
    let explain = ["explain", SAMPLE, "--out", out.to_str().unwrap()];
    // Each file in a command that reads it.
    let cases: [(&str, &[&str]); 5] = [
        ("model.onnx", &predict),
        ("model.onnx", &explain),
        ("reference-input.npy", &["devices"]),
        ("card.json", &["models"]),
        ("format", &predict),
    ];
    for (name, args) in cases {
        let path = file(&home, DEMO, name);
        flip(&path, path.metadata().unwrap().len() as usize / 2, 2);
        let reported = home.gantei(args);
        let text = String::from_utf8_lossy(&reported.stderr).into_owned();
        assert!(reported.status.success(), "{name}: {text}");
        let wording = text.contains("has been restored") && text.contains(name);
        assert!(wording, "{name}: {text}");
    }
    let reported = home.gantei(&predict);
    let text = String::from_utf8_lossy(&reported.stderr).into_owned();
    assert!(!text.contains("restored"), "{text}");
    for wrong in [&b""[..], b"garbage"] {
        std::fs::write(file(&home, DEMO, "model.onnx"), wrong).unwrap();
        assert_eq!(score(&home, DEMO), right);
    }
    std::fs::remove_file(file(&home, DEMO, "model.onnx")).unwrap();
    assert_eq!(score(&home, DEMO), right);
}

#[test]
fn models_are_checked_and_removed_by_command() {
    let home = library();
    let state = |document: &Value, id: &str| {
        let checked = document["checked"].as_array().unwrap();
        let found = checked.iter().find(|m| m["id"] == id).unwrap();
        let reason = found["reason"].as_str().unwrap_or_default().to_owned();
        (found["state"].as_str().unwrap().to_owned(), reason)
    };
    let check = || home.json(&["models", "--check"]);
    let (status, document) = check();
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["checked"].as_array().unwrap().len(), 3);
    assert_eq!(document["models"].as_array().unwrap().len(), 3);
    for id in [DEMO, "demo-efficientnet-b0", "mine"] {
        assert_eq!(state(&document, id), ("ok".to_owned(), String::new()));
    }
    for id in [DEMO, "mine"] {
        flip(&file(&home, id, "model.onnx"), 1_000_000, 2);
        flip(&file(&home, id, "reference-input.npy"), 1000, 2);
    }
    let (status, document) = check();
    assert_eq!(status, 3, "{document}");
    let (found, reason) = state(&document, "mine");
    assert_eq!(found, "damaged");
    assert!(reason.contains("reference-input.npy"), "{reason}");
    assert_eq!(document["damaged"][0]["id"], "mine");
    assert_eq!(state(&document, DEMO).0, "healed");
    let text = home.gantei(&["models", "--check"]);
    assert_eq!(text.status.code(), Some(3));
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("damaged") && text.contains("gantei models --remove mine"),
        "{text}"
    );

    let (status, document) = home.json(&["models", "--remove", "mine"]);
    assert_eq!((status, &document["removed"]), (0, &Value::from("mine")));
    assert_eq!(check().0, 0);
    for (id, expected) in [(DEMO, 2), ("mine", 3), ("../home", 3)] {
        let (status, document) = home.json(&["models", "--remove", id]);
        assert_eq!(status, expected, "{id}: {document}");
    }
    let (status, _) = home.json(&["models", "--remove", "mine", "--check"]);
    assert_eq!(status, 2);
}

#[test]
fn a_model_of_an_earlier_version_is_taken_over_with_a_word() {
    let home = library();
    let right = score(&home, "mine");
    std::fs::remove_file(file(&home, "mine", "checksums")).unwrap();
    std::fs::write(file(&home, "mine", "format"), "gantei model 2\n").unwrap();
    let (status, document) = home.json(&["models", "--check"]);
    assert_eq!(status, 0);
    let states: Vec<&Value> = document["checked"].as_array().unwrap().iter().collect();
    assert!(
        states
            .iter()
            .any(|m| m["id"] == "mine" && m["state"] == "unverified")
    );
    let args = ["predict", SAMPLE, "--model", "mine", "--device", "embedded"];
    let reported = String::from_utf8(home.gantei(&args).stderr).unwrap();
    assert!(
        reported.contains("mine was stored by an earlier version"),
        "{reported}"
    );
    let reported = String::from_utf8(home.gantei(&args).stderr).unwrap();
    assert!(!reported.contains("earlier"), "{reported}");
    assert_eq!(score(&home, "mine"), right);
    flip(&file(&home, "mine", "model.onnx"), 1_000_000, 2);
    assert_eq!(predict(&home, "mine").0, 3);
}

#[test]
fn a_model_lost_between_two_renames_is_put_back_at_the_next_start_and_leftovers_go() {
    let home = library();
    let right = score(&home, "mine");
    let models = home.path("home/models");
    let aside = models.join(".gantei-a1b2c3.old");
    std::fs::create_dir(&aside).unwrap();
    std::fs::rename(models.join("mine"), aside.join("was")).unwrap();
    let half = models.join(".gantei-d4e5f6.part/new");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::write(half.join("model.onnx"), b"half").unwrap();
    let settings = home.path("home/settings");
    std::fs::create_dir_all(&settings).unwrap();
    let lone = settings.join(".gantei-g7h8i9.part");
    std::fs::write(&lone, b"half").unwrap();
    assert_eq!(score(&home, "mine"), right);
    assert!(
        half.exists() && lone.exists(),
        "too young to be left behind"
    );
    let yesterday = SystemTime::now() - Duration::from_secs(25 * 3600);
    let aged = |path: &Path| {
        let file = std::fs::File::open(path).unwrap();
        file.set_modified(yesterday).unwrap();
    };
    let outer = half.parent().unwrap();
    for path in [&half.join("model.onnx"), &half, outer, &aside, &lone] {
        aged(path);
    }
    assert_eq!(score(&home, "mine"), right);
    let left = |folder: &Path| {
        let names = std::fs::read_dir(folder).unwrap();
        names
            .filter(|e| {
                e.as_ref()
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .starts_with('.')
            })
            .count()
    };
    assert_eq!((left(&models), left(&settings)), (0, 0));
}

/// Homes in which not even an administrator can create anything.
fn unwritable(home: &Home) -> Vec<PathBuf> {
    let file = home.path("file");
    std::fs::write(&file, b"").unwrap();
    let mut homes = vec![file.join("home")];
    if cfg!(target_os = "linux") {
        homes.push("/proc/gantei".into());
    }
    homes
}

#[test]
fn what_ships_runs_without_a_home_that_can_be_written_to() {
    let home = Home::new();
    let right = score(&home, DEMO);
    for place in unwritable(&home) {
        let run = |args: &[&str]| {
            let mut args = args.to_vec();
            args.push("--json");
            let mut command = home.command(&args);
            let reported = command.env("GANTEI_HOME", &place).output().unwrap();
            let document: Value = serde_json::from_slice(&reported.stdout).unwrap();
            let note = String::from_utf8(reported.stderr).unwrap();
            (reported.status.code().unwrap(), document, note)
        };
        let out = home.path("maps");
        let (status, document, note) =
            run(&["predict", SAMPLE, "--model", DEMO, "--device", "embedded"]);
        assert_eq!(status, 0, "{document}");
        assert_eq!(document["results"][0]["score"].as_f64(), Some(right));
        assert_eq!(note.matches("GANTEI_HOME").count(), 1, "{note}");
        let others: [&[&str]; 4] = [
            &["models"],
            &["models", "--check"],
            &["devices"],
            &[
                "explain",
                SAMPLE,
                "--out",
                out.to_str().unwrap(),
                "--device",
                "embedded",
            ],
        ];
        for args in others {
            let (status, document, note) = run(args);
            assert_eq!(status, 0, "{args:?}: {document}");
            assert!(note.contains("GANTEI_HOME"), "{args:?}: {note}");
        }
        let file = "models/demo/demo-mobilenet.h5";
        let (status, document, _) =
            run(&["import", file, "--id", "mine", "--preset", "joir-mobilenet"]);
        assert_eq!(status, 1, "{document}");
        let error = &document["error"];
        assert_eq!(error["code"], "file");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("GANTEI_HOME"), "{message}");
        let given = place.to_str().unwrap();
        assert!(!document.to_string().contains(given), "{document}");
    }
}

#[test]
fn a_system_that_names_no_folder_is_no_obstacle() {
    let ctx = Context::in_places(Places::nowhere());
    let (cancel, progress) = (Cancel::new(), Progress::new());
    workflow::prepare_models(&ctx, &cancel, &progress).unwrap();
    assert_eq!(workflow::models(&ctx).len(), 2);
    assert_eq!(ctx.notes().len(), 1);
    let device = "embedded".parse().unwrap();
    let test = workflow::self_test(&ctx, DEMO, device, &cancel, &progress).unwrap();
    assert!(test.within);
    let checked = check_models::check_models(&ctx, &cancel, &progress).unwrap();
    assert!(checked.iter().all(|m| m.state == check_models::State::Ok));
    let flags = workflow::ImportFlags {
        id: Some("mine".to_owned()),
        preset: Some(workflow::presets::Preset::JoirMobileNet),
        ..Default::default()
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/demo/demo-mobilenet.h5");
    let refused = workflow::import(&ctx, &file, &flags, None, &cancel, &progress);
    let (refused, _) = refused.unwrap_err();
    assert!(refused.to_string().contains("GANTEI_HOME"), "{refused}");
}

#[test]
fn what_engines_find_out_is_never_remembered_of_an_altered_network() {
    let home = Home::new();
    let file = "tests/fixtures/keras/keras2_mobilenet_sigmoid.h5";
    let flags = "--id net --task other --labels a,b --threshold 0.5 --scaling raw --colour rgb --resize pil-nearest --crop stretch";
    let args: Vec<&str> = ["import", file]
        .into_iter()
        .chain(flags.split(' '))
        .collect();
    let (status, document) = home.json(&args);
    assert_eq!(status, 0, "{document}");
    let checks = home.path("home/engine-checks.json");
    std::fs::remove_file(&checks).unwrap();
    let network = self::file(&home, "net", "model.onnx");
    let length = network.metadata().unwrap().len() as usize;
    // The lowest bit of a weight, which no engine notices.
    flip(&network, length / 2, 0);
    let (status, document) = predict(&home, "net");
    assert_eq!(
        (status, &document["error"]["code"]),
        (3, &Value::from("model")),
        "{document}"
    );
    assert!(!checks.exists());
    flip(&network, length / 2, 0);
    let (status, document) = predict(&home, "net");
    assert_eq!(status, 0, "{document}");
    assert!(checks.exists(), "nothing would have been remembered anyway");
}
