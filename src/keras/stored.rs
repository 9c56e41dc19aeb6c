//! The weights of a file layer by layer, in both layouts of Keras, before they are given to the layers of a network.
//!
//! Keras 2 names layers and variables. Keras 3 numbers them: `layers/conv2d_1/vars/0` is the first variable of the second
//! Conv2D in the order of the model; late versions add the layer's name as an attribute.

use std::collections::HashMap;

use super::Error;
use super::archive::Archive;
use super::config::{Layer, Network};
use super::weights::Weights;
use crate::progress::Cancel;

/// Group in which Keras 3 keeps layers.
pub const NUMBERED_ROOT: &str = "layers";
/// Deepest nesting of models.
const MAX_DEPTH: usize = 8;

/// One weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// `kernel`, `gamma` and so on; a number from 0 in the layout of Keras 3.
    pub name: String,
    /// Path of the array from the root of the file.
    pub path: String,
    pub shape: Vec<usize>,
}

/// A layer with weights, as the file keeps it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredLayer {
    /// The layer's name, where the file says it; else the name of its group. A path inside a nested model.
    pub name: String,
    /// Group of Keras 3 (`conv2d_1`), which tells class and number.
    pub group: Option<String>,
    pub variables: Vec<Variable>,
    /// Layers of the model inside.
    pub inner: Vec<StoredLayer>,
}

impl StoredLayer {
    /// This layer and all layers inside it that have weights.
    pub fn flattened(self) -> Vec<StoredLayer> {
        let mut all = Vec::new();
        let mut inner = self.inner.clone();
        if !self.variables.is_empty() {
            all.push(StoredLayer {
                inner: Vec::new(),
                ..self
            });
        }
        for layer in inner.drain(..) {
            all.extend(layer.flattened());
        }
        all
    }
}

/// Layers in the layout of Keras 2, in the order of the file. `root` is the group that lists them.
pub fn named(archive: &Archive, root: &str, cancel: &Cancel) -> Result<Vec<StoredLayer>, Error> {
    let missing = || Error::malformed("the file lists no layers with weights");
    let names = archive.group(root)?.names("layer_names")?;
    let below = |name: &str| {
        if root.is_empty() {
            name.to_owned()
        } else {
            format!("{root}/{name}")
        }
    };
    let mut layers: Vec<StoredLayer> = Vec::new();
    for outer in names.ok_or_else(missing)? {
        cancel.check()?;
        let folder = archive.group(&below(&outer))?;
        let mut places: HashMap<String, usize> = HashMap::new();
        for name in folder.names("weight_names")?.unwrap_or_default() {
            let path = format!("{}/{name}", below(&outer));
            let shape = archive.array(&path)?.shape().to_vec();
            let (layer, last) = name.rsplit_once('/').unwrap_or((&outer, &name));
            let variable = last.split_once(':').map_or(last, |(name, _)| name);
            let at = *places.entry(layer.to_owned()).or_insert_with(|| {
                layers.push(StoredLayer {
                    name: layer.to_owned(),
                    ..StoredLayer::default()
                });
                layers.len() - 1
            });
            layers[at].variables.push(Variable {
                name: variable.to_owned(),
                path,
                shape,
            });
        }
    }
    Ok(layers)
}

/// Layers in the layout of Keras 3, by class and number.
pub fn numbered(archive: &Archive, cancel: &Cancel) -> Result<Vec<StoredLayer>, Error> {
    numbered_below(archive, NUMBERED_ROOT, 0, cancel)
}

fn numbered_below(
    archive: &Archive,
    root: &str,
    depth: usize,
    cancel: &Cancel,
) -> Result<Vec<StoredLayer>, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Limit("models nested too deeply".into()));
    }
    let mut layers = Vec::new();
    for group in archive.group(root)?.groups()? {
        cancel.check()?;
        let path = format!("{root}/{group}");
        let folder = archive.group(&path)?;
        let mut layer = StoredLayer {
            name: group.clone(),
            group: Some(group),
            ..StoredLayer::default()
        };
        if folder.has_group("vars") {
            let vars = archive.group(&format!("{path}/vars"))?;
            if let Some(name) = vars.text("name")? {
                layer.name = name;
            }
            for name in vars.arrays()? {
                let path = format!("{path}/vars/{name}");
                let shape = archive.array(&path)?.shape().to_vec();
                layer.variables.push(Variable { name, path, shape });
            }
            layer
                .variables
                .sort_by_key(|v| v.name.parse::<u32>().unwrap_or(u32::MAX));
        }
        if folder.has_group(NUMBERED_ROOT) {
            let inner = format!("{path}/{NUMBERED_ROOT}");
            layer.inner = numbered_below(archive, &inner, depth + 1, cancel)?;
        }
        layers.push(layer);
    }
    layers.sort_by_key(|l| class_and_number(l.group.as_deref().unwrap_or_default()));
    Ok(layers)
}

/// `conv2d_1` is the second of its class: ("conv2d", 1).
pub fn class_and_number(group: &str) -> (String, u32) {
    match group.rsplit_once('_') {
        Some((class, number)) if !number.is_empty() => match number.parse() {
            Ok(number) => (class.to_owned(), number),
            Err(_) => (group.to_owned(), 0),
        },
        _ => (group.to_owned(), 0),
    }
}

/// The group in which Keras 3 keeps layers of a class that has weights.
pub fn group_of_class(class: &str) -> Option<&'static str> {
    Some(match class {
        "Conv2D" => "conv2d",
        "DepthwiseConv2D" => "depthwise_conv2d",
        "SeparableConv2D" => "separable_conv2d",
        "BatchNormalization" => "batch_normalization",
        "Dense" => "dense",
        "Normalization" => "normalization",
        "PReLU" => "p_re_lu",
        "Functional" => "functional",
        "Model" => "model",
        "Sequential" => "sequential",
        _ => return None,
    })
}

/// Names of a layer's variables in the order in which Keras 3 numbers them.
pub fn variable_names(layer: &Layer) -> Vec<&'static str> {
    let on = |key: &str| layer.settings.get(key).and_then(|v| v.as_bool()) != Some(false);
    let mut names: Vec<&str> = Vec::new();
    match layer.class.as_str() {
        "Conv2D" | "Dense" | "DepthwiseConv2D" => names.push("kernel"),
        "SeparableConv2D" => names.extend(["depthwise_kernel", "pointwise_kernel"]),
        "BatchNormalization" => {
            names.extend(on("scale").then_some("gamma"));
            names.extend(on("center").then_some("beta"));
            names.extend(["moving_mean", "moving_variance"]);
            return names;
        }
        "Normalization" => return vec!["mean", "variance", "count"],
        "PReLU" => return vec!["alpha"],
        _ => return names,
    }
    names.extend(on("use_bias").then_some("bias"));
    names
}

/// Gives numbered weights to the layers of a network that the file describes: by name where the file says names, else by
/// counting layers of each class in the order of the network.
pub fn give(
    weights: &mut Weights,
    stored: &[StoredLayer],
    network: &Network,
    outer: Option<&str>,
) -> Result<(), Error> {
    let has_names = stored
        .iter()
        .any(|l| l.group.as_deref() != Some(l.name.as_str()));
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for layer in &network.layers {
        let Some(group) = group_of_class(&layer.class) else {
            continue;
        };
        let number = counts.entry(group).or_default();
        let found = stored.iter().find(|s| {
            let (class, n) = class_and_number(s.group.as_deref().unwrap_or_default());
            class == group
                && if has_names {
                    s.name == layer.name
                } else {
                    n == *number
                }
        });
        *number += 1;
        let Some(found) = found else {
            continue;
        };
        if let Some(inner) = &layer.inner {
            give(
                weights,
                &found.inner,
                inner,
                Some(outer.unwrap_or(&layer.name)),
            )?;
        } else {
            for (variable, name) in found.variables.iter().zip(variable_names(layer)) {
                weights.give(outer, &layer.name, name, variable);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_tell_class_and_number() {
        assert_eq!(class_and_number("conv2d"), ("conv2d".into(), 0));
        assert_eq!(class_and_number("conv2d_12"), ("conv2d".into(), 12));
        assert_eq!(
            class_and_number("batch_normalization"),
            ("batch_normalization".into(), 0)
        );
    }

    #[test]
    fn variables_follow_the_settings() {
        let layer = |class: &str, settings| Layer {
            name: "l".into(),
            class: class.into(),
            settings,
            calls: Vec::new(),
            inner: None,
        };
        let norm = layer("BatchNormalization", serde_json::json!({ "scale": false }));
        assert_eq!(
            variable_names(&norm),
            ["beta", "moving_mean", "moving_variance"]
        );
        let dense = layer("Dense", serde_json::json!({ "use_bias": false }));
        assert_eq!(variable_names(&dense), ["kernel"]);
    }
}
