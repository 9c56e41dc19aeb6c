//! The cover brush: strokes in, runs of the models on the covered photograph, answers back.
//!
//! During a stroke the current run may finish, otherwise no score would arrive before the pointer rests. When the
//! button is released, and at every other change, the stale run is cancelled.

use std::sync::Arc;

use super::common::{device_of, logged};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{BRUSH_RADII, Brush, CoverAnswer, CoverBasis, PhotoId, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::FundusImage;
use crate::jobs::Lane;
use crate::saliency::{Fill, Stroke};
use crate::workflow::cover::{CoverRequest, Covered};

/// The cover brush over the photograph in view. Points are in pixels of the photograph.
#[derive(Clone, Debug)]
pub enum Cover {
    Take,
    Leave,
    Fill(Fill),
    /// The brush's radius as a fraction of the field's radius.
    Radius(f64),
    /// Begins a stroke.
    Begin((f64, f64)),
    To((f64, f64)),
    /// The pointer button was released.
    Lift,
    Undo,
    Clear,
}

/// Initial radius of the brush as a fraction of the field's radius.
const RADIUS: f64 = 0.12;
/// Minimum distance between points of a stroke, as a fraction of the brush radius.
const APART: f64 = 0.15;

/// Runs models on a photograph that is partly covered.
#[derive(Clone, Debug)]
pub struct RunCovered {
    pub photo: PhotoId,
    /// The revision of the strokes.
    pub revision: u64,
    pub image: FundusImage,
    pub request: CoverRequest,
}

impl Job for RunCovered {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (photo, revision) = (self.photo, self.revision);
        let covers = &work.covers;
        let result = covers.cover(&work.context, &self.image, &self.request, wait.cancel);
        let result = result.map_err(Failure::from);
        Landing::new(move |state| covered(state, photo, revision, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(brush) = &mut state.brush {
                brush.running = None;
                brush.answered = None;
                brush.failure = Some(failure);
            }
            vec![]
        })
    }
}

pub(super) fn apply(state: &mut State, action: Cover) -> Vec<Effect> {
    match action {
        Cover::Take => take(state),
        Cover::Leave => leave(state),
        Cover::Fill(fill) => change(state, |brush| brush.fill = fill),
        Cover::Radius(share) => {
            let whole = state.field_radius();
            if let Some(brush) = state.brush.as_mut().filter(|_| share.is_finite()) {
                brush.radius = whole * share.clamp(*BRUSH_RADII.start(), *BRUSH_RADII.end());
            }
            vec![]
        }
        Cover::Begin(point) => begin(state, point),
        Cover::To(point) => to(state, point),
        Cover::Lift => finish(state),
        Cover::Undo => change(state, |brush| {
            brush.strokes.pop();
        }),
        Cover::Clear => change(state, |brush| brush.strokes.clear()),
    }
}

fn take(state: &mut State) -> Vec<Effect> {
    let Some(photo) = state.selected.filter(|_| state.can_be_shown_to_a_model()) else {
        return vec![];
    };
    state.brush = Some(Brush {
        photo,
        fill: Fill::default(),
        radius: state.field_radius() * RADIUS,
        strokes: vec![],
        revision: 0,
        basis: None,
        running: None,
        answered: None,
        failure: None,
    });
    // This first run prepares everything, so that the first stroke is answered at once.
    submit(state)
}

/// Ends the brush and discards its strokes.
pub(super) fn leave(state: &mut State) -> Vec<Effect> {
    match state.brush.take() {
        Some(_) => vec![Effect::stop::<RunCovered>()],
        None => vec![],
    }
}

/// Runs again if models or pixels have changed. Ends the brush if another photograph is in view.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let Some(brush) = &state.brush else {
        return vec![];
    };
    if Some(brush.photo) != state.selected || !state.is_in_use(brush.photo) {
        return leave(state);
    }
    let basis = basis(state);
    if basis.is_some() {
        return match basis != brush.basis {
            true => change(state, |_| {}),
            false => vec![],
        };
    }
    // While the pixels are not loaded, the answers hold only for the models they were computed with.
    let chosen = state.chosen_models().into_iter().map(|m| &m.card);
    let others = brush.basis.as_ref().is_some_and(|b| !chosen.eq(&b.models));
    if others && let Some(brush) = &mut state.brush {
        brush.basis = None;
        brush.revision += 1;
    }
    vec![]
}

/// The basis of an answer; `None` if the pixels are not loaded.
fn basis(state: &State) -> Option<CoverBasis> {
    let opened = state.selected()?.opened()?;
    let chosen = state.chosen_models().into_iter();
    Some(CoverBasis {
        sha256: opened.image.sha256.clone(),
        models: chosen.map(|m| Arc::clone(&m.card)).collect(),
    })
}

fn change(state: &mut State, with: impl FnOnce(&mut Brush)) -> Vec<Effect> {
    let Some(brush) = &mut state.brush else {
        return vec![];
    };
    with(brush);
    brush.revision += 1;
    submit(state)
}

fn begin(state: &mut State, point: (f64, f64)) -> Vec<Effect> {
    let Some(brush) = &mut state.brush else {
        return vec![];
    };
    brush.strokes.push(Stroke {
        points_in_image: vec![point],
        radius: brush.radius,
    });
    brush.revision += 1;
    submit_if_idle(state)
}

fn to(state: &mut State, point: (f64, f64)) -> Vec<Effect> {
    let Some(stroke) = state.brush.as_mut().and_then(|b| b.strokes.last_mut()) else {
        return vec![];
    };
    let near = stroke
        .points_in_image
        .last()
        .is_some_and(|last| (point.0 - last.0).hypot(point.1 - last.1) < APART * stroke.radius);
    if near {
        return vec![];
    }
    stroke.points_in_image.push(point);
    if let Some(brush) = &mut state.brush {
        brush.revision += 1;
    }
    submit_if_idle(state)
}

/// The button was released: computations for earlier states of the stroke are stale.
fn finish(state: &mut State) -> Vec<Effect> {
    match &state.brush {
        Some(brush) if brush.is_behind() && brush.running != Some(brush.revision) => submit(state),
        _ => vec![],
    }
}

fn submit_if_idle(state: &mut State) -> Vec<Effect> {
    match &state.brush {
        Some(brush) if brush.running.is_none() => submit(state),
        _ => vec![],
    }
}

/// A newer job cancels the previous one.
fn submit(state: &mut State) -> Vec<Effect> {
    let models = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let device = device_of(&state.settings.device);
    let basis = basis(state);
    let opened = state.selected().and_then(|p| p.opened()).cloned();
    let (Some(opened), Some(brush)) = (opened, &mut state.brush) else {
        return vec![];
    };
    brush.basis = basis;
    brush.running = Some(brush.revision);
    brush.failure = None;
    vec![Effect::start(RunCovered {
        photo: brush.photo,
        revision: brush.revision,
        image: opened.image.clone(),
        request: CoverRequest {
            models,
            device,
            fill: brush.fill,
            strokes: brush.strokes.clone(),
        },
    })]
}

pub(super) fn covered(
    state: &mut State,
    photo: PhotoId,
    revision: u64,
    result: Result<Vec<Covered>, Failure>,
) -> Vec<Effect> {
    let Some(brush) = state
        .brush
        .as_mut()
        .filter(|b| b.photo == photo && b.running == Some(revision))
    else {
        return vec![];
    };
    brush.running = None;
    let mut effects = Vec::new();
    match result {
        Ok(models) => {
            brush.answered = Some(CoverAnswer {
                revision,
                models: models.into_iter().map(Arc::new).collect(),
            });
        }
        Err(failure) => {
            effects.push(logged(&failure));
            brush.answered = None;
            brush.failure = Some(failure);
            return effects;
        }
    }
    if brush.is_behind() {
        effects.extend(submit(state));
    }
    effects
}
