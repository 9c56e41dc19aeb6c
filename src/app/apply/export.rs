//! The export dialog: its choices, preview and output.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::clipboard::{copied, copy_figure, copy_methods, copy_result};
use super::common::{ask, logged, report_if_failed};
use super::export_rows::{first, order};
use super::open::read_again;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{
    Copied, ExportDialog, ExportFormats, ExportOrder, ExportRow, Exported, IfTaken, MessageTopic,
    Preview, Previewed, Purpose, Scope, State,
};
use crate::app::{Failure, WorkflowContext};
use crate::domain::Pixels;
use crate::jobs::Lane;
use crate::text::Lang;
use crate::workflow::{self, Source};

/// The export dialog.
#[derive(Clone, Debug)]
pub enum Export {
    Open,
    Close,
    Scope(Scope),
    Formats(ExportFormats),
    AskForFolder,
    Folder(PathBuf),
    /// Writes the files; the argument decides about existing ones.
    Write(IfTaken),
    Cancel,
    /// Copies the figure of the photograph in view to the clipboard.
    CopyFigure,
    CopyResult,
    /// The methods paragraph in this language.
    CopyMethods(Lang),
    /// The command line that gives the answer in view.
    CopyCommandLine(String),
    ShowFolder(PathBuf),
}

/// The code for a file that changed since the model ran on it.
const CHANGED: &str = "changed";
/// Longer side of the preview of an export.
const PREVIEW_PX: u32 = 900;

/// A small rendering of what would be exported first.
#[derive(Clone, Debug)]
pub struct RenderPreview(pub ExportOrder);

impl Job for RenderPreview {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let result = workflow::export::preview(&self.0, PREVIEW_PX, wait.cancel);
        let result = result.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| previewed(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| cannot_be_made(state, failure))
    }
}

/// Writes the requested files.
#[derive(Clone, Debug)]
pub struct WriteFiles(pub ExportOrder);

impl Job for WriteFiles {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let order = &self.0;
        let result = workflow::export::export(order, wait.cancel, wait.progress);
        if order.formats.tables() && matches!(result, Ok(Exported::Written { .. })) {
            let answers = order.rows.iter().flat_map(|row| &row.answers);
            let cases = answers.map(|answer| &answer.case);
            // If this fails, the run is offered for resuming once more; nothing is lost.
            let _ = workflow::batch::exported(&work.context, &order.folder, cases);
        }
        let (folder, result) = (order.folder.clone(), result.map_err(Failure::from));
        let written = match result {
            Ok(Exported::Written { .. }) => written(order),
            Ok(Exported::Clashes(_)) | Err(_) => vec![],
        };
        Landing::new(move |state| {
            note_stored(state, written);
            exported(state, folder, result)
        })
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| cannot_be_made(state, failure))
    }
}

/// Shows a folder in the system's file manager.
#[derive(Clone, Debug)]
pub struct ShowFolder(pub PathBuf);

impl Job for ShowFolder {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let result = workflow::show_folder(&self.0).map_err(Failure::from);
        Landing::new(move |state| report_if_failed(state, MessageTopic::Folder, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// The models of each photograph of an order.
pub(super) fn written(order: &ExportOrder) -> Vec<(Source, Vec<String>)> {
    let models = |row: &ExportRow| {
        let answers = row.answers.iter();
        answers.map(|answer| answer.case.card.id.clone()).collect()
    };
    let rows = order.rows.iter();
    rows.map(|row| (row.source.clone(), models(row))).collect()
}

/// These answers are in a file now.
pub(super) fn note_stored(state: &mut State, written: Vec<(Source, Vec<String>)>) {
    let mut written: HashMap<Source, Vec<String>> = written.into_iter().collect();
    for photo in state.all_photographs_mut() {
        let models = written.remove(&photo.source).unwrap_or_default();
        let models = models.into_iter().filter(|m| photo.answers.contains_key(m));
        photo.stored.extend(models);
    }
}

fn cannot_be_made(state: &mut State, failure: Failure) -> Vec<Effect> {
    if let Some(dialog) = &mut state.export {
        dialog.writing = false;
        if matches!(dialog.preview, Preview::Pending { .. }) {
            dialog.preview = Preview::Failed(failure.clone());
        }
        dialog.failure = Some(failure);
    }
    vec![]
}

pub(super) fn apply(state: &mut State, action: Export) -> Vec<Effect> {
    match action {
        Export::Open => open(state),
        Export::Close => {
            state.export = None;
            vec![
                Effect::stop::<RenderPreview>(),
                Effect::stop::<WriteFiles>(),
            ]
        }
        Export::Scope(scope) => change(state, |dialog| dialog.scope = scope),
        Export::Formats(formats) => {
            state.set_export_formats(formats);
            change(state, |_| {})
        }
        Export::AskForFolder => ask_for_folder(state),
        Export::Folder(folder) => into_folder(state, folder),
        Export::Write(clash) => write(state, clash),
        Export::Cancel => {
            if let Some(dialog) = &mut state.export {
                dialog.writing = false;
                dialog.clashes.clear();
            }
            vec![Effect::stop::<WriteFiles>()]
        }
        Export::CopyFigure => copy_figure(state),
        Export::CopyResult => copy_result(state),
        Export::CopyMethods(lang) => copy_methods(state, lang),
        Export::CopyCommandLine(text) => copied(state, Copied::CommandLine, text),
        Export::ShowFolder(folder) => vec![Effect::start(ShowFolder(folder))],
    }
}

pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let scope = if state.marked.len() > 1 {
        Scope::Marked
    } else {
        Scope::Shown
    };
    state.export = Some(ExportDialog {
        scope,
        ..ExportDialog::default()
    });
    vec![]
}

/// Opens the dialog for everything that is in no file, with the models that answered. An export in progress goes on.
pub(super) fn open_unexported(state: &mut State) -> Vec<Effect> {
    if state.export.as_ref().is_some_and(|dialog| dialog.writing) {
        return vec![];
    }
    let unexported = state.photographs.iter().flat_map(|p| p.unexported());
    let mut models: Vec<String> = unexported.cloned().collect();
    models.sort_unstable();
    models.dedup();
    if !models.is_empty() {
        state.settings.models = models;
    }
    let effects = open(state);
    change(state, |dialog| dialog.scope = Scope::All);
    effects
}

/// If paths are typed, the dialog contains the field.
pub(super) fn ask_for_folder(state: &mut State) -> Vec<Effect> {
    let mut effects = ask(state, Purpose::ExportFolder);
    if state.no_dialog && state.export.is_none() {
        effects.extend(open(state));
    }
    effects
}

pub(super) fn into_folder(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    state.export_folder = Some(folder);
    change(state, |_| {})
}

fn change(state: &mut State, with: impl FnOnce(&mut ExportDialog)) -> Vec<Effect> {
    if let Some(dialog) = &mut state.export {
        with(dialog);
        dialog.clashes.clear();
        dialog.failure = None;
        // Retries a failed preview.
        if matches!(dialog.preview, Preview::Failed(_)) {
            dialog.previewed = None;
        }
    }
    vec![]
}

/// Renders the preview again if it differs from what would be written.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let desired = to_preview(state);
    let Some(dialog) = &mut state.export else {
        return vec![];
    };
    if dialog.previewed.as_ref() == Some(&desired) {
        return vec![];
    }
    let previous = dialog.preview.picture().cloned();
    dialog.previewed = Some(desired.clone());
    let stop = Effect::stop::<RenderPreview>();
    let (preview, effect) = match desired {
        Previewed::Nothing => (Preview::None, stop),
        // Updated when the answer arrives or is requested again.
        Previewed::CoverFailure(None) => (Preview::Pending { previous }, stop),
        Previewed::CoverFailure(Some(failure)) => (Preview::Failed(failure), stop),
        Previewed::First(order) => {
            let job = RenderPreview(*order);
            (Preview::Pending { previous }, Effect::start(job))
        }
    };
    dialog.preview = preview;
    vec![effect]
}

fn to_preview(state: &State) -> Previewed {
    if state.export.is_none() || !state.export_formats().pictures() {
        return Previewed::Nothing;
    }
    match first(state) {
        None => Previewed::Nothing,
        Some(order) => match state.cover_failure_in_export() {
            Some((_, failure)) => Previewed::CoverFailure(failure.cloned()),
            None => Previewed::First(Box::new(order)),
        },
    }
}

fn write(state: &mut State, clash: IfTaken) -> Vec<Effect> {
    let Some(folder) = state.export_folder.clone() else {
        return vec![];
    };
    // The reason is shown in the dialog next to the button.
    if state.cover_failure_in_export().is_some() || state.export_formats().has_wrong_caption() {
        return vec![];
    }
    let order = order(state, folder, clash);
    if order.rows.is_empty() || !order.formats.anything() {
        return vec![];
    }
    if let Some(dialog) = &mut state.export {
        dialog.writing = true;
        dialog.clashes.clear();
        dialog.failure = None;
    }
    vec![Effect::start(WriteFiles(order))]
}

pub(super) fn previewed(state: &mut State, result: Result<Arc<Pixels>, Failure>) -> Vec<Effect> {
    if let Some(dialog) = &mut state.export {
        dialog.preview = match result {
            Ok(picture) => Preview::Ready(picture),
            Err(failure) => Preview::Failed(failure),
        };
    }
    vec![]
}

pub(super) fn exported(
    state: &mut State,
    folder: PathBuf,
    result: Result<Exported, Failure>,
) -> Vec<Effect> {
    let Some(dialog) = &mut state.export else {
        return vec![];
    };
    dialog.writing = false;
    match result {
        Ok(Exported::Written { files, problems }) => {
            state.export = None;
            let subject = MessageTopic::Exported {
                files: files.len(),
                problems,
                folder,
            };
            state.notify(subject, None);
            vec![Effect::stop::<RenderPreview>()]
        }
        Ok(Exported::Clashes(names)) => {
            dialog.clashes = names;
            vec![]
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => {
            dialog.failure = Some(failure.clone());
            let mut effects = vec![logged(&failure)];
            if failure.code == CHANGED {
                effects.extend(read_again(state));
            }
            effects
        }
    }
}
