//! The recently opened files, kept only if the user wants it: paths of photographs may identify persons.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Error, Places, file_name, settings};

/// Maximum number of files.
const MOST: usize = 12;

/// Recently opened files, newest first, without duplicates. The application adds to it only while the user has enabled
/// it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recent {
    pub files: Vec<PathBuf>,
}

impl Recent {
    /// The stored list; empty if there is no file or it cannot be read.
    pub fn load(places: &Places) -> Self {
        let kept: Self = settings::load(&file(places)).value;
        let mut recent = Self::default();
        for path in kept.files.into_iter().rev() {
            recent.add(path);
        }
        recent
    }

    /// Moves a file to the front. A path that JSON cannot hold (not Unicode) is left out.
    pub fn add(&mut self, path: PathBuf) {
        if path.to_str().is_none() {
            return;
        }
        self.files.retain(|known| *known != path);
        self.files.insert(0, path);
        self.files.truncate(MOST);
    }

    pub fn save(&self, places: &Places) -> Result<(), Error> {
        settings::save(&file(places), self)
    }

    /// Forgets everything: the file itself is deleted.
    pub fn clear(&mut self, places: &Places) -> Result<(), Error> {
        self.files.clear();
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
    places.settings.join("recent.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(recent: &Recent) -> Vec<&str> {
        recent.files.iter().map(|p| p.to_str().unwrap()).collect()
    }

    #[test]
    fn the_newest_come_first_each_once_and_only_a_dozen() {
        let mut recent = Recent::default();
        for n in 0..15 {
            recent.add(PathBuf::from(format!("{n}.png")));
        }
        recent.add(PathBuf::from("10.png"));
        assert_eq!(recent.files.len(), MOST);
        assert_eq!(names(&recent)[..3], ["10.png", "14.png", "13.png"]);
        assert_eq!(names(&recent)[11], "3.png");
    }

    #[test]
    fn they_come_back_and_clearing_deletes_the_file() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        assert_eq!(Recent::load(&places), Recent::default());
        let mut recent = Recent::default();
        recent.add(PathBuf::from("眼/a.png"));
        recent.add(PathBuf::from("b.png"));
        recent.save(&places).unwrap();
        assert_eq!(Recent::load(&places), recent);
        let mut cleared = recent.clone();
        cleared.clear(&places).unwrap();
        assert_eq!(cleared, Recent::default());
        assert!(!places.settings.join("recent.json").exists());
        cleared.clear(&places).unwrap();
    }

    #[test]
    fn a_file_that_someone_changed_does_no_harm() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let path = places.settings.join("recent.json");
        std::fs::create_dir_all(&places.settings).unwrap();
        std::fs::write(&path, r#"{"files": 3}"#).unwrap();
        assert_eq!(Recent::load(&places), Recent::default());
        std::fs::write(&path, r#"{"files": ["a", "b", "a"]}"#).unwrap();
        assert_eq!(names(&Recent::load(&places)), ["a", "b"]);
    }
}
