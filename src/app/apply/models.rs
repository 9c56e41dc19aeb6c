//! The installed models: reading them, and which are chosen and in view.

use std::sync::Arc;

use super::common::reported;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::log::LogLine;
use crate::app::state::{MOST_MODELS, MessageTopic, Models as Installed, State};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;
use crate::workflow::{self, Damaged, ModelSummary};

#[derive(Clone, Debug)]
pub enum Models {
    Load,
    /// Adds a model to the chosen ones, or removes it.
    Toggle(String),
    /// Chooses this model alone.
    Choose(String),
    /// Shows a chosen model's answer.
    Look(String),
    /// Shows the next of the chosen models.
    LookAtNext,
}

/// Reads every installed model.
#[derive(Clone, Copy, Debug)]
pub struct ReadModels;

impl Job for ReadModels {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let models = workflow::models(&work.context);
        Landing::new(move |state| read(state, models))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.models = Installed::Failed(failure);
            vec![]
        })
    }
}

/// Finds models in the library that cannot be used.
#[derive(Clone, Copy, Debug)]
pub struct FindDamaged;

impl Job for FindDamaged {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let models = workflow::damaged(&work.context);
        Landing::new(move |state| damaged(state, models))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Imports the bundled models if needed, so that the first run does not wait for it.
#[derive(Clone, Copy, Debug)]
pub struct PrepareModels;

impl Job for PrepareModels {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let context = &work.context;
        let prepared_models = workflow::prepare_models(context, wait.cancel, wait.progress);
        // The models run anyway; the user should know why nothing can be imported.
        let stored = |()| match context.unwritten() {
            Some(kind) => Err(workflow::Error::LibraryUnwritten { kind }),
            None => Ok(()),
        };
        let result = prepared_models.and_then(stored).map_err(Failure::from);
        Landing::new(move |state| prepared(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

pub(super) fn apply(state: &mut State, action: Models) -> Vec<Effect> {
    match action {
        Models::Load => {
            state.models = Installed::Pending;
            vec![Effect::start(ReadModels)]
        }
        Models::Choose(id) => {
            state.settings.models = vec![id];
            vec![]
        }
        Models::Toggle(id) => toggle_model(state, &id),
        Models::Look(id) => {
            state.shown_model = Some(id);
            vec![]
        }
        Models::LookAtNext => {
            let chosen: Vec<_> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
            let here = state.model().map(|m| m.id.clone());
            let at = chosen.iter().position(|id| Some(id) == here.as_ref());
            if let Some(at) = at {
                state.shown_model = chosen.get((at + 1) % chosen.len()).cloned();
            }
            vec![]
        }
    }
}

/// Adds or removes a model; one always remains, and a third replaces the first.
fn toggle_model(state: &mut State, id: &str) -> Vec<Effect> {
    let mut chosen: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    match chosen.iter().position(|c| c == id) {
        Some(at) if chosen.len() > 1 => {
            chosen.remove(at);
        }
        Some(_) => return vec![],
        None => {
            if chosen.len() >= MOST_MODELS {
                chosen.remove(0);
            }
            chosen.push(id.to_owned());
        }
    }
    state.settings.models = chosen;
    vec![]
}

pub(super) fn read(state: &mut State, models: Vec<ModelSummary>) -> Vec<Effect> {
    let line = LogLine::Models {
        count: models.len(),
    };
    // Answers of removed models and of edited cards no longer hold.
    for photo in state.all_photographs_mut() {
        photo.keep_answers(|id, answer| {
            let card = &answer.case.card;
            models.iter().any(|m| m.id == id && m.card == *card)
        });
    }
    // An unchanged model keeps its layers and the steps on display: models are read a second time when the bundled ones
    // are unpacked.
    let card_of = |models: &[ModelSummary], id: &str| {
        let model = models.iter().find(|m| m.id == id);
        model.map(|m| Arc::clone(&m.card))
    };
    let stays = |id: &str| {
        let before = card_of(state.installed(), id);
        before.is_some() && before == card_of(&models, id)
    };
    let ids = models.iter().map(|m| m.id.clone());
    let staying: Vec<String> = ids.filter(|id| stays(id)).collect();
    state.stages.retain(|id, _| staying.contains(id));
    state
        .recipes
        .retain(|id, _| models.iter().any(|m| m.id == *id));
    state.models = Installed::Ready(models);
    vec![
        Effect::Log(line),
        Effect::start(FindDamaged),
        Effect::start(PrepareModels),
    ]
}

fn damaged(state: &mut State, models: Vec<Damaged>) -> Vec<Effect> {
    state.library.damaged = models;
    vec![]
}

pub(super) fn prepared(state: &mut State, result: Result<(), Failure>) -> Vec<Effect> {
    if let Err(failure) = result {
        return reported(state, MessageTopic::Models, failure);
    }
    // The bundled models are unpacked now and have a size; once is enough.
    let first = !std::mem::replace(&mut state.library.prepared, true);
    let bare = state.installed().iter().any(|m| m.bytes.is_none());
    match first && bare {
        true => vec![Effect::start(ReadModels)],
        false => vec![],
    }
}
