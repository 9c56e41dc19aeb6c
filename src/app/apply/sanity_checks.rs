//! Sanity checks of the map in view: running them, and storing their results.

use std::sync::Arc;

use super::common::{device_of, logged};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{MapKey, PhotoId, RunningSanityChecks, SanityCheckFailure, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::FundusImage;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::saliency::sanity_checks::{SanityCheckPart, SanityChecks as Found};
use crate::workflow::explain::MapRequest;
use crate::workflow::{self, Answer, SanityCheckRequest};

/// Sanity checks of the map in view.
#[derive(Clone, Copy, Debug)]
pub enum SanityCheckAction {
    Run,
    Cancel,
}

/// Runs the sanity checks of a map; each part is reported when it is finished.
#[derive(Clone, Debug)]
pub struct CheckMap {
    pub photo: PhotoId,
    pub image: FundusImage,
    /// The answer with the map.
    pub answer: Arc<Answer>,
    pub key: MapKey,
    pub device: Device,
}

impl Job for CheckMap {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (photo, key) = (self.photo, self.key.clone());
        let mut notify = |part| {
            let key = key.clone();
            wait.notify(move |state| found(state, photo, &key, part));
        };
        let request = SanityCheckRequest {
            map: MapRequest {
                model: key.model.clone(),
                recipe: key.recipe.clone(),
                device: self.device,
            },
            settings: Default::default(),
        };
        let result = workflow::sanity_checks(
            &work.context,
            &self.image,
            &self.answer,
            &request,
            wait.cancel,
            wait.progress,
            &mut notify,
        );
        let (sha256, result) = (self.image.sha256.clone(), result.map(Arc::new));
        let result = result.map_err(Failure::from);
        Landing::new(move |state| ended(state, photo, key, &sha256, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(running_sanity_checks) = state.running_sanity_checks.take() {
                failed(
                    state,
                    running_sanity_checks.photo,
                    running_sanity_checks.key,
                    failure,
                );
            }
            vec![]
        })
    }
}

pub(super) fn apply(state: &mut State, action: SanityCheckAction) -> Vec<Effect> {
    match action {
        SanityCheckAction::Run => run(state),
        SanityCheckAction::Cancel => cancel(state),
    }
}

fn run(state: &mut State) -> Vec<Effect> {
    if !state.can_check_map() {
        return vec![];
    }
    let Some((photo, key)) = state.map_in_view() else {
        return vec![];
    };
    let job = state.photograph(photo).and_then(|p| {
        Some(CheckMap {
            photo,
            image: p.opened()?.image.clone(),
            answer: Arc::clone(p.maps.get(&key)?),
            key: key.clone(),
            device: device_of(&state.settings.device),
        })
    });
    let Some(job) = job else {
        return vec![];
    };
    state.sanity_check_failure = None;
    state.running_sanity_checks = Some(RunningSanityChecks {
        photo,
        key,
        found: Found {
            of_photograph: true,
            ..Found::default()
        },
    });
    vec![Effect::start(job)]
}

fn cancel(state: &mut State) -> Vec<Effect> {
    match state.running_sanity_checks.take() {
        Some(_) => vec![Effect::stop::<CheckMap>()],
        None => vec![],
    }
}

/// Stops the sanity checks of a photograph that is no longer in use.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    match &state.running_sanity_checks {
        Some(running_sanity_checks) if !state.is_in_use(running_sanity_checks.photo) => {
            cancel(state)
        }
        _ => vec![],
    }
}

/// Stores a finished part.
pub(super) fn found(
    state: &mut State,
    photo: PhotoId,
    key: &MapKey,
    part: SanityCheckPart,
) -> Vec<Effect> {
    if let Some(running_sanity_checks) = &mut state.running_sanity_checks
        && (running_sanity_checks.photo, &running_sanity_checks.key) == (photo, key)
    {
        running_sanity_checks.found.take(part);
    }
    vec![]
}

/// All parts are finished, or it failed. The results are stored only on the map that was checked.
pub(super) fn ended(
    state: &mut State,
    id: PhotoId,
    key: MapKey,
    sha256: &str,
    result: Result<Arc<Found>, Failure>,
) -> Vec<Effect> {
    state
        .running_sanity_checks
        .take_if(|c| (c.photo, &c.key) == (id, &key));
    let sanity_checks = match result {
        Ok(sanity_checks) => sanity_checks,
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
    Arc::make_mut(map).sanity_checks = Some(sanity_checks);
    vec![]
}

/// The reason is shown in the panel next to the button; a message would repeat it.
fn failed(state: &mut State, photo: PhotoId, key: MapKey, failure: Failure) {
    state.sanity_check_failure = Some(SanityCheckFailure {
        photo,
        key,
        failure,
    });
}
