//! Whether a score of 0.8 means that 80 of 100 such cases have the label.

use super::cases::LabelledScores;
use super::estimate::Undefined;
use super::normal::wilson;

/// Number of bins of equal width.
const BINS: usize = 10;

/// Steps of Newton's method; 6 to 8 are usual.
const STEPS: usize = 50;

/// A slope beyond this is that of separated labels, which has no limit.
const LARGEST_SLOPE: f64 = 1e3;

/// Cases whose score lies in one bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    /// Lower and upper end of the score; the upper end belongs to the next bin, except for 1.
    pub scores: [f64; 2],
    pub cases: usize,
    /// Mean score; `None` in an empty bin, as are the other two.
    pub mean_score: Option<f64>,
    /// Share of cases with the label of output 1.
    pub observed: Option<f64>,
    /// Wilson's 95 % interval of that share, as if every case were another person.
    pub interval: Option<[f64; 2]>,
}

/// Ten bins of equal width, empty ones included.
pub fn calibration_curve(cases: &LabelledScores) -> Vec<CalibrationBin> {
    let mut sums = [(0_usize, 0.0_f64, 0_usize); BINS];
    for (score, truth) in cases.scores.iter().zip(&cases.truths) {
        let (count, sum, positives) = &mut sums[bin_of(*score)];
        *count += 1;
        *sum += score;
        *positives += usize::from(*truth);
    }
    let bins = sums
        .iter()
        .enumerate()
        .map(|(bin, &(count, sum, positives))| {
            let mean = |value: f64| (count > 0).then(|| value / count as f64);
            CalibrationBin {
                scores: [bin, bin + 1].map(|end| end as f64 / BINS as f64),
                cases: count,
                mean_score: mean(sum),
                observed: mean(positives as f64),
                interval: wilson(positives, count),
            }
        });
    bins.collect()
}

fn bin_of(score: f64) -> usize {
    ((score * BINS as f64) as usize).min(BINS - 1)
}

/// Expected calibration error: the mean distance between score and observed share over the bins, weighted by their cases
/// (Naeini et al., AAAI 2015); `None` without weight.
pub(super) fn expected_error(cases: &LabelledScores, weight: impl Fn(usize) -> u32) -> Option<f64> {
    let mut gaps = [0.0; BINS];
    let mut all = 0_u64;
    for (case, (score, truth)) in cases.scores.iter().zip(&cases.truths).enumerate() {
        let weight = weight(case);
        gaps[bin_of(*score)] += f64::from(weight) * (f64::from(u8::from(*truth)) - score);
        all += u64::from(weight);
    }
    let sum: f64 = gaps.iter().map(|gap| gap.abs()).sum();
    (all > 0).then(|| sum / all as f64)
}

/// Brier score: the mean squared distance between score and label; `None` without weight.
pub(super) fn brier(cases: &LabelledScores, weight: impl Fn(usize) -> u32) -> Option<f64> {
    let (mut sum, mut all) = (0.0, 0_u64);
    for (case, (score, truth)) in cases.scores.iter().zip(&cases.truths).enumerate() {
        let weight = weight(case);
        let distance = f64::from(u8::from(*truth)) - score;
        sum += f64::from(weight) * distance * distance;
        all += u64::from(weight);
    }
    (all > 0).then(|| sum / all as f64)
}

/// The logistic regression of the label on the logit of the score (Cox 1958): a well calibrated model has intercept 0 and
/// slope 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub intercept: f64,
    pub slope: f64,
    /// Standard errors of intercept and slope, from the information matrix.
    pub errors: [f64; 2],
}

impl Line {
    /// Maximum likelihood by Newton's method, from `start` if given.
    pub fn fit(
        cases: &LabelledScores,
        start: Option<&Self>,
        weight: impl Fn(usize) -> u32,
    ) -> Result<Self, Undefined> {
        let (mut intercept, mut slope) = start.map_or((0.0, 1.0), |s| (s.intercept, s.slope));
        for _ in 0..STEPS {
            let sums = Sums::at(cases, intercept, slope, &weight)?;
            let determinant = sums.determinant();
            if determinant <= 1e-12 * sums.ww * sums.wxx {
                return Err(sums.why_flat());
            }
            let steps = [
                (sums.wxx * sums.gradient[0] - sums.wx * sums.gradient[1]) / determinant,
                (sums.ww * sums.gradient[1] - sums.wx * sums.gradient[0]) / determinant,
            ];
            // Half steps keep a bad start from overshooting.
            let largest = steps[0].abs().max(steps[1].abs());
            let scale = if largest > 5.0 { 5.0 / largest } else { 1.0 };
            intercept += scale * steps[0];
            slope += scale * steps[1];
            if slope.abs() > LARGEST_SLOPE {
                return Err(Undefined::Separated);
            }
            if largest < 1e-10 {
                let errors = [sums.wxx, sums.ww].map(|part| (part / determinant).sqrt());
                return Ok(Self {
                    intercept,
                    slope,
                    errors,
                });
            }
        }
        Err(Undefined::Separated)
    }
}

/// Gradient and information matrix of the likelihood.
struct Sums {
    gradient: [f64; 2],
    ww: f64,
    wx: f64,
    wxx: f64,
    has_both_labels: bool,
    has_several_logits: bool,
}

impl Sums {
    fn at(
        cases: &LabelledScores,
        intercept: f64,
        slope: f64,
        weight: &impl Fn(usize) -> u32,
    ) -> Result<Self, Undefined> {
        let mut sums = Self {
            gradient: [0.0; 2],
            ww: 0.0,
            wx: 0.0,
            wxx: 0.0,
            has_both_labels: false,
            has_several_logits: false,
        };
        let mut first: Option<(bool, f64)> = None;
        for (case, (truth, logit)) in cases.truths.iter().zip(&cases.logits).enumerate() {
            let weight = f64::from(weight(case));
            if weight == 0.0 {
                continue;
            }
            let (label, value) = *first.get_or_insert((*truth, *logit));
            sums.has_both_labels |= label != *truth;
            sums.has_several_logits |= value != *logit;
            let expected = 1.0 / (1.0 + libm::exp(-(intercept + slope * logit)));
            let residual = weight * (f64::from(u8::from(*truth)) - expected);
            let information = weight * expected * (1.0 - expected);
            sums.gradient[0] += residual;
            sums.gradient[1] += residual * logit;
            sums.ww += information;
            sums.wx += information * logit;
            sums.wxx += information * logit * logit;
        }
        match first {
            None => Err(Undefined::NoCases),
            Some(_) if !sums.has_both_labels => Err(Undefined::OneLabel),
            Some(_) => Ok(sums),
        }
    }

    fn determinant(&self) -> f64 {
        self.ww * self.wxx - self.wx * self.wx
    }

    fn why_flat(&self) -> Undefined {
        match self.has_several_logits {
            true => Undefined::Separated,
            false => Undefined::NoVariation,
        }
    }
}
