//! Files and folders found among the photographs but skipped.

use strum::{IntoStaticStr, VariantArray};

/// A skipped file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Path relative to the given path.
    pub name: String,
    pub why: SkipReason,
}

/// The reason. The kebab-case names are used in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum SkipReason {
    /// Neither its name nor its first bytes are those of a picture.
    NotAPicture,
    /// Left by the system, a storage device or another program: thumbnails, trash, copies of attributes.
    LeftBySystem,
    /// Its name begins with a dot.
    Hidden,
    /// An overlay or a figure that this application wrote.
    OwnPicture,
    /// The index of a disc of DICOM files.
    DiscIndex,
    /// A DICOM report or document.
    DicomDocument,
    /// A DICOM object that holds no image, such as a presentation state.
    DicomWithoutImage,
    /// Optical coherence tomography in DICOM.
    Tomography,
    /// A picture in a format that is not supported and rarely used for photographs.
    UnsupportedFormat,
    /// An archive, which may hold photographs.
    Archive,
    /// A document of text and pictures: PDF, PostScript, Office.
    Document,
    Video,
    /// Numbers, or a volume of a scanner.
    Data,
    /// A web page in place of a download.
    WebPage,
    /// A placeholder for a file that is elsewhere.
    NotDownloaded,
    /// Begins with nothing but zeros.
    Zeros,
    /// A download that has not finished.
    PartOfDownload,
    /// A copy of a photograph that a program made before it changed it.
    Backup,
    Link,
    /// The index of a disc names a file outside of the disc's folder.
    OutsideOfDisc,
    /// The index of a disc names it, and the folder lacks it.
    NotOnDisc,
    /// It was already given, by itself or with its folder.
    GivenTwice,
    Unreadable,
    /// The system could not read it, for a reason other than permissions.
    SystemError,
    /// Nested deeper than the search goes.
    TooDeep,
}

impl SkipReason {
    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
