//! What a layer computes, typed. Whatever Gantei does not compute exactly as Keras does is refused here, with a reason.
//!
//! Settings that matter in training alone (initialisers, regularisers, momentum, rates) are not looked at.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::config::Layer;
use crate::graph::Pads;

/// A layer without weights: the closed list of what can be lowered.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Height, width and channels; a size that is open is `None`.
    Input {
        size: Vec<Option<usize>>,
    },
    Conv(Conv),
    DepthwiseConv(Conv),
    /// Depthwise with the window, then 1 × 1 with bias and activation.
    SeparableConv(Conv),
    BatchNorm(BatchNorm),
    Dense {
        use_bias: bool,
        activation: Activation,
    },
    Activation(Activation),
    Add,
    Multiply,
    Concatenate {
        axis: i64,
    },
    /// in[0] + scale · in[1]
    AddScaled {
        scale: f64,
    },
    ZeroPad(Pads),
    MaxPool(Window),
    AveragePool(Window),
    GlobalAveragePool {
        keep_dims: bool,
    },
    GlobalMaxPool {
        keep_dims: bool,
    },
    Flatten,
    /// Sizes without the batch; −1 is worked out.
    Reshape {
        target: Vec<i64>,
    },
    /// x · scale + offset; one number, or one per channel.
    Rescaling {
        scale: Vec<f64>,
        offset: Vec<f64>,
    },
    Normalization {
        mean: Option<Vec<f64>>,
        variance: Option<Vec<f64>>,
    },
    /// Does nothing outside training.
    Identity,
}

/// A moving window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Height, width.
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub padding: Padding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    Same,
    Valid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    pub window: Window,
    pub dilations: [usize; 2],
    pub groups: usize,
    pub use_bias: bool,
    pub activation: Activation,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchNorm {
    pub epsilon: f64,
    /// Whether there is a gamma.
    pub scale: bool,
    /// Whether there is a beta.
    pub center: bool,
    pub axis: i64,
}

/// A function after a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Linear,
    Relu,
    /// min(max(x, 0), 6)
    Relu6,
    /// x · sigmoid(x)
    Swish,
    Sigmoid,
    Softmax,
    Tanh,
}

/// Reads a layer's settings, or says why it cannot be computed.
pub fn kind(layer: &Layer) -> Result<Kind, String> {
    let s = &layer.settings;
    float32_only(s)?;
    Ok(match layer.class.as_str() {
        "InputLayer" => input(s)?,
        "Conv2D" => Kind::Conv(conv(s)?),
        "DepthwiseConv2D" => Kind::DepthwiseConv(conv(s)?),
        "SeparableConv2D" => Kind::SeparableConv(conv(s)?),
        "BatchNormalization" => Kind::BatchNorm(batch_norm(s)?),
        "Dense" => {
            let dense: Dense = settings(s)?;
            Kind::Dense {
                use_bias: dense.use_bias,
                activation: activation(&dense.activation)?,
            }
        }
        "Activation" => Kind::Activation(activation(s.get("activation").unwrap_or(&Value::Null))?),
        "ReLU" => relu(s)?,
        "Softmax" => Kind::Activation(softmax(s)?),
        "Swish" => Kind::Activation(Activation::Swish),
        "Add" => Kind::Add,
        "Multiply" => Kind::Multiply,
        "Concatenate" => Kind::Concatenate {
            axis: axis(s.get("axis"), -1)?,
        },
        "CustomScaleLayer" => {
            let scale = s.get("scale").and_then(Value::as_f64);
            Kind::AddScaled {
                scale: scale.ok_or("its scale is missing")?,
            }
        }
        "ZeroPadding2D" => {
            channels_last(s)?;
            Kind::ZeroPad(zero_padding(s.get("padding").unwrap_or(&Value::Null))?)
        }
        "MaxPooling2D" => Kind::MaxPool(pool(s)?),
        "AveragePooling2D" => Kind::AveragePool(pool(s)?),
        "GlobalAveragePooling2D" => Kind::GlobalAveragePool {
            keep_dims: global_pool(s)?,
        },
        "GlobalMaxPooling2D" => Kind::GlobalMaxPool {
            keep_dims: global_pool(s)?,
        },
        "Flatten" => {
            channels_last(s)?;
            Kind::Flatten
        }
        "Reshape" => {
            let reshape: Reshape = settings(s)?;
            Kind::Reshape {
                target: reshape.target_shape,
            }
        }
        "Rescaling" => Kind::Rescaling {
            scale: numbers(s.get("scale").unwrap_or(&Value::Null)).ok_or("its scale is missing")?,
            offset: s
                .get("offset")
                .map_or(Some(vec![0.0]), numbers)
                .ok_or("its offset is not a number")?,
        },
        "Normalization" => normalization(s)?,
        "Dropout"
        | "FixedDropout"
        | "SpatialDropout2D"
        | "AlphaDropout"
        | "GaussianDropout"
        | "GaussianNoise"
        | "ActivityRegularization"
        | "DropConnect" => Kind::Identity,
        "Lambda" | "TFOpLambda" | "SlicingOpLambda" => {
            return Err(
                "code inside a model is never run; build the model from Keras layers".into(),
            );
        }
        _ => return Err("this kind of layer is not computed".into()),
    })
}

fn settings<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|e| format!("its settings are not understood ({e})"))
}

/// Half precision changes results, so it is refused rather than approximated.
fn float32_only(s: &Value) -> Result<(), String> {
    let policy = match s.get("dtype") {
        Some(Value::Object(policy)) => policy.get("config").and_then(|c| c.get("name")),
        other => other,
    };
    match policy.and_then(Value::as_str) {
        None | Some("float32") => Ok(()),
        Some(other) => Err(format!("it computes in {other}, not float32")),
    }
}

fn channels_last(s: &Value) -> Result<(), String> {
    match s.get("data_format").and_then(Value::as_str) {
        None | Some("channels_last") => Ok(()),
        Some(other) => Err(format!("its data format is {other}, not channels_last")),
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

fn conv(s: &Value) -> Result<Conv, String> {
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
        activation: activation(&raw.activation)?,
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

fn pool(s: &Value) -> Result<Window, String> {
    channels_last(s)?;
    let raw: RawPool = settings(s)?;
    let kernel = raw.pool_size.both();
    window(
        kernel,
        raw.strides.map_or(kernel, |p| p.both()),
        &raw.padding,
    )
}

fn global_pool(s: &Value) -> Result<bool, String> {
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

fn batch_norm(s: &Value) -> Result<BatchNorm, String> {
    let raw: RawBatchNorm = settings(s)?;
    Ok(BatchNorm {
        epsilon: raw.epsilon,
        scale: raw.scale,
        center: raw.center,
        axis: axis(Some(&raw.axis), -1)?,
    })
}

/// An axis, also as a list of one.
fn axis(value: Option<&Value>, absent: i64) -> Result<i64, String> {
    match value {
        None | Some(Value::Null) => Ok(absent),
        Some(Value::Array(list)) if list.len() == 1 => axis(list.first(), absent),
        Some(v) => v
            .as_i64()
            .ok_or_else(|| "its axis is not one number".to_owned()),
    }
}

#[derive(Deserialize)]
struct Dense {
    #[serde(default = "yes")]
    use_bias: bool,
    #[serde(default)]
    activation: Value,
}

#[derive(Deserialize)]
struct Reshape {
    target_shape: Vec<i64>,
}

/// `null`, a name, or an object around a name.
fn activation(value: &Value) -> Result<Activation, String> {
    match value {
        Value::Null => Ok(Activation::Linear),
        Value::String(name) => match name.rsplit('>').next().unwrap_or_default() {
            "linear" => Ok(Activation::Linear),
            "relu" => Ok(Activation::Relu),
            "relu6" => Ok(Activation::Relu6),
            "swish" | "silu" => Ok(Activation::Swish),
            "sigmoid" => Ok(Activation::Sigmoid),
            "softmax" => Ok(Activation::Softmax),
            "tanh" => Ok(Activation::Tanh),
            other => Err(format!(
                "its activation is {}",
                other.chars().take(60).collect::<String>()
            )),
        },
        Value::Object(map) => match (
            map.get("class_name").and_then(Value::as_str),
            map.get("config"),
        ) {
            (Some("function"), Some(name @ Value::String(_))) => activation(name),
            (Some("Activation"), Some(config)) => {
                activation(config.get("activation").unwrap_or(&Value::Null))
            }
            (Some("ReLU"), Some(config)) => match relu(config)? {
                Kind::Activation(activation) => Ok(activation),
                _ => Err("its activation is not understood".into()),
            },
            (class, _) => Err(format!(
                "its activation is {}",
                class.unwrap_or("not named")
            )),
        },
        _ => Err("its activation is not named".into()),
    }
}

fn relu(s: &Value) -> Result<Kind, String> {
    let number = |key: &str| s.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    if number("negative_slope") != 0.0 || number("threshold") != 0.0 {
        return Err("its slope or threshold is not 0".into());
    }
    match s.get("max_value") {
        None | Some(Value::Null) => Ok(Kind::Activation(Activation::Relu)),
        Some(v) if v.as_f64() == Some(6.0) => Ok(Kind::Activation(Activation::Relu6)),
        Some(v) => Err(format!("its largest value is {v}, not 6")),
    }
}

fn softmax(s: &Value) -> Result<Activation, String> {
    match axis(s.get("axis"), -1)? {
        -1 | 1 => Ok(Activation::Softmax),
        other => Err(format!("its axis is {other}")),
    }
}

/// A number for all sides, one per axis, or one per side.
fn zero_padding(value: &Value) -> Result<Pads, String> {
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

fn input(s: &Value) -> Result<Kind, String> {
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
            .ok_or("its shape is not understood"),
    };
    let size = shape.iter().skip(1).map(size).collect::<Result<_, _>>()?;
    Ok(Kind::Input { size })
}

fn normalization(s: &Value) -> Result<Kind, String> {
    if s.get("invert").and_then(Value::as_bool) == Some(true) {
        return Err("it is inverted".into());
    }
    if !matches!(axis(s.get("axis"), -1)?, -1 | 3) {
        return Err("it does not normalise channels".into());
    }
    let given = |key: &str| match s.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(v) => numbers(v)
            .map(Some)
            .ok_or_else(|| format!("its {key} is not understood")),
    };
    Ok(Kind::Normalization {
        mean: given("mean")?,
        variance: given("variance")?,
    })
}

/// A number or a (possibly nested) list of numbers, also inside the objects in which Keras keeps arrays.
fn numbers(value: &Value) -> Option<Vec<f64>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(class: &str, settings: Value) -> Result<Kind, String> {
        kind(&Layer {
            name: "l".into(),
            class: class.into(),
            settings,
            calls: Vec::new(),
            inner: None,
        })
    }

    #[test]
    fn activations_are_read_in_every_spelling() {
        for value in [
            json!("silu"),
            json!({"class_name": "function", "config": "swish"}),
            json!({"class_name": "Activation", "config": {"activation": "swish"}}),
        ] {
            assert_eq!(
                of("Activation", json!({ "activation": value })),
                Ok(Kind::Activation(Activation::Swish))
            );
        }
        assert!(of("Activation", json!({ "activation": "mish" })).is_err());
        assert_eq!(
            of("ReLU", json!({ "max_value": 6.0 })),
            Ok(Kind::Activation(Activation::Relu6))
        );
        assert!(of("ReLU", json!({ "max_value": 3.0 })).is_err());
        assert!(of("ReLU", json!({ "negative_slope": 0.1 })).is_err());
    }

    #[test]
    fn settings_that_change_the_result_are_refused() {
        let conv = |extra: Value| {
            let mut settings =
                json!({ "kernel_size": [3, 3], "padding": "same", "data_format": "channels_last" });
            settings
                .as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
            of("Conv2D", settings)
        };
        assert!(conv(json!({})).is_ok());
        for extra in [
            json!({ "data_format": "channels_first" }),
            json!({ "padding": "causal" }),
            json!({ "strides": [0, 1] }),
            json!({ "dtype": "mixed_float16" }),
            json!({ "dtype": { "class_name": "DTypePolicy", "config": { "name": "mixed_bfloat16" } } }),
            json!({ "kernel_size": [3] }),
        ] {
            assert!(conv(extra.clone()).is_err(), "{extra}");
        }
    }

    #[test]
    fn padding_and_lists_are_read_in_every_form() {
        let pads = Pads {
            top: 0,
            bottom: 1,
            left: 2,
            right: 3,
        };
        assert_eq!(
            of("ZeroPadding2D", json!({ "padding": [[0, 1], [2, 3]] })),
            Ok(Kind::ZeroPad(pads))
        );
        let all = Pads {
            top: 3,
            bottom: 3,
            left: 3,
            right: 3,
        };
        assert_eq!(
            of("ZeroPadding2D", json!({ "padding": 3 })),
            Ok(Kind::ZeroPad(all))
        );
        assert_eq!(
            of(
                "Rescaling",
                json!({ "scale": [2.0, 3.0, 4.0], "offset": 0.0 })
            ),
            Ok(Kind::Rescaling {
                scale: vec![2.0, 3.0, 4.0],
                offset: vec![0.0]
            })
        );
    }
}
