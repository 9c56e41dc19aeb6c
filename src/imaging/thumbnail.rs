//! Small pictures for lists.

use crate::domain::Pixels;

/// An area-averaged copy whose longer side is at most `max_side` pixels; smaller pictures are copied as they are.
///
/// The sides keep their proportion, rounded down, and are at least one pixel.
pub fn thumbnail(pixels: &Pixels, max_side: u32) -> Pixels {
    let longest = pixels.width.max(pixels.height);
    if longest <= max_side {
        return pixels.clone();
    }
    let shrink =
        |side: u32| (u64::from(side) * u64::from(max_side) / u64::from(longest)).max(1) as usize;
    let (width, height) = (shrink(pixels.width), shrink(pixels.height));
    let (full_width, full_height) = (pixels.width as usize, pixels.height as usize);
    let edges: Vec<usize> = (0..=width).map(|x| x * full_width / width).collect();
    let mut rgb = Vec::with_capacity(width * height * 3);
    let mut sums = vec![[0_u64; 3]; width];
    for y in 0..height {
        let rows = y * full_height / height..(y + 1) * full_height / height;
        sums.fill([0; 3]);
        for row in rows.clone() {
            let line = &pixels.rgb[row * full_width * 3..(row + 1) * full_width * 3];
            for (x, sum) in sums.iter_mut().enumerate() {
                for pixel in line[edges[x] * 3..edges[x + 1] * 3].as_chunks::<3>().0 {
                    for (sum, &value) in sum.iter_mut().zip(pixel) {
                        *sum += u64::from(value);
                    }
                }
            }
        }
        for (x, sum) in sums.iter().enumerate() {
            let count = ((edges[x + 1] - edges[x]) * rows.len()) as u64;
            rgb.extend(sum.map(|s| ((s + count / 2) / count) as u8));
        }
    }
    Pixels {
        width: width as u32,
        height: height as u32,
        rgb,
    }
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
