//! `--mask-names`: numbers in place of names of files, by the order of the run.
//!
//! It comes after everything that looks at names (the order itself, eyes, persons, the rows of a table) and before
//! anything that tells of them.

use super::Source;
use crate::domain::masked;
use crate::storage::scan::{Scan, ScannedFile};

/// Takes the names out of a scan: of photographs, with what their errors call them, and of what was passed over.
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
