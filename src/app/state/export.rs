//! What is to be exported, where to, and the progress.

use std::sync::Arc;

use super::ExportOrder;
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
    /// Existing files about which the user is being asked.
    pub clashes: Vec<String>,
    pub preview: Preview,
    /// The subject of the preview; `None` until one was requested.
    pub previewed: Option<Previewed>,
    /// Files are being written.
    pub writing: bool,
    pub failure: Option<Failure>,
}
