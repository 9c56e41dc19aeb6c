//! A JPEG that was recompressed as JPEG XL without loss: the file itself is restored, so that its pixels, and the score,
//! are those of the JPEG.
//!
//! The box `jbrd` holds what the code stream lacks (ISO/IEC 18181-2, annex A). Its metadata are compressed, and small
//! boxes may expand to any size: their size is counted first. EXIF, XMP and the profile lie in other boxes and change no
//! pixel, so zeros take their place.

use std::io::{Error as IoError, ErrorKind, Result as IoResult, Write};

use brotli_decompressor::DecompressorWriter;
use jxl_bitstream::Bitstream;
use jxl_oxide::JxlImage;
use jxl_oxide::jpeg_bitstream::{JpegBitstreamData, JpegBitstreamHeader};
use jxl_oxide_common::Bundle;

use crate::imaging::Limits;

/// Metadata that a JPEG may have.
const MAX_METADATA: usize = 16 << 20;

/// The bytes of the JPEG; `None` if it cannot be restored, though the picture may still be decoded.
pub(super) fn jpeg(image: &JxlImage, restoration: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    if restoration.is_empty() || image.num_loaded_frames() != 1 {
        return None;
    }
    let mut bits = Bitstream::new(restoration);
    JpegBitstreamHeader::parse(&mut bits, ()).ok()?;
    bits.zero_pad_to_byte().ok()?;
    let metadata = restoration.get(bits.num_read_bits() / 8..)?;
    let count = Bounded {
        written: None,
        left: MAX_METADATA,
    };
    DecompressorWriter::new(count, 4096)
        .write_all(metadata)
        .ok()?;

    let mut data = JpegBitstreamData::try_parse(restoration).ok()??;
    data.finalize().ok()?;
    let header = data.header();
    let lengths = [
        header.expected_icc_len(),
        header.expected_exif_len(),
        header.expected_xmp_len(),
    ];
    if lengths.iter().any(|&length| length > MAX_METADATA) {
        return None;
    }
    let [profile, exif, xmp] = lengths.map(|length| vec![0; length]);
    let bounded = Bounded {
        written: Some(Vec::new()),
        left: usize::try_from(limits.memory).unwrap_or(usize::MAX) / 2,
    };
    let mut file = OneMarker {
        into: bounded,
        is_after_marker: false,
    };
    data.reconstruct(image.frame(0)?, &profile, &exif, &xmp, image.pool())
        .ok()?
        .write(&mut file)
        .ok()?;
    file.into.written
}

/// Keeps or only counts what is written, up to a number of bytes.
struct Bounded {
    written: Option<Vec<u8>>,
    left: usize,
}

/// Passes on a JPEG as crate `jxl-jbr` writes it, which repeats the second byte of the marker before a comment.
struct OneMarker<W> {
    into: W,
    is_after_marker: bool,
}

/// The marker of a comment (ITU-T T.81, B.1.1.3).
const COMMENT: [u8; 2] = [0xFF, 0xFE];

impl<W: Write> Write for OneMarker<W> {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        let is_repeated = self.is_after_marker && bytes.first() == Some(&COMMENT[1]);
        self.is_after_marker = bytes == COMMENT;
        self.into.write_all(&bytes[usize::from(is_repeated)..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        self.into.flush()
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        self.left = self
            .left
            .checked_sub(bytes.len())
            .ok_or_else(|| IoError::new(ErrorKind::FileTooLarge, "more than a JPEG holds"))?;
        if let Some(written) = &mut self.written {
            written.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_of_a_comment_is_written_once() {
        let mut file = OneMarker {
            into: Vec::new(),
            is_after_marker: false,
        };
        for part in [
            &[0xFF, 0xD8][..],
            &COMMENT,
            b"\xFE\0\x03a",
            &COMMENT,
            b"\0\x03b",
        ] {
            file.write_all(part).unwrap();
        }
        assert_eq!(file.into, b"\xFF\xD8\xFF\xFE\0\x03a\xFF\xFE\0\x03b");
    }

    #[test]
    fn more_than_allowed_is_not_written() {
        let mut file = Bounded {
            written: Some(Vec::new()),
            left: 5,
        };
        assert!(file.write_all(b"abc").is_ok());
        assert!(file.write_all(b"def").is_err());
        assert_eq!(file.written.as_deref(), Some(&b"abc"[..]));
    }
}
