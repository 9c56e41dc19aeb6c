//! The records check of the open study: what it found, and the decisions that are being saved.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Loadable, PhotoId};
use crate::app::Failure;
use crate::domain::{Decision, Study};
use crate::evaluation::records_check::RecordsCheck;

/// The records check of the open study.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// The folder and the study that it is of.
    pub(in crate::app) of: Option<(PathBuf, Arc<Study>)>,
    /// The model whose contradictions are shown; the first with two labels if `None`.
    pub model: Option<String>,
    pub found: Loadable<FoundRecords>,
    /// Who decides, as the user wrote it; `None` until he was asked in this session.
    pub reader: Option<String>,
    /// Number of the last decision.
    pub(in crate::app) last_decision: u64,
    /// Why the last decision was not saved.
    pub failure: Option<Failure>,
}

/// What a check found, and where its photographs are in the list.
#[derive(Clone, Debug)]
pub struct FoundRecords {
    pub check: Arc<RecordsCheck>,
    /// Of each photograph of the study its place in the list, if it is there.
    pub photos: Arc<Vec<Option<PhotoId>>>,
    /// Of each photograph the number that replaces the name of its person.
    pub numbers: Arc<Vec<Option<usize>>>,
    /// The contradicted photographs in the order of the page: by person, the strongest contradiction first.
    pub order: Arc<Vec<RecordPlace>>,
}

/// A contradicted photograph in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// Index among the persons.
    pub person: usize,
    /// Index among the contradicted photographs.
    pub contradicted: usize,
}

impl Records {
    pub fn ready(&self) -> Option<&FoundRecords> {
        match &self.found {
            Loadable::Ready(found) => Some(found),
            _ => None,
        }
    }
}

impl FoundRecords {
    pub(in crate::app) fn of(check: RecordsCheck, photos: Vec<Option<PhotoId>>) -> Self {
        let persons = check.persons.iter().enumerate();
        let order = persons.flat_map(|(person, of)| {
            let places = of.contradicted.iter();
            places.map(move |contradicted| RecordPlace {
                person,
                contradicted: *contradicted,
            })
        });
        Self {
            order: Arc::new(order.collect()),
            numbers: Arc::new(check.person_numbers()),
            photos: Arc::new(photos),
            check: Arc::new(check),
        }
    }

    /// How many of the records a reader has decided about.
    pub fn decided(&self) -> usize {
        let records = self.check.contradicted.iter();
        let photographs = records.map(|of| &self.check.photographs[of.photograph]);
        photographs.filter(|of| of.decision.is_some()).count()
    }

    /// What was decided about a photograph.
    pub fn decision(&self, photograph: usize) -> Option<Decision> {
        let decision = self.check.photographs.get(photograph)?.decision.as_ref()?;
        Some(decision.decision)
    }
}
