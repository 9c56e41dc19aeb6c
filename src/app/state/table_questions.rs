//! The questions that a table of labels leaves open, and the user's answers.

use crate::domain::{Role, RowsPer};
use crate::evaluation::{Answers, Meaning, Question};

/// One answer to a question about a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableAnswer {
    /// These columns hold the role.
    Columns(Role, Vec<String>),
    /// The meaning of a value in a column with these labels.
    Value {
        labels: [String; 2],
        value: String,
        meaning: Meaning,
    },
    /// Names consisting of digits match without leading zeros.
    IgnoreZeros(bool),
    /// The sheet of a workbook.
    Sheet(String),
    /// What one row is about.
    RowsPer(RowsPer),
}

/// The questions that a table leaves open, as far as they are known, and the user's answers.
#[derive(Clone, Debug, Default)]
pub struct TableQuestions {
    pub questions: Vec<Question>,
    pub answers: Answers,
}

impl TableQuestions {
    /// Adds a question; it replaces one about the same thing.
    pub fn ask(&mut self, question: Question) {
        self.questions
            .retain(|known| !known.is_about_the_same(&question));
        self.questions.push(question);
    }

    pub fn are_answered(&self) -> bool {
        let mut questions = self.questions.iter();
        questions.all(|question| question.is_answered(&self.answers))
    }

    /// Takes an answer, and forgets those that no longer apply; false if it changes nothing.
    pub fn take(&mut self, answer: TableAnswer) -> bool {
        let before = self.answers.clone();
        match answer {
            TableAnswer::Columns(role, names) => self.columns(role, names),
            TableAnswer::Value {
                labels,
                value,
                meaning,
            } => {
                // Columns of other labels may have the same value.
                let is_of_others = |known: &Meaning| match known {
                    Meaning::Label(label) => !labels.contains(label),
                    Meaning::LeaveOut => false,
                };
                let values = &mut self.answers.values;
                values.retain(|(known, meaning)| *known != value || is_of_others(meaning));
                values.push((value, meaning));
            }
            TableAnswer::IgnoreZeros(on) => self.answers.without_leading_zeros = on,
            TableAnswer::Sheet(name) => {
                let sheet = Some(name);
                if self.answers.sheet != sheet {
                    // Answers about one sheet do not apply to another.
                    self.questions
                        .retain(|q| matches!(q, Question::Sheet { .. }));
                    self.answers = Answers {
                        sheet,
                        ..Answers::default()
                    };
                }
            }
            TableAnswer::RowsPer(per) => self.answers.rows_per = Some(per),
        }
        self.answers != before
    }

    fn columns(&mut self, role: Role, names: Vec<String>) {
        let columns = &mut self.answers.columns;
        let given: Vec<&str> = columns
            .iter()
            .filter(|(known, _)| *known == role)
            .map(|(_, name)| name.as_str())
            .collect();
        if given == names {
            return;
        }
        columns.retain(|(known, _)| *known != role);
        columns.extend(names.into_iter().map(|name| (role, name)));
        self.forget_about(role);
    }

    /// Answers about the cells of one column do not apply to another. The choice of the column stays open.
    fn forget_about(&mut self, role: Role) {
        match role {
            Role::Image | Role::ImageRight | Role::ImageLeft => {
                let is_about = |q: &Question| matches!(q, Question::LeadingZeros { .. });
                self.questions.retain(|q| !is_about(q));
                self.answers.without_leading_zeros = false;
            }
            Role::Sex | Role::Age | Role::Label | Role::Eye => {
                self.questions.retain(|q| !matches!(q, Question::Values(_)));
                self.answers.values.clear();
            }
            Role::Person | Role::Covariate => {}
        }
    }
}
