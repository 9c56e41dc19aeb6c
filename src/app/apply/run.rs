//! Starting and stopping the run on the photograph in view. There is one such run; a newer one supersedes it.

use super::many;
use crate::app::action::Run;
use crate::app::effect::Effect;
use crate::app::state::{RunEnd, Running, State};
use crate::runtime::Device;

pub(super) fn apply(state: &mut State, action: Run) -> Vec<Effect> {
    match action {
        Run::Start => start(state),
        Run::Cancel => cancel(state),
        Run::StartMany(which) => many::start(state, which),
        Run::Pause => many::pause(state, true),
        Run::Resume => many::pause(state, false),
        Run::CancelMany => many::cancel(state),
        Run::GoOn(run) => many::go_on(state, *run),
        Run::ForgetRun(folder) => many::forget(state, folder),
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
    let effect = Effect::Predict {
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
    vec![effect]
}

fn cancel(state: &mut State) -> Vec<Effect> {
    let Some(running) = state.running.take() else {
        return vec![];
    };
    if let Some(photo) = state.photograph_mut(running.photo) {
        photo.run_end = Some(RunEnd::Cancelled);
    }
    vec![Effect::StopPredicting]
}

/// The device named in the settings; a word of a newer version means automatic.
pub(super) fn device_of(word: &str) -> Device {
    word.parse().unwrap_or(Device::Auto)
}
