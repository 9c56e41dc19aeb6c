//! The import of a Keras file: reading it, applying the user's statements, and storing the model. The three jobs share
//! a slot.

use std::path::PathBuf;
use std::sync::Arc;

use super::check;
use super::models::ReadModels;
use crate::app::job::{Effect, Job, JobContext, Landing, Slot};
use crate::app::state::{CheckedModel, Import, Loadable, MessageTopic, State};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;
use crate::workflow::{self, ImportFlags, ImportReport, Inspected};

/// Reads a Keras file; reports its content and the fields that are still open.
#[derive(Clone, Debug)]
pub struct InspectFile {
    pub file: PathBuf,
    pub flags: ImportFlags,
}

impl Job for InspectFile {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (context, flags) = (&work.context, &self.flags);
        let result = workflow::inspect(context, &self.file, flags, wait.cancel, wait.progress);
        let result = result.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| inspected(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(give_up)
    }
}

/// Applies the flags to a file that was read already.
#[derive(Clone, Debug)]
pub struct ResolveDraft {
    pub inspected: Arc<Inspected>,
    pub flags: ImportFlags,
}

impl Job for ResolveDraft {
    fn slot(&self) -> Slot {
        Slot::of::<InspectFile>()
    }

    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let result = self.inspected.resettled(&self.flags);
        let result = result.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| inspected(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(give_up)
    }
}

/// Stores the model in the library.
#[derive(Clone, Debug)]
pub struct StoreModel {
    pub file: PathBuf,
    pub flags: ImportFlags,
}

impl Job for StoreModel {
    fn slot(&self) -> Slot {
        Slot::of::<InspectFile>()
    }

    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let result = workflow::import(
            &work.context,
            &self.file,
            &self.flags,
            None,
            wait.cancel,
            wait.progress,
        );
        let result = result.map_err(|(error, _)| Failure::from(error));
        Landing::new(move |state| stored(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(give_up)
    }
}

fn give_up(state: &mut State) -> Vec<Effect> {
    state.library.import = None;
    check::form_ends(state, None)
}

/// Cancels the import.
pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    let mut effects = give_up(state);
    effects.push(Effect::stop::<InspectFile>());
    effects
}

pub(super) fn inspect(state: &mut State, file: PathBuf) -> Vec<Effect> {
    let flags = Import::first_flags();
    let checked = state.check.subject.as_ref().and_then(CheckedModel::file);
    let is_checked = checked == Some(file.as_path());
    let mut effects = match is_checked {
        true => vec![],
        false => check::form_ends(state, None),
    };
    state.library.imported = None;
    state.library.import = Some(Import {
        name: crate::storage::file_name(&file),
        file: file.clone(),
        flags: flags.clone(),
        inspected: Loadable::Pending,
        storing: false,
        failure: None,
    });
    effects.push(Effect::start(InspectFile { file, flags }));
    effects
}

pub(super) fn set_flags(state: &mut State, flags: ImportFlags) -> Vec<Effect> {
    let Some(import) = &mut state.library.import else {
        return vec![];
    };
    // The values being stored must not change.
    if import.storing {
        return vec![];
    }
    // The output and the last activation belong to the network, which is read again with others.
    let network = |flags: &ImportFlags| (flags.output.clone(), flags.head);
    let is_another = network(&import.flags) != network(&flags);
    import.flags = flags.clone();
    import.failure = None;
    match &import.inspected {
        Loadable::Ready(_) if is_another => {
            import.inspected = Loadable::Pending;
            vec![Effect::start(InspectFile {
                file: import.file.clone(),
                flags,
            })]
        }
        Loadable::Ready(inspected) => vec![Effect::start(ResolveDraft {
            inspected: Arc::clone(inspected),
            flags,
        })],
        // A file that could not be read may be readable with the new flags, such as its input size.
        Loadable::Failed(_) => {
            import.inspected = Loadable::Pending;
            vec![Effect::start(InspectFile {
                file: import.file.clone(),
                flags,
            })]
        }
        Loadable::NotRequested | Loadable::Pending => vec![],
    }
}

pub(super) fn store(state: &mut State) -> Vec<Effect> {
    let Some(import) = &mut state.library.import else {
        return vec![];
    };
    if !matches!(import.inspected, Loadable::Ready(_)) || import.storing {
        return vec![];
    }
    import.storing = true;
    import.failure = None;
    vec![Effect::start(StoreModel {
        file: import.file.clone(),
        flags: import.flags.clone(),
    })]
}

pub(super) fn inspected(state: &mut State, result: Result<Arc<Inspected>, Failure>) -> Vec<Effect> {
    let Some(import) = &mut state.library.import else {
        return vec![];
    };
    match (result, &import.inspected) {
        // The user's statements do not fit the file: it stays loaded.
        (Err(failure), Loadable::Ready(_)) => import.failure = Some(failure),
        (result, _) => import.inspected = Loadable::of(result),
    }
    vec![]
}

pub(super) fn stored(state: &mut State, result: Result<ImportReport, Failure>) -> Vec<Effect> {
    match result {
        Ok(report) => {
            state.library.import = None;
            state.library.imported = Some(report.id.clone());
            let mut effects = check::form_ends(state, Some(&report.id));
            state.library.self_tests.remove(&report.id);
            let name = report.id.clone();
            state.settings.models = vec![report.id];
            state.notify(MessageTopic::Imported { name }, None);
            effects.push(Effect::start(ReadModels));
            effects
        }
        Err(failure) => {
            if let Some(import) = &mut state.library.import {
                import.storing = false;
                import.failure = (!failure.cancelled).then_some(failure);
            }
            vec![]
        }
    }
}
