//! Simulated studies: an outcome Y = S + ε with S missing for four in ten persons, and a model whose logit is another
//! scale than that of the study.

use serde_json::Value;

use super::regression::Design;
use super::*;
use crate::evaluation::performance::Undefined;
use crate::numeric::random::Xoshiro256;
use crate::progress::Cancel;

/// Difference of the outcome between the labels.
const BETA: f64 = 1.0;

const SEEDS: u64 = 200;

struct Study {
    logits: Vec<f64>,
    scores: Vec<f64>,
    /// As recorded, and as they are.
    labels: Vec<Option<bool>>,
    truths: Vec<bool>,
    outcome: Vec<f64>,
}

/// Logits of two normal distributions whose means are `distance` standard deviations apart: AUC 0.970 for 2.660, 0.850 for
/// 1.466.
fn simulated(seed: u64, persons: usize, distance: f64) -> Study {
    let mut random = Xoshiro256::stream(seed, 0, 2301);
    let mut study = Study {
        logits: Vec::new(),
        scores: Vec::new(),
        labels: Vec::new(),
        truths: Vec::new(),
        outcome: Vec::new(),
    };
    for _ in 0..persons {
        let truth = random.chance(0.5);
        let signal = f64::from(u8::from(truth)) - 0.5;
        let calibrated = distance * (distance * signal + random.normal());
        // Its own scale is not that of a probability.
        let logit = 0.6 * calibrated - 0.2;
        study.logits.push(logit);
        study.scores.push(1.0 / (1.0 + libm::exp(-logit)));
        study.labels.push((!random.chance(0.4)).then_some(truth));
        study.truths.push(truth);
        study.outcome.push(BETA * signal + random.normal());
    }
    study
}

/// Slope and variance of the least squares line, the latter robust against unequal residuals (HC1: White 1980).
fn line(x: &[f64], y: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxx: f64 = x.iter().map(|x| (x - mx).powi(2)).sum();
    let slope = x
        .iter()
        .zip(y)
        .map(|(x, y)| (x - mx) * (y - my))
        .sum::<f64>()
        / sxx;
    let meat: f64 = x
        .iter()
        .zip(y)
        .map(|(x, y)| ((x - mx) * (y - my - slope * (x - mx))).powi(2))
        .sum();
    (slope, meat / sxx.powi(2) * n / (n - 2.0))
}

fn covers((slope, variance): (f64, f64)) -> bool {
    (slope - BETA).abs() <= 1.96 * variance.sqrt()
}

fn number(label: bool) -> f64 {
    f64::from(u8::from(label))
}

/// Rubin's rules: the mean of the slopes, and the mean variance with that between the imputations.
fn pooled(found: &[(f64, f64)]) -> (f64, f64) {
    let m = found.len() as f64;
    let mean = found.iter().map(|(slope, _)| slope).sum::<f64>() / m;
    let within = found.iter().map(|(_, variance)| variance).sum::<f64>() / m;
    let between: f64 = found
        .iter()
        .map(|(slope, _)| (slope - mean).powi(2))
        .sum::<f64>()
        / (m - 1.0);
    (mean, within + (1.0 + 1.0 / m) * between)
}

fn imputed(study: &Study, columns: &Columns, seed: u64) -> Imputations {
    let cancel = Cancel::new();
    impute(&study.logits, &study.labels, columns, 20, seed, &cancel).unwrap()
}

/// The labels of an imputation, with those that are recorded.
fn completed(study: &Study, imputations: &Imputations, which: usize) -> Vec<f64> {
    let mut labels: Vec<f64> = study.labels.iter().map(|l| l.map_or(0.0, number)).collect();
    for (case, label) in imputations.cases.iter().zip(&imputations.labels[which]) {
        labels[*case] = number(*label);
    }
    labels
}

fn outcome_of(study: &Study) -> Columns {
    Columns {
        names: vec!["outcome".into()],
        values: vec![study.outcome.iter().copied().map(Some).collect()],
    }
}

/// The covered shares are those of 95 % intervals over 200 seeds within two standard errors.
#[test]
fn probabilities_and_draws_with_the_outcome_cover_the_difference() {
    for (distance, persons) in [(2.660, 500), (1.466, 500)] {
        let (mut as_covariate, mut as_draws, mut slopes) = (0, 0, Vec::new());
        for seed in 0..SEEDS {
            let study = simulated(seed, persons, distance);
            let calibrated = calibrate(&study.logits, &study.labels, 1).unwrap();
            let x = study.labels.iter().zip(&calibrated.probabilities);
            let x: Vec<f64> = x.map(|(label, p)| label.map_or(*p, number)).collect();
            as_covariate += u64::from(covers(line(&x, &study.outcome)));
            let imputations = imputed(&study, &outcome_of(&study), seed);
            let each = (0..imputations.labels.len())
                .map(|which| line(&completed(&study, &imputations, which), &study.outcome));
            let found = pooled(&each.collect::<Vec<_>>());
            slopes.push(found.0);
            as_draws += u64::from(covers(found));
        }
        for covered in [as_covariate, as_draws] {
            let share = 100.0 * covered as f64 / SEEDS as f64;
            assert!((92.0..=98.0).contains(&share), "{distance}: {share} %");
        }
        let mean = slopes.iter().sum::<f64>() / SEEDS as f64;
        assert!((mean - BETA).abs() < 0.03, "{mean}");
    }
}

/// Among persons without a record, labels at a threshold and draws that ignore the outcome lose what their formulas say.
#[test]
fn hard_labels_and_draws_without_the_outcome_are_attenuated_as_their_formulas_say() {
    for distance in [2.660, 1.466] {
        let (mut hard, mut expected_hard, mut blind, mut expected_blind) = (0.0, 0.0, 0.0, 0.0);
        for seed in 0..SEEDS {
            let study = simulated(seed, 500, distance);
            let missing: Vec<usize> = (0..study.labels.len())
                .filter(|&at| study.labels[at].is_none())
                .collect();
            let of = |values: &[f64]| missing.iter().map(|&at| values[at]).collect::<Vec<_>>();
            let y = of(&study.outcome);
            let called: Vec<f64> = study
                .scores
                .iter()
                .map(|score| number(*score >= 0.5))
                .collect();
            hard += line(&of(&called), &y).0;
            expected_hard += Attenuation::of(&study.scores, &study.labels, 0.5)
                .unwrap()
                .factor();
            let imputations = imputed(&study, &Columns::default(), seed);
            for labels in &imputations.labels {
                let labels: Vec<f64> = labels.iter().map(|label| number(*label)).collect();
                blind += line(&labels, &y).0 / imputations.labels.len() as f64;
            }
            // Draws from the probability p alone: variance of p over that of the label.
            let p = of(&calibrate(&study.logits, &study.labels, 1)
                .unwrap()
                .probabilities);
            let mean = p.iter().sum::<f64>() / p.len() as f64;
            let spread = p.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / p.len() as f64;
            expected_blind += spread / (mean * (1.0 - mean));
        }
        let seeds = SEEDS as f64;
        for (found, expected) in [(hard, expected_hard), (blind, expected_blind)] {
            let (found, expected) = (found / seeds, BETA * expected / seeds);
            assert!(expected < 0.9 * BETA, "{expected}");
            assert!(
                (found - expected).abs() < 0.03,
                "{found} against {expected}"
            );
        }
    }
}

#[test]
fn calibration_finds_the_scale_and_its_probabilities_leave_their_own_case_out() {
    let study = simulated(3, 4000, 1.466);
    let found = calibrate(&study.logits, &study.labels, 1).unwrap();
    // The logit is 0.6 times that of the study, less 0.2.
    assert!((found.slope - 1.0 / 0.6).abs() < 0.12, "{found:?}");
    assert!((found.intercept - 0.2 / 0.6).abs() < 0.12);
    let few = simulated(3, 60, 1.466);
    let before = calibrate(&few.logits, &few.labels, 1).unwrap();
    let case = few
        .labels
        .iter()
        .position(|label| *label == Some(true))
        .unwrap();
    let mut other = few.labels.clone();
    other[case] = Some(false);
    let after = calibrate(&few.logits, &other, 1).unwrap();
    assert_eq!(before.probabilities[case], after.probabilities[case]);
    assert_ne!(before.slope, after.slope);
}

/// The recipe stands beside the values: `firth.R`.
#[test]
fn regressions_equal_those_of_brglm2_also_where_labels_are_separated() {
    let text = include_str!("../../../tests/fixtures/evaluation/firth.json");
    let recorded: Value = serde_json::from_str(text).unwrap();
    let numbers = |value: &Value| -> Vec<f64> {
        let list = value.as_array().unwrap().iter();
        list.map(|v| v.as_f64().unwrap()).collect()
    };
    for known in recorded.as_array().unwrap() {
        let columns: Vec<Vec<f64>> = known["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let labels: Vec<bool> = numbers(&known["labels"])
            .iter()
            .map(|l| *l == 1.0)
            .collect();
        let times: Vec<u32> = numbers(&known["times"]).iter().map(|t| *t as u32).collect();
        let found = Design::new(&columns)
            .unwrap()
            .fit(&labels, Some(&times))
            .unwrap();
        let found = std::iter::once(found.intercept).chain(found.slopes);
        for (found, known) in found.zip(numbers(&known["coefficients"])) {
            assert!((found - known).abs() < 1e-6, "{found} against {known}");
        }
    }
}

#[test]
fn draws_repeat_with_their_seed_and_take_no_case_with_an_empty_cell() {
    let study = simulated(5, 300, 1.466);
    let mut columns = outcome_of(&study);
    let case = study.labels.iter().position(Option::is_none).unwrap();
    columns.values[0][case] = None;
    let found = imputed(&study, &columns, 7);
    assert_eq!(found, imputed(&study, &columns, 7));
    assert_ne!(found.labels, imputed(&study, &columns, 8).labels);
    assert_eq!(found.incomplete, [case]);
    assert!(!found.cases.contains(&case));
    assert_eq!(found.coefficients.len(), 3);
    assert!(found.cases.iter().all(|&at| study.labels[at].is_none()));
}

#[test]
fn what_has_no_meaning_is_refused() {
    let cancel = Cancel::new();
    let logits: Vec<f64> = (0..100).map(f64::from).collect();
    let of = |label: fn(usize) -> Option<bool>| (0..100).map(label).collect::<Vec<_>>();
    let calibrated = |labels: &[Option<bool>]| calibrate(&logits, labels, 1).unwrap_err();
    assert_eq!(calibrated(&of(|_| None)), Undefined::TooFewCases);
    assert_eq!(calibrated(&of(|_| Some(true))), Undefined::OneLabel);
    let mixed = of(|at| Some(at % 2 == 0));
    let same = calibrate(&[1.0; 100], &mixed, 1);
    assert_eq!(same, Err(Undefined::NoVariation));
    let columns = |count: usize| Columns {
        names: vec![String::new(); count],
        values: vec![(0..100).map(|at| Some(f64::from(at % 7))).collect(); count],
    };
    let drawn = |columns: &Columns| impute(&logits, &mixed, columns, 2, 1, &cancel);
    assert_eq!(drawn(&columns(31)), Err(ImputeError::TooManyColumns(31)));
    let few = ImputeError::TooFewLabels { have: 50, need: 55 };
    assert_eq!(drawn(&columns(10)), Err(few));
    // The same column twice.
    assert_eq!(drawn(&columns(2)), Err(ImputeError::Dependent));
    let cancelled = Cancel::new();
    cancelled.cancel();
    let stopped = impute(&logits, &mixed, &columns(1), 2, 1, &cancelled);
    assert_eq!(stopped, Err(ImputeError::Cancelled));
    assert!(Attenuation::of(&[0.9; 3], &[Some(true); 3], 0.5).is_none());
}
