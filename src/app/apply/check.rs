//! The check of a model's preprocessing: its inputs, its run, and the setting that is taken from it.

use std::sync::Arc;

use super::library;
use super::photographs::ask;
use super::run::device_of;
use crate::app::action::{Check, Library, Purpose};
use crate::app::effect::Effect;
use crate::app::state::{Asked, CheckSubject, CheckUsed, State};
use crate::app::verbs::Failure;
use crate::workflow::check_import::{Applied, CheckReport, CheckRequest, Interim};

pub(super) fn apply(state: &mut State, action: Check) -> Vec<Effect> {
    let check = &mut state.check;
    match action {
        Check::AskForLabels => return ask(state, Purpose::CheckLabels),
        Check::AskForImages => return ask(state, Purpose::CheckImages),
        Check::Stop => return vec![Effect::StopCheck],
        Check::Start => return start(state),
        Check::Use(rank) => return use_setting(state, rank),
        // What runs keeps what it was started with.
        _ if check.report.is_pending() => return vec![],
        Check::Of(subject) => {
            if check.subject.as_ref() == Some(&subject) {
                return vec![];
            }
            check.subject = Some(subject);
        }
        Check::Labels(path) => check.labels = Some(path),
        Check::Images(path) => check.images = Some(path),
    }
    // A table beside other inputs would be read as theirs.
    check.report = Asked::Not;
    check.used = None;
    vec![]
}

fn start(state: &mut State) -> Vec<Effect> {
    let device = device_of(&state.settings.device);
    let check = &mut state.check;
    if !check.can_start() {
        return vec![];
    }
    let (Some(subject), Some(labels), Some(images)) =
        (&check.subject, &check.labels, &check.images)
    else {
        return vec![];
    };
    let request = CheckRequest {
        model: subject.as_model(),
        labels: labels.clone(),
        images: vec![images.clone()],
        device,
        full: false,
        accept_any_picture: false,
    };
    check.report = Asked::Pending;
    check.interim = None;
    check.used = None;
    vec![Effect::CheckImport(Box::new(request))]
}

/// Into the card of a model in the library, or into the form of the file that is being imported.
fn use_setting(state: &mut State, rank: usize) -> Vec<Effect> {
    let check = &mut state.check;
    let (Some(report), Some(subject)) = (check.finished().cloned(), check.subject.clone()) else {
        return vec![];
    };
    if let CheckSubject::Model(_) = subject {
        check.used = Some(CheckUsed::Pending);
        return vec![Effect::ApplySetting { report, rank }];
    }
    let row = rank.checked_sub(1).and_then(|place| report.rows.get(place));
    let import = state.library.import.as_ref();
    let (Some(row), Some(import)) = (row, import) else {
        return vec![];
    };
    let mut flags = import.flags.clone();
    flags.scaling = Some(row.input.scaling);
    flags.mean = row.input.mean;
    flags.std = row.input.std;
    flags.crop = Some(row.input.crop);
    flags.colour = Some(row.input.colour);
    flags.resize = Some(row.input.resize);
    state.check.used = Some(CheckUsed::InForm);
    library::apply(state, Library::Flags(Box::new(flags)))
}

pub(super) fn interim(state: &mut State, interim: Arc<Interim>) -> Vec<Effect> {
    if state.check.report.is_pending() {
        state.check.interim = Some(interim);
    }
    vec![]
}

pub(super) fn checked(state: &mut State, result: Result<Arc<CheckReport>, Failure>) -> Vec<Effect> {
    let check = &mut state.check;
    check.interim = None;
    check.report = match result {
        Err(failure) if failure.cancelled => Asked::Not,
        other => Asked::of(other),
    };
    vec![]
}

pub(super) fn applied(state: &mut State, result: Result<Applied, Failure>) -> Vec<Effect> {
    let check = &mut state.check;
    match result {
        Ok(applied) => {
            check.used = Some(CheckUsed::InCard(applied));
            vec![Effect::LoadModels]
        }
        Err(failure) => {
            check.used = Some(CheckUsed::Failed(failure));
            vec![]
        }
    }
}
