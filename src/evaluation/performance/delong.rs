//! The area under the ROC curve with the variance of DeLong, DeLong and Clarke-Pearson (Biometrics 1988;44:837–845), from
//! midranks as Sun and Xu (IEEE Signal Process Lett 2014;21:1389–1393) compute it.

use super::cases::LabelledScores;

/// What each case contributes to the area.
pub(super) struct Placements {
    /// For each positive case, the share of negative cases below it; ties count half.
    positives: Vec<f64>,
    /// For each negative case, the share of positive cases above it.
    negatives: Vec<f64>,
    pub auc: f64,
}

impl Placements {
    /// `None` unless both labels have a case.
    pub fn of(cases: &LabelledScores) -> Option<Self> {
        let select = |label: bool| -> Vec<f64> {
            let cases = cases.logits.iter().zip(&cases.truths);
            cases
                .filter(|(_, t)| **t == label)
                .map(|(l, _)| *l)
                .collect()
        };
        let (positive, negative) = (select(true), select(false));
        let (m, n) = (positive.len() as f64, negative.len() as f64);
        if positive.is_empty() || negative.is_empty() {
            return None;
        }
        let all: Vec<f64> = positive.iter().chain(&negative).copied().collect();
        let [ranks, own, other] = [&all, &positive, &negative].map(|values| midranks(values));
        let positives: Vec<f64> = own
            .iter()
            .zip(&ranks)
            .map(|(own, all)| (all - own) / n)
            .collect();
        let negatives = other.iter().zip(&ranks[positive.len()..]);
        let negatives = negatives.map(|(own, all)| 1.0 - (all - own) / m).collect();
        let auc = positives.iter().sum::<f64>() / m;
        Some(Self {
            positives,
            negatives,
            auc,
        })
    }

    /// Covariance of two areas on the same cases; the variance if they are the same. `None` with a single case of a
    /// label.
    pub fn covariance(&self, other: &Self) -> Option<f64> {
        let positives = covariance(&self.positives, &other.positives)?;
        let negatives = covariance(&self.negatives, &other.negatives)?;
        Some(positives / self.positives.len() as f64 + negatives / self.negatives.len() as f64)
    }
}

/// Rank of each value from 1; equal values share the mean of their ranks.
fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let same = order[first..]
            .iter()
            .take_while(|&&i| values[i] == values[order[first]]);
        let count = same.count();
        for &item in &order[first..first + count] {
            ranks[item] = first as f64 + (count as f64 + 1.0) / 2.0;
        }
        first += count;
    }
    ranks
}

/// Sample covariance, with n − 1.
fn covariance(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum: f64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| (a - mean_a) * (b - mean_b))
        .sum();
    (a.len() > 1).then(|| sum / (n - 1.0))
}
