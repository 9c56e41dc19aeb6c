//! Functions of tensors and numbers that are not layers: what the operators of Python and the functions of TensorFlow
//! and `keras.ops` leave in a file.
//!
//! The list is closed: a name in a file chooses one of the functions here, its arguments are numbers and the results of
//! other layers, and nothing of the file is executed. What is not understood is refused.

mod arguments;
mod stated;
mod tensorflow_op;
mod values;

use serde_json::{Value, json};

use super::kind::{Activation, Elementwise, Fit, Operand, Operation, Pairwise, Resize};
use super::own::Named;
use super::precision;
use super::settings;
use crate::domain::foreign::shown;
use crate::domain::{Refusal, Remedy};

pub use arguments::CONSTANT;
use arguments::{Argument, Arguments};
use stated::Settings;
use tensorflow_op::of_tensorflow_op;
use values::{integers, numbers, selections};

/// Whether a class stands for a call of a function rather than for a layer.
pub fn is_operation(named: Named, s: &Value, keras: Option<u32>) -> bool {
    // An .h5 file of Keras 3 states no module, but every layer states whether it is trainable.
    let is_bare = || {
        let settings = s.as_object();
        let is_layer =
            settings.is_none_or(|s| s.contains_key("trainable") || s.contains_key("layers"));
        named.module.is_none() && !is_layer && named.bare() != "InputLayer"
    };
    is_stated_operation(named) || (keras.is_some_and(|keras| keras >= 3) && is_bare())
}

/// Whether its class or module says that it is a call of a function.
pub fn is_stated_operation(named: Named) -> bool {
    const WRAPPERS: [&str; 3] = ["TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"];
    WRAPPERS.contains(&named.bare()) || named.is_function()
}

/// The operation of a class and the tensors that it reads.
///
/// `tensor` finds a tensor by name, call and result; `None` if no layer has the name.
pub fn read<T, E>(
    class: &str,
    s: &Value,
    nodes: &Value,
    tensor: &mut impl FnMut(&[Value]) -> Result<Option<T>, E>,
) -> Result<(Result<Operation, Refusal>, Vec<T>), E> {
    let mut tensors = Vec::new();
    let calls = nodes.as_array().map_or(&[][..], Vec::as_slice);
    let [node] = calls else {
        let times = format!("it is called {} times, not once", calls.len());
        return Ok((Err(times.into()), tensors));
    };
    let mut place_of = |history: &[Value]| -> Result<Option<usize>, E> {
        Ok(tensor(history)?.map(|found| {
            tensors.push(found);
            tensors.len() - 1
        }))
    };
    let arguments = Arguments::read(node, &mut place_of)?;
    let read = match class {
        "TensorFlowOpLayer" => of_tensorflow_op(s, &arguments),
        "TFOpLambda" | "SlicingOpLambda" => match s.get("function").and_then(Value::as_str) {
            Some(function) => of_function(function, &Value::Null, &arguments),
            None => Err("it names no function".into()),
        },
        function => of_function(function, s, &arguments),
    };
    Ok((read, tensors))
}

/// A function of TensorFlow, which has no configuration, or a class of `keras.ops` with its own.
///
/// Whatever of both is not asked for and is not off may change the result, and is refused.
fn of_function(name: &str, s: &Value, arguments: &Arguments) -> Result<Operation, Refusal> {
    let given = Settings::new(s, arguments);
    let operation = function(name, &given, arguments)?;
    let unread = arguments.unread().or_else(|| given.unread());
    match unread {
        Some(unread) => {
            let reason = format!("its argument {} is not supported", shown(&unread));
            Err(Remedy::AsOnnx.of(reason))
        }
        None => Ok(operation),
    }
}

fn function(name: &str, given: &Settings, arguments: &Arguments) -> Result<Operation, Refusal> {
    let pairwise = |function| -> Result<Operation, Refusal> {
        let left = operand(arguments, 0, &["x", "x1", "value", "a"])?;
        let right = operand(arguments, 1, &["y", "x2", "bias", "b"])?;
        Ok(Operation::Pairwise {
            function,
            operands: [left, right],
        })
    };
    let of_tensor = |operation: Operation| one_tensor(arguments).map(|()| operation);
    let elementwise = |function| of_tensor(Operation::Elementwise(function));
    let activation = |function| of_tensor(Operation::Activation(function));
    let setting = |place: usize, names: &[&str]| given.get(place, names);
    let axes = |place: usize| match setting(place, &["axis", "axes", "perm"])? {
        None => Ok(None),
        Some(value) => integers(&value)
            .map(Some)
            .ok_or_else(|| Refusal::from("its axes cannot be read")),
    };
    let single_axis = |place: usize, absent: i64| match axes(place)?.as_deref() {
        None => Ok(absent),
        Some(&[axis]) => Ok(axis),
        Some(_) => Err(Refusal::from("its axis is not a single number")),
    };
    let is_on = |place: usize, names: &[&str]| match setting(place, names)? {
        None => Ok(false),
        Some(Value::Bool(is_on)) => Ok(is_on),
        Some(_) => Err(Refusal::from(format!(
            "its {} is neither true nor false",
            names[0]
        ))),
    };
    let number = |place: usize, names: &[&str], absent: Option<f64>| {
        let value = match setting(place, names)? {
            None => absent,
            Some(value) => value.as_f64(),
        };
        let value = value.map(|number| number as f32).filter(|n| n.is_finite());
        value.ok_or_else(|| Refusal::from(format!("its {} is not a number", names[0])))
    };
    let keep_dims = || is_on(2, &["keepdims", "keep_dims"]);
    match name {
        "math.add" | "__operators__.add" | "Add" | "nn.bias_add" => {
            let format = match name {
                "nn.bias_add" => setting(2, &["data_format"])?,
                _ => None,
            };
            if format.is_some_and(|format| format != "NHWC" && format != "N...C") {
                return Err("its data format is not channels_last".into());
            }
            pairwise(Pairwise::Add)
        }
        "math.subtract" | "subtract" | "Subtract" => pairwise(Pairwise::Subtract),
        "math.multiply" | "multiply" | "Multiply" => pairwise(Pairwise::Multiply),
        "math.truediv" | "math.divide" | "divide" | "realdiv" | "TrueDivide" | "Divide" => {
            pairwise(Pairwise::Divide)
        }
        "math.maximum" | "maximum" | "Maximum" => pairwise(Pairwise::Maximum),
        "math.minimum" | "minimum" | "Minimum" => pairwise(Pairwise::Minimum),
        "math.pow" | "pow" | "Power" => {
            let exponent = match operand(arguments, 1, &["y", "x2"])? {
                Operand::Numbers(numbers) if numbers.values.len() == 1 => numbers.values[0],
                _ => return Err("its exponent is not a number".into()),
            };
            power(exponent, arguments)
        }
        "math.negative" | "negative" | "Negative" => elementwise(Elementwise::Negative),
        "math.square" | "square" | "Square" => elementwise(Elementwise::Square),
        "math.sqrt" | "sqrt" | "Sqrt" => elementwise(Elementwise::Sqrt),
        "math.abs" | "abs" | "Absolute" | "Abs" => elementwise(Elementwise::Absolute),
        "math.log" | "Log" => elementwise(Elementwise::Log),
        "math.exp" | "exp" | "Exp" => activation(Activation::Exponential),
        "identity" => of_tensor(Operation::Same),
        "cast" | "Cast" => {
            let dtype = setting(1, &["dtype"])?;
            let to = dtype.as_ref().and_then(precision::name_of);
            match to {
                Some(name) if name == "float32" || precision::OTHERS.contains(&name) => {
                    of_tensor(Operation::ToFloat)
                }
                name => {
                    Err(format!("it converts to {}", shown(name.unwrap_or("another type"))).into())
                }
            }
        }
        "clip_by_value" | "Clip" => of_tensor(Operation::Clip {
            low: number(1, &["clip_value_min", "x_min"], None)?,
            high: number(2, &["clip_value_max", "x_max"], None)?,
        }),
        "reshape" | "Reshape" => {
            let shape = setting(1, &["shape", "newshape"])?;
            match shape.as_ref().and_then(integers).as_deref() {
                Some([-1, target @ ..]) if !target.is_empty() => of_tensor(Operation::Reshape {
                    target: target.to_vec(),
                }),
                _ => Err("its shape does not keep the batch first".into()),
            }
        }
        "transpose" | "compat.v1.transpose" | "Transpose" => match axes(1)? {
            Some(axes) => of_tensor(Operation::Transpose { axes }),
            None => Err("it moves the batch".into()),
        },
        "expand_dims" | "compat.v1.expand_dims" | "ExpandDims" => {
            let axis = axes(1)?
                .filter(|axes| axes.len() == 1)
                .and_then(|axes| axes.first().copied());
            let axis = axis.ok_or("its axis is not a single number")?;
            of_tensor(Operation::ExpandDims { axis })
        }
        "squeeze" | "compat.v1.squeeze" | "Squeeze" => match axes(1)? {
            Some(axes) => of_tensor(Operation::Squeeze { axes }),
            None => Err("it names no axis".into()),
        },
        "image.resize" => {
            let size = size_of(setting(1, &["size"])?)?;
            let method = setting(2, &["method"])?.unwrap_or_else(|| json!("bilinear"));
            let method = method.as_str().ok_or("its method is not named")?;
            if is_on(3, &["preserve_aspect_ratio"])? {
                return Err("it keeps the aspect ratio".into());
            }
            of_tensor(Operation::Resize(Resize {
                size: settings::within_limits(size)?,
                interpolation: settings::interpolation(method)?,
                antialias: is_on(4, &["antialias"])?,
                fit: Fit::Stretch,
            }))
        }
        "Resize" => {
            let size = size_of(setting(1, &["size"])?)?;
            let stated = given.all(&settings::OF_RESIZING);
            of_tensor(Operation::Resize(settings::resizing_to(size, stated)?))
        }
        "stack" | "Stack" => many_tensors(arguments).and_then(|()| {
            Ok(Operation::Stack {
                axis: single_axis(1, 0)?,
            })
        }),
        "concat" | "Concatenate" => many_tensors(arguments).and_then(|()| {
            Ok(Operation::Concatenate {
                axis: single_axis(1, 0)?,
            })
        }),
        "reverse" | "Flip" => match axes(1)? {
            Some(axes) => of_tensor(Operation::Flip { axes }),
            None => Err("it turns the batch round".into()),
        },
        "__operators__.getitem" | "GetItem" => {
            let key = match arguments.get(1, &["slice_spec", "key"]) {
                Some(Argument::Value(key)) => key,
                _ => return Err("its index is not constant".into()),
            };
            let selections = selections(key).ok_or("its index cannot be read")?;
            of_tensor(Operation::Select(selections))
        }
        "math.reduce_mean" | "reduce_mean" | "Mean" => {
            let axes = axes(1)?.ok_or("it takes the mean over the batch")?;
            let keep_dims = keep_dims()?;
            of_tensor(Operation::Mean { axes, keep_dims })
        }
        "math.reduce_max" | "reduce_max" | "Max" | "Amax" => {
            let axes = axes(1)?.ok_or("it takes the maximum over the batch")?;
            let keep_dims = keep_dims()?;
            of_tensor(Operation::Maximum { axes, keep_dims })
        }
        "nn.relu" | "Relu" => activation(Activation::RELU),
        "nn.relu6" | "Relu6" => activation(Activation::RELU6),
        "nn.sigmoid" | "math.sigmoid" | "sigmoid" | "Sigmoid" => activation(Activation::Sigmoid),
        "nn.tanh" | "math.tanh" | "tanh" | "Tanh" => activation(Activation::Tanh),
        "nn.silu" | "nn.swish" | "Silu" => activation(Activation::Swish),
        "nn.softplus" | "math.softplus" | "Softplus" => activation(Activation::Softplus),
        "nn.elu" => activation(Activation::Elu {
            alpha: 1.0,
            scale: 1.0,
        }),
        "Elu" => activation(Activation::Elu {
            alpha: number(1, &["alpha"], Some(1.0))?,
            scale: 1.0,
        }),
        "nn.selu" | "Selu" => activation(settings::activation(&json!("selu"), None)?),
        "HardSigmoid" => activation(settings::activation(&json!("hard_sigmoid"), Some(3))?),
        "HardSilu" => activation(settings::activation(&json!("hard_silu"), Some(3))?),
        "nn.leaky_relu" | "LeakyRelu" => activation(Activation::Relu {
            slope: number(1, &["alpha", "negative_slope"], Some(0.2))?,
            high: None,
        }),
        "nn.gelu" | "Gelu" => {
            // keras.ops approximates unless told otherwise, TensorFlow does not.
            let approximate = setting(1, &["approximate"])?;
            let approximate = approximate.map_or(Some(name == "Gelu"), |v| v.as_bool());
            let approximate = approximate.ok_or("its approximation is not stated")?;
            activation(Activation::Gelu { approximate })
        }
        "nn.softmax" | "Softmax" => activation(Activation::Softmax {
            axis: single_axis(1, -1)?,
        }),
        name => Err(Remedy::AsOnnx.of(format!("the function {} is not supported", shown(name)))),
    }
}

/// Height and width.
fn size_of(size: Option<Value>) -> Result<[usize; 2], Refusal> {
    let sides = size.as_ref().and_then(integers).unwrap_or_default();
    let [height, width] = sides[..] else {
        return Err("its size is not known".into());
    };
    let side = |side: i64| usize::try_from(side).map_err(|_| Refusal::from("its size is negative"));
    Ok([side(height)?, side(width)?])
}

/// Squares and roots; other exponents are refused.
fn power(exponent: f32, arguments: &Arguments) -> Result<Operation, Refusal> {
    if !matches!(arguments.get(0, &["x", "x1"]), Some(Argument::Tensor(0))) {
        return Err("its base is not a tensor".into());
    }
    match exponent {
        1.0 => Ok(Operation::Same),
        2.0 => Ok(Operation::Elementwise(Elementwise::Square)),
        0.5 => Ok(Operation::Elementwise(Elementwise::Sqrt)),
        other => Err(format!("its exponent is {other}").into()),
    }
}

/// Checks that the first argument is a tensor.
fn one_tensor(arguments: &Arguments) -> Result<(), Refusal> {
    let first = arguments.get(0, &FIRST);
    one_tensor_of(&first.cloned().into_iter().collect::<Vec<_>>())
}

/// Names of the first argument.
const FIRST: [&str; 10] = [
    "x",
    "tensor",
    "input",
    "inputs",
    "features",
    "images",
    "t",
    "a",
    "input_tensor",
    "logits",
];

fn one_tensor_of(arguments: &[Argument]) -> Result<(), Refusal> {
    match arguments.first() {
        Some(Argument::Tensor(0)) => Ok(()),
        _ => Err("its first argument is not the result of a layer".into()),
    }
}

/// Checks that the first argument is a list of tensors.
fn many_tensors(arguments: &Arguments) -> Result<(), Refusal> {
    let in_order = |list: &[Argument]| {
        let mut places = list.iter().enumerate();
        places.all(|(place, argument)| *argument == Argument::Tensor(place))
    };
    match arguments.get(0, &["values", "arrays", "xs", "x"]) {
        Some(Argument::List(list)) if in_order(list) => Ok(()),
        _ => Err("its first argument is not a list of results of layers".into()),
    }
}

fn operand(arguments: &Arguments, place: usize, names: &[&str]) -> Result<Operand, Refusal> {
    match arguments.get(place, names) {
        Some(Argument::Tensor(place)) => Ok(Operand::Tensor(*place)),
        Some(Argument::Value(value)) => numbers(value)
            .map(Operand::Numbers)
            .ok_or_else(|| "one of its operands is not made of numbers".into()),
        Some(Argument::List(_)) => Err("one of its operands is a list of tensors".into()),
        None => Err("one of its operands is missing".into()),
    }
}
