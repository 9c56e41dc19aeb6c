//! The folder of test images, which is not part of the repository.

use std::path::{Path, PathBuf};

#[path = "../skip/mod.rs"]
mod skip;

/// The folder that `GANTEI_TEST_IMAGES` names, else `../shared/images`; if it is missing, the test is reported as
/// skipped.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("GANTEI_TEST_IMAGES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/images"),
        PathBuf::from,
    );
    if folder.join("MANIFEST.tsv").is_file() {
        return Some(folder);
    }
    skip::skipped("the folder of test images is not there");
    None
}
