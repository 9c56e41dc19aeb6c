//! `--mask-names`: numbers replace file names, by the order of the run.
//!
//! It comes after everything that reads names (the order itself, eyes, persons, the rows of a table) and before
//! anything that shows them.

use super::Source;
use crate::domain::masked;
use crate::storage::scan::{Scan, ScannedFile};

/// Replaces the names in a scan: of photographs, also in their errors, and of skipped files.
pub(super) fn mask(scan: &mut Scan) {
    for (number, found) in (1..).zip(&mut scan.found) {
        found.name = masked::photograph(number);
        found.masked = true;
    }
    for (number, skipped) in (1..).zip(&mut scan.skipped) {
        skipped.name = masked::skipped(number);
    }
}

impl From<&ScannedFile> for Source {
    fn from(found: &ScannedFile) -> Self {
        let path = found.path.clone();
        match found.masked {
            true => Self::Masked {
                path,
                name: found.name.clone(),
            },
            false => Self::File(path),
        }
    }
}
