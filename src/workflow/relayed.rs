//! An error relayed from one process to another.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Class, Error};

/// What another process needs to refuse as this one would, in the wording of the command line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RelayedError {
    pub class: Class,
    pub code: String,
    pub message: String,
    pub hint: String,
    pub items: Vec<serde_json::Value>,
}

impl fmt::Display for RelayedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<RelayedError> for Error {
    fn from(relayed: RelayedError) -> Self {
        match relayed.class {
            Class::Interrupted => Self::Cancelled,
            _ => Self::Relayed(Box::new(relayed)),
        }
    }
}
