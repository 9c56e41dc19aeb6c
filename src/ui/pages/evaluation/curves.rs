//! The curves of the model in view: the operating point is dragged along the ROC curve, and dots and columns list their
//! photographs.

use std::sync::Arc;

use egui::{Button, Slider, Ui};

use super::plot::{Drawn, Meant, PlotLook, plot_ui};
use super::{confusion, figures, list, of_kind};
use crate::app::apply::{Action, Evaluation as Act};
use crate::app::state::{EvaluatedPart, Evaluation, EvaluationPlots, PlotKind};
use crate::domain::foreign::shown;
use crate::evaluation::performance::{AnyFigure, Measure, RocPoint};
use crate::export::plot::{Form, Plot};
use crate::text::figure_values::{figure_value, number};
use crate::text::performance::measure;
use crate::text::window::grouped;
use crate::ui::rows::{Emphasis, slider_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

type Prepared<'a> = Option<&'a (Arc<EvaluationPlots>, Vec<Drawn>)>;

/// Widest and narrowest plot.
const WIDEST: f32 = 480.0;
const NARROWEST: f32 = 320.0;
/// Height of a plot that is not square, as a share of its width.
const FLAT: f32 = 0.7;

pub fn curves_ui(ui: &mut Ui, drawn: Prepared<'_>, view: &mut FrameContext<'_>) {
    let t = view.t;
    let Some((plots, _)) = drawn else {
        ui.spinner();
        return;
    };
    let has_scores = view.state.study.evaluation.scores().is_some();
    let point = has_scores.then_some(Cell::Point);
    let plot = |kind| of_kind(drawn, kind).map(|_| Cell::Plot(kind));
    let roc = of_kind(drawn, PlotKind::Roc).map(|_| Cell::Roc);
    let others = [
        PlotKind::Calibration,
        PlotKind::Scores,
        PlotKind::PrecisionRecall,
        PlotKind::Values,
        PlotKind::BlandAltman,
    ];
    let others = others.into_iter().filter_map(plot);
    let cells: Vec<Cell> = roc.into_iter().chain(point).chain(others).collect();
    let (count, width) = grid(ui);
    for line in cells.chunks(count) {
        ui.horizontal_top(|ui| {
            for cell in line {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    match cell {
                        Cell::Roc => roc_ui(ui, drawn, &plots.points, width, view),
                        Cell::Point => {
                            point_ui(ui, view);
                            confusion::confusion_ui(ui, view);
                            words_ui(ui, t.click_to_list(), Emphasis::Small);
                        }
                        Cell::Plot(kind) => listing_plot_ui(ui, drawn, *kind, width, view),
                    }
                });
                ui.add_space(GAP);
            }
        });
        ui.add_space(theme::GROUP_GAP);
    }
}

/// A part of the grid.
#[derive(Clone, Copy)]
enum Cell {
    Roc,
    /// Threshold and confusion table.
    Point,
    Plot(PlotKind),
}

/// Space between the columns of the grid, beside that between any two widgets.
const GAP: f32 = 10.0;

/// How many plots stand in a line, and their width.
pub fn grid(ui: &Ui) -> (usize, f32) {
    let gap = GAP + 2.0 * ui.spacing().item_spacing.x;
    let room = ui.available_width();
    let count = (room / (NARROWEST + gap)).floor().clamp(1.0, 3.0);
    let width = (room / count - gap).min(WIDEST).floor();
    (count as usize, width)
}

fn size(plot: &Plot, width: f32) -> PlotLook {
    PlotLook {
        width,
        height: if plot.square { width } else { width * FLAT },
        draggable: false,
        moved: None,
    }
}

/// The ROC curve with the operating point.
fn roc_ui(
    ui: &mut Ui,
    drawn: Prepared<'_>,
    points: &[RocPoint],
    width: f32,
    view: &mut FrameContext<'_>,
) {
    let Some(plot) = of_kind(drawn, PlotKind::Roc) else {
        return;
    };
    let evaluation = &view.state.study.evaluation;
    let counts = evaluation.confusion;
    let place = counts.and_then(|of| Some([1.0 - of.specificity()?, of.sensitivity()?]));
    let look = PlotLook {
        draggable: true,
        moved: place.filter(|_| evaluation.view.threshold.is_some()),
        ..size(plot.0, width)
    };
    let pointed = plot_ui(ui, plot, &look, |_| None);
    if let Some(threshold) = pointed.at.and_then(|at| nearest(points, at))
        && threshold != evaluation.threshold()
    {
        view.action(Action::Evaluation(Act::Threshold(Some(threshold))));
    }
}

/// The threshold of the operating point nearest to a place.
fn nearest(points: &[RocPoint], [x, y]: [f64; 2]) -> Option<f64> {
    let distance = |point: &RocPoint| {
        let (across, up) = (1.0 - point.specificity - x, point.sensitivity - y);
        across * across + up * up
    };
    let finite = points.iter().filter(|point| point.threshold <= 1.0);
    let nearest = finite.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map(|point| point.threshold)
}

/// The threshold, and what it gives at once.
fn point_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let evaluation = &view.state.study.evaluation;
    figures::basis_ui(ui, view);
    let before = evaluation.threshold();
    let mut threshold = before;
    ui.horizontal(|ui| {
        let title = ui.label(t.threshold());
        let slider = Slider::new(&mut threshold, 0.0..=1.0);
        // Not `fixed_decimals`, which rounds the threshold itself.
        let slider = slider.custom_formatter(|value, _| number(value, 3));
        slider_ui(ui, slider).labelled_by(title.id);
        if threshold != before {
            view.action(Action::Evaluation(Act::Threshold(Some(threshold))));
        }
    });
    let moved = evaluation.view.threshold.is_some();
    let back = Button::new(t.threshold_fixed_again());
    if ui.add_enabled(moved, back).clicked() {
        view.action(Action::Evaluation(Act::Threshold(None)));
    }
    if let Some(words) = at_point(evaluation, view) {
        words_ui(ui, &words, Emphasis::Plain);
    }
    words_ui(ui, t.threshold_note(), Emphasis::Small);
    ui.add_space(theme::GROUP_GAP);
}

/// Sensitivity, specificity and accuracy at the point, without intervals: they follow the pointer.
fn at_point(evaluation: &Evaluation, view: &FrameContext<'_>) -> Option<String> {
    let t = view.t;
    let counts = evaluation.confusion?;
    let figures = [
        (Measure::Sensitivity, counts.sensitivity()),
        (Measure::Specificity, counts.specificity()),
        (Measure::Accuracy, counts.accuracy()),
    ];
    let words = figures.into_iter().filter_map(|(of, share)| {
        let digits = figure_value(AnyFigure::Label(of), share?);
        Some(format!("{} {digits}", measure(of, t.0)))
    });
    Some(words.collect::<Vec<_>>().join(t.comma()))
}

/// A plot whose dots and columns list their photographs.
fn listing_plot_ui(
    ui: &mut Ui,
    drawn: Prepared<'_>,
    kind: PlotKind,
    width: f32,
    view: &mut FrameContext<'_>,
) {
    let Some(plot) = of_kind(drawn, kind) else {
        return;
    };
    let (state, t) = (view.state, view.t);
    let unit = state.study.evaluation.unit();
    let hover = |meant: Meant| {
        let point = &plot.0.series[meant.series].points[meant.point];
        Some(match part(kind, plot.0, meant)? {
            EvaluatedPart::Scores { .. } => format!("n = {}", grouped(point.y as usize)),
            EvaluatedPart::Case(_) if state.settings.names_masked => t.one_case().to_owned(),
            EvaluatedPart::Case(at) => shown(unit?.names.get(at)?),
            _ => t.show_photographs().to_owned(),
        })
    };
    let pointed = plot_ui(ui, plot, &size(plot.0, width), hover);
    if let Some(part) = pointed.clicked.and_then(|meant| part(kind, plot.0, meant)) {
        list(part, view);
    }
}

/// The cases behind a dot or column.
fn part(kind: PlotKind, plot: &Plot, meant: Meant) -> Option<EvaluatedPart> {
    let series = plot.series.get(meant.series)?;
    match (kind, series.form) {
        (PlotKind::Scores, Form::Columns { .. }) => Some(EvaluatedPart::Scores {
            recorded: meant.series == 1,
            bin: meant.point,
            bins: series.points.len(),
        }),
        (PlotKind::Calibration, Form::Upright) => Some(EvaluatedPart::Calibration(meant.point)),
        (PlotKind::Values | PlotKind::BlandAltman, Form::Dots) => {
            Some(EvaluatedPart::Case(meant.point))
        }
        _ => None,
    }
}
