//! The export dialog: what is wanted, its preview, writing, and what goes to the clipboard.

use std::path::PathBuf;
use std::sync::Arc;

use super::defect;
use super::jobs::told;
use crate::app::action::{Export, Purpose};
use crate::app::effect::Effect;
use crate::app::state::{
    Clash, ExportDialog, ExportOrder, ExportRow, Exported, Layout, MapKey, Opening, PhotoId,
    Photograph, Preview, RunEnd, Scope, State, Subject, Untold, Wanted,
};
use crate::app::verbs::{Answer, Failure};
use crate::domain::Case;
use crate::domain::masked;
use crate::export::report;
use crate::text::Lang;
use crate::workflow::{self, Source, VERSION};

/// The code of a file that is not what it was when the model ran on it.
const CHANGED: &str = "changed";

pub(super) fn apply(state: &mut State, action: Export) -> Vec<Effect> {
    match action {
        Export::Open => open(state),
        Export::Close => {
            state.export = None;
            vec![Effect::StopPreview, Effect::StopExport]
        }
        Export::Scope(scope) => change(state, |dialog| dialog.scope = scope),
        Export::Wanted(wanted) => {
            state.settings.export = wanted;
            let mut effects = vec![Effect::SaveSettings(state.settings.clone())];
            effects.extend(change(state, |_| {}));
            effects
        }
        Export::AskForFolder => ask_for_folder(state),
        Export::Folder(folder) => {
            state.export_folder = Some(folder);
            change(state, |_| {})
        }
        Export::Write(clash) => write(state, clash),
        Export::Cancel => {
            if let Some(dialog) = &mut state.export {
                dialog.writing = false;
                dialog.clashes.clear();
            }
            vec![Effect::StopExport]
        }
        Export::CopyFigure => copy_figure(state),
        Export::CopyResult => copy_result(state),
        Export::CopyMethods(lang) => copy_methods(state, lang),
        Export::CopyText(text) => copied(state, text),
        Export::ShowFolder(folder) => vec![Effect::ShowFolder(folder)],
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
    state.preview_stale = true;
    vec![]
}

/// Where paths are typed, the dialog has the field for it.
pub(super) fn ask_for_folder(state: &mut State) -> Vec<Effect> {
    let mut effects = super::photographs::ask(state, Purpose::ExportFolder);
    if state.no_dialog && state.export.is_none() {
        effects.extend(open(state));
    }
    effects
}

fn change(state: &mut State, with: impl FnOnce(&mut ExportDialog)) -> Vec<Effect> {
    if let Some(dialog) = &mut state.export {
        with(dialog);
        dialog.clashes.clear();
        dialog.failure = None;
    }
    state.preview_stale = true;
    vec![]
}

/// Renders the preview anew where it does not show what would be written; nothing while the dialog is closed. To be called
/// when everything that an action changes has been settled.
pub(super) fn keep_up(state: &mut State) -> Vec<Effect> {
    if !std::mem::take(&mut state.preview_stale) || state.export.is_none() {
        return vec![];
    }
    let order = order(state, state.settings.export, PathBuf::new(), Clash::Ask);
    let first = order.rows.iter().find(|r| r.has_pictures()).cloned();
    let (untold, failure) = match state.untold_in_export() {
        Some((untold, failure)) => (Some(untold), failure.cloned()),
        None => (None, None),
    };
    let Some(dialog) = &mut state.export else {
        return vec![];
    };
    let wanted = order.wanted.overlay || order.wanted.figure;
    match first.filter(|_| wanted) {
        // The answer, when it is there, or the next try renews it.
        Some(_) if untold.is_some() => {
            dialog.preview = match failure {
                Some(failure) => Preview::Failed(failure),
                None => Preview::Pending {
                    previous: dialog.preview.picture().cloned(),
                },
            };
            vec![Effect::StopPreview]
        }
        Some(first) => {
            dialog.preview = Preview::Pending {
                previous: dialog.preview.picture().cloned(),
            };
            vec![Effect::Preview(ExportOrder {
                rows: vec![first],
                ..order
            })]
        }
        None => {
            dialog.preview = Preview::None;
            vec![Effect::StopPreview]
        }
    }
}

/// The photographs of a scope that have something to tell, in the order of the list.
pub(super) fn photographs_of(state: &State, scope: Scope) -> Vec<&Photograph> {
    let ids: Vec<PhotoId> = match scope {
        Scope::Shown => state.selected.into_iter().collect(),
        Scope::Marked => state.meant(),
        Scope::All => state.photographs.iter().map(|p| p.id).collect(),
    };
    let photographs: Vec<&Photograph> = ids.iter().filter_map(|id| state.photograph(*id)).collect();
    // The sample eye is nobody's subject: it is exported by itself alone.
    let is_own = |p: &&Photograph| p.source.is_own();
    let with_own = photographs.iter().any(is_own);
    let chosen = state.chosen_models();
    photographs
        .into_iter()
        .filter(|p| !with_own || is_own(p))
        .filter(|p| {
            chosen
                .iter()
                .any(|m| p.answers.contains_key(&m.id) || failure_of(p, &m.id).is_some())
        })
        .collect()
}

impl State {
    /// How many of the dialog's photographs lack a map that is in view of its model.
    pub fn exported_without_map(&self) -> usize {
        let scope = self.export.as_ref().map_or(Scope::Shown, |d| d.scope);
        let chosen = self.chosen_models();
        let lacks = |p: &&Photograph| {
            let answers = chosen.iter().filter_map(|m| self.answer_on(p, &m.id));
            let mut answers = answers.into_iter();
            answers.any(|a| a.map.is_none() && !a.case.is_refused())
        };
        photographs_of(self, scope)
            .into_iter()
            .filter(lacks)
            .count()
    }

    /// True when the dialog's photographs have anything to tell.
    pub fn can_export(&self) -> bool {
        let scope = self.export.as_ref().map_or(Scope::Shown, |d| d.scope);
        !photographs_of(self, scope).is_empty()
    }

    /// Why the dialog's photographs cannot be written as they are in view: parts of one are covered, and the answer to
    /// that is not there.
    pub fn untold_in_export(&self) -> Option<(Untold, Option<&Failure>)> {
        let scope = self.export.as_ref().map_or(Scope::Shown, |d| d.scope);
        let mut photographs = photographs_of(self, scope).into_iter();
        photographs.find_map(|photo| untold_on(self, photo.id))
    }
}

fn untold_on(state: &State, photo: PhotoId) -> Option<(Untold, Option<&Failure>)> {
    let brush = state.brush_on(photo)?;
    Some((brush.untold()?, brush.failure.as_ref()))
}

/// Nothing is copied of a photograph whose covered parts cannot be told; the person hears why.
fn refuses(state: &mut State, photo: PhotoId) -> bool {
    let Some((untold, failure)) = untold_on(state, photo) else {
        return false;
    };
    let failure = failure.cloned();
    state.tell(Subject::CoverUntold(untold), failure);
    true
}

fn order(state: &State, wanted: Wanted, folder: PathBuf, clash: Clash) -> ExportOrder {
    let scope = state.export.as_ref().map_or(Scope::Shown, |d| d.scope);
    let photographs = photographs_of(state, scope);
    let errors = photographs
        .iter()
        .flat_map(|photo| errors_of(state, photo))
        .collect();
    let rows = photographs
        .into_iter()
        .map(|photo| row(state, photo))
        .collect();
    let models = state.chosen_models();
    ExportOrder {
        rows,
        models: models.iter().map(|m| m.id.clone()).collect(),
        errors,
        wanted,
        overlay: state.settings.overlay,
        common_scale: state.layout == Layout::Models,
        lang: state.settings.language,
        folder,
        clash,
        skipped: if scope == Scope::All && !state.settings.names_masked {
            state.skipped.clone()
        } else {
            vec![]
        },
    }
}

/// The chosen models' answers, the one in view first, and a case with its error where there is none.
fn row(state: &State, photo: &Photograph) -> ExportRow {
    let name = written_name(state, photo);
    let shown = state.model().map(|m| m.id.as_str());
    let chosen = state.chosen_models();
    let mut answers: Vec<_> = chosen
        .iter()
        .filter_map(|m| told_of(state, photo, &m.id))
        .collect();
    answers.sort_by_key(|a| Some(a.case.card.id.as_str()) != shown);
    for answer in &mut answers {
        if answer.case.image != name {
            Arc::make_mut(answer).case.image.clone_from(&name);
        }
    }
    for answer in &mut answers {
        if let Some(controls) = answer.controls.clone().filter(|_| answer.covered.is_none()) {
            let case = &mut Arc::make_mut(answer).case;
            workflow::controls::write_into(case, &controls);
        }
        let made = answer.made.as_ref();
        let regions = made.and_then(|made| {
            photo.fundus.regions(&MapKey {
                model: answer.case.card.id.clone(),
                recipe: made.recipe.clone(),
            })
        });
        if let Some(regions) = regions {
            let case = &mut Arc::make_mut(answer).case;
            workflow::anatomy::write_into(case, &regions);
        }
    }
    let unanswered = chosen.iter().filter(|m| !photo.answers.contains_key(&m.id));
    let failed = unanswered.filter_map(|m| {
        let failure = failure_of(photo, &m.id)?;
        let card = m.card.clone();
        let mut case = match &photo.known {
            Some(known) => known.case(&name, card),
            None => Case::unopened(&name, card),
        };
        case.error = Some(state.shown_sentence(photo, &failure.english));
        case.subject.clone_from(&photo.subject);
        Some(case)
    });
    ExportRow {
        source: photo.source.clone(),
        name: name.clone(),
        failed: failed.collect(),
        answers,
    }
}

/// Why rows of a photograph have no answer, in the window's language, by the names of photograph and model.
fn errors_of(state: &State, photo: &Photograph) -> Vec<((String, String), String)> {
    let lang = state.settings.language;
    if lang == Lang::En {
        // As the rows say it themselves.
        return vec![];
    }
    let name = written_name(state, photo);
    let said = |model: &str| {
        let failure = failure_of(photo, model)?;
        let said = state.shown_sentence(photo, &failure.message(lang));
        Some(((name.clone(), model.to_owned()), said))
    };
    state
        .chosen_models()
        .iter()
        .filter_map(|m| said(&m.id))
        .collect()
}

/// What is told of a model's answer: what is covered of the photograph comes before the map in view.
fn told_of(state: &State, photo: &Photograph, model: &str) -> Option<Arc<Answer>> {
    let covered = state.covered_answer(photo, model);
    covered.or_else(|| state.answer_on(photo, model).cloned())
}

/// Why this model has no answer on the photograph.
fn failure_of<'a>(photo: &'a Photograph, model: &str) -> Option<&'a Failure> {
    match (&photo.opening, &photo.run_end) {
        (Opening::Failed(failure), _) => Some(failure),
        (_, Some(RunEnd::Failed(failures))) => failures.get(model),
        _ => None,
    }
}

/// The name as exports write it: the path below what was given, or a number where names are masked.
fn written_name(state: &State, photo: &Photograph) -> String {
    match (&photo.source, state.settings.names_masked) {
        (Source::File(_), true) => masked::photograph(photo.number),
        _ => photo.name.clone(),
    }
}

fn write(state: &mut State, clash: Clash) -> Vec<Effect> {
    let Some(folder) = state.export_folder.clone() else {
        return vec![];
    };
    // The dialog says why beside the button.
    if state.untold_in_export().is_some() {
        return vec![];
    }
    let order = order(state, state.settings.export, folder, clash);
    if order.rows.is_empty() || !order.wanted.anything() {
        return vec![];
    }
    if let Some(dialog) = &mut state.export {
        dialog.writing = true;
        dialog.clashes.clear();
        dialog.failure = None;
    }
    vec![Effect::Export(order)]
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
            let subject = Subject::Exported {
                files: files.len(),
                problems,
                folder,
            };
            state.tell(subject, None);
            vec![Effect::StopPreview]
        }
        Ok(Exported::Clashes(names)) => {
            dialog.clashes = names;
            vec![]
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => {
            dialog.failure = Some(failure.clone());
            let mut effects = vec![super::jobs::logged(&failure)];
            if failure.code == CHANGED {
                effects.extend(super::photographs::read_again(state));
            }
            effects
        }
    }
}

fn copy_figure(state: &mut State) -> Vec<Effect> {
    if state.selected.is_some_and(|photo| refuses(state, photo)) {
        return vec![];
    }
    let wanted = Wanted {
        overlay: false,
        caption: true,
        figure: true,
        csv: false,
        json: false,
    };
    let row = state.selected().map(|photo| row(state, photo));
    let Some(row) = row.filter(|row| row.has_pictures()) else {
        return vec![];
    };
    let rows = vec![row];
    vec![Effect::Figure(ExportOrder {
        rows,
        ..order(state, wanted, PathBuf::new(), Clash::Ask)
    })]
}

pub(super) fn figure(
    state: &mut State,
    result: Result<Arc<crate::domain::Pixels>, Failure>,
) -> Vec<Effect> {
    match result {
        Ok(picture) => {
            state.tell(Subject::Copied, None);
            vec![Effect::CopyPicture(picture)]
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => told(state, Subject::Export, failure),
    }
}

fn copy_result(state: &mut State) -> Vec<Effect> {
    if state.selected.is_some_and(|photo| refuses(state, photo)) {
        return vec![];
    }
    let lang = state.settings.language;
    let Some(photo) = state.selected() else {
        return vec![];
    };
    let name = state.shown_name(photo).into_owned();
    let shown = state.chosen_models().into_iter();
    let texts: Vec<_> = shown
        .filter_map(|m| told_of(state, photo, &m.id))
        .map(|a| report::result_text(&a.case, &name, lang))
        .collect();
    copied(state, texts.join("\n"))
}

fn copy_methods(state: &mut State, lang: Lang) -> Vec<Effect> {
    let rows: Vec<ExportRow> = photographs_of(state, Scope::All)
        .into_iter()
        .map(|photo| row(state, photo))
        .collect();
    if rows.iter().all(|row| row.answers.is_empty()) {
        return vec![];
    }
    let cases = rows.iter().flat_map(|row| {
        let answered = row.answers.iter().map(|answer| &answer.case);
        answered.chain(&row.failed)
    });
    let text = report::methods(&cases.collect::<Vec<_>>(), VERSION, lang);
    copied(state, text)
}

fn copied(state: &mut State, text: String) -> Vec<Effect> {
    if text.is_empty() {
        return vec![];
    }
    state.tell(Subject::Copied, None);
    vec![Effect::CopyText(text)]
}

/// A job of the dialog met a defect.
pub(super) fn panicked(state: &mut State, text: &str) {
    if let Some(dialog) = &mut state.export {
        dialog.writing = false;
        dialog.failure = Some(defect(text));
        if matches!(dialog.preview, Preview::Pending { .. }) {
            dialog.preview = Preview::Failed(defect(text));
        }
    }
}
