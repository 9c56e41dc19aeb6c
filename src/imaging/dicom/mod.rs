//! DICOM ophthalmic photographs and secondary captures.
//!
//! The data set is walked here ([`data_set`]): crate `dicom-object` builds nested sequences by recursion and takes
//! memory for any length a file claims, which hostile bytes turn into an abort that no caller can catch.
//! Compressed frames go through the codecs of dicom-rs (JPEG lossless, RLE) and, for baseline JPEG and JPEG 2000,
//! through the decoders of plain files. Nothing that names a person is read, but for a digest of the
//! Patient ID, by which one patient's files are known.

mod attributes;
mod data_set;
mod grey;
mod palette;
mod patient;
mod pixels;

use crate::clinic::{Code, Finding, PatientKey, Severity};

use super::decode::Frame;
use super::{Error, Limits};
use attributes::Attributes;
use data_set::DataSet;

const NAME: &str = "DICOM";

/// Decodes one frame (1-based; the first without).
pub(super) fn decode(bytes: &[u8], frame: Option<u32>, limits: &Limits) -> Result<Frame, Error> {
    let data_set = DataSet::read(bytes)?;
    let attributes = Attributes::read(&data_set)?;
    let asked = frame.unwrap_or(1);
    if asked == 0 || asked > attributes.frames {
        return Err(Error::FrameOutOfRange {
            asked,
            frames: attributes.frames,
        });
    }
    let mut picture = pixels::decode(&data_set, &attributes, asked - 1, limits)?;
    picture.eye = attributes.eye;
    picture.patient = patient::patient(&data_set);
    picture.icc = data_set.has(attributes::ICC_PROFILE);
    if !attributes.is_ophthalmic_photograph() {
        picture
            .findings
            .push(Finding::new(Code::NotOp, Severity::Note));
    }
    if attributes.frames > 1 {
        let detail = format!("frame {asked} of {}", attributes.frames);
        picture.findings.push(Finding::with_detail(
            Code::MultiFrame,
            Severity::Note,
            detail,
        ));
    }
    Ok(picture)
}

/// Number of frames that the header announces.
pub(super) fn frame_count(bytes: &[u8]) -> Result<u32, Error> {
    Ok(Attributes::read(&DataSet::read(bytes)?)?.frames)
}

/// The patient of a file.
pub(super) fn patient_of(bytes: &[u8]) -> Result<Option<PatientKey>, Error> {
    Ok(patient::patient(&DataSet::read(bytes)?))
}

fn malformed(reason: impl std::fmt::Display) -> Error {
    Error::malformed(NAME, reason)
}

fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!(
        "this DICOM file has {what}, which is not supported; export the photograph as uncompressed RGB or as JPEG"
    ))
}
