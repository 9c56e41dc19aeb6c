//! Order and filter of the list of photographs.

use std::cmp::{Ordering, Reverse};

use strum::EnumIter;

use super::{PhotoId, Photograph, State};
use crate::domain::{FindingCode, Laterality, Quality, Severity, natural_order};
use crate::workflow::ModelSummary;

/// Sort key of the list; equal rows keep the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq, EnumIter)]
pub enum SortBy {
    #[default]
    Added,
    Name,
    Eye,
    Quality,
    /// The score of the model in view.
    Score,
    /// The score of this chosen model. Not enumerated, because the models vary.
    #[strum(disabled)]
    ScoreOf(String),
    /// The most serious first: by the number of serious findings, then of cautions.
    Cautions,
    State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter)]
pub enum Show {
    #[default]
    All,
    NotRun,
    Done,
    Failed,
    /// With a finding more severe than a note.
    Cautions,
}

/// Order and filter of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListView {
    pub sort: SortBy,
    pub descending: bool,
    pub show: Show,
    /// Part of a name, case-insensitive.
    pub words: String,
}

impl ListView {
    /// True if some rows may be hidden.
    pub fn hides(&self) -> bool {
        self.show != Show::All || !self.words.trim().is_empty()
    }
}

impl State {
    /// The model whose column the list is sorted by if it is sorted by a score: the requested one if it is chosen, else
    /// the one in view. `None` for other sort keys.
    pub fn sorting_model(&self) -> Option<&ModelSummary> {
        match &self.list.sort {
            SortBy::ScoreOf(id) => {
                let requested = self.chosen_models().into_iter().find(|m| m.id == *id);
                requested.or(self.model())
            }
            SortBy::Score => self.model(),
            SortBy::Added
            | SortBy::Name
            | SortBy::Eye
            | SortBy::Quality
            | SortBy::Cautions
            | SortBy::State => None,
        }
    }

    /// The shown row `by` places from the one in view, clamped to the ends.
    pub(in crate::app) fn neighbour(&self, by: isize) -> Option<PhotoId> {
        let here = self.rows.iter().position(|id| Some(*id) == self.selected);
        match here {
            Some(here) => here
                .checked_add_signed(by)
                .and_then(|at| self.rows.get(at))
                .copied(),
            None => self.rows.first().copied(),
        }
    }
}

/// The rows to show, in order.
pub(in crate::app) fn rows_of(state: &State) -> Vec<PhotoId> {
    let view = &state.list;
    let words = view.words.trim().to_lowercase();
    let mut rows: Vec<&Photograph> = state
        .photographs
        .iter()
        .filter(|p| words.is_empty() || state.shown_name(p).to_lowercase().contains(&words))
        .filter(|p| is_shown(state, p, view.show))
        .collect();
    let down = view.descending;
    match &view.sort {
        SortBy::Added => sort(&mut rows, down, |p| Some(p.id), PhotoId::cmp),
        SortBy::Name => sort(&mut rows, down, Some, |a, b| {
            natural_order(&a.name, &b.name)
        }),
        SortBy::Eye => sort(&mut rows, down, eye_rank, u8::cmp),
        SortBy::Quality => sort(&mut rows, down, quality_rank, u8::cmp),
        SortBy::Score | SortBy::ScoreOf(_) => {
            let model = state.sorting_model().map(|m| m.id.as_str());
            sort(&mut rows, down, |p| figure_of(p, model?), f64::total_cmp);
        }
        SortBy::Cautions => {
            let weight = |p: &Photograph| {
                let cautions = cautions(state, p)?;
                let serious = cautions.iter().filter(|c| c.0 == Severity::Serious).count();
                Some((serious, cautions.len()))
            };
            sort(&mut rows, down, weight, Ord::cmp);
        }
        SortBy::State => sort(&mut rows, down, |p| Some(state_rank(state, p)), u8::cmp),
    }
    rows.into_iter().map(|p| p.id).collect()
}

/// Sorts by `key`; photographs without a key come last in either direction, and equal ones keep their order.
fn sort<'a, K>(
    rows: &mut [&'a Photograph],
    descending: bool,
    key: impl Fn(&'a Photograph) -> Option<K>,
    order: impl Fn(&K, &K) -> Ordering,
) {
    // Each key is computed once: some go through all findings of a photograph.
    let mut keyed: Vec<(Option<K>, &Photograph)> = rows.iter().map(|p| (key(p), *p)).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if descending => order(b, a),
        (Some(a), Some(b)) => order(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    for (row, (_, photo)) in rows.iter_mut().zip(keyed) {
        *row = photo;
    }
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

/// The most severe finding of a photograph and its answers, without the finding that a demonstration model ran, which
/// applies to every row.
pub fn worst(photo: &Photograph) -> Option<Severity> {
    let of_photograph = photo.known.iter().flat_map(|k| &k.findings);
    of_photograph
        .chain(photo.findings_of_answers())
        .filter(|f| f.code != crate::domain::FindingCode::DemonstrationModel)
        .map(|f| f.severity)
        .max()
}

/// The cautions shown next to a photograph in the table, most severe first and each once: of the answers of all chosen
/// models, without notes and without the finding that a demonstration model ran, which applies to every row. `None` if
/// answers are missing, since nothing is known then.
pub fn cautions(state: &State, photo: &Photograph) -> Option<Vec<(Severity, FindingCode)>> {
    if photo.has_failed() || !state.is_done(photo) {
        return None;
    }
    let mut cautions: Vec<(Severity, FindingCode)> = photo
        .findings_of_answers()
        .filter(|f| f.severity > Severity::Note && f.code != FindingCode::DemonstrationModel)
        .map(|f| (f.severity, f.code))
        .collect();
    cautions.sort_by_key(|(severity, code)| (*code, Reverse(*severity)));
    cautions.dedup_by_key(|(_, code)| *code);
    cautions.sort_by_key(|(severity, code)| (Reverse(*severity), *code));
    Some(cautions)
}

/// A model's score or age for a photograph; `None` if it was not run, or if the picture is not a fundus photograph and
/// the user has not accepted it, since the number is meaningless then.
fn figure_of(photo: &Photograph, model: &str) -> Option<f64> {
    let case = &photo.answers.get(model)?.case;
    case.score.or(case.value)
}

fn eye_rank(photo: &Photograph) -> Option<u8> {
    match photo.eye() {
        Laterality::Od => Some(0),
        Laterality::Os => Some(1),
        Laterality::Unknown => None,
    }
}

fn quality_rank(photo: &Photograph) -> Option<u8> {
    let known = photo.known.as_ref()?;
    Some(match known.quality {
        Quality::Good => 0,
        Quality::Usable => 1,
        Quality::Bad => 2,
        Quality::NotAFundus => 3,
    })
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
