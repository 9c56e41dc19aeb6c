//! Imports a model that consists of one or several files.

use super::archive::{Archive, looks_like_hdf5};
use super::config::Network;
use super::configuration::{self, Configuration};
use super::files::{Bytes, ModelFiles};
use super::layout::{self, Candidate, ModelKind};
use super::limits::{MAX_FILE_BYTES, MAX_TEXT_BYTES};
use super::shards::Shards;
use super::tensorflow::{checkpoint, saved_model};
use super::weight_order::Generation;
use super::weights::Weights;
use super::{
    Error, FileKind, Form, Imported, Options, Origin, config, from_weights, import_beside,
    is_of_keras_1, lower, lowered, stored,
};
use crate::progress::{Cancel, Progress};

/// Most files of weights that are opened in search of those that fit a configuration.
const MAX_WEIGHTS: usize = 16;

/// Imports a model; `files` are those of its folder.
///
/// Weights are opened with the configuration that the user named. Those without their network are opened with the one
/// that is next to them and fits, unless the options describe the network ([`Imported::configuration`]).
///
/// # Errors
/// As [`import_beside`]; [`Error::Several`] if more than one configuration fits.
pub fn import_files(
    files: &dyn ModelFiles,
    model: &Candidate,
    options: Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    let import = Import {
        files,
        model,
        options,
        cancel,
        progress,
    };
    match model.kind {
        ModelKind::File => import.file(),
        ModelKind::SavedModel => saved_model::import(files, &import.options, cancel, progress),
        ModelKind::Checkpoint => import.checkpoint(),
        ModelKind::Shards => import.shards(),
    }
}

struct Import<'a> {
    files: &'a dyn ModelFiles,
    model: &'a Candidate,
    options: Options,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl Import<'_> {
    fn file(&self) -> Result<Imported, Error> {
        let bytes = self.files.read(&self.model.name, MAX_FILE_BYTES)?;
        let alone = |bytes: Bytes| {
            let (files, options) = (self.files, self.options.clone());
            import_beside(bytes, files, options, self.cancel, self.progress)
        };
        let is_named = self.model.configuration.is_some();
        if !looks_like_hdf5(bytes.as_ref()) || (!is_named && has_network(bytes.clone())?) {
            return alone(bytes);
        }
        let archive = Archive::open(bytes.clone())?;
        let version = archive.group("")?.text("keras_version")?;
        let weights_of = |found: &Configuration, network: &Network| {
            if is_of_keras_1(version.as_deref()) {
                return Err(Error::NotAModel(FileKind::Keras1));
            }
            archive.count_anew();
            let version = version.as_ref().or(found.keras_version.as_ref());
            bound(&archive, network, version.map(String::as_str), self.cancel)
        };
        self.with_configuration(
            Form::ConfigAndWeights,
            version.as_deref(),
            weights_of,
            || alone(bytes.clone()),
        )
    }

    fn checkpoint(&self) -> Result<Imported, Error> {
        let bundle = checkpoint::open(self.files, &self.model.name)?;
        let (options, cancel, progress) = (&self.options, self.cancel, self.progress);
        self.with_configuration(
            Form::Checkpoint,
            None,
            |found, network| {
                bundle.count_anew();
                checkpoint::weights(&bundle, network, found.is_sequential(), cancel)
            },
            || {
                bundle.count_anew();
                checkpoint::import(&bundle, options, cancel, progress)
                    .map_err(|e| named(e, FileKind::CheckpointOfUnknownNetwork))
            },
        )
    }

    fn shards(&self) -> Result<Imported, Error> {
        let (cancel, progress) = (self.cancel, self.progress);
        let shards = Shards::open(self.files, &self.model.name, cancel)?;
        let layers = shards.layers(cancel)?;
        self.with_configuration(
            Form::Sharded,
            None,
            |_, network| {
                shards.count_anew();
                let mut weights = Weights::empty(&shards);
                layers.give(&mut weights, network)?;
                Ok(weights)
            },
            || {
                shards.count_anew();
                let stored = layers.clone().numbered_once();
                let (form, options) = (Form::Sharded, &self.options);
                from_weights(&shards, form, stored, None, options, cancel, progress)
                    .map_err(|e| named(e, FileKind::ShardsOfUnknownNetwork))
            },
        )
    }

    /// Weights with the configuration that describes their network, otherwise `alone`. `version` of Keras is what the
    /// weights state, `weights_of` assigns them to a network.
    fn with_configuration<'w>(
        &self,
        form: Form,
        version: Option<&str>,
        weights_of: impl Fn(&Configuration, &Network) -> Result<Weights<'w>, Error>,
        alone: impl Fn() -> Result<Imported, Error>,
    ) -> Result<Imported, Error> {
        let open = |name: &str| {
            let found = configuration::read(self.files, name)?;
            let network = config::parse_as_of(&found.text, version)?;
            let weights = match weights_of(&found, &network) {
                Err(error) => {
                    let error = lower::refused_layers_or(&network, error);
                    return Err(Refused::other_layers(error));
                }
                weights => weights?,
            };
            let version = version.map(str::to_owned).or(found.keras_version);
            let imported = self.lowered(&network, &weights, form, version)?;
            Ok(Imported {
                configuration: Some(name.to_owned()),
                ..imported
            })
        };
        if let Some(name) = &self.model.configuration {
            return self.used(open(name).map_err(|refused| refused.why));
        }
        if self.options.describe_the_network() {
            return alone();
        }
        let mut fitting: Vec<(String, Result<Imported, Error>)> = Vec::new();
        let mut refused = Vec::new();
        for name in layout::configurations(self.files, &self.model.name, self.cancel)? {
            self.cancel.check()?;
            match open(&name) {
                Ok(imported) => fitting.push((name, Ok(imported))),
                Err(Refused {
                    why,
                    has_its_layers,
                }) => match why {
                    why if !why.is_about_the_file() => return Err(why),
                    // The network fits; what it leaves open is asked for.
                    Error::SizeNeeded => fitting.push((name, Err(why))),
                    why => {
                        let is_its_own =
                            has_its_layers || layout::have_one_stem(&name, &self.model.name);
                        refused.push((why, is_its_own));
                    }
                },
            }
            if fitting.len() > 1 {
                let names = fitting.into_iter().map(|(name, _)| name);
                return Err(Error::Several(names.collect()));
            }
        }
        if let Some((_, result)) = fitting.pop() {
            return self.used(result);
        }
        // Without it the weights would be those of another network: layers that have none would be missing.
        if let Some(at) = refused.iter().position(|(_, is_its_own)| *is_its_own) {
            return Err(refused.swap_remove(at).0);
        }
        match (alone(), refused.pop()) {
            // The configuration is the only description of an unknown network: what is wrong with it matters.
            (Err(e), Some((why, _))) if refused.is_empty() && is_unknown(&e) => Err(why),
            (result, _) => result,
        }
    }

    /// Reads the configuration once more as a file of the model.
    fn used(&self, result: Result<Imported, Error>) -> Result<Imported, Error> {
        if let Ok(Imported {
            configuration: Some(name),
            ..
        }) = &result
        {
            self.files.read(name, MAX_TEXT_BYTES)?;
        }
        result
    }

    fn lowered(
        &self,
        network: &Network,
        weights: &Weights,
        form: Form,
        keras_version: Option<String>,
    ) -> Result<Imported, Error> {
        let origin = Origin::of(form, weights, keras_version);
        let (cancel, progress) = (self.cancel, self.progress);
        lowered(network, weights, origin, &self.options, cancel, progress)
    }
}

/// Why a configuration is not used.
struct Refused {
    why: Error,
    /// Whether its layers are those of the weights, as far as that can be told.
    has_its_layers: bool,
}

impl Refused {
    fn other_layers(why: Error) -> Self {
        Self {
            why,
            has_its_layers: false,
        }
    }
}

impl From<Error> for Refused {
    fn from(why: Error) -> Self {
        Self {
            why,
            has_its_layers: true,
        }
    }
}

/// The weights next to the configuration named `name` that may be its own: those of the same stem or, if there are none,
/// all; of several those that its layers fit.
///
/// # Errors
/// As [`ModelFiles::names`], [`Error::Cancelled`], and [`Error::Memory`] and [`Error::ArchiveTooLarge`] for weights that
/// cannot be read to compare them.
pub fn weights_of(
    files: &dyn ModelFiles,
    name: &str,
    cancel: &Cancel,
) -> Result<Vec<Candidate>, Error> {
    let found = layout::weights_beside(files, name, cancel)?;
    if found.len() < 2 || found.len() > MAX_WEIGHTS {
        return Ok(found);
    }
    let Ok(network) = configuration::read(files, name).and_then(|c| config::parse(&c.text)) else {
        return Ok(found);
    };
    let mut fitting = Vec::new();
    for model in &found {
        if fits(files, model, &network, cancel)? {
            fitting.push(model.clone());
        }
    }
    Ok(match fitting {
        fitting if fitting.is_empty() => found,
        fitting => fitting,
    })
}

/// Whether the layers of weights are those of a network, by their names, numbers and shapes; true if that is not known. Among
/// several, a file with a network of its own is not the one that needs another.
fn fits(
    files: &dyn ModelFiles,
    model: &Candidate,
    network: &Network,
    cancel: &Cancel,
) -> Result<bool, Error> {
    cancel.check()?;
    if model.kind != ModelKind::File {
        return Ok(true);
    }
    let bound = || {
        let bytes = files.read(&model.name, MAX_FILE_BYTES)?;
        if has_network(bytes.clone())? {
            return Err(Error::NotAModel(FileKind::Configuration));
        }
        let archive = Archive::open(bytes)?;
        let version = archive.group("")?.text("keras_version")?;
        bound(&archive, network, version.as_deref(), cancel)?.agree_with(network)
    };
    match bound() {
        Err(e) if !e.is_about_the_file() => Err(e),
        result => Ok(result.is_ok()),
    }
}

/// The weights of an HDF5 file, assigned to the layers of a network.
fn bound<'a>(
    archive: &'a Archive,
    network: &Network,
    keras_version: Option<&str>,
    cancel: &Cancel,
) -> Result<Weights<'a>, Error> {
    if let Some(root) = root_of_names(archive)? {
        let generation = Generation::of_version(keras_version);
        return Weights::of_model(archive, root, network, generation, cancel);
    }
    stored::weights(archive, network, cancel)
}

/// Whether an HDF5 file holds a network.
fn has_network(bytes: Bytes) -> Result<bool, Error> {
    Ok(Archive::open(bytes)?.group("")?.has("model_config"))
}

/// The group that lists the layers by name: that of `save_weights`, or that of a whole model that lost its network.
fn root_of_names(archive: &Archive) -> Result<Option<&'static str>, Error> {
    let root = archive.group("")?;
    let lists =
        |folder: &super::archive::Folder| folder.has("layer_names") || folder.has("layer_names0");
    if lists(&root) {
        return Ok(Some(""));
    }
    let inner = super::weights::ROOT;
    Ok((root.has_group(inner) && lists(&archive.group(inner)?)).then_some(inner))
}

/// Weights of an unknown network, with the form in which they are stored.
fn named(error: Error, kind: FileKind) -> Error {
    match error {
        Error::NotAModel(FileKind::WeightsOfUnknownNetwork) => Error::NotAModel(kind),
        other => other,
    }
}

fn is_unknown(error: &Error) -> bool {
    match error {
        Error::Open(open) => open.architecture.is_none(),
        Error::NotAModel(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::FilesInMemory;
    use super::*;

    const CONFIGURATION: &str = r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "Dense", "config": {"name": "a"}}]}}"#;

    /// Two files of weights and a configuration, of which none can be read whole.
    struct Unread(FilesInMemory, Error);

    impl ModelFiles for Unread {
        fn names(&self) -> Result<&[String], Error> {
            self.0.names()
        }

        fn length(&self, name: &str) -> Option<u64> {
            self.0.length(name)
        }

        fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
            self.0.start(name, count)
        }

        fn read(&self, _: &str, _: u64) -> Result<Bytes, Error> {
            Err(self.1.clone())
        }
    }

    #[test]
    fn the_search_for_fitting_weights_stops_and_says_what_stopped_it() {
        let names = ["net.json", "a.h5", "b.h5"];
        let files = names.map(|name| (name.to_owned(), CONFIGURATION.as_bytes().to_vec().into()));
        let files: FilesInMemory = files.into_iter().collect();
        let cancel = Cancel::new();
        // Neither fits: the user is to choose.
        assert_eq!(weights_of(&files, "net.json", &cancel).unwrap().len(), 2);
        for why in [
            Error::Memory { bytes: 9 },
            Error::ArchiveTooLarge { limit: 9 },
        ] {
            let unread = Unread(files.clone(), why.clone());
            assert_eq!(weights_of(&unread, "net.json", &cancel), Err(why));
        }
        // What Gantei never opens is not the one to choose.
        let unread = Unread(files.clone(), Error::too_large("a.h5", 9));
        assert_eq!(weights_of(&unread, "net.json", &cancel).unwrap().len(), 2);
        cancel.cancel();
        let stopped = weights_of(&files, "net.json", &cancel);
        assert_eq!(stopped, Err(Error::Cancelled));
    }
}
