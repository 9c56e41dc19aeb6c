//! Maps the arrays of a file to the variables of layers.
//!
//! A file with the whole model is read as Keras reads it: layer by layer in the order of the model, and within a layer
//! in the order of [`super::weight_order`]. Names are checked against that order; if the two contradict each other, the
//! file is rejected. Every array must be read, or be one that Keras only uses in training.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use super::archive::{Archive, Array};
use super::config::{Layer, Network};
use super::weight_order::{Generation, LayerPosition, Slot, slots};
use super::{Error, UnsupportedLayer, layer, precision};
use crate::domain::Remedy;
use crate::domain::foreign::shown;
use crate::progress::Cancel;

/// Group with the weights of a file with the whole model.
pub const ROOT: &str = "model_weights";
/// Group with weights of the outermost model that belong to none of its layers.
const OF_THE_MODEL: &str = "top_level_model_weights";

/// Arrays that Keras only uses in training: the number of images that a `Normalization` has seen, the statistics of
/// batch renormalisation, and the states of random generators.
pub(super) const OF_TRAINING: [&str; 8] = [
    "count",
    "moving_stddev",
    "renorm_mean",
    "renorm_mean_weight",
    "renorm_stddev",
    "renorm_stddev_weight",
    "seed_generator_state",
    "StateVar",
];

/// Where the values of weights are read from: an HDF5 file or a TensorFlow checkpoint.
pub trait Source {
    /// Reads the array at a path, which is a key in a checkpoint.
    fn read(&self, path: &str) -> Result<Array, Error>;
}

impl Source for Archive {
    fn read(&self, path: &str) -> Result<Array, Error> {
        self.array(path)?.read()
    }
}

struct Entry {
    /// Path of the array from the root of the file.
    path: String,
    /// Name of its layer, for messages.
    layer: String,
    variable: String,
    shape: Vec<usize>,
    is_read: Cell<bool>,
}

/// Every weight of a model, with shapes; values are read on demand.
pub struct Weights<'a> {
    source: &'a dyn Source,
    entries: Vec<Entry>,
    /// Indices into `entries` by [`LayerPosition::key`].
    by_layer: HashMap<String, Vec<usize>>,
    /// Number of values in arrays that are skipped, because Keras only uses them in training.
    aside: u64,
    /// Precisions other than float32 of the arrays that were read.
    precisions: RefCell<Vec<&'static str>>,
}

/// A layer of the outermost model with its weights, as the file lists them.
struct ListedLayer {
    name: String,
    /// Each with its name as in the file, split before the variable, and its shape.
    weights: Vec<ListedWeight>,
}

struct ListedWeight {
    path: String,
    /// The part before the variable: a layer's name, often preceded by names of models.
    before: String,
    variable: String,
    shape: Vec<usize>,
}

impl<'a> Weights<'a> {
    /// No weights yet.
    pub fn empty(source: &'a dyn Source) -> Self {
        Self {
            source,
            entries: Vec::new(),
            by_layer: HashMap::new(),
            aside: 0,
            precisions: RefCell::default(),
        }
    }

    /// Reads the names and shapes below the group `root` of an `.h5` file and assigns them to the layers of `network`.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if order and names contradict each other, or if there are weights that Keras' own layers
    /// do not have; [`Error::Invalid`] if weights are missing.
    pub fn of_model(
        archive: &'a Archive,
        root: &str,
        network: &Network,
        generation: Generation,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        let (mut listed, aside) = listed(archive, root, cancel)?;
        // The weights of a layer that cannot be computed are never read; all other faults are found without them.
        let is_computed = |layer: &Layer| layer.inner.is_some() || layer::kind(layer).is_ok();
        listed.retain(|found| {
            let layer = network.layers.iter().find(|l| l.name == found.name);
            layer.is_none_or(is_computed)
        });
        let desired: Vec<(&Layer, Vec<Slot>)> = network
            .layers
            .iter()
            .filter(|layer| is_computed(layer))
            .map(|layer| (layer, slots(layer, generation)))
            .filter(|(_, slots)| !slots.is_empty())
            .collect();
        for found in &listed {
            let has_weights = |(layer, _): &(&Layer, Vec<Slot>)| layer.name == found.name;
            let without = network.layers.iter().find(|l| l.name == found.name);
            if let Some(layer) = without.filter(|_| !desired.iter().any(has_weights)) {
                return Err(not_of_keras(layer, &found.weights[0].variable));
            }
        }
        if desired.len() > listed.len() {
            let lacks = |(layer, _): &&(&Layer, Vec<Slot>)| {
                !listed.iter().any(|found| found.name == layer.name)
            };
            let (layer, slots) = desired.iter().find(lacks).unwrap_or(&desired[listed.len()]);
            return Err(missing(&layer.name, slots[0].variable));
        }
        if listed.len() > desired.len() {
            let is_unknown =
                |found: &&ListedLayer| !network.layers.iter().any(|l| l.name == found.name);
            let found = listed.iter().find(is_unknown);
            let found = found.unwrap_or(&listed[desired.len()]);
            let reason = "the file holds weights for it, but the model has no such layer";
            return Err(Error::unsupported(&found.name, "unknown", reason));
        }
        let mut weights = Self {
            aside,
            ..Self::empty(archive)
        };
        for (found, (layer, slots)) in listed.into_iter().zip(desired) {
            let is_another = found.name != layer.name
                && network.layers.iter().any(|other| other.name == found.name);
            if is_another {
                return Err(contradiction(layer, &found.name, &layer.name));
            }
            let paired = paired(layer, found.weights, slots)?;
            for (slot, weight) in paired {
                let entry = Entry {
                    path: weight.path,
                    layer: slot.layer,
                    variable: slot.variable[0].to_owned(),
                    shape: weight.shape,
                    is_read: Cell::new(false),
                };
                weights.file(slot.key, entry);
            }
        }
        Ok(weights)
    }

    /// Assigns a weight to a layer.
    pub fn give(&mut self, place: LayerPosition, name: &str, path: &str, shape: &[usize]) {
        let entry = Entry {
            path: path.to_owned(),
            layer: place.layer.to_owned(),
            variable: name.to_owned(),
            shape: shape.to_vec(),
            is_read: Cell::new(false),
        };
        self.file(place.key(), entry);
    }

    /// States the number of values in arrays that are skipped, because Keras only uses them in training.
    pub fn set_aside(&mut self, values: u64) {
        self.aside = values;
    }

    fn file(&mut self, key: String, entry: Entry) {
        let at = self.entries.len();
        self.by_layer.entry(key).or_default().push(at);
        self.entries.push(entry);
    }

    /// Shapes of all arrays with four axes, in the order of the file.
    pub fn kernel_shapes(&self) -> impl Iterator<Item = &[usize]> {
        let shapes = self.entries.iter().map(|entry| entry.shape.as_slice());
        shapes.filter(|shape| shape.len() == 4)
    }

    /// Total number of values in all weights. A weight that several layers have counts once.
    pub fn parameters(&self) -> u64 {
        let mut counted = HashSet::new();
        let once = self.entries.iter();
        let once = once.filter(|entry| counted.insert(entry.path.as_str()));
        once.map(|entry| numbers(&entry.shape))
            .fold(self.aside, u64::saturating_add)
    }

    /// Shape of a layer's variable, under one of several possible names; `None` if the file has none of them.
    pub fn shape(
        &self,
        place: LayerPosition,
        variables: &[&str],
    ) -> Result<Option<&[usize]>, Error> {
        Ok(self
            .find(place, variables)?
            .map(|entry| entry.shape.as_slice()))
    }

    /// Reads a layer's variable, under one of several possible names.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for NaN and infinite values. A run need not reveal them, for example if an activation clips
    /// them.
    pub fn read(&self, place: LayerPosition, variables: &[&str]) -> Result<Array, Error> {
        let entry = self
            .find(place, variables)?
            .ok_or_else(|| missing(place.layer, variables))?;
        entry.is_read.set(true);
        let array = self.source.read(&entry.path)?;
        if array.numbers.iter().all(|n| n.is_finite()) {
            if let Some(name) = array.precision {
                precision::note(&mut self.precisions.borrow_mut(), name);
            }
            return Ok(array);
        }
        Err(Error::NotFinite {
            layer: shown(&place.name()),
        })
    }

    /// Precisions other than float32 of the arrays that were read.
    pub fn precisions(&self) -> Vec<&'static str> {
        self.precisions.borrow().clone()
    }

    /// # Errors
    /// [`Error::Unsupported`] with every weight that no layer has read and that is not only used in training.
    pub fn all_read(&self) -> Result<(), Error> {
        let unread = self.entries.iter().filter(|entry| {
            !entry.is_read.get() && !OF_TRAINING.contains(&entry.variable.as_str())
        });
        let refused: Vec<UnsupportedLayer> = unread
            .map(|entry| UnsupportedLayer {
                layer: shown(&entry.layer),
                class: "unknown".into(),
                reason: format!(
                    "its weight {} is not read by any of Keras' own layers",
                    shown(&entry.variable)
                ),
                remedy: match entry.variable.starts_with(OF_LORA) {
                    true => Remedy::MergedLora,
                    false => Remedy::Replace,
                },
            })
            .collect();
        if refused.is_empty() {
            Ok(())
        } else {
            Err(Error::Unsupported(refused))
        }
    }

    fn find(&self, place: LayerPosition, variables: &[&str]) -> Result<Option<&Entry>, Error> {
        let of_layer = self.by_layer.get(&place.key());
        let mut hits = of_layer
            .into_iter()
            .flatten()
            .map(|&at| &self.entries[at])
            .filter(|e| variables.contains(&e.variable.as_str()));
        let first = hits.next();
        if hits.next().is_some() {
            let variable = variables.join(" or ");
            return Err(Error::invalid(format!(
                "the layer {} has {variable} twice",
                place.layer
            )));
        }
        Ok(first)
    }
}

/// Number of values in an array of this shape.
pub(super) fn numbers(shape: &[usize]) -> u64 {
    let sizes = shape.iter();
    sizes.fold(1_u64, |n, &s| n.saturating_mul(s as u64))
}

/// The layers that a file lists, with the weights that are used at inference, and the number of values in the others.
fn listed(
    archive: &Archive,
    root: &str,
    cancel: &Cancel,
) -> Result<(Vec<ListedLayer>, u64), Error> {
    let below = |name: &str| archive.path_of(root, name);
    let folder = archive.group(root)?;
    let names = folder
        .names("layer_names")?
        .ok_or_else(|| Error::invalid("the file lists no layers with weights"))?;
    if folder.has_group(OF_THE_MODEL) {
        let own = archive.group(&below(OF_THE_MODEL))?.names("weight_names")?;
        let own = own.unwrap_or_default().into_iter();
        if let Some(name) = own
            .map(split)
            .find(|(_, v)| !OF_TRAINING.contains(&v.as_str()))
        {
            let reason = format!("it has a weight of its own, {}", shown(&name.1));
            return Err(Error::unsupported("model", "Model", reason));
        }
    }
    let (mut layers, mut aside) = (Vec::new(), 0_u64);
    for layer in names {
        cancel.check()?;
        let group = below(&layer);
        let folder = archive.group(&group)?;
        let mut weights = Vec::new();
        for name in folder.names("weight_names")?.unwrap_or_default() {
            let path = archive.path_of(&group, &name);
            let shape = archive.array(&path)?.shape().to_vec();
            let (before, variable) = split(name);
            if OF_TRAINING.contains(&variable.as_str()) {
                aside = aside.saturating_add(numbers(&shape));
            } else {
                weights.push(ListedWeight {
                    path,
                    before,
                    variable,
                    shape,
                });
            }
        }
        if !weights.is_empty() {
            layers.push(ListedLayer {
                name: layer,
                weights,
            });
        }
    }
    Ok((layers, aside))
}

/// `block/conv/kernel:0` is the variable `kernel` of `block/conv`.
fn split(name: String) -> (String, String) {
    let (before, last) = name.rsplit_once('/').unwrap_or(("", &name));
    let variable = last.split_once(':').map_or(last, |(name, _)| name);
    (before.to_owned(), variable.to_owned())
}

/// Pairs weights with slots by order and checks their names.
fn paired(
    layer: &Layer,
    weights: Vec<ListedWeight>,
    slots: Vec<Slot>,
) -> Result<Vec<(Slot, ListedWeight)>, Error> {
    let fits = |slot: &Slot, weight: &ListedWeight| {
        slot.variable
            .iter()
            .any(|name| is_called(&weight.variable, name))
    };
    let unheard = weights
        .iter()
        .find(|weight| !slots.iter().any(|slot| fits(slot, weight)));
    if let Some(weight) = unheard {
        return Err(not_of_keras(layer, &weight.variable));
    }
    if let Some(slot) = slots.get(weights.len()) {
        return Err(missing(&slot.layer, slot.variable));
    }
    if let Some(weight) = weights.get(slots.len()) {
        return Err(not_of_keras(layer, &weight.variable));
    }
    for (slot, weight) in slots.iter().zip(&weights) {
        let is_other_layer = layer.inner.is_some()
            && layer_named(&slots, &weight.before).is_some_and(|named| named != slot.layer);
        if !fits(slot, weight) || is_other_layer {
            return Err(contradiction(
                layer,
                &format!("{}/{}", weight.before, weight.variable),
                &format!("{}/{}", slot.layer, slot.variable[0]),
            ));
        }
    }
    Ok(slots.into_iter().zip(weights).collect())
}

/// Whether this is the variable's name, possibly with the number that TensorFlow 1 appends to a name already in use.
fn is_called(variable: &str, name: &str) -> bool {
    let rest = variable.strip_prefix(name);
    rest.is_some_and(|rest| {
        let number = rest.strip_prefix('_');
        rest.is_empty()
            || number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The layer that a path in the file names: the longest layer name at its end, in whole components.
fn layer_named<'s>(slots: &'s [Slot], path: &str) -> Option<&'s str> {
    let ends = |name: &str| {
        path.strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let named = slots.iter().map(|slot| slot.layer.as_str());
    named
        .filter(|name| ends(name))
        .max_by_key(|name| name.len())
}

pub(super) fn missing(layer: &str, variables: &[&str]) -> Error {
    Error::invalid(format!(
        "the layer {} has no weight named {}",
        shown(layer),
        variables.join(" or ")
    ))
}

/// How the names of LoRA's weights begin.
const OF_LORA: &str = "lora_";

fn not_of_keras(layer: &Layer, variable: &str) -> Error {
    if variable.starts_with(OF_LORA) {
        let why = Remedy::MergedLora.of("it has LoRA weights beside its kernel");
        return Error::unsupported(&layer.name, &layer.class, why);
    }
    let reason = format!(
        "the file holds its weight {}, which Keras' own {} does not read",
        shown(variable),
        shown(&layer.class)
    );
    Error::unsupported(&layer.name, &layer.class, reason)
}

fn contradiction(layer: &Layer, found: &str, desired: &str) -> Error {
    let reason = format!(
        "the names and order of its weights contradict each other: the file has {} where Keras reads {}; load the model with Keras and save it again",
        shown(found),
        shown(desired)
    );
    Error::unsupported(&layer.name, &layer.class, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(layer: &str) -> Slot {
        Slot {
            key: layer.into(),
            layer: layer.into(),
            variable: &["kernel"],
        }
    }

    #[test]
    fn a_path_names_the_layer_with_the_longest_whole_name() {
        let slots = ["bn", "conv1/bn", "conv2"].map(slot);
        assert_eq!(layer_named(&slots, "conv1/bn"), Some("conv1/bn"));
        assert_eq!(layer_named(&slots, "base/conv1/bn"), Some("conv1/bn"));
        assert_eq!(layer_named(&slots, "base/bn"), Some("bn"));
        assert_eq!(layer_named(&slots, "preconv2"), None);
        assert_eq!(layer_named(&slots, "conv2_1"), None);
    }

    #[test]
    fn a_variable_may_carry_the_number_of_tensorflow_1() {
        assert!(is_called("kernel", "kernel"));
        assert!(is_called("kernel_12", "kernel"));
        assert!(!is_called("kernel_a", "kernel"));
        assert!(!is_called("lora_kernel", "kernel"));
    }
}
