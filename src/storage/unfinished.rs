//! The run of the window that has not ended: where its journal lies, so that the next start can offer to go on.
//!
//! The folder is one that the person chose for it. Paths of photographs may tell of persons: they are kept only where the
//! person has files remembered.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Error, Places, file_name, settings};

/// Most paths that are kept; a run of more single files is opened again by hand.
const MOST_INPUTS: usize = 1000;

/// A run that began and has not been exported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unfinished {
    /// The folder with its journal.
    pub folder: PathBuf,
    /// The folders and files of its photographs; empty where they are not to be remembered.
    pub inputs: Vec<PathBuf>,
    /// How many photographs it has.
    pub photographs: usize,
}

impl Unfinished {
    /// What was noted; `None` where there is nothing.
    pub fn load(places: &Places) -> Option<Self> {
        let noted: Self = settings::load(&file(places)).value;
        (!noted.folder.as_os_str().is_empty()).then_some(noted)
    }

    /// Notes this run in place of an earlier one.
    pub fn save(mut self, places: &Places) -> Result<(), Error> {
        if self.inputs.len() > MOST_INPUTS {
            self.inputs.clear();
        }
        settings::save(&file(places), &self)
    }

    /// Forgets the run; the journal stays where it is.
    pub fn forget(places: &Places) -> Result<(), Error> {
        let path = file(places);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Error::Write {
                name: file_name(&path),
                source: source.into(),
            }),
            _ => Ok(()),
        }
    }
}

fn file(places: &Places) -> PathBuf {
    places.settings.join("unfinished-run.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_noted_until_it_is_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        assert_eq!(Unfinished::load(&places), None);
        let run = Unfinished {
            folder: "/exports/眼".into(),
            inputs: vec!["/photographs".into()],
            photographs: 60,
        };
        run.clone().save(&places).unwrap();
        assert_eq!(Unfinished::load(&places), Some(run.clone()));
        let many = Unfinished {
            inputs: (0..=MOST_INPUTS)
                .map(|n| format!("/{n}.jpg").into())
                .collect(),
            ..run
        };
        many.save(&places).unwrap();
        assert_eq!(Unfinished::load(&places).unwrap().inputs.len(), 0);
        Unfinished::forget(&places).unwrap();
        assert_eq!(Unfinished::load(&places), None);
        Unfinished::forget(&places).unwrap();
    }

    #[test]
    fn a_file_that_someone_changed_does_no_harm() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        std::fs::create_dir_all(&places.settings).unwrap();
        for text in ["{\"folder\": 3}", "{}", "no JSON"] {
            std::fs::write(file(&places), text).unwrap();
            assert_eq!(Unfinished::load(&places), None);
        }
    }
}
