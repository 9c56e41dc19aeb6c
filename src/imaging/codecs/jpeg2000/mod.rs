//! JPEG 2000 through hayro-jpeg2000, as stand-alone files (JP2 or a bare code stream) and inside DICOM.
//!
//! hayro-jpeg2000 forbids unsafe code; openjp2, the choice of dicom-rs, is C translated into unsafe Rust. Its pixels
//! equal those of OpenJPEG (PIL, pydicom) for reversible streams, and for others differ by one step of 255 at most, in
//! 0.03 % of the samples. Its SIMD kernels are not used, because they are unsafe code.

mod outline;

use hayro_jpeg2000::{
    ColorSpace, DecodeError, DecodeSettings, DecodedImage, DecoderContext, Image,
};

use super::Format;
use super::canvas::{Canvas, RowTarget};
use super::depth::DepthReduction;
use super::frame::Frame;
use crate::imaging::limits::zeros;
use crate::imaging::{Error, Limits};

pub(super) use outline::Expected;

const NAME: &str = "JPEG 2000";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["jp2", "j2k"],
    media_type: "image/jp2",
    is_one: outline::is_one,
    decode: |bytes, _, limits| decode(bytes, limits),
    has_frames: false,
    patient: None,
};

/// Decodes a file.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    outline::check(bytes, None, limits)?;
    let image = read(bytes)?;
    let colours = match image.color_space() {
        ColorSpace::Gray
        | ColorSpace::Icc {
            num_channels: 1, ..
        } => 1,
        ColorSpace::RGB
        | ColorSpace::Icc {
            num_channels: 3, ..
        } => 3,
        other => {
            let kind = format!("{} colour channels", other.num_channels());
            return Err(Error::unsupported_kind(NAME, kind));
        }
    };
    let channels = colours + usize::from(image.has_alpha());
    let size = (image.width(), image.height());
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(refusal)?;
    let bits = depth(&image, &decoded, channels)?;
    if bits < 8 {
        let kind = format!("{bits} bits per sample");
        return Err(Error::unsupported_kind(NAME, kind));
    }
    let mut canvas = Canvas::new(NAME, size, channels, DepthReduction::guessed(bits.into()))?;
    let mut row = Vec::new();
    for (channel, component) in decoded.components().iter().enumerate() {
        let rows = component.samples().chunks_exact(size.0 as usize);
        for (y, samples) in rows.enumerate() {
            row.clear();
            row.extend(samples.iter().map(|&sample| word(sample, bits, false)));
            let place = RowTarget {
                x: 0,
                y,
                channel,
                interleaved: 1,
            };
            canvas.put_words(place, &row);
        }
    }
    let mut frame = canvas.into_frame();
    frame.icc = matches!(image.color_space(), ColorSpace::Icc { .. });
    Ok(frame)
}

/// Decodes a stream inside another format: words by pixel, in their own depth; negative ones as two's complement.
pub(super) fn embedded(
    stream: &[u8],
    expected: Expected,
    limits: &Limits,
) -> Result<Vec<u16>, Error> {
    // The enclosing header defines the colours (PS3.5 8.2.4). Boxes and their padding do not belong here: only the code
    // stream is read.
    let stream = outline::check(stream, Some(expected), limits)?;
    let image = read(stream)?;
    let signed = expected.signed && outline::is_signed(stream);
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(refusal)?;
    let channels = usize::from(expected.components);
    let bits = depth(&image, &decoded, channels)?;
    let pixels = expected.width as usize * expected.height as usize;
    let mut words = zeros(NAME, pixels * channels)?;
    for (channel, component) in decoded.components().iter().enumerate() {
        let places = words.iter_mut().skip(channel).step_by(channels);
        for (place, &sample) in places.zip(component.samples()) {
            *place = word(sample, bits, signed);
        }
    }
    Ok(words)
}

/// Strict: a truncated stream would be shown blurred.
fn read(bytes: &[u8]) -> Result<Image<'_>, Error> {
    let settings = DecodeSettings {
        strict: true,
        ..DecodeSettings::default()
    };
    Image::new(bytes, &settings).map_err(refusal)
}

/// The bits of each sample, 1 to 16, if all channels are present and have the same depth.
fn depth(image: &Image, decoded: &DecodedImage, channels: usize) -> Result<u8, Error> {
    let components = decoded.components();
    let pixels = image.width() as usize * image.height() as usize;
    if components.len() != channels || components.iter().any(|c| c.samples().len() != pixels) {
        let reason = "it has a different number of colours from the header";
        return Err(Error::malformed(NAME, reason));
    }
    let bits = components.first().map_or(0, |first| first.bit_depth());
    if !(1..=16).contains(&bits) || components.iter().any(|c| c.bit_depth() != bits) {
        let kind = "channels of different depths, or of more than 16 bits";
        return Err(Error::unsupported_kind(NAME, kind));
    }
    Ok(bits)
}

/// Lossy samples may exceed their range. The decoder also adds half the range to signed samples: it is subtracted again
/// here, and negative ones become two's complement.
fn word(sample: f32, bits: u8, signed: bool) -> u16 {
    let largest = ((1_u32 << bits) - 1) as f32;
    let raised = sample.round().clamp(0.0, largest) as u16;
    if signed {
        raised.wrapping_sub(1 << (bits - 1))
    } else {
        raised
    }
}

fn refusal(error: DecodeError) -> Error {
    Error::of_decoder(NAME, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_samples_become_twos_complement_and_do_not_wrap() {
        assert_eq!(word(2048.0, 12, true), 0);
        assert_eq!(word(2043.0, 12, true), (-5_i16) as u16);
        assert_eq!(word(70_000.0, 16, true), i16::MAX as u16);
        assert_eq!(word(-3.0, 16, true), i16::MIN as u16);
        assert_eq!(word(-3.0, 8, false), 0);
    }
}
