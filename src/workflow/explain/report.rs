//! Writes the case report of a photograph that is explained.

use std::path::PathBuf;
use std::sync::Arc;

use super::written::Photograph;
use super::{ExplainRequest, ExplainedCase};
use crate::domain::foreign::{renamed, shown};
use crate::domain::{
    FundusImage, ModelCard, ResultRow, Task, are_hardly_years, value_scale_suspect,
};
use crate::saliency::sanity_checks::SanityChecks;
use crate::storage::atomic;
use crate::text::Lang;
use crate::workflow::predict::Prediction;
use crate::workflow::{Error, case_report};

/// The ending of case reports.
const ENDING: &str = "report.pdf";

/// A row for a page about its photograph alone. Whether all ages of a run are hardly years is known when it ends; a page,
/// which is written before, says it of its own age.
pub(super) fn case_alone(of: &ResultRow) -> ResultRow {
    let mut case = of.clone();
    if case.card.task == Task::Age && are_hardly_years(case.value) {
        case.findings.push(value_scale_suspect());
    }
    case
}

/// Returns what the name adds to the base of the others.
pub(super) fn of_explained(
    lang: Lang,
    (photograph, case): (&FundusImage, &ResultRow),
    found: &ExplainedCase,
    sanity_checks: Option<&SanityChecks>,
    to: impl Fn(&str) -> PathBuf,
) -> Result<String, Error> {
    let map = (
        Some(&found.explanation.map),
        &found.answer.prepared.geometry,
    );
    let pdf = case_report::of_answer(lang, photograph, case, map, sanity_checks)?;
    atomic::write(&to(ENDING), &pdf)?;
    Ok(ENDING.to_owned())
}

/// Writes the report of a refused picture, if one is requested; returns its name.
pub(super) fn of_refused(
    request: &ExplainRequest,
    one: &Photograph<'_>,
    photograph: &FundusImage,
    answer: &Prediction,
) -> Result<Option<String>, Error> {
    let Some(lang) = request.report else {
        return Ok(None);
    };
    let map = (None, &answer.prepared.geometry);
    let pdf = case_report::of_answer(lang, photograph, &answer.case, map, None)?;
    write(request, one, &answer.case, &pdf).map(Some)
}

/// Writes the report of a photograph that cannot be explained, if one is requested; returns its name.
pub(super) fn of_failure(
    request: &ExplainRequest,
    card: &Arc<ModelCard>,
    one: &Photograph<'_>,
    error: &Error,
) -> Result<Option<String>, Error> {
    let Some(lang) = request.report else {
        return Ok(None);
    };
    let mut case = ResultRow::unopened(one.name, Arc::clone(card));
    // The name may be masked, so the reason must not contain the file's own name.
    let reason = error.fault().message(lang);
    case.error = Some(renamed(&reason, &shown(&one.source.name()), one.name));
    let pdf = case_report::of_failure(lang, &case)?;
    write(request, one, &case, &pdf).map(Some)
}

fn write(
    request: &ExplainRequest,
    one: &Photograph<'_>,
    case: &ResultRow,
    pdf: &[u8],
) -> Result<String, Error> {
    let (stem, id, method) = (one.stem, &case.card.id, request.map.recipe.method);
    let name = format!("{stem}.{id}.{method}.{ENDING}");
    atomic::write(&request.out.join(&name), pdf)?;
    Ok(name)
}
