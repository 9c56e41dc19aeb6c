//! Small changes of a photograph that should not change its interpretation.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{ExtendedColorType, ImageDecoder, ImageEncoder};

use crate::domain::{FieldOfView, Pixels};
use crate::imaging::{Cell, Geometry, Grid};

/// The shift as a fraction of the field of view's diameter.
const SHIFT: f64 = 0.02;
const QUALITY: u8 = 75;

/// A small change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Perturbation {
    /// Shifted right by 2 % of the field's diameter under the same crop, as if the field had been located differently.
    Shifted,
    /// Every value times 1.1, at most 255.
    Brighter,
    /// Every value times 0.9.
    Darker,
    /// Encoded as JPEG of quality 75 and decoded.
    Jpeg,
}

/// Shift of the perturbed content to the right, in pixels of the photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift(pub u32);

impl Perturbation {
    pub const ALL: [Self; 4] = [Self::Shifted, Self::Brighter, Self::Darker, Self::Jpeg];

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shifted => "shift-2",
            Self::Brighter => "brightness+10",
            Self::Darker => "brightness-10",
            Self::Jpeg => "jpeg-75",
        }
    }

    /// The perturbed photograph, of the same size, and the shift of its content. Without a round field the shift is
    /// relative to the shorter side. `None` if JPEG cannot encode the picture: a side exceeds 65,535 pixels.
    pub fn of(self, pixels: &Pixels, field: Option<&FieldOfView>) -> Option<(Pixels, Shift)> {
        let still = |pixels| (pixels, Shift(0));
        Some(match self {
            Self::Shifted => {
                let round = field.filter(|f| f.round).map(|f| 2.0 * f.radius);
                let across = round.unwrap_or(f64::from(pixels.width.min(pixels.height)));
                let by = (SHIFT * across).round().max(1.0) as u32;
                (moved(pixels, by), Shift(by))
            }
            Self::Brighter => still(lit(pixels, 1.1)),
            Self::Darker => still(lit(pixels, 0.9)),
            Self::Jpeg => still(encoded(pixels)?),
        })
    }
}

/// Shifts to the right; the exposed part is black, as beyond the frame.
fn moved(pixels: &Pixels, by: u32) -> Pixels {
    let mut rgb = vec![0; pixels.rgb.len()];
    let (line, by) = (3 * pixels.width as usize, 3 * by.min(pixels.width) as usize);
    for (to, from) in rgb
        .chunks_exact_mut(line)
        .zip(pixels.rgb.chunks_exact(line))
    {
        to[by..].copy_from_slice(&from[..line - by]);
    }
    Pixels { rgb, ..*pixels }
}

fn lit(pixels: &Pixels, factor: f64) -> Pixels {
    let table: [u8; 256] = std::array::from_fn(|v| (v as f64 * factor).round().min(255.0) as u8);
    Pixels {
        rgb: pixels.rgb.iter().map(|&v| table[usize::from(v)]).collect(),
        ..*pixels
    }
}

fn encoded(pixels: &Pixels) -> Option<Pixels> {
    let mut bytes = Vec::new();
    let (width, height) = (pixels.width, pixels.height);
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(&pixels.rgb, width, height, ExtendedColorType::Rgb8)
        .ok()?;
    let decoder = JpegDecoder::new(Cursor::new(bytes)).ok()?;
    let mut rgb = vec![0; usize::try_from(decoder.total_bytes()).ok()?];
    decoder.read_image(&mut rgb).ok()?;
    Pixels::new(width, height, rgb)
}

/// The cells of a map that count, and the cells of a perturbed map at the same places; places outside the perturbed map
/// are left out.
pub fn aligned(
    map: &Grid,
    counts: &[bool],
    of_variant: &Grid,
    geometry: &Geometry,
    shift: Shift,
) -> (Vec<f32>, Vec<f32>) {
    let (rows, columns) = (map.rows(), map.columns());
    let pair = |cell: Cell| {
        let (x, y) = geometry.cell_in_image(cell, rows, columns).centre();
        let there = (x + f64::from(shift.0), y);
        let moved = geometry.cell_at(there, of_variant.rows(), of_variant.columns())?;
        Some((map.at(cell), of_variant.at(moved)))
    };
    let counted = map.cells().zip(counts).filter(|(_, counts)| **counts);
    counted.filter_map(|(cell, _)| pair(cell)).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Pixels {
        let rgb = (0..40 * 30 * 3).map(|i| ((i / 3 % 40) * 5 + i / 360) as u8);
        Pixels::new(40, 30, rgb.collect()).unwrap()
    }

    #[test]
    fn each_variant_changes_the_photograph_a_little_and_keeps_its_size() {
        let pixels = picture();
        let field = FieldOfView {
            centre_x: 20.0,
            centre_y: 15.0,
            radius: 50.0,
            completeness: 0.5,
            round: true,
        };
        for variant in Perturbation::ALL {
            let (changed, shift) = variant.of(&pixels, Some(&field)).unwrap();
            assert_eq!((changed.width, changed.height), (40, 30), "{variant:?}");
            assert_ne!(changed, pixels, "{variant:?}");
            let moved = if variant == Perturbation::Shifted {
                2
            } else {
                0
            };
            assert_eq!(shift, Shift(moved));
        }
        let (shifted, _) = Perturbation::Shifted.of(&pixels, Some(&field)).unwrap();
        assert_eq!(shifted.at(12, 7), pixels.at(10, 7));
        assert_eq!(shifted.at(1, 7), [0; 3]);
        let (_, shift) = Perturbation::Shifted.of(&pixels, None).unwrap();
        assert_eq!(shift, Shift(1));
        let (brighter, _) = Perturbation::Brighter.of(&pixels, None).unwrap();
        let (darker, _) = Perturbation::Darker.of(&pixels, None).unwrap();
        for (at, &v) in pixels.rgb.iter().enumerate() {
            assert_eq!(
                brighter.rgb[at],
                (f64::from(v) * 1.1).round().min(255.0) as u8
            );
            assert_eq!(darker.rgb[at], (f64::from(v) * 0.9).round() as u8);
        }
        let (jpeg, _) = Perturbation::Jpeg.of(&pixels, None).unwrap();
        let differences = jpeg.rgb.iter().zip(&pixels.rgb);
        let largest = differences.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(largest < 40, "{largest}");
        let long = Pixels::new(70_000, 1, vec![9; 210_000]).unwrap();
        assert_eq!(Perturbation::Jpeg.of(&long, None), None);
    }

    #[test]
    fn maps_are_compared_place_by_place() {
        let geometry = Geometry::new([100, 100], (0, 0, 100, 100).into(), [50, 50]).unwrap();
        let map = Grid::new(1, 50, (0..50).map(|v| v as f32).collect()).unwrap();
        let moved = Grid::new(1, 50, (0..50).map(|v| v as f32 - 2.0).collect()).unwrap();
        let (a, b) = aligned(&map, &[true; 50], &moved, &geometry, Shift(4));
        assert_eq!(a, b);
        assert_eq!(a.len(), 48);
        let (a, b) = aligned(&map, &[true; 50], &moved, &geometry, Shift(0));
        assert_eq!((a.len(), a[5] - b[5]), (50, 2.0));
        let mut counts = [false; 50];
        counts[7] = true;
        let (a, b) = aligned(&map, &counts, &moved, &geometry, Shift(0));
        assert_eq!((a, b), (vec![7.0], vec![5.0]));
    }
}
