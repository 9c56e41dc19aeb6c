//! The list of photographs: adding, choosing, removing, the small pictures, and the eye as the person states it.

use std::path::PathBuf;
use std::sync::Arc;

use super::memory::keep_bounded;
use crate::app::action::{Photographs, Purpose};
use crate::app::effect::{Effect, Urgency};
use crate::app::state::{Opened, Opening, PhotoId, Photograph, State, Subject};
use crate::app::verbs::FoundPhotograph;
use crate::domain::{self, Finding, Laterality, Persons};
use crate::workflow::Source;

/// Small pictures that are asked for at once; the rows scroll on meanwhile.
const GLANCES: usize = 24;
/// Recent files that are remembered.
const RECENT: usize = 12;

pub(super) fn apply(state: &mut State, action: Photographs) -> Vec<Effect> {
    match action {
        Photographs::Add(paths) => find(state, paths),
        Photographs::OpenSample => add(state, vec![FoundPhotograph::named(Source::Sample)]),
        Photographs::AskForFiles => ask(state, Purpose::Photographs),
        Photographs::AskForFolder => ask(state, Purpose::Folder),
        Photographs::Select(id) => {
            state.marked.clear();
            select(state, id)
        }
        Photographs::Next => step(state, 1),
        Photographs::Previous => step(state, -1),
        Photographs::Remove => remove(state, &state.meant()),
        Photographs::Restore => restore(state),
        Photographs::RemoveAll => {
            let all: Vec<_> = state.photographs.iter().map(|p| p.id).collect();
            state.skipped.clear();
            remove(state, &all)
        }
        Photographs::Seen(ids) => seen(state, &ids),
        Photographs::CorrectEye(id, eye) => {
            correct_eye(state, id, eye);
            state.preview_stale = true;
            vec![]
        }
        Photographs::Accept(id, accepted) => accept(state, id, accepted),
        Photographs::Count(id, used) => {
            if let Some(photo) = state.photograph_mut(id) {
                // What is so by default needs no word of the user.
                let by_default = photo.subject.left_out.is_empty();
                photo.by_user = Some(used).filter(|used| *used != by_default);
            }
            state.preview_stale = true;
            vec![]
        }
        Photographs::Persons(persons) => {
            state.persons = persons;
            state.preview_stale = true;
            vec![]
        }
        Photographs::ClearRecent => {
            state.recent.clear();
            vec![Effect::SaveRecent(vec![])]
        }
    }
}

/// Opens a file dialog; there is one at a time.
pub(super) fn ask(state: &mut State, purpose: Purpose) -> Vec<Effect> {
    if std::mem::replace(&mut state.asking, true) {
        return vec![];
    }
    // The dialog may be there next time; until then a path can be typed.
    state.path_wanted = state.no_dialog.then_some(purpose);
    vec![Effect::Ask(purpose)]
}

fn find(state: &mut State, paths: Vec<PathBuf>) -> Vec<Effect> {
    if paths.is_empty() {
        return vec![];
    }
    super::many::awaits_photographs(state, &paths);
    state.finding = true;
    let number = state.fresh_id();
    vec![Effect::Find { number, paths }]
}

/// Notes what the person opened, newest first, where they asked for that.
pub(super) fn remember(state: &mut State, paths: &[PathBuf]) -> Vec<Effect> {
    if !state.settings.remember_files {
        return vec![];
    }
    let before = state.recent.clone();
    for path in paths.iter().rev() {
        state.recent.retain(|known| known != path);
        state.recent.insert(0, path.clone());
    }
    state.recent.truncate(RECENT);
    if state.recent == before {
        vec![]
    } else {
        vec![Effect::SaveRecent(state.recent.clone())]
    }
}

/// The files of earlier sessions come behind those that were opened while they were being read.
pub(super) fn recall(state: &mut State, files: Vec<PathBuf>) -> Vec<Effect> {
    let opened_since = state.recent.clone();
    for file in files {
        if !state.recent.contains(&file) {
            state.recent.push(file);
        }
    }
    state.recent.truncate(RECENT);
    if opened_since.is_empty() {
        vec![]
    } else {
        vec![Effect::SaveRecent(state.recent.clone())]
    }
}

/// Adds what is not in the list yet, and shows the first of what was asked for. The sample eye goes when the first own file
/// comes: it is nobody's subject.
pub(super) fn add(state: &mut State, photographs: Vec<FoundPhotograph>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if photographs.iter().any(|found| found.source.is_own()) {
        let sample = state.photographs.iter().filter(|p| !p.source.is_own());
        let sample: Vec<_> = sample.map(|p| p.id).collect();
        if !sample.is_empty() {
            effects.extend(take_off(state, &sample).0);
        }
    }
    let mut known: std::collections::HashMap<Source, PhotoId> = state
        .photographs
        .iter()
        .map(|p| (p.source.clone(), p.id))
        .collect();
    let mut first = None;
    let mut is_new = false;
    for FoundPhotograph { source, place } in photographs {
        let id = *known.entry(source).or_insert_with_key(|source| {
            let id = PhotoId(state.fresh_id());
            // The sample eye keeps its name where names are masked: the person's own photographs begin with 1.
            if matches!(source, Source::File(_)) {
                state.last_number += 1;
            }
            let photo = Photograph::new(id, state.last_number, source.clone(), place);
            state.photographs.push(photo);
            is_new = true;
            id
        });
        first.get_or_insert(id);
    }
    let Some(id) = first else {
        return effects;
    };
    if is_new {
        state.names_stale = true;
        // What the user confirmed were other names.
        if state.persons == Persons::FileNames {
            state.persons = Persons::default();
        }
    }
    // A file that is given again may have been changed or mended meanwhile.
    if let Some(photo) = state.photograph_mut(id)
        && matches!(photo.opening, Opening::Failed(_) | Opening::Ready(_))
    {
        photo.opening = Opening::Closed;
    }
    state.marked.clear();
    effects.extend(select(state, id));
    effects
}

pub(super) fn select(state: &mut State, id: PhotoId) -> Vec<Effect> {
    if state.photograph(id).is_none() {
        return vec![];
    }
    state.selected = Some(id);
    let mut effects = super::cover::leave_behind(state);
    effects.extend(open_what_is_in_view(state));
    state.preview_stale = true;
    effects
}

/// Asks for the pixels of everything in view that is closed or waits behind others.
pub(super) fn open_what_is_in_view(state: &mut State) -> Vec<Effect> {
    let now = state.fresh_id();
    let in_view = state.in_view();
    let mut effects = Vec::new();
    // Who leafs on does not wait for what was left behind.
    for photo in &mut state.photographs {
        if photo.awaited
            && matches!(photo.opening, Opening::Pending)
            && !in_view.contains(&photo.id)
        {
            photo.opening = Opening::Closed;
            photo.awaited = false;
            effects.push(Effect::StopOpening(photo.id));
        }
    }
    for id in in_view {
        if let Some(photo) = state.photograph_mut(id) {
            photo.last_used = now;
            let is_awaited = photo.awaited && matches!(photo.opening, Opening::Pending);
            if matches!(photo.opening, Opening::Closed | Opening::Pending) && !is_awaited {
                effects.push(open(photo, Urgency::Now));
            }
        }
    }
    keep_bounded(state);
    effects
}

/// Lets go of all pixels, so that files that were changed are read as they are now.
pub(super) fn read_again(state: &mut State) -> Vec<Effect> {
    for photo in &mut state.photographs {
        if photo.opened().is_some() {
            photo.opening = Opening::Closed;
        }
    }
    open_what_is_in_view(state)
}

/// Asks for the row after the one in view, so that leafing through a folder does not wait.
pub(super) fn open_next(state: &mut State) -> Vec<Effect> {
    let next = neighbour(state, 1);
    next.and_then(|id| state.photograph_mut(id))
        .filter(|p| matches!(p.opening, Opening::Closed))
        .map(|p| open(p, Urgency::Later))
        .into_iter()
        .collect()
}

fn open(photo: &mut Photograph, urgency: Urgency) -> Effect {
    photo.opening = Opening::Pending;
    photo.awaited = urgency == Urgency::Now;
    Effect::Open {
        photo: photo.id,
        source: photo.source.clone(),
        eye: photo.eye_by_hand,
        urgency,
    }
}

/// The shown row so many places from the one in view; the nearest end beyond them.
fn neighbour(state: &State, by: isize) -> Option<PhotoId> {
    let here = state.rows.iter().position(|id| Some(*id) == state.selected);
    match here {
        Some(here) => here
            .checked_add_signed(by)
            .and_then(|at| state.rows.get(at))
            .copied(),
        None => state.rows.first().copied(),
    }
}

fn step(state: &mut State, by: isize) -> Vec<Effect> {
    match neighbour(state, by) {
        Some(id) => {
            state.marked.clear();
            select(state, id)
        }
        None => vec![],
    }
}

fn remove(state: &mut State, ids: &[PhotoId]) -> Vec<Effect> {
    let (effects, removed) = take_off(state, ids);
    tell_removed(state, removed);
    effects
}

/// Takes photographs off the list and hands them back.
fn take_off(state: &mut State, ids: &[PhotoId]) -> (Vec<Effect>, Vec<Photograph>) {
    let place = state.rows.iter().position(|id| Some(*id) == state.selected);
    let mut effects = Vec::new();
    for id in ids {
        effects.push(Effect::StopOpening(*id));
        effects.push(Effect::StopGlancing(*id));
        if state.running.as_ref().is_some_and(|r| r.photo == *id) {
            state.running = None;
            effects.push(Effect::StopPredicting);
        }
        effects.extend(super::explain::stop_on(state, *id));
        effects.extend(super::controls::stop_on(state, *id));
        effects.extend(super::anatomy::stop_on(state, *id));
    }
    let gone: std::collections::HashSet<_> = ids.iter().collect();
    let (removed, kept) = std::mem::take(&mut state.photographs)
        .into_iter()
        .partition(|p| gone.contains(&p.id));
    state.photographs = kept;
    state.names_stale = true;
    state.rows.retain(|id| !gone.contains(id));
    state.marked.retain(|id| !gone.contains(id));
    if state.selected.is_some_and(|id| gone.contains(&id)) {
        state.selected = None;
        effects.extend(super::cover::leave_behind(state));
        let next = place.map(|at| at.min(state.rows.len().saturating_sub(1)));
        let next = next.and_then(|at| state.rows.get(at)).copied();
        effects.extend(next.into_iter().flat_map(|id| select(state, id)));
    }
    // A run over many that would go on for photographs that nobody sees any more ends with them.
    let unseen = state.many.as_ref().is_some_and(|many| {
        many.is_going_on()
            && !many
                .waiting
                .iter()
                .any(|id| state.photograph(*id).is_some())
    });
    if unseen {
        effects.extend(super::many::cancel(state));
    }
    (effects, removed)
}

/// What was removed can be put back until something else is: a run over a thousand must not be lost by one key.
fn tell_removed(state: &mut State, mut removed: Vec<Photograph>) {
    for photo in &mut removed {
        photo.glancing = false;
        if !matches!(photo.opening, Opening::Failed(_)) {
            photo.opening = Opening::Closed;
        }
    }
    let is_news = |m: &crate::app::state::Message| matches!(m.subject, Subject::Removed { .. });
    // What has no results is no loss: the former removal can still be undone.
    if removed.iter().any(|p| !p.answers.is_empty()) {
        state.messages.retain(|m| !is_news(m));
        let count = removed.len();
        state.removed = removed;
        state.tell(Subject::Removed { count }, None);
    }
}

fn restore(state: &mut State) -> Vec<Effect> {
    let removed = std::mem::take(&mut state.removed);
    state
        .messages
        .retain(|m| !matches!(m.subject, Subject::Removed { .. }));
    // Some may have been added anew meanwhile.
    let listed: std::collections::HashSet<_> =
        state.photographs.iter().map(|p| p.source.clone()).collect();
    let removed: Vec<_> = removed
        .into_iter()
        .filter(|p| !listed.contains(&p.source))
        // The sample eye does not come back to own photographs.
        .filter(|p| p.source.is_own() || listed.is_empty())
        .collect();
    state.names_stale = true;
    let first = removed.first().map(|p| p.id);
    state.photographs.extend(removed);
    state.photographs.sort_by_key(|p| p.id);
    first.map_or_else(Vec::new, |id| select(state, id))
}

/// Asks for the small pictures of rows on the screen, and lets go of those that scrolled away before their turn.
fn seen(state: &mut State, ids: &[PhotoId]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut asked = 0;
    for photo in state.photographs.iter_mut().filter(|p| p.glancing) {
        if ids.contains(&photo.id) {
            asked += 1;
        } else {
            photo.glancing = false;
            effects.push(Effect::StopGlancing(photo.id));
        }
    }
    for id in ids {
        if asked >= GLANCES {
            break;
        }
        let Some(photo) = state.photograph_mut(*id) else {
            continue;
        };
        let wanted =
            photo.known.is_none() && !photo.glancing && matches!(photo.opening, Opening::Closed);
        if wanted {
            photo.glancing = true;
            asked += 1;
            effects.push(Effect::Glance {
                photo: *id,
                source: photo.source.clone(),
                eye: photo.eye_by_hand,
            });
        }
    }
    effects
}

/// The person's word stands above tags and names: on the photograph and on every answer that was given of it.
fn correct_eye(state: &mut State, id: PhotoId, eye: Laterality) {
    let Some(photo) = state.photograph_mut(id) else {
        return;
    };
    photo.eye_by_hand = Some(eye);
    keep_correction(photo);
}

/// The person wants the picture used although it does not look like a fundus photograph, or no longer. Where a run has
/// answered before or is about to, the photograph in view is run anew: the button stands where its score would be.
fn accept(state: &mut State, id: PhotoId, accepted: bool) -> Vec<Effect> {
    let Some(photo) = state.photograph_mut(id).filter(|p| p.accepted != accepted) else {
        return vec![];
    };
    let was_run = !photo.answers.is_empty();
    note_acceptance(photo, accepted);
    let is_run = state.running.as_ref().is_some_and(|r| r.photo == id);
    let mut effects = Vec::new();
    if !accepted {
        // Nothing is computed of a picture that is not used.
        if state.brush_on(id).is_some() {
            effects.extend(super::cover::leave(state));
        }
        effects.extend(super::explain::stop_on(state, id));
        effects.extend(super::controls::stop_on(state, id));
        effects.extend(super::anatomy::stop_on(state, id));
        state.tracing.take_if(|t| t.photo == id);
    }
    if (was_run || is_run) && state.selected == Some(id) {
        effects.extend(super::run::start(state));
    }
    state.preview_stale = true;
    effects
}

pub(super) fn note_acceptance(photo: &mut Photograph, accepted: bool) {
    photo.accepted = accepted;
    keep_acceptance(photo);
}

/// Holds everything that is known of a photograph to what the person stated, whatever a job that began before has brought
/// since.
pub(super) fn keep_correction(photo: &mut Photograph) {
    keep_acceptance(photo);
    keep_eye(photo);
}

fn keep_acceptance(photo: &mut Photograph) {
    let accepted = photo.accepted;
    let stale = photo.overruled();
    let is_stale = |findings: &[Finding]| findings.iter().any(|f| f.code == stale);
    if let Opening::Ready(opened) = &photo.opening
        && is_stale(&opened.image.findings)
    {
        photo.opening = Opening::Ready(Arc::new(Opened {
            image: domain::with_acceptance(&opened.image, accepted),
            ..Opened::clone(opened)
        }));
    }
    if let Some(known) = &mut photo.known {
        domain::note_acceptance(&mut known.findings, accepted);
    }
    let mut answers = photo.answers.values().chain(photo.maps.values());
    if answers.any(|a| is_stale(&a.case.findings)) {
        // What was or was not answered then is no answer to what is asked now.
        photo.keep_answers(|_, answer| !is_stale(&answer.case.findings));
    }
}

fn keep_eye(photo: &mut Photograph) {
    let Some(eye) = photo.eye_by_hand else {
        return;
    };
    let stated = |source, is: Laterality| source == domain::EyeSource::User && is == eye;
    if let Opening::Ready(opened) = &photo.opening
        && !stated(opened.image.eye_source, opened.image.eye)
    {
        photo.opening = Opening::Ready(Arc::new(Opened {
            image: domain::with_eye(&opened.image, Some(eye)),
            ..Opened::clone(opened)
        }));
    }
    if let Some(known) = &mut photo.known {
        known.eye = eye;
        known.eye_source = crate::domain::EyeSource::User;
        if let Opening::Ready(opened) = &photo.opening {
            known.findings.clone_from(&opened.image.findings);
        }
    }
    for answer in photo.every_answer_mut() {
        if stated(answer.case.eye_source, answer.case.eye) {
            continue;
        }
        domain::correct_eye(&mut Arc::make_mut(answer).case, eye);
    }
}
