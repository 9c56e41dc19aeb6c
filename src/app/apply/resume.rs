//! An unfinished run over many photographs from the last session: offered, resumed, or discarded.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::common::{ask, report_if_failed};
use super::{find, many};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{MessageTopic, Models, Photograph, Purpose, ResumePrompt, State};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;
use crate::workflow::{self, Unexported};

/// Looks for such a run.
#[derive(Clone, Copy, Debug)]
pub struct FindUnexported;

impl Job for FindUnexported {
    /// The folder may be on a network share that does not respond.
    fn lane(&self) -> Lane {
        Lane::WaitingUser
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let run = workflow::batch::unexported(&work.context);
        Landing::new(move |state| prompt(state, run))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Stops offering the run of this folder.
#[derive(Clone, Debug)]
pub struct ForgetRun(pub PathBuf);

impl Job for ForgetRun {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = workflow::batch::forget(&work.context, &self.0).map_err(Failure::from);
        Landing::new(move |state| report_if_failed(state, MessageTopic::SettingsSave, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Deletes the stored paths of the photographs of such runs.
#[derive(Clone, Copy, Debug)]
pub struct ForgetInputs;

impl Job for ForgetInputs {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = workflow::batch::forget_inputs(&work.context).map_err(Failure::from);
        Landing::new(move |state| report_if_failed(state, MessageTopic::SettingsSave, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Offers an unfinished run of the last session, once.
pub(super) fn prompt(state: &mut State, run: Option<Unexported>) -> Vec<Effect> {
    if let Some(run) = run {
        state.notify(MessageTopic::Unexported(Box::new(run)), None);
    }
    vec![]
}

/// Resumes such a run: its photographs are searched for at their stored paths, or the user is asked for their folder.
/// The offer stays visible until the folder is chosen.
pub(super) fn go_on(state: &mut State, run: Unexported) -> Vec<Effect> {
    if !run.holds || state.many_going_on().is_some() {
        return vec![];
    }
    let models = run.models;
    if run.inputs.is_empty() {
        state.export_folder = Some(run.folder);
        state.resume_prompt = ResumePrompt::AwaitsFolder { models };
        return ask(state, Purpose::Folder);
    }
    state.withdraw_resume_prompt(&run.folder);
    state.export_folder = Some(run.folder);
    let paths = run.inputs.clone();
    state.resume_prompt = ResumePrompt::AwaitsPhotographs { models, paths };
    find::find(state, run.inputs)
}

pub(super) fn forget(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    state.withdraw_resume_prompt(&folder);
    state.leave_waiting();
    vec![Effect::start(ForgetRun(folder))]
}

/// Begins the run to resume as soon as its models are loaded.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let is_ready = matches!(state.resume_prompt, ResumePrompt::Ready { .. });
    if !is_ready || !matches!(state.models, Models::Ready(_)) || !state.can_run_many() {
        return vec![];
    }
    let ResumePrompt::Ready {
        models,
        photographs,
    } = std::mem::take(&mut state.resume_prompt)
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
