//! An error on its way from one process to another.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Class, Error};

/// What another process needs to refuse as this one would, in the words of the command line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Relayed {
    pub class: Class,
    pub code: String,
    pub message: String,
    pub hint: String,
    pub items: Vec<serde_json::Value>,
}

impl fmt::Display for Relayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Relayed> for Error {
    fn from(relayed: Relayed) -> Self {
        match relayed.class {
            Class::Interrupted => Self::Cancelled,
            _ => Self::Relayed(Box::new(relayed)),
        }
    }
}
