//! The labels of the photographs in the list: the table that states them, how it is read, and what was confirmed.

use std::path::PathBuf;
use std::sync::Arc;

use super::table_questions::TableQuestions;
use super::{Loadable, PhotoId};
use crate::app::Failure;
use crate::domain::{LabelMapping, Role};
use crate::workflow::study::labels::{LabelList, Proposal, StudyLabels};

/// A table as it is read under the answers so far.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub proposal: Proposal,
    /// The photographs that it is about, in the order of the proposal.
    pub photographs: Vec<PhotoId>,
}

/// What the user confirmed.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub mapping: LabelMapping,
    pub labels: StudyLabels,
    pub photographs: Vec<PhotoId>,
}

/// The page of labels.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    pub table: Option<PathBuf>,
    pub asked: TableQuestions,
    pub proposal: Loadable<Arc<Proposed>>,
    /// What is shown while the table is read again, or if it cannot be read.
    pub before: Option<Arc<Proposed>>,
    pub confirming: bool,
    pub confirmed: Option<Arc<Confirmed>>,
    /// Why the table could not be confirmed.
    pub refused: Option<Failure>,
    /// The list that is saved into the folder that is asked for.
    pub saving: Option<LabelList>,
    /// The table was changed since it was read.
    pub is_changed: bool,
}

impl Labels {
    /// What is read, also while it is read again; the columns alone if it cannot be read.
    pub fn shown(&self) -> Option<&Arc<Proposed>> {
        match &self.proposal {
            Loadable::Ready(proposed) => Some(proposed),
            Loadable::Pending | Loadable::Failed(_) => self.before.as_ref(),
            Loadable::NotRequested => None,
        }
    }

    /// The columns of the table with the roles that are shown.
    pub fn roles(&self) -> Vec<(String, Option<Role>)> {
        let columns = self.shown().map(|shown| &shown.proposal.columns);
        let columns = columns.into_iter().flatten();
        columns.map(|c| (c.name.clone(), c.role)).collect()
    }

    /// What can be confirmed.
    pub fn ready(&self) -> Option<&Arc<Proposed>> {
        match &self.proposal {
            Loadable::Ready(proposed) if !self.confirming => Some(proposed),
            _ => None,
        }
        .filter(|proposed| proposed.proposal.mapping.is_some())
    }
}
