//! Assesses an upright frame in one pass over its pixels: field of view, whether it is a fundus photograph, quality,
//! and the side that the optic disc suggests.

use crate::domain::{
    Centring, Detail, FieldOfView, Finding, FindingCode, Findings, Fingerprint, Laterality,
    Measured, Quality, Severity,
};

use super::features::Features;
use super::field_of_view::{self, Field};
use super::vessels::{Lines, VESSEL_WIDTH};
use super::working_copy::WorkingCopy;
use super::{disc, fingerprint, is_fundus, labels, quality};
use crate::imaging::codecs::frame::Frame;

/// The result of the assessment.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub field_of_view: Option<FieldOfView>,
    pub eye_guess: Laterality,
    pub quality: Quality,
    /// The figures behind the quality; `None` for a picture that is not a fundus photograph.
    pub measured: Option<Measured>,
    /// Only of fundus photographs.
    pub fingerprint: Option<Fingerprint>,
    pub findings: Findings,
}

/// The steps of the assessment, in order; the last two only for fundus photographs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reduced copy on which everything is measured.
    ReducedCopy,
    FieldOfView,
    Quality,
    /// The optic disc, for the eye that it suggests.
    Disc,
}

/// Assesses an upright frame; `finished` is called after each step.
pub(in crate::imaging) fn assess(frame: &Frame, finished: &mut dyn FnMut(Step)) -> Assessment {
    let copy = WorkingCopy::new(frame);
    finished(Step::ReducedCopy);
    let field = field_of_view::find(&copy);
    finished(Step::FieldOfView);
    let Some(field) = field else {
        return not_a_fundus(None, Vec::new(), Detail::NothingLit);
    };
    let view = field.in_picture(&copy);
    let green = copy.plane(|[_, g, _]| g);
    let lines = Lines::find(
        &green,
        &field.inside,
        field.measured_diameter() * VESSEL_WIDTH,
    );
    let features = Features::of(&copy, &field, &lines, &green);
    let objection = labels::objection(&frame.rgb);
    if let Some(objection) = objection.or_else(|| is_fundus::objection(&features, &field)) {
        let grey = quality::grey(features.saturation).into_iter().collect();
        return not_a_fundus(Some(view), grey, objection);
    }
    let completeness = view.round.then_some(view.completeness);
    let mut measured = features.measured(diameter_in_picture(&view, frame), completeness);
    let findings = quality::findings(&measured);
    finished(Step::Quality);
    let (eye_guess, centring) = of_disc(&copy, &field, &lines);
    measured.centring = centring;
    finished(Step::Disc);
    Assessment {
        field_of_view: Some(view),
        eye_guess,
        quality: quality::quality(&findings),
        measured: Some(measured),
        fingerprint: fingerprint::of(&copy),
        findings,
    }
}

/// The eye that the disc suggests, and what the field is centred on.
fn of_disc(copy: &WorkingCopy, field: &Field, lines: &Lines) -> (Laterality, Option<Centring>) {
    match disc::find(copy, field, lines) {
        Some(disc) => (
            disc::eye_from_disc(&disc, field),
            disc::centring(&disc, field),
        ),
        None => (Laterality::Unknown, None),
    }
}

/// Without a round border, the shorter side.
fn diameter_in_picture(view: &FieldOfView, frame: &Frame) -> f64 {
    if view.round {
        2.0 * view.radius
    } else {
        frame.width.min(frame.height).into()
    }
}

fn not_a_fundus(
    field_of_view: Option<FieldOfView>,
    mut findings: Findings,
    objection: Detail,
) -> Assessment {
    findings.insert(
        0,
        Finding::with_detail(FindingCode::NotAFundus, Severity::Serious, objection),
    );
    Assessment {
        field_of_view,
        eye_guess: Laterality::Unknown,
        quality: Quality::NotAFundus,
        measured: None,
        fingerprint: None,
        findings,
    }
}
