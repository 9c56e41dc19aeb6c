//! A run over many that the last session left: offered, gone on with, or forgotten.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::common::told_if_failed;
use super::dialog::ask;
use super::{find, many};
use crate::app::action::Purpose;
use crate::app::effect::Effect;
use crate::app::job::{Job, Landing, Wait};
use crate::app::state::{GoingOn, Models, Photograph, State, Subject};
use crate::app::verbs::{Failure, FoundPhotograph, Verbs};
use crate::jobs::Lane;
use crate::workflow::Unexported;

/// Looks for such a run.
#[derive(Clone, Copy, Debug)]
pub struct FindUnexported;

impl Job for FindUnexported {
    /// The folder may lie on a share that does not answer.
    fn lane(&self) -> Lane {
        Lane::Person
    }

    fn run(&self, verbs: &dyn Verbs, _: &Wait) -> Landing {
        let run = verbs.unexported();
        Landing::new(move |state| offer(state, run))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Offers the run of this folder no more.
#[derive(Clone, Debug)]
pub struct ForgetRun(pub PathBuf);

impl Job for ForgetRun {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, verbs: &dyn Verbs, _: &Wait) -> Landing {
        let result = verbs.forget_run(&self.0);
        Landing::new(move |state| told_if_failed(state, Subject::SettingsSave, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Forgets where the photographs of such runs lie.
#[derive(Clone, Copy, Debug)]
pub struct ForgetInputs;

impl Job for ForgetInputs {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, verbs: &dyn Verbs, _: &Wait) -> Landing {
        let result = verbs.forget_inputs();
        Landing::new(move |state| told_if_failed(state, Subject::SettingsSave, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// A run that the last session left is offered, once.
pub(super) fn offer(state: &mut State, run: Option<Unexported>) -> Vec<Effect> {
    if let Some(run) = run {
        state.tell(Subject::Unexported(Box::new(run)), None);
    }
    vec![]
}

/// Goes on with such a run: its photographs are looked for where they were, or the person is asked where they are. The
/// offer stays in view until that is said.
pub(super) fn go_on(state: &mut State, run: Unexported) -> Vec<Effect> {
    if !run.holds || many::going_on(state).is_some() {
        return vec![];
    }
    let models = run.models;
    if run.inputs.is_empty() {
        state.export_folder = Some(run.folder);
        state.going_on = GoingOn::AwaitsFolder { models };
        return ask(state, Purpose::Folder);
    }
    withdraw_offer(state, &run.folder);
    state.export_folder = Some(run.folder);
    let paths = run.inputs.clone();
    state.going_on = GoingOn::AwaitsPhotographs { models, paths };
    find::find(state, run.inputs)
}

pub(super) fn forget(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    withdraw_offer(state, &folder);
    leave_waiting(state);
    vec![Effect::start(ForgetRun(folder))]
}

pub(super) fn withdraw_offer(state: &mut State, folder: &Path) {
    let is_offer =
        |subject: &Subject| matches!(subject, Subject::Unexported(run) if run.folder == folder);
    state.messages.retain(|m| !is_offer(&m.subject));
}

/// The person has said where the photographs are. What is opened beside the open dialog says nothing of them.
pub(super) fn awaits_photographs(state: &mut State, paths: &[PathBuf]) {
    if state.asking {
        return;
    }
    if let GoingOn::AwaitsFolder { models } = &mut state.going_on {
        let (models, paths) = (std::mem::take(models), paths.to_owned());
        state.going_on = GoingOn::AwaitsPhotographs { models, paths };
        if let Some(folder) = state.export_folder.clone() {
            withdraw_offer(state, &folder);
        }
    }
}

/// The person closed the dialog, or put the offer away.
pub(super) fn leave_waiting(state: &mut State) {
    if matches!(state.going_on, GoingOn::AwaitsFolder { .. }) {
        state.going_on = GoingOn::No;
    }
}

/// What was found at some paths: the photographs of the run that goes on, if it waits for those.
pub(super) fn found(state: &mut State, at: &[PathBuf], photographs: &[FoundPhotograph]) {
    let GoingOn::AwaitsPhotographs { models, paths } = &mut state.going_on else {
        return;
    };
    if paths != at {
        return;
    }
    let models = std::mem::take(models);
    let files = photographs.iter().filter_map(|p| p.source.file());
    let photographs: Vec<PathBuf> = files.map(Path::to_owned).collect();
    // Where none is there any more, a message says so.
    state.going_on = match photographs.is_empty() {
        true => GoingOn::No,
        false => GoingOn::Ready {
            models,
            photographs,
        },
    };
}

/// Begins the run that goes on as soon as its models are there.
pub(super) fn keep_up(state: &mut State) -> Vec<Effect> {
    let is_ready = matches!(state.going_on, GoingOn::Ready { .. });
    if !is_ready || !matches!(state.models, Models::Ready(_)) || !state.can_run_many() {
        return vec![];
    }
    let GoingOn::Ready {
        models,
        photographs,
    } = std::mem::take(&mut state.going_on)
    else {
        return vec![];
    };
    let is_there = |id: &String| state.installed().iter().any(|m| m.id == *id);
    if !models.iter().all(is_there) {
        return vec![];
    }
    state.settings.models.clone_from(&models);
    let files: HashSet<&Path> = photographs.iter().map(PathBuf::as_path).collect();
    let is_of_run = |photo: &&Photograph| photo.source.file().is_some_and(|f| files.contains(f));
    let ids: Vec<_> = state
        .photographs
        .iter()
        .filter(is_of_run)
        .map(|p| p.id)
        .collect();
    let ids = state.rows_first(&ids);
    many::run_on(state, models, ids)
}
