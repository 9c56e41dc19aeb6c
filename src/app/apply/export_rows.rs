//! The rows that an export writes for a scope, and why some photographs have no answer.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Failure;
use crate::app::state::{
    CoverFailure, ExportFormats, ExportOrder, ExportRow, IfTaken, Layout, MapKey, Opening, PhotoId,
    Photograph, RunEnd, Scope, State,
};
use crate::domain::{ResultRow, masked};
use crate::text::Lang;
use crate::workflow::{self, Answer};

/// The photographs of a scope that have an answer or a failure, in the order of the list. Evaluated lazily: for a long
/// list the window needs only the first.
pub(super) fn photographs_of(state: &State, scope: Scope) -> impl Iterator<Item = &Photograph> {
    // The sample eye is exported only if there are no photographs of the user's own.
    let with_own = within(state, scope).any(|p| p.source.is_own());
    let chosen = state.chosen_models();
    within(state, scope)
        .filter(move |p| !with_own || p.source.is_own())
        .filter(move |p| {
            chosen
                .iter()
                .any(|m| p.answers.contains_key(&m.id) || failure_of(p, &m.id).is_some())
        })
}

fn within(state: &State, scope: Scope) -> Box<dyn Iterator<Item = &Photograph> + '_> {
    match scope {
        Scope::Marked if !state.marked.is_empty() => {
            let marked = state.marked.iter();
            Box::new(marked.filter_map(|id| state.photograph(*id)))
        }
        Scope::Shown | Scope::Marked => Box::new(state.selected().into_iter()),
        Scope::All => Box::new(state.photographs.iter()),
    }
}

impl State {
    /// Number of the dialog's photographs that lack the map in view of a model.
    pub fn exported_without_map(&self) -> usize {
        let scope = self.export.as_ref().map_or(Scope::Shown, |d| d.scope);
        let chosen = self.chosen_models();
        let lacks = |p: &&Photograph| {
            let answers = chosen.iter().filter_map(|m| self.answer_on(p, &m.id));
            let mut answers = answers.into_iter();
            answers.any(|a| a.map.is_none() && !a.case.is_refused())
        };
        photographs_of(self, scope).filter(lacks).count()
    }

    /// Number of photographs that an export with this scope writes.
    pub fn exported_count(&self, scope: Scope) -> usize {
        photographs_of(self, scope).count()
    }

    /// True if the dialog's photographs have anything to export.
    pub fn can_export(&self) -> bool {
        let scope = self.export.as_ref().map_or(Scope::Shown, |d| d.scope);
        photographs_of(self, scope).next().is_some()
    }

    /// Why the dialog's photographs cannot be written as shown: parts of one are covered, and the answer for that is
    /// missing.
    pub fn cover_failure_in_export(&self) -> Option<(CoverFailure, Option<&Failure>)> {
        let scope = self.export.as_ref().map_or(Scope::Shown, |d| d.scope);
        let painted = self.brush.as_ref()?.photo;
        let cover_failure = cover_failure_on(self, painted)?;
        let mut photographs = photographs_of(self, scope);
        photographs
            .any(|photo| photo.id == painted)
            .then_some(cover_failure)
    }
}

pub(super) fn cover_failure_on(
    state: &State,
    photo: PhotoId,
) -> Option<(CoverFailure, Option<&Failure>)> {
    let brush = state.brush_on(photo)?;
    Some((brush.cover_failure()?, brush.failure.as_ref()))
}

/// Pictures and tables of these rows with the current view settings.
pub(super) fn order_of(state: &State, rows: Vec<ExportRow>, formats: ExportFormats) -> ExportOrder {
    let models = state.chosen_models();
    ExportOrder {
        rows,
        models: models.iter().map(|m| m.id.clone()).collect(),
        errors: HashMap::new(),
        formats,
        overlay: state.settings.overlay,
        common_scale: state.layout == Layout::Models,
        lang: state.settings.language,
        folder: PathBuf::new(),
        clash: IfTaken::Ask,
        skipped: vec![],
    }
}

/// The order for everything in the dialog's scope.
pub(super) fn order(state: &State, folder: PathBuf, clash: IfTaken) -> ExportOrder {
    let scope = state.export.as_ref().map_or(Scope::Shown, |d| d.scope);
    let photographs: Vec<_> = photographs_of(state, scope).collect();
    let errors = photographs
        .iter()
        .flat_map(|photo| errors_of(state, photo))
        .collect();
    let rows = photographs.into_iter().map(|photo| row(state, photo));
    let lists_skipped = scope == Scope::All && !state.settings.names_masked;
    ExportOrder {
        errors,
        folder,
        clash,
        skipped: match lists_skipped {
            true => state.skipped.clone(),
            false => vec![],
        },
        ..order_of(state, rows.collect(), state.export_formats())
    }
}

/// The order for what would be written first, if there is a picture.
pub(super) fn first(state: &State) -> Option<ExportOrder> {
    let scope = state.export.as_ref().map_or(Scope::Shown, |d| d.scope);
    let chosen = state.chosen_models();
    let has_pictures = |photo: &&Photograph| {
        let mut reported = chosen
            .iter()
            .filter_map(|m| exported_answer(state, photo, &m.id));
        reported.any(|answer| !answer.case.is_refused())
    };
    let first = photographs_of(state, scope).find(has_pictures)?;
    Some(of_photograph(state, first, state.export_formats()))
}

/// The order for one photograph.
pub(super) fn of_photograph(
    state: &State,
    photo: &Photograph,
    formats: ExportFormats,
) -> ExportOrder {
    ExportOrder {
        errors: errors_of(state, photo).into_iter().collect(),
        ..order_of(state, vec![row(state, photo)], formats)
    }
}

#[cfg(test)]
thread_local! {
    /// Number of rows that were built.
    pub(super) static ROWS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The chosen models' answers, the one in view first, or a case with its error if there is none.
pub(super) fn row(state: &State, photo: &Photograph) -> ExportRow {
    #[cfg(test)]
    ROWS.set(ROWS.get() + 1);
    let name = written_name(state, photo);
    let shown = state.model().map(|m| m.id.as_str());
    let chosen = state.chosen_models();
    let mut answers: Vec<_> = chosen
        .iter()
        .filter_map(|m| exported_answer(state, photo, &m.id))
        .collect();
    answers.sort_by_key(|a| Some(a.case.card.id.as_str()) != shown);
    for answer in &mut answers {
        if answer.case.image != name {
            Arc::make_mut(answer).case.image.clone_from(&name);
        }
    }
    for answer in &mut answers {
        if let Some(sanity_checks) = answer
            .sanity_checks
            .clone()
            .filter(|_| answer.covered.is_none())
        {
            let case = &mut Arc::make_mut(answer).case;
            workflow::sanity_checks::write_into(case, &sanity_checks);
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
            None => ResultRow::unopened(&name, card),
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

/// Why rows of a photograph have no answer, in the window's language, keyed by the names of photograph and model.
pub(super) fn errors_of(state: &State, photo: &Photograph) -> Vec<((String, String), String)> {
    let lang = state.settings.language;
    if lang == Lang::En {
        // The rows already contain the English message.
        return vec![];
    }
    let name = written_name(state, photo);
    let wording = |model: &str| {
        let failure = failure_of(photo, model)?;
        let wording = state.shown_sentence(photo, &failure.message(lang));
        Some(((name.clone(), model.to_owned()), wording))
    };
    state
        .chosen_models()
        .iter()
        .filter_map(|m| wording(&m.id))
        .collect()
}

/// The answer to export for a model: the covered photograph takes precedence over the map in view.
pub(super) fn exported_answer(
    state: &State,
    photo: &Photograph,
    model: &str,
) -> Option<Arc<Answer>> {
    let covered = state.covered_answer(photo, model);
    covered.or_else(|| state.answer_on(photo, model).cloned())
}

/// Why this model has no answer for the photograph.
fn failure_of<'a>(photo: &'a Photograph, model: &str) -> Option<&'a Failure> {
    match (&photo.opening, &photo.run_end) {
        (Opening::Failed(failure), _) => Some(failure),
        (_, Some(RunEnd::Failed(failures))) => failures.get(model),
        (
            Opening::Closed | Opening::Pending | Opening::Ready(_),
            None | Some(RunEnd::Cancelled),
        ) => None,
    }
}

/// The name in exports: the path relative to what was given, or a number if names are masked.
fn written_name(state: &State, photo: &Photograph) -> String {
    match photo.source.has_own_name() && state.settings.names_masked {
        true => masked::photograph(photo.number),
        false => photo.name.clone(),
    }
}
