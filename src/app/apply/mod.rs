//! The one place where state changes: an action of a person or the landing of a job in, effects out. Pure and fast; one
//! file per subject, which holds its jobs as well.

pub mod anatomy;
pub mod check;
mod clipboard;
mod common;
pub mod controls;
pub mod cover;
pub mod devices;
pub mod dialog;
pub mod explain;
pub mod export;
mod export_rows;
pub mod find;
pub mod import;
pub mod library;
mod list;
pub mod many;
mod memory;
pub(in crate::app) mod messages;
pub mod models;
pub mod open;
mod photographs;
pub mod predict;
pub mod resume;
pub mod settings;
mod stated;
mod subjects;
pub mod trace;
mod value_scale;
mod view;

pub(in crate::app) use common::after_defect;

use super::action::{Action, Change, Photographs};
use super::effect::Effect;
use super::job::Landing;
use super::state::State;
use super::state::list::rows_of;

/// Applies one action and tells what is to be set in motion.
pub fn apply(state: &mut State, action: Action) -> Vec<Effect> {
    let touches_rows = touches_rows(&action);
    let leaves_subjects = leaves_subjects(&action);
    let touches_models = matches!(&action, Action::Models(_));
    let mut effects = match action {
        Action::Photographs(action) => photographs::apply(state, action),
        Action::List(action) => list::apply(state, action),
        Action::Models(action) => models::apply(state, action),
        Action::Run(action) => predict::apply(state, action),
        Action::Explain(action) => explain::apply(state, action),
        Action::Controls(action) => controls::apply(state, action),
        Action::Anatomy(action) => anatomy::apply(state, action),
        Action::Cover(action) => cover::apply(state, action),
        Action::View(action) => view::apply(state, action),
        Action::Export(action) => export::apply(state, action),
        Action::Library(action) => library::apply(state, action),
        Action::Check(action) => check::apply(state, action),
        Action::Settings(change) => settings::apply(state, change),
        Action::Messages(action) => messages::apply(state, &action),
    };
    effects.extend(settle(state, touches_rows, leaves_subjects, touches_models));
    effects
}

/// Lets a job's answer change the state, and tells what is to be set in motion.
pub fn land(state: &mut State, landing: Landing) -> Vec<Effect> {
    landed(state, |state| landing.on(state))
}

fn landed(state: &mut State, land: impl FnOnce(&mut State) -> Vec<Effect>) -> Vec<Effect> {
    let mut effects = land(state);
    effects.extend(settle(state, true, false, true));
    effects
}

fn settle(
    state: &mut State,
    touches_rows: bool,
    leaves_subjects: bool,
    touches_models: bool,
) -> Vec<Effect> {
    let mut effects = anatomy::keep_up(state);
    if touches_models {
        subjects::note_disagreements(state);
    }
    if touches_rows && !leaves_subjects {
        value_scale::keep_up(state);
        subjects::keep_up(state);
    }
    if touches_rows {
        state.rows = rows_of(state);
    }
    // Now that photographs have the names under which they are kept.
    let begun = resume::keep_up(state);
    if !begun.is_empty() {
        subjects::note_disagreements(state);
        subjects::keep_up(state);
        state.rows = rows_of(state);
        effects.extend(begun);
    }
    effects.extend(export::keep_up(state));
    effects
}

/// What cannot change which rows are shown, or their order, leaves them alone.
fn touches_rows(action: &Action) -> bool {
    match action {
        Action::Photographs(_) | Action::List(_) | Action::Models(_) | Action::Run(_) => true,
        Action::Settings(change) => {
            matches!(change, Change::NamesMasked(_) | Change::Language(_))
        }
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
        Action::List(_) | Action::Photographs(Photographs::Seen(_))
    )
}

#[cfg(test)]
pub(in crate::app) mod examples;
#[cfg(test)]
mod tests;
