//! A row of results without nesting: every field of the document as a column with one value.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// The fields of a row, nested ones joined by `_`. Some have shorter names: `field_centre_x` for the field of view,
/// `open_ms` for a time, `version_gantei` for a version, `card_…` without fields that have their own column. Findings
/// are their codes, joined by `;` as all lists are.
pub fn flat(row: Map<String, Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    for (name, value) in row {
        match (name.as_str(), value) {
            ("field_of_view", value) => {
                for part in ["centre_x", "centre_y", "radius", "completeness", "round"] {
                    flat.insert(format!("field_{part}"), value[part].clone());
                }
            }
            ("timings_ms", Value::Object(times)) => {
                flat.extend(
                    times
                        .into_iter()
                        .map(|(name, ms)| (format!("{name}_ms"), ms)),
                );
            }
            ("versions", value) => put(&mut flat, "version", value),
            ("findings", value) => {
                flat.insert(name, joined(&value, |f| f["code"].clone()));
            }
            // A figure belongs to all models of a photograph, not to this row in particular.
            ("files", Value::Array(files)) => {
                let own = files.into_iter().filter(|f| {
                    let name = f.as_str().unwrap_or_default();
                    !name.ends_with(".figure.png")
                });
                let own = Value::Array(own.collect());
                flat.insert(name, joined(&own, Value::clone));
            }
            ("card", Value::Object(card)) => {
                // Background fields of a card have no fixed form and are the same in every row.
                let reported = card.into_iter().filter(|(name, _)| {
                    !matches!(
                        name.as_str(),
                        "task"
                            | "threshold"
                            | "citation"
                            | "acknowledgment"
                            | "intended_use"
                            | "evaluation"
                    )
                });
                put(&mut flat, "card", Value::Object(reported.collect()));
            }
            // Unknown, so their nested fields are unknown as well.
            (
                "preprocessing" | "saliency" | "covered" | "regions" | "scores" | "applicability"
                | "measured",
                Value::Null,
            ) => {}
            ("scores", Value::Array(classes)) => {
                for class in classes {
                    let label = class["label"].as_str().map(plain).unwrap_or_default();
                    flat.insert(format!("score_{label}"), class["score"].clone());
                }
            }
            ("regions", value) => regions(&mut flat, value),
            ("saliency", Value::Object(mut map)) => {
                for name in ["evidence_outside_eye", "area_outside_eye"] {
                    let share = map.shift_remove(name).unwrap_or_default();
                    flat.insert(name.to_owned(), share);
                }
                put(&mut flat, "saliency", Value::Object(map));
            }
            (_, value) => put(&mut flat, &name, value),
        }
    }
    flat
}

fn put(flat: &mut Map<String, Value>, name: &str, value: Value) {
    match value {
        Value::Object(parts) => {
            for (part, value) in parts {
                put(flat, &format!("{name}_{}", plain(&part)), value);
            }
        }
        Value::Array(items) if items.iter().any(|i| i.is_object() || i.is_array()) => {
            for (at, item) in items.into_iter().enumerate() {
                put(flat, &format!("{name}_{}", at + 1), item);
            }
        }
        list @ Value::Array(_) => {
            flat.insert(name.to_owned(), joined(&list, Value::clone));
        }
        value => {
            flat.insert(name.to_owned(), value);
        }
    }
}

/// Part of a column's name.
fn plain(name: &str) -> String {
    name.replace(['-', ' ', '.'], "_")
}

fn joined(list: &Value, of: impl Fn(&Value) -> Value) -> Value {
    let texts: Vec<String> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| match of(item) {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect();
    texts.join(";").into()
}

/// Contribution by region: `evidence_macula`, `area_macula`, `hidden_macula_change_score` and so on for each region, then
/// the positions of disc and fovea.
fn regions(flat: &mut Map<String, Value>, value: Value) {
    let Value::Object(mut of) = value else {
        return;
    };
    if let Some(Value::Array(parts)) = of.shift_remove("parts") {
        for part in parts {
            let Value::Object(part) = part else {
                continue;
            };
            let region = part.get("region").and_then(Value::as_str).map(plain);
            let region = region.unwrap_or_default();
            for (name, value) in part {
                match name.as_str() {
                    "region" => {}
                    "covered" => put(flat, &format!("hidden_{region}"), value),
                    _ => put(flat, &format!("{name}_{region}"), value),
                }
            }
        }
    }
    put(flat, "regions", Value::Object(of));
}

/// The columns of rows: those of the first, with columns of later rows inserted next to their neighbours there.
pub fn columns(rows: &[Map<String, Value>]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for row in rows {
        // Most rows have the fields of the first.
        if row.keys().all(|name| known.contains(name.as_str())) {
            continue;
        }
        let mut after = 0;
        for name in row.keys() {
            if known.insert(name) {
                columns.insert(after, name.clone());
                after += 1;
            } else if let Some(at) = columns.iter().position(|c| c == name) {
                after = at + 1;
            }
        }
    }
    columns
}
