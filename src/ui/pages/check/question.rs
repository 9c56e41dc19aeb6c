//! The open questions about a table of labels, and their choices.

use egui::{Checkbox, RadioButton, Role as WidgetRole, Ui, WidgetInfo};

use crate::app::apply::{Action, Check as Act};
use crate::app::state::Check;
use crate::evaluation::{Ambiguity, Meaning, Question, Role, ValuesQuestion};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Every question with its choices; nothing if there is none.
pub fn questions_ui(ui: &mut Ui, check: &Check, view: &mut FrameContext<'_>) {
    let t = view.t;
    if check.questions.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.heading(t.check_questions());
    for question in &check.questions {
        match question {
            Question::Column { role, found, why } => {
                column_ui(ui, check, (*role, found, *why), view)
            }
            Question::Values(values) => values_ui(ui, check, values, view),
            Question::LeadingZeros {
                photographs,
                example: (name, photograph),
            } => {
                words_ui(
                    ui,
                    &t.check_zeros(*photographs, name, photograph),
                    Emphasis::Plain,
                );
                let mut on = check.answers.without_leading_zeros;
                if ui
                    .add(Checkbox::new(&mut on, t.check_ignore_zeros()))
                    .changed()
                {
                    view.action(Action::Check(Act::IgnoreZeros(on)));
                }
            }
        }
    }
    if !check
        .questions
        .iter()
        .all(|q| q.is_answered(&check.answers))
    {
        words_ui(ui, t.check_answer_first(), Emphasis::Weak);
    }
}

fn column_ui(
    ui: &mut Ui,
    check: &Check,
    (role, found, why): (Role, &[String], Ambiguity),
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    words_ui(ui, &t.check_which_column(role), Emphasis::Plain);
    let wording: Vec<&str> = check.answers.columns_of(role).collect();
    ui.horizontal_wrapped(|ui| {
        for name in found {
            if choice_ui(ui, wording == [name.as_str()], name, name) {
                view.action(Action::Check(Act::Columns(role, vec![name.clone()])));
            }
        }
        // A row of a wide table describes several photographs.
        if why == Ambiguity::SeveralOfImages {
            let all = wording.len() == found.len();
            if choice_ui(ui, all, t.check_all_columns(), t.check_all_columns()) {
                view.action(Action::Check(Act::Columns(role, found.to_vec())));
            }
        }
    });
}

fn values_ui(ui: &mut Ui, check: &Check, question: &ValuesQuestion, view: &mut FrameContext<'_>) {
    let t = view.t;
    words_ui(
        ui,
        &t.check_which_label(&question.column, question.more),
        Emphasis::Plain,
    );
    let labels = question
        .labels
        .iter()
        .map(|label| Meaning::Label(label.clone()));
    let choices: Vec<Meaning> = labels.chain([Meaning::LeaveOut]).collect();
    egui::Grid::new(("values", &question.column)).show(ui, |ui| {
        for (value, rows) in &question.values {
            words_ui(
                ui,
                &t.check_value(&crate::domain::foreign::shown(value), *rows),
                Emphasis::Plain,
            );
            let wording = check
                .answers
                .values
                .iter()
                .find(|(known, _)| known == value);
            for meaning in &choices {
                let word = match meaning {
                    Meaning::Label(label) => label.as_str(),
                    Meaning::LeaveOut => t.check_leave_out(),
                };
                let on = wording.is_some_and(|(_, known)| known == meaning);
                if choice_ui(ui, on, word, &format!("{value}: {word}")) {
                    view.action(Action::Check(Act::Value(value.clone(), meaning.clone())));
                }
            }
            ui.end_row();
        }
    });
}

/// One of several choices, with its own name for screen readers.
fn choice_ui(ui: &mut Ui, on: bool, word: &str, name: &str) -> bool {
    let response = ui.add(RadioButton::new(on, word));
    response.widget_info(|| WidgetInfo::selected(WidgetRole::RadioButton, true, on, name));
    response.clicked()
}
