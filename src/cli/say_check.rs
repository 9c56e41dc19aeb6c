//! The text output of `gantei check-import`.

use std::fmt::Write as _;

use crate::domain::foreign::{escaped, shown};
use crate::evaluation::{Figure, Used};
use crate::text::labels::not_used;
use crate::text::{Lang, research_only};
use crate::workflow::check_import::{Applied, CheckReport, CheckRow, TableRead, short};

/// Rows shown; the files and the JSON document hold the others.
const SHOWN: usize = 20;

/// Names shown in each list of what was left out.
const NAMES: usize = 8;

/// The table, the verdict, and what was not used.
pub fn checked(report: &CheckReport) -> String {
    let mut text = String::new();
    let figure = match report.figure {
        Figure::Auc => "AUC",
        Figure::MeanAbsoluteError => "mean absolute error",
    };
    let counts: Vec<String> = report
        .label_counts
        .iter()
        .map(|(label, count)| format!("{count} {}", shown(label)))
        .collect();
    let persons = match (report.persons_known, counts.is_empty()) {
        (true, true) => format!(" of {} persons", report.persons),
        (true, false) => format!(" of {} persons ({})", report.persons, counts.join(", ")),
        (false, true) => String::new(),
        (false, false) => format!(" ({})", counts.join(", ")),
    };
    // What was left out precedes every figure.
    let not_used = not_used(&report.left_out.unused(), Lang::En);
    let end = if not_used.is_empty() { "" } else { ". " };
    let _ = writeln!(
        text,
        "{}: {figure} with 95 % interval on {} images{persons}{end}{not_used}",
        report.model, report.images
    );
    let _ = writeln!(
        text,
        "{}  [{}: {}]\n",
        table(&report.table),
        report.engine.engine,
        report.engine.provider
    );
    for wording in &report.remarks {
        let _ = writeln!(text, "{}", wording.0.wording(Lang::En));
    }
    text.push('\n');
    for row in report.rows.iter().take(SHOWN) {
        let _ = writeln!(text, "{}", line(row));
        for same in &row.same {
            let _ = writeln!(text, "           = {}", short(same));
        }
    }
    if report.rows.len() > SHOWN {
        let _ = writeln!(
            text,
            "     {} more rows; --json and --out list them all.",
            report.rows.len() - SHOWN
        );
    }
    let _ = writeln!(
        text,
        "\n~ indistinguishable from the best   * setting of the card   - label order reversed\n"
    );
    let left = &report.left_out;
    let (unreadable, failed) = (left.unreadable(Lang::En), left.failed());
    let skipped = left.skipped_reasons.iter().map(|s| {
        let wording = |field: &str| s[field].as_str().unwrap_or_default();
        format!("{} ({})", wording("file"), wording("message"))
    });
    let skipped: Vec<String> = skipped.collect();
    for (what, names) in [
        ("labels without an image", &left.labels_without_image),
        ("images without a label", &left.images_without_label),
        ("names that match more than once, not used", &left.ambiguous),
        (
            "names whose rows contradict each other, not used",
            &left.contradicting,
        ),
        ("rows without a usable label, by line", &unreadable),
        ("images that failed", &failed),
        (
            "pictures that do not look like fundus photographs (--accept-any-picture uses them)",
            &left.not_a_fundus,
        ),
        ("images not reached", &left.not_reached),
        ("files and folders that were skipped", &skipped),
    ] {
        if !names.is_empty() {
            let _ = writeln!(text, "{} {what}: {}", names.len(), some_of(names));
        }
    }
    if let Some(applied) = &report.applied {
        text.push_str(&written(applied, &report.model));
    }
    text.push_str(research_only(Lang::En));
    text
}

/// How the table of labels was read, in one line.
fn table(read: &TableRead) -> String {
    let columns = read
        .columns
        .iter()
        .map(|c| format!("{} = {}", c.holds, shown(&c.name)));
    let columns: Vec<String> = columns.collect();
    let value = |used: &Used| {
        format!(
            "{} = {}",
            shown(&used.value),
            shown(used.label.as_deref().unwrap_or("not used"))
        )
    };
    let values: Vec<String> = read.values.iter().take(NAMES).map(value).collect();
    let more = if read.values.len() > NAMES {
        ", ..."
    } else {
        ""
    };
    match values.is_empty() {
        true => format!("Read from the table: {}.", columns.join(", ")),
        false => format!(
            "Read from the table: {} ({}{more}).",
            columns.join(", "),
            values.join(", ")
        ),
    }
}

/// What was written into the card.
fn written(applied: &Applied, model: &str) -> String {
    let mut text = format!(
        "Row {} is the setting in the card of {model}: {}.\n",
        applied.rank, applied.text
    );
    let changed = match (applied.changed.is_empty(), applied.swapped) {
        (true, false) => "The card already had this setting; it is unchanged.".to_owned(),
        (true, true) => "The setting is unchanged.".to_owned(),
        (false, _) => format!("Changed: {}.", applied.changed.join(", ")),
    };
    let _ = writeln!(text, "{changed}");
    if applied.swapped {
        let _ = writeln!(text, "The two labels were swapped.");
    }
    if !applied.settled.is_empty() {
        let _ = writeln!(
            text,
            "Determined by the labels: {}.",
            applied.settled.join(", ")
        );
    }
    if !applied.open.is_empty() {
        let _ = writeln!(text, "Still open: {}.", applied.open.join(", "));
    }
    text
}

fn line(row: &CheckRow) -> String {
    let mark = |on: bool, mark: char| if on { mark } else { ' ' };
    let [low, high] = row.interval;
    let [behind_low, behind_high] = row.behind_best_interval;
    let behind = if row.behind_best_interval == [0.0; 2] {
        String::new()
    } else {
        format!(
            "  behind {:.3} ({behind_low:.3} to {behind_high:.3})",
            row.behind_best
        )
    };
    let training = row.training_distance;
    let distance = training.map_or(String::new(), |d| format!("  distance {d:.3}"));
    format!(
        "{:>4} {}{}{}  {:<32} {:.3} ({low:.3} to {high:.3}){distance}{behind}",
        row.rank,
        mark(row.inseparable, '~'),
        mark(row.of_card, '*'),
        mark(row.flipped, '-'),
        short(&row.input),
        row.value,
    )
}

fn some_of(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(NAMES)
        .map(|name| escaped(name))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > NAMES {
        text.push_str(", ...");
    }
    text
}
