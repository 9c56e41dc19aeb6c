//! The case report of a photograph that the command line explains.

use super::{Error, VERSION};
use crate::domain::{FundusImage, ResultRow};
use crate::export::case_report::{self, CaseReport};
use crate::export::figure::{self, Captioned};
use crate::imaging::Geometry;
use crate::imaging::overlay::OverlayOptions;
use crate::saliency::sanity_checks::SanityChecks;
use crate::saliency::{SaliencyMap, beyond_photograph};
use crate::text::Lang;

/// The PDF about a photograph with an answer, or a refused one.
pub(super) fn of_answer(
    lang: Lang,
    photograph: &FundusImage,
    case: &ResultRow,
    (map, geometry): (Option<&SaliencyMap>, &Geometry),
    sanity_checks: Option<&SanityChecks>,
) -> Result<Vec<u8>, Error> {
    let overlay = OverlayOptions::default();
    let of = Captioned {
        lang,
        name: &case.image,
        case,
        map,
        covered: None,
        sanity_checks,
        overlay: &overlay,
        outside: map.map_or(0.0, |map| beyond_photograph(&map.grid, geometry)),
    };
    write(&CaseReport {
        lang,
        name: &case.image,
        photograph: Some(&photograph.pixels),
        answers: &[(of, geometry)],
        failed: &[],
        remark: None,
        version: VERSION,
    })
}

/// The PDF about a photograph without an answer; its row has the reason.
pub(super) fn of_failure(lang: Lang, case: &ResultRow) -> Result<Vec<u8>, Error> {
    write(&CaseReport {
        lang,
        name: &case.image,
        photograph: None,
        answers: &[],
        failed: std::slice::from_ref(case),
        remark: None,
        version: VERSION,
    })
}

fn write(report: &CaseReport) -> Result<Vec<u8>, Error> {
    Ok(case_report::write(report).map_err(figure::Error::from)?)
}
