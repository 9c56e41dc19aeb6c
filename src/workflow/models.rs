//! The model library: its models, and how one is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::card_file::{CardBesideModel, beside, read_card};
use super::demonstration::{self, BUNDLED, Bundled, DEFAULT};
use super::draft::Draft;
use super::engine_check::{self, EngineCheck, Forward, NetworkToOpen, NetworkUnderTest};
use super::error::library_unwritten;
use super::import::{self, Read};
use super::last_map::LastMap;
use super::model_source;
use super::resolve_card::{self, ImportFlags, resolve_card};
use super::stored::{self, ChecksumGuard, Stored, of_bundled};
use super::{Context, Error, memory, optimised};
use crate::domain::{
    Bilingual, FieldSource, Findings, InputSpec, ModelCard, Task, Tensor, ValueScale,
};
use crate::export::npy;
use crate::graph::{self, Footprint};
use crate::numeric::hex;
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Model, Opened, Probe, Purpose, Session};
use crate::saliency;
use crate::storage;
use crate::storage::library::{self, ModelFolder, Subgraphs};
use crate::text::failures::{Fault, ModelFault};
use crate::text::notes::Note;

/// Largest deviation of a score from the reference at which a device counts as working.
const PROBE_TOLERANCE: f32 = 1e-4;

/// A model in the library, as `gantei models` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct ModelSummary {
    pub id: String,
    pub task: Task,
    pub architecture: String,
    pub sha256: String,
    pub input: InputSpec,
    pub labels: Vec<String>,
    pub demonstration: bool,
    /// It ships with the application: it cannot be removed, and its card is fixed.
    #[serde(skip)]
    pub ships: bool,
    /// Bytes of the stored network; `None` before a bundled model is unpacked.
    pub bytes: Option<u64>,
    /// The results of the engine checks on this machine.
    pub engine_checks: Vec<EngineCheck>,
    #[serde(serialize_with = "whole")]
    pub card: Arc<ModelCard>,
}

impl ModelSummary {
    /// Whether this version of an engine would be checked with the model and was not yet when the list was built.
    pub fn lacks_check_of(&self, engine: &str, version: &str) -> bool {
        let known = |c: &EngineCheck| c.used.engine == engine && c.used.version == version;
        let held_by_tests = self.ships && engine == crate::runtime::EMBEDDED;
        !held_by_tests && !self.engine_checks.iter().any(known)
    }
}

fn whole<S: serde::Serializer>(card: &Arc<ModelCard>, serializer: S) -> Result<S::Ok, S::Error> {
    card.as_ref().serialize(serializer)
}

impl From<ModelCard> for ModelSummary {
    fn from(card: ModelCard) -> Self {
        Self {
            id: card.id.clone(),
            task: card.task,
            architecture: card.architecture.clone(),
            sha256: card.source_sha256.clone(),
            input: card.input.clone(),
            labels: card.labels.clone(),
            demonstration: card.demonstration,
            ships: false,
            bytes: None,
            engine_checks: Vec::new(),
            card: Arc::new(card),
        }
    }
}

/// The bundled models, then the imported ones by id. A model with visible damage is left out: [`damaged`] lists it.
pub fn models(ctx: &Context) -> Vec<ModelSummary> {
    let mut list = Vec::new();
    let checks = engine_check::engine_checks(ctx);
    let checks_of = |model_folder: &ModelFolder| -> Vec<EngineCheck> {
        let sha256 = model_folder.known_sha256();
        let own = checks
            .iter()
            .filter(|c| Some(&c.network_sha256) == sha256.as_ref());
        own.cloned().collect()
    };
    for card in demonstration::cards() {
        let model_folder = ModelFolder::of(&ctx.places, &card.id);
        list.push(ModelSummary {
            ships: true,
            bytes: model_folder.as_ref().and_then(ModelFolder::bytes),
            engine_checks: model_folder.as_ref().map(checks_of).unwrap_or_default(),
            ..card.into()
        });
    }
    for model_folder in library::model_folders(&ctx.places) {
        let Ok(card) = model_folder.look() else {
            continue;
        };
        if Bundled::find(&model_folder.id()).is_none() {
            list.push(ModelSummary {
                bytes: model_folder.bytes(),
                engine_checks: checks_of(&model_folder),
                ..card.into()
            });
        }
    }
    list
}

/// Imported models whose card cannot be read, or with a missing or truncated file: the name of each and the reason.
/// They can be removed or imported again. Files altered in place are detected when they are read completely, see
/// [`check_models`](super::check_models()).
pub fn damaged(ctx: &Context) -> Vec<Damaged> {
    let model_folders = library::model_folders(&ctx.places).into_iter();
    let imported = model_folders.filter(|model_folder| Bundled::find(&model_folder.id()).is_none());
    let damaged = imported.filter_map(|model_folder| {
        let reason = model_folder.look().err()?.to_string();
        Some(Damaged {
            id: model_folder.id(),
            reason,
        })
    });
    damaged.collect()
}

/// A model in the library that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damaged {
    pub id: String,
    pub reason: String,
}

/// Imports the bundled models into the library if they are missing, as at the first start.
pub fn prepare_models(ctx: &Context, cancel: &Cancel, progress: &Progress) -> Result<(), Error> {
    for bundled in &BUNDLED {
        of_bundled(ctx, bundled, cancel, progress)?;
    }
    Ok(())
}

/// A model that is open on an engine.
pub struct LoadedModel {
    pub card: Arc<ModelCard>,
    pub session: Box<dyn Session>,
    /// From the last feature map to the saliency map; the reason if the network does not offer it.
    pub last_map: Result<LastMap, saliency::Error>,
    /// From the picture to the first batch norms, as ONNX; empty if there are none.
    pub stem: Vec<u8>,
    /// Memory per picture.
    pub(super) footprint: Footprint,
    /// What the reader should know about how it was opened, such as a fall-back.
    pub findings: Findings,
}

/// Opens a model, named by its id in the library or by a Keras file, on a device.
pub fn load(
    ctx: &Context,
    model: &str,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<LoadedModel, Error> {
    load_with(ctx, model, device, cancel, progress, Unimported::Known)
}

/// How the card of a file outside the library is completed.
#[derive(Clone, Copy)]
pub(super) enum Unimported<'a> {
    /// Not at all.
    Known,
    /// By conventions.
    Guess,
    /// By what its import states so far; neither the library nor a card next to the file is asked.
    Stated(&'a ImportFlags),
}

/// As [`load`], with the ways to complete the card of a file.
pub(super) fn load_with(
    ctx: &Context,
    model: &str,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
    unimported: Unimported<'_>,
) -> Result<LoadedModel, Error> {
    if let Unimported::Stated(flags) = unimported {
        let source = model_source::find(Path::new(model), &flags.members, cancel)?;
        let options = resolve_card::options(flags)?;
        let read = import::read_source(&source, options, cancel, progress)?;
        let card = resolve_card(&read.facts, flags)?.finish()?;
        return open_read(ctx, card, read, device, cancel, progress);
    }
    let guess = matches!(unimported, Unimported::Guess);
    match find(ctx, model)? {
        ModelLocation::File(path) => from_file(ctx, &path, device, cancel, progress, guess),
        _ => stored::with(ctx, model, cancel, progress, |stored| {
            from_library(ctx, stored, device, cancel, progress)
        }),
    }
}

/// Opens a network for forward runs, to the extent the engines of this machine agree on it.
pub(super) fn judged(
    ctx: &Context,
    subject: &NetworkUnderTest,
    model: Model<'_>,
    seal: Option<&ChecksumGuard>,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Opened, Error> {
    let desired = NetworkToOpen {
        subject,
        forward: Forward::Stored(model),
        model,
        seal,
        purpose: Purpose::Forward,
        device,
    };
    engine_check::open(ctx, &desired, cancel, progress)
}

/// Where the named model is.
pub enum ModelLocation {
    Bundled(&'static Bundled),
    ModelFolder(ModelFolder),
    File(PathBuf),
}

/// Finds a name: a bundled id, an id in the library, a file.
pub fn find(ctx: &Context, model: &str) -> Result<ModelLocation, Error> {
    if let Some(bundled) = Bundled::find(model) {
        return Ok(ModelLocation::Bundled(bundled));
    }
    if let Some(model_folder) = ModelFolder::of(&ctx.places, model).filter(ModelFolder::is_stored) {
        return Ok(ModelLocation::ModelFolder(model_folder));
    }
    let path = Path::new(model);
    if model_source::is_there(path) {
        return Ok(ModelLocation::File(path.to_owned()));
    }
    let name = storage::file_name(path);
    Err(match is_path(path) {
        true => Error::NoSuchFile(name),
        false => Error::NoSuchModel(name),
    })
}

/// True for a path rather than the id of a model.
fn is_path(path: &Path) -> bool {
    const ENDS: [&str; 17] = [
        "h5", "hdf5", "he5", "keras", "onnx", "pb", "tflite", "pt", "pth", "ckpt", "index", "zip",
        "tar", "gz", "tgz", "npz", "json",
    ];
    let end = path.extension().unwrap_or_default().to_ascii_lowercase();
    path.components().count() > 1 || ENDS.iter().any(|known| end == *known)
}

/// The cards in the library, bundled ones included, whose model came from the file with this SHA-256.
pub(super) fn cards_of_file(ctx: &Context, sha256: &str) -> Vec<ModelCard> {
    let model_folders = library::model_folders(&ctx.places);
    let imported = model_folders
        .iter()
        .filter_map(|model_folder| model_folder.card().ok())
        .filter(|card| Bundled::find(&card.id).is_none());
    demonstration::cards()
        .chain(imported)
        .filter(|card| card.source_sha256 == sha256)
        .collect()
}

/// The library's card for a file; `None` if it has none. Of several that give the same answers the first.
///
/// # Errors
/// [`Error::SeveralCards`] for cards that do not: the user must choose one.
fn card_of_file(ctx: &Context, path: &Path, sha256: &str) -> Result<Option<ModelCard>, Error> {
    let cards = cards_of_file(ctx, sha256);
    let mut others = cards.iter().skip(1);
    if others.any(|card| bare(card) != bare(&cards[0])) {
        return Err(Error::SeveralCards {
            file: crate::storage::file_name(path),
            ids: cards.into_iter().map(|card| card.id).collect(),
        });
    }
    Ok(cards.into_iter().next())
}

/// The part of a card that affects answers and their findings: without its names and citations.
fn bare(card: &ModelCard) -> ModelCard {
    let unconfirmed = |how: &FieldSource| how.is_unconfirmed();
    let settled = card.settled.iter().filter(|(_, how)| unconfirmed(how));
    ModelCard {
        id: String::new(),
        name: String::new(),
        citation: String::new(),
        acknowledgment: Bilingual::default(),
        intended_use: Bilingual::default(),
        evaluation: serde_json::Value::Null,
        settled: settled.map(|(name, how)| (name.clone(), *how)).collect(),
        ..card.clone()
    }
}

/// Converts a file's linear output to its value: from the library's card, or a card next to the file.
pub(super) fn scale_of_file(ctx: &Context, path: &Path, sha256: &str) -> Result<ValueScale, Error> {
    let cards = cards_of_file(ctx, sha256);
    if let Some(first) = cards.first() {
        let scale = first.value_scale();
        if cards.iter().all(|card| card.value_scale() == scale) {
            return Ok(scale);
        }
        return Err(Error::SeveralCards {
            file: crate::storage::file_name(path),
            ids: cards.into_iter().map(|card| card.id).collect(),
        });
    }
    let CardBesideModel::Card(card) = beside(path) else {
        return Ok(ValueScale::default());
    };
    let draft = read_card(&card)?;
    draft.check_value()?;
    let (scale, offset) = (draft.value_scale, draft.value_offset);
    Ok(ValueScale::new(scale.unwrap_or(1.0), offset.unwrap_or(0.0)).unwrap_or_default())
}

/// Deletes an imported model from the library and closes it if it is open.
pub fn remove_model(ctx: &Context, id: &str) -> Result<(), Error> {
    if Bundled::find(id).is_some() {
        return Err(Error::refused(
            Fault::Model(ModelFault::Bundled {
                name: id.to_owned(),
            }),
            format!("{id} ships with the application and cannot be removed"),
        ));
    }
    let model_folder = ModelFolder::of(&ctx.places, id)
        .filter(ModelFolder::is_stored)
        .ok_or_else(|| Error::NoSuchModel(crate::storage::file_name(Path::new(id))))?;
    // First: some systems do not delete an open file.
    ctx.let_go(|card| card.id == id);
    model_folder
        .remove()
        .map_err(|e| library_unwritten(&ctx.places, e.into()))
}

/// The default demonstration model with its reference input and output, for trial runs of devices.
pub fn probe(ctx: &Context, cancel: &Cancel, progress: &Progress) -> Result<Probe, Error> {
    stored::with(ctx, DEFAULT, cancel, progress, |stored| {
        let [input, output] = stored.reference()?;
        let expected = npy::read_floats(&output).map_err(not_a_tensor)?;
        Ok(Probe {
            model: stored.onnx()?.0.into_owned(),
            input: (graph::INPUT.to_owned(), nchw_from_npy(&input)?),
            expected: vec![(graph::OUTPUT.to_owned(), expected)],
            tolerance: PROBE_TOLERANCE,
        })
    })
}

/// Opens a model of the library. Its files are verified while the engine opens it, and it is not returned before they
/// match their checksums.
fn from_library(
    ctx: &Context,
    stored: &Stored,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<LoadedModel, Error> {
    progress.start(0);
    let model_folder = match stored {
        Stored::ModelFolder(model_folder) => model_folder,
        Stored::Memory(kept) => {
            memory::check_forward(kept.pieces.footprint)?;
            let subject = NetworkUnderTest::of_card(&kept.card, kept.sha256.clone());
            let model = Model::Bytes(&kept.onnx);
            let opened = judged(ctx, &subject, model, None, device, cancel, progress)?;
            return loaded(ctx, kept.card.clone(), kept.pieces.clone(), opened, cancel);
        }
    };
    // Truncated or missing files can be reported without an engine.
    let card = model_folder.look()?;
    let footprint = memory::of_model_folder(model_folder)?;
    memory::check_forward(footprint)?;
    let (checksums, adopted) = model_folder.checksums_or_adopt::<Error>(cancel)?;
    if adopted {
        ctx.notify(Note::Adopted {
            id: model_folder.id(),
        });
    }
    let pieces = Subgraphs {
        head: model_folder.head()?,
        stem: model_folder.stem()?,
        footprint,
    };
    let subject = NetworkUnderTest::of_card(&card, checksums.network().to_owned());
    let to_open = optimised::Network {
        subject: &subject,
        model_folder,
        checksums: &checksums,
    };
    if let Some(opened) = optimised::open(ctx, &to_open, device, cancel)? {
        return loaded(ctx, card, pieces, opened, cancel);
    }
    let seal = ChecksumGuard::begin(model_folder, &checksums, cancel);
    let path = model_folder.model_path();
    let model = Model::File(&path);
    let opened = judged(ctx, &subject, model, Some(&seal), device, cancel, progress);
    // First of all: an engine's error on a damaged file is no help.
    seal.check()?;
    loaded(ctx, card, pieces, opened?, cancel)
}

/// Opens a Keras file in place, without storing it. Its card is the library's if the same file was imported, else a
/// card next to it with the same stem (`model.json` for `model.h5`).
fn from_file(
    ctx: &Context,
    path: &Path,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
    guess: bool,
) -> Result<LoadedModel, Error> {
    let source = model_source::find(path, &[], cancel)?;
    let of_library = |sha256: &str| -> Result<Option<LoadedModel>, Error> {
        let Some(card) = card_of_file(ctx, &source.place, sha256)? else {
            return Ok(None);
        };
        let open = |stored: &Stored| from_library(ctx, stored, device, cancel, progress);
        stored::with(ctx, &card.id, cancel, progress, open).map(Some)
    };
    let only = source.sha256_of_only_file()?;
    if let Some(sha256) = &only
        && let Some(known) = of_library(sha256)?
    {
        return Ok(known);
    }
    let (card, other) = match beside(&source.place) {
        CardBesideModel::Nothing => (None, None),
        CardBesideModel::Card(card) => (Some(card), None),
        CardBesideModel::Other(name) => (None, Some(name)),
    };
    let flags = ImportFlags {
        card,
        guess,
        ..ImportFlags::default()
    };
    let options = resolve_card::options(&flags)?;
    let read = import::read_source(&source, options, cancel, progress)
        .map_err(|e| open_here(e, path, other.clone()))?;
    if only.as_ref() != Some(&read.facts.sha256)
        && let Some(known) = of_library(&read.facts.sha256)?
    {
        return Ok(known);
    }
    let card = resolve_card(&read.facts, &flags).and_then(Draft::finish);
    // The network's configuration is next to it for a reason.
    let other = other.filter(|_| read.facts.configuration.is_none());
    let card = card.map_err(|e| open_here(e, path, other))?;
    open_read(ctx, card, read, device, cancel, progress)
}

/// Opens a network that was read from a file and is not stored.
fn open_read(
    ctx: &Context,
    card: ModelCard,
    read: Read,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<LoadedModel, Error> {
    let Read { onnx, pieces, .. } = read;
    memory::check_forward(pieces.footprint)?;
    let subject = NetworkUnderTest::of_card(&card, hex::sha256(&onnx));
    let model = Model::Bytes(&onnx);
    let opened = judged(ctx, &subject, model, None, device, cancel, progress)?;
    loaded(ctx, card, pieces, opened, cancel)
}

/// For a file opened without flags: what it leaves open is stated by importing it.
pub(super) fn open_here(error: Error, path: &Path, beside: Option<String>) -> Error {
    let fields = match error {
        Error::Unknown(fields) => fields,
        Error::Open(open) => open.missing.iter().map(|f| (*f).to_owned()).collect(),
        other => return other,
    };
    Error::NotImported {
        file: crate::storage::file_name(path),
        fields,
        beside,
    }
}

fn loaded(
    ctx: &Context,
    card: ModelCard,
    pieces: Subgraphs,
    opened: Opened,
    cancel: &Cancel,
) -> Result<LoadedModel, Error> {
    Ok(LoadedModel {
        card: Arc::new(card),
        last_map: LastMap::open(ctx, &pieces.head, &opened, cancel)?,
        session: opened.session,
        stem: pieces.stem,
        footprint: pieces.footprint,
        findings: opened.findings,
    })
}

/// Reads a Keras input (NHWC) and transposes it to the order of the networks (NCHW).
pub fn nchw_from_npy(bytes: &[u8]) -> Result<Tensor, Error> {
    let tensor = npy::read_floats(bytes).map_err(not_a_tensor)?;
    if tensor.values.iter().any(|v| !v.is_finite()) {
        return Err(Error::Tensor(
            "the input contains non-finite numbers".to_owned(),
        ));
    }
    tensor.nchw_from_nhwc().ok_or_else(|| {
        Error::Tensor("the input must have four axes: images, rows, columns, channels".to_owned())
    })
}

pub(super) fn not_a_tensor(e: npy::Error) -> Error {
    Error::Tensor(e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Places;
    use crate::workflow::Class;
    use crate::workflow::presets::Preset;

    #[test]
    fn a_path_that_is_not_there_is_no_unknown_id() {
        for path in [
            "a.h5",
            "a/b",
            "A.KERAS",
            "best.ckpt.index",
            "m.tar",
            "m.tgz",
            "m.tar.gz",
        ] {
            assert!(is_path(Path::new(path)), "{path}");
        }
        for id in ["demo-mobilenet", "study-2", "v1.5"] {
            assert!(!is_path(Path::new(id)), "{id}");
        }
    }

    #[test]
    fn an_imported_model_can_be_removed_and_a_bundled_one_cannot() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(&home.path().join("home")));
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let file = home.path().join("mine.h5");
        std::fs::write(&file, BUNDLED[0].keras).unwrap();
        let flags = ImportFlags {
            id: Some("mine".to_owned()),
            preset: Some(Preset::JoirMobileNet),
            ..ImportFlags::default()
        };
        import::import(&ctx, &file, &flags, None, &cancel, &progress)
            .map_err(|(e, _)| e)
            .unwrap();
        let open = || ctx.model("mine", Device::Embedded, &cancel, &progress);
        assert_eq!(open().unwrap().card.id, "mine");
        remove_model(&ctx, "mine").unwrap();
        assert!(matches!(open().err(), Some(Error::NoSuchModel(_))));
        assert!(models(&ctx).iter().all(|m| m.id != "mine"));
        assert_eq!(std::fs::read_dir(&ctx.places.models).unwrap().count(), 0);
        for (id, class) in [
            ("mine", Class::Model),
            ("../home", Class::Model),
            (BUNDLED[0].id, Class::Usage),
        ] {
            assert_eq!(remove_model(&ctx, id).unwrap_err().class(), class, "{id}");
        }
    }
}
