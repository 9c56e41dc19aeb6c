//! Errors of a photograph: its file, and the requirements of the model card.

use super::Class;
use super::row::{Row, row};
use crate::imaging;
use crate::text::failures::Fault;

pub(super) fn of_image(error: &imaging::Error) -> Row<'_> {
    let class = match error {
        imaging::Error::FrameOutOfRange { .. } => Class::Usage,
        imaging::Error::Empty
        | imaging::Error::NotAnImage(_)
        | imaging::Error::Malformed { .. }
        | imaging::Error::Unsupported(_)
        | imaging::Error::Foreign(_)
        | imaging::Error::Memory { .. }
        | imaging::Error::NotAPhotograph(_)
        | imaging::Error::Limit { .. } => Class::Failed,
    };
    row(class, "image", Fault::Image(error.clone()))
}

pub(super) fn of_prepare(error: &imaging::prepare::Error) -> Row<'_> {
    row(
        Class::Failed,
        "preprocessing",
        Fault::Prepare(error.clone()),
    )
}
