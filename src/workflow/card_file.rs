//! Model cards in JSON files that the user gives or that are next to a model: recognised, or distinguished from other
//! files.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::Error;
use super::draft::Draft;
use crate::storage::{self, file_name, read, text};

/// Largest card that is read.
const CARD_LIMIT: u64 = 1 << 20;

/// Fields of a card that describe the model; a name or a citation occurs in many files.
const FIELDS: [&str; 15] = [
    "task",
    "labels",
    "input",
    "head",
    "threshold",
    "settled",
    "source_sha256",
    "hidden_activation",
    "pooling",
    "head_norm",
    "norm_epsilon",
    "imagenet_rescaling",
    "value_scale",
    "value_offset",
    "value_range",
];
/// Fields inside `input`; every card and draft has some.
const INPUT_FIELDS: [&str; 5] = ["size", "scaling", "colour", "resize", "crop"];

/// What a JSON file given as a card is, if it is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACard {
    /// What Keras writes with `model.to_json`: the layers of a network.
    Configuration,
    /// Anything else.
    Other,
}

/// Reads the card or completed draft that the user gave.
///
/// # Errors
/// [`Error::NotACard`] for a file that is something else, [`Error::Card`] for a card with invalid values.
pub fn read_card(path: &Path) -> Result<Draft, Error> {
    let bytes = text::utf8(read::file(path, CARD_LIMIT)?);
    let name = || file_name(path);
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|e| Error::Card(format!("{} is not JSON: {e}", name())))?;
    let what = match &value {
        _ if is_configuration(&value) => Some(NotACard::Configuration),
        Value::Object(fields) if has_one_of(fields, &FIELDS) => None,
        _ => Some(NotACard::Other),
    };
    match what {
        Some(what) => Err(Error::NotACard { name: name(), what }),
        None => serde_json::from_value(value).map_err(|e| Error::Card(format!("{}: {e}", name()))),
    }
}

/// What is next to a model file under its stem (`model.json` for `model.h5`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardBesideModel {
    Nothing,
    Card(PathBuf),
    /// A JSON file about something else, by its name; it is not read.
    Other(String),
}

/// Looks for a card next to a model file. The user did not name the file, so it must look like a card: without any
/// field of the input it could not complete one.
pub fn beside(model: &Path) -> CardBesideModel {
    let path = model.with_extension("json");
    if path == model || !storage::is_file(&path) {
        return CardBesideModel::Nothing;
    }
    let fields = read::file(&path, CARD_LIMIT)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&text::utf8(bytes)).ok());
    let input = match &fields {
        Some(value) if !is_configuration(value) => value.get("input").and_then(Value::as_object),
        _ => None,
    };
    match input {
        Some(input) if has_one_of(input, &INPUT_FIELDS) => CardBesideModel::Card(path),
        _ => CardBesideModel::Other(file_name(&path)),
    }
}

/// A network's configuration names the class of its model. Some programs write the text of `to_json` as a JSON string.
fn is_configuration(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.contains_key("class_name"),
        Value::String(text) => serde_json::from_str::<Map<String, Value>>(text)
            .is_ok_and(|fields| fields.contains_key("class_name")),
        _ => false,
    }
}

fn has_one_of(fields: &Map<String, Value>, names: &[&str]) -> bool {
    names.iter().any(|name| fields.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Scaling;

    const CARD: &str = r#"{"input": {"scaling": "tf", "crop": null}, "labels": ["F", "M"]}"#;
    const TO_JSON: &str = r#"{"class_name": "Functional", "config": {"name": "m", "layers": []},
        "keras_version": "2.15.0", "backend": "tensorflow"}"#;

    fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.json");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn what(text: &str) -> Option<NotACard> {
        match read_card(&written(text).1) {
            Err(Error::NotACard { what, name }) => {
                assert_eq!(name, "m.json");
                Some(what)
            }
            _ => None,
        }
    }

    #[test]
    fn a_card_is_told_from_a_configuration_and_from_other_files() {
        let (_folder, path) = written(CARD);
        let card = read_card(&path).unwrap();
        assert_eq!(card.input.scaling, Some(Scaling::Tf));
        let marked = format!("\u{feff}{CARD}");
        let (_folder, path) = written(&marked);
        assert_eq!(read_card(&path).unwrap().input.scaling, Some(Scaling::Tf));
        assert!(matches!(
            beside(&path.with_extension("h5")),
            CardBesideModel::Card(_)
        ));
        let as_text = serde_json::to_string(TO_JSON).unwrap();
        for text in [TO_JSON, &as_text] {
            assert_eq!(what(text), Some(NotACard::Configuration), "{text}");
        }
        for text in [
            "[1, 2]",
            "null",
            "{}",
            r#"{"loss": [0.3, 0.2], "val_auc": [0.9, 0.91]}"#,
            r#"{"name": "experiment 7", "epochs": 30}"#,
        ] {
            assert_eq!(what(text), Some(NotACard::Other), "{text}");
        }
        for text in [r#"{"head": "drop256soft2"}"#, "{", ""] {
            let (_folder, path) = written(text);
            assert!(matches!(read_card(&path), Err(Error::Card(_))), "{text}");
        }
    }

    #[test]
    fn what_lies_beside_a_model_is_read_only_where_it_looks_like_a_card() {
        let lies = |text: &str| {
            let (_folder, path) = written(text);
            beside(&path.with_extension("h5"))
        };
        assert!(matches!(lies(CARD), CardBesideModel::Card(path) if path.ends_with("m.json")));
        let other = CardBesideModel::Other("m.json".to_owned());
        for text in [
            TO_JSON,
            r#"{"head": "drop256soft2", "input": "480x480", "labels": ["a", "b"]}"#,
            r#"{"task": "sex", "labels": ["F", "M"]}"#,
            r#"{"input": {"path": "images"}}"#,
            "no JSON",
        ] {
            assert_eq!(lies(text), other, "{text}");
        }
        let (_folder, path) = written(CARD);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(beside(&path.with_extension("h5")), CardBesideModel::Nothing);
        // A model in JSON has no card with its own name.
        assert_eq!(beside(&written(CARD).1), CardBesideModel::Nothing);
    }
}
