//! The open study: what it holds, how far it is, and its run.

use egui::{Button, ProgressBar, Ui, vec2};

use super::models as choose;
use crate::app::State;
use crate::app::apply::study::RunStudy;
use crate::app::apply::{Action, Study as Act};
use crate::app::state::{Loadable, OpenedStudy, Purpose, StudyEnd, StudyProgress};
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::window::{Texts, grouped};
use crate::ui::pages::PageName;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, primary_button_ui, titled_ui, value_ui, wide_titles_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::study::{ModelState, StudyStatus};

/// What is entered and not used yet.
#[derive(Default)]
pub struct OpenedUi {
    moved: PathField,
    /// Models that are being chosen in place of those of the study.
    models: Option<Vec<String>>,
}

pub fn opened_ui(
    ui: &mut Ui,
    open: &OpenedStudy,
    entered: &mut OpenedUi,
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    ui.heading(shown(&file_name(&open.folder)));
    let titles = [
        t.study_folder(),
        t.study_photographs(),
        t.study_answered(),
        t.study_failed(),
        t.study_models(),
    ];
    wide_titles_ui(ui, &titles, |ui| {
        if !state.settings.names_masked {
            let folder = open.folder.display().to_string();
            value_ui(ui, t.study_folder(), &shown(&folder));
        }
        counts_ui(ui, open, t);
        let labels = open.study.labels.as_ref();
        let labels = labels.map(|of| of.table.rsplit('/').next().unwrap_or_default());
        value_ui(
            ui,
            t.check_labels(),
            &shown(labels.unwrap_or(t.study_no_labels())),
        );
        match &mut entered.models {
            Some(chosen) => choose::models_ui(ui, chosen, state, t),
            None => models_ui(ui, open, state, t),
        }
        choice_ui(ui, open, &mut entered.models, view);
    });
    moved_ui(ui, open, &mut entered.moved, view);
    if open.read_only {
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, t.study_read_only(), Emphasis::Coloured(ink));
    }
    if let Some(failure) = &open.failure {
        let ink = Palette::of(ui.visuals()).serious;
        words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
        words_ui(ui, &failure.hint(t.0), Emphasis::Small);
    }
    ui.add_space(theme::GROUP_GAP);
    match open.run.as_ref().filter(|run| run.end.is_none()) {
        Some(run) => running_ui(ui, run, view),
        None => start_ui(ui, open, view),
    }
    if let Some(run) = &open.run {
        for remark in &run.remarks {
            words_ui(ui, &remark.message(t.0), Emphasis::Small);
        }
    }
}

fn counts_ui(ui: &mut Ui, open: &OpenedStudy, t: Texts) {
    let photographs = open.photographs.len();
    let status = match &open.status {
        Loadable::Ready(status) => Some(status),
        Loadable::Failed(failure) => {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
            None
        }
        Loadable::NotRequested | Loadable::Pending => None,
    };
    let count = |of: fn(&StudyStatus) -> usize| match status {
        Some(status) => grouped(of(status)),
        None => "…".to_owned(),
    };
    value_ui(ui, t.study_photographs(), &grouped(photographs));
    if open.is_running() {
        // The line of the run says how far it is.
        return;
    }
    value_ui(ui, t.study_answered(), &count(|s| s.answered));
    value_ui(ui, t.study_left(), &count(|s| s.open + s.changed.len()));
    value_ui(ui, t.study_failed(), &count(|s| s.failed.len()));
    if let Some(status) = status.filter(|s| !s.missing.is_empty()) {
        value_ui(ui, t.study_missing(), &grouped(status.missing.len()));
    }
}

fn models_ui(ui: &mut Ui, open: &OpenedStudy, state: &State, t: Texts) {
    let status = match &open.status {
        Loadable::Ready(status) => Some(status),
        _ => None,
    };
    for (at, model) in open.study.models.iter().enumerate() {
        let title = if at == 0 { t.study_models() } else { "" };
        let installed = state.installed().iter().find(|m| m.id == model.id);
        let name =
            installed.map_or_else(|| model.id.clone(), |m| t.model_name(&m.card).to_string());
        let found = status.and_then(|s| s.models.iter().find(|m| m.id == model.id));
        let name = match found.map(|m| m.state) {
            None | Some(ModelState::Same) => name,
            Some(ModelState::Replaced) => format!("{name} ({})", t.study_model_replaced()),
            Some(ModelState::Missing) => format!("{name} ({})", t.study_model_missing()),
        };
        value_ui(ui, title, &name);
    }
    if open.study.models.is_empty() {
        value_ui(ui, t.study_models(), t.study_no_labels());
    }
}

/// Choosing other models: what is answered stays in the journals, and counts again when its model is chosen again.
fn choice_ui(
    ui: &mut Ui,
    open: &OpenedStudy,
    entered: &mut Option<Vec<String>>,
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    if open.read_only || open.is_running() {
        *entered = None;
        return;
    }
    let now = || open.study.models.iter().map(|model| model.id.clone());
    let Some(chosen) = entered else {
        titled_ui(ui, "", |ui, _| {
            if ui.button(t.study_choose_models()).clicked() {
                let installed = |id: &String| state.installed().iter().any(|m| m.id == *id);
                *entered = Some(now().filter(installed).collect());
            }
        });
        return;
    };
    let mut is_over = false;
    titled_ui(ui, "", |ui, _| {
        is_over |= ui.button(t.cancel()).clicked();
        let use_these = Button::new(t.study_use_models());
        if ui.add_enabled(!chosen.is_empty(), use_these).clicked() {
            view.action(Action::Study(Act::ChooseModels(chosen.clone())));
            is_over = true;
        }
    });
    if chosen.is_empty() {
        titled_ui(ui, "", |ui, _| {
            words_ui(ui, t.study_needs_model(), Emphasis::Weak)
        });
    }
    if is_over {
        *entered = None;
    }
}

/// Folders that are not found are asked for.
fn moved_ui(ui: &mut Ui, open: &OpenedStudy, field: &mut PathField, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let Some(input) = open.moved.first() else {
        return;
    };
    ui.add_space(theme::GAP);
    let ink = Palette::of(ui.visuals()).caution;
    let name = input.rsplit('/').next().unwrap_or(input);
    let words = t.study_not_there(&shown(name));
    words_ui(ui, &words, Emphasis::Coloured(ink));
    let choose = Button::new(t.study_find_folder());
    let enabled = !state.asking && !open.read_only && !open.is_running();
    if ui.add_enabled(enabled, choose).clicked() {
        view.action(Action::Study(Act::AskForMoved(input.clone())));
    }
    if state.no_dialog {
        let look = PathFieldLook {
            width: 460.0,
            name: t.study_other_folder_field(),
            go: t.apply(),
            desired: take_path_request(&[Purpose::StudyMoved], view),
            on_sight: false,
        };
        if let Some(path) = field.path_ui(ui, look) {
            view.action(Action::Study(Act::Moved(input.clone(), path)));
        }
    }
}

/// Run, what failed only, and closing the study.
fn start_ui(ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let status = match &open.status {
        Loadable::Ready(status) => Some(status),
        _ => None,
    };
    let free = open.can_run()
        && !state.many.as_ref().is_some_and(|m| m.is_going_on())
        && !state.study.replay.is_running();
    let end = open.run.as_ref().and_then(|run| run.end);
    let is_complete = status.is_some_and(|s| s.answered == s.photographs);
    match end {
        _ if is_complete => {
            words_ui(ui, t.study_finished(), Emphasis::Plain);
        }
        Some(StudyEnd::Interrupted) => {
            words_ui(ui, t.study_interrupted(), Emphasis::Plain);
        }
        Some(StudyEnd::Finished | StudyEnd::Failed) | None => {}
    }
    ui.horizontal_wrapped(|ui| {
        let close = Button::new(t.close_study()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
        if ui.add(close).clicked() {
            view.action(Action::Study(Act::Close));
        }
        let failed = status.is_some_and(|s| !s.failed.is_empty());
        let again = Button::new(t.study_run_failed()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
        if ui.add_enabled(free && failed, again).clicked() {
            view.action(Action::Study(Act::Run { failed_only: true }));
        }
        let labels = Button::new(t.labels_open()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
        if ui.add(labels).clicked() {
            view.page(PageName::Labels);
        }
        let evaluate = Button::new(t.evaluate()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
        if ui.add(evaluate).clicked() {
            view.page(PageName::Evaluation);
        }
        let missing = Button::new(t.supplement_open()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
        if ui.add(missing).clicked() {
            view.page(PageName::Supplement);
        }
        let size = vec2(150.0, theme::PRIMARY_HEIGHT);
        if primary_button_ui(ui, free, t.study_run(), size).clicked() {
            view.action(Action::Study(Act::Run { failed_only: false }));
        }
    });
}

/// Progress with rate, remaining time and failures. Pause and Cancel are where nothing else ever appears.
fn running_ui(ui: &mut Ui, run: &StudyProgress, view: &mut FrameContext<'_>) {
    let t = view.t;
    let (done, total) = view.runner.work::<RunStudy>().steps.unwrap_or_default();
    let share = done as f32 / total.max(1) as f32;
    let bar = ProgressBar::new(share.clamp(0.0, 1.0))
        .desired_height(6.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar);
    let word = match (run.stopping, run.paused) {
        (true, _) => t.study_stopping(),
        (false, true) => t.many_paused(),
        (false, false) => t.many_running(),
    };
    let (done, total) = (done as usize, total as usize);
    let mut line = t.run_progress_line(word, done, total, run.failed);
    let rate = view.runner.per_second::<RunStudy>();
    if let Some(rate) = rate.filter(|_| !run.paused && !run.stopping) {
        let left = total.saturating_sub(done) as f64 / rate;
        line = format!("{line}{}{}", t.comma(), t.pace(rate, left));
    }
    words_ui(ui, &line, Emphasis::Plain);
    // Progress does not wake the window by itself.
    ui.ctx()
        .request_repaint_after(std::time::Duration::from_millis(250));
    ui.horizontal(|ui| {
        let size = vec2(140.0, theme::PRIMARY_HEIGHT);
        let pause = if run.paused { t.go_on() } else { t.pause() };
        let button = Button::new(pause).min_size(size);
        if ui.add_enabled(!run.stopping, button).clicked() {
            view.action(Action::Study(Act::Pause(!run.paused)));
        }
        let button = Button::new(t.cancel()).min_size(size);
        if ui.add_enabled(!run.stopping, button).clicked() {
            view.action(Action::Study(Act::Stop));
        }
    });
}
