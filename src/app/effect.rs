//! What a decision sets in motion. `Runner` performs all of it but what only a window can do.

use crate::clinic::FundusImage;
use crate::workflow::{Request, Source};

use super::log::LogLine;
use super::settings::Settings;
use super::state::PhotoId;

/// What a job is for. One job per slot: a newer one cancels and replaces the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    Models,
    PrepareModels,
    Open(PhotoId),
    Predict,
    Dialog,
    SaveSettings,
}

/// Who waits for a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It is selected: someone looks at the empty canvas.
    Now,
    /// It stands in the list.
    Later,
}

#[derive(Clone, Debug)]
pub enum Effect {
    LoadModels,
    /// Import the bundled models, so that the first run does not wait for it.
    PrepareModels,
    Open {
        photo: PhotoId,
        source: Source,
        urgency: Urgency,
    },
    StopOpening(PhotoId),
    Predict {
        photo: PhotoId,
        image: FundusImage,
        name: String,
        request: Request,
    },
    StopPredicting,
    SaveSettings(Settings),
    Log(LogLine),
    /// Only a window can do this: show a file dialog.
    AskForFiles,
    /// Only a window can do this: put a text on the clipboard.
    CopyText(String),
}
