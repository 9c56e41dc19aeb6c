//! Evidence by pixel and channel of the network's input: input gradient, integrated gradients, SmoothGrad.
//!
//! The engine gives gradients in batches; here are the inputs to ask for and the sums over what comes back. Inputs are
//! (1, 3, H, W) in the network's scale, results (H, W, 3) as Keras orders them.

use super::{Error, Method, SaliencyMap, Target};
use crate::domain::Tensor;
use crate::imaging::Grid;
use crate::numeric::random::Random;

/// Share of the input's range that is SmoothGrad's standard deviation, as its authors chose.
const NOISE: f64 = 0.15;

/// Signed evidence for every number of the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    pub method: Method,
    pub target: Target,
    /// (H, W, channels).
    pub tensor: Tensor,
}

impl Attribution {
    fn new(
        method: Method,
        target: Target,
        shape: &[usize],
        numbers: &[f64],
    ) -> Result<Self, Error> {
        if numbers.iter().any(|v| !v.is_finite()) {
            return Err(Error::NotANumber);
        }
        let values = numbers.iter().map(|&v| v as f32).collect();
        let mut tensor = Tensor::new(shape.to_vec(), values)
            .and_then(|t| t.nhwc_from_nchw())
            .ok_or_else(|| Error::Shape(format!("an input of shape {shape:?}")))?;
        tensor.shape.remove(0);
        Ok(Self {
            method,
            target,
            tensor,
        })
    }

    /// The sum over the channels, one number per pixel, for showing.
    pub fn to_map(&self) -> Option<SaliencyMap> {
        let &[rows, columns, channels] = self.tensor.shape.as_slice() else {
            return None;
        };
        let pixels = self.tensor.values.chunks_exact(channels.max(1));
        let values = pixels.map(|p| p.iter().sum()).collect();
        Some(SaliencyMap {
            method: self.method,
            layer: None,
            target: self.target,
            grid: Grid::new(rows, columns, values)?,
        })
    }
}

/// Mean over gradients that arrive in batches (n, 3, H, W).
#[derive(Clone, Debug)]
pub struct MeanGradient {
    shape: Vec<usize>,
    sums: Vec<f64>,
    count: usize,
}

impl MeanGradient {
    /// For an input (1, 3, H, W).
    pub fn new(x: &Tensor) -> Self {
        Self {
            shape: x.shape.clone(),
            sums: vec![0.0; x.values.len()],
            count: 0,
        }
    }

    /// How many gradients have arrived.
    pub fn count(&self) -> usize {
        self.count
    }

    /// # Errors
    /// [`Error::Shape`] for gradients by another input.
    pub fn add(&mut self, gradients: &Tensor) -> Result<(), Error> {
        if gradients.shape.get(1..) != self.shape.get(1..) || self.sums.is_empty() {
            return Err(Error::Shape(format!(
                "gradients of shape {:?}",
                gradients.shape
            )));
        }
        for gradient in gradients.values.chunks_exact(self.sums.len()) {
            for (sum, &g) in self.sums.iter_mut().zip(gradient) {
                *sum += f64::from(g);
            }
            self.count += 1;
        }
        Ok(())
    }

    /// Simonyan 2013: d target / d x; with noisy inputs SmoothGrad, Smilkov 2017: mean_k d target / d (x + noise_k).
    pub fn attribution(&self, method: Method, target: Target) -> Result<Attribution, Error> {
        Attribution::new(method, target, &self.shape, &self.mean()?)
    }

    /// Sundararajan 2017: (x − x₀) · ∫ d target / d (x₀ + t · (x − x₀)) dt, the integral as the mean over [`path`].
    ///
    /// # Errors
    /// [`Error::Shape`] when an input is of another shape, [`Error::NotANumber`].
    pub fn integrated(
        &self,
        x: &Tensor,
        baseline: &Tensor,
        target: Target,
    ) -> Result<Attribution, Error> {
        if x.shape != self.shape || baseline.shape != self.shape {
            return Err(Error::Shape(format!("an input of shape {:?}", x.shape)));
        }
        let ways = x.values.iter().zip(&baseline.values);
        let numbers: Vec<f64> = ways
            .zip(self.mean()?)
            .map(|((&x, &x0), g)| (f64::from(x) - f64::from(x0)) * g)
            .collect();
        Attribution::new(Method::IntegratedGradients, target, &self.shape, &numbers)
    }

    fn mean(&self) -> Result<Vec<f64>, Error> {
        if self.count == 0 {
            return Err(Error::Shape("no gradient at all".to_owned()));
        }
        Ok(self.sums.iter().map(|s| s / self.count as f64).collect())
    }
}

/// What integrated gradients leave over: Σ attributions − (target at x − target at the baseline). 0 with endless steps.
pub fn completeness_gap(attribution: &Attribution, at_x: f64, at_baseline: f64) -> f64 {
    let sum: f64 = attribution
        .tensor
        .values
        .iter()
        .map(|&v| f64::from(v))
        .sum();
    sum - (at_x - at_baseline)
}

/// The inputs `first..first + count` of `steps` on the straight way from baseline to x, (count, 3, H, W). Step k lies in
/// the middle of its part, t = (k + ½) / steps, which integrates straight and bent functions alike without bias.
pub fn path(x: &Tensor, baseline: &Tensor, steps: usize, first: usize, count: usize) -> Tensor {
    batch(x, count, |step, at| {
        let t = ((first + step) as f64 + 0.5) / steps.max(1) as f64;
        let (x, x0) = (f64::from(x.values[at]), f64::from(baseline.values[at]));
        (x0 + t * (x - x0)) as f32
    })
}

/// The inputs `first..first + count` of SmoothGrad: x with normal noise whose standard deviation is 15 % of x's range.
/// Each depends on the seed and its own number alone, so that batches of any size give the same.
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

fn batch(x: &Tensor, count: usize, mut number: impl FnMut(usize, usize) -> f32) -> Tensor {
    let mut shape = x.shape.clone();
    if let Some(n) = shape.first_mut() {
        *n = count;
    }
    let values = (0..count)
        .flat_map(|step| (0..x.values.len()).map(move |at| (step, at)))
        .map(|(step, at)| number(step, at))
        .collect();
    Tensor { shape, values }
}

/// Normal numbers by Box and Muller 1958.
struct Noise {
    random: Random,
    second: Option<f64>,
}

impl Noise {
    fn of(seed: u64, sample: usize) -> Self {
        // Neighbouring samples must not walk through each other's numbers.
        let start = Random::new(seed).bits() ^ (sample as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
        Self {
            random: Random::new(Random::new(start).bits()),
            second: None,
        }
    }

    /// Evenly between 0 and 1, never 0.
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
        // Channels stand last: pixel 0 holds the numbers 0, 2 and 4.
        assert_eq!(attribution.tensor.shape, [1, 2, 3]);
        let expected = [1.0 - 0.25, 3.0 * (9.0 - 0.25), 5.0 * (2.25 - 0.25)];
        for (found, expected) in attribution.tensor.values.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5);
        }
        let map = attribution.to_map().unwrap();
        assert!((map.grid.values()[0] - expected.iter().sum::<f32>()).abs() < 1e-4);
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

    #[test]
    fn what_does_not_fit_is_refused() {
        let x = tensor(&[1, 3, 1, 1], vec![0.0; 3]);
        let mut mean = MeanGradient::new(&x);
        let none = mean.attribution(Method::InputGradient, Target::Logit);
        assert!(matches!(none, Err(Error::Shape(_))));
        assert!(mean.add(&tensor(&[1, 3, 2, 1], vec![0.0; 6])).is_err());
        mean.add(&tensor(&[1, 3, 1, 1], vec![f32::NAN; 3])).unwrap();
        let broken = mean.attribution(Method::InputGradient, Target::Logit);
        assert_eq!(broken, Err(Error::NotANumber));
    }
}
