//! Shared by several subjects: reporting failures and defects, the requested device.

use crate::app::Failure;
use crate::app::job::{Effect, Landing};
use crate::app::log::LogLine;
use crate::app::state::{MessageTopic, Purpose, State};
use crate::imaging::OpenOptions;
use crate::jobs::Panicked;
use crate::runtime::Device;
use crate::text::failures::{Fault, TaskFault};
use crate::workflow::{Answer, RunOptions};

/// Opens a file dialog; there is one at a time.
pub(super) fn ask(state: &mut State, purpose: Purpose) -> Vec<Effect> {
    if std::mem::replace(&mut state.asking, true) {
        return vec![];
    }
    // The dialog may work next time; until then a path can be typed.
    state.path_requested = state.no_dialog.then_some(purpose);
    vec![Effect::Ask(purpose)]
}

/// A message about a failure.
pub(super) fn reported(state: &mut State, subject: MessageTopic, failure: Failure) -> Vec<Effect> {
    let effect = logged(&failure);
    state.notify(subject, Some(failure));
    vec![effect]
}

/// A message if something failed; success is silent.
pub(super) fn report_if_failed(
    state: &mut State,
    subject: MessageTopic,
    result: Result<(), Failure>,
) -> Vec<Effect> {
    match result {
        Ok(()) => vec![],
        Err(failure) => reported(state, subject, failure),
    }
}

pub(super) fn logged(failure: &Failure) -> Effect {
    Effect::Log(LogLine::Failed {
        code: failure.code.clone(),
    })
}

/// The log line for an answer.
pub(super) fn wording(model: &str, answer: &Answer) -> Option<Effect> {
    let model = model.to_owned();
    let line = match (answer.case.score, answer.case.value) {
        (Some(score), _) => LogLine::Score { model, score },
        (None, Some(value)) => LogLine::Value { model, value },
        (None, None) => return None,
    };
    Some(Effect::Log(line))
}

/// The device named in the settings; an unknown word, from a newer version, means automatic.
pub(super) fn device_of(word: &str) -> Device {
    word.parse().unwrap_or(Device::Auto)
}

/// Options for a run of these models with the map of every run.
pub(super) fn run_options(models: &[String], device: Device) -> RunOptions {
    RunOptions {
        models: models.to_vec(),
        device,
        saliency: true,
        features: false,
        open: OpenOptions::default(),
    }
}

/// Handles a panicked job: its subject gets the failure, and the user a message about the defect.
pub(in crate::app) fn after_defect(
    panic: Panicked,
    of_job: impl FnOnce(Failure) -> Landing,
) -> Landing {
    let failure = defect(panic.0);
    let landing = of_job(failure.clone());
    Landing::new(move |state| {
        let mut effects = landing.on(state);
        effects.extend(reported(state, MessageTopic::Internal, failure));
        effects
    })
}

/// The panic's message goes into the report.
fn defect(panic: String) -> Failure {
    Failure::of("internal", panic, Fault::Task(TaskFault::Defect))
}
