//! The weights of a file by layer, in both layouts of Keras, before they are assigned to the layers of a network.
//!
//! Keras 2 names layers and variables. Keras 3 numbers them: `layers/conv2d_1/vars/0` is the first variable of the
//! second Conv2D in the order of the model; later versions add the layer's name as an attribute.

use std::collections::HashMap;

use super::Error;
use super::archive::Archive;
use super::config::{Layer, Network};
use super::weight_order::{LayerPosition, inside, variables};
use super::weights::Weights;
use crate::domain::foreign::shown;
use crate::progress::Cancel;

/// Group in which Keras 3 stores layers.
pub const NUMBERED_ROOT: &str = "layers";
/// Groups of the outermost model that only matter in training.
const OF_TRAINING: [&str; 4] = ["optimizer", "metrics", "_metrics", "compiled_metrics"];
/// States of random generators, in layers that are random in training.
const SEEDS: &str = "seed_generator";
/// Maximum nesting depth of models.
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

/// A layer with weights, as stored in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredLayer {
    /// The layer's name if the file states it, else the name of its group. A path inside a nested model.
    pub name: String,
    /// Group of Keras 3 (`conv2d_1`), which gives class and number.
    pub group: Option<String>,
    pub variables: Vec<Variable>,
    /// Layers of the nested model.
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
    let missing = || Error::invalid("the file lists no layers with weights");
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
///
/// # Errors
/// [`Error::Unsupported`] for arrays that belong to no layer and are not only used in training.
pub fn numbered(archive: &Archive, cancel: &Cancel) -> Result<Vec<StoredLayer>, Error> {
    let root = archive.group("")?;
    if !root.has_group(NUMBERED_ROOT) {
        return Err(Error::invalid("the weights file has no layers"));
    }
    for group in root.groups()? {
        if group != NUMBERED_ROOT && !OF_TRAINING.contains(&group.as_str()) {
            nothing_below(archive, &group, "model", 0)?;
        }
    }
    numbered_below(archive, NUMBERED_ROOT, 0, cancel)
}

/// Rejects arrays at or below a group that is neither a layer nor its variables.
fn nothing_below(archive: &Archive, path: &str, layer: &str, depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Limit("groups nested too deeply".into()));
    }
    let folder = archive.group(path)?;
    if let Some(array) = folder.arrays()?.first() {
        let found = shown(&format!("{path}/{array}"));
        let reason = format!("the file holds {found}, which no layer reads");
        return Err(Error::unsupported(layer, "unknown", reason));
    }
    for group in folder.groups()? {
        if group != SEEDS {
            nothing_below(archive, &format!("{path}/{group}"), layer, depth + 1)?;
        }
    }
    Ok(())
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
        for part in folder.groups()? {
            match part.as_str() {
                "vars" | SEEDS => {}
                NUMBERED_ROOT => {
                    let inner = format!("{path}/{NUMBERED_ROOT}");
                    layer.inner = numbered_below(archive, &inner, depth + 1, cancel)?;
                }
                other => nothing_below(archive, &format!("{path}/{other}"), &layer.name, 0)?,
            }
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

/// The group in which Keras 3 stores layers of a class that has weights.
pub fn group_of_class(class: &str) -> Option<&'static str> {
    Some(match class {
        "Conv2D" => "conv2d",
        "DepthwiseConv2D" => "depthwise_conv2d",
        "SeparableConv2D" => "separable_conv2d",
        "BatchNormalization" => "batch_normalization",
        "SyncBatchNormalization" => "sync_batch_normalization",
        "Dense" => "dense",
        "Normalization" => "normalization",
        "PReLU" => "p_re_lu",
        "Functional" => "functional",
        "Model" => "model",
        "Sequential" => "sequential",
        _ => return None,
    })
}

/// Assigns numbered weights to the layers of a network that the file describes, by counting the layers of each class in
/// the order of the network, as Keras does. `models`: see [`LayerPosition::models`].
///
/// # Errors
/// [`Error::Unsupported`] if the file states another name than that of the layer with this number.
pub fn give(
    weights: &mut Weights,
    stored: &[StoredLayer],
    network: &Network,
    models: &str,
) -> Result<(), Error> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let mut given = vec![false; stored.len()];
    for layer in &network.layers {
        let Some(group) = group_of_class(&layer.class) else {
            continue;
        };
        let number = counts.entry(group).or_default();
        let desired = (group.to_owned(), *number);
        *number += 1;
        let at = stored
            .iter()
            .position(|s| class_and_number(s.group.as_deref().unwrap_or_default()) == desired);
        let Some(at) = at else {
            continue;
        };
        let found = &stored[at];
        given[at] = true;
        let says_name = found.group.as_deref() != Some(found.name.as_str());
        if says_name && found.name != layer.name {
            return Err(refused(
                layer,
                format!(
                    "the names and order of its weights contradict each other: the file has those of {} in its place; load the model with Keras and save it again",
                    shown(&found.name)
                ),
            ));
        }
        if let Some(inner) = &layer.inner {
            give(weights, &found.inner, inner, &inside(models, &layer.name))?;
        } else {
            let place = LayerPosition {
                models,
                layer: &layer.name,
            };
            give_in_turn(weights, place, layer, found);
        }
    }
    let left = stored.iter().zip(given).find(|(layer, is_given)| {
        !is_given && (!layer.variables.is_empty() || !layer.inner.is_empty())
    });
    match left {
        None => Ok(()),
        Some((layer, _)) => {
            let reason = "the file holds weights for it that no layer of the model reads";
            Err(Error::unsupported(&layer.name, "unknown", reason))
        }
    }
}

/// Assigns numbered variables under the names that a layer of this class gives them. Surplus variables keep their
/// numbers: no layer reads them, which [`Weights::all_read`] reports.
pub fn give_in_turn(
    weights: &mut Weights,
    place: LayerPosition,
    layer: &Layer,
    found: &StoredLayer,
) {
    let names = variables(layer);
    for (at, variable) in found.variables.iter().enumerate() {
        let is_count = layer.class == "Normalization" && at == 2;
        let name = match names.get(at) {
            Some((names, _)) => names[0],
            None if is_count => "count",
            None => &variable.name,
        };
        weights.give(place, name, &variable.path, &variable.shape);
    }
}

fn refused(layer: &Layer, reason: String) -> Error {
    Error::unsupported(&layer.name, &layer.class, reason)
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
}
