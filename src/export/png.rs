//! Pictures as PNG bytes, marked as this application's own.

use png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};

use crate::domain::Pixels;
use crate::imaging::mark;

/// The picture could not be encoded.
#[derive(Debug, thiserror::Error)]
#[error("the picture could not be written as PNG: {0}")]
pub struct Error(#[from] png::EncodingError);

/// Encodes RGB8 without loss, fast rather than small: each row has the filter that suits it best. The embedded mark
/// prevents the picture from being taken for a photograph later.
pub fn encode(pixels: &Pixels) -> Result<Vec<u8>, Error> {
    encode_with(pixels, Filter::Adaptive, None)
}

/// The same with its resolution, in pixels per inch.
pub fn encode_at(pixels: &Pixels, dpi: f32) -> Result<Vec<u8>, Error> {
    let per_metre = (dpi / 0.0254).round() as u32;
    encode_with(pixels, Filter::Adaptive, Some(per_metre))
}

/// The same with one filter for all rows, in a fraction of the time; the file is somewhat larger.
pub fn encode_fast(pixels: &Pixels) -> Result<Vec<u8>, Error> {
    encode_with(pixels, Filter::Up, None)
}

fn encode_with(pixels: &Pixels, filter: Filter, per_metre: Option<u32>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(filter);
    encoder.set_pixel_dims(per_metre.map(|density| PixelDimensions {
        xppu: density,
        yppu: density,
        unit: Unit::Meter,
    }));
    encoder.add_text_chunk(mark::KEYWORD.to_owned(), mark::TEXT.to_owned())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_comes_back_unchanged_and_marked() {
        let pixels = Pixels::new(3, 2, (0..18).collect()).unwrap();
        for bytes in [encode(&pixels), encode_fast(&pixels)].map(Result::unwrap) {
            let back = image::load_from_memory(&bytes).unwrap().into_rgb8();
            assert_eq!(back.as_raw(), &pixels.rgb);
            assert!(mark::is_marked(&bytes[..bytes.len().min(512)]));
        }
    }

    #[test]
    fn drawn_eyes_are_photographs_and_not_marked() {
        let pixels = crate::drawing::Pixels {
            width: 3,
            height: 2,
            rgb: (0..18).collect(),
        };
        for format in [
            crate::drawing::PictureFormat::Png,
            crate::drawing::PictureFormat::Jpeg,
        ] {
            assert!(!mark::is_marked(
                &crate::drawing::encode(&pixels, format).unwrap()
            ));
        }
    }
}
