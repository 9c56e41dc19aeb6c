//! JPEG 2000 through hayro-jpeg2000, as files of their own (JP2 or a bare code stream) and inside DICOM.
//!
//! hayro-jpeg2000 forbids unsafe code; openjp2, which dicom-rs would take, is C turned into unsafe Rust. Its pixels are
//! those of OpenJPEG (PIL, pydicom) for reversible streams, and within one step of 255 in 0.03 % of the samples for
//! others. Its SIMD kernels are left out, because they are unsafe code.

use hayro_jpeg2000::{ColorSpace, DecodeError, DecodeSettings, DecoderContext, Image};

use super::decode::Frame;
use super::{Error, Limits, depth};

const NAME: &str = "JPEG 2000";

/// Bytes of each sample while it is decoded: a float and its coefficient.
const WORKING_BYTES: u64 = 8;

/// Decodes a file.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
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
    let (width, height) = (image.width(), image.height());
    let icc = matches!(image.color_space(), ColorSpace::Icc { .. });
    let per_pixel = channels as u64 * WORKING_BYTES;
    limits.check_frame(NAME, width.into(), height.into(), per_pixel)?;
    let decoded = words(&image, channels, false)?;
    let (samples, deep) = match decoded.bits {
        8 => (decoded.interleaved().map(|word| word as u8).collect(), None),
        9..=16 => {
            depth::eight_bit_of_channels(decoded.interleaved(), channels, decoded.bits.into())
        }
        bits => {
            return Err(Error::unsupported_kind(
                NAME,
                format!("{bits} bits per sample"),
            ));
        }
    };
    let mut frame = Frame::from_samples(NAME, width, height, channels, samples)?;
    frame.icc = icc;
    frame.findings.extend(deep);
    Ok(frame)
}

/// What a header around a stream says about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    pub width: u32,
    pub height: u32,
    pub channels: usize,
    /// Bits that are kept of each sample, at most 16.
    pub bits: u16,
    pub signed: bool,
}

/// Decodes a stream inside another format: words by pixel, in their own depth; negative ones as two's complement.
pub(super) fn embedded(
    stream: &[u8],
    expected: Expected,
    limits: &Limits,
) -> Result<Vec<u16>, Error> {
    let image = read(stream)?;
    let (width, height) = (image.width(), image.height());
    if (width, height) != (expected.width, expected.height) {
        let reason = "the compressed picture has another size than the header";
        return Err(Error::malformed(NAME, reason));
    }
    let channels = usize::from(image.color_space().num_channels()) + usize::from(image.has_alpha());
    if channels != expected.channels {
        return Err(other_colours());
    }
    let per_pixel = channels as u64 * WORKING_BYTES;
    limits.check_frame(NAME, width.into(), height.into(), per_pixel)?;
    let decoded = words(&image, channels, expected.signed)?;
    if u16::from(decoded.bits) > expected.bits {
        let reason = "the compressed picture has more bits per sample than the header";
        return Err(Error::malformed(NAME, reason));
    }
    Ok(decoded.interleaved().collect())
}

fn other_colours() -> Error {
    let reason = "the compressed picture has another number of colours than the header";
    Error::malformed(NAME, reason)
}

/// Strictly: a stream that ends early would be shown blurred.
fn read(bytes: &[u8]) -> Result<Image<'_>, Error> {
    let settings = DecodeSettings {
        strict: true,
        ..DecodeSettings::default()
    };
    Image::new(bytes, &settings).map_err(refusal)
}

/// Samples by channel.
struct Words {
    channels: Vec<Vec<u16>>,
    bits: u8,
}

impl Words {
    fn interleaved(&self) -> impl Iterator<Item = u16> + Clone {
        let pixels = self.channels.first().map_or(0, Vec::len);
        (0..pixels).flat_map(|at| self.channels.iter().map(move |channel| channel[at]))
    }
}

fn words(image: &Image, channels: usize, signed: bool) -> Result<Words, Error> {
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(refusal)?;
    let components = decoded.components();
    let pixels = image.width() as usize * image.height() as usize;
    let bits = components.first().map_or(0, |first| first.bit_depth());
    if components.len() != channels || components.iter().any(|c| c.samples().len() != pixels) {
        return Err(other_colours());
    }
    if !(1..=16).contains(&bits) || components.iter().any(|c| c.bit_depth() != bits) {
        return Err(Error::unsupported_kind(
            NAME,
            "channels of other depths than 1 to 16 bits",
        ));
    }
    let largest = ((1_u32 << bits) - 1) as f32;
    // Lossy samples may lie beyond their range.
    let least = if signed { -largest } else { 0.0 };
    let word = |&sample: &f32| sample.round().clamp(least, largest) as i32 as u16;
    let channels = components
        .iter()
        .map(|c| c.samples().iter().map(word).collect());
    Ok(Words {
        channels: channels.collect(),
        bits,
    })
}

fn refusal(error: DecodeError) -> Error {
    Error::malformed(NAME, error)
}
