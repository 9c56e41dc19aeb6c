//! Simulated studies: an outcome Y = S + ε with S missing for four in ten persons, and a model whose logit is another
//! scale than that of the study.

use serde_json::Value;

use super::regression::{Design, logistic};
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
    simulated_with(seed, persons, distance, 0.6)
}

/// With this share of labels.
fn simulated_with(seed: u64, persons: usize, distance: f64, labelled: f64) -> Study {
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
        study.labels.push(random.chance(labelled).then_some(truth));
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
        ..Columns::default()
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

/// The uncertainty of the calibration is in the draws, and not in the standard error of the covariate: with few labels its
/// intervals are too narrow.
#[test]
fn with_few_labels_the_probability_covers_less_than_the_draws() {
    let (mut as_covariate, mut as_draws, mut seeds) = (0.0, 0.0, 0.0);
    for seed in 0..SEEDS {
        let study = simulated_with(seed, 500, 1.466, 0.1);
        let Ok(calibrated) = calibrate(&study.logits, &study.labels, 1) else {
            continue;
        };
        let columns = outcome_of(&study);
        let drawn = impute(
            &study.logits,
            &study.labels,
            &columns,
            20,
            seed,
            &Cancel::new(),
        );
        let Ok(imputations) = drawn else {
            continue;
        };
        seeds += 1.0;
        let x = study.labels.iter().zip(&calibrated.probabilities);
        let x: Vec<f64> = x.map(|(label, p)| label.map_or(*p, number)).collect();
        as_covariate += number(covers(line(&x, &study.outcome)));
        let each = (0..imputations.labels.len())
            .map(|which| line(&completed(&study, &imputations, which), &study.outcome));
        as_draws += number(covers(pooled(&each.collect::<Vec<_>>())));
    }
    let [covariate, draws] = [as_covariate, as_draws].map(|covered| 100.0 * covered / seeds);
    assert!(seeds > 190.0, "{seeds}");
    assert!(covariate < 90.0, "{covariate} %");
    assert!((90.0..=99.0).contains(&draws), "{draws} %");
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
    let found = calibrate(&few.logits, &few.labels, 1).unwrap();
    let folds = calibration::folds(&few.labels, 1).unwrap();
    for fold in 0..FOLDS {
        let of = |is_own: bool| {
            let all = (0..folds.len()).filter(|&at| folds[at].is_some());
            all.filter(|&at| (folds[at] == Some(fold)) == is_own)
                .collect::<Vec<_>>()
        };
        let others = of(false);
        let column: Vec<f64> = others.iter().map(|&at| few.logits[at]).collect();
        let labels: Vec<bool> = others.iter().map(|&at| few.labels[at].unwrap()).collect();
        let design = Design::new(&[&column]).unwrap();
        let line = design.fit(&labels, None).unwrap();
        for case in of(true) {
            let expected = logistic(line.logit(&[few.logits[case]]));
            assert!((found.probabilities[case] - expected).abs() < 1e-12);
        }
    }
}

/// Firth's own intercept would give 6 % for the 5 % here.
#[test]
fn mean_probabilities_are_the_share_of_a_rare_label() {
    let count = 80;
    let mut random = Xoshiro256::stream(5, 0, 2302);
    let logits: Vec<f64> = (0..count).map(|_| random.normal()).collect();
    let labels: Vec<bool> = (0..count).map(|at| at % 20 == 7).collect();
    let share = 0.05;
    let mean = |line: &regression::Regression| {
        logits
            .iter()
            .map(|l| logistic(line.logit(&[*l])))
            .sum::<f64>()
            / count as f64
    };
    let design = Design::new(&[&logits]).unwrap();
    assert!(mean(&design.firth(&labels, None).unwrap()) > share + 0.005);
    assert!((mean(&design.fit(&labels, None).unwrap()) - share).abs() < 1e-9);
    // Every case once more, without its label: their probabilities come from all labelled ones.
    let twice = [&logits[..], &logits[..]].concat();
    let mut known: Vec<Option<bool>> = labels.iter().copied().map(Some).collect();
    known.resize(2 * count, None);
    let found = calibrate(&twice, &known, 1).unwrap();
    let of_unlabelled = found.probabilities[count..].iter().sum::<f64>() / count as f64;
    assert!((of_unlabelled - share).abs() < 1e-9, "{of_unlabelled}");
    let weights: Vec<u32> = (0..count as u32).map(|at| at % 3).collect();
    let line = design.fit(&labels, Some(&weights)).unwrap();
    let weighted = |of: &dyn Fn(usize) -> f64| -> f64 {
        (0..count).map(|at| f64::from(weights[at]) * of(at)).sum()
    };
    let expected = weighted(&|at| f64::from(u8::from(labels[at])));
    let found = weighted(&|at| logistic(line.logit(&[logits[at]])));
    assert!(
        (expected - found).abs() < 1e-8,
        "{expected} against {found}"
    );
}

#[test]
fn every_part_has_its_share_of_both_labels_whatever_the_seed() {
    let logits: Vec<f64> = (0..40).map(f64::from).collect();
    let labels: Vec<Option<bool>> = (0..40).map(|at| Some(at == 3 || at == 30)).collect();
    for seed in 0..20 {
        assert!(calibrate(&logits, &labels, seed).is_ok(), "{seed}");
        let folds = calibration::folds(&labels, seed).unwrap();
        assert_ne!(folds[3], folds[30], "{seed}");
        for fold in 0..FOLDS {
            assert_eq!(folds.iter().filter(|of| **of == Some(fold)).count(), 8);
        }
    }
}

/// A person for each word and label; numbers are as good as words.
fn stated(cells: &[&str]) -> Vec<Stated> {
    let cell = |cell: &&str| match *cell {
        "" => Stated::Nothing,
        "several" => Stated::Several,
        cell => match cell.parse() {
            Ok(number) => Stated::Number(number),
            Err(_) => Stated::Word(cell.to_owned()),
        },
    };
    cells.iter().map(cell).collect()
}

#[test]
fn persons_with_a_value_that_few_labelled_ones_have_are_left_out_and_the_others_drawn() {
    // Ten labelled ones of each of two sites; an unlabelled one of a third, and one labelled at a fourth.
    let mut sites = [["A"; 10], ["B"; 10]].concat();
    let mut iop: Vec<String> = (0..20).map(|at| (10 + at % 9).to_string()).collect();
    let mut labelled = vec![true; 20];
    for (site, pressure, is_labelled) in [
        ("A", "12", false),
        ("Z", "12", false),
        ("Y", "13", true),
        ("", "15", false),
        ("B", "several", false),
        ("B", "several", true),
        ("B", "", true),
    ] {
        sites.push(site);
        iop.push(pressure.to_owned());
        labelled.push(is_labelled);
    }
    let iop: Vec<&str> = iop.iter().map(String::as_str).collect();
    let given = [
        ("site".to_owned(), stated(&sites)),
        ("iop".to_owned(), stated(&iop)),
    ];
    let found = Columns::of(&given, &labelled).unwrap();
    assert_eq!(found.names, ["site = B", "iop"]);
    assert_eq!(
        found.lacking[20..],
        [
            None,
            Some(Lacking::RareValue),
            Some(Lacking::RareValue),
            Some(Lacking::Empty),
            Some(Lacking::SeveralValues),
            Some(Lacking::SeveralValues),
            Some(Lacking::Empty),
        ]
    );
    assert!(found.lacking[..20].iter().all(Option::is_none));
    assert_eq!(found.values[0][20..22], [Some(0.0), None]);
    assert_eq!(found.words[0].1[21].as_deref(), Some("Z"));
    let logits: Vec<f64> = (0..labelled.len())
        .map(|at| (at as f64 * 2.7).sin())
        .collect();
    let labels = labelled.iter().enumerate();
    let labels: Vec<Option<bool>> = labels
        .map(|(at, known)| known.then_some(at % 2 == 0))
        .collect();
    let none = Columns::default();
    assert!(impute(&logits, &labels, &none, 2, 1, &Cancel::new()).is_ok());
    let many: Vec<usize> = (0..labelled.len())
        .cycle()
        .take(labelled.len() * 3)
        .collect();
    let drawn = impute(
        &many
            .iter()
            .map(|&at| logits[at] + 0.1 * at as f64)
            .collect::<Vec<_>>(),
        &many.iter().map(|&at| labels[at]).collect::<Vec<_>>(),
        &found.chosen(&many),
        2,
        1,
        &Cancel::new(),
    );
    let drawn = drawn.unwrap();
    assert_eq!((drawn.cases.len(), drawn.incomplete.len()), (3, 9));
    assert_eq!(drawn.fitted_from, 60);
    // A column with one usable value says which.
    let one = [("site".to_owned(), stated(&["A"; 27]))];
    let refused = Columns::of(&one, &labelled).unwrap_err();
    assert_eq!(
        refused,
        ImputeError::OneValue {
            column: "site".into()
        }
    );
    let names: Vec<String> = (0..27).map(|at| format!("n{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all_rare = Columns::of(&[("name".to_owned(), stated(&names))], &labelled).unwrap();
    assert!(all_rare.lacking.iter().all(Option::is_some));
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
        let design = Design::new(&columns).unwrap();
        let firth = design.firth(&labels, Some(&times)).unwrap();
        let with_share = design.fit(&labels, Some(&times)).unwrap();
        let of = |found: &regression::Regression| {
            let slopes = found.slopes.iter().copied();
            std::iter::once(found.intercept)
                .chain(slopes)
                .collect::<Vec<_>>()
        };
        for (found, name) in [
            (of(&firth), "coefficients"),
            (firth.errors, "errors"),
            (of(&with_share), "with_share"),
        ] {
            let known = numbers(&known[name]);
            assert_eq!(found.len(), known.len());
            for (found, known) in found.into_iter().zip(known) {
                assert!(
                    (found - known).abs() < 1e-6,
                    "{name}: {found} against {known}"
                );
            }
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
    let few = |have| CalibrateError::TooFewLabels { have };
    assert_eq!(calibrated(&of(|_| None)), few([0, 0]));
    assert_eq!(calibrated(&of(|_| Some(true))), few([0, 100]));
    let nine = |at: usize| (at < 9).then_some(at < 4);
    assert_eq!(calibrated(&of(nine)), few([5, 4]));
    assert_eq!(calibrated(&of(|at| Some(at == 7))), few([99, 1]));
    let mixed = of(|at| Some(at % 2 == 0));
    let same = calibrate(&[1.0; 100], &mixed, 1);
    let equal = CalibrateError::NoRegression(Undefined::NoVariation);
    assert_eq!(same, Err(equal));
    let columns = |count: usize| Columns {
        names: vec![String::new(); count],
        values: vec![(0..100).map(|at| Some(f64::from(at % 7))).collect(); count],
        ..Columns::default()
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
