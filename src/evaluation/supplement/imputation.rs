//! Draws the missing labels several times, given the logit and the columns of the study.

use super::columns::{Columns, MOST_COLUMNS};
use super::regression::{Design, logistic};
use crate::numeric::random::Xoshiro256;
use crate::progress::{Cancel, Cancelled};

/// Samples of persons without a regression that are drawn again, for each imputation.
const PATIENCE: usize = 50;

/// Labels of cases without a recorded one, drawn several times.
#[derive(Clone, Debug, PartialEq)]
pub struct Imputations {
    /// The cases whose label is drawn, ascending.
    pub cases: Vec<usize>,
    /// For each imputation a label for each of them.
    pub labels: Vec<Vec<bool>>,
    /// Cases without a label that lack a value of a column: no label is drawn.
    pub incomplete: Vec<usize>,
    /// Labelled cases with all columns, from which the regression is fitted.
    pub fitted_from: usize,
    /// Coefficients of the regression of all these cases: intercept, logit, then each column.
    pub coefficients: Vec<f64>,
    /// Samples of persons with one label only, or without a value of a column, that were drawn again.
    pub drawn_again: usize,
}

/// Why labels cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImputeError {
    /// Columns depend on each other.
    Dependent,
    /// A column has a single value for all labelled cases.
    OneValue {
        column: String,
    },
    /// Most samples of the labelled cases have no regression: one label only, or columns that depend on each other.
    Samples,
    /// There are more columns than [`MOST_COLUMNS`].
    TooManyColumns(usize),
    /// Fewer than five labelled cases of the rarer label for each coefficient.
    TooFewLabels {
        have: usize,
        need: usize,
    },
    Cancelled,
}

impl From<Cancelled> for ImputeError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Labelled cases of the rarer label for each coefficient, below which a regression is unstable (Vittinghoff and McCulloch,
/// Am J Epidemiol 2007;165:710–718).
const FOR_EACH_COEFFICIENT: usize = 5;

/// Draws labels from logit P(label 1) = a + b · logit + γ · columns, by Firth's regression with the intercept of the labels'
/// share. For each imputation the regression is fitted anew to a
/// sample of the labelled cases, drawn with replacement, so that its own uncertainty is in the draws (Rubin 1987, p. 124).
/// Each case is another person.
///
/// # Errors
/// See [`ImputeError`].
pub fn impute(
    logits: &[f64],
    labels: &[Option<bool>],
    columns: &Columns,
    imputations: usize,
    seed: u64,
    cancel: &Cancel,
) -> Result<Imputations, ImputeError> {
    if columns.names.len() > MOST_COLUMNS {
        return Err(ImputeError::TooManyColumns(columns.names.len()));
    }
    let row = |case: usize| -> Option<Vec<f64>> {
        let stated = columns.values.iter().map(|column| column[case]);
        std::iter::once(Some(logits[case])).chain(stated).collect()
    };
    let (mut cases, mut rows, mut incomplete) = (Vec::new(), Vec::new(), Vec::new());
    let (mut known, mut known_labels) = (Vec::new(), Vec::new());
    for (case, label) in labels.iter().enumerate() {
        match (label, row(case)) {
            (Some(label), Some(row)) => {
                known.push(row);
                known_labels.push(*label);
            }
            (Some(_), None) => {}
            (None, Some(row)) => {
                cases.push(case);
                rows.push(row);
            }
            (None, None) => incomplete.push(case),
        }
    }
    let rarer = [true, false].map(|of| known_labels.iter().filter(|l| **l == of).count());
    let have = rarer[0].min(rarer[1]);
    let need = FOR_EACH_COEFFICIENT * (columns.names.len() + 1);
    if have < need {
        return Err(ImputeError::TooFewLabels { have, need });
    }
    let of_column: Vec<Vec<f64>> = (0..=columns.names.len())
        .map(|column| known.iter().map(|row| row[column]).collect())
        .collect();
    let of_column: Vec<&[f64]> = of_column.iter().map(Vec::as_slice).collect();
    let design = Design::new(&of_column).map_err(|_| ImputeError::Dependent)?;
    let whole = design
        .fit(&known_labels, None)
        .map_err(|_| ImputeError::Dependent)?;
    let (mut drawn, mut drawn_again) = (Vec::with_capacity(imputations), 0);
    for imputation in 0..imputations {
        let mut random = Xoshiro256::stream(seed, imputation as u64, 23);
        let mut patience = PATIENCE;
        let regression = loop {
            cancel.check()?;
            let mut weights = vec![0; known.len()];
            for _ in 0..known.len() {
                weights[random.bits() as usize % known.len()] += 1;
            }
            match design.fit(&known_labels, Some(&weights)) {
                Ok(regression) => break regression,
                Err(_) if patience == 0 => return Err(ImputeError::Samples),
                Err(_) => {
                    patience -= 1;
                    drawn_again += 1;
                }
            }
        };
        let label = |row: &Vec<f64>| random.unit() < logistic(regression.logit(row));
        drawn.push(rows.iter().map(label).collect());
    }
    Ok(Imputations {
        cases,
        labels: drawn,
        incomplete,
        fitted_from: known.len(),
        coefficients: std::iter::once(whole.intercept)
            .chain(whole.slopes)
            .collect(),
        drawn_again,
    })
}
