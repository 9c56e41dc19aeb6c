//! The bar above the photograph: panels, panes, zoom, display adjustments, and the controls of the map.

use egui::{Align, Button, ComboBox, Layout, Slider, Ui};
use strum::IntoEnumIterator;

use super::map_controls::map_controls_ui;
use crate::app::apply::{self, Action};
use crate::app::state::{Display, Layout as Panes};
use crate::ui::answer::run_controls::model_ui;
use crate::ui::command::Command;
use crate::ui::icons::{self, Icon, icon_menu_ui};
use crate::ui::rows::{Emphasis, slider_ui, titled_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Width of the chosen models above the table.
const TABLE_MODEL_WIDTH: f32 = 240.0;
/// Width that the bar needs without the controls of the map.
const ONE_LINE: f32 = 440.0;
/// Width of the choice of panes.
const LAYOUT_WIDTH: f32 = 112.0;

pub fn tools_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let is_table = view.state.layout == Panes::Table;
    if ui.available_width() < ONE_LINE {
        // At 200 % in a small window the bar takes several lines rather than lose a button.
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            if is_table {
                layout_ui(ui, view);
                table_tools_ui(ui, view);
            } else {
                icon_command_ui(ui, Command::AnswerPanel, icons::PANEL_RIGHT, view);
                photograph_tools_ui(ui, 0.0, view);
            }
        });
        return;
    }
    let size = egui::vec2(ui.available_width(), theme::CONTROL_HEIGHT);
    // The right end first, so that nothing is ever drawn over it.
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if is_table {
            table_tools_ui(ui, view);
        } else {
            icon_command_ui(ui, Command::AnswerPanel, icons::PANEL_RIGHT, view);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if is_table {
                layout_ui(ui, view);
            } else {
                photograph_tools_ui(ui, f32::INFINITY, view);
            }
        });
    });
}

/// `most`: the greatest width of the controls of the map; the others are in their menu.
fn photograph_tools_ui(ui: &mut Ui, most: f32, view: &mut FrameContext<'_>) {
    icon_command_ui(ui, Command::ListPanel, icons::PANEL_LEFT, view);
    layout_ui(ui, view);
    icon_command_ui(ui, Command::Fit, icons::FIT, view);
    tool_ui(ui, Command::ActualSize, view);
    icon_command_ui(ui, Command::RedFree, icons::RED_FREE, view);
    icon_command_ui(ui, Command::FieldOutline, icons::FIELD, view);
    display_ui(ui, view);
    ui.separator();
    icon_command_ui(ui, Command::Overlay, icons::MAP, view);
    map_controls_ui(ui, ui.available_width().min(most), view);
}

/// The table takes the whole width: runs and export start here.
fn table_tools_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    for command in [Command::Export, Command::RunMarked, Command::RunAll] {
        let enabled = command.is_enabled(view.state);
        let response = ui.add_enabled(enabled, Button::new(command.text(t)));
        let tip = command.tip_with_key(t, ui.ctx());
        if response.on_hover_text(tip).clicked() {
            view.command(command);
        }
    }
    let room = (ui.available_width() - LAYOUT_WIDTH - 40.0).clamp(80.0, TABLE_MODEL_WIDTH);
    model_ui(ui, room, view);
}

/// A square button for a command: its icon, its name for screen readers, and its tooltip with the key.
pub fn icon_command_ui(ui: &mut Ui, command: Command, icon: Icon, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let enabled = command.is_enabled(state);
    let on = match command {
        Command::ListPanel => Some(view.panels.list),
        Command::AnswerPanel => Some(view.panels.answer),
        _ => command.is_on(state).map(|on| on && enabled),
    };
    let tip = command.tip_with_key(t, ui.ctx());
    if icons::icon_button_ui(ui, icon, command.text(t), tip, enabled, on).clicked() {
        view.command(command);
    }
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
        .width(LAYOUT_WIDTH)
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

/// A toggle button with the text of a command.
pub fn tool_ui(ui: &mut Ui, command: Command, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let enabled = command.is_enabled(state);
    let on = enabled && command.is_on(state) == Some(true);
    let name = command.text(t);
    let tip = command.tip_with_key(t, ui.ctx());
    let response = ui.add_enabled(enabled, Button::new(name).selected(on));
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
    // The canvas states in words that it is adjusted.
    let name = if plain { t.display() } else { t.display_on() };
    icon_menu_ui(ui, icons::ADJUST, (name, None), !plain, |ui| {
        // Menus draw no borders, without which a box that is not ticked is hardly seen.
        ui.set_style(ui.ctx().global_style());
        ui.set_width(450.0);
        // Menus lay out content in full lines, which breaks up sentences.
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            sliders_ui(ui, state.display, view);
        });
    });
}

fn sliders_ui(ui: &mut Ui, display: Display, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mut desired = display;
    // Of what is in view: the photograph alone, or beneath its map.
    let mut red_free = Command::RedFree.is_on(view.state) == Some(true);
    let response = ui.checkbox(&mut red_free, t.red_free());
    if response.on_hover_text(t.red_free_tip()).changed() {
        view.command(Command::RedFree);
    }
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
            slider_ui(ui, slider).labelled_by(title.id);
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
