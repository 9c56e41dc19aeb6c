//! Draws a set of eyes into a folder: pictures, labels and the position of each sign.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, Error};
use crate::drawing::{self, PictureFormat};
use crate::jobs::{ReadAhead, read_ahead};
use crate::progress::Cancel;
use crate::storage::atomic;

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawRequest {
    /// Number of pictures; right and left eyes of each person alternate.
    pub count: u64,
    pub seed: u64,
    /// Width and height in pixels.
    pub size: (u32, u32),
    pub format: PictureFormat,
    pub out: PathBuf,
}

/// What was drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawn {
    pub images: u64,
    pub persons: u64,
    pub best_auc: f64,
}

/// Draws pictures in parallel and writes each when it is ready; the tables come last. `on_picture` receives the number
/// of pictures written and the name of the newest.
pub fn draw(
    _ctx: &Context,
    request: &DrawRequest,
    cancel: &Cancel,
    on_picture: &mut dyn FnMut(u64, &str),
) -> Result<Drawn, Error> {
    let extension = request.format.extension();
    let (width, height) = request.size;
    let picture = |number: u64| -> Result<(drawing::Entry, Vec<u8>), Error> {
        let (person, eye) = drawing::eye_of_picture(request.seed, number);
        let (pixels, truth) = drawing::draw_eye(&eye, width, height)?;
        let bytes = drawing::encode(&pixels, request.format)?;
        Ok((drawing::entry(&person, &eye, truth, extension), bytes))
    };
    let mut entries = Vec::new();
    read_ahead(
        0..request.count,
        ReadAhead::all_cores(),
        cancel,
        picture,
        |drawn| -> Result<(), Error> {
            let (entry, bytes) = drawn??;
            atomic::write(&request.out.join(&entry.image), &bytes)?;
            on_picture(entries.len() as u64 + 1, &entry.image);
            entries.push(entry);
            Ok(())
        },
    )?;
    atomic::write(
        &request.out.join("labels.csv"),
        drawing::labels_csv(&entries).as_bytes(),
    )?;
    atomic::write(
        &request.out.join("signs.json"),
        drawing::signs_json(request.seed, &entries).as_bytes(),
    )?;
    Ok(Drawn {
        images: request.count,
        persons: request.count.div_ceil(2),
        best_auc: drawing::best_auc(),
    })
}
