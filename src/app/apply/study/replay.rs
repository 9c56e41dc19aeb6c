//! Making an export of a study again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::apply::common::{ask, device_of, logged};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Loadable, Purpose, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::replay::ReplayDifference;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::workflow::study;

/// The check of an export.
#[derive(Clone, Debug)]
pub enum Replay {
    AskForFolder,
    /// Makes the export in this folder again.
    Start(PathBuf),
    Cancel,
}

pub(in crate::app::apply) fn apply(state: &mut State, action: Replay) -> Vec<Effect> {
    match action {
        Replay::AskForFolder => ask(state, Purpose::ReplayFolder),
        Replay::Start(_) if !state.can_replay() => vec![],
        Replay::Start(folder) => {
            let device = device_of(&state.settings.device);
            let replay = &mut state.study.replay;
            replay.folder = Some(folder.clone());
            replay.differences = Loadable::Pending;
            vec![Effect::start(ReplayExport { folder, device })]
        }
        Replay::Cancel => {
            let replay = &mut state.study.replay;
            if replay.differences.is_pending() {
                replay.differences = Loadable::NotRequested;
            }
            vec![Effect::stop::<ReplayExport>()]
        }
    }
}

/// Makes an export again and compares.
#[derive(Debug)]
pub struct ReplayExport {
    pub folder: PathBuf,
    pub device: Device,
}

impl Job for ReplayExport {
    fn lane(&self) -> Lane {
        Lane::Long
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (cancel, progress) = (wait.cancel, wait.progress);
        let context = &work.context;
        let found = study::replay(context, &self.folder, self.device, false, cancel, progress);
        let (folder, result) = (self.folder.clone(), found.map_err(Failure::from));
        Landing::new(move |state| replayed(state, &folder, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        let folder = self.folder.clone();
        Landing::new(move |state| replayed(state, &folder, Err(failure)))
    }
}

fn replayed(
    state: &mut State,
    folder: &Path,
    result: Result<Vec<ReplayDifference>, Failure>,
) -> Vec<Effect> {
    let replay = &mut state.study.replay;
    if !replay.differences.is_pending() || replay.folder.as_deref() != Some(folder) {
        return vec![];
    }
    let (differences, effects) = match result {
        Err(failure) if failure.cancelled => (Loadable::NotRequested, vec![]),
        Err(failure) => {
            let line = logged(&failure);
            (Loadable::Failed(failure), vec![line])
        }
        Ok(differences) => (Loadable::Ready(Arc::new(differences)), vec![]),
    };
    replay.differences = differences;
    effects
}
