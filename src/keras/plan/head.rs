//! The head of a weights-only network: the layers after the last feature map, from the shapes of their weights.
//!
//! The file determines the order of dense layers, but mostly neither the pooling nor the position and epsilon of a
//! batch norm in the head: the user is asked for them.

use serde_json::json;

use super::bind::LayersAfterBackbone;
use super::build::Plan;
use crate::domain::{Head, HeadNorm, HiddenActivation, Pooling, Remedy};
use crate::keras::stored::{StoredLayer, Variable, class_and_number};
use crate::keras::weight_order::LayerPosition;
use crate::keras::weights::Weights;
use crate::keras::{Architecture, Error, FileKind, UnsupportedLayer};

/// A layer of the head.
pub enum HeadLayer<'s> {
    Dense {
        stored: &'s StoredLayer,
        input: usize,
        output: usize,
    },
    Norm {
        stored: &'s StoredLayer,
        width: usize,
        /// Names of its variables in order.
        names: Vec<String>,
    },
    /// MobileNet's own classifier, a 1 × 1 convolution.
    Classifier {
        stored: &'s StoredLayer,
        classes: usize,
    },
}

/// Puts the remaining layers of a file into the order of the head.
pub fn layers<'s>(
    left: &[&'s StoredLayer],
    architecture: Architecture,
) -> Result<LayersAfterBackbone<'s>, Error> {
    let mut refused = Vec::new();
    let mut found = Vec::new();
    for &stored in left {
        match layer(stored) {
            Ok(layer) => found.push(layer),
            Err(reason) => refused.push(UnsupportedLayer {
                layer: stored.name.clone(),
                class: stored
                    .group
                    .as_deref()
                    .map_or("unknown", |group| class_and_number(group).0)
                    .to_owned(),
                reason: format!("{reason}, and it is not part of {architecture}"),
                remedy: Remedy::Replace,
            }),
        }
    }
    if !refused.is_empty() {
        return Err(Error::Unsupported(refused));
    }
    if found.is_empty() {
        return Err(Error::NotAModel(FileKind::WeightsWithoutHead));
    }
    if left.iter().any(|l| l.group.is_some()) {
        found = interleaved(found)?;
    }
    match found.last() {
        Some(HeadLayer::Norm { stored, .. }) => Err(refusal(stored, "no layer follows it")),
        Some(HeadLayer::Classifier { .. }) if found.len() > 1 => Err(Error::invalid(
            "the file holds a convolution as classifier and other layers in the head",
        )),
        _ => Ok(found),
    }
}

fn layer(stored: &StoredLayer) -> Result<HeadLayer<'_>, &'static str> {
    let shapes: Vec<&[usize]> = stored
        .variables
        .iter()
        .map(|v| v.shape.as_slice())
        .collect();
    match *shapes.as_slice() {
        [&[input, output]] => Ok(HeadLayer::Dense {
            stored,
            input,
            output,
        }),
        [&[input, output], &[bias]] if bias == output => Ok(HeadLayer::Dense {
            stored,
            input,
            output,
        }),
        [&[1, 1, _, classes], &[bias]] if bias == classes => {
            Ok(HeadLayer::Classifier { stored, classes })
        }
        [&[width], ref others @ ..] if others.iter().all(|s| **s == [width]) => norm(stored, width),
        _ => Err("its weights are not those of a Dense or BatchNormalization layer"),
    }
}

fn norm(stored: &StoredLayer, width: usize) -> Result<HeadLayer<'_>, &'static str> {
    let names: Vec<String> = match (&stored.group, stored.variables.len()) {
        (Some(_), 4) => ["gamma", "beta", "moving_mean", "moving_variance"]
            .map(str::to_owned)
            .to_vec(),
        (Some(_), 3) => return Err("the file does not show whether it has a gamma or a beta"),
        (Some(_), 2) => ["moving_mean", "moving_variance"]
            .map(str::to_owned)
            .to_vec(),
        _ => stored.variables.iter().map(|v| v.name.clone()).collect(),
    };
    let is_norm = ["moving_mean", "moving_variance"]
        .iter()
        .all(|&n| names.iter().any(|name| name == n));
    if !is_norm {
        return Err("its weights are not those of a Dense or BatchNormalization layer");
    }
    Ok(HeadLayer::Norm {
        stored,
        width,
        names,
    })
}

fn refusal(stored: &StoredLayer, reason: &str) -> Error {
    Error::unsupported(&stored.name, "BatchNormalization", reason)
}

/// Keras 3 keeps the order within each class but not between classes: a norm goes where its width matches.
fn interleaved(found: LayersAfterBackbone<'_>) -> Result<LayersAfterBackbone<'_>, Error> {
    let (norms, mut line): (LayersAfterBackbone, LayersAfterBackbone) = found
        .into_iter()
        .partition(|l| matches!(l, HeadLayer::Norm { .. }));
    // In reverse, so that earlier indices stay valid.
    for norm in norms.into_iter().rev() {
        let HeadLayer::Norm { stored, width, .. } = &norm else {
            continue;
        };
        let fits: Vec<usize> = (0..=line.len())
            .filter(|&at| {
                let before = at.checked_sub(1).and_then(|i| line.get(i));
                let behind = line.get(at);
                let ends = match before {
                    Some(HeadLayer::Dense { output, .. }) => output == width,
                    Some(_) => false,
                    None => true,
                };
                ends && matches!(behind, Some(HeadLayer::Dense { input, .. }) if input == width)
            })
            .collect();
        match fits.as_slice() {
            &[at] => line.insert(at, norm),
            _ => {
                return Err(refusal(
                    stored,
                    "the file does not show which dense layers it is between; save the whole model with model.save",
                ));
            }
        }
    }
    Ok(line)
}

/// True if a dense layer precedes the last one.
pub fn has_hidden(behind: &LayersAfterBackbone) -> bool {
    let dense = |l: &&HeadLayer| matches!(l, HeadLayer::Dense { .. });
    behind.iter().filter(dense).count() > 1
}

/// True if the head has a batch norm.
pub fn has_norm(behind: &LayersAfterBackbone) -> bool {
    behind.iter().any(|l| matches!(l, HeadLayer::Norm { .. }))
}

/// True if a batch norm follows a hidden dense layer; it may be before or after that layer's activation.
pub fn has_norm_behind_dense(behind: &LayersAfterBackbone) -> bool {
    behind
        .windows(2)
        .any(|pair| matches!(pair, [HeadLayer::Dense { .. }, HeadLayer::Norm { .. }]))
}

/// The pooling for a last feature map of this height, width and channels. While the input size is unknown, so is the
/// length of a flattened map. `None`: average and max pooling have weights of the same shape.
pub fn pooling(
    behind: &LayersAfterBackbone,
    [height, width, channels]: [usize; 3],
    is_sized: bool,
) -> Result<Option<Pooling>, Error> {
    let (stored, desired) = match behind.first() {
        Some(HeadLayer::Dense { input, stored, .. }) => (stored, *input),
        Some(HeadLayer::Norm { width, stored, .. }) => (stored, *width),
        // The classifier of MobileNet follows its own average pooling.
        Some(HeadLayer::Classifier { .. }) | None => return Ok(Some(Pooling::Avg)),
    };
    let all = height.saturating_mul(width).saturating_mul(channels);
    if desired == channels {
        return Ok(None);
    }
    if desired == all || (!is_sized && desired % channels == 0) {
        return Ok(Some(Pooling::Flatten));
    }
    Err(Error::unsupported(
        &stored.name,
        "head",
        format!(
            "it reads {desired} values, but the last feature map has {channels} channels and, for this input size, {all} values; give the input size used in training, or save the whole model with model.save(\"model.h5\")"
        ),
    ))
}

/// What is known about the head in addition to its weights.
pub struct Settings {
    /// The last activation.
    pub last: Head,
    pub pooling: Option<Pooling>,
    pub hidden: HiddenActivation,
    pub norm: Option<HeadNorm>,
    pub epsilon: Option<f64>,
}

/// Appends the head to a backbone.
pub fn build(
    plan: &mut Plan,
    weights: &mut Weights,
    behind: LayersAfterBackbone,
    settings: &Settings,
) -> Result<(), Error> {
    let last = match settings.last {
        Head::Sigmoid => "sigmoid",
        Head::Softmax => "softmax",
        Head::Linear => "linear",
    };
    let hidden = settings.hidden;
    pool(plan, &behind, settings.pooling)?;
    let count = behind.len();
    let mut waits = false;
    for (at, layer) in behind.iter().enumerate() {
        match layer {
            HeadLayer::Dense { stored, output, .. } => {
                let is_last = at + 1 == count;
                // The norm may be between the dense layer and its activation.
                waits = settings.norm == Some(HeadNorm::BeforeActivation)
                    && matches!(behind.get(at + 1), Some(HeadLayer::Norm { .. }));
                let activation = match (is_last, waits) {
                    (true, _) => last,
                    (false, true) => "linear",
                    (false, false) => hidden.as_str(),
                };
                let settings = json!({ "units": output, "activation": activation, "use_bias": stored.variables.len() == 2 });
                let name = name_for(plan, stored);
                plan.add(
                    "Dense",
                    name.clone(),
                    settings,
                    &[plan.end],
                    [1, 1, *output],
                );
                give(weights, &name, &["kernel", "bias"], &stored.variables);
            }
            HeadLayer::Norm {
                stored,
                width,
                names,
            } => {
                let has = |n: &str| names.iter().any(|name| name == n);
                let settings = json!({ "epsilon": settings.epsilon, "scale": has("gamma"), "center": has("beta"), "axis": -1 });
                let name = name_for(plan, stored);
                plan.add(
                    "BatchNormalization",
                    name.clone(),
                    settings,
                    &[plan.end],
                    [1, 1, *width],
                );
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                give(weights, &name, &names, &stored.variables);
                if waits {
                    let name = format!("{name}_activation");
                    let settings = json!({ "activation": hidden.as_str() });
                    plan.add("Activation", name, settings, &[plan.end], [1, 1, *width]);
                    waits = false;
                }
            }
            HeadLayer::Classifier { stored, classes } => {
                let settings =
                    json!({ "kernel_size": [1, 1], "padding": "same", "filters": classes });
                let name = name_for(plan, stored);
                plan.add(
                    "Conv2D",
                    name.clone(),
                    settings,
                    &[plan.end],
                    [1, 1, *classes],
                );
                give(weights, &name, &["kernel", "bias"], &stored.variables);
                plan.reshape("reshape_2", &[*classes]);
                plan.activation("predictions", last);
            }
        }
    }
    Ok(())
}

/// Turns the last feature map into a vector.
fn pool(
    plan: &mut Plan,
    behind: &LayersAfterBackbone,
    pooling: Option<Pooling>,
) -> Result<(), Error> {
    let [height, width, channels] = plan.shape();
    let line = [1, 1, channels];
    let (end, is_classifier) = (
        plan.end,
        matches!(behind.first(), Some(HeadLayer::Classifier { .. })),
    );
    match pooling {
        Some(Pooling::Avg) if is_classifier => {
            let (class, name) = ("GlobalAveragePooling2D", "global_average_pooling2d");
            plan.add(
                class,
                name.into(),
                json!({ "keepdims": true }),
                &[end],
                line,
            );
        }
        Some(Pooling::Avg) => plan.global_average("avg_pool"),
        Some(Pooling::Max) => {
            plan.add(
                "GlobalMaxPooling2D",
                "max_pool".into(),
                json!({}),
                &[end],
                line,
            );
        }
        Some(Pooling::Flatten) => {
            let all = [1, 1, height.saturating_mul(width).saturating_mul(channels)];
            plan.add("Flatten", "flatten".into(), json!({}), &[end], all);
        }
        None => return Err(Error::invalid("the pooling is not known")),
    }
    Ok(())
}

/// The layer's own name, prefixed with `head/` if the backbone has a layer of that name.
fn name_for(plan: &Plan, stored: &StoredLayer) -> String {
    if plan.layers.iter().any(|l| l.name == stored.name) {
        format!("head/{}", stored.name)
    } else {
        stored.name.clone()
    }
}

fn give(weights: &mut Weights, layer: &str, names: &[&str], variables: &[Variable]) {
    let place = LayerPosition { models: "", layer };
    for (name, variable) in names.iter().zip(variables) {
        weights.give(place, name, &variable.path, &variable.shape);
    }
}
