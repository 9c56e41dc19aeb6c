//! Output of the command line: documents and tables on standard output, everything else on standard error.
//!
//! A closed pipe (`gantei … | head`) is not a failure; any other error of standard output is, because an answer that
//! was not written must not look like one that was. Terminal control characters are escaped here once more, whatever
//! their source.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::errors;
use crate::domain::foreign::{escaped, lines, shown};
use crate::domain::{MarkSource, ModelCard, Region, RegionShare, Regions, Skipped};
use crate::export::explained::{About, Entry};
use crate::export::json;
use crate::export::sanity_checks::verdict;
use crate::keras::Form;
use crate::runtime::DevicesReport;
use crate::saliency::sanity_checks::SanityChecks;
use crate::storage::Reason;
use crate::text::remark::Remark;
use crate::text::report::Report;
use crate::text::window::Texts;
use crate::text::{Lang, detail_in_files, finding, research_only};
use crate::workflow::verify::Verified;
use crate::workflow::{Error, Explained, ImportReport, ModelSummary, engine_check};

/// Prints the only JSON document.
pub fn document(document: &Value) -> Result<(), Reason> {
    out(&json::text(document))
}

/// Prints text for the user.
pub fn text(text: &str) -> Result<(), Reason> {
    out(&format!("{}\n", lines(text)))
}

fn out(text: &str) -> Result<(), Reason> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Reason::from),
    }
}

/// A remark on a run, with the flag that concerns it.
pub fn remark(remark: &Remark) -> String {
    let hint = match remark {
        Remark::Resumed { .. } => " (--again starts over)",
        _ => "",
    };
    format!("gantei: {}{hint}", remark.message(Lang::En))
}

/// Prints a remark to standard error.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", lines(text));
}

/// Prints what failed and what to do next.
pub fn refusal(error: &Error) {
    note(&format!("gantei: {}", errors::message(error)));
    let hint = errors::hint(error);
    if !hint.is_empty() {
        note(&hint);
    }
}

/// A progress bar on standard error; invisible if that is not a terminal.
pub fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len}  {per_sec}  {eta} left  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Shows that `done` of `total` are finished; `name` is the latest.
pub fn advance(bar: &ProgressBar, done: u64, total: u64, name: &str) {
    bar.set_length(total);
    bar.set_message(shown(name));
    bar.set_position(done);
}

/// One line for each skipped file and folder.
pub fn skipped(text: &mut String, skipped: &[Skipped]) {
    for Skipped { name, why } in skipped {
        let _ = writeln!(
            text,
            "skipped  {} ({})",
            escaped(name),
            why.reason(Lang::En)
        );
    }
}

/// The written maps.
pub fn explained(explained: &Explained) -> String {
    let mut text = String::new();
    for entry in &explained.maps {
        let image = escaped(entry.image());
        let _ = match (entry.failure(), entry) {
            (Some(failure), _) => writeln!(text, "{image}  no map: {}", failure.wording),
            (None, Entry::Refused { .. }) => writeln!(
                text,
                "{image}  no map: this does not look like a fundus photograph; --accept-any-picture uses it anyway"
            ),
            (None, Entry::Photograph(one)) => {
                let gap = one.provenance.completeness_gap;
                map(&mut text, &image, &About::from(&one.provenance), gap)
            }
            (None, Entry::Tensor(maps)) => map(&mut text, &image, &maps.first, None),
            (None, Entry::Failed { .. }) => Ok(()),
        };
        let of_case = entry.case().and_then(|case| case.regions.as_ref());
        of_case.iter().for_each(|found| regions(&mut text, found));
        match entry {
            Entry::Photograph(one) => {
                let card = Some(&*one.case.card);
                let found = one.sanity_checks.iter();
                found.for_each(|found| of_sanity_checks(&mut text, found, card));
            }
            Entry::Tensor(maps) => {
                let found = maps.sanity_checks.iter().flatten();
                found.for_each(|found| of_sanity_checks(&mut text, found, maps.card.as_ref()));
            }
            Entry::Refused { .. } | Entry::Failed { .. } => {}
        }
    }
    skipped(&mut text, &explained.skipped);
    if explained.interrupted {
        text.push_str("Stopped; the maps above are complete and were written.\n");
    }
    text.push_str(research_only(Lang::En));
    text
}

/// One line: what the map is, with the figures of its document.
fn map(text: &mut String, image: &str, about: &About, gap: Option<f64>) -> std::fmt::Result {
    let layer = about.layer.as_deref();
    writeln!(
        text,
        "{image}  {} of the {}{}, grid {}  lowest {}, highest {}{}",
        about.method,
        about.target,
        layer.map_or(String::new(), |layer| format!(" at {}", shown(layer))),
        json!(about.grid),
        json!(about.lowest),
        json!(about.highest),
        gap.map_or(String::new(), |g| format!("  completeness gap {g:.3e}")),
    )?;
    match (about.lowest, about.highest) {
        (0.0, 0.0) => writeln!(text, "  {}", Texts(Lang::En).map_without_evidence()),
        _ => Ok(()),
    }
}

/// One line for each region that the network sees.
fn regions(text: &mut String, regions: &Regions) {
    let _ = match (regions.landmarks, regions.source) {
        (None, _) => writeln!(text, "  disc or fovea not found: no regions"),
        (Some(_), MarkSource::Proposed) => {
            writeln!(text, "  disc and fovea as found:")
        }
        (Some(_), MarkSource::Accepted | MarkSource::User) => {
            writeln!(text, "  disc and fovea as given:")
        }
    };
    let parts = Region::ALL
        .into_iter()
        .filter(|_| regions.landmarks.is_some());
    for region in parts {
        let share = regions.shares.map(|shares| shares[region as usize]);
        let percent = |of: fn(&RegionShare) -> f64| share.as_ref().map_or(0.0, of) * 100.0;
        let covered = regions.covered.iter().flat_map(|c| &c.regions);
        let change = covered.filter(|r| r.region == region).map(|r| r.change);
        let hidden = change.map(|c| c.score.or(c.value)).next().flatten();
        let _ = writeln!(
            text,
            "  {:<14} {:5.1} % of the attribution on {:5.1} % of the area{}",
            region.as_str(),
            percent(RegionShare::evidence),
            percent(|share| share.area),
            hidden.map_or(String::new(), |h| format!("; hidden: {h:+.3}")),
        );
    }
}

/// The sanity checks of a map: the verdict and the findings.
fn of_sanity_checks(text: &mut String, sanity_checks: &SanityChecks, card: Option<&ModelCard>) {
    if let Some(deletion) = &sanity_checks.deletion {
        let verdict = Report(Lang::En).verdict(&verdict(deletion, card));
        let _ = writeln!(text, "    {verdict}");
    }
    for found in sanity_checks.findings() {
        let message = finding(found.code, Lang::En).message;
        let detail = found.detail.as_ref().map(detail_in_files);
        let detail = detail.map(|d| format!(" ({d})")).unwrap_or_default();
        let _ = writeln!(text, "    !  {message}{detail}");
    }
}

fn all_shown(texts: &[String], between: &str) -> String {
    let shown: Vec<String> = texts.iter().map(|text| shown(text)).collect();
    shown.join(between)
}

/// The model library.
pub fn models(models: &[ModelSummary]) -> String {
    let mut text = String::new();
    for model in models {
        let [height, width] = model.input.size;
        let _ = writeln!(
            text,
            "{:<24} {:<16} {height}×{width}  {}{}",
            model.id,
            shown(&model.architecture),
            if model.labels.is_empty() {
                "years".to_owned()
            } else {
                all_shown(&model.labels, " / ")
            },
            if model.demonstration {
                "  demonstration: trained on computer-drawn eyes"
            } else {
                ""
            },
        );
    }
    text.push_str(research_only(Lang::En));
    text
}

/// Engines and providers.
pub fn devices(report: &DevicesReport) -> String {
    let mut text = String::new();
    for engine in &report.engines {
        let version = engine.version.as_deref().unwrap_or("not found");
        let _ = writeln!(
            text,
            "{} {version}  {}",
            engine.engine,
            engine.library.as_deref().unwrap_or("")
        );
        for p in &engine.providers {
            let name = p.name.as_str();
            let _ = match (p.works, p.deviation, p.run_ms) {
                (true, Some(deviation), Some(ms)) => {
                    writeln!(
                        text,
                        "  {name:<10} works  deviation {deviation:.1e}  {ms:.1} ms"
                    )
                }
                _ => writeln!(
                    text,
                    "  {name:<10} no: {}",
                    p.reason.as_deref().unwrap_or("unknown reason")
                ),
            };
            for check in &p.checks {
                let sha256 = check.network_sha256.as_str();
                let unnamed = sha256.get(..12).unwrap_or(sha256);
                let model = check.model.as_deref().unwrap_or(unnamed);
                let line = engine_check::words(&check.used, &check.verdict, Lang::En);
                let _ = writeln!(text, "    {model}: {line}");
            }
        }
    }
    text.trim_end().to_owned()
}

/// What wrote the file of a model, as far as the file tells.
fn origin(keras_version: Option<&str>, form: &str) -> String {
    match keras_version {
        Some(version) => format!("Keras {}", shown(version)),
        None if form == Form::Onnx.as_str() => "ONNX".to_owned(),
        None => "Keras of unknown version".to_owned(),
    }
}

/// The result of an import.
pub fn import(report: &ImportReport, draft: bool) -> String {
    let mut text = format!(
        "{} {}: {}, {} parameters, {}",
        if draft { "Draft of" } else { "Imported" },
        report.id,
        shown(
            report
                .architecture
                .as_deref()
                .unwrap_or("unknown architecture")
        ),
        report.parameters,
        origin(report.keras_version.as_deref(), report.form),
    );
    if let Some(configuration) = &report.configuration {
        let _ = write!(
            text,
            "\nThe network is described in {}; the model file holds only its weights.",
            shown(configuration)
        );
    }
    if !report.augmentation_layers.is_empty() {
        let _ = write!(
            text,
            "\nLayers that change pictures at random in training do nothing here: {}.",
            report.augmentation_layers.join(", ")
        );
    }
    if report.grey {
        text.push_str(
            "\nThe network takes grey pictures: it is given the luminance, 0.299 R + 0.587 G + 0.114 B.",
        );
    }
    if report.replaced {
        text.push_str("\nThe previous model with this id was replaced.");
    }
    if !report.same_file_as.is_empty() {
        let _ = write!(
            text,
            "\nThe library already holds the same file as {}; use the id of the model if the cards differ.",
            report.same_file_as.join(", ")
        );
    }
    if !report.unknown.is_empty() {
        let _ = write!(text, "\nStill unknown: {}", report.unknown.join(", "));
    }
    for finding in &report.findings {
        let wording = |field: &str| finding[field].as_str().unwrap_or_default();
        let _ = write!(text, "\n{} {}", wording("message"), wording("hint"));
    }
    for check in &report.engine_checks {
        let _ = write!(text, "\n{}", check.words(Lang::En));
    }
    text
}

/// A comparison with Keras.
pub fn verified(verified: &Verified) -> String {
    let mut text = format!(
        "largest absolute error {:.2e}, tolerance {:.0e}: {}  [{}: {}]",
        verified.max_abs_error,
        verified.tolerance,
        if verified.within { "within" } else { "OUTSIDE" },
        verified.engine,
        verified.provider
    );
    for finding in &verified.findings {
        let wording = |field: &str| finding[field].as_str().unwrap_or_default();
        let _ = write!(text, "\n    {}", wording("message"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MapTarget, Method};

    #[test]
    fn a_map_of_zeros_alone_is_said_to_hold_no_evidence() {
        let line = |lowest, highest| {
            let about = About {
                method: Method::GradCam,
                layer: None,
                target: MapTarget::Logit,
                grid: [7, 7],
                lowest,
                highest,
            };
            let mut text = String::new();
            map(&mut text, "a.jpg", &about, None).unwrap();
            text
        };
        assert!(line(0.0, 0.0).ends_with("\n  This map is zero everywhere.\n"));
        assert_eq!(line(0.0, 0.5).lines().count(), 1);
    }

    #[test]
    fn an_onnx_file_is_not_called_one_of_keras() {
        assert_eq!(origin(None, Form::Onnx.as_str()), "ONNX");
        assert_eq!(origin(Some("2.15.0"), Form::Full.as_str()), "Keras 2.15.0");
        assert_eq!(
            origin(None, Form::Full.as_str()),
            "Keras of unknown version"
        );
    }
}
