//! The bar above the photograph: zoom, panes, overlay, and display adjustments.

use egui::{Align, Button, ComboBox, Layout, Slider, Ui};
use strum::IntoEnumIterator;

use crate::app::apply::{self, Action};
use crate::app::state::{Display, Layout as Panes};
use crate::ui::command::Command;
use crate::ui::rows::{Emphasis, titled_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Minimum width of the bar for the zoom and overlay buttons to share a line with the rest.
const ROOM_FOR_ZOOM: f32 = 340.0;
const ROOM_FOR_OVERLAY: f32 = 490.0;

pub fn tools_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let room = ui.available_width();
    ui.horizontal_wrapped(|ui| {
        layout_ui(ui, view);
        if state.layout == Panes::Table {
            return;
        }
        // With little space, more of them are left to menus, keys and the panel on the right.
        if room >= ROOM_FOR_ZOOM {
            tool_ui(ui, Command::Fit, view);
            tool_ui(ui, Command::ActualSize, view);
        }
        if room >= ROOM_FOR_OVERLAY {
            short_tool_ui(ui, Command::Overlay, t.overlay_short(), view);
        }
        if !theme::is_narrow(ui.ctx()) {
            let field = t.field_outline_short();
            short_tool_ui(ui, Command::FieldOutline, field, view);
            tool_ui(ui, Command::RedFree, view);
        }
        display_ui(ui, view);
    });
}

fn layout_command(layout: Panes) -> Command {
    match layout {
        Panes::Single => Command::Single,
        Panes::SideBySide => Command::SideBySide,
        Panes::Models => Command::TwoModels,
        Panes::Eyes => Command::TwoEyes,
        Panes::Table => Command::Table,
    }
}

fn layout_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let combo = ComboBox::from_id_salt("panes")
        .width(124.0)
        .truncate()
        .selected_text(layout_command(state.layout).text(t))
        .show_ui(ui, |ui| {
            for layout in Panes::iter() {
                let command = layout_command(layout);
                let mut button = Button::selectable(state.layout == layout, command.text(t));
                if let Some(key) = command.key_words(ui.ctx()) {
                    button = button.shortcut_text(key);
                }
                let enabled = command.is_enabled(state);
                let response = ui
                    .add_enabled(enabled, button)
                    .on_hover_text(command.tip(t));
                if response.clicked() {
                    view.command(command);
                }
            }
        });
    let name = t.layout();
    combo
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
    combo.response.on_hover_text(name);
}

/// A toggle button for a command.
pub fn tool_ui(ui: &mut Ui, command: Command, view: &mut FrameContext<'_>) {
    let t = view.t;
    short_tool_ui(ui, command, command.text(t), view);
}

/// The same if its text is too long for the bar; screen readers still get the full text.
fn short_tool_ui(ui: &mut Ui, command: Command, text: &str, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let enabled = command.is_enabled(state);
    let on = enabled && command.is_on(state) == Some(true);
    let button = Button::new(text).selected(on);
    let tip = command.tip_with_key(t, ui.ctx());
    let response = ui.add_enabled(enabled, button);
    let name = command.text(t);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, enabled, on, name));
    if response
        .on_hover_text(&tip)
        .on_disabled_hover_text(&tip)
        .clicked()
    {
        view.command(command);
    }
}

/// Brightness, contrast and gamma, with the note that they apply to the screen only.
fn display_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let plain = state.display.is_plain();
    // The canvas states in words that it is adjusted; the button keeps its width, so that the bar never wraps.
    let name = if plain { t.display() } else { t.display_on() };
    let button = Button::new(format!("{} ▼", t.display())).selected(!plain);
    let config = egui::containers::menu::MenuConfig::new()
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = egui::containers::menu::MenuButton::from_button(button)
        .config(config)
        .ui(ui, |ui| {
            ui.set_width(450.0);
            // Menus lay out content in full lines, which breaks up sentences.
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                sliders_ui(ui, state.display, view);
            });
        });
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, !plain, name));
}

fn sliders_ui(ui: &mut Ui, display: Display, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mut desired = display;
    ui.checkbox(&mut desired.red_free, t.red_free())
        .on_hover_text(t.red_free_tip());
    let figures: [(&str, &mut f32, std::ops::RangeInclusive<f32>, bool); 3] = [
        (t.brightness(), &mut desired.brightness, -0.5..=0.5, false),
        (t.contrast(), &mut desired.contrast, 0.25..=4.0, true),
        (t.gamma(), &mut desired.gamma, 0.25..=4.0, true),
    ];
    for (name, value, range, logarithmic) in figures {
        titled_ui(ui, name, |ui, title| {
            ui.spacing_mut().slider_width = (ui.available_width() - 66.0).max(80.0);
            let slider = Slider::new(value, range)
                .logarithmic(logarithmic)
                .fixed_decimals(2);
            ui.add(slider).labelled_by(title.id);
        });
    }
    words_ui(ui, t.display_only(), Emphasis::Small);
    let reset = Button::new(t.plain_display());
    if ui.add_enabled(!display.is_plain(), reset).clicked() {
        desired = Display::default();
    }
    if desired != display {
        view.action(Action::View(apply::View::Display(desired)));
    }
}
