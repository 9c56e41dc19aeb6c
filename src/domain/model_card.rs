//! The model card: everything about a model that its file does not state, and how each field became known.
//!
//! A card determines preprocessing, labels and wording; the code assumes none of it.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{HeadNorm, HiddenActivation, Pooling, ValueScale};

/// What a model predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Recorded sex: a model score between two labels.
    Sex,
    /// Age in years.
    Age,
    /// Anything else with a score between two labels or for each of several.
    Other,
}

/// Last layer of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Head {
    /// One unit with a sigmoid: the output is the score of label 1. Several units: each is the score of its own label.
    Sigmoid,
    /// Two units with a softmax: the second is the score of label 1. More units: each is the score of its own label.
    Softmax,
    /// One linear unit: a value, such as years.
    Linear,
}

impl Head {
    /// Number of classes with a score of their own, for a network with this many outputs; `None` for one score between two
    /// labels, or one value.
    pub fn classes(self, units: usize) -> Option<usize> {
        let fewest = match self {
            Self::Sigmoid => 2,
            Self::Softmax => 3,
            Self::Linear => return None,
        };
        (units >= fewest).then_some(units)
    }
}

/// Channel order that the network was trained with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColourOrder {
    Rgb,
    Bgr,
}

/// How 0–255 becomes the network's input. `custom` is `(x / 255 - mean) / std` with the card's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Scaling {
    /// x
    Raw,
    /// x / 255
    Unit,
    /// x / 127.5 − 1
    Tf,
    /// (x / 255 − mean) / std with the ImageNet figures, in RGB order
    Torch,
    Custom,
}

/// The resize kernel; each matches the named library to the bit (for eight-bit ones) or to the float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Resize {
    PilNearest,
    PilBilinear,
    PilBicubic,
    TfBilinear,
    Cv2Linear,
}

/// The part of the photograph that the network receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Crop {
    /// The whole frame, stretched to the input size.
    Stretch,
    /// The whole frame, padded with black to the input's aspect ratio.
    Pad,
    /// The square around the field of view; black where it extends beyond the frame.
    Square,
    /// As `square`, with everything outside the field of view black.
    Masked,
}

/// The input of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputSpec {
    /// Height, then width, in pixels.
    pub size: [u32; 2],
    pub colour: ColourOrder,
    pub scaling: Scaling,
    /// Used with `custom` scaling only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<[f32; 3]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub std: Option<[f32; 3]>,
    pub resize: Resize,
    pub crop: Crop,
}

impl InputSpec {
    /// Whether the input has whole numbers from 0 to 255 only: TensorFlow resizes in floating-point numbers, the other
    /// kernels in eight bits.
    pub fn has_whole_numbers(&self) -> bool {
        self.scaling == Scaling::Raw && self.resize != Resize::TfBilinear
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    pub en: String,
    pub ja: String,
}

/// How a field of the card became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldSource {
    /// Read in the model file.
    File,
    /// Stated by the user who imported the model.
    User,
    /// Taken from a named preset and not confirmed by the file.
    Preset,
    /// Documented by those who trained the model.
    Recipe,
    /// Supported by labelled images, by `check-import`.
    #[serde(alias = "evidence")]
    Labels,
    /// The usual default of Keras; neither known nor confirmed.
    #[serde(alias = "guess")]
    Convention,
}

/// A model card. Serialised as JSON; see the contract for the field names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    pub id: String,
    pub name: String,
    pub task: Task,
    /// Labels of output 0 and output 1, or of each class; empty for a value such as age.
    #[serde(default)]
    pub labels: Vec<String>,
    pub input: InputSpec,
    pub head: Head,
    /// Number of classes, for a network that gives a score for each of several; `None` for one score between two labels,
    /// or one value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<usize>,
    /// Operating threshold on the score, 0–1; `None` for a value such as age and for several classes.
    #[serde(default)]
    pub threshold: Option<f64>,
    /// For a linear head: `value = value_scale · output + value_offset`. Without them the output is the value.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "scale"
    )]
    pub value_scale: Option<f64>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "offset"
    )]
    pub value_offset: Option<f64>,
    /// For a linear head: the lowest and the highest value in the training data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_range: Option<[f64; 2]>,
    /// How several photographs of one person are combined into one figure, such as `mean-logit`.
    pub aggregation: String,
    #[serde(default)]
    pub citation: String,
    #[serde(default)]
    pub acknowledgment: Bilingual,
    #[serde(default)]
    pub intended_use: Bilingual,
    /// SHA-256 of the imported file, lower-case hexadecimal.
    #[serde(default)]
    pub source_sha256: String,
    /// How each input field became known, by field name.
    #[serde(default)]
    pub settled: BTreeMap<String, FieldSource>,
    /// Name of the architecture, such as `MobileNet` or `EfficientNetB7`.
    #[serde(default)]
    pub architecture: String,
    /// What the user stated about a weights-only file; `None` if the file contains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_norm: Option<HeadNorm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm_epsilon: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_activation: Option<HiddenActivation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imagenet_rescaling: Option<bool>,
    /// True if the network takes one channel: it is given the luminance of the picture.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grey: bool,
    /// The part of the input that the network looks at, if it crops, borders or flips it: left, top, right, bottom, in
    /// pixels of the input; left beyond right or top beyond bottom if it looks at its mirror image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<[f64; 4]>,
    /// Preprocessing inside the network before its first convolution, as `layer (class)`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preprocessing: Vec<String>,
    /// Precisions other than float32 that the file states, such as `mixed_float16`: the network is computed in float32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub precisions: Vec<String>,
    /// True for the models shipped with the application, which were trained on computer-drawn eyes.
    #[serde(default)]
    pub demonstration: bool,
    /// Free-form figures and remarks, such as held-out accuracy.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub evaluation: serde_json::Value,
}

impl FieldSource {
    /// True for a preset or a convention, confirmed by neither the file nor the user.
    pub fn is_unconfirmed(self) -> bool {
        matches!(self, Self::Preset | Self::Convention)
    }
}

impl ModelCard {
    /// Whether both the card and the network scale the picture.
    pub fn scales_twice(&self) -> bool {
        self.input.scaling != Scaling::Raw && !self.preprocessing.is_empty()
    }

    /// Label of output 1 for a score at or above the operating threshold, of output 0 below it; `None` without labels
    /// or threshold.
    pub fn label_of(&self, score: f64) -> Option<&str> {
        let output = usize::from(score >= self.threshold?);
        self.labels.get(output).map(String::as_str)
    }

    /// The conversion from the output of a linear head to its value.
    pub fn value_scale(&self) -> ValueScale {
        let (scale, offset) = (self.value_scale, self.value_offset);
        // A card's numbers were checked when it was read or created.
        ValueScale::new(scale.unwrap_or(1.0), offset.unwrap_or(0.0)).unwrap_or_default()
    }

    /// Removes the threshold that earlier versions wrote into the card of a value model.
    pub fn without_idle_threshold(mut self) -> Self {
        if self.head == Head::Linear {
            self.threshold = None;
            self.settled.remove("threshold");
        }
        self
    }
}

fn scale<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let scale = Option::<f64>::deserialize(from)?;
    if scale.is_none_or(ValueScale::is_scale) {
        return Ok(scale);
    }
    Err(D::Error::custom("value_scale is 0 or beyond the limits"))
}

fn offset<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let offset = Option::<f64>::deserialize(from)?;
    if offset.is_none_or(ValueScale::is_offset) {
        return Ok(offset);
    }
    Err(D::Error::custom("value_offset is beyond the limits"))
}

/// A card for tests: recorded sex, one sigmoid.
#[cfg(test)]
pub(crate) fn example() -> ModelCard {
    ModelCard {
        id: "m".into(),
        name: "M".into(),
        task: Task::Sex,
        labels: vec!["female".into(), "male".into()],
        input: InputSpec {
            size: [224, 224],
            colour: ColourOrder::Rgb,
            scaling: Scaling::Tf,
            mean: None,
            std: None,
            resize: Resize::PilBilinear,
            crop: Crop::Square,
        },
        head: Head::Sigmoid,
        classes: None,
        threshold: Some(0.5),
        value_scale: None,
        value_offset: None,
        value_range: None,
        aggregation: "mean-logit".into(),
        citation: String::new(),
        acknowledgment: Bilingual::default(),
        intended_use: Bilingual::default(),
        source_sha256: "ab".into(),
        settled: BTreeMap::new(),
        architecture: "MobileNet".into(),
        pooling: None,
        head_norm: None,
        norm_epsilon: None,
        hidden_activation: None,
        imagenet_rescaling: None,
        grey: false,
        view: None,
        preprocessing: Vec::new(),
        precisions: Vec::new(),
        demonstration: false,
        evaluation: serde_json::Value::Null,
    }
}

/// A card for tests: age.
#[cfg(test)]
pub(crate) fn example_of_age() -> ModelCard {
    ModelCard {
        task: Task::Age,
        labels: Vec::new(),
        head: Head::Linear,
        threshold: None,
        aggregation: "mean".into(),
        ..example()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_card_of_an_age_has_no_threshold_and_one_that_has_it_is_read_all_the_same() {
        let mut card = serde_json::to_value(example_of_age()).unwrap();
        assert!(card["threshold"].is_null());
        assert!(card.get("value_scale").is_none());
        card["threshold"] = json!(0.5);
        card["settled"] = json!({"threshold": "preset", "crop": "user"});
        let read: ModelCard = serde_json::from_value(card).unwrap();
        let read = read.without_idle_threshold();
        assert_eq!(read.threshold, None);
        assert_eq!(read.settled.len(), 1);
        assert_eq!(example().without_idle_threshold().threshold, Some(0.5));
    }

    #[test]
    fn a_scale_that_is_none_is_not_read() {
        let with = |field: &str, value: serde_json::Value| {
            let mut card = serde_json::to_value(example_of_age()).unwrap();
            card[field] = value;
            serde_json::from_value::<ModelCard>(card)
        };
        let card = with("value_scale", json!(100)).unwrap();
        assert_eq!(card.value_scale().value(0.62), 62.0);
        assert!(with("value_scale", json!(null)).is_ok());
        assert!(with("value_scale", json!(0)).is_err());
        assert!(with("value_scale", json!(1e300)).is_err());
        assert!(with("value_offset", json!(-1e300)).is_err());
    }
}
