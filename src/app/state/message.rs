//! Messages in the corner: failures and completed operations.

use std::path::PathBuf;

use super::CoverFailure;
use crate::app::Failure;
use crate::domain::Skipped;
use crate::text::notes::Note;
use crate::workflow::Unexported;

/// What was copied to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    Result,
    Figure,
    Methods,
    CommandLine,
}

/// The topic of a message; its sentences are chosen where it is drawn.
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
    /// Parts of a photograph are covered, and the models' answers for that cannot be copied.
    CoverFailed(CoverFailure),
    /// A folder could not be shown.
    Folder,
    /// A task panicked.
    Internal,
    /// Done: the number of files in a folder; pictures that could not be drawn are listed with their reasons.
    Exported {
        files: usize,
        problems: Vec<String>,
        folder: PathBuf,
    },
    /// Done: this is on the clipboard.
    Copied(Copied),
    /// Files that were skipped in folders, and why.
    Skipped {
        skipped: Vec<Skipped>,
    },
    /// These paths do not exist; given by their last components.
    Absent {
        names: Vec<String>,
    },
    /// No photograph was found at the given paths.
    NothingFound,
    /// The last session left a run over many photographs that was not exported.
    Unexported(Box<Unexported>),
    /// The journal of another run was in the export folder and was renamed to this.
    SetAside(String),
    /// The answers of a run over many photographs are not stored.
    NotKept,
    /// They are stored, but the next start will not offer to resume.
    NotNoted,
    /// What the application did on its own.
    Note(Note),
    /// Photographs with results were removed from the list; this can be undone.
    Removed {
        count: usize,
    },
    /// A model was imported into the library.
    Imported {
        name: String,
    },
}

impl MessageTopic {
    /// Seconds until news that needs no answer disappear; failures stay until dismissed. Failed rows are shown in the
    /// list.
    pub fn passes_after_s(&self) -> Option<f64> {
        match self {
            Self::Copied(_) => Some(4.0),
            Self::CoverFailed(CoverFailure::Computing) => Some(8.0),
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

/// A message, shown until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: u64,
    pub subject: MessageTopic,
    /// Why something failed; `None` for good news.
    pub failure: Option<Failure>,
}
