//! The saliency map: its recipe, computing it, and storing the result.

use std::sync::Arc;

use super::common::{device_of, logged};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Explaining, Loadable, MapFailure, MapKey, PhotoId, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::FundusImage;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::saliency::{Recipe, SaliencyMap, Stage};
use crate::workflow;
use crate::workflow::Answer;
use crate::workflow::explain::MapRequest;

/// The saliency map.
#[derive(Clone, Debug)]
pub enum Explain {
    /// The user looks at the layers of the model in view.
    AskForStages,
    /// Sets the recipe for the model in view.
    Recipe(Recipe),
    /// Computes the map in view.
    Compute,
    Cancel,
}

/// Computes the map of a recipe and sends previews if the method has them.
#[derive(Clone, Debug)]
pub struct MakeMap {
    pub photo: PhotoId,
    pub image: FundusImage,
    pub name: String,
    pub key: MapKey,
    pub device: Device,
}

impl Job for MakeMap {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (photo, key) = (self.photo, self.key.clone());
        let mut notify = |map| {
            let key = key.clone();
            wait.notify(move |state| on_the_way(state, photo, &key, map));
        };
        let request = MapRequest {
            model: key.model.clone(),
            recipe: key.recipe.clone(),
            device: self.device,
        };
        let result = workflow::explain::explained(
            &work.context,
            &request,
            &self.image,
            &self.name,
            wait.cancel,
            wait.progress,
            &mut notify,
        );
        let (sha256, result) = (self.image.sha256.clone(), result.map(Arc::new));
        let result = result.map_err(Failure::from);
        Landing::new(move |state| explained(state, photo, key, &sha256, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            let ended = state.explaining.take();
            if let Some(Explaining { photo, key, .. }) = &ended {
                note_failure(state, *photo, key.clone(), failure);
            }
            go_on(state, ended)
        })
    }
}

/// Reads the layers of a model that suit a class activation map.
#[derive(Clone, Debug)]
pub struct ReadStages(pub String);

impl Job for ReadStages {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let model = self.0.clone();
        let (cancel, progress) = (wait.cancel, wait.progress);
        let result = workflow::explain::stages(&work.context, &model, cancel, progress);
        Landing::new(move |state| stages(state, model, result.map_err(Failure::from)))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(|state| {
            state.stages.retain(|_, stages| !stages.is_pending());
            vec![]
        })
    }
}

pub(super) fn apply(state: &mut State, action: Explain) -> Vec<Effect> {
    match action {
        Explain::AskForStages => ask_for_stages(state),
        Explain::Recipe(recipe) => choose(state, recipe),
        Explain::Compute => compute(state),
        Explain::Cancel => cancel(state),
    }
}

/// Reads the layers once for each model; a newer job replaces an older one.
fn ask_for_stages(state: &mut State) -> Vec<Effect> {
    let Some(model) = state.model().map(|m| m.id.clone()) else {
        return vec![];
    };
    match state.stages.get(&model) {
        Some(Loadable::Pending | Loadable::Ready(_)) => return vec![],
        Some(Loadable::NotRequested | Loadable::Failed(_)) | None => {}
    }
    state.stages.retain(|_, stages| !stages.is_pending());
    state.stages.insert(model.clone(), Loadable::Pending);
    vec![Effect::start(ReadStages(model))]
}

pub(super) fn stages(
    state: &mut State,
    model: String,
    result: Result<Vec<Stage>, Failure>,
) -> Vec<Effect> {
    // Dropped if the models were reloaded meanwhile: the layers may differ.
    if state.stages.get(&model).is_some_and(Loadable::is_pending) {
        state.stages.insert(model, Loadable::of(result));
    }
    vec![]
}

/// Sets the recipe for the model in view, and for the other one if two are in view. A map that exists is shown at once.
fn choose(state: &mut State, recipe: Recipe) -> Vec<Effect> {
    let recipe = recipe.plain();
    if recipe.check().is_err() {
        return vec![];
    }
    let models: Vec<String> = state
        .models_in_view()
        .iter()
        .map(|m| m.id.clone())
        .collect();
    for (i, model) in models.into_iter().enumerate() {
        let mut own = recipe.clone();
        if i > 0 {
            // Layers are specific to a model, so the other model keeps its own.
            own.layer = state.recipe_of(&model).layer.clone();
            own.layer = own.layer.filter(|_| own.method.is_of_a_layer());
        }
        state.recipes.insert(model, own);
    }
    vec![]
}

fn compute(state: &mut State) -> Vec<Effect> {
    if !state.can_explain() {
        return vec![];
    }
    let mut missing = state.maps_missing().into_iter();
    match (state.selected, missing.next()) {
        (Some(photo), Some(key)) => {
            state.map_failures.clear();
            begin(state, photo, key, missing.next())
        }
        _ => vec![],
    }
}

fn begin(state: &mut State, photo: PhotoId, key: MapKey, next: Option<MapKey>) -> Vec<Effect> {
    let Some((opened, name)) = state
        .photograph(photo)
        .and_then(|p| Some((p.opened()?, &p.name)))
    else {
        return vec![];
    };
    let job = MakeMap {
        photo,
        image: opened.image.clone(),
        name: name.clone(),
        key: key.clone(),
        device: device_of(&state.settings.device),
    };
    state.explaining = Some(Explaining {
        photo,
        key,
        interim: None,
        next,
    });
    vec![Effect::start(job)]
}

fn cancel(state: &mut State) -> Vec<Effect> {
    match state.explaining.take() {
        Some(_) => vec![Effect::stop::<MakeMap>()],
        None => vec![],
    }
}

/// Stops a map of a photograph that is no longer in use.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    match &state.explaining {
        Some(explaining) if !state.is_in_use(explaining.photo) => cancel(state),
        _ => vec![],
    }
}

/// Shows an unfinished map together with the model's answer; dropped if there is no answer.
pub(super) fn on_the_way(
    state: &mut State,
    id: PhotoId,
    key: &MapKey,
    map: SaliencyMap,
) -> Vec<Effect> {
    let answer = state.photograph(id).and_then(|p| p.answers.get(&key.model));
    let interim = answer.map(|bare| {
        Arc::new(Answer {
            map: Some(map),
            ..Answer::clone(bare)
        })
    });
    if let Some(explaining) = &mut state.explaining
        && (explaining.photo, &explaining.key) == (id, key)
    {
        explaining.interim = interim;
    }
    vec![]
}

pub(super) fn explained(
    state: &mut State,
    id: PhotoId,
    key: MapKey,
    sha256: &str,
    result: Result<Arc<Answer>, Failure>,
) -> Vec<Effect> {
    let ended = state
        .explaining
        .take_if(|e| (e.photo, &e.key) == (id, &key));
    let mut effects = match result {
        Err(failure) if failure.cancelled => return vec![],
        Err(failure) => {
            let line = logged(&failure);
            note_failure(state, id, key, failure);
            vec![line]
        }
        Ok(answer) => land(state, id, key, sha256, answer),
    };
    effects.extend(go_on(state, ended));
    effects
}

/// Continues with the map of the other model, whether or not the first one succeeded.
fn go_on(state: &mut State, ended: Option<Explaining>) -> Vec<Effect> {
    match ended {
        Some(Explaining {
            photo,
            next: Some(next),
            ..
        }) => begin(state, photo, next, None),
        _ => vec![],
    }
}

fn land(
    state: &mut State,
    id: PhotoId,
    key: MapKey,
    sha256: &str,
    answer: Arc<Answer>,
) -> Vec<Effect> {
    // The card was edited since, or the model is gone.
    if !state.holds(&key.model, &answer) {
        return vec![];
    }
    let Some(photo) = state
        .photograph_mut(id)
        .filter(|p| p.sha256() == Some(sha256))
    else {
        return vec![];
    };
    photo.take_map(key, answer);
    vec![]
}

/// The reason is shown in the panel next to the button; a message would repeat it.
fn note_failure(state: &mut State, photo: PhotoId, key: MapKey, failure: Failure) {
    state.map_failures.push(MapFailure {
        photo,
        key,
        failure,
    });
}
