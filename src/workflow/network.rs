//! A network as it is, for tensors that are already its input.

use std::path::PathBuf;

use super::draft::finding_of_precisions;
use super::engine_check::NetworkUnderTest;
use super::file_id::id_from_file;
use super::import;
use super::last_map::LastMap;
use super::model_source;
use super::models::{ModelLocation, find, judged, load, scale_of_file};
use super::{Context, Error, memory};
use crate::domain::{Findings, Head, Tensor, ValueScale};
use crate::graph::Footprint;
use crate::keras;
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Model, Session};
use crate::saliency;

/// A network without what a card adds: enough for a tensor that is already the network's input.
pub struct Network {
    pub id: String,
    pub sha256: String,
    pub kind: Head,
    /// Height and width of the input.
    pub input_size: [u32; 2],
    takes_whole_numbers: bool,
    /// True if it gives a score for each of several classes.
    pub has_classes: bool,
    /// True if it takes the luminance of the picture.
    pub is_grey: bool,
    /// Memory per picture.
    pub(super) footprint: Footprint,
    pub session: Box<dyn Session>,
    pub last_map: Result<LastMap, saliency::Error>,
    scale: Scale,
    /// What the reader should know about how it was opened.
    pub findings: Findings,
}

/// Opens a network, named by a model's id or a model file, on a device. `members` and the options are for a file that
/// leaves them open.
pub fn network(
    ctx: &Context,
    model: &str,
    members: &[String],
    options: keras::Options,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Network, Error> {
    if let ModelLocation::File(path) = find(ctx, model)? {
        let source = model_source::find(&path, members, cancel)?;
        let read = import::read_source(&source, options, cancel, progress)?;
        let facts = &read.facts;
        let subject = NetworkUnderTest::of_file(
            &read.onnx,
            facts.input_size,
            facts.head,
            facts.takes_raw_pixels(),
        );
        let footprint = read.pieces.footprint;
        memory::check_forward(footprint)?;
        let model = Model::Bytes(&read.onnx);
        let mut opened = judged(ctx, &subject, model, None, device, cancel, progress)?;
        let precision = finding_of_precisions(&read.facts.precisions);
        opened.findings.extend(precision);
        let (has_classes, is_grey) = (facts.classes().is_some(), facts.is_grey);
        return Ok(Network {
            id: id_from_file(&source.name, &read.facts.sha256),
            sha256: read.facts.sha256,
            kind: read.facts.head,
            input_size: read.facts.input_size,
            takes_whole_numbers: keras::takes_whole_numbers(&read.facts.precisions),
            has_classes,
            is_grey,
            footprint,
            last_map: LastMap::open(ctx, &read.pieces.head, &opened, cancel)?,
            session: opened.session,
            scale: Scale::Beside(source.place),
            findings: opened.findings,
        });
    }
    let mut loaded = load(ctx, model, device, cancel, progress)?;
    let precision = finding_of_precisions(&loaded.card.precisions);
    loaded.findings.extend(precision);
    Ok(Network {
        id: loaded.card.id.clone(),
        sha256: loaded.card.source_sha256.clone(),
        kind: loaded.card.head,
        input_size: loaded.card.input.size,
        takes_whole_numbers: keras::takes_whole_numbers(&loaded.card.precisions),
        has_classes: loaded.card.classes.is_some(),
        is_grey: loaded.card.grey,
        footprint: loaded.footprint,
        session: loaded.session,
        last_map: loaded.last_map,
        scale: Scale::OfCard(loaded.card.value_scale()),
        findings: loaded.findings,
    })
}

/// Where the scale of a linear output is stated.
enum Scale {
    OfCard(ValueScale),
    /// The library's card for the file, or a card next to this file or folder.
    Beside(PathBuf),
}

impl Network {
    /// Converts the network's linear output to its value.
    pub fn scale(&self, ctx: &Context) -> Result<ValueScale, Error> {
        match &self.scale {
            Scale::OfCard(scale) => Ok(*scale),
            Scale::Beside(place) => scale_of_file(ctx, place, &self.sha256),
        }
    }

    /// The input (N, 3, H, W). That of a network of one channel may have one, which stands for equal colours. Refuses one
    /// whose size differs from the network's, and fractions for a network of integers.
    pub fn accepted(&self, input: Tensor) -> Result<Tensor, Error> {
        let input = match *input.shape {
            [n, 1, h, w] if self.is_grey => Tensor {
                shape: vec![n, 3, h, w],
                values: (input.values.chunks(h * w))
                    .flat_map(|one| [one; 3].concat())
                    .collect(),
            },
            _ => input,
        };
        self.check_input(&input)?;
        Ok(input)
    }

    fn check_input(&self, input: &Tensor) -> Result<(), Error> {
        let [height, width] = self.input_size.map(|side| side as usize);
        match *input.shape {
            [_, 3, h, w] if [h, w] == [height, width] => match self.takes_whole_numbers {
                true => check_whole_numbers(input),
                false => Ok(()),
            },
            [_, channels, h, w] => Err(Error::Tensor(format!(
                "the input has the wrong size: expected {height}×{width}×3 (height × width × channels), got {h}×{w}×{channels}"
            ))),
            _ => Err(Error::Tensor("the input must have four axes".to_owned())),
        }
    }
}

/// Refuses an input that Keras would truncate for a network of integers.
pub fn check_whole_numbers(input: &Tensor) -> Result<(), Error> {
    let is_pixel = |v: &f32| (0.0..=255.0).contains(v) && v.fract() == 0.0;
    match input.values.iter().all(is_pixel) {
        true => Ok(()),
        false => Err(Error::Tensor(
            "the network takes whole numbers from 0 to 255, and the input has others".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_that_would_be_truncated_is_refused() {
        for (value, is_taken) in [
            (0.0, true),
            (255.0, true),
            (0.5, false),
            (-1.0, false),
            (256.0, false),
            (f32::NAN, false),
        ] {
            let input = Tensor {
                shape: vec![1, 3, 1, 1],
                values: vec![7.0, value, 8.0],
            };
            assert_eq!(check_whole_numbers(&input).is_ok(), is_taken, "{value}");
        }
    }
}
