//! Integrated gradients: (x − x₀) · ∫ d target / d (x₀ + t · (x − x₀)) dt, the integral as the mean over [`path`].

use super::{
    CHOICES, Explanation, InputToExplain, MethodDescription, Needs, Network, Output, PLAIN,
    StepKind, Steps, one,
};
use crate::domain::{Baseline, Tensor};
use crate::saliency::attribution::batch;
use crate::saliency::{Attribution, MeanGradient};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["integrated gradients", "積分勾配(Integrated Gradients)"],
    authors: &["Sundararajan", "Taly", "Yan"],
    year: 2017,
    reference: "Axiomatic attribution for deep networks, Proceedings of Machine Learning Research 70, 3319–3328",
    needs: Needs::InputGradient,
    steps: Some(Steps {
        of: StepKind::Path,
        default: 50,
        most: 1000,
        choices: CHOICES,
    }),
    baseline: Some(Baseline::Black),
    // The target at both ends of the path, which gives the completeness gap.
    passes: |recipe, _| recipe.steps() + 2,
    ..PLAIN
};

pub(super) fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
) -> Result<Explanation, N::Error> {
    let (x, steps, baseline) = (task.x, task.recipe.steps(), task.baseline());
    let target_value = task.target_at(network, x)?;
    let mut mean = MeanGradient::new(x);
    // No partial maps: half of the path explains half of the difference.
    for step in 0..steps {
        let input = path(x, &baseline, steps, step, 1);
        mean.add(&one(network, &input, Output::InputGradient)?)?;
    }
    let attribution = mean.integrated(x, &baseline, task.target)?;
    let baseline_value = task.target_at(network, &baseline)?;
    let gap = completeness_gap(&attribution, target_value, baseline_value);
    Ok(Explanation {
        baseline_value: Some(baseline_value),
        completeness_gap: Some(gap),
        ..attribution.explanation(target_value)?
    })
}

/// Completeness gap: Σ attributions − (target at x − target at the baseline). It tends to 0 as the steps increase.
pub fn completeness_gap(attribution: &Attribution, at_x: f64, at_baseline: f64) -> f64 {
    let sum: f64 = attribution
        .tensor
        .values
        .iter()
        .map(|&v| f64::from(v))
        .sum();
    sum - (at_x - at_baseline)
}

/// The inputs `first..first + count` of `steps` on the straight path from baseline to x, (count, 3, H, W). Step k is at
/// the midpoint of its interval, t = (k + ½) / steps, which avoids the bias of either endpoint.
pub fn path(x: &Tensor, baseline: &Tensor, steps: usize, first: usize, count: usize) -> Tensor {
    batch(x, count, |step, at| {
        let t = ((first + step) as f64 + 0.5) / steps.max(1) as f64;
        let (x, x0) = (f64::from(x.values[at]), f64::from(baseline.values[at]));
        (x0 + t * (x - x0)) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saliency::Target;

    fn tensor(shape: &[usize], values: Vec<f32>) -> Tensor {
        Tensor::new(shape.to_vec(), values).unwrap()
    }

    /// Gradients of Σ w · x² with w = 1, 2, 3, ….
    fn gradients(x: &Tensor) -> Tensor {
        let per = x.values.len() / x.shape[0];
        let slope = |(at, &x): (usize, &f32)| 2.0 * (at % per + 1) as f32 * x;
        tensor(&x.shape, x.values.iter().enumerate().map(slope).collect())
    }

    #[test]
    fn the_middle_rule_integrates_a_parabola_exactly() {
        let x = tensor(&[1, 3, 1, 2], vec![1.0, -2.0, 3.0, 0.5, 1.5, -1.0]);
        let baseline = tensor(&[1, 3, 1, 2], vec![0.5; 6]);
        let mut mean = MeanGradient::new(&x);
        for first in [0, 3] {
            mean.add(&gradients(&path(
                &x,
                &baseline,
                5,
                first,
                if first == 0 { 3 } else { 2 },
            )))
            .unwrap();
        }
        assert_eq!(mean.count(), 5);
        let attribution = mean.integrated(&x, &baseline, Target::Logit).unwrap();
        let value = |x: &Tensor| -> f64 {
            let squares = x.values.iter().enumerate();
            squares
                .map(|(i, &x)| (i + 1) as f64 * f64::from(x * x))
                .sum()
        };
        let gap = completeness_gap(&attribution, value(&x), value(&baseline));
        assert!(gap.abs() < 1e-5, "{gap}");
        // Channels come last: pixel 0 holds the values 0, 2 and 4.
        assert_eq!(attribution.tensor.shape, [1, 2, 3]);
        let expected = [1.0 - 0.25, 3.0 * (9.0 - 0.25), 5.0 * (2.25 - 0.25)];
        for (found, expected) in attribution.tensor.values.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5);
        }
        let map = attribution.to_map().unwrap();
        assert!((map.grid.values()[0] - expected.iter().sum::<f32>()).abs() < 1e-4);
    }
}
