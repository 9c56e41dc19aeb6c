//! Rows of a run as text: each as it is finished, and at the end what only the whole run shows.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::say;
use crate::domain::foreign::{escaped, shown};
use crate::domain::{Finding, Laterality, ResultRow, Severity, Task};
use crate::export::aggregate::groups;
use crate::text::report::Report;
use crate::text::{Lang, detail_in_files, finding, research_only};
use crate::workflow::Outcome;

/// A row, with its findings and the files written for it below.
pub fn row(case: &ResultRow) -> String {
    let mut text = line(case);
    case.findings.iter().for_each(|f| add_finding(&mut text, f));
    for file in &case.files {
        let _ = write!(text, "\n    -> {}", escaped(file));
    }
    text
}

fn add_finding(text: &mut String, f: &Finding) {
    let mark = match f.severity {
        Severity::Note => "·",
        Severity::Caution => "!",
        Severity::Serious => "!!",
    };
    let detail = f.detail.as_ref().map(detail_in_files);
    let detail = detail.map(|d| format!(" ({})", escaped(&d)));
    let _ = write!(
        text,
        "\n    {mark:<2} {}{}",
        finding(f.code, Lang::En).message,
        detail.unwrap_or_default()
    );
}

/// What remains after the rows: findings of the whole run, persons, skipped files, how it ended, and the research-only
/// line.
pub fn end(outcome: &Outcome) -> String {
    let mut text = String::new();
    of_the_run(&mut text, &outcome.cases);
    for line in people(&outcome.cases) {
        let _ = writeln!(text, "{line}");
    }
    say::skipped(&mut text, &outcome.skipped);
    let refused = outcome.cases.iter().filter(|c| c.is_refused()).count();
    if refused > 0 {
        let _ = writeln!(
            text,
            "{refused} of {} rows have no answer because the picture does not look like a fundus photograph; \
             --accept-any-picture uses it anyway.",
            outcome.cases.len()
        );
    }
    let failed = outcome.failed_rows();
    if failed > 0 {
        let _ = writeln!(
            text,
            "{failed} of {} rows have no answer; each row states the reason.",
            outcome.cases.len()
        );
    }
    if outcome.interrupted {
        let _ = writeln!(text, "Interrupted; the rows above are finished.");
    }
    text.push_str(research_only(Lang::En));
    text
}

/// Rows with the findings that only the whole run gives.
fn of_the_run(text: &mut String, cases: &[ResultRow]) {
    for case in cases {
        let found = case.findings.iter().filter(|f| f.code.is_about_the_run());
        let mut about = String::new();
        found.for_each(|f| add_finding(&mut about, f));
        let reasons = case.subject.reasons();
        if case.error.is_none() && !reasons.is_empty() {
            let reasons = Report(Lang::En).left_out_all(reasons);
            let _ = write!(about, "\n    not used ({reasons})");
        }
        if !about.is_empty() {
            let _ = writeln!(text, "{}  {}{about}", escaped(&case.image), case.card.id);
        }
    }
}

/// The figures per eye and person, with the number of photographs behind each.
fn people(cases: &[ResultRow]) -> Vec<String> {
    let report = Report(Lang::En);
    let of_age = cases.iter().filter(|case| case.card.task == Task::Age);
    let of_age: BTreeSet<&str> = of_age.map(|case| case.card.id.as_str()).collect();
    groups(cases)
        .iter()
        .map(|group| {
            let eye = group.eye.map_or("both eyes", Laterality::as_str);
            let figure = match group
                .aggregate
                .as_ref()
                .map(|t| (t.score, t.value, &t.label))
            {
                Some((Some(score), _, label)) => {
                    let label = shown(label.as_deref().unwrap_or("no label"));
                    format!("model score {score:.4}  {label}")
                }
                Some((None, Some(value), _)) => {
                    format!("{value:.2}{}", unit(of_age.contains(group.model.as_str())))
                }
                _ => "no figure".to_owned(),
            };
            let used = report.used_of(group.used(), group.photographs);
            format!(
                "{}  {eye}  {}  {figure}  {used}",
                shown(&group.person.name),
                group.model
            )
        })
        .collect()
}

/// The unit of a value: years for an age, else none.
fn unit(of_age: bool) -> &'static str {
    if of_age { " years" } else { "" }
}

fn line(case: &ResultRow) -> String {
    let mut line = format!("{}  {}", escaped(&case.image), case.card.id);
    if case.error.is_none() && !case.scores.is_empty() {
        let label = case.label.as_deref().map(shown);
        let _ = write!(line, "  {}", label.unwrap_or_default());
        for class in &case.scores {
            let _ = write!(line, "  {} {:.4}", shown(&class.label), class.score);
        }
    } else {
        line.push_str(&figure(case));
    }
    let _ = write!(line, "  eye {}", case.eye.as_str());
    if let Some(quality) = case.quality {
        let _ = write!(line, "  quality {}", quality.as_str());
    }
    if let Some(used) = &case.used {
        let _ = write!(
            line,
            "  [{} {}: {}]",
            used.engine, used.version, used.provider
        );
    }
    line
}

/// The score with its label, the value, or that there is none.
fn figure(case: &ResultRow) -> String {
    let mut line = String::new();
    match (&case.error, case.score, case.value) {
        (Some(error), _, _) => {
            let _ = write!(line, "  no answer: {error}");
        }
        (None, Some(score), _) => {
            let label = shown(case.label.as_deref().unwrap_or("no label"));
            let _ = write!(line, "  model score {score:.4}  {label}");
            if let Some(threshold) = case.card.threshold {
                let _ = write!(line, " (threshold {threshold})");
            }
            if let Some(logit) = case.logit {
                let _ = write!(line, "  logit {logit:.4}");
            }
        }
        (None, None, Some(value)) => {
            let _ = write!(line, "  {value:.2}{}", unit(case.card.task == Task::Age));
        }
        (None, None, None) => {
            let _ = write!(line, "  no answer");
        }
    }
    line
}
