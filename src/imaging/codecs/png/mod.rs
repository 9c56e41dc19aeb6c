//! PNG of every kind, through crate `png`.
//!
//! Profile chunks are never inflated, and text chunks only if they may contain the orientation (see [`text`]), so
//! neither can be a decompression bomb. Sixteen-bit samples keep their high byte, as PIL does for RGB, unless they use
//! far fewer bits, see [`super::depth`]; palettes and short samples are expanded; gamma is ignored, as in PIL.

mod text;

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use super::Format;
use super::canvas::{Canvas, RowTarget};
use super::depth::DepthReduction;
use super::frame::Frame;
use crate::domain::{Finding, FindingCode, Severity};
use crate::imaging::limits::zeros;
use crate::imaging::{Error, Limits};

const NAME: &str = "PNG";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["png"],
    media_type: "image/png",
    is_one: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
    decode: |bytes, _, limits| decode(bytes, limits),
    has_frames: false,
    patient: None,
};

/// Bytes that the decoder may allocate for a row and for metadata; the metadata used here is read from the file
/// directly.
const MAX_METADATA_BYTES: usize = 8 << 20;

fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    let mut decoder = Decoder::new_with_limits(
        Cursor::new(bytes),
        png::Limits {
            bytes: MAX_METADATA_BYTES,
        },
    );
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info().map_err(refusal)?;
    let (width, height, interlaced) = (header.width, header.height, header.interlaced);
    limits.check_frame(NAME, width.into(), height.into(), 3)?;
    let mut reader = decoder.read_info().map_err(refusal)?;
    let (colour, depth) = reader.output_color_type();
    let (channels, sample_bytes) = match (colour, depth) {
        (ColorType::Grayscale, BitDepth::Eight) => (1, 1),
        (ColorType::Grayscale, BitDepth::Sixteen) => (1, 2),
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => (2, 1),
        (ColorType::GrayscaleAlpha, BitDepth::Sixteen) => (2, 2),
        (ColorType::Rgb, BitDepth::Eight) => (3, 1),
        (ColorType::Rgb, BitDepth::Sixteen) => (3, 2),
        (ColorType::Rgba, BitDepth::Eight) => (4, 1),
        (ColorType::Rgba, BitDepth::Sixteen) => (4, 2),
        _ => return Err(Error::malformed(NAME, "samples could not be expanded")),
    };
    let stored = (channels * sample_bytes) as u64;
    limits.check_scanned_bytes(u64::from(width) * u64::from(height) * stored)?;
    // Interlaced rows come in seven passes, so the whole picture must be held at its own depth.
    let held = if interlaced { stored } else { 0 };
    let per_pixel = Canvas::bytes_per_pixel(channels) + held;
    limits.check_frame(NAME, width.into(), height.into(), per_pixel)?;
    let mut canvas = Canvas::new(NAME, (width, height), channels, DepthReduction::guessed(16))?;
    let mut words = Vec::new();
    let mut put = |y: usize, row: &[u8]| {
        let place = RowTarget {
            x: 0,
            y,
            channel: 0,
            interleaved: channels,
        };
        if sample_bytes == 1 {
            canvas.put(place, row);
        } else {
            words.clear();
            let pairs = row.as_chunks::<2>().0.iter();
            words.extend(pairs.map(|&pair| u16::from_be_bytes(pair)));
            canvas.put_words(place, &words);
        }
    };
    if interlaced {
        let size = reader
            .output_buffer_size()
            .ok_or_else(|| Error::malformed(NAME, "the size overflows"))?;
        let mut samples = zeros(NAME, size)?;
        let output = reader.next_frame(&mut samples).map_err(refusal)?;
        let rows = samples.chunks_exact(output.line_size);
        rows.take(height as usize)
            .enumerate()
            .for_each(|(y, row)| put(y, row));
    } else {
        for y in 0..height as usize {
            let row = reader.next_row().map_err(refusal)?;
            let row = row.ok_or_else(|| Error::malformed(NAME, "pixels are missing"))?;
            put(y, row.data());
        }
        // The data after the last row must be valid too.
        reader.next_row().map_err(refusal)?;
    }
    let mut frame = canvas.into_frame();
    frame.orientation = text::orientation(bytes);
    frame.icc = text::chunks(bytes)
        .take_while(|(name, _)| name != b"IDAT")
        .any(|(name, _)| &name == b"iCCP");
    let before_pixels = text::chunks(bytes).take_while(|(name, _)| name != b"IDAT");
    if before_pixels.filter(|(name, _)| name == b"acTL").count() > 0 {
        let several = Finding::new(FindingCode::Animation, Severity::Note);
        frame.findings.push(several);
    }
    Ok(frame)
}

fn refusal(error: DecodingError) -> Error {
    match error {
        DecodingError::LimitsExceeded => Error::malformed(NAME, "its metadata are too long"),
        other => Error::of_decoder(NAME, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(colour: ColorType, depth: BitDepth, width: u32, height: u32, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(data)
            .unwrap();
        out
    }

    #[test]
    fn sixteen_bits_keep_the_high_byte() {
        let bytes = encode(
            ColorType::Rgb,
            BitDepth::Sixteen,
            1,
            1,
            &[0x12, 0xFF, 0x80, 0x00, 0xFE, 0xFF],
        );
        let frame = decode(&bytes, &Limits::default()).unwrap();
        assert_eq!(frame.rgb, [0x12, 0x80, 0xFE]);
    }

    #[test]
    fn grey_and_alpha_are_told_apart() {
        let bytes = encode(ColorType::GrayscaleAlpha, BitDepth::Eight, 1, 1, &[9, 3]);
        let frame = decode(&bytes, &Limits::default()).unwrap();
        assert_eq!((frame.rgb, frame.alpha), (vec![9, 9, 9], Some(vec![3])));
    }

    #[test]
    fn a_huge_header_is_refused_by_its_announcement() {
        let mut bytes = encode(ColorType::Rgb, BitDepth::Eight, 1, 1, &[0; 3]);
        bytes[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        assert!(decode(&bytes, &Limits::default()).is_err());
    }
}
