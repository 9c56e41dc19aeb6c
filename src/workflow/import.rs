//! Imports a model file: reads its contents, requires the missing settings, and stores it once as ONNX with its card.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::draft::{Draft, DraftInput};
use super::engine_check::{self, EngineCheck, NetworkUnderTest};
use super::error::library_unwritten;
use super::model_source::{self, ModelSource};
use super::models;
use super::resolve_card::{self, FileFacts, ImportFlags, list_open_settings, resolve_card};
use super::{Context, Error, memory};
use crate::domain::{Crop, Head, InputSpec, ModelCard, Tensor};
use crate::export::{npy, row};
use crate::graph;
use crate::imaging::prepare::prepare;
use crate::keras::{self, Imported};
use crate::numeric::hex;
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Engines, Model, Purpose, SessionOptions};
use crate::storage::atomic;
use crate::storage::library::{self, ModelFolder, Reference, Subgraphs};
use crate::text::failures::{Fault, ModelFault};

/// The contents of a model file, and the network built from it.
pub struct Read {
    pub facts: FileFacts,
    /// The whole network as ONNX.
    pub onnx: Vec<u8>,
    pub pieces: Subgraphs,
}

/// The output of `gantei import`.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    pub id: String,
    pub sha256: String,
    pub form: &'static str,
    pub architecture: Option<String>,
    pub parameters: u64,
    pub keras_version: Option<String>,
    /// The file that describes the network, if that is not the file of the weights.
    pub configuration: Option<String>,
    pub input: DraftInput,
    /// `None` if a file of weights leaves it open.
    pub head: Option<Head>,
    pub preprocessing_layers: Vec<String>,
    /// Layers that change pictures at random in training and do nothing here.
    pub augmentation_layers: Vec<String>,
    /// True if the network takes the luminance of the picture in place of its colours.
    pub grey: bool,
    pub last_feature_map: Option<Value>,
    /// Fields without a value; the import is refused while there are any.
    pub unknown: Vec<String>,
    /// Unsupported layers; a file with any is refused earlier, with the list in the error.
    pub unsupported: Vec<Value>,
    /// Fields that rest only on a preset or a convention and lack evidence.
    pub unconfirmed: Vec<String>,
    /// The findings with every score, as in results.
    pub findings: Vec<Value>,
    /// Other ids under which the library already holds the same file.
    pub same_file_as: Vec<String>,
    /// A model with this id was replaced, as the flags allowed.
    pub replaced: bool,
    /// The results of the engine checks on this machine.
    pub engine_checks: Vec<EngineCheck>,
}

/// Imports a Keras file into the library. With `draft` the known part of the card is written there instead and nothing
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
    let read = match read_or_open(file, flags, cancel, progress).map_err(bare)? {
        Stated::All(read) => read,
        Stated::Open { open, sha256, name } => {
            let settled = list_open_settings(&open, &sha256, flags, &name).map_err(bare)?;
            let report = report_open(&open, sha256, &settled);
            return match draft {
                Some(path) => write_draft(path, &settled).map(|()| report).map_err(bare),
                None => {
                    let unknown = Error::Unknown(report.unknown.clone());
                    Err((unknown, Some(Box::new(report))))
                }
            };
        }
    };
    let settled = resolve_card(&read.facts, flags).map_err(bare)?;
    let mut report = report(&read.facts, &settled);
    let same = models::cards_of_file(ctx, &report.sha256).into_iter();
    report.same_file_as = same
        .map(|card| card.id)
        .filter(|id| *id != report.id)
        .collect();
    if let Some(path) = draft {
        write_draft(path, &settled).map_err(bare)?;
        return Ok(report);
    }
    let refuse = |e: Error| (e, Some(Box::new(report.clone())));
    let mut card = settled.finish().map_err(refuse)?;
    if let Some(own) = super::demonstration::card_of(&card.source_sha256) {
        // Whatever its name and preset: a score of this network says nothing about a real eye.
        card = ModelCard {
            demonstration: true,
            intended_use: own.intended_use,
            citation: own.citation,
            acknowledgment: own.acknowledgment,
            ..card
        };
    }
    let model_folder = place_for(ctx, &card, flags.replace).map_err(refuse)?;
    let replaced = model_folder.is_stored();
    cancel.check().map_err(|e| refuse(e.into()))?;
    memory::check_forward(read.pieces.footprint).map_err(refuse)?;
    progress.start(0);
    let subject = NetworkUnderTest::of_card(&card, hex::sha256(&read.onnx));
    let mut checks = Vec::new();
    model_folder
        .store(&card, read.onnx, read.pieces, |model| {
            let reference = reference_of(model, &card, cancel)?;
            cancel.check()?;
            let (engines, model) = (ctx.engines(), Model::File(model));
            checks = engine_check::at_import(&engines, &subject, model, cancel, progress)?;
            cancel.check()?;
            Ok(reference)
        })
        .map_err(|e| refuse(library_unwritten(&ctx.places, e)))?;
    checks.iter().for_each(|check| ctx.remember(check));
    // The previous model with this id may still be open.
    ctx.let_go(|open| open.id == card.id);
    Ok(ImportReport {
        replaced,
        engine_checks: checks,
        ..report
    })
}

/// What is known before an import decides or stores anything.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The contents of the file. From them [`resolve_card()`] computes the draft for other flags, without the file.
    pub facts: FileFacts,
    /// The card as resolved from file, flags, card and preset.
    pub draft: Draft,
    /// Fields without a value; the import would be refused.
    pub unknown: Vec<String>,
    /// Fields that rest only on a preset or a convention and lack evidence.
    pub unconfirmed: Vec<String>,
    /// Ids of the models in the library that came from the same file.
    pub in_library: Vec<String>,
    /// Ids of the imported models.
    pub taken: BTreeSet<String>,
}

impl Inspected {
    /// The same file with other flags, without reading it again.
    pub fn resettled(&self, flags: &ImportFlags) -> Result<Self, Error> {
        let draft = resolve_card(&self.facts, flags)?;
        Ok(Self {
            unknown: draft.unknown(),
            unconfirmed: draft.unconfirmed(),
            draft,
            ..self.clone()
        })
    }

    /// The id, if a model of the library has it.
    pub fn taken_id(&self) -> Option<&str> {
        let id = self.draft.id.as_deref()?;
        self.taken.contains(id).then_some(id)
    }

    /// The next free id.
    pub fn free_id(&self) -> String {
        let id = self.draft.id.as_deref().unwrap_or("model");
        (2..)
            .map(|number| format!("{id}-{number}"))
            .find(|id| !self.taken.contains(id))
            .unwrap_or_default()
    }
}

/// Reads a Keras file as [`import`] does and stores nothing.
///
/// # Errors
/// For a file that leaves open what must be known before its network can be built, such as the input size,
/// [`Error::Unknown`] or, if it holds weights only, [`Error::Open`]: it can be inspected once the flags give it.
pub fn inspect(
    ctx: &Context,
    file: &Path,
    flags: &ImportFlags,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Inspected, Error> {
    let facts = read_file(file, flags, cancel, progress)?.facts;
    let draft = resolve_card(&facts, flags)?;
    Ok(Inspected {
        unknown: draft.unknown(),
        unconfirmed: draft.unconfirmed(),
        in_library: models::cards_of_file(ctx, &facts.sha256)
            .into_iter()
            .map(|card| card.id)
            .collect(),
        taken: library::model_folders(&ctx.places)
            .iter()
            .map(ModelFolder::id)
            .filter(|id| super::demonstration::Bundled::find(id).is_none())
            .collect(),
        facts,
        draft,
    })
}

fn write_draft(path: &Path, draft: &Draft) -> Result<(), Error> {
    let mut text = serde_json::to_vec_pretty(draft).map_err(|e| Error::Card(e.to_string()))?;
    text.push(b'\n');
    Ok(atomic::write(path, &text)?)
}

fn read_file(
    file: &Path,
    flags: &ImportFlags,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Read, Error> {
    match read_or_open(file, flags, cancel, progress)? {
        Stated::All(read) => Ok(*read),
        Stated::Open { open, .. } => Err(Error::Open(open)),
    }
}

/// The contents of a model file.
enum Stated {
    All(Box<Read>),
    /// A file of weights that leaves open what its network needs.
    Open {
        open: Box<keras::Open>,
        sha256: String,
        /// Gives the model's id.
        name: PathBuf,
    },
}

fn read_or_open(
    file: &Path,
    flags: &ImportFlags,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Stated, Error> {
    progress.start(0);
    let options = resolve_card::options(flags)?;
    let source = model_source::find(file, &flags.members, cancel)?;
    match read_source(&source, options, cancel, progress) {
        Err(Error::Open(open)) => Ok(Stated::Open {
            open,
            sha256: source.sha256(),
            name: source.name,
        }),
        other => other.map(|read| Stated::All(Box::new(read))),
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// Reads a model and writes its network as ONNX. The options are for a model that leaves them open.
pub fn read_source(
    source: &ModelSource,
    options: keras::Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Read, Error> {
    let imported = source.import(options, cancel, progress);
    let (imported, onnx, pieces) = written(imported, cancel, progress)?;
    Ok(Read {
        facts: facts(imported, source.sha256(), &source.name),
        onnx,
        pieces,
    })
}

/// As [`read_source`], from the bytes of one file, such as the application itself holds.
pub fn read_bytes<B>(bytes: B, cancel: &Cancel, progress: &Progress) -> Result<Read, Error>
where
    B: AsRef<[u8]> + Send + Sync + 'static,
{
    let sha256 = hex::sha256(bytes.as_ref());
    let imported = keras::import_owned(bytes, keras::Options::default(), cancel, progress);
    let (imported, onnx, pieces) = written(imported, cancel, progress)?;
    Ok(Read {
        facts: facts(imported, sha256, Path::new("")),
        onnx,
        pieces,
    })
}

/// The imported model, its network as ONNX, and its parts.
fn written(
    imported: Result<Imported, keras::Error>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(Imported, Vec<u8>, Subgraphs), Error> {
    let imported = match imported {
        Err(keras::Error::SizeNeeded) => return Err(Error::Unknown(vec!["input_size".to_owned()])),
        Err(keras::Error::Open(open)) => return Err(Error::Open(open)),
        other => other?,
    };
    cancel.check()?;
    progress.start(0);
    let subgraph =
        |graph: Option<&graph::Graph>| graph.map_or(Ok(Vec::new()), graph::onnx::to_onnx);
    let pieces = Subgraphs {
        head: subgraph(head_of(&imported.graph).as_ref())?,
        stem: subgraph(imported.stem.as_ref())?,
        footprint: memory::forward(&imported.graph),
    };
    let onnx = graph::onnx::to_onnx(&imported.graph)?;
    Ok((imported, onnx, pieces))
}

fn head_of(whole: &graph::Graph) -> Option<graph::Graph> {
    let features = whole.output(graph::FEATURES)?;
    let logit = whole.output(graph::LOGIT)?;
    graph::subgraph(whole, features, logit)
}

fn facts(imported: Imported, sha256: String, name: &Path) -> FileFacts {
    FileFacts {
        name: name.to_owned(),
        sha256,
        form: imported.form.as_str(),
        architecture: imported.architecture,
        parameters: imported.parameters,
        keras_version: imported.keras_version,
        configuration: imported.configuration,
        input_size: imported.input_size,
        head: imported.head,
        head_is_applied: imported.head_is_applied,
        is_grey: imported.is_grey,
        augmentation_layers: imported.augmentation_layers,
        preprocessing_layers: imported.preprocessing_layers,
        last_feature_map: imported.last_feature_map,
        view: imported.view,
        pooling: imported.pooling,
        units: imported.units,
        precisions: imported.precisions,
    }
}

fn report_open(open: &keras::Open, sha256: String, draft: &Draft) -> ImportReport {
    let mut unknown = owned(&open.missing);
    unknown.extend(
        draft
            .unknown()
            .into_iter()
            .filter(|n| !open.missing.contains(&n.as_str())),
    );
    ImportReport {
        id: draft.id.clone().unwrap_or_default(),
        sha256,
        form: keras::Form::WeightsOnly.as_str(),
        architecture: open.architecture.map(|a| a.as_str().to_owned()),
        parameters: open.parameters,
        keras_version: None,
        configuration: None,
        input: draft.input.clone(),
        head: draft.head,
        preprocessing_layers: Vec::new(),
        augmentation_layers: Vec::new(),
        grey: false,
        last_feature_map: None,
        unknown,
        unsupported: Vec::new(),
        unconfirmed: draft.unconfirmed(),
        findings: row::findings(&draft.findings()),
        same_file_as: Vec::new(),
        replaced: false,
        engine_checks: Vec::new(),
    }
}

fn report(facts: &FileFacts, draft: &Draft) -> ImportReport {
    ImportReport {
        id: draft.id.clone().unwrap_or_default(),
        sha256: facts.sha256.clone(),
        form: facts.form,
        architecture: facts.architecture.clone(),
        parameters: facts.parameters,
        keras_version: facts.keras_version.clone(),
        configuration: facts.configuration.clone(),
        input: draft.input.clone(),
        head: Some(facts.head),
        preprocessing_layers: facts.preprocessing_layers.clone(),
        augmentation_layers: facts.augmentation_layers.clone(),
        grey: facts.is_grey,
        last_feature_map: facts
            .last_feature_map
            .as_ref()
            .map(|map| json!({"layer": map.layer, "size": map.size})),
        unknown: draft.unknown(),
        unsupported: Vec::new(),
        unconfirmed: draft.unconfirmed(),
        findings: row::findings(&draft.findings()),
        same_file_as: Vec::new(),
        replaced: false,
        engine_checks: Vec::new(),
    }
}

/// The folder for a new model. An existing one is returned only if the user chose to replace it.
fn place_for(ctx: &Context, card: &ModelCard, replace: bool) -> Result<ModelFolder, Error> {
    if super::demonstration::Bundled::find(&card.id).is_some() {
        return Err(Error::refused(
            Fault::Model(ModelFault::NameTaken {
                name: card.id.clone(),
            }),
            format!(
                "{} is the id of a model that ships with the application",
                card.id
            ),
        ));
    }
    let model_folder = ModelFolder::of(&ctx.places, &card.id).ok_or_else(|| {
        Error::refused(
            Fault::Model(ModelFault::BadName),
            "a model id has 1 to 64 characters of a-z, 0-9, '-', '_' or '.' and does not begin with '.'"
                .to_owned(),
        )
    })?;
    if model_folder.is_stored() && !replace {
        let there = model_folder.card();
        return Err(Error::IdTaken {
            id: card.id.clone(),
            same_file: there.is_ok_and(|there| there.source_sha256 == card.source_sha256),
        });
    }
    Ok(model_folder)
}

/// Runs the new network once on a fixed picture: it must open and give finite numbers, which become its reference.
fn reference_of(model: &Path, card: &ModelCard, cancel: &Cancel) -> Result<Reference, Error> {
    let whole = InputSpec {
        crop: Crop::Stretch,
        ..card.input.clone()
    };
    let input = prepare(&engine_check::pattern(card.input.size)?, None, &whole)?.tensor;
    // Without optimisation: whatever the engine checks find, devices are tested against this.
    let plain = SessionOptions {
        purpose: Purpose::Forward,
        optimised: false,
    };
    let engines = Engines::embedded_only();
    let mut session = engines.open_named(plain, Device::Embedded, Model::File(model), cancel)?;
    let output = session
        .run(&[(graph::INPUT, &input)], &[graph::OUTPUT], cancel)?
        .remove(0);
    if output.values.iter().any(|v| !v.is_finite()) {
        return Err(Error::NotFinite("the network gives non-finite numbers"));
    }
    npy_pair(&input, &output)
}

/// A network input (NCHW) and the output for it as `.npy`, the input in Keras' order.
pub fn npy_pair(input: &Tensor, output: &Tensor) -> Result<Reference, Error> {
    let nhwc = input
        .nhwc_from_nchw()
        .ok_or_else(|| Error::Tensor("the reference input has no four axes".to_owned()))?;
    Ok(Reference {
        input: npy::write_floats(&nhwc),
        output: npy::write_floats(output),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Scaling;
    use crate::storage::Places;
    use crate::workflow::demonstration::BUNDLED;
    use crate::workflow::presets::Preset;

    #[test]
    fn inspecting_stores_nothing_and_the_draft_follows_the_flags_without_the_file() {
        let home = tempfile::tempdir().unwrap();
        let context = Context::in_places(Places::below(&home.path().join("home")));
        let file = home.path().join("my model.h5");
        std::fs::write(&file, BUNDLED[0].keras).unwrap();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let mut flags = ImportFlags::default();
        let bare = inspect(&context, &file, &flags, &cancel, &progress).unwrap();
        assert_eq!(bare.facts.architecture.as_deref(), Some("MobileNet"));
        assert_eq!(bare.facts.input_size, [224, 224]);
        assert_eq!(bare.draft.id.as_deref(), Some("my-model"));
        assert!(bare.unknown.contains(&"labels".to_owned()));
        assert_eq!(bare.in_library, [BUNDLED[0].id]);
        assert!(library::model_folders(&context.places).is_empty());

        std::fs::remove_file(&file).unwrap();
        flags.preset = Some(Preset::JoirMobileNet);
        let draft = resolve_card(&bare.facts, &flags).unwrap();
        assert_eq!(draft.unknown(), Vec::<String>::new());
        assert!(draft.unconfirmed().contains(&"scaling".to_owned()));
        flags.scaling = Some(Scaling::Unit);
        let draft = resolve_card(&bare.facts, &flags).unwrap();
        assert_eq!(draft.input.scaling, Some(Scaling::Unit));
        assert!(!draft.unconfirmed().contains(&"scaling".to_owned()));
        flags.input_size = Some([64, 64]);
        assert!(matches!(
            resolve_card(&bare.facts, &flags),
            Err(Error::Contradiction { .. })
        ));
    }
}
