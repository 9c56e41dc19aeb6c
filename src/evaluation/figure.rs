//! One figure for many cases: the area under the ROC curve, or the mean absolute error.

use serde::{Deserialize, Serialize};

use super::Error;

/// Which figure is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// Area under the ROC curve, 0–1: the share of pairs (one case of each label) that the score orders correctly; ties
    /// count half.
    Auc,
    /// Mean absolute error, in the unit of the labels, such as years.
    MeanAbsoluteError,
}

/// The recorded value of each case.
#[derive(Clone, Debug, PartialEq)]
pub enum ReferenceValues {
    /// True for the label of output 1.
    Labels(Vec<bool>),
    /// A number, such as years.
    Values(Vec<f64>),
}

impl ReferenceValues {
    pub fn len(&self) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Values(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The figure for this kind of value.
    pub fn figure(&self) -> Figure {
        match self {
            Self::Labels(_) => Figure::Auc,
            Self::Values(_) => Figure::MeanAbsoluteError,
        }
    }

    /// The given cases in this order; cases may be omitted or repeated.
    pub fn chosen(&self, cases: &[usize]) -> Self {
        match self {
            Self::Labels(labels) => Self::Labels(cases.iter().map(|&c| labels[c]).collect()),
            Self::Values(values) => Self::Values(cases.iter().map(|&c| values[c]).collect()),
        }
    }
}

/// Scores with the recorded values, prepared so that a figure for new weights takes one pass.
#[derive(Clone, Debug)]
pub struct Scored(Form);

#[derive(Clone, Debug)]
enum Form {
    /// Cases with their labels by ascending score; the last of each run of equal scores is marked.
    Ranked(Vec<Ranked>),
    Errors(Vec<f64>),
}

#[derive(Clone, Copy, Debug)]
struct Ranked {
    case: usize,
    positive: bool,
    ends_tie: bool,
}

impl Scored {
    /// Pairs scores with recorded values, case by case.
    pub fn new(truths: &ReferenceValues, scores: &[f64]) -> Result<Self, Error> {
        if scores.len() != truths.len() {
            return Err(Error::Lengths {
                scores: scores.len(),
                truths: truths.len(),
            });
        }
        if scores.is_empty() {
            return Err(Error::Empty);
        }
        if scores.iter().any(|s| !s.is_finite()) {
            return Err(Error::NotFinite);
        }
        match truths {
            ReferenceValues::Labels(labels) => ranked(labels, scores),
            ReferenceValues::Values(values) if values.iter().any(|v| !v.is_finite()) => {
                Err(Error::NotFinite)
            }
            ReferenceValues::Values(values) => {
                let errors = values.iter().zip(scores).map(|(v, s)| (v - s).abs());
                Ok(Self(Form::Errors(errors.collect())))
            }
        }
    }

    /// The figure with every case counted once.
    pub fn figure(&self) -> f64 {
        let count = match &self.0 {
            Form::Ranked(cases) => cases.len(),
            Form::Errors(errors) => errors.len(),
        };
        self.weighted(&vec![1; count]).unwrap_or(f64::NAN)
    }

    /// The figure if case `i` counts `weights[i]` times; `None` if that leaves a label, or all cases, without weight.
    pub fn weighted(&self, weights: &[u32]) -> Option<f64> {
        match &self.0 {
            Form::Ranked(cases) => weighted_auc(cases, weights),
            Form::Errors(errors) => {
                let count: u64 = weights.iter().map(|&w| u64::from(w)).sum();
                let sum: f64 = errors
                    .iter()
                    .zip(weights)
                    .map(|(e, &w)| e * f64::from(w))
                    .sum();
                (count > 0).then(|| sum / count as f64)
            }
        }
    }
}

fn ranked(labels: &[bool], scores: &[f64]) -> Result<Scored, Error> {
    if labels.iter().all(|l| *l == labels[0]) {
        return Err(Error::OneLabel(labels.len()));
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let cases = order.iter().enumerate().map(|(place, &case)| Ranked {
        case,
        positive: labels[case],
        ends_tie: order
            .get(place + 1)
            .is_none_or(|&next| scores[next] != scores[case]),
    });
    Ok(Scored(Form::Ranked(cases.collect())))
}

/// Counts, for each positive case, the negative cases below it and half of those tied with it.
fn weighted_auc(cases: &[Ranked], weights: &[u32]) -> Option<f64> {
    let (mut below, mut positives, mut pairs) = (0_u64, 0_u64, 0_u64);
    let (mut tied_positives, mut tied_negatives) = (0_u64, 0_u64);
    for ranked in cases {
        let weight = u64::from(*weights.get(ranked.case)?);
        if ranked.positive {
            tied_positives += weight;
        } else {
            tied_negatives += weight;
        }
        if ranked.ends_tie {
            pairs += tied_positives * (2 * below + tied_negatives);
            below += tied_negatives;
            positives += tied_positives;
            (tied_positives, tied_negatives) = (0, 0);
        }
    }
    let all = 2 * positives * below;
    (all > 0).then(|| pairs as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auc(labels: &[u8], scores: &[f64]) -> Result<f64, Error> {
        let labels = ReferenceValues::Labels(labels.iter().map(|l| *l == 1).collect());
        Scored::new(&labels, scores).map(|s| s.figure())
    }

    #[test]
    fn an_auc_counts_ordered_pairs_and_half_of_the_ties() {
        assert_eq!(auc(&[0, 1], &[0.1, 0.9]), Ok(1.0));
        assert_eq!(auc(&[0, 1], &[0.9, 0.1]), Ok(0.0));
        assert_eq!(auc(&[0, 1], &[0.5, 0.5]), Ok(0.5));
        // Pairs: 0.4 over 0.3 and over 0.1, 0.2 over 0.1 only.
        assert_eq!(auc(&[0, 1, 0, 1], &[0.3, 0.2, 0.1, 0.4]), Ok(0.75));
        // Of four pairs one is ordered, one reversed, two are ties.
        assert_eq!(auc(&[0, 0, 1, 1], &[1.0, 2.0, 1.0, 2.0]), Ok(0.5));
        assert_eq!(auc(&[0, 1, 1], &[0.0, -0.0, 1.0]), Ok(0.75));
    }

    #[test]
    fn an_error_is_the_mean_distance() {
        let truths = ReferenceValues::Values(vec![60.0, 40.0, 50.0]);
        let scored = Scored::new(&truths, &[61.0, 37.0, 50.0]).unwrap();
        assert_eq!(scored.figure(), 4.0 / 3.0);
        assert_eq!(scored.weighted(&[3, 1, 0]), Some(1.5));
        assert_eq!(scored.weighted(&[0, 0, 0]), None);
    }

    #[test]
    fn a_weight_counts_like_so_many_copies() {
        let labels = ReferenceValues::Labels(vec![false, true, false, true, true]);
        let scores = [0.2, 0.2, 0.6, 0.5, 0.9];
        let weights = [2, 0, 1, 3, 1];
        let copies: Vec<usize> = (0..5).flat_map(|i| vec![i; weights[i] as usize]).collect();
        let spread: Vec<f64> = copies.iter().map(|&i| scores[i]).collect();
        let whole = Scored::new(&labels.chosen(&copies), &spread).unwrap();
        let weighted = Scored::new(&labels, &scores).unwrap();
        assert_eq!(weighted.weighted(&weights), Some(whole.figure()));
        assert_eq!(weighted.weighted(&[1, 0, 1, 0, 0]), None);
    }

    #[test]
    fn what_has_no_figure_is_refused_with_the_reason() {
        assert_eq!(auc(&[1, 1], &[0.1, 0.2]), Err(Error::OneLabel(2)));
        assert_eq!(auc(&[], &[]), Err(Error::Empty));
        assert_eq!(auc(&[0, 1], &[0.1, f64::NAN]), Err(Error::NotFinite));
        assert!(matches!(auc(&[0, 1], &[0.1]), Err(Error::Lengths { .. })));
        let infinite = ReferenceValues::Values(vec![f64::INFINITY]);
        assert_eq!(
            Scored::new(&infinite, &[1.0]).unwrap_err(),
            Error::NotFinite
        );
    }

    /// Figures computed by scikit-learn for the same numbers; see `tests/fixtures/evaluation/recipe.py`.
    #[test]
    fn figures_equal_those_of_scikit_learn() {
        let text = include_str!("../../tests/fixtures/evaluation/scikit_learn.json");
        let cases: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        assert_eq!(cases.len(), 12);
        for case in &cases {
            let numbers = |name: &str| -> Vec<f64> {
                let list = case[name].as_array().unwrap();
                list.iter().map(|v| v.as_f64().unwrap()).collect()
            };
            let truths = match case["figure"].as_str().unwrap() {
                "auc" => {
                    ReferenceValues::Labels(numbers("truths").iter().map(|t| *t == 1.0).collect())
                }
                _ => ReferenceValues::Values(numbers("truths")),
            };
            let found = Scored::new(&truths, &numbers("scores")).unwrap().figure();
            let known = case["value"].as_f64().unwrap();
            assert!((found - known).abs() < 1e-12, "{found} against {known}");
        }
    }
}
