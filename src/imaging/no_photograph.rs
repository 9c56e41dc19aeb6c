//! Recognises files that are not photographs by their first bytes: the application's own pictures, and the index of a
//! disc of DICOM files. Other objects without a picture are reported when they are opened.

use super::mark::is_marked;
use crate::domain::SkipReason;

/// The SOP class of a DICOMDIR.
const DISC_INDEX: &str = "1.2.840.10008.1.3.10";

/// Why a file with these first bytes is not a photograph, whatever follows; `None` if they do not decide.
pub fn no_photograph(start: &[u8]) -> Option<SkipReason> {
    if is_marked(start) {
        Some(SkipReason::OwnPicture)
    } else if sop_class(start) == Some(DISC_INDEX) {
        Some(SkipReason::DiscIndex)
    } else {
        None
    }
}

/// The Media Storage SOP Class UID of a DICOM file; its meta elements are explicit little endian (PS3.10, 7.1).
fn sop_class(start: &[u8]) -> Option<&str> {
    let mut rest = start.get(132..).filter(|_| &start[128..132] == b"DICM")?;
    while let Some(&[2, 0, e0, e1, v0, v1, l0, l1]) = rest.first_chunk::<8>() {
        let long = matches!(&[v0, v1], b"OB" | b"UN" | b"OW" | b"SQ" | b"UT");
        let (header, length) = if long {
            let &[a, b, c, d] = rest.get(8..)?.first_chunk::<4>()?;
            (12, u32::from_le_bytes([a, b, c, d]) as usize)
        } else {
            (8, usize::from(u16::from_le_bytes([l0, l1])))
        };
        let value = rest.get(header..)?;
        if [e0, e1] == [2, 0] {
            let text = std::str::from_utf8(value.get(..length)?).ok()?;
            return Some(text.trim_matches(['\0', ' ']));
        }
        rest = value.get(length..)?;
    }
    None
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
    fn the_index_of_a_disc_is_known_by_its_class() {
        assert_eq!(
            no_photograph(&dicom(DISC_INDEX)),
            Some(SkipReason::DiscIndex)
        );
        for class in [
            "1.2.840.10008.5.1.4.1.1.77.1.5.1",
            "1.2.840.10008.5.1.4.1.1.104.1",
            "1.2.840.10008.1.3.1",
            "",
        ] {
            assert_eq!(no_photograph(&dicom(class)), None, "{class}");
        }
    }

    #[test]
    fn short_and_foreign_bytes_say_nothing() {
        let whole = dicom(DISC_INDEX);
        for length in 0..whole.len() - 1 {
            assert_eq!(no_photograph(&whole[..length]), None, "{length}");
        }
        assert_eq!(no_photograph(b"\xFF\xD8\xFF\xE0"), None);
    }
}
