//! Resizing identical to the library that prepared a network's training pictures.
//!
//! The kernel affects a model's score more than any decoder, so each preset reproduces one library to the bit: Pillow
//! and OpenCV in eight-bit fixed point, TensorFlow in float32. One file per library; all read through a [`Window`], so
//! that a crop with black margins needs no copy of the picture.

mod cv2;
mod pil;
mod tf;
mod window;

use crate::domain::{Pixels, Resize};

pub use window::{Disc, Window};

/// A resized picture, in the number format of the library.
#[derive(Clone, Debug, PartialEq)]
pub enum Resized {
    /// Pillow and OpenCV round to eight bits.
    Bytes(Pixels),
    /// TensorFlow keeps fractions of 0–255; RGB, row by row.
    Floats {
        width: u32,
        height: u32,
        rgb: Vec<f32>,
    },
}

impl Resized {
    /// The picture in eight bits, for display; fractions are rounded to nearest.
    pub fn into_pixels(self) -> Pixels {
        match self {
            Self::Bytes(pixels) => pixels,
            Self::Floats { width, height, rgb } => {
                let rgb = rgb.iter().map(|v| v.round() as u8).collect();
                Pixels { width, height, rgb }
            }
        }
    }

    /// Numbers 0–255 in RGB order, row by row.
    pub fn values(&self) -> Vec<f32> {
        match self {
            Self::Bytes(pixels) => pixels.rgb.iter().map(|&v| f32::from(v)).collect(),
            Self::Floats { rgb, .. } => rgb.clone(),
        }
    }
}

/// Resizes the window's content to `width` × `height` pixels, both above 0.
pub fn resize(window: &Window, width: u32, height: u32, kernel: Resize) -> Resized {
    let bytes = |rgb| Resized::Bytes(Pixels { width, height, rgb });
    match kernel {
        Resize::PilNearest => bytes(pil::nearest(window, width, height)),
        Resize::PilBilinear => bytes(pil::filtered(window, width, height, pil::BILINEAR)),
        Resize::PilBicubic => bytes(pil::filtered(window, width, height, pil::BICUBIC)),
        Resize::Cv2Linear => bytes(cv2::linear(window, width, height)),
        Resize::TfBilinear => Resized::Floats {
            width,
            height,
            rgb: tf::bilinear(window, width, height),
        },
    }
}

/// The two source rows that a bilinear kernel blends, kept between output rows that share them.
struct RowPair {
    rows: [(Option<u32>, Vec<u8>); 2],
}

impl RowPair {
    fn new() -> Self {
        Self {
            rows: [(None, Vec::new()), (None, Vec::new())],
        }
    }

    /// Rows `upper` and `lower` of the window.
    fn get(&mut self, window: &Window, upper: u32, lower: u32) -> (&[u8], &[u8]) {
        if self.rows[1].0 == Some(upper) {
            self.rows.swap(0, 1);
        }
        for (slot, desired) in self.rows.iter_mut().zip([upper, lower]) {
            if slot.0 != Some(desired) {
                window.copy_row(desired, &mut slot.1);
                slot.0 = Some(desired);
            }
        }
        (&self.rows[0].1, &self.rows[1].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::hex::sha256;

    const KERNELS: [(&str, Resize); 5] = [
        ("pil-nearest", Resize::PilNearest),
        ("pil-bilinear", Resize::PilBilinear),
        ("pil-bicubic", Resize::PilBicubic),
        ("tf-bilinear", Resize::TfBilinear),
        ("cv2-linear", Resize::Cv2Linear),
    ];

    fn fixture(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/resize");
        std::fs::read(format!("{folder}/{name}")).unwrap()
    }

    /// The picture of `tests/fixtures/resize/recipe.py`.
    fn noise(width: u32, height: u32) -> Pixels {
        let mut state = 12345_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let rgb = (0..width * height * 3).map(|_| next()).collect();
        Pixels::new(width, height, rgb).unwrap()
    }

    fn bytes(resized: &Resized) -> Vec<u8> {
        match resized {
            Resized::Bytes(pixels) => pixels.rgb.clone(),
            Resized::Floats { rgb, .. } => rgb.iter().flat_map(|v| v.to_le_bytes()).collect(),
        }
    }

    #[test]
    fn every_kernel_equals_its_library_on_small_pictures() {
        let picture = noise(37, 29);
        for (name, kernel) in KERNELS {
            let kind = if kernel == Resize::TfBilinear {
                "f32"
            } else {
                "u8"
            };
            for (w, h) in [(16, 16), (24, 20), (64, 48), (37, 29), (40, 11), (1, 1)] {
                let resized = resize(&Window::whole(&picture), w, h, kernel);
                let expected = fixture(&format!("{name}_{w}x{h}.{kind}"));
                assert_eq!(bytes(&resized), expected, "{name} to {w} x {h}");
            }
        }
    }

    #[test]
    fn every_kernel_equals_its_library_on_large_pictures() {
        let picture = noise(1203, 1537);
        let sums = String::from_utf8(fixture("large.txt")).unwrap();
        assert_eq!(sums.lines().count(), 15);
        for line in sums.lines() {
            let [name, size, sum] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("not three words: {line}")
            };
            let (w, h) = size.split_once('x').unwrap();
            let (w, h) = (w.parse().unwrap(), h.parse().unwrap());
            let kernel = KERNELS.iter().find(|k| k.0 == name).unwrap().1;
            let resized = bytes(&resize(&Window::whole(&picture), w, h, kernel));
            assert_eq!(sha256(resized), sum, "{name} to {size}");
        }
    }

    #[test]
    fn a_window_gives_the_same_as_a_copied_crop() {
        let picture = noise(37, 29);
        let disc = Disc {
            centre_x: 15.5,
            centre_y: 12.0,
            radius: 14.25,
        };
        for disc in [None, Some(disc)] {
            let window = Window::new(&picture, -5, 4, 40, 30, disc);
            let mut copy = Pixels::new(40, 30, vec![0; 40 * 30 * 3]).unwrap();
            for y in 0..25_u32 {
                for x in 5..40_u32 {
                    let (sx, sy) = (x - 5, y + 4);
                    let (dx, dy) = (f64::from(sx) + 0.5 - 15.5, f64::from(sy) + 0.5 - 12.0);
                    if disc.is_none() || dx * dx + dy * dy <= 14.25 * 14.25 {
                        let i = (y * 40 + x) as usize * 3;
                        copy.rgb[i..i + 3].copy_from_slice(&picture.at(sx, sy));
                    }
                }
            }
            for (name, kernel) in KERNELS {
                let expected = resize(&Window::whole(&copy), 17, 23, kernel);
                assert_eq!(resize(&window, 17, 23, kernel), expected, "{name}");
            }
        }
    }

    #[test]
    fn one_pixel_and_one_line_are_pictures_too() {
        for (w, h) in [(1, 1), (1, 50), (50, 1)] {
            let picture = Pixels::new(w, h, vec![200; (w * h * 3) as usize]).unwrap();
            for (name, kernel) in KERNELS {
                let pixels = resize(&Window::whole(&picture), 7, 9, kernel).into_pixels();
                assert!(pixels.rgb.iter().all(|&v| v == 200), "{name} of {w} x {h}");
            }
        }
    }
}
