//! A path that is typed, where the system offers no file dialog.

use std::path::PathBuf;

use egui::{Button, Color32, Key, TextEdit, TextStyle, Ui, vec2};

use super::theme;

/// Half-typed text.
#[derive(Default)]
pub struct PathField(String);

impl PathField {
    /// A field and a button in `width`; answers when the path is complete.
    pub fn path_ui(&mut self, ui: &mut Ui, width: f32, name: &str, go: &str) -> Option<PathBuf> {
        let mut entered = false;
        ui.allocate_ui(vec2(width, theme::CONTROL_HEIGHT), |ui| {
            ui.horizontal(|ui| {
                let font = TextStyle::Button.resolve(ui.style());
                let words = ui
                    .painter()
                    .layout_no_wrap(go.to_owned(), font, Color32::WHITE);
                let spacing = ui.spacing();
                let button = words.size().x + 2.0 * spacing.button_padding.x;
                let gap = spacing.item_spacing.x;
                let field = TextEdit::singleline(&mut self.0)
                    .hint_text(name)
                    .margin(theme::FIELD_MARGIN)
                    .desired_width((width - button - gap).max(width * 0.4));
                let response = ui.add(field);
                response
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
                entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
                let enabled = !self.0.trim().is_empty();
                entered |= ui
                    .add_enabled(enabled, Button::new(go).truncate())
                    .clicked();
            });
        });
        let path = self.0.trim();
        if !entered || path.is_empty() {
            return None;
        }
        let path = PathBuf::from(path);
        self.0.clear();
        Some(path)
    }
}
