//! Photographs that were removed from the list and can be restored, with everything known of them but their pixels.

use std::collections::BTreeSet;

use super::{PhotoId, Photograph, State};
use crate::domain::Skipped;

/// Removals that can be undone; older ones are given up.
pub const MOST_REMOVALS: usize = 20;
/// Photographs kept by removals that can be undone. The last removal is kept whole, however large it is.
const MOST_REMOVED: usize = 10_000;

/// One removal.
#[derive(Clone, Debug, Default)]
pub struct Removal {
    pub photographs: Vec<Photograph>,
    /// Those of them that were marked.
    pub marked: BTreeSet<PhotoId>,
    /// The photograph that was in view.
    pub selected: Option<PhotoId>,
    /// The skipped files, if the whole list was cleared.
    pub skipped: Vec<Skipped>,
    /// The user was asked about its results and gave them up.
    pub given_up: bool,
}

impl State {
    pub(in crate::app) fn remember_removal(&mut self, removal: Removal) {
        self.removals.push(removal);
        let mut kept = 0;
        let newest_first = self.removals.iter().rev().enumerate();
        let fits = newest_first.take_while(|(i, removal)| {
            kept += removal.photographs.len();
            *i == 0 || *i < MOST_REMOVALS && kept <= MOST_REMOVED
        });
        let given_up = self.removals.len() - fits.count();
        self.removals.drain(..given_up);
    }

    /// The photographs of the list and those that Undo would restore: what is no longer true of a model or a file is
    /// true of neither.
    pub(in crate::app) fn all_photographs_mut(&mut self) -> impl Iterator<Item = &mut Photograph> {
        let removed = self.removals.iter_mut().flat_map(|r| &mut r.photographs);
        self.photographs.iter_mut().chain(removed)
    }
}
