//! Runs over many photographs: starting, pausing, stopping, and taking in what comes back.

use std::sync::Arc;

use super::jobs::{said, told};
use super::photographs::{self, open_what_is_in_view};
use super::run::device_of;
use super::subjects;
use crate::app::action::RowDone;
use crate::app::effect::{Effect, ManyItem};
use crate::app::state::{Many, ManyEnd, Opening, PhotoId, State, Subject, Which};
use crate::app::verbs::{Answer, Failure};

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
    let mut items = Vec::with_capacity(ids.len());
    for id in &ids {
        let Some(photo) = state.photograph_mut(*id) else {
            continue;
        };
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
    state.many = Some(Many {
        total: items.len(),
        waiting: ids.into_iter().collect(),
        failed: 0,
        paused: false,
        end: None,
    });
    let mut effects = open_if_closed_in_view(state);
    effects.push(Effect::RunMany {
        items,
        models,
        device: device_of(&state.settings.device),
    });
    effects
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
        let wanted: std::collections::BTreeSet<_> = ids.iter().copied().collect();
        let shown: Vec<_> = self
            .rows
            .iter()
            .copied()
            .filter(|id| wanted.contains(id))
            .collect();
        let there: std::collections::BTreeSet<_> = shown.iter().copied().collect();
        let hidden = wanted.into_iter().filter(|id| !there.contains(id));
        shown.into_iter().chain(hidden).collect()
    }
}
