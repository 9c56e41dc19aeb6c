//! BMP and WebP through crate `image`. Of an animated WebP the first picture is taken.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, ImageError};

use super::decode::Frame;
use super::limits::zeros;
use super::orientation::Orientation;
use super::{Error, Limits};

pub(super) fn decode_bmp(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    const NAME: &str = "BMP";
    if let Some((width, height)) = bitmap_size(bytes) {
        // The decoder calls a size that it does not take damaged.
        limits.check_frame(NAME, width, height, 3)?;
    }
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(|e| refusal(NAME, e))?;
    if pixels_overlap_header(bytes) == Some(true) {
        return Err(Error::malformed(NAME, "the pixels begin inside the header"));
    }
    read(NAME, decoder, limits)
}

pub(super) fn decode_webp(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    const NAME: &str = "WebP";
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|e| refusal(NAME, e))?;
    let (width, height) = decoder.dimensions();
    limits.check_frame(
        NAME,
        width.into(),
        height.into(),
        webp_bytes_per_pixel(bytes),
    )?;
    let chunk = |wanted: &[u8; 4]| {
        webp_chunks(bytes)
            .find(|(name, _)| *name == wanted)
            .map(|(_, content)| content)
    };
    let icc = chunk(b"ICCP").is_some();
    // Read here: the decoder would take as much memory as the file states. EXIF first, then XMP, as PIL asks them.
    let orientation = chunk(b"EXIF")
        .and_then(Orientation::in_exif)
        .or_else(|| chunk(b"XMP ").and_then(Orientation::in_xmp))
        .unwrap_or_default();
    let mut frame = read(NAME, decoder, limits)?;
    (frame.icc, frame.orientation) = (icc, orientation);
    Ok(frame)
}

/// Name and content of each chunk of the file's container (RIFF), up to one that is longer than the file.
fn webp_chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    const HEADER: usize = 12;
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (name, behind) = rest.split_first_chunk::<4>()?;
        let (length, behind) = behind.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let content = behind.get(..length)?;
        // Chunks begin at even places.
        rest = behind.get(length + length % 2..).unwrap_or_default();
        Some((name, content))
    })
}

/// Bytes for each pixel that the decoder and the picture hold at once. A lossy picture is decoded as luminance and
/// halved colours, a lossless one as four channels; an animated one is put together from several.
fn webp_bytes_per_pixel(bytes: &[u8]) -> u64 {
    const ANIMATED: u8 = 0x02;
    const WITH_ALPHA: u8 = 0x10;
    match (bytes.get(12..16), bytes.get(20)) {
        (Some(b"VP8 "), _) => 5,
        (Some(b"VP8X"), Some(flags)) if flags & ANIMATED != 0 => 17,
        (Some(b"VP8X"), Some(flags)) if flags & WITH_ALPHA != 0 => 11,
        _ => 8,
    }
}

/// Width and height by a header that has them in four bytes each; a height below zero is one from the top.
fn bitmap_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(i32::from_le_bytes(bytes))
    };
    let (width, height) = (number(18)?, number(22)?);
    (number(14)? >= 40 && width > 0)
        .then(|| (width.unsigned_abs().into(), height.unsigned_abs().into()))
}

/// Whether the pixels are said to begin before the header and the colour table end: the decoder would show the
/// table as pixels. `None` for a header that has no table of four-byte colours or is too short to tell.
fn pixels_overlap_header(bytes: &[u8]) -> Option<bool> {
    const FILE_HEADER_BYTES: u64 = 14;
    let word = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(bytes)))
    };
    let (pixels_at, header_bytes, colours) = (word(10)?, word(14)?, word(46)?);
    let bits = bytes[28].min(32);
    if pixels_at == 0 || header_bytes < 40 {
        return None;
    }
    let colours = match bits {
        1..=8 if colours == 0 => 1 << bits,
        1..=8 => colours,
        _ => 0,
    };
    Some(pixels_at < FILE_HEADER_BYTES + header_bytes + 4 * colours)
}

fn read(
    format: &'static str,
    mut decoder: impl ImageDecoder,
    limits: &Limits,
) -> Result<Frame, Error> {
    let (width, height) = decoder.dimensions();
    let channels = match decoder.color_type() {
        ColorType::L8 => 1,
        ColorType::La8 => 2,
        ColorType::Rgb8 => 3,
        ColorType::Rgba8 => 4,
        _ => {
            return Err(Error::Unsupported(format!(
                "this {format} has an unusual colour format; save it as PNG"
            )));
        }
    };
    let (wide, high) = (width.into(), height.into());
    let size = limits.check_frame(format, wide, high, channels as u64)?;
    limits.check_frame(format, wide, high, Frame::bytes_per_pixel(channels))?;
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(limits.memory);
    decoder
        .set_limits(allowed)
        .map_err(|e| refusal(format, e))?;
    let mut samples = zeros(format, size)?;
    decoder
        .read_image(&mut samples)
        .map_err(|e| refusal(format, e))?;
    Frame::from_samples(format, width, height, channels, samples)
}

fn refusal(format: &'static str, error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(what) => Error::unsupported_kind(format, what),
        ImageError::Limits(_) => Error::Memory { format },
        other => Error::of_decoder(format, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_reads_from_the_bottom() {
        let mut bytes = b"BM".to_vec();
        bytes.extend([
            62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0,
        ]);
        bytes.extend([0; 24]);
        bytes.extend([1, 2, 3, 0, 4, 5, 6, 0]);
        let frame = decode_bmp(&bytes, &Limits::default()).unwrap();
        assert_eq!((frame.width, frame.height), (1, 2));
        assert_eq!(frame.rgb, [6, 5, 4, 3, 2, 1]);
        for cut in 0..bytes.len() - 1 {
            assert!(decode_bmp(&bytes[..cut], &Limits::default()).is_err());
        }
    }

    #[test]
    fn a_colour_table_is_not_shown_as_pixels() {
        let mut bytes = b"BM".to_vec();
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 0, 62, 0, 0, 0, 40, 0, 0, 0]);
        bytes.extend([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 8, 0]);
        bytes.extend([0; 16]);
        bytes.extend([2, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([10, 20, 30, 0, 40, 50, 60, 0]);
        bytes.extend([1, 0, 0, 0]);
        let frame = decode_bmp(&bytes, &Limits::default()).unwrap();
        assert_eq!(frame.rgb, [60, 50, 40]);
        bytes[10] = 54;
        let refused = decode_bmp(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(refused.code(), "malformed");
    }
}
