//! Installs an ONNX Runtime library where the application looks for it: from the official wheel or a library file.

use std::path::{Path, PathBuf};

use super::{Context, Error};
use crate::runtime::wheel::{self, WheelError};
use crate::storage::{file_name, read, runtime_library};

/// Largest wheel or library that is read.
const LIMIT: u64 = 2 << 30;

/// The result of an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The folder of the installed library.
    pub folder: PathBuf,
    /// A library of ONNX Runtime is already loaded, and a process can load only one: this one is used from the next
    /// start.
    pub restart_needed: bool,
    /// Why the installed library cannot be used; without a path.
    pub refused: Option<String>,
}

/// Checks a wheel or library and installs it into the data folder; if possible the engines are found again at once. A
/// file whose checksum is not pinned is [`Error::NotPinned`] unless `accept` is set.
pub fn install_runtime(ctx: &Context, file: &Path, accept: bool) -> Result<Installed, Error> {
    let bytes = read::file(file, LIMIT)?;
    let unpacked = wheel::unpack(&bytes, &file_name(file), accept).map_err(|e| match e {
        WheelError::NotPinned { found } => Error::NotPinned { sha256: found },
        other => Error::Library(other),
    })?;
    let folder = runtime_library::install(&ctx.places, &unpacked).map_err(Error::LibraryStore)?;
    let restart_needed = !ctx.forget_engines();
    let engines = ctx.engines();
    let refused = engines
        .refused()
        .iter()
        .find(|refused| refused.path.starts_with(&folder))
        .map(|refused| refused.reason.clone());
    Ok(Installed {
        folder,
        restart_needed,
        refused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Places;
    use crate::workflow::Class;

    #[test]
    fn an_unknown_library_is_asked_about_and_a_useless_one_is_told() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(&home.path().join("home")));
        let (name, start): (_, &[u8]) = if cfg!(windows) {
            ("onnxruntime.dll", b"MZ")
        } else if cfg!(target_os = "macos") {
            ("libonnxruntime.1.99.0.dylib", &[0xCF, 0xFA, 0xED, 0xFE])
        } else {
            ("libonnxruntime.so.1.99.0", b"\x7fELF")
        };
        let file = home.path().join(name);
        std::fs::write(&file, [start, b" and nothing of use"].concat()).unwrap();

        let requested = install_runtime(&ctx, &file, false).unwrap_err();
        assert!(matches!(&requested, Error::NotPinned { sha256 } if sha256.len() == 64));
        assert_eq!(
            (requested.class(), requested.code()),
            (Class::Device, "library")
        );

        let before = ctx.engines().library().is_some();
        let installed = install_runtime(&ctx, &file, true).unwrap();
        assert!(installed.folder.join(name).is_file());
        assert_eq!(installed.restart_needed, before);
        // If this machine has its own library, that may be found first, and this one is not tried.
        if ctx.engines().library().is_none() {
            let reason = installed.refused.unwrap();
            let whole = home.path().to_string_lossy().into_owned();
            assert!(!reason.is_empty() && !reason.contains(&whole), "{reason}");
        }
    }
}
