//! An error on its way from one process to another.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Class, Error};

/// What another process needs to refuse as this one would.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Relayed {
    pub class: Class,
    pub code: String,
    message: String,
    pub hint: String,
    pub items: Vec<serde_json::Value>,
}

impl Relayed {
    pub fn of(error: &Error) -> Self {
        Self {
            class: error.class(),
            code: error.code().to_owned(),
            message: error.said(),
            hint: error.hint().into_owned(),
            items: error.items(),
        }
    }
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
