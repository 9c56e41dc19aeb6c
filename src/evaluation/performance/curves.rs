//! The ROC curve and the curve of precision against recall.

use super::cases::LabelledScores;

/// The operating point of one threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPoint {
    /// Cases with at least this score are called positive; above 1 at the point where none is.
    pub threshold: f64,
    pub sensitivity: f64,
    pub specificity: f64,
}

/// Precision (positive predictive value) and recall (sensitivity) of one threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionRecallPoint {
    pub threshold: f64,
    pub precision: f64,
    pub recall: f64,
}

/// Cases called positive down to a threshold.
struct Step {
    threshold: f64,
    true_positives: u64,
    false_positives: u64,
}

/// One step for each different score, from the highest; weights count cases several times.
fn steps(cases: &LabelledScores, order: &[usize], weights: Option<&[u32]>) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (place, &case) in order.iter().enumerate() {
        let weight = weights.map_or(1, |weights| u64::from(weights[case]));
        if cases.truths[case] {
            true_positives += weight;
        } else {
            false_positives += weight;
        }
        let next = order.get(place + 1);
        if next.is_none_or(|&next| cases.logits[next] != cases.logits[case]) {
            steps.push(Step {
                threshold: cases.scores[case],
                true_positives,
                false_positives,
            });
        }
    }
    steps
}

/// Every operating point, from the highest threshold (nothing is called positive) to the lowest; empty unless both labels
/// have a case.
pub fn roc_curve(cases: &LabelledScores) -> Vec<RocPoint> {
    let positives = cases.positives() as f64;
    let negatives = cases.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return Vec::new();
    }
    let first = RocPoint {
        threshold: f64::INFINITY,
        sensitivity: 0.0,
        specificity: 1.0,
    };
    let steps = steps(cases, &cases.by_descending_logit(), None);
    let points = steps.into_iter().map(|step| RocPoint {
        threshold: step.threshold,
        sensitivity: step.true_positives as f64 / positives,
        specificity: 1.0 - step.false_positives as f64 / negatives,
    });
    std::iter::once(first).chain(points).collect()
}

/// Precision at every recall, from the highest threshold; empty without a positive case.
pub fn precision_recall_curve(cases: &LabelledScores) -> Vec<PrecisionRecallPoint> {
    let positives = cases.positives() as f64;
    if positives == 0.0 {
        return Vec::new();
    }
    let steps = steps(cases, &cases.by_descending_logit(), None);
    let points = steps.into_iter().map(|step| {
        let called = step.true_positives + step.false_positives;
        PrecisionRecallPoint {
            threshold: step.threshold,
            precision: step.true_positives as f64 / called as f64,
            recall: step.true_positives as f64 / positives,
        }
    });
    points.collect()
}

/// Area under the curve of precision against recall as the mean of precision over the steps of recall, without
/// interpolation (average precision); `None` without a positive case of weight.
pub(super) fn average_precision(
    cases: &LabelledScores,
    descending: &[usize],
    weights: Option<&[u32]>,
) -> Option<f64> {
    let steps = steps(cases, descending, weights);
    let positives = steps.last().map_or(0, |last| last.true_positives);
    let (mut before, mut area) = (0, 0.0);
    for step in steps {
        let called = step.true_positives + step.false_positives;
        let gained = step.true_positives - before;
        if gained > 0 {
            area += gained as f64 * step.true_positives as f64 / called as f64;
        }
        before = step.true_positives;
    }
    (positives > 0).then(|| area / positives as f64)
}
