//! Where settings, models, the runtime library and caches are kept.

use std::path::{Path, PathBuf};

use super::{Error, engine_checks};

/// No system has a file of this name.
const NOWHERE: &str = "\0";

/// The application's folders. None of them needs to exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub settings: PathBuf,
    pub models: PathBuf,
    pub runtime: PathBuf,
    pub cache: PathBuf,
    /// The file with the engine examinations of this machine.
    pub engine_checks: PathBuf,
}

impl Places {
    /// The folders of this machine and user: below `GANTEI_HOME` if set, otherwise the system's standard folders.
    pub fn of_this_user() -> Result<Self, Error> {
        if let Some(home) = std::env::var_os("GANTEI_HOME").filter(|h| !h.is_empty()) {
            let home = std::path::absolute(PathBuf::from(home)).map_err(|_| Error::NoHome)?;
            return Ok(Self::below(&home));
        }
        let dirs = directories::ProjectDirs::from("", "", "gantei").ok_or(Error::NoHome)?;
        Ok(Self {
            settings: dirs.config_dir().join("settings"),
            models: dirs.data_dir().join("models"),
            runtime: dirs.data_dir().join("runtime"),
            cache: dirs.cache_dir().to_owned(),
            engine_checks: dirs.data_dir().join(engine_checks::FILE),
        })
    }

    /// Places for a machine that has none: nothing can be read or written there.
    pub fn nowhere() -> Self {
        Self::below(Path::new(NOWHERE))
    }

    pub fn is_nowhere(&self) -> bool {
        self.models.starts_with(NOWHERE)
    }

    /// Everything below one folder, as with `GANTEI_HOME`.
    pub fn below(home: &Path) -> Self {
        Self {
            settings: home.join("settings"),
            models: home.join("models"),
            runtime: home.join("runtime"),
            cache: home.join("cache"),
            engine_checks: home.join(engine_checks::FILE),
        }
    }
}
