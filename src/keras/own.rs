//! Decides which layers of a file are Keras' own: only then does the name of a class define what it computes.
//!
//! Keras 3, and `.keras` files of Keras 2, state the module of every class. Older files state only a name, or a name
//! after the package under which it was registered. In these, a layer counts as Keras' own if its configuration has
//! what Keras' own class always writes and nothing that it never writes. In such a file, a class without weights that
//! copies both name and configuration exactly cannot be distinguished.

use serde_json::{Map, Value};

use crate::domain::foreign::shown;
use crate::domain::{Refusal, Remedy};

/// A class that Gantei supports, with the settings that Keras writes for it.
struct Class {
    name: &'static str,
    /// Written by every version since Keras 2.2. `a|b`: one of them.
    always: &'static [&'static str],
    /// Written by some versions.
    sometimes: &'static [&'static str],
}

const fn class(
    name: &'static str,
    always: &'static [&'static str],
    sometimes: &'static [&'static str],
) -> Class {
    Class {
        name,
        always,
        sometimes,
    }
}

const CONV: &[&str] = &[
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "activation",
    "use_bias",
];
const CONV_AND: &[&str] = &["dilation_rate", "groups", "depth_multiplier"];
const NORM: &[&str] = &["axis", "momentum", "epsilon", "center", "scale"];
const NORM_AND: &[&str] = &["virtual_batch_size", "adjustment", "fused"];
const POOL: &[&str] = &["pool_size", "strides", "padding", "data_format"];

/// Settings of layers that change a picture at random in training.
const RANDOM: &[&str] = &[
    "mode",
    "factor",
    "height_factor",
    "width_factor",
    "x_factor",
    "y_factor",
    "brightness_factor",
    "contrast_factor",
    "saturation_factor",
    "hue_factor",
    "scale",
    "sigma",
    "kernel_size",
    "fill_mode",
    "fill_value",
    "interpolation",
    "value_range",
    "seed",
    "data_format",
    "bounding_box_format",
];

const CLASSES: &[Class] = &[
    class("InputLayer", &["batch_input_shape|batch_shape"], &[]),
    class("Conv2D", CONV, CONV_AND),
    class(
        "DepthwiseConv2D",
        &[
            "kernel_size",
            "strides",
            "padding",
            "data_format",
            "depth_multiplier",
            "activation",
            "use_bias",
        ],
        &["dilation_rate", "groups", "filters"],
    ),
    class("SeparableConv2D", CONV, CONV_AND),
    class("BatchNormalization", NORM, NORM_AND),
    class("BatchNormalizationV1", NORM, NORM_AND),
    class("BatchNormalizationV2", NORM, NORM_AND),
    class("SyncBatchNormalization", NORM, NORM_AND),
    class("Dense", &["units", "activation", "use_bias"], &[]),
    class("Activation", &["activation"], &[]),
    class("ReLU", &["max_value"], &["negative_slope", "threshold"]),
    class("LeakyReLU", &["alpha|negative_slope"], &[]),
    class("ELU", &["alpha"], &[]),
    class("PReLU", &["shared_axes"], &[]),
    class("Softmax", &["axis"], &[]),
    class("Add", &[], &[]),
    class("Multiply", &[], &[]),
    class("Subtract", &[], &[]),
    class("Average", &[], &[]),
    class("Maximum", &[], &[]),
    class("Minimum", &[], &[]),
    class("Concatenate", &["axis"], &[]),
    class("ZeroPadding2D", &["padding", "data_format"], &[]),
    class("MaxPooling2D", POOL, &[]),
    class("AveragePooling2D", POOL, &[]),
    class("GlobalAveragePooling2D", &["data_format"], &["keepdims"]),
    class("GlobalMaxPooling2D", &["data_format"], &["keepdims"]),
    class("GlobalAveragePooling1D", &["data_format"], &["keepdims"]),
    class("GlobalMaxPooling1D", &["data_format"], &["keepdims"]),
    class("Cropping2D", &["cropping", "data_format"], &[]),
    class("UpSampling2D", &["size", "data_format"], &["interpolation"]),
    class("Permute", &["dims"], &[]),
    class(
        "LayerNormalization",
        &["axis", "epsilon", "center", "scale"],
        &["rms_scaling"],
    ),
    class(
        "Resizing",
        &["height", "width", "interpolation"],
        &[
            "crop_to_aspect_ratio",
            "pad_to_aspect_ratio",
            "fill_mode",
            "fill_value",
            "antialias",
            "data_format",
            "bounding_box_format",
        ],
    ),
    class(
        "CenterCrop",
        &["height", "width"],
        &["data_format", "bounding_box_format"],
    ),
    class("Flatten", &["data_format"], &[]),
    class("Reshape", &["target_shape"], &[]),
    class("Rescaling", &["scale", "offset"], &[]),
    class("Normalization", &["axis"], &["mean", "variance", "invert"]),
    class("Dropout", &["rate"], &["noise_shape", "seed"]),
    class(
        "SpatialDropout2D",
        &["rate"],
        &["noise_shape", "seed", "data_format"],
    ),
    class("AlphaDropout", &["rate"], &["noise_shape", "seed"]),
    class("GaussianDropout", &["rate"], &["seed"]),
    class("GaussianNoise", &["stddev"], &["seed"]),
    class("ActivityRegularization", &["l1", "l2"], &[]),
    // From `keras.applications`.
    class("CustomScaleLayer", &["scale"], &[]),
    class("LayerScale", &["init_values", "projection_dim"], &[]),
    class("StochasticDepth", &["drop_path_rate"], &[]),
    class("RandomFlip", &["mode"], RANDOM),
    class("RandomRotation", &["factor"], RANDOM),
    class("RandomZoom", &["height_factor"], RANDOM),
    class("RandomTranslation", &["height_factor"], RANDOM),
    class("RandomContrast", &["factor"], RANDOM),
    class("RandomBrightness", &["factor"], RANDOM),
    class("RandomHeight", &["factor"], RANDOM),
    class("RandomWidth", &["factor"], RANDOM),
    class("RandomColorDegeneration", &["factor"], RANDOM),
    class("RandomColorJitter", &["brightness_factor"], RANDOM),
    class("RandomElasticTransform", &["factor"], RANDOM),
    class("RandomErasing", &["factor"], RANDOM),
    class("RandomGaussianBlur", &["factor"], RANDOM),
    class("RandomGrayscale", &["factor"], RANDOM),
    class("RandomHue", &["factor"], RANDOM),
    class("RandomInvert", &["factor"], RANDOM),
    class("RandomPerspective", &["factor"], RANDOM),
    class("RandomPosterization", &["factor"], RANDOM),
    class("RandomSaturation", &["factor"], RANDOM),
    class("RandomSharpness", &["factor"], RANDOM),
    class("RandomShear", &["x_factor"], RANDOM),
    // From the packages `efficientnet` and `keras-efficientnets`; they do nothing at inference.
    class("FixedDropout", &["rate", "noise_shape"], &["seed"]),
    class("DropConnect", &["drop_connect_rate"], &["seed"]),
];

/// The only class that `keras.applications` registers.
const REGISTERED: &str = "Custom>CustomScaleLayer";

/// A dropout of the package `efficientnet`; Keras has no class of this name.
const NO_NAMESAKE: &str = "FixedDropout";

/// Settings of any layer that do not change its result at inference. The dtype is checked elsewhere, and LoRA weights
/// are detected as weights that no layer reads.
const WITHOUT_EFFECT: &[&str] = &[
    "name",
    "trainable",
    "dtype",
    "batch_input_shape",
    "batch_shape",
    "input_dtype",
    "input_shape",
    "build_config",
    "autocast",
    "dynamic",
    "ragged",
    "sparse",
    "optional",
    "synchronized",
    "renorm",
    "renorm_clipping",
    "renorm_momentum",
    "lora_rank",
    "lora_alpha",
];

/// Suffixes of settings that only matter in training.
const OF_TRAINING: &[&str] = &["_initializer", "_regularizer", "_constraint"];

/// A class as a file names it.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// May be preceded by a package: `Package>Class`.
    pub class: &'a str,
    /// `None` if the file states no module; JSON null if it states that there is none.
    pub module: Option<&'a Value>,
    /// The name under which a class is registered; Keras' own layers have none.
    pub registered: Option<&'a str>,
}

impl<'a> Named<'a> {
    /// The class without its package.
    pub fn bare(self) -> &'a str {
        self.class.rsplit('>').next().unwrap_or_default()
    }

    /// Why the name is not that of Keras' own class or function; `None` if it is, as far as names show.
    pub fn foreign(self) -> Option<Refusal> {
        let names = [Some(self.class), self.registered];
        let registered = names.into_iter().flatten().find(|name| name.contains('>'));
        if let Some(name) = registered.filter(|&name| name != REGISTERED) {
            return Some(Remedy::AsOnnx.of(format!(
                "{} is a custom class or function; only Keras' own are supported",
                shown(name)
            )));
        }
        if self.bare() == NO_NAMESAKE {
            return None;
        }
        let module = match self.module? {
            Value::String(module) if is_of_keras(module) => return None,
            Value::String(module) => shown(module),
            _ => "outside Keras".to_owned(),
        };
        Some(Remedy::AsOnnx.of(format!(
            "{} comes from {module}; only Keras' own classes and functions are supported",
            shown(self.bare())
        )))
    }

    /// Whether it is a function of Keras (`keras.ops`), which may share the name of a layer.
    pub fn is_function(self) -> bool {
        let module = self.module.and_then(Value::as_str).unwrap_or_default();
        is_of_keras(module) && module.split('.').any(|part| part == "ops")
    }
}

fn is_of_keras(module: &str) -> bool {
    ["keras", "tf_keras"].iter().any(|root| {
        let rest = module.strip_prefix(root);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Settings that Keras has always written since version 2.2, but not before.
const SINCE_2_2: [(&str, &str); 1] = [("Flatten", "data_format")];

/// Why the settings of a layer are not those of Keras' own class of this name; `None` if they are, and for unsupported
/// classes.
pub fn unlike_keras(
    named: Named,
    settings: &Map<String, Value>,
    before_2_2: bool,
) -> Option<Refusal> {
    let class = named.bare();
    let known = CLASSES.iter().find(|known| known.name == class)?;
    let missing = known.always.iter().find(|&&names| {
        let mut spellings = names.split('|');
        let may_lack = before_2_2 && SINCE_2_2.contains(&(class, names));
        !may_lack && !spellings.any(|name| settings.contains_key(name))
    });
    if let Some(name) = missing {
        return Some(Remedy::AsOnnx.of(format!(
            "it is not Keras' own {class}, which always states its {}",
            name.split('|').next().unwrap_or_default()
        )));
    }
    let is_known = |name: &str| {
        let spelled = known.always.iter().flat_map(|names| names.split('|'));
        spelled
            .chain(known.sometimes.iter().copied())
            .any(|n| n == name)
            || WITHOUT_EFFECT.contains(&name)
            || OF_TRAINING.iter().any(|ending| name.ends_with(ending))
    };
    // A flag of a later version that is off changes nothing.
    let is_off = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
    let (name, _) = settings
        .iter()
        .find(|(name, value)| !is_known(name) && !is_off(value))?;
    Some(Remedy::AsOnnx.of(format!(
        "its setting {} is not one of Keras' own {class}",
        shown(name)
    )))
}

/// Refuses a layer whose weights were rounded to a few bits after training (`model.quantize` of Keras 3).
pub fn quantised(settings: &Map<String, Value>) -> Option<Refusal> {
    let policy = settings.get("dtype").and_then(|dtype| dtype.get("config"));
    let mode = policy.and_then(|config| config.get("mode"));
    let stated = settings.get("quantization_config");
    let mode = match mode.and_then(Value::as_str) {
        Some(mode) => format!(" ({})", shown(mode)),
        None if stated.is_some_and(|stated| !stated.is_null()) => String::new(),
        None => return None,
    };
    Some(Remedy::Unquantised.of(format!("it is quantised{mode}")))
}

/// Whether Gantei supports this class.
pub fn is_computed(class: &str) -> bool {
    CLASSES.iter().any(|known| known.name == class)
}

/// The classes that Gantei supports.
#[cfg(test)]
pub fn classes() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|known| known.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn named<'a>(
        class: &'a str,
        module: Option<&'a Value>,
        registered: Option<&'a str>,
    ) -> Named<'a> {
        Named {
            class,
            module,
            registered,
        }
    }

    #[test]
    fn a_package_or_another_module_makes_a_class_somebodys_own() {
        let (of_layers, of_models) = (json!("keras.layers"), json!("keras.src.engine.functional"));
        for own in [
            named("Dense", None, None),
            named("Dense", Some(&of_layers), None),
            named("Functional", Some(&of_models), Some("Functional")),
            named("Custom>CustomScaleLayer", None, None),
        ] {
            assert_eq!(own.foreign(), None, "{}", own.class);
        }
        let (other, none, alike) = (
            json!("hospital.layers"),
            json!(null),
            json!("keras_cv.layers"),
        );
        for foreign in [
            named("Hospital>Rescaling", None, None),
            named("Custom>Rescaling", None, None),
            named("Rescaling", Some(&other), None),
            named("Dropout", Some(&none), Some("Dropout")),
            named("Dropout", Some(&alike), None),
            named("Rescaling", Some(&of_layers), Some("Hospital>Rescaling")),
        ] {
            assert!(foreign.foreign().is_some(), "{}", foreign.class);
        }
    }

    #[test]
    fn a_quantised_layer_is_called_quantised() {
        let of = |settings: Value| quantised(settings.as_object()?);
        let policy =
            |config: Value| json!({"dtype": {"class_name": "DTypePolicy", "config": config}});
        let int8 = of(policy(json!({"mode": "int8", "source_name": "float32"})));
        assert_eq!(int8, Some(Remedy::Unquantised.of("it is quantised (int8)")));
        let stated = of(json!({"dtype": "float32", "quantization_config": {"config": {}}}));
        assert_eq!(stated, Some(Remedy::Unquantised.of("it is quantised")));
        for other in [
            json!({"dtype": "float32", "quantization_config": null}),
            policy(json!({"name": "mixed_float16"})),
            json!({}),
        ] {
            assert_eq!(of(other.clone()), None, "{other}");
        }
    }

    #[test]
    fn settings_that_keras_always_or_never_writes_tell_a_class_that_states_no_module() {
        let unlike = |class: &str, settings: Value| {
            let settings = settings.as_object().expect("an object");
            unlike_keras(named(class, None, None), settings, false)
        };
        assert_eq!(unlike("Softmax", json!({"name": "s", "axis": -1})), None);
        assert!(unlike("Softmax", json!({"name": "s"})).is_some());
        assert!(unlike("Softmax", json!({"axis": -1, "temperature": 2.0})).is_some());
        assert_eq!(unlike("LeakyReLU", json!({"negative_slope": 0.1})), None);
        assert_eq!(
            unlike("Add", json!({"new_switch": false, "another": null})),
            None,
            "what is off changes nothing"
        );
        assert!(unlike("Dropout", json!({"name": "d", "trainable": true})).is_some());
        assert_eq!(unlike("Unheard", json!({})), None, "refused elsewhere");
    }
}
