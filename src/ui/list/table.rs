//! The list as a table: one row per photograph, columns to sort by, the figures of every chosen model.

use egui::{Align, Button, Label, Layout, Modifiers, RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::tools::sort_words;
use super::{eye_mark, failure_words, state_words};
use crate::app::State;
use crate::app::action::{Action, List, Photographs, View};
use crate::app::state::{Layout as Panes, Photograph, SortBy, worst};
use crate::clinic::{Code, Quality, Severity};
use crate::ui::asked::Asked;
use crate::ui::theme::{self, Palette};
use crate::words;
use crate::words::window::Texts;

pub fn table_ui(ui: &mut Ui, state: &State, t: Texts, asked: &mut Asked) {
    // A narrow window scrolls sideways.
    ScrollArea::horizontal()
        .id_salt("table sideways")
        .auto_shrink([false, false])
        .show(ui, |ui| columns_ui(ui, state, t, asked));
}

fn columns_ui(ui: &mut Ui, state: &State, t: Texts, asked: &mut Asked) {
    let models = state.chosen_models();
    let mut builder = TableBuilder::new(ui)
        .id_salt("table of photographs")
        .striped(true)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(
            Column::initial(170.0)
                .at_least(90.0)
                .clip(true)
                .resizable(true),
        )
        .column(Column::exact(50.0))
        .column(
            Column::initial(96.0)
                .at_least(60.0)
                .clip(true)
                .resizable(true),
        );
    for _ in &models {
        builder = builder.column(
            Column::initial(118.0)
                .at_least(80.0)
                .clip(true)
                .resizable(true),
        );
    }
    builder
        .column(Column::remainder().at_least(180.0).clip(true))
        .header(theme::CONTROL_HEIGHT, |mut header| {
            for sort in [SortBy::Name, SortBy::Eye, SortBy::Quality] {
                header.col(|ui| sort_ui(ui, sort_words(sort, t), sort, state, asked));
            }
            for model in &models {
                let name = t.model_name_short(&model.card);
                header.col(|ui| sort_ui(ui, name, SortBy::Score, state, asked));
            }
            header.col(|ui| sort_ui(ui, t.findings_column(), SortBy::State, state, asked));
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
                    asked.action(Action::Photographs(Photographs::Select(photo.id)));
                    asked.action(Action::View(View::Layout(Panes::Single)));
                } else if response.clicked() {
                    asked.action(if modifiers.shift {
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
            let text = match case.map(|c| (c.score, c.value)) {
                Some((None, None)) => "–".to_owned(),
                Some((Some(score), _)) => {
                    let label = case.and_then(|c| t.estimate(c)).unwrap_or_default();
                    format!("{}  {label}", t.score_figure(score))
                }
                Some((None, Some(years))) => {
                    format!("{} {}", t.signed(format!("{years:.1}")), t.years())
                }
                None => String::new(),
            };
            plain(ui, &text);
        });
    }
    row.col(|ui| notes_ui(ui, state, photo, t));
}

/// What stands out about a row: why it failed, or its cautions in words.
fn notes_ui(ui: &mut Ui, state: &State, photo: &Photograph, t: Texts) {
    let palette = Palette::of(ui.visuals());
    let line = |ui: &mut Ui, text: &str, ink| {
        let label = Label::new(RichText::new(text).color(ink)).truncate();
        ui.add(label.selectable(false).sense(Sense::hover()));
    };
    if let Some(why) = failure_words(state, photo, t) {
        line(ui, &why, palette.serious);
        return;
    }
    if !state.is_done(photo) {
        line(ui, &state_words(state, photo, t).0, palette.weak);
        return;
    }
    let mut codes: Vec<(Severity, Code)> = photo
        .findings_of_answers()
        .filter(|f| f.severity > Severity::Note && f.code != Code::DemonstrationModel)
        .map(|f| (f.severity, f.code))
        .collect();
    codes.sort_by_key(|(severity, code)| (std::cmp::Reverse(*severity), *code));
    codes.dedup();
    let said: Vec<_> = codes
        .iter()
        .map(|(_, code)| words::finding(*code, t.0).message)
        .collect();
    let ink = worst(photo).map_or(palette.weak, |s| palette.severity(s));
    line(ui, &said.join(" "), ink);
}

fn sort_ui(ui: &mut Ui, text: &str, sort: SortBy, state: &State, asked: &mut Asked) {
    let sorted = state.list.sort == sort;
    let arrow = match (sorted, state.list.descending) {
        (false, _) => "",
        (true, false) => "▲ ",
        (true, true) => "▼ ",
    };
    let button = Button::new(format!("{arrow}{text}"))
        .frame(false)
        .truncate();
    if ui.add(button).on_hover_text(text).clicked() {
        asked.action(Action::List(List::Sort(sort)));
    }
}
