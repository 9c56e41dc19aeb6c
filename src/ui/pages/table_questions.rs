//! The open questions about a table of labels, and their choices.

use egui::{Checkbox, Label, RadioButton, Role as WidgetRole, Ui, WidgetInfo};

use crate::app::state::{TableAnswer, TableQuestions};
use crate::domain::RowsPer;
use crate::domain::foreign::shown;
use crate::evaluation::{Ambiguity, Meaning, Question, Role, RowsQuestion, ValuesQuestion};
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;

/// Every question with its choices, and below them `after` while one is open; nothing if there is none. Returns the
/// user's answer.
pub fn questions_ui(
    ui: &mut Ui,
    asked: &TableQuestions,
    after: &str,
    t: Texts,
) -> Option<TableAnswer> {
    if asked.questions.is_empty() {
        return None;
    }
    ui.add_space(theme::GAP);
    ui.heading(t.check_questions());
    let mut answer = None;
    for question in &asked.questions {
        let given = match question {
            Question::Column { role, found, why } => column_ui(ui, asked, (*role, found, *why), t),
            Question::Values(values) => values_ui(ui, asked, values, t),
            Question::LeadingZeros {
                photographs,
                example: (name, photograph),
            } => {
                let words = t.check_zeros(*photographs, name, photograph);
                words_ui(ui, &words, Emphasis::Plain);
                let mut on = asked.answers.without_leading_zeros;
                let switch = Checkbox::new(&mut on, t.check_ignore_zeros());
                let is_changed = ui.add(switch).changed();
                is_changed.then_some(TableAnswer::IgnoreZeros(on))
            }
            Question::Sheet { found } => sheet_ui(ui, asked, found, t),
            Question::RowsPer(rows) => rows_ui(ui, asked, rows, t),
        };
        answer = given.or(answer);
    }
    if !asked.are_answered() {
        words_ui(ui, after, Emphasis::Weak);
    }
    answer
}

fn column_ui(
    ui: &mut Ui,
    asked: &TableQuestions,
    (role, found, why): (Role, &[String], Ambiguity),
    t: Texts,
) -> Option<TableAnswer> {
    words_ui(ui, &t.check_which_column(role), Emphasis::Plain);
    let wording: Vec<&str> = asked.answers.columns_of(role).collect();
    let mut answer = None;
    ui.horizontal_wrapped(|ui| {
        for name in found {
            if choice_ui(ui, wording == [name.as_str()], name, name) {
                answer = Some(TableAnswer::Columns(role, vec![name.clone()]));
            }
        }
        // A row of a wide table describes several photographs.
        if why == Ambiguity::SeveralOfImages {
            let all = wording.len() == found.len();
            if choice_ui(ui, all, t.check_all_columns(), t.check_all_columns()) {
                answer = Some(TableAnswer::Columns(role, found.to_vec()));
            }
        }
    });
    answer
}

fn values_ui(
    ui: &mut Ui,
    asked: &TableQuestions,
    question: &ValuesQuestion,
    t: Texts,
) -> Option<TableAnswer> {
    let words = t.check_which_label(&question.column, question.more);
    words_ui(ui, &words, Emphasis::Plain);
    let labels = question
        .labels
        .iter()
        .map(|label| Meaning::Label(label.clone()));
    let choices: Vec<Meaning> = labels.chain([Meaning::LeaveOut]).collect();
    let mut answer = None;
    egui::Grid::new(("values", &question.column)).show(ui, |ui| {
        for (value, rows) in &question.values {
            let words = t.check_value(&shown(value), *rows);
            ui.add(Label::new(words).extend());
            for meaning in &choices {
                let word = match meaning {
                    Meaning::Label(label) => label.as_str(),
                    Meaning::LeaveOut => t.check_leave_out(),
                };
                let mut given = asked.answers.values.iter();
                let on = given.any(|(known, of)| known == value && of == meaning);
                if choice_ui(ui, on, word, &format!("{value}: {word}")) {
                    answer = Some(TableAnswer::Value {
                        labels: question.labels.clone(),
                        value: value.clone(),
                        meaning: meaning.clone(),
                    });
                }
            }
            ui.end_row();
        }
    });
    answer
}

fn sheet_ui(
    ui: &mut Ui,
    asked: &TableQuestions,
    found: &[(String, usize)],
    t: Texts,
) -> Option<TableAnswer> {
    words_ui(ui, t.check_which_sheet(), Emphasis::Plain);
    let mut answer = None;
    for (name, lines) in found {
        let on = asked.answers.sheet.as_ref() == Some(name);
        let words = t.check_value(&shown(name), *lines);
        if choice_ui(ui, on, &words, &words) {
            answer = Some(TableAnswer::Sheet(name.clone()));
        }
    }
    answer
}

fn rows_ui(
    ui: &mut Ui,
    asked: &TableQuestions,
    rows: &RowsQuestion,
    t: Texts,
) -> Option<TableAnswer> {
    words_ui(ui, &t.check_which_rows(rows), Emphasis::Plain);
    let mut answer = None;
    for per in [rows.per, RowsPer::Photograph] {
        let word = t.rows_per(per);
        if choice_ui(ui, asked.answers.rows_per == Some(per), word, word) {
            answer = Some(TableAnswer::RowsPer(per));
        }
    }
    answer
}

/// One of several choices, with its own name for screen readers.
fn choice_ui(ui: &mut Ui, on: bool, word: &str, name: &str) -> bool {
    let response = ui.add(RadioButton::new(on, word));
    response.widget_info(|| WidgetInfo::selected(WidgetRole::RadioButton, true, on, name));
    response.clicked()
}
