//! The orientation in a PNG's metadata: the same places as PIL, in PIL's order.
//!
//! An eXIf chunk, then the EXIF profile that ImageMagick writes as hexadecimal text, then XMP in a text chunk. Chunks
//! after the pixels count too.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::imaging::codecs::orientation::Orientation;

const SIGNATURE_BYTES: usize = 8;
const XMP: &[u8] = b"XML:com.adobe.xmp";
const EXIF_PROFILE: &[u8] = b"Raw profile type exif";

/// Limit for inflated text: the size of a long EXIF block as hexadecimal text, or of a long XMP packet.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// Text chunks beyond this number are ignored.
const MAX_TEXTS: usize = 100;

/// The orientation in the metadata; upright if there is none.
pub(super) fn orientation(png: &[u8]) -> Orientation {
    let (mut exif, mut profile, mut xmp) = (None, None, None);
    let mut texts = 0;
    for (name, body) in chunks(png) {
        match &name {
            b"eXIf" => exif = Orientation::in_exif(body.strip_prefix(b"Exif\0\0").unwrap_or(body)),
            b"tEXt" | b"zTXt" | b"iTXt" if texts < MAX_TEXTS => {
                texts += 1;
                match split(body) {
                    Some((XMP, rest)) => {
                        xmp = text(&name, rest).and_then(|text| Orientation::in_xmp(&text));
                    }
                    Some((EXIF_PROFILE, rest)) => {
                        profile = text(&name, rest)
                            .and_then(|text| from_hexadecimal(&text))
                            .and_then(|exif| {
                                Orientation::in_exif(
                                    exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif),
                                )
                            });
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    exif.or(profile).or(xmp).unwrap_or_default()
}

/// Names and bodies of the chunks, up to the first incomplete one.
pub(super) fn chunks(png: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut at = SIGNATURE_BYTES;
    std::iter::from_fn(move || {
        let [a, b, c, d, name @ ..] = *png.get(at..)?.first_chunk::<8>()?;
        let start = at + 8;
        let end = start.checked_add(u32::from_be_bytes([a, b, c, d]) as usize)?;
        let body = png.get(start..end)?;
        at = end.checked_add(4)?;
        Some((name, body))
    })
}

/// The bytes before and after the first 0.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// The text after a chunk's keyword.
fn text(name: &[u8; 4], rest: &[u8]) -> Option<Vec<u8>> {
    let inflated = |bytes| decompress_to_vec_zlib_with_limit(bytes, MAX_TEXT_BYTES).ok();
    match (name, rest) {
        (b"tEXt", text) => Some(text.to_vec()),
        (b"zTXt", [0, text @ ..]) => inflated(text),
        (b"iTXt", [compressed, method, rest @ ..]) => {
            let (_language, rest) = split(rest)?;
            let (_keyword, text) = split(rest)?;
            match (compressed, method) {
                (0, _) => Some(text.to_vec()),
                (_, 0) => inflated(text),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Bytes of a profile written by ImageMagick: an empty line, its name, its length, and lines of hexadecimal digits.
fn from_hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.splitn(4, |&byte| byte == b'\n').nth(3)?;
    let digits: Vec<u8> = digits
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|&byte| char::from(byte).to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    Some(
        digits
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[high, low]| high << 4 | low)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXIF_6: &[u8] = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";

    fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, body) in chunks {
            out.extend((body.len() as u32).to_be_bytes());
            out.extend(*name);
            out.extend(body);
            out.extend([0; 4]);
        }
        out
    }

    fn zipped(text: &[u8]) -> Vec<u8> {
        miniz_oxide::deflate::compress_to_vec_zlib(text, 6)
    }

    fn profile() -> Vec<u8> {
        let hex = crate::numeric::hex::hex(EXIF_6);
        format!("\nexif\n      {}\n{hex}\n", EXIF_6.len()).into_bytes()
    }

    #[test]
    fn each_place_turns_the_picture() {
        let xmp = b"<x tiff:Orientation=\"8\"/>";
        let six = Orientation::from_tag(6);
        let eight = Orientation::from_tag(8);
        for (name, body, expected) in [
            (b"eXIf", EXIF_6.to_vec(), six),
            (b"tEXt", [EXIF_PROFILE, b"\0", &profile()].concat(), six),
            (
                b"zTXt",
                [EXIF_PROFILE, b"\0\0", &zipped(&profile())].concat(),
                six,
            ),
            (b"iTXt", [XMP, b"\0\0\0\0\0", xmp].concat(), eight),
            (
                b"iTXt",
                [XMP, b"\0\x01\0\0\0", &zipped(xmp)].concat(),
                eight,
            ),
            (
                b"iTXt",
                [b"Comment".as_slice(), b"\0\0\0\0\0", xmp].concat(),
                Orientation::default(),
            ),
        ] {
            assert_eq!(
                orientation(&png(&[(name, body.clone())])),
                expected,
                "{body:?}"
            );
            let behind = [(b"IDAT", vec![1, 2, 3]), (name, body)];
            assert_eq!(orientation(&png(&behind)), expected);
        }
        let both = [
            (b"iTXt", [XMP, b"\0\0\0\0\0", xmp].concat()),
            (b"eXIf", EXIF_6.to_vec()),
        ];
        assert_eq!(orientation(&png(&both)), six);
    }

    #[test]
    fn bombs_and_broken_text_leave_it_upright() {
        let bomb = zipped(&vec![b'0'; MAX_TEXT_BYTES + 1]);
        for body in [
            [EXIF_PROFILE, b"\0\0", &bomb].concat(),
            [EXIF_PROFILE, b"\0\0", b"no zlib"].concat(),
            [EXIF_PROFILE, b"\0\0", &zipped(b"\nexif\n2\nxyz")].concat(),
            EXIF_PROFILE.to_vec(),
            vec![],
        ] {
            assert_eq!(
                orientation(&png(&[(b"zTXt", body)])),
                Orientation::default()
            );
        }
        let whole = png(&[(b"eXIf", EXIF_6.to_vec())]);
        for cut in 0..whole.len() - 4 {
            assert_eq!(orientation(&whole[..cut]), Orientation::default(), "{cut}");
        }
    }
}
