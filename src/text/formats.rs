//! The supported formats as listed in sentences, assembled at compile time from the table of formats, so that a new format
//! appears in every sentence.

use crate::imaging::FORMATS;

/// The number of names and separators.
const PARTS: usize = 2 * FORMATS.len() - 1;

/// `JPEG, PNG and DICOM`, with the given separators; DICOM, first in the table, is listed last.
pub(super) const fn listed(comma: &'static str, last: &'static str) -> [&'static str; PARTS] {
    let mut parts = [comma; PARTS];
    let mut at = 0;
    while at < FORMATS.len() {
        parts[2 * at] = FORMATS[(at + 1) % FORMATS.len()].name;
        at += 1;
    }
    parts[PARTS - 2] = last;
    parts
}

pub(super) const fn length(parts: &[&str]) -> usize {
    let (mut length, mut at) = (0, 0);
    while at < parts.len() {
        length += parts[at].len();
        at += 1;
    }
    length
}

pub(super) const fn joined<const LENGTH: usize>(parts: &[&str]) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let (mut end, mut part) = (0, 0);
    while part < parts.len() {
        let text = parts[part].as_bytes();
        let mut at = 0;
        while at < text.len() {
            bytes[end] = text[at];
            (end, at) = (end + 1, at + 1);
        }
        part += 1;
    }
    bytes
}

/// A sentence around the list of formats: `sentence!("Open ", ", " " or ", ".")`.
macro_rules! sentence {
    ($before:literal, $comma:literal $last:literal, $after:literal) => {{
        use $crate::text::formats::{joined, length, listed};
        const LIST: &[&str] = &listed($comma, $last);
        const BYTES: [u8; length(LIST)] = joined(LIST);
        const NAMES: &str = match std::str::from_utf8(&BYTES) {
            Ok(names) => names,
            Err(_) => panic!("names of formats are text"),
        };
        const WHOLE: &[&str] = &[$before, NAMES, $after];
        const TEXT: [u8; length(WHOLE)] = joined(WHOLE);
        const SENTENCE: &str = match std::str::from_utf8(&TEXT) {
            Ok(sentence) => sentence,
            Err(_) => panic!("sentences are text"),
        };
        SENTENCE
    }};
}
pub(super) use sentence;

#[cfg(test)]
mod tests {
    #[test]
    fn a_sentence_names_every_format() {
        let sentence = sentence!("Open ", ", " " or ", ".");
        assert_eq!(
            sentence,
            "Open JPEG, JPEG 2000, JPEG XL, PNG, TIFF, BMP, WebP, PPM or DICOM."
        );
        for format in crate::imaging::FORMATS {
            assert!(sentence.contains(format.name));
        }
    }
}
