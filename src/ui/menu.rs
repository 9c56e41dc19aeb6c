//! The menu bar at the top: menus on the left, theme and language on the right.

use egui::{Button, MenuBar, Popup, ScrollArea, Ui};
use strum::IntoEnumIterator;

use super::command::{Command, Menu};
use super::icons::{self, icon_button_ui};
use super::rows::toggle_ui;
use super::theme;
use super::view::FrameContext;
use crate::app::apply::{Action, Photographs, SettingChange};
use crate::app::settings::Appearance;
use crate::text::Lang;

/// Height of a menu line.
const LINE_HEIGHT: f32 = 25.0;
/// Margins around a menu's lines, plus the distance from the bottom of the window.
const EDGES: f32 = 24.0;

pub fn menu_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    MenuBar::new().ui(ui, |ui| {
        for menu in Menu::iter() {
            let room = ui.ctx().content_rect().bottom() - ui.max_rect().bottom() - EDGES;
            ui.menu_button(menu.title(t), |ui| {
                // The longest menu fits below the bar in a window of the usual height; in a lower one it scrolls.
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.spacing_mut().interact_size.y = LINE_HEIGHT;
                ui.spacing_mut().button_padding.y = 2.0;
                let lines = ScrollArea::vertical().max_height(room);
                lines.min_scrolled_height(room).show(ui, |ui| {
                    ui.set_min_width(270.0);
                    for (i, group) in menu.groups().into_iter().enumerate() {
                        if i > 0 {
                            ui.separator();
                        }
                        for command in group {
                            item_ui(ui, command, view);
                        }
                        if menu == Menu::File && i == 0 {
                            recent_ui(ui, view);
                        }
                    }
                });
            });
        }
        at_the_right_ui(ui, |ui| {
            // A menu bar has no borders; these are no menus.
            ui.set_style(ui.ctx().global_style());
            theme_ui(ui, view);
            let tip = Command::SwitchLanguage.tip_with_key(t, ui.ctx());
            for (lang, name) in [(Lang::En, "English"), (Lang::Ja, "日本語")] {
                let switch = toggle_ui(ui, state.settings.language == lang, name);
                if switch.on_hover_text(&tip).clicked() {
                    view.action(Action::Settings(SettingChange::Language(lang)));
                }
            }
        });
    });
}

/// Widgets at the right end of a line, from left to right, so that Tab follows the eye. Their width is that of the last
/// pass; the first one is repeated.
fn at_the_right_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let id = ui.unique_id().with("width at the right");
    let known = ui.data(|data| data.get_temp::<f32>(id));
    ui.add_space((ui.available_width() - known.unwrap_or_default()).max(0.0));
    let width = ui.horizontal(content).response.rect.width();
    if known.is_none_or(|known| (known - width).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_discard("the width was not known");
    }
}

/// A button that opens the choice of themes.
fn theme_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let name = t.settings_theme();
    let button = icon_button_ui(ui, icons::THEME, name, name, true, None);
    Popup::menu(&button).show(|ui| {
        for appearance in Appearance::ALL {
            let on = state.settings.appearance == appearance;
            let button = Button::new(theme::name(appearance, t)).selected(on);
            if ui.add(button).clicked() {
                view.action(Action::Settings(SettingChange::Appearance(appearance)));
                ui.close();
            }
        }
    });
}

/// One menu line.
pub fn item_ui(ui: &mut Ui, command: Command, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let mut button = Button::new(command.text(t)).selected(command.is_on(state) == Some(true));
    if let Some(key) = command.key_words(ui.ctx()) {
        button = button.shortcut_text(key);
    }
    if ui.add_enabled(command.is_enabled(state), button).clicked() {
        view.command(command);
        ui.close();
    }
}

/// The recent files, if the user wants them remembered.
fn recent_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.menu_button(t.recent_files(), |ui| {
        ui.set_min_width(220.0);
        if !state.settings.remember_files {
            ui.weak(t.recent_off());
            return;
        }
        // Masked names apply to recent files too.
        let shown = if state.settings.names_masked {
            &[]
        } else {
            state.recent.as_slice()
        };
        for path in shown {
            if ui.button(crate::storage::file_name(path)).clicked() {
                view.action(Action::Photographs(Photographs::Add(vec![path.clone()])));
                ui.close();
            }
        }
        ui.separator();
        let clear = Button::new(t.clear_recent());
        if ui.add_enabled(!state.recent.is_empty(), clear).clicked() {
            view.action(Action::Photographs(Photographs::ClearRecent));
            ui.close();
        }
    });
}
