//! Supplies a label where none is recorded, for use in a study, without biasing what is studied.
//!
//! A case is a person with the logit of a model; some have a recorded label. [`calibrate`] fits what the logit says about
//! the label in this study, cross-fitted over persons. Its probability may stand in for the label as a covariate
//! (regression calibration: Carroll et al., Measurement Error in Nonlinear Models, 2006, chapter 4). [`impute`] draws the
//! missing labels several times, given the outcome and covariates of the study (Rubin, Multiple Imputation for
//! Nonresponse in Surveys, 1987): draws that ignore the outcome bias its association with the label towards zero.
//! [`Attenuation`] says by how much labels at a threshold do.

mod attenuation;
mod calibration;
mod columns;
mod imputation;
mod regression;
mod report;
#[cfg(test)]
mod tests;

pub use attenuation::Attenuation;
pub use calibration::{CalibrateError, Calibration, FOLDS, LABELS, OF_EACH_LABEL, calibrate};
pub use columns::{Columns, FEWEST_OF_A_VALUE, Lacking, MOST_COLUMNS, Stated};
pub use imputation::{Imputations, ImputeError, impute};
pub use report::{SupplementReport, SupplementedPerson};
