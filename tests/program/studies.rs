//! Studies on the command line: created, run in one go, in parts and with interruptions, and looked at.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use gantei::storage::journal::Entries;
use gantei::storage::study::{NAME, journals};
use gantei::workflow::study;
use serde_json::{Value, json};

use crate::home::{Home, wait_while_running};

/// Drawn eyes, and studies beside them.
struct Studies {
    home: Home,
}

impl Studies {
    fn of(count: usize) -> Self {
        let home = Home::with_models();
        let (eyes, number) = (home.path("eyes"), count.to_string());
        let out = eyes.to_str().unwrap();
        let args = [
            "draw", "--count", &number, "--seed", "7", "--size", "192", "--out", out,
        ];
        assert_eq!(home.json(&args).0, 0);
        Self { home }
    }

    fn eyes(&self) -> PathBuf {
        self.home.path("eyes/images")
    }

    /// The drawn eyes in the order of their names.
    fn photographs(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.eyes()).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
        paths.sort();
        paths
    }

    fn path(&self, study: &str) -> PathBuf {
        self.home.path(study)
    }

    fn study(&self, args: &[&str]) -> (i32, Value) {
        let folder = self.path(args[1]);
        let mut whole = vec!["study", args[0], folder.to_str().unwrap()];
        whole.extend(&args[2..]);
        self.home.json(&whole)
    }

    fn created(&self, study: &str, more: &[&str]) -> Value {
        let eyes = self.eyes();
        let args = [&["new", study, eyes.to_str().unwrap()], more].concat();
        let (status, document) = self.study(&args);
        assert_eq!(status, 0, "{document}");
        document
    }

    fn run(&self, study: &str, more: &[&str]) -> (i32, Value) {
        let args = [&["run", study, "--device", "embedded"], more].concat();
        self.study(&args)
    }

    fn status(&self, study: &str) -> Value {
        let (status, document) = self.study(&["status", study]);
        assert_eq!(status, 0, "{document}");
        document
    }

    /// The command of a run, which is not started yet.
    fn run_command(&self, study: &str, more: &[&str]) -> Command {
        let folder = self.path(study);
        let args = [
            "study",
            "run",
            folder.to_str().unwrap(),
            "--device",
            "embedded",
        ];
        self.home.command(&[&args, more].concat())
    }

    /// A run that has not ended.
    fn started(&self, study: &str) -> Child {
        let mut command = self.run_command(study, &[]);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    fn table(&self, study: &str) -> String {
        std::fs::read_to_string(self.path(study).join("results.csv")).unwrap()
    }

    /// The study file with one change.
    fn edit(&self, study: &str, change: impl Fn(&mut Value)) {
        let path = self.path(study).join(NAME);
        let mut document = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut document);
        std::fs::write(&path, document.to_string()).unwrap();
    }

    /// Photograph and model of every answer in the journals, one for each computation.
    fn computed(&self, study: &str) -> Vec<(String, String)> {
        let mut computed = Vec::new();
        for (_, path) in journals(&self.path(study)) {
            for entry in Entries::<Value>::read(&path).unwrap().read {
                let rows = entry["answered"]["rows"].as_array().cloned();
                for row in rows.unwrap_or_default() {
                    let name = entry["answered"]["name"].as_str().unwrap().to_owned();
                    computed.push((name, row["card"]["id"].as_str().unwrap().to_owned()));
                }
            }
        }
        computed
    }
}

fn answers_in(study: &Path) -> usize {
    let of = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.matches("\"entry\":{\"answered\":").count()
    };
    journals(study).iter().map(|(_, path)| of(path)).sum()
}

fn counts(status: &Value) -> [usize; 5] {
    let length = |name: &str| status[name].as_array().unwrap().len();
    let number = |name: &str| status[name].as_u64().unwrap() as usize;
    let (failed, changed, missing) = (length("failed"), length("changed"), length("missing"));
    [number("answered"), number("open"), failed, changed, missing]
}

#[test]
fn a_study_is_created_run_and_looked_at() {
    let studies = Studies::of(6);
    let document = studies.created("s", &["--saliency", "none"]);
    assert_eq!(document["photographs"], 6);
    assert_eq!(document["models"], json!(["demo-mobilenet"]));
    let text = std::fs::read_to_string(studies.path("s").join(NAME)).unwrap();
    assert!(text.contains("\"../eyes/images\""), "{text}");
    assert!(
        !text.contains(studies.home.path("").to_str().unwrap()),
        "{text}"
    );
    assert_eq!(counts(&studies.status("s")), [0, 6, 0, 0, 0]);

    let (status, run) = studies.run("s", &[]);
    assert_eq!((status, run["results"].as_array().unwrap().len()), (0, 6));
    assert_eq!(counts(&studies.status("s")), [6, 0, 0, 0, 0]);
    let (out, eyes) = (studies.path("out"), studies.eyes());
    let predict = [
        "predict",
        eyes.to_str().unwrap(),
        "--device",
        "embedded",
        "--saliency",
        "none",
        "--out",
        out.to_str().unwrap(),
    ];
    assert_eq!(studies.home.json(&predict).0, 0);
    for name in ["results.csv", "people.csv"] {
        let [a, b] = ["out", "s"].map(|folder| std::fs::read(studies.path(folder).join(name)).ok());
        assert_eq!(a, b, "{name}");
    }
    // What is answered stays answered.
    let (status, again) = studies.run("s", &[]);
    assert_eq!((status, again["results"].as_array().unwrap().len()), (0, 6));
    assert_eq!(studies.computed("s").len(), 6);

    // Another folder with a study replaces nothing.
    let args = ["new", "s", studies.eyes().to_str().unwrap()].map(str::to_owned);
    let (status, refused) = studies.study(&args.each_ref().map(String::as_str));
    assert_eq!((status, &refused["error"]["code"]), (2, &json!("exists")));
    let (status, refused) = studies.study(&["run", "eyes"]);
    assert_eq!((status, &refused["error"]["code"]), (2, &json!("no-study")));
}

#[test]
fn a_study_that_is_killed_again_and_again_ends_as_one_that_was_not() {
    const KILLS: usize = 10;
    let studies = Studies::of(12);
    studies.created("unbroken", &[]);
    assert_eq!(studies.run("unbroken", &[]).0, 0);
    studies.created("broken", &[]);
    let folder = studies.path("broken");
    for kill in 0..KILLS {
        let before = answers_in(&folder);
        let mut run = studies.started("broken");
        // Every other one before it has answered anything.
        let due = before + kill % 2;
        wait_while_running(&mut run, "an answer", || answers_in(&folder) >= due);
        run.kill().unwrap();
        run.wait().unwrap();
        let status = studies.status("broken");
        let answered = status["answered"].as_u64().unwrap() as usize;
        assert!(answered >= due, "{status}");
    }
    assert_eq!(studies.run("broken", &[]).0, 0);
    assert_eq!(studies.table("broken"), studies.table("unbroken"));
    let computed = studies.computed("broken");
    assert_eq!(
        computed.len(),
        12,
        "nothing is computed twice: {computed:?}"
    );
    for path in studies.photographs() {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name = format!("{stem}.demo-mobilenet.grad-cam.png");
        let [a, b] =
            ["broken", "unbroken"].map(|s| std::fs::read(studies.path(s).join(&name)).unwrap());
        assert!(a == b, "{name}");
    }
}

#[test]
fn parts_of_a_study_equal_the_whole() {
    let studies = Studies::of(7);
    studies.created("whole", &[]);
    assert_eq!(studies.run("whole", &[]).0, 0);
    studies.created("parts", &[]);
    for (shard, expected) in [("1/2", 4), ("2/2", 3)] {
        let (status, part) = studies.run("parts", &["--shard", shard]);
        assert_eq!(
            (status, part["results"].as_array().unwrap().len()),
            (0, expected)
        );
    }
    assert!(!studies.path("parts/results.csv").exists());
    assert_eq!(counts(&studies.status("parts")), [7, 0, 0, 0, 0]);
    let (status, joined) = studies.run("parts", &[]);
    assert_eq!((status, &joined["remarks"]), (0, &json!([])));
    assert_eq!(studies.table("parts"), studies.table("whole"));
    assert_eq!(
        studies.computed("parts").len(),
        7,
        "the whole run only joins"
    );

    // Parts computed elsewhere are named.
    let journal = &journals(&studies.path("parts"))[2].1;
    let mut other: Vec<Value> = Entries::read(journal).unwrap().read;
    other[0]["study"]["run"]["models"][0]["engine"]["version"] = json!("0.1");
    other[0]["study"]["processor"] = json!("Another processor");
    std::fs::remove_file(journal).unwrap();
    let (mut writer, _) = gantei::storage::journal::Journal::open::<Value>(journal).unwrap();
    other.iter().for_each(|entry| writer.append(entry).unwrap());
    drop(writer);
    let (status, joined) = studies.run("parts", &[]);
    let remarks = joined["remarks"].as_array().unwrap().iter();
    let codes: Vec<&str> = remarks.map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(
        (status, codes),
        (0, vec!["mixed-engines", "mixed-processors"])
    );
    assert_eq!(studies.computed("parts").len(), 7);
}

#[test]
fn a_study_is_open_once() {
    let studies = Studies::of(2);
    studies.created("s", &[]);
    let open = study::open(&studies.path("s")).unwrap();
    for shard in [&[][..], &["--shard", "1/2"]] {
        let (status, refused) = studies.run("s", shard);
        assert_eq!((status, &refused["error"]["code"]), (1, &json!("held")));
    }
    assert_eq!(counts(&studies.status("s")), [0, 2, 0, 0, 0]);
    drop(open);
    // Parts run side by side, but not with the whole.
    let part = study::open_part(&studies.path("s")).unwrap();
    assert_eq!(studies.run("s", &["--shard", "1/2"]).0, 0);
    assert_eq!(studies.run("s", &[]).0, 1);
    drop(part);
    assert_eq!(studies.run("s", &[]).0, 0);
}

#[test]
fn changed_and_missing_photographs_are_reported_and_nothing_is_lost() {
    let studies = Studies::of(5);
    studies.created("s", &["--saliency", "none"]);
    assert_eq!(studies.run("s", &[]).0, 0);
    let photographs = studies.photographs();
    let bytes = std::fs::read(&photographs[0]).unwrap();
    std::fs::write(&photographs[1], &bytes).unwrap();
    let aside = studies.home.path("aside.png");
    std::fs::rename(&photographs[2], &aside).unwrap();
    std::fs::copy(&photographs[3], studies.eyes().join("z_OD.png")).unwrap();
    let status = studies.status("s");
    assert_eq!(counts(&status), [3, 1, 0, 1, 1]);
    assert_eq!(
        (&status["photographs"], &status["added"]),
        (&json!(6), &json!(1))
    );

    let (status, run) = studies.run("s", &[]);
    assert_eq!((status, run["results"].as_array().unwrap().len()), (1, 6));
    // It keeps its place.
    let last = &run["results"][2];
    assert!(
        last["error"]
            .as_str()
            .unwrap()
            .contains("could not be read"),
        "{last}"
    );
    assert_eq!(counts(&studies.status("s")), [5, 0, 0, 0, 1]);

    // It can be left out.
    let copy = studies.home.path("copy");
    std::fs::create_dir(&copy).unwrap();
    for name in [NAME, "gantei-study-journal.jsonl"] {
        std::fs::copy(studies.path("s").join(name), copy.join(name)).unwrap();
    }
    let (status, run) = studies.run("copy", &["--forget-missing"]);
    assert_eq!((status, run["results"].as_array().unwrap().len()), (0, 5));

    // Its answer is still there when it returns.
    std::fs::rename(&aside, &photographs[2]).unwrap();
    let before = studies.computed("s").len();
    let (status, run) = studies.run("s", &["--failed-only"]);
    assert_eq!((status, run["results"].as_array().unwrap().len()), (0, 6));
    assert_eq!(studies.computed("s").len(), before);
    assert_eq!(counts(&studies.status("s")), [6, 0, 0, 0, 0]);
}

/// While a photograph is left out, another may take the name of its overlay.
#[test]
fn the_map_of_another_photograph_is_not_taken_over() {
    let studies = Studies::of(2);
    let [first, second] =
        ["d1/a.png", "d2/a.png"].map(|name| studies.home.path("twice").join(name));
    for (path, eye) in [&first, &second].into_iter().zip(studies.photographs()) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(eye, path).unwrap();
    }
    let eyes = studies.home.path("twice");
    let new = ["new", "s", eyes.to_str().unwrap()];
    assert_eq!(studies.study(&new).0, 0);
    let maps = |run: &Value| {
        let rows = run["results"].as_array().unwrap().iter();
        let files = rows.map(|row| row["files"][0].as_str().map(|f| studies.path("s").join(f)));
        files
            .map(|file| file.map(|f| std::fs::read(f).unwrap()))
            .collect::<Vec<_>>()
    };
    let (_, whole) = studies.run("s", &[]);
    let expected = maps(&whole);
    assert!(expected[0].is_some() && expected[0] != expected[1]);

    let aside = studies.home.path("aside.png");
    std::fs::rename(&first, &aside).unwrap();
    let (status, without) = studies.run("s", &[]);
    assert_eq!(
        (status, maps(&without)),
        (1, vec![None, expected[1].clone()])
    );
    assert_eq!(
        studies.computed("s").len(),
        3,
        "only the missing one is tried"
    );
    // Left out of the study, its name is free.
    assert_eq!(studies.run("s", &["--forget-missing"]).0, 0);
    std::fs::rename(&aside, &first).unwrap();
    let (status, again) = studies.run("s", &[]);
    assert_eq!((status, maps(&again)), (0, expected));
}

#[test]
fn models_of_one_photograph_answer_for_the_same_bytes() {
    use gantei::progress::{Cancel, Gate, Progress};
    use gantei::workflow::{Context, PartialResults, RunEvent};

    let studies = Studies::of(12);
    studies.created("s", &["--saliency", "none"]);
    assert_eq!(studies.run("s", &[]).0, 0);
    let ctx = Context::in_places(gantei::storage::Places::below(&studies.home.path("home")));
    let mut open = study::open(&studies.path("s")).unwrap();
    let both = ["demo-mobilenet", "demo-efficientnet-b0"].map(str::to_owned);
    study::choose_models(&ctx, &mut open, &both).unwrap();
    let photographs = studies.photographs();
    let other = std::fs::read(&photographs[0]).unwrap();
    let mut run = |is_changed: bool| {
        let mut rows = 0;
        let mut on_event = |event: RunEvent| {
            rows += usize::from(matches!(event, RunEvent::Row(_)));
            if is_changed && rows == 1 {
                // It was compared with its answer before, and is read later.
                std::fs::write(&photographs[11], &other).unwrap();
            }
        };
        let options = study::StudyRunOptions {
            device: gantei::runtime::Device::Embedded,
            ..study::StudyRunOptions::default()
        };
        let partial = PartialResults::default();
        let (gate, cancel, progress) = (Gate::new(), Cancel::new(), Progress::new());
        study::run(
            &ctx,
            &mut open,
            &options,
            &partial,
            &gate,
            &cancel,
            &progress,
            &mut on_event,
        )
        .unwrap()
    };
    let cases = run(true).cases;
    let last = &cases[22..];
    let error = last[0].error.as_deref().unwrap_or_default();
    assert!(error.contains("changed"), "{error}");
    assert!(last[1].error.is_none() && last[0].sha256 != last[1].sha256);
    assert_eq!(cases.iter().filter(|row| row.error.is_some()).count(), 1);

    let cases = run(false).cases;
    assert!(cases.iter().all(|row| row.error.is_none()));
    assert_eq!(cases[22].sha256, cases[23].sha256);
    assert_eq!(cases[23].sha256, cases[0].sha256);
}

#[test]
fn settings_are_kept_once_a_run_can_begin_and_can_be_taken_back() {
    let studies = Studies::of(2);
    studies.created("s", &["--saliency", "none"]);
    let kept = || {
        let text = std::fs::read(studies.path("s").join(NAME)).unwrap();
        serde_json::from_slice::<Value>(&text).unwrap()["settings"].clone()
    };
    let before = kept();
    let stated = [
        "--eye",
        "OD",
        "--frame",
        "1",
        "--accept-any-picture",
        "--file-name-pattern",
        "{person}_{eye}",
    ];
    std::fs::rename(studies.eyes(), studies.home.path("elsewhere")).unwrap();
    assert_eq!(
        studies.run("s", &stated).1["error"]["code"],
        "photographs-moved"
    );
    assert_eq!(kept(), before);
    std::fs::rename(studies.home.path("elsewhere"), studies.eyes()).unwrap();

    let run = |more: &[&str]| {
        let output = studies.run_command("s", more).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run(&stated);
    assert!(said.contains("--eye OD (was none)"), "{said}");
    assert_eq!(kept()["accept_any_picture"], true);
    let back = [
        "--eye",
        "none",
        "--frame",
        "none",
        "--accept-any-picture=no",
        "--file-name-pattern",
        "none",
        "--persons",
        "dicom",
    ];
    let said = run(&back);
    assert!(said.contains("--accept-any-picture=no (was yes)"), "{said}");
    assert_eq!(kept(), before);
    assert!(!run(&back).contains("settings"));
    for wrong in [["--frame", "0"], ["--eye", "left"]] {
        assert_eq!(studies.run("s", &wrong).0, 2);
    }
}

#[test]
fn a_stopped_run_does_not_shorten_the_tables() {
    let studies = Studies::of(12);
    studies.created("s", &["--saliency", "none"]);
    assert_eq!(studies.run("s", &[]).0, 0);
    let whole = studies.table("s");
    let other = ["--model", "demo-efficientnet-b0", "--json"];
    let stopped = || {
        let folder = studies.path("s");
        let mut command = studies.run_command("s", &other);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut run = command.spawn().unwrap();
        let before = answers_in(&folder);
        wait_while_running(&mut run, "an answer", || answers_in(&folder) > before);
        let id = run.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        let output = run.wait_with_output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let document = stopped();
    assert_eq!(document["interrupted"], true);
    assert_eq!(document["remarks"][0]["code"], "tables-kept", "{document}");
    assert_eq!(studies.table("s"), whole);
    assert_eq!(studies.run("s", &[]).0, 0);
    assert_ne!(studies.table("s"), whole);
}

#[test]
fn the_job_of_slurm_runs_the_part_of_its_number() {
    let studies = Studies::of(3);
    studies.created("s", &["--saliency", "none"]);
    let job = |task: &str| {
        let folder = studies.path("s");
        let args = [
            "packaging/slurm/study.sh",
            folder.to_str().unwrap(),
            "2",
            "--device",
            "embedded",
        ];
        let mut command = studies.home.around(Command::new("sh"), &args);
        command.env("GANTEI", env!("CARGO_BIN_EXE_gantei"));
        // A task that is submitted alone is the first and last of its array.
        for (name, value) in [("ID", task), ("MIN", task), ("MAX", task), ("COUNT", "1")] {
            command.env(format!("SLURM_ARRAY_TASK_{name}"), value);
        }
        command.output().unwrap().status.code()
    };
    assert_eq!([job("2"), job("1"), job("3")], [Some(0), Some(0), Some(2)]);
    let parts: Vec<_> = journals(&studies.path("s"))
        .into_iter()
        .map(|(part, _)| part)
        .collect();
    assert_eq!(parts, ["1/2", "2/2"].map(|part| part.parse().ok()));
    assert_eq!(counts(&studies.status("s")), [3, 0, 0, 0, 0]);
}

#[test]
fn a_study_whose_journal_cannot_be_begun_is_not_run() {
    let studies = Studies::of(2);
    studies.created("s", &["--saliency", "none"]);
    for (name, more) in [
        ("gantei-study-journal-1-of-2.jsonl", &["--shard", "1/2"][..]),
        ("gantei-study-journal.jsonl", &[]),
    ] {
        let journal = studies.path("s").join(name);
        std::fs::create_dir(&journal).unwrap();
        let (status, refused) = studies.run("s", more);
        assert_eq!(status, 1, "{refused}");
        assert!(!studies.path("s/results.csv").exists());
        std::fs::remove_dir(&journal).unwrap();
    }
    assert_eq!(studies.run("s", &[]).0, 0);
}

#[test]
fn the_latest_answer_counts_and_a_damaged_run_gives_its_answers_to_no_other() {
    let studies = Studies::of(2);
    studies.created("s", &["--saliency", "none"]);
    assert_eq!(studies.run("s", &["--shard", "1/1"]).0, 0);
    let journal = journals(&studies.path("s"))[0].1.clone();
    let mut failed: Vec<Value> = Entries::read(&journal).unwrap().read;
    failed[1]["answered"]["rows"][0]["error"] = json!("the disk was full");
    let written = |entries: &[Value]| {
        std::fs::remove_file(&journal).unwrap();
        let (mut writer, _) = gantei::storage::journal::Journal::open::<Value>(&journal).unwrap();
        entries
            .iter()
            .for_each(|entry| writer.append(entry).unwrap());
    };
    written(&failed);
    assert_eq!(counts(&studies.status("s")), [1, 0, 1, 0, 0]);
    assert_eq!(studies.run("s", &[]).0, 0);
    assert_eq!(counts(&studies.status("s")), [2, 0, 0, 0, 0]);

    // The line of another run is lost: its answers are not those of the run before it.
    std::fs::remove_file(studies.path("s/gantei-study-journal.jsonl")).unwrap();
    for entry in &mut failed[1..] {
        entry["answered"]["run"] = json!("another run");
    }
    written(&failed);
    assert_eq!(counts(&studies.status("s")), [0, 2, 0, 0, 0]);
}

#[test]
fn a_study_does_not_replace_the_tables_of_others() {
    let studies = Studies::of(2);
    let people = studies.eyes().join("people.csv");
    std::fs::write(&people, "person,sex\n1,F\n").unwrap();
    let eyes = studies.eyes();
    let eyes = eyes.to_str().unwrap();
    let (status, refused) = studies.home.json(&["study", "new", eyes, eyes]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (2, &json!("tables-there"))
    );
    assert!(!studies.eyes().join(NAME).exists());
    std::fs::remove_file(&people).unwrap();
    assert_eq!(studies.home.json(&["study", "new", eyes, eyes]).0, 0);
}

#[test]
fn a_table_lists_the_photographs_of_a_study() {
    let studies = Studies::of(3);
    let photographs = studies.photographs();
    let name = |at: usize| photographs[at].file_name().unwrap().to_str().unwrap();
    let table = studies.home.path("eyes/table.csv");
    let rows = format!(
        "file;sex\nimages\\{};F\nimages/{};M\nimages/gone.png;M\n",
        name(2),
        name(0)
    );
    std::fs::write(&table, rows).unwrap();
    let (status, _) = studies.study(&["new", "s", table.to_str().unwrap()]);
    assert_eq!(status, 0);
    assert_eq!(counts(&studies.status("s")), [0, 2, 0, 0, 1]);
    let (status, run) = studies.run("s", &[]);
    let rows = run["results"].as_array().unwrap().iter();
    let images: Vec<&str> = rows.map(|row| row["image"].as_str().unwrap()).collect();
    assert_eq!((status, images), (1, vec![name(2), name(0), "gone.png"]));

    std::fs::write(&table, "person,sex\n1,F\n").unwrap();
    let (status, refused) = studies.study(&["new", "t", table.to_str().unwrap()]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (2, &json!("no-photographs"))
    );
    assert!(!studies.path("t").exists());
}

#[test]
fn a_table_of_labels_is_confirmed_once_and_a_change_of_it_is_noticed() {
    let studies = Studies::of(6);
    studies.created("s", &[]);
    let table = studies.home.path("eyes/labels.csv");
    let coded = std::fs::read_to_string(&table).unwrap();
    let coded = coded.replace(",F\n", ",2\n").replace(",M\n", ",1\n");
    std::fs::write(&table, &coded).unwrap();
    let labels = ["labels", "s", "--labels", table.to_str().unwrap()];
    let (status, asked) = studies.study(&labels);
    assert_eq!((status, &asked["error"]["code"]), (2, &json!("labels")));
    assert_eq!(studies.status("s")["labels"], Value::Null);
    let answer = [&labels[..], &["--values", "1=male,2=female"]].concat();
    let (status, confirmed) = studies.study(&answer);
    assert_eq!(
        (status, &confirmed["labels"]["with_row"]),
        (0, &json!(6)),
        "{confirmed}"
    );
    assert_eq!(confirmed["mapping"]["table"], "../eyes/labels.csv");
    assert_eq!(confirmed["first"].as_array().unwrap().len(), 5);
    assert_eq!(studies.status("s")["labels"]["state"], "same");

    std::fs::write(&table, coded.replacen(",2\n", ",1\n", 1)).unwrap();
    let status = &studies.status("s")["labels"];
    assert_eq!(
        (&status["state"], &status["with_row"]),
        (&json!("changed"), &json!(0))
    );
    std::fs::remove_file(&table).unwrap();
    assert_eq!(studies.status("s")["labels"]["state"], "missing");
    assert_eq!(studies.run("s", &[]).0, 0, "a run needs no labels");
}

#[test]
fn photographs_that_were_moved_are_asked_for() {
    let studies = Studies::of(3);
    studies.created("s", &["--saliency", "none"]);
    assert_eq!(studies.run("s", &[]).0, 0);
    let new = studies.home.path("elsewhere");
    std::fs::rename(studies.eyes(), &new).unwrap();
    let status = studies.status("s");
    assert_eq!(counts(&status), [0, 0, 0, 0, 3]);
    assert_eq!(status["moved"], json!(["../eyes/images"]));
    let (status, asked) = studies.run("s", &[]);
    assert_eq!(
        (status, &asked["error"]["code"]),
        (2, &json!("photographs-moved"))
    );
    let item = &asked["error"]["items"][0];
    assert_eq!(item["flag"], "--moved ../eyes/images=NEW");
    let moved = format!("../eyes/images={}", new.display());
    let (status, run) = studies.run("s", &["--moved", &moved]);
    assert_eq!((status, run["results"].as_array().unwrap().len()), (0, 3));
    assert_eq!(studies.computed("s").len(), 3);
    let text = std::fs::read_to_string(studies.path("s").join(NAME)).unwrap();
    assert!(text.contains("\"../elsewhere\""), "{text}");
}

#[test]
fn a_pattern_of_names_says_person_and_eye() {
    let studies = Studies::of(4);
    for (number, path) in (1..).zip(studies.photographs()) {
        let name = format!("{}x case{}.png", ["r", "l"][number % 2], number / 2);
        std::fs::rename(path, studies.eyes().join(name)).unwrap();
    }
    let pattern = [
        "--file-name-pattern",
        "{eye}x {person}",
        "--saliency",
        "none",
    ];
    studies.created("s", &pattern);
    let (status, run) = studies.run("s", &[]);
    let rows = run["results"].as_array().unwrap().iter();
    let said: Vec<[&str; 3]> = rows
        .map(|row| ["image", "eye", "person"].map(|field| row[field].as_str().unwrap()))
        .collect();
    let expected = [
        ["lx case0.png", "OS", "case0"],
        ["lx case1.png", "OS", "case1"],
        ["rx case1.png", "OD", "case1"],
        ["rx case2.png", "OD", "case2"],
    ];
    assert_eq!((status, said), (0, expected.to_vec()));
    // The names say the same of what was answered before.
    let (status, again) = studies.run("s", &[]);
    assert_eq!((status, &again["results"][0]["eye"]), (0, &json!("OS")));
    assert!(studies.path("s/people.csv").is_file());
    let (status, _) = studies.run("s", &["--file-name-pattern", "{shoe}"]);
    assert_eq!(status, 2);
}

#[test]
fn a_model_is_added_without_running_the_first_again() {
    let studies = Studies::of(3);
    let both = [
        "--model",
        "demo-mobilenet",
        "--model",
        "demo-efficientnet-b0",
    ];
    studies.created("both", &both);
    assert_eq!(studies.run("both", &[]).0, 0);
    studies.created("s", &[]);
    assert_eq!(studies.run("s", &[]).0, 0);
    let (status, run) = studies.run("s", &both);
    assert_eq!((status, run["results"].as_array().unwrap().len()), (0, 6));
    let computed = studies.computed("s");
    let of_first = computed.iter().filter(|(_, id)| id == "demo-mobilenet");
    assert_eq!((computed.len(), of_first.count()), (6, 3));
    assert_eq!(studies.table("s"), studies.table("both"));
}

#[test]
fn a_replaced_model_is_asked_about() {
    let studies = Studies::of(2);
    studies.created("s", &[]);
    studies.edit("s", |study| {
        study["models"][0]["card"]["threshold"] = json!(0.4)
    });
    let status = studies.status("s");
    assert_eq!(
        status["models"],
        json!([{"id": "demo-mobilenet", "state": "replaced"}])
    );
    let (status, asked) = studies.run("s", &[]);
    assert_eq!(
        (status, &asked["error"]["code"]),
        (2, &json!("models-replaced"))
    );
    assert_eq!(asked["error"]["items"][0]["flag"], "--model demo-mobilenet");
    assert!(!studies.path("s/results.csv").exists());
    assert_eq!(studies.run("s", &["--model", "demo-mobilenet"]).0, 0);
    assert_eq!(studies.status("s")["models"][0]["state"], "same");

    studies.edit("s", |study| study["models"][0]["id"] = json!("gone"));
    let (status, refused) = studies.run("s", &[]);
    assert_eq!(
        (status, &refused["error"]["code"]),
        (3, &json!("no-such-model"))
    );
}

#[test]
fn a_study_in_a_folder_that_cannot_be_written_to_is_only_looked_at() {
    let studies = Studies::of(2);
    studies.created("s", &[]);
    // A folder in place of the lock stands for a folder without write access.
    let lock = studies.path("s/.gantei-study.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    assert!(study::open(&studies.path("s")).unwrap().is_read_only());
    assert_eq!(counts(&studies.status("s")), [0, 2, 0, 0, 0]);
    let before = std::fs::read(studies.path("s").join(NAME)).unwrap();
    for more in [&[][..], &["--shard", "1/2"], &["--eye", "OD"]] {
        let (status, refused) = studies.run("s", more);
        assert_eq!(
            (status, &refused["error"]["code"]),
            (1, &json!("read-only"))
        );
    }
    assert_eq!(std::fs::read(studies.path("s").join(NAME)).unwrap(), before);
    assert!(journals(&studies.path("s")).is_empty());
}

#[test]
fn a_damaged_or_newer_study_is_refused_and_stays_as_it_is() {
    let studies = Studies::of(2);
    studies.created("s", &[]);
    let path = studies.path("s").join(NAME);
    let valid = std::fs::read_to_string(&path).unwrap();
    for (text, code) in [
        (valid[..valid.len() / 2].to_owned(), "study-damaged"),
        (
            valid.replace("\"schema\": 1", "\"schema\": 2"),
            "study-newer",
        ),
        (
            valid.replace("\"schema\": 1", "\"schema\": 1, \"more\": true"),
            "study-unknown-field",
        ),
    ] {
        std::fs::write(&path, &text).unwrap();
        for command in ["run", "status"] {
            let (status, refused) = studies.study(&[command, "s"]);
            assert_eq!((status, &refused["error"]["code"]), (1, &json!(code)));
            assert!(!refused["error"]["hint"].as_str().unwrap().is_empty());
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_study_run_again_from_the_start_keeps_what_was_answered() {
    let studies = Studies::of(3);
    studies.created("s", &["--saliency", "none"]);
    assert_eq!(studies.run("s", &["--shard", "1/2"]).0, 0);
    assert_eq!(studies.run("s", &[]).0, 0);
    let (status, run) = studies.run("s", &["--again"]);
    assert_eq!(
        (status, &run["remarks"][0]["code"]),
        (0, &json!("started-over"))
    );
    assert_eq!(studies.computed("s").len(), 3);
    for aside in [
        "gantei-study-journal (2).jsonl",
        "gantei-study-journal-1-of-2 (2).jsonl",
    ] {
        assert!(studies.path("s").join(aside).is_file(), "{aside}");
    }
}
