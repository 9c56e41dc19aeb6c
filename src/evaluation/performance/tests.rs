//! Figures against scikit-learn, pROC, rms and SciPy (recipes in `tests/fixtures/evaluation`), their properties, and the
//! coverage of their intervals.

use serde_json::Value;

use super::*;
use crate::numeric::random::Xoshiro256;
use crate::progress::Cancel;

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

fn sigmoid(logit: &f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

fn cases(truths: &[bool], logits: &[f64], persons: Vec<usize>) -> LabelledScores {
    let scores = logits.iter().map(sigmoid).collect();
    LabelledScores::new(truths.to_vec(), scores, logits.to_vec(), persons).unwrap()
}

fn each_a_person(truths: &[bool], logits: &[f64]) -> LabelledScores {
    cases(truths, logits, (0..truths.len()).collect())
}

fn few() -> EvaluationOptions {
    EvaluationOptions {
        samples: 200,
        seed: 1,
    }
}

fn compared(first: &LabelledScores, second: &LabelledScores) -> Result<Comparison, CompareError> {
    let called = [first, second].map(|cases| cases.called(0.5));
    compare(
        first,
        second,
        [&called[0], &called[1]],
        &few(),
        &Cancel::new(),
    )
}

fn figures(cases: &LabelledScores) -> Vec<(Measure, Estimate)> {
    evaluate(cases, 0.5, None, &few(), &Cancel::new()).unwrap()
}

fn figure(cases: &LabelledScores, wanted: Measure) -> Estimate {
    let figures = figures(cases).into_iter();
    figures
        .filter(|(m, _)| *m == wanted)
        .map(|(_, e)| e)
        .next()
        .unwrap()
}

/// The recorded cases with both models' logits.
fn recorded() -> Vec<(Value, Value, LabelledScores, LabelledScores)> {
    let python = read(include_str!(
        "../../../tests/fixtures/evaluation/performance.json"
    ));
    let r = read(include_str!(
        "../../../tests/fixtures/evaluation/performance_r.json"
    ));
    let pairs = python
        .as_array()
        .unwrap()
        .iter()
        .zip(r["cases"].as_array().unwrap());
    let cases: Vec<_> = pairs
        .map(|(python, r)| {
            let truths: Vec<bool> = numbers(&python["truths"])
                .iter()
                .map(|t| *t == 1.0)
                .collect();
            let [first, second] =
                ["logits", "second"].map(|n| each_a_person(&truths, &numbers(&python[n])));
            (python.clone(), r.clone(), first, second)
        })
        .collect();
    assert_eq!(cases.len(), 7);
    cases
}

#[test]
fn figures_equal_those_of_scikit_learn() {
    for (python, _, first, _) in recorded() {
        let mut compared = 0;
        for (measure, estimate) in figures(&first) {
            if let Some(known) = python[measure.as_str()].as_f64() {
                let value = estimate.value.unwrap();
                assert!(
                    (value - known).abs() < 1e-12,
                    "{measure:?}: {value} against {known}"
                );
                compared += 1;
            }
        }
        assert_eq!(compared, 11);
    }
}

#[test]
fn intervals_and_comparisons_equal_those_of_proc_and_rms() {
    let near = |found: f64, known: &Value| (found - known.as_f64().unwrap()).abs() < 1e-6;
    for (_, r, first, second) in recorded() {
        let auc = figure(&first, Measure::Auc);
        assert_eq!(auc.method, IntervalMethod::DeLong);
        let [low, high] = auc.interval.unwrap();
        assert!(near(low, &r["auc_interval"][0]) && near(high, &r["auc_interval"][1]));
        let found = compared(&first, &second).unwrap();
        assert!(
            near(found.p_value.unwrap(), &r["difference_p"]),
            "{found:?} {r}"
        );
        let mcnemar = found.mcnemar.unwrap();
        assert_eq!(mcnemar.first_only, r["mcnemar"][0].as_u64().unwrap());
        assert_eq!(mcnemar.second_only, r["mcnemar"][1].as_u64().unwrap());
        assert!(near(mcnemar.p_value, &r["mcnemar_p"]));
        let line = [Measure::CalibrationIntercept, Measure::CalibrationSlope];
        for (place, (measure, name)) in line.into_iter().zip(["intercept", "slope"]).enumerate() {
            let found = figure(&first, measure);
            let value = found.value.unwrap();
            assert!(near(value, &r[name]), "{name}: {value} against {}", r[name]);
            let error = r["errors"][place].as_f64().unwrap();
            let [low, high] = found.interval.unwrap();
            assert!(((high - low) / 2.0 / error - 1.959_963_985).abs() < 1e-4);
        }
    }
}

#[test]
fn ages_equal_those_of_scikit_learn_and_scipy() {
    for known in read(include_str!("../../../tests/fixtures/evaluation/ages.json"))
        .as_array()
        .unwrap()
    {
        let [recorded, estimated] = ["recorded", "estimated"].map(|name| numbers(&known[name]));
        let persons = (0..recorded.len()).collect();
        let ages = LabelledAges::new(recorded, estimated, persons).unwrap();
        for (figure, estimate) in evaluate_ages(&ages, &few(), &Cancel::new()).unwrap() {
            let value = estimate.value.unwrap();
            let expected = known[figure.as_str()].as_f64().unwrap();
            assert!(
                (value - expected).abs() < 1e-9,
                "{figure:?}: {value} against {expected}"
            );
            if figure == AgeFigure::Bias {
                let found = estimate.interval.unwrap();
                let known = numbers(&known["bias_interval"]);
                assert!(found.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-6));
            }
        }
        let gaps = corrected_age_gaps(&ages).unwrap();
        let known = numbers(&known["corrected"]);
        assert!(
            gaps.iter()
                .zip(known)
                .all(|(gap, known)| (gap - known).abs() < 1e-9)
        );
    }
}

/// Logits of `persons` persons with `each` cases: a signal, an effect of the person and noise.
fn drawn(seed: u64, persons: usize, each: usize, effect: f64) -> LabelledScores {
    let mut random = Xoshiro256::stream(seed, 0, 22);
    let (mut truths, mut logits, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for person in 0..persons {
        let truth = random.chance(0.5);
        let own = effect * random.normal();
        for _ in 0..each {
            truths.push(truth);
            logits.push(f64::from(u8::from(truth)) * 1.5 - 0.75 + own + random.normal());
            numbers.push(person);
        }
    }
    cases(&truths, &logits, numbers)
}

#[test]
fn rank_figures_ignore_monotone_maps_and_every_figure_the_order_of_cases() {
    let cases = drawn(1, 80, 1, 0.0);
    let cubed: Vec<f64> = cases.logits.iter().map(|l| l.powi(3) + 2.0 * l).collect();
    let mapped = each_a_person(&cases.truths, &cubed);
    for measure in [Measure::Auc, Measure::AveragePrecision] {
        assert_eq!(
            figure(&cases, measure).value,
            figure(&mapped, measure).value
        );
    }
    assert_eq!(
        figure(&cases, Measure::Auc).interval,
        figure(&mapped, Measure::Auc).interval
    );
    let reversed = |values: &[f64]| values.iter().rev().copied().collect::<Vec<_>>();
    let truths: Vec<bool> = cases.truths.iter().rev().copied().collect();
    let turned = each_a_person(&truths, &reversed(&cases.logits));
    for ((measure, one), (_, other)) in figures(&cases).iter().zip(figures(&turned)) {
        assert!(
            (one.value.unwrap() - other.value.unwrap()).abs() < 1e-12,
            "{measure:?}"
        );
    }
}

#[test]
fn the_other_label_gives_the_mirrored_figures() {
    let cases = drawn(2, 90, 1, 0.0);
    let truths: Vec<bool> = cases.truths.iter().map(|t| !t).collect();
    let logits: Vec<f64> = cases.logits.iter().map(|l| -l).collect();
    let mirrored = each_a_person(&truths, &logits);
    let pairs = [
        (Measure::Auc, Measure::Auc),
        (Measure::Sensitivity, Measure::Specificity),
        (
            Measure::PositivePredictiveValue,
            Measure::NegativePredictiveValue,
        ),
        (Measure::Mcc, Measure::Mcc),
        (Measure::Brier, Measure::Brier),
        (Measure::CalibrationSlope, Measure::CalibrationSlope),
    ];
    for (one, other) in pairs {
        let [one, other] =
            [figure(&cases, one), figure(&mirrored, other)].map(|e| e.value.unwrap());
        assert!((one - other).abs() < 1e-9);
    }
}

#[test]
fn every_case_twice_gives_the_same_intervals_as_once() {
    let once = drawn(3, 60, 1, 0.0);
    let twice: Vec<usize> = (0..60).flat_map(|i| [i, i]).collect();
    let truths: Vec<bool> = twice.iter().map(|&i| once.truths[i]).collect();
    let logits: Vec<f64> = twice.iter().map(|&i| once.logits[i]).collect();
    let doubled = figures(&cases(&truths, &logits, twice));
    // Without a formula both come from the same samples of persons.
    let single = figures(&once);
    for ((measure, one), (_, two)) in single.iter().zip(&doubled) {
        assert!(
            (one.value.unwrap() - two.value.unwrap()).abs() < 1e-9,
            "{measure:?}"
        );
        assert_eq!(two.method, IntervalMethod::PersonBootstrap);
        if one.method == IntervalMethod::PersonBootstrap {
            let [one, two] = [one, two].map(|e| e.interval.unwrap());
            assert!(
                one.iter().zip(two).all(|(a, b)| (a - b).abs() < 1e-9),
                "{measure:?}"
            );
        }
    }
}

#[test]
fn curves_end_where_they_must_and_their_areas_are_the_figures() {
    let cases = drawn(4, 50, 1, 0.0);
    let roc = roc_curve(&cases);
    assert_eq!((roc[0].sensitivity, roc[0].specificity), (0.0, 1.0));
    let last = roc.last().unwrap();
    assert_eq!((last.sensitivity, last.specificity), (1.0, 0.0));
    let area: f64 = roc
        .windows(2)
        .map(|w| {
            (w[0].specificity - w[1].specificity) * (w[0].sensitivity + w[1].sensitivity) / 2.0
        })
        .sum();
    assert!((area - figure(&cases, Measure::Auc).value.unwrap()).abs() < 1e-12);
    for point in &roc[1..] {
        let counts = Confusion::at(&cases, point.threshold);
        assert_eq!(counts.sensitivity(), Some(point.sensitivity));
        assert!((counts.specificity().unwrap() - point.specificity).abs() < 1e-12);
    }
    assert_eq!(precision_recall_curve(&cases).last().unwrap().recall, 1.0);
    let bins = calibration_curve(&cases);
    assert_eq!(bins.len(), 10);
    assert_eq!(bins.iter().map(|b| b.cases).sum::<usize>(), 50);
}

#[test]
fn predictive_values_follow_the_prevalence() {
    let truths: Vec<bool> = (0..200).map(|i| i < 100).collect();
    // Sensitivity and specificity 0.92.
    let logits: Vec<f64> = (0..200)
        .map(|i| {
            if (i % 100 < 92) == (i < 100) {
                1.0
            } else {
                -1.0
            }
        })
        .collect();
    let cases = each_a_person(&truths, &logits);
    for (prevalence, expected) in [(0.5, 0.92), (0.2, 0.741_935), (0.1, 0.560_975)] {
        let found = evaluate(&cases, 0.5, Some(prevalence), &few(), &Cancel::new()).unwrap();
        let ppv = found
            .iter()
            .find(|(m, _)| *m == Measure::PositivePredictiveValue)
            .unwrap()
            .1;
        assert!((ppv.value.unwrap() - expected).abs() < 1e-5);
        assert_eq!(
            (ppv.method, ppv.cases),
            (IntervalMethod::PersonBootstrap, 200)
        );
    }
}

#[test]
fn what_has_no_meaning_says_why() {
    let one_label = each_a_person(&[true; 6], &[1.0, 2.0, 3.0, -1.0, 0.5, 4.0]);
    for (measure, estimate) in figures(&one_label) {
        let why = match measure {
            Measure::Auc | Measure::BalancedAccuracy | Measure::Mcc => Undefined::OneLabel,
            Measure::CalibrationIntercept | Measure::CalibrationSlope => Undefined::OneLabel,
            Measure::Specificity => Undefined::NoCases,
            _ => continue,
        };
        assert_eq!(
            (estimate.value, estimate.interval),
            (Err(why), Err(why)),
            "{measure:?}"
        );
    }
    // One person: every sample is the same, which says nothing of other persons.
    let one_person = cases(&[true, false, true], &[1.0, 2.0, 3.0], vec![0; 3]);
    for (measure, estimate) in figures(&one_person) {
        assert!(estimate.interval.is_err(), "{measure:?}: {estimate:?}");
    }
    let single = each_a_person(&[true], &[1.0]);
    for (measure, estimate) in figures(&single) {
        assert!(
            estimate.value.is_ok_and(f64::is_finite) || estimate.value.is_err(),
            "{measure:?}"
        );
    }
    let separated = each_a_person(&[false, false, true, true], &[-2.0, -1.0, 1.0, 2.0]);
    let auc = figure(&separated, Measure::Auc);
    assert_eq!(
        (auc.value, auc.interval),
        (Ok(1.0), Err(Undefined::Separated))
    );
    assert_eq!(
        figure(&separated, Measure::CalibrationSlope).value,
        Err(Undefined::Separated)
    );
    let equal = each_a_person(&[false, true, true], &[0.5; 3]);
    assert_eq!(
        figure(&equal, Measure::CalibrationSlope).value,
        Err(Undefined::NoVariation)
    );
    assert_eq!(figure(&equal, Measure::Auc).value, Ok(0.5));
    let found = compared(&equal, &separated);
    assert_eq!(found, Err(CompareError::DifferentCases));
    let same = compared(&separated, &separated).unwrap();
    assert_eq!(
        (same.difference, same.p_value),
        (Ok(0.0), Err(Undefined::NoVariation))
    );
    let ages = LabelledAges::new(vec![50.0; 3], vec![49.0, 50.0, 52.0], vec![0, 1, 2]).unwrap();
    assert_eq!(corrected_age_gaps(&ages), Err(Undefined::NoVariation));
    let recorded: Vec<f64> = (0..40).map(|at| 20.0 + f64::from(at)).collect();
    let constant = (0..40).map(|at| 62.0 + f64::from(at % 3) / 10.0).collect();
    let ages = LabelledAges::new(recorded, constant, (0..40).collect()).unwrap();
    assert_eq!(corrected_age_gaps(&ages), Err(Undefined::Unrelated));
    let cancelled = Cancel::new();
    cancelled.cancel();
    assert!(evaluate(&separated, 0.5, None, &few(), &cancelled).is_err());
}

/// Over samples of persons with several photographs, the interval over persons covers the area of the whole population
/// about as often as it says; DeLong's, which takes photographs as independent, does not.
#[test]
fn intervals_over_persons_cover_where_those_over_photographs_do_not() {
    let effect: f64 = 1.5;
    // The population: a difference of 1.5 between normal scores of variance 1 + effect².
    let z = 1.5 / (2.0 * (1.0 + effect * effect)).sqrt();
    let truth = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    let (mut clustered, mut unclustered) = (0, 0);
    let runs = 150;
    for run in 0..runs {
        let cases = drawn(100 + run, 60, 5, effect);
        let covers = |interval: [f64; 2]| usize::from(interval[0] <= truth && truth <= interval[1]);
        clustered += covers(figure(&cases, Measure::Auc).interval.unwrap());
        let alone = each_a_person(&cases.truths, &cases.logits);
        unclustered += covers(figure(&alone, Measure::Auc).interval.unwrap());
    }
    // 95 % of 150 within four standard errors; the other stays far below.
    assert!((131..=150).contains(&clustered), "{clustered}");
    assert!(unclustered < 115, "{unclustered}");
}
