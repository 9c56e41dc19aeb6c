//! The case report of the photograph in view, written into a folder that is asked for each time.

use std::path::PathBuf;

use super::clipboard::refuses;
use super::common::{ask, reported};
use super::export;
use super::export_rows::{errors_of, order_of, photographs_of, row};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{
    ExportFormat, ExportFormats, ExportOrder, Exported, IfTaken, MessageTopic, Purpose, Scope,
    State,
};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;
use crate::workflow;

/// Writes the report.
#[derive(Clone, Debug)]
pub struct WriteReport(pub ExportOrder);

impl Job for WriteReport {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let result = workflow::export::export(&self.0, wait.cancel, wait.progress);
        let (folder, result) = (self.0.folder.clone(), result.map_err(Failure::from));
        Landing::new(move |state| written(state, folder, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| reported(state, MessageTopic::Export, failure))
    }
}

impl State {
    /// True if the photograph in view has an answer of a chosen model, or the reason why there is none.
    pub fn can_report(&self) -> bool {
        photographs_of(self, Scope::Shown).next().is_some()
    }
}

pub(super) fn ask_for_folder(state: &mut State) -> Vec<Effect> {
    if state.selected.is_some_and(|photo| refuses(state, photo)) || !state.can_report() {
        return vec![];
    }
    // While another dialog is open, none is opened, and that one may be about another photograph.
    if !state.asking {
        state.to_report = state.selected;
    }
    let mut effects = ask(state, Purpose::ReportFolder);
    if state.no_dialog {
        effects.extend(in_export_dialog(state));
    }
    effects
}

/// Where no folder can be chosen, the export dialog has a field for it. It is opened for a report of the photograph in
/// view; the files that other exports write stay as they were chosen.
pub(super) fn in_export_dialog(state: &mut State) -> Vec<Effect> {
    state.path_requested = Some(Purpose::ExportFolder);
    if state.export.is_some() {
        return vec![];
    }
    let effects = export::open(state);
    if let Some(dialog) = &mut state.export {
        dialog.scope = Scope::Shown;
        dialog.desired = Some([ExportFormat::Report].into());
    }
    effects
}

/// Writes the report of the photograph that was in view when the folder was asked for.
pub(super) fn into_folder(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    let Some(id) = state.to_report.take() else {
        return vec![];
    };
    // Parts of it may have been covered meanwhile.
    if refuses(state, id) {
        return vec![];
    }
    let Some(photo) = state.photograph(id) else {
        return vec![];
    };
    let row = row(state, photo);
    if row.answers.is_empty() && row.failed.is_empty() {
        return vec![];
    }
    let formats = ExportFormats {
        desired: [ExportFormat::Report].into(),
        ..state.settings.export.clone()
    };
    let order = ExportOrder {
        errors: errors_of(state, photo).into_iter().collect(),
        folder,
        clash: IfTaken::KeepBoth,
        ..order_of(state, vec![row], formats)
    };
    vec![Effect::start(WriteReport(order))]
}

pub(super) fn written(
    state: &mut State,
    folder: PathBuf,
    result: Result<Exported, Failure>,
) -> Vec<Effect> {
    match result {
        Ok(Exported::Written { files, problems }) => {
            let subject = MessageTopic::Exported {
                files: files.len(),
                problems,
                folder,
            };
            state.notify(subject, None);
            vec![]
        }
        // Both are kept, so that nobody is asked.
        Ok(Exported::Clashes(_)) => vec![],
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => reported(state, MessageTopic::Export, failure),
    }
}
