//! Small pictures for lists.

use super::area_average::{block_sums, size_within};
use crate::domain::Pixels;

/// An area-averaged copy whose longer side is at most `max_side` pixels; smaller pictures are copied unchanged.
///
/// The sides keep their proportions, rounded down, and are at least one pixel.
pub fn thumbnail(pixels: &Pixels, max_side: u32) -> Pixels {
    let from = [pixels.width, pixels.height];
    let [width, height] = size_within(from, max_side);
    if [width, height] == from {
        return pixels.clone();
    }
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    block_sums::<3>(&pixels.rgb, from, [width, height], |sum, count| {
        rgb.extend(sum.map(|s| ((s + count / 2) / count) as u8));
    });
    Pixels { width, height, rgb }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_side_fits_and_values_are_averaged() {
        let pixels = Pixels::new(
            400,
            200,
            (0..240_000)
                .map(|i| if i / 3 % 2 == 0 { 100 } else { 110 })
                .collect(),
        )
        .unwrap();
        let small = thumbnail(&pixels, 100);
        assert_eq!((small.width, small.height), (100, 50));
        assert!(small.rgb.iter().all(|&v| v == 105));
        assert_eq!(thumbnail(&pixels, 400), pixels);
    }

    #[test]
    fn strips_keep_one_pixel() {
        let strip = Pixels::new(3000, 1, vec![7; 9000]).unwrap();
        let small = thumbnail(&strip, 64);
        assert_eq!((small.width, small.height), (64, 1));
        assert_eq!(
            (thumbnail(&strip, 0).width, thumbnail(&strip, 0).height),
            (1, 1)
        );
    }
}
