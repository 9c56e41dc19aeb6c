//! The two languages of the interface.

use serde::{Deserialize, Serialize};

/// Language of the window. Files and the command line are in English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    #[default]
    En,
    Ja,
}
