//! Recognises files that are not photographs by their first bytes: the application's own pictures, and DICOM objects of
//! other classes, such as the index of a disc. Objects that do not state their class at the beginning are reported when
//! they are opened.

use super::codecs::other_object;
use super::mark::is_marked;
use crate::domain::SkipReason;

/// Why a file with these first bytes is not a photograph, whatever follows; `None` if they do not decide.
pub fn no_photograph(start: &[u8]) -> Option<SkipReason> {
    if is_marked(start) {
        Some(SkipReason::OwnPicture)
    } else {
        other_object(start)?.skip_reason()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dicom(class: &str) -> Vec<u8> {
        let padded = format!("{class}{}", if class.len() % 2 == 1 { "\0" } else { "" });
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM\x02\0\0\0UL\x04\0\xC8\0\0\0");
        bytes.extend(b"\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01");
        bytes.extend(b"\x02\0\x02\0UI");
        bytes.extend((padded.len() as u16).to_le_bytes());
        bytes.extend(padded.as_bytes());
        bytes
    }

    #[test]
    fn objects_without_a_photograph_are_known_by_their_class() {
        for (class, why) in [
            ("1.2.840.10008.1.3.10", Some(SkipReason::DiscIndex)),
            (
                "1.2.840.10008.5.1.4.1.1.88.33",
                Some(SkipReason::DicomDocument),
            ),
            (
                "1.2.840.10008.5.1.4.1.1.104.1",
                Some(SkipReason::DicomDocument),
            ),
            (
                "1.2.840.10008.5.1.4.1.1.11.1",
                Some(SkipReason::DicomWithoutImage),
            ),
            (
                "1.2.840.10008.5.1.4.1.1.66",
                Some(SkipReason::DicomWithoutImage),
            ),
            (
                "1.2.840.10008.5.1.4.1.1.77.1.5.4",
                Some(SkipReason::Tomography),
            ),
            ("1.2.840.10008.5.1.4.1.1.77.1.5.1", None),
            ("1.2.840.10008.5.1.4.1.1.7", None),
            ("1.2.840.10008.1.3.1", None),
            ("", None),
        ] {
            assert_eq!(no_photograph(&dicom(class)), why, "{class}");
        }
        // Without file meta information, and cut off behind the class.
        let bare = b"\x08\0\x05\0CS\x0A\0ISO_IR 100\x08\0\x16\0UI\x1E\x001.2.840.10008.5.1.4.1.1.88.11\0\x08\0\x18\0UI";
        assert_eq!(no_photograph(bare), Some(SkipReason::DicomDocument));
    }

    #[test]
    fn short_and_foreign_bytes_say_nothing() {
        let whole = dicom("1.2.840.10008.1.3.10");
        for length in 0..whole.len() - 1 {
            assert_eq!(no_photograph(&whole[..length]), None, "{length}");
        }
        assert_eq!(no_photograph(b"\xFF\xD8\xFF\xE0"), None);
    }
}
