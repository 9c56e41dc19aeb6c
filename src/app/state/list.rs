//! The order in which photographs are shown, and which of them.

use std::cmp::Ordering;

use super::{PhotoId, Photograph, State};
use crate::clinic::{Laterality, Quality, Severity};
use crate::storage::scan::natural_order;

/// What the list is ordered by; equal rows keep the order in which they were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    #[default]
    Added,
    Name,
    Eye,
    Quality,
    Score,
    State,
}

impl SortBy {
    pub const ALL: [Self; 6] = [
        Self::Added,
        Self::Name,
        Self::Eye,
        Self::Quality,
        Self::Score,
        Self::State,
    ];
}

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    All,
    NotRun,
    Done,
    Failed,
    /// With a finding that is more than a note.
    Cautions,
}

impl Show {
    pub const ALL: [Self; 5] = [
        Self::All,
        Self::NotRun,
        Self::Done,
        Self::Failed,
        Self::Cautions,
    ];
}

/// How the list is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListView {
    pub sort: SortBy,
    pub descending: bool,
    pub show: Show,
    /// Part of a name, whatever the case of its letters.
    pub words: String,
}

impl ListView {
    /// True when some rows may be hidden.
    pub fn hides(&self) -> bool {
        self.show != Show::All || !self.words.trim().is_empty()
    }
}

/// The rows to show, in order.
pub(in crate::app) fn rows_of(state: &State) -> Vec<PhotoId> {
    let view = &state.list;
    let words = view.words.trim().to_lowercase();
    let model = state.model().map(|m| m.id.clone());
    let mut rows: Vec<&Photograph> = state
        .photographs
        .iter()
        .filter(|p| words.is_empty() || state.shown_name(p).to_lowercase().contains(&words))
        .filter(|p| is_shown(state, p, view.show))
        .collect();
    let key = |p: &Photograph| score_of(p, model.as_deref());
    let order = |a: &&Photograph, b: &&Photograph| match view.sort {
        SortBy::Added => a.id.cmp(&b.id),
        SortBy::Name => natural_order(&a.name, &b.name),
        SortBy::Eye => eye_rank(a).cmp(&eye_rank(b)),
        SortBy::Quality => quality_rank(a).cmp(&quality_rank(b)),
        // Rows without a score stand last in either direction.
        SortBy::Score => match (key(a), key(b)) {
            (Some(x), Some(y)) => x.total_cmp(&y),
            (x, y) => unknown_last(x.is_some(), y.is_some(), view.descending),
        },
        SortBy::State => state_rank(state, a).cmp(&state_rank(state, b)),
    };
    rows.sort_by(|a, b| {
        let order = order(a, b);
        if view.descending {
            order.reverse()
        } else {
            order
        }
    });
    rows.into_iter().map(|p| p.id).collect()
}

fn unknown_last(a: bool, b: bool, descending: bool) -> Ordering {
    let order = b.cmp(&a);
    if descending { order.reverse() } else { order }
}

fn is_shown(state: &State, photo: &Photograph, show: Show) -> bool {
    match show {
        Show::All => true,
        Show::NotRun => !state.is_done(photo) && !photo.has_failed(),
        Show::Done => state.is_done(photo),
        Show::Failed => photo.has_failed(),
        Show::Cautions => worst(photo) > Some(Severity::Note),
    }
}

/// The gravest finding of a photograph and its answers; that a demonstration model ran is true of every row and left out.
pub fn worst(photo: &Photograph) -> Option<Severity> {
    let of_photograph = photo.known.iter().flat_map(|k| &k.findings);
    of_photograph
        .chain(photo.findings_of_answers())
        .filter(|f| f.code != crate::clinic::Code::DemonstrationModel)
        .map(|f| f.severity)
        .max()
}

fn score_of(photo: &Photograph, model: Option<&str>) -> Option<f64> {
    let case = &photo.answers.get(model?)?.case;
    case.score.or(case.value)
}

fn eye_rank(photo: &Photograph) -> u8 {
    match photo.eye() {
        Laterality::Od => 0,
        Laterality::Os => 1,
        Laterality::Unknown => 2,
    }
}

fn quality_rank(photo: &Photograph) -> u8 {
    match photo.known.as_ref().map(|k| k.quality) {
        Some(Quality::Good) => 0,
        Some(Quality::Usable) => 1,
        Some(Quality::Bad) => 2,
        Some(Quality::NotAFundus) => 3,
        None => 4,
    }
}

fn state_rank(state: &State, photo: &Photograph) -> u8 {
    if photo.has_failed() {
        0
    } else if state.is_done(photo) {
        2
    } else {
        1
    }
}
