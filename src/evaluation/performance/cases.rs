//! Cases of a model with two labels.

use std::collections::{HashMap, HashSet};

use crate::evaluation::{Error, ReferenceValues, Scored};

/// Scores of one model with the recorded labels. All vectors have one item per case.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledScores {
    /// True for the label of output 1.
    pub(super) truths: Vec<bool>,
    /// Probability of output 1, 0–1.
    pub(super) scores: Vec<f64>,
    /// The score before its activation. It tells scores apart that are 0 or 1 after rounding.
    pub(super) logits: Vec<f64>,
    /// A number for each person, from 0 without gaps.
    pub(super) persons: Vec<usize>,
}

/// Numbers persons anew, from 0 without gaps, in order of first appearance.
pub(super) fn numbered(persons: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    persons
        .map(|person| {
            let next = numbers.len();
            *numbers.entry(person).or_insert(next)
        })
        .collect()
}

impl LabelledScores {
    /// `persons` holds the same number for cases of one person, numbered from 0.
    ///
    /// # Errors
    /// No cases, vectors of different lengths, a number that is not finite, or a score outside 0–1.
    pub fn new(
        truths: Vec<bool>,
        scores: Vec<f64>,
        logits: Vec<f64>,
        persons: Vec<usize>,
    ) -> Result<Self, Error> {
        for length in [scores.len(), logits.len(), persons.len()] {
            if length != truths.len() {
                return Err(Error::Lengths {
                    scores: length,
                    truths: truths.len(),
                });
            }
        }
        if truths.is_empty() {
            return Err(Error::Empty);
        }
        let is_score = |score: &f64| (0.0..=1.0).contains(score);
        if !scores.iter().all(is_score) || logits.iter().any(|l| !l.is_finite()) {
            return Err(Error::NotFinite);
        }
        Ok(Self {
            truths,
            scores,
            logits,
            persons,
        })
    }

    /// True for cases with the label of output 1.
    pub fn truths(&self) -> &[bool] {
        &self.truths
    }

    /// Probability of output 1, 0–1.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    pub fn len(&self) -> usize {
        self.truths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.truths.is_empty()
    }

    /// The cases at these places; `None` if there are none.
    pub fn chosen(&self, places: &[usize]) -> Option<Self> {
        let of = |values: &[f64]| places.iter().map(|&at| values[at]).collect();
        let persons = places.iter().map(|&at| self.persons[at]);
        (!places.is_empty()).then(|| Self {
            truths: places.iter().map(|&at| self.truths[at]).collect(),
            scores: of(&self.scores),
            logits: of(&self.logits),
            persons: numbered(persons),
        })
    }

    /// The same cases of the other output: labels, scores and logits are reversed.
    pub fn mirrored(&self) -> Self {
        Self {
            truths: self.truths.iter().map(|truth| !truth).collect(),
            scores: self.scores.iter().map(|score| 1.0 - score).collect(),
            logits: self.logits.iter().map(|logit| -logit).collect(),
            persons: self.persons.clone(),
        }
    }

    /// Number of cases with the label of output 1.
    pub fn positives(&self) -> usize {
        self.truths.iter().filter(|t| **t).count()
    }

    /// Number of persons.
    pub fn persons(&self) -> usize {
        self.persons.iter().collect::<HashSet<_>>().len()
    }

    /// Whether a person has several cases, so that cases are not independent.
    pub fn persons_repeat(&self) -> bool {
        self.persons() < self.len()
    }

    /// Whether the model calls each case positive at an operating threshold.
    pub fn called(&self, threshold: f64) -> Vec<bool> {
        self.scores
            .iter()
            .map(|score| *score >= threshold)
            .collect()
    }

    /// The cases in the order of their logits, for areas under the ROC curve; `None` if a label has no case.
    pub(super) fn ranked(&self) -> Option<Scored> {
        let labels = ReferenceValues::Labels(self.truths.clone());
        Scored::new(&labels, &self.logits).ok()
    }

    /// Indices of the cases by descending logit.
    pub(super) fn by_descending_logit(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.logits[b].total_cmp(&self.logits[a]));
        order
    }
}
