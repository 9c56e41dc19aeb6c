//! How well scores fit what is recorded: figures, their uncertainty, and the table that holds what is recorded.
//!
//! - [`ReferenceValues`] with scores become a [`Scored`], whose figure is an area under the ROC curve or a mean absolute error.
//! - [`Resamples`] draw whole persons anew, so that two photographs of one person do not count as two persons.
//! - [`rank`] orders settings by their figure and says which of them the images cannot tell from the best.
//! - [`LabelTable`] reads a table of labels, [`pair`] finds the photograph of each row; nothing is dropped without a word,
//!   and what only the user can tell is a [`Question`].
//!
//! Everything is computed from a fixed seed: same cases in, same figures out.

mod answers;
mod bootstrap;
mod columns;
mod delimited;
mod figure;
mod fold;
mod labels;
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
pub use mismatch::{MismatchReason, hindrances};
pub use pairing::{Pairs, pair};
pub use ranking::{Difference, Options, RankedSetting, Ranking, rank};
pub use text::{Document, Encoding};
pub use unused::{RowFault, Unused};
pub use values::Used;

/// Why no figure can be had.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    #[error(
        "all {0} labelled images have the same label; an area under the ROC curve needs images of both"
    )]
    OneLabel(usize),
    #[error("there is no labelled image to count")]
    Empty,
    #[error("a score or a label is not a finite number")]
    NotFinite,
    #[error("{scores} scores cannot be paired with {truths} labels")]
    Lengths { scores: usize, truths: usize },
    #[error(
        "the text of the table of labels cannot be read: it is neither whole UTF-8 or UTF-16 nor CP932 (Shift_JIS), EUC-JP or CP1252; save it as \"CSV UTF-8\""
    )]
    NotText,
    #[error(
        "the table of labels is {0}, not text; open it in a spreadsheet program and save it as \"CSV UTF-8\""
    )]
    Document(Document),
    #[error(
        "a quotation mark in line {line} of the table of labels is never closed, so that the rows after it cannot be told apart"
    )]
    OpenQuote { line: usize },
    #[error("the table of labels is empty")]
    NoRows,
    #[error(
        "the table of labels has no line of names at its head; its first line names the photograph {image}"
    )]
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
    #[error("{word} was given as the meaning of a value and is neither {} nor {}", .labels[0], .labels[1])]
    NoSuchLabel { word: String, labels: [String; 2] },
    /// Only the user can tell.
    #[error("{}", .0.requested())]
    Question(Question),
}
