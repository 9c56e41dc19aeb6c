//! Maps the settings of a layer to its kind. Whatever Gantei does not compute exactly as Keras does is rejected here,
//! with a reason.
//!
//! Settings that only matter in training (initialisers, regularisers, momentum, rates) are ignored.

use serde_json::Value;

use super::config::{Layer, Network};
use super::error::UNSUPPORTED_CLASS;
use super::kind::Kind;
use super::own::is_computed;
use super::precision;
use super::settings::{
    activation, axis, batch_norm, channels_last, conv, dense, elu, global_pool, input, layer_norm,
    leaky_relu, normalization, numbers, permuted, pool, precision_of, relu, reshape, resizing,
    size, softmax, up_sampling, zero_padding,
};
use crate::domain::{Refusal, Remedy};

/// The kind of a layer, or why it cannot be computed.
pub fn kind(layer: &Layer) -> Result<Kind, Refusal> {
    stated_kind(layer).map_err(|why| match channels_last(&layer.settings) {
        Err(reason) if reason == why.reason => Remedy::ChannelsLast.of(reason),
        _ => why,
    })
}

fn stated_kind(layer: &Layer) -> Result<Kind, Refusal> {
    let s = &layer.settings;
    if let Some(why) = &layer.refused {
        return Err(why.clone());
    }
    if let Some(operation) = &layer.operation {
        return Ok(Kind::Operation(operation.clone()));
    }
    precision_of(&layer.class, s)?;
    Ok(match layer.class.as_str() {
        "InputLayer" => input(s)?,
        "Conv2D" => Kind::Conv(conv(s, layer.keras)?),
        "DepthwiseConv2D" => Kind::DepthwiseConv(conv(s, layer.keras)?),
        "SeparableConv2D" => Kind::SeparableConv(conv(s, layer.keras)?),
        // From TensorFlow 1.13 to 2.0, or synchronised over several devices: the same at inference.
        "BatchNormalization"
        | "BatchNormalizationV1"
        | "BatchNormalizationV2"
        | "SyncBatchNormalization" => Kind::BatchNorm(batch_norm(s)?),
        "Dense" => dense(s, layer.keras)?,
        "Activation" => Kind::Activation(activation(
            s.get("activation").unwrap_or(&Value::Null),
            layer.keras,
        )?),
        "ReLU" => Kind::Activation(relu(s)?),
        "LeakyReLU" => Kind::Activation(leaky_relu(s)?),
        "ELU" => Kind::Activation(elu(s)?),
        "PReLU" => Kind::PRelu,
        "Softmax" => Kind::Activation(softmax(s)?),
        "Add" => Kind::Add,
        "Multiply" => Kind::Multiply,
        "Subtract" => Kind::Subtract,
        "Average" => Kind::Average,
        "Maximum" => Kind::Maximum,
        "Minimum" => Kind::Minimum,
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
        "Cropping2D" => {
            channels_last(s)?;
            Kind::Crop(zero_padding(s.get("cropping").unwrap_or(&Value::Null))?)
        }
        "CenterCrop" => {
            channels_last(s)?;
            Kind::CenterCrop(size(s)?)
        }
        "Resizing" => Kind::Resize(resizing(s)?),
        "UpSampling2D" => up_sampling(s)?,
        "MaxPooling2D" => Kind::MaxPool(pool(s)?),
        "AveragePooling2D" => Kind::AveragePool(pool(s)?),
        "GlobalAveragePooling2D" => Kind::GlobalAveragePool {
            keep_dims: global_pool(s)?,
        },
        "GlobalMaxPooling2D" => Kind::GlobalMaxPool {
            keep_dims: global_pool(s)?,
        },
        "GlobalAveragePooling1D" => Kind::GlobalAveragePool1d {
            keep_dims: global_pool(s)?,
        },
        "GlobalMaxPooling1D" => Kind::GlobalMaxPool1d {
            keep_dims: global_pool(s)?,
        },
        "Permute" => Kind::Permute { dims: permuted(s)? },
        "LayerNormalization" => Kind::LayerNorm(layer_norm(s)?),
        "LayerScale" => Kind::LayerScale,
        "Flatten" => {
            channels_last(s)?;
            Kind::Flatten
        }
        "Reshape" => reshape(s)?,
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
        | "DropConnect"
        | "StochasticDepth" => Kind::Identity,
        class if class.starts_with("Random") && is_computed(class) => Kind::Augmentation,
        "Lambda" if scale_of_lambda(layer).is_some() => Kind::AddScaled {
            scale: scale_of_lambda(layer).unwrap_or_default(),
        },
        "Lambda" => {
            return Err(Remedy::AsOnnx.of("code inside a model is never run"));
        }
        _ => return Err(Remedy::AsOnnx.of(UNSUPPORTED_CLASS)),
    })
}

/// The scale of a residual block in InceptionResNetV2 of TensorFlow up to 2.11: in[0] + scale · in[1]. Its code is not
/// read; the name of the block and its only argument identify it.
fn scale_of_lambda(layer: &Layer) -> Option<f64> {
    let number = ["block35_", "block17_", "block8_"]
        .iter()
        .find_map(|block| layer.name.strip_prefix(block))?;
    let arguments = layer.settings.get("arguments")?.as_object()?;
    let two_inputs = layer.calls.iter().all(|inputs| inputs.len() == 2);
    if number.parse::<u8>().is_err() || arguments.len() != 1 || !two_inputs {
        return None;
    }
    arguments.get("scale")?.as_f64()
}

/// The precisions other than float32 in which layers of a network compute, each once.
pub fn precisions(network: &Network) -> Vec<&'static str> {
    let mut found = Vec::new();
    collect_precisions(network, &mut found);
    found
}

fn collect_precisions(network: &Network, found: &mut Vec<&'static str>) {
    for layer in &network.layers {
        if let Some(inner) = &layer.inner {
            collect_precisions(inner, found);
        } else if let Ok(Some(name)) = precision_of(&layer.class, &layer.settings) {
            precision::note(found, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Pads;
    use crate::keras::kind::*;
    use serde_json::json;

    fn layer(class: &str, settings: Value) -> Layer {
        Layer {
            name: "l".into(),
            class: class.into(),
            settings,
            calls: Vec::new(),
            inner: None,
            trainable: true,
            refused: None,
            operation: None,
            keras: None,
        }
    }

    fn of(class: &str, settings: Value) -> Result<Kind, String> {
        kind(&layer(class, settings)).map_err(|why| why.reason)
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
        assert!(of("Activation", json!({ "activation": "unheard_of" })).is_err());
        // Its slope depends on the version of Keras, which is not known here.
        assert!(of("Activation", json!({ "activation": "hard_sigmoid" })).is_err());
        assert_eq!(
            of("ReLU", json!({ "max_value": 6.0 })),
            Ok(Kind::Activation(Activation::RELU6))
        );
        let leaky = Activation::Relu {
            slope: 0.25,
            high: None,
        };
        assert_eq!(
            of("ReLU", json!({ "negative_slope": 0.25 })),
            Ok(Kind::Activation(leaky))
        );
        for settings in [
            json!({ "alpha": 0.25 }),
            json!({ "negative_slope": 0.25 }),
            json!({ "alpha": { "class_name": "__numpy__", "config": { "value": 0.25 } } }),
        ] {
            assert_eq!(
                of("LeakyReLU", settings),
                Ok(Kind::Activation(leaky)),
                "every spelling of the slope"
            );
        }
        assert!(of("ReLU", json!({ "threshold": 0.1 })).is_err());
    }

    #[test]
    fn of_all_lambdas_the_scale_of_inception_resnet_alone_is_taken() {
        let tensor = crate::keras::config::Tensor::first(0, 0);
        let of = |name: &str, arguments: Value, inputs: usize| {
            let found = kind(&Layer {
                name: name.into(),
                class: "Lambda".into(),
                settings: json!({ "function": ["4wEA", null, null], "arguments": arguments }),
                calls: vec![vec![tensor; inputs]],
                inner: None,
                trainable: true,
                refused: None,
                operation: None,
                keras: None,
            });
            found.map_err(|why| why.reason)
        };
        let scale = json!({ "scale": 0.17 });
        assert_eq!(
            of("block35_1", scale.clone(), 2),
            Ok(Kind::AddScaled { scale: 0.17 })
        );
        assert!(of("block8_10", json!({ "scale": 1.0 }), 2).is_ok());
        assert!(of("block35_1", scale.clone(), 1).is_err());
        assert!(of("block35_1", json!({ "scale": 0.17, "more": 1 }), 2).is_err());
        assert!(of("block35_x", scale.clone(), 2).is_err());
        assert!(of("preprocess", scale, 2).is_err());
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
            json!({ "dtype": "float8" }),
            json!({ "dtype": "uint8" }),
            json!({ "dtype": { "class_name": "DTypePolicy", "config": { "name": "int8_from_float32" } } }),
            json!({ "dtype": { "class_name": "QuantizedDTypePolicy", "config": { "mode": "int8" } } }),
            json!({ "kernel_size": [3] }),
        ] {
            assert!(conv(extra.clone()).is_err(), "{extra}");
        }
    }

    #[test]
    fn another_order_of_axes_is_told_what_helps() {
        for class in ["MaxPooling2D", "Flatten", "GlobalAveragePooling2D"] {
            let settings =
                json!({ "data_format": "channels_first", "pool_size": 2, "padding": "same" });
            let why = kind(&layer(class, settings)).unwrap_err();
            assert_eq!(why.remedy, Remedy::ChannelsLast, "{class}");
        }
    }

    #[test]
    fn precisions_that_are_computed_in_float32_are_named() {
        let of = |class: &str, dtype: Value| precision_of(class, &json!({ "dtype": dtype }));
        for float32 in [
            json!(null),
            json!("float32"),
            json!({ "class_name": "DTypePolicy", "config": { "name": "float32" } }),
        ] {
            assert_eq!(of("Dense", float32), Ok(None));
        }
        for (dtype, name) in [
            (json!("float16"), "float16"),
            (json!("float64"), "float64"),
            (
                json!({ "class_name": "Policy", "config": { "name": "mixed_float16" } }),
                "mixed_float16",
            ),
            (
                json!({ "module": "keras", "class_name": "DTypePolicy", "config": { "name": "mixed_bfloat16" } }),
                "mixed_bfloat16",
            ),
        ] {
            assert_eq!(of("Dense", dtype), Ok(Some(name)));
        }
        assert_eq!(of("InputLayer", json!("uint8")), Ok(Some("uint8")));
        assert!(of("Dense", json!("uint8")).is_err());
        // What lies above 127 is lost in int8.
        let refused = of("InputLayer", json!("int8")).unwrap_err();
        assert!(refused.contains("an input of float32"), "{refused}");
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
