//! The check of a model's preprocessing: its inputs, progress and result.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Loadable;
use super::table_questions::TableQuestions;
use crate::app::Failure;
use crate::workflow::check_import::{Applied, CheckReport, InterimRanking};

/// Which model is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedModel {
    /// A model of the library, by its id.
    Model(String),
    /// The Keras file of the import form, not in the library yet.
    File(PathBuf),
}

impl CheckedModel {
    /// The model as the workflow names it.
    pub fn as_model(&self) -> String {
        match self {
            Self::Model(id) => id.clone(),
            Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Model(_) => None,
            Self::File(path) => Some(path),
        }
    }
}

/// What happened to the setting that the user chose.
#[derive(Clone, Debug)]
pub enum Used {
    Pending,
    /// Written to the card.
    InCard(Applied),
    /// Filled into the import form.
    InForm,
    Failed(Failure),
}

/// The page of the check.
#[derive(Clone, Debug, Default)]
pub struct Check {
    pub subject: Option<CheckedModel>,
    /// The table of labels.
    pub labels: Option<PathBuf>,
    /// What the table leaves open, as far as a check has found out, and the user's answers.
    pub asked: TableQuestions,
    /// The folder of photographs.
    pub images: Option<PathBuf>,
    /// The interim ranking while the check runs.
    pub interim: Option<Arc<InterimRanking>>,
    pub report: Loadable<Arc<CheckReport>>,
    pub used: Option<Used>,
}

impl Check {
    pub fn can_start(&self) -> bool {
        let given = self.subject.is_some() && self.labels.is_some() && self.images.is_some();
        given && self.asked.are_answered() && !self.report.is_pending()
    }

    /// The finished report.
    pub fn finished(&self) -> Option<&Arc<CheckReport>> {
        match &self.report {
            Loadable::Ready(report) => Some(report),
            _ => None,
        }
    }
}
