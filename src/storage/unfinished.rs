//! Runs of the window that were not exported: the locations of their journals, so that the next start can offer to
//! resume.
//!
//! The user chose these folders. Paths of photographs may identify persons: they are kept only while the user has
//! recent files enabled.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Error, Places, settings};

/// Maximum number of runs.
const MOST: usize = 8;
/// Maximum total bytes of paths for one run; the user must open the photographs of a longer list again.
const MOST_BYTES: usize = 64 << 10;

/// A run that was started and has not been exported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unfinished {
    /// The folder with its journal, an absolute path.
    pub folder: PathBuf,
    /// The folders and files of its photographs; empty if they are not to be remembered.
    pub inputs: Vec<PathBuf>,
    /// The number of its photographs.
    pub photographs: usize,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Noted {
    runs: Vec<Unfinished>,
}

impl Unfinished {
    /// The stored runs, newest first.
    pub fn load(places: &Places) -> Vec<Self> {
        let noted: Noted = settings::load(&file(places)).value;
        let runs = noted.runs.into_iter();
        runs.filter(|run| !run.folder.as_os_str().is_empty())
            .collect()
    }

    /// Stores this run, replacing an earlier one in its folder. Paths that JSON cannot hold (not Unicode) are left out.
    pub fn note(mut self, places: &Places) -> Result<(), Error> {
        self.inputs.retain(|path| path.to_str().is_some());
        let bytes: usize = self.inputs.iter().map(|path| path.as_os_str().len()).sum();
        if bytes > MOST_BYTES {
            self.inputs.clear();
        }
        let mut runs = Self::load(places);
        runs.retain(|run| run.folder != self.folder);
        runs.insert(0, self);
        runs.truncate(MOST);
        save(places, runs)
    }

    /// Forgets the run in a folder; the journal stays where it is.
    pub fn forget(places: &Places, folder: &Path) -> Result<(), Error> {
        let mut runs = Self::load(places);
        let before = runs.len();
        runs.retain(|run| run.folder != folder);
        match runs.len() == before {
            true => Ok(()),
            false => save(places, runs),
        }
    }

    /// Forgets the photograph paths of all runs.
    pub fn forget_inputs(places: &Places) -> Result<(), Error> {
        let mut runs = Self::load(places);
        if runs.iter().all(|run| run.inputs.is_empty()) {
            return Ok(());
        }
        runs.iter_mut().for_each(|run| run.inputs.clear());
        save(places, runs)
    }
}

fn save(places: &Places, runs: Vec<Unfinished>) -> Result<(), Error> {
    settings::save(&file(places), &Noted { runs })
}

fn file(places: &Places) -> PathBuf {
    places.settings.join("unfinished-runs.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(folder: &str, inputs: &[&str]) -> Unfinished {
        Unfinished {
            folder: folder.into(),
            inputs: inputs.iter().map(Into::into).collect(),
            photographs: 60,
        }
    }

    #[test]
    fn runs_are_noted_until_they_are_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        assert_eq!(Unfinished::load(&places), []);
        let (a, b) = (
            run("/exports/眼", &["/photographs"]),
            run("/b", &["/c", "/d"]),
        );
        a.clone().note(&places).unwrap();
        b.clone().note(&places).unwrap();
        assert_eq!(Unfinished::load(&places), [b, a.clone()]);
        Unfinished::forget(&places, Path::new("/elsewhere")).unwrap();
        Unfinished::forget(&places, Path::new("/b")).unwrap();
        assert_eq!(Unfinished::load(&places), [a]);
        run("/exports/眼", &[]).note(&places).unwrap();
        assert_eq!(Unfinished::load(&places), [run("/exports/眼", &[])]);
        for n in 0..20 {
            run(&format!("/{n}"), &["/photographs"])
                .note(&places)
                .unwrap();
        }
        assert_eq!(Unfinished::load(&places).len(), MOST);
        Unfinished::forget_inputs(&places).unwrap();
        let runs = Unfinished::load(&places);
        assert!(runs.len() == MOST && runs.iter().all(|run| run.inputs.is_empty()));
    }

    #[test]
    fn a_list_that_is_too_long_is_not_kept() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let long = "x".repeat(MOST_BYTES);
        run("/a", &["/b", &long]).note(&places).unwrap();
        assert_eq!(Unfinished::load(&places), [run("/a", &[])]);
    }

    #[test]
    fn a_file_that_someone_changed_does_no_harm() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        std::fs::create_dir_all(&places.settings).unwrap();
        for text in ["{\"runs\": 3}", "{\"runs\": [{}]}", "{}", "no JSON"] {
            std::fs::write(file(&places), text).unwrap();
            assert_eq!(Unfinished::load(&places), []);
        }
    }
}
