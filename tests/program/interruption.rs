//! A stop request as a shell sends it: the command ends with the results so far, even if an engine or a decoder ignores
//! the request.

#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use gantei::workflow::batch::JOURNAL;
use serde_json::Value;

use crate::home::{Home, wait_until, wait_while_running};
use crate::networks;

const SAMPLE: &str = "assets/samples/haggstrom_left_1411.jpg";

fn start(home: &Home, args: &[&str]) -> Child {
    home.command(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn stop(child: Child, signal: &str) -> Output {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args([signal, &pid]).status();
    assert!(sent.unwrap().success());
    child.wait_with_output().unwrap()
}

/// Whether a process has used two seconds of CPU time, if the system reports it.
fn is_at_work(child: &Child) -> bool {
    const TICKS: u64 = 2 * 100;
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{}/stat", child.id())) else {
        return true;
    };
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind_name.split_whitespace().nth(11);
    ticks
        .and_then(|t| t.parse().ok())
        .is_some_and(|t: u64| t >= TICKS)
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        let wording = String::from_utf8_lossy(&output.stderr);
        panic!("no document: {e}: {wording}")
    })
}

/// Names in a folder that begin with a dot.
fn hidden(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn an_import_is_stopped_in_its_trial_and_leaves_nothing() {
    let home = Home::new();
    let file = home.path("chain.onnx");
    networks::write_chain(&file, 512, 64, 30);
    let models = home.path("home/models");
    let args = [
        &["import", file.to_str().unwrap(), "--json"],
        &networks::FLAGS[..],
    ]
    .concat();
    for signal in ["-INT", "-TERM"] {
        let mut child = start(&home, &args);
        wait_while_running(&mut child, "the trial", || !hidden(&models).is_empty());
        let output = stop(child, signal);
        assert_eq!(output.status.code(), Some(130), "{signal}");
        assert_eq!(document(&output)["error"]["code"], "cancelled");
        assert_eq!(hidden(&models), Vec::<String>::new());
        assert!(!models.join("chain").exists());
    }
}

/// Pictures of 81 megapixels behind the first photograph.
const LARGE: usize = 6;

#[test]
fn rows_that_are_finished_are_written_while_a_picture_is_still_decoded() {
    let home = Home::new();
    // Resolve the engines and import the bundled model before the run that is stopped.
    let (status, _) = home.json(&["predict", SAMPLE, "--device", "embedded"]);
    assert_eq!(status, 0);
    let folder = home.path("in");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(SAMPLE, folder.join("1.jpg")).unwrap();
    let large = image::RgbImage::from_fn(9000, 9000, |x, y| {
        image::Rgb([(x % 251) as u8, (y % 241) as u8, (x * y % 239) as u8])
    });
    // Several, so that a busy machine cannot finish the run before it is stopped.
    let first = folder.join("2.png");
    large.save(&first).unwrap();
    for number in 3..=LARGE + 1 {
        std::fs::hard_link(&first, folder.join(format!("{number}.png"))).unwrap();
    }
    let out = home.path("out");
    let args = [
        "predict",
        folder.to_str().unwrap(),
        "--device",
        "embedded",
        "--out",
        out.to_str().unwrap(),
        "--json",
    ];
    let mut child = start(&home, &args);
    let journal = out.join(JOURNAL);
    wait_while_running(&mut child, "the first row", || {
        let text = std::fs::read_to_string(&journal).unwrap_or_default();
        text.contains("\"entry\":{\"rows\":")
    });
    let output = stop(child, "-INT");
    assert_eq!(output.status.code(), Some(130));
    let document = document(&output);
    assert_eq!(document["interrupted"], true);
    let results = document["results"].as_array().unwrap();
    assert!((1..=LARGE).contains(&results.len()), "{results:?}");
    assert_eq!(results[0]["image"], "1.jpg");
    assert!(results[0]["score"].is_f64());
    let written = std::fs::read(out.join("results.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), document);
    let table = std::fs::read_to_string(out.join("results.csv")).unwrap();
    assert_eq!(
        table.trim_end().lines().count(),
        1 + results.len(),
        "{table}"
    );
    assert_eq!(hidden(&out), [JOURNAL]);
}

#[test]
fn a_pass_of_the_built_in_engine_does_not_keep_the_command() {
    let home = Home::new();
    let file = home.path("chain.onnx");
    networks::write_chain(&file, 512, 64, 30);
    let input = home.path("x.npy");
    let pixels = gantei::domain::Tensor {
        shape: vec![1, 512, 512, 3],
        values: vec![7.0; 512 * 512 * 3],
    };
    let bytes = gantei::export::npy::write_floats(&pixels);
    std::fs::write(&input, bytes).unwrap();
    let (file, input) = (file.to_str().unwrap(), input.to_str().unwrap());
    let args = [
        "verify",
        file,
        "--input",
        input,
        "--expected",
        input,
        "--device",
        "embedded",
        "--json",
    ];
    let mut child = start(&home, &args);
    wait_until("the pass", || {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended before it was stopped: {ended:?}");
        is_at_work(&child)
    });
    let output = stop(child, "-INT");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(document(&output)["error"]["code"], "cancelled");
}
