//! Predict many: photographs × models into rows, overlays and tables. One bad file is a row with a reason.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::predict::{Request, milliseconds, predict};
use super::{Context, Error, Source, VERSION, open};
use crate::clinic::{Case, Code, Finding, FundusImage, Severity};
use crate::export;
use crate::imaging::overlay::{self, OverlayOptions};
use crate::imaging::{self, OpenOptions};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::storage::scan::{self, Found};
use crate::storage::{atomic, file_name};

/// What a run shall do.
#[derive(Clone, Debug, Default)]
pub struct BatchOptions {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// Ids or files of the models; at least one.
    pub models: Vec<String>,
    pub device: Device,
    /// Whether Grad-CAM maps are made.
    pub saliency: bool,
    pub open: OpenOptions,
    /// Where files are written; nothing is written without it.
    pub out: Option<PathBuf>,
    pub overlay: OverlayOptions,
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub cases: Vec<Case>,
    pub skipped: Vec<String>,
    /// True when the person stopped it; the rows that were finished are kept and written.
    pub interrupted: bool,
}

impl Outcome {
    pub fn failed_rows(&self) -> usize {
        self.cases.iter().filter(|c| c.error.is_some()).count()
    }
}

/// Runs every model on every photograph. `on_row` sees each row as it is finished.
pub fn batch(
    ctx: &Context,
    options: &BatchOptions,
    cancel: &Cancel,
    progress: &Progress,
    on_row: &mut dyn FnMut(&Case),
) -> Result<Outcome, Error> {
    let scan = scan::inputs(&options.inputs, &|start| imaging::sniff(start).is_some());
    if scan.found.is_empty() {
        return Err(Error::Usage("no photographs were found there".to_owned()));
    }
    let mut outcome = Outcome {
        cases: Vec::new(),
        skipped: scan.skipped,
        interrupted: false,
    };
    // A model that cannot be opened ends the run before the first photograph is read.
    for model in &options.models {
        match ctx.model(model, options.device, cancel, progress) {
            Err(Error::Cancelled) => {
                outcome.interrupted = true;
                return Ok(outcome);
            }
            other => drop(other?),
        }
    }
    let stems = unique_stems(&scan.found);
    progress.start("predict", scan.found.len() as u64);
    for (found, stem) in scan.found.iter().zip(&stems) {
        let rows = match rows_of(ctx, options, found, stem, cancel) {
            Err(Error::Cancelled) => {
                outcome.interrupted = true;
                break;
            }
            other => other?,
        };
        rows.iter().for_each(&mut *on_row);
        outcome.cases.extend(rows);
        progress.advance();
    }
    if let Some(out) = &options.out {
        write_tables(out, &outcome)?;
    }
    Ok(outcome)
}

/// The rows of one photograph, one for each model.
fn rows_of(
    ctx: &Context,
    options: &BatchOptions,
    found: &Found,
    stem: &str,
    cancel: &Cancel,
) -> Result<Vec<Case>, Error> {
    let quiet = Progress::new();
    let started = Instant::now();
    let opened = open(&Source::File(found.path.clone()), &options.open);
    let open_ms = milliseconds(started);
    let mut rows = Vec::new();
    for model in &options.models {
        cancel.check()?;
        let request = Request {
            model: model.clone(),
            device: options.device,
            saliency: options.saliency,
            target: None,
        };
        let mut row = match &opened {
            Ok(photograph) => match row_of(
                ctx, options, photograph, found, stem, &request, cancel, &quiet,
            ) {
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Ok(row) => row,
                Err(e) => failed(ctx, &request, cancel, &e, |card| {
                    Case::of_image(&found.name, photograph, card)
                })?,
            },
            Err(e) => failed(ctx, &request, cancel, e, |card| {
                Case::unopened(&found.name, card)
            })?,
        };
        row.timings.open = open_ms;
        rows.push(row);
    }
    note_disagreement(&mut rows);
    Ok(rows)
}

#[expect(
    clippy::too_many_arguments,
    reason = "one row needs the run, the photograph and the request"
)]
fn row_of(
    ctx: &Context,
    options: &BatchOptions,
    photograph: &FundusImage,
    found: &Found,
    stem: &str,
    request: &Request,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Case, Error> {
    let answer = predict(ctx, photograph, &found.name, request, cancel, progress)?;
    let mut case = answer.case;
    if let (Some(out), Some(map)) = (&options.out, &answer.map) {
        let started = Instant::now();
        let name = format!("{stem}.{}.{}.png", case.card.id, map.method.as_str());
        let picture = overlay::blend(
            &photograph.pixels,
            &map.grid,
            &answer.prepared.geometry,
            &options.overlay,
        );
        atomic::write(&out.join(&name), &export::png::encode(&picture)?)?;
        case.files.push(name);
        case.timings.saliency += milliseconds(started);
    }
    Ok(case)
}

fn failed(
    ctx: &Context,
    request: &Request,
    cancel: &Cancel,
    error: &Error,
    row: impl FnOnce(std::sync::Arc<crate::clinic::ModelCard>) -> Case,
) -> Result<Case, Error> {
    let shared = ctx.model(&request.model, request.device, cancel, &Progress::new())?;
    let card = super::context::lock(&shared).card.clone();
    let mut case = row(card);
    case.error = Some(error.to_string());
    Ok(case)
}

/// Marks the rows of one photograph when models for the same task name different labels.
fn note_disagreement(rows: &mut [Case]) {
    let disagree = rows.iter().enumerate().any(|(i, a)| {
        rows[..i].iter().any(|b| {
            a.card.task == b.card.task
                && a.label.is_some()
                && b.label.is_some()
                && a.label != b.label
        })
    });
    if disagree {
        let scores: Vec<_> = rows
            .iter()
            .filter_map(|r| r.score.map(|s| format!("{} {s:.3}", r.card.id)))
            .collect();
        let finding =
            Finding::with_detail(Code::ModelsDisagree, Severity::Caution, scores.join(", "));
        for row in rows.iter_mut().filter(|r| r.label.is_some()) {
            row.findings.push(finding.clone());
        }
    }
}

/// Writes `results.csv` and `results.json`.
fn write_tables(out: &Path, outcome: &Outcome) -> Result<(), Error> {
    let document = export::json::document(&outcome.cases, &outcome.skipped, VERSION);
    atomic::write(
        &out.join("results.csv"),
        &export::csv::table(&outcome.cases),
    )?;
    atomic::write(
        &out.join("results.json"),
        export::json::text(&document).as_bytes(),
    )?;
    Ok(())
}

/// A stem for each photograph, unique whatever the case of letters: a second `a` becomes `a~2`.
pub(super) fn unique_stems(found: &[Found]) -> Vec<String> {
    let mut taken = HashSet::new();
    found
        .iter()
        .map(|f| {
            let stem = Path::new(&f.name)
                .file_stem()
                .map_or_else(|| file_name(&f.path), |s| s.to_string_lossy().into_owned());
            let mut unique = stem.clone();
            let mut count = 1;
            while !taken.insert(unique.to_lowercase()) {
                count += 1;
                unique = format!("{stem}~{count}");
            }
            unique
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stems_are_told_apart() {
        let found: Vec<_> = ["a.jpg", "sub/A.png", "a~2.jpg", "b/a.tif"]
            .iter()
            .map(|n| Found {
                path: PathBuf::from(n),
                name: (*n).to_owned(),
            })
            .collect();
        assert_eq!(unique_stems(&found), ["a", "A~2", "a~2~2", "a~3"]);
    }
}
