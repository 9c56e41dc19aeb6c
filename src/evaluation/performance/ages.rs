//! Figures of a model that estimates the age in years.

use std::collections::HashSet;

use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use super::cases::numbered;
use super::estimate::{Estimate, EvaluationOptions, IntervalMethod, Undefined, sampled_interval};
use super::normal::{normal_quantile, t_quantile};
use crate::evaluation::Error;
use crate::evaluation::bootstrap::PersonDraws;
use crate::progress::{Cancel, Cancelled};

/// Estimated and recorded ages of cases, in years.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledAges {
    recorded: Vec<f64>,
    estimated: Vec<f64>,
    /// A number for each person, from 0 without gaps.
    persons: Vec<usize>,
}

impl LabelledAges {
    /// # Errors
    /// No cases, vectors of different lengths, or an age that is not finite.
    pub fn new(
        recorded: Vec<f64>,
        estimated: Vec<f64>,
        persons: Vec<usize>,
    ) -> Result<Self, Error> {
        for length in [estimated.len(), persons.len()] {
            if length != recorded.len() {
                return Err(Error::Lengths {
                    scores: length,
                    truths: recorded.len(),
                });
            }
        }
        if recorded.is_empty() {
            return Err(Error::Empty);
        }
        if recorded
            .iter()
            .chain(&estimated)
            .any(|age| !age.is_finite())
        {
            return Err(Error::NotFinite);
        }
        Ok(Self {
            recorded,
            estimated,
            persons,
        })
    }

    /// The cases at these places; `None` if there are none.
    pub fn chosen(&self, places: &[usize]) -> Option<Self> {
        let of = |values: &[f64]| places.iter().map(|&at| values[at]).collect();
        (!places.is_empty()).then(|| Self {
            recorded: of(&self.recorded),
            estimated: of(&self.estimated),
            persons: numbered(places.iter().map(|&at| self.persons[at])),
        })
    }

    /// Recorded ages, years.
    pub fn recorded(&self) -> &[f64] {
        &self.recorded
    }

    /// Estimated ages, years.
    pub fn estimated(&self) -> &[f64] {
        &self.estimated
    }

    pub fn len(&self) -> usize {
        self.recorded.len()
    }

    pub fn is_empty(&self) -> bool {
        self.recorded.is_empty()
    }

    /// Number of persons.
    pub fn persons(&self) -> usize {
        self.persons.iter().collect::<HashSet<_>>().len()
    }

    fn persons_repeat(&self) -> bool {
        self.persons() < self.len()
    }
}

/// A figure of a model that estimates the age. Differences are estimated less recorded age (Bland and Altman, Lancet
/// 1986;327:307–310).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum AgeFigure {
    MeanAbsoluteError,
    /// Root of the mean squared difference.
    RootMeanSquaredError,
    /// Coefficient of determination: 1 − squared differences over squared deviations of the recorded ages; negative if
    /// worse than their mean.
    RSquared,
    /// Mean difference.
    Bias,
    /// Bias − 1.96 standard deviations of the differences.
    LowerLimit,
    /// Bias + 1.96 standard deviations of the differences.
    UpperLimit,
    /// Slope of the difference over the recorded age; below 0 the estimates regress to the mean.
    GapSlope,
}

impl AgeFigure {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Weighted sums over the cases, with ages relative to a centre so that squares lose no digits.
#[derive(Default)]
struct Sums {
    n: f64,
    gap: f64,
    gap_squared: f64,
    distance: f64,
    age: f64,
    age_squared: f64,
    age_gap: f64,
}

impl Sums {
    fn of(cases: &LabelledAges, weights: Option<&[u32]>) -> Self {
        let centre = cases.recorded[0];
        let mut sums = Self::default();
        for (case, (recorded, estimated)) in cases.recorded.iter().zip(&cases.estimated).enumerate()
        {
            let w = weights.map_or(1.0, |weights| f64::from(weights[case]));
            let (gap, age) = (estimated - recorded, recorded - centre);
            sums.n += w;
            sums.gap += w * gap;
            sums.gap_squared += w * gap * gap;
            sums.distance += w * gap.abs();
            sums.age += w * age;
            sums.age_squared += w * age * age;
            sums.age_gap += w * age * gap;
        }
        sums
    }

    fn bias(&self) -> f64 {
        self.gap / self.n
    }

    /// Sample standard deviation of the differences.
    fn deviation(&self) -> Result<f64, Undefined> {
        let squares = (self.gap_squared - self.gap * self.gap / self.n).max(0.0);
        match self.n > 1.0 {
            true => Ok((squares / (self.n - 1.0)).sqrt()),
            false => Err(Undefined::TooFewCases),
        }
    }

    /// Squared deviations of the recorded ages from their mean.
    fn spread(&self) -> Result<f64, Undefined> {
        let spread = self.age_squared - self.age * self.age / self.n;
        match spread > 1e-9 * self.age_squared.max(1e-9) {
            true => Ok(spread),
            false => Err(Undefined::NoVariation),
        }
    }

    fn slope(&self) -> Result<f64, Undefined> {
        Ok((self.age_gap - self.age * self.gap / self.n) / self.spread()?)
    }

    fn figure(&self, figure: AgeFigure) -> Result<f64, Undefined> {
        if self.n == 0.0 {
            return Err(Undefined::NoCases);
        }
        let limit = |sign: f64| Ok(self.bias() + sign * normal_quantile() * self.deviation()?);
        match figure {
            AgeFigure::MeanAbsoluteError => Ok(self.distance / self.n),
            AgeFigure::RootMeanSquaredError => Ok((self.gap_squared / self.n).sqrt()),
            AgeFigure::RSquared => Ok(1.0 - self.gap_squared / self.spread()?),
            AgeFigure::Bias => Ok(self.bias()),
            AgeFigure::LowerLimit => limit(-1.0),
            AgeFigure::UpperLimit => limit(1.0),
            AgeFigure::GapSlope => self.slope(),
        }
    }
}

/// Every figure, in the order of [`AgeFigure`].
///
/// Where every person has one case, the bias has Student's t interval. All other intervals, and all of them where persons
/// repeat, come from samples of persons.
///
/// # Errors
/// Cancelled. A figure without meaning is an [`Undefined`] in its [`Estimate`].
pub fn evaluate_ages(
    cases: &LabelledAges,
    options: &EvaluationOptions,
    cancel: &Cancel,
) -> Result<Vec<(AgeFigure, Estimate)>, Cancelled> {
    let whole = Sums::of(cases, None);
    let mut values = vec![Vec::with_capacity(options.samples); AgeFigure::iter().count()];
    let mut draws = PersonDraws::new(&cases.persons, options.seed);
    for _ in 0..options.samples {
        cancel.check()?;
        let sums = Sums::of(cases, Some(draws.next_weights()));
        for (values, figure) in values.iter_mut().zip(AgeFigure::iter()) {
            values.extend(sums.figure(figure).ok());
        }
    }
    let repeat = cases.persons_repeat();
    let estimates = AgeFigure::iter().zip(values).map(|(figure, values)| {
        let value = whole.figure(figure);
        let sampled = || sampled_interval(&values, options.samples);
        let (interval, method) = match figure {
            AgeFigure::Bias if !repeat => (bias_interval(&whole), IntervalMethod::StudentT),
            _ => (sampled(), IntervalMethod::PersonBootstrap),
        };
        let estimate = Estimate {
            value,
            interval: value.and(interval),
            method,
            cases: cases.len(),
        };
        (figure, estimate)
    });
    Ok(estimates.collect())
}

fn bias_interval(sums: &Sums) -> Result<[f64; 2], Undefined> {
    let degrees = sums.n as usize - 1;
    let quantile = t_quantile(degrees).ok_or(Undefined::TooFewCases)?;
    let half = quantile * sums.deviation()? / sums.n.sqrt();
    Ok([sums.bias() - half, sums.bias() + half])
}

/// The age gap of every case (estimated less recorded age, in years) less its regression on the recorded age over these
/// cases (Beheshti et al., NeuroImage Clin 2019;24:102063; Le et al., Front Aging Neurosci 2018;10:317).
///
/// Undefined if all recorded ages are equal, and if the estimates do not rise with the recorded age by at least twice the
/// standard error: what is left of the gaps would then be the scatter of the estimates, whatever the age is.
pub fn corrected_age_gaps(cases: &LabelledAges) -> Result<Vec<f64>, Undefined> {
    let sums = Sums::of(cases, None);
    let (slope, centre) = (sums.slope()?, cases.recorded[0]);
    let mean = sums.age / sums.n;
    let pairs = cases.recorded.iter().zip(&cases.estimated);
    let gaps = pairs.map(|(recorded, estimated)| {
        let expected = sums.bias() + slope * (recorded - centre - mean);
        estimated - recorded - expected
    });
    let gaps: Vec<f64> = gaps.collect();
    let squares: f64 = gaps.iter().map(|gap| gap * gap).sum();
    let variance = squares / (sums.n - 2.0) / sums.spread()?;
    // The slope of the estimates over the recorded ages is that of their difference, and 1.
    match slope + 1.0 >= 2.0 * variance.sqrt() {
        true => Ok(gaps),
        false => Err(Undefined::Unrelated),
    }
}
