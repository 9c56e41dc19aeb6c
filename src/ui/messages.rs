//! Messages in the corner: what failed, what to do, and the details for a report. They stay until dismissed.

use egui::{Align, Align2, Area, Context, Frame, Id, Layout, Order, Ui, Vec2, vec2};

use super::asked::Asked;
use super::icons;
use super::rows::{Voice, words_ui};
use super::theme;
use crate::app::State;
use crate::app::action::{Action, Messages};
use crate::app::state::{Message, Subject};
use crate::clinic::Severity;
use crate::words::window::Texts;

/// Messages shown at once; older ones wait their turn.
const SHOWN: usize = 3;

/// Draws the latest messages in the lower right corner of the canvas: `margins` are the room to its right and below.
pub fn messages_ui(ctx: &Context, state: &State, t: Texts, margins: Vec2, asked: &mut Asked) {
    let Vec2 {
        x: right,
        y: bottom,
    } = margins;
    if state.messages.is_empty() {
        return;
    }
    Area::new(Id::unique("messages"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, vec2(-right - 12.0, -bottom - 12.0))
        .show(ctx, |ui| {
            ui.set_width(theme::MESSAGE_WIDTH);
            for message in state.messages.iter().rev().take(SHOWN).rev() {
                message_ui(ui, message, t, asked);
                ui.add_space(theme::GAP);
            }
        });
}

fn message_ui(ui: &mut Ui, message: &Message, t: Texts, asked: &mut Asked) {
    let (title, hint) = said(message, t);
    let severity = match message.subject {
        Subject::DialogMissing => Severity::Note,
        Subject::SettingsSave => Severity::Caution,
        _ => Severity::Serious,
    };
    Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
        ui.set_width(theme::MESSAGE_WIDTH - 26.0);
        ui.horizontal_top(|ui| {
            icons::severity_ui(ui, severity, t.severity(severity));
            ui.vertical(|ui| {
                words_ui(ui, &title, Voice::Plain);
                if message.subject != Subject::DialogMissing {
                    words_ui(ui, &sentence(&message.failure.message), Voice::Weak);
                }
                for hint in [hint, &message.failure.hint] {
                    if !hint.is_empty() {
                        words_ui(ui, hint, Voice::Weak);
                    }
                }
            });
        });
        let row = vec2(ui.available_width(), theme::CONTROL_HEIGHT);
        ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
            if ui.button(t.dismiss()).clicked() {
                asked.action(Action::Messages(Messages::Dismiss(message.id)));
            }
            if message.subject != Subject::DialogMissing && ui.button(t.copy_details()).clicked() {
                asked.action(Action::Messages(Messages::CopyDetails(message.id)));
            }
        });
    });
}

/// An error's text, which begins in lower case and has no stop, as a sentence of its own. Names stay as they are.
pub fn sentence(text: &str) -> String {
    let is_word = text
        .split(' ')
        .next()
        .is_some_and(|word| word.chars().all(|c| c.is_ascii_lowercase()));
    let mut letters = text.chars();
    let first: String = match letters.next() {
        Some(first) if is_word => first.to_uppercase().collect(),
        first => first.into_iter().collect(),
    };
    let stop = if text.is_empty() || text.ends_with(['.', '。', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", letters.as_str())
}

fn said(message: &Message, t: Texts) -> (String, &'static str) {
    match &message.subject {
        Subject::Open { name } => (t.open_failed(name), ""),
        Subject::Run => (t.result_failed().to_owned(), ""),
        Subject::Models => (t.no_model().to_owned(), ""),
        Subject::SettingsSave => (t.settings_kept().to_owned(), ""),
        Subject::DialogMissing => (t.dialog_missing().to_owned(), t.dialog_missing_hint()),
        Subject::Internal => (t.internal_error().to_owned(), t.internal_error_hint()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_becomes_a_sentence() {
        assert_eq!(sentence("the file is empty"), "The file is empty.");
        assert_eq!(sentence("It is whole."), "It is whole.");
        assert_eq!(sentence("a.jpg is damaged"), "a.jpg is damaged.");
        assert_eq!(sentence("写真がありません。"), "写真がありません。");
        assert_eq!(sentence(""), "");
    }
}
