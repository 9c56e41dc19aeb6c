//! Errors of a check of the preprocessing: its table of labels, and the use of its results.

use super::Class::Usage;
use super::row::{Row, row};
use crate::evaluation;
use crate::text::failures::Fault;

pub(super) fn of_evaluation(error: &evaluation::Error) -> Row<'_> {
    row(Usage, "labels", Fault::Table(error.clone()))
}

/// Refusals with their own message.
pub(super) fn of_refusal(fault: &Fault) -> Row<'_> {
    let code = match fault {
        Fault::Labels(_) | Fault::Table(_) => "labels",
        Fault::Study(_) => "study",
        Fault::File(_)
        | Fault::Image(_)
        | Fault::Prepare(_)
        | Fault::Photograph(_)
        | Fault::Keras(_)
        | Fault::Graph(_)
        | Fault::Saliency(_)
        | Fault::Model(_)
        | Fault::Device(_)
        | Fault::Task(_) => "usage",
    };
    row(Usage, code, fault.clone())
}
