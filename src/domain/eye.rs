//! Which eye a photograph shows, and how that is known.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// Laterality of a photograph: OD is the right eye, OS the left.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr,
)]
pub enum Laterality {
    #[serde(rename = "OD")]
    #[strum(serialize = "OD")]
    Od,
    #[serde(rename = "OS")]
    #[strum(serialize = "OS")]
    Os,
    #[default]
    #[serde(rename = "unknown")]
    #[strum(serialize = "unknown")]
    Unknown,
}

impl Laterality {
    /// The word used in every file: `OD`, `OS` or `unknown`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// True when the eye is known to be the right or the left one.
    pub fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

/// Where the laterality was read. A guess from the picture is never a source: it stands in `eye_guess` alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum EyeSource {
    Dicom,
    FileName,
    User,
    #[default]
    None,
}

impl EyeSource {
    /// The word used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
