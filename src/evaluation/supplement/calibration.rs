//! What the logit of a model says about the label in one study.

use super::regression::{Design, Regression, logistic};
use crate::evaluation::performance::Undefined;
use crate::numeric::random::Random;

/// Parts that the cross-fitted probabilities come from.
pub const FOLDS: usize = 5;

/// The logistic regression of the recorded labels on the logit, and what it gives for every case.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub intercept: f64,
    pub slope: f64,
    /// Cases with a label, from which it is fitted.
    pub labelled: usize,
    /// Probability of label 1 for each case, 0–1. That of a labelled case comes from a regression without the fifth of
    /// the cases to which it belongs; that of the others from all labelled cases.
    pub probabilities: Vec<f64>,
}

/// Calibrates the logits of all cases with those that have a label, by Firth's logistic regression. Each case is another
/// person.
///
/// # Errors
/// Fewer than ten labels, one label only or equal logits, in all labelled cases or in four fifths of them.
pub fn calibrate(
    logits: &[f64],
    labels: &[Option<bool>],
    seed: u64,
) -> Result<Calibration, Undefined> {
    let mut labelled: Vec<usize> = (0..labels.len())
        .filter(|&at| labels[at].is_some())
        .collect();
    if labelled.len() < 2 * FOLDS {
        return Err(Undefined::TooFewCases);
    }
    let whole = fitted(logits, labels, &labelled)?;
    let mut probabilities: Vec<f64> = logits
        .iter()
        .map(|l| logistic(whole.logit(&[*l])))
        .collect();
    Random::new(seed).shuffle(&mut labelled);
    for fold in 0..FOLDS {
        let of_fold = |place: &usize| place % FOLDS == fold;
        let (mut others, mut own) = (Vec::new(), Vec::new());
        for (place, case) in labelled.iter().enumerate() {
            match of_fold(&place) {
                true => own.push(*case),
                false => others.push(*case),
            }
        }
        let line = fitted(logits, labels, &others)?;
        for case in own {
            probabilities[case] = logistic(line.logit(&[logits[case]]));
        }
    }
    Ok(Calibration {
        intercept: whole.intercept,
        slope: whole.slopes[0],
        labelled: labelled.len(),
        probabilities,
    })
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
