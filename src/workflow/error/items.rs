//! What a refusal lists for programs: fields that are open, layers that are not computed, answers to a question; each
//! with the flag that says it.

use super::Error;
use crate::domain::foreign::shown;
use crate::evaluation::{self, Question};
use crate::keras;
use crate::text::failures::{Fault, LabelsFault};

impl Error {
    /// The items of a list-like refusal, one object each.
    pub fn items(&self) -> Vec<serde_json::Value> {
        let field = |f: &str| serde_json::json!({"field": f});
        match self {
            Self::Unknown(fields) => fields.iter().map(|f| field(f)).collect(),
            Self::NotImported { fields, .. } => fields
                .iter()
                .map(|f| serde_json::json!({"field": f, "flag": flag(f)}))
                .collect(),
            Self::Relayed(relayed) => relayed.items.clone(),
            Self::IdTaken { id, .. } => vec![
                serde_json::json!({"id": id, "answer": "replace it", "flag": "--replace"}),
                serde_json::json!({"id": id, "answer": "keep both", "flag": "--id NAME"}),
            ],
            Self::SeveralCards { ids, .. } => ids
                .iter()
                .map(|id| serde_json::json!({"id": id, "flag": format!("--model {id}")}))
                .collect(),
            Self::Open(open) => open.missing.iter().map(|f| field(f)).collect(),
            Self::Keras(keras::Error::Unsupported(layers)) => layers
                .iter()
                .map(
                    |l| serde_json::json!({"layer": l.layer, "class": l.class, "reason": l.reason}),
                )
                .collect(),
            Self::Evaluation(evaluation::Error::Question(question)) => of_question(question),
            Self::Refused(fault, _) if **fault == Fault::Labels(LabelsFault::OrderFlipped) => {
                ["swap", "keep"]
                    .map(|order| serde_json::json!({"flag": format!("--label-order {order}")}))
                    .to_vec()
            }
            _ => Vec::new(),
        }
    }
}

/// The flag of `gantei import` that says a field.
pub(super) fn flag(field: &str) -> String {
    let value = match field {
        "input_size" => "HxW",
        "labels" => "A,B",
        "mean" | "std" => "A,B,C",
        "imagenet_rescaling" => "yes|no",
        _ => "...",
    };
    format!("--{} {value}", field.replace('_', "-"))
}

/// What a question is about, and the flag that answers it.
fn of_question(question: &Question) -> Vec<serde_json::Value> {
    match question {
        Question::Values(asked) => {
            let [zero, one] = &asked.labels;
            let item = |(value, count): &(String, usize)| {
                serde_json::json!({
                    "column": asked.column,
                    "value": value,
                    "count": count,
                    "answers": [zero, one, "-"],
                    "flag": format!("--values {}", quoted(value, "LABEL")),
                })
            };
            asked.values.iter().map(item).collect()
        }
        Question::Column { role, found, .. } => {
            let item = |name: &String| {
                serde_json::json!({
                    "role": role.as_str(),
                    "column": name,
                    "flag": format!("--columns {}", quoted(role.as_str(), name)),
                })
            };
            found.iter().map(item).collect()
        }
        Question::LeadingZeros {
            photographs,
            example: (name, photograph),
        } => vec![serde_json::json!({
            "photographs": photographs,
            "name": name,
            "photograph": photograph,
            "flag": "--ignore-leading-zeros",
        })],
    }
}

/// `name=value` as `--columns` and `--values` read it, and as a shell hands it on: double quotes keep a comma or a double
/// quote together for the one, single quotes everything for the other.
fn quoted(name: &str, value: &str) -> String {
    let mut pair = format!("{name}={value}");
    if pair.contains([',', '"']) {
        pair = format!("\"{}\"", pair.replace('"', "\"\""));
    }
    let is_plain = |c: char| c.is_alphanumeric() || "-_.=".contains(c);
    match pair.chars().all(is_plain) {
        true => pair,
        false => format!("'{}'", pair.replace('\'', r"'\''")),
    }
}

/// The way to a model that was given as a file which leaves fields open.
pub(super) fn not_imported(file: &str, fields: &[String], beside: Option<&str>) -> String {
    let flags: Vec<String> = fields.iter().map(|f| flag(f)).collect();
    let quoted = match file.contains(char::is_whitespace) {
        true => format!("\"{file}\""),
        false => file.to_owned(),
    };
    let beside = beside.map_or(String::new(), |name| {
        format!(
            " {} beside it is no model card and was not read.",
            shown(name)
        )
    });
    format!(
        "Import the file and say them there: gantei import {quoted} {} (values: gantei import --help). Then give its id in place of the file.{beside}",
        flags.join(" ")
    )
}
