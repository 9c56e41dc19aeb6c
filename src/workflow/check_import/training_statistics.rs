//! Distance of photographs from those of training, measured without labels at the first batch norms of a network.
//!
//! The training statistics of a network (`keras::Imported::training_statistics`) give channels that had mean 0 and
//! variance 1 in training. Under a setting that prepares photographs as in training they have about these values again.
//! The distance is the Fréchet distance between normal distributions, √(m² + (s − 1)²) for a channel with mean m and
//! standard deviation s, as root mean square over the channels, in standard deviations of training. A camera other than
//! that of training adds to it under every setting.

use crate::domain::Tensor;
use crate::graph;
use crate::progress::Cancel;
use crate::runtime::{Device, Engines, Model, Session};
use crate::workflow::Error;

/// The part of a network that gives the training statistics, ready to run.
pub(super) struct TrainingStatistics(Box<dyn Session>);

/// Mean of each channel over one photograph, and that of its squares.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moments {
    mean: Vec<f32>,
    square: Vec<f32>,
}

impl TrainingStatistics {
    /// `None` for the empty file of a network without training statistics. It is small, and always runs on the embedded
    /// engine.
    pub fn open(onnx: &[u8], cancel: &Cancel) -> Result<Option<Self>, Error> {
        if onnx.is_empty() {
            return Ok(None);
        }
        let engines = Engines::embedded_only();
        let opened = engines.open(Device::Embedded, Model::Bytes(onnx), cancel)?;
        Ok(Some(Self(opened.session)))
    }

    pub fn moments(&mut self, input: &Tensor, cancel: &Cancel) -> Result<Moments, Error> {
        let outputs = self.0.run(&[(graph::INPUT, input)], &graph::STEM, cancel)?;
        let mut outputs = outputs.into_iter().map(|tensor| tensor.values);
        let mut next = || outputs.next().unwrap_or_default();
        Ok(Moments {
            mean: next(),
            square: next(),
        })
    }
}

#[cfg(test)]
impl Moments {
    /// Bytes of memory that these figures hold beyond their need.
    pub fn idle_bytes(&self) -> usize {
        let idle = |v: &Vec<f32>| (v.capacity() - v.len()) * size_of::<f32>();
        idle(&self.mean) + idle(&self.square)
    }
}

/// Distance of these photographs together from those of training, in standard deviations of training; `None` without
/// photographs or if it is not a number.
pub(super) fn distance<'a>(photographs: impl Iterator<Item = &'a Moments>) -> Option<f64> {
    let mut sums: Vec<[f64; 2]> = Vec::new();
    let mut count = 0.0;
    for moments in photographs {
        sums.resize(moments.mean.len().max(sums.len()), [0.0; 2]);
        let pairs = moments.mean.iter().zip(&moments.square);
        for (sum, (mean, square)) in sums.iter_mut().zip(pairs) {
            *sum = [sum[0] + f64::from(*mean), sum[1] + f64::from(*square)];
        }
        count += 1.0;
    }
    let channels = sums.len() as f64;
    let squared = sums.into_iter().map(|[mean, square]| {
        let (mean, square) = (mean / count, square / count);
        let deviation = (square - mean * mean).max(0.0).sqrt();
        mean * mean + (deviation - 1.0) * (deviation - 1.0)
    });
    let distance = (squared.sum::<f64>() / channels).sqrt();
    distance.is_finite().then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mean: &[f32], square: &[f32]) -> Moments {
        Moments {
            mean: mean.to_vec(),
            square: square.to_vec(),
        }
    }

    #[test]
    fn photographs_as_in_training_lie_at_nothing() {
        // Two photographs whose channels differ, and together match training.
        let two = [
            moments(&[-0.5, 0.0], &[1.0, 0.5]),
            moments(&[0.5, 0.0], &[1.0, 1.5]),
        ];
        assert!(distance(two.iter()).unwrap() < 1e-9);
    }

    #[test]
    fn a_shift_and_a_spread_count_in_standard_deviations() {
        let shifted = [moments(&[3.0], &[10.0])];
        assert!((distance(shifted.iter()).unwrap() - 3.0).abs() < 1e-6);
        let spread = [moments(&[0.0, 0.0], &[9.0, 1.0])];
        let expected = (4.0_f64 / 2.0).sqrt();
        assert!((distance(spread.iter()).unwrap() - expected).abs() < 1e-6);
    }

    #[test]
    fn nothing_and_what_is_not_finite_have_no_distance() {
        assert_eq!(distance([].into_iter()), None);
        assert_eq!(distance([moments(&[f32::INFINITY], &[1.0])].iter()), None);
    }
}
