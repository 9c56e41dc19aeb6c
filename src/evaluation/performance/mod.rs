//! How well a model does on labelled cases: figures with 95 % intervals in which a person counts once, however many
//! photographs show the person.
//!
//! A case is a photograph, an eye or a person. [`LabelledScores`] holds the cases of a model with two labels and
//! [`evaluate`] computes its figures; [`LabelledAges`] and [`evaluate_ages`] do so for a model that estimates years.
//! [`roc_curve`], [`precision_recall_curve`] and [`calibration_curve`] are what a page draws; [`compare`] tells two models
//! apart on the same cases.
//!
//! An [`Estimate`] without a meaning (one label only, a division by nothing) has no value but the reason.

mod ages;
mod calibration;
mod cases;
mod comparison;
mod confusion;
mod curves;
mod delong;
mod estimate;
mod labels;
mod normal;
mod report;
#[cfg(test)]
mod tests;

pub use ages::{AgeFigure, LabelledAges, corrected_age_gaps, evaluate_ages};
pub use calibration::{CalibrationBin, calibration_curve};
pub use cases::LabelledScores;
pub use comparison::{CompareError, Comparison, McNemar, compare};
pub use confusion::Confusion;
pub use curves::{PrecisionRecallPoint, RocPoint, precision_recall_curve, roc_curve};
pub use estimate::{Estimate, EvaluationOptions, IntervalMethod, Undefined};
pub use labels::{Measure, evaluate};
pub use normal::wilson;
pub use report::{
    AnyFigure, Cases, EvaluationReport, FEW, LeftOut, ModelReport, PairReport, RecordToCheck,
    Subgroup, Unit, UnitReport,
};
