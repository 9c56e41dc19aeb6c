//! Reads the settings of single layers, in every spelling of Keras 2 and Keras 3.
//!
//! Errors are clauses about the layer: "its padding is causal".

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::kind::{
    Activation, BatchNorm, Conv, Fit, Interpolation, Kind, LayerNorm, Padding, Resize, Window,
};
use super::own::{Named, unlike_keras};
use super::precision;
use crate::domain::foreign::shown;
use crate::graph::Pads;

/// Constants of SELU, as in its paper and in Keras.
const SELU_ALPHA: f32 = 1.673_263_2;
const SELU_SCALE: f32 = 1.050_701;

/// Maximum height and width of a picture that a layer computes, in pixels.
const MAX_SIDE: usize = 8192;

fn settings<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|e| format!("its settings cannot be read ({e})"))
}

/// The precision other than float32 in which a layer computes; `None` for float32.
pub fn precision_of(class: &str, s: &Value) -> Result<Option<&'static str>, String> {
    let dtype = match s.get("dtype") {
        None | Some(Value::Null) => return Ok(None),
        Some(dtype) => precision::name_of(dtype),
    };
    let is_input = class == "InputLayer";
    let among = |known: &[&'static str]| known.iter().copied().find(|&known| dtype == Some(known));
    match (
        dtype,
        among(&precision::OTHERS),
        among(&precision::WHOLE_NUMBERS),
    ) {
        (Some("float32"), ..) => Ok(None),
        (_, Some(known), _) => Ok(Some(known)),
        (_, _, Some(known)) if is_input => Ok(Some(known)),
        (Some(name), ..) if is_input => Err(format!(
            "it takes {}, which is not supported; build the model with an input of float32, load the weights and save it",
            shown(name)
        )),
        (Some(name), ..) => Err(format!(
            "it computes in {}, which is not supported; {UNDER_FLOAT32}",
            shown(name)
        )),
        (None, ..) => Err(format!(
            "its precision is not one of Keras' own; {UNDER_FLOAT32}"
        )),
    }
}

/// What to do about a precision that is not supported.
const UNDER_FLOAT32: &str =
    "build the model under the policy float32, load the weights and save it";

/// Whether an input layer has a type of whole numbers.
fn is_of_whole_numbers(s: &Value) -> bool {
    let name = s.get("dtype").and_then(precision::name_of);
    name.is_some_and(|name| precision::WHOLE_NUMBERS.contains(&name))
}

/// # Errors
/// For the other data format, which [`crate::domain::Remedy::ChannelsLast`] remedies.
pub fn channels_last(s: &Value) -> Result<(), String> {
    match s.get("data_format").and_then(Value::as_str) {
        None | Some("channels_last") => Ok(()),
        Some(other) => Err(format!(
            "its data format is {}, not channels_last",
            shown(other)
        )),
    }
}

/// One number for both axes, or one each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Pair {
    One(usize),
    Two([usize; 2]),
}

impl Pair {
    fn both(&self) -> [usize; 2] {
        match *self {
            Self::One(n) => [n, n],
            Self::Two(pair) => pair,
        }
    }
}

fn one() -> Pair {
    Pair::One(1)
}

fn yes() -> bool {
    true
}

fn one_group() -> usize {
    1
}

#[derive(Deserialize)]
struct RawConv {
    kernel_size: Pair,
    #[serde(default = "one")]
    strides: Pair,
    padding: String,
    #[serde(default = "one")]
    dilation_rate: Pair,
    #[serde(default = "one_group")]
    groups: usize,
    #[serde(default = "yes")]
    use_bias: bool,
    #[serde(default)]
    activation: Value,
}

pub fn conv(s: &Value, keras: Option<u32>) -> Result<Conv, String> {
    channels_last(s)?;
    let raw: RawConv = settings(s)?;
    let window = window(raw.kernel_size.both(), raw.strides.both(), &raw.padding)?;
    let dilations = raw.dilation_rate.both();
    if dilations.contains(&0) || raw.groups == 0 {
        return Err("its dilation or groups are 0".into());
    }
    Ok(Conv {
        window,
        dilations,
        groups: raw.groups,
        use_bias: raw.use_bias,
        activation: activation(&raw.activation, keras)?,
    })
}

fn window(kernel: [usize; 2], strides: [usize; 2], padding: &str) -> Result<Window, String> {
    if kernel.iter().chain(&strides).any(|&n| n == 0 || n > 1024) {
        return Err("its kernel or strides are out of range".into());
    }
    let padding = match padding {
        "same" => Padding::Same,
        "valid" => Padding::Valid,
        other => return Err(format!("its padding is {other}")),
    };
    Ok(Window {
        kernel,
        strides,
        padding,
    })
}

#[derive(Deserialize)]
struct RawPool {
    pool_size: Pair,
    strides: Option<Pair>,
    padding: String,
}

pub fn pool(s: &Value) -> Result<Window, String> {
    channels_last(s)?;
    let raw: RawPool = settings(s)?;
    let kernel = raw.pool_size.both();
    window(
        kernel,
        raw.strides.map_or(kernel, |p| p.both()),
        &raw.padding,
    )
}

#[derive(Deserialize)]
struct RawSize {
    height: usize,
    width: usize,
}

/// Height and width of a result, within the limits of an input.
pub fn size(s: &Value) -> Result<[usize; 2], String> {
    let RawSize { height, width } = settings(s)?;
    within_limits([height, width])
}

/// Sides of a picture that is computed.
pub fn within_limits(size: [usize; 2]) -> Result<[usize; 2], String> {
    match size.iter().all(|side| (1..=MAX_SIDE).contains(side)) {
        true => Ok(size),
        false => Err(format!("its size is {} × {}", size[0], size[1])),
    }
}

pub fn interpolation(name: &str) -> Result<Interpolation, String> {
    match name {
        "nearest" => Ok(Interpolation::Nearest),
        "bilinear" => Ok(Interpolation::Bilinear),
        "bicubic" => Ok(Interpolation::Bicubic),
        other => Err(format!("its interpolation is {}", shown(other))),
    }
}

/// The settings of [`resizing_to`] beside the size.
pub const OF_RESIZING: [&str; 7] = [
    "interpolation",
    "antialias",
    "crop_to_aspect_ratio",
    "pad_to_aspect_ratio",
    "fill_mode",
    "fill_value",
    "data_format",
];

/// Also the settings of `keras.ops.image.resize` beside its size.
pub fn resizing_to(size: [usize; 2], s: &Value) -> Result<Resize, String> {
    channels_last(s)?;
    let is_on = |name: &str| s.get(name).and_then(Value::as_bool) == Some(true);
    let fit = match (is_on("crop_to_aspect_ratio"), is_on("pad_to_aspect_ratio")) {
        (false, false) => Fit::Stretch,
        (true, false) => Fit::Crop,
        (false, true) if setting(s, "fill_value", 0.0)? == 0.0 => Fit::Pad,
        (false, true) => return Err("its fill_value is not 0".into()),
        (true, true) => return Err("it both crops and pads".into()),
    };
    let name = s.get("interpolation").and_then(Value::as_str);
    Ok(Resize {
        size: within_limits(size)?,
        interpolation: interpolation(name.unwrap_or("bilinear"))?,
        antialias: is_on("antialias"),
        fit,
    })
}

pub fn resizing(s: &Value) -> Result<Resize, String> {
    resizing_to(size(s)?, s)
}

#[derive(Deserialize)]
struct RawUpSampling {
    size: Pair,
    interpolation: Option<String>,
}

pub fn up_sampling(s: &Value) -> Result<Kind, String> {
    channels_last(s)?;
    let raw: RawUpSampling = settings(s)?;
    Ok(Kind::UpSample {
        factors: within_limits(raw.size.both())?,
        interpolation: interpolation(raw.interpolation.as_deref().unwrap_or("nearest"))?,
    })
}

#[derive(Deserialize)]
struct RawPermute {
    dims: Vec<i64>,
}

pub fn permuted(s: &Value) -> Result<Vec<i64>, String> {
    settings(s).map(|raw: RawPermute| raw.dims)
}

pub fn layer_norm(s: &Value) -> Result<LayerNorm, String> {
    if s.get("rms_scaling").and_then(Value::as_bool) == Some(true) {
        return Err("it scales by the root mean square".into());
    }
    let raw: RawBatchNorm = settings(s)?;
    Ok(LayerNorm {
        epsilon: raw.epsilon,
        scale: raw.scale,
        center: raw.center,
        axis: axis(Some(&raw.axis), -1)?,
    })
}

pub fn global_pool(s: &Value) -> Result<bool, String> {
    channels_last(s)?;
    Ok(s.get("keepdims").and_then(Value::as_bool).unwrap_or(false))
}

#[derive(Deserialize)]
struct RawBatchNorm {
    epsilon: f64,
    #[serde(default = "yes")]
    scale: bool,
    #[serde(default = "yes")]
    center: bool,
    #[serde(default)]
    axis: Value,
}

pub fn batch_norm(s: &Value) -> Result<BatchNorm, String> {
    let raw: RawBatchNorm = settings(s)?;
    Ok(BatchNorm {
        epsilon: raw.epsilon,
        scale: raw.scale,
        center: raw.center,
        axis: axis(Some(&raw.axis), -1)?,
    })
}

/// An axis, or a list of one axis.
pub fn axis(value: Option<&Value>, absent: i64) -> Result<i64, String> {
    match value {
        None | Some(Value::Null) => Ok(absent),
        Some(Value::Array(list)) if list.len() == 1 => axis(list.first(), absent),
        Some(v) => v
            .as_i64()
            .ok_or_else(|| "its axis is not a single number".to_owned()),
    }
}

#[derive(Deserialize)]
struct RawDense {
    #[serde(default = "yes")]
    use_bias: bool,
    #[serde(default)]
    activation: Value,
}

pub fn dense(s: &Value, keras: Option<u32>) -> Result<Kind, String> {
    let raw: RawDense = settings(s)?;
    Ok(Kind::Dense {
        use_bias: raw.use_bias,
        activation: activation(&raw.activation, keras)?,
    })
}

#[derive(Deserialize)]
struct RawReshape {
    target_shape: Vec<i64>,
}

pub fn reshape(s: &Value) -> Result<Kind, String> {
    let raw: RawReshape = settings(s)?;
    Ok(Kind::Reshape {
        target: raw.target_shape,
    })
}

/// `null`, a name, or an object that contains a name. `keras`: the first number of the version of Keras, if the file
/// states it.
pub fn activation(value: &Value, keras: Option<u32>) -> Result<Activation, String> {
    match value {
        Value::Null => Ok(Activation::Linear),
        Value::String(name) => match name.as_str() {
            "linear" => Ok(Activation::Linear),
            "relu" => Ok(Activation::RELU),
            "relu6" => Ok(Activation::RELU6),
            // Default slope of Keras.
            "leaky_relu" => Ok(Activation::Relu {
                slope: 0.2,
                high: None,
            }),
            "elu" => Ok(Activation::Elu {
                alpha: 1.0,
                scale: 1.0,
            }),
            "selu" => Ok(Activation::Elu {
                alpha: SELU_ALPHA,
                scale: SELU_SCALE,
            }),
            "gelu" => Ok(Activation::Gelu { approximate: false }),
            "swish" | "silu" => Ok(Activation::Swish),
            "sigmoid" => Ok(Activation::Sigmoid),
            "softmax" => Ok(Activation::SOFTMAX),
            "tanh" => Ok(Activation::Tanh),
            "mish" => Ok(Activation::Mish),
            "softplus" => Ok(Activation::Softplus),
            "exponential" => Ok(Activation::Exponential),
            "hard_sigmoid" => Ok(Activation::HardSigmoid {
                slope: slope_of_hard_sigmoid(keras)?,
            }),
            "hard_silu" | "hard_swish" => Ok(Activation::HardSwish {
                slope: slope_of_hard_sigmoid(keras)?,
            }),
            other => Err(format!(
                "its activation is {}",
                other.chars().take(60).collect::<String>()
            )),
        },
        Value::Object(map) => activation_object(map, keras),
        _ => Err("its activation is not named".into()),
    }
}

/// 1 / 5 up to Keras 2, 1 / 6 since Keras 3.
fn slope_of_hard_sigmoid(keras: Option<u32>) -> Result<f32, String> {
    match keras {
        Some(3..) => Ok(1.0 / 6.0),
        Some(_) => Ok(0.2),
        None => Err(
            "its activation differs between Keras 2 and 3, and the file states no version".into(),
        ),
    }
}

/// An activation as an object: a function, or a layer used as an activation.
fn activation_object(map: &Map<String, Value>, keras: Option<u32>) -> Result<Activation, String> {
    let class = map.get("class_name").and_then(Value::as_str);
    let config = map.get("config");
    let of_python = map.get("module").and_then(Value::as_str) == Some("builtins");
    let named = Named {
        class: class.unwrap_or_default(),
        module: map.get("module").filter(|_| !of_python),
        registered: map.get("registered_name").and_then(Value::as_str),
    };
    let unlike = || unlike_keras(named, config?.as_object()?, false);
    if let Some(why) = named.foreign().or_else(unlike) {
        return Err(format!("its activation: {}", why.reason));
    }
    match (class, config) {
        (Some("function"), Some(name @ Value::String(_))) => activation(name, keras),
        (Some("Activation"), Some(config)) => {
            activation(config.get("activation").unwrap_or(&Value::Null), keras)
        }
        (Some("ReLU"), Some(config)) => relu(config),
        (Some("LeakyReLU"), Some(config)) => leaky_relu(config),
        (Some("ELU"), Some(config)) => elu(config),
        (Some("Softmax"), Some(config)) => softmax(config),
        (class, _) => Err(format!(
            "its activation is {}",
            class.map_or_else(|| "not named".to_owned(), shown)
        )),
    }
}

pub fn relu(s: &Value) -> Result<Activation, String> {
    if setting(s, "threshold", 0.0)? != 0.0 {
        return Err("its threshold is not 0".into());
    }
    let high = match s.get("max_value") {
        None | Some(Value::Null) => None,
        Some(_) => Some(setting(s, "max_value", 0.0)?),
    };
    if high.is_some_and(|h| h < 0.0) {
        return Err("its max_value is negative".into());
    }
    Ok(Activation::Relu {
        slope: setting(s, "negative_slope", 0.0)?,
        high,
    })
}

/// The slope is `alpha` in Keras 2, `negative_slope` in Keras 3.
pub fn leaky_relu(s: &Value) -> Result<Activation, String> {
    let name = if s.get("negative_slope").is_some() {
        "negative_slope"
    } else {
        "alpha"
    };
    Ok(Activation::Relu {
        slope: setting(s, name, 0.3)?,
        high: None,
    })
}

pub fn elu(s: &Value) -> Result<Activation, String> {
    Ok(Activation::Elu {
        alpha: setting(s, "alpha", 1.0)?,
        scale: 1.0,
    })
}

/// One finite number, possibly inside an object in which Keras stores arrays.
pub fn setting(s: &Value, name: &str, absent: f32) -> Result<f32, String> {
    let Some(value) = s.get(name).filter(|v| !v.is_null()) else {
        return Ok(absent);
    };
    match numbers(value).as_deref() {
        Some(&[number]) if (number as f32).is_finite() => Ok(number as f32),
        _ => Err(format!("its {name} is not a single number")),
    }
}

pub fn softmax(s: &Value) -> Result<Activation, String> {
    axis(s.get("axis"), -1).map(|axis| Activation::Softmax { axis })
}

/// A number for all sides, one per axis, or one per side.
pub fn zero_padding(value: &Value) -> Result<Pads, String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw {
        All(usize),
        Axes([usize; 2]),
        Sides([[usize; 2]; 2]),
    }
    Ok(match settings(value)? {
        Raw::All(n) => Pads {
            top: n,
            left: n,
            bottom: n,
            right: n,
        },
        Raw::Axes([h, w]) => Pads {
            top: h,
            left: w,
            bottom: h,
            right: w,
        },
        Raw::Sides([[top, bottom], [left, right]]) => Pads {
            top,
            left,
            bottom,
            right,
        },
    })
}

pub fn input(s: &Value) -> Result<Kind, String> {
    let shape = ["batch_shape", "batch_input_shape"]
        .iter()
        .find_map(|key| s.get(*key))
        .and_then(Value::as_array);
    let shape = shape.ok_or("its shape is missing")?;
    let size = |v: &Value| match v {
        Value::Null => Ok(None),
        v => v
            .as_u64()
            .and_then(|n| usize::try_from(n).ok())
            .map(Some)
            .ok_or("its shape cannot be read"),
    };
    let size = shape.iter().skip(1).map(size).collect::<Result<_, _>>()?;
    Ok(Kind::Input {
        size,
        of_whole_numbers: is_of_whole_numbers(s),
    })
}

pub fn normalization(s: &Value) -> Result<Kind, String> {
    // With an empty list of axes, one mean and one variance hold for all.
    let is_one_for_all = s
        .get("axis")
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty);
    if !is_one_for_all && !matches!(axis(s.get("axis"), -1)?, -1 | 3) {
        return Err("it does not normalise the channel axis".into());
    }
    let given = |key: &str| match s.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(v) => numbers(v)
            .map(Some)
            .ok_or_else(|| format!("its {key} cannot be read")),
    };
    Ok(Kind::Normalization {
        mean: given("mean")?,
        variance: given("variance")?,
        invert: s.get("invert").and_then(Value::as_bool) == Some(true),
    })
}

/// A number or a (possibly nested) list of numbers, possibly inside an object in which Keras stores arrays.
pub fn numbers(value: &Value) -> Option<Vec<f64>> {
    match value {
        Value::Number(n) => Some(vec![n.as_f64()?]),
        Value::Array(list) => {
            let parts = list.iter().map(numbers).collect::<Option<Vec<_>>>()?;
            Some(parts.concat())
        }
        Value::Object(map) => numbers(
            map.get("config")
                .and_then(|c| c.get("value"))
                .or_else(|| map.get("value"))?,
        ),
        _ => None,
    }
}
