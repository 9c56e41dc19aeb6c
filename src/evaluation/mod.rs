//! How well scores fit what is recorded: figures, their uncertainty, and the table that holds what is recorded.
//!
//! - [`Truths`] with scores become a [`Scored`], whose figure is an area under the ROC curve or a mean absolute error.
//! - [`Resamples`] draw whole persons anew, so that two photographs of one person do not count as two persons.
//! - [`rank`] orders settings by their figure and says which of them the images cannot tell from the best.
//! - [`LabelTable`] reads a table of labels, [`pair`] finds the photograph of each row; nothing is dropped without a word.
//!
//! Everything is computed from a fixed seed: same cases in, same figures out.

mod bootstrap;
mod delimited;
mod figure;
mod labels;
mod pairing;
mod ranking;

pub use bootstrap::{Resamples, interval};
pub use figure::{Figure, Scored, Truths};
pub use labels::{Column, LabelTable, Row, Sort, Unreadable};
pub use pairing::{Pairs, pair};
pub use ranking::{Difference, Options, Ranking, Standing, rank};

/// Why no figure can be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    #[error("the table of labels is not UTF-8 text; save it as \"CSV UTF-8\"")]
    NotText,
    #[error("the table of labels is empty")]
    NoRows,
    #[error(
        "the table of labels needs a column {wanted}; its first line has: {}",
        .found.join(", ")
    )]
    NoColumn { wanted: String, found: Vec<String> },
    #[error("the table of labels has more than one column {0}")]
    ColumnTwice(String),
}
