//! The evaluation of the open study: what was computed, what of it is in view, and which of its photographs the list shows.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Loadable, PhotoId};
use crate::app::Failure;
use crate::domain::{Lang, Study};
use crate::evaluation::performance::{
    AnyFigure, Cases, Confusion, Estimate, EvaluationReport, LabelledScores, LeftOut, ModelReport,
    RocPoint, Unit, UnitReport,
};
use crate::export::plot::Plot;
use crate::workflow::study::BUILT_IN_COLUMNS;

/// How many of the columns of subgroups that every study may have are chosen at first.
const CHOSEN: usize = 3;

/// Figures with their intervals.
pub type Figures = Vec<(AnyFigure, Estimate)>;

/// The evaluation of the open study.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The folder and the study that the report is of, as it was then.
    pub(in crate::app) of: Option<(PathBuf, Arc<Study>)>,
    /// Columns of subgroups, as they are chosen now.
    pub by: Vec<String>,
    /// The columns that the report was computed with.
    pub computed_by: Vec<String>,
    pub report: Loadable<Arc<EvaluationReport>>,
    pub view: EvaluationView,
    /// Figures at a threshold or prevalence of the view's own.
    pub moved: Loadable<Arc<Figures>>,
    /// Cases by label at the threshold in view.
    pub confusion: Option<Confusion>,
    pub plots: Option<Arc<EvaluationPlots>>,
    /// The plots that were last asked for.
    pub(in crate::app) plotted: Option<PlotsOf>,
    pub writing: bool,
    /// Why it could not be written.
    pub write_failure: Option<Failure>,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self {
            of: None,
            by: BUILT_IN_COLUMNS[..CHOSEN]
                .iter()
                .map(|by| (*by).to_owned())
                .collect(),
            computed_by: Vec::new(),
            report: Loadable::NotRequested,
            view: EvaluationView::default(),
            moved: Loadable::NotRequested,
            confusion: None,
            plots: None,
            plotted: None,
            writing: false,
            write_failure: None,
        }
    }
}

/// What of a report is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaluationView {
    /// Index of the model.
    pub model: usize,
    pub unit: Unit,
    /// A threshold that was chosen after looking, 0–1; else that of the model card.
    pub threshold: Option<f64>,
    /// The share of positive cases for predictive values, 0–1; else that of the cases.
    pub prevalence: Option<f64>,
}

impl Default for EvaluationView {
    fn default() -> Self {
        Self {
            model: 0,
            unit: Unit::Photograph,
            threshold: None,
            prevalence: None,
        }
    }
}

impl EvaluationView {
    /// Figures are others than those of the report.
    pub fn is_moved(&self) -> bool {
        self.threshold.is_some() || self.prevalence.is_some()
    }
}

/// What plots are of.
#[derive(Clone, Debug)]
pub struct PlotsOf {
    pub report: Arc<EvaluationReport>,
    pub model: usize,
    pub unit: Unit,
    pub lang: Lang,
}

impl PlotsOf {
    pub(in crate::app) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.report, &other.report)
            && (self.model, self.unit, self.lang) == (other.model, other.unit, other.lang)
    }

    pub fn unit(&self) -> Option<&UnitReport> {
        self.report.models.get(self.model)?.by_unit(self.unit)
    }
}

/// A plot of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotKind {
    Roc,
    PrecisionRecall,
    Calibration,
    Scores,
    Values,
    BlandAltman,
    /// The ROC curves of all models.
    AllRoc,
    /// Figures over the size of the model file.
    AccuracyBySize,
    AucBySize,
}

/// The plots in view, ready to be drawn.
#[derive(Clone, Debug)]
pub struct EvaluationPlots {
    /// Operating points of the ROC curve, by falling threshold.
    pub points: Vec<RocPoint>,
    pub plots: Vec<(PlotKind, Plot)>,
}

impl EvaluationPlots {
    pub fn plot(&self, kind: PlotKind) -> Option<&Plot> {
        let found = self.plots.iter().find(|(of, _)| *of == kind);
        found.map(|(_, plot)| plot)
    }
}

/// A part of the cases in view, such as a cell of the confusion table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvaluatedPart {
    /// By recorded label, and by the label given at the threshold in view.
    Labels {
        recorded: bool,
        given: bool,
    },
    /// One label in one of so many bins of the score.
    Scores {
        recorded: bool,
        bin: usize,
        bins: usize,
    },
    /// The bin of this number among those of the calibration that hold cases.
    Calibration(usize),
    Case(usize),
    /// The subgroup of this number.
    Subgroup(usize),
    /// The photographs that belong to no case, for one reason.
    LeftOut(LeftOut),
    /// All cases of the model of this number.
    Model(usize),
}

/// A part of the cases, in the words of its labels and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvaluatedWords {
    Labels {
        recorded: String,
        given: String,
    },
    /// Scores in percent.
    Scores {
        recorded: Option<String>,
        percent: [usize; 2],
    },
    Case(String),
    Subgroup {
        by: String,
        value: String,
    },
    LeftOut(LeftOut),
    /// All cases of a model.
    Model(String),
}

/// The photographs of a part of an evaluation, as a filter of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluatedFilter {
    pub words: EvaluatedWords,
    pub photographs: Arc<BTreeSet<PhotoId>>,
}

impl Evaluation {
    pub fn ready(&self) -> Option<&Arc<EvaluationReport>> {
        match &self.report {
            Loadable::Ready(report) => Some(report),
            _ => None,
        }
    }

    /// The model in view.
    pub fn model(&self) -> Option<&ModelReport> {
        self.ready()?.models.get(self.view.model)
    }

    /// The model in view by the unit in view.
    pub fn unit(&self) -> Option<&UnitReport> {
        self.model()?.by_unit(self.view.unit)
    }

    /// The cases in view, of a model with two labels.
    pub fn scores(&self) -> Option<&LabelledScores> {
        match self.unit()?.cases.as_ref()? {
            Cases::Labels(scores) => Some(scores),
            Cases::Ages(_) => None,
        }
    }

    /// The threshold that was fixed when the study was set up.
    pub fn fixed_threshold(&self) -> f64 {
        let fixed = self.model().and_then(|model| model.threshold);
        fixed.unwrap_or(0.5)
    }

    pub fn threshold(&self) -> f64 {
        self.view.threshold.unwrap_or(self.fixed_threshold())
    }

    /// The figures in view; `None` while they are computed.
    pub fn figures(&self) -> Option<&Figures> {
        match (&self.moved, self.view.is_moved()) {
            (_, false) => self.unit().map(|unit| &unit.figures),
            (Loadable::Ready(figures), true) => Some(figures),
            (_, true) => None,
        }
    }
}
