//! File dialogs: what one is opened for, and what it comes to.

use std::path::PathBuf;

/// What a file dialog was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Photographs,
    Folder,
    ExportFolder,
    Keras,
    /// A folder for a model's files.
    ModelFolder,
    Runtime,
    CheckLabels,
    CheckImages,
}

/// What a file dialog came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Files(Vec<PathBuf>),
    /// The person closed the dialog.
    Nothing,
    /// The system offers no file dialog.
    NoDialog,
}
