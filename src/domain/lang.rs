//! The two languages that everything is said in.

use serde::{Deserialize, Serialize};

/// Language of the window and of sentences in it. Files and the command line speak English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    #[default]
    En,
    Ja,
}
