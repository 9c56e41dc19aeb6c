//! A small copy of the picture, at most 512 pixels wide or high, for all measurements.
//!
//! Measurements on it do not depend on the camera's resolution, and a 131-megapixel photograph costs one pass.

use crate::domain::Pixels;
use crate::imaging::area_average::{block_sums, size_within};
use crate::imaging::codecs::frame::Frame;

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
        let mut sums = vec![(0.0_f64, 0.0_f64); stride * (h + 1)];
        for y in 0..h {
            let mut line = (0.0, 0.0);
            for x in 0..w {
                let at = y * w + x;
                if mask[at] {
                    line.0 += f64::from(self.values[at]);
                    line.1 += 1.0;
                }
                let above = sums[y * stride + x + 1];
                sums[(y + 1) * stride + x + 1] = (above.0 + line.0, above.1 + line.1);
            }
        }
        let mut values = Vec::with_capacity(w * h);
        for y in 0..h {
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(h));
            for x in 0..w {
                let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(w));
                let corner = |y: usize, x: usize| sums[y * stride + x];
                let (a, b, c, d) = (
                    corner(top, left),
                    corner(top, right),
                    corner(bottom, left),
                    corner(bottom, right),
                );
                let count = d.1 - b.1 - c.1 + a.1;
                values.push(if count > 0.5 {
                    ((d.0 - b.0 - c.0 + a.0) / count) as f32
                } else {
                    self.values[y * w + x]
                });
            }
        }
        Self {
            width: w,
            height: h,
            values,
        }
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
        let (w, h) = (self.width, self.height);
        let mut slopes = vec![0.0; w * h];
        for y in 1..h.saturating_sub(1) {
            for at in y * w + 1..(y + 1) * w - 1 {
                if mask[at] && mask[at - 1] && mask[at + 1] && mask[at - w] && mask[at + w] {
                    let dx = self.values[at + 1] - self.values[at - 1];
                    let dy = self.values[at + w] - self.values[at - w];
                    slopes[at] = dx.hypot(dy) / 2.0;
                }
            }
        }
        self.with(slopes)
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

    /// Difference of each pixel from the mean of the four pixels two steps away; zero at the mask's border.
    pub fn finest_detail(&self, mask: &[bool]) -> Self {
        let (w, h) = (self.width, self.height);
        let mut detail = vec![0.0; w * h];
        for y in 2..h.saturating_sub(2) {
            for at in (y * w + 2)..(y * w + w.max(4) - 2) {
                let around = [at - 2, at + 2, at - 2 * w, at + 2 * w];
                if mask[at] && around.iter().all(|&n| mask[n]) {
                    let sum: f32 = around.iter().map(|&n| self.values[n]).sum();
                    detail[at] = (self.values[at] - sum / 4.0).abs();
                }
            }
        }
        self.with(detail)
    }

    /// Values inside the mask, sorted; large masks are subsampled, with no noticeable effect on percentiles.
    pub fn sorted_within(&self, mask: &[bool]) -> Vec<f32> {
        const ENOUGH: usize = 30_000;
        let step = (self.values.len() / ENOUGH).max(1);
        let mut values: Vec<f32> = self
            .values
            .iter()
            .zip(mask)
            .filter_map(|(&v, &inside)| inside.then_some(v))
            .step_by(step)
            .collect();
        values.sort_unstable_by(f32::total_cmp);
        values
    }
}

/// The value below which `share` (0–1) of the sorted values lie; 0 for none.
pub(super) fn percentile(sorted: &[f32], share: f64) -> f32 {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((share * last as f64).round() as usize)
        .copied()
        .unwrap_or(0.0)
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
        assert_eq!(percentile(&[], 0.5), 0.0);
        assert_eq!(percentile(&[1.0, 2.0, 3.0], 0.5), 2.0);
    }
}
