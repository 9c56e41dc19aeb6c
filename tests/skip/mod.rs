//! Reports what a test skips for lack of a file, a library or a permission, immediately and in a count at the end.

// Tests call `skipped`, the last target `summary`.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

/// Reports that this test skips something. `why` is a reason that other tests may share.
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Written directly, because the harness captures the output of passing tests.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
    let Some(notes) = notes() else { return };
    let mut options = std::fs::File::options();
    if let Ok(mut file) = options.create(true).append(true).open(notes) {
        // A single write, since tests write here from several threads.
        let _ = file.write_all(format!("{}\t{test}\t{why}\n", program()).as_bytes());
    }
}

/// One line on what all tests of this run skipped; deletes their notes.
pub fn summary() -> String {
    let notes = notes();
    let text = notes.as_ref().and_then(|n| std::fs::read_to_string(n).ok());
    if let Some(notes) = notes {
        let _ = std::fs::remove_file(notes);
    }
    summary_of(&text.unwrap_or_default())
}

fn summary_of(notes: &str) -> String {
    let mut tests: BTreeSet<&str> = BTreeSet::new();
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in notes.lines() {
        if let Some((test, why)) = line.rsplit_once('\t') {
            tests.insert(test);
            reasons.entry(why).or_default().insert(test);
        }
    }
    if tests.is_empty() {
        return "skipped: nothing".to_owned();
    }
    let reasons: Vec<String> = reasons
        .iter()
        .map(|(why, tests)| format!("{} because {why}", tests.len()))
        .collect();
    let tests = match tests.len() {
        1 => "1 test".to_owned(),
        several => format!("{several} tests"),
    };
    format!("skipped: {tests}, whole or in part: {}", reasons.join("; "))
}

/// The notes of this run, in the build folder. All test targets have the same parent process.
fn notes() -> Option<PathBuf> {
    #[cfg(unix)]
    let run = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let run = "run";
    let program = std::env::current_exe().ok()?;
    // The program is <target>/<profile>/deps/<program>; one copied elsewhere keeps no notes.
    let deps = program.parent().filter(|folder| folder.ends_with("deps"))?;
    let folder = deps.ancestors().nth(2)?.join("tmp");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join(format!("skipped-{run}")))
}

/// The target that this test belongs to.
fn program() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let name = program.file_stem().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
