//! Rows of the answer panel: a title in a column of its own, and its content.

use std::sync::Arc;

use egui::{
    AtomExt as _, Atoms, Button, Color32, IntoAtoms, Label, Response, RichText, Slider, TextStyle,
    Ui, UiBuilder, UiStack, UiStackInfo, Vec2, vec2,
};

use super::theme::{self, Palette};
use crate::app::run::Steps;
use crate::text::window::Texts;

/// Title and content side by side; the content gets the remaining width. The title's response labels the widget.
pub fn titled_ui<R>(ui: &mut Ui, title: &str, content: impl FnOnce(&mut Ui, &Response) -> R) -> R {
    ui.horizontal(|ui| {
        let width = title_width(ui);
        let size = vec2(width, theme::CONTROL_HEIGHT);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let label = ui
            .allocate_ui_with_layout(size, layout, |ui| {
                ui.set_min_width(width);
                ui.add(Label::new(RichText::new(title).weak()).truncate())
            })
            .inner;
        content(ui, &label)
    })
    .inner
}

/// Rows whose title column is as wide as the longest of these titles, so that none is cut.
pub fn wide_titles_ui<R>(ui: &mut Ui, titles: &[&str], rows: impl FnOnce(&mut Ui) -> R) -> R {
    let font = TextStyle::Body.resolve(ui.style());
    let width = |title: &&str| {
        let text = (*title).to_owned();
        let galley = ui
            .painter()
            .layout_no_wrap(text, font.clone(), Color32::WHITE);
        galley.size().x
    };
    let longest = titles.iter().map(width).fold(theme::WIDE_TITLE, f32::max);
    // Keeps rounding from cutting the last letter.
    let tagged = UiStackInfo::default().with_tag_value(WIDE_TITLES, longest.ceil() + 1.0);
    ui.scope_builder(UiBuilder::new().ui_stack_info(tagged), rows)
        .inner
}

/// Tag of a part of a page with its own title width.
const WIDE_TITLES: &str = "wide titles";

/// Width of the title column: narrow in the panel, wide in a sheet.
fn title_width(ui: &Ui) -> f32 {
    let own = |part: &UiStack| part.tags().get_downcast::<f32>(WIDE_TITLES).copied();
    if let Some(width) = ui.stack().iter().find_map(own) {
        return width;
    }
    let room = ui.available_width();
    if room > 430.0 {
        theme::WIDE_TITLE
    } else {
        theme::TITLE_WIDTH.min(room * 0.27)
    }
}

/// A value or a few words under a title; long ones wrap.
pub fn value_ui(ui: &mut Ui, title: &str, value: &str) {
    pair_ui(ui, title, value, Emphasis::Plain);
}

/// A supplement to the value above, in small text.
pub fn aside_ui(ui: &mut Ui, text: &str) {
    pair_ui(ui, "", text, Emphasis::Small);
}

fn pair_ui(ui: &mut Ui, title: &str, value: &str, emphasis: Emphasis) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().interact_size.y = 0.0;
        ui.spacing_mut().item_spacing.y = 0.0;
        let width = title_width(ui);
        ui.allocate_ui_with_layout(
            vec2(width, 0.0),
            egui::Layout::top_down(egui::Align::Min),
            |ui| {
                ui.set_min_width(width);
                if !title.is_empty() {
                    words_ui(ui, title, Emphasis::Weak);
                }
            },
        );
        ui.vertical(|ui| words_ui(ui, value, emphasis));
    });
}

/// A button of full width with centred text.
pub fn wide_button_ui(ui: &mut Ui, enabled: bool, button: Button<'_>, height: f32) -> Response {
    let width = ui.available_width();
    ui.add_enabled_ui(enabled, |ui| ui.add_sized(vec2(width, height), button))
        .inner
}

/// The button that leads on: one in a window, a page or a step.
pub fn primary_button_ui(ui: &mut Ui, enabled: bool, text: &str, size: Vec2) -> Response {
    restyled_ui(ui, |ui| {
        let mut button = Button::new(RichText::new(text).size(15.0));
        if enabled {
            let palette = Palette::of(ui.visuals());
            let widgets = &mut ui.visuals_mut().widgets;
            for (visuals, fill) in [
                (&mut widgets.inactive, palette.accent),
                (&mut widgets.hovered, palette.accent_hovered),
                (&mut widgets.active, palette.accent_hovered),
            ] {
                visuals.weak_bg_fill = fill;
                visuals.bg_stroke.color = fill;
                visuals.fg_stroke.color = palette.on_accent;
            }
            button = button.fill(palette.accent);
        }
        let response = ui.add_enabled_ui(enabled, |ui| ui.add_sized(size, button));
        response.inner
    })
}

/// A model's name, which may be cut, and the mark of an unconfirmed model, which never is.
pub fn name_atoms(ui: &Ui, name: &str, is_confirmed: bool, t: Texts) -> Atoms<'static> {
    let name = RichText::new(name).atom_shrink(true);
    if is_confirmed {
        return name.into_atoms();
    }
    let caution = Palette::of(ui.visuals()).caution;
    let mark = RichText::new(t.unconfirmed()).text_style(TextStyle::Small);
    (name, mark.color(caution)).into_atoms()
}

/// A switch that looks like a button, on or off.
pub fn toggle_ui<'a>(ui: &mut Ui, on: bool, content: impl IntoAtoms<'a>) -> Response {
    toggle_button_ui(ui, on, Button::new(content))
}

/// The same of a button with a size or alignment of its own.
pub fn toggle_button_ui(ui: &mut Ui, on: bool, button: Button<'_>) -> Response {
    restyled_ui(ui, |ui| {
        theme::emphasise_on(ui, on);
        ui.add(button.selected(on))
    })
}

/// A slider whose rail stands out from the panel.
pub fn slider_ui(ui: &mut Ui, slider: Slider<'_>) -> Response {
    restyled_ui(ui, |ui| {
        theme::emphasise_rail(ui);
        ui.add(slider)
    })
}

/// Draws with a style of its own, in the same line: a scope could not be wrapped into the next one.
pub fn restyled_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let style = Arc::clone(ui.style());
    let result = content(ui);
    ui.set_style(style);
    result
}

/// Progress of a job, 0 to 1. A job of a single step has no known end: its bar oscillates. Requests the next frame,
/// because progress does not wake the window.
pub fn share_of(ui: &Ui, steps: Option<Steps>) -> f32 {
    ui.ctx()
        .request_repaint_after(std::time::Duration::from_millis(60));
    match steps {
        Some((done, total)) if total > 1 => (done as f32 / total as f32).clamp(0.0, 1.0),
        _ => {
            let time = ui.input(|i| i.time);
            (0.5 + 0.4 * (time * 2.0).sin()) as f32
        }
    }
}

/// Style of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    Plain,
    Weak,
    /// Weak and small.
    Small,
    Coloured(Color32),
}

/// A wrapping sentence with line spacing.
pub fn words_ui(ui: &mut Ui, text: &str, emphasis: Emphasis) -> Response {
    let palette = Palette::of(ui.visuals());
    let (style, colour) = match emphasis {
        Emphasis::Plain => (TextStyle::Body, palette.text),
        Emphasis::Weak => (TextStyle::Body, palette.weak),
        Emphasis::Small => (TextStyle::Small, palette.weak),
        Emphasis::Coloured(colour) => (TextStyle::Body, colour),
    };
    let height = style.resolve(ui.style()).size * theme::LINE_HEIGHT;
    ui.add(
        Label::new(
            RichText::new(text)
                .text_style(style)
                .color(colour)
                .line_height(Some(height)),
        )
        .wrap(),
    )
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;

    use super::*;

    #[test]
    fn no_title_of_a_form_is_wider_than_its_column() {
        let titles = [
            "A title that is much longer than its column is wide by itself",
            "Head",
        ];
        let page = move |ui: &mut Ui| {
            wide_titles_ui(ui, &titles, |ui| {
                for title in titles {
                    let font = TextStyle::Body.resolve(ui.style());
                    let painter = ui.painter();
                    let text = painter.layout_no_wrap(title.into(), font, Color32::WHITE);
                    assert!(text.size().x <= title_width(ui), "{title}");
                }
            });
            assert!(title_width(ui) <= theme::WIDE_TITLE);
        };
        Harness::new_ui(page).run();
    }
}
