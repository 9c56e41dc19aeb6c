//! How well scores fit the recorded values: figures, their uncertainty, and the table of recorded values.
//!
//! - [`ReferenceValues`] and scores form a [`Scored`], whose figure is an area under the ROC curve or a mean absolute
//!   error.
//! - [`Resamples`] draw whole persons, so that two photographs of one person do not count as two persons.
//! - [`performance`] has every figure of a model on labelled cases, with intervals, curves and comparisons.
//! - [`rank`] orders settings by their figure and finds those that the images cannot distinguish from the best.
//! - [`LabelTable`] reads a table of labels, [`pair`] finds the photograph of each row. Everything dropped is reported,
//!   and anything only the user can decide is a [`Question`].
//!
//! The seed is fixed: the same cases give the same figures.

mod answers;
mod bootstrap;
mod by_person;
mod column_names;
mod columns;
mod delimited;
mod document;
mod figure;
mod fold;
mod header;
mod labels;
mod listed_files;
mod mismatch;
mod names;
mod numbers;
mod pairing;
pub mod performance;
mod ranking;
mod recorded;
mod records;
pub mod records_check;
mod rows;
mod sexes;
mod sheet;
pub mod supplement;
mod text;
mod unused;
mod values;
mod workbook;

pub use answers::{Ambiguity, Answers, Meaning, Question, RowsQuestion, ValuesQuestion};
pub use bootstrap::{PersonDraws, Resamples, interval};
pub use document::Document;
pub use figure::{Figure, ReferenceValues, Scored};
pub use labels::LabelTable;
pub use listed_files::listed_files;
pub use mismatch::{MismatchReason, mismatches};
pub use pairing::{Pairs, pair};
pub use ranking::{Difference, Options, RankedSetting, Ranking, rank};
pub use recorded::{Covariate, Recorded, RecordedTable, RecordedValue};
pub use records::{ColumnSeen, DesiredValue, TableOptions};
pub use rows::{Row, Sort, TableInterpretation, Unreadable};
pub use sexes::output_of;
pub use sheet::TableForm;
pub use text::Encoding;
pub use unused::{LabelList, RowFault, Unused};
pub use values::Used;

pub use crate::domain::{Role, RowsPer};

/// Bytes of the largest table of labels that is read.
pub const MAX_TABLE_BYTES: u64 = 200 << 20;
/// Rows of the largest table.
pub const MAX_ROWS: usize = 1_000_000;
/// Cells of all rows together.
const MAX_CELLS: usize = 30_000_000;

/// Why a figure cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    #[error(
        "all {0} labelled images have the same label; an area under the ROC curve needs images of both"
    )]
    OneLabel(usize),
    #[error("there are no labelled images")]
    Empty,
    #[error("a score or a label is not a finite number")]
    NotFinite,
    #[error("{scores} scores cannot be paired with {truths} labels")]
    Lengths { scores: usize, truths: usize },
    #[error(
        "the text of the table of labels cannot be decoded: it is not valid UTF-8, UTF-16, CP932 (Shift_JIS), EUC-JP or CP1252; save it as \"CSV UTF-8\""
    )]
    NotText,
    #[error(
        "the table of labels is {kind}, not a table as text; {how}", kind = .0, how = .0.how()
    )]
    Document(Document),
    #[error(
        "a quotation mark in line {line} of the table of labels is never closed, so the rows after it cannot be separated"
    )]
    OpenQuote { line: usize },
    #[error("the table of labels, {kind}, is damaged; open it in a spreadsheet program and save it again", kind = .0)]
    BrokenWorkbook(Document),
    #[error("the table of labels has more than {MAX_ROWS} rows; divide it")]
    TooManyRows,
    #[error(
        "the table of labels has more than {MAX_CELLS} cells; keep only the columns that are needed"
    )]
    TooManyCells,
    #[error("the workbook has no sheet {desired}; it has: {}", .found.join(", "))]
    NoSuchSheet { desired: String, found: Vec<String> },
    #[error("the table of labels is empty")]
    NoRows,
    #[error("the table of labels has no header; its first line names the photograph {image}")]
    NoHeader { image: String },
    #[error(
        "the table of labels has no column {desired}, which was given for {}; its first line has: {}",
        .role.as_str(), .found.join(", ")
    )]
    NoSuchColumn {
        role: Role,
        desired: String,
        found: Vec<String>,
    },
    #[error("{word} was given as the meaning of a value but is neither {} nor {}", .labels[0], .labels[1])]
    NoSuchLabel { word: String, labels: [String; 2] },
    /// Only the user can decide.
    #[error("{}", .0.requested())]
    Question(Question),
}
