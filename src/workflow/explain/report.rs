//! Writes the case report of a photograph that is explained.

use std::path::PathBuf;
use std::sync::Arc;

use super::written::Photograph;
use super::{ExplainRequest, ExplainedCase};
use crate::domain::foreign::shown;
use crate::domain::{
    FundusImage, ModelCard, ResultRow, Task, are_hardly_years, value_scale_suspect,
};
use crate::saliency::sanity_checks::SanityChecks;
use crate::storage::atomic;
use crate::workflow::predict::Prediction;
use crate::workflow::{Error, case_report};

/// The ending of case reports.
const ENDING: &str = "report.pdf";

/// Returns what the name adds to the base of the others; `None` if no report is requested.
pub(super) fn of_explained(
    request: &ExplainRequest,
    photograph: &FundusImage,
    found: &ExplainedCase,
    sanity_checks: Option<&SanityChecks>,
    to: impl Fn(&str) -> PathBuf,
) -> Result<Option<String>, Error> {
    let Some(lang) = request.report else {
        return Ok(None);
    };
    let mut case = found.answer.case.clone();
    // Whether all ages of a run are hardly years is known when it ends. A report, which is written before, says it of its
    // own age.
    if case.card.task == Task::Age && are_hardly_years(case.value) {
        case.findings.push(value_scale_suspect());
    }
    let map = (
        Some(&found.explanation.map),
        &found.answer.prepared.geometry,
    );
    let pdf = case_report::of_answer(lang, photograph, &case, map, sanity_checks)?;
    atomic::write(&to(ENDING), &pdf)?;
    Ok(Some(ENDING.to_owned()))
}

/// The report of a refused picture, if one is requested.
pub(super) fn of_refused(
    request: &ExplainRequest,
    one: &Photograph<'_>,
    photograph: &FundusImage,
    answer: &Prediction,
) -> Result<(), Error> {
    let Some(lang) = request.report else {
        return Ok(());
    };
    let map = (None, &answer.prepared.geometry);
    let pdf = case_report::of_answer(lang, photograph, &answer.case, map, None)?;
    Ok(atomic::write(&path(request, one, &answer.case), &pdf)?)
}

/// The report of a photograph that cannot be explained, if one is requested.
pub(super) fn of_failure(
    request: &ExplainRequest,
    card: &Arc<ModelCard>,
    one: &Photograph<'_>,
    error: &Error,
) -> Result<(), Error> {
    let Some(lang) = request.report else {
        return Ok(());
    };
    let mut case = ResultRow::unopened(one.name, Arc::clone(card));
    // The name may be masked, so the reason must not contain the file's own name.
    let reason = error.fault().message(lang);
    case.error = Some(reason.replace(&shown(&one.source.name()), one.name));
    let pdf = case_report::of_failure(lang, &case)?;
    Ok(atomic::write(&path(request, one, &case), &pdf)?)
}

fn path(request: &ExplainRequest, one: &Photograph<'_>, case: &ResultRow) -> PathBuf {
    let (stem, id, method) = (one.stem, &case.card.id, request.map.recipe.method);
    request.out.join(format!("{stem}.{id}.{method}.{ENDING}"))
}
