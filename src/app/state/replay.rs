//! An export of a study that is made again.

use std::path::PathBuf;
use std::sync::Arc;

use super::Loadable;
use crate::domain::replay::ReplayDifference;

/// The check of an export.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// The folder of the export.
    pub folder: Option<PathBuf>,
    /// What is different; empty if everything is identical.
    pub differences: Loadable<Arc<Vec<ReplayDifference>>>,
}

impl Replay {
    pub fn is_running(&self) -> bool {
        self.differences.is_pending()
    }
}
