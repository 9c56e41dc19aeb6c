//! Engines and devices: testing them on this machine, and installing a runtime library.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Loadable, RuntimeInstall, State};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;
use crate::runtime::DevicesReport;
use crate::workflow;

/// Tries every engine on every device.
#[derive(Clone, Copy, Debug)]
pub struct TryDevices;

impl Job for TryDevices {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let result = workflow::devices(&work.context, wait.cancel, wait.progress);
        let result = result.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| tried(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| tried(state, Err(failure)))
    }
}

/// Installs a wheel or library; with `accept`, any checksum is allowed.
#[derive(Clone, Debug)]
pub struct InstallRuntime {
    pub file: PathBuf,
    pub accept: bool,
}

impl Job for InstallRuntime {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let file = self.file.clone();
        let result = match workflow::install_runtime(&work.context, &file, self.accept) {
            Ok(done) => Ok(Installed::Done {
                restart_needed: done.restart_needed,
                refused: done.refused,
            }),
            Err(workflow::Error::NotPinned { sha256 }) => Ok(Installed::NotPinned { sha256 }),
            Err(error) => Err(Failure::from(error)),
        };
        Landing::new(move |state| installed(state, file, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.library.installing = Some(RuntimeInstall::Failed(failure));
            vec![]
        })
    }
}

/// How the installation of a runtime library ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Installed {
    Done {
        restart_needed: bool,
        /// Why the library cannot be used, if it cannot.
        refused: Option<String>,
    },
    /// Its checksum is unknown; nothing was installed.
    NotPinned { sha256: String },
}

pub(super) fn try_all(state: &mut State) -> Vec<Effect> {
    state.library.devices = Loadable::Pending;
    vec![Effect::start(TryDevices)]
}

pub(super) fn tried(state: &mut State, result: Result<Arc<DevicesReport>, Failure>) -> Vec<Effect> {
    state.library.devices = Loadable::of(result);
    vec![]
}

pub(super) fn install(state: &mut State, file: PathBuf, accept: bool) -> Vec<Effect> {
    state.library.installing = Some(RuntimeInstall::Pending);
    vec![Effect::start(InstallRuntime { file, accept })]
}

pub(super) fn installed(
    state: &mut State,
    file: PathBuf,
    result: Result<Installed, Failure>,
) -> Vec<Effect> {
    if state.library.installing.is_none() {
        return vec![];
    }
    let (now, effects) = match result {
        Ok(Installed::Done {
            restart_needed,
            refused,
        }) => {
            state.library.devices = Loadable::Pending;
            (
                RuntimeInstall::Done {
                    restart_needed,
                    refused,
                },
                vec![Effect::start(TryDevices)],
            )
        }
        Ok(Installed::NotPinned { sha256 }) => (RuntimeInstall::NotPinned { file, sha256 }, vec![]),
        Err(failure) => (RuntimeInstall::Failed(failure), vec![]),
    };
    state.library.installing = Some(now);
    effects
}
