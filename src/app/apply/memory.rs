//! Memory limits: pixels of photographs and large maps are released, least recently used first.

use std::sync::Arc;

use crate::app::state::{MapKey, Opening, PhotoId, Photograph, State};
use crate::workflow::Answer;

/// Bytes of pixels kept in memory, excluding what is in view.
pub(super) const PIXELS_KEPT: usize = 512 << 20;

/// Bytes of large maps kept in memory, excluding the one in view.
pub(super) const MAPS_KEPT: usize = 128 << 20;
/// A map of at most this many bytes is small and always stays: it costs less than its row in the list.
const SMALL_MAP: usize = 64 << 10;

/// Releases pixels and large maps until the rest fits.
pub(super) fn keep_bounded(state: &mut State) {
    keep_pixels_bounded(state);
    keep_maps_bounded(state);
}

/// Releases pixels, least recently used first, until the rest fits. Answers and thumbnails stay.
fn keep_pixels_bounded(state: &mut State) {
    let in_view = state.in_view();
    let bytes_of = |p: &Photograph| p.opened().map_or(0, |o| o.pyramid.bytes());
    let mut kept: usize = state
        .photographs
        .iter()
        .filter(|p| !in_view.contains(&p.id))
        .map(bytes_of)
        .sum();
    while kept > PIXELS_KEPT {
        let oldest = state
            .photographs
            .iter_mut()
            .filter(|p| !in_view.contains(&p.id) && p.opened().is_some())
            .min_by_key(|p| p.last_used);
        let Some(oldest) = oldest else {
            return;
        };
        kept -= bytes_of(oldest);
        oldest.opening = Opening::Closed;
    }
}

/// Releases large maps, those of the least recently used photograph first.
fn keep_maps_bounded(state: &mut State) {
    let in_view = state.map_in_view();
    let is_in_view =
        |id: PhotoId, key: &MapKey| in_view.as_ref().is_some_and(|(p, k)| (*p, k) == (id, key));
    let mut large: Vec<(u64, PhotoId, MapKey, usize)> = Vec::new();
    for photo in &state.photographs {
        for (key, answer) in &photo.maps {
            let bytes = bytes_of_map(answer);
            if bytes > SMALL_MAP && !is_in_view(photo.id, key) {
                large.push((photo.last_used, photo.id, key.clone(), bytes));
            }
        }
    }
    large.sort_by_key(|(last_used, ..)| *last_used);
    let mut kept: usize = large.iter().map(|(.., bytes)| bytes).sum();
    for (_, id, key, bytes) in large {
        if kept <= MAPS_KEPT {
            return;
        }
        kept -= bytes;
        if let Some(photo) = state.photograph_mut(id) {
            photo.maps.remove(&key);
        }
    }
}

/// Releases the pixels and large maps of a photograph that leaves the list. Its answers, thumbnail and small maps stay.
pub(super) fn release(photo: &mut Photograph) {
    if !matches!(photo.opening, Opening::Failed(_)) {
        photo.opening = Opening::Closed;
    }
    photo
        .maps
        .retain(|_, answer| bytes_of_map(answer) <= SMALL_MAP);
}

fn bytes_of_map(answer: &Arc<Answer>) -> usize {
    let map = answer.map.as_ref();
    map.map_or(0, |m| size_of_val(m.grid.values()))
}
