//! Changes of the open study: where its photographs are now, its models, and its labels.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::{Listed, listed, take_listing};
use crate::app::apply::common::logged;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Loadable, State, StudyHandle};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{LabelMapping, Study};
use crate::jobs::Lane;
use crate::workflow::study;

/// Changes the study file, then lists the photographs again if they may be others.
#[derive(Clone, Debug)]
pub struct ChangeStudy {
    pub handle: StudyHandle,
    pub change: StudyChange,
}

/// A change of the study file.
#[derive(Clone, Debug)]
pub enum StudyChange {
    /// What was at the first path, as the study refers to it, is now at the second.
    Moved(String, PathBuf),
    Models(Vec<String>),
    /// How the table of labels is read, as it was confirmed.
    Labels(Box<LabelMapping>),
}

impl Job for ChangeStudy {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let mut open = self.handle.lock();
        let changed = match &self.change {
            StudyChange::Moved(from, to) => study::relocate(&mut open, from, to),
            StudyChange::Models(ids) => study::choose_models(&work.context, &mut open, ids),
            StudyChange::Labels(labels) => {
                let table = Path::new(&labels.table);
                study::confirm_labels(&mut open, table, (**labels).clone())
            }
        };
        let again = changed.and_then(|()| {
            let listed = match &self.change {
                StudyChange::Labels(_) => None,
                StudyChange::Moved(..) | StudyChange::Models(_) => {
                    Some(listed(&open, wait.cancel)?)
                }
            };
            Ok((Arc::new(open.study().clone()), listed))
        });
        let result = again.map_err(Failure::from);
        Landing::new(move |state| changed_study(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| changed_study(state, Err(failure)))
    }
}

pub(super) fn change(state: &mut State, change: StudyChange) -> Vec<Effect> {
    let Some(open) = state.study.open.as_mut().filter(|open| !open.is_running()) else {
        return vec![];
    };
    open.failure = None;
    vec![Effect::start(ChangeStudy {
        handle: open.handle.clone(),
        change,
    })]
}

fn changed_study(
    state: &mut State,
    result: Result<(Arc<Study>, Option<Listed>), Failure>,
) -> Vec<Effect> {
    let Some(open) = &mut state.study.open else {
        return vec![];
    };
    match result {
        Ok((study, listed)) => {
            open.study = study;
            let Some(listed) = listed else {
                return vec![];
            };
            open.status = Loadable::Pending;
            take_listing(state, listed)
        }
        Err(failure) => {
            let line = logged(&failure);
            open.failure = Some(failure);
            vec![line]
        }
    }
}

/// The folder that the user chose in place of one that was not found.
pub(in crate::app::apply) fn found_moved(state: &mut State, path: PathBuf) -> Vec<Effect> {
    match state.study.to_find.take() {
        Some(input) => change(state, StudyChange::Moved(input, path)),
        None => vec![],
    }
}

/// Labels that the user confirmed belong to the open study. A run holds it until its end.
pub(in crate::app::apply) fn confirmed_labels(
    state: &mut State,
    labels: LabelMapping,
) -> Vec<Effect> {
    match state.study.open.as_mut().filter(|open| !open.read_only) {
        Some(open) if open.is_running() => {
            open.labels_to_keep = Some(labels);
            vec![]
        }
        Some(_) => change(state, StudyChange::Labels(Box::new(labels))),
        None => vec![],
    }
}
