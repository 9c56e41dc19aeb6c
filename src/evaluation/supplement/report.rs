//! The supplement of a study: for each person the recorded label or what the model says, and the draws.

use std::sync::Arc;

use super::{Attenuation, Calibration, Columns, Imputations, Lacking};
use crate::domain::replay::ReplaySource;
use crate::domain::{Grade, masked};
use crate::evaluation::performance::LeftOut;

/// A person of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct SupplementedPerson {
    pub name: String,
    /// Whether it is a known person; a photograph of an unknown one is a person by itself.
    pub is_known: bool,
    /// Photographs that the answer rests on.
    pub photographs: usize,
    /// Whether the recorded label is that of output 1; it is never replaced.
    pub recorded: Option<bool>,
    /// Model score (0–1) and logit, the mean over the photographs' logits; `None` if no photograph counts.
    pub answer: Option<(f64, f64)>,
    /// The least applicability of these photographs, where it was judged.
    pub applicability: Option<Grade>,
    /// Why the person has no answer, or is left out: photographs with contradicting labels, or a recorded value that is none
    /// of the labels.
    pub left_out: Option<LeftOut>,
}

/// A supplement by one model with two labels.
#[derive(Clone, Debug, PartialEq)]
pub struct SupplementReport {
    pub model: String,
    /// SHA-256 of the model file.
    pub sha256: String,
    pub is_demonstration: bool,
    /// Settings of its card are assumed and were not confirmed.
    pub is_unconfirmed: bool,
    /// It estimates the recorded sex.
    pub is_of_sex: bool,
    /// Of outputs 0 and 1.
    pub labels: [String; 2],
    /// Operating threshold, 0–1.
    pub threshold: f64,
    pub persons: Vec<SupplementedPerson>,
    /// The persons with an answer and without contradiction, by place: those that calibration and draws are about, in this
    /// order.
    pub cases: Vec<usize>,
    /// Photographs whose person is not in the table's column of persons, and is known from elsewhere.
    pub of_other_source: usize,
    pub calibration: Calibration,
    /// `None` if the model gives all labelled persons the same label.
    pub attenuation: Option<Attenuation>,
    /// The column of the outcome, if one was named.
    pub outcome: Option<String>,
    /// Outcome and covariates of each person, as the study's table states them. A column with the name of one of the tables' own is called `table NAME`.
    pub columns: Columns,
    /// Draws given the columns; `None` unless an outcome was named.
    pub imputations: Option<Imputations>,
    pub seed: u64,
    /// Labels at the threshold were asked for.
    pub with_hard_labels: bool,
    /// Numbers replace the names of persons.
    pub is_masked: bool,
    /// What it was computed from.
    pub source: Arc<ReplaySource>,
}

impl SupplementReport {
    /// With numbers for the names of persons.
    pub fn masked(mut self) -> Self {
        for (number, person) in (1..).zip(&mut self.persons) {
            person.name = masked::person(number);
        }
        self.is_masked = true;
        self
    }

    /// Persons who lack a value of a column for this reason, and so do not enter the draws: those without a recorded label,
    /// for whom none is drawn, and those with one, from whom nothing is learnt.
    pub fn lacking(&self, why: Lacking) -> [usize; 2] {
        let mut counts = [0; 2];
        for &at in &self.cases {
            if self.columns.lacking.get(at) == Some(&Some(why)) {
                counts[usize::from(self.persons[at].recorded.is_some())] += 1;
            }
        }
        counts
    }

    /// Persons of whom something is recorded that is none of the labels.
    pub fn neither_label(&self) -> usize {
        let is_one = |p: &&SupplementedPerson| p.left_out == Some(LeftOut::NeitherLabel);
        self.persons.iter().filter(is_one).count()
    }

    /// Names of the tables' column with the label: what the model estimates.
    pub fn label_column(&self) -> &'static str {
        match self.is_of_sex {
            true => "sex",
            false => "label",
        }
    }
}
