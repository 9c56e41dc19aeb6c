//! The supplement of the open study: what is chosen, computing it, and its files.

mod jobs;

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Failure;
use crate::app::apply::common::{ask, logged, reported};
use crate::app::job::Effect;
use crate::app::state::{
    Loadable, MessageTopic, Purpose, State, Supplement as Supplementing, Supplied,
    models_with_two_labels,
};
use crate::workflow::study::SupplementRequest;

pub use jobs::{SupplyLabels, WriteSupplement};

/// The supplement of the open study.
#[derive(Clone, Debug)]
pub enum Supplement {
    Start,
    Cancel,
    /// The id of the model.
    Model(String),
    /// The column that the label is to be related to, if labels are to be drawn.
    Outcome(Option<String>),
    /// Whether this column enters the draws.
    Covariate(String, bool),
    Imputations(usize),
    Seed(u64),
    /// Whether labels at the threshold are written, too.
    HardLabels(bool),
    AskForFolder,
    Write(PathBuf),
    CancelWriting,
}

pub(in crate::app::apply) fn apply(state: &mut State, action: Supplement) -> Vec<Effect> {
    let request = state.study.supplement.request.clone();
    match action {
        Supplement::Start => start(state),
        Supplement::Cancel => {
            let supplement = &mut state.study.supplement;
            if supplement.report.is_pending() {
                supplement.report = Loadable::NotRequested;
            }
            vec![Effect::stop::<SupplyLabels>()]
        }
        Supplement::Model(model) => {
            // Its calibration is another one.
            state.study.supplement.last = None;
            let model = Some(model);
            change(state, SupplementRequest { model, ..request })
        }
        Supplement::Outcome(outcome) => {
            let mut covariates = request.covariates;
            match &outcome {
                Some(outcome) => covariates.retain(|column| column != outcome),
                None => covariates.clear(),
            }
            let request = SupplementRequest {
                outcome,
                covariates,
                ..request
            };
            change(state, request)
        }
        Supplement::Covariate(column, on) => {
            let mut covariates = request.covariates;
            covariates.retain(|known| *known != column);
            if on {
                covariates.push(column);
            }
            let request = SupplementRequest {
                covariates,
                ..request
            };
            change(state, request)
        }
        Supplement::Imputations(imputations) => change(
            state,
            SupplementRequest {
                imputations,
                ..request
            },
        ),
        Supplement::Seed(seed) => change(state, SupplementRequest { seed, ..request }),
        Supplement::HardLabels(with_hard_labels) => change(
            state,
            SupplementRequest {
                with_hard_labels,
                ..request
            },
        ),
        Supplement::AskForFolder => match state.study.supplement.ready() {
            Some(_) => ask(state, Purpose::SupplementFolder),
            None => vec![],
        },
        Supplement::Write(folder) => write(state, folder),
        Supplement::CancelWriting => {
            state.study.supplement.writing = false;
            vec![Effect::stop::<WriteSupplement>()]
        }
    }
}

/// Computes anew with another choice.
fn change(state: &mut State, request: SupplementRequest) -> Vec<Effect> {
    let supplement = &mut state.study.supplement;
    if supplement.request == request {
        return vec![];
    }
    supplement.request = request;
    if let Loadable::Ready(supplied) = std::mem::take(&mut supplement.report)
        && supplied.report.model == supplement.request.model.clone().unwrap_or_default()
    {
        supplement.last = Some(supplied);
    }
    start(state)
}

fn start(state: &mut State) -> Vec<Effect> {
    let Some(open) = state.study.open.as_ref().filter(|open| !open.is_running()) else {
        return vec![];
    };
    let supplement = &mut state.study.supplement;
    supplement.of = Some((open.folder.clone(), Arc::clone(&open.study)));
    let mut models = models_with_two_labels(&open.study);
    match (&supplement.request.model, models.next(), models.next()) {
        // Which of several is meant is for the user to say.
        (None, Some(_), Some(_)) => return vec![],
        (None, Some(only), None) => supplement.request.model = Some(only.id.clone()),
        _ => {}
    }
    supplement.report = Loadable::Pending;
    supplement.write_failure = None;
    vec![Effect::start(SupplyLabels {
        folder: open.folder.clone(),
        request: supplement.request.clone(),
    })]
}

fn supplied(
    state: &mut State,
    request: &SupplementRequest,
    result: Result<Arc<Supplied>, Failure>,
) -> Vec<Effect> {
    let supplement = &mut state.study.supplement;
    if !supplement.report.is_pending() || supplement.request != *request {
        return vec![];
    }
    match result {
        Err(failure) if failure.cancelled => {
            supplement.report = Loadable::NotRequested;
            vec![]
        }
        Err(failure) => {
            let line = logged(&failure);
            supplement.report = Loadable::Failed(failure);
            vec![line]
        }
        Ok(supplied) => {
            supplement.last = None;
            supplement.report = Loadable::Ready(supplied);
            vec![]
        }
    }
}

fn write(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    let mask_names = state.settings.names_masked;
    let supplement = &mut state.study.supplement;
    let of = supplement.of.as_ref().map(|(study, _)| study.clone());
    let Some((supplied, study)) = supplement.ready().cloned().zip(of) else {
        return vec![];
    };
    supplement.writing = true;
    supplement.write_failure = None;
    vec![Effect::start(WriteSupplement {
        study,
        request: supplement.request.clone(),
        supplied,
        folder,
        mask_names,
    })]
}

fn written(
    state: &mut State,
    folder: PathBuf,
    result: Result<Vec<String>, Failure>,
) -> Vec<Effect> {
    if !std::mem::replace(&mut state.study.supplement.writing, false) {
        return vec![];
    }
    match result {
        Ok(files) => {
            let subject = MessageTopic::Exported {
                files: files.len(),
                problems: vec![],
                folder,
            };
            state.notify(subject, None);
            vec![]
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => {
            state.study.supplement.write_failure = Some(failure.clone());
            reported(state, MessageTopic::Export, failure)
        }
    }
}

/// A supplement is of one study as it was.
pub(in crate::app::apply) fn refresh(state: &mut State) -> Vec<Effect> {
    let studies = &mut state.study;
    let Some((folder, study)) = &studies.supplement.of else {
        return vec![];
    };
    let open = studies.open.as_ref();
    if open.is_some_and(|o| o.folder == *folder && Arc::ptr_eq(&o.study, study)) {
        return vec![];
    }
    studies.supplement = Supplementing::default();
    vec![
        Effect::stop::<SupplyLabels>(),
        Effect::stop::<WriteSupplement>(),
    ]
}
