//! Find photographs: files and folders that a person gave, spread out.

use std::path::PathBuf;

use super::Error;
use crate::imaging;
use crate::progress::Cancel;
use crate::storage::scan::{self, Scan};

/// Spreads files and folders out. A file that was named is always taken, so that its own error can be shown; in a folder
/// a file counts by its extension, or by its first bytes where that says nothing.
pub fn find_photographs(paths: &[PathBuf], cancel: &Cancel) -> Result<Scan, Error> {
    let is_image = |start: &[u8]| imaging::sniff(start).is_some();
    Ok(scan::inputs(paths, &is_image, cancel)?)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_thousand_files_are_found_in_well_under_a_second() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..500 {
            let bare = folder.path().join(format!("{n}"));
            std::fs::write(bare, b"\x89PNG\r\n\x1a\n and more").unwrap();
            std::fs::write(folder.path().join(format!("{n}.txt")), b"a note").unwrap();
        }
        let started = Instant::now();
        let scan = find_photographs(&[folder.path().to_owned()], &Cancel::new()).unwrap();
        let took = started.elapsed();
        assert_eq!((scan.found.len(), scan.skipped.len()), (500, 500));
        assert_eq!(scan.found[10].name, "10");
        assert!(took < Duration::from_secs(1), "{took:?}");
    }

    #[test]
    fn a_stop_ends_the_search() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.png"), b"").unwrap();
        let cancel = Cancel::new();
        cancel.cancel();
        let found = find_photographs(&[folder.path().to_owned()], &cancel);
        assert!(matches!(found, Err(Error::Cancelled)));
    }
}
