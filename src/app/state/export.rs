//! What is to be exported, where to, and the progress.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{ExportFormat, ExportFormats, ExportOrder, State};
use crate::app::Failure;
use crate::domain::Pixels;

/// Which photographs are exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The one in view.
    #[default]
    Shown,
    Marked,
    /// All that have an answer or failed.
    All,
}

/// The preview in the dialog.
#[derive(Clone, Debug, Default)]
pub enum Preview {
    #[default]
    None,
    Pending {
        previous: Option<Arc<Pixels>>,
    },
    Ready(Arc<Pixels>),
    Failed(Failure),
}

impl Preview {
    pub fn picture(&self) -> Option<&Arc<Pixels>> {
        match self {
            Self::Ready(pixels) => Some(pixels),
            Self::Pending { previous } => previous.as_ref(),
            Self::None | Self::Failed(_) => None,
        }
    }
}

/// The subject of a preview.
#[derive(Clone, Debug, PartialEq)]
pub enum Previewed {
    /// No picture is wanted, or there is none.
    Nothing,
    /// What would be written first.
    First(Box<ExportOrder>),
    /// Parts of the photograph are covered and the answer for that is missing; with the reason if it failed.
    CoverFailure(Option<Failure>),
}

/// The export dialog.
#[derive(Clone, Debug, Default)]
pub struct ExportDialog {
    pub scope: Scope,
    /// Files of this dialog only; `None` means those of the settings.
    pub desired: Option<BTreeSet<ExportFormat>>,
    /// Existing files about which the user is being asked.
    pub clashes: Vec<String>,
    pub preview: Preview,
    /// The subject of the preview; `None` until one was requested.
    pub previewed: Option<Previewed>,
    /// Files are being written.
    pub writing: bool,
    pub failure: Option<Failure>,
}

impl State {
    /// The files that the dialog offers and writes.
    pub fn export_formats(&self) -> ExportFormats {
        let of_dialog = self.export.as_ref().and_then(|d| d.desired.clone());
        let formats = self.settings.export.clone();
        ExportFormats {
            desired: of_dialog.unwrap_or(formats.desired),
            ..formats
        }
    }

    /// Which files are wanted is a choice of the dialog if it has its own; everything else is a setting.
    pub(in crate::app) fn set_export_formats(&mut self, formats: ExportFormats) {
        match self.export.as_mut().and_then(|d| d.desired.as_mut()) {
            Some(of_dialog) => {
                *of_dialog = formats.desired;
                self.settings.export.caption = formats.caption;
                self.settings.export.figure = formats.figure;
            }
            None => self.settings.export = formats,
        }
    }
}
