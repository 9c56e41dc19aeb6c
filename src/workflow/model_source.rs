//! From the path that a user names to the files of one model: a file with what belongs to it, a folder, a part of a
//! SavedModel or checkpoint, an archive.
//!
//! Every command that takes a model goes this way, so all of them open the same and refuse with the same words. Next to
//! a file only what belongs to it is looked up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Error, memory};
use crate::keras::{
    self, Bytes, Candidate, FileKind, FilesInMemory, FilesWithin, Imported, MAX_FILE_BYTES,
    ModelFiles, ModelKind, Options, TextFile,
};
use crate::numeric::hex;
use crate::progress::{Cancel, Progress};
use crate::storage::{self, FolderFiles, read};

/// The text file in which TensorFlow notes its last checkpoint.
const LAST_CHECKPOINT: &str = "checkpoint";
/// Longest such file that is read.
const MAX_NOTE_BYTES: u64 = 64 << 10;

/// One model and its files.
pub struct ModelSource {
    /// Those of the model's folder.
    files: Box<dyn ModelFiles>,
    /// That folder, from the folder or archive that the user named; empty for the outermost.
    below: String,
    model: Candidate,
    /// Gives the model's id.
    pub name: PathBuf,
    /// What the user calls the model: its file or folder, or the archive. A card may lie beside it.
    pub place: PathBuf,
    /// The model's own file, if it has been read already.
    first: Mutex<Option<Bytes>>,
    /// SHA-256 of every file that was read, by name.
    checksums: Mutex<BTreeMap<String, String>>,
}

/// True if a model may be at this path: a file, a folder, or what the names of a checkpoint's files begin with.
pub fn is_there(path: &Path) -> bool {
    storage::is_file(path) || storage::is_folder(path) || is_checkpoint(path)
}

fn is_checkpoint(path: &Path) -> bool {
    let mut index = path.as_os_str().to_owned();
    index.push(".index");
    path.file_name().is_some() && storage::is_file(Path::new(&index))
}

/// Finds the model at a path. `members` choose one of several by its name in the folder or archive, by that of its
/// configuration, or by both.
///
/// # Errors
/// [`Error::NoSuchFile`]; [`keras::Error::Several`] if the user must choose; [`Error::NoSuchMember`],
/// [`Error::MembersOfOneKind`] and [`Error::NotBeside`]; [`Error::Memory`] and [`Error::Cancelled`]; otherwise what is at the path in place of a model.
pub fn find(path: &Path, members: &[String], cancel: &Cancel) -> Result<ModelSource, Error> {
    cancel.check()?;
    let whole = storage::whole(path);
    if storage::is_folder(path) {
        return in_folder(&whole, members, cancel);
    }
    let folder = whole.parent().unwrap_or(Path::new(""));
    let name = storage::file_name(&whole);
    if !storage::is_there(path) {
        return match is_checkpoint(path) {
            true => beside(
                folder,
                Candidate::at(&name, ModelKind::Checkpoint),
                members,
                cancel,
            ),
            false => Err(Error::NoSuchFile(storage::file_name(path))),
        };
    }
    let of_folder = folder.file_name().and_then(|name| name.to_str());
    if let Some(root) = saved_model_of(folder, &name, of_folder) {
        return saved_model(&root, members);
    }
    let of_checkpoint = keras::checkpoint_of(&name).map(str::to_owned);
    if let Some(prefix) = of_checkpoint.or_else(|| last_checkpoint(path, &name)) {
        let model = Candidate::at(&prefix, ModelKind::Checkpoint);
        return beside(folder, model, members, cancel);
    }
    of_file(path, &whole, &name, members, cancel)
}

/// The folder of a SavedModel of which a file, or the folder `of_folder` itself, is a part.
fn saved_model_of(folder: &Path, part: &str, of_folder: Option<&str>) -> Option<PathBuf> {
    let root = match keras::way_to_saved_model(part, of_folder)? {
        "." => folder,
        _ => folder.parent()?,
    };
    storage::is_file(&root.join(keras::SAVED_MODEL)).then(|| root.to_owned())
}

fn saved_model(root: &Path, members: &[String]) -> Result<ModelSource, Error> {
    if let Some(member) = members.first() {
        return Err(no_such_member(member, Vec::new()));
    }
    let files = FolderFiles::all(root).map_err(Error::ModelFile)?;
    let model = Candidate::at("", ModelKind::SavedModel);
    Ok(ModelSource::new(files, model, root))
}

/// The model's name that a note of TensorFlow gives, if the file is one.
fn last_checkpoint(path: &Path, name: &str) -> Option<String> {
    if name != LAST_CHECKPOINT {
        return None;
    }
    let text = read::start_of(path, MAX_NOTE_BYTES).ok()?;
    let text = String::from_utf8(text).ok()?;
    let stated = text
        .lines()
        .find_map(|line| line.strip_prefix("model_checkpoint_path:"))?;
    let last = stated.trim().trim_matches('"').rsplit(['/', '\\']).next()?;
    (!last.is_empty() && last != "..").then(|| last.to_owned())
}

fn in_folder(folder: &Path, members: &[String], cancel: &Cancel) -> Result<ModelSource, Error> {
    let name = folder.file_name().and_then(|name| name.to_str());
    if let Some(root) = saved_model_of(folder, "", name) {
        return saved_model(&root, members);
    }
    let files = WithinMemory(FolderFiles::all(folder).map_err(Error::ModelFile)?);
    let models = keras::candidates(&files, cancel)?;
    let Some(chosen) = chosen(&files, models, members, cancel)? else {
        // As in the cache of Hugging Face.
        let mut links = files.0.links().into_iter();
        if let Some(name) = links.find(|name| keras::has_name_of_model(name)) {
            return Err(keras::Error::Link { name }.into());
        }
        let kind = match keras::configurations(&files, "", cancel) {
            Ok(none) if none.is_empty() => kind_of_folder(&files),
            Ok(_) | Err(keras::Error::TooManyTexts { .. }) => FileKind::Configuration,
            Err(error) => return Err(error.into()),
        };
        return Err(not_a_model(kind));
    };
    let root = folder.join(&chosen.folder);
    if chosen.kind == ModelKind::SavedModel {
        return saved_model(&root, &[]);
    }
    let files = FolderFiles::beside(&root, &chosen.name);
    let place = root.join(&chosen.name);
    Ok(ModelSource::new(files, chosen, &place))
}

/// What a folder without a model is, by its first files.
fn kind_of_folder(files: &dyn ModelFiles) -> FileKind {
    /// Files that are looked at, and bytes of each.
    const FILES: usize = 100;
    const START: u64 = 64 << 10;
    let names = files.names().unwrap_or_default().iter().take(FILES);
    FileKind::of_folder(names.filter_map(|name| files.start(name, START).ok()))
}

/// The model that the user chose, or the only one; `None` if there is none.
fn chosen(
    files: &dyn ModelFiles,
    mut models: Vec<Candidate>,
    members: &[String],
    cancel: &Cancel,
) -> Result<Option<Candidate>, Error> {
    let (mut weights, mut configurations) = (Vec::new(), Vec::new());
    for member in members {
        let plain = member.trim_start_matches("./").trim_end_matches('/');
        let is_named = |model: &&Candidate| [plain, member].contains(&model.member().as_str());
        match models.iter().find(is_named) {
            Some(model) => weights.push(model.clone()),
            None if keras::is_configuration(files, plain)? => configurations.push(plain),
            None => return Err(no_such_member(member, choices(files, &models, cancel)?)),
        }
    }
    if weights.len() > 1 || configurations.len() > 1 {
        return Err(Error::MembersOfOneKind(members.to_vec()));
    }
    let Some(configuration) = configurations.pop() else {
        if !weights.is_empty() {
            models = weights;
        }
        return only(models);
    };
    let (folder, name) = configuration
        .rsplit_once('/')
        .unwrap_or(("", configuration));
    if weights.is_empty() && models.len() > 1 {
        let within = FilesWithin::new(files, folder)?;
        let own = keras::weights_of(&within, name, cancel)?.into_iter();
        weights = own.map(|model| model.in_folder(folder)).collect();
    } else if weights.is_empty() {
        weights = models.clone();
    }
    let Some(model) = only(weights)? else {
        return Err(not_a_model(FileKind::Configuration));
    };
    let within = FilesWithin::new(files, &model.folder)?;
    if !keras::takes_configuration(&within, &model) {
        return Err(no_such_member(configuration, Vec::new()));
    }
    if model.folder != folder {
        return Err(Error::NotBeside {
            name: configuration.to_owned(),
            weights: model.member(),
            members: choices(files, &[model], cancel)?,
        });
    }
    Ok(Some(model.described_by(name)))
}

fn only(mut models: Vec<Candidate>) -> Result<Option<Candidate>, Error> {
    match models.len() {
        0 | 1 => Ok(models.pop()),
        _ => Err(keras::Error::Several(models.iter().map(Candidate::member).collect()).into()),
    }
}

/// What the user may choose: of one model its configurations.
fn choices(
    files: &dyn ModelFiles,
    models: &[Candidate],
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let [model] = models else {
        return Ok(models.iter().map(Candidate::member).collect());
    };
    let within = FilesWithin::new(files, &model.folder)?;
    if !keras::takes_configuration(&within, model) {
        return Ok(Vec::new());
    }
    let names = keras::configurations(&within, &model.name, cancel)?.into_iter();
    let whole = |name: String| Candidate::file(&name).in_folder(&model.folder).member();
    Ok(names.map(whole).collect())
}

fn no_such_member(member: &str, members: Vec<String>) -> Error {
    Error::NoSuchMember {
        name: member.to_owned(),
        members,
    }
}

/// A model on the disk; a member names its configuration.
fn beside(
    folder: &Path,
    model: Candidate,
    members: &[String],
    cancel: &Cancel,
) -> Result<ModelSource, Error> {
    let place = folder.join(&model.name);
    let files = FolderFiles::beside(folder, &model.name);
    let chosen = chosen(&files, vec![model.clone()], members, cancel)?;
    Ok(ModelSource::new(files, chosen.unwrap_or(model), &place))
}

fn of_file(
    path: &Path,
    whole: &Path,
    name: &str,
    members: &[String],
    cancel: &Cancel,
) -> Result<ModelSource, Error> {
    let bytes = Bytes::from(model_file(path)?);
    let folder = whole.parent().unwrap_or(Path::new(""));
    let has_begun = keras::begins_as_a_model(bytes.as_ref());
    if keras::looks_like_an_archive(bytes.as_ref())
        && let Some(source) = in_archive(whole, name, &bytes, members, cancel)?
    {
        return Ok(source);
    }
    let files = WithinMemory(FolderFiles::beside(folder, name));
    let model = match keras::recognise_text(bytes.as_ref()) {
        _ if has_begun => match keras::list_of_shard(&files, name) {
            Some(list) => Candidate::at(&list, ModelKind::Shards),
            None => Candidate::file(name),
        },
        TextFile::Configuration(_) => {
            return of_configuration(folder, &files, name, members, cancel);
        }
        TextFile::Shards => Candidate::at(name, ModelKind::Shards),
        _ => Candidate::file(name),
    };
    if model.name != name || model.kind != ModelKind::File {
        return beside(folder, model, members, cancel);
    }
    let source = match read::is_descriptor(path) {
        // What came through a pipe has no folder, and cannot be read twice.
        true => {
            let files: FilesInMemory = [(name.to_owned(), bytes.clone())].into_iter().collect();
            ModelSource::new(files, model, whole)
        }
        false => beside(folder, model, members, cancel)?,
    };
    *source.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
    Ok(source)
}

/// The model whose configuration the user named; a member names its weights.
fn of_configuration(
    folder: &Path,
    files: &dyn ModelFiles,
    name: &str,
    members: &[String],
    cancel: &Cancel,
) -> Result<ModelSource, Error> {
    let weights = keras::weights_of(files, name, cancel)?;
    let members: Vec<String> = members.iter().filter(|m| *m != name).cloned().collect();
    let chosen = match chosen(files, weights, &members, cancel)? {
        None => return Err(not_a_model(FileKind::Configuration)),
        Some(Candidate {
            configuration: Some(other),
            ..
        }) => return Err(Error::MembersOfOneKind(vec![name.to_owned(), other])),
        Some(chosen) => chosen.described_by(name),
    };
    let files = FolderFiles::beside(folder, &chosen.name);
    let place = folder.join(&chosen.name);
    Ok(ModelSource {
        name: PathBuf::from(name),
        ..ModelSource::new(files, chosen, &place)
    })
}

/// The model in an archive; `None` for a file that is no archive but a model, or of some other kind.
fn in_archive(
    whole: &Path,
    name: &str,
    bytes: &Bytes,
    members: &[String],
    cancel: &Cancel,
) -> Result<Option<ModelSource>, Error> {
    let room = memory::room_for_file();
    let Some(files) = keras::unpack(name, bytes.clone(), room, cancel)? else {
        return Ok(None);
    };
    let files = WithinMemory(files);
    // A `.keras` file is a zip file itself.
    if files.has("config.json") && files.has("model.weights.h5") {
        return Ok(None);
    }
    let mut models = keras::candidates(&files, cancel)?;
    let is_zip = keras::looks_like_zip(bytes.as_ref());
    if models.is_empty() && keras::has_archive(&files)? {
        return Err(not_a_model(FileKind::ArchiveInArchive));
    }
    // One packed file is what it is.
    if let (true, false, [only]) = (models.is_empty(), is_zip, files.names()?) {
        models.push(Candidate::file(only));
    }
    let Some(model) = chosen(&files, models, members, cancel)? else {
        // Other programs write zip files of their own.
        return match is_zip {
            true => Ok(None),
            false => Err(not_a_model(FileKind::ZipWithoutModel)),
        };
    };
    let files = FilesWithin::new(files, &model.folder)?;
    let folder = whole.with_file_name(model.folder.rsplit('/').next().unwrap_or_default());
    let own = match (model.kind, model.folder.is_empty()) {
        (ModelKind::SavedModel, false) => folder,
        (ModelKind::SavedModel, true) => whole.to_owned(),
        _ => whole.with_file_name(&model.name),
    };
    let source = ModelSource::new(files, model, &own);
    Ok(Some(ModelSource {
        place: whole.to_owned(),
        ..source
    }))
}

fn not_a_model(kind: FileKind) -> Error {
    keras::Error::NotAModel(kind).into()
}

/// The bytes of a model file or archive; only the first ones of a file of another kind.
fn model_file(path: &Path) -> Result<Vec<u8>, Error> {
    let mut room = Ok(());
    let bytes = read::file_if(path, MAX_FILE_BYTES, keras::START, |start| {
        let is_whole = keras::begins_as_a_model(start) || keras::looks_like_an_archive(start);
        if is_whole {
            room = memory::check_file(read::length(path).min(MAX_FILE_BYTES));
        }
        is_whole && room.is_ok()
    });
    room?;
    bytes.map_err(Error::ModelFile)
}

/// Files that are read only where there is enough memory for what follows.
struct WithinMemory<F>(F);

impl<F: ModelFiles> ModelFiles for WithinMemory<F> {
    fn names(&self) -> Result<&[String], keras::Error> {
        self.0.names()
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.0.length(name)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, keras::Error> {
        self.0.start(name, count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, keras::Error> {
        let bytes = self.length(name).unwrap_or_default().min(limit);
        memory::check_file(bytes).map_err(|_| keras::Error::Memory { bytes })?;
        self.0.read(name, limit)
    }
}

impl ModelSource {
    /// `files` are those of the model's folder, `own` is the path of the model's file or folder.
    fn new(files: impl ModelFiles + 'static, mut model: Candidate, own: &Path) -> Self {
        Self {
            files: Box::new(WithinMemory(files)),
            below: std::mem::take(&mut model.folder),
            name: match model.kind {
                // A folder has no ending that could be left out.
                ModelKind::SavedModel => format!("{}.", storage::file_name(own)).into(),
                _ => storage::file_name(own).into(),
            },
            place: own.to_owned(),
            model,
            first: Mutex::default(),
            checksums: Mutex::default(),
        }
    }

    /// Imports the model.
    ///
    /// # Errors
    /// As [`keras::import_files`].
    pub fn import(
        &self,
        options: Options,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Imported, keras::Error> {
        let imported = keras::import_files(self, &self.model, options, cancel, progress);
        imported.map_err(|error| match error {
            keras::Error::Several(names) => {
                let whole = |name: &String| Candidate::file(name).in_folder(&self.below).member();
                keras::Error::Several(names.iter().map(whole).collect())
            }
            other => other,
        })
    }

    /// SHA-256 of what was read: of the only file, or of the lines `sha256  name` of all files, sorted by name.
    pub fn sha256(&self) -> String {
        let checksums = self.checksums.lock();
        let checksums = checksums.unwrap_or_else(PoisonError::into_inner);
        match checksums.iter().collect::<Vec<_>>()[..] {
            [(_, only)] => only.clone(),
            ref several => {
                let lines = several.iter();
                let lines: String = lines
                    .map(|(name, sha256)| format!("{sha256}  {name}\n"))
                    .collect();
                hex::sha256(lines)
            }
        }
    }

    /// SHA-256 of the model's only file; `None` if it may have several.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn sha256_of_only_file(&self) -> Result<Option<String>, Error> {
        if self.model.kind != ModelKind::File || self.model.configuration.is_some() {
            return Ok(None);
        }
        let bytes = self.read(&self.model.name, MAX_FILE_BYTES)?;
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
        Ok(Some(self.sha256()))
    }
}

impl ModelFiles for ModelSource {
    fn names(&self) -> Result<&[String], keras::Error> {
        self.files.names()
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.files.length(name)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, keras::Error> {
        self.files.start(name, count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, keras::Error> {
        let first = || {
            self.first
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
        };
        let ready = (name == self.model.name).then(first).flatten();
        let bytes = match ready {
            Some(bytes) => bytes,
            None => self.files.read(name, limit)?,
        };
        let checksums = self.checksums.lock();
        checksums
            .unwrap_or_else(PoisonError::into_inner)
            .entry(name.to_owned())
            .or_insert_with(|| hex::sha256(bytes.as_ref()));
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is too large for every machine.
    struct Vast;

    impl ModelFiles for Vast {
        fn names(&self) -> Result<&[String], keras::Error> {
            Ok(&[])
        }

        fn length(&self, _: &str) -> Option<u64> {
            Some(1 << 60)
        }

        fn start(&self, _: &str, _: u64) -> Result<Vec<u8>, keras::Error> {
            Ok(Vec::new())
        }

        fn read(&self, _: &str, _: u64) -> Result<Bytes, keras::Error> {
            Ok(Bytes::default())
        }
    }

    #[test]
    fn no_file_is_read_for_which_there_is_no_memory() {
        let read = WithinMemory(Vast).read("a", u64::MAX);
        let refused = matches!(read, Err(keras::Error::Memory { bytes }) if bytes == 1 << 60);
        // Nothing is refused where the system does not say how much memory it has.
        assert_eq!(refused, storage::memory::available().is_some());
        assert!(WithinMemory(Vast).read("a", 1).is_ok());
    }

    /// Files during whose first reading the user stops.
    struct Stopping(FilesInMemory, Cancel);

    impl ModelFiles for Stopping {
        fn names(&self) -> Result<&[String], keras::Error> {
            self.0.names()
        }

        fn length(&self, name: &str) -> Option<u64> {
            self.0.length(name)
        }

        fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, keras::Error> {
            self.1.cancel();
            self.0.start(name, count)
        }

        fn read(&self, name: &str, limit: u64) -> Result<Bytes, keras::Error> {
            self.1.cancel();
            self.0.read(name, limit)
        }
    }

    #[test]
    fn the_search_for_a_model_stops() {
        const TEXT: &[u8] = br#"{"class_name": "Sequential", "config": {"layers": []}}"#;
        let names = ["a.h5", "b.h5", "net.json", "other.json"];
        let files = names.map(|name| (name.to_owned(), Bytes::from(TEXT.to_vec())));
        let files: FilesInMemory = files.into_iter().collect();
        let cancel = Cancel::new();
        let stopping = Stopping(files, cancel.clone());
        let models = keras::candidates(&stopping, &cancel).unwrap();
        let stopped = chosen(&stopping, models, &["net.json".to_owned()], &cancel).err();
        assert!(matches!(stopped, Some(Error::Cancelled)), "{stopped:?}");
    }
}
