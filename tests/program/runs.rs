//! A run survives kills, photographs that abort the process, and a folder without write access.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use gantei::app::apply::resume::FindUnexported;
use gantei::app::apply::{Action, Export, Photographs, Run};
use gantei::app::state::{IfTaken, MessageTopic, RunSelection, Scope};
use gantei::app::{Effect, Settings, State};
use gantei::storage::journal::Journal;
use gantei::workflow::batch::JOURNAL;
use serde_json::Value;

use crate::desk::Desk;
use crate::home::{Home, codes, wait_until, wait_while_running};

/// Drawn eyes in a temporary folder.
struct Eyes {
    home: Home,
    count: usize,
}

impl Eyes {
    fn drawn(count: usize) -> Self {
        let home = Home::new();
        let (eyes, number) = (home.path("eyes"), count.to_string());
        let out = eyes.to_str().unwrap();
        let args = [
            "draw", "--count", &number, "--seed", "5", "--size", "256", "--out", out,
        ];
        assert_eq!(home.json(&args).0, 0);
        Self { home, count }
    }

    fn folder(&self) -> PathBuf {
        self.home.path("eyes/images")
    }

    fn photographs(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// Rows are in the order of the photographs, whichever one a worker was reading when it died.
    fn are_in_order(&self, document: &Value) {
        let names = self.photographs().into_iter();
        let names = names.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
        let rows = document["results"].as_array().unwrap().iter();
        let rows = rows.map(|row| row["image"].as_str().unwrap().to_owned());
        assert_eq!(rows.collect::<Vec<_>>(), names.collect::<Vec<_>>());
    }

    fn command(&self, out: &str) -> Command {
        let (folder, out) = (self.folder(), self.home.path(out));
        let [folder, out] = [&folder, &out].map(|path| path.to_str().unwrap());
        self.home.command(&[
            "predict", folder, "--device", "embedded", "--json", "--out", out,
        ])
    }

    fn run(&self, out: &str) -> (i32, Value) {
        let output = self.command(out).output().unwrap();
        (output.status.code().unwrap(), document(&output))
    }

    /// Starts a run and waits until `finished` photographs are in its journal.
    fn started(&self, out: &str, finished: usize) -> Child {
        let mut child = self
            .command(out)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let journal = self.home.path(out).join(JOURNAL);
        wait_while_running(&mut child, "the rows", || rows_in(&journal) >= finished);
        child
    }
}

fn rows_in(journal: &Path) -> usize {
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    text.matches("\"entry\":{\"rows\":").count()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        let wording = String::from_utf8_lossy(&output.stderr);
        panic!("no document: {e}: {wording}")
    })
}

/// Process id of the run's worker.
fn worker(parent: &Child) -> u32 {
    let pid = parent.id();
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let children = tasks.flat_map(|task| {
        let children = std::fs::read_to_string(task.unwrap().path().join("children"));
        children
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let children: Vec<String> = children.collect();
    assert_eq!(children.len(), 1, "one worker");
    children[0].parse().unwrap()
}

fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.unwrap().success());
}

/// Waits until a process has ended; one without a waiting parent remains as a zombie.
fn wait_for_the_end(pid: u32) {
    let lives = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| !rest.is_empty() && !rest.contains(" Z "))
    };
    wait_until("the worker to end", || !lives());
}

/// A document without the times.
fn timeless(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "timings_ms" && !name.ends_with("_ms"))
            .map(|(name, value)| (name.clone(), timeless(value)))
            .collect(),
        Value::Array(items) => items.iter().map(timeless).collect(),
        other => other.clone(),
    }
}

/// The files of a folder, except those that hold times.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = entries.map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        match name.as_str() {
            "results.json" | "results_full.csv" => (name, Vec::new()),
            _ => (name, bytes),
        }
    });
    named.collect()
}

fn assert_equal(eyes: &Eyes, broken: (&str, &Value), unbroken: (&str, &Value)) {
    assert_eq!(timeless(broken.1), timeless(unbroken.1));
    let [a, b] = [broken.0, unbroken.0].map(|out| files(&eyes.home.path(out)));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    assert!(a == b, "the files differ");
    assert_eq!(a.keys().filter(|name| name.starts_with('.')).count(), 0);
    assert_eq!(
        a.keys().filter(|name| name.ends_with(".png")).count(),
        eyes.count
    );
}

#[test]
fn a_run_that_is_killed_goes_on_and_ends_as_one_that_was_not() {
    let eyes = Eyes::drawn(8);
    let (status, unbroken) = eyes.run("unbroken");
    assert_eq!(status, 0);
    for finished in [1, 3] {
        let mut run = eyes.started("broken", finished);
        let worker = worker(&run);
        run.kill().unwrap();
        run.wait().unwrap();
        wait_for_the_end(worker);
        assert!(!eyes.home.path("broken/results.json").exists());
    }
    let output = eyes.command("broken").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let wording = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(wording.contains("Resuming the previous run"), "{wording}");
    let resumed = document(&output);
    assert_equal(&eyes, ("broken", &resumed), ("unbroken", &unbroken));
}

#[test]
fn a_worker_that_is_killed_is_started_anew() {
    let eyes = Eyes::drawn(8);
    let (_, unbroken) = eyes.run("unbroken");
    let run = eyes.started("broken", 2);
    kill(worker(&run));
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_equal(
        &eyes,
        ("broken", &document(&output)),
        ("unbroken", &unbroken),
    );
}

#[test]
fn a_photograph_that_ends_the_process_twice_is_a_row() {
    const LARGE: &str = "00000_A.png";
    let eyes = Eyes::drawn(4);
    let large = image::RgbImage::from_fn(9000, 9000, |x, y| {
        image::Rgb([(x % 251) as u8, (y % 241) as u8, 7])
    });
    large.save(eyes.folder().join(LARGE)).unwrap();
    let mut run = eyes
        .command("out")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let journal = eyes.home.path("out").join(JOURNAL);
    let started = || {
        let text = std::fs::read_to_string(&journal).unwrap_or_default();
        text.matches(&format!("{{\"started\":\"{LARGE}\"}}"))
            .count()
    };
    for kills in 1..=2 {
        wait_while_running(&mut run, "the large photograph", || started() >= kills);
        kill(worker(&run));
    }
    let output = run.wait_with_output().unwrap();
    let document = document(&output);
    let rows = document["results"].as_array().unwrap();
    assert_eq!(rows.len(), 5, "{document}");
    eyes.are_in_order(&document);
    for row in rows {
        match row["image"].as_str().unwrap() {
            LARGE => {
                assert_eq!(codes(row), ["worker-died"]);
                assert!(row["error"].as_str().unwrap().contains("signal 9"), "{row}");
            }
            _ => assert!(row["score"].is_f64(), "{row}"),
        }
    }
    assert_eq!(output.status.code(), Some(1));
    // Failed photographs are tried again.
    let (_, again) = eyes.run("out");
    assert_eq!(codes(&again["results"][0])[0], "not-a-fundus");
}

#[test]
fn answers_that_cannot_be_written_still_come() {
    let eyes = Eyes::drawn(3);
    std::fs::write(eyes.home.path("file"), b"").unwrap();
    for out in ["file", "file/below"] {
        let output = eyes.command(out).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{out}");
        let document = document(&output);
        assert_eq!(document["error"]["code"], "file", "{out}");
        let rows = document["results"].as_array().unwrap();
        assert_eq!(rows.len(), 3, "{out}");
        for row in rows {
            assert!(row["score"].is_f64() && row["error"].is_null());
            assert!(codes(row).contains(&"overlay-not-written"));
        }
        let wording = String::from_utf8(output.stderr).unwrap();
        assert!(wording.contains("standard output only"), "{wording}");
        let home = eyes.home.path("");
        let home = home.to_str().unwrap();
        assert!(!wording.contains(home), "{wording}");
        assert!(!document.to_string().contains(home));
    }
}

#[test]
fn a_folder_that_another_run_writes_into_is_refused() {
    let eyes = Eyes::drawn(2);
    let out = eyes.home.path("out");
    std::fs::create_dir(&out).unwrap();
    let held = Journal::open::<Value>(&out.join(JOURNAL)).unwrap();
    let (status, document) = eyes.run("out");
    assert_eq!((status, &document["error"]["code"]), (1, &"held".into()));
    drop(held);
    assert_eq!(eyes.run("out").0, 0);
}

#[test]
fn what_changed_since_is_answered_anew() {
    let eyes = Eyes::drawn(4);
    let mut run = eyes.started("out", 3);
    run.kill().unwrap();
    run.wait().unwrap();
    let photographs = eyes.photographs();
    let last = std::fs::read(&photographs[3]).unwrap();
    std::fs::write(&photographs[0], &last).unwrap();
    // A deleted overlay is written again.
    let overlay = |at: usize| {
        let stem = photographs[at].file_stem().unwrap().to_str().unwrap();
        eyes.home
            .path("out")
            .join(format!("{stem}.demo-mobilenet.grad-cam.png"))
    };
    std::fs::remove_file(overlay(1)).unwrap();
    let (status, resumed) = eyes.run("out");
    assert_eq!(status, 0);
    let (_, fresh) = eyes.run("fresh");
    assert_equal(&eyes, ("out", &resumed), ("fresh", &fresh));
    assert_eq!(fresh["results"][0]["sha256"], fresh["results"][3]["sha256"]);
}

#[test]
fn the_journal_of_another_run_is_set_aside_and_said() {
    let eyes = Eyes::drawn(3);
    let mut run = eyes.started("out", 1);
    run.kill().unwrap();
    run.wait().unwrap();
    let output = eyes.command("out").args(["--eye", "OD"]).output().unwrap();
    let document = document(&output);
    assert_eq!(document["remarks"][0]["code"], "journal-set-aside");
    let hidden: Vec<String> = files(&eyes.home.path("out"))
        .into_keys()
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(hidden, [".gantei-journal (2).jsonl"]);
}

#[test]
fn overlays_of_equal_names_stay_with_their_photographs() {
    let eyes = Eyes::drawn(8);
    let photographs = eyes.photographs();
    let place = |from: usize, to: &str| {
        let to = eyes.folder().join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(&photographs[from], to).unwrap();
    };
    place(0, "a/OD.png");
    place(1, "c/OD.png");
    let spare = eyes.home.path("spare.png");
    std::fs::rename(&photographs[2], &spare).unwrap();
    (3..8).for_each(|at| place(at, &format!("z/{at}.png")));
    let mut run = eyes.started("out", 2);
    run.kill().unwrap();
    run.wait().unwrap();
    // It takes the name that the files of c/OD.png had.
    std::fs::create_dir(eyes.folder().join("b")).unwrap();
    std::fs::rename(spare, eyes.folder().join("b/OD.png")).unwrap();
    let (_, resumed) = eyes.run("out");
    let (_, fresh) = eyes.run("fresh");
    assert_eq!(timeless(&resumed), timeless(&fresh));
    assert_equal(&eyes, ("out", &resumed), ("fresh", &fresh));
}

/// A window with remembering of files enabled.
fn window(home: &Path) -> Desk {
    let settings = Settings {
        remember_files: true,
        ..Settings::default()
    };
    Desk::new(home, settings)
}

fn is_over(state: &State) -> bool {
    state.many.as_ref().is_some_and(|m| !m.is_going_on())
}

fn export(desk: &mut Desk, scope: Scope) {
    desk.act(Action::Export(Export::Open));
    desk.act(Action::Export(Export::Scope(scope)));
    desk.act(Action::Export(Export::Write(IfTaken::KeepBoth)));
    desk.until("the export", |s| s.export.is_none());
}

/// The answers of the window by name, with the cells of the map, without times.
fn answers(state: &State) -> BTreeMap<String, (Value, Vec<f32>)> {
    let photographs = state.photographs.iter().flat_map(|photo| {
        photo.maps.values().map(|answer| {
            let mut case = serde_json::to_value(&answer.case).unwrap();
            case["timings"] = Value::Null;
            case["saliency"]["time_ms"] = Value::Null;
            let map = answer.map.as_ref().expect("every run makes a map");
            (photo.name.clone(), (case, map.grid.values().to_vec()))
        })
    });
    photographs.collect()
}

#[test]
fn a_run_of_the_window_goes_on_in_the_next_session() {
    let eyes = Eyes::drawn(6);
    let [home, out] = ["desk", "study"].map(|name| eyes.home.path(name));
    let journal = out.join(JOURNAL);
    let add = || Action::Photographs(Photographs::Add(vec![eyes.folder()]));

    let mut desk = window(&home);
    desk.act(Action::Export(Export::Folder(out.clone())));
    desk.act(add());
    desk.until("the folder", |s| s.photographs.len() == 6);
    desk.act(Action::Run(Run::StartMany(RunSelection::All)));
    desk.until("three photographs", |s| {
        s.many.as_ref().unwrap().done() >= 3
    });
    desk.runner.close(Duration::from_secs(60));
    let kept = std::fs::read_to_string(&journal).unwrap();
    let kept = kept.matches("\"entry\":{\"answers\":").count();
    assert!((3..6).contains(&kept), "{kept}");
    // One photograph has changed since, so it counts as not answered yet.
    let photographs = eyes.photographs();
    std::fs::copy(&photographs[5], &photographs[0]).unwrap();

    let mut desk = window(&home);
    desk.runner.perform(Effect::start(FindUnexported));
    desk.until("the offer", |s| !s.messages.is_empty());
    let MessageTopic::Unexported(run) = desk.state.messages[0].subject.clone() else {
        panic!("{:?}", desk.state.messages);
    };
    assert_eq!((run.answered, run.photographs), (kept, 6));
    assert_eq!(run.inputs, [eyes.folder()]);
    desk.act(Action::Run(Run::GoOn(run)));
    desk.until("the end", is_over);
    assert_eq!(desk.state.many.as_ref().unwrap().recalled, kept - 1);

    let mut unbroken = window(&eyes.home.path("elsewhere"));
    unbroken.act(add());
    unbroken.until("the folder", |s| s.photographs.len() == 6);
    unbroken.act(Action::Run(Run::StartMany(RunSelection::All)));
    unbroken.until("the end", is_over);
    let resumed = answers(&desk.state);
    let whole = answers(&unbroken.state);
    for (name, (case, cells)) in &resumed {
        for (key, value) in case.as_object().unwrap() {
            assert_eq!(value, &whole[name].0[key], "{key} of {name}");
        }
        assert_eq!(cells, &whole[name].1, "map of {name}");
    }
    assert_eq!(resumed.len(), 6);

    export(&mut desk, Scope::Shown);
    assert!(journal.is_file(), "most answers are in no table yet");
    export(&mut desk, Scope::All);
    assert!(out.join("results.csv").is_file());
    assert!(
        journal.is_file(),
        "the answer about the photograph that was replaced is in none"
    );
    desk.runner.close(Duration::from_secs(60));
}
