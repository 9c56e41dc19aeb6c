//! Which eye a photograph shows, and the source of that information.

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
    /// The name used in every file: `OD`, `OS` or `unknown`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// True for the right or the left eye.
    pub fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

/// Where the laterality was read. A guess from the picture is never a source; it is only in `eye_guess`.
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
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
