//! The cover brush: what is painted over the photograph in view, and the models' scores for it.
//!
//! It never changes the results of a run.

use std::sync::Arc;

use super::{PhotoId, Photograph, State};
use crate::app::Failure;
use crate::domain::{ModelCard, ResultRow};
use crate::saliency::{Fill, Stroke};
use crate::workflow::Answer;
use crate::workflow::cover::Covered;

/// The brush while it is active.
#[derive(Clone, Debug)]
pub struct Brush {
    pub photo: PhotoId,
    pub fill: Fill,
    /// In pixels of the photograph.
    pub radius: f64,
    pub strokes: Vec<Stroke>,
    /// Increases with every change.
    pub revision: u64,
    /// The basis of the last request.
    pub basis: Option<CoverBasis>,
    /// The revision that is being computed.
    pub running: Option<u64>,
    pub answered: Option<CoverAnswer>,
    pub failure: Option<Failure>,
}

/// The file and the models that an answer belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverBasis {
    pub sha256: String,
    pub models: Vec<Arc<ModelCard>>,
}

/// The models' answers for one state of the strokes.
#[derive(Clone, Debug)]
pub struct CoverAnswer {
    pub revision: u64,
    /// One for each chosen model.
    pub models: Vec<Arc<Covered>>,
}

/// Why there is no answer for what is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverFailure {
    Computing,
    Failed,
}

impl Brush {
    /// A model's latest answer; it may lag behind the strokes. `None` if nothing is painted, or if everything painted
    /// is outside the model's input.
    pub fn of_model(&self, model: &str) -> Option<&Arc<Covered>> {
        let answered = self.answered.as_ref().filter(|_| self.is_painted())?;
        let mut covered = answered.models.iter().filter(|c| c.hides);
        covered.find(|c| c.card.id == model)
    }

    /// True while the strokes are newer than the last answer.
    pub fn is_behind(&self) -> bool {
        let answered = self.answered.as_ref().map(|a| a.revision);
        answered != Some(self.revision) && self.failure.is_none()
    }

    pub fn is_painted(&self) -> bool {
        !self.strokes.is_empty()
    }

    /// `None` if the answers match what is painted, or if nothing is painted.
    pub fn cover_failure(&self) -> Option<CoverFailure> {
        if !self.is_painted() {
            None
        } else if self.failure.is_some() {
            Some(CoverFailure::Failed)
        } else {
            self.is_behind().then_some(CoverFailure::Computing)
        }
    }
}

/// The brush's smallest and largest radius as a fraction of the field's radius.
pub const BRUSH_RADII: std::ops::RangeInclusive<f64> = 0.02..=0.6;

impl State {
    /// The reference length for brush sizes, in pixels of the photograph in view: the field's radius, else half the
    /// shorter side.
    pub fn field_radius(&self) -> f64 {
        let image = self.selected().and_then(|p| p.opened()).map(|o| &o.image);
        image.map_or(1.0, |image| {
            let half = f64::from(image.pixels.width.min(image.pixels.height)) / 2.0;
            image.field_of_view.map_or(half, |f| f.radius)
        })
    }

    /// The brush, if it is active on this photograph.
    pub fn brush_on(&self, photo: PhotoId) -> Option<&Brush> {
        self.brush.as_ref().filter(|b| b.photo == photo)
    }

    /// What is exported of a photograph while parts of it are covered: its answer with the covered picture in place of
    /// the map. `None` if nothing is covered. Valid only if [`Brush::cover_failure`] is `None`.
    pub fn covered_answer(&self, photo: &Photograph, model: &str) -> Option<Arc<Answer>> {
        let brush = self.brush_on(photo.id)?;
        let covered = brush.of_model(model)?;
        let answer = photo.answers.get(model)?;
        Some(Arc::new(Answer {
            case: ResultRow {
                covered: Some(covered.figures()),
                ..answer.case.clone()
            },
            covered: Some(Arc::clone(covered)),
            ..Answer::clone(answer)
        }))
    }
}
