//! Exports computed results as pictures, reports and tables into a folder; also previews such a picture.
//!
//! Pictures are drawn from the photograph's file, which is read again: a photograph that was changed since the model
//! ran gets no picture.

mod pictures;
mod report;
mod shown;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::answer::Answer;
use super::save::{self, Existing, Saver};
use super::stems::{longest_tail, unique_stems};
use super::{Error, Source};
use crate::domain::foreign::{renamed, shown};
use crate::domain::{ResultRow, Skipped};
use crate::export::formats::{ExportFormats, Writes};
use crate::imaging::overlay::OverlayOptions;
use crate::progress::{Cancel, Progress};
use crate::storage;
use crate::text::Lang;

pub use pictures::preview;

/// What to do with existing files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IfTaken {
    /// Ask first: nothing is written if a name is taken.
    #[default]
    Ask,
    Replace,
    KeepBoth,
}

/// One photograph to export.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRow {
    pub source: Source,
    /// The name as written: the path below the given folder, or a number if names are masked.
    pub name: String,
    /// The one in view first.
    pub answers: Vec<Arc<Answer>>,
    /// Cases without an answer, each with its error.
    pub failed: Vec<ResultRow>,
}

impl ExportRow {
    /// True if there is an answer to draw; a refused picture has none.
    pub fn has_pictures(&self) -> bool {
        self.answers.iter().any(|a| !a.case.is_refused())
    }
}

/// Everything an export needs.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportOrder {
    pub rows: Vec<ExportRow>,
    pub formats: ExportFormats,
    pub overlay: OverlayOptions,
    /// Maps of one photograph by the same method share the end of the colour scale.
    pub common_scale: bool,
    pub lang: Lang,
    pub folder: PathBuf,
    pub clash: IfTaken,
    /// Ids of the models, in the order of the tables.
    pub models: Vec<String>,
    /// Why rows have no answer, in the language of the order, by photograph and model.
    pub errors: HashMap<(String, String), String>,
    /// Skipped files.
    pub skipped: Vec<Skipped>,
}

/// The result of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exported {
    Written {
        /// Names of the files in the folder.
        files: Vec<String>,
        /// Pictures that could not be drawn, each with its reason.
        problems: Vec<String>,
    },
    /// Nothing was written: these files exist, and the user must be asked.
    Clashes(Vec<String>),
}

/// Writes the requested files. Every file is complete or absent; a cancel leaves those that were finished.
pub fn export(
    order: &ExportOrder,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Exported, Error> {
    let tail = longest_tail(order.models.iter().map(String::as_str));
    let stems = unique_stems(order.rows.iter().map(|row| row.name.as_str()), tail);
    if order.clash == IfTaken::Ask {
        let taken = save::existing(&order.folder, &names(order, &stems));
        if !taken.is_empty() {
            return Ok(Exported::Clashes(taken));
        }
    }
    let mut saver = Saver::new(
        &order.folder,
        match order.clash {
            IfTaken::Ask => Existing::Refuse,
            IfTaken::Replace => Existing::Replace,
            IfTaken::KeepBoth => Existing::KeepBoth,
        },
    );
    progress.start(order.rows.len() as u64);
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut cases = Vec::new();
    for (row, stem) in order.rows.iter().zip(&stems) {
        cancel.check()?;
        let mut written = Vec::new();
        if order.formats.pictures() && row.has_pictures() {
            match pictures::pictures(order, row, stem, cancel, &mut saver) {
                Ok(pictures) => written = pictures,
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(Error::Exists(name)) => return Err(Error::Exists(name)),
                Err(e @ Error::Storage(storage::Error::Write { .. })) => return Err(e),
                Err(e) => problems.push(problem(row, &e)),
            }
        }
        match report::report(order, row, stem, &mut saver) {
            Ok(name) => written.extend(name.map(|name| (None, name))),
            Err(e @ (Error::Exists(_) | Error::Storage(storage::Error::Write { .. }))) => {
                return Err(e);
            }
            Err(e) => problems.push(problem(row, &e)),
        }
        cases.extend(tables::cases_of(order, row, &written));
        files.extend(written.into_iter().map(|(_, name)| name));
        progress.advance();
    }
    files.extend(tables::tables(order, &cases, &mut saver)?);
    Ok(Exported::Written { files, problems })
}

/// Why something about a photograph could not be written. The name may be masked, so the reason must not contain the
/// file's own name.
fn problem(row: &ExportRow, error: &Error) -> String {
    let reason = error.wording();
    let reason = renamed(&reason, &shown(&row.source.name()), &row.name);
    format!("{}: {reason}", row.name)
}

/// Every name that an export would write.
fn names(order: &ExportOrder, stems: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for (row, stem) in order.rows.iter().zip(stems) {
        names.extend(pictures::names(order, row, stem));
        names.extend(report::name(order, stem));
    }
    for format in &order.formats.desired {
        if let Writes::PerExport(files, _) = format.row().writes {
            names.extend(files.iter().map(|&name| name.to_owned()));
        }
    }
    names
}
