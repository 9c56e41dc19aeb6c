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

/// Finds the model at a path. `member` chooses one of several by its name in the folder or archive.
///
/// # Errors
/// [`Error::NoSuchFile`]; [`keras::Error::Several`] if the user must choose; [`Error::NoSuchMember`]; otherwise what is
/// at the path in place of a model.
pub fn find(path: &Path, member: Option<&str>) -> Result<ModelSource, Error> {
    let whole = storage::whole(path);
    if storage::is_folder(path) {
        return in_folder(&whole, member);
    }
    let folder = whole.parent().unwrap_or(Path::new(""));
    let name = storage::file_name(&whole);
    if !storage::is_there(path) {
        return match is_checkpoint(path) {
            true => beside(folder, Candidate::at(&name, ModelKind::Checkpoint), member),
            false => Err(Error::NoSuchFile(storage::file_name(path))),
        };
    }
    let of_folder = folder.file_name().and_then(|name| name.to_str());
    if let Some(root) = saved_model_of(folder, &name, of_folder) {
        return saved_model(&root, member);
    }
    if let Some(prefix) = keras::checkpoint_of(&name) {
        return beside(folder, Candidate::at(prefix, ModelKind::Checkpoint), member);
    }
    if let Some(prefix) = last_checkpoint(path, &name) {
        return beside(
            folder,
            Candidate::at(&prefix, ModelKind::Checkpoint),
            member,
        );
    }
    of_file(path, &whole, &name, member)
}

/// The folder of a SavedModel of which a file, or the folder `of_folder` itself, is a part.
fn saved_model_of(folder: &Path, part: &str, of_folder: Option<&str>) -> Option<PathBuf> {
    let root = match keras::way_to_saved_model(part, of_folder)? {
        "." => folder,
        _ => folder.parent()?,
    };
    storage::is_file(&root.join(keras::SAVED_MODEL)).then(|| root.to_owned())
}

fn saved_model(root: &Path, member: Option<&str>) -> Result<ModelSource, Error> {
    if let Some(member) = member {
        return Err(no_such_member(member, &[]));
    }
    let files = Box::new(FolderFiles::all(root).map_err(Error::ModelFile)?);
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

fn in_folder(folder: &Path, member: Option<&str>) -> Result<ModelSource, Error> {
    let name = folder.file_name().and_then(|name| name.to_str());
    if let Some(root) = saved_model_of(folder, "", name) {
        return saved_model(&root, member);
    }
    let files = FolderFiles::all(folder).map_err(Error::ModelFile)?;
    let models = keras::candidates(&files);
    let Some(chosen) = chosen(models, member)? else {
        return Err(match keras::configurations(&files, "").is_empty() {
            true => keras::Error::folder(false).into(),
            false => not_a_model(FileKind::Configuration),
        });
    };
    let root = folder.join(&chosen.folder);
    match chosen.kind {
        ModelKind::SavedModel => saved_model(&root, None),
        _ => beside(&root, within(chosen), None),
    }
}

/// The same model as one of its folder's files.
fn within(model: Candidate) -> Candidate {
    Candidate {
        folder: String::new(),
        ..model
    }
}

/// The model that the user chose, or the only one.
fn chosen(mut models: Vec<Candidate>, member: Option<&str>) -> Result<Option<Candidate>, Error> {
    let members = |models: &[Candidate]| models.iter().map(Candidate::member).collect::<Vec<_>>();
    if let Some(member) = member {
        let plain = member.trim_start_matches("./").trim_end_matches('/');
        let found = models.iter().find(|model| model.member() == plain);
        let found = found.or_else(|| models.iter().find(|model| model.member() == member));
        return match found {
            Some(model) => Ok(Some(model.clone())),
            None => Err(no_such_member(member, &members(&models))),
        };
    }
    match models.len() {
        0 | 1 => Ok(models.pop()),
        _ => Err(keras::Error::Several(members(&models)).into()),
    }
}

fn no_such_member(member: &str, members: &[String]) -> Error {
    Error::NoSuchMember {
        name: member.to_owned(),
        members: members.to_vec(),
    }
}

/// A model on the disk; `member` names its configuration.
fn beside(folder: &Path, model: Candidate, member: Option<&str>) -> Result<ModelSource, Error> {
    let files = FolderFiles::beside(folder, &model.name);
    let model = match member {
        None => model,
        Some(name)
            if keras::configurations(&files, &model.name)
                .iter()
                .any(|n| n == name) =>
        {
            model.described_by(name)
        }
        Some(name) => return Err(no_such_member(name, &[])),
    };
    let place = folder.join(&model.name);
    Ok(ModelSource::new(Box::new(files), model, &place))
}

fn of_file(
    path: &Path,
    whole: &Path,
    name: &str,
    member: Option<&str>,
) -> Result<ModelSource, Error> {
    let bytes = Bytes::from(model_file(path)?);
    let folder = whole.parent().unwrap_or(Path::new(""));
    let has_begun = keras::begins_as_a_model(bytes.as_ref());
    if keras::looks_like_an_archive(bytes.as_ref())
        && let Some(source) = in_archive(whole, name, &bytes, member)?
    {
        return Ok(source);
    }
    let files = FolderFiles::beside(folder, name);
    let model = match keras::recognise_text(bytes.as_ref()) {
        _ if has_begun => match keras::list_of_shard(&files, name) {
            Some(list) => Candidate::at(&list, ModelKind::Shards),
            None => Candidate::file(name),
        },
        TextFile::Configuration(_) => {
            let weights = keras::weights_of(&files, name);
            match chosen(weights, member)? {
                Some(weights) => {
                    let source = beside(folder, weights.described_by(name), None)?;
                    return Ok(ModelSource {
                        name: PathBuf::from(name),
                        ..source
                    });
                }
                None => return Err(not_a_model(FileKind::Configuration)),
            }
        }
        TextFile::Shards => Candidate::at(name, ModelKind::Shards),
        _ => Candidate::file(name),
    };
    if model.name != name || model.kind != ModelKind::File {
        return beside(folder, model, member);
    }
    let source = match read::is_descriptor(path) {
        // What came through a pipe has no folder, and cannot be read twice.
        true => {
            let files: FilesInMemory = [(name.to_owned(), bytes.clone())].into_iter().collect();
            ModelSource::new(Box::new(files), model, whole)
        }
        false => beside(folder, model, member)?,
    };
    *source.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
    Ok(source)
}

/// The model in an archive; `None` for a file that is no archive but a model, or of some other kind.
fn in_archive(
    whole: &Path,
    name: &str,
    bytes: &Bytes,
    member: Option<&str>,
) -> Result<Option<ModelSource>, Error> {
    let Some(files) = keras::unpack(name, bytes.clone())? else {
        return Ok(None);
    };
    // A `.keras` file is a zip file itself.
    if files.has("config.json") && files.has("model.weights.h5") {
        return Ok(None);
    }
    let mut models = keras::candidates(&*files);
    let is_zip = keras::looks_like_zip(bytes.as_ref());
    if models.is_empty() && keras::has_archive(&*files) {
        return Err(not_a_model(FileKind::ArchiveInArchive));
    }
    // One packed file is what it is.
    if let (true, false, [only]) = (models.is_empty(), is_zip, files.names()) {
        models.push(Candidate::file(only));
    }
    let Some(model) = chosen(models, member)? else {
        // Other programs write zip files of their own.
        return match is_zip {
            true => Ok(None),
            false => Err(not_a_model(FileKind::ZipWithoutModel)),
        };
    };
    let files = Box::new(FilesWithin::new(files, &model.folder));
    let folder = whole.with_file_name(model.folder.rsplit('/').next().unwrap_or_default());
    let own = match (model.kind, model.folder.is_empty()) {
        (ModelKind::SavedModel, false) => folder,
        (ModelKind::SavedModel, true) => whole.to_owned(),
        _ => whole.with_file_name(&model.name),
    };
    let source = ModelSource::new(files, within(model), &own);
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

impl ModelSource {
    /// `own` is the path of the model's file or folder.
    fn new(files: Box<dyn ModelFiles>, model: Candidate, own: &Path) -> Self {
        Self {
            files,
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
        keras::import_files(self, &self.model, options, cancel, progress)
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
    fn names(&self) -> &[String] {
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
            None => {
                let length = self.files.length(name).unwrap_or_default().min(limit);
                memory::check_file(length).map_err(|_| keras::Error::Memory { bytes: length })?;
                self.files.read(name, limit)?
            }
        };
        let checksums = self.checksums.lock();
        checksums
            .unwrap_or_else(PoisonError::into_inner)
            .entry(name.to_owned())
            .or_insert_with(|| hex::sha256(bytes.as_ref()));
        Ok(bytes)
    }
}
