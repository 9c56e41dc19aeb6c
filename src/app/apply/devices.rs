//! Engines and devices: what works on this machine, and the installation of a runtime library.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::job::{Effect, Job, Landing, Wait};
use crate::app::state::{Installing, Loadable, State};
use crate::app::verbs::{Failure, Installed, Verbs};
use crate::jobs::Lane;
use crate::runtime::DevicesReport;

/// Tries every engine on every device.
#[derive(Clone, Copy, Debug)]
pub struct TryDevices;

impl Job for TryDevices {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, verbs: &dyn Verbs, wait: &Wait) -> Landing {
        let result = verbs.devices(wait.cancel, wait.progress);
        Landing::new(move |state| tried(state, result.map(Arc::new)))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| tried(state, Err(failure)))
    }
}

/// Installs a wheel or library; with `accept` whatever its checksum.
#[derive(Clone, Debug)]
pub struct InstallRuntime {
    pub file: PathBuf,
    pub accept: bool,
}

impl Job for InstallRuntime {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, verbs: &dyn Verbs, _: &Wait) -> Landing {
        let file = self.file.clone();
        let result = verbs.install_runtime(&file, self.accept);
        Landing::new(move |state| installed(state, file, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.library.installing = Some(Installing::Failed(failure));
            vec![]
        })
    }
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
    state.library.installing = Some(Installing::Pending);
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
                Installing::Done {
                    restart_needed,
                    refused,
                },
                vec![Effect::start(TryDevices)],
            )
        }
        Ok(Installed::NotPinned { sha256 }) => (Installing::NotPinned { file, sha256 }, vec![]),
        Err(failure) => (Installing::Failed(failure), vec![]),
    };
    state.library.installing = Some(now);
    effects
}
