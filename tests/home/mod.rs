//! The command line as a program calls it, in a home of its own.

// Each test takes what it needs.
#![allow(dead_code)]

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A home of its own for each test, so that tests neither meet nor touch the user's folders.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
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

    /// Another program that starts it, with the same surroundings.
    pub fn around(&self, mut program: Command, args: &[&str]) -> Command {
        program
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("GANTEI_HOME", self.path("home"))
            .env_remove("ORT_DYLIB_PATH");
        program
    }

    /// Runs with `--json`; the status and the one document on standard output.
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

/// Codes of a row's findings.
pub fn codes(row: &Value) -> Vec<&str> {
    let findings = row["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect()
}
