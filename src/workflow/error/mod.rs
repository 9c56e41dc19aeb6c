//! Errors of the operations. In addition to its message each error has one row in a table: its class, which decides the
//! exit status, its code, and its fault, which the window shows in both languages with a hint. The hints and flag names
//! of the command line are in `cli`.
//!
//! Every table is complete: an error without a row does not compile.

mod device;
mod file;
mod labels;
mod model;
mod photograph;
mod row;
mod study;

use std::fmt;
use std::io::ErrorKind;

use serde::{Deserialize, Serialize};

use super::card_file::NotACard;
use super::relayed::RelayedError;
use crate::domain::foreign::{escaped, shown};
use crate::domain::listed::listed;
use crate::domain::{Head, Operation};
use crate::jobs::Panicked;
use crate::numeric::gigabytes;
use crate::progress::Cancelled;
use crate::runtime::wheel;
use crate::storage::library::Damage;
use crate::text::Lang;
use crate::text::failures::{CardRule, Fault, StudyFault};
use crate::{graph, imaging, keras, runtime, saliency, storage};

/// Why an operation failed. `Display` describes the failure without the name of a flag.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// An error of the file that was named as a model.
    #[error("{0}")]
    ModelFile(storage::Error),
    #[error("{0}")]
    Image(#[from] imaging::Error),
    #[error("{0}")]
    Prepare(#[from] imaging::prepare::Error),
    #[error("{}", of_keras(.0))]
    Keras(keras::Error),
    #[error("{0}")]
    Graph(#[from] graph::Error),
    #[error("{0}")]
    Saliency(#[from] saliency::Error),
    #[error("{0}")]
    Runtime(runtime::Error),
    #[error("there is no model called {}", shown(.0))]
    NoSuchModel(String),
    /// A path was given instead of a model.
    #[error("the file {} does not exist", shown(.0))]
    NoSuchFile(String),
    /// None of the models in a folder or archive has this name; those that are there.
    #[error("there is no model {} in it{}", shown(.name), those_there(.members))]
    NoSuchMember { name: String, members: Vec<String> },
    /// More than one of the chosen files holds weights, or more than one a configuration.
    #[error(
        "a model has one file of weights and one configuration; chosen were: {}",
        listed(.0, Lang::En)
    )]
    MembersOfOneKind(Vec<String>),
    /// The chosen configuration is in another folder than the weights; the configurations next to these.
    #[error(
        "the configuration {} is in another folder than the weights {}{}",
        shown(.name), shown(.weights), those_there(.members)
    )]
    NotBeside {
        name: String,
        weights: String,
        members: Vec<String>,
    },
    /// A model of another file, or with another card, has this id.
    #[error(
        "the library already has a model {id}, from {}; nothing was replaced",
        if *.same_file { "the same file" } else { "another file" }
    )]
    IdTaken { id: String, same_file: bool },
    /// A model file that is in the library more than once.
    #[error("{} is in the library with more than one card: {}", shown(.file), .ids.join(", "))]
    SeveralCards { file: String, ids: Vec<String> },
    /// A file outside the library, given where no flags can set what it leaves open.
    #[error("the model file {} leaves open what must be known: {}", shown(.file), .fields.join(", "))]
    NotImported {
        file: String,
        fields: Vec<String>,
        /// A JSON file next to it that is not a card.
        beside: Option<String>,
    },
    #[error("the model file leaves open what must be known: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// A file of weights that leaves open what its network needs.
    #[error("the model file leaves open what must be known: {}", .0.missing.join(", "))]
    Open(Box<keras::Open>),
    /// The network's output is neither a score between two labels nor one value.
    #[error("{}", answerless(*.head, *.units))]
    Head { head: Head, units: usize },
    #[error("{what} contradicts the model file: {reason}")]
    Contradiction { what: Contradicting, reason: String },
    #[error("the model card is not valid: {0}")]
    Card(String),
    /// A JSON file about something else.
    #[error("{} is not a model card: {}", shown(.name), not_a_card(*.what))]
    NotACard { name: String, what: NotACard },
    /// A card that breaks a rule, or a request for an answer that the network does not give.
    #[error("{}", broken(*.0))]
    CardRule(#[from] CardRule),
    #[error("{0}")]
    Tensor(String),
    #[error("{0}")]
    NotFinite(&'static str),
    /// Wrong usage of the command line only.
    #[error("{0}")]
    Usage(String),
    /// A request that cannot be fulfilled, worded for the window and in English.
    #[error("{1}")]
    Refused(Box<Fault>, String),
    #[error("{0}")]
    Picture(#[from] crate::export::overlay_format::Error),
    #[error("{0}")]
    Figure(#[from] crate::export::figure::Error),
    #[error("{0}")]
    Library(wheel::WheelError),
    /// The model library cannot be written to.
    #[error(
        "the model library cannot be written to ({kind}); set GANTEI_HOME to a folder you may write to"
    )]
    LibraryUnwritten { kind: ErrorKind },
    #[error("the settings folder cannot be written to")]
    SettingsUnwritten { kind: ErrorKind },
    /// The runtime library is valid and could not be stored.
    #[error("{0}")]
    LibraryStore(storage::Error),
    /// The checksum of a runtime library is unknown; the user may accept it.
    #[error("{}", wheel::WheelError::NotPinned { found: sha256.clone() })]
    NotPinned { sha256: String },
    /// A file of this name exists, and the user did not choose to replace it.
    #[error("{} already exists", shown(.0))]
    Exists(String),
    /// A panic: the task ends, the application continues.
    #[error("a defect of the application stopped this: {0}")]
    Defect(#[from] Panicked),
    #[error("{0}")]
    Drawing(#[from] crate::drawing::Error),
    #[error("{0}")]
    Evaluation(#[from] crate::evaluation::Error),
    /// Reported before anything is run; nothing was tried.
    #[error(
        "{} needs about {} of memory; {} is free", doing(*.work), gigabytes(*.need), gigabytes(*.available)
    )]
    Memory {
        work: Operation,
        need: u64,
        available: u64,
    },
    #[error("the photograph was changed since the model ran on it")]
    Changed,
    /// The user did not choose to use the picture anyway.
    #[error("this does not look like a fundus photograph, so the model is not run on it")]
    NotAFundus,
    /// Another process writes into the folder of results.
    #[error("another run writes into this folder; wait until it has ended")]
    Held,
    /// A study and its folder.
    #[error("{}", of_study(.0))]
    Study(Box<StudyFault>),
    /// Some files of a run are not on the disk.
    #[error("{first}{}", and_more(*.more))]
    Unwritten {
        first: storage::Error,
        /// Number of other files that could not be written either.
        more: usize,
    },
    #[error(
        "overlays are not on the disk; rows without their overlay: {rows}, each with its reason"
    )]
    Overlays { rows: usize },
    /// No thread or process could be started, and why.
    #[error("the system could not start a thread or process: {0}")]
    NoProcess(ErrorKind),
    /// The process that read the photographs ended, and how.
    #[error("the process that read the photograph ended ({0})")]
    WorkerDied(String),
    #[error("a model was changed during the run")]
    ModelChanged,
    /// The error with which another process of this application refused.
    #[error("{0}")]
    Relayed(Box<RelayedError>),
    #[error("cancelled")]
    Cancelled,
}

/// What contradicts the model file. Fields use their names in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradicting {
    /// A field that was given on its own.
    Given(&'static str),
    /// A field of the given card.
    OfCard(&'static str),
    /// The card, which was written for another file.
    Card,
}

impl fmt::Display for Contradicting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |field: &str| field.replace('_', " ");
        match self {
            Self::Given(field) => write!(f, "the given {}", words(field)),
            Self::OfCard(field) => write!(f, "the card's {}", words(field)),
            Self::Card => f.write_str("the card"),
        }
    }
}

fn broken(rule: CardRule) -> String {
    match rule {
        // Reported before there is a card.
        CardRule::LinearScore | CardRule::AgeHead => rule.to_string(),
        CardRule::InputSize
        | CardRule::Threshold
        | CardRule::ValueOfScore
        | CardRule::ValueScale
        | CardRule::ValueRange
        | CardRule::ClassesTask
        | CardRule::LabelPerClass
        | CardRule::TwoLabels
        | CardRule::CustomScaling
        | CardRule::WholeNumbers => format!("the model card is not valid: {rule}"),
    }
}

/// For a file of another kind the sentence of the window.
fn of_keras(error: &keras::Error) -> String {
    match error {
        keras::Error::NotAModel(_) | keras::Error::Part { .. } => {
            Fault::Keras(error.clone()).message(Lang::En)
        }
        other => other.to_string(),
    }
}

/// The sentence of the window.
fn of_study(fault: &StudyFault) -> String {
    Fault::Study(fault.clone()).message(Lang::En)
}

fn those_there(members: &[String]) -> String {
    match members {
        [] => String::new(),
        _ => format!("; there is: {}", listed(members, Lang::En)),
    }
}

fn and_more(files: usize) -> String {
    match files {
        0 => String::new(),
        1 => "; one more file could not be written either".to_owned(),
        more => format!("; {more} more files could not be written either"),
    }
}

impl Error {
    /// A request that cannot be fulfilled, worded for the window and in English.
    pub fn refused(fault: Fault, english: String) -> Self {
        Self::Refused(Box::new(fault), english)
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<crate::export::png::Error> for Error {
    fn from(error: crate::export::png::Error) -> Self {
        Self::Picture(error.into())
    }
}

// Every form of cancellation becomes `Cancelled`, whatever module reported it.

impl From<keras::Error> for Error {
    fn from(error: keras::Error) -> Self {
        match error {
            keras::Error::Cancelled => Self::Cancelled,
            other => Self::Keras(other),
        }
    }
}

impl From<runtime::Error> for Error {
    fn from(error: runtime::Error) -> Self {
        match error {
            runtime::Error::Cancelled => Self::Cancelled,
            other => Self::Runtime(other),
        }
    }
}

impl Error {
    /// Settings that could not be saved: their folder is fixed and cannot be chosen in the window.
    pub fn settings_unwritten(error: storage::Error) -> Self {
        match error {
            storage::Error::Write { source, .. } => Self::SettingsUnwritten {
                kind: source.kind(),
            },
            other => other.into(),
        }
    }
}

/// The error for a library that cannot be written to; its message names the remedy.
pub(super) fn library_unwritten(places: &storage::Places, error: Error) -> Error {
    match error {
        Error::Storage(storage::Error::Write { .. }) if places.is_nowhere() => {
            storage::Error::NoHome.into()
        }
        Error::Storage(storage::Error::Write { source, .. }) => Error::LibraryUnwritten {
            kind: source.kind(),
        },
        other => other,
    }
}

fn doing(work: Operation) -> &'static str {
    match work {
        Operation::Map => "this map",
        Operation::Network => "running this model",
        Operation::Reading => "reading this file",
        Operation::Start => "the application",
    }
}

fn answerless(head: Head, units: usize) -> String {
    match head {
        Head::Sigmoid => format!(
            "the network ends in {units} independent sigmoids; a score between two labels needs one"
        ),
        Head::Softmax => format!(
            "the network ends in a softmax of {units} classes; a score between two labels needs two"
        ),
        Head::Linear => format!(
            "the network ends in {units} outputs without an activation: features without a head, or several values; one value is needed"
        ),
    }
}

/// Classes of errors, in the order of the exit statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// A row failed, or a file could not be read or written.
    Failed,
    /// The request itself is wrong.
    Usage,
    /// A model, card or tensor was refused.
    Model,
    /// A device or memory is not available.
    Device,
    /// The user stopped it.
    Interrupted,
}

impl Error {
    /// What is wrong with a stored model, if that is the error.
    pub fn damage(&self) -> Option<&Damage> {
        match self {
            Self::Storage(storage::Error::NotAsStored(damage)) => Some(damage),
            _ => None,
        }
    }

    /// The same without file names: `FILE` replaces them, as in the help.
    pub fn masked(self) -> Self {
        let file = || "FILE".to_owned();
        let files = |names: &[String]| (1..=names.len()).map(|at| format!("FILE {at}")).collect();
        match self {
            Self::Storage(e) => Self::Storage(e.about(file())),
            Self::ModelFile(e) => Self::ModelFile(e.about(file())),
            Self::Keras(keras::Error::MissingFile { .. }) => {
                Self::Keras(keras::Error::MissingFile { name: file() })
            }
            Self::Keras(keras::Error::Link { .. }) => {
                Self::Keras(keras::Error::Link { name: file() })
            }
            Self::Keras(keras::Error::Part { kind, .. }) => {
                Self::Keras(keras::Error::Part { name: file(), kind })
            }
            Self::Keras(keras::Error::TooLarge { limit, .. }) => {
                Self::Keras(keras::Error::too_large("FILE", limit))
            }
            Self::Keras(keras::Error::Several(names)) => {
                Self::Keras(keras::Error::Several(files(&names)))
            }
            Self::NoSuchMember { members, .. } => Self::NoSuchMember {
                name: file(),
                members: files(&members),
            },
            Self::MembersOfOneKind(members) => Self::MembersOfOneKind(files(&members)),
            Self::NotBeside { members, .. } => Self::NotBeside {
                name: file(),
                weights: file(),
                members: files(&members),
            },
            Self::Keras(keras::Error::Unreadable { why, .. }) => {
                Self::Keras(keras::Error::Unreadable { name: file(), why })
            }
            Self::LibraryStore(e) => Self::LibraryStore(e.about(file())),
            Self::NoSuchFile(_) => Self::NoSuchFile(file()),
            Self::Exists(_) => Self::Exists(file()),
            Self::SeveralCards { ids, .. } => Self::SeveralCards { file: file(), ids },
            Self::Study(fault) => Self::Study(Box::new(study::masked(*fault))),
            Self::NotACard { what, .. } => Self::NotACard { name: file(), what },
            Self::NotImported { fields, beside, .. } => Self::NotImported {
                file: file(),
                fields,
                beside: beside.map(|_| "A JSON file".to_owned()),
            },
            other => other,
        }
    }

    /// The message as it may be shown and written: on one line, and without terminal control characters.
    pub fn wording(&self) -> String {
        escaped(&self.to_string())
    }
}

fn not_a_card(what: NotACard) -> &'static str {
    match what {
        NotACard::Configuration => {
            "it is the configuration of a network, as Keras writes it with model.to_json"
        }
        NotACard::Other => "it has none of a card's fields",
    }
}

#[cfg(test)]
mod tests;
