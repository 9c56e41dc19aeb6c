//! Settings on disk: one small JSON file. Reading never fails; unreadable entries are reported and keep their default.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Error, atomic, read};

/// More than any settings file needs; a larger one is not ours.
const LIMIT_BYTES: u64 = 1 << 20;

/// The settings read, and the names of the entries that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded<T> {
    pub value: T,
    /// Entry names, or the file's name if the whole file could not be read.
    pub ignored: Vec<String>,
}

/// Reads the settings at `path` entry by entry: a wrong or missing entry keeps its default, the others are used.
pub fn load<T: Default + Serialize + DeserializeOwned>(path: &Path) -> Loaded<T> {
    let plain = |ignored| Loaded {
        value: T::default(),
        ignored,
    };
    if !path.exists() {
        return plain(vec![]);
    }
    let entries = read::file(path, LIMIT_BYTES)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (Some(Value::Object(entries)), Ok(Value::Object(mut merged))) =
        (entries, serde_json::to_value(T::default()))
    else {
        return plain(vec![super::file_name(path)]);
    };
    let mut value = T::default();
    let mut ignored = Vec::new();
    for (name, entry) in entries {
        let mut tried = merged.clone();
        tried.insert(name.clone(), entry);
        match serde_json::from_value(Value::Object(tried.clone())) {
            Ok(better) if reads_back(&better) => (value, merged) = (better, tried),
            _ => ignored.push(name),
        }
    }
    Loaded { value, ignored }
}

/// Whether settings can be saved: a number too large for its entry becomes infinite, which JSON cannot represent.
fn reads_back<T: Serialize + DeserializeOwned>(value: &T) -> bool {
    serde_json::to_value(value)
        .and_then(serde_json::from_value::<T>)
        .is_ok()
}

/// Writes the settings to `path`, whole or not at all.
pub fn save<T: Serialize>(path: &Path, value: &T) -> Result<(), Error> {
    let bytes = serde_json::to_vec_pretty(value).map_err(|e| Error::Write {
        name: super::file_name(path),
        source: e.into(),
    })?;
    atomic::write(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Choice {
        opacity: f32,
        language: String,
    }

    impl Default for Choice {
        fn default() -> Self {
            Self {
                opacity: 0.5,
                language: "en".into(),
            }
        }
    }

    #[test]
    fn settings_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings/window.json");
        assert_eq!(load::<Choice>(&path).ignored, Vec::<String>::new());
        let value = Choice {
            opacity: 0.25,
            language: "ja".into(),
        };
        save(&path, &value).unwrap();
        assert_eq!(
            load::<Choice>(&path),
            Loaded {
                value,
                ignored: vec![]
            }
        );
    }

    #[test]
    fn a_wrong_entry_costs_only_itself() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("window.json");
        std::fs::write(&path, r#"{"opacity": "much", "language": "ja", "new": 3}"#).unwrap();
        let loaded = load::<Choice>(&path);
        assert_eq!(loaded.value.language, "ja");
        assert!((loaded.value.opacity - 0.5).abs() < 1e-6);
        assert_eq!(loaded.ignored, ["opacity"]);
        std::fs::write(&path, r#"{"opacity": 1e300, "language": "ja"}"#).unwrap();
        let loaded = load::<Choice>(&path);
        assert!((loaded.value.opacity - 0.5).abs() < 1e-6);
        assert_eq!(loaded.ignored, ["opacity"]);
    }

    #[test]
    fn a_broken_file_leaves_the_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("window.json");
        for broken in ["", "{", "[1]", "\u{0}"] {
            std::fs::write(&path, broken).unwrap();
            let loaded = load::<Choice>(&path);
            assert_eq!(loaded.value, Choice::default());
            assert_eq!(loaded.ignored, ["window.json"], "{broken:?}");
        }
    }
}
