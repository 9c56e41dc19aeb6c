//! The one place where state changes: an action in, effects out. Pure, fast and exhaustive; one file per subject.

mod anatomy;
mod check;
mod controls;
mod cover;
mod explain;
mod export;
mod jobs;
mod library;
mod list;
mod many;
mod memory;
mod photographs;
mod run;
mod settings;
mod subjects;
mod trace;
mod value_scale;
mod view;

use super::action::{Action, JobNote, Messages, Models, Photographs};
use super::effect::Effect;
use super::state::{Models as Installed, State, Subject};
use super::verbs::Failure;
use crate::domain::Skipped;
use crate::text::failures::{Fault, TaskFault};

/// Applies one action and tells what is to be set in motion.
pub fn apply(state: &mut State, action: Action) -> Vec<Effect> {
    let touches_rows = touches_rows(&action);
    let leaves_subjects = leaves_subjects(&action);
    let touches_models = matches!(&action, Action::Models(_) | Action::Job(JobNote::Models(_)));
    let mut effects = match action {
        Action::Photographs(action) => photographs::apply(state, action),
        Action::List(action) => list::apply(state, action),
        Action::Models(action) => models(state, action),
        Action::Run(action) => run::apply(state, action),
        Action::Explain(action) => explain::apply(state, action),
        Action::Controls(action) => controls::apply(state, action),
        Action::Anatomy(action) => anatomy::apply(state, action),
        Action::Cover(action) => cover::apply(state, action),
        Action::View(action) => view::apply(state, action),
        Action::Export(action) => export::apply(state, action),
        Action::Library(action) => library::apply(state, action),
        Action::Check(action) => check::apply(state, action),
        Action::Settings(change) => settings::apply(state, change),
        Action::Messages(action) => messages(state, &action),
        Action::Job(note) => jobs::apply(state, note),
    };
    effects.extend(anatomy::keep_up(state));
    if touches_models {
        subjects::note_disagreements(state);
    }
    if touches_rows && !leaves_subjects {
        value_scale::keep_up(state);
        subjects::keep_up(state);
    }
    if touches_rows {
        state.rows = super::state::list::rows_of(state);
    }
    // Now that photographs have the names under which they are kept.
    let begun = many::keep_up(state);
    if !begun.is_empty() {
        subjects::note_disagreements(state);
        subjects::keep_up(state);
        state.rows = super::state::list::rows_of(state);
        effects.extend(begun);
    }
    effects.extend(export::keep_up(state));
    effects
}

/// What cannot change which rows are shown, or their order, leaves them alone.
fn touches_rows(action: &Action) -> bool {
    match action {
        Action::Photographs(_)
        | Action::List(_)
        | Action::Models(_)
        | Action::Run(_)
        | Action::Job(_) => true,
        Action::Settings(change) => matches!(
            change,
            super::action::Change::NamesMasked(_) | super::action::Change::Language(_)
        ),
        Action::View(_)
        | Action::Explain(_)
        | Action::Controls(_)
        | Action::Anatomy(_)
        | Action::Cover(_)
        | Action::Export(_)
        | Action::Library(_)
        | Action::Check(_)
        | Action::Messages(_) => false,
    }
}

/// How the list is looked at, and what is on its way, changes no person, nothing that counts and no finding.
fn leaves_subjects(action: &Action) -> bool {
    matches!(
        action,
        Action::List(_)
            | Action::Photographs(Photographs::Seen(_))
            | Action::Job(
                JobNote::MapOnTheWay { .. }
                    | JobNote::ControlFound { .. }
                    | JobNote::Covered { .. }
                    | JobNote::CheckStands(_)
                    | JobNote::Previewed(_)
            )
    )
}

fn models(state: &mut State, action: Models) -> Vec<Effect> {
    match action {
        Models::Load => {
            state.models = Installed::Pending;
            vec![Effect::LoadModels]
        }
        Models::Choose(id) => {
            state.settings.models = vec![id];
            let mut effects = vec![Effect::SaveSettings(state.settings.clone())];
            effects.extend(cover::refresh(state));
            effects
        }
        Models::Toggle(id) => toggle_model(state, &id),
        Models::Look(id) => {
            state.shown_model = Some(id);
            state.preview_stale = true;
            vec![]
        }
        Models::LookAtNext => {
            let chosen: Vec<_> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
            let here = state.model().map(|m| m.id.clone());
            let at = chosen.iter().position(|id| Some(id) == here.as_ref());
            if let Some(at) = at {
                state.shown_model = chosen.get((at + 1) % chosen.len()).cloned();
            }
            state.preview_stale = true;
            vec![]
        }
    }
}

/// Takes a model in or leaves it out; one always remains, and a third takes the place of the first.
fn toggle_model(state: &mut State, id: &str) -> Vec<Effect> {
    let mut chosen: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    match chosen.iter().position(|c| c == id) {
        Some(at) if chosen.len() > 1 => {
            chosen.remove(at);
        }
        Some(_) => return vec![],
        None => {
            if chosen.len() >= super::state::MOST_MODELS {
                chosen.remove(0);
            }
            chosen.push(id.to_owned());
        }
    }
    state.settings.models = chosen;
    let mut effects = vec![Effect::SaveSettings(state.settings.clone())];
    effects.extend(cover::refresh(state));
    effects
}

fn messages(state: &mut State, action: &Messages) -> Vec<Effect> {
    match *action {
        Messages::CopyDetails(id) => state
            .messages
            .iter()
            .find(|m| m.id == id)
            .and_then(|m| details(state, m))
            .map(Effect::CopyText)
            .into_iter()
            .collect(),
        Messages::Dismiss(id) => {
            state.messages.retain(|m| m.id != id);
            if !state
                .messages
                .iter()
                .any(|m| matches!(m.subject, Subject::Unexported(_)))
            {
                many::leave_waiting(state);
            }
            vec![]
        }
    }
}

/// What is copied of a message: the failure in full, or the names of what was left out; none of it names what is masked.
fn details(state: &State, message: &super::state::Message) -> Option<String> {
    match (&message.failure, &message.subject) {
        (Some(failure), _) => Some(state.shown_message(&failure.to_string())),
        (None, Subject::Skipped { .. }) if state.settings.names_masked => None,
        (None, Subject::Skipped { skipped }) => Some(skipped_lines(state, skipped)),
        (None, Subject::Exported { problems, .. }) => Some(problems.join("\n")),
        (None, _) => None,
    }
}

fn skipped_lines(state: &State, skipped: &[Skipped]) -> String {
    let lang = state.settings.language;
    let line = |s: &Skipped| format!("{}: {}", s.name, s.why.reason(lang));
    skipped.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A task panicked: what it said is for a report.
fn defect(panic: impl Into<String>) -> Failure {
    Failure {
        code: "internal".into(),
        english: panic.into(),
        fault: Box::new(Fault::Task(TaskFault::Defect)),
        cancelled: false,
        open: Vec::new(),
        question: None,
        network: None,
    }
}

#[cfg(test)]
pub(in crate::app) mod examples;
#[cfg(test)]
mod tests;
