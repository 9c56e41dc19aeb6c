//! The plots in view, by the same functions as those of the files.

use crate::app::state::{EvaluationPlots, PlotKind, PlotsOf};
use crate::domain::Lang;
use crate::evaluation::performance::{
    AgeFigure, AnyFigure, Cases, Estimate, EvaluationReport, Measure, ModelReport, Unit,
    UnitReport, roc_curve,
};
use crate::export::plot::{self, Form, ModelSize, Plot, PlottedModel, Point};
use crate::export::published::{PUBLISHED, Published};
use crate::text::performance::measure;

/// Most points of a line: more than a screen has pixels.
const MOST_POINTS: usize = 3000;

/// A figure that is published about a model.
type OfRelease = fn(&Published) -> Option<f64>;

pub(super) fn plots(of: &PlotsOf) -> EvaluationPlots {
    let mut found = EvaluationPlots {
        points: Vec::new(),
        plots: Vec::new(),
    };
    let (Some(model), Some(unit)) = (of.report.models.get(of.model), of.unit()) else {
        return found;
    };
    let plots = &mut found.plots;
    match &unit.cases {
        Some(Cases::Labels(cases)) => {
            found.points = roc_curve(cases);
            let plotted = PlottedModel {
                name: &model.id,
                cases,
                threshold: model.threshold.unwrap_or(0.5),
            };
            if !found.points.is_empty() {
                plots.push((PlotKind::Roc, plot::roc(&[plotted], of.lang)));
            }
            if cases.positives() > 0 {
                let curve = plot::precision_recall(&[plotted], of.lang);
                plots.push((PlotKind::PrecisionRecall, curve));
            }
            plots.push((
                PlotKind::Calibration,
                plot::calibration(&[plotted], of.lang),
            ));
            if let Some([zero, one]) = &model.labels {
                let scores = plot::score_histogram(&plotted, [zero, one], of.lang);
                plots.push((PlotKind::Scores, scores));
            }
        }
        Some(Cases::Ages(values)) => {
            let is_of_age = model.is_of_age;
            let scatter = plot::value_scatter(&model.id, values, is_of_age, of.lang);
            plots.push((PlotKind::Values, scatter));
            let figures: Vec<(AgeFigure, Estimate)> = { unit.figures.iter() }
                .filter_map(|(figure, estimate)| match figure {
                    AnyFigure::Age(figure) => Some((*figure, *estimate)),
                    AnyFigure::Label(_) => None,
                })
                .collect();
            let differences = plot::bland_altman(&model.id, values, &figures, is_of_age, of.lang);
            plots.push((PlotKind::BlandAltman, differences));
        }
        None => {}
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
    let by_unit = |model: &'_ ModelReport| model.units.iter().position(|of| of.unit == unit);
    let models: Vec<(&ModelReport, &UnitReport)> = { report.models.iter() }
        .filter_map(|model| Some((model, &model.units[by_unit(model)?])))
        .collect();
    let mut plots = Vec::new();
    let curves: Vec<PlottedModel> = { models.iter() }
        .filter_map(|(model, unit)| match &unit.cases {
            Some(Cases::Labels(cases)) => Some(PlottedModel {
                name: &model.id,
                cases,
                threshold: model.threshold.unwrap_or(0.5),
            }),
            _ => None,
        })
        .collect();
    if curves.len() > 1 {
        plots.push((PlotKind::AllRoc, plot::roc(&curves, lang)));
    }
    let is_of_sex = models.iter().all(|(model, _)| model.is_of_sex);
    let figures: [(_, _, OfRelease); 2] = [
        (PlotKind::AccuracyBySize, Measure::Accuracy, |of| {
            Some(of.accuracy)
        }),
        (PlotKind::AucBySize, Measure::Auc, |of| of.auc),
    ];
    for (kind, figure, of_release) in figures {
        let sizes: Vec<ModelSize> = { models.iter() }
            .filter_map(|(model, unit)| size(model, unit, figure))
            .collect();
        if sizes.is_empty() {
            continue;
        }
        let published: Vec<(&str, f64)> = { PUBLISHED.iter() }
            .filter(|_| is_of_sex)
            .filter_map(|of| Some((of.model, of_release(of)?)))
            .collect();
        let plot = plot::by_file_size(measure(figure, lang), &sizes, &published, lang);
        plots.push((kind, plot));
    }
    plots
}

fn size(model: &ModelReport, unit: &UnitReport, figure: Measure) -> Option<ModelSize> {
    let mut figures = unit.figures.iter();
    let (_, estimate) = figures.find(|(of, _)| *of == AnyFigure::Label(figure))?;
    Some(ModelSize {
        name: model.id.clone(),
        megabytes: model.megabytes?,
        value: estimate.value.ok()?,
        interval: estimate.interval.ok(),
    })
}
