//! The run on the photograph in view: starting, stopping, and its answers. There is one such run; a newer one replaces
//! it.

use std::sync::Arc;

use super::common::{device_of, reported, run_options, wording};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{MessageTopic, PhotoId, RunEnd, Running, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::FundusImage;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::workflow::{self, Answer, Prediction};

/// Runs models on one photograph; each answer is reported as it arrives.
#[derive(Clone, Debug)]
pub struct Predict {
    pub photo: PhotoId,
    pub image: FundusImage,
    pub name: String,
    pub models: Vec<String>,
    pub device: Device,
}

impl Job for Predict {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let photo = self.photo;
        let each = |model: &str, result: Result<Prediction, workflow::Error>| {
            let result = result
                .map(|p| Arc::new(Answer::from(p)))
                .map_err(Failure::from);
            let (model, sha256) = (model.to_owned(), self.image.sha256.clone());
            wait.notify(move |state| predicted(state, photo, &model, &sha256, result));
        };
        workflow::predict_models(
            &work.context,
            &self.image,
            &self.name,
            &run_options(&self.models, self.device),
            wait.cancel,
            wait.progress,
            &each,
        );
        Landing::new(move |state| ended(state, photo))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(running) = state.running.take()
                && let Some(photo) = state.photograph_mut(running.photo)
            {
                for model in &running.models {
                    photo.failed_run(model, failure.clone());
                }
            }
            vec![]
        })
    }
}

pub(super) fn start(state: &mut State) -> Vec<Effect> {
    let models: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let Some(photo) = state.selected().filter(|_| !models.is_empty()) else {
        return vec![];
    };
    let Some(opened) = photo.opened() else {
        return vec![];
    };
    let job = Predict {
        photo: photo.id,
        image: opened.image.clone(),
        name: photo.name.clone(),
        models: models.clone(),
        device: device_of(&state.settings.device),
    };
    let running = Running {
        photo: photo.id,
        models: models.clone(),
    };
    if let Some(former) = state.running.replace(running)
        && Some(former.photo) != state.selected
        && let Some(former) = state.photograph_mut(former.photo)
    {
        former.run_end = Some(RunEnd::Cancelled);
    }
    if let Some(photo) = state.selected.and_then(|id| state.photograph_mut(id)) {
        photo.begins_run(&models);
    }
    vec![Effect::start(job)]
}

pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    let Some(running) = state.running.take() else {
        return vec![];
    };
    if let Some(photo) = state.photograph_mut(running.photo) {
        photo.run_end = Some(RunEnd::Cancelled);
    }
    vec![Effect::stop::<Predict>()]
}

/// Stops the run on a photograph that was removed from the list.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    match &state.running {
        Some(running) if state.photograph(running.photo).is_none() => cancel(state),
        _ => vec![],
    }
}

/// Stores an answer on the photograph it was computed for, if the file is still the same.
pub(super) fn predicted(
    state: &mut State,
    id: PhotoId,
    model: &str,
    sha256: &str,
    result: Result<Arc<Answer>, Failure>,
) -> Vec<Effect> {
    if let Some(running) = state.running.as_mut().filter(|r| r.photo == id) {
        running.models.retain(|m| m != model);
        if running.models.is_empty() {
            state.running = None;
        }
    }
    // The card was edited since, or the model is gone.
    if result
        .as_ref()
        .is_ok_and(|answer| !state.holds(model, answer))
    {
        return vec![];
    }
    let Some(photo) = state
        .photograph_mut(id)
        .filter(|p| p.sha256() == Some(sha256))
    else {
        return vec![];
    };
    match result {
        Ok(answer) => {
            // The user has changed the decision since it began.
            if photo.is_overruled(&answer) {
                return vec![];
            }
            let effects = wording(model, &answer).into_iter().collect();
            photo.take_answer(model.to_owned(), answer);
            effects
        }
        Err(failure) if failure.cancelled => {
            photo.run_end = Some(RunEnd::Cancelled);
            vec![]
        }
        Err(failure) => {
            photo.failed_run(model, failure.clone());
            reported(state, MessageTopic::Run, failure)
        }
    }
}

/// Every model has answered.
pub(super) fn ended(state: &mut State, photo: PhotoId) -> Vec<Effect> {
    state.running.take_if(|r| r.photo == photo);
    vec![]
}
