//! The check of a model's preprocessing: its inputs, its run, and applying the chosen setting.

use std::sync::Arc;

use super::common::{ask, device_of};
use super::import;
use super::models::ReadModels;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{
    Check as CheckState, CheckUsed, CheckedModel, Loadable, Purpose, State, TableAnswer,
    TableQuestions,
};
use crate::app::{Failure, WorkflowContext};
use crate::domain::CardField;
use crate::jobs::Lane;
use crate::workflow::check_import::{
    Applied, CheckReport, CheckRequest, Choice, InterimRanking, found_by_check,
};
use crate::workflow::{ImportFlags, apply_setting, check_import};
use std::path::PathBuf;
use strum::VariantArray;

/// The check of a model's preprocessing.
#[derive(Clone, Debug)]
pub enum Check {
    Of(CheckedModel),
    AskForLabels,
    AskForImages,
    /// The table of labels.
    Labels(PathBuf),
    /// The folder of photographs.
    Images(PathBuf),
    /// About the table.
    Answer(TableAnswer),
    Start,
    Stop,
    /// Applies the setting of a row.
    Use(Choice),
}

/// Ranks the settings of a model's preprocessing; reports the interim ranking after each photograph.
#[derive(Clone, Debug)]
pub struct CheckImport(pub CheckRequest);

impl Job for CheckImport {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn answers_when_stopped(&self) -> bool {
        true
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let mut notify = |so_far: &InterimRanking| {
            let so_far = Arc::new(so_far.clone());
            wait.notify(move |state| interim(state, so_far));
        };
        let (context, request) = (&work.context, &self.0);
        let result = check_import(context, request, wait.cancel, wait.progress, &mut notify);
        let result = result.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| checked(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.check.report = Loadable::Failed(failure);
            vec![]
        })
    }
}

/// Writes the setting of a row to the card of the checked model.
#[derive(Clone, Debug)]
pub struct ApplySetting {
    pub report: Arc<CheckReport>,
    pub choice: Choice,
}

impl Job for ApplySetting {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = apply_setting(&work.context, &self.report, self.choice);
        let result = result.map(|(_, done)| done).map_err(Failure::from);
        Landing::new(move |state| applied(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.check.used = Some(CheckUsed::Failed(failure));
            vec![]
        })
    }
}

pub(super) fn apply(state: &mut State, action: Check) -> Vec<Effect> {
    let check = &mut state.check;
    match action {
        Check::AskForLabels => return ask(state, Purpose::CheckLabels),
        Check::AskForImages => return ask(state, Purpose::CheckImages),
        Check::Stop => return vec![Effect::stop::<CheckImport>()],
        Check::Start => return start(state),
        Check::Use(choice) => return use_setting(state, choice),
        // A running check keeps the inputs it was started with.
        _ if check.report.is_pending() => return vec![],
        Check::Of(subject) => {
            if check.subject.as_ref() == Some(&subject) {
                return vec![];
            }
            check.subject = Some(subject);
            forget_answers(check);
        }
        Check::Labels(path) => {
            check.labels = Some(path);
            forget_answers(check);
        }
        Check::Images(path) => {
            check.images = Some(path);
            forget_answers(check);
        }
        Check::Answer(answer) => {
            if !check.asked.take(answer) {
                return vec![];
            }
        }
    }
    // A table next to other inputs would be mistaken for theirs.
    check.report = Loadable::NotRequested;
    check.used = None;
    vec![]
}

/// Answers about one table do not apply to another.
fn forget_answers(check: &mut CheckState) {
    check.asked = TableQuestions::default();
}

fn start(state: &mut State) -> Vec<Effect> {
    let device = device_of(&state.settings.device);
    let mask_names = state.settings.names_masked;
    let check = &mut state.check;
    if !check.can_start() {
        return vec![];
    }
    let (Some(subject), Some(labels), Some(images)) =
        (&check.subject, &check.labels, &check.images)
    else {
        return vec![];
    };
    let form = state.library.import.as_ref();
    let form = form.filter(|import| subject.file() == Some(import.file.as_path()));
    let request = CheckRequest {
        model: subject.as_model(),
        stated: form.map(|import| import.flags.clone()),
        labels: labels.clone(),
        answers: check.asked.answers.clone(),
        images: vec![images.clone()],
        device,
        full: false,
        mask_names,
    };
    check.report = Loadable::Pending;
    check.interim = None;
    check.used = None;
    vec![Effect::start(CheckImport(request))]
}

/// Writes it to the card of a model in the library, or to the form of the file being imported.
fn use_setting(state: &mut State, choice: Choice) -> Vec<Effect> {
    let check = &mut state.check;
    let (Some(report), Some(subject)) = (check.finished().cloned(), check.subject.clone()) else {
        return vec![];
    };
    if let CheckedModel::Model(_) = subject {
        check.used = Some(CheckUsed::Pending);
        return vec![Effect::start(ApplySetting { report, choice })];
    }
    let form = state.library.import.as_ref();
    let Some(import) = form.filter(|import| subject.file() == Some(import.file.as_path())) else {
        return vec![];
    };
    let found = match found_by_check(&report, choice) {
        Ok(found) => found,
        Err(error) => {
            check.used = Some(CheckUsed::Failed(Failure::from(error)));
            return vec![];
        }
    };
    let mut flags = import.flags.clone();
    // What the check found replaces what was stated about the same fields.
    let fields = CardField::VARIANTS.iter();
    let found_fields = fields.filter(|field| found.settled.contains_key(field.name()));
    found_fields.for_each(|field| flags.reopen(*field));
    flags.checked = Some(found);
    check.used = Some(CheckUsed::InForm);
    import::set_flags(state, flags)
}

/// A report about a file does not apply to other labels than it was computed with.
pub(super) fn form_changes(state: &mut State, flags: &ImportFlags) {
    let check = &mut state.check;
    let file = check.subject.as_ref().and_then(CheckedModel::file);
    let form = state.library.import.as_ref();
    let Some(import) = form.filter(|import| file == Some(import.file.as_path())) else {
        return;
    };
    let Loadable::Ready(inspected) = &import.inspected else {
        return;
    };
    let draft = &inspected.draft;
    let relabels = flags.labels.is_some() && flags.labels != draft.labels;
    let renames = flags.task.is_some() && flags.task != draft.task;
    if (relabels || renames) && !check.report.is_pending() {
        check.report = Loadable::NotRequested;
        check.used = None;
    }
}

/// The file of the form was stored under this id, or the import was given up. A check does not outlive the form.
pub(super) fn form_ends(state: &mut State, stored: Option<&str>) -> Vec<Effect> {
    let check = &mut state.check;
    if check.subject.as_ref().is_none_or(|s| s.file().is_none()) {
        return vec![];
    }
    let is_running = check.report.is_pending();
    check.subject = stored.map(|id| CheckedModel::Model(id.to_owned()));
    check.report = Loadable::NotRequested;
    check.interim = None;
    check.used = None;
    let stop = is_running.then(Effect::stop::<CheckImport>);
    stop.into_iter().collect()
}

pub(super) fn interim(state: &mut State, interim: Arc<InterimRanking>) -> Vec<Effect> {
    if state.check.report.is_pending() {
        state.check.interim = Some(interim);
    }
    vec![]
}

pub(super) fn checked(state: &mut State, result: Result<Arc<CheckReport>, Failure>) -> Vec<Effect> {
    let check = &mut state.check;
    if !check.report.is_pending() {
        // The form that it belonged to is closed.
        return vec![];
    }
    check.interim = None;
    if let Err(Failure {
        question: Some(question),
        ..
    }) = &result
    {
        check.asked.ask((**question).clone());
    }
    check.report = match result {
        Err(failure) if failure.cancelled => Loadable::NotRequested,
        other => Loadable::of(other),
    };
    vec![]
}

pub(super) fn applied(state: &mut State, result: Result<Applied, Failure>) -> Vec<Effect> {
    let check = &mut state.check;
    match result {
        Ok(applied) => {
            check.used = Some(CheckUsed::InCard(applied));
            vec![Effect::start(ReadModels)]
        }
        Err(failure) => {
            check.used = Some(CheckUsed::Failed(failure));
            vec![]
        }
    }
}
