//! The study in the window: what the user does with it.

mod change;
pub mod evaluation;
mod open;
pub mod records;
pub mod replay;
mod rows;
mod run;
pub mod supplement;

use std::path::PathBuf;

use super::common::ask;
use crate::app::job::Effect;
use crate::app::state::{Purpose, State};
use crate::domain::StudySettings;

pub use change::{ChangeStudy, StudyChange};
pub(super) use change::{confirmed_labels, found_moved};
pub use evaluation::Evaluation;
pub(super) use open::open;
pub use open::{CreateStudy, OpenAStudy, ReadStudyStatus};
pub use records::Records;
pub use replay::Replay;
pub use run::RunStudy;
pub use supplement::Supplement;

/// The study in the window.
#[derive(Clone, Debug)]
pub enum Study {
    AskForFolder,
    AskForInput,
    /// The folder of a new study.
    Folder(PathBuf),
    /// A folder of photographs, or a table that lists them, for a new study.
    Input(PathBuf),
    /// Removes the input at this place.
    RemoveInput(usize),
    /// Creates the study of the form with these models and settings.
    Create(Vec<String>, Box<StudySettings>),
    AskForStudy,
    /// Opens the study in a folder, or given by its study file.
    Open(PathBuf),
    Close,
    /// Runs what has no answer yet, or only what failed.
    Run {
        failed_only: bool,
    },
    Pause(bool),
    Stop,
    /// Asks where this input is now.
    AskForMoved(String),
    /// What was at this input is now here.
    Moved(String, PathBuf),
    /// Ids of the models that the open study has from now on, as they are in the library.
    ChooseModels(Vec<String>),
    /// The page is in view.
    Shown,
}

pub(super) fn apply(state: &mut State, action: Study) -> Vec<Effect> {
    match action {
        Study::AskForFolder => ask(state, Purpose::StudyFolder),
        Study::AskForInput => ask(state, Purpose::StudyInput),
        Study::AskForStudy => ask(state, Purpose::Study),
        Study::AskForMoved(input) => {
            state.study.to_find = Some(input);
            ask(state, Purpose::StudyMoved)
        }
        Study::Shown => {
            state.study.wanted = false;
            vec![]
        }
        Study::Folder(folder) => {
            state.study.form.folder = Some(folder);
            state.study.failure = None;
            vec![]
        }
        Study::Input(input) => {
            let inputs = &mut state.study.form.inputs;
            if !inputs.contains(&input) {
                inputs.push(input);
            }
            vec![]
        }
        Study::RemoveInput(at) => {
            let inputs = &mut state.study.form.inputs;
            if at < inputs.len() {
                inputs.remove(at);
            }
            vec![]
        }
        Study::Create(models, settings) => open::create(state, models, *settings),
        Study::Open(path) => open::open(state, path),
        Study::Close => open::close(state),
        Study::Run { failed_only } => run::run(state, failed_only),
        Study::Pause(paused) => run::pause(state, paused),
        Study::Stop => run::stop(state),
        Study::Moved(input, path) => change::change(state, StudyChange::Moved(input, path)),
        Study::ChooseModels(ids) => change::change(state, StudyChange::Models(ids)),
    }
}
