//! How well scores fit the recorded values: figures, their uncertainty, and the table of recorded values.
//!
//! - [`ReferenceValues`] and scores form a [`Scored`], whose figure is an area under the ROC curve or a mean absolute
//!   error.
//! - [`Resamples`] draw whole persons, so that two photographs of one person do not count as two persons.
//! - [`rank`] orders settings by their figure and finds those that the images cannot distinguish from the best.
//! - [`LabelTable`] reads a table of labels, [`pair`] finds the photograph of each row. Everything dropped is reported,
//!   and anything only the user can decide is a [`Question`].
//!
//! The seed is fixed: the same cases give the same figures.

mod answers;
mod bootstrap;
mod columns;
mod delimited;
mod figure;
mod fold;
mod labels;
mod listed_files;
mod mismatch;
mod names;
mod numbers;
mod pairing;
mod ranking;
mod sexes;
mod text;
mod unused;
mod values;

pub use answers::{Ambiguity, Answers, Meaning, Question, Role, ValuesQuestion};
pub use bootstrap::{Resamples, interval};
pub use figure::{Figure, ReferenceValues, Scored};
pub use labels::{LabelTable, Row, Sort, TableInterpretation, TableOptions, Unreadable};
pub use listed_files::listed_files;
pub use mismatch::{MismatchReason, mismatches};
pub use pairing::{Pairs, pair};
pub use ranking::{Difference, Options, RankedSetting, Ranking, rank};
pub use text::{Document, Encoding};
pub use unused::{RowFault, Unused};
pub use values::Used;

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
