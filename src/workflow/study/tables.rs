//! Tables that list photographs, as inputs of a study.

use std::path::{Path, PathBuf};

use crate::evaluation::listed_files;
use crate::storage::{file_name, read};
use crate::text::failures::StudyFault;
use crate::workflow::Error;

/// Largest table in bytes.
const LIMIT: u64 = 200 << 20;

/// Most photographs that a table may list.
const MOST: usize = 1_000_000;

/// Extensions of tables.
const EXTENSIONS: [&str; 7] = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods"];

/// Whether an input is a table, by its name.
pub(super) fn is_table(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|e| EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

/// The photographs that a table lists; relative paths lead from the folder of the table.
///
/// # Errors
/// The table cannot be read, is too large, or lists no photograph.
pub(super) fn photographs_of(table: &Path) -> Result<Vec<PathBuf>, Error> {
    let listed = listed_files(&read::file(table, LIMIT)?)?;
    let name = file_name(table);
    if listed.is_empty() {
        return Err(StudyFault::ListsNone { name }.into());
    }
    if listed.len() > MOST {
        let count = listed.len();
        return Err(StudyFault::ListsTooMany {
            name,
            count,
            most: MOST,
        }
        .into());
    }
    let folder = table.parent().unwrap_or(Path::new(""));
    Ok(listed.iter().map(|path| folder.join(path)).collect())
}
