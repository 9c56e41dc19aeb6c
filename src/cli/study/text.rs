//! A study as text.

use std::fmt::Write as _;

use crate::cli::say;
use crate::domain::foreign::{escaped, shown};
use crate::storage::file_name;
use crate::text::{Lang, research_only};
use crate::workflow::study::{Listing, ModelState, OpenStudy, StudyStatus};

/// Photographs that are named in a list.
const NAMES: usize = 20;

/// A study that was created.
pub fn created(open: &OpenStudy, listing: &Listing) -> String {
    let mut text = String::new();
    say::skipped(&mut text, &listing.scan.skipped);
    let models: Vec<&str> = open.study().models.iter().map(|m| m.id.as_str()).collect();
    let _ = writeln!(
        text,
        "Created the study {} of {} photographs with {}.",
        shown(&file_name(open.folder())),
        listing.scan.found.len(),
        models.join(", ")
    );
    let _ = write!(text, "Run it with: gantei study run FOLDER");
    text
}

/// What stands beside the bar of a run.
pub fn progress(failed: u64, image: &str) -> String {
    match failed {
        0 => shown(image),
        _ => format!("{failed} failed  {}", shown(image)),
    }
}

/// How far a study is.
pub fn status(status: &StudyStatus) -> String {
    let mut text = String::new();
    let counts = [
        ("photographs", status.photographs),
        ("answered", status.answered),
        ("open", status.open),
        ("failed", status.failed.len()),
        ("changed", status.changed.len()),
        ("missing", status.missing.len()),
        ("added since the last run", status.added),
    ];
    for (what, count) in counts {
        let _ = writeln!(text, "{count:>8}  {what}");
    }
    for model in &status.models {
        let state = match model.state {
            ModelState::Same => "",
            ModelState::Replaced => "  replaced since the study was set up",
            ModelState::Missing => "  not in the library",
        };
        let _ = writeln!(text, "   model  {}{state}", escaped(&model.id));
    }
    let failed = status.failed.iter();
    let failed = failed.map(|f| format!("{} ({})", escaped(&f.image), escaped(&f.error)));
    list(&mut text, "failed", failed);
    list(
        &mut text,
        "changed",
        status.changed.iter().map(|name| escaped(name)),
    );
    list(
        &mut text,
        "missing",
        status.missing.iter().map(|name| escaped(name)),
    );
    list(
        &mut text,
        "not found",
        status.moved.iter().map(|name| escaped(name)),
    );
    text.push_str(research_only(Lang::En));
    text
}

/// The first of a list, a line each, and the number of the others.
fn list(text: &mut String, what: &str, names: impl ExactSizeIterator<Item = String>) {
    let more = names.len().saturating_sub(NAMES);
    for name in names.take(NAMES) {
        let _ = writeln!(text, "{what}  {name}");
    }
    if more > 0 {
        let _ = writeln!(text, "{what}  {more} more, which --json lists");
    }
}
