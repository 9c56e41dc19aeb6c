//! The result card, always in view: the score on its scale, the estimate, and the worst finding in full.

use egui::{Align, Button, Layout, Role, Ui, WidgetInfo};

use super::{applicability, findings, score, why_no_answer};
use crate::app::State;
use crate::app::apply::{Action, Models as Choose};
use crate::app::state::{Photograph, RunEnd};
use crate::domain::{Finding, ResultRow};
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::rows::{Emphasis, name_atoms, toggle_button_ui, words_ui};
use crate::ui::theme::Palette;
use crate::ui::view::FrameContext;
use crate::workflow::ModelSummary;

/// The answer of the model in view; true if the user asked for all findings.
pub fn card_ui(ui: &mut Ui, all: &[Finding], view: &mut FrameContext<'_>) -> bool {
    let (state, t) = (view.state, view.t);
    if state.chosen_models().len() > 1 {
        models_ui(ui, view);
    }
    applicability::line_ui(ui, state, t);
    answer_ui(ui, state, state.model(), t);
    let demonstration = state.chosen_models().iter().any(|m| m.demonstration);
    findings::warnings_ui(ui, all, demonstration, t);
    let more = findings::worst_ui(ui, all, t);
    accept_ui(ui, view);
    more
}

/// One line per model with its figure; a click shows its map.
fn models_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    for model in state.chosen_models() {
        let shown = state.model().is_some_and(|m| m.id == model.id);
        let case = answer_of(state.selected(), model);
        let figure = case.and_then(|case| score::figure_words(case, t));
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let label = ui.label(figure.as_deref().unwrap_or(super::NOTHING));
                if let Some(score) = case.and_then(|case| case.score) {
                    let name = t.score_name(score);
                    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let full = t.model_name(&model.card);
                    let short = t.bare_name_short(&model.card);
                    let short = name_atoms(ui, short, model.card.is_confirmed(), t);
                    let button = Button::new(short).truncate();
                    let name = toggle_button_ui(ui, shown, button);
                    let enabled = ui.is_enabled();
                    name.widget_info(|| WidgetInfo::selected(Role::Button, enabled, shown, &full));
                    let tip = format!("{full}: {}", t.look_at_model());
                    if name.on_hover_text(tip).clicked() {
                        view.action(Action::Models(Choose::Look(model.id.clone())));
                    }
                });
            });
        });
    }
}

/// A refused photograph has no answer to show.
fn answer_of<'a>(photo: Option<&'a Photograph>, model: &ModelSummary) -> Option<&'a ResultRow> {
    let answer = photo?.answers.get(&model.id)?;
    Some(&answer.case).filter(|case| !case.is_refused())
}

fn answer_ui(ui: &mut Ui, state: &State, model: Option<&ModelSummary>, t: Texts) {
    let photo = state.selected();
    let case = model.and_then(|model| answer_of(photo, model));
    // While the brush is in use, its score comes first.
    let brush = photo.and_then(|p| state.brush_on(p.id));
    if let (Some(brush), Some(model)) = (brush, model) {
        let covered = brush.of_model(&model.id).map(|c| &**c);
        score::covered_ui(ui, Some(model.task), covered, t);
    }
    match case {
        Some(case) => score::score_ui(ui, case, t),
        None => {
            let (why, is_problem) = why_no_answer(state, t);
            score::no_score_ui(ui, model.map(|m| m.task), why, is_problem, t);
        }
    }
    // The answer of an earlier run stays; the failure of the last one is shown next to it.
    let failed = match photo.map(|p| &p.run_end) {
        Some(Some(RunEnd::Failed(failures))) => case.and_then(|c| failures.get(&c.card.id)),
        Some(Some(RunEnd::Cancelled) | None) | None => None,
    };
    if let Some(failure) = failed {
        let serious = Palette::of(ui.visuals()).serious;
        let why = state.shown_message(&failure.message(t.0));
        let why = format!("{} {why}", t.result_failed());
        words_ui(ui, &why, Emphasis::Coloured(serious));
    }
}

/// Whether a picture that does not look like a fundus photograph is used anyway; below the box that reports it.
fn accept_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    if !Command::Accept.is_enabled(state) {
        return;
    }
    // A box keeps its meaning under the pointer, whether it is ticked or not.
    let mut accepted = Command::Accept.is_on(state) == Some(true);
    let response = ui.checkbox(&mut accepted, t.use_all_the_same());
    if response.on_hover_text(t.use_all_the_same_tip()).changed() {
        view.command(Command::Accept);
    }
}
