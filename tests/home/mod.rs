//! Runs the command line as another program does, in a temporary home.

// No test target uses all of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A temporary home for each test: tests are independent of each other and leave the user's folders alone.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With the bundled models as the first command leaves them. They are imported once per test target.
    pub fn with_models() -> Self {
        static FILES: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
        let files = FILES.get_or_init(|| {
            let first = Self::new();
            assert_eq!(first.json(&["models"]).0, 0);
            let mut files = Vec::new();
            dataset(&first.path("home"), first.0.path(), &mut files);
            files
        });
        let home = Self::new();
        for (below, bytes) in files {
            let path = home.0.path().join(below);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn gantei(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// The command, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        self.around(Command::new(env!("CARGO_BIN_EXE_gantei")), args)
    }

    /// Another program that starts the command, in the same environment.
    pub fn around(&self, mut program: Command, args: &[&str]) -> Command {
        program
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("GANTEI_HOME", self.path("home"))
            .env_remove("ORT_DYLIB_PATH");
        program
    }

    /// Runs with `--json`; returns the status and the document on standard output.
    pub fn json(&self, args: &[&str]) -> (i32, Value) {
        let mut args = args.to_vec();
        args.push("--json");
        let output = self.gantei(&args);
        let text = String::from_utf8(output.stdout).unwrap();
        let document = serde_json::from_str(&text)
            .unwrap_or_else(|e| panic!("{args:?} printed {text:?}: {e}"));
        (output.status.code().unwrap(), document)
    }
}

/// Every file below a folder, with its path relative to `above`.
fn dataset(folder: &Path, above: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            dataset(&path, above, files);
        } else {
            let below = path.strip_prefix(above).unwrap();
            files.push((below.to_owned(), std::fs::read(&path).unwrap()));
        }
    }
}

/// Codes of a row's findings.
pub fn codes(row: &Value) -> Vec<&str> {
    let findings = row["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect()
}

/// Longest wait; generous, so that a busy machine passes too.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits until `is_so`; fails with `what` after [`PATIENCE`].
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "waited {PATIENCE:?} for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The same while a program runs; fails if it ends first.
pub fn wait_while_running(child: &mut Child, what: &str, is_so: impl Fn() -> bool) {
    wait_until(what, || {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended before {what}: {ended:?}");
        is_so()
    });
}
