//! The score: a large figure, the recorded-sex estimate in words, and a bar between the two labels with the threshold.
//!
//! Without an answer the same space stays empty, so that nothing moves when one arrives.

use egui::{
    Align2, Color32, FontId, Painter, Rect, Role, Sense, Shape, Stroke, StrokeKind, TextStyle, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::domain::{ResultRow, Task};
use crate::text::sanity_checks::signed;
use crate::text::score_scale::{ClassBar, ScoreBar};
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::workflow::cover::Covered;

/// Height of the bar of a class.
const CLASS_BAR_HEIGHT: f32 = 6.0;

/// The answer in figures and words.
pub fn score_ui(ui: &mut Ui, case: &ResultRow, t: Texts) {
    let classes = t.class_bars(case);
    if !classes.is_empty() {
        return classes_ui(ui, &classes, t);
    }
    let Some(scale) = t.score_scale(case) else {
        return;
    };
    let palette = Palette::of(ui.visuals());
    let ink = match scale.is_doubtful {
        true => palette.weak,
        false => palette.text,
    };
    let name = format!("{} {}", scale.title, scale.figure);
    figure_ui(ui, scale.title, (&scale.figure, ink), scale.unit, &name);
    if let Some(bar) = &scale.bar {
        bar_ui(ui, bar);
    }
    let Some([title, label]) = &scale.estimate else {
        return;
    };
    ui.scope(|ui| {
        // As high as the sentence shown here before the first run.
        ui.spacing_mut().interact_size.y = 0.0;
        ui.horizontal(|ui| {
            words_ui(ui, title, Emphasis::Weak);
            words_ui(ui, label, Emphasis::Plain);
        });
    });
}

/// The score of each class as a bar, in the order of the network's outputs; the greatest is set off.
fn classes_ui(ui: &mut Ui, classes: &[ClassBar], t: Texts) {
    words_ui(ui, t.model_score(), Emphasis::Weak);
    let palette = Palette::of(ui.visuals());
    let body = TextStyle::Body.resolve(ui.style());
    for class in classes {
        let height = body.size + CLASS_BAR_HEIGHT + 8.0;
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let name = format!("{} {}", class.label, class.figure);
        response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &name));
        let ink = match class.is_greatest {
            true => palette.text,
            false => palette.weak,
        };
        let painter = ui.painter();
        let figure = painter.text(
            rect.right_top(),
            Align2::RIGHT_TOP,
            &class.figure,
            body.clone(),
            ink,
        );
        let room = Rect::from_min_max(rect.min, pos2(figure.left() - 8.0, rect.bottom()));
        painter.with_clip_rect(room.intersect(ui.clip_rect())).text(
            rect.left_top(),
            Align2::LEFT_TOP,
            &class.label,
            body.clone(),
            ink,
        );
        let track = Rect::from_min_size(
            pos2(rect.left(), rect.bottom() - CLASS_BAR_HEIGHT - 4.0),
            vec2(rect.width(), CLASS_BAR_HEIGHT),
        );
        let radius = CLASS_BAR_HEIGHT / 2.0;
        painter.rect_filled(track, radius, palette.bar);
        let share = class.score.clamp(0.0, 1.0) as f32;
        let filled = Rect::from_min_size(track.min, vec2(track.width() * share, CLASS_BAR_HEIGHT));
        let fill = match class.is_greatest {
            true => palette.bar_fill,
            false => palette.bar_fill.gamma_multiply(0.55),
        };
        painter.rect_filled(filled, radius.min(filled.width() / 2.0), fill);
    }
}

/// The figure in one line: the score with its estimate, or the value with its unit.
pub fn figure_words(case: &ResultRow, t: Texts) -> Option<String> {
    if let Some(greatest) = t
        .class_bars(case)
        .into_iter()
        .find(|class| class.is_greatest)
    {
        return Some(format!("{}  {}", greatest.figure, greatest.label));
    }
    match (case.score, case.value) {
        (Some(score), _) => {
            let label = t.estimate(case).unwrap_or_default();
            let words = format!("{}  {label}", t.score_figure(score));
            Some(words.trim_end().to_owned())
        }
        (None, Some(value)) => Some(t.value_words(case.card.task, value)),
        (None, None) => None,
    }
}

/// The figure of a covered photograph and the change by covering.
pub fn covered_figures(covered: &Covered, t: Texts) -> Option<[String; 2]> {
    let (before, after) = (&covered.before, &covered.after);
    if let (Some(before), Some(after)) = (before.score, after.score) {
        return Some([t.score_figure(after), signed(after - before, 3)]);
    }
    let (before, after) = (before.value?, after.value?);
    let task = covered.card.task;
    let decimals = if task == Task::Age { 1 } else { 3 };
    Some([t.value_words(task, after), signed(after - before, decimals)])
}

/// The figure of the covered photograph, as large as that of the whole one; `None` while nothing is covered.
pub fn covered_ui(ui: &mut Ui, task: Option<Task>, covered: Option<&Covered>, t: Texts) {
    let title = match task {
        Some(Task::Age) => t.covered_value(),
        Some(Task::Sex | Task::Other) | None => t.covered_score(),
    };
    let [figure, change] = covered
        .and_then(|covered| covered_figures(covered, t))
        .unwrap_or_else(|| [super::NOTHING.to_owned(), String::new()]);
    let name = format!("{title} {figure} {change}");
    let ink = Palette::of(ui.visuals()).text;
    figure_ui(ui, title, (&figure, ink), &change, name.trim_end());
}

/// The same space without an answer, with the reason.
pub fn no_score_ui(ui: &mut Ui, task: Option<Task>, why: &str, is_problem: bool, t: Texts) {
    let title = if task == Some(Task::Age) {
        t.age_estimate()
    } else {
        t.model_score()
    };
    let palette = Palette::of(ui.visuals());
    figure_ui(ui, title, ("–", palette.text), "", title);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), bar_height(ui)), Sense::hover());
    let bar = Rect::from_min_size(
        rect.left_top() + vec2(0.0, line_above(ui)),
        vec2(rect.width(), theme::SCORE_BAR_HEIGHT),
    );
    paint_ground(ui.painter(), bar, palette);
    let ink = if is_problem {
        palette.serious
    } else {
        palette.weak
    };
    words_ui(ui, why, Emphasis::Coloured(ink));
}

/// A title with a large right-aligned figure; `name` is for screen readers.
fn figure_ui(ui: &mut Ui, title: &str, (figure, ink): (&str, Color32), unit: &str, name: &str) {
    let palette = Palette::of(ui.visuals());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    let painter = ui.painter();
    let body = TextStyle::Body.resolve(ui.style());
    let base = rect.bottom() - 4.0;
    painter.text(
        pos2(rect.left(), base - 3.0),
        Align2::LEFT_BOTTOM,
        title,
        body.clone(),
        palette.weak,
    );
    let unit = painter.text(
        pos2(rect.right(), base - 3.0),
        Align2::RIGHT_BOTTOM,
        unit,
        body,
        palette.weak,
    );
    let gap = if unit.width() > 0.0 { 6.0 } else { 0.0 };
    painter.text(
        pos2(unit.left() - gap, base + 3.0),
        Align2::RIGHT_BOTTOM,
        figure,
        theme::figure_font(),
        ink,
    );
}

/// The empty bar, with an outline that stands out from the panel.
fn paint_ground(painter: &Painter, bar: Rect, palette: &Palette) {
    let outline = Stroke::new(1.0, palette.border);
    let radius = theme::SCORE_BAR_HEIGHT / 2.0;
    painter.rect(bar, radius, palette.bar, outline, StrokeKind::Inside);
}

fn small(ui: &Ui) -> FontId {
    TextStyle::Small.resolve(ui.style())
}

/// The bar with a line of small text above and below; above there is also space for the threshold mark.
fn bar_height(ui: &Ui) -> f32 {
    line_above(ui) + theme::SCORE_BAR_HEIGHT + line_below(ui)
}

fn line_above(ui: &Ui) -> f32 {
    small(ui).size + 11.0
}

fn line_below(ui: &Ui) -> f32 {
    small(ui).size + 6.0
}

fn bar_ui(ui: &mut Ui, scale: &ScoreBar) {
    let palette = Palette::of(ui.visuals());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), bar_height(ui)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &scale.name));
    let font = small(ui);
    let painter = ui.painter();
    let bar = Rect::from_min_size(
        rect.left_top() + vec2(0.0, line_above(ui)),
        vec2(rect.width(), theme::SCORE_BAR_HEIGHT),
    );
    let radius = theme::SCORE_BAR_HEIGHT / 2.0;
    paint_ground(painter, bar, palette);
    // The marker stays inside the bar at 0 and at 1.
    let track = bar.x_range().shrink(radius);
    let place = |value: f64| egui::lerp(track.min..=track.max, value.clamp(0.0, 1.0) as f32);
    let (at_score, at_threshold) = (place(scale.score), place(scale.threshold));
    let between = Rect::from_x_y_ranges(
        at_score.min(at_threshold)..=at_score.max(at_threshold),
        bar.y_range(),
    );
    painter.rect_filled(between, 0, palette.bar_fill.gamma_multiply(0.55));
    painter.vline(
        at_threshold,
        bar.y_range().expand(4.0),
        Stroke::new(2.0, palette.text),
    );
    painter.circle(
        pos2(at_score, bar.center().y),
        radius + 1.5,
        palette.bar_fill,
        Stroke::new(2.0, palette.text),
    );
    threshold_ui(ui, rect, at_threshold, &scale.threshold_text, &font);
    let below = bar.bottom() + line_below(ui) / 2.0 + 2.0;
    let ink = palette.weak;
    painter.text(
        pos2(rect.left(), below),
        Align2::LEFT_CENTER,
        &scale.ends[0],
        font.clone(),
        ink,
    );
    painter.text(
        pos2(rect.right(), below),
        Align2::RIGHT_CENTER,
        &scale.ends[1],
        font,
        ink,
    );
}

/// The threshold's value above its mark, clamped to the panel.
fn threshold_ui(ui: &Ui, rect: Rect, at: f32, text: &str, font: &FontId) {
    let ink: Color32 = Palette::of(ui.visuals()).weak;
    let text = text.to_owned();
    let galley = ui.painter().layout_no_wrap(text, font.clone(), ink);
    let half = galley.size().x / 2.0;
    let x = at.clamp(
        rect.left() + half,
        (rect.right() - half).max(rect.left() + half),
    );
    ui.painter()
        .add(Shape::galley(pos2(x - half, rect.top()), galley, ink));
}
