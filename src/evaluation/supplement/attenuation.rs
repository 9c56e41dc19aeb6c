//! What is lost if the label of a score stands in for the recorded one.

use crate::evaluation::performance::Confusion;

/// Predictive values of the labelled cases at the operating threshold. A mean difference of an outcome between labels
/// that a model gave is the true one times PPV + NPV − 1, if outcome and model's label depend on each other through the
/// recorded label alone (Gustafson, Measurement Error and Misclassification, 2004, chapter 3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attenuation {
    /// Share of label 1 among the labelled cases that the model gives label 1, 0–1.
    pub positive_predictive_value: f64,
    /// Share of label 0 among those that it gives label 0, 0–1.
    pub negative_predictive_value: f64,
}

impl Attenuation {
    /// `None` if the model gives all labelled cases the same label.
    pub fn of(scores: &[f64], labels: &[Option<bool>], threshold: f64) -> Option<Self> {
        let mut counts = Confusion::default();
        for (score, label) in scores.iter().zip(labels) {
            let place = match (label, *score >= threshold) {
                (None, _) => continue,
                (Some(true), true) => &mut counts.true_positives,
                (Some(false), true) => &mut counts.false_positives,
                (Some(true), false) => &mut counts.false_negatives,
                (Some(false), false) => &mut counts.true_negatives,
            };
            *place += 1;
        }
        Some(Self {
            positive_predictive_value: counts.positive_predictive_value(None)?,
            negative_predictive_value: counts.negative_predictive_value(None)?,
        })
    }

    /// PPV + NPV − 1: −1 to 1; 1 without loss.
    pub fn factor(&self) -> f64 {
        self.positive_predictive_value + self.negative_predictive_value - 1.0
    }
}
