//! What is met among photographs and not taken for one.

use strum::{IntoStaticStr, VariantArray};

/// A file or folder that was met and not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Path relative to what was given.
    pub name: String,
    pub why: SkipReason,
}

/// The reason. The kebab-case names are used in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum SkipReason {
    /// Neither its name nor its first bytes are those of a picture.
    NotAPicture,
    /// A system, a storage device or another program left it: thumbnails, trash, copies of attributes.
    LeftBySystem,
    /// Its name begins with a dot.
    Hidden,
    /// An overlay or a figure that this application wrote.
    OwnPicture,
    /// The index of a disc of DICOM files.
    DiscIndex,
    Link,
    /// It was given before, by itself or with its folder.
    GivenTwice,
    Unreadable,
    /// The system could not look into it, for another reason than a permission.
    SystemError,
    /// Folders are nested deeper than is searched.
    TooDeep,
}

impl SkipReason {
    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
