//! Runs over many photographs: start, progress, pause and stop.

use std::path::Path;

use egui::{Button, ProgressBar, Ui};

use crate::app::State;
use crate::app::apply::many::RunMany;
use crate::app::state::{Many, ManyEnd};
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::rows::{Emphasis, wide_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

pub fn bar_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let many = state.many.as_ref();
    if let Some(many) = many {
        figures_ui(ui, many, view.runner.per_second::<RunMany>(), t);
    }
    if let Some(many) = many.filter(|m| m.is_going_on()) {
        if let Some(folder) = &many.kept {
            kept_ui(ui, folder, state, t);
        }
        let pause = if many.paused { t.go_on() } else { t.pause() };
        pair_ui(
            ui,
            [(pause, Command::Pause), (t.cancel(), Command::CancelMany)],
            view,
        );
        return;
    }
    if state.photographs.len() < 2 && !state.photographs.iter().any(|p| p.has_failed()) {
        return;
    }
    if theme::is_tiny(ui.ctx()) {
        // The rows need the space; menus and keys start runs as well.
        return;
    }
    if let Some(folder) = &state.export_folder {
        kept_ui(ui, folder, state, t);
    } else {
        wide_ui(ui, Command::KeepAnswers, view);
    }
    if state.marked.len() > 1 {
        wide_ui(ui, Command::RunMarked, view);
    }
    wide_ui(ui, Command::RunAll, view);
    if Command::RunFailed.is_enabled(state) {
        wide_ui(ui, Command::RunFailed, view);
    }
    if Command::RunRefused.is_enabled(state) {
        let count = state.refused_by_runs().len();
        words_ui(ui, &t.refused_count(count), Emphasis::Small);
        wide_ui(ui, Command::RunRefused, view);
    }
}

fn figures_ui(ui: &mut Ui, many: &Many, per_second: Option<f64>, t: Texts) {
    let (done, total) = (many.done(), many.total);
    let share = done as f32 / total.max(1) as f32;
    let word = match (many.end, many.paused) {
        (None, false) => t.many_running(),
        (None, true) => t.many_paused(),
        (Some(ManyEnd::Finished), _) => t.many_finished(),
        (Some(ManyEnd::Cancelled), _) => t.many_cancelled(),
        (Some(ManyEnd::Failed), _) => t.many_failed(),
    };
    let bar = ProgressBar::new(share)
        .desired_height(5.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar).widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, t.of(done, total))
    });
    let line = t.run_progress_line(word, done, total, many.failed);
    words_ui(ui, &line, Emphasis::Plain);
    // The line for the pace stays before the first figure and after the end.
    let pace = per_second
        .filter(|_| many.is_going_on() && !many.paused)
        .map(|rate| t.pace(rate, (total - done) as f64 / rate));
    if many.recalled > 0 {
        words_ui(ui, &t.taken_over(many.recalled), Emphasis::Small);
    }
    if !theme::is_tiny(ui.ctx()) {
        words_ui(ui, pace.as_deref().unwrap_or(" "), Emphasis::Small);
    }
}

/// The folder in which answers are stored as they arrive.
fn kept_ui(ui: &mut Ui, folder: &Path, state: &State, t: Texts) {
    let is_shown = !state.settings.names_masked;
    let name = is_shown.then(|| shown(&file_name(folder)));
    words_ui(ui, &t.kept_in(name.as_deref()), Emphasis::Small);
}

fn pair_ui(ui: &mut Ui, commands: [(&str, Command); 2], view: &mut FrameContext<'_>) {
    let state = view.state;
    ui.columns(2, |columns| {
        for (column, (text, command)) in columns.iter_mut().zip(commands) {
            let button = Button::new(text).truncate();
            let enabled = command.is_enabled(state);
            let response = wide_button_ui(column, enabled, button, theme::CONTROL_HEIGHT);
            if response.on_hover_text(text).clicked() {
                view.command(command);
            }
        }
    });
}

fn wide_ui(ui: &mut Ui, command: Command, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let button = Button::new(command.text(t));
    let enabled = command.is_enabled(state);
    let tip = command.tip_with_key(t, ui.ctx());
    let response = wide_button_ui(ui, enabled, button, theme::CONTROL_HEIGHT);
    if response.on_hover_text(tip).clicked() {
        view.command(command);
    }
}
