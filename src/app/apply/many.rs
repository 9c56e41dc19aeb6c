//! Runs over many photographs: starting, pausing, stopping, and taking in what comes back.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cover;
use super::jobs::{said, told};
use super::photographs::{self, open_what_is_in_view};
use super::run::device_of;
use super::subjects;
use crate::app::action::{Photographs, Purpose, RowDone};
use crate::app::effect::{Effect, ManyItem};
use crate::app::state::{
    GoingOn, Many, ManyEnd, Models, Opening, PhotoId, Photograph, State, Subject, Which,
};
use crate::app::verbs::{Answer, Failure, FoundPhotograph};
use crate::workflow::{Keep, Source, Unexported};

pub(super) fn start(state: &mut State, which: Which) -> Vec<Effect> {
    if !state.can_run_many() {
        return vec![];
    }
    let models: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let ids: Vec<PhotoId> = match which {
        Which::Marked => state.rows_first(&state.meant()),
        Which::All => {
            let all: Vec<_> = state.photographs.iter().map(|p| p.id).collect();
            state.rows_first(&all)
        }
        Which::Failed => {
            let failed = state.photographs.iter().filter(|p| p.has_failed());
            failed.map(|p| p.id).collect()
        }
        Which::Refused => {
            let refused = state.refused_by_runs();
            for id in &refused {
                if let Some(photo) = state.photograph_mut(*id) {
                    photographs::note_acceptance(photo, true);
                }
            }
            refused
        }
    };
    run_on(state, models, ids)
}

fn run_on(state: &mut State, models: Vec<String>, ids: Vec<PhotoId>) -> Vec<Effect> {
    let mut items = Vec::with_capacity(ids.len());
    let mut anew = BTreeSet::new();
    for id in &ids {
        let Some(photo) = state.photograph_mut(*id) else {
            continue;
        };
        // Who runs what is answered already wants to see it run.
        if models.iter().all(|model| photo.answers.contains_key(model)) {
            anew.insert(items.len());
        }
        photo.begins_run(&models);
        if matches!(photo.opening, Opening::Failed(_)) {
            photo.opening = Opening::Closed;
        }
        items.push(ManyItem {
            photo: *id,
            source: photo.source.clone(),
            name: photo.name.clone(),
            eye: photo.eye_by_hand,
            accepted: photo.accepted,
        });
    }
    if items.is_empty() {
        return vec![];
    }
    let keep = state.export_folder.clone().map(|folder| Keep {
        folder,
        mask_names: state.settings.names_masked,
        anew,
        inputs: inputs(state, &ids),
    });
    if let Some(keep) = &keep {
        withdraw_offer(state, &keep.folder);
    }
    state.many = Some(Many {
        total: items.len(),
        waiting: ids.into_iter().collect(),
        failed: 0,
        recalled: 0,
        kept: keep.as_ref().map(|keep| keep.folder.clone()),
        paused: false,
        end: None,
    });
    let mut effects = open_if_closed_in_view(state);
    effects.push(Effect::RunMany {
        items,
        models,
        device: device_of(&state.settings.device),
        keep,
    });
    effects
}

/// Where the photographs came from, folders that were searched as such; nothing unless the person wants files remembered.
fn inputs(state: &State, ids: &[PhotoId]) -> Vec<PathBuf> {
    if !state.settings.remember_files || state.settings.names_masked {
        return vec![];
    }
    let photographs = ids.iter().filter_map(|id| state.photograph(*id));
    let inputs = photographs.filter_map(|photo| match &photo.source {
        Source::File(_) if photo.place.in_folder => Some(photo.place.root.clone()),
        Source::File(path) => Some(path.clone()),
        Source::Sample | Source::Masked { .. } => None,
    });
    let inputs: BTreeSet<PathBuf> = inputs.collect();
    inputs.into_iter().collect()
}

/// A run that the last session left is offered, once.
pub(super) fn offer(state: &mut State, run: Option<Box<Unexported>>) -> Vec<Effect> {
    if let Some(run) = run {
        state.tell(Subject::Unexported(run), None);
    }
    vec![]
}

/// Goes on with such a run: its photographs are looked for where they were, or the person is asked where they are. The
/// offer stays in view until that is said.
pub(super) fn go_on(state: &mut State, run: Unexported) -> Vec<Effect> {
    if !run.holds || going_on(state).is_some() {
        return vec![];
    }
    let models = run.models;
    if run.inputs.is_empty() {
        state.export_folder = Some(run.folder);
        state.going_on = GoingOn::AwaitsFolder { models };
        return photographs::ask(state, Purpose::Folder);
    }
    withdraw_offer(state, &run.folder);
    state.export_folder = Some(run.folder);
    let paths = run.inputs.clone();
    state.going_on = GoingOn::AwaitsPhotographs { models, paths };
    photographs::apply(state, Photographs::Add(run.inputs))
}

pub(super) fn forget(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    withdraw_offer(state, &folder);
    leave_waiting(state);
    vec![Effect::ForgetRun(folder)]
}

fn withdraw_offer(state: &mut State, folder: &Path) {
    let is_offer =
        |subject: &Subject| matches!(subject, Subject::Unexported(run) if run.folder == folder);
    state.messages.retain(|m| !is_offer(&m.subject));
}

/// The person has said where the photographs are. What is opened beside the open dialog says nothing of them.
pub(super) fn awaits_photographs(state: &mut State, paths: &[PathBuf]) {
    if state.asking {
        return;
    }
    if let GoingOn::AwaitsFolder { models } = &mut state.going_on {
        let (models, paths) = (std::mem::take(models), paths.to_owned());
        state.going_on = GoingOn::AwaitsPhotographs { models, paths };
        if let Some(folder) = state.export_folder.clone() {
            withdraw_offer(state, &folder);
        }
    }
}

/// The person closed the dialog, or put the offer away.
pub(super) fn leave_waiting(state: &mut State) {
    if matches!(state.going_on, GoingOn::AwaitsFolder { .. }) {
        state.going_on = GoingOn::No;
    }
}

/// What was found at some paths: the photographs of the run that goes on, if it waits for those.
pub(super) fn found(state: &mut State, at: &[PathBuf], photographs: &[FoundPhotograph]) {
    let GoingOn::AwaitsPhotographs { models, paths } = &mut state.going_on else {
        return;
    };
    if paths != at {
        return;
    }
    let models = std::mem::take(models);
    let files = photographs.iter().filter_map(|p| p.source.file());
    let photographs: Vec<PathBuf> = files.map(Path::to_owned).collect();
    // Where none is there any more, a message says so.
    state.going_on = match photographs.is_empty() {
        true => GoingOn::No,
        false => GoingOn::Ready {
            models,
            photographs,
        },
    };
}

/// Begins the run that goes on as soon as its models are there.
pub(super) fn keep_up(state: &mut State) -> Vec<Effect> {
    let is_ready = matches!(state.going_on, GoingOn::Ready { .. });
    if !is_ready || !matches!(state.models, Models::Ready(_)) || !state.can_run_many() {
        return vec![];
    }
    let GoingOn::Ready {
        models,
        photographs,
    } = std::mem::take(&mut state.going_on)
    else {
        return vec![];
    };
    let is_there = |id: &String| state.installed().iter().any(|m| m.id == *id);
    if !models.iter().all(is_there) {
        return vec![];
    }
    let mut effects = Vec::new();
    if models != state.settings.models {
        state.settings.models.clone_from(&models);
        effects.push(Effect::SaveSettings(state.settings.clone()));
        effects.extend(cover::refresh(state));
    }
    let files: HashSet<&Path> = photographs.iter().map(PathBuf::as_path).collect();
    let is_of_run = |photo: &&Photograph| photo.source.file().is_some_and(|f| files.contains(f));
    let ids: Vec<_> = state
        .photographs
        .iter()
        .filter(is_of_run)
        .map(|p| p.id)
        .collect();
    let ids = state.rows_first(&ids);
    effects.extend(run_on(state, models, ids));
    effects
}

pub(super) fn not_kept(state: &mut State, failure: Failure) -> Vec<Effect> {
    if let Some(many) = going_on(state) {
        many.kept = None;
    }
    told(state, Subject::NotKept, failure)
}

/// Someone looks at the empty canvas of a photograph whose file failed before or was changed.
fn open_if_closed_in_view(state: &mut State) -> Vec<Effect> {
    let closed = |id: &PhotoId| {
        let photo = state.photograph(*id);
        photo.is_some_and(|p| matches!(p.opening, Opening::Closed))
    };
    if state.in_view().iter().any(closed) {
        open_what_is_in_view(state)
    } else {
        vec![]
    }
}

fn going_on(state: &mut State) -> Option<&mut Many> {
    state.many.as_mut().filter(|m| m.is_going_on())
}

pub(super) fn pause(state: &mut State, paused: bool) -> Vec<Effect> {
    match going_on(state) {
        Some(many) if many.paused != paused => {
            many.paused = paused;
            vec![Effect::PauseMany(paused)]
        }
        _ => vec![],
    }
}

pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    let Some(many) = going_on(state) else {
        return vec![];
    };
    many.end = Some(ManyEnd::Cancelled);
    vec![Effect::StopMany]
}

/// One photograph is through: its row fills.
pub(super) fn row_done(state: &mut State, row: RowDone) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut failed = row.known.is_err();
    let stands = |model: &str, result: &Result<Arc<Answer>, Failure>| {
        result
            .as_ref()
            .map_or(true, |answer| state.holds(model, answer))
    };
    let answers: Vec<_> = row
        .answers
        .into_iter()
        .filter(|(model, result)| stands(model, result))
        .collect();
    let models: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let listed = state.photograph(row.photo).is_some();
    let photo = if listed {
        state.photograph_mut(row.photo)
    } else {
        // It was taken off the list and may be put back.
        state.removed.iter_mut().find(|p| p.id == row.photo)
    };
    if let Some(photo) = photo {
        match row.known {
            Ok(known) => {
                if photo.sha256().is_some_and(|before| before != known.sha256) {
                    // The file was changed since: what was said of it then does not hold.
                    photo.keep_answers(|_, _| false);
                    if photo.opened().is_some() {
                        photo.opening = Opening::Closed;
                    }
                }
                photo.glancing = false;
                photo.known = Some(known);
            }
            Err(failure) => photo.opening = Opening::Failed(failure),
        }
        for (model, result) in answers {
            match result {
                Ok(answer) => {
                    effects.extend(said(&model, &answer).map(Effect::Log));
                    photo.take_answer(model, answer);
                }
                Err(failure) => {
                    failed = true;
                    photo.failed_run(&model, failure);
                }
            }
        }
        photographs::keep_correction(photo);
        subjects::disagreement_on(photo, &models);
    }
    if let Some(many) = going_on(state) {
        many.waiting.remove(&row.photo);
        many.failed += usize::from(failed);
        many.recalled += usize::from(row.recalled);
    }
    // A run has answers for every row; only the photograph in view is worth a new preview.
    state.preview_stale |= state.selected == Some(row.photo);
    effects.extend(open_if_closed_in_view(state));
    effects
}

pub(super) fn ended(state: &mut State, result: Result<(), Failure>) -> Vec<Effect> {
    let Some(many) = going_on(state) else {
        return vec![];
    };
    match result {
        Ok(()) => {
            many.end = Some(ManyEnd::Finished);
            let subject = Subject::ManyDone {
                done: many.total - many.failed,
                failed: many.failed,
            };
            state.tell(subject, None);
            vec![]
        }
        Err(failure) if failure.cancelled => {
            many.end = Some(ManyEnd::Cancelled);
            vec![]
        }
        Err(failure) => {
            many.end = Some(ManyEnd::Failed);
            told(state, Subject::Many, failure)
        }
    }
}

impl State {
    /// Those of `ids` that the list shows, in its order, then the others.
    fn rows_first(&self, ids: &[PhotoId]) -> Vec<PhotoId> {
        let wanted: BTreeSet<_> = ids.iter().copied().collect();
        let shown: Vec<_> = self
            .rows
            .iter()
            .copied()
            .filter(|id| wanted.contains(id))
            .collect();
        let there: BTreeSet<_> = shown.iter().copied().collect();
        let hidden = wanted.into_iter().filter(|id| !there.contains(id));
        shown.into_iter().chain(hidden).collect()
    }
}
