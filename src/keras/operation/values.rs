//! Constants among the arguments of an operation: numbers, sizes and indices.

use serde_json::Value;

use super::arguments::class_of;
use crate::keras::kind::{Numbers, Selection};

/// Maximum numbers of a constant among the arguments.
const MAX_NUMBERS: usize = 1 << 20;

/// A number or nested lists of numbers, possibly inside an object in which Keras stores arrays.
pub fn numbers(value: &Value) -> Option<Numbers> {
    let mut found = Numbers {
        sizes: Vec::new(),
        values: Vec::new(),
    };
    let value = match value {
        Value::Object(map) => map.get("config")?.get("value")?,
        other => other,
    };
    let mut first = value;
    while let Value::Array(list) = first {
        found.sizes.push(list.len());
        first = list.first()?;
    }
    let count = found
        .sizes
        .iter()
        .try_fold(1_usize, |n, &s| n.checked_mul(s))?;
    if count > MAX_NUMBERS {
        return None;
    }
    let sizes = found.sizes.clone();
    collect(value, &sizes, &mut found.values)?;
    Some(found)
}

fn collect(value: &Value, sizes: &[usize], found: &mut Vec<f32>) -> Option<()> {
    match (value, sizes) {
        (Value::Number(number), []) => {
            let number = number.as_f64()? as f32;
            number.is_finite().then(|| found.push(number))
        }
        (Value::Array(list), [size, rest @ ..]) if list.len() == *size => {
            list.iter().try_for_each(|item| collect(item, rest, found))
        }
        _ => None,
    }
}

/// A whole number or a list of them.
pub fn integers(value: &Value) -> Option<Vec<i64>> {
    match value {
        Value::Number(number) => Some(vec![number.as_i64()?]),
        Value::Array(list) => list.iter().map(Value::as_i64).collect(),
        Value::Object(map) if class_of(map) == Some("__tuple__") => integers(map.get("items")?),
        _ => None,
    }
}

/// The selections of an index.
pub fn selections(key: &Value) -> Option<Vec<Selection>> {
    let items = match key {
        Value::Array(items) => items.as_slice(),
        Value::Object(map) if class_of(map) == Some("__tuple__") => {
            map.get("items")?.as_array()?.as_slice()
        }
        single => std::slice::from_ref(single),
    };
    items.iter().map(selection).collect()
}

fn selection(item: &Value) -> Option<Selection> {
    let map = match item {
        Value::Null => return Some(Selection::New),
        Value::Number(number) => return number.as_i64().map(Selection::At),
        Value::Object(map) => map,
        _ => return None,
    };
    if class_of(map) == Some("__ellipsis__") {
        return Some(Selection::Rest);
    }
    // Keras 3 wraps the limits of a slice, Keras 2 does not.
    let limits = match class_of(map) {
        Some("__slice__") => map.get("config")?.as_object()?,
        Some(_) => return None,
        None => map,
    };
    let limit = |name: &str| match limits.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.as_i64().map(Some),
    };
    Some(Selection::Range {
        start: limit("start")?,
        stop: limit("stop")?,
        step: limit("step")?.unwrap_or(1),
    })
}
