//! DICOM of Zeiss devices whose compressed pixels are scrambled, so that they look damaged to every other program.
//!
//! Some exports of Cirrus and related devices reorder parts of a JPEG 2000 file and change every seventh byte, although
//! the header states a standard transfer syntax (pydicom, discussion 1618). The picture can be exported again in the
//! standard form; a message that the data were damaged would lead nowhere. The header names the maker; nothing in the
//! bytes themselves would be a sure sign.

use super::data_set::{DataSet, PixelData, Tag};
use crate::imaging::{Error, Foreign};

const MANUFACTURER: Tag = (0x0008, 0x0070);
const SOP_INSTANCE: Tag = (0x0008, 0x0018);

/// The root of the unique identifiers that Carl Zeiss Meditec assigns.
const ZEISS_ROOT: &str = "1.2.276.0.75.2.";

/// How a JP2 file and a bare code stream begin.
const JPEG_2000: [&[u8]; 2] = [b"\0\0\0\x0CjP  ", b"\xFF\x4F\xFF\x51"];
const JPEG: [&[u8]; 1] = [b"\xFF\xD8"];

/// Rejects pixels of a Zeiss device that do not begin as their transfer syntax requires.
pub(super) fn check(data_set: &DataSet) -> Result<(), Error> {
    let starts: &[&[u8]] = match data_set.transfer_syntax.as_str() {
        "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => &JPEG_2000,
        syntax if syntax.starts_with("1.2.840.10008.1.2.4.5") => &JPEG,
        "1.2.840.10008.1.2.4.70" | "1.2.840.10008.1.2.4.80" => &JPEG,
        _ => return Ok(()),
    };
    let stream = match &data_set.pixel_data {
        PixelData::Missing => None,
        PixelData::Native(bytes, _) => Some(*bytes),
        PixelData::Encapsulated(_, fragments) => fragments.iter().copied().find(|f| !f.is_empty()),
    };
    let is_of_zeiss = data_set.text(MANUFACTURER).to_lowercase().contains("zeiss")
        || data_set.text(SOP_INSTANCE).starts_with(ZEISS_ROOT);
    match stream {
        Some(stream) if is_of_zeiss && !starts.iter().any(|start| stream.starts_with(start)) => {
            Err(Error::Foreign(Foreign::ZeissScrambled))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;
    use crate::imaging::Limits;

    const ZEISS: &str = "Carl Zeiss Meditec";
    const OTHER: &[u8] = &[7; 40];

    /// A file of a maker with compressed fragments.
    fn file(manufacturer: &str, fragments: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM\x02\0\x10\0UI\x16\x001.2.840.10008.1.2.4.90");
        bytes.extend(b"\x08\0\x70\0LO");
        bytes.extend((manufacturer.len() as u16).to_le_bytes());
        bytes.extend(manufacturer.as_bytes());
        bytes.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0");
        for fragment in fragments {
            bytes.extend(b"\xFE\xFF\0\xE0");
            bytes.extend((fragment.len() as u32).to_le_bytes());
            bytes.extend(*fragment);
        }
        bytes
    }

    #[test]
    fn pixels_of_zeiss_that_are_no_picture_are_named() {
        let checked = |maker: &str, fragments: &[&[u8]]| {
            let bytes = file(maker, fragments);
            check(&DataSet::read(&bytes).unwrap())
        };
        const CODE_STREAM: &[u8] = b"\xFF\x4F\xFF\x51..";
        let scrambled = Err(Error::Foreign(Foreign::ZeissScrambled));
        assert_eq!(checked(ZEISS, &[OTHER]), scrambled);
        assert_eq!(checked(ZEISS, &[b"", OTHER]), scrambled);
        for (maker, fragments) in [
            ("Other.", &[OTHER][..]),
            (ZEISS, &[CODE_STREAM]),
            (ZEISS, &[b"", CODE_STREAM]),
            (ZEISS, &[b""]),
        ] {
            assert_eq!(checked(maker, fragments), Ok(()), "{maker} {fragments:?}");
        }
    }

    #[test]
    fn an_object_that_is_no_photograph_is_named_as_what_it_is() {
        const TOMOGRAPHY: &[u8] = b"\x08\0\x16\0UI\x20\x001.2.840.10008.5.1.4.1.1.77.1.5.4";
        let mut bytes = file(ZEISS, &[OTHER]);
        let behind_meta = 128 + 4 + 8 + 22;
        bytes.splice(behind_meta..behind_meta, TOMOGRAPHY.iter().copied());
        let refused = decode(&bytes, None, &Limits::default()).unwrap_err();
        assert!(refused.to_string().contains("tomography"), "{refused}");
    }
}
