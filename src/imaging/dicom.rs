//! DICOM (placeholder while drafting).
use super::decode::Frame;
use super::{Error, Limits};
pub(super) fn decode(_: &[u8], _: Option<u32>, _: &Limits) -> Result<Frame, Error> {
    Err(Error::NotAnImage)
}
pub(super) fn frame_count(_: &[u8]) -> Result<u32, Error> {
    Ok(1)
}
