//! What the evaluation computes in the background.

use std::path::PathBuf;
use std::sync::Arc;

use super::plots::plots;
use super::{evaluated, written};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{EvaluationPlots, EvaluationView, Figures, Loadable, PlotsOf, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{Lang, Study};
use crate::evaluation::performance::EvaluationReport;
use crate::jobs::Lane;
use crate::workflow::study::{self, EvaluationRequest};

/// Evaluates a study, with subgroups by these columns.
#[derive(Debug)]
pub struct EvaluateStudy {
    pub folder: PathBuf,
    pub by: Vec<String>,
}

impl Job for EvaluateStudy {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let request = EvaluationRequest {
            by: self.by.clone(),
            ..EvaluationRequest::default()
        };
        let (cancel, progress) = (wait.cancel, wait.progress);
        let report = study::evaluate(&work.context, &self.folder, &request, cancel, progress);
        let result = report.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| evaluated(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| evaluated(state, Err(failure)))
    }
}

/// Computes the figures of a view with a threshold or prevalence of its own.
#[derive(Debug)]
pub struct FiguresAt {
    pub report: Arc<EvaluationReport>,
    pub view: EvaluationView,
    pub threshold: f64,
}

impl Job for FiguresAt {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let model = self.report.models.get(self.view.model);
        let unit = model.and_then(|model| model.by_unit(self.view.unit));
        let Some(cases) = unit.and_then(|unit| unit.cases.as_ref()) else {
            return land(self.view, vec![]);
        };
        let options = &self.report.options;
        match cases.figures(self.threshold, self.view.prevalence, options, wait.cancel) {
            Ok(figures) => land(self.view, figures),
            Err(_) => Landing::nothing(),
        }
    }

    fn defect(&self, failure: Failure) -> Landing {
        let view = self.view;
        Landing::new(move |state| {
            let evaluation = &mut state.study.evaluation;
            if evaluation.view == view {
                evaluation.moved = Loadable::Failed(failure);
            }
            vec![]
        })
    }
}

fn land(view: EvaluationView, figures: Figures) -> Landing {
    Landing::new(move |state| {
        let evaluation = &mut state.study.evaluation;
        if evaluation.view == view && evaluation.moved.is_pending() {
            evaluation.moved = Loadable::Ready(Arc::new(figures));
        }
        vec![]
    })
}

/// Prepares the plots of a view.
#[derive(Debug)]
pub struct PreparePlots(pub PlotsOf);

impl Job for PreparePlots {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let plots = Arc::new(plots(&self.0));
        let of = self.0.clone();
        Landing::new(move |state| prepared(state, &of, plots))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

fn prepared(state: &mut State, of: &PlotsOf, plots: Arc<EvaluationPlots>) -> Vec<Effect> {
    let evaluation = &mut state.study.evaluation;
    if evaluation.plotted.as_ref().is_some_and(|last| last.is(of)) {
        evaluation.plots = Some(plots);
    }
    vec![]
}

/// Writes the files of an evaluation into a folder.
#[derive(Debug)]
pub struct WriteEvaluation {
    /// Folder of the study.
    pub study: PathBuf,
    pub report: Arc<EvaluationReport>,
    /// The study as it is now, with what readers decided since the evaluation.
    pub now: Arc<Study>,
    pub folder: PathBuf,
    pub lang: Lang,
    /// Whether numbers replace the names of photographs and persons.
    pub mask_names: bool,
}

impl Job for WriteEvaluation {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let mut report = (*self.report).clone();
        study::take_decisions(&mut report, &self.now);
        if self.mask_names {
            report = report.masked();
        }
        let cancel = wait.cancel;
        let files = study::export_evaluation(&self.study, &report, &self.folder, self.lang, cancel);
        let (folder, result) = (self.folder.clone(), files.map_err(Failure::from));
        Landing::new(move |state| written(state, folder, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        let folder = self.folder.clone();
        Landing::new(move |state| written(state, folder, Err(failure)))
    }
}
