//! A fundus photograph in memory, upright, in eight-bit RGB.

use std::sync::Arc;
use strum::IntoStaticStr;

use serde::{Deserialize, Serialize};

use super::{CameraFacts, EyeSource, Findings, Fingerprint, Laterality, Measured, PatientKey};

/// Upright RGB8 pixels, row by row from the top left; three bytes per pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    /// `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}

impl Pixels {
    /// Wraps the bytes if their number fits the size; `None` otherwise.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let expected = (width as usize)
            .checked_mul(height as usize)?
            .checked_mul(3)?;
        (rgb.len() == expected && expected > 0).then_some(Self { width, height, rgb })
    }

    /// Colour at (x, y), which must be inside the picture.
    pub fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let i = (y as usize * self.width as usize + x as usize) * 3;
        [self.rgb[i], self.rgb[i + 1], self.rgb[i + 2]]
    }
}

/// The lit disc of retina in a photograph, in pixels of the upright picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldOfView {
    /// Centre of the fitted circle (continuous coordinates, pixel centres at .5).
    pub centre_x: f64,
    pub centre_y: f64,
    pub radius: f64,
    /// Share of the circle's area inside the frame and lit, 0–1.
    pub completeness: f64,
    /// Whether a round border was found. Without one the whole lit area counts as the field.
    pub round: bool,
}

impl FieldOfView {
    /// True inside the circle and a frame of this width and height; without a round border the frame is the field.
    pub fn holds(&self, [width, height]: [f64; 2], (x, y): (f64, f64)) -> bool {
        let in_frame = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        let in_circle = (x - self.centre_x).hypot(y - self.centre_y) <= self.radius;
        in_frame && (in_circle || !self.round)
    }
}

/// Image quality, decided by the worst of the image findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Quality {
    Good,
    Usable,
    Bad,
    NotAFundus,
}

impl Quality {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// An opened photograph: pixels and everything known about them. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct FundusImage {
    pub pixels: Arc<Pixels>,
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of the upright RGB8 bytes, row by row, and nothing else.
    pub pixels_sha256: String,
    pub eye: Laterality,
    pub eye_source: EyeSource,
    /// Side suggested by the position of the optic disc.
    pub eye_guess: Laterality,
    /// The patient, if the file states one.
    pub patient: Option<PatientKey>,
    /// The camera that the file names, for the screen alone.
    pub camera: Option<CameraFacts>,
    pub field_of_view: Option<FieldOfView>,
    pub quality: Quality,
    /// The figures behind the quality; `None` for a picture that is not a fundus photograph.
    pub measured: Option<Measured>,
    /// By which the same photograph at another size is recognised; only of fundus photographs.
    pub fingerprint: Option<Fingerprint>,
    pub findings: Findings,
}
