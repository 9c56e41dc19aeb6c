//! Rows of a study, as answers of the photographs in the list.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Failure;
use crate::app::state::{Known, Opening, PhotoId, State};
use crate::domain::ResultRow;
use crate::imaging::Geometry;
use crate::text::failures::{Fault, TaskFault};
use crate::workflow::Answer;

/// The photographs of the list by their files.
pub(super) fn ids_by_path(state: &State) -> HashMap<PathBuf, PhotoId> {
    let files = state.photographs.iter();
    files
        .filter_map(|p| Some((p.source.file()?.to_owned(), p.id)))
        .collect()
}

pub(super) fn put_row(state: &mut State, photo: Option<PhotoId>, row: ResultRow) {
    let Some(photo) = photo.and_then(|id| state.photograph_mut(id)) else {
        return;
    };
    let model = row.card.id.clone();
    if let Some(error) = row.error {
        let fault = Fault::Task(TaskFault::InStudyRun);
        photo.failed_run(&model, Failure::of("row", error, fault));
        return;
    }
    photo.begins_run(std::slice::from_ref(&model));
    if matches!(photo.opening, Opening::Failed(_)) {
        photo.opening = Opening::Closed;
    }
    if photo.known.is_none() {
        photo.known = Known::of_row(&row);
    }
    let Some(geometry) = geometry(&row) else {
        return;
    };
    photo.take_answer(model.clone(), Arc::new(Answer::of_run(row, None, geometry)));
    // It is in the journal of the study.
    photo.stored.insert(model);
}

/// How the network saw the photograph; a row without an answer has the whole frame.
fn geometry(row: &ResultRow) -> Option<Geometry> {
    let image = [row.width?, row.height?];
    let whole = (0, 0, image[0], image[1]).into();
    match &row.preprocessing {
        Some(of) => {
            let [height, width] = of.spec.size;
            Geometry::new(image, of.crop_in_image, [width, height])
        }
        None => Geometry::new(image, whole, image),
    }
}
