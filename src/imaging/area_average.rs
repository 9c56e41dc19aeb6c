//! Smaller copies of a picture, every pixel the mean of the area it covers.
//!
//! [`shrink`] divides a pixel among the areas whose border crosses it, so that no ratio leaves a pattern: figures and zoom
//! levels. `block_sums` takes whole pixels only, which is several times as fast: the working copy and thumbnails.

use crate::domain::Pixels;
use crate::numeric::vectorised;

/// An area-averaged copy of `width` × `height` pixels, each side clamped to 1 and the picture's own.
pub fn shrink(picture: &Pixels, width: u32, height: u32) -> Pixels {
    let (width, height) = (
        width.clamp(1, picture.width),
        height.clamp(1, picture.height),
    );
    if (width, height) == (picture.width, picture.height) {
        return picture.clone();
    }
    let rgb = if (2 * width, 2 * height) == (picture.width, picture.height) {
        means_of_four(picture)
    } else {
        means(picture, width, height)
    };
    Pixels { width, height, rgb }
}

/// The values of a copy of half the size, equal to [`means`] in less than half the time: every photograph is halved
/// several times when it is opened.
fn means_of_four(picture: &Pixels) -> Vec<u8> {
    let stride = picture.width as usize * 3;
    let mut rgb = Vec::with_capacity(picture.rgb.len() / 4);
    for rows in picture.rgb.chunks_exact(2 * stride) {
        let (upper, lower) = rows.split_at(stride);
        let blocks = upper
            .as_chunks::<6>()
            .0
            .iter()
            .zip(lower.as_chunks::<6>().0);
        for (a, b) in blocks {
            rgb.extend([0, 1, 2].map(|c| {
                let sum = [a[c], a[c + 3], b[c], b[c + 3]].map(u16::from);
                ((sum.iter().sum::<u16>() + 2) / 4) as u8
            }));
        }
    }
    rgb
}

fn means(picture: &Pixels, width: u32, height: u32) -> Vec<u8> {
    let across = shares(picture.width, width);
    let down = shares(picture.height, height);
    let stride = picture.width as usize * 3;
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let mut sums = vec![0.0_f32; width as usize * 3];
    for (first_row, rows) in &down {
        sums.fill(0.0);
        for (dy, share) in rows.iter().enumerate() {
            let row = &picture.rgb[(first_row + dy) * stride..][..stride];
            for (sum, (first, columns)) in sums.as_chunks_mut::<3>().0.iter_mut().zip(&across) {
                let pixels = row[first * 3..].as_chunks::<3>().0;
                for (pixel, weight) in pixels.iter().zip(columns) {
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += f32::from(*value) * weight * share;
                    }
                }
            }
        }
        rgb.extend(sums.iter().map(|v| v.round() as u8));
    }
    rgb
}

/// For each of `to` pixels, the first of `from` that it covers, and the share of each; the shares sum to 1.
fn shares(from: u32, to: u32) -> Vec<(usize, Vec<f32>)> {
    let step = f64::from(from) / f64::from(to);
    let one = |i: u32| {
        let (start, end) = (f64::from(i) * step, f64::from(i + 1) * step);
        let first = start.floor() as usize;
        let last = (end.ceil() as usize).min(from as usize);
        let cover = |p: usize| {
            let (low, high) = (start.max(p as f64), end.min(p as f64 + 1.0));
            ((high - low).max(0.0) / step) as f32
        };
        (first, (first..last).map(cover).collect())
    };
    (0..to).map(one).collect()
}

/// Width and height of a copy whose longer side is at most `longest`, with the same aspect ratio, rounded down, at
/// least 1.
pub(super) fn size_within([width, height]: [u32; 2], longest: u32) -> [u32; 2] {
    let side = width.max(height);
    if side <= longest {
        return [width, height];
    }
    [width, height].map(|s| (u64::from(s) * u64::from(longest) / u64::from(side)).max(1) as u32)
}

/// For each pixel of a copy of `to` pixels, row by row: the sum over its block of `from` pixels of `N` channels, and
/// the number of pixels in the block. No side of `to` may be longer than that of `from`.
pub(super) fn block_sums<const N: usize>(
    values: &[u8],
    from: [u32; 2],
    to: [u32; 2],
    mut each: impl FnMut([u64; N], u64),
) {
    let [full_width, full_height] = from.map(|side| side as usize);
    let [width, height] = to.map(|side| side as usize);
    let edges: Vec<usize> = (0..=width).map(|x| x * full_width / width).collect();
    let stride = full_width * N;
    // Down the rows first: whole lines are added up, which processors do many values at a time.
    let mut column_sums = vec![0_u32; stride];
    for y in 0..height {
        let rows = y * full_height / height..(y + 1) * full_height / height;
        column_sums.fill(0);
        for line in values[rows.start * stride..rows.end * stride].chunks_exact(stride) {
            vectorised(
                #[inline(always)]
                || add(line, &mut column_sums),
            );
        }
        for edge in edges.windows(2) {
            let mut sum = [0_u64; N];
            for pixel in column_sums[edge[0] * N..edge[1] * N].as_chunks::<N>().0 {
                for (sum, &value) in sum.iter_mut().zip(pixel) {
                    *sum += u64::from(value);
                }
            }
            each(sum, ((edge[1] - edge[0]) * rows.len()) as u64);
        }
    }
}

/// Adds values to sums; at most 2^24 values may be added to one sum.
#[inline(always)]
fn add(values: &[u8], sums: &mut [u32]) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum += u32::from(value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn halves_are_means_and_odd_ratios_share_pixels() {
        let row =
            Pixels::new(3, 1, [0_u8, 90, 180].iter().flat_map(|&v| [v; 3]).collect()).unwrap();
        assert_eq!(shrink(&row, 1, 1).rgb, [90; 3]);
        // 1.5 pixels each: (0 + 45) / 1.5 and (45 + 180) / 1.5.
        assert_eq!(shrink(&row, 2, 1).rgb, [30, 30, 30, 150, 150, 150]);
        assert_eq!(shrink(&row, 9, 9), row);
    }

    proptest! {
        #[test]
        fn an_even_picture_stays_even(w in 1..40_u32, h in 1..40_u32, to in (1..40_u32, 1..40_u32), v in any::<u8>()) {
            let picture = Pixels::new(w, h, vec![v; (w * h * 3) as usize]).unwrap();
            let small = shrink(&picture, to.0, to.1);
            prop_assert_eq!((small.width, small.height), (to.0.min(w), to.1.min(h)));
            prop_assert!(small.rgb.iter().all(|&s| s == v));
        }

        #[test]
        fn halving_has_the_values_of_any_other_ratio(w in 1..20_u32, h in 1..20_u32, values in any::<[u8; 61]>()) {
            let rgb = values.iter().copied().cycle().take((w * h * 12) as usize).collect();
            let picture = Pixels::new(2 * w, 2 * h, rgb).unwrap();
            prop_assert_eq!(shrink(&picture, w, h).rgb, means(&picture, w, h));
        }
    }

    #[test]
    fn blocks_share_the_picture_out_without_a_rest() {
        let values: Vec<u8> = (0..15).collect();
        let mut blocks = Vec::new();
        block_sums::<1>(&values, [5, 3], [2, 2], |[sum], count| {
            blocks.push((sum, count))
        });
        assert_eq!(blocks, [(1, 2), (9, 3), (32, 4), (63, 6)]);
        let [sum, count] = blocks.iter().fold([0; 2], |[s, c], b| [s + b.0, c + b.1]);
        assert_eq!((sum, count), (105, 15));
    }

    #[test]
    fn sides_keep_their_proportion_and_one_pixel() {
        assert_eq!(size_within([400, 200], 100), [100, 50]);
        assert_eq!(size_within([3000, 1], 64), [64, 1]);
        assert_eq!(size_within([3000, 1], 0), [1, 1]);
        assert_eq!(size_within([30, 10], 64), [30, 10]);
    }
}
