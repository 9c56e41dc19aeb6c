//! The input that represents "nothing to see": the start of a path, or the fill of an occluding patch.

use super::Mask;
use crate::domain::{Baseline, FieldOfView, Tensor};
use crate::imaging::Geometry;

/// The blur's standard deviation as a fraction of the longer side.
const BLUR: f64 = 1.0 / 16.0;

impl Baseline {
    /// The baseline of an input (1, C, H, W); `black` is a black pixel in the network's scale, one value per channel.
    pub fn of(self, x: &Tensor, black: &[f32]) -> Tensor {
        self.within(x, black, None)
    }

    /// The same, with the mean taken over the pixels marked by `inside`, see [`inside_field`]; over all pixels if none
    /// is marked.
    pub fn within(self, x: &Tensor, black: &[f32], inside: Option<&Mask>) -> Tensor {
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
                let marked = inside.map(|mask| mean(values.iter().zip(&mask.values)));
                let whole = || mean(values.iter().map(|v| (v, &1.0))).unwrap_or(0.0);
                vec![marked.flatten().unwrap_or_else(whole); values.len()]
            }
            Self::Blur => blurred(values, rows, columns),
        });
        Tensor {
            shape: x.shape.clone(),
            values: values.collect(),
        }
    }
}

/// Marks the pixels of a rows × columns input whose centres are in the field of view. Without a round border the whole
/// frame counts as field.
pub fn inside_field([rows, columns]: [usize; 2], geometry: &Geometry, field: &FieldOfView) -> Mask {
    let [width, height] = geometry.image.map(f64::from);
    Mask::where_(rows, columns, |place| {
        let (x, y) = geometry.image_from_map(place, rows, columns);
        let in_frame = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        let in_circle = (x - field.centre_x).hypot(y - field.centre_y) <= field.radius;
        in_frame && (in_circle || !field.round)
    })
}

/// Weighted mean; `None` if the weights sum to 0.
fn mean<'a>(numbers: impl Iterator<Item = (&'a f32, &'a f32)>) -> Option<f32> {
    let (sum, weight) = numbers.fold((0.0, 0.0), |(sum, weight), (&v, &w)| {
        (sum + f64::from(v) * f64::from(w), weight + f64::from(w))
    });
    (weight > 0.0).then(|| (sum / weight) as f32)
}

/// Gaussian blur of one plane, along rows, then along columns; edge values are repeated beyond the border.
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
    fn the_mean_of_a_photograph_is_that_of_its_field() {
        let geometry = Geometry::new([40, 40], (0, 0, 40, 40).into(), [20, 20]).unwrap();
        let field = FieldOfView {
            centre_x: 20.0,
            centre_y: 20.0,
            radius: 16.0,
            completeness: 1.0,
            round: true,
        };
        let inside = inside_field([20, 20], &geometry, &field);
        let marked: f32 = inside.values.iter().sum();
        let circle = std::f64::consts::PI * 64.0;
        assert!(
            (f64::from(marked) - circle).abs() < 0.05 * circle,
            "{marked}"
        );
        // 3 inside and −1 in the black corners.
        let values = inside.values.iter().map(|m| 4.0 * m - 1.0).collect();
        let x = Tensor::new(vec![1, 1, 20, 20], values).unwrap();
        let of_field = Baseline::Mean.within(&x, &[], Some(&inside));
        assert!(of_field.values.iter().all(|v| *v == 3.0));
        assert!(Baseline::Mean.of(&x, &[]).values[0] < 2.1);
        let nothing = Mask::clear(20, 20);
        assert_eq!(
            Baseline::Mean.within(&x, &[], Some(&nothing)),
            Baseline::Mean.of(&x, &[])
        );
    }

    #[test]
    fn a_blur_keeps_what_is_even() {
        let x = Tensor::new(vec![1, 1, 5, 9], vec![0.75; 45]).unwrap();
        let blur = Baseline::Blur.of(&x, &[]);
        assert!(blur.values.iter().all(|v| (v - 0.75).abs() < 1e-6));
    }
}
