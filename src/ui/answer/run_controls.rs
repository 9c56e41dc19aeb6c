//! The models, Run and Cancel, runs over many photographs, and the device.

use egui::{Button, ComboBox, ProgressBar, Ui, Vec2, vec2};
use strum::IntoEnumIterator;

use crate::app::State;
use crate::app::apply::predict::Predict;
use crate::app::apply::{Action, Models as Choose, SettingChange};
use crate::app::run::Steps;
use crate::app::state::{Loadable, Models};
use crate::runtime::Device;
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::icons::{self, icon_menu_ui};
use crate::ui::menu::item_ui;
use crate::ui::rows::{name_atoms, primary_button_ui, titled_ui, wide_button_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Width of Cancel beside Run.
const CANCEL_WIDTH: f32 = 76.0;

/// The chosen models, and the buttons that run them.
pub fn run_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    model_ui(ui, ui.available_width(), view);
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        let more = theme::CONTROL_HEIGHT;
        let gap = ui.spacing().item_spacing.x;
        let run = ui.available_width() - CANCEL_WIDTH - more - 2.0 * gap;
        run_button_ui(ui, vec2(run, theme::PRIMARY_HEIGHT), view);
        // A button of its own: nothing ever changes its meaning under the pointer.
        let enabled = state.running.is_some();
        let cancel = Button::new(t.cancel());
        let size = vec2(CANCEL_WIDTH, theme::PRIMARY_HEIGHT);
        let response = ui.add_enabled_ui(enabled, |ui| ui.add_sized(size, cancel));
        let tip = Command::Cancel.tip_with_key(t, ui.ctx());
        if response.inner.on_hover_text(tip).clicked() {
            view.command(Command::Cancel);
        }
        many_menu_ui(ui, view);
    });
    progress_ui(ui, state, view.runner.work::<Predict>().steps, t);
    if state.photographs.len() > 1 {
        let mut commands = vec![Command::RunAll];
        if state.marked.len() > 1 {
            commands.push(Command::RunMarked);
        }
        ui.columns(commands.len(), |columns| {
            for (column, command) in columns.iter_mut().zip(commands) {
                let enabled = command.is_enabled(state);
                let button = Button::new(command.text(t)).truncate();
                let tip = command.tip_with_key(t, column.ctx());
                let response = wide_button_ui(column, enabled, button, theme::CONTROL_HEIGHT);
                if response.on_hover_text(tip).clicked() {
                    view.command(command);
                }
            }
        });
    }
}

/// The chosen models; the title is read by screen readers only.
pub fn model_ui(ui: &mut Ui, width: f32, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let name = chosen_in_full(state, t);
    let combo = ComboBox::from_id_salt("model")
        .width(width)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .truncate();
    let chosen = state.chosen_models();
    let is_confirmed = chosen.iter().all(|m| m.card.is_confirmed());
    let combo = combo
        .selected_text(name_atoms(ui, &chosen_models(state, t), is_confirmed, t))
        .show_ui(ui, |ui| models_ui(ui, view));
    let title = t.model();
    combo.response.widget_info(|| egui::WidgetInfo {
        current_text_value: Some(name.clone()),
        ..egui::WidgetInfo::labeled(egui::Role::ComboBox, true, title)
    });
    combo.response.on_hover_text(&name);
}

/// The primary button of the window.
fn run_button_ui(ui: &mut Ui, size: Vec2, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let text = match state.chosen_models().len() {
        0 | 1 => Command::Run.text(t),
        _ => t.run_two(),
    };
    let enabled = Command::Run.is_enabled(state) && state.running.is_none();
    let tip = Command::Run.tip_with_key(t, ui.ctx());
    let button = primary_button_ui(ui, enabled, text, size);
    if button.on_hover_text(tip).clicked() {
        view.command(Command::Run);
    }
}

/// Other runs over many photographs, and the folder that keeps their answers.
fn many_menu_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let name = view.t.run_more();
    icon_menu_ui(ui, icons::MORE, (name, None), false, |ui| {
        ui.set_min_width(260.0);
        for command in [
            Command::RunFailed,
            Command::RunRefused,
            Command::KeepAnswers,
        ] {
            item_ui(ui, command, view);
        }
    });
}

/// The device on which models run.
pub fn device_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
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
            let is_confirmed = model.card.is_confirmed();
            let atoms = name_atoms(ui, &t.bare_name(&model.card), is_confirmed, t);
            let label = ui.selectable_label(alone, atoms);
            let name = t.model_name(&model.card);
            label
                .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, alone, &name));
            if label.clicked() {
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
        (_, [one]) => t.bare_name(&one.card),
        // Two names must fit on one line.
        (_, [a, b, ..]) => {
            let [a, b] = [a, b].map(|m| t.bare_name_short(&m.card));
            format!("{a} + {b}")
        }
    }
}

/// The same with the marks of unconfirmed models.
fn chosen_in_full(state: &State, t: Texts) -> String {
    let names: Vec<String> = match &state.chosen_models()[..] {
        [] => return chosen_models(state, t),
        [one] => vec![t.model_name(&one.card)],
        several => several
            .iter()
            .map(|m| t.model_name_short(&m.card))
            .collect(),
    };
    names.join(" + ")
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
