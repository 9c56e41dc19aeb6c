//! Sanity checks of the map, next to the map: one click, one line for each check first, its figures below.

use egui::{Button, ProgressBar, Ui};

use super::curves::curves_ui;
use crate::app::apply::sanity_checks::CheckMap;
use crate::app::apply::{Action, SanityCheckAction};
use crate::domain::{ModelCard, Severity, Task};
use crate::export::sanity_checks::verdict;
use crate::saliency::sanity_checks::SanityChecks;
use crate::text::report::{Report, capital};
use crate::text::sanity_checks::{CheckOutcome, lines};
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::rows::{Emphasis, share_of, wide_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

pub fn controls_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.heading(super::of_model(t.sanity_checks_title(), state, t));
    button_ui(ui, view);
    if let Some(failure) = state.sanity_check_failure() {
        let serious = Palette::of(ui.visuals()).serious;
        let why = format!("{} {}", t.sanity_checks_failed(), failure.message(t.0));
        words_ui(ui, &why, Emphasis::Coloured(serious));
    }
    let card = state.model().map(|m| &*m.card);
    if let Some(found) = state.sanity_checks() {
        let finished = !state.are_sanity_checks_running();
        found_ui(ui, found, card, finished, t);
    }
}

/// The button until there are results; progress and Stop below it while the checks run, so that a second click on one
/// never presses the other.
fn button_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let running = state.are_sanity_checks_running();
    if running || state.sanity_checks().is_none() {
        let button = Button::new(t.run_sanity_checks());
        let can = state.can_check_map();
        let run = wide_button_ui(ui, can, button, theme::CONTROL_HEIGHT);
        let run = run.on_hover_text(t.run_sanity_checks_tip());
        if run.clicked() {
            view.action(Action::SanityChecks(SanityCheckAction::Run));
        }
        if !can && !running {
            words_ui(ui, t.sanity_checks_need_map(), Emphasis::Small);
        }
    }
    if !running {
        return;
    }
    let work = view.runner.work::<CheckMap>();
    let bar = ProgressBar::new(share_of(ui, work.steps))
        .desired_height(4.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar).accessible_name(t.sanity_checks_running());
    if let Some(memory) = super::memory_of(work, t) {
        words_ui(ui, &capital(&memory), Emphasis::Small);
    }
    if ui.button(t.stop_sanity_checks()).clicked() {
        view.action(Action::SanityChecks(SanityCheckAction::Cancel));
    }
}

/// A line for each check that is finished, then the figures behind them.
fn found_ui(ui: &mut Ui, found: &SanityChecks, card: Option<&ModelCard>, finished: bool, t: Texts) {
    let report = Report(t.0);
    for line in lines(found) {
        let severity = match line.outcome {
            CheckOutcome::Passed => None,
            CheckOutcome::Caution => Some(Severity::Caution),
            CheckOutcome::NoLimit => Some(Severity::Note),
        };
        ui.horizontal_top(|ui| {
            match severity {
                None => icons::passed_ui(ui, t.check_passed()),
                Some(severity) => icons::severity_ui(ui, severity, t.severity(severity)),
            };
            words_ui(ui, &report.check_line(&line), Emphasis::Plain);
        });
    }
    if let Some(deletion) = &found.deletion {
        title_ui(ui, t.marked_area_hidden());
        let verdict = verdict(deletion, card);
        words_ui(ui, &report.verdict(&verdict), Emphasis::Plain);
        ui.add_space(theme::GAP);
        curves_ui(ui, deletion, verdict.years, t);
    } else if finished {
        words_ui(ui, t.too_few_cells(), Emphasis::Weak);
    }
    if !found.randomised.is_empty() {
        title_ui(ui, t.weights_shuffled());
        for one in &found.randomised {
            words_ui(ui, &report.randomised_map(one), Emphasis::Plain);
        }
        words_ui(ui, &report.randomised_limit(), Emphasis::Small);
    }
    if !found.stability.is_empty() {
        title_ui(ui, t.photograph_changed());
        let years = card.is_some_and(|c| c.task == Task::Age);
        for one in &found.stability {
            words_ui(ui, &report.changed_photograph(one, years), Emphasis::Plain);
        }
    }
    if let Some(share) = found.outside {
        title_ui(ui, t.outside_field());
        let share = t.share_outside(share.evidence, share.area);
        words_ui(ui, &share, Emphasis::Plain);
    }
}

fn title_ui(ui: &mut Ui, title: &str) {
    ui.add_space(theme::GAP);
    words_ui(ui, title, Emphasis::Weak);
}
