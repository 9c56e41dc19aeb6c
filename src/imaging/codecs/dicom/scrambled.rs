//! DICOM of Zeiss devices whose compressed pixels are scrambled, so that they look damaged to every other program.
//!
//! Some exports of Cirrus and related devices reorder parts of a JPEG 2000 file and change every seventh byte, although
//! the header states a standard transfer syntax (pydicom, discussion 1618). The picture can be exported again in the
//! standard form; a message that the data were damaged would lead nowhere.

use super::data_set::{DataSet, PixelData, Tag};
use crate::imaging::{Error, Foreign};

const MANUFACTURER: Tag = (0x0008, 0x0070);
const SOP_INSTANCE: Tag = (0x0008, 0x0018);

/// The root of the unique identifiers that Carl Zeiss Meditec assigns.
const ZEISS_ROOT: &str = "1.2.276.0.75.2.";

/// Every such byte is combined with this value by exclusive or.
const STEP: usize = 7;
const CHANGE: u8 = 0x5A;

/// How a JP2 file and a bare code stream begin.
const JPEG_2000: [&[u8]; 2] = [b"\0\0\0\x0CjP  ", b"\xFF\x4F\xFF\x51"];
const JPEG: [&[u8]; 1] = [b"\xFF\xD8"];

/// Rejects pixels of a Zeiss device that do not begin as their transfer syntax requires, or contain the start of a
/// picture elsewhere.
pub(super) fn check(data_set: &DataSet) -> Result<(), Error> {
    let starts: &[&[u8]] = match data_set.transfer_syntax.as_str() {
        "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => &JPEG_2000,
        syntax if syntax.starts_with("1.2.840.10008.1.2.4.5") => &JPEG,
        "1.2.840.10008.1.2.4.70" | "1.2.840.10008.1.2.4.80" => &JPEG,
        _ => return Ok(()),
    };
    let stream = match &data_set.pixel_data {
        PixelData::Missing => return Ok(()),
        PixelData::Native(bytes, _) => *bytes,
        PixelData::Encapsulated(_, fragments) => fragments.first().copied().unwrap_or_default(),
    };
    if starts.iter().any(|start| stream.starts_with(start)) {
        return Ok(());
    }
    let is_of_zeiss = data_set.text(MANUFACTURER).to_lowercase().contains("zeiss")
        || data_set.text(SOP_INSTANCE).starts_with(ZEISS_ROOT);
    if is_of_zeiss || is_reordered(stream) {
        return Err(Error::Foreign(Foreign::ZeissScrambled));
    }
    Ok(())
}

/// Whether the start of a JP2 file is found somewhere once every seventh byte is restored.
fn is_reordered(stream: &[u8]) -> bool {
    let restored = |at: usize| match at % STEP {
        0 => stream[at] ^ CHANGE,
        _ => stream[at],
    };
    let start = JPEG_2000[0];
    let last = (stream.len() + 1).saturating_sub(start.len());
    (0..last).any(|place| {
        let mut bytes = start.iter().enumerate();
        bytes.all(|(at, &byte)| restored(place + at) == byte)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream with the start of a JP2 file where the scrambling puts it.
    fn reordered(length: usize) -> Vec<u8> {
        let mut stream = vec![9; length];
        let place = length * 3 / 5;
        stream[place..place + 8].copy_from_slice(JPEG_2000[0]);
        for byte in stream.iter_mut().step_by(STEP) {
            *byte ^= CHANGE;
        }
        stream
    }

    fn file(manufacturer: &str, stream: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM\x02\0\x10\0UI\x16\x001.2.840.10008.1.2.4.90");
        bytes.extend(b"\x08\0\x70\0LO");
        bytes.extend((manufacturer.len() as u16).to_le_bytes());
        bytes.extend(manufacturer.as_bytes());
        bytes.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0");
        bytes.extend((stream.len() as u32).to_le_bytes());
        bytes.extend(stream);
        bytes
    }

    #[test]
    fn pixels_of_zeiss_that_are_no_picture_are_named() {
        let checked = |maker: &str, stream: &[u8]| {
            let bytes = file(maker, stream);
            check(&DataSet::read(&bytes).unwrap())
        };
        let scrambled = Err(Error::Foreign(Foreign::ZeissScrambled));
        for length in [1003, 1000, 1999, 2004] {
            assert_eq!(checked("", &reordered(length)), scrambled, "{length}");
        }
        assert_eq!(checked("Carl Zeiss Meditec", &[7; 40]), scrambled);
        assert_eq!(checked("Other", &[7; 40]), Ok(()));
        assert_eq!(checked("Carl Zeiss Meditec", b"\xFF\x4F\xFF\x51.."), Ok(()));
    }
}
