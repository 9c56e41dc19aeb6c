//! Cases by recorded label and by the label that the model gives at its operating threshold.

use super::cases::LabelledScores;

/// Numbers of cases; "positive" is the label of output 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    pub true_positives: u64,
    pub false_positives: u64,
    pub true_negatives: u64,
    pub false_negatives: u64,
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Confusion {
    /// A case is called positive if its score is at least the threshold.
    pub fn at(cases: &LabelledScores, threshold: f64) -> Self {
        Self::weighted(cases, threshold, |_| 1)
    }

    pub(super) fn weighted(
        cases: &LabelledScores,
        threshold: f64,
        weight: impl Fn(usize) -> u32,
    ) -> Self {
        let mut counts = Self::default();
        for (case, (truth, score)) in cases.truths.iter().zip(&cases.scores).enumerate() {
            let cell = match (*truth, *score >= threshold) {
                (true, true) => &mut counts.true_positives,
                (true, false) => &mut counts.false_negatives,
                (false, true) => &mut counts.false_positives,
                (false, false) => &mut counts.true_negatives,
            };
            *cell += u64::from(weight(case));
        }
        counts
    }

    pub fn cases(&self) -> u64 {
        self.positives() + self.negatives()
    }

    /// Cases with the label of output 1.
    pub fn positives(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    pub fn negatives(&self) -> u64 {
        self.true_negatives + self.false_positives
    }

    /// Cases that the model calls positive.
    pub fn called_positive(&self) -> u64 {
        self.true_positives + self.false_positives
    }

    pub fn called_negative(&self) -> u64 {
        self.true_negatives + self.false_negatives
    }

    pub fn accuracy(&self) -> Option<f64> {
        share(self.true_positives + self.true_negatives, self.cases())
    }

    pub fn sensitivity(&self) -> Option<f64> {
        share(self.true_positives, self.positives())
    }

    pub fn specificity(&self) -> Option<f64> {
        share(self.true_negatives, self.negatives())
    }

    /// Mean of sensitivity and specificity.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        Some((self.sensitivity()? + self.specificity()?) / 2.0)
    }

    /// Positive predictive value: at the prevalence of the cases, or at a given one (Bayes' theorem).
    pub fn positive_predictive_value(&self, prevalence: Option<f64>) -> Option<f64> {
        let Some(prevalence) = prevalence else {
            return share(self.true_positives, self.called_positive());
        };
        let hit = self.sensitivity()? * prevalence;
        let miss = (1.0 - self.specificity()?) * (1.0 - prevalence);
        (hit + miss > 0.0).then(|| hit / (hit + miss))
    }

    /// Negative predictive value, likewise.
    pub fn negative_predictive_value(&self, prevalence: Option<f64>) -> Option<f64> {
        let Some(prevalence) = prevalence else {
            return share(self.true_negatives, self.called_negative());
        };
        let hit = self.specificity()? * (1.0 - prevalence);
        let miss = (1.0 - self.sensitivity()?) * prevalence;
        (hit + miss > 0.0).then(|| hit / (hit + miss))
    }

    /// Harmonic mean of positive predictive value and sensitivity.
    pub fn f1(&self) -> Option<f64> {
        share(
            2 * self.true_positives,
            2 * self.true_positives + self.false_positives + self.false_negatives,
        )
    }

    /// Matthews' correlation coefficient, −1 to 1; `None` where a margin is empty.
    pub fn mcc(&self) -> Option<f64> {
        let margins = [
            self.positives(),
            self.negatives(),
            self.called_positive(),
            self.called_negative(),
        ];
        let product: f64 = margins.iter().map(|m| *m as f64).product();
        let agreed = self.true_positives as f64 * self.true_negatives as f64;
        let crossed = self.false_positives as f64 * self.false_negatives as f64;
        (product > 0.0).then(|| (agreed - crossed) / product.sqrt())
    }
}
