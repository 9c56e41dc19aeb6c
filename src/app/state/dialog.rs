//! File dialogs: their purposes and outcomes.

use std::path::PathBuf;

/// What a file dialog was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Photographs,
    Folder,
    ExportFolder,
    /// Where a case report is written.
    ReportFolder,
    /// A model's file.
    Keras,
    /// A model's folder.
    KerasFolder,
    /// A destination folder for a model's files.
    ModelFolder,
    Runtime,
    CheckLabels,
    CheckImages,
    /// The table of labels of the photographs in the list.
    Labels,
    /// Where a list about labels is saved.
    LabelLists,
    /// The folder of a new study.
    StudyFolder,
    /// Photographs of a new study.
    StudyInput,
    /// The folder of a study to open.
    Study,
    /// Where photographs of the study are now.
    StudyMoved,
    /// Where the evaluation of the study is written.
    EvaluationFolder,
    /// Where the supplement of the study is written.
    SupplementFolder,
    /// The export that is made again.
    ReplayFolder,
}

/// The outcome of a file dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Files(Vec<PathBuf>),
    /// The user closed the dialog.
    Nothing,
    /// The system offers no file dialog.
    NoDialog,
}
