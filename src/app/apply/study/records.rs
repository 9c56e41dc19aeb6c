//! The records check of the open study: finding the records, and the decisions of its reader.

use std::path::PathBuf;
use std::sync::Arc;

use super::rows::ids_by_path;
use crate::app::apply::common::{device_of, logged};
use crate::app::apply::open::seen_on_page;
use crate::app::job::{Effect, Job, JobContext, Landing, Slot};
use crate::app::state::{FoundRecords, Loadable, PhotoId, Records as Checked, State, StudyHandle};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{Decision, RecordDecision, Study};
use crate::evaluation::records_check::{RecordPhotograph, RecordsCheck};
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::workflow::study::{self, RecordsRequest};

/// The records check of the open study.
#[derive(Clone, Debug)]
pub enum Records {
    Start,
    Cancel,
    /// Shows the contradictions of this model.
    Model(String),
    /// Who decides; may be empty.
    Reader(String),
    /// What the reader decided about the photograph at this index of the study; the same again takes it back.
    Decide(usize, Decision),
    /// These photographs are visible and have no thumbnail.
    Seen(Vec<PhotoId>),
}

pub(in crate::app::apply) fn apply(state: &mut State, action: Records) -> Vec<Effect> {
    let records = &mut state.study.records;
    match action {
        Records::Start => start(state),
        Records::Cancel => {
            if records.found.is_pending() {
                records.found = Loadable::NotRequested;
            }
            vec![Effect::stop::<CheckRecords>()]
        }
        Records::Model(model) => {
            records.model = Some(model);
            records.found = Loadable::NotRequested;
            start(state)
        }
        Records::Reader(reader) => {
            let short = reader.chars().take(RecordDecision::READER);
            records.reader = Some(short.collect());
            vec![]
        }
        Records::Decide(photograph, decision) => decide(state, photograph, decision),
        Records::Seen(ids) => seen_on_page(state, &ids),
    }
}

fn start(state: &mut State) -> Vec<Effect> {
    let device = device_of(&state.settings.device);
    let Some(open) = state.study.open.as_ref().filter(|open| !open.is_running()) else {
        return vec![];
    };
    let records = &mut state.study.records;
    if records.found.is_pending() {
        return vec![];
    }
    records.of = Some((open.folder.clone(), Arc::clone(&open.study)));
    records.found = Loadable::Pending;
    records.failure = None;
    vec![Effect::start(CheckRecords {
        folder: open.folder.clone(),
        model: records.model.clone(),
        device,
    })]
}

/// Finds the records to check; features that no run has kept are computed.
#[derive(Debug)]
pub struct CheckRecords {
    pub folder: PathBuf,
    pub model: Option<String>,
    pub device: Device,
}

impl Job for CheckRecords {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let request = RecordsRequest {
            model: self.model.clone(),
            device: self.device,
            ..RecordsRequest::default()
        };
        let (cancel, progress) = (wait.cancel, wait.progress);
        let found = study::check_records(&work.context, &self.folder, &request, cancel, progress);
        let result = found.map_err(Failure::from);
        Landing::new(move |state| found_records(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| found_records(state, Err(failure)))
    }
}

fn found_records(state: &mut State, result: Result<RecordsCheck, Failure>) -> Vec<Effect> {
    if !state.study.records.found.is_pending() {
        return vec![];
    }
    let ids = ids_by_path(state);
    let Some(open) = &state.study.open else {
        return vec![];
    };
    let mut effects = vec![];
    let found = match result {
        Err(failure) if failure.cancelled => Loadable::NotRequested,
        Err(failure) => {
            effects.push(logged(&failure));
            Loadable::Failed(failure)
        }
        Ok(mut check) => {
            // Decided while it was computed.
            check.take_decisions(&open.study);
            let paths = open.photographs.iter();
            let mut photos: Vec<Option<PhotoId>> =
                paths.map(|of| ids.get(&of.path).copied()).collect();
            // The folders may hold others by now.
            let names = open.photographs.iter().map(|of| &of.name);
            if !names.eq(check.photographs.iter().map(|of| &of.image)) {
                photos = vec![None; check.photographs.len()];
            }
            Loadable::Ready(FoundRecords::of(check, photos))
        }
    };
    state.study.records.found = found;
    effects
}

fn decide(state: &mut State, photograph: usize, decision: Decision) -> Vec<Effect> {
    let Some(open) = state.study.open.as_ref() else {
        return vec![];
    };
    if open.read_only || open.is_running() {
        return vec![];
    }
    let records = &mut state.study.records;
    let reader = records.reader.clone().unwrap_or_default();
    let Loadable::Ready(found) = &mut records.found else {
        return vec![];
    };
    let check = Arc::make_mut(&mut found.check);
    let Some(of) = check.photographs.get_mut(photograph) else {
        return vec![];
    };
    let Some(sha256) = of.sha256.clone() else {
        return vec![];
    };
    let decided = of.decision.as_ref().map(|of| of.decision);
    let decision = Some(decision).filter(|decision| decided != Some(*decision));
    let before = of.clone();
    // At once; what was saved replaces it.
    of.decision = decision.map(|decision| RecordDecision {
        image: of.image.clone(),
        sha256,
        decision,
        date: String::new(),
        reader: reader.clone(),
    });
    records.last_decision += 1;
    records.failure = None;
    vec![Effect::start(KeepDecision {
        handle: open.handle.clone(),
        number: records.last_decision,
        photograph: before,
        decision,
        reader,
    })]
}

/// Saves a decision in the study.
#[derive(Clone, Debug)]
pub struct KeepDecision {
    pub handle: StudyHandle,
    pub number: u64,
    pub photograph: RecordPhotograph,
    pub decision: Option<Decision>,
    pub reader: String,
}

impl Job for KeepDecision {
    /// No decision replaces another.
    fn slot(&self) -> Slot {
        Slot::numbered::<Self>(self.number)
    }

    /// One thread: decisions are saved in their order.
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let mut open = self.handle.lock();
        let kept = study::decide(&mut open, &self.photograph, self.decision, &self.reader);
        let result = kept.map_err(Failure::from);
        let (study, number) = (Arc::new(open.study().clone()), self.number);
        Landing::new(move |state| kept_decision(state, number, study, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.study.records.failure = Some(failure);
            vec![]
        })
    }
}

/// What depends on the study depends on it with the decision as it did before.
fn kept_decision(
    state: &mut State,
    number: u64,
    study: Arc<Study>,
    result: Result<(), Failure>,
) -> Vec<Effect> {
    let studies = &mut state.study;
    let Some(open) = &mut studies.open else {
        return vec![];
    };
    let before = std::mem::replace(&mut open.study, Arc::clone(&study));
    let of = [
        &mut studies.evaluation.of,
        &mut studies.supplement.of,
        &mut studies.records.of,
    ];
    for (_, of) in of.into_iter().flatten() {
        if Arc::ptr_eq(of, &before) {
            *of = Arc::clone(&study);
        }
    }
    let records = &mut studies.records;
    let is_last = records.last_decision == number;
    if let Loadable::Ready(found) = &mut records.found
        && (is_last || result.is_err())
    {
        Arc::make_mut(&mut found.check).take_decisions(&study);
    }
    match result {
        Ok(()) => vec![],
        Err(failure) => {
            let line = logged(&failure);
            records.failure = Some(failure);
            vec![line]
        }
    }
}

/// A check is of one study as it was.
pub(in crate::app::apply) fn refresh(state: &mut State) -> Vec<Effect> {
    let studies = &mut state.study;
    let Some((folder, study)) = &studies.records.of else {
        return vec![];
    };
    let open = studies.open.as_ref();
    let is_same = open.is_some_and(|o| o.folder == *folder && Arc::ptr_eq(&o.study, study));
    if is_same {
        return vec![];
    }
    let is_same_folder = open.is_some_and(|open| open.folder == *folder);
    // Who reads is asked once in a session.
    let reader = studies.records.reader.take();
    let model = studies.records.model.take().filter(|_| is_same_folder);
    studies.records = Checked {
        reader,
        model,
        last_decision: studies.records.last_decision,
        ..Checked::default()
    };
    vec![Effect::stop::<CheckRecords>()]
}
