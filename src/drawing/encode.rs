//! Drawn pixels as PNG or JPEG bytes.

use super::{Error, Pixels};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// Quality of drawn JPEG pictures, as commonly used by fundus cameras.
const JPEG_QUALITY: u8 = 92;

/// The file format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureFormat {
    #[default]
    Png,
    Jpeg,
}

impl PictureFormat {
    /// `png` or `jpg`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }
}

/// Encodes a drawn picture.
///
/// # Errors
/// [`Error::Encode`] if the encoder fails, which drawn pictures should never cause.
pub fn encode(pixels: &Pixels, format: PictureFormat) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let colour = ExtendedColorType::Rgb8;
    match format {
        PictureFormat::Png => PngEncoder::new(&mut bytes).write_image(
            &pixels.rgb,
            pixels.width,
            pixels.height,
            colour,
        ),
        PictureFormat::Jpeg => JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).write_image(
            &pixels.rgb,
            pixels.width,
            pixels.height,
            colour,
        ),
    }?;
    Ok(bytes)
}
