//! The model library on disk: one folder per model with `model.onnx`, `card.json` and reference tensors.
//!
//! A folder appears whole or not at all. The gradient graph is never stored.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Error, Places, atomic, file_name, read, text};
use crate::clinic::ModelCard;
use crate::graph::Footprint;

/// Largest model or head of one, card, and reference tensor or stem that is read back.
const MODEL_LIMIT: u64 = 2 << 30;
const CARD_LIMIT: u64 = 1 << 20;
const TENSOR_LIMIT: u64 = 256 << 20;

/// Where one model is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    folder: PathBuf,
}

/// Reference tensors as `.npy`: the Keras input (NHWC) and the output the model must give for it.
pub struct Reference {
    pub input: Vec<u8>,
    pub output: Vec<u8>,
}

/// Pieces of a network as ONNX files of their own; each is empty where the network has no such piece.
#[derive(Default)]
pub struct Pieces {
    /// From the last feature map to the logit.
    pub head: Vec<u8>,
    /// From the picture to the first batch norms (`keras::Imported::stem`).
    pub stem: Vec<u8>,
    /// Memory that one picture takes to be run through the whole network.
    pub footprint: Footprint,
}

/// Name of the file with the checksum of the network.
const CHECKSUM: &str = "model.sha256";

/// Name of the file with the memory that the network takes.
const MEMORY: &str = "model.memory";

/// Changes whenever the importer writes something else, so that bundled models are imported anew.
const FORMAT: &str = "gantei model 2\n";

impl Shelf {
    /// The place of a model, whether it is there or not. `None` if the id is no plain name.
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

    /// The name it stands under.
    pub fn id(&self) -> String {
        file_name(&self.folder)
    }

    /// Path of the ONNX file, for engines that open by path.
    pub fn model_path(&self) -> PathBuf {
        self.folder.join("model.onnx")
    }

    pub fn exists(&self) -> bool {
        self.folder.join("card.json").is_file() && self.model_path().is_file()
    }

    pub fn card(&self) -> Result<ModelCard, Error> {
        card_from_file(&self.folder.join("card.json"))
    }

    pub fn onnx(&self) -> Result<Vec<u8>, Error> {
        read::file(&self.model_path(), MODEL_LIMIT)
    }

    pub fn reference_input(&self) -> Result<Vec<u8>, Error> {
        read::file(&self.folder.join("reference-input.npy"), TENSOR_LIMIT)
    }

    pub fn reference_output(&self) -> Result<Vec<u8>, Error> {
        read::file(&self.folder.join("reference-output.npy"), TENSOR_LIMIT)
    }

    /// The piece from the last feature map to the logit; empty where the network has none.
    pub fn head(&self) -> Result<Vec<u8>, Error> {
        read::file(&self.folder.join("head.onnx"), MODEL_LIMIT)
    }

    /// The piece from the picture to the first batch norms; empty where the network has none or was imported before there
    /// were such pieces.
    pub fn stem(&self) -> Result<Vec<u8>, Error> {
        let path = self.folder.join("stem.onnx");
        if !path.is_file() {
            return Ok(Vec::new());
        }
        read::file(&path, TENSOR_LIMIT)
    }

    /// SHA-256 of the stored network, lower-case hexadecimal. It stands beside the network; one that was stored before
    /// such files, or replaced by one of another length, is read for it.
    pub fn network_sha256(&self) -> Result<String, Error> {
        if let Some(known) = self.known_sha256() {
            return Ok(known);
        }
        let network = self.onnx()?;
        // Where it cannot be written it is worked out again next time.
        let _ = atomic::write(
            &self.folder.join(CHECKSUM),
            checksum_text(&network).as_bytes(),
        );
        Ok(sha256(&network))
    }

    /// As [`Self::network_sha256`], without reading the network.
    pub fn known_sha256(&self) -> Option<String> {
        let text = read::file(&self.folder.join(CHECKSUM), CARD_LIMIT).ok()?;
        checksum_for(&text, self.bytes()?)
    }

    /// Memory that one picture takes to be run through the network; `None` where it was stored before such files.
    pub fn footprint(&self) -> Option<Footprint> {
        let text = read::file(&self.folder.join(MEMORY), CARD_LIMIT).ok()?;
        let (constants, working) = std::str::from_utf8(&text)
            .ok()?
            .trim_end()
            .split_once(' ')?;
        Some(Footprint {
            constants: constants.parse().ok()?,
            working: working.parse().ok()?,
        })
    }

    /// Keeps it for the next time. Where it cannot be written it is worked out again then.
    pub fn note_footprint(&self, found: Footprint) {
        let _ = atomic::write(&self.folder.join(MEMORY), memory_text(found).as_bytes());
    }

    /// Whether this version of the application wrote the shelf.
    pub fn is_current(&self) -> bool {
        self.exists()
            && read::start_of(&self.folder.join("format"), 64).is_ok_and(|f| f == FORMAT.as_bytes())
    }

    /// Puts a model on its shelf, replacing an older one in one step.
    ///
    /// `reference` is given the path of the model as it was written, whose bytes are gone from memory by then; should it
    /// fail, nothing is stored.
    pub fn store<E: From<Error>>(
        &self,
        card: &ModelCard,
        onnx: Vec<u8>,
        pieces: Pieces,
        reference: impl FnOnce(&Path) -> Result<Reference, E>,
    ) -> Result<(), E> {
        let text = card_text(card)?;
        atomic::folder(&self.folder, |at| {
            let model = at.join("model.onnx");
            atomic::write(&model, &onnx)?;
            atomic::write(&at.join(CHECKSUM), checksum_text(&onnx).as_bytes())?;
            drop(onnx);
            let reference = reference(&model)?;
            atomic::write(&at.join("reference-input.npy"), &reference.input)?;
            atomic::write(&at.join("reference-output.npy"), &reference.output)?;
            atomic::write(&at.join("head.onnx"), &pieces.head)?;
            atomic::write(&at.join("stem.onnx"), &pieces.stem)?;
            let memory = memory_text(pieces.footprint);
            atomic::write(&at.join(MEMORY), memory.as_bytes())?;
            atomic::write(&at.join("format"), FORMAT.as_bytes())?;
            Ok(atomic::write(&at.join("card.json"), &text)?)
        })
    }

    /// Writes another card for the same network.
    pub fn replace_card(&self, card: &ModelCard) -> Result<(), Error> {
        atomic::write(&self.folder.join("card.json"), &card_text(card)?)
    }

    /// Bytes of the network on disk; `None` where it is not there yet.
    pub fn bytes(&self) -> Option<u64> {
        self.model_path().metadata().ok().map(|m| m.len())
    }

    /// Takes the model off its shelf for good.
    pub fn remove(&self) -> Result<(), Error> {
        atomic::remove_folder(&self.folder)
    }
}

/// `SHA-256 bytes`.
fn checksum_text(network: &[u8]) -> String {
    format!("{} {}\n", sha256(network), network.len())
}

/// `constants working`, in bytes.
fn memory_text(found: Footprint) -> String {
    format!("{} {}\n", found.constants, found.working)
}

/// The checksum, where it is one of a network of this length.
fn checksum_for(text: &[u8], length: u64) -> Option<String> {
    let (sha256, bytes) = std::str::from_utf8(text).ok()?.trim_end().split_once(' ')?;
    let fits = sha256.len() == 64 && bytes.parse() == Ok(length);
    fits.then(|| sha256.to_owned())
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// A card as it stands in files.
pub fn card_text(card: &ModelCard) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_vec_pretty(card).map_err(|e| Error::Damaged {
        name: "card.json".into(),
        reason: e.to_string(),
    })?;
    text.push(b'\n');
    Ok(text)
}

/// Shelves of the models that are there, ordered by id.
pub fn shelves(places: &Places) -> Vec<Shelf> {
    let Ok(entries) = std::fs::read_dir(&places.models) else {
        return Vec::new();
    };
    let mut shelves: Vec<Shelf> = entries
        .flatten()
        .filter_map(|e| Shelf::of(places, &e.file_name().to_string_lossy()))
        .filter(Shelf::exists)
        .collect();
    shelves.sort_by(|a, b| a.folder.cmp(&b.folder));
    shelves
}

/// Reads a card from any JSON file.
pub fn card_from_file(path: &Path) -> Result<ModelCard, Error> {
    let bytes = text::utf8(read::file(path, CARD_LIMIT)?);
    let card = serde_json::from_slice::<ModelCard>(&bytes).map_err(|e| Error::Damaged {
        name: file_name(path),
        reason: e.to_string(),
    })?;
    Ok(card.without_idle_threshold())
}
