//! Operations of TensorFlow 2.0 to 2.3, which a file states by the name of the operator.

use serde_json::Value;

use super::arguments::{Argument, Arguments};
use super::{of_function, one_tensor_of};
use crate::domain::foreign::shown;
use crate::domain::{Refusal, Remedy};
use crate::keras::kind::Operation;

/// An operation of TensorFlow 2.0 to 2.3, whose tensors and constants are numbered inputs.
pub fn of_tensorflow_op(s: &Value, arguments: &Arguments) -> Result<Operation, Refusal> {
    let node = s.get("node_def").filter(|node| node.is_object());
    let op = node.and_then(|node| node.get("op")).and_then(Value::as_str);
    let (Some(node), Some(op)) = (node, op) else {
        return Err("it names no function".into());
    };
    let function = match op {
        "BiasAdd" if !is_channels_last(node) => {
            return Err("its data format is not channels_last".into());
        }
        "AddV2" | "Add" | "BiasAdd" => "math.add",
        "Sub" => "math.subtract",
        "Mul" => "math.multiply",
        "RealDiv" => "math.truediv",
        "Maximum" => "math.maximum",
        "Minimum" => "math.minimum",
        "Pow" => "math.pow",
        "Neg" => "math.negative",
        "Square" => "math.square",
        "Sqrt" => "math.sqrt",
        "Abs" => "math.abs",
        "Exp" => "math.exp",
        "Relu" => "nn.relu",
        "Relu6" => "nn.relu6",
        "Sigmoid" => "nn.sigmoid",
        "Tanh" => "nn.tanh",
        "Softplus" => "nn.softplus",
        "Identity" => "identity",
        "Cast" => {
            let to = node.pointer("/attr/DstT/type").and_then(Value::as_str);
            return match to {
                Some("DT_FLOAT" | "DT_HALF" | "DT_DOUBLE" | "DT_BFLOAT16") => {
                    one_tensor_of(&listed(arguments)).map(|()| Operation::ToFloat)
                }
                _ => Err("it converts to another type than floating-point numbers".into()),
            };
        }
        other => {
            let reason = format!("the operation {} is not supported", shown(other));
            return Err(Remedy::AsOnnx.of(reason));
        }
    };
    // Constants take their own places, tensors the others.
    let mut tensors = listed(arguments).into_iter();
    let constants = s.get("constants").and_then(Value::as_object);
    let count = tensors.len() + constants.map_or(0, serde_json::Map::len);
    let positional = (0..count).map(|place| {
        let constant = constants.and_then(|all| all.get(&place.to_string()));
        let constant = constant.map(|value| Argument::Value(value.clone()));
        constant.or_else(|| tensors.next())
    });
    let positional = positional
        .collect::<Option<Vec<_>>>()
        .ok_or("its inputs cannot be read")?;
    let in_order = Arguments::of(positional);
    of_function(function, &Value::Null, &in_order)
}

/// The data format of a node, in base64; channels last if it states none.
fn is_channels_last(node: &Value) -> bool {
    let format = node.pointer("/attr/data_format/s").and_then(Value::as_str);
    format.is_none_or(|format| matches!(format, "TkhXQw==" | "NHWC"))
}

/// The tensors of a call, as a flat list.
fn listed(arguments: &Arguments) -> Vec<Argument> {
    arguments
        .positional
        .iter()
        .flat_map(|argument| match argument {
            Argument::List(list) => list.clone(),
            other => vec![other.clone()],
        })
        .collect()
}
