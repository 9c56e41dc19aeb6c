//! Evidence per pixel and channel of the network's input: input gradient, integrated gradients, SmoothGrad.
//!
//! The engine returns gradients in batches; this module accumulates them and computes the attributions. Inputs are
//! (1, 3, H, W) in the network's scale, results (H, W, 3) as in Keras.

use super::{Error, Explanation, SaliencyMap, Target};
use crate::domain::{Method, Tensor};
use crate::imaging::Grid;

/// Signed evidence for every value of the input.
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

    /// The sum over the channels, one value per pixel, for display.
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

    /// Adds the map for display and the target at the input.
    pub(super) fn explanation(self, target_value: f64) -> Result<Explanation, Error> {
        let map = self.to_map();
        Ok(Explanation {
            map: map.ok_or_else(|| Error::Shape("an input without pixels".to_owned()))?,
            tensor: self.tensor,
            target_value: Some(target_value),
            baseline_value: None,
            completeness_gap: None,
        })
    }
}

/// Mean of gradients that arrive in batches (n, 3, H, W).
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

    /// The number of gradients added so far.
    pub fn count(&self) -> usize {
        self.count
    }

    /// # Errors
    /// [`Error::Shape`] for gradients with respect to an input of another shape.
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

    /// Sundararajan 2017: (x − x₀) · ∫ d target / d (x₀ + t · (x − x₀)) dt, the integral as the mean over `path`.
    ///
    /// # Errors
    /// [`Error::Shape`] if an input has another shape, [`Error::NotANumber`].
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
            return Err(Error::Shape("there are no gradients".to_owned()));
        }
        Ok(self.sums.iter().map(|s| s / self.count as f64).collect())
    }
}

/// A batch of `count` inputs shaped like `x` (1, C, H, W), computed value by value.
pub(super) fn batch(
    x: &Tensor,
    count: usize,
    mut number: impl FnMut(usize, usize) -> f32,
) -> Tensor {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(shape: &[usize], values: Vec<f32>) -> Tensor {
        Tensor::new(shape.to_vec(), values).unwrap()
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
