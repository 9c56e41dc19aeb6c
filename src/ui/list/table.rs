//! The list as a table: one row per photograph, columns to sort by, the figures of every chosen model.

use egui::{
    Align, Button, Label, Layout, Modifiers, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo,
    vec2,
};
use egui_extras::{Column, TableBuilder};

use super::tools::sort_words;
use super::{eye_mark, failure_words, state_words};
use crate::app::State;
use crate::app::apply::{self, Action, List, Photographs};
use crate::app::state::{Layout as Panes, Photograph, SortBy, cautions};
use crate::domain::{Quality, ResultRow};
use crate::text;
use crate::text::window::Texts;
use crate::ui::rows::name_atoms;
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Space between a column's left line and its content.
const CELL_MARGIN: f32 = 4.0;
/// Width of a figure, such as −408.1.
const FIGURE_WIDTH: f32 = 48.0;

pub fn table_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    // A narrow window scrolls sideways.
    ScrollArea::horizontal()
        .id_salt("table sideways")
        .auto_shrink([false, false])
        .show(ui, |ui| columns_ui(ui, view));
}

fn columns_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let models = state.chosen_models();
    let wide = |width: f32, least: f32| {
        let column = Column::initial(width).at_least(least);
        column.clip(true).resizable(true)
    };
    // Names get more space in a wide window, and findings get the rest.
    let names = (ui.available_width() * 0.22).clamp(132.0, 320.0);
    let mut builder = TableBuilder::new(ui)
        .id_salt("table of photographs")
        .striped(true)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(wide(names, 90.0))
        .column(Column::exact(46.0))
        .column(wide(104.0, 60.0));
    for model in &models {
        // Room for the mark beside the name.
        let width = if model.card.is_confirmed() {
            132.0
        } else {
            196.0
        };
        builder = builder.column(wide(width, 90.0));
    }
    // With two models the cautions fit into a window of usual width without scrolling.
    builder
        .column(Column::remainder().at_least(130.0).clip(true))
        .header(theme::CONTROL_HEIGHT, |mut header| {
            let sorted_model = state.sorting_model().map(|m| &m.id);
            let of_models = models.iter().map(|model| Title {
                text: t.bare_name_short(&model.card),
                full: Some(t.model_name_short(&model.card)),
                is_confirmed: model.card.is_confirmed(),
                sort: SortBy::ScoreOf(model.id.clone()),
                sorted: sorted_model == Some(&model.id),
            });
            let of_photographs = |sort: SortBy| Title {
                text: sort_words(&sort, t),
                full: None,
                is_confirmed: true,
                sorted: state.list.sort == sort,
                sort,
            };
            let first = [SortBy::Name, SortBy::Eye, SortBy::Quality].map(of_photographs);
            let last = of_photographs(SortBy::Cautions);
            for title in first.into_iter().chain(of_models).chain([last]) {
                header.col(|ui| title_ui(ui, title, state.list.descending, view));
            }
        })
        .body(|body| {
            body.rows(theme::CONTROL_HEIGHT, state.rows.len(), |mut row| {
                let Some(photo) = state.photograph(state.rows[row.index()]) else {
                    return;
                };
                row.set_selected(
                    state.selected == Some(photo.id) || state.marked.contains(&photo.id),
                );
                cells(&mut row, state, photo, t);
                let response = row.response();
                let modifiers = response.ctx.input(|i| i.modifiers);
                if response.double_clicked() {
                    view.action(Action::Photographs(Photographs::Select(photo.id)));
                    view.action(Action::View(apply::View::Layout(Panes::Single)));
                } else if response.clicked() {
                    view.action(if modifiers.shift {
                        Action::List(List::Extend(photo.id))
                    } else if modifiers.matches_logically(Modifiers::COMMAND) {
                        Action::List(List::Toggle(photo.id))
                    } else {
                        Action::Photographs(Photographs::Select(photo.id))
                    });
                }
            });
        });
}

fn cells(row: &mut egui_extras::TableRow<'_, '_>, state: &State, photo: &Photograph, t: Texts) {
    let plain = |ui: &mut Ui, text: &str| {
        ui.add_space(CELL_MARGIN);
        ui.add(
            Label::new(text)
                .truncate()
                .selectable(false)
                .sense(Sense::hover()),
        );
    };
    row.col(|ui| plain(ui, &state.shown_name(photo)));
    row.col(|ui| plain(ui, eye_mark(photo)));
    row.col(|ui| {
        let quality = photo.known.as_ref().map(|k| match k.quality {
            Quality::NotAFundus => t.not_a_fundus_short(),
            other => t.quality_word(other),
        });
        plain(ui, quality.unwrap_or_default());
    });
    for model in state.chosen_models() {
        row.col(|ui| {
            let case = photo.answers.get(&model.id).map(|a| &a.case);
            if let Some(case) = case {
                figure_ui(ui, case, t);
            }
        });
    }
    row.col(|ui| notes_ui(ui, state, photo, t));
}

/// The figure, aligned by its decimal point with those above and below, and the estimate or the unit.
fn figure_ui(ui: &mut Ui, case: &ResultRow, t: Texts) {
    let (figure, words) = match (case.score, case.value) {
        (Some(score), _) => (t.score_figure(score), t.estimate(case).unwrap_or_default()),
        (None, Some(value)) => {
            let task = case.card.task;
            (t.value_figure(task, value), t.value_unit(task).to_owned())
        }
        (None, None) => ("–".to_owned(), String::new()),
    };
    let label = |text: String| Label::new(text).selectable(false).sense(Sense::hover());
    let font = egui::TextStyle::Body.resolve(ui.style());
    let ink = ui.visuals().text_color();
    let galley = ui.painter().layout_no_wrap(figure.clone(), font, ink);
    // A longer figure is never cut.
    let width = FIGURE_WIDTH.max(galley.size().x.ceil());
    let size = vec2(width, ui.available_height());
    // All figures of a column have as many decimals.
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.add(label(figure).extend());
    });
    ui.add(label(words).truncate());
}

/// Notes on a row: why it failed, or its cautions in words.
fn notes_ui(ui: &mut Ui, state: &State, photo: &Photograph, t: Texts) {
    ui.add_space(CELL_MARGIN);
    let palette = Palette::of(ui.visuals());
    let line = |ui: &mut Ui, text: &str, ink| {
        let label = Label::new(RichText::new(text).color(ink)).truncate();
        ui.add(label.selectable(false).sense(Sense::hover()))
            .on_hover_text(text);
    };
    if let Some(why) = failure_words(state, photo, t) {
        line(ui, &why, palette.serious);
        return;
    }
    let Some(cautions) = cautions(state, photo) else {
        line(ui, &state_words(state, photo, t).0, palette.weak);
        return;
    };
    let wording: Vec<_> = cautions
        .iter()
        .map(|(_, code)| text::finding(*code, t.0).message)
        .collect();
    let gravest = cautions.first().map(|(severity, _)| *severity);
    let ink = gravest.map_or(palette.weak, |s| palette.severity(s));
    line(ui, &wording.join(" "), ink);
}

/// A column's title: its sort key, and whether rows are sorted by it.
struct Title<'a> {
    text: &'a str,
    /// With the mark of an unconfirmed model.
    full: Option<String>,
    is_confirmed: bool,
    sort: SortBy,
    sorted: bool,
}

fn title_ui(ui: &mut Ui, title: Title<'_>, descending: bool, view: &mut FrameContext<'_>) {
    let arrow = match (title.sorted, descending) {
        (false, _) => "",
        (true, false) => "▲ ",
        (true, true) => "▼ ",
    };
    ui.add_space(CELL_MARGIN);
    let text = format!("{arrow}{}", title.text);
    let atoms = name_atoms(ui, &text, title.is_confirmed, view.t);
    let button = ui.add(Button::new(atoms).frame(false).truncate());
    let full = title.full.unwrap_or_else(|| title.text.to_owned());
    let name = format!("{arrow}{full}");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if button.on_hover_text(full).clicked() {
        view.action(Action::List(List::Sort(title.sort)));
    }
}
