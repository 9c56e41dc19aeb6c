//! Errors of a model file, of its network, and of the network's output.

use super::device::out_of_memory;
use super::row::{Row, row};
use super::{Class, Contradicting};
use crate::domain::SystemFailure;
use crate::text::failures::{Fault, ModelFault};
use crate::{keras, saliency};

pub(super) fn of_keras(error: &keras::Error) -> Row<'_> {
    let fault = Fault::Keras(error.clone());
    match error {
        keras::Error::Memory { .. } => out_of_memory(fault),
        keras::Error::Unreadable {
            why: SystemFailure::NoMemory,
            ..
        } => out_of_memory(fault),
        keras::Error::Several(_) => row(Class::Usage, "several-models", fault),
        keras::Error::Unreadable { .. } => row(Class::Model, "file", fault),
        keras::Error::Unsupported(_)
        | keras::Error::Inputs(_)
        | keras::Error::Outputs(_)
        | keras::Error::OutputsOfOnnx(_) => row(Class::Model, "unsupported", fault),
        keras::Error::NotAModel(_)
        | keras::Error::MissingFile { .. }
        | keras::Error::Link { .. }
        | keras::Error::Part { .. }
        | keras::Error::PoolingStated
        | keras::Error::Malformed(_)
        | keras::Error::Invalid(_)
        | keras::Error::Mismatch { .. }
        | keras::Error::NotFinite { .. }
        | keras::Error::Limit(_)
        | keras::Error::TooLarge { .. }
        | keras::Error::FilesTooLarge { .. }
        | keras::Error::ArchiveTooLarge { .. }
        | keras::Error::TooManyFiles { .. }
        | keras::Error::TooManyTexts { .. }
        | keras::Error::SizeNeeded
        | keras::Error::Open(_)
        | keras::Error::Cancelled => row(Class::Model, "model", fault),
    }
}

pub(super) fn of_saliency(error: &saliency::Error) -> Row<'_> {
    let class = match error {
        saliency::Error::Memory => return out_of_memory(Fault::Saliency(error.clone())),
        saliency::Error::Target { .. } => Class::Usage,
        saliency::Error::Missing(_)
        | saliency::Error::Unsupported { .. }
        | saliency::Error::Shape(_)
        | saliency::Error::NoSuchLayer { .. }
        | saliency::Error::NotANumber => Class::Model,
    };
    row(class, "saliency", Fault::Saliency(error.clone()))
}

pub(super) fn contradiction(what: Contradicting) -> ModelFault {
    match what {
        Contradicting::Given(field) | Contradicting::OfCard(field) => {
            ModelFault::Contradiction { field }
        }
        Contradicting::Card => ModelFault::OtherCard,
    }
}
