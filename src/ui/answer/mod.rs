//! The panel on the right: models, device and Run; the models' answers; map settings; cautions; details of the model
//! and the run.

pub mod about_model;
mod aggregate;
mod anatomy;
mod curves;
mod details;
mod findings;
mod method_controls;
mod overlay_controls;
mod run_controls;
mod sanity_checks;
mod score;

use egui::{CollapsingHeader, ScrollArea, Ui};

pub use score::covered_figures;

use super::command::Command;
use super::rows::{Emphasis, value_ui, wide_button_ui, words_ui};
use super::theme::{self, Palette};
use super::view::FrameContext;
use crate::app::State;
use crate::app::apply::{Action, Models as Choose};
use crate::app::run::JobProgress;
use crate::app::state::{Opening, RunEnd};
use crate::domain::Findings;
use crate::text::window::Texts;
use crate::workflow::ModelSummary;

/// Placeholder for a missing figure.
const NOTHING: &str = "–";

/// Memory needs above this many bytes are shown; smaller ones are insignificant on any machine.
const MUCH_MEMORY: u64 = 500_000_000;

/// The memory that a job needs, if it is large.
fn memory_of(work: JobProgress, t: Texts) -> Option<String> {
    let much = work.memory.filter(|bytes| *bytes >= MUCH_MEMORY);
    much.map(|bytes| t.takes_memory(bytes))
}

pub fn panel_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    run_controls::run_ui(ui, view);
    ui.add_space(theme::GAP);
    ui.separator();
    // Space for the scroll bar is always reserved.
    let width = ui.available_width() - ui.spacing().scroll.allocated_width();
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.set_width(width);
            let of_run = state.answer().map(|a| a.case.findings.as_slice());
            let photo = state.selected();
            let of_photograph = photo
                .and_then(|p| p.known.as_ref())
                .map(|k| k.findings.as_slice());
            // Warnings about the map in view are shown with its cautions.
            let of_map = state.sanity_checks().map(|c| c.warnings());
            let findings: Option<Findings> = of_run.or(of_photograph).map(|found| {
                let all = found.iter().cloned().chain(of_map.unwrap_or_default());
                all.collect()
            });
            let findings = findings.as_deref();
            let demonstration = state.chosen_models().iter().any(|m| m.demonstration);
            findings::boxes_ui(ui, findings.unwrap_or_default(), demonstration, t);
            accept_ui(ui, view);
            findings::line_ui(ui, findings.unwrap_or_default(), t);
            results_ui(ui, view);
            copy_ui(ui, view);
            if let Some(photo) = photo {
                aggregate::counting_ui(ui, photo, view);
                aggregate::aggregate_ui(ui, photo, view);
            }
            section_gap(ui);
            ui.heading(of_model(t.saliency(), state, t));
            method_controls::method_ui(ui, view);
            overlay_controls::controls_ui(ui, view);
            method_controls::other_ways_ui(ui, view);
            method_controls::about_ui(ui, t);
            section_gap(ui);
            sanity_checks::controls_ui(ui, view);
            section_gap(ui);
            anatomy::anatomy_ui(ui, view);
            if let Some(findings) = findings {
                section_gap(ui);
                findings::findings_ui(ui, findings, t);
            }
            section_gap(ui);
            if let Some(model) = state.model() {
                CollapsingHeader::new(t.about_model())
                    .id_salt("about the model")
                    .default_open(true)
                    .show(ui, |ui| about_model::about_ui(ui, model, t));
            }
            if let Some(answer) = state.answer() {
                CollapsingHeader::new(t.details())
                    .id_salt("details of the run")
                    .show(ui, |ui| details::details_ui(ui, &answer.case, t));
            }
            ui.add_space(theme::GROUP_GAP);
        });
}

/// A title, followed by the model in view if there are two: a map belongs to one of them.
pub fn of_model(title: &str, state: &State, t: Texts) -> String {
    match state.model().filter(|_| state.chosen_models().len() > 1) {
        Some(model) => format!("{title}: {}", t.model_name_short(&model.card)),
        None => title.to_owned(),
    }
}

fn section_gap(ui: &mut Ui) {
    ui.add_space(theme::GAP);
    ui.separator();
}

/// Whether a picture that does not look like a fundus photograph is used anyway; below the box that reports it.
fn accept_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    if !Command::Accept.is_enabled(state) {
        return;
    }
    let accepted = Command::Accept.is_on(state) == Some(true);
    let (text, tip) = if accepted {
        (t.use_no_longer(), t.use_no_longer())
    } else {
        (t.use_all_the_same(), t.use_all_the_same_tip())
    };
    let button = egui::Button::new(text);
    let response = wide_button_ui(ui, true, button, theme::CONTROL_HEIGHT);
    if response.on_hover_text(tip).clicked() {
        view.command(Command::Accept);
    }
}

/// One block for each chosen model; with two, clicking a name shows its map.
fn results_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.heading(t.result());
    let chosen = state.chosen_models();
    if chosen.len() < 2 {
        result_ui(ui, state, state.model(), t);
        return;
    }
    for model in chosen {
        let shown = state.model().is_some_and(|m| m.id == model.id);
        let name = ui.selectable_label(shown, t.model_name(&model.card));
        if name.on_hover_text(t.look_at_model()).clicked() {
            view.action(Action::Models(Choose::Look(model.id.clone())));
        }
        result_ui(ui, state, Some(model), t);
        ui.add_space(theme::GAP);
    }
}

fn result_ui(ui: &mut Ui, state: &State, model: Option<&ModelSummary>, t: Texts) {
    let photo = state.selected();
    let case = photo
        .zip(model)
        .and_then(|(photo, model)| photo.answers.get(&model.id))
        .map(|answer| &answer.case);
    // While the brush is in use, its score comes first.
    let brush = photo.and_then(|p| state.brush_on(p.id));
    if let (Some(brush), Some(model)) = (brush, model) {
        let covered = brush.of_model(&model.id).map(|c| &**c);
        score::covered_ui(ui, Some(model.task), covered, t);
    }
    match case {
        Some(case) if !case.is_refused() => score::score_ui(ui, case, t),
        _ => {
            let (why, is_problem) = why_no_answer(state, t);
            score::no_score_ui(ui, model.map(|m| m.task), why, is_problem, t);
        }
    }
    // The rows are present before the first run, so that nothing moves when the answer arrives.
    let figure = |value: Option<String>| value.unwrap_or_else(|| NOTHING.to_owned());
    let logit = case
        .and_then(|c| c.logit)
        .map(|z| t.signed(format!("{z:+.3}")));
    value_ui(ui, t.logit(), &figure(logit));
    let used = case.and_then(|c| c.used.as_ref());
    value_ui(
        ui,
        t.ran_on(),
        &figure(used.map(|used| details::engine_words(used, t))),
    );
    // The answer of an earlier run stays; the failure of the last one is shown next to it.
    let failed = match photo.map(|p| &p.run_end) {
        Some(Some(RunEnd::Failed(failures))) => case.and_then(|c| failures.get(&c.card.id)),
        Some(Some(RunEnd::Cancelled) | None) | None => None,
    };
    if let Some(failure) = failed {
        let serious = Palette::of(ui.visuals()).serious;
        words_ui(
            ui,
            &format!(
                "{} {}",
                t.result_failed(),
                state.shown_message(&failure.message(t.0))
            ),
            Emphasis::Coloured(serious),
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
    if photo.is_refused() {
        return (t.result_refused(), false);
    }
    match (&photo.run_end, &photo.opening) {
        (_, Opening::Failed(_)) => (t.could_not_open(), true),
        (Some(RunEnd::Failed(_)), _) => (t.result_failed(), true),
        (Some(RunEnd::Cancelled), _) => (t.result_cancelled(), false),
        (None, Opening::Pending | Opening::Closed) => (t.result_waiting(), false),
        (None, Opening::Ready(_)) => (t.result_empty(), false),
    }
}

/// What can be taken from here: a file, a figure, a text.
fn copy_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.horizontal_wrapped(|ui| {
        for command in [Command::Export, Command::CopyFigure, Command::CopyResult] {
            let tip = command.tip_with_key(t, ui.ctx());
            let short = match command {
                Command::CopyFigure => t.copy_figure(),
                Command::CopyResult => t.copy_result_short(),
                _ => command.text(t),
            };
            let enabled = command.is_enabled(state) && state.answer().is_some();
            let response = ui.add_enabled(enabled, egui::Button::new(short));
            if response.on_hover_text(tip).clicked() {
                view.command(command);
            }
        }
    });
}
