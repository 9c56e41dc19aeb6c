//! Fundus photographs drawn by computer, with a recorded label that shows in a few local signs of known strength.
//!
//! They exist so that a demonstration model can ship without real photographs, so that a saliency map can be compared
//! with the truth (the location of the evidence is known), and so that a class can be shown what a small AUC means.
//! They say nothing about real eyes.
//!
//! - [`person`] creates the n-th person of a seed: label, age, two eyes. The label belongs to the person; the latent
//!   signs are drawn separately for each eye, so the best possible AUC is that of single pictures.
//! - [`draw_eye`] paints an eye at any size from 64 to 12,000 pixels per side, row by row, and returns the position of
//!   everything.
//! - [`labels_csv`] and [`signs_json`] write the tables of a set; [`best_auc`] is that of the ideal observer.
//!
//! Only the signs in [`Sign`] depend on the label; colour, light, blur, haze, vessels and pigment come from random
//! streams that do not use it. The same seed gives the same bytes on every platform: all arithmetic is IEEE basic
//! operations or `libm`.

mod anatomy;
mod arcades;
mod camera;
mod curves;
mod encode;
mod paint;
mod person;
mod records;
mod signs;
mod strokes;
mod texture;
mod tissue;
mod truth;
mod vessels;

pub use encode::{PictureFormat, encode};
pub use person::{Eye, Person, Side, person};
pub use records::{Entry, entry, eye_of_picture, labels_csv, signs_json};
pub use signs::{LATENT_LIMIT, Latents, RecordedSex, Sign, auc, best_auc};
pub use truth::{DiscTruth, EyeTruth, Position, Region};

use thiserror::Error;

/// Smallest and largest side of a drawn picture in pixels.
pub const SIDE_LIMITS: (u32, u32) = (64, 12_000);

/// Why a picture could not be drawn.
#[derive(Debug, Error)]
pub enum Error {
    /// A side is outside [`SIDE_LIMITS`].
    #[error(
        "a drawn picture must have 64 to 12000 pixels per side, not {width}x{height}; choose another size"
    )]
    Size { width: u32, height: u32 },
    #[error("the drawn picture could not be encoded: {0}")]
    Encode(#[from] image::ImageError),
}

/// A drawn picture: 8-bit sRGB, row by row from the top, three bytes per pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

/// Draws an eye at `width` × `height` pixels and returns where its parts and signs are.
///
/// # Errors
/// [`Error::Size`] if a side is outside [`SIDE_LIMITS`].
pub fn draw_eye(eye: &Eye, width: u32, height: u32) -> Result<(Pixels, EyeTruth), Error> {
    let allowed = SIDE_LIMITS.0..=SIDE_LIMITS.1;
    if !allowed.contains(&width) || !allowed.contains(&height) {
        return Err(Error::Size { width, height });
    }
    let painter = paint::Painter::new(eye, width, height);
    let mut cover = strokes::RowCover::default();
    let stride = width as usize * 3;
    let mut rgb = vec![0; stride * height as usize];
    for (y, row) in rgb.chunks_exact_mut(stride).enumerate() {
        painter.row(y as u32, &mut cover, row);
    }
    Ok((
        Pixels { width, height, rgb },
        EyeTruth::of(eye, painter.anatomy(), painter.frame()),
    ))
}

#[cfg(test)]
mod tests;
