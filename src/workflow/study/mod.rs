//! Studies: a folder with a study file, the journals of its runs, and the tables. Photographs are referred to, never
//! copied. The window and the command line use the same functions.

mod answers;
mod columns;
mod evaluate;
mod features;
mod known;
mod labelling;
pub mod labels;
mod listing;
mod models;
mod records;
mod replay;
mod run;
mod similar;
mod status;
mod supplement;
mod tables;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Context, Error, VERSION};
use crate::domain::study::SCHEMA;
use crate::domain::{Study, StudySettings};
use crate::export::{json, tables as results};
use crate::progress::Cancel;
use crate::storage::study::{self as stored, Access, Lock, StudyError};
use crate::storage::{self, atomic};
use crate::text::failures::StudyFault;
use crate::text::{Lang, research_only};

pub use crate::storage::study::NAME;
pub use crate::workflow::batch::KnownAnswer;
pub use answers::answers;
pub use evaluate::{BUILT_IN_COLUMNS, EvaluationRequest, evaluate, take_decisions};
pub use labelling::{
    LabelMatch, LabelState, LabelStatus, confirm_labels, label_status, propose_labels,
    recorded_ages, study_labels,
};
pub use listing::{Listing, photographs};
pub use models::{ModelState, model_states};
pub use records::{RecordsRequest, check_records, decide, write_records};
pub use replay::{export_evaluation, export_supplement, replay};
pub use run::{StudyRunOptions, change_settings, hand_over, run};
pub use status::{Failed, ModelStatus, StudyStatus, status, status_of};
pub use supplement::{SupplementRequest, supplement};

/// What a new study consists of.
#[derive(Clone, Debug, Default)]
pub struct NewStudy {
    /// Folders of photographs, photographs, and tables that list photographs; from the working directory, or absolute.
    pub inputs: Vec<PathBuf>,
    /// Ids of models in the library. A study may be without models until it is run.
    pub models: Vec<String>,
    pub settings: StudySettings,
}

/// A study that is open. No other window or command can open it until this is dropped, unless it was opened for one part
/// of a run, or its folder cannot be written to.
#[derive(Debug)]
pub struct OpenStudy {
    folder: PathBuf,
    study: Study,
    /// Checksum of the study file as it was last read or written.
    sha256: String,
    /// `None` if the folder cannot be written to.
    lock: Option<(Lock, Access)>,
}

impl OpenStudy {
    /// The folder of the study, without links in its path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn study(&self) -> &Study {
        &self.study
    }

    /// Whether the folder cannot be written to: the study can be looked at, but neither changed nor run.
    pub fn is_read_only(&self) -> bool {
        self.lock.is_none()
    }

    /// The paths of its inputs.
    pub fn input_paths(&self) -> Vec<PathBuf> {
        let inputs = self.study.inputs.iter();
        inputs
            .map(|input| stored::resolved(&self.folder, input))
            .collect()
    }
}

/// Whether a path is the folder of a study, or a study file.
pub fn is_study(path: &Path) -> bool {
    stored::folder_of(path).is_some()
}

/// Creates a study in a folder, which is created if it is missing, and opens it. Returns the photographs that it found.
///
/// # Errors
/// The folder holds a study already or files that its tables would replace, an input is missing, none of them holds a photograph, a model is not in the library,
/// or the folder cannot be written to. Then nothing is written.
pub fn create(
    ctx: &Context,
    folder: &Path,
    new: NewStudy,
    cancel: &Cancel,
) -> Result<(OpenStudy, Listing), Error> {
    if storage::has_entry(&folder.join(NAME)) {
        return Err(StudyFault::Exists.into());
    }
    let names = results::NAMES.iter().chain([&json::RESULTS]);
    let there = names.filter(|name| storage::has_entry(&folder.join(name)));
    let names: Vec<String> = there.map(|name| (*name).to_owned()).collect();
    if !names.is_empty() {
        return Err(StudyFault::TablesThere { names }.into());
    }
    let folder = stored::base(folder);
    let study = Study {
        schema: SCHEMA,
        application: format!("gantei {VERSION}"),
        research_only: research_only(Lang::En).to_owned(),
        inputs: references(&folder, &new.inputs)?,
        photographs: Vec::new(),
        models: models::chosen(ctx, &new.models)?,
        settings: new.settings,
        labels: None,
        decisions: Vec::new(),
    };
    let listing = photographs(&folder, &study, cancel)?;
    listing.check()?;
    let study = Study {
        photographs: listing.references(&folder, &study)?,
        ..study
    };
    atomic::prepare(&folder)?;
    // Without links in its path, now that it exists.
    let folder = stored::base(&folder);
    let lock = stored::lock(&folder, Access::Alone)?;
    let sha256 = stored::create(&folder, &study)?;
    let open = OpenStudy {
        folder,
        study,
        sha256,
        lock: Some((lock, Access::Alone)),
    };
    Ok((open, listing))
}

fn references(folder: &Path, inputs: &[PathBuf]) -> Result<Vec<String>, Error> {
    let reference = |path: &PathBuf| {
        let path = stored::whole_input(path);
        stored::reference(folder, &path).ok_or_else(|| {
            let name = storage::file_name(&path);
            Error::from(StudyFault::NotText { name })
        })
    };
    inputs.iter().map(reference).collect()
}

/// Opens a study, given by its folder or its study file.
///
/// # Errors
/// There is no study, another window or command has it open, or the file is damaged or of a newer version. A folder that
/// cannot be written to is no error: [`OpenStudy::is_read_only`].
pub fn open(path: &Path) -> Result<OpenStudy, Error> {
    open_for(path, Access::Alone)
}

/// Opens a study to run one part of it, while others may run the other parts. It cannot be saved.
///
/// # Errors
/// As [`open()`].
pub fn open_part(path: &Path) -> Result<OpenStudy, Error> {
    open_for(path, Access::Shared)
}

fn open_for(path: &Path, access: Access) -> Result<OpenStudy, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: storage::file_name(path),
    })?;
    let lock = match stored::lock(&folder, access) {
        Ok(lock) => Some((lock, access)),
        Err(StudyError::Storage(storage::Error::Write { .. })) => None,
        Err(e) => return Err(e.into()),
    };
    let (study, sha256) = stored::load(&folder)?;
    Ok(OpenStudy {
        folder,
        study,
        sha256,
        lock,
    })
}

/// Saves a study in place of the open one.
///
/// # Errors
/// The folder cannot be written to, or the study file was changed since it was opened; then the open study is as before.
pub fn save(open: &mut OpenStudy, study: Study) -> Result<(), Error> {
    match open.lock {
        None => return Err(StudyFault::ReadOnly.into()),
        Some((_, Access::Shared)) => return Err(StudyFault::Held.into()),
        Some((_, Access::Alone)) => {}
    }
    open.sha256 = stored::save(&open.folder, &study, &open.sha256)?;
    open.study = study;
    Ok(())
}

/// Chooses models for a study, as they are in the library now.
///
/// # Errors
/// As [`save`], and for a model that is not in the library.
pub fn choose_models(ctx: &Context, open: &mut OpenStudy, ids: &[String]) -> Result<(), Error> {
    let study = Study {
        models: models::chosen(ctx, ids)?,
        ..open.study.clone()
    };
    save(open, study)
}

/// Changes the reference to photographs or a table that were moved: everything at or below `from`, as the study refers to it, is
/// now at or below `to`.
///
/// # Errors
/// As [`save`]; there is nothing at `to`, or the study does not refer to `from`.
pub fn relocate(open: &mut OpenStudy, from: &str, to: &Path) -> Result<(), Error> {
    if !storage::is_there(to) {
        let inputs = vec![storage::file_name(to)];
        return Err(StudyFault::Moved { inputs }.into());
    }
    let folder = &open.folder;
    let (from, to) = (stored::resolved(folder, from), stored::whole_input(to));
    let mut study = open.study.clone();
    let mut count = 0;
    let table = study.labels.as_mut().map(|labels| &mut labels.table);
    let references = study.inputs.iter_mut().chain(&mut study.photographs);
    for reference in references.chain(table) {
        let path = stored::resolved(folder, reference);
        if let Ok(below) = path.strip_prefix(&from) {
            // Joining an empty path would add a separator.
            let moved = match below.as_os_str().is_empty() {
                true => to.clone(),
                false => to.join(below),
            };
            let name = storage::file_name(&moved);
            *reference = stored::reference(folder, &moved).ok_or(StudyFault::NotText { name })?;
            count += 1;
        }
    }
    match count {
        0 => Err(StudyFault::NotReferredTo {
            name: storage::file_name(&from),
        }
        .into()),
        _ => save(open, study),
    }
}

/// Leaves photographs that are missing out of a study, and returns their number. Their answers stay in the journals. Those
/// that a table lists stay missing until the table is corrected.
///
/// # Errors
/// As [`save`]; a whole input is not found, or the study would have no input left.
pub fn forget_missing(open: &mut OpenStudy, cancel: &Cancel) -> Result<usize, Error> {
    let listing = photographs(open.folder(), open.study(), cancel)?;
    if !listing.moved.is_empty() {
        return Err(StudyFault::Moved {
            inputs: listing.moved,
        }
        .into());
    }
    if listing.missing == 0 {
        return Ok(0);
    }
    let found = listing.scan.found.iter().enumerate();
    let missing = found.filter(|(at, _)| listing.is_missing(*at));
    let missing: HashSet<&Path> = missing.map(|(_, found)| found.path.as_path()).collect();
    let mut study = open.study().clone();
    let folder = open.folder();
    let is_there = |reference: &String| {
        let path = stored::resolved(folder, reference);
        !missing.contains(path.as_path())
    };
    let references = |study: &Study| study.inputs.len() + study.photographs.len();
    let before = references(&study);
    study.inputs.retain(is_there);
    study.photographs.retain(is_there);
    if study.inputs.is_empty() {
        return Err(StudyFault::AllMissing.into());
    }
    let left_out = before - references(&study);
    save(open, study)?;
    Ok(left_out)
}
