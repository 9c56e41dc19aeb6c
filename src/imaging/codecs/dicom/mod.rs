//! DICOM ophthalmic photographs and secondary captures.
//!
//! The data set is parsed here ([`data_set`]): crate `dicom-object` builds nested sequences by recursion and allocates
//! any length that a file claims, which hostile bytes turn into an abort that no caller can catch. Compressed frames go
//! through the codecs of dicom-rs (JPEG lossless, RLE) and, for baseline JPEG and JPEG 2000, through the decoders of
//! plain files. Nothing that identifies a person is kept, except a digest of the Patient ID to recognise files of the
//! same patient.

mod attributes;
mod camera;
mod data_set;
mod disc;
mod grey;
mod objects;
mod palette;
mod patient;
mod pixels;
mod scrambled;

use crate::domain::{Detail, Finding, FindingCode, PatientKey, Severity};

use super::Format;
use super::frame::Frame;
use crate::imaging::{Error, Limits};
use attributes::Attributes;
use data_set::DataSet;
pub use disc::{ListedFile, MAX_PARTS, files_of_disc};
use objects::OtherObject;
pub use patient::{StatedPatient, StatedRecord};
pub use pixels::TRANSFER_SYNTAXES;

const NAME: &str = "DICOM";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["dcm", "dicom"],
    media_type: "application/dicom",
    is_one: |bytes| bytes.get(128..132) == Some(b"DICM") || is_bare(bytes),
    decode,
    has_frames: true,
    patient: Some(patient_of),
};

/// Decodes one frame (1-based; `None` is the first).
fn decode(bytes: &[u8], frame: Option<u32>, limits: &Limits) -> Result<Frame, Error> {
    let data_set = DataSet::read(bytes)?;
    let attributes = Attributes::read(&data_set)?;
    scrambled::check(&data_set)?;
    let requested = frame.unwrap_or(1);
    if requested == 0 || requested > attributes.frames {
        return Err(Error::FrameOutOfRange {
            requested,
            frames: attributes.frames,
        });
    }
    let mut picture = pixels::decode(&data_set, &attributes, requested - 1, limits)?;
    picture.eye = attributes.eye;
    picture.patient = patient::patient(&data_set);
    picture.camera = camera::camera(&data_set);
    picture.icc = data_set.has(attributes::ICC_PROFILE);
    if !attributes.is_ophthalmic_photograph() {
        picture
            .findings
            .push(Finding::new(FindingCode::NotOp, Severity::Note));
    }
    if attributes.frames > 1 {
        let detail = Detail::Frame {
            frame: requested,
            frames: attributes.frames,
        };
        picture.findings.push(Finding::with_detail(
            FindingCode::MultiFrame,
            Severity::Note,
            detail,
        ));
    }
    Ok(picture)
}

/// The patient of a file.
fn patient_of(bytes: &[u8]) -> Result<Option<PatientKey>, Error> {
    Ok(patient::patient(&DataSet::read(bytes)?))
}

/// What a file states about its patient, by its first bytes; `None` if it is no DICOM file.
pub(in crate::imaging) fn stated_record(start: &[u8]) -> Option<StatedRecord> {
    let is_one = (FORMAT.is_one)(start);
    let data_set = is_one.then(|| DataSet::read_start(start))??;
    Some(patient::stated(&data_set))
}

/// The patient in the first bytes of a file.
pub(in crate::imaging) fn stated_patient(start: &[u8]) -> StatedPatient {
    let is_one = (FORMAT.is_one)(start);
    match is_one.then(|| DataSet::read_start(start)).flatten() {
        Some(data_set) => patient::stated_patient(&data_set),
        None => StatedPatient::Stated(None),
    }
}

/// What an object is that is not a photograph, by the first bytes of its file.
pub(in crate::imaging) fn other_object(start: &[u8]) -> Option<OtherObject> {
    let is_one = (FORMAT.is_one)(start);
    let data_set = is_one.then(|| DataSet::read_start(start))??;
    OtherObject::of_class(&data_set.sop_class())
}

/// DICOM without preamble and `DICM`: the data set starts directly with an element of the file meta group 0002 or of
/// group 0008, as explicit VR or as implicit little endian with a plausible length.
fn is_bare(bytes: &[u8]) -> bool {
    let Some(&[g0, g1, e0, e1, a, b, c, d]) = bytes.first_chunk::<8>() else {
        return false;
    };
    let group = u16::from_le_bytes([g0, g1]);
    let element = u16::from_le_bytes([e0, e1]);
    if !matches!(group, 0x0002 | 0x0008) || element > 0x0018 {
        return false;
    }
    let explicit = matches!(
        &[a, b],
        b"UL" | b"OB" | b"UI" | b"CS" | b"LO" | b"SH" | b"DA" | b"TM"
    );
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    explicit || (length.is_multiple_of(2) && length <= 128 && bytes.len() >= 8 + length + 8)
}

fn malformed(reason: impl std::fmt::Display) -> Error {
    Error::malformed(NAME, reason)
}

fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!(
        "this DICOM file has {what}, which is not supported; export the photograph as uncompressed RGB or as JPEG"
    ))
}
