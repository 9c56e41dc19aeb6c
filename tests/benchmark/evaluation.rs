//! Time of an evaluation, and how often its intervals cover the figure of the population.
//!
//!     cargo bench --bench evaluation [-- [--cases N] [--runs N]]
//!     cargo bench --bench evaluation -- --coverage FILE [--samples N]
//!
//! The first evaluates simulated scores of N cases (default 20,000) of persons with four each, every figure with its
//! interval over 2,000 samples of persons; medians of N runs (default 5). `evaluation.py` does the same with scikit-learn.
//!
//! The second reads a CSV file with the columns `person`, `label` (0 or 1) and `logit`, takes the AUC of all its cases as
//! that of the population, draws samples of 300 cases (default 2,000 of them), person by person, and prints the share of
//! 95 % intervals that cover it: as evaluated, and if each photograph counted as another person. `simulated` in place of
//! FILE is a population with two to six photographs per person and an effect of the person.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use gantei::evaluation::performance::{EvaluationOptions, LabelledScores, Measure, evaluate};
use gantei::numeric::random::Xoshiro256;
use gantei::progress::Cancel;

/// Cases of a sample of the population.
const OF_A_SAMPLE: usize = 300;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A photograph of a person, its recorded label, and its logit.
#[derive(Clone, Copy)]
struct Case {
    person: usize,
    label: bool,
    logit: f64,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let number = |name: &str, default: usize| -> Outcome<usize> {
        Ok(after(name)
            .map(|text| text.parse())
            .transpose()?
            .unwrap_or(default))
    };
    match after("--coverage").map(String::as_str) {
        None => speed(number("--cases", 20_000)?, number("--runs", 5)?),
        Some("simulated") => coverage(&simulated(20_000, 2..7), number("--samples", 2000)?),
        Some(file) => coverage(&read(file)?, number("--samples", 2000)?),
    }
}

/// Simulated cases with an effect of the person, and as many photographs of each as the range says.
fn simulated(count: usize, each: std::ops::Range<usize>) -> Vec<Case> {
    let mut random = Xoshiro256::stream(7, 0, 22);
    let mut cases = Vec::with_capacity(count);
    for person in 0.. {
        if cases.len() >= count {
            break;
        }
        let label = random.chance(0.5);
        let own = 1.5 * random.normal();
        let more = each.len() as f64 * random.unit();
        for _ in 0..each.start + more as usize {
            let logit = f64::from(u8::from(label)) * 3.0 - 1.5 + own + random.normal();
            cases.push(Case {
                person,
                label,
                logit,
            });
        }
    }
    cases.truncate(count);
    cases
}

fn read(file: &str) -> Outcome<Vec<Case>> {
    let text = std::fs::read_to_string(file)?;
    let mut persons: HashMap<&str, usize> = HashMap::new();
    let mut cases = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [person, label, logit] = cells[..] else {
            return Err(format!("no person, label and logit: {line}").into());
        };
        let next = persons.len();
        cases.push(Case {
            person: *persons.entry(person).or_insert(next),
            label: label == "1",
            logit: logit.parse()?,
        });
    }
    Ok(cases)
}

fn labelled(cases: &[Case], persons: Vec<usize>) -> Outcome<LabelledScores> {
    let scores = cases.iter().map(|case| 1.0 / (1.0 + (-case.logit).exp()));
    Ok(LabelledScores::new(
        cases.iter().map(|case| case.label).collect(),
        scores.collect(),
        cases.iter().map(|case| case.logit).collect(),
        persons,
    )?)
}

fn speed(count: usize, runs: usize) -> Outcome<()> {
    let cases = simulated(count, 4..5);
    let labelled = labelled(&cases, cases.iter().map(|case| case.person).collect())?;
    let mut times = Vec::new();
    for _ in 0..runs.max(1) {
        let clock = Instant::now();
        let figures = evaluate(
            &labelled,
            0.5,
            None,
            &EvaluationOptions::default(),
            &Cancel::new(),
        )?;
        times.push(clock.elapsed());
        assert!(
            figures
                .iter()
                .all(|(_, estimate)| estimate.interval.is_ok())
        );
    }
    times.sort_unstable();
    let [least, median, most] = [0, times.len() / 2, times.len() - 1].map(|at| seconds(times[at]));
    println!("{count} cases, every figure, 2,000 samples: {median:.2} s ({least:.2} to {most:.2})");
    Ok(())
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn coverage(cases: &[Case], samples: usize) -> Outcome<()> {
    let auc = |cases: &LabelledScores, samples: usize| -> Outcome<_> {
        let options = EvaluationOptions { samples, seed: 1 };
        let figures = evaluate(cases, 0.5, None, &options, &Cancel::new())?;
        let found = figures
            .into_iter()
            .find(|(measure, _)| *measure == Measure::Auc);
        Ok(found.ok_or("no AUC")?.1)
    };
    let all = labelled(cases, cases.iter().map(|case| case.person).collect())?;
    // The interval of the population is not needed.
    let truth = auc(&all, 2)?.value.map_err(|why| why.code())?;
    let mut by_person: HashMap<usize, Vec<Case>> = HashMap::new();
    for case in cases {
        by_person.entry(case.person).or_default().push(*case);
    }
    let persons = by_person.len();
    println!("{} cases of {persons} persons, AUC {truth:.4}", cases.len());
    let mut random = Xoshiro256::stream(11, 0, 22);
    let (mut over_persons, mut over_photographs) = (0, 0);
    for _ in 0..samples {
        let (mut chosen, mut taken) = (Vec::new(), vec![false; persons]);
        while chosen.len() < OF_A_SAMPLE {
            let person = (random.unit() * persons as f64) as usize;
            if !std::mem::replace(&mut taken[person], true) {
                chosen.extend(&by_person[&person]);
            }
        }
        let covers = |persons: Vec<usize>| -> Outcome<bool> {
            let interval = auc(&labelled(&chosen, persons)?, 1000)?.interval;
            Ok(interval.is_ok_and(|[low, high]| low <= truth && truth <= high))
        };
        let known = covers(numbered(&chosen))?;
        let unknown = covers((0..chosen.len()).collect())?;
        over_persons += usize::from(known);
        over_photographs += usize::from(unknown);
    }
    let share = |count: usize| 100.0 * count as f64 / samples as f64;
    println!("{samples} samples of {OF_A_SAMPLE} cases, 95 % intervals that cover it:");
    println!("  as evaluated, by person   {:.1} %", share(over_persons));
    println!(
        "  each photograph a person  {:.1} %",
        share(over_photographs)
    );
    Ok(())
}

/// Persons numbered from 0 without gaps.
fn numbered(cases: &[Case]) -> Vec<usize> {
    let mut persons: HashMap<usize, usize> = HashMap::new();
    let mut number = |person| {
        let next = persons.len();
        *persons.entry(person).or_insert(next)
    };
    cases.iter().map(|case| number(case.person)).collect()
}
