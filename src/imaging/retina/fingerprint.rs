//! The fingerprint of a photograph, from the reduced copy: mean luminance of equal cells over the whole frame.

use super::working_copy::{WorkingCopy, luminance};
use crate::domain::fingerprint::{CELLS, Fingerprint};

/// Cells share the pixels on their borders by area, so that the size of the photograph makes no difference. `None` for a
/// copy smaller than the cells.
pub(super) fn of(copy: &WorkingCopy) -> Option<Fingerprint> {
    if copy.width < CELLS || copy.height < CELLS {
        return None;
    }
    let [columns, rows] = [copy.width, copy.height].map(shares);
    let mut sums = [0.0_f64; CELLS * CELLS];
    let mut line = [0.0_f64; CELLS];
    for (y, row) in copy.rgb.chunks(copy.width).enumerate() {
        line.fill(0.0);
        for (pixel, (cell, share)) in row.iter().zip(&columns) {
            let light = f64::from(luminance(*pixel));
            line[*cell] += light * share;
            if *share < 1.0 {
                line[cell + 1] += light * (1.0 - share);
            }
        }
        let (cell, share) = rows[y];
        for (column, light) in line.iter().enumerate() {
            sums[cell * CELLS + column] += light * share;
            if share < 1.0 {
                sums[(cell + 1) * CELLS + column] += light * (1.0 - share);
            }
        }
    }
    let area = copy.width as f64 * copy.height as f64 / (CELLS * CELLS) as f64;
    Some(Fingerprint(Box::new(
        sums.map(|sum| (sum / area).round().clamp(0.0, 255.0) as u8),
    )))
}

/// For each pixel of a side: its cell, and the share of it in that cell; the rest is in the next one.
fn shares(side: usize) -> Vec<(usize, f64)> {
    let width = side as f64 / CELLS as f64;
    (0..side)
        .map(|at| {
            let cell = (at * CELLS / side).min(CELLS - 1);
            let border = (cell + 1) as f64 * width;
            match cell + 1 == CELLS {
                true => (cell, 1.0),
                false => (cell, (border - at as f64).min(1.0)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Pixels;

    fn fingerprint(side: u32, light: impl Fn(f64, f64) -> f64) -> Fingerprint {
        let rgb = (0..side * side).flat_map(|at| {
            let (x, y) = (f64::from(at % side) + 0.5, f64::from(at / side) + 0.5);
            [light(x / f64::from(side), y / f64::from(side)) as u8; 3]
        });
        let pixels = Pixels::new(side, side, rgb.collect()).unwrap();
        of(&WorkingCopy::of_pixels(&pixels)).unwrap()
    }

    #[test]
    fn the_size_makes_no_difference_and_the_content_does() {
        let disc = |x: f64, y: f64| match (x - 0.5).hypot(y - 0.5) < 0.45 {
            true => 60.0 + 100.0 * x,
            false => 0.0,
        };
        let large = fingerprint(1411, disc);
        for side in [700, 301, 160, 97] {
            assert!(large.is_same(&fingerprint(side, disc)), "{side}");
        }
        assert!(!large.is_same(&fingerprint(700, |x, y| disc(1.0 - x, y))));
    }

    #[test]
    fn a_picture_smaller_than_the_cells_has_none() {
        let pixels = Pixels::new(15, 40, vec![9; 15 * 40 * 3]).unwrap();
        assert!(of(&WorkingCopy::of_pixels(&pixels)).is_none());
    }
}
