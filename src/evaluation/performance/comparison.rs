//! Two models on the same cases.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::cases::LabelledScores;
use super::delong::Placements;
use super::estimate::{EvaluationOptions, IntervalMethod, Undefined, sampled_interval};
use super::normal::{normal_quantile, two_sided};
use crate::evaluation::bootstrap::PersonDraws;
use crate::progress::{Cancel, Cancelled};

/// How two models differ on the same cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Area under the ROC curve of the first model less that of the second, −1 to 1.
    pub difference: Result<f64, Undefined>,
    /// Its 95 % interval: DeLong's for paired areas, or over samples of persons where persons repeat.
    pub interval: Result<[f64; 2], Undefined>,
    pub method: IntervalMethod,
    /// Two-sided probability of such a difference if the areas are equal (DeLong); undefined where persons repeat, since
    /// the test takes cases as independent.
    pub p_value: Result<f64, Undefined>,
    /// `None` where persons repeat.
    pub mcnemar: Option<McNemar>,
}

/// McNemar's test of the labels that two models give, exact (binomial).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// Cases that only the first model labels as recorded.
    pub first_only: u64,
    /// Cases that only the second does.
    pub second_only: u64,
    /// Two-sided probability; 1 without a case on which only one of them is right.
    pub p_value: f64,
}

/// Compares two models. `called` says which cases each of them calls positive, see [`LabelledScores::called`].
///
/// # Errors
/// The models have different cases, or the comparison is cancelled.
pub fn compare(
    first: &LabelledScores,
    second: &LabelledScores,
    called: [&[bool]; 2],
    options: &EvaluationOptions,
    cancel: &Cancel,
) -> Result<Comparison, CompareError> {
    if first.truths != second.truths || first.persons != second.persons {
        return Err(CompareError::DifferentCases);
    }
    let placements = [first, second].map(Placements::of);
    let [Some(one), Some(other)] = placements else {
        return Ok(Comparison::undefined(Undefined::OneLabel));
    };
    let difference = one.auc - other.auc;
    if first.persons_repeat() {
        return Ok(Comparison {
            difference: Ok(difference),
            interval: sampled(first, second, options, cancel)?,
            method: IntervalMethod::PersonBootstrap,
            p_value: Err(Undefined::PersonsRepeat),
            mcnemar: None,
        });
    }
    let variance = || {
        let both = one.covariance(&other)?;
        Some(one.covariance(&one)? + other.covariance(&other)? - 2.0 * both)
    };
    let error = match variance() {
        None => Err(Undefined::TooFewCases),
        Some(variance) if variance <= f64::EPSILON => Err(Undefined::NoVariation),
        Some(variance) => Ok(variance.sqrt()),
    };
    let half = error.map(|error| normal_quantile() * error);
    Ok(Comparison {
        difference: Ok(difference),
        interval: half.map(|half| [difference - half, difference + half]),
        method: IntervalMethod::DeLong,
        p_value: error.map(|error| two_sided(difference / error)),
        mcnemar: Some(McNemar::of(&first.truths, called)),
    })
}

/// Why two models cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    #[error("the two models were not run on the same labelled cases")]
    DifferentCases,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Comparison {
    fn undefined(why: Undefined) -> Self {
        Self {
            difference: Err(why),
            interval: Err(why),
            method: IntervalMethod::DeLong,
            p_value: Err(why),
            mcnemar: None,
        }
    }
}

/// The interval of the difference over samples of persons.
fn sampled(
    first: &LabelledScores,
    second: &LabelledScores,
    options: &EvaluationOptions,
    cancel: &Cancel,
) -> Result<Result<[f64; 2], Undefined>, Cancelled> {
    let [Some(first_ranked), Some(second_ranked)] = [first, second].map(LabelledScores::ranked)
    else {
        return Ok(Err(Undefined::OneLabel));
    };
    let mut draws = PersonDraws::new(&first.persons, options.seed);
    let mut differences = Vec::with_capacity(options.samples);
    for _ in 0..options.samples {
        cancel.check()?;
        let weights = draws.next_weights();
        let pair = first_ranked
            .weighted(weights)
            .zip(second_ranked.weighted(weights));
        differences.extend(pair.map(|(one, other)| one - other));
    }
    Ok(sampled_interval(&differences, options.samples))
}

impl McNemar {
    fn of(truths: &[bool], [first, second]: [&[bool]; 2]) -> Self {
        let (mut first_only, mut second_only) = (0, 0);
        for (truth, (one, other)) in truths.iter().zip(first.iter().zip(second)) {
            match (one == truth, other == truth) {
                (true, false) => first_only += 1,
                (false, true) => second_only += 1,
                _ => {}
            }
        }
        Self {
            first_only,
            second_only,
            p_value: exact_probability(first_only, second_only),
        }
    }
}

/// Two-sided probability of a binomial with probability ½, doubled from its smaller tail.
fn exact_probability(one: u64, other: u64) -> f64 {
    match Binomial::new(0.5, one + other) {
        Ok(binomial) if one + other > 0 => (2.0 * binomial.cdf(one.min(other))).min(1.0),
        _ => 1.0,
    }
}
