//! Whether labels that stand in for missing ones leave a difference as it is, on persons that a model has scored.
//!
//!     cargo bench --bench supplement -- supplement.csv [--persons N] [--seeds N] [--difference D]
//!
//! FILE is `supplement.csv` of a study in which every person has a recorded label: `gantei study supplement --out`. For each
//! seed (default 200) N of its persons (default 500) get an outcome Y = D · S + ε with ε standard normal, and 40 % of their
//! labels S are taken away. Printed are the mean estimate of the difference D between the labels (default 1), and the share of
//! 95 % intervals that cover it, with the standard errors of least squares and with robust ones (HC1: White 1980). Below
//! stand, for the persons without a label alone, what the label at the threshold and draws without the outcome leave of it,
//! and what their formulas say.

use gantei::evaluation::supplement::{Attenuation, Columns, Imputations, calibrate, impute};
use gantei::numeric::random::Xoshiro256;
use gantei::progress::Cancel;

const MISSING: f64 = 0.4;
const IMPUTATIONS: usize = 20;
const THRESHOLD: f64 = 0.5;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Clone, Copy)]
struct Person {
    label: bool,
    logit: f64,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: f64| -> Outcome<f64> {
        let at = arguments.iter().position(|argument| argument == name);
        let text = at.and_then(|at| arguments.get(at + 1));
        Ok(text
            .map(|text| text.parse())
            .transpose()?
            .unwrap_or(default))
    };
    let file = arguments.iter().find(|argument| argument.ends_with(".csv"));
    let all = read(file.ok_or("name supplement.csv of a study")?)?;
    let persons = number("--persons", 500.0)? as usize;
    let (seeds, difference) = (
        number("--seeds", 200.0)? as u64,
        number("--difference", 1.0)?,
    );
    if all.len() < persons {
        return Err(format!("{} persons, fewer than {persons}", all.len()).into());
    }
    println!(
        "{persons} of {} persons (AUC {:.3}), {seeds} seeds, difference {difference}",
        all.len(),
        auc(&all)
    );
    let mut ways = [
        "all labels known",
        "recorded labels alone",
        "probability as covariate",
        "imputation with the outcome",
        "label at the threshold",
        "imputation without it",
    ]
    .map(|name| (name, Found::default()));
    let (mut losses, mut formulas) = ([0.0; 2], [0.0; 2]);
    for seed in 0..seeds {
        let study = simulated(&all, persons, difference, seed);
        let fits = study.fits(seed)?;
        for ((_, found), fit) in ways.iter_mut().zip(&fits) {
            found.add(fit, difference);
        }
        let (loss, formula) = study.losses(seed)?;
        for way in 0..2 {
            losses[way] += loss[way] / seeds as f64;
            formulas[way] += formula[way] / seeds as f64;
        }
    }
    println!(
        "{:<28} {:>8} {:>14} {:>8}",
        "", "mean", "least squares", "robust"
    );
    for (name, found) in &ways {
        let share = |count: u64| format!("{:.1} %", 100.0 * count as f64 / seeds as f64);
        let mean = found.sum / seeds as f64;
        let [plain, robust] = found.covered.map(share);
        println!("{name:<28} {mean:>8.3} {plain:>14} {robust:>8}");
    }
    println!("of the difference, among persons without a label      found  formula");
    for (name, way) in [
        ("label at the threshold", 0),
        ("imputation without outcome", 1),
    ] {
        println!("{name:<51} {:>8.3} {:>8.3}", losses[way], formulas[way]);
    }
    Ok(())
}

/// Label and logit of every person with both. The covariate of a recorded label is 1 or 0.
fn read(file: &str) -> Outcome<Vec<Person>> {
    let text = std::fs::read_to_string(file)?;
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let names: Vec<&str> = lines
        .next()
        .ok_or("the file is empty")?
        .split(',')
        .collect();
    let place = |name: &str| {
        let at = names.iter().position(|column| *column == name);
        at.ok_or(format!("no column {name}"))
    };
    let (label, logit) = (place("covariate")?, place("logit")?);
    let person = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |at: usize| cells.get(at)?.parse::<f64>().ok();
        let (label, logit) = (cell(label)?, cell(logit)?);
        [0.0, 1.0].contains(&label).then_some(Person {
            label: label == 1.0,
            logit,
        })
    };
    Ok(lines.filter_map(person).collect())
}

fn auc(all: &[Person]) -> f64 {
    let of = |label: bool| all.iter().filter(move |person| person.label == label);
    let better = of(true).flat_map(|one| {
        of(false).map(|zero| match one.logit.total_cmp(&zero.logit) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
    });
    better.sum::<f64>() / (of(true).count() * of(false).count()).max(1) as f64
}

/// Persons with an outcome, some without their label.
struct Study {
    difference: f64,
    truths: Vec<f64>,
    logits: Vec<f64>,
    labels: Vec<Option<bool>>,
    outcome: Vec<f64>,
}

fn simulated(all: &[Person], persons: usize, difference: f64, seed: u64) -> Study {
    let mut random = Xoshiro256::stream(seed, 0, 2302);
    let mut left: Vec<Person> = all.to_vec();
    let mut study = Study {
        difference,
        truths: Vec::new(),
        logits: Vec::new(),
        labels: Vec::new(),
        outcome: Vec::new(),
    };
    for _ in 0..persons {
        let person = left.swap_remove((random.unit() * left.len() as f64) as usize);
        study.truths.push(number(person.label));
        study.logits.push(person.logit);
        study
            .labels
            .push((!random.chance(MISSING)).then_some(person.label));
        study
            .outcome
            .push(difference * number(person.label) + random.normal());
    }
    study
}

impl Study {
    fn missing(&self) -> impl Iterator<Item = usize> {
        (0..self.labels.len()).filter(|&at| self.labels[at].is_none())
    }

    fn at_threshold(&self) -> Vec<f64> {
        let scores = self.scores();
        scores.iter().map(|s| number(*s >= THRESHOLD)).collect()
    }

    fn scores(&self) -> Vec<f64> {
        let logits = self.logits.iter();
        logits.map(|logit| 1.0 / (1.0 + (-logit).exp())).collect()
    }

    /// The recorded label, otherwise this.
    fn or(&self, other: &[f64]) -> Vec<f64> {
        let labels = self.labels.iter().zip(other);
        labels.map(|(l, other)| l.map_or(*other, number)).collect()
    }

    fn probabilities(&self) -> Outcome<Vec<f64>> {
        let found = calibrate(&self.logits, &self.labels, 1);
        Ok(found.map_err(|why| format!("{why:?}"))?.probabilities)
    }

    fn drawn(&self, columns: &Columns, seed: u64) -> Outcome<Imputations> {
        let cancel = Cancel::new();
        let (logits, labels) = (&self.logits, &self.labels);
        let drawn = impute(logits, labels, columns, IMPUTATIONS, seed, &cancel);
        Ok(drawn.map_err(|why| format!("{why:?}"))?)
    }

    /// Least squares of the outcome on the labels of each imputation, by Rubin's rules.
    fn pooled(&self, drawn: &Imputations) -> Fit {
        let mut fits = Vec::new();
        for labels in &drawn.labels {
            let mut other = vec![0.0; self.labels.len()];
            for (case, label) in drawn.cases.iter().zip(labels) {
                other[*case] = number(*label);
            }
            fits.push(line(&self.or(&other), &self.outcome));
        }
        let m = fits.len() as f64;
        let slope = fits.iter().map(|fit| fit.slope).sum::<f64>() / m;
        let between = fits.iter().map(|fit| (fit.slope - slope).powi(2));
        let between = between.sum::<f64>() / (m - 1.0);
        let variances = [0, 1].map(|kind| {
            let within = fits.iter().map(|fit| fit.variances[kind]).sum::<f64>() / m;
            within + (1.0 + 1.0 / m) * between
        });
        Fit { slope, variances }
    }

    /// In the order in which they are printed.
    fn fits(&self, seed: u64) -> Outcome<[Fit; 6]> {
        let outcome = Columns {
            names: vec!["outcome".into()],
            values: vec![self.outcome.iter().copied().map(Some).collect()],
            ..Columns::default()
        };
        let recorded = || (0..self.labels.len()).filter(|&at| self.labels[at].is_some());
        let of = |values: &[f64]| recorded().map(|at| values[at]).collect::<Vec<_>>();
        let y = &self.outcome;
        Ok([
            line(&self.truths, y),
            line(&of(&self.truths), &of(y)),
            line(&self.or(&self.probabilities()?), y),
            self.pooled(&self.drawn(&outcome, seed)?),
            line(&self.or(&self.at_threshold()), y),
            self.pooled(&self.drawn(&Columns::default(), seed)?),
        ])
    }

    /// The part of the difference that is left among persons without a label, and the part that the formulas expect: of
    /// labels at the threshold, and of draws without the outcome.
    fn losses(&self, seed: u64) -> Outcome<([f64; 2], [f64; 2])> {
        let of = |values: &[f64]| self.missing().map(|at| values[at]).collect::<Vec<_>>();
        let y = of(&self.outcome);
        let hard = line(&of(&self.at_threshold()), &y).slope;
        let drawn = self.drawn(&Columns::default(), seed)?;
        let blind = drawn.labels.iter().map(|labels| {
            let labels: Vec<f64> = labels.iter().map(|label| number(*label)).collect();
            line(&labels, &y).slope
        });
        let blind = blind.sum::<f64>() / drawn.labels.len() as f64;
        let of_hard = Attenuation::of(&self.scores(), &self.labels, THRESHOLD);
        let of_hard = of_hard.ok_or("one label at the threshold")?.factor();
        // The variance of the probability over that of the label.
        let p = of(&self.probabilities()?);
        let mean = p.iter().sum::<f64>() / p.len() as f64;
        let spread = p.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / p.len() as f64;
        let of_blind = spread / (mean * (1.0 - mean));
        Ok((
            [hard / self.difference, blind / self.difference],
            [of_hard, of_blind],
        ))
    }
}

/// A slope with its variance: of least squares, and robust against residuals of unequal size.
struct Fit {
    slope: f64,
    variances: [f64; 2],
}

fn line(x: &[f64], y: &[f64]) -> Fit {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let pairs = || x.iter().zip(y);
    let sxx: f64 = x.iter().map(|x| (x - mx).powi(2)).sum();
    let slope = pairs().map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / sxx;
    let residual = |x: f64, y: f64| y - my - slope * (x - mx);
    let squares: f64 = pairs().map(|(x, y)| residual(*x, *y).powi(2)).sum();
    let meat: f64 = pairs()
        .map(|(x, y)| ((x - mx) * residual(*x, *y)).powi(2))
        .sum();
    let variances = [
        squares / (n - 2.0) / sxx,
        meat / sxx.powi(2) * n / (n - 2.0),
    ];
    Fit { slope, variances }
}

#[derive(Default)]
struct Found {
    sum: f64,
    covered: [u64; 2],
}

impl Found {
    fn add(&mut self, fit: &Fit, difference: f64) {
        self.sum += fit.slope;
        for (covered, variance) in self.covered.iter_mut().zip(fit.variances) {
            *covered += u64::from((fit.slope - difference).abs() <= 1.96 * variance.sqrt());
        }
    }
}

fn number(label: bool) -> f64 {
    f64::from(u8::from(label))
}
