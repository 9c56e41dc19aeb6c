//! Import a Keras file: read what it tells, ask for the rest, store it once as ONNX with its card.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::draft::{Draft, DraftInput};
use super::models::hex;
use super::presets::Preset;
use super::{Context, Error};
use crate::clinic::{
    ColourOrder, Crop, Head, InputSpec, ModelCard, Pixels, Resize, Scaling, Settled, Task, Tensor,
};
use crate::export::npy;
use crate::graph;
use crate::imaging::prepare::prepare;
use crate::keras::{self, FeatureMap, Imported};
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Engines, Model};
use crate::storage::library::{Contents, Shelf};
use crate::storage::{atomic, file_name, read};

/// Largest Keras file and card that are read.
const KERAS_LIMIT: u64 = 2 << 30;
const CARD_LIMIT: u64 = 1 << 20;

/// What a person says about a model on the command line or in the import dialog.
#[derive(Clone, Debug, Default)]
pub struct ImportFlags {
    pub id: Option<String>,
    /// A card, finished or a filled-in draft.
    pub card: Option<PathBuf>,
    pub preset: Option<Preset>,
    pub input_size: Option<[u32; 2]>,
    pub head: Option<Head>,
    pub scaling: Option<Scaling>,
    pub mean: Option<[f32; 3]>,
    pub std: Option<[f32; 3]>,
    pub colour: Option<ColourOrder>,
    pub resize: Option<Resize>,
    pub crop: Option<Crop>,
    pub labels: Option<Vec<String>>,
    pub threshold: Option<f64>,
    pub task: Option<Task>,
}

/// What a model file told, and the network made of it.
pub struct Read {
    pub facts: Facts,
    /// The whole network as ONNX.
    pub onnx: Vec<u8>,
    /// From the last feature map to the logit, as ONNX; empty where the network has no such piece.
    pub head: Vec<u8>,
}

/// What a model file told.
#[derive(Clone, Debug)]
pub struct Facts {
    pub sha256: String,
    pub form: &'static str,
    pub architecture: Option<String>,
    pub parameters: u64,
    pub keras_version: Option<String>,
    pub input_size: [u32; 2],
    pub head: Head,
    pub preprocessing_layers: Vec<String>,
    pub last_feature_map: Option<FeatureMap>,
}

/// The answer of `gantei import`.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    pub id: String,
    pub sha256: String,
    pub form: &'static str,
    pub architecture: Option<String>,
    pub parameters: u64,
    pub keras_version: Option<String>,
    pub input: DraftInput,
    pub head: Head,
    pub preprocessing_layers: Vec<String>,
    pub last_feature_map: Option<Value>,
    /// Fields that nothing gave; the import is refused while there are any.
    pub unknown: Vec<String>,
    /// Layers that are not supported; a file with any is refused earlier, with the list in the error.
    pub unsupported: Vec<Value>,
    /// Fields that stand on a preset alone and wait for evidence.
    pub unconfirmed: Vec<String>,
}

/// Imports a Keras file into the library. With `draft` the card as far as it is known is written there instead and nothing
/// is stored.
pub fn import(
    ctx: &Context,
    file: &Path,
    flags: &ImportFlags,
    draft: Option<&Path>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<ImportReport, (Error, Option<Box<ImportReport>>)> {
    let bare = |e: Error| (e, None);
    progress.start("read", 0);
    let bytes = read::file(file, KERAS_LIMIT).map_err(|e| bare(e.into()))?;
    let read = read_keras(bytes, flags.input_size, cancel, progress).map_err(bare)?;
    let settled = settle(&read, flags, file).map_err(bare)?;
    let report = report(&read.facts, &settled);
    if let Some(path) = draft {
        let mut text =
            serde_json::to_vec_pretty(&settled).map_err(|e| bare(Error::Card(e.to_string())))?;
        text.push(b'\n');
        atomic::write(path, &text).map_err(|e| bare(e.into()))?;
        return Ok(report);
    }
    let refuse = |e: Error| (e, Some(Box::new(report.clone())));
    let card = settled.finish().map_err(refuse)?;
    let shelf = place_for(ctx, &card).map_err(refuse)?;
    progress.start("check", 0);
    let (input, output) = reference_of(&read, &card, cancel).map_err(refuse)?;
    progress.start("store", 0);
    store(&shelf, &card, &read, &input, &output).map_err(refuse)?;
    Ok(report)
}

/// Reads a Keras file and writes its network as ONNX. `input_size` (height, width) is for a file that leaves it open.
pub fn read_keras<B>(
    bytes: B,
    input_size: Option<[u32; 2]>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Read, Error>
where
    B: AsRef<[u8]> + Send + Sync + 'static,
{
    let sha256 = hex(&Sha256::digest(bytes.as_ref()));
    let imported = match keras::import_owned(bytes, keras::Options { input_size }, cancel, progress)
    {
        Err(keras::Error::SizeNeeded) => return Err(Error::Unknown(vec!["input_size".to_owned()])),
        other => other?,
    };
    cancel.check()?;
    progress.start("write", 0);
    let head = match head_of(&imported.graph) {
        Some(head) => graph::onnx::to_onnx(&head)?,
        None => Vec::new(),
    };
    let onnx = graph::onnx::to_onnx(&imported.graph)?;
    Ok(Read {
        facts: facts(imported, sha256),
        onnx,
        head,
    })
}

fn head_of(whole: &graph::Graph) -> Option<graph::Graph> {
    let features = whole.output(graph::FEATURES)?;
    let logit = whole.output(graph::LOGIT)?;
    graph::piece(whole, features, logit)
}

fn facts(imported: Imported, sha256: String) -> Facts {
    Facts {
        sha256,
        form: imported.form.as_str(),
        architecture: imported.architecture,
        parameters: imported.parameters,
        keras_version: imported.keras_version,
        input_size: imported.input_size,
        head: imported.head,
        preprocessing_layers: imported.preprocessing_layers,
        last_feature_map: imported.last_feature_map,
    }
}

/// Puts together what is known of a model: the file first, then flags, then a card, then a preset.
pub fn settle(read: &Read, flags: &ImportFlags, file: &Path) -> Result<Draft, Error> {
    let facts = &read.facts;
    contradiction("--input-size", Some(facts.input_size), flags.input_size)?;
    contradiction("--head", Some(facts.head), flags.head)?;
    let mut draft = Draft {
        source_sha256: Some(facts.sha256.clone()),
        architecture: facts.architecture.clone(),
        ..Draft::default()
    };
    let told = Draft {
        head: Some(facts.head),
        input: DraftInput {
            size: Some(facts.input_size),
            ..DraftInput::default()
        },
        ..Draft::default()
    };
    draft.fill_from(&told, Settled::File);
    draft.fill_from(&draft_of_flags(flags), Settled::User);
    if let Some(path) = &flags.card {
        let bytes = read::file(path, CARD_LIMIT)?;
        let card: Draft = serde_json::from_slice(&bytes)
            .map_err(|e| Error::Card(format!("{}: {e}", file_name(path))))?;
        contradiction(
            "the card's input size",
            Some(facts.input_size),
            card.input.size,
        )?;
        contradiction("the card's head", Some(facts.head), card.head)?;
        let other = card
            .source_sha256
            .as_deref()
            .filter(|s| !s.is_empty() && *s != facts.sha256);
        if other.is_some() {
            return Err(Error::Contradiction {
                what: "the card".to_owned(),
                reason: "it was written for a file with another SHA-256; empty its source_sha256 to use it for this one"
                    .to_owned(),
            });
        }
        draft.fill_from(&card, Settled::User);
    }
    if let Some(preset) = flags.preset {
        let in_graph = !facts.preprocessing_layers.is_empty();
        draft.fill_from(
            &preset.draft(facts.architecture.as_deref(), in_graph),
            Settled::Preset,
        );
    }
    let own = Draft {
        id: Some(id_from_file(file)),
        ..Draft::default()
    };
    draft.fill_from(&own, Settled::Guess);
    draft.settled.remove("id");
    draft.settled.remove("name");
    Ok(draft)
}

fn draft_of_flags(flags: &ImportFlags) -> Draft {
    Draft {
        id: flags.id.clone(),
        task: flags.task,
        labels: flags.labels.clone(),
        head: flags.head,
        threshold: flags.threshold,
        input: DraftInput {
            size: flags.input_size,
            colour: flags.colour,
            scaling: flags.scaling,
            mean: flags.mean,
            std: flags.std,
            resize: flags.resize,
            crop: flags.crop,
        },
        ..Draft::default()
    }
}

fn contradiction<T: PartialEq + Serialize>(
    what: &str,
    file: Option<T>,
    given: Option<T>,
) -> Result<(), Error> {
    match (file, given) {
        (Some(file), Some(given)) if file != given => Err(Error::Contradiction {
            what: what.to_owned(),
            reason: format!("the file says {}, given was {}", json!(file), json!(given)),
        }),
        _ => Ok(()),
    }
}

/// A file's stem as a plain id: letters, digits, `-`, `_` and `.`.
pub(super) fn id_from_file(file: &Path) -> String {
    let stem = file
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    let id: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .take(64)
        .collect();
    let id = id.trim_matches(['.', '-']).to_owned();
    if id.is_empty() {
        "model".to_owned()
    } else {
        id
    }
}

fn report(facts: &Facts, draft: &Draft) -> ImportReport {
    let unconfirmed = draft
        .settled
        .iter()
        .filter(|(_, how)| matches!(how, Settled::Preset | Settled::Guess))
        .map(|(name, _)| name.clone());
    ImportReport {
        id: draft.id.clone().unwrap_or_default(),
        sha256: facts.sha256.clone(),
        form: facts.form,
        architecture: facts.architecture.clone(),
        parameters: facts.parameters,
        keras_version: facts.keras_version.clone(),
        input: draft.input.clone(),
        head: facts.head,
        preprocessing_layers: facts.preprocessing_layers.clone(),
        last_feature_map: facts
            .last_feature_map
            .as_ref()
            .map(|map| json!({"layer": map.layer, "size": map.size})),
        unknown: draft.unknown(),
        unsupported: Vec::new(),
        unconfirmed: unconfirmed.collect(),
    }
}

fn place_for(ctx: &Context, card: &ModelCard) -> Result<Shelf, Error> {
    if super::demonstration::Bundled::find(&card.id).is_some() {
        return Err(Error::Usage(format!(
            "{} is the name of a model that ships with the application; give another with --id",
            card.id
        )));
    }
    Shelf::of(&ctx.places, &card.id).ok_or_else(|| {
        Error::Usage(
            "a model id has 1 to 64 letters, digits, '-', '_' or '.'; give one with --id"
                .to_owned(),
        )
    })
}

/// Stores a model in the library.
pub fn store(
    shelf: &Shelf,
    card: &ModelCard,
    read: &Read,
    input: &[u8],
    output: &[u8],
) -> Result<(), Error> {
    shelf.store(
        card,
        &Contents {
            onnx: &read.onnx,
            head: &read.head,
            reference_input: input,
            reference_output: output,
        },
    )?;
    Ok(())
}

/// Runs the new network once on a fixed picture: it must open and give finite numbers, which become its reference.
fn reference_of(
    read: &Read,
    card: &ModelCard,
    cancel: &Cancel,
) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let whole = InputSpec {
        crop: Crop::Stretch,
        ..card.input.clone()
    };
    let input = prepare(&pattern(card.input.size)?, None, &whole)?.tensor;
    let mut opened =
        Engines::embedded_only().open(Device::Embedded, Model::Bytes(&read.onnx), cancel)?;
    let output = opened
        .session
        .run(&[(graph::INPUT, &input)], &[graph::OUTPUT], cancel)?
        .remove(0);
    if output.values.iter().any(|v| !v.is_finite()) {
        return Err(Error::Tensor(
            "the network gives numbers that are not finite".to_owned(),
        ));
    }
    npy_pair(&input, &output)
}

/// A network input (NCHW) and the output for it as `.npy`, the input in Keras' order.
pub fn npy_pair(input: &Tensor, output: &Tensor) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let nhwc = input
        .nhwc_from_nchw()
        .ok_or_else(|| Error::Tensor("the reference input has no four axes".to_owned()))?;
    Ok((npy::write_floats(&nhwc), npy::write_floats(output)))
}

/// A smooth picture with the colours of a fundus, at the network's own size.
fn pattern([height, width]: [u32; 2]) -> Result<Pixels, Error> {
    let mut rgb = Vec::with_capacity(height as usize * width as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (
                f64::from(x) / f64::from(width),
                f64::from(y) / f64::from(height),
            );
            let light = (std::f64::consts::PI * u).sin() * (std::f64::consts::PI * v).sin();
            for (channel, tint) in [0.75, 0.4, 0.2].into_iter().enumerate() {
                let ripple = 0.1 * (12.0 * (u + v) + channel as f64).sin();
                rgb.push((255.0 * light * (tint + ripple)).clamp(0.0, 255.0) as u8);
            }
        }
    }
    Pixels::new(width, height, rgb).ok_or_else(|| Error::Card("the input size is empty".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_file_names() {
        assert_eq!(id_from_file(Path::new("/x/My model (2).h5")), "My-model--2");
        assert_eq!(id_from_file(Path::new("眼底.h5")), "model");
    }

    #[test]
    fn what_contradicts_the_file_is_refused() {
        assert!(contradiction("--head", Some(Head::Sigmoid), Some(Head::Softmax)).is_err());
        assert!(contradiction("--head", Some(Head::Sigmoid), Some(Head::Sigmoid)).is_ok());
        assert!(contradiction("--head", None, Some(Head::Softmax)).is_ok());
    }
}
