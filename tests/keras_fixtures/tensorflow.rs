//! The files of `tensorflow_*.zip`, which `make_tensorflow.py` wrote.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use gantei::keras::{
    self, Bytes, Candidate, Error, FilesInMemory, Imported, ModelFiles, ModelKind, Options,
};
use gantei::progress::{Cancel, Progress};
use serde::Deserialize;

use super::{bytes, folder};

/// A row of `rows.json`.
#[derive(Deserialize)]
pub struct Row {
    pub name: String,
    pub form: String,
    pub config: Option<String>,
    /// Whose input and expected output.
    pub model: Option<String>,
    pub parameters: Option<u64>,
    /// A piece of the reason.
    pub refused: Option<String>,
}

/// The files that each version wrote.
pub fn versions() -> BTreeMap<String, FilesInMemory> {
    let mut files: BTreeMap<String, Vec<(String, Bytes)>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(version) = name
            .strip_prefix("tensorflow_")
            .and_then(|rest| rest.strip_suffix("_a.zip").or(rest.strip_suffix("_b.zip")))
        else {
            continue;
        };
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes(&name))).unwrap();
        for at in 0..zip.len() {
            let mut entry = zip.by_index(at).unwrap();
            let mut whole = Vec::new();
            entry.read_to_end(&mut whole).unwrap();
            let inside = (entry.name().to_owned(), Bytes::from(whole));
            files.entry(version.to_owned()).or_default().push(inside);
        }
    }
    let collected = |(version, files): (_, Vec<_>)| (version, files.into_iter().collect());
    let versions: BTreeMap<_, _> = files.into_iter().map(collected).collect();
    assert_eq!(versions.len(), 5);
    versions
}

pub fn read(files: &FilesInMemory, name: &str) -> Vec<u8> {
    files.read(name, u64::MAX).unwrap().as_ref().to_vec()
}

pub fn rows(files: &FilesInMemory) -> Vec<Row> {
    serde_json::from_slice(&read(files, "rows.json")).unwrap()
}

pub fn import(files: &FilesInMemory, row: &Row) -> Result<Imported, Error> {
    let kind = match row.form.as_str() {
        "saved-model" => ModelKind::SavedModel,
        _ => ModelKind::Checkpoint,
    };
    // The files of its own folder: those of the SavedModel, or of the checkpoint with its configuration.
    let inside = format!("{}/", row.name);
    let own = files.names()?.iter().filter_map(|name| {
        let short = match kind {
            ModelKind::SavedModel => name.strip_prefix(&inside),
            _ if name.starts_with(&row.name) => name.rsplit('/').next(),
            _ => None,
        };
        Some((short?, name))
    });
    let config = row.config.iter().map(|name| (name.as_str(), name));
    let folder: FilesInMemory = own
        .chain(config)
        .map(|(short, name)| (short.to_owned(), Bytes::from(read(files, name))))
        .collect();
    let model = Candidate {
        folder: String::new(),
        ..Candidate::at(&row.name, kind)
    };
    let (options, cancel, progress) = (Options::default(), Cancel::new(), Progress::new());
    keras::import_files(&folder, &model, options, &cancel, &progress)
}
