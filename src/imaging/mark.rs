//! The mark in pictures written by this application, so that an overlay is never taken for a photograph.
//!
//! PNG: a text chunk before the pixels with keyword [`KEYWORD`]. JPEG: a comment that begins with [`KEYWORD`] and a
//! colon.
//! Drawn eyes are photographs for every purpose and carry no mark.

/// Keyword of the PNG text chunk, and first word of the JPEG comment.
pub const KEYWORD: &str = "Gantei";
/// The text of the mark, as other programs show it.
pub const TEXT: &str = "an overlay or figure, not a photograph";

/// True if the first bytes of a file contain the mark; a few hundred bytes are enough.
pub fn is_marked(start: &[u8]) -> bool {
    if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        png_is_marked(start)
    } else if start.starts_with(&[0xFF, 0xD8, 0xFF]) {
        jpeg_is_marked(start)
    } else {
        false
    }
}

fn png_is_marked(start: &[u8]) -> bool {
    let mut at = 8_usize;
    while let Some(&[a, b, c, d, ref kind @ ..]) = start.get(at..at.saturating_add(8)) {
        if kind == b"IDAT" {
            return false;
        }
        let text = matches!(kind, b"tEXt" | b"iTXt" | b"zTXt");
        let data = start.get(at + 8..).unwrap_or_default();
        if text && data.starts_with(KEYWORD.as_bytes()) && data.get(KEYWORD.len()) == Some(&0) {
            return true;
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let Some(next) = at.checked_add(12).and_then(|n| n.checked_add(length)) else {
            return false;
        };
        at = next;
    }
    false
}

fn jpeg_is_marked(start: &[u8]) -> bool {
    let mut at = 2_usize;
    while let Some(&[0xFF, kind, high, low]) = start.get(at..at + 4) {
        // The pixels begin, or the picture ends.
        if matches!(kind, 0xDA | 0xD9) {
            return false;
        }
        let text = start.get(at + 4..).unwrap_or_default();
        let says = text.strip_prefix(KEYWORD.as_bytes());
        if kind == 0xFE && says.is_some_and(|rest| rest.first() == Some(&b':')) {
            return true;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The comment segment of the mark, which follows the start of the image.
    fn jpeg_comment() -> Vec<u8> {
        let text = format!("{KEYWORD}: {TEXT}");
        let length = text.len() as u16 + 2;
        [&[0xFF, 0xFE], &length.to_be_bytes()[..], text.as_bytes()].concat()
    }

    #[test]
    fn a_comment_is_found_behind_other_segments_and_before_the_pixels() {
        let jfif = b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
        let marked = [b"\xFF\xD8", &jfif[..], &jpeg_comment(), b"\xFF\xDB"].concat();
        assert!(is_marked(&marked));
        let late = [b"\xFF\xD8\xFF\xDA\0\x02", &jpeg_comment()[..]].concat();
        assert!(!is_marked(&late));
        for foreign in [&b"\xFF\xD8\xFF\xFE\0\x09Ganteiko"[..], b"\xFF\xD8\xFF", b""] {
            assert!(!is_marked(foreign));
        }
    }

    #[test]
    fn only_the_whole_keyword_of_a_text_chunk_counts() {
        let png = |chunk: &[u8]| [b"\x89PNG\r\n\x1a\n", chunk].concat();
        assert!(is_marked(&png(b"\0\0\0\x08tEXtGantei\0x....")));
        for foreign in [
            &b"\0\0\0\x08tEXtGanteix\0"[..],
            b"\0\0\0\x08tEXtTitle\0Gantei",
            b"\0\0\0\x08IDATGantei\0x",
            b"\xFF\xFF\xFF\xFFtEXtTitle\0",
        ] {
            assert!(!is_marked(&png(foreign)));
        }
    }
}
