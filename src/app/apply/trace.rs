//! The steps through the network: computed when the user opens them, released when they no longer hold.

use std::sync::Arc;

use super::common::device_of;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Loadable, PhotoId, State, Tracing};
use crate::app::{Failure, WorkflowContext};
use crate::domain::FundusImage;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::workflow::trace::{self, Trace};

/// Computes the steps of a photograph through a model.
#[derive(Clone, Debug)]
pub struct FollowSteps {
    pub photo: PhotoId,
    pub image: FundusImage,
    pub name: String,
    pub model: String,
    pub device: Device,
}

impl Job for FollowSteps {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (photo, model) = (self.photo, self.model.clone());
        let on = (model.as_str(), self.device);
        let (context, image, name) = (&work.context, &self.image, &self.name);
        let result = trace::trace(context, image, name, on, wait.cancel, wait.progress);
        let result = result.map_err(Failure::from);
        Landing::new(move |state| traced(state, photo, &model, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(tracing) = &mut state.tracing {
                tracing.steps = Loadable::Failed(failure);
            }
            vec![]
        })
    }
}

/// Requests the steps of what is in view.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    let Some((photo, model)) = state.selected().zip(state.model()) else {
        return vec![];
    };
    let Some(opened) = photo.opened() else {
        return vec![];
    };
    let job = FollowSteps {
        photo: photo.id,
        image: opened.image.clone(),
        name: photo.name.clone(),
        model: model.id.clone(),
        device: device_of(&state.settings.device),
    };
    state.tracing = Some(Tracing {
        photo: photo.id,
        card: Arc::clone(&model.card),
        accepted: photo.accepted,
        steps: Loadable::Pending,
    });
    vec![Effect::start(job)]
}

pub(super) fn traced(
    state: &mut State,
    photo: PhotoId,
    model: &str,
    result: Result<Trace, Failure>,
) -> Vec<Effect> {
    let holds = |trace: &Trace| {
        let sha256 = state.photograph(photo).and_then(|p| p.sha256());
        let card = state.installed().iter().find(|m| m.id == model);
        trace.case.sha256.as_deref() == sha256 && card.is_some_and(|m| m.card == trace.case.card)
    };
    let stale = result.as_ref().is_ok_and(|trace| !holds(trace));
    let asked_for = |t: &Tracing| t.photo == photo && t.card.id == model && t.steps.is_pending();
    if let Some(tracing) = state.tracing.as_mut().filter(|t| asked_for(t)) {
        tracing.steps = if stale {
            Loadable::NotRequested
        } else {
            Loadable::of(result.map(Arc::new))
        };
    }
    vec![]
}
