//! Every figure of a model with two labels, each with its interval.

use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use super::calibration::{Line, brier, expected_error};
use super::cases::LabelledScores;
use super::confusion::Confusion;
use super::curves::average_precision;
use super::delong::Placements;
use super::estimate::{Estimate, EvaluationOptions, IntervalMethod, Undefined, sampled_interval};
use super::normal::{normal_quantile, wilson};
use crate::evaluation::Scored;
use crate::evaluation::bootstrap::PersonDraws;
use crate::progress::{Cancel, Cancelled};

/// A figure of a model with two labels. "Positive" is the label of output 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Measure {
    Accuracy,
    BalancedAccuracy,
    Sensitivity,
    Specificity,
    PositivePredictiveValue,
    NegativePredictiveValue,
    F1,
    /// Matthews' correlation coefficient, −1 to 1.
    Mcc,
    /// Area under the ROC curve.
    Auc,
    /// Area under the curve of precision against recall, as average precision.
    AveragePrecision,
    Brier,
    /// Of the logistic regression of the label on the logit; 0 if well calibrated.
    CalibrationIntercept,
    /// 1 if well calibrated; below 1 the scores are too extreme.
    CalibrationSlope,
    /// Expected calibration error over ten bins of equal width.
    ExpectedCalibrationError,
}

impl Measure {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Cases of a proportion that succeed, and all of its cases; `None` for a figure that is no proportion of cases.
    fn proportion(self, counts: &Confusion) -> Option<(u64, u64)> {
        Some(match self {
            Self::Accuracy => (
                counts.true_positives + counts.true_negatives,
                counts.cases(),
            ),
            Self::Sensitivity => (counts.true_positives, counts.positives()),
            Self::Specificity => (counts.true_negatives, counts.negatives()),
            Self::PositivePredictiveValue => (counts.true_positives, counts.called_positive()),
            Self::NegativePredictiveValue => (counts.true_negatives, counts.called_negative()),
            _ => return None,
        })
    }

    fn is_predictive_value(self) -> bool {
        matches!(
            self,
            Self::PositivePredictiveValue | Self::NegativePredictiveValue
        )
    }
}

/// What the figures are computed for.
struct Setting<'a> {
    cases: &'a LabelledScores,
    threshold: f64,
    prevalence: Option<f64>,
    /// Cases by descending logit.
    order: Vec<usize>,
    /// `None` if a label has no case.
    ranked: Option<Scored>,
}

/// Every figure, in the order of [`Measure`], at an operating threshold (0–1).
///
/// With a `prevalence` (0–1), predictive values are those of a population in which that share has the label of output 1;
/// without, those of the cases.
///
/// Where every person has one case, proportions have Wilson's interval, the area under the ROC curve DeLong's, and
/// intercept and slope that of the logistic regression. All other intervals, and all of them where persons repeat, come
/// from samples of persons.
///
/// # Errors
/// Cancelled. A figure without meaning is an [`Undefined`] in its [`Estimate`].
pub fn evaluate(
    cases: &LabelledScores,
    threshold: f64,
    prevalence: Option<f64>,
    options: &EvaluationOptions,
    cancel: &Cancel,
) -> Result<Vec<(Measure, Estimate)>, Cancelled> {
    let setting = Setting {
        cases,
        threshold,
        prevalence,
        order: cases.by_descending_logit(),
        ranked: cases.ranked(),
    };
    let line = Line::fit(cases, None, |_| 1);
    let whole = setting.figures(None, &line);
    let draws = setting.draws(line.as_ref().ok(), options, cancel)?;
    let repeat = cases.persons_repeat();
    let counts = Confusion::at(cases, threshold);
    let estimates = Measure::iter().zip(whole).enumerate();
    let estimates = estimates.map(|(place, (measure, value))| {
        let sampled = || value.and_then(|_| sampled_interval(&draws[place], options.samples));
        let direct = match repeat {
            true => None,
            false => setting.direct_interval(measure, &counts, &line),
        };
        let (interval, method) = match direct {
            Some((interval, method)) => (value.and(interval), method),
            None => (sampled(), IntervalMethod::PersonBootstrap),
        };
        let cases = match measure.proportion(&counts) {
            Some((_, all)) if prevalence.is_none() || !measure.is_predictive_value() => {
                all as usize
            }
            _ => cases.len(),
        };
        let estimate = Estimate {
            value,
            interval,
            method,
            cases,
        };
        (measure, estimate)
    });
    Ok(estimates.collect())
}

impl Setting<'_> {
    /// Every figure with cases counted as often as their weight. `line` is the regression for these weights.
    fn figures(
        &self,
        weights: Option<&[u32]>,
        line: &Result<Line, Undefined>,
    ) -> Vec<Result<f64, Undefined>> {
        let weight = |case: usize| weights.map_or(1, |weights| weights[case]);
        let counts = Confusion::weighted(self.cases, self.threshold, weight);
        let why = match (counts.cases(), counts.positives(), counts.negatives()) {
            (0, ..) => Undefined::NoCases,
            (_, 0, _) | (_, _, 0) => Undefined::OneLabel,
            _ => Undefined::NoVariation,
        };
        let figure = |measure| {
            let value = match measure {
                Measure::Accuracy => counts.accuracy(),
                Measure::BalancedAccuracy => counts.balanced_accuracy(),
                Measure::Sensitivity => return counts.sensitivity().ok_or(Undefined::NoCases),
                Measure::Specificity => return counts.specificity().ok_or(Undefined::NoCases),
                Measure::PositivePredictiveValue => {
                    counts.positive_predictive_value(self.prevalence)
                }
                Measure::NegativePredictiveValue => {
                    counts.negative_predictive_value(self.prevalence)
                }
                Measure::F1 => counts.f1(),
                Measure::Mcc => counts.mcc(),
                Measure::Auc => self.ranked.as_ref().and_then(|ranked| match weights {
                    Some(weights) => ranked.weighted(weights),
                    None => Some(ranked.figure()),
                }),
                Measure::AveragePrecision => average_precision(self.cases, &self.order, weights),
                Measure::Brier => brier(self.cases, weight),
                Measure::CalibrationIntercept => return line.map(|line| line.intercept),
                Measure::CalibrationSlope => return line.map(|line| line.slope),
                Measure::ExpectedCalibrationError => expected_error(self.cases, weight),
            };
            value.ok_or(why)
        };
        Measure::iter().map(figure).collect()
    }

    /// The values of each figure over samples of persons; samples without a figure are left out of its list.
    fn draws(
        &self,
        start: Option<&Line>,
        options: &EvaluationOptions,
        cancel: &Cancel,
    ) -> Result<Vec<Vec<f64>>, Cancelled> {
        let mut values = vec![Vec::with_capacity(options.samples); Measure::iter().count()];
        let mut draws = PersonDraws::new(&self.cases.persons, options.seed);
        for _ in 0..options.samples {
            cancel.check()?;
            let weights = draws.next_weights();
            // A regression that the whole cases do not have is not tried on every sample.
            let line = match start {
                Some(start) => Line::fit(self.cases, Some(start), |case| weights[case]),
                None => Err(Undefined::Separated),
            };
            let figures = self.figures(Some(weights), &line);
            for (values, figure) in values.iter_mut().zip(figures) {
                values.extend(figure.ok());
            }
        }
        Ok(values)
    }

    /// The interval that a formula gives for independent cases, if there is one.
    fn direct_interval(
        &self,
        measure: Measure,
        counts: &Confusion,
        line: &Result<Line, Undefined>,
    ) -> Option<(Result<[f64; 2], Undefined>, IntervalMethod)> {
        let around = |value: f64, error: f64| {
            let half = normal_quantile() * error;
            [value - half, value + half]
        };
        let coefficient = |of: fn(&Line) -> (f64, f64)| {
            let interval = line.map(|line| {
                let (value, error) = of(&line);
                around(value, error)
            });
            (interval, IntervalMethod::Wald)
        };
        Some(match measure {
            Measure::Auc => (self.area_interval(around), IntervalMethod::DeLong),
            Measure::CalibrationIntercept => coefficient(|l| (l.intercept, l.errors[0])),
            Measure::CalibrationSlope => coefficient(|l| (l.slope, l.errors[1])),
            // A stated prevalence makes it no proportion of these cases.
            _ if measure.is_predictive_value() && self.prevalence.is_some() => return None,
            _ => {
                let (successes, all) = measure.proportion(counts)?;
                let interval = wilson(successes as usize, all as usize);
                (interval.ok_or(Undefined::NoCases), IntervalMethod::Wilson)
            }
        })
    }

    fn area_interval(&self, around: impl Fn(f64, f64) -> [f64; 2]) -> Result<[f64; 2], Undefined> {
        let placements = Placements::of(self.cases).ok_or(Undefined::OneLabel)?;
        let variance = placements
            .covariance(&placements)
            .ok_or(Undefined::TooFewCases)?;
        if variance <= 0.0 {
            return Err(Undefined::Separated);
        }
        Ok(around(placements.auc, variance.sqrt()).map(|end| end.clamp(0.0, 1.0)))
    }
}
