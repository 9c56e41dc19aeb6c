//! The one place where state changes: a user's action or a job's landing in, effects out. Pure and fast; one file per
//! subject, which also contains its jobs.

pub mod anatomy;
pub mod case_report;
pub mod check;
mod clipboard;
mod common;
pub mod cover;
pub mod devices;
pub mod dialog;
pub mod explain;
pub mod export;
mod export_rows;
pub mod find;
pub mod import;
pub mod labels;
mod leaving;
pub mod library;
mod list;
mod listing;
pub mod many;
mod memory;
pub(in crate::app) mod messages;
pub mod models;
pub mod open;
mod photographs;
pub mod predict;
pub mod resume;
mod run;
pub mod sanity_checks;
pub mod settings;
mod stated;
pub mod study;
mod subjects;
pub mod trace;
mod value_scale;
mod view;

pub use anatomy::Anatomy;
pub use check::Check;
pub(in crate::app) use common::after_defect;
pub use cover::Cover;
pub use explain::Explain;
pub use export::Export;
pub use labels::Labels;
pub use leaving::Leaving;
pub use library::Library;
pub use list::List;
pub use messages::Messages;
pub use models::Models;
pub use photographs::Photographs;
pub use run::Run;
pub use sanity_checks::SanityCheckAction;
pub use settings::SettingChange;
pub use study::{Evaluation, Records, Replay, Study, Supplement};
pub use view::View;

use super::job::{Effect, Landing};
use super::state::list::{counts_of, rows_of};
use super::state::{Basis, State};

/// Everything a user can trigger, one enum per subject. An action states the intent, not the widget that was used.
#[derive(Clone, Debug)]
pub enum Action {
    Photographs(Photographs),
    List(List),
    Models(Models),
    Run(Run),
    Explain(Explain),
    SanityChecks(SanityCheckAction),
    Anatomy(Anatomy),
    Cover(Cover),
    View(View),
    Export(Export),
    /// Asks for a folder and writes the case report of the photograph in view into it.
    CaseReport,
    Library(Library),
    Check(Check),
    Labels(Labels),
    Study(Study),
    Evaluation(Evaluation),
    Supplement(Supplement),
    Replay(Replay),
    Records(Records),
    Settings(SettingChange),
    Leaving(Leaving),
    Messages(Messages),
}

/// Applies one action and returns the effects to perform.
pub fn apply(state: &mut State, action: Action) -> Vec<Effect> {
    landed(state, |state| match action {
        Action::Photographs(action) => photographs::apply(state, action),
        Action::List(action) => list::apply(state, action),
        Action::Models(action) => models::apply(state, action),
        Action::Run(action) => run::apply(state, action),
        Action::Explain(action) => explain::apply(state, action),
        Action::SanityChecks(action) => sanity_checks::apply(state, action),
        Action::Anatomy(action) => anatomy::apply(state, action),
        Action::Cover(action) => cover::apply(state, action),
        Action::View(action) => view::apply(state, action),
        Action::Export(action) => export::apply(state, action),
        Action::CaseReport => case_report::ask_for_folder(state),
        Action::Library(action) => library::apply(state, action),
        Action::Check(action) => check::apply(state, action),
        Action::Labels(action) => labels::apply(state, action),
        Action::Study(action) => study::apply(state, action),
        Action::Evaluation(action) => study::evaluation::apply(state, action),
        Action::Supplement(action) => study::supplement::apply(state, action),
        Action::Replay(action) => study::replay::apply(state, action),
        Action::Records(action) => study::records::apply(state, action),
        Action::Settings(change) => settings::apply(state, change),
        Action::Leaving(action) => leaving::apply(state, action),
        Action::Messages(action) => messages::apply(state, &action),
    })
}

/// Applies a job's answer to the state and returns the effects to perform.
pub fn land(state: &mut State, landing: Landing) -> Vec<Effect> {
    landed(state, |state| landing.on(state))
}

fn landed(state: &mut State, change: impl FnOnce(&mut State) -> Vec<Effect>) -> Vec<Effect> {
    let mut effects = change(state);
    effects.extend(update_derived(state));
    effects
}

/// Updates everything derived from the state after any change. Each part checks for itself whether there is anything to
/// do.
fn update_derived(state: &mut State) -> Vec<Effect> {
    memory::keep_bounded(state);
    update_list(state);
    // After photographs have the names under which they are stored.
    let mut effects = resume::refresh(state);
    update_list(state);
    effects.extend(many::refresh(state));
    effects.extend(predict::refresh(state));
    effects.extend(explain::refresh(state));
    effects.extend(sanity_checks::refresh(state));
    effects.extend(anatomy::refresh(state));
    effects.extend(cover::refresh(state));
    effects.extend(export::refresh(state));
    effects.extend(settings::refresh(state));
    effects.extend(study::evaluation::refresh(state));
    effects.extend(study::supplement::refresh(state));
    effects.extend(study::records::refresh(state));
    leaving::refresh(state);
    effects
}

/// Updates what depends on the photographs as a whole: the user's statements, persons and counting, findings over the
/// list, and the rows shown.
fn update_list(state: &mut State) {
    let basis = Basis::of(state);
    let touched = state.photographs.take_touched();
    if !touched && state.basis.as_ref() == Some(&basis) {
        return;
    }
    // Order and filter affect no person, no counting and no finding.
    let before = state.basis.as_ref();
    let rows_alone = !touched && before.is_some_and(|b| b.differs_in_rows_alone(&basis));
    if !rows_alone {
        let models: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
        // Removed photographs may be restored.
        for photo in state.all_photographs_mut() {
            stated::keep_statements(photo);
            subjects::note_disagreement(photo, &models);
        }
        value_scale::refresh(state);
        subjects::refresh(state);
    }
    state.rows = rows_of(state);
    state.counts = counts_of(state);
    state.photographs.take_touched();
    state.basis = Some(basis);
    state.revision += 1;
}

#[cfg(test)]
pub(in crate::app) mod examples;
#[cfg(test)]
mod tests;
