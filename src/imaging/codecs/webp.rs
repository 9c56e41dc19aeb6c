//! WebP through crate `image`. Only the first picture of an animation is used.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use super::Format;
use super::frame::Frame;
use super::orientation::Orientation;
use super::reading::{read, refusal};
use crate::domain::{Finding, FindingCode, Severity};
use crate::imaging::{Error, Limits};

const NAME: &str = "WebP";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["webp"],
    media_type: "image/webp",
    is_one: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
    decode: |bytes, _, limits| decode(bytes, limits),
    has_frames: false,
    patient: None,
};

fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|e| refusal(NAME, e))?;
    let (width, height) = decoder.dimensions();
    limits.check_frame(NAME, width.into(), height.into(), bytes_per_pixel(bytes))?;
    let chunk = |desired: &[u8; 4]| {
        chunks(bytes)
            .find(|(name, _)| *name == desired)
            .map(|(_, content)| content)
    };
    let icc = chunk(b"ICCP").is_some();
    // Read here, because the decoder allocates as much memory as the file states. EXIF first, then XMP, as in PIL.
    let orientation = chunk(b"EXIF")
        .and_then(Orientation::in_exif)
        .or_else(|| chunk(b"XMP ").and_then(Orientation::in_xmp))
        .unwrap_or_default();
    let mut frame = read(NAME, decoder, limits)?;
    (frame.icc, frame.orientation) = (icc, orientation);
    if is_animated(bytes) {
        let several = Finding::new(FindingCode::Animation, Severity::Note);
        frame.findings.push(several);
    }
    Ok(frame)
}

/// Name and content of each chunk of the file's container (RIFF), up to one that exceeds the file.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    const HEADER: usize = 12;
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (name, behind) = rest.split_first_chunk::<4>()?;
        let (length, behind) = behind.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let content = behind.get(..length)?;
        // Chunks begin at even positions.
        rest = behind.get(length + length % 2..).unwrap_or_default();
        Some((name, content))
    })
}

/// By the flags of the extended header.
fn is_animated(bytes: &[u8]) -> bool {
    const ANIMATED: u8 = 0x02;
    bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & ANIMATED != 0)
}

/// Bytes per pixel that the decoder and the picture hold at once. A lossy picture is decoded as luminance and
/// subsampled colours, a lossless one as four channels; an animation is composed from several.
fn bytes_per_pixel(bytes: &[u8]) -> u64 {
    const WITH_ALPHA: u8 = 0x10;
    match (bytes.get(12..16), bytes.get(20)) {
        (Some(b"VP8 "), _) => 5,
        _ if is_animated(bytes) => 17,
        (Some(b"VP8X"), Some(flags)) if flags & WITH_ALPHA != 0 => 11,
        _ => 8,
    }
}
