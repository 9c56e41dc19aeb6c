//! The check of a model's preprocessing: what it is asked of, how it stands, what it found.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Loadable;
use crate::app::Failure;
use crate::evaluation::{Answers, Question};
use crate::workflow::check_import::{Applied, CheckReport, InterimRanking};

/// Which model is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedModel {
    /// One of the library, by its id.
    Model(String),
    /// The Keras file of the import form, which is not in the library yet.
    File(PathBuf),
}

impl CheckedModel {
    /// As the workflow names a model.
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

/// What became of the setting that a person chose.
#[derive(Clone, Debug)]
pub enum Used {
    Pending,
    /// It stands in the card.
    InCard(Applied),
    /// It stands in the import form.
    InForm,
    Failed(Failure),
}

/// The page of the check.
#[derive(Clone, Debug, Default)]
pub struct Check {
    pub subject: Option<CheckedModel>,
    /// The table of labels.
    pub labels: Option<PathBuf>,
    /// What the table leaves open, as far as a check has asked.
    pub questions: Vec<Question>,
    /// What the person said about it.
    pub answers: Answers,
    /// The folder of photographs.
    pub images: Option<PathBuf>,
    /// How the settings stand while the check runs.
    pub interim: Option<Arc<InterimRanking>>,
    pub report: Loadable<Arc<CheckReport>>,
    pub used: Option<Used>,
}

impl Check {
    pub fn can_start(&self) -> bool {
        let given = self.subject.is_some() && self.labels.is_some() && self.images.is_some();
        let answered = self.questions.iter().all(|q| q.is_answered(&self.answers));
        given && answered && !self.report.is_pending()
    }

    /// Keeps a question; one about the same thing gives way to it.
    pub fn ask(&mut self, question: Question) {
        self.questions
            .retain(|known| !known.is_about_the_same(&question));
        self.questions.push(question);
    }

    /// The finished report.
    pub fn finished(&self) -> Option<&Arc<CheckReport>> {
        match &self.report {
            Loadable::Ready(report) => Some(report),
            _ => None,
        }
    }
}
