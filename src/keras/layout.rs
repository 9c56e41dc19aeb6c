//! Finds the models in a set of files by their names and, where names are not enough, by their first bytes.
//!
//! A model is one file, a SavedModel folder, a TensorFlow checkpoint, or weights in several files. Weights need a
//! network: their own file has it, a configuration next to them, or they are those of a known one.

use std::collections::BTreeSet;

use super::Error;
use super::archive::looks_like_hdf5;
use super::files::ModelFiles;
use super::{configuration, shards};
use crate::progress::Cancel;

/// The file that makes a folder a SavedModel.
pub const SAVED_MODEL: &str = "saved_model.pb";
/// What else TensorFlow writes into that folder.
const OF_SAVED_MODEL: [&str; 2] = ["keras_metadata.pb", "fingerprint.pb"];
/// Its subfolders.
const FOLDERS_OF_SAVED_MODEL: [&str; 4] = ["variables", "assets", "assets.extra", "debug"];
/// Ends of files that are one model each.
const MODELS: [&str; 5] = ["h5", "hdf5", "he5", "keras", "onnx"];
/// Ends of models that Gantei does not open: of several files the only one of these is what the user meant.
const OTHER_MODELS: [&str; 8] = [
    "pb",
    "pt",
    "pth",
    "tflite",
    "safetensors",
    "ckpt",
    "mlmodel",
    "npz",
];
/// Ends of files that lie next to models.
const OTHERS: [&str; 34] = [
    "json", "yaml", "yml", "txt", "md", "rst", "pdf", "csv", "tsv", "xlsx", "docx", "png", "jpg",
    "jpeg", "tif", "tiff", "bmp", "gif", "webp", "dcm", "py", "ipynb", "sh", "toml", "cfg", "ini",
    "log", "html", "zip", "gz", "tgz", "tar", "npy", "index",
];
/// Most files of other names whose first bytes are inspected, and most lists of shards that are read.
const MAX_INSPECTED: usize = 256;
/// Most sharded weights of which it is found out that their list is missing.
const MAX_MISSING_LISTS: usize = 4;
/// Most configurations among which the one that belongs to some weights is searched.
const MAX_CONFIGURATIONS: usize = 16;
/// Bytes that show whether a file is HDF5, with a user block of up to 2048 bytes.
const START: u64 = 2048 + 8;

/// How the index of a checkpoint begins: an empty key that shares no bytes with the one before.
const INDEX_START: [u8; 2] = [0, 0];

/// The kinds of models by their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// HDF5, `.keras` or ONNX, with or without its network.
    File,
    /// A folder.
    SavedModel,
    /// `name.index` and `name.data-00000-of-00001`.
    Checkpoint,
    /// `name.weights.json` and `name_00000.weights.h5` and so on.
    Shards,
}

/// A model among the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its folder; empty for the outermost.
    pub folder: String,
    /// Its file in that folder, for a checkpoint without the ending; empty for a SavedModel.
    pub name: String,
    pub kind: ModelKind,
    /// The file in its folder that describes its network, if the user named one.
    pub configuration: Option<String>,
}

impl Candidate {
    /// A model of one file without a folder.
    pub fn file(name: &str) -> Self {
        Self::at(name, ModelKind::File)
    }

    /// The model at a path among the files.
    pub fn at(path: &str, kind: ModelKind) -> Self {
        let (folder, name) = match kind {
            ModelKind::SavedModel => (path, ""),
            _ => path.rsplit_once('/').unwrap_or(("", path)),
        };
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            kind,
            configuration: None,
        }
    }

    /// A model of the outermost folder as one of another folder.
    pub fn in_folder(self, folder: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            ..self
        }
    }

    /// The same model with a stated configuration.
    pub fn described_by(self, configuration: &str) -> Self {
        Self {
            configuration: Some(configuration.to_owned()),
            ..self
        }
    }

    /// The path by which the user chooses it among others.
    pub fn member(&self) -> String {
        match (self.folder.is_empty(), self.name.is_empty()) {
            (true, true) => ".".to_owned(),
            (true, false) => self.name.clone(),
            (false, true) => self.folder.clone(),
            (false, false) => format!("{}/{}", self.folder, self.name),
        }
    }
}

/// The models among the files, by path.
///
/// # Errors
/// As [`ModelFiles::names`]; [`Error::TooManyTexts`] for more lists of shards than are read; [`Error::Cancelled`].
pub fn candidates(files: &dyn ModelFiles, cancel: &Cancel) -> Result<Vec<Candidate>, Error> {
    let names: Vec<&str> = files
        .names()?
        .iter()
        .map(String::as_str)
        .filter(|name| !is_left_by_system(name))
        .collect();
    let mut found = Vec::new();
    // Names that belong to a model of several files.
    let mut parts: BTreeSet<&str> = BTreeSet::new();
    for name in &names {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        if file == SAVED_MODEL {
            found.push(Candidate::at(folder, ModelKind::SavedModel));
            let below = beginning_with(&names, &joined(folder, "")).iter();
            parts.extend(below.filter(|part| is_of_saved_model(folder, part)));
        }
    }
    for list in missing_lists(files, &names) {
        let (stem, _) = list.split_at(list.len() - SHARDS.len());
        let shards = beginning_with(&names, stem).iter();
        parts.extend(shards.filter(|name| number_of_shard(stem, name).is_some()));
        found.push(Candidate::at(&list, ModelKind::Shards));
    }
    let mut lists = 0;
    for name in &names {
        if let Some(prefix) = name.strip_suffix(".index")
            && !parts.contains(name)
            && beginning_with(&names, &format!("{prefix}.data-"))
                .iter()
                .any(|data| is_data_of(prefix, data))
        {
            found.push(Candidate::at(prefix, ModelKind::Checkpoint));
        }
        if !name.ends_with(SHARDS) {
            continue;
        }
        cancel.check()?;
        lists += 1;
        if lists > MAX_INSPECTED {
            let limit = MAX_INSPECTED;
            return Err(Error::TooManyTexts { limit });
        }
        if let Some(shards) = configuration::shards_of(files, name) {
            found.push(Candidate::at(name, ModelKind::Shards));
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            for shard in shards {
                let at = names.binary_search(&joined(folder, &shard).as_str());
                parts.extend(at.map(|at| names[at]));
            }
        }
    }
    let left = || names.iter().filter(|name| !parts.contains(*name));
    let mut inspected = 0;
    for name in left() {
        cancel.check()?;
        let end = ending(name);
        let is_model = match end.as_str() {
            end if MODELS.contains(&end) => true,
            end if OTHERS.contains(&end) || OTHER_MODELS.contains(&end) => false,
            end if end.starts_with("data-") => false,
            _ if inspected >= MAX_INSPECTED => false,
            _ => {
                inspected += 1;
                files.start(name, START).is_ok_and(|b| looks_like_hdf5(&b))
            }
        };
        if is_model {
            found.push(Candidate::at(name, ModelKind::File));
        }
    }
    if found.is_empty() {
        let mut others = left().filter(|name| OTHER_MODELS.contains(&ending(name).as_str()));
        if let (Some(only), None) = (others.next(), others.next()) {
            found.push(Candidate::at(only, ModelKind::File));
        }
    }
    // Half of a checkpoint: opening it says which file is missing.
    if found.is_empty() {
        let index = |name: &&&str| {
            let start = files.start(name, INDEX_START.len() as u64);
            name.ends_with(".index") && start.is_ok_and(|start| start == INDEX_START)
        };
        let data = |name: &&&str| name.contains(".data-") && checkpoint_of(name).is_some();
        let half = names.iter().find(index).or(names.iter().find(data));
        let prefix = half.and_then(|name| checkpoint_of(name));
        found.extend(prefix.map(|prefix| Candidate::at(prefix, ModelKind::Checkpoint)));
    }
    found.sort_by_key(Candidate::member);
    Ok(found)
}

/// Whether a file is a model by its name.
pub fn has_name_of_model(name: &str) -> bool {
    MODELS.contains(&ending(name).as_str())
}

/// Those of sorted names that begin with `start`.
fn beginning_with<'a, 'n>(names: &'a [&'n str], start: &str) -> &'a [&'n str] {
    let from = names.partition_point(|name| *name < start);
    let count = names[from..].partition_point(|name| name.starts_with(start));
    &names[from..from + count]
}

/// Whether some file is an archive by its name.
///
/// # Errors
/// As [`ModelFiles::names`].
pub fn has_archive(files: &dyn ModelFiles) -> Result<bool, Error> {
    const ARCHIVES: [&str; 8] = ["zip", "gz", "tgz", "tar", "7z", "rar", "xz", "bz2"];
    let names = files.names()?.iter();
    let mut names = names.filter(|name| !is_left_by_system(name));
    Ok(names.any(|name| ARCHIVES.contains(&ending(name).as_str())))
}

/// Whether a configuration in another file may describe the network of a model: that of a SavedModel, an ONNX or a
/// `.keras` file is in the model itself.
pub fn takes_configuration(files: &dyn ModelFiles, model: &Candidate) -> bool {
    match model.kind {
        ModelKind::SavedModel => false,
        ModelKind::Checkpoint | ModelKind::Shards => true,
        ModelKind::File => {
            let start = files.start(&model.name, START);
            start.is_ok_and(|bytes| looks_like_hdf5(&bytes))
        }
    }
}

/// End of the file that lists the shards of weights.
pub const SHARDS: &str = ".weights.json";

/// The configurations in the outermost folder that may describe the network of weights named `weights`: those of the
/// same stem, or all if there are none.
///
/// # Errors
/// As [`ModelFiles::names`] and [`configuration::is_configuration`]; [`Error::TooManyTexts`] for more than 16;
/// [`Error::Cancelled`].
pub fn configurations(
    files: &dyn ModelFiles,
    weights: &str,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let texts = files.names()?.iter().filter(|name| {
        let is_text = ending(name) == "json" && !name.ends_with(SHARDS);
        is_text && !name.contains('/') && !is_left_by_system(name)
    });
    let (same, other): (Vec<&String>, Vec<&String>) =
        texts.partition(|name| have_one_stem(name, weights));
    let described = |names: Vec<&String>| {
        let mut found = Vec::new();
        for name in names {
            cancel.check()?;
            if configuration::is_configuration(files, name)? {
                found.push(name.clone());
            }
            if found.len() > MAX_CONFIGURATIONS {
                let limit = MAX_CONFIGURATIONS;
                return Err(Error::TooManyTexts { limit });
            }
        }
        Ok(found)
    };
    match described(same)? {
        same if same.is_empty() => described(other),
        same => Ok(same),
    }
}

/// The weights in the outermost folder that the configuration named `name` may describe: those of the same stem, or all
/// if there are none.
///
/// # Errors
/// As [`candidates`].
pub fn weights_beside(
    files: &dyn ModelFiles,
    name: &str,
    cancel: &Cancel,
) -> Result<Vec<Candidate>, Error> {
    let is_weights = |found: &Candidate| {
        let is_model_file = ["onnx", "keras"].contains(&ending(&found.name).as_str());
        found.folder.is_empty() && found.kind != ModelKind::SavedModel && !is_model_file
    };
    let all: Vec<Candidate> = candidates(files, cancel)?
        .into_iter()
        .filter(is_weights)
        .collect();
    let same = all.iter().filter(|found| have_one_stem(&found.name, name));
    Ok(match same.cloned().collect::<Vec<_>>() {
        same if same.is_empty() => all,
        same => same,
    })
}

/// The file that lists the shard `name` of sharded weights, if it is one; it may be missing.
pub fn list_of_shard(files: &dyn ModelFiles, name: &str) -> Option<String> {
    let (stem, _) = name.strip_suffix(".weights.h5")?.rsplit_once('_')?;
    let list = format!("{stem}{SHARDS}");
    number_of_shard(stem, name)?;
    if !files.has(&list) {
        let are_parts = shards::are_parts_of_one(files, &first_shards(stem));
        return are_parts.then_some(list);
    }
    let shards = configuration::shards_of(files, &list)?;
    shards.iter().any(|shard| shard == name).then_some(list)
}

/// The lists that sharded weights lack.
fn missing_lists(files: &dyn ModelFiles, names: &[&str]) -> Vec<String> {
    let mut lists = Vec::new();
    for name in names {
        let Some(stem) = name.strip_suffix("_00000.weights.h5") else {
            continue;
        };
        let list = format!("{stem}{SHARDS}");
        if lists.len() < MAX_MISSING_LISTS
            && !files.has(&list)
            && shards::are_parts_of_one(files, &first_shards(stem))
        {
            lists.push(list);
        }
    }
    lists
}

/// The first two shards of weights with this stem.
fn first_shards(stem: &str) -> [String; 2] {
    [0, 1].map(|number| format!("{stem}_{number:05}.weights.h5"))
}

/// The number of a shard of the weights with this stem.
fn number_of_shard(stem: &str, name: &str) -> Option<u32> {
    let number = name.strip_prefix(stem)?.strip_prefix('_')?;
    let number = number.strip_suffix(".weights.h5")?;
    let is_number = number.len() == 5 && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| number.parse().ok())?
}

/// Whether the names of weights and of a configuration show that they belong together.
pub fn have_one_stem(one: &str, other: &str) -> bool {
    stem(one) == stem(other)
}

/// What the names of weights and of their configuration have in common: `model` for `model.json`, `model_weights.h5`
/// and `Model.weights.h5`.
fn stem(name: &str) -> String {
    const WORDS: [&str; 8] = [
        "weights",
        "weight",
        "architecture",
        "arch",
        "config",
        "structure",
        "model",
        "json",
    ];
    let name = name.to_lowercase();
    let mut stem = name.as_str();
    while let Some((before, end)) = stem.rsplit_once('.') {
        let is_known = MODELS.contains(&end)
            || OTHERS.contains(&end)
            || ["weights", "ckpt"].contains(&end)
            || end.starts_with("data-");
        if before.is_empty() || !is_known {
            break;
        }
        stem = before;
    }
    while let Some((before, word)) = stem.rsplit_once(['_', '-', ' ', '.']) {
        if before.is_empty() || !WORDS.contains(&word) {
            break;
        }
        stem = before;
    }
    stem.to_owned()
}

/// Whether a system or program left the file: in macOS archives, and in hidden folders.
fn is_left_by_system(name: &str) -> bool {
    name.split('/')
        .any(|part| part.starts_with('.') || part == "__MACOSX")
}

/// Whether a name is part of the SavedModel in a folder.
fn is_of_saved_model(folder: &str, name: &str) -> bool {
    let below = match folder.is_empty() {
        true => Some(name),
        false => name.strip_prefix(folder).and_then(|n| n.strip_prefix('/')),
    };
    below.is_some_and(|name| match name.split_once('/') {
        Some((first, _)) => FOLDERS_OF_SAVED_MODEL.contains(&first),
        None => name == SAVED_MODEL || OF_SAVED_MODEL.contains(&name),
    })
}

/// The folder of the SavedModel, upwards from a part of it: `.` or `..` from the folder of the part.
pub fn way_to_saved_model(part: &str, folder_of_part: Option<&str>) -> Option<&'static str> {
    if part == SAVED_MODEL || OF_SAVED_MODEL.contains(&part) {
        return Some(".");
    }
    let is_below = folder_of_part.is_some_and(|folder| FOLDERS_OF_SAVED_MODEL.contains(&folder));
    is_below.then_some("..")
}

/// The name of a checkpoint of which this is one file.
pub fn checkpoint_of(name: &str) -> Option<&str> {
    if let Some(prefix) = name.strip_suffix(".index") {
        return Some(prefix);
    }
    let (prefix, _) = name.rsplit_once(".data-")?;
    is_data_of(prefix, name).then_some(prefix)
}

fn is_data_of(prefix: &str, name: &str) -> bool {
    let rest = name
        .strip_prefix(prefix)
        .and_then(|n| n.strip_prefix(".data-"));
    let is_number = |text: &str| text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
    rest.and_then(|rest| rest.split_once("-of-"))
        .is_some_and(|(part, all)| is_number(part) && is_number(all))
}

fn joined(folder: &str, name: &str) -> String {
    match folder.is_empty() {
        true => name.to_owned(),
        false => format!("{folder}/{name}"),
    }
}

/// What follows the last dot, in lower case; empty without one.
fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or_default();
    let end = file.rsplit_once('.').map_or("", |(_, end)| end);
    end.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keras::{Bytes, FilesInMemory};

    const CONFIGURATION: &str = r#"{"class_name": "Sequential", "config": {"layers": []}}"#;
    const HDF5: &str = "\u{89}HDF\r\n\u{1a}\n";

    fn files(names: &[(&str, &str)]) -> FilesInMemory {
        let bytes = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        names
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Bytes::from(bytes(text))))
            .collect()
    }

    fn members(names: &[&str]) -> Vec<(String, ModelKind)> {
        let named: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
        let found = candidates(&files(&named), &Cancel::new());
        let found = found.unwrap().into_iter();
        found.map(|c| (c.member(), c.kind)).collect()
    }

    #[test]
    fn models_are_found_with_their_parts() {
        use ModelKind::{Checkpoint, File, SavedModel};
        let kinds = |expected: &[(&str, ModelKind)]| -> Vec<(String, ModelKind)> {
            let expected = expected.iter();
            expected.map(|(m, k)| ((*m).to_owned(), *k)).collect()
        };
        let saved = [
            "m/saved_model.pb",
            "m/keras_metadata.pb",
            "m/fingerprint.pb",
            "m/variables/variables.index",
            "m/variables/variables.data-00000-of-00001",
            "m/README.md",
        ];
        assert_eq!(members(&saved), kinds(&[("m", SavedModel)]));
        assert_eq!(members(&["saved_model.pb"]), kinds(&[(".", SavedModel)]));
        let checkpoints = [
            "checkpoint",
            "a.ckpt.index",
            "a.ckpt.data-00000-of-00001",
            "b.index",
            "b.data-0-of-1",
        ];
        assert_eq!(members(&checkpoints), kinds(&[("a.ckpt", Checkpoint)]));
        let download = [
            "joir/README.txt",
            "joir/sex.h5",
            "joir/age.KERAS",
            "__MACOSX/joir/._sex.h5",
            "joir/.ipynb_checkpoints/sex.h5",
        ];
        let both = kinds(&[("joir/age.KERAS", File), ("joir/sex.h5", File)]);
        assert_eq!(members(&download), both);
        // Nothing that Gantei opens: the only model of another kind is what is meant.
        assert_eq!(
            members(&["a/net.pt", "a.txt"]),
            kinds(&[("a/net.pt", File)])
        );
        assert_eq!(members(&["a.pt", "b.pt"]), kinds(&[]));
        // A part of a file that PyTorch wrote, not a model of its own.
        assert_eq!(members(&["archive/data.pkl"]), kinds(&[]));
        let unnamed = files(&[("model", HDF5), ("model.h5.download", HDF5), ("notes", "x")]);
        let cancel = Cancel::new();
        assert_eq!(candidates(&unnamed, &cancel).unwrap().len(), 2);
        cancel.cancel();
        assert_eq!(candidates(&unnamed, &cancel), Err(Error::Cancelled));
    }

    #[test]
    fn shards_belong_to_the_file_that_lists_them() {
        let map = r#"{"weight_map": {"/layers/dense/vars": ["m_00000.weights.h5", "m_00001.weights.h5"]}}"#;
        let named = [
            ("x/m.weights.json", map),
            ("x/m_00000.weights.h5", ""),
            ("x/m_00001.weights.h5", ""),
            ("x/other.weights.json", "{}"),
        ];
        let cancel = Cancel::new();
        let found = candidates(&files(&named), &cancel);
        let expected = Candidate::at("x/m.weights.json", ModelKind::Shards);
        assert_eq!(found.unwrap(), [expected]);
        cancel.cancel();
        let stopped = candidates(&files(&named[..1]), &cancel);
        assert_eq!(stopped, Err(Error::Cancelled));
    }

    #[test]
    fn what_is_not_looked_at_any_more_is_not_passed_over() {
        let named = |count: usize, end: &str| -> Vec<String> {
            (0..count).map(|at| format!("{at:03}{end}")).collect()
        };
        let with = |names: &[String], text: &str| {
            let names: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), text)).collect();
            files(&names)
        };
        let cancel = Cancel::new();
        let of_lists = |count| candidates(&with(&named(count, SHARDS), "{}"), &cancel);
        let limit = MAX_INSPECTED;
        assert_eq!(of_lists(limit), Ok(Vec::new()));
        assert_eq!(of_lists(limit + 1), Err(Error::TooManyTexts { limit }));
        let of_texts = |count| {
            let files = with(&named(count, ".json"), CONFIGURATION);
            configurations(&files, "best.h5", &cancel).map(|found| found.len())
        };
        let limit = MAX_CONFIGURATIONS;
        assert_eq!(of_texts(limit), Ok(limit));
        assert_eq!(of_texts(limit + 1), Err(Error::TooManyTexts { limit }));
    }

    #[test]
    fn many_models_with_their_parts_are_found() {
        let mut names = Vec::new();
        for at in 0..8_000 {
            names.push(format!("c/{at}.index"));
            names.push(format!("c/{at}.data-00000-of-00001"));
            names.push(format!("s/{at}/saved_model.pb"));
            names.push(format!("s/{at}/variables/variables.index"));
            names.push(format!("s/{at}/variables/variables.data-00000-of-00001"));
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = members(&names);
        let count = |kind| found.iter().filter(|(_, found)| *found == kind).count();
        assert_eq!(count(ModelKind::Checkpoint), 8_000);
        assert_eq!(count(ModelKind::SavedModel), 8_000);
        assert_eq!(found.len(), 16_000);
    }

    #[test]
    fn a_configuration_after_many_other_texts_is_found() {
        let other: Vec<String> = (0..100).map(|at| format!("a{at:03}.json")).collect();
        let mut named: Vec<(&str, &str)> =
            other.iter().map(|name| (name.as_str(), "[1]")).collect();
        named.push(("net.json", CONFIGURATION));
        let found = configurations(&files(&named), "best.h5", &Cancel::new());
        assert_eq!(found.unwrap(), ["net.json"]);
        let cancel = Cancel::new();
        cancel.cancel();
        let stopped = configurations(&files(&named), "best.h5", &cancel);
        assert_eq!(stopped, Err(Error::Cancelled));
    }

    /// An archive of which no more is unpacked.
    struct Exhausted(FilesInMemory);

    impl ModelFiles for Exhausted {
        fn names(&self) -> Result<&[String], Error> {
            self.0.names()
        }

        fn length(&self, name: &str) -> Option<u64> {
            self.0.length(name)
        }

        fn start(&self, _: &str, limit: u64) -> Result<Vec<u8>, Error> {
            Err(Error::ArchiveTooLarge { limit })
        }

        fn read(&self, _: &str, limit: u64) -> Result<Bytes, Error> {
            Err(Error::ArchiveTooLarge { limit })
        }
    }

    #[test]
    fn a_configuration_that_may_not_be_unpacked_is_not_passed_over() {
        let files = Exhausted(files(&[("net.json", CONFIGURATION)]));
        let refused = configurations(&files, "best.h5", &Cancel::new());
        assert!(matches!(refused, Err(Error::ArchiveTooLarge { .. })));
    }

    #[test]
    fn weights_and_configuration_find_each_other_by_stem_then_alone() {
        let both = |names: &[(&str, &str)], weights: &str| {
            configurations(&files(names), weights, &Cancel::new()).unwrap()
        };
        let texts = [("model.json", CONFIGURATION), ("b.json", CONFIGURATION)];
        assert_eq!(both(&texts, "model_weights.h5"), ["model.json"]);
        assert_eq!(both(&texts, "Model.weights.h5"), ["model.json"]);
        assert_eq!(both(&texts, "best.h5"), ["b.json", "model.json"]);
        let card = [("model.json", r#"{"input": {"size": [3, 3]}}"#), texts[1]];
        assert_eq!(both(&card, "model.h5"), ["b.json"]);
        let folder = files(&[
            ("a.h5", ""),
            ("b_weights.h5", ""),
            ("c/d.h5", ""),
            ("e.onnx", ""),
        ]);
        let weights = |name: &str| -> Vec<String> {
            let found = weights_beside(&folder, name, &Cancel::new())
                .unwrap()
                .into_iter();
            found.map(|c| c.member()).collect()
        };
        assert_eq!(weights("b_architecture.json"), ["b_weights.h5"]);
        assert_eq!(weights("x.json"), ["a.h5", "b_weights.h5"]);
    }

    #[test]
    fn a_part_leads_to_its_whole() {
        assert_eq!(way_to_saved_model("fingerprint.pb", None), Some("."));
        assert_eq!(
            way_to_saved_model("variables.index", Some("variables")),
            Some("..")
        );
        assert_eq!(way_to_saved_model("variables.index", Some("models")), None);
        assert_eq!(checkpoint_of("best.ckpt.index"), Some("best.ckpt"));
        assert_eq!(checkpoint_of("b.data-00000-of-00002"), Some("b"));
        assert_eq!(checkpoint_of("b.data-set.h5"), None);
    }
}
