//! Arguments of a call other than its tensors, which change what a layer computes.

use serde_json::{Map, Value};

use crate::domain::foreign::shown;
use crate::domain::{Refusal, Remedy};
use crate::keras::operation::CONSTANT;

/// An argument of a call other than its tensors that changes what the layer computes; `None` if there is none.
///
/// In Keras 3, `training` of the whole model, as `model.predict` sets it, overrides that of a call; in Keras 2 it does
/// not.
pub(super) fn refused_argument(nodes: &Value) -> Option<Refusal> {
    nodes.as_array()?.iter().find_map(|node| match node {
        Value::Object(call) => {
            let given = call.get("kwargs").and_then(Value::as_object);
            let among =
                given.and_then(|given| argument_with_effect(given, &["training", "inputs"]));
            among.or_else(|| {
                let constant = constant_among(call.get("args")?)?;
                let reason = format!("it is called with {constant} in addition to its input");
                Some(Remedy::AsOnnx.of(reason))
            })
        }
        Value::Array(inputs) => inputs.iter().find_map(|input| {
            let input = input.as_array()?;
            if input.first().and_then(Value::as_str) == Some(CONSTANT) {
                return Some(Remedy::AsOnnx.of("it is called with a constant among its inputs"));
            }
            argument_with_effect(input.get(3)?.as_object()?, &[])
        }),
        _ => None,
    })
}

/// A number or text in place of a tensor of Keras 3, also inside lists; the depth is bounded by the JSON parser.
fn constant_among(arguments: &Value) -> Option<&Value> {
    match arguments {
        Value::Array(list) => list.iter().find_map(constant_among),
        Value::Object(_) | Value::Null => None,
        constant => Some(constant),
    }
}

fn argument_with_effect(given: &Map<String, Value>, without: &[&str]) -> Option<Refusal> {
    let is_off = |value: &Value| {
        matches!(value, Value::Null | Value::Bool(false)) || value.as_f64() == Some(0.0)
    };
    let (name, value) = given
        .iter()
        .find(|(name, value)| !without.contains(&name.as_str()) && !is_off(value))?;
    Some(if name == "training" {
        "it is called with training=True, so Keras computes it as in training, not as in inference; \
         call it with training=False, or without the argument, and save the model again"
            .into()
    } else {
        let value: String = value.to_string().chars().take(40).collect();
        Remedy::AsOnnx.of(format!("it is called with {}={value}", shown(name)))
    })
}
