//! The order in which Keras stores and loads the weights of a layer or of a nested model: trainable weights first.
//! Keras ignores the names in a file when it loads them.

use super::config::Layer;

/// Follows the name of each model on the path to a layer; no name in an HDF5 file contains it.
const WITHIN: char = '\0';

/// Position of a layer among nested models.
#[derive(Clone, Copy, Debug)]
pub struct LayerPosition<'a> {
    /// The models that contain the layer, outermost first, as [`inside`] joins them; empty for a layer of the
    /// outermost.
    pub models: &'a str,
    pub layer: &'a str,
}

impl LayerPosition<'_> {
    /// Unique within the network.
    pub fn key(self) -> String {
        format!("{}{}", self.models, self.layer)
    }

    /// The name for messages: `outer/inner` inside a nested model.
    pub fn name(self) -> String {
        self.key().replace(WITHIN, "/")
    }
}

/// The models that contain the layers of `model`, which is itself inside `models`.
pub fn inside(models: &str, model: &str) -> String {
    format!("{models}{model}{WITHIN}")
}

/// Names of the weight of a layer scale; Keras 3 gives it none of its own.
pub const LAYER_SCALE: [&str; 2] = ["gamma", "variable"];

/// A weight that a layer of the network reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// [`LayerPosition::key`] of the layer.
    pub key: String,
    /// The layer's own name.
    pub layer: String,
    /// Its names in the versions of Keras, the usual one first.
    pub variable: &'static [&'static str],
}

/// Whose rule a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    Keras2,
    Keras3,
}

impl Generation {
    /// That of a file by the version of Keras that it states.
    pub fn of_version(version: Option<&str>) -> Self {
        match version.and_then(|version| version.chars().next()) {
            Some('3'..='9') => Self::Keras3,
            _ => Self::Keras2,
        }
    }
}

/// The weights of a layer of the outermost model, in Keras' order (`layer.trainable_weights +
/// layer.non_trainable_weights` in both generations).
pub fn slots(layer: &Layer, generation: Generation) -> Vec<Slot> {
    let mut found = Vec::new();
    match generation {
        Generation::Keras2 => {
            trained(layer, "", &mut found);
            others(layer, "", &mut found);
        }
        Generation::Keras3 => {
            let mut all = Vec::new();
            one_by_one(layer, "", &mut all);
            if layer.trainable {
                all.sort_by_key(|(_, is_trained)| !is_trained);
            }
            found.extend(all.into_iter().map(|(slot, _)| slot));
        }
    }
    found
}

/// Keras 2: the trainable weights of a layer; a frozen layer has none.
fn trained(layer: &Layer, models: &str, found: &mut Vec<Slot>) {
    if !layer.trainable {
        return;
    }
    match &layer.inner {
        Some(model) => {
            let models = inside(models, &layer.name);
            model.layers.iter().for_each(|l| trained(l, &models, found));
        }
        None => found.extend(own(layer, models, true)),
    }
}

/// Keras 2: all other weights. A frozen model lists the trainable weights of its layers first.
fn others(layer: &Layer, models: &str, found: &mut Vec<Slot>) {
    match &layer.inner {
        Some(model) => {
            let models = inside(models, &layer.name);
            if !layer.trainable {
                model.layers.iter().for_each(|l| trained(l, &models, found));
            }
            model.layers.iter().for_each(|l| others(l, &models, found));
        }
        None => {
            if !layer.trainable {
                found.extend(own(layer, models, true));
            }
            found.extend(own(layer, models, false));
        }
    }
}

/// Keras 3: layer by layer, each weight with whether it is trained.
fn one_by_one(layer: &Layer, models: &str, found: &mut Vec<(Slot, bool)>) {
    match &layer.inner {
        Some(model) => {
            let models = inside(models, &layer.name);
            model
                .layers
                .iter()
                .for_each(|l| one_by_one(l, &models, found));
        }
        None => {
            for is_trained in [true, false] {
                let slots = own(layer, models, is_trained);
                found.extend(slots.map(|slot| (slot, is_trained && layer.trainable)));
            }
        }
    }
}

/// A layer's own weights: those that training changes, or those that it does not.
fn own(layer: &Layer, models: &str, is_trained: bool) -> impl Iterator<Item = Slot> {
    let place = LayerPosition {
        models,
        layer: &layer.name,
    };
    let key = place.key();
    variables(layer)
        .into_iter()
        .filter(move |(_, trained)| *trained == is_trained)
        .map(move |(variable, _)| Slot {
            key: key.clone(),
            layer: layer.name.clone(),
            variable,
        })
}

/// The weights of a layer, with whether training changes them, in the order in which Keras creates them; Keras 3 also
/// numbers them in this order. Weights that are not used at inference are left out.
pub fn variables(layer: &Layer) -> Vec<(&'static [&'static str], bool)> {
    let on = |key: &str| layer.settings.get(key).and_then(|v| v.as_bool()) != Some(false);
    let given = |key: &str| layer.settings.get(key).is_some_and(|v| !v.is_null());
    let mut found: Vec<(&'static [&'static str], bool)> = Vec::new();
    match layer.class.as_str() {
        "Conv2D" | "Dense" => found.push((&["kernel"], true)),
        "DepthwiseConv2D" => found.push((&["depthwise_kernel", "kernel"], true)),
        "SeparableConv2D" => {
            found.push((&["depthwise_kernel"], true));
            found.push((&["pointwise_kernel"], true));
        }
        "BatchNormalization"
        | "BatchNormalizationV1"
        | "BatchNormalizationV2"
        | "SyncBatchNormalization" => {
            found.extend(on("scale").then_some((&["gamma"][..], true)));
            found.extend(on("center").then_some((&["beta"][..], true)));
            found.push((&["moving_mean"], false));
            found.push((&["moving_variance"], false));
            return found;
        }
        "Normalization" if !given("mean") => {
            found.push((&["mean"], false));
            found.push((&["variance"], false));
            return found;
        }
        "PReLU" => return vec![(&["alpha"], true)],
        "LayerNormalization" => {
            found.extend(on("scale").then_some((&["gamma"][..], true)));
            found.extend(on("center").then_some((&["beta"][..], true)));
            return found;
        }
        "LayerScale" => return vec![(&LAYER_SCALE, true)],
        _ => return found,
    }
    found.extend(on("use_bias").then_some((&["bias"][..], true)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keras::config;

    /// A nested model with a frozen convolution and a trainable norm.
    fn nested(model_trained: bool) -> Layer {
        let text = format!(
            r#"{{"class_name": "Sequential", "config": {{"layers": [
                {{"class_name": "Sequential", "config": {{"name": "base", "trainable": {model_trained}, "layers": [
                    {{"class_name": "Conv2D", "config": {{"name": "c", "trainable": false, "use_bias": false}}}},
                    {{"class_name": "BatchNormalization", "config": {{"name": "n"}}}}]}}}}]}}}}"#
        );
        config::parse(&text).unwrap().layers.remove(1)
    }

    #[test]
    fn variables_follow_the_settings() {
        let names = |text: &str| {
            let text =
                format!(r#"{{"class_name": "Sequential", "config": {{"layers": [{text}]}}}}"#);
            let layer = config::parse(&text).unwrap().layers.remove(1);
            let variables = variables(&layer).into_iter();
            variables.map(|(names, _)| names[0]).collect::<Vec<_>>()
        };
        assert_eq!(
            names(
                r#"{"class_name": "BatchNormalization", "config": {"name": "n", "scale": false}}"#
            ),
            ["beta", "moving_mean", "moving_variance"]
        );
        assert_eq!(
            names(r#"{"class_name": "Dense", "config": {"name": "d", "use_bias": false}}"#),
            ["kernel"]
        );
    }

    #[test]
    fn each_generation_puts_frozen_weights_where_it_keeps_them() {
        let names = |layer: &Layer, generation| {
            let slots = slots(layer, generation).into_iter();
            slots.map(|s| s.variable[0]).collect::<Vec<_>>()
        };
        let frozen_norm_last = ["gamma", "beta", "kernel", "moving_mean", "moving_variance"];
        let in_turn = ["kernel", "gamma", "beta", "moving_mean", "moving_variance"];
        assert_eq!(names(&nested(true), Generation::Keras2), frozen_norm_last);
        assert_eq!(names(&nested(false), Generation::Keras2), frozen_norm_last);
        assert_eq!(names(&nested(true), Generation::Keras3), frozen_norm_last);
        assert_eq!(names(&nested(false), Generation::Keras3), in_turn);
        assert_eq!(slots(&nested(true), Generation::Keras2)[2].key, "base\0c");
    }
}
