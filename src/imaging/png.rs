//! PNG of every kind, through crate `png`.
//!
//! Profile chunks are never inflated, and of text only what may say how the picture lies (see [`super::png_text`]), so
//! they cannot be bombs. Sixteen-bit samples keep their high byte, as PIL
//! does for RGB, unless they use far fewer bits, see [`super::depth`]; palettes and short samples are expanded; gamma is
//! ignored, as PIL does.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use super::decode::Frame;
use super::{Error, Limits, depth, png_text};

const NAME: &str = "PNG";

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    let mut decoder = Decoder::new_with_limits(
        Cursor::new(bytes),
        png::Limits {
            bytes: usize::try_from(limits.decoded_bytes).unwrap_or(usize::MAX),
        },
    );
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info().map_err(refusal)?;
    limits.check_frame(
        NAME,
        header.width.into(),
        header.height.into(),
        header.bytes_per_pixel() as u64,
    )?;
    let mut reader = decoder.read_info().map_err(refusal)?;
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| Error::malformed(NAME, "the size overflows"))?;
    limits.check_bytes(size as u64)?;
    let mut samples = vec![0; size];
    let output = reader.next_frame(&mut samples).map_err(refusal)?;
    samples.truncate(output.buffer_size());
    let channels = match output.color_type {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        ColorType::Indexed => 0,
    };
    let (samples, deep) = match output.bit_depth {
        BitDepth::Eight if channels > 0 => (samples, None),
        BitDepth::Sixteen if channels > 0 => {
            let words = samples.as_chunks::<2>().0.iter();
            let words = words.map(|&word| u16::from_be_bytes(word));
            depth::eight_bit_of_channels(words, channels, 16)
        }
        _ => return Err(Error::malformed(NAME, "samples could not be expanded")),
    };
    let mut frame = Frame::from_samples(NAME, output.width, output.height, channels, samples)?;
    frame.orientation = png_text::orientation(bytes);
    frame.icc = png_text::chunks(bytes)
        .take_while(|(name, _)| name != b"IDAT")
        .any(|(name, _)| &name == b"iCCP");
    frame.findings.extend(deep);
    Ok(frame)
}

fn refusal(error: DecodingError) -> Error {
    match error {
        DecodingError::LimitsExceeded => Error::Memory { format: NAME },
        other => Error::malformed(NAME, other),
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
