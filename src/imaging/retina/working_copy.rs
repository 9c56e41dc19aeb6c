//! A small copy of the picture, at most 512 pixels wide or high, for all measurements.
//!
//! Measurements on it do not depend on the camera's resolution, and a 131-megapixel photograph costs one pass.

use crate::domain::Pixels;
use crate::imaging::area_average::{block_sums, size_within};
use crate::imaging::codecs::frame::Frame;
use crate::numeric::vectorised;

/// Longest side of the copy.
pub(super) const MAX_SIDE: u32 = 512;

/// An area-averaged copy with values 0–255.
#[derive(Clone, Debug)]
pub(super) struct WorkingCopy {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<[f32; 3]>,
    /// False if the picture is mostly transparent there.
    pub opaque: Vec<bool>,
    /// Pixels of the picture per pixel of the copy, horizontally and vertically.
    pub scale: [f64; 2],
}

impl WorkingCopy {
    /// Averages blocks of whole pixels.
    pub fn new(frame: &Frame) -> Self {
        Self::averaged(
            [frame.width, frame.height],
            &frame.rgb,
            frame.alpha.as_deref(),
        )
    }

    /// The same for an opened photograph, which has no alpha.
    pub fn of_pixels(pixels: &Pixels) -> Self {
        Self::averaged([pixels.width, pixels.height], &pixels.rgb, None)
    }

    fn averaged(full: [u32; 2], pixels: &[u8], alpha: Option<&[u8]>) -> Self {
        let size = size_within(full, MAX_SIDE);
        let [width, height] = size.map(|side| side as usize);
        let mut rgb = Vec::with_capacity(width * height);
        block_sums::<3>(pixels, full, size, |sum, count| {
            rgb.push(sum.map(|s| s as f32 / count as f32));
        });
        let mut opaque = Vec::with_capacity(width * height);
        match alpha {
            Some(alpha) => block_sums::<1>(alpha, full, size, |[sum], count| {
                opaque.push(sum as f32 / count as f32 >= 128.0);
            }),
            None => opaque.resize(width * height, true),
        }
        Self {
            width,
            height,
            rgb,
            opaque,
            scale: [0, 1].map(|axis| f64::from(full[axis]) / f64::from(size[axis])),
        }
    }

    /// One value per pixel.
    pub fn plane(&self, value: impl Fn([f32; 3]) -> f32) -> Plane {
        self.with(self.rgb.iter().map(|&pixel| value(pixel)).collect())
    }

    /// A plane of this size.
    pub fn with(&self, values: Vec<f32>) -> Plane {
        Plane {
            width: self.width,
            height: self.height,
            values,
        }
    }
}

/// Luminance by BT.601, with the weights of PIL's `convert("L")`.
pub(super) fn luminance([r, g, b]: [f32; 3]) -> f32 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// One number per pixel of a working copy.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Plane {
    /// Mean over the `(2r+1)²` window among the pixels where `mask` holds; pixels without neighbours in the mask keep
    /// their value. Integral images make the cost independent of the radius.
    pub fn mean_within(&self, mask: &[bool], radius: usize) -> Self {
        let (w, h) = (self.width, self.height);
        let stride = w + 1;
        // Of values and of pixels in the mask.
        let mut sums = vec![0.0_f64; stride * (h + 1)];
        let mut counts = vec![0_u32; stride * (h + 1)];
        for y in 0..h {
            let (mut sum, mut count) = (0.0, 0);
            for x in 0..w {
                let at = y * w + x;
                if mask[at] {
                    sum += f64::from(self.values[at]);
                    count += 1;
                }
                let below = (y + 1) * stride + x + 1;
                sums[below] = sums[below - stride] + sum;
                counts[below] = counts[below - stride] + count;
            }
        }
        let mut values = self.values.clone();
        for y in 0..h {
            let rows = [y.saturating_sub(radius), (y + radius + 1).min(h)];
            let [above, below] = rows.map(|row| row * stride..(row + 1) * stride);
            let sums = [&sums[above.clone()], &sums[below.clone()]];
            let counts = [&counts[above], &counts[below]];
            let means = &mut values[y * w..(y + 1) * w];
            let mut mean = |x: usize, left: usize, right: usize| {
                let count =
                    counts[1][right] - counts[0][right] - (counts[1][left] - counts[0][left]);
                if count > 0 {
                    let sum = sums[1][right] - sums[0][right] - sums[1][left] + sums[0][left];
                    means[x] = (sum / f64::from(count)) as f32;
                }
            };
            // Windows that reach over the left or the right edge, and those between.
            let between = radius.min(w)..w.saturating_sub(radius).max(radius.min(w));
            for x in (0..between.start).chain(between.end..w) {
                mean(x, x.saturating_sub(radius), (x + radius + 1).min(w));
            }
            if !between.is_empty() {
                let lefts = between.start - radius..between.end - radius;
                let rights = between.start + radius + 1..between.end + radius + 1;
                let sides = [lefts, rights];
                let [sums_above, sums_below] = sums.map(|row| sides.clone().map(|side| &row[side]));
                let [counts_above, counts_below] =
                    counts.map(|row| sides.clone().map(|side| &row[side]));
                let means = &mut means[between];
                vectorised(
                    #[inline(always)]
                    || {
                        for (i, mean) in means.iter_mut().enumerate() {
                            let count = counts_below[1][i]
                                - counts_above[1][i]
                                - (counts_below[0][i] - counts_above[0][i]);
                            let sum = sums_below[1][i] - sums_above[1][i] - sums_below[0][i]
                                + sums_above[0][i];
                            let of_window = (sum / f64::from(count)) as f32;
                            *mean = if count > 0 { of_window } else { *mean };
                        }
                    },
                );
            }
        }
        self.with(values)
    }

    /// This plane minus another of the same size.
    pub fn minus(&self, other: &Self) -> Self {
        self.with(
            self.values
                .iter()
                .zip(&other.values)
                .map(|(a, b)| a - b)
                .collect(),
        )
    }

    /// Absolute values.
    pub fn magnitudes(&self) -> Self {
        self.with(self.values.iter().map(|v| v.abs()).collect())
    }

    /// Length of the gradient by central differences within the mask; zero at its border.
    pub fn slopes(&self, mask: &[bool]) -> Self {
        self.of_neighbours(mask, 1, |_, [left, right, above, below]| {
            let [dx, dy] = [right - left, below - above].map(f64::from);
            (dx * dx + dy * dy).sqrt() as f32 / 2.0
        })
    }

    /// Difference of each pixel from the mean of the four pixels two steps away; zero at the mask's border.
    pub fn finest_detail(&self, mask: &[bool]) -> Self {
        self.of_neighbours(mask, 2, |middle, [left, right, above, below]| {
            (middle - (left + right + above + below) / 4.0).abs()
        })
    }

    /// A value for each pixel from itself and the four pixels `reach` steps away (left, right, above, below); zero unless
    /// all of them are in the mask.
    fn of_neighbours(
        &self,
        mask: &[bool],
        reach: usize,
        value: impl Fn(f32, [f32; 4]) -> f32,
    ) -> Self {
        let (w, h) = (self.width, self.height);
        let mut values = vec![0.0; w * h];
        let count = w.saturating_sub(2 * reach);
        if count == 0 {
            return self.with(values);
        }
        for y in reach..h.saturating_sub(reach) {
            let start = y * w + reach;
            let starts = [
                start - reach,
                start + reach,
                start - reach * w,
                start + reach * w,
            ];
            let row = |start: usize| &self.values[start..start + count];
            let inside = |start: usize| &mask[start..start + count];
            let (middle, around) = (row(start), starts.map(row));
            let (here, there) = (inside(start), starts.map(inside));
            let values = &mut values[start..start + count];
            vectorised(
                #[inline(always)]
                || {
                    for i in 0..count {
                        let all = here[i] & there[0][i] & there[1][i] & there[2][i] & there[3][i];
                        let found = value(middle[i], around.map(|row| row[i]));
                        values[i] = if all { found } else { 0.0 };
                    }
                },
            );
        }
        self.with(values)
    }

    fn with(&self, values: Vec<f32>) -> Self {
        Self {
            width: self.width,
            height: self.height,
            values,
        }
    }

    /// Mean over the mask; 0 for an empty mask.
    pub fn mean(&self, mask: &[bool]) -> f64 {
        let (sum, count) =
            self.values
                .iter()
                .zip(mask)
                .fold((0.0, 0_usize), |(sum, count), (&v, &inside)| {
                    if inside {
                        (sum + f64::from(v), count + 1)
                    } else {
                        (sum, count)
                    }
                });
        sum / count.max(1) as f64
    }

    /// Values inside the mask; large masks are subsampled, with no noticeable effect on percentiles.
    pub fn sample_within(&self, mask: &[bool]) -> Sample {
        const ENOUGH: usize = 30_000;
        let step = (self.values.len() / ENOUGH).max(1);
        let inside = self.values.iter().zip(mask);
        let inside = inside.filter_map(|(&v, &inside)| inside.then_some(v));
        Sample(inside.step_by(step).collect())
    }
}

/// Values in any order.
pub(super) struct Sample(Vec<f32>);

impl Sample {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value below which `share` (0–1) of the values lie; 0 for none.
    pub fn percentile(&mut self, share: f64) -> f32 {
        let Some(last) = self.0.len().checked_sub(1) else {
            return 0.0;
        };
        let rank = ((share * last as f64).round() as usize).min(last);
        *self.0.select_nth_unstable_by(rank, f32::total_cmp).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_averaged_and_scaled() {
        let mut rgb = vec![0; 1024 * 512 * 3];
        rgb[..3].copy_from_slice(&[200, 100, 40]);
        let frame = Frame {
            width: 1024,
            height: 512,
            rgb,
            ..Frame::default()
        };
        let copy = WorkingCopy::new(&frame);
        assert_eq!(
            (copy.width, copy.height, copy.scale),
            (512, 256, [2.0, 2.0])
        );
        assert_eq!(copy.rgb[0], [50.0, 25.0, 10.0]);
        assert!(copy.opaque[0]);
    }

    #[test]
    fn narrow_pictures_have_no_neighbours() {
        for (width, height) in [(1, 64), (64, 1), (2, 200), (3, 200), (4, 5), (5, 5)] {
            let plane = Plane {
                width,
                height,
                values: (0..width * height).map(|i| (i * i % 7) as f32).collect(),
            };
            let mask = vec![true; width * height];
            for (found, reach) in [(plane.slopes(&mask), 1), (plane.finest_detail(&mask), 2)] {
                let within = |side: usize| side > 2 * reach;
                let any = found.values.iter().any(|&v| v != 0.0);
                assert_eq!(found.values.len(), width * height);
                assert!(
                    within(width) && within(height) || !any,
                    "{width} x {height}"
                );
            }
        }
    }

    #[test]
    fn extreme_shapes_keep_one_pixel() {
        let frame = Frame {
            width: 5000,
            height: 1,
            rgb: vec![9; 15_000],
            ..Frame::default()
        };
        let copy = WorkingCopy::new(&frame);
        assert_eq!((copy.width, copy.height), (512, 1));
    }

    #[test]
    fn means_stay_within_the_mask() {
        let plane = Plane {
            width: 3,
            height: 1,
            values: vec![1.0, 3.0, 100.0],
        };
        let mean = plane.mean_within(&[true, true, false], 1);
        assert_eq!(mean.values, [2.0, 2.0, 3.0]);
        assert_eq!(Sample(vec![]).percentile(0.5), 0.0);
        let mut sample = Sample(vec![3.0, 1.0, 2.0]);
        assert_eq!(
            [0.0, 0.5, 1.0].map(|share| sample.percentile(share)),
            [1.0, 2.0, 3.0]
        );
    }
}
