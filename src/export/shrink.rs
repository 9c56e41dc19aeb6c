//! Smaller pictures for figures, every pixel the mean of the area it covers.

use crate::domain::Pixels;

/// An area-averaged copy of `width` × `height` pixels, each clamped to the picture's own size. Pixel edges may
/// fall anywhere, so no ratio leaves a pattern.
pub fn shrink(picture: &Pixels, width: u32, height: u32) -> Pixels {
    let (width, height) = (
        width.clamp(1, picture.width),
        height.clamp(1, picture.height),
    );
    if (width, height) == (picture.width, picture.height) {
        return picture.clone();
    }
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
    Pixels { width, height, rgb }
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
    }
}
