//! The list of photographs: adding, choosing, removing, and how many stay in memory.

use std::collections::BTreeMap;

use crate::app::action::Photographs;
use crate::app::effect::{Effect, Urgency};
use crate::app::state::{Opening, PhotoId, Photograph, State};
use crate::workflow::Source;

/// Bytes of pixels that stay in memory, the selected photograph not counted.
pub(super) const PIXELS_KEPT: usize = 512 << 20;

pub(super) fn apply(state: &mut State, action: Photographs) -> Vec<Effect> {
    match action {
        Photographs::Open(sources) => open(state, sources),
        Photographs::AskForFiles => {
            if std::mem::replace(&mut state.asking, true) {
                return vec![];
            }
            vec![Effect::AskForFiles]
        }
        Photographs::Select(id) => select(state, id),
        Photographs::Next => step(state, 1),
        Photographs::Previous => step(state, -1),
        Photographs::Remove(id) => remove(state, id),
    }
}

/// Adds what is not in the list yet, and shows the first of what was asked for.
fn open(state: &mut State, sources: Vec<Source>) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut first = None;
    for source in sources {
        let known = state
            .photographs
            .iter()
            .find(|p| p.source == source)
            .map(|p| p.id);
        let id = known.unwrap_or_else(|| {
            let id = add(state, source.clone());
            effects.push(Effect::Open {
                photo: id,
                source,
                urgency: Urgency::Later,
            });
            id
        });
        first.get_or_insert(id);
    }
    if let Some(id) = first {
        // A file that failed may have been mended meanwhile.
        if let Some(photo) = state.photograph_mut(id)
            && matches!(photo.opening, Opening::Failed(_))
        {
            photo.opening = Opening::LetGo;
        }
        effects.extend(select(state, id));
    }
    effects
}

fn add(state: &mut State, source: Source) -> PhotoId {
    let id = PhotoId(state.fresh_id());
    state.photographs.push(Photograph {
        id,
        name: source.name(),
        source,
        opening: Opening::Pending,
        thumbnail: None,
        sha256: None,
        answers: BTreeMap::new(),
        run_end: None,
        last_used: 0,
    });
    id
}

fn select(state: &mut State, id: PhotoId) -> Vec<Effect> {
    let now = state.fresh_id();
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    photo.last_used = now;
    let effect = match photo.opening {
        Opening::Pending | Opening::LetGo => {
            photo.opening = Opening::Pending;
            Some(Effect::Open {
                photo: id,
                source: photo.source.clone(),
                urgency: Urgency::Now,
            })
        }
        Opening::Ready(_) | Opening::Failed(_) => None,
    };
    state.selected = Some(id);
    keep_memory_bounded(state);
    effect.into_iter().collect()
}

fn step(state: &mut State, by: isize) -> Vec<Effect> {
    let here = state
        .photographs
        .iter()
        .position(|p| Some(p.id) == state.selected);
    let next = match here {
        Some(here) => here.checked_add_signed(by),
        None => Some(0),
    };
    match next.and_then(|i| state.photographs.get(i)).map(|p| p.id) {
        Some(id) => select(state, id),
        None => vec![],
    }
}

fn remove(state: &mut State, id: PhotoId) -> Vec<Effect> {
    let Some(place) = state.photographs.iter().position(|p| p.id == id) else {
        return vec![];
    };
    state.photographs.remove(place);
    let mut effects = vec![Effect::StopOpening(id)];
    if state.running.as_ref().is_some_and(|r| r.photo == id) {
        state.running = None;
        effects.push(Effect::StopPredicting);
    }
    if state.selected == Some(id) {
        state.selected = None;
        let neighbour = state
            .photographs
            .get(place)
            .or(state.photographs.last())
            .map(|p| p.id);
        if let Some(neighbour) = neighbour {
            effects.extend(select(state, neighbour));
        }
    }
    effects
}

/// Lets pixels go, the least recently used first, until the rest fits. Answers and thumbnails stay.
pub(super) fn keep_memory_bounded(state: &mut State) {
    let selected = state.selected;
    let bytes_of = |p: &Photograph| p.opened().map_or(0, |o| o.pyramid.bytes());
    let mut kept: usize = state
        .photographs
        .iter()
        .filter(|p| Some(p.id) != selected)
        .map(bytes_of)
        .sum();
    while kept > PIXELS_KEPT {
        let oldest = state
            .photographs
            .iter_mut()
            .filter(|p| Some(p.id) != selected && p.opened().is_some())
            .min_by_key(|p| p.last_used);
        let Some(oldest) = oldest else {
            return;
        };
        kept -= bytes_of(oldest);
        oldest.opening = Opening::LetGo;
    }
}
