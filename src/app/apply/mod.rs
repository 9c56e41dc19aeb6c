//! The one place where state changes: an action in, effects out. Pure, fast and exhaustive; one file per subject.

mod jobs;
mod photographs;
mod run;
mod settings;

use super::action::{Action, Messages, Models};
use super::effect::Effect;
use super::state::{Models as Installed, State};

/// Applies one action and tells what is to be set in motion.
pub fn apply(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Photographs(action) => photographs::apply(state, action),
        Action::Models(action) => models(state, action),
        Action::Run(action) => run::apply(state, action),
        Action::Settings(change) => settings::apply(state, change),
        Action::Messages(action) => messages(state, &action),
        Action::Job(note) => jobs::apply(state, note),
    }
}

fn models(state: &mut State, action: Models) -> Vec<Effect> {
    match action {
        Models::Load => {
            state.models = Installed::Pending;
            vec![Effect::LoadModels]
        }
        Models::Choose(id) => {
            state.settings.model = Some(id);
            vec![Effect::SaveSettings(state.settings.clone())]
        }
    }
}

fn messages(state: &mut State, action: &Messages) -> Vec<Effect> {
    match *action {
        Messages::CopyDetails(id) => state
            .messages
            .iter()
            .find(|m| m.id == id)
            .map(|m| Effect::CopyText(m.failure.to_string()))
            .into_iter()
            .collect(),
        Messages::Dismiss(id) => {
            state.messages.retain(|m| m.id != id);
            vec![]
        }
    }
}

#[cfg(test)]
pub(in crate::app) mod examples;
#[cfg(test)]
mod tests;
