//! Labels that the open study does not record: how they are to be supplied, and what was computed.

use std::path::PathBuf;
use std::sync::Arc;

use super::Loadable;
use crate::app::Failure;
use crate::domain::{Lang, Role, Study, StudyModel};
use crate::evaluation::performance::LeftOut;
use crate::evaluation::supplement::{SupplementReport, SupplementedPerson};
use crate::export::plot::Plot;
use crate::workflow::study::SupplementRequest;

/// The column of the recorded age, which every study with ages has.
const AGE: &str = "age";

/// The supplement of the open study.
#[derive(Clone, Debug)]
pub struct Supplement {
    /// The folder and the study that it is of, as it was then.
    pub(in crate::app) of: Option<(PathBuf, Arc<Study>)>,
    /// What is chosen now. The model is `None` until one of several was chosen.
    pub request: SupplementRequest,
    /// What comes of that.
    pub report: Loadable<Arc<Supplied>>,
    /// The last report of the same model, which stays in view while another is computed.
    pub last: Option<Arc<Supplied>>,
    pub writing: bool,
    /// Why it could not be written.
    pub write_failure: Option<Failure>,
}

impl Default for Supplement {
    fn default() -> Self {
        Self {
            of: None,
            request: SupplementRequest {
                model: None,
                outcome: None,
                covariates: Vec::new(),
                imputations: 20,
                seed: 1,
                with_hard_labels: false,
            },
            report: Loadable::NotRequested,
            last: None,
            writing: false,
            write_failure: None,
        }
    }
}

impl Supplement {
    /// The report of what is chosen.
    pub fn ready(&self) -> Option<&Arc<Supplied>> {
        match &self.report {
            Loadable::Ready(supplied) => Some(supplied),
            _ => None,
        }
    }

    /// The report in view.
    pub fn in_view(&self) -> Option<&Arc<Supplied>> {
        self.ready().or(self.last.as_ref())
    }
}

/// A computed supplement.
#[derive(Clone, Debug)]
pub struct Supplied {
    pub report: SupplementReport,
    pub counts: SupplementCounts,
    /// Calibration of the cross-fitted probabilities, in English and Japanese.
    pub calibration: Option<[Plot; 2]>,
}

impl Supplied {
    pub fn calibration(&self, lang: Lang) -> Option<&Plot> {
        let [en, ja] = self.calibration.as_ref()?;
        Some(match lang {
            Lang::En => en,
            Lang::Ja => ja,
        })
    }
}

/// Numbers of persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplementCounts {
    pub persons: usize,
    /// Photographs whose person is not known; each counts as another person.
    pub unknown: usize,
    pub recorded: usize,
    /// Without a recorded label, but with an answer.
    pub supplied: usize,
    /// Without either, by reason.
    pub left_out: Vec<(LeftOut, usize)>,
}

impl SupplementCounts {
    pub fn of(report: &SupplementReport) -> Self {
        let persons = || report.persons.iter();
        let mut left_out: Vec<(LeftOut, usize)> = Vec::new();
        let without = |person: &&SupplementedPerson| person.recorded.is_none();
        for why in persons().filter(without).filter_map(|p| p.left_out) {
            match left_out.iter_mut().find(|(known, _)| *known == why) {
                Some((_, count)) => *count += 1,
                None => left_out.push((why, 1)),
            }
        }
        let cases = report.cases.iter().map(|&at| &report.persons[at]);
        Self {
            persons: report.persons.len(),
            unknown: persons().filter(|person| !person.is_known).count(),
            recorded: persons().filter(|person| person.recorded.is_some()).count(),
            supplied: cases.filter(without).count(),
            left_out,
        }
    }

    /// Without recorded label and answer.
    pub fn neither(&self) -> usize {
        self.left_out.iter().map(|(_, count)| count).sum()
    }
}

/// The models of a study whose labels could be supplied.
pub fn models_with_two_labels(study: &Study) -> impl Iterator<Item = &StudyModel> {
    study.models.iter().filter(|m| m.card.labels.len() == 2)
}

/// Columns of the study's table that can be outcome or covariate.
pub fn columns_for_draws(study: &Study) -> Vec<String> {
    let Some(labels) = &study.labels else {
        return Vec::new();
    };
    let mut columns: Vec<String> = labels
        .columns_of(Role::Covariate)
        .map(str::to_owned)
        .collect();
    let has_ages = labels.columns_of(Role::Age).next().is_some();
    if has_ages && !columns.iter().any(|column| column == AGE) {
        columns.push(AGE.to_owned());
    }
    columns
}
