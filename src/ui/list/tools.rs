//! Filter and order of the list; hidden while the list is short.

use egui::{ComboBox, Role, TextEdit, Ui, WidgetInfo};
use strum::IntoEnumIterator;

use crate::app::State;
use crate::app::apply::{Action, List};
use crate::app::state::{Show, SortBy};
use crate::text::window::Texts;
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Shorter lists need no filter.
const SHORT: usize = 4;

pub fn tools_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    if state.photographs.len() < SHORT && !state.list.hides() {
        return;
    }
    let list = &state.list;
    let mut words = list.words.clone();
    let field = TextEdit::singleline(&mut words)
        .hint_text(t.filter())
        .margin(theme::FIELD_MARGIN)
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, t.filter()));
    if words != list.words {
        view.action(Action::List(List::Words(words)));
    }
    ui.horizontal(|ui| {
        // The order gets more space for its longer words and its arrow.
        let room = ui.available_width() - ui.spacing().item_spacing.x;
        let show = ComboBox::from_id_salt("show")
            .width(room * 0.42)
            .truncate()
            .selected_text(show_words(list.show, t))
            .show_ui(ui, |ui| {
                for show in Show::iter() {
                    if ui
                        .selectable_label(list.show == show, show_words(show, t))
                        .clicked()
                    {
                        view.action(Action::List(List::Show(show)));
                    }
                }
            });
        named(show.response, t.show());
        let arrow = if list.descending { "▼" } else { "▲" };
        let sort = ComboBox::from_id_salt("sort")
            .width(ui.available_width())
            .truncate()
            .selected_text(format!("{arrow} {}", order_words(state, t)))
            .show_ui(ui, |ui| {
                for sort in SortBy::iter() {
                    if ui
                        .selectable_label(list.sort == sort, sort_words(&sort, t))
                        .clicked()
                    {
                        view.action(Action::List(List::Sort(sort)));
                    }
                }
            });
        named(sort.response, t.sort());
    });
    ui.add_space(2.0);
}

fn named(response: egui::Response, name: &'static str) {
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    response.on_hover_text(name);
}

fn show_words(show: Show, t: Texts) -> &'static str {
    match show {
        Show::All => t.show_all(),
        Show::NotRun => t.show_not_run(),
        Show::Done => t.show_done(),
        Show::Failed => t.show_failed(),
        Show::Cautions => t.show_cautions(),
    }
}

/// The sort key in words; with several models' scores, the model's name as in the table's columns.
fn order_words(state: &State, t: Texts) -> &str {
    match state.sorting_model() {
        Some(model) if state.chosen_models().len() > 1 => t.model_name_short(&model.card),
        _ => sort_words(&state.list.sort, t),
    }
}

pub fn sort_words(sort: &SortBy, t: Texts) -> &'static str {
    match sort {
        SortBy::Added => t.sort_added(),
        SortBy::Name => t.sort_name(),
        SortBy::Eye => t.sort_eye(),
        SortBy::Quality => t.sort_quality(),
        SortBy::Score | SortBy::ScoreOf(_) => t.sort_score(),
        SortBy::Cautions => t.findings_column(),
        SortBy::State => t.sort_state(),
    }
}
