//! Filter and order of the list; hidden while the list is short.

use egui::{Role, TextEdit, Ui, WidgetInfo};
use strum::IntoEnumIterator;

use super::filters;
use crate::app::State;
use crate::app::apply::{Action, List};
use crate::app::state::{Only, Show, SortBy};
use crate::text::window::Texts;
use crate::ui::icons::{self, icon_menu_ui};
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
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let buttons = 2.0 * (theme::CONTROL_HEIGHT + ui.spacing().item_spacing.x);
        let mut words = list.words.clone();
        let field = TextEdit::singleline(&mut words)
            .hint_text(t.filter())
            .margin(theme::FIELD_MARGIN)
            .desired_width(ui.available_width() - buttons);
        let response = ui.add(field);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, t.filter()));
        if words != list.words {
            view.action(Action::List(List::Words(words)));
        }
        let filters = list.show != Show::All || list.only != Only::default();
        let shown = (t.show(), Some(show_words(list.show, t)));
        icon_menu_ui(ui, icons::FILTER, shown, filters, |ui| {
            for show in Show::iter() {
                let on = list.show == show;
                if ui.selectable_label(on, show_words(show, t)).clicked() {
                    view.action(Action::List(List::Show(show)));
                    ui.close();
                }
            }
            ui.separator();
            filters::submenus_ui(ui, view);
            if list.hides() {
                ui.separator();
                if ui.button(t.show_everything()).clicked() {
                    view.action(Action::List(List::ShowAll));
                    ui.close();
                }
            }
        });
        let arrow = if list.descending { "▼" } else { "▲" };
        let order = format!("{arrow} {}", order_words(state, t));
        let sorts = list.sort != SortBy::Added;
        let sorted = (t.sort(), Some(&*order));
        icon_menu_ui(ui, icons::SORT, sorted, sorts, |ui| {
            for sort in SortBy::iter() {
                let on = list.sort == sort;
                if ui.selectable_label(on, sort_words(&sort, t)).clicked() {
                    view.action(Action::List(List::Sort(sort)));
                    ui.close();
                }
            }
        });
    });
    filters::active_ui(ui, view);
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
fn order_words(state: &State, t: Texts) -> String {
    match state.sorting_model() {
        Some(model) if state.chosen_models().len() > 1 => t.model_name_short(&model.card),
        _ => sort_words(&state.list.sort, t).to_owned(),
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
        SortBy::Applicability => t.applicability(),
        SortBy::Label => t.model_label(),
        SortBy::Used => t.filter_used(),
        SortBy::State => t.sort_state(),
    }
}
