//! Measures of a frame: field of view, optic disc, quality.
use super::decode::Frame;
use super::field_of_view;
use super::working_copy::WorkingCopy;
use crate::clinic::{FieldOfView, Findings, Laterality, Quality};

/// What was measured.
pub(super) struct Measured {
    pub field_of_view: Option<FieldOfView>,
    pub eye_guess: Laterality,
    pub quality: Quality,
    pub findings: Findings,
}

pub(super) fn measure(frame: &Frame) -> Measured {
    let copy = WorkingCopy::new(frame);
    let field = field_of_view::find(&copy);
    Measured {
        field_of_view: field.as_ref().map(|f| f.in_picture(&copy)),
        eye_guess: Laterality::Unknown,
        quality: Quality::Good,
        findings: Vec::new(),
    }
}
