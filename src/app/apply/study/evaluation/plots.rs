//! The plots in view, by the same functions as those of the files.

use crate::app::state::{EvaluationPlots, PlotKind, PlotsOf};
use crate::domain::Lang;
use crate::evaluation::performance::{EvaluationReport, Measure, Unit, roc_curve};
use crate::export::evaluation::{by_file_size, of_values, plotted};
use crate::export::plot::{self, Form, Plot, PlottedModel, Point};

/// Most points of a line: more than a screen has pixels.
const MOST_POINTS: usize = 3000;

pub(super) fn plots(of: &PlotsOf) -> EvaluationPlots {
    let mut found = EvaluationPlots {
        points: Vec::new(),
        plots: Vec::new(),
    };
    let (Some(model), Some(unit)) = (of.report.models.get(of.model), of.unit()) else {
        return found;
    };
    let plots = &mut found.plots;
    if let Some(scores) = plotted(model, of.unit) {
        found.points = roc_curve(scores.cases);
        if !found.points.is_empty() {
            plots.push((PlotKind::Roc, plot::roc(&[scores], of.lang)));
        }
        if scores.cases.positives() > 0 {
            let curve = plot::precision_recall(&[scores], of.lang);
            plots.push((PlotKind::PrecisionRecall, curve));
        }
        let calibration = plot::calibration(&[scores], of.lang);
        plots.push((PlotKind::Calibration, calibration));
        let histogram = plot::score_histogram(&scores, of.lang);
        plots.push((PlotKind::Scores, histogram));
    }
    if let Some([scatter, differences]) = of_values(model, unit, of.lang) {
        plots.push((PlotKind::Values, scatter));
        plots.push((PlotKind::BlandAltman, differences));
    }
    plots.extend(of_all(&of.report, of.unit, of.lang));
    for (_, plot) in plots.iter_mut() {
        plot.series
            .iter_mut()
            .filter(|series| series.form == Form::Line)
            .for_each(|series| thin(&mut series.points));
    }
    found
}

/// Leaves out points of a line that cannot be told from their neighbours.
fn thin(points: &mut Vec<Point>) {
    if points.len() <= MOST_POINTS {
        return;
    }
    let step = points.len().div_ceil(MOST_POINTS);
    let last = points.len() - 1;
    let mut at = 0;
    points.retain(|_| {
        let kept = at % step == 0 || at == last;
        at += 1;
        kept
    });
}

/// Plots over all models of the study.
fn of_all(report: &EvaluationReport, unit: Unit, lang: Lang) -> Vec<(PlotKind, Plot)> {
    let mut plots = Vec::new();
    let models = report.models.iter();
    let curves: Vec<PlottedModel> = models.filter_map(|model| plotted(model, unit)).collect();
    if curves.len() > 1 {
        plots.push((PlotKind::AllRoc, plot::roc(&curves, lang)));
    }
    for (kind, figure) in [
        (PlotKind::AccuracyBySize, Measure::Accuracy),
        (PlotKind::AucBySize, Measure::Auc),
    ] {
        plots.extend(by_file_size(report, unit, figure, lang).map(|plot| (kind, plot)));
    }
    plots
}
