//! Assigns the weights of a weights-only file to the layers of a plan.
//!
//! Layers with names of their own are matched by name; layers that Keras numbers are matched in numeric order, from
//! whatever number the file starts with. What remains is the head.

use std::collections::{HashMap, HashSet};

use super::head::{self, HeadLayer};
use super::order::keras_order;
use super::{backbone, network};
use crate::domain::Pooling;
use crate::keras::config::{Layer, Network};
use crate::keras::stored::{
    StoredLayer, by_number, class_and_number, give_in_turn, group_of_class,
};
use crate::keras::weight_order::LayerPosition;
use crate::keras::weights::{Source, Weights};
use crate::keras::{Architecture, Error, FileKind, Open, Options};

/// Input size of a plan of which only the weights matter.
const ANY_SIZE: [usize; 2] = [299, 299];

/// A weights-only file whose kernels match none of the 16 networks.
const UNKNOWN_NETWORK: Error = Error::NotAModel(FileKind::WeightsOfUnknownNetwork);

/// A network for a weights-only file.
pub struct Planned<'a> {
    pub network: Network,
    pub weights: Weights<'a>,
    pub architecture: Architecture,
    /// The pooling, if the file determines it.
    pub pooling: Option<Pooling>,
}

/// Recognises the network, assigns the file's weights to it and builds the head.
///
/// # Errors
/// [`Error::Open`] with everything that neither the file nor the options state.
pub fn weights_only<'a>(
    source: &'a dyn Source,
    stored: Vec<StoredLayer>,
    options: &Options,
) -> Result<Planned<'a>, Error> {
    let pools = ["global_average_pooling2d", "global_max_pooling2d"]
        .map(|class| stored.iter().map(|layer| layer.count(class)).sum::<usize>());
    let stored: Vec<StoredLayer> = stored
        .into_iter()
        .flat_map(StoredLayer::flattened)
        .collect();
    let shapes = || stored.iter().flat_map(|l| &l.variables).map(|v| &v.shape);
    let parameters = shapes()
        .map(|s| s.iter().fold(1_u64, |n, &s| n.saturating_mul(s as u64)))
        .fold(0, u64::saturating_add);
    let recognised = Architecture::recognise(shapes().map(Vec::as_slice));
    let Some(architecture) = recognised.or(options.architecture) else {
        return Err(UNKNOWN_NETWORK);
    };
    let scales_input = stored.iter().any(is_normalization);
    let size = options
        .input_size
        .map_or(ANY_SIZE, |s| s.map(|side| side as usize));
    let rescaling = scales_input.then(|| options.imagenet_rescaling.unwrap_or(false));
    let mut plan = backbone(architecture, size, rescaling);
    let order = keras_order(&Network {
        layers: plan.layers.clone(),
        inputs: Vec::new(),
        outputs: vec![crate::keras::config::Tensor::first(plan.end, 0)],
    });
    let bound = bind(&plan.layers, &order, &stored, architecture)?;
    let shape = plan.shape();
    let left = left_over(&stored, &bound);
    let behind = head::layers(&left, architecture)?;
    let hidden = head::has_hidden(&behind);
    let reported = head::pooling(&behind, shape, options.input_size.is_some())?
        .or_else(|| pooling_of_groups(&plan.layers, pools));
    let pooling = reported.or(options.pooling).or(options.usual_pooling);
    let missing: Vec<&'static str> = [
        ("input_size", options.input_size.is_none()),
        ("head", options.head.is_none()),
        ("pooling", pooling.is_none()),
        (
            "hidden_activation",
            hidden && options.hidden_activation.is_none(),
        ),
        (
            "head_norm",
            head::has_norm_behind_dense(&behind) && options.head_norm.is_none(),
        ),
        (
            "norm_epsilon",
            head::has_norm(&behind) && options.norm_epsilon.is_none(),
        ),
        (
            "imagenet_rescaling",
            scales_input && options.imagenet_rescaling.is_none(),
        ),
    ]
    .into_iter()
    .filter_map(|(name, is_missing)| is_missing.then_some(name))
    .collect();
    let Some(kind) = options.head.filter(|_| missing.is_empty()) else {
        return Err(Error::Open(Box::new(Open {
            architecture: Some(architecture),
            parameters,
            missing,
        })));
    };
    if reported.is_some() && options.pooling.is_some_and(|given| Some(given) != reported) {
        return Err(Error::PoolingStated);
    }
    let mut weights = Weights::empty(source);
    for (at, found) in bound.iter().map(|(&at, &found)| (at, &stored[found])) {
        give(&mut weights, &plan.layers[at], found);
    }
    let settings = head::Settings {
        last: kind,
        pooling,
        hidden: options.hidden_activation.unwrap_or_default(),
        norm: options.head_norm,
        epsilon: options.norm_epsilon,
    };
    head::build(&mut plan, &mut weights, behind, &settings)?;
    Ok(Planned {
        network: network(plan),
        weights,
        architecture,
        pooling: reported,
    })
}

/// The pooling, if the file has a group for each layer, also for those without weights: what it has in addition to the
/// layers of the plan. `pools`: its groups of average and of max pooling.
fn pooling_of_groups(plan: &[Layer], pools: [usize; 2]) -> Option<Pooling> {
    let of_plan = |class: &str| plan.iter().filter(|layer| layer.class == class).count();
    let planned = ["GlobalAveragePooling2D", "GlobalMaxPooling2D"].map(of_plan);
    match [0, 1].map(|at| pools[at].checked_sub(planned[at])) {
        [Some(1), Some(0)] => Some(Pooling::Avg),
        [Some(0), Some(1)] => Some(Pooling::Max),
        _ => None,
    }
}

/// Assigns the weights of a stored layer to a layer of the plan.
fn give(weights: &mut Weights, layer: &Layer, found: &StoredLayer) {
    let place = LayerPosition {
        models: "",
        layer: &layer.name,
    };
    if found.group.is_some() {
        give_in_turn(weights, place, layer, found);
    } else {
        for variable in &found.variables {
            weights.give(place, &variable.name, &variable.path, &variable.shape);
        }
    }
}

fn is_normalization(layer: &StoredLayer) -> bool {
    let name = layer
        .group
        .as_deref()
        .unwrap_or_else(|| last_part(&layer.name));
    class_and_number(name).0 == "normalization"
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// DenseNet has `/` in its layer names in Keras 2 and `_` in Keras 3.
fn plain(name: &str) -> String {
    name.replace('/', "_")
}

/// For every layer of the plan that has weights, the stored layer that holds them: (index in the plan → index in the
/// file). `order` is the order in which Keras lists the layers of the plan.
pub fn bind(
    plan: &[Layer],
    order: &[usize],
    stored: &[StoredLayer],
    architecture: Architecture,
) -> Result<HashMap<usize, usize>, Error> {
    let has_weights = |at: &usize| group_of_class(&plan[*at].class).is_some();
    let numbered_file = !stored.is_empty()
        && stored
            .iter()
            .all(|l| l.group.as_deref() == Some(l.name.as_str()));
    let missing = |layer: &Layer| {
        unfit(
            layer,
            format!("the file has no weights for this layer of {architecture}"),
        )
    };
    let mut bound = HashMap::new();
    if numbered_file {
        let places = by_number(stored);
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for at in order.iter().copied().filter(has_weights) {
            let class = group_of_class(&plan[at].class).unwrap_or_default();
            let number = counts.entry(class).or_default();
            let found = places.get(&(class, *number));
            *number += 1;
            bound.insert(at, *found.ok_or_else(|| missing(&plan[at]))?);
        }
    } else {
        let names = Names::of(stored);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for at in (0..plan.len()).filter(has_weights) {
            let class = group_of_class(&plan[at].class).unwrap_or_default();
            let found = if class_and_number(&plan[at].name).0 == class {
                let rank = counts.entry(class).or_default();
                *rank += 1;
                names.numbered(class, *rank - 1)
            } else {
                names.speaking(&plan[at].name)
            };
            bound.insert(at, found.ok_or_else(|| missing(&plan[at]))?);
        }
    }
    let mut used = HashSet::new();
    for (&at, &found) in &bound {
        if !used.insert(found) {
            return Err(missing(&plan[at]));
        }
        check(&plan[at], &stored[found], architecture)?;
    }
    Ok(bound)
}

/// The names in a file, indexed for both ways of matching.
struct Names {
    whole: HashMap<String, usize>,
    /// By the part after a `/`; `None` if it is ambiguous.
    endings: HashMap<String, Option<usize>>,
    /// By class: indices in numeric order.
    numbered: HashMap<String, Vec<usize>>,
}

impl Names {
    fn of(stored: &[StoredLayer]) -> Self {
        let mut names = Self {
            whole: HashMap::new(),
            endings: HashMap::new(),
            numbered: HashMap::new(),
        };
        let mut with_number: Vec<(&str, u32, usize)> = Vec::new();
        for (at, layer) in stored.iter().enumerate() {
            names.whole.insert(plain(&layer.name), at);
            for (slash, _) in layer.name.match_indices('/').take(16) {
                names
                    .endings
                    .entry(plain(&layer.name[slash + 1..]))
                    .and_modify(|place| *place = None)
                    .or_insert(Some(at));
            }
            let (class, number) = class_and_number(last_part(&layer.name));
            with_number.push((class, number, at));
        }
        with_number.sort();
        for (class, _, at) in with_number {
            let of_class = names.numbered.entry(class.to_owned());
            of_class.or_default().push(at);
        }
        names
    }

    fn speaking(&self, name: &str) -> Option<usize> {
        let name = plain(name);
        let ending = || self.endings.get(&name).copied().flatten();
        self.whole.get(&name).copied().or_else(ending)
    }

    fn numbered(&self, class: &str, rank: usize) -> Option<usize> {
        self.numbered.get(class)?.get(rank).copied()
    }
}

/// The kernel must have the shape that the plan states.
fn check(layer: &Layer, found: &StoredLayer, architecture: Architecture) -> Result<(), Error> {
    let number = |key: &str| {
        let value = layer.settings.get(key).and_then(serde_json::Value::as_u64);
        value.and_then(|n| usize::try_from(n).ok())
    };
    let sides = layer.settings.get("kernel_size").cloned();
    let Some(Ok([kh, kw])) = sides.map(serde_json::from_value::<[usize; 2]>) else {
        return Ok(());
    };
    let first = found.variables.first().map(|v| v.shape.as_slice());
    let out = match layer.class.as_str() {
        "DepthwiseConv2D" => Some(1),
        "SeparableConv2D" => first.and_then(|s| s.get(3).copied()),
        _ => number("filters"),
    };
    match first {
        Some(&[h, w, _, o]) if [h, w] == [kh, kw] && Some(o) == out => Ok(()),
        _ => Err(unfit(
            layer,
            format!("its weights do not match {architecture}"),
        )),
    }
}

/// The weights belong to another network, or to a modified one.
fn unfit(layer: &Layer, reason: String) -> Error {
    let reason = format!("{reason}; save the whole model with model.save(\"model.h5\")");
    Error::unsupported(&layer.name, &layer.class, reason)
}

/// The stored layers that no layer of the plan uses, in the order of the file.
fn left_over<'s>(stored: &'s [StoredLayer], bound: &HashMap<usize, usize>) -> Vec<&'s StoredLayer> {
    let used: HashSet<usize> = bound.values().copied().collect();
    stored
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at))
        .map(|(_, layer)| layer)
        .collect()
}

/// The layers after the backbone.
pub type LayersAfterBackbone<'s> = Vec<HeadLayer<'s>>;
