//! A figure, its interval, and why either may be missing.

use strum::{EnumIter, IntoStaticStr};

use crate::evaluation::bootstrap::interval;

/// Coverage of every interval.
pub(super) const SHARE: f64 = 0.95;

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: Result<f64, Undefined>,
    /// Lower and upper end, as computed by `method`.
    pub interval: Result<[f64; 2], Undefined>,
    pub method: IntervalMethod,
    /// Cases that the figure is computed from: for sensitivity those with label 1, for precision those called label 1.
    pub cases: usize,
}

/// How an interval is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum IntervalMethod {
    /// Score interval of a proportion: Wilson, J Am Stat Assoc 1927;22:209–212.
    Wilson,
    /// Normal interval with the variance of DeLong et al., Biometrics 1988;44:837–845, kept within 0–1.
    DeLong,
    /// Normal interval from the information matrix of a logistic regression.
    Wald,
    /// Student's t interval of a mean.
    StudentT,
    /// Percentiles over samples of whole persons, drawn with replacement.
    PersonBootstrap,
}

impl IntervalMethod {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a figure or its interval has no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Undefined {
    /// No case is left to compute it from.
    NoCases,
    /// It needs cases of both labels.
    OneLabel,
    /// Its variance needs more cases of each label.
    TooFewCases,
    /// Scores separate the labels completely: the variance is zero or the slope without limit.
    Separated,
    /// All cases are called the same label or have the same recorded value, or every sample gives the same figure.
    NoVariation,
    /// A test that takes cases as independent does not hold where persons have several.
    PersonsRepeat,
    /// The estimates do not rise with the recorded values.
    Unrelated,
    /// Most samples of persons have no such figure.
    TooFewSamples,
    /// The regression was not solved.
    NoSolution,
}

impl Undefined {
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// The interval of a figure over the samples of persons that have it. Samples that all give the same figure show no
/// uncertainty, which is not the same as none.
pub(super) fn sampled_interval(values: &[f64], samples: usize) -> Result<[f64; 2], Undefined> {
    match interval(values, SHARE) {
        Some(_) if values.len() * 2 < samples => Err(Undefined::TooFewSamples),
        Some([low, high]) if low < high => Ok([low, high]),
        Some(_) => Err(Undefined::NoVariation),
        None => Err(Undefined::TooFewSamples),
    }
}

/// How intervals are computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaluationOptions {
    /// Samples of persons for each interval by bootstrap.
    pub samples: usize,
    pub seed: u64,
}

impl Default for EvaluationOptions {
    fn default() -> Self {
        Self {
            samples: 2000,
            seed: 1,
        }
    }
}
