//! Mean colours of the nine parts of a picture, and mean differences, by which decoders are compared.

use gantei::domain::Pixels;

/// Mean of each channel, 0–255, in a grid of 3 × 3 parts, row by row.
pub fn means(pixels: &Pixels) -> Vec<[f64; 3]> {
    let (w, h) = (pixels.width, pixels.height);
    (0..9)
        .map(|part| {
            let (rows, columns) = (
                h * (part / 3) / 3..h * (part / 3 + 1) / 3,
                w * (part % 3) / 3..w * (part % 3 + 1) / 3,
            );
            let count = f64::from(rows.len() as u32 * columns.len() as u32);
            let mut sums = [0.0; 3];
            for y in rows {
                for x in columns.clone() {
                    let colour = pixels.at(x, y);
                    sums.iter_mut()
                        .zip(colour)
                        .for_each(|(sum, value)| *sum += f64::from(value));
                }
            }
            sums.map(|sum| sum / count)
        })
        .collect()
}

/// Mean difference of the samples of two pictures of the same size, 0–255.
pub fn mean_difference(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let sum: u64 = a
        .rgb
        .iter()
        .zip(&b.rgb)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.rgb.len() as f64
}
