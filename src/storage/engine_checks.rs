//! Results of the engine examinations on this machine: one small JSON file in the data folder.
//!
//! It can be recomputed at any time, so reading never fails: a damaged file or one of another schema counts as empty,
//! and an unreadable entry is skipped.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Error, atomic, read};

/// Name of the file.
pub const FILE: &str = "engine-checks.json";

/// Changes whenever the checks change, so that all are repeated.
const SCHEMA: u64 = 1;
/// More than the file ever needs; a larger one is not ours.
const LIMIT_BYTES: u64 = 4 << 20;
/// Maximum number of entries, the newest; a few dozen models on a few devices need far fewer.
const MOST: usize = 1000;

/// Every readable entry, oldest first.
pub fn load<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    entries(path)
        .into_iter()
        .filter_map(|entry| serde_json::from_value(entry).ok())
        .collect()
}

/// Adds an entry, replacing those that are the `same`; entries of other processes are kept. If two processes write at
/// the same moment, the last file wins, and the other result is computed again when needed.
pub fn add<T: Serialize + DeserializeOwned>(
    path: &Path,
    entry: &T,
    same: impl Fn(&T) -> bool,
) -> Result<(), Error> {
    let mut kept: Vec<T> = load(path);
    kept.retain(|other| !same(other));
    let surplus = (kept.len() + 1).saturating_sub(MOST);
    kept.drain(..surplus);
    let checks: Vec<&T> = kept.iter().chain([entry]).collect();
    let file = json!({"schema": SCHEMA, "checks": checks});
    let mut text = serde_json::to_vec_pretty(&file).map_err(|e| Error::Write {
        name: FILE.to_owned(),
        source: e.into(),
    })?;
    text.push(b'\n');
    atomic::write(path, &text)
}

fn entries(path: &Path) -> Vec<Value> {
    let file = read::file(path, LIMIT_BYTES).ok();
    let file = file.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    match file {
        Some(Value::Object(mut file)) if file.get("schema") == Some(&json!(SCHEMA)) => {
            match file.remove("checks") {
                Some(Value::Array(checks)) => checks,
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add_number(path: &Path, number: u64) {
        add(path, &number, |other| *other == number).unwrap();
    }

    #[test]
    fn entries_come_back_and_one_takes_the_place_of_its_like() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join(FILE);
        assert!(load::<u64>(&path).is_empty());
        for number in [1, 2, 1, 3] {
            add_number(&path, number);
        }
        assert_eq!(load::<u64>(&path), [2, 1, 3]);
        let beside = std::fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(beside.count(), 1);
    }

    #[test]
    fn a_damaged_file_or_one_of_another_schema_counts_as_none_and_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let other = r#"{"schema": 0, "checks": [5]}"#;
        for text in ["", "{", "[5]", "\u{0}", other, r#"{"schema": 1}"#] {
            std::fs::write(&path, text).unwrap();
            assert!(load::<u64>(&path).is_empty(), "{text:?}");
            add_number(&path, 7);
            assert_eq!(load::<u64>(&path), [7]);
        }
        std::fs::write(&path, r#"{"schema": 1, "checks": [5, "six", null, 7]}"#).unwrap();
        assert_eq!(load::<u64>(&path), [5, 7]);
    }

    #[test]
    fn the_oldest_entries_go_when_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let checks: Vec<u64> = (0..MOST as u64).collect();
        let text = json!({"schema": SCHEMA, "checks": checks}).to_string();
        std::fs::write(&path, text).unwrap();
        add_number(&path, 5000);
        let kept = load::<u64>(&path);
        assert_eq!(kept.len(), MOST);
        assert_eq!((kept[0], kept[MOST - 1]), (1, 5000));
    }
}
