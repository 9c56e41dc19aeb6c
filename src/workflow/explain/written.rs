//! Explains one photograph and writes the overlay, the numbers of the map, and the document that describes both.

use std::path::{Path, PathBuf};

use super::{ExplainRequest, ExplainedCase, Explainer, MapRequest, report};
use crate::domain::{FundusImage, ResultRow};
use crate::export::explained::{self, Entry, Failure, Peak};
use crate::export::figure::{Captioned, FigureRequest, Subject};
use crate::export::{self, npy};
use crate::imaging::overlay::{self, OverlayOptions};
use crate::imaging::retina::anatomy::check;
use crate::progress::{Cancel, Progress};
use crate::saliency::beyond_photograph;
use crate::saliency::sanity_checks::{SanityChecks, StrongestEnd};
use crate::storage::atomic;
use crate::workflow::predict::{Request, predict};
use crate::workflow::sanity_checks::{self, Examined, OfPhotograph, SanityChecker};
use crate::workflow::{Context, Error, Source, VERSION, open};

/// A photograph to explain.
pub(super) struct Photograph<'a> {
    pub source: Source,
    pub name: &'a str,
    /// Stem of its output files.
    pub stem: &'a str,
}

/// Explains a photograph and writes its picture, its numbers and its document, which is the answer.
pub(super) fn of_photograph(
    ctx: &Context,
    request: &ExplainRequest,
    one: &Photograph<'_>,
    (explainer, controller): (&mut Explainer, Option<&SanityChecker>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Entry, Error> {
    cancel.check()?;
    let photograph = open(&one.source, &request.open)?;
    if photograph.is_refused() {
        return refused(ctx, request, &photograph, one, cancel);
    }
    if let Some(marks) = request.regions.as_ref().and_then(|r| r.marks) {
        let frame = [photograph.pixels.width, photograph.pixels.height].map(f64::from);
        check(frame, &marks).map_err(|e| Error::Usage(e.to_string()))?;
    }
    let mut found = explainer.explain(ctx, &photograph, one.name, cancel, progress, &mut |_| {})?;
    let base = format!(
        "{}.{}.{}",
        one.stem, found.answer.case.card.id, found.explanation.map.method
    );
    let to = |extension: &str| request.out.join(format!("{base}.{extension}"));
    let options = OverlayOptions::default();
    let picture = overlay::blend(
        &photograph.pixels,
        &found.explanation.map.grid,
        &found.answer.prepared.geometry,
        &options,
    );
    // The computed map is kept even if the requested additions fail.
    atomic::write(&to("png"), &export::png::encode(&picture)?)?;
    atomic::write(&to("npy"), &npy::write_floats(&found.explanation.tensor))?;
    drop(picture);
    let workers = (&mut *explainer, controller);
    let more = more_about(
        ctx,
        request,
        &photograph,
        &mut found,
        workers,
        cancel,
        progress,
    );
    let (sanity_checks, mut failed) = match more {
        Ok(sanity_checks) => (sanity_checks, None),
        Err(error) => (None, Some(error)),
    };
    // Figure and report would be silent about what is missing.
    let complete = failed.is_none();
    let case = report::case_alone(&found.answer.case);
    let figure = match &request.figure {
        Some(figure) if complete => {
            let named = (one.name, &case);
            let written = write_figure(
                figure,
                named,
                &photograph,
                &found,
                sanity_checks.as_ref(),
                to,
            );
            match written {
                Ok(extension) => Some(format!("{base}.{extension}")),
                Err(error) => {
                    failed = Some(error);
                    None
                }
            }
        }
        Some(_) | None => None,
    };
    let (answer, map) = (&found.answer, &found.explanation.map);
    let target_value = found.explanation.target_value.unwrap_or_default();
    let first = StrongestEnd::of(map.target, target_value, answer.case.card.threshold);
    let peak = map.peak(first == StrongestEnd::Highest).map(|cell| {
        let (rows, columns) = (map.grid.rows(), map.grid.columns());
        Peak {
            cell,
            value: map.grid.at(cell),
            in_image: answer.prepared.geometry.cell_in_image(cell, rows, columns),
        }
    });
    let report = match request.report {
        Some(lang) if complete => {
            let about = (&photograph, &case);
            match report::of_explained(lang, about, &found, sanity_checks.as_ref(), to) {
                Ok(extension) => Some(format!("{base}.{extension}")),
                Err(error) => {
                    failed.get_or_insert(error);
                    None
                }
            }
        }
        Some(_) | None => None,
    };
    let entry = Entry::Photograph(Box::new(explained::Photograph {
        provenance: found.provenance,
        case: found.answer.case,
        shape: found.explanation.tensor.shape,
        needed_memory_bytes: explainer.need(),
        peak,
        overlay: options.describe(),
        sanity_checks,
        failure: failed.as_ref().map(|error| {
            let wording =
                format!("the map was computed, but not everything requested for it: {error}");
            failure(request, wording, error)
        }),
        files: ["png", "npy", "json"].map(|extension| format!("{base}.{extension}")),
        figure,
        report,
    }));
    write(&to("json"), &entry)?;
    match failed {
        Some(Error::Cancelled) => Err(Error::Cancelled),
        _ => Ok(entry),
    }
}

/// Writes the photograph beside its map; returns what its name adds to the base of the others.
fn write_figure(
    request: &FigureRequest,
    (name, case): (&str, &ResultRow),
    photograph: &FundusImage,
    found: &ExplainedCase,
    sanity_checks: Option<&SanityChecks>,
    to: impl Fn(&str) -> PathBuf,
) -> Result<String, Error> {
    let geometry = &found.answer.prepared.geometry;
    let map = &found.explanation.map;
    let shown = Captioned {
        lang: request.lang,
        name,
        case,
        map: Some(map),
        covered: None,
        sanity_checks,
        overlay: &OverlayOptions::default(),
        outside: beyond_photograph(&map.grid, geometry),
    };
    let subject = Subject {
        photograph: &photograph.pixels,
        answers: &[(shown, geometry)],
        remark: None,
        failed: &[],
        lang: request.lang,
    };
    let extension = format!("figure.{}", request.options.format.extension());
    let bytes = request.options.bytes(&subject)?;
    atomic::write(&to(&extension), &bytes)?;
    Ok(extension)
}

/// Writes the document of a photograph or a tensor.
pub(super) fn write(path: &Path, entry: &Entry) -> Result<(), Error> {
    let document = export::json::text(&entry.document(VERSION));
    Ok(atomic::write(path, document.as_bytes())?)
}

/// An error as a row states it.
pub(super) fn failure(request: &ExplainRequest, wording: String, error: &Error) -> Failure {
    Failure {
        wording,
        code: error.code().to_owned(),
        hint: (request.advice)(error),
    }
}

/// The row of a refused picture: no answer, and no file but the report.
fn refused(
    ctx: &Context,
    request: &ExplainRequest,
    photograph: &FundusImage,
    one: &Photograph<'_>,
    cancel: &Cancel,
) -> Result<Entry, Error> {
    let MapRequest {
        model,
        recipe,
        device,
    } = &request.map;
    let requested = Request {
        model: model.clone(),
        device: *device,
        saliency: false,
        target: None,
        features: false,
    };
    let mut answer = predict(
        ctx,
        photograph,
        one.name,
        &requested,
        cancel,
        &Progress::new(),
    )?;
    let report = report::of_refused(request, one, photograph, &answer)?;
    answer.case.files.extend(report);
    Ok(Entry::Refused {
        method: recipe.method,
        case: Box::new(answer.case),
    })
}

/// Contribution by region and the sanity checks of a map, if requested.
fn more_about(
    ctx: &Context,
    request: &ExplainRequest,
    photograph: &FundusImage,
    found: &mut ExplainedCase,
    (explainer, controller): (&mut Explainer, Option<&SanityChecker>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Option<SanityChecks>, Error> {
    if let Some(desired) = &request.regions {
        desired.add_to(found, ctx, &request.map, photograph, cancel, progress)?;
    }
    if let Some(controller) = controller {
        let each = explainer.count();
        let answer = &found.answer;
        let examined = Examined {
            map: &found.explanation.map,
            x: &answer.prepared.tensor,
            photograph: Some(OfPhotograph {
                image: photograph,
                case: &answer.case,
                geometry: &answer.prepared.geometry,
                explainer,
            }),
        };
        let sanity_checks = controller.run(ctx, examined, each, cancel, progress, &mut |_| {})?;
        sanity_checks::write_into(&mut found.answer.case, &sanity_checks);
        return Ok(Some(sanity_checks));
    }
    Ok(None)
}
