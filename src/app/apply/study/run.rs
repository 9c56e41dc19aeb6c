//! The run of the open study: starting, pausing and stopping it, and its rows as they come.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::change::confirmed_labels;
use super::open::read_status;
use super::rows::{ids_by_path, put_row};
use crate::app::apply::common::{device_of, logged};
use crate::app::job::{Effect, Job, JobContext, Landing, Slot};
use crate::app::state::{
    OpenedStudy, PhotoId, State, StudyEnd, StudyHandle, StudyPhotograph, StudyProgress,
};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{ResultRow, Study};
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::text::remark::Remark;
use crate::workflow::PartialResults;
use crate::workflow::batch::RunEvent;
use crate::workflow::study::{self, StudyRunOptions};

/// Runs the models of a study on what has no answer yet.
#[derive(Debug)]
pub struct RunStudy {
    pub handle: StudyHandle,
    pub options: StudyRunOptions,
    /// Where the rows of a run belong in the list, by their names.
    pub photographs: HashMap<String, PhotoId>,
}

impl Job for RunStudy {
    fn lane(&self) -> Lane {
        Lane::Long
    }

    fn answers_when_stopped(&self) -> bool {
        true
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let mut last = String::new();
        let mut failed: BTreeSet<String> = BTreeSet::new();
        let mut on_event = |event: RunEvent| match event {
            RunEvent::Row(row) => {
                if row.image != last {
                    last.clone_from(&row.image);
                    wait.one_done();
                }
                let counts = row.error.is_some() && failed.insert(row.image.clone());
                let photo = self.photographs.get(&row.image).copied();
                let row = row.clone();
                wait.notify(move |state| row_done(state, photo, row, counts));
            }
            RunEvent::Remark(remark) => {
                let remark = remark.clone();
                wait.notify(move |state| remarked(state, remark));
            }
        };
        let mut open = self.handle.lock();
        let ended = study::run(
            &work.context,
            &mut open,
            &self.options,
            &PartialResults::default(),
            wait.gate,
            wait.cancel,
            wait.progress,
            &mut on_event,
        );
        let result = ended.map_err(Failure::from).and_then(|outcome| {
            // The others were reported as they occurred.
            for remark in outcome.remarks.iter().filter(|r| r.is_of_tables()) {
                let remark = remark.clone();
                wait.notify(move |state| remarked(state, remark));
            }
            let interrupted = outcome.interrupted;
            match outcome.failure {
                Some(error) => Err(Failure::from(error)),
                None => Ok((outcome.cases, interrupted)),
            }
        });
        let study = Arc::new(open.study().clone());
        let photographs = self.photographs.clone();
        Landing::new(move |state| ended_run(state, study, &photographs, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(open) = &mut state.study.open {
                open.failure = Some(failure);
                if let Some(run) = open.running_mut() {
                    run.end = Some(StudyEnd::Failed);
                }
            }
            vec![]
        })
    }
}

pub(super) fn run(state: &mut State, failed_only: bool) -> Vec<Effect> {
    if state.many_going_on().is_some() || state.study.replay.is_running() {
        return vec![];
    }
    let device: Device = device_of(&state.settings.device);
    let mask_names = state.settings.names_masked;
    let ids = ids_by_path(state);
    let Some(open) = state.study.open.as_mut().filter(|open| open.can_run()) else {
        return vec![];
    };
    let of_list = |p: &StudyPhotograph| Some((p.name.clone(), *ids.get(&p.path)?));
    let photographs = open.photographs.iter().filter_map(of_list).collect();
    open.run = Some(StudyProgress::default());
    open.failure = None;
    vec![Effect::start(RunStudy {
        handle: open.handle.clone(),
        options: StudyRunOptions {
            device,
            failed_only,
            mask_names,
            ..StudyRunOptions::default()
        },
        photographs,
    })]
}

pub(super) fn pause(state: &mut State, paused: bool) -> Vec<Effect> {
    let run = state.study.open.as_mut().and_then(OpenedStudy::running_mut);
    match run.filter(|run| run.paused != paused) {
        Some(run) => {
            run.paused = paused;
            vec![Effect::Pause(Slot::of::<RunStudy>(), paused)]
        }
        None => vec![],
    }
}

pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    match state.study.open.as_mut().and_then(OpenedStudy::running_mut) {
        Some(run) => {
            run.stopping = true;
            vec![Effect::stop::<RunStudy>()]
        }
        None => vec![],
    }
}

/// A row of the run belongs to the photograph with its name. Its picture is read when its row is in view.
fn row_done(
    state: &mut State,
    photo: Option<PhotoId>,
    row: ResultRow,
    counts: bool,
) -> Vec<Effect> {
    let run = state.study.open.as_mut().and_then(OpenedStudy::running_mut);
    if let Some(run) = run {
        run.failed += usize::from(counts);
    }
    put_row(state, photo, row);
    vec![]
}

fn remarked(state: &mut State, remark: Remark) -> Vec<Effect> {
    if let Some(run) = state.study.open.as_mut().and_then(OpenedStudy::running_mut) {
        run.remarks.push(remark);
    }
    vec![]
}

fn ended_run(
    state: &mut State,
    study: Arc<Study>,
    photographs: &HashMap<String, PhotoId>,
    result: Result<(Vec<ResultRow>, bool), Failure>,
) -> Vec<Effect> {
    let Some(open) = state.study.open.as_mut().filter(|open| open.is_running()) else {
        return vec![];
    };
    open.study = study;
    let mut effects = vec![];
    let end = match result {
        Ok((cases, interrupted)) => {
            // With what depends on all rows.
            for row in cases {
                let photo = photographs.get(&row.image).copied();
                put_row(state, photo, row);
            }
            match interrupted {
                true => StudyEnd::Interrupted,
                false => StudyEnd::Finished,
            }
        }
        Err(failure) if failure.cancelled => StudyEnd::Interrupted,
        Err(failure) => {
            effects.push(logged(&failure));
            open.failure = Some(failure);
            StudyEnd::Failed
        }
    };
    if let Some(run) = state.study.open.as_mut().and_then(OpenedStudy::running_mut) {
        run.end = Some(end);
    }
    effects.extend(read_status(state));
    let labels = state
        .study
        .open
        .as_mut()
        .and_then(|open| open.labels_to_keep.take());
    effects.extend(
        labels
            .into_iter()
            .flat_map(|labels| confirmed_labels(state, labels)),
    );
    effects
}
