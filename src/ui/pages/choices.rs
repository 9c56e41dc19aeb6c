//! Rows for choosing the values of a model card, each with a mark for the source of its current value.

use egui::{ComboBox, Response, RichText, TextEdit, TextStyle, Ui};

use crate::domain::FieldSource;
use crate::text::window::Texts;
use crate::ui::rows::titled_ui;
use crate::ui::theme::{self, Palette};

/// Width of every field of a form, so that what stands next to them is aligned.
pub const FIELD_WIDTH: f32 = 300.0;

/// How a value became known; unconfirmed values are highlighted.
pub fn mark_ui(ui: &mut Ui, how: Option<FieldSource>, t: Texts) {
    let Some(how) = how else {
        return;
    };
    let palette = Palette::of(ui.visuals());
    let ink = if how.is_unconfirmed() {
        palette.caution
    } else {
        palette.weak
    };
    let text = RichText::new(t.field_source_word(how)).text_style(TextStyle::Small);
    ui.label(text.color(ink));
}

/// One of several values. Returns the value chosen in this frame.
pub fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    (value, how): (Option<T>, Option<FieldSource>),
    choices: &[T],
    word: impl Fn(T) -> &'static str,
    t: Texts,
) -> Option<T> {
    titled_ui(ui, name, |ui, title| {
        let chosen = combo_ui(ui, title, name, value, choices, word, t);
        mark_ui(ui, how, t);
        chosen
    })
}

/// The same without its title, whose response names it.
pub fn combo_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    title: &Response,
    id: &str,
    value: Option<T>,
    choices: &[T],
    word: impl Fn(T) -> &'static str,
    t: Texts,
) -> Option<T> {
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(id)
        .width(FIELD_WIDTH)
        .truncate()
        .selected_text(value.map_or(t.not_said(), &word));
    let combo = combo.show_ui(ui, |ui| {
        for choice in choices {
            let on = value == Some(*choice);
            if ui.selectable_label(on, word(*choice)).clicked() {
                chosen = Some(*choice);
            }
        }
    });
    combo.response.labelled_by(title.id);
    chosen
}

/// A text, returned when the field loses the focus; it may be empty.
pub fn text_ui(
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    (hint, how): (&str, Option<FieldSource>),
    t: Texts,
) -> Option<String> {
    titled_ui(ui, name, |ui, _| {
        let field = TextEdit::singleline(text)
            .hint_text(hint)
            .margin(theme::FIELD_MARGIN)
            .desired_width(FIELD_WIDTH);
        let response = ui.add(field);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
        mark_ui(ui, how, t);
        response.lost_focus().then(|| text.trim().to_owned())
    })
}

/// Human-readable size.
pub fn size_words(bytes: u64) -> String {
    let mib = bytes as f64 / (1024.0 * 1024.0);
    if mib < 10.0 {
        format!("{mib:.1} MiB")
    } else {
        format!("{mib:.0} MiB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_mebibytes() {
        assert_eq!(size_words(13_000_000), "12 MiB");
        assert_eq!(size_words(1_500_000), "1.4 MiB");
    }
}
