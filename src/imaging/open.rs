//! From the bytes of a file to a measured photograph.

use std::sync::Arc;

use crate::domain::{
    EyeSource, Finding, FindingCode, FundusImage, Laterality, PatientKey, Pixels, Severity,
    finding_of_eye, note_acceptance,
};
use crate::numeric::hex::sha256;

use super::codecs;
use super::codecs::frame::Frame;
use super::file_names::laterality_from_name;
use super::retina::assess::assess;
use super::{Error, Format, Limits, foreign, sniff};

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// The eye stated by the user; it overrides the file and its name.
    pub eye: Option<Laterality>,
    /// The frame of a multi-frame DICOM or the page of a TIFF, from 1; `None` is the first.
    pub frame: Option<u32>,
    /// Accept pictures that do not look like fundus photographs.
    pub accept_any_picture: bool,
    pub limits: Limits,
}

/// Opens a photograph, turns it upright and measures it.
///
/// `name` is the file's name without folders; it is read for laterality only. The eye comes from, in this order: the
/// user, the DICOM tags, the file name. If none states it, it is unknown; the position of the optic disc never replaces
/// it (see [`FundusImage::eye_guess`]).
///
/// # Errors
/// [`Error`] for anything that is not a photograph that can be shown completely: unknown or damaged bytes, an
/// unsupported kind of a known format, or a size above [`Limits`]. A picture that is not a fundus photograph opens,
/// with a finding; [`FundusImage::is_refused`] states whether it gets a result.
pub fn open(bytes: &[u8], name: &str, options: &OpenOptions) -> Result<FundusImage, Error> {
    let (format, limits) = recognised(bytes, name, &options.limits)?;
    check_frame(format, options.frame)?;
    let frame = format
        .decode(bytes, options.frame, &limits)?
        .into_upright(&limits)?;

    let mut findings = frame.findings.clone();
    if frame.icc {
        findings.push(Finding::new(FindingCode::IccIgnored, Severity::Note));
    }
    if frame
        .alpha
        .as_ref()
        .is_some_and(|alpha| alpha.iter().any(|&a| a < 255))
    {
        findings.push(Finding::new(FindingCode::AlphaIgnored, Severity::Note));
    }
    let assessed = assess(&frame);
    findings.extend(assessed.findings);

    let (eye, eye_source) = resolve_laterality(options.eye, frame.eye, name);
    let (eye_guess, patient) = (assessed.eye_guess, frame.patient);
    let camera = frame.camera.clone();
    findings.extend(finding_of_eye(eye, eye_source, eye_guess));
    note_acceptance(&mut findings, options.accept_any_picture);

    let pixels = pixels_from(frame, format)?;
    Ok(FundusImage {
        sha256: sha256(bytes),
        pixels_sha256: pixels_sha256(&pixels),
        pixels: Arc::new(pixels),
        eye,
        eye_source,
        eye_guess,
        patient,
        camera,
        field_of_view: assessed.field_of_view,
        quality: assessed.quality,
        findings,
    })
}

/// The patient that a DICOM file states; `None` for all other formats. Pixels are not decoded.
pub fn patient(bytes: &[u8]) -> Option<PatientKey> {
    sniff(bytes)?.patient(bytes)
}

/// Why a file with these first bytes, this name and this length is not opened; none of the formats recognised it.
pub fn not_a_picture(start: &[u8], name: &str, length: u64) -> Error {
    match foreign(start, name, length) {
        Some(kind) => Error::Foreign(kind),
        None => Error::NotAnImage(codecs::names()),
    }
}

/// The format of a file, and the limits that remain.
fn recognised(
    bytes: &[u8],
    name: &str,
    limits: &Limits,
) -> Result<(&'static Format, Limits), Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    let left = limits.after_file(bytes.len())?;
    match sniff(bytes) {
        Some(format) => Ok((format, left)),
        None => Err(not_a_picture(bytes, name, bytes.len() as u64)),
    }
}

/// Rejects a frame number for a single-picture format; the others count frames while reading.
fn check_frame(format: &Format, requested: Option<u32>) -> Result<(), Error> {
    match requested {
        Some(requested) if requested != 1 && !format.has_frames => Err(Error::FrameOutOfRange {
            requested,
            frames: 1,
        }),
        _ => Ok(()),
    }
}

/// The first known eye of: user, DICOM tags, file name.
fn resolve_laterality(
    user: Option<Laterality>,
    dicom: Laterality,
    name: &str,
) -> (Laterality, EyeSource) {
    [
        (user.unwrap_or_default(), EyeSource::User),
        (dicom, EyeSource::Dicom),
        (laterality_from_name(name), EyeSource::FileName),
    ]
    .into_iter()
    .find(|(eye, _)| eye.is_known())
    .unwrap_or_default()
}

fn pixels_from(frame: Frame, format: &Format) -> Result<Pixels, Error> {
    Pixels::new(frame.width, frame.height, frame.rgb)
        .ok_or_else(|| Error::malformed(format.name, "pixels are missing"))
}

/// See [`FundusImage::pixels_sha256`].
fn pixels_sha256(pixels: &Pixels) -> String {
    sha256(&pixels.rgb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::with_eye;

    #[test]
    fn the_users_word_stands_above_tags_and_names() {
        use EyeSource::{Dicom, FileName, None as Nobody, User};
        use Laterality::{Od, Os, Unknown};
        assert_eq!(resolve_laterality(Some(Os), Od, "1R.jpg"), (Os, User));
        assert_eq!(resolve_laterality(None, Od, "1L.jpg"), (Od, Dicom));
        assert_eq!(
            resolve_laterality(Some(Unknown), Unknown, "1L.jpg"),
            (Os, FileName)
        );
        assert_eq!(
            resolve_laterality(None, Unknown, "x.jpg"),
            (Unknown, Nobody)
        );
    }

    #[test]
    fn a_correction_gives_what_opening_with_that_eye_gives() {
        let bytes = include_bytes!("../../assets/samples/haggstrom_left_1411.jpg");
        let open = |name: &str, eye| {
            let options = OpenOptions {
                eye,
                ..OpenOptions::default()
            };
            open(bytes, name, &options).unwrap()
        };
        for name in ["left.jpg", "x.jpg", "right.jpg"] {
            let original = open(name, None);
            for eye in [
                None,
                Some(Laterality::Unknown),
                Some(Laterality::Od),
                Some(Laterality::Os),
            ] {
                let (opened, corrected) = (open(name, eye), with_eye(&original, eye));
                assert_eq!(corrected.eye, opened.eye, "{name} {eye:?}");
                assert_eq!(corrected.eye_source, opened.eye_source);
                assert_eq!(corrected.eye_guess, opened.eye_guess);
                assert_eq!(corrected.findings, opened.findings, "{name} {eye:?}");
                assert!(Arc::ptr_eq(&corrected.pixels, &original.pixels));
            }
        }
    }

    #[test]
    fn foreign_files_are_named() {
        let refuse = |bytes: &[u8]| open(bytes, "a.png", &OpenOptions::default()).unwrap_err();
        assert_eq!(refuse(b""), Error::Empty);
        assert!(matches!(
            refuse(b"hello, this is text"),
            Error::NotAnImage(_)
        ));
        assert!(refuse(b"GIF89a........").to_string().contains("GIF"));
    }

    #[test]
    fn hashes_are_those_that_are_documented() {
        let pixels = Pixels::new(1, 1, vec![1, 2, 3]).unwrap();
        let expected = sha256([1, 2, 3]);
        assert_eq!(pixels_sha256(&pixels), expected);
        assert_eq!(expected.len(), 64);
    }
}
