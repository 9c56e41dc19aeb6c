//! A plot, drawn from the same data as its files. A click says which of its points is meant.

use egui::{Align2, Color32, Role, Sense, Stroke, Ui, Vec2, Vec2b, WidgetInfo, pos2, vec2};
use egui_plot::{
    Bar, BarChart, GridMark, Line, LineStyle, MarkerShape, PlotBounds, PlotPoint, PlotPoints,
    PlotTransform, PlotUi, Points,
};

use crate::app::state::EvaluationPlots;
use crate::export::plot::{Axis, Form, Plot, Series, Tone};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::Palette;

/// Distance in points at which a dot is still meant.
const REACH: f32 = 9.0;
/// Share of a plot's width that lies beyond the ends of its axes, so that no dot is cut.
const MARGIN: f64 = 0.02;
/// Half the length of the ends of an interval, as a share of the other axis.
const CAP: f64 = 0.008;

/// Points of each series, as they are drawn.
pub type Drawn = Vec<Vec<PlotPoint>>;

/// The points of every plot, in their order.
pub fn drawn(plots: &EvaluationPlots) -> Vec<Drawn> {
    plots.plots.iter().map(|(_, plot)| points(plot)).collect()
}

/// The points of one plot.
pub fn points(plot: &Plot) -> Drawn {
    let of_series = |series: &Series| {
        let points = series.points.iter();
        points
            .map(|point| PlotPoint::new(point.x, point.y))
            .collect()
    };
    plot.series.iter().map(of_series).collect()
}

/// A point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meant {
    pub series: usize,
    pub point: usize,
}

/// What the pointer did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pointed {
    pub clicked: Option<Meant>,
    /// Where it is while it is pressed, in the units of the axes.
    pub at: Option<[f64; 2]>,
}

/// How a plot is shown.
pub struct PlotLook {
    pub width: f32,
    pub height: f32,
    /// Something in it can be dragged.
    pub draggable: bool,
    /// A point that was moved after looking.
    pub moved: Option<[f64; 2]>,
}

/// Draws a plot with its title, legend and notes.
pub fn plot_ui<'a>(
    ui: &mut Ui,
    (plot, points): (&'a Plot, &'a Drawn),
    look: &PlotLook,
    hover: impl FnOnce(Meant) -> Option<String>,
) -> Pointed {
    let palette = Palette::of(ui.visuals());
    ui.vertical(|ui| {
        ui.set_width(look.width);
        words_ui(ui, &plot.title, Emphasis::Plain);
        let pointed = area_ui(ui, (plot, points), look, hover);
        ui.spacing_mut().interact_size.y = 0.0;
        legend_ui(ui, plot, palette);
        for note in &plot.notes {
            words_ui(ui, note, Emphasis::Small);
        }
        pointed
    })
    .inner
}

fn area_ui<'a>(
    ui: &mut Ui,
    (plot, points): (&'a Plot, &'a Drawn),
    look: &PlotLook,
    hover: impl FnOnce(Meant) -> Option<String>,
) -> Pointed {
    let palette = Palette::of(ui.visuals());
    let [x, y] = [&plot.x, &plot.y].map(|axis| widened(axis.range));
    let sense = match look.draggable {
        true => Sense::click_and_drag(),
        false => Sense::click(),
    };
    let moved = look.moved;
    let shown = egui_plot::Plot::new(&plot.title)
        .width(look.width)
        .height(look.height)
        .sense(sense)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_crosshair(false)
        .set_margin_fraction(Vec2::ZERO)
        .auto_bounds(Vec2b::FALSE)
        .x_axis_label(plot.x.label.as_str())
        .y_axis_label(plot.y.label.as_str())
        .x_grid_spacer(|_| marks(&plot.x))
        .y_grid_spacer(|_| marks(&plot.y))
        .x_axis_formatter(|mark, _| mark_text(&plot.x, mark))
        .y_axis_formatter(|mark, _| mark_text(&plot.y, mark))
        .grid_color(palette.line)
        .show(ui, |area| {
            area.set_plot_bounds(PlotBounds::from_min_max([x[0], y[0]], [x[1], y[1]]));
            for (series, points) in plot.series.iter().zip(points) {
                let colour = colour(series.tone, palette);
                series_ui(area, plot, series, points, colour);
            }
            if let Some(at) = moved {
                let point = Points::new("", vec![at]).radius(7.0);
                let point = point.shape(MarkerShape::Diamond).filled(true);
                area.points(point.color(palette.caution).allow_hover(false));
            }
        });
    let response = shown.response;
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &plot.title));
    let pointer = response.interact_pointer_pos();
    let at = pointer.map(|at| {
        let at = shown.transform.value_from_position(at);
        [at.x, at.y]
    });
    let find = |at: egui::Pos2| meant(plot, &shown.transform, at);
    let clicked = pointer.filter(|_| response.clicked()).and_then(find);
    let hovered = response.hover_pos().and_then(find);
    if let Some(words) = hovered.and_then(hover) {
        response.on_hover_text_at_pointer(words);
    }
    Pointed { clicked, at }
}

fn series_ui<'a>(
    area: &mut PlotUi<'a>,
    plot: &Plot,
    series: &Series,
    points: &'a [PlotPoint],
    colour: Color32,
) {
    let borrowed = || PlotPoints::Borrowed(points);
    match series.form {
        Form::Line => {
            let line = Line::new("", borrowed()).color(colour).width(2.0);
            // Bands would fill the steps of a curve.
            area.line(line.allow_hover(false).allow_band(false));
        }
        Form::Guide => {
            let line = Line::new("", borrowed()).color(colour).width(1.3);
            let dashed = line.style(LineStyle::Dashed { length: 6.0 });
            area.line(dashed.allow_hover(false));
        }
        Form::Dots => {
            let dots = Points::new("", borrowed()).color(colour).radius(2.5);
            area.points(dots.allow_hover(false));
        }
        Form::Upright | Form::Level => {
            let is_upright = series.form == Form::Upright;
            for point in &series.points {
                let Some([low, high]) = point.interval else {
                    continue;
                };
                let across = match is_upright {
                    true => plot.x.range,
                    false => plot.y.range,
                };
                let cap = (across[1] - across[0]).abs() * CAP;
                let pairs = |from: [f64; 2], to: [f64; 2]| match is_upright {
                    true => vec![[point.x + from[0], from[1]], [point.x + to[0], to[1]]],
                    false => vec![[from[1], point.y + from[0]], [to[1], point.y + to[0]]],
                };
                for (from, to) in [
                    ([0.0, low], [0.0, high]),
                    ([-cap, low], [cap, low]),
                    ([-cap, high], [cap, high]),
                ] {
                    let line = Line::new("", pairs(from, to)).color(colour).width(1.3);
                    area.line(line.allow_hover(false).allow_band(false));
                }
            }
            for point in &series.points {
                let Some(name) = &point.name else {
                    continue;
                };
                let at = PlotPoint::new(point.x, point.y);
                let text = egui_plot::Text::new("", at, format!("{name}  "));
                area.text(text.anchor(Align2::RIGHT_CENTER).allow_hover(false));
            }
            let dots = Points::new("", borrowed()).color(colour).radius(4.5);
            area.points(dots.allow_hover(false));
        }
        Form::Columns { .. } => {
            let width = column_width(plot, series);
            let bars = points.iter().map(|p| {
                Bar::new(p.x, p.y)
                    .width(width)
                    .fill(colour)
                    .stroke(Stroke::NONE)
            });
            let bars = BarChart::new("", bars.collect()).color(colour);
            area.bar_chart(bars.allow_hover(false));
        }
        Form::Ring => {
            let ring = Points::new("", borrowed()).radius(7.0).filled(false);
            area.points(ring.color(colour).allow_hover(false));
        }
    }
}

fn column_width(plot: &Plot, series: &Series) -> f64 {
    match series.form {
        Form::Columns { width } => (plot.x.range[1] - plot.x.range[0]) * f64::from(width) / 1000.0,
        _ => 0.0,
    }
}

/// The dot or column under the pointer.
fn meant(plot: &Plot, transform: &PlotTransform, at: egui::Pos2) -> Option<Meant> {
    let place = |x: f64, y: f64| transform.position_from_point(&PlotPoint::new(x, y));
    let mut nearest: Option<(f32, Meant)> = None;
    for (number, series) in plot.series.iter().enumerate() {
        let half = column_width(plot, series) / 2.0;
        for (index, point) in series.points.iter().enumerate() {
            let distance = match series.form {
                Form::Dots | Form::Upright | Form::Level => place(point.x, point.y).distance(at),
                Form::Columns { .. } => {
                    let [left, right] = [point.x - half, point.x + half].map(|x| place(x, 0.0).x);
                    let is_in = (left..=right).contains(&at.x) && point.y > 0.0;
                    // Low columns are met a little above them, too.
                    let top = place(point.x, point.y).y - REACH;
                    match is_in && at.y >= top && at.y <= place(point.x, 0.0).y {
                        true => 0.0,
                        false => f32::INFINITY,
                    }
                }
                Form::Line | Form::Guide | Form::Ring => f32::INFINITY,
            };
            if distance <= REACH && nearest.is_none_or(|(known, _)| distance < known) {
                let found = Meant {
                    series: number,
                    point: index,
                };
                nearest = Some((distance, found));
            }
        }
    }
    nearest.map(|(_, found)| found)
}

fn widened([from, to]: [f64; 2]) -> [f64; 2] {
    let (low, high) = (from.min(to), from.max(to));
    let margin = match high - low {
        width if width > 0.0 => width * MARGIN,
        _ => 1.0,
    };
    [low - margin, high + margin]
}

fn marks(axis: &Axis) -> Vec<GridMark> {
    let marks = axis.marks();
    let width = (axis.range[1] - axis.range[0]).abs();
    let mark = |(value, _)| GridMark {
        value,
        // All of them are as thick as the thickest.
        step_size: width,
    };
    marks.into_iter().map(mark).collect()
}

fn mark_text(axis: &Axis, mark: GridMark) -> String {
    let marks = axis.marks().into_iter();
    let near = (axis.range[1] - axis.range[0]).abs() * 1e-6;
    let mut same = marks.filter(|(value, _)| (value - mark.value).abs() <= near);
    same.next().map(|(_, text)| text).unwrap_or_default()
}

fn colour(tone: Tone, palette: &Palette) -> Color32 {
    match tone {
        Tone::Number(number) => palette.series[number % palette.series.len()],
        Tone::Quiet => palette.weak,
        Tone::Published => palette.published,
    }
}

/// The names of the series, each behind its mark.
fn legend_ui(ui: &mut Ui, plot: &Plot, palette: &Palette) {
    for series in plot.series.iter().filter(|series| !series.name.is_empty()) {
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 0.0;
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 12.0), Sense::hover());
            let colour = colour(series.tone, palette);
            let stroke = Stroke::new(2.0, colour);
            let painter = ui.painter();
            let middle = rect.center();
            match series.form {
                Form::Line => {
                    painter.hline(rect.x_range(), middle.y, stroke);
                }
                Form::Guide => {
                    let ends = [rect.left_center(), rect.right_center()];
                    painter.extend(egui::Shape::dashed_line(&ends, stroke, 4.0, 3.0));
                }
                Form::Ring => {
                    painter.circle_stroke(middle, 5.0, Stroke::new(1.5, colour));
                }
                Form::Columns { .. } => {
                    let side = egui::Rect::from_center_size(middle, vec2(9.0, 9.0));
                    painter.rect_filled(side, 0.0, colour);
                }
                Form::Dots | Form::Upright | Form::Level => {
                    painter.circle_filled(pos2(middle.x, middle.y), 4.0, colour);
                }
            }
            words_ui(ui, &series.name, Emphasis::Small);
        });
    }
}
