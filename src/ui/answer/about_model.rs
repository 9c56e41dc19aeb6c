//! What the model in view is, where it applies, and which fields of its card are unconfirmed.

use egui::Ui;

use crate::domain::Task;
use crate::text::Lang;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, value_ui, words_ui};
use crate::workflow::ModelSummary;

pub fn about_ui(ui: &mut Ui, model: &ModelSummary, t: Texts) {
    let card = &model.card;
    words_ui(ui, &t.model_name(card), Emphasis::Plain);
    value_ui(ui, t.task(), task_words(card.task, t));
    value_ui(ui, t.architecture(), &card.architecture);
    let [height, width] = card.input.size;
    value_ui(ui, t.input_size(), &format!("{width} × {height} px"));
    let use_words = match t.0 {
        Lang::En => &card.intended_use.en,
        Lang::Ja => &card.intended_use.ja,
    };
    if !use_words.is_empty() {
        words_ui(ui, t.intended_use(), Emphasis::Weak);
        words_ui(ui, use_words, Emphasis::Small);
    }
    words_ui(ui, t.applies(), Emphasis::Weak);
    for line in applicability(model, t) {
        words_ui(ui, line, Emphasis::Small);
    }
    let unconfirmed = t.open_fields(card);
    if !unconfirmed.is_empty() {
        words_ui(ui, t.assumed_fields(), Emphasis::Weak);
        words_ui(ui, &unconfirmed.join(t.comma()), Emphasis::Small);
    }
}

pub fn task_words(task: Task, t: Texts) -> &'static str {
    match task {
        Task::Sex => t.task_sex(),
        Task::Age => t.task_age(),
        Task::Other => t.task_other(),
    }
}

/// Where a score of this model may be meaningful, in sentences.
fn applicability(model: &ModelSummary, t: Texts) -> Vec<&'static str> {
    if model.demonstration {
        return vec![t.applies_demonstration()];
    }
    let published = model.card.id.starts_with("joir")
        || model
            .card
            .citation
            .contains("Japan Ocular Imaging Registry");
    let mut lines = Vec::new();
    if published {
        if model.task == Task::Sex {
            lines.push(t.applies_age_range());
        }
        lines.push(t.applies_cohort());
    } else {
        lines.push(t.applies_own());
    }
    lines.extend([t.applies_field(), t.applies_camera()]);
    if model.task == Task::Sex {
        lines.push(t.applies_fovea());
    }
    lines
}
