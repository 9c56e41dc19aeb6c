//! PPM and PGM (Netpbm), the formats of teaching sets such as STARE, through crate `image`.
//!
//! Only eight-bit samples: others would have to be scaled, and programs disagree on how.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::pnm::PnmDecoder;

use super::Format;
use super::frame::Frame;
use super::reading::{read, refusal};
use crate::imaging::{Error, Limits};

/// The family name, for errors; lists show its best-known member.
const NAME: &str = "PNM";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: "PPM",
    extensions: &["ppm", "pgm", "pnm"],
    media_type: "image/x-portable-anymap",
    is_one,
    decode: |bytes, _, limits| decode(bytes, limits),
    has_frames: false,
    patient: None,
};

/// Grey and colour, as text (P2, P3) and as bytes (P5, P6); bitmaps (P1, P4) are not photographs.
fn is_one(bytes: &[u8]) -> bool {
    let [b'P', b'2' | b'3' | b'5' | b'6', blank, rest @ ..] = bytes else {
        return false;
    };
    let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    blank.is_ascii_whitespace() && next.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'#')
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    let open = || PnmDecoder::new(Cursor::new(bytes)).map_err(|e| refusal(NAME, e));
    let decoder = open()?;
    let (width, height) = decoder.dimensions();
    limits.check_frame(NAME, width.into(), height.into(), 3)?;
    let (_, header) = decoder.into_inner();
    if header.maximal_sample() != 255 {
        return Err(Error::Unsupported(format!(
            "this {NAME} has a maximum sample value of {} instead of 255; save it as an 8-bit PNG",
            header.maximal_sample()
        )));
    }
    read(NAME, open()?, limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(bytes: &[u8]) -> Result<Frame, Error> {
        assert!(is_one(bytes), "{bytes:?}");
        decode(bytes, &Limits::default())
    }

    #[test]
    fn grey_and_colour_as_text_and_as_bytes() {
        let colour = opened(b"P6\n# a comment\n2 1\n255\n\x01\x02\x03\xFF\x00\x07").unwrap();
        assert_eq!((colour.width, colour.height), (2, 1));
        assert_eq!(colour.rgb, [1, 2, 3, 255, 0, 7]);
        assert_eq!(
            opened(b"P3 2 1 255 1 2 3 255 0 7\n").unwrap().rgb,
            colour.rgb
        );
        let grey = opened(b"P5\n2 1\n255\n\x09\xC8").unwrap();
        assert_eq!(grey.rgb, [9, 9, 9, 200, 200, 200]);
        assert_eq!(opened(b"P2\n2 1\n255\n9 200\n").unwrap().rgb, grey.rgb);
    }

    #[test]
    fn what_would_have_to_be_guessed_is_refused() {
        for deep in [
            &b"P6 1 1 65535 \0\x01\0\x02\0\x03"[..],
            b"P5 1 1 15 \x07",
            b"P2 1 1 100 50",
        ] {
            let refused = opened(deep).unwrap_err();
            assert!(matches!(refused, Error::Unsupported(_)), "{refused}");
        }
        let whole = b"P6 2 2 255 abcdefghijkl";
        assert!(opened(whole).is_ok());
        for cut in 4..whole.len() {
            let cut = &whole[..cut];
            assert!(decode(cut, &Limits::default()).is_err(), "{cut:?}");
        }
        let wide = opened(b"P6 60000 60000 255 x").unwrap_err();
        assert!(matches!(wide, Error::Limit { .. }), "{wide}");
        for text in [
            "P5 is a level of care",
            "P6",
            "P7\nWIDTH 1",
            "P4 1 1 x",
            "P3x1 1 255",
        ] {
            assert!(!is_one(text.as_bytes()), "{text}");
        }
    }
}
