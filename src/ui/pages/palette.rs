//! The command palette: a few letters find any command.

use egui::{
    Align2, Area, Button, Frame, Id, Key, Modifiers, Order, ScrollArea, TextEdit, Ui, vec2,
};

use super::{Page, PagePlacement};
use crate::app::State;
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// The typed text, and the selected command.
#[derive(Default)]
pub struct PalettePage {
    words: String,
    at: usize,
    /// The selection changed: its row is scrolled into view once.
    moved: bool,
    fresh: bool,
}

impl Page for PalettePage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Anywhere
    }

    fn opened(&mut self) {
        *self = Self {
            fresh: true,
            ..Self::default()
        };
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let ctx = ui.ctx();
        let (state, t) = (view.state, view.t);
        let found = found(&self.words, state, t);
        let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let before = self.at;
        if pressed(Key::ArrowDown) {
            self.at += 1;
        }
        if pressed(Key::ArrowUp) {
            self.at = self.at.saturating_sub(1);
        }
        self.moved = self.at != before;
        self.at = self.at.min(found.len().saturating_sub(1));
        let escaped = pressed(Key::Escape);
        let entered = pressed(Key::Enter);
        let mut chosen = found.get(self.at).copied().filter(|_| entered);
        let height = (ctx.content_rect().height() - 180.0).clamp(60.0, 380.0);
        let area = Area::new(Id::unique("palette"))
            .order(Order::Foreground)
            .anchor(Align2::CENTER_TOP, vec2(0.0, 70.0))
            .show(ctx, |ui| {
                Frame::popup(ui.style()).inner_margin(10).show(ui, |ui| {
                    ui.set_width(460.0);
                    self.field_ui(ui, t);
                    if found.is_empty() {
                        words_ui(ui, t.no_command(), Emphasis::Weak);
                    }
                    ScrollArea::vertical()
                        .max_height(height)
                        .min_scrolled_height(height)
                        .show(ui, |ui| {
                            for (i, command) in found.iter().enumerate() {
                                if self.row_ui(ui, *command, i, state, t) {
                                    chosen = Some(*command);
                                }
                            }
                        });
                });
            });
        let beside = !self.fresh && area.response.clicked_elsewhere();
        self.fresh = false;
        if let Some(command) = chosen {
            view.command(command);
        }
        if chosen.is_some() || escaped || beside {
            view.close_page();
        }
    }
}

impl PalettePage {
    fn field_ui(&mut self, ui: &mut Ui, t: Texts) {
        let field = TextEdit::singleline(&mut self.words)
            .hint_text(t.palette())
            .margin(theme::FIELD_MARGIN)
            .desired_width(f32::INFINITY);
        let response = ui.add(field);
        response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, t.palette()));
        if response.changed() {
            self.at = 0;
        }
        response.request_focus();
    }

    fn row_ui(&self, ui: &mut Ui, command: Command, i: usize, state: &State, t: Texts) -> bool {
        let mut button = Button::selectable(i == self.at, command.text(t))
            .min_size(vec2(ui.available_width(), theme::CONTROL_HEIGHT));
        if let Some(key) = command.key_words(ui.ctx()) {
            button = button.shortcut_text(key);
        }
        let response = ui.add_enabled(command.is_enabled(state), button);
        if i == self.at && self.moved {
            response.scroll_to_me(None);
        }
        response.clicked()
    }
}

/// Enabled commands that contain every typed word, in either language; those that begin with them come first.
fn found(words: &str, state: &State, t: Texts) -> Vec<Command> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let texts = |command: Command| {
        use crate::text::Lang;
        [t.0, Lang::En, Lang::Ja]
            .map(|lang| command.text(Texts(lang)).to_lowercase())
            .join(" ")
    };
    let mut found: Vec<Command> = Command::ALL
        .into_iter()
        .filter(|c| *c != Command::Palette && c.is_enabled(state))
        .filter(|c| words.iter().all(|w| texts(*c).contains(w)))
        .collect();
    if let Some(first) = words.first() {
        use crate::text::Lang;
        let begins = |c: &Command, lang| c.text(Texts(lang)).to_lowercase().starts_with(first);
        found.sort_by_key(|c| !(begins(c, Lang::En) || begins(c, Lang::Ja)));
    }
    found
}
