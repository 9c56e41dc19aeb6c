//! Errors of a study.

use super::Class;
use super::row::{Row, row};
use crate::storage::study::StudyError;
use crate::text::failures::{Fault, StudyFault};
use crate::workflow::Error;

impl From<StudyFault> for Error {
    fn from(fault: StudyFault) -> Self {
        Self::Study(Box::new(fault))
    }
}

impl From<StudyError> for Error {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Study(fault) => fault.into(),
            StudyError::Storage(error) => error.into(),
        }
    }
}

pub(super) fn of_study(fault: &StudyFault) -> Row<'_> {
    let (class, code) = match fault {
        StudyFault::Exists => (Class::Usage, "exists"),
        StudyFault::TablesThere { .. } => (Class::Usage, "tables-there"),
        StudyFault::Absent { .. } => (Class::Usage, "no-study"),
        StudyFault::Held => (Class::Failed, "held"),
        StudyFault::Damaged { .. } => (Class::Failed, "study-damaged"),
        StudyFault::Newer => (Class::Failed, "study-newer"),
        StudyFault::UnknownField { .. } => (Class::Failed, "study-unknown-field"),
        StudyFault::Changed => (Class::Failed, "study-changed"),
        StudyFault::ReadOnly => (Class::Failed, "read-only"),
        StudyFault::Moved { .. } => (Class::Usage, "photographs-moved"),
        StudyFault::NotText { .. } => (Class::Usage, "usage"),
        StudyFault::NoModel => (Class::Usage, "no-model"),
        StudyFault::NoLabels => (Class::Usage, "no-labels"),
        StudyFault::NoSuchModel { .. } => (Class::Usage, "no-model"),
        StudyFault::ColumnNotKept { .. } => (Class::Usage, "column-not-kept"),
        StudyFault::ManySubgroups { .. } => (Class::Usage, "many-subgroups"),
        StudyFault::NotReferredTo { .. } => (Class::Usage, "not-referred-to"),
        StudyFault::AllMissing => (Class::Usage, "photographs-missing"),
        StudyFault::ListsNone { .. } => (Class::Usage, "no-photographs"),
        StudyFault::ListsTooMany { .. } => (Class::Usage, "many-photographs"),
        StudyFault::NoReplay { .. } => (Class::Usage, "no-replay"),
        StudyFault::AmongPhotographs { .. } => (Class::Usage, "among-photographs"),
        StudyFault::OtherExport { .. } => (Class::Usage, "other-export"),
        StudyFault::ReplayDamaged { .. } => (Class::Failed, "replay-damaged"),
        StudyFault::NoCalibration { .. } => (Class::Usage, "no-calibration"),
        StudyFault::NoDraws { .. } => (Class::Usage, "no-draws"),
        StudyFault::ModelsMissing { .. } => (Class::Model, "no-such-model"),
        StudyFault::ModelsReplaced { .. } => (Class::Usage, "models-replaced"),
    };
    row(class, code, Fault::Study(fault.clone()))
}

/// The fault without the names of files and folders.
pub(super) fn masked(fault: StudyFault) -> StudyFault {
    let file = || "FILE".to_owned();
    match fault {
        StudyFault::Absent { .. } => StudyFault::Absent { name: file() },
        StudyFault::NoReplay { .. } => StudyFault::NoReplay { name: file() },
        StudyFault::AmongPhotographs { .. } => StudyFault::AmongPhotographs { name: file() },
        StudyFault::OtherExport { .. } => StudyFault::OtherExport { name: file() },
        StudyFault::NotText { .. } => StudyFault::NotText { name: file() },
        StudyFault::NotReferredTo { .. } => StudyFault::NotReferredTo { name: file() },
        StudyFault::ListsNone { .. } => StudyFault::ListsNone { name: file() },
        StudyFault::ListsTooMany { count, most, .. } => StudyFault::ListsTooMany {
            name: file(),
            count,
            most,
        },
        StudyFault::Moved { inputs } => StudyFault::Moved {
            inputs: (1..=inputs.len()).map(|at| format!("FILE {at}")).collect(),
        },
        other => other,
    }
}
