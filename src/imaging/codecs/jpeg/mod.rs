//! JPEG: an outline read from the markers, then pixels identical to libjpeg-turbo's.
//!
//! Published networks were trained on pixels decoded by libjpeg-turbo (through PIL, TensorFlow or OpenCV), so the same
//! bytes are needed here. Crate `libjpeg-turbo-rs`, a port of it to Rust, provides them: of photographs, test pictures
//! of other decoders and every sampling that `cjpeg` writes, the 283 that it decodes without a warning equal PIL's byte
//! by byte. Its vector kernels write without bounds checks, as its scalar ones do, where the decoder has checked the
//! length of a plane; damaged files are tried in the tests. 12 megapixels take 0.05 s with them and 0.08 s without. The decoder zune-jpeg is as fast, but interpolates chroma differently (by up
//! to 4 steps of 255, more at sharp edges) and shows several rare forms in wrong colours. The crate is young, so its
//! version is pinned, and [`outline`] rejects, by name, what it cannot decode correctly.
//!
//! One pass over the markers determines size, orientation, profile and completeness before memory is allocated. Four
//! channels count as inverted CMYK or YCCK, as in PIL. Three are RGB or YCbCr by libjpeg's rules (the Adobe or JFIF
//! marker, then components named R, G and B), and YCbCr if colour is subsampled, which only YCbCr has. If neither an
//! Adobe marker nor subsampling decides, the file's declaration is checked against the colours of the picture, see
//! [`super::colours`].
//!
//! A picture with damaged data opens with the finding `jpeg-damaged`; one whose data end early is rejected if its end
//! marker is missing too.

mod coefficients;
mod damage;
mod outline;

use std::borrow::Cow;

use libjpeg_turbo_rs::{ColorSpace, DecodeLimits, Decoder, Image, JpegError, PixelFormat};

use super::Format;
use super::colours::{Reading, rgb_from_channels, rgb_from_ycbcr};
use super::frame::{Frame, inks_to_rgb};
use crate::imaging::{Error, Limits};

pub(super) use outline::Outline;

const NAME: &str = "JPEG";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["jpg", "jpeg", "jpe", "jfif"],
    media_type: "image/jpeg",
    is_one: |bytes| bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
    decode: |bytes, _, limits| decode(bytes, limits),
    has_frames: false,
    patient: None,
};

/// Decodes a JPEG file.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    decode_embedded(bytes, &Outline::read(bytes)?, None, limits)
}

/// Decodes a JPEG stream. `declared` is the meaning of three channels in the enclosing header; a stand-alone stream is
/// YCbCr.
pub(super) fn decode_embedded(
    bytes: &[u8],
    outline: &Outline,
    declared: Option<Reading>,
    limits: &Limits,
) -> Result<Frame, Error> {
    outline.check(limits)?;
    let stream = mended(bytes, outline);
    let image = decoded(&stream, |decoder| {
        // Channels as stored: their meaning is decided here.
        match (outline.components, decoder.jpeg_color_space()) {
            (1, _) => decoder.set_output_format(PixelFormat::Grayscale),
            (3, ColorSpace::YCbCr) => decoder.set_output_colorspace(ColorSpace::YCbCr),
            (3, _) => decoder.set_output_format(PixelFormat::Rgb),
            _ => decoder.set_output_format(PixelFormat::Cmyk),
        }
    })?;
    let damaged = damage::finding(&stream, outline, &image.warnings)?;
    let (channels, samples, guessed) = match outline.components {
        1 => (1, image.data, None),
        3 => {
            let (rgb, guessed) = match outline.reading(declared) {
                (Reading::YCbCr, true) => (rgb_from_ycbcr(image.data), None),
                (Reading::Rgb, true) => (image.data, None),
                (reading, false) => rgb_from_channels(image.data, reading),
            };
            (3, rgb, guessed)
        }
        _ => {
            let pixels = image.data.as_chunks::<4>().0.iter();
            let inks = pixels.clone().flat_map(|[c, m, y, _]| [c, m, y]);
            let mut rgb: Vec<u8> = inks.map(|light| 255 - light).collect();
            let black: Vec<u8> = pixels.map(|[.., light]| 255 - light).collect();
            inks_to_rgb(&mut rgb, &black);
            (3, rgb, None)
        }
    };
    let (width, height) = (outline.width.into(), outline.height.into());
    let mut frame = Frame::from_samples(NAME, width, height, channels, samples)?;
    frame.orientation = outline.orientation();
    frame.icc = outline.icc;
    frame.findings.extend(guessed.into_iter().chain(damaged));
    Ok(frame)
}

/// The stream with corrections from its outline: the height given by a later segment, and an end marker.
fn mended<'a>(bytes: &'a [u8], outline: &Outline) -> Cow<'a, [u8]> {
    let mut stream = Cow::Borrowed(bytes);
    if let Some(place) = outline.missing_height_at {
        stream.to_mut()[place..place + 2].copy_from_slice(&outline.height.to_be_bytes());
    }
    if !outline.complete {
        stream.to_mut().extend([0xFF, 0xD9]);
    }
    stream
}

/// Decodes like libjpeg, which continues after damage and reports it as warnings.
fn decoded(stream: &[u8], set: impl FnOnce(&mut Decoder)) -> Result<Image, Error> {
    // Pixels and scans are limited by the outline's check.
    let limits = DecodeLimits {
        max_width: u16::MAX.into(),
        max_height: u16::MAX.into(),
        ..DecodeLimits::default()
    };
    let mut decoder = Decoder::new_with_limits(stream, limits).map_err(refusal)?;
    decoder.set_lenient(true);
    set(&mut decoder);
    decoder.decode_image().map_err(refusal)
}

fn refusal(error: JpegError) -> Error {
    match error {
        JpegError::Unsupported(kind) => Error::unsupported_kind(NAME, kind),
        JpegError::AllocationFailed { .. } => Error::Memory { format: NAME },
        other => Error::of_decoder(NAME, other),
    }
}
