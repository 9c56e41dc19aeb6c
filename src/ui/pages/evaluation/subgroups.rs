//! Subgroups: a table with a forest plot in its last column. A click on a row lists its photographs.

use egui::{Align, Button, Label, Layout, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::{list, no_value};
use crate::app::apply::{Action, Evaluation as Act};
use crate::app::state::{EvaluatedPart, OpenedStudy};
use crate::domain::Role as ColumnRole;
use crate::domain::foreign::shown;
use crate::evaluation::performance::{AnyFigure, Estimate, Subgroup};
use crate::export::plot::Axis;
use crate::text::figure_values::{figure_value, interval};
use crate::text::performance::any_figure;
use crate::text::window::{Texts, grouped};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::study::BUILT_IN_COLUMNS;

/// Widths of the columns of name, n, value and interval.
const COLUMNS: [f32; 4] = [220.0, 60.0, 66.0, 128.0];
const ROW: f32 = 24.0;

/// Which columns make subgroups.
pub fn columns_ui(ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
    let t = view.t;
    let evaluation = &view.state.study.evaluation;
    let labels = open.study.labels.as_ref();
    let kept = labels
        .into_iter()
        .flat_map(|of| of.columns_of(ColumnRole::Covariate));
    ui.horizontal_wrapped(|ui| {
        words_ui(ui, t.subgroups_by(), Emphasis::Weak);
        for column in BUILT_IN_COLUMNS.into_iter().chain(kept) {
            let mut on = evaluation.by.iter().any(|by| by == column);
            let name = shown(&t.subgroup_column_name(column));
            if ui.checkbox(&mut on, name).changed() {
                view.action(Action::Evaluation(Act::By(column.to_owned(), on)));
            }
        }
        let differs = evaluation.by != evaluation.computed_by && evaluation.ready().is_some();
        if differs && ui.button(t.evaluation_again()).clicked() {
            view.action(Action::Evaluation(Act::Start));
        }
    });
}

pub fn subgroups_ui(ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
    let t = view.t;
    columns_ui(ui, open, view);
    let Some(unit) = view.state.study.evaluation.unit() else {
        return;
    };
    let Some(first) = unit.subgroups.first() else {
        words_ui(ui, t.subgroups_none(), Emphasis::Plain);
        return;
    };
    let figure = first.figure;
    let whole = unit.figures.iter().find(|(of, _)| *of == figure);
    let whole = whole.map(|(_, estimate)| *estimate);
    let estimates = unit.subgroups.iter().map(|group| &group.estimate);
    let axis = axis(estimates.chain(&whole));
    ui.add_space(theme::GAP);
    ui.spacing_mut().item_spacing.y = 1.0;
    head_ui(ui, figure, t);
    if let Some(estimate) = whole {
        let n = unit.cases.as_ref().map_or(0, |cases| cases.len());
        let row = Row {
            name: t.whole().to_owned(),
            cases: n,
            estimate,
            is_small: false,
        };
        row_ui(ui, &row, (figure, &axis, None), t);
    }
    let reference = whole.and_then(|of| of.value.ok());
    let mut by = None;
    for (number, group) in unit.subgroups.iter().enumerate() {
        if by != Some(&group.by) {
            by = Some(&group.by);
            ui.add_space(theme::GAP);
            let name = shown(&t.subgroup_column_name(&group.by));
            words_ui(ui, &name, Emphasis::Weak);
        }
        let row = Row::of(group, t);
        if row_ui(ui, &row, (figure, &axis, reference), t) {
            list(EvaluatedPart::Subgroup(number), view);
        }
    }
    axis_ui(ui, &axis);
    ui.add_space(theme::GAP);
    if unit.subgroups.iter().any(|group| group.is_small) {
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, t.few_cases_note(), Emphasis::Coloured(ink));
    }
    words_ui(ui, t.subgroups_not_tested(), Emphasis::Small);
    for (by, count) in unit.without_value.iter().filter(|(_, count)| *count > 0) {
        words_ui(ui, &shown(&t.without_value(by, *count)), Emphasis::Small);
    }
}

struct Row {
    name: String,
    cases: usize,
    estimate: Estimate,
    is_small: bool,
}

impl Row {
    fn of(group: &Subgroup, t: Texts) -> Self {
        Self {
            name: shown(&t.subgroup_value(&group.by, &group.value)),
            cases: group.estimate.cases,
            estimate: group.estimate,
            is_small: group.is_small,
        }
    }
}

fn axis<'a>(estimates: impl Iterator<Item = &'a Estimate>) -> Axis {
    let ends = estimates.filter_map(|estimate| {
        let value = estimate.value.ok()?;
        Some(estimate.interval.unwrap_or([value; 2]))
    });
    Axis::around("", ends.flatten())
}

fn head_ui(ui: &mut Ui, figure: AnyFigure, t: Texts) {
    let heads = [
        t.subgroup_column(),
        t.cases_column(),
        any_figure(figure, t.0),
        t.interval_column(),
    ];
    ui.horizontal(|ui| {
        for (column, head) in heads.into_iter().enumerate() {
            cell_ui(ui, column, RichText::new(head).weak());
        }
    });
    ui.separator();
}

fn cell_ui(ui: &mut Ui, column: usize, text: RichText) {
    let layout = match column {
        0 => Layout::left_to_right(Align::Center),
        _ => Layout::right_to_left(Align::Center),
    };
    let size = vec2(COLUMNS[column], ROW);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        ui.add(Label::new(text).truncate());
    });
}

/// A subgroup; true if it was clicked.
fn row_ui(
    ui: &mut Ui,
    row: &Row,
    (figure, axis, reference): (AnyFigure, &Axis, Option<f64>),
    t: Texts,
) -> bool {
    let palette = Palette::of(ui.visuals());
    let mut clicked = false;
    ui.horizontal(|ui| {
        match reference {
            Some(_) => {
                let name = ui.allocate_ui(vec2(COLUMNS[0], ROW), |ui| {
                    ui.set_min_size(vec2(COLUMNS[0], ROW));
                    let button = Button::new(&row.name).frame_when_inactive(false).truncate();
                    ui.add(button)
                });
                let words = format!("{} ({})", row.name, t.show_photographs());
                name.inner
                    .widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
                clicked = name.inner.on_hover_text(t.show_photographs()).clicked();
            }
            None => cell_ui(ui, 0, RichText::new(&row.name)),
        }
        let n = RichText::new(grouped(row.cases));
        let n = if row.is_small {
            n.color(palette.caution)
        } else {
            n
        };
        cell_ui(ui, 1, n);
        match row.estimate.value {
            Err(why) => {
                ui.add(Label::new(RichText::new(no_value(why, t)).weak()).truncate());
                return;
            }
            Ok(number) => cell_ui(ui, 2, RichText::new(figure_value(figure, number))),
        }
        let ends = row.estimate.interval.ok();
        let words = ends.map_or("–".to_owned(), |ends| interval(figure, ends, t.0));
        cell_ui(ui, 3, RichText::new(words));
        forest_ui(ui, row, axis, reference);
        if row.is_small {
            words_ui(ui, t.few_cases(), Emphasis::Small);
        }
    });
    clicked
}

/// Width of the forest plot.
fn forest_width(ui: &Ui) -> f32 {
    (ui.available_width() * 0.6).clamp(120.0, 420.0)
}

/// The interval of a subgroup on the common axis, and the figure of all cases as a line.
fn forest_ui(ui: &mut Ui, row: &Row, axis: &Axis, reference: Option<f64>) {
    let palette = Palette::of(ui.visuals());
    let size = vec2(forest_width(ui), ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let x = |value: f64| rect.left() + rect.width() * axis.place(value) as f32;
    let middle = rect.center().y;
    let painter = ui.painter();
    if let Some(reference) = reference {
        let stroke = Stroke::new(1.0, palette.border);
        painter.vline(x(reference), rect.y_range(), stroke);
    }
    let ink = if row.is_small {
        palette.caution
    } else {
        palette.series[0]
    };
    let stroke = Stroke::new(1.5, ink);
    if let Ok([low, high]) = row.estimate.interval {
        painter.hline(x(low)..=x(high), middle, stroke);
        for end in [low, high] {
            painter.vline(x(end), middle - 4.0..=middle + 4.0, stroke);
        }
    }
    if let Ok(value) = row.estimate.value {
        let square = egui::Rect::from_center_size(egui::pos2(x(value), middle), vec2(8.0, 8.0));
        painter.rect_filled(square, 0.0, ink);
    }
}

/// The axis below the forest plot.
fn axis_ui(ui: &mut Ui, axis: &Axis) {
    let palette = Palette::of(ui.visuals());
    ui.horizontal(|ui| {
        for (column, _) in COLUMNS.iter().enumerate() {
            cell_ui(ui, column, RichText::new(""));
        }
        let size = vec2(forest_width(ui), ROW);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let painter = ui.painter();
        let stroke = Stroke::new(1.0, palette.border);
        painter.hline(rect.x_range(), rect.top(), stroke);
        let font = egui::TextStyle::Small.resolve(ui.style());
        for (value, text) in axis.marks() {
            let x = rect.left() + rect.width() * axis.place(value) as f32;
            painter.vline(x, rect.top()..=rect.top() + 4.0, stroke);
            let at = egui::pos2(x, rect.top() + 5.0);
            painter.text(
                at,
                egui::Align2::CENTER_TOP,
                text,
                font.clone(),
                palette.weak,
            );
        }
    });
}
