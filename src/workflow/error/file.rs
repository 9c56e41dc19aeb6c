//! Errors of file access.

use std::io::ErrorKind;

use super::row::{Row, row};
use super::{Class, Error, device};
use crate::domain::SystemFailure;
use crate::storage;
use crate::text::failures::{Fault, FileFault};

pub(super) fn of_storage(error: &storage::Error) -> Row<'_> {
    let fault = Fault::File(fault(error));
    match error {
        storage::Error::NotAsStored(_) => row(Class::Model, "model", fault),
        error if is_out_of_memory(error) => device::out_of_memory(fault),
        storage::Error::Read { .. }
        | storage::Error::Write { .. }
        | storage::Error::TooLarge { .. }
        | storage::Error::Damaged { .. }
        | storage::Error::Show { .. }
        | storage::Error::NoHome => row(Class::Failed, "file", fault),
    }
}

/// For the file that was named as a model.
pub(super) fn of_model_file(error: &storage::Error) -> Row<'_> {
    let fault = Fault::File(fault(error));
    match is_out_of_memory(error) {
        true => device::out_of_memory(fault),
        false => row(Class::Model, "file", fault),
    }
}

fn is_out_of_memory(error: &storage::Error) -> bool {
    matches!(error, storage::Error::Read { source, .. } if source.kind() == ErrorKind::OutOfMemory)
}

pub(super) fn fault(error: &storage::Error) -> FileFault {
    match error {
        storage::Error::Read { name, source } => FileFault::Unread {
            name: name.clone(),
            why: source.kind().into(),
        },
        storage::Error::Write { name, source } => FileFault::Unwritten {
            name: name.clone(),
            why: source.kind().into(),
        },
        storage::Error::TooLarge { name, bytes, limit } => FileFault::TooLarge {
            name: name.clone(),
            bytes: *bytes,
            limit: *limit,
        },
        storage::Error::Damaged { name, .. } => FileFault::Damaged { name: name.clone() },
        storage::Error::NotAsStored(damage) => FileFault::NotAsStored {
            id: damage.id.clone(),
            file: damage.file.clone(),
        },
        storage::Error::Show { name, .. } => FileFault::NotShown { name: name.clone() },
        storage::Error::NoHome => FileFault::NoHome,
    }
}

impl Error {
    /// What prevented a file from being written or read.
    pub fn system_failure(&self) -> Option<SystemFailure> {
        match self {
            Self::Storage(
                storage::Error::Read { source, .. } | storage::Error::Write { source, .. },
            ) => Some(source.kind().into()),
            _ => None,
        }
    }
}
