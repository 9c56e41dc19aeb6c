//! The file format of overlays in full size.

use libjpeg_turbo_rs::{Encoder, JpegError, PixelFormat, Subsampling};
use serde::{Deserialize, Serialize};

use super::png;
use crate::domain::Pixels;
use crate::imaging::mark;

/// How overlays are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum OverlayFormat {
    /// Without loss.
    #[default]
    Png,
    /// Without loss, in less time and more space.
    PngFast,
    /// With the losses of JPEG at [`QUALITY`], in the least space; colours are no longer exactly those of the scale.
    Jpeg,
}

/// Quality of JPEG overlays, 1 to 100. Colour has full resolution, so that the borders of cells stay sharp.
pub const QUALITY: u8 = 92;

/// The overlay could not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Png(#[from] png::Error),
    #[error("the picture could not be written as JPEG: {0}")]
    Jpeg(#[from] JpegError),
}

impl OverlayFormat {
    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png | Self::PngFast => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// The bytes of a file that is marked as no photograph.
    ///
    /// # Errors
    /// The picture is larger than the format allows (65,535 pixels a side in JPEG).
    pub fn encode(self, pixels: &Pixels) -> Result<Vec<u8>, Error> {
        Ok(match self {
            Self::Png => png::encode(pixels)?,
            Self::PngFast => png::encode_fast(pixels)?,
            Self::Jpeg => {
                let (width, height) = (pixels.width as usize, pixels.height as usize);
                let mark = format!("{}: {}", mark::KEYWORD, mark::TEXT);
                Encoder::new(&pixels.rgb, width, height, PixelFormat::Rgb)
                    .quality(QUALITY)
                    .subsampling(Subsampling::S444)
                    .comment(&mark)
                    .encode()?
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_format_comes_back_and_is_marked() {
        let rgb = (0..40 * 30).flat_map(|i| [200, (i / 40 * 4) as u8, 90]);
        let pixels = Pixels::new(40, 30, rgb.collect()).unwrap();
        for format in OverlayFormat::iter() {
            let bytes = format.encode(&pixels).unwrap();
            assert!(
                mark::is_marked(&bytes[..bytes.len().min(512)]),
                "{format:?}"
            );
            let back = image::load_from_memory(&bytes).unwrap().into_rgb8();
            let near = match format {
                OverlayFormat::Png | OverlayFormat::PngFast => 0,
                OverlayFormat::Jpeg => 6,
            };
            let apart = back.as_raw().iter().zip(&pixels.rgb);
            let apart = apart.map(|(a, b)| a.abs_diff(*b)).max();
            assert!(
                apart.is_some_and(|apart| apart <= near),
                "{format:?}: {apart:?}"
            );
        }
    }
}
