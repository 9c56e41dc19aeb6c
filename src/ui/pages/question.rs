//! The frame of a question before something is lost.

use egui::{Button, Id, LayerId, Modal, Order, Ui, vec2};

use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::{focus, theme};

/// A question and its choices.
pub struct Question<'a> {
    pub title: &'a str,
    pub words: &'a [String],
    /// The last one loses nothing: it has the focus at first, and Escape and a click outside choose it.
    pub choices: &'a [&'a str],
}

impl Question<'_> {
    /// Shows the question over the window; returns the number of the choice made in this frame.
    pub fn ask(&self, ui: &Ui) -> Option<usize> {
        let ctx = ui.ctx();
        let id = Id::unique("question");
        let layer = LayerId::new(Order::Foreground, id);
        let is_new = !ctx.memory(|m| m.areas().visible_last_frame(&layer));
        let safe = self.choices.len().checked_sub(1)?;
        let modal = Modal::new(id)
            .frame(egui::Frame::window(&ctx.global_style()))
            .show(ctx, |ui| {
                ui.set_width(460.0_f32.min(ctx.content_rect().width() - 80.0));
                ui.heading(self.title);
                ui.add_space(theme::GAP);
                for words in self.words {
                    words_ui(ui, words, Emphasis::Plain);
                }
                ui.add_space(theme::GROUP_GAP);
                let mut chosen = None;
                ui.horizontal_wrapped(|ui| {
                    for (i, choice) in self.choices.iter().enumerate() {
                        let button =
                            Button::new(*choice).min_size(vec2(90.0, theme::CONTROL_HEIGHT));
                        let button = ui.add(button);
                        if i == safe && is_new {
                            button.request_focus();
                            focus::show(ctx);
                        }
                        if button.clicked() {
                            chosen = Some(i);
                        }
                    }
                });
                chosen
            });
        let outside = modal.should_close().then_some(safe);
        modal.inner.or(outside)
    }
}
