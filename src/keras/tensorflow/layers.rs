//! Assigns the variables of a checkpoint to the layers of a network.
//!
//! Keras restores a model by structure: layer 3 of the model has the variables of the object `layer-3`. Here names and
//! shapes must agree with that as well, and every variable must be one that a layer reads or that only training uses.

use std::collections::{HashMap, HashSet};

use super::bundle::Bundle;
use super::object_graph::{Node, ObjectGraph, ROOT};
use super::saved_layers::SavedLayer;
use crate::domain::foreign::shown;
use crate::keras::config::{Layer, MAX_DEPTH, Network};
use crate::keras::stored::{StoredLayer, Variable, class_and_number};
use crate::keras::weight_order::{LayerPosition, inside, variables};
use crate::keras::weights::{OF_TRAINING, Weights, missing, numbers};
use crate::keras::{Error, FileKind};

/// The key with the graph of objects.
pub const OBJECT_GRAPH: &str = "_CHECKPOINTABLE_OBJECT_GRAPH";

/// Fields of a node of `TrackableObjectGraph`, and of its attributes.
const NODE_ATTRIBUTES: u64 = 2;
const ATTRIBUTE_NAME: u64 = 1;
const ATTRIBUTE_FULL_NAME: u64 = 2;
const ATTRIBUTE_KEY: u64 = 3;
/// Name of the attribute with the value of a variable.
const VALUE: &str = "VARIABLE_VALUE";

/// What a model or a checkpoint knows beside the layers, and only training uses.
const PARTS_OF_TRAINING: [&str; 4] = ["optimizer", "keras_api", "loss", "save_counter"];
/// Part of the keys of what an optimizer remembers for each variable.
const OPTIMIZER_SLOT: &str = "/.OPTIMIZER_SLOT/";
/// How an optimizer, whatever the checkpoint calls it, knows the number of its steps.
const ITERATIONS: [&str; 2] = ["iter", "_iterations"];

/// An open checkpoint with the graph of its objects.
pub struct Tracked<'a, B> {
    bundle: &'a Bundle<B>,
    graph: ObjectGraph<'a>,
    /// The object that is the model.
    model: Node,
    /// The names that the checkpoint has for the model; empty if it is the outermost object.
    names: Vec<&'a str>,
}

/// A variable as the graph states it.
struct Tensor<'a> {
    key: &'a str,
    /// As Keras names it: `conv1/kernel`.
    full_name: &'a str,
}

impl<'a, B: AsRef<[u8]>> Tracked<'a, B> {
    /// Finds the model: the outermost object, or the one object that this knows which has layers.
    ///
    /// # Errors
    /// [`Error::NotAModel`] if there is no model with layers, or more than one.
    pub fn find(bundle: &'a Bundle<B>, graph: ObjectGraph<'a>) -> Result<Self, Error> {
        if graph.layers(ROOT)?.is_some() {
            return Ok(Self {
                bundle,
                graph,
                model: ROOT,
                names: Vec::new(),
            });
        }
        let mut model = None;
        let mut names = Vec::new();
        let mut met = HashSet::new();
        for (name, node) in graph.children(ROOT)? {
            if model == Some(node) {
                names.push(name);
            } else if met.insert(node) && graph.layers(node)?.is_some() {
                if model.is_some() {
                    return Err(SEVERAL_MODELS);
                }
                model = Some(node);
                names.push(name);
            }
        }
        let Some(model) = model else {
            let only_optimizer = holds_only_training(bundle, &graph)?;
            return Err(if only_optimizer {
                ONLY_OPTIMIZER
            } else {
                NO_MODEL
            });
        };
        Ok(Self {
            bundle,
            graph,
            model,
            names,
        })
    }

    /// The variable that a node is; `None` for any other object.
    fn tensor(&self, node: Node) -> Result<Option<Tensor<'a>>, Error> {
        for attribute in self.graph.node(node)?.all(NODE_ATTRIBUTES) {
            let attribute = super::proto::Message::parse(attribute)?;
            if attribute.text(ATTRIBUTE_NAME)? == VALUE {
                return Ok(Some(Tensor {
                    key: attribute.text(ATTRIBUTE_KEY)?,
                    full_name: attribute.text(ATTRIBUTE_FULL_NAME)?,
                }));
            }
        }
        Ok(None)
    }

    /// The variables of a layer by the names that it has for them, in order.
    fn variables(&self, layer: Node) -> Result<Vec<(&'a str, Tensor<'a>)>, Error> {
        let mut found = Vec::new();
        for (name, node) in self.graph.children(layer)? {
            found.extend(self.tensor(node)?.map(|tensor| (name, tensor)));
        }
        Ok(found)
    }

    fn shape(&self, tensor: &Tensor) -> Result<&'a [usize], Error> {
        let shape = self.bundle.shape(tensor.key);
        shape.ok_or_else(|| Error::malformed(format!("there is no {}", shown(tensor.key))))
    }

    /// The weights of `network`. `saved` is what a SavedModel states of its objects.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if the network, the names and the variables contradict each other.
    pub fn weights(
        &self,
        network: &Network,
        is_sequential: bool,
        saved: Option<&HashMap<Node, SavedLayer>>,
    ) -> Result<Weights<'a>, Error>
    where
        B: 'a,
    {
        let mut assignment = Assignment {
            tracked: self,
            saved,
            weights: Weights::empty(self.bundle),
            known: HashSet::new(),
            aside: HashMap::new(),
        };
        assignment.model(network, self.model, is_sequential, "", 0)?;
        let Assignment {
            mut weights,
            known,
            aside,
            ..
        } = assignment;
        self.refuse_unknown(&known)?;
        weights.set_aside(aside.into_values().fold(0, u64::saturating_add));
        Ok(weights)
    }

    /// The layers with weights by the names that Keras gives their variables, for a network that is to be recognised.
    pub fn stored_layers(&self) -> Result<Vec<StoredLayer>, Error> {
        let mut layers = Vec::new();
        let mut known = HashSet::new();
        self.stored_below(self.model, 0, &mut layers, &mut known)?;
        self.refuse_unknown(&known)?;
        Ok(layers)
    }

    fn stored_below(
        &self,
        model: Node,
        depth: usize,
        found: &mut Vec<StoredLayer>,
        known: &mut HashSet<&'a str>,
    ) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::Limit("models nested too deeply".into()));
        }
        for node in self.graph.layers(model)?.unwrap_or_default() {
            if self.graph.layers(node)?.is_some() {
                self.stored_below(node, depth + 1, found, known)?;
                continue;
            }
            let mut layer = StoredLayer::default();
            for (name, tensor) in self.variables(node)? {
                if !known.insert(tensor.key) {
                    continue;
                }
                let before = tensor.full_name.rsplit_once('/');
                layer.name = before.map_or("", |(layer, _)| layer).to_owned();
                layer.variables.push(Variable {
                    name: name.to_owned(),
                    path: tensor.key.to_owned(),
                    shape: self.shape(&tensor)?.to_vec(),
                });
            }
            if !layer.variables.is_empty() {
                found.push(layer);
            }
        }
        Ok(())
    }

    /// Refuses variables that no layer has, unless only training uses them. Outside the model, single numbers count as
    /// such: the step, the epoch, the best loss so far.
    fn refuse_unknown(&self, known: &HashSet<&str>) -> Result<(), Error> {
        let of_training = parts_of_training(&self.graph)?;
        for key in self.bundle.keys() {
            if known.contains(key) || !self.bundle.is_real(key) || key.contains(OPTIMIZER_SLOT) {
                continue;
            }
            let (outer, rest) = key.split_once('/').unwrap_or((key, ""));
            let is_inside = self.model == ROOT || self.names.contains(&outer);
            let part = match self.model {
                ROOT => outer,
                _ if is_inside => rest.split('/').next().unwrap_or_default(),
                _ => outer,
            };
            let is_one_number = self.bundle.shape(key).is_some_and(<[usize]>::is_empty);
            if of_training.contains(part) || (!is_inside && is_one_number) {
                continue;
            }
            // Beside the model with layers there are others: all are parts of a model of a class of its own.
            if !is_inside {
                return Err(NO_MODEL);
            }
            let reason = format!("it has a weight that no layer reads, {}", shown(key));
            return Err(Error::unsupported("model", "Model", reason));
        }
        Ok(())
    }
}

/// The names of what only training uses, among them optimizers, whatever they are called.
fn parts_of_training<'a>(graph: &ObjectGraph<'a>) -> Result<HashSet<&'a str>, Error> {
    let mut of_training: HashSet<&str> = PARTS_OF_TRAINING.into();
    for (name, node) in graph.children(ROOT)? {
        let mut parts = graph.children(node)?.into_iter();
        if parts.any(|(part, _)| ITERATIONS.contains(&part)) {
            of_training.insert(name);
        }
    }
    Ok(of_training)
}

/// Whether a checkpoint has the state of an optimizer and no weights.
fn holds_only_training<B: AsRef<[u8]>>(
    bundle: &Bundle<B>,
    graph: &ObjectGraph,
) -> Result<bool, Error> {
    let of_training = parts_of_training(graph)?;
    let outer = |key: &str| key.split('/').next().unwrap_or_default().to_owned();
    let is_of_training =
        |key: &&str| of_training.contains(outer(key).as_str()) || key.contains(OPTIMIZER_SLOT);
    let is_weight = |key: &&str| {
        let is_one_number = bundle.shape(key).is_some_and(<[usize]>::is_empty);
        bundle.is_real(key) && !is_one_number
    };
    let has_optimizer = bundle
        .keys()
        .any(|key| of_training.contains(outer(key).as_str()));
    let mut weights = bundle.keys().filter(is_weight);
    Ok(has_optimizer && weights.all(|key| is_of_training(&key)))
}

const ONLY_OPTIMIZER: Error = Error::NotAModel(FileKind::OptimizerOnly);

const NO_MODEL: Error = Error::NotAModel(FileKind::WeightsOfSubclass);

const SEVERAL_MODELS: Error = Error::NotAModel(FileKind::SeveralModels);

struct Assignment<'t, 'a, B> {
    tracked: &'t Tracked<'a, B>,
    saved: Option<&'t HashMap<Node, SavedLayer>>,
    weights: Weights<'a>,
    /// Keys of the variables that layers have.
    known: HashSet<&'a str>,
    /// Numbers of values by key, of variables that layers have and only training uses.
    aside: HashMap<&'a str, u64>,
}

impl<'a, B: AsRef<[u8]> + 'a> Assignment<'_, 'a, B> {
    fn model(
        &mut self,
        network: &Network,
        node: Node,
        is_sequential: bool,
        models: &str,
        depth: usize,
    ) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::Limit("models nested too deeply".into()));
        }
        let nodes = self.tracked.graph.layers(node)?.unwrap_or_default();
        // A Sequential model does not count its input as a layer.
        let layers = &network.layers[usize::from(is_sequential)..];
        if nodes.len() != layers.len() {
            let reason = format!(
                "its configuration has {} layers, and the checkpoint {}",
                layers.len(),
                nodes.len()
            );
            return Err(Error::unsupported("model", "Model", reason));
        }
        let mut names = Names::of(layers);
        for (layer, node) in layers.iter().zip(nodes) {
            if let Some(saved) = self.saved {
                agree(layer, saved.get(&node))?;
            }
            match &layer.inner {
                Some(inner) => {
                    let models = inside(models, &layer.name);
                    let is_sequential = layer.class == "Sequential";
                    self.model(inner, node, is_sequential, &models, depth + 1)?;
                }
                None => self.layer(layer, node, models, &mut names)?,
            }
        }
        Ok(())
    }

    fn layer(
        &mut self,
        layer: &Layer,
        node: Node,
        models: &str,
        names: &mut Names,
    ) -> Result<(), Error> {
        let place = LayerPosition {
            models,
            layer: &layer.name,
        };
        let found = self.tracked.variables(node)?;
        let mut given = HashSet::new();
        for (variable, _) in variables(layer) {
            let mut hits = found.iter().filter(|(name, _)| variable.contains(name));
            let (_, tensor) = hits.next().ok_or_else(|| missing(&layer.name, variable))?;
            if hits.any(|(_, other)| other.key != tensor.key) || !given.insert(tensor.key) {
                let reason = format!("it has {} twice", variable.join(" or "));
                return Err(refused(layer, reason));
            }
            if self.saved.is_none() {
                names.agree(layer, tensor.full_name)?;
            }
            let shape = self.tracked.shape(tensor)?;
            if !self.tracked.bundle.is_real(tensor.key) {
                let reason = format!("its {} has the shape {shape:?}", variable[0]);
                return Err(refused(layer, reason));
            }
            self.weights.give(place, variable[0], tensor.key, shape);
        }
        for (name, tensor) in found {
            if OF_TRAINING.contains(&name) && self.known.insert(tensor.key) {
                let shape = self.tracked.shape(&tensor)?;
                self.aside.insert(tensor.key, numbers(shape));
            }
        }
        self.known.extend(given);
        Ok(())
    }
}

/// A SavedModel states the name and class of the object at a layer's place: they must be those of the layer.
fn agree(layer: &Layer, saved: Option<&SavedLayer>) -> Result<(), Error> {
    let Some(saved) = saved else {
        let has_weights = layer.inner.is_some() || !variables(layer).is_empty();
        if !has_weights {
            return Ok(());
        }
        return Err(refused(
            layer,
            "the SavedModel does not describe it".to_owned(),
        ));
    };
    let class = saved.class.rsplit('>').next().unwrap_or_default();
    if saved.name == layer.name && class == layer.class {
        return Ok(());
    }
    Err(refused(
        layer,
        format!(
            "the SavedModel has {} ({}) in its place",
            shown(&saved.name),
            shown(class)
        ),
    ))
}

/// Whether the names of variables fit those of layers. Keras numbers layers without a name of their own through a whole
/// session: all numbers of a class may differ by the same amount.
struct Names<'l> {
    layers: HashSet<&'l str>,
    /// By the name before the number.
    shifts: HashMap<String, i64>,
}

impl<'l> Names<'l> {
    fn of(layers: &'l [Layer]) -> Self {
        let with_weights = layers.iter().filter(|layer| !variables(layer).is_empty());
        Self {
            layers: with_weights.map(|layer| layer.name.as_str()).collect(),
            shifts: HashMap::new(),
        }
    }

    /// # Errors
    /// [`Error::Unsupported`] if the variable is called after another layer.
    fn agree(&mut self, layer: &Layer, full_name: &str) -> Result<(), Error> {
        let before = full_name.rsplit_once('/').map_or("", |(before, _)| before);
        let whole = [before, before.rsplit('/').next().unwrap_or_default()];
        let Some(&other) = whole.iter().find(|name| self.layers.contains(*name)) else {
            return Ok(());
        };
        if whole.contains(&layer.name.as_str()) {
            return Ok(());
        }
        let (own, number) = class_and_number(&layer.name);
        let (class, other_number) = class_and_number(other);
        let shift = i64::from(other_number) - i64::from(number);
        if class == own && *self.shifts.entry(class.to_owned()).or_insert(shift) == shift {
            return Ok(());
        }
        Err(refused(
            layer,
            format!(
                "the names and order of its weights contradict each other: the checkpoint has those of {} in its place",
                shown(other)
            ),
        ))
    }
}

fn refused(layer: &Layer, reason: String) -> Error {
    Error::unsupported(&layer.name, &layer.class, reason)
}
