//! What stands for "nothing to see": the start of a path, or the patch that hides.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clinic::Tensor;

/// The blur's standard deviation as a share of the longer side.
const BLUR: f64 = 1.0 / 16.0;

/// An input without the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// Black pixels, in the network's scale.
    Black,
    /// The input under a wide Gaussian blur: colour and light stay, detail goes (Fong and Vedaldi 2017).
    Blur,
    /// The mean of each channel everywhere.
    Mean,
}

impl Baseline {
    pub const ALL: [Self; 3] = [Self::Black, Self::Blur, Self::Mean];

    /// The name used on the command line and in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::Blur => "blur",
            Self::Mean => "mean",
        }
    }

    /// The baseline of an input (1, C, H, W); `black` is a black pixel in the network's scale, one number per channel.
    pub fn of(self, x: &Tensor, black: &[f32]) -> Tensor {
        let &[_, channels, rows, columns] = x.shape.as_slice() else {
            return x.clone();
        };
        let planes = x.values.chunks((rows * columns).max(1));
        let values = planes.enumerate().flat_map(|(plane, values)| match self {
            Self::Black => {
                let black = black.get(plane % channels.max(1)).copied();
                vec![black.unwrap_or(0.0); values.len()]
            }
            Self::Mean => {
                let sum: f64 = values.iter().map(|&v| f64::from(v)).sum();
                vec![(sum / values.len() as f64) as f32; values.len()]
            }
            Self::Blur => blurred(values, rows, columns),
        });
        Tensor {
            shape: x.shape.clone(),
            values: values.collect(),
        }
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Baseline {
    type Err = UnknownBaseline;

    fn from_str(word: &str) -> Result<Self, UnknownBaseline> {
        let found = Self::ALL.into_iter().find(|b| b.as_str() == word);
        found.ok_or(UnknownBaseline)
    }
}

/// A word that names no baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown baseline; use black, blur or mean")]
pub struct UnknownBaseline;

/// One plane under a Gaussian, along rows, then along columns; beyond the border the border goes on.
fn blurred(plane: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let deviation = (BLUR * rows.max(columns) as f64).max(0.5);
    let reach = (3.0 * deviation).ceil() as usize;
    let weight = |d: usize| libm::exp(-0.5 * (d as f64 / deviation) * (d as f64 / deviation));
    let weights: Vec<f64> = (0..=2 * reach).map(|d| weight(d.abs_diff(reach))).collect();
    let whole: f64 = weights.iter().sum();
    let at =
        |place: usize, step: usize, size: usize| (place + step).saturating_sub(reach).min(size - 1);
    let pass = |source: &dyn Fn(usize) -> f64| -> f64 {
        let terms = weights.iter().enumerate();
        terms.map(|(step, w)| w * source(step)).sum::<f64>() / whole
    };
    let mut along = vec![0.0_f64; plane.len()];
    for (i, value) in along.iter_mut().enumerate() {
        let (row, column) = (i / columns, i % columns);
        *value = pass(&|step| f64::from(plane[row * columns + at(column, step, columns)]));
    }
    (0..plane.len())
        .map(|i| {
            let (row, column) = (i / columns, i % columns);
            pass(&|step| along[at(row, step, rows) * columns + column]) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_baseline_takes_the_detail_away() {
        let values: Vec<f32> = (0..3 * 256)
            .map(|i| f32::from(u8::from(i % 2 == 0)))
            .collect();
        let x = Tensor::new(vec![1, 3, 16, 16], values).unwrap();
        let black = Baseline::Black.of(&x, &[-1.0, -2.0, -3.0]);
        assert_eq!([0, 300, 700].map(|i| black.values[i]), [-1.0, -2.0, -3.0]);
        assert!(Baseline::Mean.of(&x, &[]).values.iter().all(|v| *v == 0.5));
        let blur = Baseline::Blur.of(&x, &[]);
        let inner = &blur.values[8 * 16 + 5..8 * 16 + 11];
        assert!(inner.iter().all(|v| (v - 0.5).abs() < 0.02), "{inner:?}");
        assert_eq!(blur.shape, x.shape);
    }

    #[test]
    fn a_blur_keeps_what_is_even() {
        let x = Tensor::new(vec![1, 1, 5, 9], vec![0.75; 45]).unwrap();
        let blur = Baseline::Blur.of(&x, &[]);
        assert!(blur.values.iter().all(|v| (v - 0.75).abs() < 1e-6));
    }

    #[test]
    fn names_go_both_ways() {
        for baseline in Baseline::ALL {
            assert_eq!(baseline.as_str().parse(), Ok(baseline));
        }
        assert_eq!("white".parse::<Baseline>(), Err(UnknownBaseline));
    }
}
