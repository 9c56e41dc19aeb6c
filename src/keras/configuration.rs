//! Texts that describe a network or its weights in files of their own: `model.to_json()`, and the list of shards.

use std::borrow::Cow;
use std::collections::BTreeSet;

use encoding_rs::Encoding;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::files::ModelFiles;
use super::limits::{MAX_SHARDS, MAX_TEXT_BYTES, MAX_VERSION};
use super::{Error, FileKind};

/// The text of a network's configuration as a model file would hold it, and the version of Keras that wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    pub text: String,
    pub keras_version: Option<String>,
}

impl Configuration {
    /// Whether the outermost model is `Sequential`.
    pub fn is_sequential(&self) -> bool {
        #[derive(Deserialize)]
        struct Stated {
            class_name: String,
        }
        let stated = serde_json::from_str(&self.text);
        stated.is_ok_and(|stated: Stated| stated.class_name == "Sequential")
    }
}

/// What a text file next to a model is.
#[derive(Clone, Debug, PartialEq)]
pub enum TextFile {
    /// Keras' configuration of a network.
    Configuration(Configuration),
    /// The shards of a model's weights.
    Shards,
    /// TensorFlow.js.
    TensorFlowJs,
    /// What `model.to_yaml` wrote up to TensorFlow 2.5.
    Yaml,
    /// JSON about something else.
    OtherJson,
    Unknown,
}

/// Tells what the text of a file is; `start` has at least its first 4 MB.
pub fn recognise(start: &[u8]) -> TextFile {
    let text = &*in_utf8(start);
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    match first {
        Some(b'{' | b'"' | b'[') => {}
        _ if is_yaml(text) => return TextFile::Yaml,
        _ => return TextFile::Unknown,
    }
    let value = match serde_json::from_slice::<Value>(text) {
        // Some programs write the text of `to_json` as a JSON string.
        Ok(Value::String(inner)) => serde_json::from_str(&inner).unwrap_or(Value::Null),
        Ok(value) => value,
        Err(_) => return TextFile::Unknown,
    };
    match value {
        Value::Object(fields) => of_fields(fields),
        _ => TextFile::OtherJson,
    }
}

/// A text without its mark of byte order. PowerShell writes UTF-16.
fn in_utf8(text: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(text) {
        Some((encoding, mark)) => match encoding.decode_without_bom_handling(&text[mark..]).0 {
            Cow::Borrowed(text) => text.as_bytes().into(),
            Cow::Owned(text) => text.into_bytes().into(),
        },
        None => text.into(),
    }
}

fn of_fields(fields: Map<String, Value>) -> TextFile {
    let has = |name: &str| fields.contains_key(name);
    if has("weight_map") {
        return TextFile::Shards;
    }
    if has("modelTopology") {
        return TextFile::TensorFlowJs;
    }
    let version = fields.get("keras_version").and_then(Value::as_str);
    let keras_version = version.map(|v| v.chars().take(MAX_VERSION).collect());
    let whole = match (has("class_name"), has("layers")) {
        (true, _) => Value::Object(fields),
        // What `get_config` returns: the same without the class.
        (false, true) => {
            let class = match has("input_layers") {
                true => "Functional",
                false => "Sequential",
            };
            json!({"class_name": class, "config": fields})
        }
        (false, false) => return TextFile::OtherJson,
    };
    TextFile::Configuration(Configuration {
        text: whole.to_string(),
        keras_version,
    })
}

fn is_yaml(text: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&text[..text.len().min(4096)]);
    let mut lines = start.lines();
    lines.any(|line| line.starts_with("class_name:") || line.starts_with("backend: tensorflow"))
}

/// Reads the configuration in a file.
///
/// # Errors
/// [`Error::NotAModel`] for a text about something else.
pub fn read(files: &dyn ModelFiles, name: &str) -> Result<Configuration, Error> {
    if files
        .length(name)
        .is_none_or(|bytes| bytes > MAX_TEXT_BYTES)
    {
        return Err(Error::NotAModel(FileKind::Text));
    }
    match recognise(&files.start(name, MAX_TEXT_BYTES)?) {
        TextFile::Configuration(found) => Ok(found),
        TextFile::TensorFlowJs => Err(Error::NotAModel(FileKind::TensorFlowJs)),
        _ => Err(Error::NotAModel(FileKind::Text)),
    }
}

/// Whether a file is the configuration of a network.
///
/// # Errors
/// [`Error::Memory`] and [`Error::ArchiveTooLarge`], which say nothing about the file.
pub fn is_configuration(files: &dyn ModelFiles, name: &str) -> Result<bool, Error> {
    match read(files, name) {
        Err(e) if !e.is_about_the_file() => Err(e),
        result => Ok(result.is_ok()),
    }
}

/// The names of the shards that a file lists, sorted; `None` if it lists none.
pub fn shards_of(files: &dyn ModelFiles, name: &str) -> Option<Vec<String>> {
    let text = files.start(name, MAX_TEXT_BYTES).ok()?;
    let value: Value = serde_json::from_slice(&text).ok()?;
    let map = value.get("weight_map")?.as_object()?;
    let mut shards = BTreeSet::new();
    for listed in map.values() {
        match listed {
            Value::String(one) => drop(shards.insert(one.clone())),
            Value::Array(some) => {
                shards.extend(some.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            _ => return None,
        }
        if shards.len() > MAX_SHARDS {
            return None;
        }
    }
    // Keras writes them next to the list.
    let are_beside = shards.iter().all(|shard| !shard.contains(['/', '\\']));
    (are_beside && !shards.is_empty()).then(|| shards.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TO_JSON: &str =
        r#"{"class_name": "Functional", "config": {"layers": []}, "keras_version": "2.15.0"}"#;

    #[test]
    fn a_configuration_is_read_in_every_form_in_which_it_is_written() {
        let as_text = serde_json::to_string(TO_JSON).unwrap();
        let marked = format!("\u{feff}{TO_JSON}");
        let utf16 = |pair: fn(u16) -> [u8; 2]| marked.encode_utf16().flat_map(pair).collect();
        for text in [
            TO_JSON.into(),
            as_text.into_bytes(),
            marked.clone().into_bytes(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ] {
            let TextFile::Configuration(found) = recognise(&text) else {
                panic!("{}", String::from_utf8_lossy(&text));
            };
            assert_eq!(found.keras_version.as_deref(), Some("2.15.0"));
            assert!(found.text.contains("Functional"));
        }
        for (text, class) in [
            (r#"{"layers": [], "input_layers": []}"#, "Functional"),
            (r#"{"name": "s", "layers": []}"#, "Sequential"),
        ] {
            let TextFile::Configuration(found) = recognise(text.as_bytes()) else {
                panic!("{text}");
            };
            assert!(found.text.contains(class), "{}", found.text);
        }
    }

    #[test]
    fn other_texts_are_told_apart() {
        for (text, expected) in [
            (r#"{"weight_map": {}}"#, TextFile::Shards),
            (r#"{"modelTopology": {}}"#, TextFile::TensorFlowJs),
            (
                "backend: tensorflow\nclass_name: Functional\n",
                TextFile::Yaml,
            ),
            (r#"{"input": {"size": [3, 3]}}"#, TextFile::OtherJson),
            ("[1, 2]", TextFile::OtherJson),
            ("\"text\"", TextFile::OtherJson),
            ("{", TextFile::Unknown),
            ("", TextFile::Unknown),
        ] {
            assert_eq!(recognise(text.as_bytes()), expected, "{text}");
        }
    }
}
