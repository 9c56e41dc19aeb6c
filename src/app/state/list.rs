//! Order and filter of the list of photographs.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use strum::EnumIter;

use super::{EvaluatedFilter, PhotoId, Photograph, State};
use crate::domain::{FindingCode, Grade, Laterality, Quality, Severity, natural_order};
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
    /// By the worst grade, good ones first.
    Applicability,
    /// The label that the model in view gives.
    Label,
    /// Those that count for their eye and person first.
    Used,
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
    /// Properties that the shown photographs have.
    pub only: Only,
    /// Part of a name, case-insensitive.
    pub words: String,
}

/// Properties by which the list is filtered; `None` leaves one free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    pub eye: Option<Laterality>,
    pub quality: Option<Quality>,
    pub applicability: Option<Grade>,
    /// Answered by this model.
    pub model: Option<String>,
    /// Given by that model, or by any chosen one.
    pub label: Option<String>,
    /// A finding of any severity.
    pub finding: Option<FindingCode>,
    /// Whether it counts for its eye and person.
    pub used: Option<bool>,
    /// Belongs to this part of an evaluation.
    pub evaluated: Option<EvaluatedFilter>,
}

/// Counts over the list, so that a frame does not go through it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// With an answer of any model.
    pub answered: usize,
    /// Could not be opened, or the last run failed.
    pub failed: usize,
    /// Run, but do not look like fundus photographs.
    pub refused: usize,
}

/// What the photographs of the list can be filtered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterChoices {
    /// Ids of the models that answered.
    pub models: BTreeSet<String>,
    pub labels: BTreeSet<String>,
    pub findings: BTreeSet<FindingCode>,
}

impl ListView {
    /// True if some rows may be hidden.
    pub fn hides(&self) -> bool {
        self.show != Show::All || !self.words.trim().is_empty() || self.only != Only::default()
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
            | SortBy::Applicability
            | SortBy::Label
            | SortBy::Used
            | SortBy::State => None,
        }
    }

    /// What the list can be filtered by; goes through all photographs.
    pub fn filter_choices(&self) -> FilterChoices {
        let mut choices = FilterChoices::default();
        for photo in &self.photographs {
            let of_photograph = photo.known.iter().flat_map(|k| &k.findings);
            let findings = of_photograph.chain(photo.findings_of_answers());
            choices.findings.extend(findings.map(|f| f.code));
            for (model, answer) in &photo.answers {
                if !choices.models.contains(model) {
                    choices.models.insert(model.clone());
                }
                let label = answer.case.label.as_ref();
                if let Some(label) = label.filter(|label| !choices.labels.contains(*label)) {
                    choices.labels.insert(label.clone());
                }
            }
        }
        choices
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

pub(in crate::app) fn counts_of(state: &State) -> Counts {
    let mut counts = Counts::default();
    for photo in &state.photographs {
        let answered = !photo.answers.is_empty();
        counts.answered += usize::from(answered);
        counts.failed += usize::from(photo.has_failed());
        counts.refused += usize::from(answered && photo.is_refused());
    }
    counts
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
        .filter(|p| has(state, p, &view.only))
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
        SortBy::Applicability => {
            let card = state.model().map(|model| &*model.card);
            let grade = |p: &Photograph| p.applicability(card)?.overall();
            sort(&mut rows, down, grade, Grade::cmp);
        }
        SortBy::Label => {
            let model = state.model().map(|m| m.id.as_str());
            let label = |p: &'_ Photograph| p.answers.get(model?)?.case.label.clone();
            sort(&mut rows, down, label, String::cmp);
        }
        SortBy::Used => sort(&mut rows, down, |p| Some(!p.subject.counts()), bool::cmp),
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

/// Whether a photograph has all of these properties.
fn has(state: &State, photo: &Photograph, only: &Only) -> bool {
    let known = photo.known.as_ref();
    let of_model = |model: &String| only.model.as_ref().is_none_or(|id| id == model);
    let label_of = |model: &String| photo.answers.get(model)?.case.label.as_ref();
    let is_labelled = |label: &String| {
        let chosen = state.chosen_models().into_iter().map(|m| &m.id);
        let models = chosen.chain(&only.model).filter(|id| of_model(id));
        models.into_iter().any(|id| label_of(id) == Some(label))
    };
    let is_found = |code: FindingCode| {
        let of_photograph = known.into_iter().flat_map(|k| &k.findings);
        let mut all = of_photograph.chain(photo.findings_of_answers());
        all.any(|f| f.code == code)
    };
    let graded = || {
        let card = state.model().map(|model| &*model.card);
        photo.applicability(card)?.overall()
    };
    only.eye.is_none_or(|eye| photo.eye() == eye)
        && only
            .quality
            .is_none_or(|quality| known.is_some_and(|k| k.quality == quality))
        && only
            .applicability
            .is_none_or(|grade| graded() == Some(grade))
        && only
            .model
            .as_ref()
            .is_none_or(|model| photo.answers.contains_key(model))
        && only.label.as_ref().is_none_or(is_labelled)
        && only.finding.is_none_or(is_found)
        && only.used.is_none_or(|used| photo.subject.counts() == used)
        && only
            .evaluated
            .as_ref()
            .is_none_or(|part| part.photographs.contains(&photo.id))
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
