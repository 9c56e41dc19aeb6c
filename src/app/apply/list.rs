//! Order and filter of the list, and marking of rows.

use crate::app::job::Effect;
use crate::app::state::{Only, PhotoId, Show, SortBy, State};

/// Order and filter of the list, and marking of rows.
#[derive(Clone, Debug)]
pub enum List {
    /// Marks or unmarks one.
    Toggle(PhotoId),
    /// Marks everything from the row in view to this one.
    Extend(PhotoId),
    MarkAll,
    Unmark,
    /// Sorts by this key, or reverses the order if it is sorted by it already.
    Sort(SortBy),
    Show(Show),
    Words(String),
    /// Shows the photographs with these properties.
    Only(Only),
    /// Removes every filter.
    ShowAll,
}

pub(super) fn apply(state: &mut State, action: List) -> Vec<Effect> {
    match action {
        List::Toggle(id) => toggle(state, id),
        List::Extend(id) => extend(state, id),
        List::MarkAll => state.marked = state.rows.iter().copied().collect(),
        List::Unmark => state.marked.clear(),
        List::Sort(by) => sort(state, by),
        List::Show(show) => state.list.show = show,
        List::Words(words) => state.list.words = words,
        List::Only(only) => state.list.only = only,
        List::ShowAll => {
            let list = &mut state.list;
            (list.show, list.only) = (Show::All, Only::default());
            list.words.clear();
        }
    }
    vec![]
}

fn sort(state: &mut State, by: SortBy) {
    // The score in view and the column of its model are the same order.
    let is_sorted_so = match &by {
        SortBy::ScoreOf(id) => state.sorting_model().is_some_and(|m| m.id == *id),
        by => state.list.sort == *by,
    };
    let list = &mut state.list;
    list.descending = is_sorted_so && !list.descending;
    list.sort = by;
}

/// The first mark includes the photograph in view, as in file managers.
fn toggle(state: &mut State, id: PhotoId) {
    if state.marked.is_empty() {
        state.marked.extend(state.selected);
    }
    if !state.marked.remove(&id) {
        state.marked.insert(id);
    }
}

fn extend(state: &mut State, to: PhotoId) {
    let place = |desired: Option<PhotoId>| state.rows.iter().position(|id| Some(*id) == desired);
    if let (Some(a), Some(b)) = (place(state.selected), place(Some(to))) {
        state.marked = state.rows[a.min(b)..=a.max(b)].iter().copied().collect();
    }
}
