//! Resizing and cropping of feature maps.
//!
//! A resize multiplies the rows by one matrix and the columns by another, here as convolutions of 1 × 1 over the axis
//! that is resized: so every kernel, part and border is exact in every engine, and has a gradient.

use super::{Context, LayerContext, LayerOutput};
use crate::graph::{AxisSlice, Conv, Op, Pads, ValueId};
use crate::keras::Error;
use crate::keras::kind::{Fit, Interpolation, Resize};

/// Maximum numbers of the matrix of one axis.
const MAX_NUMBERS: usize = 1 << 25;
/// Maximum numbers of all such matrices of a network.
const MAX_NUMBERS_OF_ALL: usize = 2 * MAX_NUMBERS;
/// Steps per pixel of TensorFlow's table of cubic weights.
const CUBIC_STEPS: f32 = 1024.0;

/// The part of an axis that is resized; it may reach beyond the axis, where there are zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: i64,
    pub length: usize,
}

impl Context<'_> {
    /// Counts a matrix that moves or mixes the places of an axis.
    ///
    /// # Errors
    /// [`Error::Limit`] if it is too large, or all of them together are.
    pub fn count_matrix(
        &mut self,
        spot: LayerContext,
        output: usize,
        input: usize,
    ) -> Result<(), Error> {
        let too_large = || Error::Limit(format!("the matrix of {}", spot.layer));
        let count = output.checked_mul(input).filter(|&n| n <= MAX_NUMBERS);
        let all = self
            .matrix_numbers
            .checked_add(count.ok_or_else(too_large)?);
        let all = all.filter(|&n| n <= MAX_NUMBERS_OF_ALL);
        self.matrix_numbers = all.ok_or_else(too_large)?;
        Ok(())
    }
}

/// Resizes height and width.
pub fn resize(
    context: &mut Context,
    spot: LayerContext,
    resize: &Resize,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let [_, height, width] = context.picture(x, spot)?;
    for (input, output) in [height, width].into_iter().zip(resize.size) {
        context.count_matrix(spot, output, input)?;
    }
    let spans = spans([height, width], resize.size, resize.fit);
    let [rows, columns] = [(height, 0), (width, 1)]
        .map(|(input, axis)| matrix(resize, spans[axis], input, resize.size[axis]));
    let y = context.transposed(spot, vec![0, 2, 1, 3], x.value)?;
    let y = multiplied(context, spot, "rows", [resize.size[0], height], rows, y)?;
    let y = context.transposed(spot, vec![0, 3, 1, 2], y)?;
    let y = multiplied(
        context,
        spot,
        "columns",
        [resize.size[1], width],
        columns,
        y,
    )?;
    context.transposed(spot, vec![0, 3, 2, 1], y)
}

/// Removes rows and columns on each side.
pub fn crop(
    context: &mut Context,
    spot: LayerContext,
    pads: Pads,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let [_, height, width] = context.picture(x, spot)?;
    let cut = |axis: usize, size: usize, before: usize, after: usize| {
        let end = size.checked_sub(after).filter(|&end| end > before);
        end.map(|end| AxisSlice {
            axis,
            start: before,
            end,
            step: 1,
        })
        .ok_or_else(|| spot.unsupported("it removes the whole picture"))
    };
    let rows = cut(2, height, pads.top, pads.bottom)?;
    let columns = cut(3, width, pads.left, pads.right)?;
    match pads.is_none() {
        true => Ok(x.value),
        false => context.node(Op::Slice(vec![rows, columns]), spot, &[x.value]),
    }
}

/// What a crop to the middle removes; `None` if the picture is smaller than the result.
pub fn around_the_middle([height, width]: [usize; 2], size: [usize; 2]) -> Option<Pads> {
    let (rows, columns) = (height.checked_sub(size[0])?, width.checked_sub(size[1])?);
    Some(Pads {
        top: rows / 2,
        bottom: rows - rows / 2,
        left: columns / 2,
        right: columns - columns / 2,
    })
}

/// The part of the picture that is resized, by height and width. Proportions are computed in float32, as in TensorFlow.
pub fn spans(input: [usize; 2], output: [usize; 2], fit: Fit) -> [Span; 2] {
    let stated = |axis: usize| {
        let other = 1 - axis;
        ((input[other] * output[axis]) as f32 / output[other] as f32) as usize
    };
    [0, 1].map(|axis| {
        let size = input[axis];
        match fit {
            Fit::Stretch => Span {
                start: 0,
                length: size,
            },
            Fit::Crop => {
                let length = stated(axis).min(size).max(1);
                Span {
                    start: ((size - length) / 2) as i64,
                    length,
                }
            }
            Fit::Pad => {
                let before = stated(axis).saturating_sub(size) / 2;
                Span {
                    start: -(before as i64),
                    length: size + 2 * before,
                }
            }
        }
    })
}

/// The weights (output, input) of a resize along one axis, in float32 as TensorFlow computes them.
fn matrix(resize: &Resize, span: Span, input: usize, output: usize) -> Vec<f32> {
    let mut numbers = vec![0.0; output * input];
    for (at, row) in numbers.chunks_exact_mut(input).enumerate() {
        let mut put = |place: i64, weight: f32| {
            let place = usize::try_from(place + span.start).ok();
            if let Some(cell) = place.and_then(|place| row.get_mut(place)) {
                *cell += weight;
            }
        };
        let scale = span.length as f32 / output as f32;
        let centre = (at as f32 + 0.5) * scale;
        let last = span.length as i64 - 1;
        match (resize.interpolation, resize.antialias) {
            (Interpolation::Nearest, _) => put((centre.floor() as i64).min(last), 1.0),
            (Interpolation::Bilinear, false) => {
                let place = centre - 0.5;
                let share = place - place.floor();
                let (lower, upper) = (place.floor() as i64, place.ceil() as i64);
                put(lower.max(0), 1.0 - share);
                put(upper.min(last), share);
            }
            (Interpolation::Bicubic, false) => cubic(centre - 0.5, last, &mut put),
            (Interpolation::Bilinear, true) => {
                smoothed(centre, scale, last, 1.0, |d| (1.0 - d).max(0.0), &mut put);
            }
            (Interpolation::Bicubic, true) => {
                smoothed(centre, scale, last, 2.0, cubic_kernel, &mut put);
            }
        }
    }
    numbers
}

/// Four neighbours with the weights of Keys' kernel; those beyond the border do not count.
fn cubic(place: f32, last: i64, put: &mut impl FnMut(i64, f32)) {
    let first = place.floor();
    let step = ((place - first) * CUBIC_STEPS).round_ties_even() / CUBIC_STEPS;
    let first = first as i64;
    let weights = [step + 1.0, step, 1.0 - step, 2.0 - step].map(cubic_kernel);
    let inside = |at: usize| (0..=last).contains(&(first - 1 + at as i64));
    let sum: f32 = (0..4).filter(|&at| inside(at)).map(|at| weights[at]).sum();
    for at in (0..4).filter(|&at| inside(at)) {
        put(first - 1 + at as i64, weights[at] / sum);
    }
}

/// Keys' kernel with a = −1 / 2.
fn cubic_kernel(distance: f32) -> f32 {
    let d = distance;
    match d {
        d if d >= 2.0 => 0.0,
        d if d >= 1.0 => ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0,
        _ => ((1.5 * d - 2.5) * d) * d + 1.0,
    }
}

/// A kernel as wide as one pixel of the result, if that is wider than its own radius.
fn smoothed(
    centre: f32,
    scale: f32,
    last: i64,
    radius: f32,
    kernel: impl Fn(f32) -> f32,
    put: &mut impl FnMut(i64, f32),
) {
    let width = scale.max(1.0);
    let first = (centre - radius * width - 0.5).ceil() as i64;
    let end = (centre + radius * width - 0.5).floor() as i64;
    let places = first.max(0)..=end.min(last);
    let weight = |place: i64| kernel(((place as f32 + 0.5 - centre) / width).abs());
    let sum: f32 = places.clone().map(weight).sum();
    for place in places {
        put(place, weight(place) / sum);
    }
}

/// Multiplies axis 1 by a matrix.
fn multiplied(
    context: &mut Context,
    spot: LayerContext,
    what: &str,
    [output, input]: [usize; 2],
    matrix: Vec<f32>,
    x: ValueId,
) -> Result<ValueId, Error> {
    let weights = context.constant(spot, what, &[output, input, 1, 1], matrix)?;
    context.node(Op::Conv(Conv::default()), spot, &[x, weights])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_keeps_an_even_picture_even() {
        for interpolation in [
            Interpolation::Nearest,
            Interpolation::Bilinear,
            Interpolation::Bicubic,
        ] {
            for antialias in [false, true] {
                for (input, output) in [(7, 3), (3, 7), (5, 5), (1, 4)] {
                    let resize = Resize {
                        size: [output; 2],
                        interpolation,
                        antialias,
                        fit: Fit::Stretch,
                    };
                    let span = Span {
                        start: 0,
                        length: input,
                    };
                    let numbers = matrix(&resize, span, input, output);
                    for row in numbers.chunks_exact(input) {
                        let sum: f32 = row.iter().sum();
                        assert!((sum - 1.0).abs() < 1e-6, "{resize:?} {input}: {row:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn proportions_are_kept_by_cutting_or_by_zeros() {
        let whole = |length| Span { start: 0, length };
        let middle = Span {
            start: 20,
            length: 40,
        };
        assert_eq!(spans([80, 40], [32, 32], Fit::Crop), [middle, whole(40)]);
        let around = Span {
            start: -20,
            length: 80,
        };
        assert_eq!(spans([80, 40], [32, 32], Fit::Pad), [whole(80), around]);
        let pads = around_the_middle([9, 8], [4, 8]);
        assert_eq!(pads.map(|p| (p.top, p.bottom, p.left)), Some((2, 3, 0)));
        assert_eq!(around_the_middle([3, 8], [4, 8]), None);
    }
}
