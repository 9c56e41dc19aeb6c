//! The controls of the map in view: running them, and where they land.

use std::sync::Arc;

use super::jobs::logged;
use super::run::device_of;
use crate::app::action::Controls as Wanted;
use crate::app::effect::Effect;
use crate::app::state::{Controlling, MapKey, PhotoId, State, Uncontrolled};
use crate::app::verbs::{ControlsOrder, Failure};
use crate::saliency::controls::{Controls, Part};

pub(super) fn apply(state: &mut State, action: Wanted) -> Vec<Effect> {
    match action {
        Wanted::Run => run(state),
        Wanted::Cancel => cancel(state),
    }
}

fn run(state: &mut State) -> Vec<Effect> {
    if !state.can_control() {
        return vec![];
    }
    let Some((photo, key)) = state.map_in_view() else {
        return vec![];
    };
    let order = state.photograph(photo).and_then(|p| {
        Some(ControlsOrder {
            image: p.opened()?.image.clone(),
            answer: Arc::clone(p.maps.get(&key)?),
            key: key.clone(),
            device: device_of(&state.settings.device),
        })
    });
    let Some(order) = order else {
        return vec![];
    };
    state.uncontrolled = None;
    state.controlling = Some(Controlling {
        photo,
        key,
        found: Controls {
            of_photograph: true,
            ..Controls::default()
        },
    });
    vec![Effect::Control { photo, order }]
}

fn cancel(state: &mut State) -> Vec<Effect> {
    match state.controlling.take() {
        Some(_) => vec![Effect::StopControls],
        None => vec![],
    }
}

/// Nobody will look at the controls of a photograph that was taken off the list.
pub(super) fn stop_on(state: &mut State, photo: PhotoId) -> Vec<Effect> {
    if state.controlling.as_ref().is_some_and(|c| c.photo == photo) {
        cancel(state)
    } else {
        vec![]
    }
}

/// A part is finished.
pub(super) fn found(state: &mut State, photo: PhotoId, key: &MapKey, part: Part) -> Vec<Effect> {
    if let Some(controlling) = &mut state.controlling
        && (controlling.photo, &controlling.key) == (photo, key)
    {
        controlling.found.take(part);
    }
    vec![]
}

/// All parts are, or it failed. They belong to the very map that was controlled.
pub(super) fn ended(
    state: &mut State,
    id: PhotoId,
    key: MapKey,
    sha256: &str,
    result: Result<Arc<Controls>, Failure>,
) -> Vec<Effect> {
    state
        .controlling
        .take_if(|c| (c.photo, &c.key) == (id, &key));
    let controls = match result {
        Ok(controls) => controls,
        Err(failure) if failure.cancelled => return vec![],
        Err(failure) => {
            let line = logged(&failure);
            failed(state, id, key, failure);
            return vec![line];
        }
    };
    let photo = state.photograph_mut(id);
    let map = photo
        .filter(|p| p.sha256() == Some(sha256))
        .and_then(|p| p.maps.get_mut(&key));
    let Some(map) = map else {
        return vec![];
    };
    Arc::make_mut(map).controls = Some(controls);
    state.preview_stale = true;
    vec![]
}

/// The panel says why beside the button; a message as well would say it twice.
pub(super) fn failed(state: &mut State, photo: PhotoId, key: MapKey, failure: Failure) {
    state.uncontrolled = Some(Uncontrolled {
        photo,
        key,
        failure,
    });
}
