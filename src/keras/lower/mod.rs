//! Lowers typed layers and weights to nodes of a graph.
//!
//! Layout is (N, H, W, C) in Keras and (N, C, H, W) in the graph; the functions here convert sizes, axes and weights,
//! so that nothing else needs to. Two patterns are merged: a batch norm after a convolution is folded into its weights,
//! and zero padding before a convolution is added to its pads.

mod activation;
mod axes;
mod conv;
mod dense;
mod merge;
mod norm;
mod operation;
mod pool;
mod preprocess;
mod resample;
mod reshape;
mod stem;
#[cfg(test)]
mod tests;
mod view;
mod walk;

use std::collections::{HashMap, HashSet};

use super::config::Network;
use super::weight_order::LayerPosition;
use super::weights::Weights;
use super::{Error, FeatureMap, Options, UnsupportedLayer};
use crate::domain::foreign::shown;
use crate::domain::{Head, Refusal, Remedy};
use crate::graph::{
    self, Builder, FEATURES, Graph, INPUT, LOGIT, OUTPUT, Op, Pads, TensorType, ValueId,
};
use crate::keras::kind::Kind;
use crate::progress::{Cancel, Progress};

/// Channels of the input image.
pub(super) const COLOURS: usize = 3;
/// Shares of red, green and blue in the luminance of ITU-R BT.601, which Pillow and TensorFlow compute for grey images.
pub(super) const LUMINANCE: [f32; COLOURS] = [0.299, 0.587, 0.114];
/// Maximum layer calls; those of a nested model count once per call of the model.
const MAX_CALLS: usize = 20_000;
/// Maximum input height and width, in pixels.
const MAX_INPUT_SIDE: usize = 8192;

use view::{Place, View};

/// A network as graph, with what lowering found out about it.
pub struct Lowered {
    pub graph: Graph,
    pub input_size: [u32; 2],
    pub head: Head,
    /// See [`super::Imported::head_is_applied`].
    pub head_is_applied: bool,
    /// See [`super::Imported::is_grey`].
    pub is_grey: bool,
    pub units: usize,
    pub preprocessing_layers: Vec<String>,
    pub augmentation_layers: Vec<String>,
    pub last_feature_map: Option<FeatureMap>,
    /// See [`super::Imported::view`].
    pub view: Option<[f64; 4]>,
    /// See [`stem`].
    pub stem: Option<Graph>,
}

/// The error for a network whose weights cannot be given to its layers: the layers that cannot be computed, if there are
/// any, since they may be the cause.
pub fn refused_layers_or(network: &Network, error: Error) -> Error {
    let (_, refused) = walk::typed(network);
    if refused.is_empty() || error == Error::Cancelled {
        error
    } else {
        Error::Unsupported(refused)
    }
}

/// Adds what concerns other layers.
fn add_new(refused: &mut Vec<UnsupportedLayer>, more: Vec<UnsupportedLayer>) {
    for found in more {
        if refused.iter().all(|known| known.layer != found.layer) {
            refused.push(found);
        }
    }
}

/// Lowers a network. The options are used for what the file leaves open.
///
/// # Errors
/// [`Error::Unsupported`] with every layer that cannot be computed, also those that only the shape of their input
/// shows.
pub fn lower(
    network: &Network,
    weights: &Weights,
    options: &Options,
    architecture: Option<&str>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Lowered, Error> {
    let (typed, refused) = walk::typed(network);
    let output = match network.one_input_and_output(options.output.as_deref()) {
        Err(_) if !refused.is_empty() => return Err(Error::Unsupported(refused)),
        output => output?,
    };
    if typed.calls() > MAX_CALLS {
        return Err(Error::Limit(format!("{} layers to compute", typed.calls())));
    }
    progress.start(typed.calls() as u64);
    let ([height, width], is_grey) = match size_of_input(&typed, options.input_size) {
        Err(Error::Unsupported(more)) => return Err(Error::Unsupported([more, refused].concat())),
        Err(_) if !refused.is_empty() => return Err(Error::Unsupported(refused)),
        size => size?,
    };
    let mut context = Context {
        builder: Builder::new(),
        weights,
        cancel,
        progress,
        preprocessing: Vec::new(),
        augmentation: Vec::new(),
        unmixed: HashSet::new(),
        places: HashMap::new(),
        matrix_numbers: 0,
        whole_numbers: None,
        normalised: Vec::new(),
        refused,
    };
    let x = context
        .builder
        .input(INPUT, TensorType::batched(&[COLOURS, height, width]))?;
    let taken = match is_grey {
        true => luminance(&mut context.builder, x)?,
        false => x,
    };
    let whole = Place::In(View::whole([height, width]));
    context.unmixed.insert(taken);
    context.places.insert(taken, whole);
    let given = LayerOutput {
        value: taken,
        pads: Pads::NONE,
        layer: INPUT.into(),
    };
    let results = typed.lower(&mut context, &[given], "");
    let mut refused = std::mem::take(&mut context.refused);
    let results = match results {
        Ok(results) => results,
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Err(_) if !refused.is_empty() => return Err(Error::Unsupported(refused)),
        Err(error) => return Err(error),
    };
    let Some(result) = results.get(output) else {
        return Err(Error::invalid(
            "the network does not have the result that was chosen",
        ));
    };
    let finish = |result| {
        let lowered = finish(context, result, options.head, architecture, [height, width])?;
        Ok(Lowered { is_grey, ..lowered })
    };
    match result.as_ref().map(finish) {
        Some(Err(Error::Unsupported(more))) => add_new(&mut refused, more),
        Some(lowered) if refused.is_empty() => return lowered,
        _ => {}
    }
    Err(Error::Unsupported(refused))
}

/// One channel of the luminance of three colours.
pub(super) fn luminance(builder: &mut Builder, x: ValueId) -> Result<ValueId, graph::Error> {
    let shares = builder.constant("grey/shares", &[1, COLOURS, 1, 1], LUMINANCE.to_vec())?;
    builder.node(Op::Conv(graph::Conv::default()), "grey", &[x, shares])
}

/// The end of a network.
pub(super) struct End {
    pub head: Head,
    /// The result after the last activation.
    pub output: ValueId,
    /// The value before it.
    pub logit: ValueId,
    /// Whether the activation is the one that was given.
    pub is_applied: bool,
}

/// The last activation of a network, which layers that only move or reshape values may follow. A network that ends in
/// logits gets the activation of `given`.
pub(super) fn activated(
    builder: &mut Builder,
    result: ValueId,
    given: Option<Head>,
) -> Result<End, graph::Error> {
    let units = builder.ty(result).vector().unwrap_or_default();
    let mut moves = Vec::new();
    let mut last = builder.graph().producer(result);
    while let Some(node) = last
        && matches!(
            node.op,
            Op::Flatten | Op::Reshape { .. } | Op::Transpose { .. }
        )
    {
        moves.push((node.op.clone(), node.layer.clone()));
        last = builder.graph().producer(node.inputs[0]);
    }
    let (head, before) = match last {
        Some(node) => match node.op {
            Op::Softmax if builder.ty(node.output).sizes().last() == Some(&units) => {
                (Head::Softmax, Some(node.inputs[0]))
            }
            Op::Sigmoid => (Head::Sigmoid, Some(node.inputs[0])),
            Op::Relu | Op::Clip { .. } => (Head::Linear, Some(node.inputs[0])),
            _ => (Head::Linear, None),
        },
        None => (Head::Linear, None),
    };
    let mut end = End {
        head,
        output: result,
        logit: result,
        is_applied: false,
    };
    if let Some(before) = before {
        end.logit = before;
        for (op, layer) in moves.into_iter().rev() {
            end.logit = builder.node(op, &layer, &[end.logit])?;
        }
        return Ok(end);
    }
    let op = match given {
        Some(Head::Sigmoid) => Op::Sigmoid,
        Some(Head::Softmax) if units > 1 => Op::Softmax,
        _ => return Ok(end),
    };
    end.output = builder.node(op, "activation", &[result])?;
    end.head = given.unwrap_or(head);
    end.is_applied = true;
    Ok(end)
}

/// Height and width of the input, and whether it has one channel only.
fn size_of_input(
    typed: &walk::TypedNetwork,
    given: Option<[u32; 2]>,
) -> Result<([usize; 2], bool), Error> {
    let [Kind::Input { size, .. }] = typed.inputs()?.as_slice() else {
        return Err(Error::invalid(
            "the network does not have exactly one input",
        ));
    };
    let &[height, width, Some(channels @ (1 | COLOURS))] = size.as_slice() else {
        let axis = |side: &Option<usize>| side.map_or("any".to_owned(), |n| n.to_string());
        let sides: Vec<String> = size.iter().map(axis).collect();
        let reason = format!(
            "it takes {}, not a colour image (height × width × 3)",
            sides.join(" × ")
        );
        let remedy = match *size.as_slice() {
            [Some(1 | COLOURS), ..] if size.len() == COLOURS => Remedy::ChannelsLast,
            _ => Remedy::ColourPicture,
        };
        return Err(whole("input", remedy.of(reason)));
    };
    let given = given.map(|[h, w]| [h as usize, w as usize]);
    let height = height.or(given.map(|g| g[0])).ok_or(Error::SizeNeeded)?;
    let width = width.or(given.map(|g| g[1])).ok_or(Error::SizeNeeded)?;
    if [height, width]
        .iter()
        .any(|s| !(1..=MAX_INPUT_SIDE).contains(s))
    {
        return Err(Error::Limit(format!("an input of {height} × {width}")));
    }
    Ok(([height, width], channels == 1))
}

/// Names the outputs: the result, its value before the activation, and the last feature map.
fn finish(
    context: Context,
    result: &LayerOutput,
    given_head: Option<Head>,
    architecture: Option<&str>,
    [height, width]: [usize; 2],
) -> Result<Lowered, Error> {
    let Context {
        mut builder,
        places,
        preprocessing,
        augmentation,
        normalised,
        ..
    } = context;
    let stem = stem::stem(builder.graph().clone(), &normalised)?;
    let ty = builder.ty(result.value);
    let Some(units) = ty.vector() else {
        // As Keras states it: channels last, without the batch.
        let shape = match ty.picture() {
            Some([channels, height, width]) => format!("a map of {height} × {width} × {channels}"),
            None => format!("of the shape {ty}"),
        };
        let reason = format!("it is {shape}, not one score or value for the photograph");
        return Err(whole("output", Remedy::OneAnswer.of(reason)));
    };
    let End {
        head,
        output,
        logit,
        is_applied: head_is_applied,
    } = activated(&mut builder, result.value, given_head)?;
    if head == Head::Softmax && units == 1 {
        return Err(Error::unsupported(
            &result.layer,
            "Softmax",
            "a softmax of one unit is always 1",
        ));
    }
    builder.output(OUTPUT, output);
    builder.output(LOGIT, logit);
    let mut last_feature_map = None;
    let input = builder.graph().inputs().first().copied();
    let features = input.and_then(|x| graph::last_feature_map(builder.graph(), x, logit));
    let place = features.and_then(|value| places.get(&value));
    let view = match place {
        Some(Place::In(view)) if *view != View::whole([height, width]) => Some(*view),
        _ => None,
    };
    let can_be_laid = place != Some(&Place::Unknown);
    if let Some(value) = features.filter(|_| can_be_laid)
        && let Some(size) = builder.ty(value).picture()
    {
        let layer = builder.graph().value(value).name.clone();
        builder.output(FEATURES, value);
        last_feature_map = Some(FeatureMap { layer, size });
    }
    if let Some(name) = architecture {
        builder.remark("architecture", name);
    }
    let input_size = [height, width].map(|s| u32::try_from(s).unwrap_or(u32::MAX));
    Ok(Lowered {
        graph: builder.finish()?,
        input_size,
        head,
        head_is_applied,
        is_grey: false,
        units,
        preprocessing_layers: preprocessing,
        augmentation_layers: augmentation,
        last_feature_map,
        view: view.map(View::edges),
        stem,
    })
}

/// State that all layer families share while a network is lowered.
struct Context<'a> {
    builder: Builder,
    weights: &'a Weights<'a>,
    cancel: &'a Cancel,
    progress: &'a Progress,
    preprocessing: Vec<String>,
    /// Layers that change pictures at random in training.
    augmentation: Vec<String>,
    /// The input and what single pixels make of it.
    unmixed: HashSet<ValueId>,
    /// Where the results of layers lie in the input.
    places: HashMap<ValueId, Place>,
    /// Numbers of the matrices that resize, flip and select.
    matrix_numbers: usize,
    /// The input, if Keras makes whole numbers of it.
    whole_numbers: Option<ValueId>,
    /// Results of the first convolutions with a batch norm, normalised without gamma and beta.
    normalised: Vec<ValueId>,
    /// Layers that cannot be computed.
    refused: Vec<UnsupportedLayer>,
}

/// The result of a layer call.
#[derive(Clone, Debug)]
struct LayerOutput {
    value: ValueId,
    /// Zeros that the next convolution must add; set only if it is the sole reader and supports it.
    pads: Pads,
    /// The layer that computed the value (layers that do nothing are skipped).
    layer: String,
}

/// The layer that is being lowered.
#[derive(Clone, Copy)]
struct LayerContext<'a> {
    /// See [`LayerPosition::models`].
    models: &'a str,
    layer: &'a str,
    class: &'a str,
}

impl<'a> LayerContext<'a> {
    fn place(self) -> LayerPosition<'a> {
        LayerPosition {
            models: self.models,
            layer: self.layer,
        }
    }

    fn unsupported(self, why: impl Into<Refusal>) -> Error {
        Error::unsupported(&self.place().name(), self.class, why)
    }
}

/// An error of the model as a whole, at its input or output.
fn whole(end: &str, why: impl Into<Refusal>) -> Error {
    Error::unsupported(end, "Model", why)
}

impl Context<'_> {
    /// Appends a node.
    fn node(&mut self, op: Op, spot: LayerContext, inputs: &[ValueId]) -> Result<ValueId, Error> {
        Ok(self.builder.node(op, spot.layer, inputs)?)
    }

    /// Adds a constant, named after the layer.
    fn constant(
        &mut self,
        spot: LayerContext,
        what: &str,
        sizes: &[usize],
        numbers: Vec<f32>,
    ) -> Result<ValueId, Error> {
        Ok(self
            .builder
            .constant(&format!("{}/{what}", spot.layer), sizes, numbers)?)
    }

    /// Records a layer that does nothing at inference and something else in training.
    fn note_augmentation(&mut self, spot: LayerContext) {
        let name = format!("{} ({})", shown(spot.layer), spot.class);
        if !self.augmentation.contains(&name) {
            self.augmentation.push(name);
        }
    }

    /// Records a layer that changes the pixels of the input one by one.
    fn note_preprocessing(&mut self, spot: LayerContext) {
        self.preprocessing
            .push(format!("{} ({})", spot.layer, spot.class));
    }

    /// A weight, which must have this shape.
    fn weight(
        &self,
        spot: LayerContext,
        names: &[&str],
        shape: &[usize],
    ) -> Result<Vec<f32>, Error> {
        self.cancel.check()?;
        let array = self.weights.read(spot.place(), names)?;
        if array.shape != shape {
            return Err(Error::invalid(format!(
                "the weight {} of the layer {} has the shape {:?}, not {shape:?}",
                names[0], spot.layer, array.shape
            )));
        }
        Ok(array.numbers)
    }

    /// Channels, height and width of (N, C, H, W).
    fn picture(&self, flow: &LayerOutput, spot: LayerContext) -> Result<[usize; 3], Error> {
        let ty = self.builder.ty(flow.value);
        ty.picture().ok_or_else(|| {
            spot.unsupported(format!("its input has the shape {ty}, not (N, C, H, W)"))
        })
    }

    /// Shape that broadcasts one number, or one per channel, to a value; `None` for another count.
    fn per_channel(&self, value: ValueId, count: usize) -> Option<Vec<usize>> {
        let sizes = self.builder.ty(value).sizes();
        let mut shape = vec![1; sizes.len() + 1];
        if count != 1 {
            if sizes.first() != Some(&count) {
                return None;
            }
            shape[1] = count;
        }
        Some(shape)
    }
}
