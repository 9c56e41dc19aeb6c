//! The tables of a run. A file that cannot be replaced is written under another name; one that cannot be written is
//! reported.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Outcome;
use crate::domain::{Detail, Finding, FindingCode, ResultRow, Severity};
use crate::export::{
    json,
    tables::{self, Sentences},
};
use crate::storage::{self, Error, atomic, read};
use crate::text::remark::Remark;
use crate::workflow::{self, VERSION};

/// Largest `results.json` that is read.
const LARGEST: u64 = 1 << 30;

/// Writes the tables and `results.json`; remarks go to the outcome.
///
/// # Errors
/// [`workflow::Error::Unwritten`] with the first file that could not be written, once the others were.
pub(super) fn write(out: &Path, outcome: &mut Outcome) -> Result<(), workflow::Error> {
    let replaces_people = storage::is_there(&out.join(tables::PEOPLE));
    let mut failures = Vec::new();
    for (name, table) in tables::all(&outcome.cases, &Sentences::default(), replaces_people) {
        put(out, name, &table, &mut outcome.remarks, &mut failures);
    }
    let document = json::text(&document(outcome));
    put(
        out,
        json::RESULTS,
        document.as_bytes(),
        &mut outcome.remarks,
        &mut failures,
    );
    let more = failures.len().saturating_sub(1);
    match failures.into_iter().next() {
        Some(first) => Err(workflow::Error::Unwritten { first, more }),
        None => Ok(()),
    }
}

/// The document of a run, as it is written and printed.
pub fn document(outcome: &Outcome) -> serde_json::Value {
    json::document(&json::Results {
        skipped: &outcome.skipped,
        remarks: &outcome.remarks,
        interrupted: outcome.interrupted,
        ..json::Results::of(&outcome.cases, VERSION)
    })
}

fn put(out: &Path, name: &str, bytes: &[u8], remarks: &mut Vec<Remark>, failed: &mut Vec<Error>) {
    let Err(error) = atomic::write(&out.join(name), bytes) else {
        return;
    };
    match beside(out, name, bytes) {
        Some(instead) => remarks.push(Remark::WrittenBeside {
            name: name.to_owned(),
            instead,
        }),
        None => failed.push(error),
    }
}

/// Writes a table as `results (2).csv` and returns that name; `None` if that cannot be written either.
fn beside(out: &Path, name: &str, bytes: &[u8]) -> Option<String> {
    const MOST: usize = 99;
    let (stem, extension) = name.rsplit_once('.')?;
    for number in 2..=MOST {
        let name = format!("{stem} ({number}).{extension}");
        match atomic::write_new(&out.join(&name), bytes) {
            Ok(true) => return Some(name),
            Ok(false) => {}
            Err(_) => return None,
        }
    }
    None
}

/// Whether a folder has the tables of a run that was not stopped, with more rows than these.
pub(super) fn has_whole(out: &Path, rows: usize) -> bool {
    #[derive(Deserialize)]
    struct Written {
        interrupted: bool,
        results: Vec<IgnoredAny>,
    }
    let bytes = read::file(&out.join(json::RESULTS), LARGEST);
    let written = bytes.is_ok_and(|bytes| {
        let written = serde_json::from_slice::<Written>(&bytes);
        written.is_ok_and(|w| !w.interrupted && w.results.len() > rows)
    });
    written && storage::is_file(&out.join(tables::RESULTS))
}

/// Removes missing overlays, such as those of a folder that was deleted meanwhile, from their rows, and notes it there.
pub(super) fn note_missing_overlays(out: &Path, cases: &mut [ResultRow]) {
    for case in cases {
        let before = case.files.len();
        case.files.retain(|name| storage::is_file(&out.join(name)));
        if case.files.len() < before {
            case.findings.push(Finding::with_detail(
                FindingCode::OverlayNotWritten,
                Severity::Caution,
                Detail::Removed,
            ));
        }
    }
}

/// # Errors
/// [`workflow::Error::Overlays`] if some are not on the disk.
pub(super) fn check_overlays(cases: &[ResultRow]) -> Result<(), workflow::Error> {
    let lacks = |case: &&ResultRow| {
        let mut findings = case.findings.iter();
        findings.any(|f| f.code == FindingCode::OverlayNotWritten)
    };
    match cases.iter().filter(lacks).count() {
        0 => Ok(()),
        rows => Err(workflow::Error::Overlays { rows }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::row::sample;

    fn outcome() -> Outcome {
        Outcome {
            cases: vec![sample::case()],
            skipped: Vec::new(),
            remarks: Vec::new(),
            failure: None,
            interrupted: false,
        }
    }

    #[test]
    fn a_table_that_cannot_be_replaced_is_written_beside() {
        let out = tempfile::tempdir().unwrap();
        for number in [2, 3] {
            let name = out.path().join(tables::RESULTS);
            if number == 2 {
                // A folder in its place blocks the name like a program that holds the file.
                std::fs::create_dir(&name).unwrap();
            }
            let mut outcome = outcome();
            write(out.path(), &mut outcome).unwrap();
            let instead = format!("results ({number}).csv");
            let remark = Remark::WrittenBeside {
                name: tables::RESULTS.to_owned(),
                instead: instead.clone(),
            };
            assert_eq!(outcome.remarks, [remark]);
            assert!(out.path().join(&instead).is_file());
            let document = std::fs::read_to_string(out.path().join(json::RESULTS)).unwrap();
            assert!(document.contains(&instead));
        }
    }

    #[test]
    fn whole_tables_are_told_from_those_of_a_stopped_run() {
        let out = tempfile::tempdir().unwrap();
        assert!(!has_whole(out.path(), 0));
        let mut outcome = outcome();
        for interrupted in [true, false] {
            outcome.interrupted = interrupted;
            write(out.path(), &mut outcome).unwrap();
            assert_eq!(has_whole(out.path(), 0), !interrupted);
            assert!(!has_whole(out.path(), 1));
        }
        std::fs::write(out.path().join(json::RESULTS), b"{\"interrupted\":").unwrap();
        assert!(!has_whole(out.path(), 0));
    }

    #[test]
    fn tables_that_cannot_be_written_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("file");
        std::fs::write(&out, b"").unwrap();
        let mut outcome = outcome();
        let written = write(&out, &mut outcome);
        let Err(workflow::Error::Unwritten { more, .. }) = written else {
            panic!("it was written");
        };
        assert_eq!(more, 2);
        assert_eq!(outcome.cases.len(), 1);
    }

    #[test]
    fn overlays_that_are_gone_are_not_named() {
        let out = tempfile::tempdir().unwrap();
        std::fs::write(out.path().join("here.png"), b"x").unwrap();
        let mut case = sample::case();
        case.files = vec!["here.png".into(), "gone.png".into()];
        let findings = case.findings.len();
        let mut cases = [case];
        for _ in 0..2 {
            note_missing_overlays(out.path(), &mut cases);
            assert_eq!(cases[0].files, ["here.png"]);
            assert_eq!(cases[0].findings.len(), findings + 1);
        }
    }
}
