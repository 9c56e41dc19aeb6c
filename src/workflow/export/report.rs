//! Writes the case report of a photograph.

use super::shown::{captioned_answers, failed_rows, of_two_maps, overlay_options, photograph_of};
use super::{ExportOrder, ExportRow};
use crate::domain::ResultRow;
use crate::export::case_report::CaseReport;
use crate::export::figure;
use crate::export::formats::{WriteReport, Writes};
use crate::workflow::save::Saver;
use crate::workflow::{Error, VERSION};

/// Writes the case report of a photograph if it is requested; returns its name.
pub(super) fn report(
    order: &ExportOrder,
    row: &ExportRow,
    stem: &str,
    saver: &mut Saver,
) -> Result<Option<String>, Error> {
    let Some((name, write)) = report_of(order, stem) else {
        return Ok(None);
    };
    let photograph = match photograph_of(row) {
        Ok(photograph) => Some(photograph),
        // The report says why it cannot be opened.
        Err(_) if row.answers.is_empty() => None,
        Err(error) => return Err(error),
    };
    let overlay = overlay_options(order, row);
    let answers = captioned_answers(order, row, &overlay);
    let failed: Vec<ResultRow> = failed_rows(order, row).collect();
    let pdf = write(&CaseReport {
        lang: order.lang,
        name: &row.name,
        photograph: photograph.as_ref().map(|p| &p.pixels),
        answers: &answers,
        failed: &failed,
        remark: of_two_maps(order, row).as_deref(),
        version: VERSION,
    });
    let pdf = pdf.map_err(figure::Error::from)?;
    saver.write(&name, &pdf).map(Some)
}

/// The name of a requested report, and what writes it.
fn report_of(order: &ExportOrder, stem: &str) -> Option<(String, WriteReport)> {
    let mut desired = order.formats.desired.iter();
    desired.find_map(|format| match format.row().writes {
        Writes::Report(ending, write) => Some((format!("{stem}.{ending}"), write)),
        Writes::PerAnswer(..) | Writes::PerPhotograph(..) | Writes::PerExport(..) => None,
    })
}

/// The name of the requested report of a photograph.
pub(super) fn name(order: &ExportOrder, stem: &str) -> Option<String> {
    report_of(order, stem).map(|(name, _)| name)
}
