//! The panel on the right: the models and Run, the result card, which stays, and tabs for everything else.

pub mod about_model;
mod aggregate;
mod anatomy;
mod applicability;
mod card;
mod curves;
mod details;
mod findings;
mod method_controls;
mod photograph;
pub mod run_controls;
mod sanity_checks;
mod score;
mod tabs;

use egui::{ScrollArea, Ui};

pub use score::covered_figures;
pub use tabs::Tab;

use super::command::Command;
use super::rows::{Emphasis, value_ui, words_ui};
use super::theme;
use super::view::FrameContext;
use crate::app::State;
use crate::app::run::JobProgress;
use crate::app::state::{Opening, RunEnd};
use crate::domain::Finding;
use crate::imaging::overlay::Side;
use crate::text::window::Texts;

/// Placeholder for a missing figure.
const NOTHING: &str = "–";

/// Memory needs above this many bytes are shown; smaller ones are insignificant on any machine.
const MUCH_MEMORY: u64 = 500_000_000;

/// The memory that a job needs, if it is large.
fn memory_of(work: JobProgress, t: Texts) -> Option<String> {
    let much = work.memory.filter(|bytes| *bytes >= MUCH_MEMORY);
    much.map(|bytes| t.takes_memory(bytes))
}

/// Height of the panel from which the card stays while the tabs scroll.
const CARD_STAYS: f32 = 500.0;

/// State that only this panel uses.
#[derive(Default)]
pub struct AnswerPanel {
    tab: Tab,
}

impl AnswerPanel {
    pub fn open(&mut self, tab: Tab) {
        self.tab = tab;
    }

    pub fn panel_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        // Space for the scroll bar is always reserved.
        let width = ui.available_width() - ui.spacing().scroll.allocated_width();
        if ui.available_height() < CARD_STAYS {
            // In a low window or at 200 % the card would leave no space for the tabs: everything scrolls together.
            ScrollArea::vertical()
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    ui.set_width(width);
                    let findings = self.card_ui(ui, view);
                    self.tab_ui(ui, findings.as_deref(), view);
                });
            return;
        }
        let findings = self.card_ui(ui, view);
        // Each tab keeps its own position.
        ScrollArea::vertical()
            .id_salt(self.tab)
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.set_width(width);
                self.tab_ui(ui, findings.as_deref(), view);
            });
    }

    /// The models and Run, the result card, and the line of tabs; returns the findings in view.
    fn card_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) -> Option<Vec<Finding>> {
        run_controls::run_ui(ui, view);
        let findings = findings_in_view(view.state);
        if card::card_ui(ui, findings.as_deref().unwrap_or_default(), view) {
            self.tab = Tab::Result;
        }
        ui.add_space(2.0);
        tabs::tabs_ui(ui, &mut self.tab, view.t);
        findings
    }

    fn tab_ui(&self, ui: &mut Ui, findings: Option<&[Finding]>, view: &mut FrameContext<'_>) {
        match self.tab {
            Tab::Result => result_ui(ui, findings, view),
            Tab::Map => map_ui(ui, view),
            Tab::Checks => sanity_checks::controls_ui(ui, view),
            Tab::Photograph => photograph_ui(ui, view),
            Tab::Model => model_ui(ui, view),
        }
        ui.add_space(theme::GROUP_GAP);
    }
}

/// Findings of the answer in view, or of the photograph before a run, and the warnings about the map.
fn findings_in_view(state: &State) -> Option<Vec<Finding>> {
    let of_run = state.answer().map(|a| a.case.findings.as_slice());
    let known = state.selected().and_then(|p| p.known.as_ref());
    let of_photograph = known.map(|k| k.findings.as_slice());
    let of_map = state.sanity_checks().map(|c| c.warnings());
    let found = of_run.or(of_photograph)?;
    let all = found.iter().cloned().chain(of_map.unwrap_or_default());
    Some(all.collect())
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

/// What was found, the figures of the person, and what can be taken from here.
fn result_ui(ui: &mut Ui, findings: Option<&[Finding]>, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let case = state.answer().map(|a| &a.case);
    // The rows are present before the first run, so that nothing moves when the answer arrives.
    let figure = |value: Option<String>| value.unwrap_or_else(|| NOTHING.to_owned());
    let logit = case
        .and_then(|c| c.logit)
        .map(|z| t.signed(format!("{z:+.3}")));
    value_ui(ui, t.logit(), &figure(logit));
    let used = case.and_then(|c| c.used.as_ref());
    let engine = used.map(|used| details::engine_words(used, t));
    value_ui(ui, t.ran_on(), &figure(engine));
    copy_ui(ui, view);
    if let Some(photo) = state.selected() {
        aggregate::aggregate_ui(ui, photo, view);
    }
    if let Some(findings) = findings {
        section_gap(ui);
        findings::findings_ui(ui, findings, t);
    }
}

/// The method and what it says by region.
fn map_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.heading(of_model(t.saliency(), state, t));
    method_controls::method_ui(ui, view);
    scale_notes_ui(ui, state, t);
    method_controls::other_ways_ui(ui, view);
    section_gap(ui);
    anatomy::anatomy_ui(ui, view);
    section_gap(ui);
    method_controls::about_ui(ui, t);
}

/// What the colours of the map in view do not say by themselves.
fn scale_notes_ui(ui: &mut Ui, state: &State, t: Texts) {
    let usual = state.settings.overlay;
    let overlay = state.selected().map(|photo| state.overlay_on(photo));
    if overlay.is_some_and(|overlay| overlay != usual) {
        words_ui(ui, t.same_scale(), Emphasis::Small);
    }
    let has_map = state.answer().is_some_and(|a| a.map.is_some());
    if has_map && !usual.colormap.is_diverging() && usual.side == Side::Both {
        words_ui(ui, t.strength_only(), Emphasis::Small);
    }
}

fn photograph_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let Some(photo) = state.selected() else {
        words_ui(ui, t.nothing_selected(), Emphasis::Weak);
        return;
    };
    photograph::facts_ui(ui, photo, view);
    if photo.known.is_some() {
        section_gap(ui);
        applicability::aspects_ui(ui, state, photo, t);
    }
    section_gap(ui);
    aggregate::counting_ui(ui, photo, view);
}

/// The model and where it ran.
fn model_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    run_controls::device_ui(ui, view);
    section_gap(ui);
    if let Some(model) = state.model() {
        ui.heading(t.about_model());
        about_model::about_ui(ui, model, t);
    }
    if let Some(answer) = state.answer() {
        section_gap(ui);
        ui.heading(t.details());
        details::details_ui(ui, &answer.case, t);
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
