//! The bar at the top: menus on the left, theme and language on the right.

use egui::{Align, Button, Layout, MenuBar, Ui};

use super::asked::Asked;
use super::command::Command;
use super::icons;
use crate::app::State;
use crate::app::action::{Action, Change};
use crate::words::Lang;
use crate::words::window::Texts;

pub fn menu_ui(ui: &mut Ui, state: &State, t: Texts, asked: &mut Asked) {
    MenuBar::new().ui(ui, |ui| {
        let menus: [(&str, &[Command]); 4] = [
            (
                t.menu_file(),
                &[
                    Command::Open,
                    Command::OpenSample,
                    Command::Remove,
                    Command::Quit,
                ],
            ),
            (
                t.menu_view(),
                &[
                    Command::Fit,
                    Command::ActualSize,
                    Command::ZoomIn,
                    Command::ZoomOut,
                    Command::Overlay,
                    Command::OverlayWeaker,
                    Command::OverlayStronger,
                    Command::FieldOutline,
                    Command::Next,
                    Command::Previous,
                    Command::SwitchTheme,
                    Command::SwitchLanguage,
                ],
            ),
            (t.menu_run(), &[Command::Run, Command::Cancel]),
            (t.menu_help(), &[Command::Shortcuts, Command::About]),
        ];
        for (title, commands) in menus {
            ui.menu_button(title, |ui| {
                ui.set_min_width(230.0);
                for command in commands {
                    item_ui(ui, *command, state, t, asked);
                }
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let languages = [(Lang::Ja, "日本語"), (Lang::En, "English")];
            for (lang, name) in languages {
                if ui
                    .selectable_label(state.settings.language == lang, name)
                    .clicked()
                {
                    asked.action(Action::Settings(Change::Language(lang)));
                }
            }
            ui.add_space(4.0);
            if icons::theme_button_ui(ui, t.switch_theme()).clicked() {
                asked.command(Command::SwitchTheme);
            }
        });
    });
}

fn item_ui(ui: &mut Ui, command: Command, state: &State, t: Texts, asked: &mut Asked) {
    let mut button = Button::new(command.text(t)).selected(command.is_on(state) == Some(true));
    if let Some(key) = command.key_words(ui.ctx()) {
        button = button.shortcut_text(key);
    }
    if ui.add_enabled(command.is_enabled(state), button).clicked() {
        asked.command(command);
        ui.close();
    }
}
