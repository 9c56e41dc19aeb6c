//! The supported formats: a table, with one file or folder per row that decodes it.
//!
//! To add a format, add a file with its [`Format`] and a row in [`FORMATS`].

mod bmp;
mod canvas;
mod colours;
mod depth;
mod dicom;
pub(super) mod frame;
mod jpeg;
mod jpeg2000;
mod jpeg_xl;
mod orientation;
mod png;
mod pnm;
mod reading;
mod tiff;
mod webp;

pub use dicom::{
    ListedFile, MAX_PARTS, StatedPatient, StatedRecord, TRANSFER_SYNTAXES, files_of_disc,
};
pub(super) use dicom::{other_object, stated_patient, stated_record};
pub use frame::caught;

use crate::domain::PatientKey;
use crate::imaging::{Error, Limits};
use frame::{Frame, guarded};

/// A picture format.
#[derive(Debug)]
pub struct Format {
    /// The name shown to the user.
    pub name: &'static str,
    /// File extensions, in lower case.
    pub extensions: &'static [&'static str],
    /// Its media type (RFC 6838), as registered with the desktop.
    pub media_type: &'static str,
    /// Recognises a file by its first bytes; names and extensions are not trusted.
    is_one: fn(&[u8]) -> bool,
    /// Decodes one frame (1-based; `None` is the first).
    decode: Decode,
    /// Whether a file may hold several frames, which the decoder counts.
    pub(super) has_frames: bool,
    /// Reads the patient, if the format can state one.
    patient: Option<Patient>,
}

type Decode = fn(&[u8], Option<u32>, &Limits) -> Result<Frame, Error>;
type Patient = fn(&[u8]) -> Result<Option<PatientKey>, Error>;

/// Every format. DICOM comes first because its preamble may imitate another format, such as TIFF.
pub static FORMATS: [&Format; 9] = [
    &dicom::FORMAT,
    &jpeg::FORMAT,
    &jpeg2000::FORMAT,
    &jpeg_xl::FORMAT,
    &png::FORMAT,
    &tiff::FORMAT,
    &bmp::FORMAT,
    &webp::FORMAT,
    &pnm::FORMAT,
];

impl Format {
    /// Decodes frame `frame` (1-based; `None` is the first) of bytes of this format.
    pub(super) fn decode(
        &self,
        bytes: &[u8],
        frame: Option<u32>,
        limits: &Limits,
    ) -> Result<Frame, Error> {
        guarded(self.name, || (self.decode)(bytes, frame, limits))
    }

    /// The patient stated in the file.
    pub(super) fn patient(&self, bytes: &[u8]) -> Option<PatientKey> {
        let patient = self.patient?;
        guarded(self.name, || patient(bytes)).ok().flatten()
    }
}

/// The format of the bytes, or `None` if they are not a supported picture.
pub fn sniff(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| (format.is_one)(bytes))
}

/// The names of all formats in a sentence: `JPEG, PNG and DICOM`; DICOM, first in the table, is listed last.
pub fn names() -> String {
    let [last, others @ ..] = FORMATS.map(|format| format.name);
    format!("{} and {last}", others.join(", "))
}

/// Extensions of the files that photographs are opened from, in lower case.
pub fn extensions() -> Vec<&'static str> {
    FORMATS.iter().flat_map(|f| f.extensions).copied().collect()
}

/// Whether photographs are opened from files with this extension.
pub fn is_extension(extension: &str) -> bool {
    let mut known = FORMATS.iter().flat_map(|f| f.extensions);
    known.any(|known| known.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> Option<&'static str> {
        sniff(bytes).map(|format| format.name)
    }

    #[test]
    fn the_desktop_knows_the_formats_of_the_table() {
        let desktop = include_str!("../../../packaging/gantei.desktop");
        let types: String = FORMATS.map(|f| format!("{};", f.media_type)).concat();
        let line = format!("MimeType={types}application/vnd.gantei.study+json;\n");
        assert!(
            desktop.contains(&line),
            "packaging/gantei.desktop needs {line}"
        );
    }

    #[test]
    fn an_extension_belongs_to_one_format() {
        let mut known = extensions();
        let count = known.len();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), count);
        assert!(is_extension("JPG") && is_extension("ppm") && !is_extension("gif"));
    }

    #[test]
    fn first_bytes_decide() {
        assert_eq!(name(b"\xFF\xD8\xFF\xE0"), Some("JPEG"));
        assert_eq!(name(b"MM\0*\0\0\0\x08"), Some("TIFF"));
        assert_eq!(name(b"RIFF\x10\0\0\0WEBPVP8 "), Some("WebP"));
        assert_eq!(name(b"RIFF\x10\0\0\0WAVEfmt "), None);
        assert_eq!(name(b"\xFF\x4F\xFF\x51\0\x2F"), Some("JPEG 2000"));
        let jp2 = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ";
        assert_eq!(name(jp2), Some("JPEG 2000"));
        assert_eq!(name(b""), None);
        assert_eq!(name(b"BMW is a car, not a bitmap"), None);
        let mut dicom = vec![0; 128];
        dicom.extend_from_slice(b"DICM");
        assert_eq!(name(&dicom), Some("DICOM"));
        assert_eq!(name(b"\x08\0\x05\0CS\x0a\0ISO_IR 100"), Some("DICOM"));
    }
}
