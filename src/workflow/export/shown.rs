//! A photograph with its answers, as pictures and reports show it.

use std::sync::Arc;

use super::{ExportOrder, ExportRow};
use crate::domain::{FundusImage, ResultRow};
use crate::export::figure::{self, Captioned};
use crate::export::formats::Shown;
use crate::imaging::overlay::OverlayOptions;
use crate::imaging::{Geometry, OpenOptions};
use crate::saliency::beyond_photograph;
use crate::text::report::Report;
use crate::workflow::answer::Answer;
use crate::workflow::two_maps::{maps_agree, with_common_scale};
use crate::workflow::{Error, open};

/// Reads the photograph again; it must be unchanged since the model ran.
pub(super) fn photograph_of(row: &ExportRow) -> Result<FundusImage, Error> {
    let photograph = open(&row.source, &OpenOptions::default())?;
    let known = row.answers.first().and_then(|a| a.case.sha256.as_deref());
    if known.is_some_and(|known| known != photograph.sha256) {
        return Err(Error::Changed);
    }
    Ok(photograph)
}

/// Passes a photograph with its answers to a drawing function.
pub(super) fn with_shown<T>(
    order: &ExportOrder,
    row: &ExportRow,
    photograph: &FundusImage,
    draw: impl FnOnce(&Shown<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let formats = &order.formats;
    let template = formats
        .captions_overlays()
        .then(|| formats.figure.template().map_err(figure::Error::from))
        .transpose()?;
    let failed = failures(order, row);
    let overlay = overlay_options(order, row);
    let answers = captioned_answers(order, row, &overlay);
    draw(&Shown {
        photograph: &photograph.pixels,
        answers: &answers,
        remark: &|| of_two_maps(order, row),
        caption: template.as_ref(),
        figure: &order.formats.figure,
        failed: &failed,
        lang: order.lang,
    })
}

/// The answers of a photograph with all that their captions name.
pub(super) fn captioned_answers<'a>(
    order: &'a ExportOrder,
    row: &'a ExportRow,
    overlay: &'a OverlayOptions,
) -> Vec<(Captioned<'a>, &'a Geometry)> {
    let answers = row.answers.iter();
    answers
        .map(|answer| (captioned(order, row, answer, overlay), &answer.geometry))
        .collect()
}

fn captioned<'a>(
    order: &'a ExportOrder,
    row: &'a ExportRow,
    of: &'a Answer,
    overlay: &'a OverlayOptions,
) -> Captioned<'a> {
    Captioned {
        lang: order.lang,
        name: &row.name,
        case: &of.case,
        map: of.map.as_ref(),
        covered: of.covered.as_ref().map(|c| &c.picture),
        sanity_checks: of.sanity_checks.as_deref().filter(|_| of.covered.is_none()),
        overlay,
        outside: of
            .map
            .as_ref()
            .map_or(0.0, |map| beyond_photograph(&map.grid, &of.geometry)),
    }
}

/// How the maps of a photograph are drawn.
pub(super) fn overlay_options(order: &ExportOrder, row: &ExportRow) -> OverlayOptions {
    if order.common_scale {
        with_common_scale(&order.overlay, row.answers.iter().map(Arc::as_ref))
    } else {
        order.overlay
    }
}

/// The text about two maps; `None` unless there are two.
pub(super) fn of_two_maps(order: &ExportOrder, row: &ExportRow) -> Option<String> {
    let [a, b] = row.answers.as_slice() else {
        return None;
    };
    let same_scale = overlay_options(order, row) != order.overlay;
    Report(order.lang).two_maps(same_scale, maps_agree(a, b).map(|a| a.rank_correlation))
}

/// The cases without an answer, each with its reason in the language of the order.
pub(super) fn failed_rows<'a>(
    order: &'a ExportOrder,
    row: &'a ExportRow,
) -> impl Iterator<Item = ResultRow> + 'a {
    row.failed.iter().map(|case| {
        let key = (case.image.clone(), case.card.id.clone());
        ResultRow {
            error: order.errors.get(&key).or(case.error.as_ref()).cloned(),
            ..case.clone()
        }
    })
}

/// Why models have no answer for a photograph, each preceded by the model.
fn failures(order: &ExportOrder, row: &ExportRow) -> Vec<String> {
    let report = Report(order.lang);
    let failed = failed_rows(order, row).map(|case| {
        let model = figure::model_name(&case.card, order.lang);
        report.titled(&model, &report.answer(&case))
    });
    failed.collect()
}
