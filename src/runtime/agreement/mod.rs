//! Engines that check each other: a network runs with an engine's own optimisation, without it, and in a second engine,
//! on a few inputs that show no eye.
//!
//! An engine rearranges a network before it runs it, and may change what it computes. If the optimised outputs deviate
//! too far from those of the second engine, optimisation is switched off; if the unoptimised ones do too, the device is
//! refused for this network. Without a second engine, the unoptimised outputs are taken as correct.
//!
//! The tolerance is a fixed limit, or four times the output change caused by moving every input value to a neighbouring
//! float32, whichever is larger. An engine is not blamed for a network that amplifies rounding.

mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

pub use verdict::Verdict;

use super::{Device, Error, Session};
use crate::domain::{Approval, Deviation, Quantity, Tensor};
use crate::graph::{INPUT, LOGIT, OUTPUT};
use crate::numeric::random::Random;
use crate::progress::{Cancel, Progress};

/// Largest deviation of a probability, whatever the network's conditioning.
pub const SCORE_LIMIT: f64 = 2e-5;
/// Largest deviation of an age in years.
pub const YEARS_LIMIT: f64 = 1e-3;
/// Largest relative deviation of a value: equals [`YEARS_LIMIT`] at a hundred years. Float32 is no more exact for
/// larger values, such as an age in days.
const VALUE_SHARE: f64 = 1e-5;
/// Largest deviation of a logit relative to the largest logit of the same input, or to 1 if that is smaller. It detects
/// what a saturated probability hides.
const LOGIT_SHARE: f64 = 1e-3;
/// Largest deviation as a multiple of the effect of rounding the input.
const ROUNDINGS: f64 = 4.0;

/// Opens the network under examination.
pub trait SessionFactory {
    /// The network on a device (never `auto`), with or without the engine's optimisation.
    fn open(
        &self,
        device: Device,
        optimised: bool,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error>;
}

/// The inputs of an examination, and how exact the outputs must be.
#[derive(Clone, Debug)]
pub struct TestInputs {
    /// Each (1, 3, H, W), named [`INPUT`].
    pub inputs: Vec<Tensor>,
    /// Largest deviation of [`OUTPUT`]: [`SCORE_LIMIT`], or that of a value in the network's own units.
    pub limit: f64,
    /// The output is a value such as years rather than a probability: there is no separate logit.
    pub is_value: bool,
}

/// Outputs of one session for all inputs: output and logit of each.
type Answers = Vec<[Vec<f32>; 2]>;

/// Largest change of output and logit over all inputs when an input is rounded. The maximum is taken because a
/// saturated output does not move and reveals nothing about the network's conditioning.
type RoundingEffect = [f64; 2];

/// One network under examination. Each run is reused for the verdicts on all devices.
pub struct EngineComparison<'a> {
    bench: &'a dyn SessionFactory,
    questions: &'a TestInputs,
    answers: BTreeMap<(Device, bool), Result<Answers, Error>>,
    /// Milliseconds of one run.
    run_ms: BTreeMap<(Device, bool), f64>,
    rounding: Option<RoundingEffect>,
    /// Engines on which the effect of rounding was measured a second time.
    measured_again: BTreeSet<Device>,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl<'a> EngineComparison<'a> {
    /// `progress` advances with every run of an unmodified input.
    pub fn new(
        bench: &'a dyn SessionFactory,
        questions: &'a TestInputs,
        cancel: &'a Cancel,
        progress: &'a Progress,
    ) -> Self {
        Self {
            bench,
            questions,
            answers: BTreeMap::new(),
            run_ms: BTreeMap::new(),
            rounding: None,
            measured_again: BTreeSet::new(),
            cancel,
            progress,
        }
    }

    /// Maximum number of runs for verdicts on these devices, each with its second engines.
    pub fn runs(&self, devices: &[Device], others: &[Vec<Device>]) -> u64 {
        let own = devices.iter().flat_map(|&d| [(d, true), (d, false)]);
        let of_others = others.iter().flatten().map(|&d| (d, false));
        let sessions: BTreeSet<(Device, bool)> = own.chain(of_others).collect();
        sessions.len() as u64 * self.questions.inputs.len() as u64
    }

    /// Examines one device. The second engine is the first of `others` that agrees, or else the first that runs at all.
    ///
    /// # Errors
    /// The reason why the device cannot run the network, and [`Error::Cancelled`].
    pub fn verdict(&mut self, device: Device, others: &[Device]) -> Result<Verdict, Error> {
        let started = Instant::now();
        let mut found = self.judged(device, others)?;
        if found.ruling != Approval::Optimised {
            // One random draw of roundings may understate their effect: before a device is restricted, the effect is
            // measured again on every engine.
            let requested = others.iter().chain([&device]).copied();
            for engine in requested.collect::<Vec<_>>() {
                self.measure_again(engine)?;
            }
            found = self.judged(device, others)?;
        }
        found.ms = milliseconds(started);
        Ok(found)
    }

    /// The verdict from the results so far.
    fn judged(&mut self, device: Device, others: &[Device]) -> Result<Verdict, Error> {
        self.ask(device, true)?;
        self.ask_if_possible(device, false)?;
        let mut against = None;
        for &other in others {
            if !self.ask_if_possible(other, false)? {
                continue;
            }
            let agrees = [true, false].into_iter().any(|optimised| {
                let found = self.between((device, optimised), (other, false));
                found.is_some_and(|d| d.is_allowed())
            });
            if agrees {
                against = Some(other);
                break;
            }
            against = against.or(Some(other));
        }
        let reference = (against.unwrap_or(device), false);
        let optimised = self.between((device, true), reference);
        let plain = against.and_then(|_| self.between((device, false), reference));
        let ruling = match (optimised, plain) {
            (None, _) => Approval::Optimised,
            (Some(found), _) if found.is_allowed() => Approval::Optimised,
            (_, Some(found)) if found.is_allowed() => Approval::NotOptimised,
            // Without a second engine the unoptimised network is trusted.
            (_, None) if against.is_none() => Approval::NotOptimised,
            _ => Approval::Refused,
        };
        Ok(Verdict {
            ruling,
            optimised,
            plain,
            against: against.map(|device| device.to_string()),
            inputs: self.questions.inputs.len(),
            ms: 0.0,
            run_ms: {
                let time = |optimised| self.run_ms.get(&(device, optimised)).copied();
                time(ruling == Approval::Optimised).or_else(|| time(true))
            },
        })
    }

    /// As [`Self::ask`]; `false` if the device does not run the network.
    fn ask_if_possible(&mut self, device: Device, optimised: bool) -> Result<bool, Error> {
        match self.ask(device, optimised) {
            Ok(()) => Ok(true),
            Err(Error::Cancelled) => Err(Error::Cancelled),
            Err(_) => Ok(false),
        }
    }

    /// Runs all inputs on a device, once. One session is open at a time.
    fn ask(&mut self, device: Device, optimised: bool) -> Result<(), Error> {
        if !self.answers.contains_key(&(device, optimised)) {
            let answers = match self.run(device, optimised) {
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                other => other,
            };
            self.answers.insert((device, optimised), answers);
        }
        match &self.answers[&(device, optimised)] {
            Ok(_) => Ok(()),
            Err(error) => Err(error.clone()),
        }
    }

    /// Measures the effect of rounding again, on an engine without optimisation. An engine that does not run the
    /// network is skipped, as in a verdict.
    fn measure_again(&mut self, device: Device) -> Result<(), Error> {
        if !self.ask_if_possible(device, false)? || !self.measured_again.insert(device) {
            return Ok(());
        }
        let Some(answers) = self.given((device, false)).cloned() else {
            return Ok(());
        };
        let mut session = match self.bench.open(device, false, self.cancel) {
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(_) => return Ok(()),
            Ok(session) => session,
        };
        match self.measure_rounding(session.as_mut(), &answers, 2) {
            Err(Error::Cancelled) => Err(Error::Cancelled),
            _ => Ok(()),
        }
    }

    /// Runs every input again with each value moved to a neighbouring float32, and keeps the largest change of the
    /// outputs.
    fn measure_rounding(
        &mut self,
        session: &mut dyn Session,
        answers: &Answers,
        seed: u64,
    ) -> Result<(), Error> {
        let mut effect = self.rounding.unwrap_or_default();
        let mut random = Random::new(seed);
        for (input, at_input) in self.questions.inputs.iter().zip(answers) {
            let input = rounded(input, &mut random);
            let moved = session.run(&[(INPUT, &input)], &[OUTPUT, LOGIT], self.cancel)?;
            for ((part, effect), moved) in at_input.iter().zip(&mut effect).zip(&moved) {
                let apart = apart(part, &moved.values);
                if apart.is_finite() {
                    *effect = effect.max(apart);
                }
            }
        }
        self.rounding = Some(effect);
        Ok(())
    }

    fn run(&mut self, device: Device, optimised: bool) -> Result<Answers, Error> {
        self.cancel.check()?;
        let mut session = self.bench.open(device, optimised, self.cancel)?;
        let mut times = Vec::new();
        let mut run = |input: &Tensor| -> Result<[Vec<f32>; 2], Error> {
            let started = Instant::now();
            let found = session.run(&[(INPUT, input)], &[OUTPUT, LOGIT], self.cancel)?;
            times.push(milliseconds(started));
            self.progress.advance();
            let mut values = found.into_iter().map(|tensor| tensor.values);
            let mut next = || values.next().unwrap_or_default();
            Ok([next(), next()])
        };
        let mut answers = Vec::with_capacity(self.questions.inputs.len());
        for input in &self.questions.inputs {
            answers.push(run(input)?);
        }
        // The first run warms up, and a busy machine can only lengthen the others.
        let warm = times.split_first().map_or(&[][..], |(_, others)| others);
        if let Some(fastest) = warm.iter().copied().min_by(f64::total_cmp) {
            self.run_ms.insert((device, optimised), fastest);
        }
        // The amplification of rounding is measured without optimisation.
        if !optimised && self.rounding.is_none() {
            self.measure_rounding(session.as_mut(), &answers, 1)?;
        }
        Ok(answers)
    }

    /// The deviation between two sets of outputs; `None` if one is missing.
    fn between(&self, a: (Device, bool), b: (Device, bool)) -> Option<Deviation> {
        let (a, b) = (self.given(a)?, self.given(b)?);
        let [rounding, rounding_of_logit] = self.rounding.unwrap_or_default();
        let is_value = self.questions.is_value;
        let mut worst: Option<Deviation> = None;
        let mut take = |found: Deviation| {
            if worst.is_none_or(|worst| worst.share() < found.share()) {
                worst = Some(found);
            }
        };
        for ([output, logit], [output_b, logit_b]) in a.iter().zip(b) {
            let size = output_b.iter().filter(|y| y.is_finite());
            let size = size.fold(0.0, |most: f64, y| most.max(f64::from(y.abs())));
            let share = if is_value { VALUE_SHARE * size } else { 0.0 };
            take(Deviation {
                of: match is_value {
                    true => Quantity::Value,
                    false => Quantity::Score,
                },
                largest: apart(output, output_b),
                allowed: self.questions.limit.max(share).max(ROUNDINGS * rounding),
            });
            let finite = logit_b.iter().filter(|z| z.is_finite());
            let largest = finite.fold(1.0, |most: f64, z| most.max(f64::from(z.abs())));
            let of_logit = Deviation {
                of: Quantity::Logit,
                largest: apart(logit, logit_b),
                allowed: (LOGIT_SHARE * largest).max(ROUNDINGS * rounding_of_logit),
            };
            // As long as it is allowed, the figure shown to the user is the one to report.
            if !is_value && !of_logit.is_allowed() {
                take(of_logit);
            }
        }
        worst
    }

    fn given(&self, of: (Device, bool)) -> Option<&Answers> {
        self.answers.get(&of)?.as_ref().ok()
    }
}

/// Milliseconds since a moment, to the microsecond.
fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// Largest difference; infinite if only one of two values is a number, or the lengths differ.
fn apart(a: &[f32], b: &[f32]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let pairs = a.iter().zip(b);
    pairs
        .map(|(a, b)| match (a.is_nan(), b.is_nan()) {
            (true, true) => 0.0,
            (false, false) if a == b => 0.0,
            (false, false) => (f64::from(*a) - f64::from(*b)).abs(),
            _ => f64::INFINITY,
        })
        .fold(0.0, f64::max)
}

/// Moves every value to one of its two float32 neighbours.
fn rounded(input: &Tensor, random: &mut Random) -> Tensor {
    let mut bits = 0;
    let moved = |(at, value): (usize, &f32)| {
        if at % 64 == 0 {
            bits = random.bits();
        }
        let up = bits >> (at % 64) & 1 == 1;
        if up {
            value.next_up()
        } else {
            value.next_down()
        }
    };
    Tensor {
        shape: input.shape.clone(),
        values: input.values.iter().enumerate().map(moved).collect(),
    }
}

#[cfg(test)]
mod tests;
