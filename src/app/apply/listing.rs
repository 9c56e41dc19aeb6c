//! The list of photographs: adding, selecting and removing.

use super::memory;
use super::open::{OpenPhotograph, ReadThumbnail, open_what_is_in_view};
use crate::app::found::FoundPhotograph;
use crate::app::job::Effect;
use crate::app::state::{Message, MessageTopic, Opening, PhotoId, Photograph, Removal, State};
use crate::domain::Persons;
use crate::workflow::Source;

/// Adds photographs that are not in the list yet and shows the first requested one. The sample eye is removed when the
/// first of the user's own files is added, because it belongs to no person.
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
        // A file is listed once, whichever of its frames is in view.
        .map(|p| (p.source.with_frame(1), p.id))
        .collect();
    let mut first = None;
    let mut is_new = false;
    for FoundPhotograph { source, place } in photographs {
        let id = *known.entry(source).or_insert_with_key(|source| {
            let id = PhotoId(state.fresh_id());
            // The sample eye has no number: the user's own photographs start with 1.
            if source.has_own_name() {
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
    // How the last run ended does not hold for a longer list.
    state.many.take_if(|many| is_new && !many.is_going_on());
    // The user's confirmation applied to other names, whether or not a pattern reads the new ones.
    if is_new && state.persons == Persons::FileNames {
        state.persons = Persons::default();
    }
    // A file that is added again may have been changed or repaired.
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
    open_what_is_in_view(state)
}

pub(super) fn step(state: &mut State, by: isize) -> Vec<Effect> {
    match state.neighbour(by) {
        Some(id) => {
            state.marked.clear();
            select(state, id)
        }
        None => vec![],
    }
}

pub(super) fn remove(state: &mut State, ids: &[PhotoId]) -> Vec<Effect> {
    let removal = Removal {
        marked: ids
            .iter()
            .copied()
            .filter(|id| state.marked.contains(id))
            .collect(),
        selected: state.selected,
        ..Removal::default()
    };
    let (effects, photographs) = take_off(state, ids);
    remember(
        state,
        Removal {
            photographs,
            ..removal
        },
    );
    effects
}

/// Clears the list, and the skipped files with it.
pub(super) fn clear(state: &mut State) -> Vec<Effect> {
    let all: Vec<_> = state.photographs.iter().map(|p| p.id).collect();
    let effects = remove(state, &all);
    let skipped = std::mem::take(&mut state.skipped);
    if let Some(last) = state.removals.last_mut().filter(|_| !all.is_empty()) {
        last.skipped = skipped;
    }
    effects
}

/// Removes photographs from the list and returns them.
fn take_off(state: &mut State, ids: &[PhotoId]) -> (Vec<Effect>, Vec<Photograph>) {
    let place = state.rows.iter().position(|id| Some(*id) == state.selected);
    let mut effects = Vec::new();
    for id in ids {
        effects.push(OpenPhotograph::stop(*id));
        effects.push(ReadThumbnail::stop(*id));
    }
    let gone: std::collections::HashSet<_> = ids.iter().collect();
    let (removed, kept) = std::mem::take(&mut *state.photographs)
        .into_iter()
        .partition(|p| gone.contains(&p.id));
    *state.photographs = kept;
    state.rows.retain(|id| !gone.contains(id));
    state.marked.retain(|id| !gone.contains(id));
    if state.selected.is_some_and(|id| gone.contains(&id)) {
        state.selected = None;
        let next = place.map(|at| at.min(state.rows.len().saturating_sub(1)));
        let next = next.and_then(|at| state.rows.get(at)).copied();
        effects.extend(next.into_iter().flat_map(|id| select(state, id)));
    }
    (effects, removed)
}

/// A removal can be undone, because one key must not discard a run over a thousand photographs.
fn remember(state: &mut State, mut removal: Removal) {
    if removal.photographs.is_empty() {
        return;
    }
    for photo in &mut removal.photographs {
        photo.glancing = false;
        memory::release(photo);
    }
    let count = removal.photographs.len();
    state.messages.retain(|m| !is_news(m));
    state.remember_removal(removal);
    state.notify(MessageTopic::Removed { count }, None);
}

fn is_news(message: &Message) -> bool {
    matches!(message.subject, MessageTopic::Removed { .. })
}

pub(super) fn restore(state: &mut State) -> Vec<Effect> {
    let Some(removal) = state.removals.pop() else {
        return vec![];
    };
    state.messages.retain(|m| !is_news(m));
    // Some may have been added again meanwhile: what has results stays or comes back.
    let with_answers = removal.photographs.iter().filter(|p| !p.answers.is_empty());
    let with_answers: std::collections::HashSet<_> =
        with_answers.map(|p| p.source.with_frame(1)).collect();
    let bare = state.photographs.iter().filter(|p| p.answers.is_empty());
    let replaced = bare.filter(|p| with_answers.contains(&p.source.with_frame(1)));
    let replaced: Vec<_> = replaced.map(|p| p.id).collect();
    let (mut effects, _) = take_off(state, &replaced);
    let listed: std::collections::HashSet<_> = state
        .photographs
        .iter()
        .map(|p| p.source.with_frame(1))
        .collect();
    let restored: Vec<_> = removal
        .photographs
        .into_iter()
        .filter(|p| !listed.contains(&p.source.with_frame(1)))
        // The sample eye is not restored next to the user's own photographs.
        .filter(|p| p.source.is_own() || listed.is_empty())
        .collect();
    let ids: std::collections::HashSet<_> = restored.iter().map(|p| p.id).collect();
    let in_view = removal.selected.filter(|id| ids.contains(id));
    let in_view = in_view.or(restored.first().map(|p| p.id));
    let marked = removal.marked.into_iter().filter(|id| ids.contains(id));
    state.marked.extend(marked);
    state.skipped.extend(removal.skipped);
    state.photographs.extend(restored);
    state.photographs.sort_by_key(|p| p.id);
    effects.extend(in_view.into_iter().flat_map(|id| select(state, id)));
    effects
}
