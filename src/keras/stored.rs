//! The weights of a file by layer, in both layouts of Keras, before they are assigned to the layers of a network.
//!
//! Keras 2 names layers and variables. Keras 3 numbers them: `layers/conv2d_1/vars/0` is the first variable of the
//! second Conv2D in the order of the model; later versions add the layer's name as an attribute. TensorFlow 2.12 to 2.15
//! write `.keras` and `.weights.h5` in this layout too.

use std::collections::HashMap;

use super::Error;
use super::archive::{Archive, Folder};
use super::config::{Layer, MAX_DEPTH, Network};
use super::groups::{self, ArrayPlace, Group};
use super::weight_order::{LayerPosition, inside, variables};
use super::weights::Weights;
use crate::domain::foreign::shown;
use crate::progress::Cancel;

/// Groups of the outermost model that only matter in training.
const OF_TRAINING: [&str; 4] = ["optimizer", "metrics", "_metrics", "compiled_metrics"];
/// States of random generators, in layers that are random in training.
const SEEDS: &str = "seed_generator";

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
    /// Number of groups of a class, such as `conv2d`, that this layer and the layers inside it have.
    pub fn count(&self, class: &str) -> usize {
        let own = self.group.as_deref().map(class_and_number);
        let own = usize::from(own.is_some_and(|(found, _)| found == class));
        own + self.inner.iter().map(|l| l.count(class)).sum::<usize>()
    }

    /// Class and number, by its group.
    fn class_and_number(&self) -> (&str, u32) {
        class_and_number(self.group.as_deref().unwrap_or_default())
    }

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
    let mut layers: Vec<StoredLayer> = Vec::new();
    for outer in names.ok_or_else(missing)? {
        cancel.check()?;
        let group = archive.path_of(root, &outer);
        let folder = archive.group(&group)?;
        let mut places: HashMap<String, usize> = HashMap::new();
        for name in folder.names("weight_names")?.unwrap_or_default() {
            let path = archive.path_of(&group, &name);
            let shape = archive.array(&path)?.shape().to_vec();
            let (layer, last) = name.rsplit_once('/').unwrap_or((&outer, &name));
            let layer = layer.trim_start_matches('/');
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

/// How the layers of a model are numbered within their class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    /// Each layer has the next number.
    Once,
    /// Each layer that has weights takes two numbers, of which the first is stored: TensorFlow 2.12 and 2.13 went
    /// through a list that has such layers twice.
    Twice,
}

/// Groups in which the layers of a model are stored: TensorFlow 2.12 to 2.14 wrote the second.
const ROOTS: [&str; 2] = ["layers", "_layer_checkpoint_dependencies"];

/// True if the file stores layers by class and number.
pub fn is_numbered(root: &Folder) -> Result<bool, Error> {
    let groups = root.groups()?;
    Ok(groups.iter().any(|group| {
        let first = groups::parts(group).first().copied();
        first.is_some_and(|name| ROOTS.contains(&name))
    }))
}

/// The layers of a file that numbers them.
#[derive(Clone, Debug)]
pub struct Numbered {
    layers: Vec<StoredLayer>,
}

/// Layers by class and number.
///
/// # Errors
/// [`Error::Unsupported`] for arrays that belong to no layer and are not only used in training.
pub fn numbered(archive: &Archive, cancel: &Cancel) -> Result<Numbered, Error> {
    numbered_below(&Group::read(archive, &OF_TRAINING, SEEDS, cancel)?)
}

/// As [`numbered`], of weights in several files. The paths begin with the number of their file and a colon.
pub fn numbered_in_files(archives: &[Archive], cancel: &Cancel) -> Result<Numbered, Error> {
    let mut root = Group::default();
    for (number, archive) in archives.iter().enumerate() {
        let part = Group::read(archive, &OF_TRAINING, SEEDS, cancel)?;
        root.add(part, &format!("{number}:"))?;
    }
    numbered_below(&root)
}

fn numbered_below(root: &Group) -> Result<Numbered, Error> {
    // TensorFlow 2.12 to 2.14 may write empty groups under the other name.
    let mut roots = ROOTS.iter().rev();
    let Some(&name) = roots.find(|&&name| root.groups.contains_key(name)) else {
        return Err(Error::invalid("the weights file has no layers"));
    };
    if let Some(array) = root.arrays.first() {
        return Err(unread(array, "model"));
    }
    for (group, below) in &root.groups {
        if group != name {
            nothing_below(below, "model")?;
        }
    }
    Ok(Numbered {
        layers: layers_of(&root.groups[name], name, 0)?,
    })
}

/// The weights of a file that numbers layers, assigned to those of a network.
///
/// # Errors
/// As [`numbered`] and [`Numbered::give`].
pub fn weights<'a>(
    archive: &'a Archive,
    network: &Network,
    cancel: &Cancel,
) -> Result<Weights<'a>, Error> {
    let mut weights = Weights::empty(archive);
    numbered(archive, cancel)?.give(&mut weights, network)?;
    Ok(weights)
}

/// Rejects arrays at or below a group that is neither a layer nor its variables.
fn nothing_below(group: &Group, layer: &str) -> Result<(), Error> {
    match group.first_array() {
        None => Ok(()),
        Some(array) => Err(unread(array, layer)),
    }
}

fn unread(array: &ArrayPlace, layer: &str) -> Error {
    let found = shown(&array.path);
    let reason = format!("the file holds {found}, which no layer reads");
    Error::unsupported(layer, "unknown", reason)
}

/// The layers in a group, in numeric order within each class; `root` is the name of such groups in this file.
fn layers_of(group: &Group, root: &str, depth: usize) -> Result<Vec<StoredLayer>, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Limit("models nested too deeply".into()));
    }
    if let Some(array) = group.arrays.first() {
        return Err(unread(array, "model"));
    }
    let mut layers = Vec::new();
    for (name, folder) in &group.groups {
        let mut layer = StoredLayer {
            name: name.clone(),
            group: Some(name.clone()),
            ..StoredLayer::default()
        };
        if let Some(vars) = folder.groups.get("vars") {
            if let Some(label) = &vars.label {
                layer.name.clone_from(label);
            }
            let variables = vars.arrays.iter().map(|array| Variable {
                name: array.name.clone(),
                path: array.path.clone(),
                shape: array.shape.clone(),
            });
            layer.variables.extend(variables);
            layer
                .variables
                .sort_by_key(|v| v.name.parse::<u32>().unwrap_or(u32::MAX));
            for below in vars.groups.values() {
                nothing_below(below, &layer.name)?;
            }
        }
        if let Some(array) = folder.arrays.first() {
            return Err(unread(array, &layer.name));
        }
        for (part, below) in &folder.groups {
            if part == root {
                layer.inner = layers_of(below, root, depth + 1)?;
            } else if part != "vars" {
                nothing_below(below, &layer.name)?;
            }
        }
        layers.push(layer);
    }
    layers.sort_by(|a, b| a.class_and_number().cmp(&b.class_and_number()));
    Ok(layers)
}

/// `conv2d_1` is the second of its class: ("conv2d", 1).
pub fn class_and_number(group: &str) -> (&str, u32) {
    let parts = group.rsplit_once('_');
    let numbered = parts.and_then(|(class, number)| Some((class, number.parse().ok()?)));
    numbered.unwrap_or((group, 0))
}

/// Indices of layers by class and number; of several with the same number, the first.
pub fn by_number(stored: &[StoredLayer]) -> HashMap<(&str, u32), usize> {
    let mut places = HashMap::with_capacity(stored.len());
    for (at, layer) in stored.iter().enumerate() {
        places.entry(layer.class_and_number()).or_insert(at);
    }
    places
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
        "BatchNormalizationV1" => "batch_normalization_v1",
        "BatchNormalizationV2" => "batch_normalization_v2",
        "LayerNormalization" => "layer_normalization",
        "LayerScale" => "layer_scale",
        "Normalization" => "normalization",
        "PReLU" => "p_re_lu",
        "Functional" => "functional",
        "Model" => "model",
        "Sequential" => "sequential",
        _ => return None,
    })
}

impl Numbered {
    /// Assigns the weights to the layers of a network that the file describes, by counting the layers of each class in
    /// the order of the network, as Keras does.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if the file states another name than that of the layer with this number.
    pub fn give(&self, weights: &mut Weights, network: &Network) -> Result<(), Error> {
        // If neither fits, the message is about the numbering of current versions.
        let is_twice = !fits(&self.layers, Numbering::Once, network)
            && fits(&self.layers, Numbering::Twice, network);
        let numbering = if is_twice {
            Numbering::Twice
        } else {
            Numbering::Once
        };
        give(weights, &self.layers, numbering, network, "")
    }

    /// The layers of a file that does not describe its network, each with the number that it has if all are numbered
    /// once.
    pub fn numbered_once(self) -> Vec<StoredLayer> {
        if self.layers.iter().any(has_odd_number) {
            return self.layers;
        }
        self.layers.into_iter().map(halved).collect()
    }
}

/// Whether a layer with weights, this one or one inside it, has an odd number: then each number was used.
fn has_odd_number(layer: &StoredLayer) -> bool {
    let (_, number) = layer.class_and_number();
    (!layer.variables.is_empty() && !number.is_multiple_of(2))
        || layer.inner.iter().any(has_odd_number)
}

fn halved(mut layer: StoredLayer) -> StoredLayer {
    let inner = std::mem::take(&mut layer.inner);
    layer.inner = inner.into_iter().map(halved).collect();
    if layer.variables.is_empty() {
        return layer;
    }
    let (class, number) = layer.class_and_number();
    let group = match number / 2 {
        0 => class.to_owned(),
        number => format!("{class}_{number}"),
    };
    if layer.group.as_deref() == Some(layer.name.as_str()) {
        layer.name.clone_from(&group);
    }
    layer.group = Some(group);
    layer
}

/// The numbers that a network's layers of known classes have, with the layers.
fn desired_numbers(network: &Network, numbering: Numbering) -> Vec<(&Layer, (&'static str, u32))> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let layers = network.layers.iter();
    layers
        .filter_map(|layer| {
            let class = group_of_class(&layer.class)?;
            let count = counts.entry(class).or_default();
            let number = *count;
            *count += match numbering {
                Numbering::Twice if has_weights(layer) => 2,
                Numbering::Once | Numbering::Twice => 1,
            };
            Some((layer, (class, number)))
        })
        .collect()
}

/// Whether the layers of a network that have weights are those for which the file has weights.
fn fits(stored: &[StoredLayer], numbering: Numbering, network: &Network) -> bool {
    let is_empty = |layer: &StoredLayer| layer.variables.is_empty() && layer.inner.is_empty();
    let places = by_number(stored);
    let mut used = 0;
    for (layer, number) in desired_numbers(network, numbering) {
        let found = places.get(&number).map(|&at| &stored[at]);
        let found = found.filter(|found| !is_empty(found));
        match (&layer.inner, found) {
            (Some(model), Some(found)) if !fits(&found.inner, numbering, model) => return false,
            (None, Some(found)) if has_weights(layer) == found.variables.is_empty() => {
                return false;
            }
            (_, None) if has_weights(layer) => return false,
            (_, found) => used += usize::from(found.is_some()),
        }
    }
    used == stored.iter().filter(|layer| !is_empty(layer)).count()
}

/// `models`: see [`LayerPosition::models`].
fn give(
    weights: &mut Weights,
    stored: &[StoredLayer],
    numbering: Numbering,
    network: &Network,
    models: &str,
) -> Result<(), Error> {
    let places = by_number(stored);
    let mut given = vec![false; stored.len()];
    for (layer, number) in desired_numbers(network, numbering) {
        let Some(&at) = places.get(&number) else {
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
            let models = inside(models, &layer.name);
            give(weights, &found.inner, numbering, inner, &models)?;
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

/// Whether a layer, or any layer inside it, has weights.
fn has_weights(layer: &Layer) -> bool {
    match &layer.inner {
        Some(model) => model.layers.iter().any(has_weights),
        None => !variables(layer).is_empty(),
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

    fn numbered(groups: &[&str]) -> Vec<StoredLayer> {
        let layer = |group: &&str| StoredLayer {
            name: (*group).to_owned(),
            group: Some((*group).to_owned()),
            variables: vec![Variable {
                name: "0".into(),
                path: String::new(),
                shape: vec![1],
            }],
            ..StoredLayer::default()
        };
        groups.iter().map(layer).collect()
    }

    #[test]
    fn numbers_of_layers_that_were_counted_twice_are_halved() {
        let names = |groups: &[&str]| -> Vec<String> {
            let layers = numbered(groups);
            let layers = Numbered { layers }.numbered_once().into_iter();
            layers.map(|l| l.name).collect()
        };
        let twice = ["conv2d", "conv2d_2", "dense", "dense_4"];
        assert_eq!(names(&twice), ["conv2d", "conv2d_1", "dense", "dense_2"]);
        let once = ["conv2d", "conv2d_1", "dense", "dense_4"];
        assert_eq!(names(&once), once);
    }

    #[test]
    fn the_numbers_of_all_layers_show_how_they_were_counted() {
        let text = |class: &str| {
            let layers = ["a", "b"].map(|name| {
                format!(r#"{{"class_name": "{class}", "config": {{"name": "{name}"}}}}"#)
            });
            format!(
                r#"{{"class_name": "Sequential", "config": {{"layers": [{}]}}}}"#,
                layers.join(",")
            )
        };
        let network = crate::keras::config::parse(&text("Dense")).unwrap();
        let fits = |groups: &[&str], numbering| fits(&numbered(groups), numbering, &network);
        assert!(fits(&["dense", "dense_1"], Numbering::Once));
        assert!(!fits(&["dense", "dense_1"], Numbering::Twice));
        assert!(fits(&["dense", "dense_2"], Numbering::Twice));
        assert!(!fits(&["dense", "dense_2"], Numbering::Once));
        for wrong in [
            &["dense"][..],
            &["dense", "dense_3"],
            &["dense", "dense_2", "conv2d"],
        ] {
            assert!(!fits(wrong, Numbering::Once) && !fits(wrong, Numbering::Twice));
        }
    }

    #[test]
    fn every_class_with_weights_has_a_group() {
        for class in crate::keras::own::classes() {
            let text = format!(
                r#"{{"class_name": "Sequential", "config": {{"layers": [
                    {{"class_name": "{class}", "config": {{"name": "l"}}}}]}}}}"#
            );
            let network = crate::keras::config::parse(&text).unwrap();
            let layer = network.layers.last().unwrap();
            assert!(
                !has_weights(layer) || group_of_class(class).is_some(),
                "{class}"
            );
        }
    }

    #[test]
    fn groups_tell_class_and_number() {
        assert_eq!(class_and_number("conv2d"), ("conv2d", 0));
        assert_eq!(class_and_number("conv2d_12"), ("conv2d", 12));
        assert_eq!(
            class_and_number("batch_normalization"),
            ("batch_normalization", 0)
        );
    }

    #[test]
    fn each_of_very_many_layers_is_found_by_its_number() {
        let count = 20_000;
        let group = |number: usize| match number {
            0 => "dense".to_owned(),
            number => format!("dense_{number}"),
        };
        let groups: Vec<String> = (0..count).map(group).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let dense = r#"{"class_name": "Dense", "config": {"name": "d"}}"#;
        let layers = vec![dense; count - 1].join(",");
        let text = format!(
            r#"{{"class_name": "Sequential", "config": {{"layers": [{dense},{layers}]}}}}"#
        );
        let network = crate::keras::config::parse(&text).unwrap();
        let stored = numbered(&groups);
        assert!(fits(&stored, Numbering::Once, &network));
        let places = by_number(&stored);
        assert!((0..count).all(|at| places[&class_and_number(groups[at])] == at));
    }
}
