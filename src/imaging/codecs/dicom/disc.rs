//! The index of a disc of DICOM files (DICOMDIR, PS3.10 chapter 8 and PS3.3 annex F): which files it lists.

use super::data_set::{DataSet, Tag};
use super::objects::OtherObject;
use crate::domain::SkipReason;
use crate::imaging::Error;

const RECORDS: Tag = (0x0004, 0x1220);
const KIND: Tag = (0x0004, 0x1430);
const FILE: Tag = (0x0004, 0x1500);
const CLASS: Tag = (0x0004, 0x1510);

/// More records than any disc has.
const MAX_RECORDS: usize = 200_000;

/// Most folders and name in the path of a file; the standard allows eight.
pub const MAX_PARTS: usize = 16;

/// A file that the index lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Folders and name, relative to the folder of the index, as written there; of a longer path the first
    /// [`MAX_PARTS`] and one more.
    pub parts: Vec<String>,
    /// Why it is not a photograph, by its record; `None` for pictures.
    pub skip: Option<SkipReason>,
}

/// The files that an index lists, in its order; the records of patients, studies and series name none.
///
/// # Errors
/// [`Error::Malformed`] if the bytes are not a DICOM data set.
pub fn files_of_disc(bytes: &[u8]) -> Result<Vec<ListedFile>, Error> {
    let index = DataSet::read(bytes)?;
    let records = index.items(RECORDS).take(MAX_RECORDS);
    let listed = records.filter_map(|record| {
        let id = record.text(FILE);
        // Backslashes separate the components; some writers use the separator of their system.
        let parts = id.split(['\\', '/']).map(|part| part.trim().to_owned());
        let parts = parts.filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.take(MAX_PARTS + 1).collect();
        let class = OtherObject::of_class(&record.text(CLASS));
        let skip = match class.and_then(OtherObject::skip_reason) {
            None if record.text(KIND) != "IMAGE" => Some(SkipReason::DicomWithoutImage),
            known => known,
        };
        (!parts.is_empty()).then_some(ListedFile { parts, skip })
    });
    Ok(listed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: Tag, vr: &[u8; 2], value: &str) -> Vec<u8> {
        let padded = format!("{value}{}", if value.len() % 2 == 1 { " " } else { "" });
        let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
        out.extend(vr);
        out.extend((padded.len() as u16).to_le_bytes());
        out.extend(padded.as_bytes());
        out
    }

    /// A record of a kind with a file and its class; of stated or open length.
    fn record(kind: &str, file: &str, class: &str, is_open: bool) -> Vec<u8> {
        let mut content = element(KIND, b"CS", kind);
        if !file.is_empty() {
            content.extend(element(FILE, b"CS", file));
            content.extend(element(CLASS, b"UI", class));
        }
        let length = if is_open {
            u32::MAX
        } else {
            content.len() as u32
        };
        let mut out = b"\xFE\xFF\x00\xE0".to_vec();
        out.extend(length.to_le_bytes());
        out.extend(content);
        if is_open {
            out.extend(b"\xFE\xFF\x0D\xE0\0\0\0\0");
        }
        out
    }

    fn index(records: &[Vec<u8>], is_open: bool) -> Vec<u8> {
        let mut out = element((0x0004, 0x1130), b"CS", "DISC");
        let content = records.concat();
        out.extend(b"\x04\0\x20\x12SQ\0\0");
        let length = if is_open {
            u32::MAX
        } else {
            content.len() as u32
        };
        out.extend(length.to_le_bytes());
        out.extend(content);
        if is_open {
            out.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
        }
        out
    }

    #[test]
    fn a_long_path_and_many_records_are_cut() {
        let long = record("IMAGE", &r"A\".repeat(5000), "", false);
        let listed = files_of_disc(&index(&[long], true)).unwrap();
        assert_eq!(listed[0].parts.len(), MAX_PARTS + 1);
        let records = vec![record("IMAGE", "A", "", false); MAX_RECORDS + 5];
        let listed = files_of_disc(&index(&records, true)).unwrap();
        assert_eq!(listed.len(), MAX_RECORDS);
    }

    #[test]
    fn files_are_listed_with_what_they_are() {
        const PHOTOGRAPH: &str = "1.2.840.10008.5.1.4.1.1.77.1.5.1";
        for is_open in [false, true] {
            let records = [
                record("PATIENT", "", "", is_open),
                record("IMAGE", r"DICOM\0001\IM000001", PHOTOGRAPH, is_open),
                record("IMAGE", "a/b", "", !is_open),
                record("IMAGE", "OCT", "1.2.840.10008.5.1.4.1.1.77.1.5.4", is_open),
                record(
                    "SR DOCUMENT",
                    "SR",
                    "1.2.840.10008.5.1.4.1.1.88.11",
                    is_open,
                ),
                record("PRIVATE", "X", "", is_open),
            ];
            let bytes = index(&records, is_open);
            let listed: Vec<_> = files_of_disc(&bytes)
                .unwrap()
                .into_iter()
                .map(|file| (file.parts.join(">"), file.skip))
                .collect();
            let expected = [
                ("DICOM>0001>IM000001", None),
                ("a>b", None),
                ("OCT", Some(SkipReason::Tomography)),
                ("SR", Some(SkipReason::DicomDocument)),
                ("X", Some(SkipReason::DicomWithoutImage)),
            ];
            assert_eq!(listed, expected.map(|(name, why)| (name.to_owned(), why)));
            for cut in 0..bytes.len() {
                if let Ok(some) = files_of_disc(&bytes[..cut]) {
                    assert!(some.len() <= expected.len(), "{cut}");
                }
            }
        }
    }
}
