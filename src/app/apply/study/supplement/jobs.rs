//! What the supplement computes in the background.

use std::path::PathBuf;
use std::sync::Arc;

use super::{supplied, written};
use crate::app::job::{Job, JobContext, Landing};
use crate::app::state::{SupplementCounts, Supplied};
use crate::app::{Failure, WorkflowContext};
use crate::domain::Lang;
use crate::evaluation::performance::{LabelledScores, Unit};
use crate::evaluation::supplement::SupplementReport;
use crate::export::plot::{self, Form, Plot, PlottedModel};
use crate::jobs::Lane;
use crate::text::performance::PlotText;
use crate::workflow::study::{self, SupplementRequest};

/// Supplements a study as it is chosen.
#[derive(Debug)]
pub struct SupplyLabels {
    pub folder: PathBuf,
    pub request: SupplementRequest,
}

impl Job for SupplyLabels {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let report = study::supplement(&self.folder, &self.request, wait.cancel);
        let result = report.map(|report| Arc::new(of(report)));
        let (result, request) = (result.map_err(Failure::from), self.request.clone());
        Landing::new(move |state| supplied(state, &request, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        let request = self.request.clone();
        Landing::new(move |state| supplied(state, &request, Err(failure)))
    }
}

fn of(report: SupplementReport) -> Supplied {
    let of = |lang| calibration(&report, lang);
    Supplied {
        calibration: of(Lang::En).zip(of(Lang::Ja)).map(<[Plot; 2]>::from),
        counts: SupplementCounts::of(&report),
        report,
    }
}

/// The share of label 1 over the cross-fitted probability, of persons with a recorded label.
fn calibration(report: &SupplementReport, lang: Lang) -> Option<Plot> {
    let (mut truths, mut probabilities, mut logits) = (Vec::new(), Vec::new(), Vec::new());
    for (&at, probability) in report.cases.iter().zip(&report.calibration.probabilities) {
        let person = &report.persons[at];
        if let (Some(recorded), Some((_, logit))) = (person.recorded, person.answer) {
            truths.push(recorded);
            probabilities.push(*probability);
            logits.push(logit);
        }
    }
    let persons = (0..truths.len()).collect();
    let cases = LabelledScores::new(truths, probabilities, logits, persons).ok()?;
    let model = PlottedModel {
        name: &report.model,
        cases: &cases,
        threshold: report.threshold,
        unit: Unit::Person,
        labels: report.labels.each_ref().map(String::as_str),
    };
    let mut plot = plot::calibration(&[model], lang);
    plot.x.label = PlotText(lang).mean_calibrated_probability().to_owned();
    // Model and numbers stand beside it.
    plot.series
        .iter_mut()
        .filter(|series| series.form == Form::Upright)
        .for_each(|series| series.name.clear());
    plot.notes = vec![PlotText(lang).calibration_note(false).to_owned()];
    Some(plot)
}

/// Writes the files of a supplement into a folder.
#[derive(Debug)]
pub struct WriteSupplement {
    /// Folder of the study.
    pub study: PathBuf,
    pub request: SupplementRequest,
    pub supplied: Arc<Supplied>,
    pub folder: PathBuf,
    /// Whether numbers replace the names of persons.
    pub mask_names: bool,
}

impl Job for WriteSupplement {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let report = &self.supplied.report;
        let masked = self.mask_names.then(|| report.clone().masked());
        let files = study::export_supplement(
            &self.study,
            &self.request,
            masked.as_ref().unwrap_or(report),
            &self.folder,
            wait.cancel,
        );
        let (folder, result) = (self.folder.clone(), files.map_err(Failure::from));
        Landing::new(move |state| written(state, folder, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        let folder = self.folder.clone();
        Landing::new(move |state| written(state, folder, Err(failure)))
    }
}
