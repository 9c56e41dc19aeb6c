//! The panel on the right: model, device and Run; what the model answered; the map's controls; the findings.

use egui::{Button, ComboBox, ProgressBar, RichText, ScrollArea, Ui};

use super::asked::Asked;
use super::command::Command;
use super::findings::{boxes_ui, findings_ui};
use super::messages::sentence;
use super::rows::{Voice, titled_ui, value_ui, wide_button_ui, words_ui};
use super::theme::{self, Palette};
use super::{overlay_controls, score};
use crate::app::State;
use crate::app::action::{Action, Change, Models as Choose};
use crate::app::run::Steps;
use crate::app::state::{Models, Opening, Photograph, RunEnd};
use crate::clinic::EngineUsed;
use crate::runtime::Device;
use crate::words::window::Texts;

/// Stands where a figure will be.
const NOTHING: &str = "–";

/// `steps`: how far the present run has come.
pub fn panel_ui(ui: &mut Ui, state: &State, steps: Option<Steps>, t: Texts, asked: &mut Asked) {
    run_ui(ui, state, steps, t, asked);
    ui.add_space(theme::GAP);
    ui.separator();
    // Room for the scroll bar is kept also while there is none.
    let width = ui.available_width() - ui.spacing().scroll.allocated_width();
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.set_width(width);
            let of_run = state.answer().map(|a| a.case.findings.as_slice());
            let of_photograph = state
                .selected()
                .and_then(Photograph::opened)
                .map(|o| o.image.findings.as_slice());
            let findings = of_run.or(of_photograph);
            boxes_ui(
                ui,
                findings.unwrap_or_default(),
                state.model().is_some_and(|m| m.demonstration),
                t,
            );
            ui.add_space(theme::GAP);
            result_ui(ui, state, t);
            section_gap(ui);
            overlay_controls::controls_ui(ui, state, t, asked);
            if let Some(findings) = findings {
                section_gap(ui);
                findings_ui(ui, findings, t);
            }
            ui.add_space(theme::GROUP_GAP);
        });
}

fn section_gap(ui: &mut Ui) {
    ui.add_space(theme::GAP);
    ui.separator();
}

/// Model, device, and one button at one place: Run, or Cancel while something runs.
fn run_ui(ui: &mut Ui, state: &State, steps: Option<Steps>, t: Texts, asked: &mut Asked) {
    titled_ui(ui, t.model(), |ui, title| {
        let combo = ComboBox::from_id_salt("model")
            .width(ui.available_width())
            .truncate();
        let combo = combo
            .selected_text(chosen_model(state, t))
            .show_ui(ui, |ui| {
                if let Models::Ready(models) = &state.models {
                    for model in models {
                        let chosen = state.model().is_some_and(|m| m.id == model.id);
                        if ui.selectable_label(chosen, &model.card.name).clicked() {
                            asked.action(Action::Models(Choose::Choose(model.id.clone())));
                        }
                    }
                }
            });
        combo
            .response
            .labelled_by(title.id)
            .on_hover_text(chosen_model(state, t));
    });
    titled_ui(ui, t.device(), |ui, title| {
        let chosen: Device = state.settings.device.parse().unwrap_or_default();
        let combo = ComboBox::from_id_salt("device")
            .width(ui.available_width())
            .height(340.0)
            .truncate();
        let combo = combo
            .selected_text(device_name(chosen, t))
            .show_ui(ui, |ui| {
                for device in Device::ALL {
                    if ui
                        .selectable_label(device == chosen, device_name(device, t))
                        .clicked()
                    {
                        asked.action(Action::Settings(Change::Device(device.as_str().to_owned())));
                    }
                    if device == Device::Cpu {
                        ui.separator();
                    }
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
    let mut button = Button::new(RichText::new(command.text(t)).size(15.0));
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
        let tip = command
            .key_words(ui.ctx())
            .map(|key| format!("{} ({key})", command.tip(t)));
        let response = wide_button_ui(ui, enabled, button, theme::PRIMARY_HEIGHT)
            .on_hover_text(tip.unwrap_or_default());
        if response.clicked() {
            asked.command(command);
        }
    });
    progress_ui(ui, state, steps, t);
}

/// A thin line whose room is kept when nothing runs.
fn progress_ui(ui: &mut Ui, state: &State, steps: Option<Steps>, t: Texts) {
    const HEIGHT: f32 = 4.0;
    if state.running.is_none() {
        ui.add_space(HEIGHT + ui.spacing().item_spacing.y);
        return;
    }
    let share = match steps {
        Some((done, total)) if total > 0 => (done as f32 / total as f32).clamp(0.0, 1.0),
        _ => {
            // The end is not known: the bar breathes.
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_millis(60));
            let time = ui.input(|i| i.time);
            (0.5 + 0.4 * (time * 2.0).sin()) as f32
        }
    };
    let bar = ProgressBar::new(share)
        .desired_height(HEIGHT)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar).accessible_name(t.result_running());
}

fn chosen_model(state: &State, t: Texts) -> String {
    match &state.models {
        Models::Pending => t.models_loading().to_owned(),
        Models::Failed(_) => t.no_model().to_owned(),
        Models::Ready(_) => state
            .model()
            .map_or_else(|| t.no_model().to_owned(), |m| m.card.name.clone()),
    }
}

fn device_name(device: Device, t: Texts) -> String {
    match device {
        Device::Auto => t.device_auto().to_owned(),
        Device::Embedded => t.device_embedded().to_owned(),
        Device::Cpu => t.device_cpu().to_owned(),
        other => format!(
            "ONNX Runtime, {}",
            other
                .provider_name()
                .unwrap_or(other.as_str())
                .trim_end_matches("ExecutionProvider")
        ),
    }
}

fn result_ui(ui: &mut Ui, state: &State, t: Texts) {
    ui.heading(t.result());
    let case = state.answer().map(|answer| &answer.case);
    match case {
        Some(case) => score::score_ui(ui, case, t),
        None => {
            let (why, is_problem) = why_no_answer(state, t);
            score::no_score_ui(ui, state.model().map(|m| m.task), why, is_problem, t);
        }
    }
    // The rows stand there before the first run, so that nothing moves when the answer comes.
    let figure = |value: Option<String>| value.unwrap_or_else(|| NOTHING.to_owned());
    value_ui(
        ui,
        t.logit(),
        &figure(
            case.and_then(|c| c.logit)
                .map(|logit| format!("{logit:+.3}")),
        ),
    );
    value_ui(
        ui,
        t.ran_on(),
        &figure(
            case.and_then(|c| c.used.as_ref())
                .map(|used| engine_words(used, t)),
        ),
    );
    let spent = case.map(|c| milliseconds(c.timings.prepare + c.timings.run + c.timings.saliency));
    value_ui(ui, t.run_time(), &figure(spent));
    let run_end = state.selected().and_then(|p| p.run_end.as_ref());
    if let (Some(_), Some(RunEnd::Failed(failure))) = (case, run_end) {
        let serious = Palette::of(ui.visuals()).serious;
        words_ui(
            ui,
            &format!("{} {}", t.result_failed(), sentence(&failure.message)),
            Voice::Coloured(serious),
        );
    }
}

fn why_no_answer(state: &State, t: Texts) -> (&'static str, bool) {
    let Some(photo) = state.selected() else {
        return (t.result_empty(), false);
    };
    if state.is_running_here() {
        return (t.result_running(), false);
    }
    match (&photo.run_end, &photo.opening) {
        (_, Opening::Failed(_)) => (t.could_not_open(), true),
        (Some(RunEnd::Failed(_)), _) => (t.result_failed(), true),
        (Some(RunEnd::Cancelled), _) => (t.result_cancelled(), false),
        (None, Opening::Pending | Opening::LetGo) => (t.result_waiting(), false),
        (None, Opening::Ready(_)) => (t.result_empty(), false),
    }
}

fn engine_words(used: &EngineUsed, t: Texts) -> String {
    if used.provider == "embedded" {
        return format!("{} ({})", t.embedded_engine(), used.engine);
    }
    let provider = used.provider.trim_end_matches("ExecutionProvider");
    format!("ONNX Runtime {}, {provider}", used.version)
}

fn milliseconds(ms: f64) -> String {
    if ms < 1000.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}
