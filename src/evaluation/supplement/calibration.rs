//! What the logit of a model says about the label in one study.

use super::regression::{Design, Regression, logistic};
use crate::evaluation::performance::Undefined;
use crate::numeric::random::Random;

/// Parts that the cross-fitted probabilities come from.
pub const FOLDS: usize = 5;

/// Labels of all cases, and of each kind, that a calibration needs.
pub const LABELS: usize = 2 * FOLDS;
pub const OF_EACH_LABEL: usize = 2;

/// Labelled cases, and their share of all, below which the uncertainty of the calibration is too great to be left out of
/// standard errors: in simulations 95 % intervals covered 90 % for 500 of 5,000 and 83 % for 40 of 500.
const MANY_LABELS: usize = 100;
const MANY_OF_CASES: f64 = 0.2;

/// The logistic regression of the recorded labels on the logit, and what it gives for every case.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub intercept: f64,
    pub slope: f64,
    /// Standard errors of intercept and slope.
    pub errors: [f64; 2],
    /// Cases with a label, from which it is fitted.
    pub labelled: usize,
    /// Probability of label 1 for each case, 0–1. That of a labelled case comes from a regression without the fifth of
    /// the cases to which it belongs; that of the others from all labelled cases.
    pub probabilities: Vec<f64>,
}

impl Calibration {
    /// Whether too few cases have a label for its probabilities to serve as a covariate with the usual standard errors.
    pub fn has_few_labels(&self) -> bool {
        let share = self.labelled as f64 / self.probabilities.len() as f64;
        self.labelled < MANY_LABELS || share < MANY_OF_CASES
    }
}

/// Why there is no calibration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalibrateError {
    /// No person has an answer.
    NotRun,
    /// The table of labels was read for a model with other labels.
    OtherLabels,
    /// Cases of label 0 and of label 1 are fewer than [`LABELS`], or than [`OF_EACH_LABEL`].
    TooFewLabels { have: [usize; 2] },
    /// The labelled cases have one logit, or no regression was found.
    NoRegression(Undefined),
}

/// Calibrates the logits of all cases with those that have a label: Firth's logistic regression, whose intercept is that at
/// which the mean probability of the labelled cases is the share of label 1. Each case is another person.
///
/// # Errors
/// Too few labels, or equal logits, in all labelled cases or in four fifths of them.
pub fn calibrate(
    logits: &[f64],
    labels: &[Option<bool>],
    seed: u64,
) -> Result<Calibration, CalibrateError> {
    let fold_of = folds(labels, seed)?;
    let fit = |own: Option<usize>| {
        let others = (0..labels.len()).filter(|&at| fold_of[at].is_some() && fold_of[at] != own);
        let others: Vec<usize> = others.collect();
        fitted(logits, labels, &others).map_err(CalibrateError::NoRegression)
    };
    let whole = fit(None)?;
    let mut probabilities: Vec<f64> = logits
        .iter()
        .map(|l| logistic(whole.logit(&[*l])))
        .collect();
    for fold in 0..FOLDS {
        let line = fit(Some(fold))?;
        for case in (0..labels.len()).filter(|&at| fold_of[at] == Some(fold)) {
            probabilities[case] = logistic(line.logit(&[logits[case]]));
        }
    }
    Ok(Calibration {
        intercept: whole.intercept,
        slope: whole.slopes[0],
        errors: [whole.errors[0], whole.errors[1]],
        labelled: fold_of.iter().flatten().count(),
        probabilities,
    })
}

/// The fifth of the labelled cases to which each belongs. Each has its share of both labels, so that the others have both.
pub(super) fn folds(
    labels: &[Option<bool>],
    seed: u64,
) -> Result<Vec<Option<usize>>, CalibrateError> {
    let of = |wanted: bool| -> Vec<usize> {
        let all = labels.iter().enumerate();
        let of_label = all.filter(|(_, label)| **label == Some(wanted));
        of_label.map(|(at, _)| at).collect()
    };
    let mut by_label = [of(false), of(true)];
    let have = [by_label[0].len(), by_label[1].len()];
    if have[0] + have[1] < LABELS || have.iter().any(|count| *count < OF_EACH_LABEL) {
        return Err(CalibrateError::TooFewLabels { have });
    }
    let mut random = Random::new(seed);
    let mut folds = vec![None; labels.len()];
    by_label.iter_mut().for_each(|cases| random.shuffle(cases));
    for (place, case) in by_label.iter().flatten().enumerate() {
        folds[*case] = Some(place % FOLDS);
    }
    Ok(folds)
}

fn fitted(
    logits: &[f64],
    labels: &[Option<bool>],
    cases: &[usize],
) -> Result<Regression, Undefined> {
    let column: Vec<f64> = cases.iter().map(|&at| logits[at]).collect();
    let labels: Vec<bool> = cases.iter().filter_map(|&at| labels[at]).collect();
    Design::new(&[&column])?.fit(&labels, None)
}
