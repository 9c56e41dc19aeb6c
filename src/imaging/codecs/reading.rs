//! Pixels of the formats that crate `image` decodes.

use image::{ColorType, ImageDecoder, ImageError};

use super::frame::Frame;
use crate::imaging::limits::zeros;
use crate::imaging::{Error, Limits};

/// Reads eight-bit pixels after the picture's size was checked against the limits.
pub(super) fn read(
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

/// The crate's error as an error for the file.
pub(super) fn refusal(format: &'static str, error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(what) => Error::unsupported_kind(format, what),
        ImageError::Limits(_) => Error::Memory { format },
        other => Error::of_decoder(format, other),
    }
}
