//! The line at the bottom of the window: what runs over many photographs, how far it is, and what is kept where.

use std::path::Path;

use egui::{Align, Button, Label, Layout, ProgressBar, Ui, vec2};

use super::command::Command;
use super::theme::{self, Palette};
use super::view::FrameContext;
use crate::app::State;
use crate::app::apply::many::RunMany;
use crate::app::apply::study::RunStudy;
use crate::app::state::{Many, ManyEnd};
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::window::Texts;

/// Width of the progress bar.
const BAR_WIDTH: f32 = 120.0;

/// Pause and Cancel stay at the right end, where nothing else ever appears: a second click on Cancel hits nothing.
pub fn status_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let many = state.many.as_ref();
    let size = vec2(ui.available_width(), theme::STATUS_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_height(theme::STATUS_HEIGHT);
        if let Some(many) = many.filter(|m| m.is_going_on()) {
            let pause = if many.paused { t.go_on() } else { t.pause() };
            button_ui(ui, Command::CancelMany, t.cancel(), view);
            button_ui(ui, Command::Pause, pause, view);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| match many {
            Some(many) => progress_ui(ui, many, view),
            None if state.study.is_running() => study_ui(ui, view),
            None => idle_ui(ui, state, t),
        });
    });
}

/// Without a run: how many photographs have a result, and where the answers of the next run are kept.
fn idle_ui(ui: &mut Ui, state: &State, t: Texts) {
    if state.photographs.is_empty() {
        return;
    }
    line_ui(
        ui,
        &t.with_results(state.counts.answered, state.photographs.len()),
    );
    if let Some(folder) = &state.export_folder {
        line_ui(ui, &kept(folder, state, t));
    }
}

/// A run of the study goes on while its page is closed.
fn study_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let run = state.study.open.as_ref().and_then(|open| open.run.as_ref());
    let Some(run) = run else {
        return;
    };
    button_ui(ui, Command::ShowStudy, t.show_study(), view);
    let (done, total) = view.runner.work::<RunStudy>().steps.unwrap_or_default();
    let word = match run.paused {
        true => t.many_paused(),
        false => t.many_running(),
    };
    let (done, total) = (done as usize, total as usize);
    line_ui(ui, &t.run_progress_line(word, done, total, run.failed));
}

fn progress_ui(ui: &mut Ui, many: &Many, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let (done, total) = (many.done(), many.total);
    let bar = ProgressBar::new(done as f32 / total.max(1) as f32)
        .desired_width(BAR_WIDTH)
        .desired_height(5.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar).widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, t.of(done, total))
    });
    let progress = |word| t.run_progress_line(word, done, total, many.failed);
    let mut parts = vec![match (many.end, many.paused) {
        (None, false) => progress(t.many_running()),
        (None, true) => progress(t.many_paused()),
        (Some(ManyEnd::Finished), _) => t.many_done(total - many.failed, many.failed),
        (Some(ManyEnd::Cancelled), _) => progress(t.many_cancelled()),
        (Some(ManyEnd::Failed), _) => progress(t.many_failed()),
    }];
    if let Some(rate) = view
        .runner
        .per_second::<RunMany>()
        .filter(|_| many.is_going_on() && !many.paused)
    {
        parts.push(t.pace(rate, (total - done) as f64 / rate));
    }
    if many.recalled > 0 {
        parts.push(t.taken_over(many.recalled));
    }
    if let Some(folder) = &many.kept {
        parts.push(kept(folder, state, t));
    }
    if !many.is_going_on() {
        if Command::RunRefused.is_enabled(state) {
            parts.push(t.refused_count(state.counts.refused));
        }
        // Next to the bar, far from where Cancel was.
        for command in [Command::RunFailed, Command::RunRefused] {
            if command.is_enabled(state) {
                button_ui(ui, command, command.text(t), view);
            }
        }
    }
    for part in parts {
        line_ui(ui, &part);
    }
}

/// The folder in which answers are stored as they arrive.
fn kept(folder: &Path, state: &State, t: Texts) -> String {
    let is_shown = !state.settings.names_masked;
    let name = is_shown.then(|| shown(&file_name(folder)));
    t.kept_in(name.as_deref())
}

fn line_ui(ui: &mut Ui, words: &str) {
    let text = egui::RichText::new(words).weak();
    ui.add(Label::new(text).truncate()).on_hover_text(words);
}

fn button_ui(ui: &mut Ui, command: Command, text: &str, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let button = Button::new(text).min_size(vec2(64.0, 0.0));
    let response = ui.add_enabled(command.is_enabled(state), button);
    if response
        .on_hover_text(command.tip_with_key(t, ui.ctx()))
        .clicked()
    {
        view.command(command);
    }
}
