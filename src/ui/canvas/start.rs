//! The first page: three steps above the sample eye, and the ways to open files if nothing is open.

use std::path::PathBuf;

use egui::{Align, Button, Frame, Layout, Margin, Panel, RichText, Ui, vec2};

use crate::app::apply::{Action, Photographs, SettingChange};
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::icons;
use crate::ui::path_field::{OPENING, PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Width of the column with the step numbers.
const NUMBER_WIDTH: f32 = 20.0;

/// Three steps side by side, each with its button, until they are dismissed.
pub fn steps_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let palette = Palette::of(ui.visuals());
    let frame = Frame::new()
        .fill(palette.window)
        .inner_margin(Margin::symmetric(theme::PANEL_MARGIN, 10));
    let small = theme::is_narrow(ui.ctx()) || theme::is_low(ui.ctx());
    Panel::top("three steps").frame(frame).show(ui, |ui| {
        if small {
            ui.horizontal_wrapped(|ui| {
                short_steps_ui(ui, view);
                put_away_ui(ui, view);
            });
            return;
        }
        ui.horizontal(|ui| {
            ui.heading(t.welcome());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                put_away_ui(ui, view);
            });
        });
        let answered = state.answer().is_some();
        let steps = [
            (
                t.step_open(),
                t.step_open_more(),
                Command::Open,
                state.selected().is_some(),
            ),
            (t.step_run(), t.step_run_more(), Command::Run, answered),
            (
                t.step_export(),
                t.step_export_more(),
                Command::Export,
                false,
            ),
        ];
        let commands = steps.map(|(_, _, command, _)| command);
        ui.columns(3, |columns| {
            for (i, (column, (title, more, _, done))) in columns.iter_mut().zip(steps).enumerate() {
                step_ui(column, (i + 1, done), (title, more), t);
            }
        });
        // In a row of their own, so that they are aligned under texts of different lengths.
        ui.columns(3, |columns| {
            for (column, command) in columns.iter_mut().zip(commands) {
                column.horizontal(|ui| {
                    ui.add_space(NUMBER_WIDTH + ui.spacing().item_spacing.x);
                    let button = Button::new(command.text(t));
                    if ui.add_enabled(command.is_enabled(state), button).clicked() {
                        view.command(command);
                    }
                });
            }
        });
    });
}

/// Only the three buttons, each with its number.
fn short_steps_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    for (i, command) in [Command::Open, Command::Run, Command::Export]
        .into_iter()
        .enumerate()
    {
        ui.weak((i + 1).to_string());
        let button = Button::new(command.text(t));
        if ui.add_enabled(command.is_enabled(state), button).clicked() {
            view.command(command);
        }
    }
}

fn put_away_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let button = ui.button(t.put_away()).on_hover_text(t.welcome_close());
    if button.clicked() {
        view.action(Action::Settings(SettingChange::Welcomed(true)));
    }
}

fn step_ui(ui: &mut Ui, (number, done): (usize, bool), (title, more): (&str, &str), t: Texts) {
    let palette = Palette::of(ui.visuals());
    ui.horizontal_top(|ui| {
        let column = vec2(NUMBER_WIDTH, 0.0);
        ui.allocate_ui_with_layout(column, Layout::top_down(Align::Min), |ui| {
            ui.set_min_width(NUMBER_WIDTH);
            if done {
                icons::done_ui(ui, t.show_done());
            } else {
                let number = RichText::new(number.to_string()).font(theme::figure_font());
                ui.label(number.color(palette.bar_fill));
            }
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            words_ui(ui, title, Emphasis::Plain);
            words_ui(ui, more, Emphasis::Small);
        });
    });
}

/// If nothing is open: what can be dropped, the ways to open files, and the recent files.
pub fn empty_ui(ui: &mut Ui, typed: &mut PathField, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.28).max(20.0));
        ui.label(
            RichText::new(t.start_here())
                .size(19.0)
                .color(theme::ON_CANVAS),
        );
        ui.add_space(theme::GROUP_GAP);
        let size = vec2(240.0, theme::PRIMARY_HEIGHT);
        for command in [Command::Open, Command::OpenFolder, Command::OpenSample] {
            let button = Button::new(command.text(t)).min_size(size);
            if ui.add_enabled(command.is_enabled(state), button).clicked() {
                view.command(command);
            }
        }
        if state.no_dialog {
            ui.add_space(theme::GAP);
            let look = PathFieldLook {
                width: 420.0,
                name: t.path_field(),
                go: t.path_open(),
                desired: take_path_request(&OPENING, view),
                on_sight: false,
            };
            if let Some(path) = typed.path_ui(ui, look) {
                add(path, view);
            }
        }
        if !state.recent.is_empty() && !state.settings.names_masked {
            ui.add_space(theme::GROUP_GAP);
            ui.label(RichText::new(t.recent_files()).color(theme::ON_CANVAS_WEAK));
            for path in &state.recent {
                let name = crate::storage::file_name(path);
                if ui.button(name).clicked() {
                    add(path.clone(), view);
                }
            }
        }
    });
}

fn add(path: PathBuf, view: &mut FrameContext<'_>) {
    view.action(Action::Photographs(Photographs::Add(vec![path])));
}
