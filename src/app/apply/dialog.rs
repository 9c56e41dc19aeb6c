//! File dialogs: opening them, and applying the user's choice.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::{case_report, check, devices, export, find, import, labels, library, study};
use crate::app::apply::{Check, Evaluation, Labels, Replay, Study, Supplement};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Chosen, Message, MessageTopic, Purpose, State};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;

type Question = Box<dyn FnOnce() -> Chosen + Send>;

/// Waits for the user's choice in a dialog.
pub struct Dialog {
    purpose: Purpose,
    /// `None` once it was asked.
    question: Mutex<Option<Question>>,
}

impl Dialog {
    pub fn new(purpose: Purpose, question: impl FnOnce() -> Chosen + Send + 'static) -> Self {
        Self {
            purpose,
            question: Mutex::new(Some(Box::new(question))),
        }
    }
}

impl fmt::Debug for Dialog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dialog").field(&self.purpose).finish()
    }
}

impl Job for Dialog {
    fn lane(&self) -> Lane {
        Lane::WaitingUser
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let question = self.question.lock();
        let question = question.unwrap_or_else(PoisonError::into_inner).take();
        let answer = question.map_or(Chosen::Nothing, |ask| ask());
        let purpose = self.purpose;
        Landing::new(move |state| chosen(state, purpose, answer))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(|state| {
            state.asking = false;
            state.leave_waiting();
            vec![]
        })
    }
}

/// Applies the user's choice.
pub(super) fn chosen(state: &mut State, purpose: Purpose, chosen: Chosen) -> Vec<Effect> {
    state.asking = false;
    match chosen {
        Chosen::Files(paths) => given(state, purpose, paths),
        Chosen::Nothing => {
            state.leave_waiting();
            vec![]
        }
        Chosen::NoDialog => missing(state, purpose),
    }
}

fn given(state: &mut State, purpose: Purpose, mut paths: Vec<PathBuf>) -> Vec<Effect> {
    if matches!(purpose, Purpose::Photographs | Purpose::Folder) {
        return find::find(state, paths);
    }
    let Some(path) = paths.pop() else {
        return vec![];
    };
    match purpose {
        Purpose::Photographs | Purpose::Folder => vec![],
        Purpose::ExportFolder => export::into_folder(state, path),
        Purpose::ReportFolder => case_report::into_folder(state, path),
        Purpose::Keras | Purpose::KerasFolder => import::inspect(state, path),
        Purpose::ModelFolder => library::export_into(state, path),
        Purpose::CheckLabels => check::apply(state, Check::Labels(path)),
        Purpose::CheckImages => check::apply(state, Check::Images(path)),
        Purpose::Labels => labels::apply(state, Labels::Table(path)),
        Purpose::LabelLists => labels::into_folder(state, path),
        Purpose::StudyFolder => study::apply(state, Study::Folder(path)),
        Purpose::StudyInput => study::apply(state, Study::Input(path)),
        Purpose::Study => study::open(state, path),
        Purpose::StudyMoved => study::found_moved(state, path),
        Purpose::EvaluationFolder => study::evaluation::apply(state, Evaluation::Write(path)),
        Purpose::SupplementFolder => study::supplement::apply(state, Supplement::Write(path)),
        Purpose::ReplayFolder => study::replay::apply(state, Replay::Start(path)),
        Purpose::Runtime => devices::install(state, path, false),
    }
}

/// The system offers no dialog: a path is typed instead.
fn missing(state: &mut State, purpose: Purpose) -> Vec<Effect> {
    if !std::mem::replace(&mut state.no_dialog, true) {
        state.path_requested = Some(purpose);
    }
    if purpose == Purpose::ReportFolder {
        return case_report::in_export_dialog(state);
    }
    if purpose == Purpose::ExportFolder && state.export.is_none() {
        return export::open(state);
    }
    let known = |m: &Message| m.subject == MessageTopic::DialogMissing;
    // Where a path can be typed next to the button, no message is needed.
    if purpose != Purpose::Photographs && purpose != Purpose::Folder
        || state.messages.iter().any(known)
    {
        return vec![];
    }
    state.notify(MessageTopic::DialogMissing, None);
    vec![]
}
