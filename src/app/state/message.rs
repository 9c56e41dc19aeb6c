//! Messages in the corner: what failed, or what was done.

use std::path::PathBuf;

use super::CoverFailure;
use crate::app::Failure;
use crate::domain::Skipped;
use crate::text::notes::Note;
use crate::workflow::Unexported;

/// What a message is about; its sentences are chosen where it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageTopic {
    Run,
    /// A run over many photographs could not begin.
    Many,
    Models,
    /// The model library could not be changed.
    Library,
    SettingsSave,
    DialogMissing,
    Export,
    /// Parts of a photograph are covered, and what the models answer to that cannot be copied.
    CoverFailed(CoverFailure),
    /// A folder could not be shown.
    Folder,
    /// A task panicked.
    Internal,
    /// Done: so many files are in a folder; pictures that could not be drawn are told with their reasons.
    Exported {
        files: usize,
        problems: Vec<String>,
        folder: PathBuf,
    },
    /// Done: a text or picture is on the clipboard.
    Copied,
    /// What was passed over in folders, and why.
    Skipped {
        skipped: Vec<Skipped>,
    },
    /// There is nothing at these paths, told by their last parts.
    Absent {
        names: Vec<String>,
    },
    /// No photograph was found in what was given.
    NothingFound,
    /// The last session left a run over many that was not exported.
    Unexported(Box<Unexported>),
    /// The journal of another run was in the export folder and has this name now.
    SetAside(String),
    /// The answers of a run over many are not kept.
    NotKept,
    /// They are kept, but the next start will not offer to go on.
    NotNoted,
    /// What the application did on its own.
    Note(Note),
    /// A run over many came to its end.
    ManyDone {
        done: usize,
        failed: usize,
    },
    /// Photographs with results were taken off the list and can be put back.
    Removed {
        count: usize,
    },
    /// A model is in the library now.
    Imported {
        name: String,
    },
}

impl MessageTopic {
    /// Seconds that news without an answer stay; what failed stays until it is dismissed. The list tells of failed rows
    /// for itself.
    pub fn passes_after_s(&self) -> Option<f64> {
        match self {
            Self::Copied => Some(3.0),
            Self::CoverFailed(CoverFailure::Computing) => Some(8.0),
            Self::ManyDone { .. } => Some(10.0),
            Self::Exported { problems, .. } if problems.is_empty() => Some(15.0),
            Self::Imported { .. } | Self::DialogMissing => Some(15.0),
            Self::Removed { .. } => Some(30.0),
            Self::Run
            | Self::Many
            | Self::Models
            | Self::Library
            | Self::SettingsSave
            | Self::Export
            | Self::CoverFailed(_)
            | Self::Folder
            | Self::Internal
            | Self::Exported { .. }
            | Self::Skipped { .. }
            | Self::Absent { .. }
            | Self::NothingFound
            | Self::Unexported(_)
            | Self::SetAside(_)
            | Self::NotKept
            | Self::NotNoted
            | Self::Note(_) => None,
        }
    }
}

/// A message, until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: u64,
    pub subject: MessageTopic,
    /// Why something failed; good news have none.
    pub failure: Option<Failure>,
}
