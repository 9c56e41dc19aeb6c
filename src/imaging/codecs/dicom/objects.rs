//! DICOM objects that are not photographs, by their SOP class (PS3.4 annex B, PS3.6 annex A).

use crate::domain::SkipReason;

/// An object without a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::imaging) enum OtherObject {
    DiscIndex,
    Report,
    Document,
    PresentationState,
    Segmentation,
    RawData,
    Measurements,
    Waveform,
    Radiotherapy,
    Tomography,
    WideField,
}

/// Roots of classes under `1.2.840.10008.5.1.4.1.1.`, each whole or followed by a dot. The ophthalmic measurements are
/// lensometry to intraocular lens calculations, macular grids and visual fields.
const CLASSES: [(&str, OtherObject); 20] = [
    ("88", OtherObject::Report),
    ("104", OtherObject::Document),
    ("11", OtherObject::PresentationState),
    ("66.4", OtherObject::Segmentation),
    ("66.5", OtherObject::Segmentation),
    ("66", OtherObject::RawData),
    ("78", OtherObject::Measurements),
    ("79", OtherObject::Measurements),
    ("80", OtherObject::Measurements),
    ("9", OtherObject::Waveform),
    ("481.2", OtherObject::Radiotherapy),
    ("481.3", OtherObject::Radiotherapy),
    ("481.4", OtherObject::Radiotherapy),
    ("481.5", OtherObject::Radiotherapy),
    ("481.8", OtherObject::Radiotherapy),
    ("77.1.5.4", OtherObject::Tomography),
    ("77.1.5.7", OtherObject::Tomography),
    ("77.1.5.8", OtherObject::Tomography),
    ("77.1.5.5", OtherObject::WideField),
    ("77.1.5.6", OtherObject::WideField),
];

impl OtherObject {
    /// `None` for images, and for classes that are not known here.
    pub fn of_class(sop_class: &str) -> Option<Self> {
        if sop_class == "1.2.840.10008.1.3.10" {
            return Some(Self::DiscIndex);
        }
        let class = sop_class.strip_prefix("1.2.840.10008.5.1.4.1.1.")?;
        let known = CLASSES.iter().find(|(root, _)| {
            class
                .strip_prefix(root)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        known.map(|(_, object)| *object)
    }

    /// What it is: the end of a sentence.
    pub fn what(self) -> &'static str {
        match self {
            Self::DiscIndex => "the index of a disc, and it lists no photograph",
            Self::Report => "a report without a picture",
            Self::Document => "a document, such as a PDF, without a picture",
            Self::PresentationState => "a presentation state, which has no picture of its own",
            Self::Segmentation => "a segmentation, not a photograph",
            Self::RawData => "raw data of a device without a picture",
            Self::Measurements => "a set of measurements without a picture",
            Self::Waveform => "a recorded waveform without a picture",
            Self::Radiotherapy => "a radiotherapy object without a picture",
            Self::Tomography => "optical coherence tomography, not a photograph",
            Self::WideField => "a projected wide-field photograph, which is not supported",
        }
    }

    /// Why it is skipped in a folder; a wide-field photograph gets a row with the reason.
    pub fn skip_reason(self) -> Option<SkipReason> {
        match self {
            Self::DiscIndex => Some(SkipReason::DiscIndex),
            Self::Report | Self::Document => Some(SkipReason::DicomDocument),
            Self::PresentationState
            | Self::Segmentation
            | Self::RawData
            | Self::Measurements
            | Self::Waveform
            | Self::Radiotherapy => Some(SkipReason::DicomWithoutImage),
            Self::Tomography => Some(SkipReason::Tomography),
            Self::WideField => None,
        }
    }
}
