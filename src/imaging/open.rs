//! From the bytes of a file to a measured photograph.

use std::sync::Arc;

use crate::domain::{
    EyeSource, Finding, FindingCode, FundusImage, Laterality, PatientKey, Pixels, Severity,
    finding_of_eye, note_acceptance,
};
use crate::numeric::hex::sha256;

use super::codecs::frame::Frame;
use super::codecs::{self, StatedPatient, StatedRecord};
use super::file_names::laterality_from_name;
use super::retina::assess::{Assessment, Step, assess};
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

/// Opens a photograph, turns it upright and measures it: [`decode`], then [`Decoded::assess`] and the checksums.
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
    let decoded = decode(bytes, name, options)?;
    let checksums = decoded.checksums(bytes);
    let assessment = decoded.assess();
    decoded.into_photograph(assessment, checksums, name, options)
}

/// A decoded picture, upright. Its checksums and its assessment depend on the pixels alone, so that two threads can
/// compute them at the same time.
pub struct Decoded {
    frame: Frame,
    format: &'static Format,
}

/// Checksums of a photograph, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksums {
    /// See [`FundusImage::sha256`].
    pub file: String,
    /// See [`FundusImage::pixels_sha256`].
    pub pixels: String,
}

/// Decodes a photograph and turns it upright.
///
/// # Errors
/// As [`open()`].
pub fn decode(bytes: &[u8], name: &str, options: &OpenOptions) -> Result<Decoded, Error> {
    let (format, limits) = recognised(bytes, name, &options.limits)?;
    check_frame(format, options.frame)?;
    let frame = format
        .decode(bytes, options.frame, &limits)?
        .into_upright(&limits)?;
    Ok(Decoded { frame, format })
}

impl Decoded {
    /// The checksums of the file with these bytes and of its pixels.
    pub fn checksums(&self, bytes: &[u8]) -> Checksums {
        Checksums {
            file: sha256(bytes),
            pixels: sha256(&self.frame.rgb),
        }
    }

    /// Finds the field of view and measures the quality.
    pub fn assess(&self) -> Assessment {
        self.assess_in_steps(&mut |_| ())
    }

    /// As [`Decoded::assess`]; `finished` is called after each step, for measurements.
    pub fn assess_in_steps(&self, finished: &mut dyn FnMut(Step)) -> Assessment {
        assess(&self.frame, finished)
    }

    /// The photograph.
    ///
    /// # Errors
    /// The decoder returned another number of pixels than it stated.
    pub fn into_photograph(
        self,
        assessment: Assessment,
        checksums: Checksums,
        name: &str,
        options: &OpenOptions,
    ) -> Result<FundusImage, Error> {
        let Self { frame, format } = self;
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
        findings.extend(assessment.findings);

        let (eye, eye_source) = resolve_laterality(options.eye, frame.eye, name);
        let (eye_guess, patient) = (assessment.eye_guess, frame.patient);
        let camera = frame.camera.clone();
        findings.extend(finding_of_eye(eye, eye_source, eye_guess));
        note_acceptance(&mut findings, options.accept_any_picture);

        Ok(FundusImage {
            sha256: checksums.file,
            pixels_sha256: checksums.pixels,
            pixels: Arc::new(pixels_from(frame, format)?),
            eye,
            eye_source,
            eye_guess,
            patient,
            camera,
            field_of_view: assessment.field_of_view,
            quality: assessment.quality,
            measured: assessment.measured,
            fingerprint: assessment.fingerprint,
            findings,
        })
    }
}

/// The patient that a DICOM file states; `None` for all other formats. Pixels are not decoded.
pub fn patient(bytes: &[u8]) -> Option<PatientKey> {
    sniff(bytes)?.patient(bytes)
}

/// Sex and age that a DICOM file states, by its first bytes; `None` for all other formats.
pub fn stated_record(start: &[u8]) -> Option<StatedRecord> {
    codecs::caught(|| codecs::stated_record(start)).flatten()
}

/// The patient that a file states, by its first bytes.
pub fn stated_patient(start: &[u8]) -> StatedPatient {
    codecs::caught(|| codecs::stated_patient(start)).unwrap_or(StatedPatient::Stated(None))
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
    fn checksums_are_those_that_are_documented() {
        let bytes = crate::drawing::encode(
            &crate::drawing::Pixels {
                width: 1,
                height: 1,
                rgb: vec![1, 2, 3],
            },
            crate::drawing::PictureFormat::Png,
        )
        .unwrap();
        let decoded = decode(&bytes, "a.png", &OpenOptions::default()).unwrap();
        let checksums = decoded.checksums(&bytes);
        assert_eq!(checksums.file, sha256(&bytes));
        assert_eq!(checksums.pixels, sha256([1, 2, 3]));
        assert_eq!(checksums.pixels.len(), 64);
    }
}
