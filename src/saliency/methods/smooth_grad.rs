//! SmoothGrad: the mean over k of d target / d (x + noise_k).

use super::{
    CHOICES, Explanation, InputToExplain, MethodDescription, Needs, Network, OnPartialMap, Output,
    PLAIN, StepKind, Steps, one,
};
use crate::domain::Tensor;
use crate::numeric::random::Random;
use crate::saliency::MeanGradient;
use crate::saliency::attribution::batch;

/// The noise's standard deviation as a fraction of the input's range, as in the paper.
const NOISE: f64 = 0.15;

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["SmoothGrad", "SmoothGrad"],
    authors: &["Smilkov", "Thorat", "Kim", "Viégas", "Wattenberg"],
    year: 2017,
    reference: "SmoothGrad: removing noise by adding noise, arXiv:1706.03825",
    needs: Needs::InputGradient,
    steps: Some(Steps {
        of: StepKind::Samples,
        default: 50,
        most: 1000,
        choices: CHOICES,
    }),
    has_seed: true,
    // The target at the input itself.
    passes: |recipe, _| recipe.steps() + 1,
    ..PLAIN
};

pub(super) fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
    notify: OnPartialMap<'_>,
) -> Result<Explanation, N::Error> {
    let (method, steps) = (task.recipe.method, task.recipe.steps());
    let target_value = task.target_at(network, task.x)?;
    let mut mean = MeanGradient::new(task.x);
    for step in 0..steps {
        let input = noisy(task.x, task.recipe.seed(), step, 1);
        mean.add(&one(network, &input, Output::InputGradient)?)?;
        // The mean over fewer samples is the same map with more noise, so it can be shown as a partial map.
        if task.progressive && step + 1 < steps {
            let so_far = mean.attribution(method, task.target)?.to_map();
            so_far.into_iter().for_each(&mut *notify);
        }
    }
    let attribution = mean.attribution(method, task.target)?;
    Ok(attribution.explanation(target_value)?)
}

/// The inputs `first..first + count` of SmoothGrad: x with normal noise whose standard deviation is 15 % of x's range.
/// Each depends only on the seed and its index, so the batch size does not change the result.
pub fn noisy(x: &Tensor, seed: u64, first: usize, count: usize) -> Tensor {
    let (low, high) = x
        .values
        .iter()
        .fold((f32::MAX, f32::MIN), |(low, high), &v| {
            (low.min(v), high.max(v))
        });
    let deviation = NOISE * f64::from(high - low).max(0.0);
    let mut noise = Noise::of(seed, first);
    let mut current = 0;
    batch(x, count, |step, at| {
        if step != current {
            (noise, current) = (Noise::of(seed, first + step), step);
        }
        (f64::from(x.values[at]) + deviation * noise.next()) as f32
    })
}

/// Normally distributed numbers (Box and Muller 1958).
struct Noise {
    random: Random,
    second: Option<f64>,
}

impl Noise {
    fn of(seed: u64, sample: usize) -> Self {
        // Neighbouring samples must not share parts of one random sequence.
        let start = Random::new(seed).bits() ^ (sample as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
        Self {
            random: Random::new(Random::new(start).bits()),
            second: None,
        }
    }

    /// Uniform between 0 and 1, never 0.
    fn even(&mut self) -> f64 {
        ((self.random.bits() >> 11) as f64 + 1.0) / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> f64 {
        if let Some(second) = self.second.take() {
            return second;
        }
        let radius = (-2.0 * libm::log(self.even())).sqrt();
        let angle = std::f64::consts::TAU * self.even();
        self.second = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(shape: &[usize], values: Vec<f32>) -> Tensor {
        Tensor::new(shape.to_vec(), values).unwrap()
    }

    #[test]
    fn noise_is_normal_and_the_same_in_any_batches() {
        let x = tensor(
            &[1, 1, 50, 50],
            (0..2500).map(|v| v as f32 / 2499.0).collect(),
        );
        let all = noisy(&x, 7, 0, 4);
        let parts = [noisy(&x, 7, 0, 1), noisy(&x, 7, 1, 3)];
        let joined: Vec<f32> = parts.iter().flat_map(|p| p.values.clone()).collect();
        assert_eq!(all.values, joined);
        assert_ne!(all.values, noisy(&x, 8, 0, 4).values);
        let noise = all.values.iter().zip(x.values.iter().cycle());
        let noise: Vec<f64> = noise.map(|(a, b)| f64::from(a - b) / NOISE).collect();
        let mean = noise.iter().sum::<f64>() / 1e4;
        let square = noise.iter().map(|v| v * v).sum::<f64>() / 1e4;
        assert!(
            mean.abs() < 0.03 && (square - 1.0).abs() < 0.05,
            "{mean} {square}"
        );
    }
}
