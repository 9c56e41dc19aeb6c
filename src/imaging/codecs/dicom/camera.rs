//! The camera that a file names; see [`CameraFacts`] for what it must not be used for.

use super::data_set::{DataSet, Tag};
use crate::domain::CameraFacts;

const MANUFACTURER: Tag = (0x0008, 0x0070);
const MODEL_NAME: Tag = (0x0008, 0x1090);
const HORIZONTAL_FIELD_OF_VIEW: Tag = (0x0022, 0x000C);

pub(super) fn camera(data_set: &DataSet) -> Option<CameraFacts> {
    let degrees = data_set.floats(HORIZONTAL_FIELD_OF_VIEW);
    let degrees = degrees.and_then(|values| values.first().copied());
    CameraFacts::new(
        &data_set.text(MANUFACTURER),
        &data_set.text(MODEL_NAME),
        degrees.map(f64::from),
    )
}
