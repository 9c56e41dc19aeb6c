//! A field for typing a path, used if the system offers no file dialog.

use std::path::PathBuf;

use egui::{Button, Color32, Key, TextEdit, TextStyle, Ui, vec2};

use super::theme;
use super::view::FrameContext;
use crate::app::apply::{self, Action};
use crate::app::state::Purpose;

/// Half-typed text.
#[derive(Default)]
pub struct PathField {
    text: String,
    /// The number of the last frame that drew it.
    drawn: Option<u64>,
}

/// A field's texts, and when it takes the focus: requesting a file lets the user type its path at once.
#[derive(Clone, Copy)]
pub struct PathFieldLook<'a> {
    pub width: f32,
    pub name: &'a str,
    /// The button's text.
    pub go: &'a str,
    /// A path is being requested.
    pub desired: bool,
    /// It also takes the focus when it comes into view.
    pub on_sight: bool,
}

/// Purposes of the fields next to the list and on the empty page.
pub const OPENING: [Purpose; 2] = [Purpose::Photographs, Purpose::Folder];

/// Takes a pending request for a path with one of these purposes, if there is one; the next field drawn takes the
/// focus.
pub fn take_path_request(purposes: &[Purpose], view: &mut FrameContext<'_>) -> bool {
    let state = view.state;
    let desired = state.path_requested.is_some_and(|p| purposes.contains(&p));
    if desired {
        view.action(Action::View(apply::View::PathFieldReady));
    }
    desired
}

impl PathField {
    /// A field and a button; returns the path once it is complete.
    pub fn path_ui(&mut self, ui: &mut Ui, look: PathFieldLook<'_>) -> Option<PathBuf> {
        let PathFieldLook {
            width, name, go, ..
        } = look;
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
                let field = TextEdit::singleline(&mut self.text)
                    .hint_text(name)
                    .margin(theme::FIELD_MARGIN)
                    .desired_width((width - button - gap).max(width * 0.4));
                let response = ui.add(field);
                response
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
                let frame = ui.ctx().cumulative_frame_nr();
                let comes = self.drawn.replace(frame).is_none_or(|n| n + 1 < frame);
                if look.desired || look.on_sight && comes {
                    response.request_focus();
                    response.scroll_to_me(None);
                }
                entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
                let enabled = !self.text.trim().is_empty();
                entered |= ui
                    .add_enabled(enabled, Button::new(go).truncate())
                    .clicked();
            });
        });
        let path = self.text.trim();
        if !entered || path.is_empty() {
            return None;
        }
        let path = PathBuf::from(path);
        self.text.clear();
        Some(path)
    }
}
