//! The model library on disk: one folder per model with `model.onnx`, `card.json`, reference tensors, and a checksum of
//! each.
//!
//! A folder is written whole or not at all, and everything read from it is compared with its checksum. The gradient
//! graph is never stored.

mod check;
mod checksums;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Error, Places, atomic, file_name, leftovers, read, text};
use crate::domain::ModelCard;
use crate::graph::Footprint;
use crate::numeric::hex::sha256;

pub use check::{Damage, Mark};
pub use checksums::{Checksums, FileDamage};

/// Largest model or submodel, card, and reference tensor or stem that is read back.
const MODEL_LIMIT: u64 = 2 << 30;
const CARD_LIMIT: u64 = 1 << 20;
const TENSOR_LIMIT: u64 = 256 << 20;

const CARD: &str = "card.json";
const NETWORK: &str = "model.onnx";
const HEAD: &str = "head.onnx";
const STEM: &str = "stem.onnx";
const INPUT: &str = "reference-input.npy";
const OUTPUT: &str = "reference-output.npy";
/// The memory that the network needs.
const MEMORY: &str = "model.memory";
const FORMAT_FILE: &str = "format";
/// The checksums of all the others.
const CHECKSUMS: &str = "checksums";

/// Every file of a model folder that has a checksum, small ones first.
const FILES: [&str; 8] = [
    CARD,
    FORMAT_FILE,
    MEMORY,
    HEAD,
    STEM,
    OUTPUT,
    INPUT,
    NETWORK,
];

/// The checksum of the network alone, as stored by earlier versions.
const EARLIER_CHECKSUM: &str = "model.sha256";

/// Changes whenever the importer's output changes, so that bundled models are imported again.
const FORMAT: &str = "gantei model 3\n";
/// Formats without checksums.
const EARLIER_FORMATS: [&str; 2] = ["gantei model 1\n", "gantei model 2\n"];

/// The folder of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFolder {
    folder: PathBuf,
}

/// Reference tensors as `.npy`: the Keras input (NHWC) and the expected output for it.
#[derive(Clone)]
pub struct Reference {
    pub input: Vec<u8>,
    pub output: Vec<u8>,
}

/// Parts of a network as separate ONNX files; each is empty if the network has no such part.
#[derive(Clone, Default)]
pub struct Subgraphs {
    /// From the last feature map to the logit.
    pub head: Vec<u8>,
    /// From the picture to the first batch norms (`keras::Imported::stem`).
    pub stem: Vec<u8>,
    /// Memory needed to run one picture through the whole network.
    pub footprint: Footprint,
}

impl ModelFolder {
    /// The folder of a model, whether it exists or not. `None` if the id is not a plain name.
    pub fn of(places: &Places, id: &str) -> Option<Self> {
        let plain = !id.is_empty()
            && id.len() <= 64
            && !id.starts_with('.')
            && id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        plain.then(|| Self {
            folder: places.models.join(id),
        })
    }

    /// The model's id.
    pub fn id(&self) -> String {
        file_name(&self.folder)
    }

    /// Path of the ONNX file, for engines that open by path.
    pub fn model_path(&self) -> PathBuf {
        self.folder.join(NETWORK)
    }

    /// Whether any file of a model is present, intact or not.
    pub fn is_stored(&self) -> bool {
        let parts = [CARD, NETWORK, CHECKSUMS];
        parts.iter().any(|name| self.folder.join(name).is_file())
    }

    pub fn card(&self) -> Result<ModelCard, Error> {
        let bytes = self.read(CARD, CARD_LIMIT)?;
        card_from_bytes(CARD, bytes).map_err(|_| self.damage(CARD, FileDamage::Altered))
    }

    pub fn onnx(&self) -> Result<Vec<u8>, Error> {
        self.read(NETWORK, MODEL_LIMIT)
    }

    pub fn reference_input(&self) -> Result<Vec<u8>, Error> {
        self.read(INPUT, TENSOR_LIMIT)
    }

    pub fn reference_output(&self) -> Result<Vec<u8>, Error> {
        self.read(OUTPUT, TENSOR_LIMIT)
    }

    /// The part from the last feature map to the logit; empty if the network has none.
    pub fn head(&self) -> Result<Vec<u8>, Error> {
        self.read(HEAD, MODEL_LIMIT)
    }

    /// The part from the picture to the first batch norms; empty if the network has none or was imported before such
    /// parts were stored.
    pub fn stem(&self) -> Result<Vec<u8>, Error> {
        if !self.folder.join(STEM).is_file() && !self.is_listed(STEM)? {
            return Ok(Vec::new());
        }
        self.read(STEM, TENSOR_LIMIT)
    }

    /// SHA-256 of the network as stored, without reading the network.
    pub fn known_sha256(&self) -> Option<String> {
        match self.checksums().ok()? {
            Some(checksums) => checksums.of(NETWORK).map(str::to_owned),
            None => self.earlier_sha256(),
        }
    }

    /// Memory needed to run one picture through the network; `None` if it was stored before this file existed.
    pub fn footprint(&self) -> Result<Option<Footprint>, Error> {
        if !self.folder.join(MEMORY).is_file() && !self.is_listed(MEMORY)? {
            return Ok(None);
        }
        let text = self.read(MEMORY, CARD_LIMIT)?;
        let numbers = || {
            let (constants, working) = std::str::from_utf8(&text)
                .ok()?
                .trim_end()
                .split_once(' ')?;
            Some(Footprint {
                constants: constants.parse().ok()?,
                working: working.parse().ok()?,
            })
        };
        Ok(numbers())
    }

    /// Stores the footprint for next time in a model folder without checksums. If writing fails, it is computed again.
    pub fn note_footprint(&self, found: Footprint) {
        if self.checksums().is_ok_and(|checksums| checksums.is_none()) {
            let _ = atomic::write(&self.folder.join(MEMORY), memory_text(found).as_bytes());
        }
    }

    /// A file, compared with its checksum if there is one.
    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, Error> {
        match self.read_once(name, limit) {
            // A card and its checksum are replaced one after the other, and a model folder may be replaced while it is
            // read.
            Err(Error::NotAsStored(_)) => self.read_once(name, limit),
            other => other,
        }
    }

    fn read_once(&self, name: &str, limit: u64) -> Result<Vec<u8>, Error> {
        let path = self.folder.join(name);
        let length = path.metadata().map(|found| found.len());
        let bytes = read::file(&path, limit);
        let Some(checksums) = self.checksums()? else {
            return bytes;
        };
        if let Ok(length) = length {
            checksums
                .check_length(name, length)
                .map_err(|flaw| self.damage(name, flaw))?;
        }
        let bytes = bytes.map_err(|e| self.unread(name, e))?;
        checksums
            .check(name, &sha256(&bytes), bytes.len() as u64)
            .map_err(|flaw| self.damage(name, flaw))?;
        Ok(bytes)
    }

    fn unread(&self, name: &str, error: Error) -> Error {
        let kind = match &error {
            Error::Read { source, .. } => source.kind(),
            _ => return error,
        };
        match kind {
            ErrorKind::NotFound => self.damage(name, FileDamage::Missing),
            // A folder or a pipe in its place.
            ErrorKind::IsADirectory | ErrorKind::NotSeekable => {
                self.damage(name, FileDamage::Altered)
            }
            _ => error,
        }
    }

    fn is_listed(&self, name: &str) -> Result<bool, Error> {
        Ok(self
            .checksums()?
            .is_some_and(|checksums| checksums.of(name).is_some()))
    }

    fn damage(&self, file: &str, flaw: FileDamage) -> Error {
        let (id, file) = (self.id(), file.to_owned());
        Damage { id, file, flaw }.into()
    }

    fn format(&self) -> Option<String> {
        let text = read::start_of(&self.folder.join(FORMAT_FILE), 64).ok()?;
        String::from_utf8(text).ok()
    }

    fn earlier_sha256(&self) -> Option<String> {
        let text = read::file(&self.folder.join(EARLIER_CHECKSUM), CARD_LIMIT).ok()?;
        let (sha256, bytes) = std::str::from_utf8(&text)
            .ok()?
            .trim_end()
            .split_once(' ')?;
        let fits = sha256.len() == 64 && bytes.parse() == Ok(self.bytes()?);
        fits.then(|| sha256.to_owned())
    }

    /// Whether this version of the application wrote the model folder.
    pub fn is_current(&self) -> bool {
        self.is_stored() && self.format().is_some_and(|text| text == FORMAT)
    }

    /// Stores a model in its folder, replacing an older one in one step.
    ///
    /// `reference` receives the path of the written model, whose bytes are no longer in memory by then; if it fails,
    /// nothing is stored.
    pub fn store<E: From<Error>>(
        &self,
        card: &ModelCard,
        onnx: Vec<u8>,
        pieces: Subgraphs,
        reference: impl FnOnce(&Path) -> Result<Reference, E>,
    ) -> Result<(), E> {
        let card = card_text(card)?;
        atomic::folder(&self.folder, |at| {
            let mut checksums = Checksums::default();
            // Of the imported bytes, not of those read back from the disk.
            let mut put = |name: &str, contents: &[u8]| {
                checksums.add(name, contents);
                atomic::write(&at.join(name), contents)
            };
            put(NETWORK, &onnx)?;
            drop(onnx);
            let reference = reference(&at.join(NETWORK))?;
            put(INPUT, &reference.input)?;
            put(OUTPUT, &reference.output)?;
            put(HEAD, &pieces.head)?;
            put(STEM, &pieces.stem)?;
            put(MEMORY, memory_text(pieces.footprint).as_bytes())?;
            put(FORMAT_FILE, FORMAT.as_bytes())?;
            put(CARD, &card)?;
            Ok(atomic::write(
                &at.join(CHECKSUMS),
                checksums.text().as_bytes(),
            )?)
        })
    }

    /// Writes another card for the same network.
    pub fn replace_card(&self, card: &ModelCard) -> Result<(), Error> {
        let text = card_text(card)?;
        let (path, checksums) = (self.folder.join(CARD), self.folder.join(CHECKSUMS));
        let Some(mut both) = self.checksums()? else {
            return atomic::write(&path, &text);
        };
        // Wherever this is interrupted, the current card matches one of the checksums.
        let mut new = both.clone().without(CARD);
        new.add(CARD, &text);
        both.add(CARD, &text);
        atomic::write(&checksums, both.text().as_bytes())?;
        atomic::write(&path, &text)?;
        atomic::write(&checksums, new.text().as_bytes())
    }

    /// Bytes of the network on disk; `None` if it is not there yet.
    pub fn bytes(&self) -> Option<u64> {
        self.model_path().metadata().ok().map(|m| m.len())
    }

    /// Deletes the model from the library.
    pub fn remove(&self) -> Result<(), Error> {
        atomic::remove_folder(&self.folder)
    }
}

/// `constants working`, in bytes.
fn memory_text(found: Footprint) -> String {
    format!("{} {}\n", found.constants, found.working)
}

/// A card as written to files.
pub fn card_text(card: &ModelCard) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_vec_pretty(card).map_err(|e| Error::Damaged {
        name: "card.json".into(),
        reason: e.to_string(),
    })?;
    text.push(b'\n');
    Ok(text)
}

/// The existing model folders, ordered by id.
pub fn model_folders(places: &Places) -> Vec<ModelFolder> {
    let Ok(entries) = std::fs::read_dir(&places.models) else {
        return Vec::new();
    };
    let mut model_folders: Vec<ModelFolder> = entries
        .flatten()
        .filter_map(|e| ModelFolder::of(places, &e.file_name().to_string_lossy()))
        .filter(ModelFolder::is_stored)
        .collect();
    model_folders.sort_by(|a, b| a.folder.cmp(&b.folder));
    model_folders
}

/// Deletes leftovers of dead processes in the library, and restores a model that one was about to replace.
pub fn sweep(places: &Places) {
    leftovers::sweep_with(&places.models, leftovers::YOUNG, |was| {
        // Earlier versions left no record of the name.
        let whole = was.join(NETWORK).is_file();
        let card = card_from_file(&was.join(CARD)).ok()?;
        let model_folder = ModelFolder::of(places, &card.id)?;
        whole.then(|| model_folder.id())
    });
}

/// Reads a card from any JSON file.
pub fn card_from_file(path: &Path) -> Result<ModelCard, Error> {
    card_from_bytes(&file_name(path), read::file(path, CARD_LIMIT)?)
}

fn card_from_bytes(name: &str, bytes: Vec<u8>) -> Result<ModelCard, Error> {
    let card = serde_json::from_slice::<ModelCard>(&text::utf8(bytes));
    let card = card.map_err(|e| Error::Damaged {
        name: name.to_owned(),
        reason: e.to_string(),
    })?;
    Ok(card.without_idle_threshold())
}

#[cfg(test)]
mod tests;
