//! What people and jobs can make happen, one enum per subject. An action says what is meant, not which widget was used.

use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::Style;
use crate::workflow::{ModelSummary, Source};

use super::settings::Appearance;
use super::state::{Opened, PhotoId};
use super::verbs::{Answer, Failure};
use crate::words::Lang;

use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Action {
    Photographs(Photographs),
    Models(Models),
    Run(Run),
    Settings(Change),
    Messages(Messages),
    Job(JobNote),
}

/// The list of photographs.
#[derive(Clone, Debug)]
pub enum Photographs {
    /// Add these and show the first of them.
    Open(Vec<Source>),
    AskForFiles,
    Select(PhotoId),
    Next,
    Previous,
    Remove(PhotoId),
}

#[derive(Clone, Debug)]
pub enum Models {
    Load,
    Choose(String),
}

/// The run on the selected photograph.
#[derive(Clone, Debug)]
pub enum Run {
    Start,
    Cancel,
}

/// A change of a setting; every one is saved.
#[derive(Clone, Debug)]
pub enum Change {
    Language(Lang),
    Appearance(Appearance),
    Device(String),
    OverlayShown(bool),
    OverlayOpacity(f32),
    OverlayColours(Colormap),
    OverlayStyle(Style),
    FieldOutlineShown(bool),
}

#[derive(Clone, Debug)]
pub enum Messages {
    CopyDetails(u64),
    Dismiss(u64),
}

/// What a file dialog came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Files(Vec<std::path::PathBuf>),
    /// The person closed the dialog.
    Nothing,
    /// The system offers no file dialog.
    NoDialog,
}

/// What a job answered.
#[derive(Clone, Debug)]
pub enum JobNote {
    Models(Result<Vec<ModelSummary>, Failure>),
    Opened {
        photo: PhotoId,
        result: Result<Arc<Opened>, Failure>,
    },
    Predicted {
        photo: PhotoId,
        model: String,
        sha256: String,
        result: Result<Arc<Answer>, Failure>,
    },
    Chosen(Chosen),
    /// The bundled models stand ready, or could not be made so.
    Prepared(Result<(), Failure>),
    SettingsSaved(Result<(), Failure>),
    /// A job panicked; the text is the panic's own.
    Panicked {
        slot: super::effect::Slot,
        text: String,
    },
}
