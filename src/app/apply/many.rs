//! Runs over many photographs: starting, pausing, stopping, and storing their answers.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::common::{device_of, reported, run_options, wording};
use super::open::open_what_is_in_view;
use super::stated::note_acceptance;
use crate::app::job::{Effect, Job, JobContext, Landing, Slot};
use crate::app::pyramid::THUMBNAIL_PX;
use crate::app::state::{
    Known, Many, ManyEnd, MessageTopic, Opening, PhotoId, RunSelection, State,
};
use crate::app::{Failure, WorkflowContext};
use crate::domain::Laterality;
use crate::imaging::thumbnail;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::text::failures::{Fault, TaskFault};
use crate::workflow::{self, Answer, Item, KeepOptions, KeptEvent, PhotographResult, Source};

/// One photograph of a run over many photographs.
#[derive(Clone, Debug)]
pub struct ManyItem {
    pub photo: PhotoId,
    pub source: Source,
    pub name: String,
    pub eye: Option<Laterality>,
    /// Run although it does not look like a fundus photograph.
    pub accepted: bool,
}

impl ManyItem {
    fn as_item(&self) -> Item {
        Item {
            source: self.source.clone(),
            name: self.name.clone(),
            eye: self.eye,
            accepted: self.accepted,
        }
    }
}

/// Runs models on many photographs; each is reported in order as it finishes.
#[derive(Clone, Debug)]
pub struct RunMany {
    pub items: Vec<ManyItem>,
    pub models: Vec<String>,
    pub device: Device,
    /// How answers are stored as they arrive, if a folder was chosen for them.
    pub keep: Option<KeepOptions>,
}

impl Job for RunMany {
    fn lane(&self) -> Lane {
        Lane::Long
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let items: Vec<Item> = self.items.iter().map(ManyItem::as_item).collect();
        let options = run_options(&self.models, self.device);
        let row = |done: PhotographResult| {
            if let Some(item) = self.items.get(done.index) {
                let row = row_of(item, &self.models, done);
                wait.one_done();
                wait.notify(move |state| row_done(state, row));
            }
        };
        let (context, gate) = (&work.context, wait.gate);
        let (cancel, progress) = (wait.cancel, wait.progress);
        let ended_so = match &self.keep {
            None => {
                let mut on_done = |done| {
                    row(done);
                    Ok(())
                };
                workflow::run_each(
                    context,
                    &items,
                    &options,
                    gate,
                    cancel,
                    progress,
                    &mut on_done,
                )
            }
            Some(keep) => {
                let mut on_event = |event| match event {
                    KeptEvent::Finished(done) => row(*done),
                    KeptEvent::SetAside(name) => wait.notify(|state| set_aside(state, name)),
                    KeptEvent::NotKept(e) => {
                        let failure = Failure::from(e);
                        wait.notify(move |state| not_kept(state, failure));
                    }
                    KeptEvent::NotNoted(e) => {
                        let failure = Failure::from(e);
                        wait.notify(move |state| reported(state, MessageTopic::NotNoted, failure));
                    }
                };
                workflow::run_kept(
                    context,
                    &items,
                    &options,
                    keep,
                    gate,
                    cancel,
                    progress,
                    &mut on_event,
                )
            }
        };
        let result = ended_so.map(drop).map_err(Failure::from);
        Landing::new(move |state| ended(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(|state| {
            if let Some(many) = state.many_going_on() {
                many.end = Some(ManyEnd::Failed);
            }
            vec![]
        })
    }
}

/// A finished photograph.
#[derive(Clone, Debug)]
pub struct RowDone {
    pub photo: PhotoId,
    /// What was read, or why reading failed.
    pub known: Result<Known, Failure>,
    /// By model.
    pub answers: Vec<(String, Result<Arc<Answer>, Failure>)>,
    /// The answers come from an earlier run.
    pub recalled: bool,
}

fn row_of(item: &ManyItem, models: &[String], done: PhotographResult) -> RowDone {
    let known = done.photograph.map_err(Failure::from).map(|image| {
        let small = Arc::new(thumbnail(&image.pixels, THUMBNAIL_PX));
        Known::of(&image, small)
    });
    let answers = models.iter().cloned().zip(done.rows).map(|(model, row)| {
        let answer = match row.seen {
            Some(seen) => Ok(Arc::new(Answer::of_run(
                row.case,
                seen.map,
                seen.prepared.geometry,
            ))),
            None => Err(Failure::of(
                "row",
                row.case.error.unwrap_or_default(),
                row.fault.unwrap_or(Fault::Task(TaskFault::Request)),
            )),
        };
        (model, answer)
    });
    RowDone {
        photo: item.photo,
        known,
        answers: answers.collect(),
        recalled: done.recalled,
    }
}

pub(super) fn start(state: &mut State, which: RunSelection) -> Vec<Effect> {
    if !state.can_run_many() {
        return vec![];
    }
    let models: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let ids: Vec<PhotoId> = match which {
        RunSelection::Marked => state.rows_first(&state.meant()),
        RunSelection::All => {
            let all: Vec<_> = state.photographs.iter().map(|p| p.id).collect();
            state.rows_first(&all)
        }
        RunSelection::Failed => {
            let failed = state.photographs.iter().filter(|p| p.has_failed());
            failed.map(|p| p.id).collect()
        }
        RunSelection::Refused => {
            let refused = state.refused_by_runs();
            for id in &refused {
                if let Some(photo) = state.photograph_mut(*id) {
                    note_acceptance(photo, true);
                }
            }
            refused
        }
    };
    run_on(state, models, ids)
}

pub(super) fn run_on(state: &mut State, models: Vec<String>, ids: Vec<PhotoId>) -> Vec<Effect> {
    let mut items = Vec::with_capacity(ids.len());
    let mut anew = BTreeSet::new();
    for id in &ids {
        let Some(photo) = state.photograph_mut(*id) else {
            continue;
        };
        // Running what already has answers means running it again.
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
    let keep = state.export_folder.clone().map(|folder| KeepOptions {
        folder,
        mask_names: state.settings.names_masked,
        anew,
        inputs: inputs(state, &ids),
    });
    if let Some(keep) = &keep {
        state.withdraw_resume_prompt(&keep.folder);
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
    effects.push(Effect::start(RunMany {
        items,
        models,
        device: device_of(&state.settings.device),
        keep,
    }));
    effects
}

/// Where the photographs came from, searched folders as such; empty unless the user wants files remembered.
fn inputs(state: &State, ids: &[PhotoId]) -> Vec<PathBuf> {
    if !state.settings.remember_files || state.settings.names_masked {
        return vec![];
    }
    let photographs = ids.iter().filter_map(|id| state.photograph(*id));
    let inputs = photographs.filter_map(|photo| match &photo.source {
        Source::File(_) | Source::Frame { .. } if photo.place.in_folder => {
            Some(photo.place.root.clone())
        }
        Source::File(path) | Source::Frame { path, .. } => Some(path.clone()),
        Source::Sample | Source::Masked { .. } => None,
    });
    let inputs: BTreeSet<PathBuf> = inputs.collect();
    inputs.into_iter().collect()
}

fn set_aside(state: &mut State, name: String) -> Vec<Effect> {
    state.notify(MessageTopic::SetAside(name), None);
    vec![]
}

pub(super) fn not_kept(state: &mut State, failure: Failure) -> Vec<Effect> {
    if let Some(many) = state.many_going_on() {
        many.kept = None;
    }
    reported(state, MessageTopic::NotKept, failure)
}

/// The photograph in view may be closed because its file failed before or was changed.
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

pub(super) fn pause(state: &mut State, paused: bool) -> Vec<Effect> {
    match state.many_going_on() {
        Some(many) if many.paused != paused => {
            many.paused = paused;
            vec![Effect::Pause(Slot::of::<RunMany>(), paused)]
        }
        _ => vec![],
    }
}

pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    let Some(many) = state.many_going_on() else {
        return vec![];
    };
    many.end = Some(ManyEnd::Cancelled);
    vec![Effect::stop::<RunMany>()]
}

/// Stops the run once all of its photographs have left the list; how a run ended is forgotten with the last of them.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let waits = |many: &&Many| many.is_going_on() && !many.waiting.is_empty();
    let unseen = state.many.as_ref().filter(waits).is_some_and(|many| {
        let mut waiting = many.waiting.iter();
        waiting.all(|id| state.photograph(*id).is_none())
    });
    let effects = match unseen {
        true => cancel(state),
        false => vec![],
    };
    if state.photographs.is_empty() {
        state.many.take_if(|many| !many.is_going_on());
    }
    effects
}

/// Updates the row of a finished photograph.
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
    let kept = state.many.as_ref().is_some_and(|many| many.kept.is_some());
    let listed = state.photograph(row.photo).is_some();
    let photo = if listed {
        state.photograph_mut(row.photo)
    } else {
        // It was removed from the list, which may be undone.
        state.all_photographs_mut().find(|p| p.id == row.photo)
    };
    if let Some(photo) = photo {
        match row.known {
            Ok(known) => {
                if photo.sha256().is_some_and(|before| before != known.sha256) {
                    // The file has changed: its earlier answers do not hold.
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
        // A row with a failure is not stored, so that it is run again.
        let kept = kept && answers.iter().all(|(_, result)| result.is_ok());
        for (model, result) in answers {
            match result {
                Ok(answer) => {
                    effects.extend(wording(&model, &answer));
                    photo.take_answer(model.clone(), answer);
                    if kept {
                        photo.stored.insert(model);
                    }
                }
                Err(failure) => {
                    failed = true;
                    photo.failed_run(&model, failure);
                }
            }
        }
    }
    if let Some(many) = state.many_going_on() {
        many.waiting.remove(&row.photo);
        many.failed += usize::from(failed);
        many.recalled += usize::from(row.recalled);
    }
    effects.extend(open_if_closed_in_view(state));
    effects
}

pub(super) fn ended(state: &mut State, result: Result<(), Failure>) -> Vec<Effect> {
    let Some(many) = state.many_going_on() else {
        return vec![];
    };
    match result {
        Ok(()) => {
            many.end = Some(ManyEnd::Finished);
            vec![]
        }
        Err(failure) if failure.cancelled => {
            many.end = Some(ManyEnd::Cancelled);
            vec![]
        }
        Err(failure) => {
            many.end = Some(ManyEnd::Failed);
            reported(state, MessageTopic::Many, failure)
        }
    }
}
