//! Hiding parts of an input: the one way in which every sanity check, region and brush removes evidence.
//!
//! A hidden part is replaced by a [`Baseline`](super::Baseline): x' = (1 − m) · x + m · fill, with a mask m from 0
//! (kept) to 1 (hidden) for every pixel of the network's input. Preparation is linear, so this equals painting over
//! that part of the photograph, at the network's own resolution.

use crate::domain::Tensor;

/// The hidden part of an input: one value from 0 (kept) to 1 (hidden) per pixel, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f32>,
}

impl Mask {
    /// Hides nothing.
    pub fn clear(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            values: vec![0.0; rows * columns],
        }
    }

    /// Hides the pixels for whose centres (x, y), in input coordinates, `hides` is true.
    pub fn where_(rows: usize, columns: usize, hides: impl Fn((f64, f64)) -> bool) -> Self {
        let at = |i: usize| ((i % columns) as f64 + 0.5, (i / columns) as f64 + 0.5);
        let values = (0..rows * columns).map(|i| if hides(at(i)) { 1.0 } else { 0.0 });
        Self {
            rows,
            columns,
            values: values.collect(),
        }
    }

    /// Swaps hidden and kept.
    pub fn inverted(mut self) -> Self {
        for value in &mut self.values {
            *value = 1.0 - *value;
        }
        self
    }

    /// Fraction of the input that is hidden, 0–1.
    pub fn area(&self) -> f64 {
        let sum: f64 = self.values.iter().map(|&v| f64::from(v)).sum();
        sum / self.values.len().max(1) as f64
    }

    pub fn hides_nothing(&self) -> bool {
        self.values.iter().all(|v| *v == 0.0)
    }
}

/// The input (1, C, H, W) with the masked part replaced by that of `fill`. A mask of another size hides nothing; the
/// caller builds it from the input's own size.
pub fn covered(x: &Tensor, fill: &Tensor, mask: &Mask) -> Tensor {
    let fits = x.shape == fill.shape && x.shape.ends_with(&[mask.rows, mask.columns]);
    if !fits {
        debug_assert!(fits, "a mask of another size");
        return x.clone();
    }
    let pairs = x
        .values
        .iter()
        .zip(&fill.values)
        .zip(mask.values.iter().cycle());
    Tensor {
        shape: x.shape.clone(),
        values: pairs.map(|((&x, &fill), &m)| x + m * (fill - x)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_is_replaced_in_every_channel_and_the_rest_stays() {
        let x = Tensor::new(vec![1, 2, 1, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        let fill = Tensor::new(vec![1, 2, 1, 3], vec![0.0; 6]).unwrap();
        let mask = Mask::where_(1, 3, |(x, _)| x > 2.0);
        assert_eq!(
            covered(&x, &fill, &mask).values,
            [1.0, 2.0, 0.0, 4.0, 5.0, 0.0]
        );
        let rest = covered(&x, &fill, &mask.clone().inverted());
        assert_eq!(rest.values, [0.0, 0.0, 3.0, 0.0, 0.0, 6.0]);
        assert!((mask.area() - 1.0 / 3.0).abs() < 1e-9);
        let half = Mask {
            values: vec![0.5; 3],
            ..Mask::clear(1, 3)
        };
        assert_eq!(covered(&x, &fill, &half).values[1], 1.0);
        assert!(Mask::clear(2, 2).hides_nothing() && !half.hides_nothing());
    }
}
