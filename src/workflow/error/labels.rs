//! Errors of a check of the preprocessing: its table of labels, and the use of what it found.

use super::Class::Usage;
use super::row::{Row, row};
use crate::evaluation::{self, Question, Unused};
use crate::text::failures::{Fault, LabelsFault};

const NAME_COLUMNS: &str = "Name the columns with --columns, such as --columns image=NAME,sex=NAME; #3 is the third column.";
const SAY_VALUES: &str = "Say which label each value means with --values, such as --values 1=LABEL,2=LABEL; VALUE=- leaves its rows out.";
const SAME_NAMES: &str =
    "If they are the same, add --ignore-leading-zeros; else save the names as text.";
const FIRST_LINE: &str = "A table of labels starts with a line of names such as: image,person,age,sex. Each further line names an image as it is found below the folder that was given.";

pub(super) fn of_evaluation(error: &evaluation::Error) -> Row<'_> {
    let hint = match error {
        evaluation::Error::NoRows | evaluation::Error::NoHeader { .. } => FIRST_LINE,
        evaluation::Error::Question(Question::Column { .. }) => NAME_COLUMNS,
        evaluation::Error::Question(Question::Values(_)) => SAY_VALUES,
        evaluation::Error::Question(Question::LeadingZeros { .. }) => SAME_NAMES,
        evaluation::Error::OneLabel(_)
        | evaluation::Error::Empty
        | evaluation::Error::NotFinite
        | evaluation::Error::Lengths { .. }
        | evaluation::Error::NotText
        | evaluation::Error::Document(_)
        | evaluation::Error::OpenQuote { .. }
        | evaluation::Error::NoSuchColumn { .. }
        | evaluation::Error::NoSuchLabel { .. } => "",
    };
    row(Usage, "labels", hint, Fault::Table(error.clone()))
}

/// What was refused with words of its own.
pub(super) fn of_refusal(fault: &Fault) -> Row<'_> {
    let (code, hint) = match fault {
        Fault::Labels(fault) => ("labels", hint_of(fault)),
        Fault::Table(_) => ("labels", ""),
        Fault::File(_)
        | Fault::Image(_)
        | Fault::Prepare(_)
        | Fault::Photograph(_)
        | Fault::Model(_)
        | Fault::Device(_)
        | Fault::Task(_) => ("usage", ""),
    };
    row(Usage, code, hint, fault.clone())
}

fn hint_of(fault: &LabelsFault) -> &'static str {
    match fault {
        LabelsFault::OrderFlipped => {
            "Exchange the labels with --label-order swap, or leave them with --label-order keep."
        }
        LabelsFault::NoPairs { .. } | LabelsFault::NoneReadable { .. } => {
            "The column of images names each photograph by its path below the folder given, or by its file name. Other columns are named with --columns image=NAME,sex=NAME (or age, label)."
        }
        LabelsFault::TooFew { unused }
            if unused.iter().any(|(what, _)| *what == Unused::NotAFundus) =>
        {
            "Pictures that do not look like fundus photographs are used with --accept-any-picture."
        }
        LabelsFault::OneLabel { .. }
        | LabelsFault::NoPhotographs
        | LabelsFault::TooFew { .. }
        | LabelsFault::Replaced
        | LabelsFault::NoSuchRow
        | LabelsFault::NoChoice => "",
    }
}
