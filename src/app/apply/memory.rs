//! How many photographs stay in memory: pixels and small pictures are let go, the least recently used first.

use crate::app::state::{Opening, Photograph, State};

/// Bytes of pixels that stay in memory, what is in view not counted.
pub(super) const PIXELS_KEPT: usize = 512 << 20;

/// Lets pixels go, the least recently used first, until the rest fits. Answers and small pictures stay.
pub(super) fn keep_bounded(state: &mut State) {
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
