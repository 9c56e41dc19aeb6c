//! A study as text.

use std::fmt::Write as _;

use super::args::DICOM;
use crate::cli::say;
use crate::domain::foreign::{escaped, shown};
use crate::domain::{LabelMapping, Persons, StudySettings};
use crate::storage::file_name;
use crate::text::{Lang, research_only};
use crate::workflow::study::{
    LabelMatch, LabelState, LabelStatus, Listing, ModelState, OpenStudy, StudyStatus,
};

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

/// What a run changes in the settings that the study keeps; empty if nothing.
pub fn changed(before: &StudySettings, after: &StudySettings) -> String {
    let said = |settings: &StudySettings| {
        let none = || "none".to_owned();
        let saliency = if settings.saliency {
            "grad-cam"
        } else {
            "none"
        };
        let accepts = if settings.accept_any_picture {
            "yes"
        } else {
            "no"
        };
        let pattern = settings.file_name_pattern.as_deref();
        [
            ("--saliency ", saliency.to_owned()),
            (
                "--eye ",
                settings
                    .eye
                    .map_or_else(none, |eye| eye.as_str().to_owned()),
            ),
            (
                "--frame ",
                settings.frame.map_or_else(none, |frame| frame.to_string()),
            ),
            ("--accept-any-picture=", accepts.to_owned()),
            ("--persons ", persons(settings.persons).to_owned()),
            ("--file-name-pattern ", pattern.map_or_else(none, escaped)),
        ]
    };
    let pairs = said(before).into_iter().zip(said(after));
    let changed = pairs.filter(|(before, after)| before != after);
    let changed =
        changed.map(|((_, before), (flag, after))| format!("{flag}{after} (was {before})"));
    changed.collect::<Vec<_>>().join(", ")
}

fn persons(persons: Persons) -> &'static str {
    match persons {
        Persons::Dicom => DICOM,
        Persons::FileNames => "file-names",
        Persons::None => "none",
    }
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
    if let Some(labels) = &status.labels {
        let _ = writeln!(text, "  labels  {}", of_labels(labels));
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

fn of_labels(labels: &LabelStatus) -> String {
    let table = escaped(&labels.table);
    match labels.state {
        LabelState::Missing => format!("{table}  not found"),
        LabelState::Changed => {
            format!("{table}  changed since it was confirmed; run gantei study labels again")
        }
        LabelState::Same => format!(
            "{table}  {} photographs with a row, {} without; {} rows without a photograph, {} ambiguous, {} unreadable",
            labels.with_row,
            labels.without_row,
            labels.without_photograph,
            labels.ambiguous,
            labels.unreadable
        ),
    }
}

/// How a table of labels was read: its columns, what they say, and the first photographs.
pub fn labelled(mapping: &LabelMapping, status: &LabelStatus, matches: &[LabelMatch]) -> String {
    let mut text = String::new();
    let columns = mapping.columns.iter();
    let columns = columns.map(|c| format!("{} = {}", c.role.as_str(), escaped(&c.name)));
    let _ = writeln!(text, "Columns: {}.", columns.collect::<Vec<_>>().join(", "));
    for found in matches {
        let values = found.values.iter();
        let values = values.map(|(role, value)| format!("{role} {}", escaped(value)));
        let values: Vec<String> = values.collect();
        let image = escaped(&found.image);
        let _ = writeln!(
            text,
            "line {:>5}  {image}  {}",
            found.line,
            values.join(", ")
        );
    }
    let _ = write!(text, "Labels {}.", of_labels(status));
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
