//! The stored models: read in place, verified by their checksums, restored if possible.
//!
//! A model that ships with the application is in the executable as well. If it is damaged on disk it is stored again;
//! if the library cannot be written to, it runs from memory.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::demonstration::Bundled;
use super::import::{self, Read};
use super::models::{ModelLocation, find};
use super::{Context, Error};
use crate::domain::ModelCard;
use crate::jobs::Background;
use crate::numeric::hex;
use crate::progress::{Cancel, Progress};
use crate::storage;
use crate::storage::library::{Checksums, Damage, Mark, ModelFolder, Reference, Subgraphs};
use crate::text::failures::{Fault, ModelFault};
use crate::text::notes::Note;

/// A model of the library.
#[derive(Clone)]
pub(super) enum Stored {
    ModelFolder(ModelFolder),
    Memory(Arc<InMemory>),
}

/// A model that ships with the application, imported and not stored.
pub(super) struct InMemory {
    pub card: ModelCard,
    /// SHA-256 of the network.
    pub sha256: String,
    pub onnx: Vec<u8>,
    pub pieces: Subgraphs,
    pub reference: Reference,
}

impl Stored {
    pub fn card(&self) -> Result<ModelCard, Error> {
        match self {
            Self::ModelFolder(model_folder) => Ok(model_folder.card()?),
            Self::Memory(kept) => Ok(kept.card.clone()),
        }
    }

    /// The network as ONNX, verified by its checksum, and that checksum.
    pub fn onnx(&self) -> Result<(Cow<'_, [u8]>, String), Error> {
        match self {
            Self::ModelFolder(model_folder) => {
                let onnx = model_folder.onnx()?;
                let sha256 = match model_folder.checksums()? {
                    Some(checksums) => checksums.network().to_owned(),
                    None => hex::sha256(&onnx),
                };
                Ok((onnx.into(), sha256))
            }
            Self::Memory(kept) => Ok((kept.onnx.as_slice().into(), kept.sha256.clone())),
        }
    }

    /// The reference input and the output that the network must give for it, as `.npy`.
    pub fn reference(&self) -> Result<[Cow<'_, [u8]>; 2], Error> {
        match self {
            Self::ModelFolder(model_folder) => Ok([
                model_folder.reference_input()?.into(),
                model_folder.reference_output()?.into(),
            ]),
            Self::Memory(kept) => {
                let Reference { input, output } = &kept.reference;
                Ok([input.as_slice().into(), output.as_slice().into()])
            }
        }
    }
}

/// Does something with a model of the library. It is done again if the model is replaced meanwhile, and if a model that
/// ships with the application turns out to be damaged, once that is restored.
pub(super) fn with<T>(
    ctx: &Context,
    model: &str,
    cancel: &Cancel,
    progress: &Progress,
    mut work: impl FnMut(&Stored) -> Result<T, Error>,
) -> Result<T, Error> {
    match find(ctx, model)? {
        ModelLocation::ModelFolder(model_folder) => {
            settled(&Stored::ModelFolder(model_folder), &mut work)
        }
        ModelLocation::Bundled(bundled) => {
            let stored = of_bundled(ctx, bundled, cancel, progress)?;
            match settled(&stored, &mut work) {
                Err(e) if is_unusable(&e) => {
                    let stored = restored(ctx, bundled, cancel, progress)?;
                    settled(&stored, &mut work)
                }
                other => other,
            }
        }
        ModelLocation::File(_) => Err(Error::refused(
            Fault::Model(ModelFault::NotInLibrary),
            "a file outside the library has no reference to be tested against; import it first"
                .to_owned(),
        )),
    }
}

/// True for errors that storing a model again can repair.
fn is_unusable(error: &Error) -> bool {
    let unread = matches!(error, Error::Storage(storage::Error::Read { .. }));
    unread || error.damage().is_some()
}

/// What was read from a model folder while it was replaced may be of two models, and is read again.
fn settled<T>(
    stored: &Stored,
    work: &mut impl FnMut(&Stored) -> Result<T, Error>,
) -> Result<T, Error> {
    let Stored::ModelFolder(model_folder) = stored else {
        return work(stored);
    };
    for _ in 0..4 {
        let before = model_folder.mark();
        let result = work(stored);
        if model_folder.mark() == before || matches!(result, Err(Error::Cancelled)) {
            return result;
        }
    }
    Err(model_folder.unhealed().into())
}

/// A model that ships with the application; the common importer imports it if it is missing or of another version.
pub(super) fn of_bundled(
    ctx: &Context,
    bundled: &Bundled,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Stored, Error> {
    let card = bundled.card()?;
    sound_or_anew(ctx, bundled, cancel, progress, |model_folder| {
        Ok(match model_folder.look() {
            Ok(stored) if model_folder.is_current() && stored == card => Condition::Sound,
            Err(storage::Error::NotAsStored(damage)) if model_folder.is_stored() => {
                Condition::Unfit(Some(damage))
            }
            // Of an earlier version, or not there yet.
            _ => Condition::Unfit(None),
        })
    })
}

/// Restores a model that ships with the application and was found to be damaged.
pub(super) fn restored(
    ctx: &Context,
    bundled: &Bundled,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Stored, Error> {
    sound_or_anew(ctx, bundled, cancel, progress, |model_folder| {
        // Another thread may have restored it first.
        match examine(model_folder, cancel) {
            Ok(()) => Ok(Condition::Sound),
            Err(Error::Cancelled) => Err(Error::Cancelled),
            Err(e) => Ok(Condition::Unfit(e.damage().cloned())),
        }
    })
}

/// The contents of the folder of a model that ships with the application.
enum Condition {
    Sound,
    /// Missing, of an earlier version, or damaged.
    Unfit(Option<Damage>),
}

/// The model from memory or from its folder, if `look` finds that sound; otherwise stored again.
fn sound_or_anew(
    ctx: &Context,
    bundled: &Bundled,
    cancel: &Cancel,
    progress: &Progress,
    look: impl FnOnce(&ModelFolder) -> Result<Condition, Error>,
) -> Result<Stored, Error> {
    // At the first start the window prepares the models while the user may already request one.
    let _turn = ctx.turn(format!("shelf {}", bundled.id), cancel)?;
    if let Some(kept) = ctx.in_memory(bundled.id) {
        return Ok(Stored::Memory(kept));
    }
    let model_folder = model_folder_of(ctx, bundled)?;
    match look(&model_folder)? {
        Condition::Sound => Ok(Stored::ModelFolder(model_folder)),
        Condition::Unfit(damage) => {
            stored_anew(ctx, bundled, &model_folder, damage, cancel, progress)
        }
    }
}

fn model_folder_of(ctx: &Context, bundled: &Bundled) -> Result<ModelFolder, Error> {
    ModelFolder::of(&ctx.places, bundled.id)
        .ok_or_else(|| Error::NoSuchModel(bundled.id.to_owned()))
}

/// Imports a model from the executable; if it cannot be stored it is kept in memory.
fn stored_anew(
    ctx: &Context,
    bundled: &Bundled,
    model_folder: &ModelFolder,
    damage: Option<Damage>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Stored, Error> {
    let card = bundled.card()?;
    let Read { onnx, pieces, .. } = import::read_bytes(bundled.keras, cancel, progress)?;
    let (input, output) = bundled.reference(&card)?;
    let reference = import::npy_pair(&input, &output)?;
    let given = |_: &Path| Ok::<_, Error>(reference.clone());
    match model_folder.store(&card, onnx.clone(), pieces.clone(), given) {
        Ok(()) => {
            if let Some(Damage { id, file, .. }) = damage {
                ctx.notify(Note::Restored { id, file });
            }
            Ok(Stored::ModelFolder(model_folder.clone()))
        }
        Err(Error::Storage(storage::Error::Write { source, .. })) => {
            let kind = source.kind();
            let why = kind.into();
            ctx.notify(Note::FromMemory { why });
            if let Some(Damage { id, file, .. }) = damage {
                ctx.notify(Note::Unrestored { id, file });
            }
            let kept = Arc::new(InMemory {
                card,
                sha256: hex::sha256(&onnx),
                onnx,
                pieces,
                reference,
            });
            ctx.keep_in_memory(bundled.id, &kept, kind);
            Ok(Stored::Memory(kept))
        }
        Err(other) => Err(other),
    }
}

/// Reads a model folder and verifies its checksums.
pub(super) fn examine(model_folder: &ModelFolder, cancel: &Cancel) -> Result<(), Error> {
    settled(&Stored::ModelFolder(model_folder.clone()), &mut |_| {
        let checksums = model_folder.checksums()?.unwrap_or_default();
        model_folder.examine(&checksums, cancel)
    })
}

/// A stored model that is read and verified while an engine opens it: no result of the engine is used before that.
pub(super) struct ChecksumGuard {
    model_folder: ModelFolder,
    mark: Mark,
    examined: Background<Result<(), Error>>,
}

impl ChecksumGuard {
    /// Starts to read; an engine may open the network from now on.
    pub fn begin(model_folder: &ModelFolder, checksums: &Checksums, cancel: &Cancel) -> Self {
        let mark = model_folder.mark();
        let work = {
            let (model_folder, checksums, cancel) =
                (model_folder.clone(), checksums.clone(), cancel.clone());
            move || model_folder.examine(&checksums, &cancel)
        };
        Self {
            model_folder: model_folder.clone(),
            mark,
            examined: Background::begin(work),
        }
    }

    /// Waits for the end. True if the network is what was stored, and still the file that was read.
    pub fn holds(&self) -> bool {
        matches!(self.examined.wait(), Ok(Ok(()))) && self.model_folder.mark() == self.mark
    }

    /// Waits for the end; the error states what is damaged.
    pub fn check(self) -> Result<(), Error> {
        self.examined.end().map_err(Error::from)??;
        match self.model_folder.mark() == self.mark {
            true => Ok(()),
            false => Err(self.model_folder.unhealed().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Footprint;
    use crate::storage::Places;
    use crate::workflow::demonstration::BUNDLED;

    fn store(model_folder: &ModelFolder, name: &str) {
        let card = ModelCard {
            id: "mine".to_owned(),
            name: name.to_owned(),
            ..BUNDLED[0].card().unwrap()
        };
        let pieces = Subgraphs {
            head: name.as_bytes().to_vec(),
            stem: Vec::new(),
            footprint: Footprint::default(),
        };
        let reference = Reference {
            input: Vec::new(),
            output: Vec::new(),
        };
        let stored = model_folder.store(&card, name.as_bytes().to_vec(), pieces, |_| {
            Ok::<_, Error>(reference)
        });
        stored.unwrap();
    }

    #[test]
    fn a_model_that_is_replaced_again_and_again_is_never_half_the_one_and_half_the_other() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let model_folder = ModelFolder::of(&ctx.places, "mine").unwrap();
        store(&model_folder, "0");
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for round in 1_u32.. {
                    store(&model_folder, &round.to_string());
                    if stop.load(std::sync::atomic::Ordering::Relaxed) {
                        break;
                    }
                }
            });
            let mut read = 0;
            for _ in 0..300 {
                let parts = with(&ctx, "mine", &cancel, &progress, |stored| {
                    let (onnx, sha256) = stored.onnx()?;
                    Ok((stored.card()?.name, onnx.into_owned(), sha256))
                });
                match parts {
                    Ok((name, onnx, sha256)) => {
                        assert_eq!(name.as_bytes(), onnx);
                        assert_eq!(sha256, hex::sha256(&onnx));
                        read += 1;
                    }
                    // A busy library is reported as such; on systems without an atomic exchange of names a model may be
                    // missing.
                    Err(e) => assert!(e.damage().is_some() || cfg!(windows), "{e}"),
                }
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(read > 0);
        });
    }

    #[test]
    fn a_seal_holds_until_the_network_is_another_file() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let model_folder = ModelFolder::of(&places, "mine").unwrap();
        store(&model_folder, "network");
        let cancel = Cancel::new();
        let checksums = model_folder.checksums().unwrap().unwrap();
        let seal = ChecksumGuard::begin(&model_folder, &checksums, &cancel);
        assert!(seal.holds());
        seal.check().unwrap();

        // The file an engine opened after the verification began may have been the other one, though its contents are
        // the same.
        let seal = ChecksumGuard::begin(&model_folder, &checksums, &cancel);
        store(&model_folder, "network");
        assert!(!seal.holds());
        assert!(seal.check().unwrap_err().damage().is_some());

        std::fs::write(model_folder.model_path(), b"netwerk").unwrap();
        let seal = ChecksumGuard::begin(&model_folder, &checksums, &cancel);
        assert!(!seal.holds());
        let damage = seal.check().unwrap_err().damage().cloned().unwrap();
        assert_eq!(
            (damage.id.as_str(), damage.file.as_str()),
            ("mine", "model.onnx")
        );
    }
}
