//! BMP through crate `image`.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;

use super::Format;
use super::frame::Frame;
use super::reading::{read, refusal};
use crate::imaging::{Error, Limits};

const NAME: &str = "BMP";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["bmp", "dib"],
    media_type: "image/bmp",
    is_one,
    decode: |bytes, _, limits| decode(bytes, limits),
    has_frames: false,
    patient: None,
};

fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    if let Some((width, height)) = bitmap_size(bytes) {
        // The decoder reports a size that it does not support as damage.
        limits.check_frame(NAME, width, height, 3)?;
    }
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(|e| refusal(NAME, e))?;
    if pixels_overlap_header(bytes) == Some(true) {
        return Err(Error::malformed(
            NAME,
            "the pixel data starts inside the header",
        ));
    }
    read(NAME, decoder, limits)
}

/// Many texts start with `BM`, so the length of the second header must also be a valid one.
fn is_one(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).map(|b| [b[0], b[1], b[2], b[3]]);
    bytes.starts_with(b"BM")
        && matches!(
            header.map(u32::from_le_bytes),
            Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
        )
}

/// Width and height from a header that stores each in four bytes; a negative height means rows from the top.
fn bitmap_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(i32::from_le_bytes(bytes))
    };
    let (width, height) = (number(18)?, number(22)?);
    (number(14)? >= 40 && width > 0)
        .then(|| (width.unsigned_abs().into(), height.unsigned_abs().into()))
}

/// Whether the pixel data starts before the end of the header and colour table, so that the decoder would show the
/// table as pixels. `None` for a header without a table of four-byte colours, or too short to decide.
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
        let frame = decode(&bytes, &Limits::default()).unwrap();
        assert_eq!((frame.width, frame.height), (1, 2));
        assert_eq!(frame.rgb, [6, 5, 4, 3, 2, 1]);
        for cut in 0..bytes.len() - 1 {
            assert!(decode(&bytes[..cut], &Limits::default()).is_err());
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
        let frame = decode(&bytes, &Limits::default()).unwrap();
        assert_eq!(frame.rgb, [60, 50, 40]);
        bytes[10] = 54;
        let refused = decode(&bytes, &Limits::default()).unwrap_err();
        assert!(matches!(refused, Error::Malformed { .. }));
    }
}
