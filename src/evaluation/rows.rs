//! Rows of a table of labels, and how the table was understood.

use super::names::bare;
use super::sheet::TableForm;
use super::unused::RowFault;
use super::values::Used;
use crate::domain::{Laterality, Role, RowsPer, masked};

/// How the cells of the column are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// One of two labels: the names of output 0 and output 1 in the model card.
    Labels([String; 2]),
    /// An age in years.
    Years,
    /// A number.
    Number,
}

/// The record of one photograph, or of a person or an eye.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: usize,
    /// The photograph as the table names it, with `/`; where rows are for persons or eyes, the person.
    pub image: String,
    /// The person named in the table, folded; `None` if there is none.
    pub person: Option<String>,
    /// As the table states it.
    pub eye: Laterality,
    /// 0 or 1 for labels, else the number.
    pub value: f64,
    /// In messages, its line replaces the photograph's name.
    pub masked: bool,
}

impl Row {
    /// The photograph's name for messages.
    pub fn called(&self) -> String {
        called(&self.image, self.line, self.masked)
    }
}

/// The name of a line's photograph for messages.
pub(super) fn called(image: &str, line: usize, is_masked: bool) -> String {
    match is_masked {
        true => masked::line(line),
        false => bare(image),
    }
}

/// A line without a usable value, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub image: String,
    /// The cell as it is in the table.
    pub cell: String,
    pub why: RowFault,
}

/// How a table was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableInterpretation {
    pub form: TableForm,
    pub rows_per: RowsPer,
    /// Columns by role, with their names in the table.
    pub columns: Vec<(Role, String)>,
    /// Values of labels with their meanings; empty for numbers.
    pub values: Vec<Used>,
    /// The user stated the meaning of values, so it is not independent evidence.
    pub by_answer: bool,
}
