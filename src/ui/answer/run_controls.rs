//! Models, device, and one button: Run, or Cancel while something is running.

use egui::{Button, ComboBox, ProgressBar, RichText, Ui};
use strum::IntoEnumIterator;

use crate::app::State;
use crate::app::apply::predict::Predict;
use crate::app::apply::{Action, Models as Choose, SettingChange};
use crate::app::run::Steps;
use crate::app::state::{Loadable, Models};
use crate::runtime::Device;
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::rows::{titled_ui, wide_button_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Models, device, and the button.
pub fn run_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    titled_ui(ui, t.model(), |ui, title| {
        let name = chosen_models(state, t);
        let combo = ComboBox::from_id_salt("model")
            .width(ui.available_width())
            .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
            .truncate();
        let combo = combo
            .selected_text(&name)
            .show_ui(ui, |ui| models_ui(ui, view));
        combo.response.labelled_by(title.id).on_hover_text(&name);
    });
    titled_ui(ui, t.device(), |ui, title| {
        let chosen: Device = state.settings.device.parse().unwrap_or_default();
        let combo = ComboBox::from_id_salt("device")
            .width(ui.available_width())
            .height(340.0)
            .truncate();
        let combo = combo
            .selected_text(t.device_name(chosen.as_str()))
            .show_ui(ui, |ui| {
                for device in devices_on_offer(state, chosen) {
                    let name = t.device_name(device.as_str());
                    if ui.selectable_label(device == chosen, name).clicked() {
                        view.action(Action::Settings(SettingChange::Device(
                            device.as_str().to_owned(),
                        )));
                    }
                }
                ui.separator();
                if ui.button(t.other_devices_more()).clicked() {
                    view.command(Command::Devices);
                    ui.close();
                }
            });
        combo.response.labelled_by(title.id);
    });
    ui.add_space(2.0);
    let command = if state.running.is_some() {
        Command::Cancel
    } else {
        Command::Run
    };
    let palette = Palette::of(ui.visuals());
    let text = match command {
        Command::Run if state.chosen_models().len() > 1 => t.run_two(),
        _ => command.text(t),
    };
    let mut button = Button::new(RichText::new(text).size(15.0));
    let enabled = command.is_enabled(state);
    ui.scope(|ui| {
        if command == Command::Run && enabled {
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
        let tip = command.tip_with_key(t, ui.ctx());
        let response =
            wide_button_ui(ui, enabled, button, theme::PRIMARY_HEIGHT).on_hover_text(tip);
        if response.clicked() {
            view.command(command);
        }
    });
    progress_ui(ui, state, view.runner.work::<Predict>().steps, t);
}

/// A thin progress bar whose space is always reserved.
fn progress_ui(ui: &mut Ui, state: &State, steps: Option<Steps>, t: Texts) {
    const HEIGHT: f32 = 4.0;
    if state.running.is_none() {
        ui.add_space(HEIGHT + ui.spacing().item_spacing.y);
        return;
    }
    let bar = ProgressBar::new(crate::ui::rows::share_of(ui, steps))
        .desired_height(HEIGHT)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar).accessible_name(t.result_running());
}

/// Each model alone by its name, or combined with another by its checkbox.
fn models_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let chosen: Vec<&str> = state
        .chosen_models()
        .iter()
        .map(|m| m.id.as_str())
        .collect();
    for model in state.installed() {
        ui.horizontal(|ui| {
            let on = chosen.contains(&model.id.as_str());
            let mut desired = on;
            let name = format!("{}: {}", t.also_run(), t.model_name(&model.card));
            let boxed = ui
                .checkbox(&mut desired, "")
                .on_hover_text(t.also_run_tip());
            boxed.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, &name));
            if boxed.changed() {
                view.action(Action::Models(Choose::Toggle(model.id.clone())));
            }
            let alone = on && chosen.len() == 1;
            if ui
                .selectable_label(alone, t.model_name(&model.card))
                .clicked()
            {
                view.action(Action::Models(Choose::Choose(model.id.clone())));
                ui.close();
            }
        });
    }
    ui.separator();
    for command in [Command::Models, Command::Import] {
        if ui.button(command.text(t)).clicked() {
            view.command(command);
            ui.close();
        }
    }
}

fn chosen_models(state: &State, t: Texts) -> String {
    match (&state.models, &state.chosen_models()[..]) {
        (Models::Pending, _) => t.models_loading().to_owned(),
        // Bundled models are missing only after a defect in reading them.
        (_, []) => t.no_model().to_owned(),
        (_, [one]) => t.model_name(&one.card),
        // Two names must fit on one line.
        (_, [a, b, ..]) => {
            let [a, b] = [a, b].map(|m| t.model_name_short(&m.card));
            format!("{a} + {b}")
        }
    }
}

/// The devices that are known to work on this machine, and the chosen one. Before they were tried, those that every
/// machine has.
fn devices_on_offer(state: &State, chosen: Device) -> Vec<Device> {
    let works = |device: &Device| match &state.library.devices {
        Loadable::Ready(report) => {
            let engines = report.engines.iter();
            let mut providers = engines.flat_map(|engine| &engine.providers);
            providers.any(|p| p.name == *device && p.works)
        }
        Loadable::NotRequested | Loadable::Pending | Loadable::Failed(_) => {
            matches!(device, Device::Embedded | Device::Cpu)
        }
    };
    Device::iter()
        .filter(|device| *device == Device::Auto || *device == chosen || works(device))
        .collect()
}
