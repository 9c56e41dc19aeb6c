//! Walks a network call by call, in topological order.

use std::collections::{HashMap, HashSet, VecDeque};

use super::view::Place;
use super::{
    Context, LayerContext, LayerOutput, activation, add_new, conv, dense, merge, norm, operation,
    pool, preprocess, resample, reshape, stem,
};
use crate::domain::Refusal;
use crate::graph::{Op, Pads};
use crate::keras::config::{Layer, Network, Tensor};
use crate::keras::kind::{
    Activation, BatchNorm, Fit, Interpolation, Kind, Operation, Padding, Pairwise, Resize,
};
use crate::keras::weight_order::inside;
use crate::keras::{Error, UnsupportedLayer, layer};

/// A network with the kind of each layer that is supported.
pub struct TypedNetwork<'a> {
    network: &'a Network,
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Layer(Kind),
    Model(TypedNetwork<'a>),
    /// Not supported: its result is not known.
    Refused,
}

/// Determines the kind of every layer of a network and of its nested models, and which layers cannot be computed.
pub fn typed(network: &Network) -> (TypedNetwork<'_>, Vec<UnsupportedLayer>) {
    let mut refused = Vec::new();
    let typed = typed_parts(network, "", &mut refused);
    (typed, refused)
}

fn typed_parts<'a>(
    network: &'a Network,
    prefix: &str,
    refused: &mut Vec<UnsupportedLayer>,
) -> TypedNetwork<'a> {
    let mut parts = Vec::with_capacity(network.layers.len());
    for layer in &network.layers {
        let name = format!("{prefix}{}", layer.name);
        let mut refuse = |why: Refusal| {
            refused.push(UnsupportedLayer {
                layer: name.clone(),
                class: layer.class.clone(),
                reason: why.reason,
                remedy: why.remedy,
            });
            Part::Refused
        };
        parts.push(match (&layer.inner, &layer.refused) {
            (Some(inner), None) => Part::Model(typed_parts(inner, &format!("{name}/"), refused)),
            (Some(inner), Some(why)) => {
                refuse(why.clone());
                typed_parts(inner, &format!("{name}/"), refused);
                Part::Refused
            }
            (None, _) => layer::kind(layer).map_or_else(refuse, Part::Layer),
        });
    }
    TypedNetwork { network, parts }
}

/// Results that are read exactly once, with their readers.
type SoleReaders = HashMap<Tensor, Tensor>;

impl TypedNetwork<'_> {
    /// Number of calls in this network and its nested models, whose results count as well.
    pub fn calls(&self) -> usize {
        let of = |(layer, part): (&Layer, &Part)| match part {
            Part::Layer(_) | Part::Refused => layer.calls.len(),
            Part::Model(inner) => {
                let of_one = inner.calls().saturating_add(inner.network.outputs.len());
                of_one.saturating_mul(layer.calls.len())
            }
        };
        self.network
            .layers
            .iter()
            .zip(&self.parts)
            .map(of)
            .fold(0, usize::saturating_add)
    }

    /// The network's inputs.
    pub fn inputs(&self) -> Result<Vec<&Kind>, Error> {
        let input = |tensor: &Tensor| match &self.parts[tensor.layer] {
            Part::Layer(kind @ Kind::Input { .. }) => Ok(kind),
            _ => Err(Error::invalid(
                "an input of the model is not an input layer",
            )),
        };
        self.network.inputs.iter().map(input).collect()
    }

    /// Appends the network's nodes and returns its outputs; `None` for one that a layer which cannot be computed
    /// precedes. Such layers are noted in the context.
    pub fn lower(
        &self,
        context: &mut Context,
        given: &[LayerOutput],
        models: &str,
    ) -> Result<Vec<Option<LayerOutput>>, Error> {
        if given.len() != self.network.inputs.len() {
            return Err(Error::invalid(
                "a nested model is called with the wrong number of inputs",
            ));
        }
        let readers = self.sole_readers();
        let mut flows: HashMap<Tensor, Option<LayerOutput>> = HashMap::new();
        for (&tensor, given) in self.network.inputs.iter().zip(given) {
            let taken = self.taken(context, tensor, given, models)?;
            flows.insert(tensor, Some(taken));
        }
        let mut folded = HashSet::new();
        for tensor in self.order() {
            if flows.contains_key(&tensor) {
                continue;
            }
            context.cancel.check()?;
            context.progress.advance();
            let layer = &self.network.layers[tensor.layer];
            let arguments = layer.calls[tensor.call]
                .iter()
                .map(|t| flows.get(t).cloned());
            let arguments = arguments.collect::<Option<Vec<Option<LayerOutput>>>>();
            let arguments = arguments.ok_or_else(|| {
                Error::invalid(format!("the layer {} is never reached", layer.name))
            })?;
            let known = arguments.into_iter().collect::<Option<Vec<LayerOutput>>>();
            let Some(arguments) = known else {
                let results = self.results_of(tensor.layer);
                flows.extend((0..results).map(|result| (Tensor { result, ..tensor }, None)));
                continue;
            };
            let spot = LayerContext {
                models,
                layer: &layer.name,
                class: &layer.class,
            };
            let results = self.call(context, spot, tensor, &arguments, &readers, &mut folded);
            let results = match results {
                Err(Error::Unsupported(refused)) => {
                    add_new(&mut context.refused, refused);
                    // So that what follows is examined too.
                    let input = arguments.first();
                    let result = input.filter(|_| self.keeps_shape(tensor)).cloned();
                    vec![result; self.results_of(tensor.layer)]
                }
                other => other?,
            };
            for (result, flow) in results.into_iter().enumerate() {
                flows.insert(Tensor { result, ..tensor }, flow);
            }
        }
        let missing = || Error::invalid("an output of the model is never computed");
        self.network
            .outputs
            .iter()
            .map(|t| flows.get(t).cloned().ok_or_else(missing))
            .collect()
    }

    /// The value of an input layer. Keras truncates it if the layer has an integer type, which changes nothing in a picture
    /// of whole numbers; `takes_whole_numbers` leads to the refusal of any other.
    fn taken(
        &self,
        context: &mut Context,
        input: Tensor,
        given: &LayerOutput,
        models: &str,
    ) -> Result<LayerOutput, Error> {
        let Part::Layer(Kind::Input {
            of_whole_numbers: true,
            ..
        }) = &self.parts[input.layer]
        else {
            return Ok(given.clone());
        };
        let layer = &self.network.layers[input.layer];
        let spot = LayerContext {
            models,
            layer: &layer.name,
            class: &layer.class,
        };
        match context.builder.graph().producer(given.value) {
            None => {
                context.whole_numbers = Some(given.value);
                Ok(given.clone())
            }
            Some(_) => Err(spot.unsupported(
                "it converts the output of other layers to integers; build the model with an input of float32 in its \
                 place, load the weights and save it",
            )),
        }
    }

    /// Number of results of one call of a layer.
    fn results_of(&self, layer: usize) -> usize {
        let model = &self.network.layers[layer].inner;
        model.as_ref().map_or(1, |model| model.outputs.len())
    }

    /// Appends the nodes of one call of a layer and returns its results.
    fn call(
        &self,
        context: &mut Context,
        spot: LayerContext,
        tensor: Tensor,
        arguments: &[LayerOutput],
        readers: &SoleReaders,
        folded: &mut HashSet<Tensor>,
    ) -> Result<Vec<Option<LayerOutput>>, Error> {
        Ok(match &self.parts[tensor.layer] {
            Part::Refused => vec![None; self.results_of(tensor.layer)],
            Part::Model(inner) => {
                let models = inside(spot.models, spot.layer);
                inner.lower(context, arguments, &models)?
            }
            Part::Layer(_) if folded.contains(&tensor) => {
                vec![Some(renamed(context, arguments, spot)?)]
            }
            Part::Layer(kind) => {
                let norm = self.norm_to_fold(tensor, kind, readers);
                if let Some((norm_at, _, _)) = norm {
                    folded.insert(norm_at);
                }
                let norm = norm.map(|(_, spot_name, norm)| {
                    (
                        LayerContext {
                            models: spot.models,
                            layer: spot_name,
                            class: "BatchNormalization",
                        },
                        norm,
                    )
                });
                let next = self.pads_may_wait(tensor, readers);
                let result = lower_layer(context, spot, kind, arguments, norm, next)?;
                if let (Some(norm), [x]) = (norm, arguments) {
                    stem::remember(context, spot, kind, x, norm)?;
                }
                vec![Some(result)]
            }
        })
    }

    /// Whether the result of a layer has the shape of its input.
    fn keeps_shape(&self, tensor: Tensor) -> bool {
        let Part::Layer(kind) = &self.parts[tensor.layer] else {
            return false;
        };
        matches!(
            kind,
            Kind::BatchNorm(_)
                | Kind::Activation(_)
                | Kind::PRelu
                | Kind::Rescaling { .. }
                | Kind::Normalization { .. }
                | Kind::LayerNorm(_)
                | Kind::LayerScale
        )
    }

    /// Calls in topological order; those in a cycle are left out.
    fn order(&self) -> Vec<Tensor> {
        let mut waiting: HashMap<Tensor, usize> = HashMap::new();
        let mut readers: HashMap<Tensor, Vec<Tensor>> = HashMap::new();
        let mut ready = VecDeque::new();
        for tensor in self.tensors() {
            let reads = &self.network.layers[tensor.layer].calls[tensor.call];
            if reads.is_empty() {
                ready.push_back(tensor);
            }
            waiting.insert(tensor, reads.len());
            for read in reads {
                readers.entry(read.call()).or_default().push(tensor);
            }
        }
        let mut order = Vec::new();
        while let Some(tensor) = ready.pop_front() {
            order.push(tensor);
            for reader in readers.get(&tensor).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(reader) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push_back(*reader);
                    }
                }
            }
        }
        order
    }

    fn tensors(&self) -> impl Iterator<Item = Tensor> {
        let calls = |(layer, l): (usize, &Layer)| {
            (0..l.calls.len()).map(move |call| Tensor::first(layer, call))
        };
        self.network.layers.iter().enumerate().flat_map(calls)
    }

    /// Results with exactly one reader that are not outputs of the network.
    fn sole_readers(&self) -> SoleReaders {
        let mut count: HashMap<Tensor, usize> = HashMap::new();
        let mut reader = HashMap::new();
        for tensor in self.tensors() {
            for read in &self.network.layers[tensor.layer].calls[tensor.call] {
                *count.entry(*read).or_default() += 1;
                reader.insert(*read, tensor);
            }
        }
        for output in &self.network.outputs {
            *count.entry(*output).or_default() += 1;
        }
        reader.retain(|read, _| count.get(read) == Some(&1));
        reader
    }

    /// The batch norm after a convolution without activation, if nothing else reads the convolution.
    fn norm_to_fold(
        &self,
        tensor: Tensor,
        kind: &Kind,
        readers: &SoleReaders,
    ) -> Option<(Tensor, &str, BatchNorm)> {
        let (Kind::Conv(conv) | Kind::DepthwiseConv(conv) | Kind::SeparableConv(conv)) = kind
        else {
            return None;
        };
        let reader = *readers.get(&tensor)?;
        match &self.parts[reader.layer] {
            Part::Layer(Kind::BatchNorm(norm)) if conv.activation == Activation::Linear => {
                Some((reader, &self.network.layers[reader.layer].name, *norm))
            }
            _ => None,
        }
    }

    /// Whether zeros around this result can be left to the one convolution that reads it.
    fn pads_may_wait(&self, tensor: Tensor, readers: &SoleReaders) -> bool {
        let reader = readers.get(&tensor).map(|r| &self.parts[r.layer]);
        let Some(Part::Layer(
            Kind::Conv(conv) | Kind::DepthwiseConv(conv) | Kind::SeparableConv(conv),
        )) = reader
        else {
            return false;
        };
        conv.window.padding == Padding::Valid
    }
}

/// The result of a batch norm that was folded into the convolution before it.
fn renamed(
    context: &mut Context,
    arguments: &[LayerOutput],
    spot: LayerContext,
) -> Result<LayerOutput, Error> {
    let mut flow = arguments
        .last()
        .cloned()
        .ok_or_else(|| spot.unsupported("it has no input"))?;
    context.builder.name(flow.value, spot.layer);
    flow.layer = spot.layer.into();
    Ok(flow)
}

/// Where the arguments of a layer lie in the input.
fn place_of(context: &Context, arguments: &[LayerOutput]) -> Option<Place> {
    let places = arguments.iter();
    let mut places = places.filter_map(|a| context.places.get(&a.value).copied());
    let first = places.next()?;
    Some(places.fold(first, Place::with))
}

/// Whether a layer makes floating-point numbers of whole ones before it computes.
fn accepts_whole_numbers(kind: &Kind) -> bool {
    let Kind::Operation(operation) = kind else {
        return !matches!(
            kind,
            Kind::Resize(_) | Kind::CenterCrop(_) | Kind::UpSample { .. }
        );
    };
    matches!(
        operation,
        Operation::ToFloat
            | Operation::Same
            | Operation::Pairwise {
                function: Pairwise::Divide,
                ..
            }
    )
}

/// Whether a layer moves pixels of the input, or changes them one by one.
fn keeps_pixels(kind: &Kind) -> bool {
    match kind {
        Kind::Rescaling { .. }
        | Kind::Normalization { .. }
        | Kind::ZeroPad(_)
        | Kind::Crop(_)
        | Kind::CenterCrop(_)
        | Kind::Resize(_) => true,
        Kind::Operation(operation) => !matches!(
            operation,
            Operation::Mean { .. } | Operation::Maximum { .. } | Operation::Reshape { .. }
        ),
        _ => false,
    }
}

/// How `CenterCrop` enlarges a picture that is smaller than its result.
fn enlarged(size: [usize; 2]) -> Resize {
    Resize {
        size,
        interpolation: Interpolation::Bilinear,
        antialias: false,
        fit: Fit::Crop,
    }
}

fn lower_layer(
    context: &mut Context,
    spot: LayerContext,
    kind: &Kind,
    arguments: &[LayerOutput],
    norm: Option<(LayerContext, BatchNorm)>,
    pads_may_wait: bool,
) -> Result<LayerOutput, Error> {
    let [x, others @ ..] = arguments else {
        return Err(spot.unsupported("it has no input"));
    };
    let merges = matches!(
        kind,
        Kind::Add
            | Kind::Multiply
            | Kind::Subtract
            | Kind::Average
            | Kind::Maximum
            | Kind::Minimum
            | Kind::Concatenate { .. }
            | Kind::AddScaled { .. }
            | Kind::Operation(_)
    );
    if !merges && !others.is_empty() {
        return Err(spot.unsupported("it has several inputs"));
    }
    let place = place_of(context, arguments);
    let is_of_pixels = matches!(place, Some(Place::In(_)))
        && arguments.iter().all(|a| context.unmixed.contains(&a.value));
    let sizes = context.keras_sizes(x.value);
    let takes_whole_numbers = arguments
        .iter()
        .any(|a| context.whole_numbers == Some(a.value));
    if takes_whole_numbers && !accepts_whole_numbers(kind) {
        return Err(spot.unsupported(
            "it computes with the whole numbers of the input; build the model with an input of float32, load the \
             weights and save it",
        ));
    }
    let value = match kind {
        Kind::Identity => return Ok(x.clone()),
        Kind::Augmentation => {
            context.note_augmentation(spot);
            return Ok(x.clone());
        }
        Kind::Input { .. } => {
            return Err(spot.unsupported("it is not an input of the model"));
        }
        Kind::ZeroPad(pads) if pads_may_wait || pads.is_none() => {
            let pads = x
                .pads
                .checked_add(*pads)
                .ok_or_else(|| Error::Limit("padding".into()))?;
            return Ok(LayerOutput { pads, ..x.clone() });
        }
        Kind::ZeroPad(pads) => context.node(Op::Pad(*pads), spot, &[x.value])?,
        Kind::Conv(conv) => conv::conv(context, spot, conv, x, norm)?,
        Kind::DepthwiseConv(conv) => conv::depthwise(context, spot, conv, x, norm)?,
        Kind::SeparableConv(conv) => conv::separable(context, spot, conv, x, norm)?,
        Kind::BatchNorm(norm) => norm::batch_norm(context, spot, norm, x)?,
        Kind::Dense {
            use_bias,
            activation,
        } => dense::dense(context, spot, *use_bias, *activation, x)?,
        Kind::Activation(kind) => activation::activation(context, spot, *kind, x.value)?,
        Kind::PRelu => activation::prelu(context, spot, x)?,
        Kind::Add => merge::chain(context, spot, &Op::Add, arguments)?,
        Kind::Multiply => merge::chain(context, spot, &Op::Mul, arguments)?,
        Kind::Subtract => merge::subtract(context, spot, arguments)?,
        Kind::Average => merge::average(context, spot, arguments)?,
        Kind::Maximum => merge::extreme(context, spot, true, arguments)?,
        Kind::Minimum => merge::extreme(context, spot, false, arguments)?,
        Kind::Concatenate { axis } => merge::concatenate(context, spot, *axis, arguments)?,
        Kind::AddScaled { scale } => merge::add_scaled(context, spot, *scale, arguments)?,
        Kind::MaxPool(window) => pool::max(context, spot, window, x)?,
        Kind::AveragePool(window) => pool::average(context, spot, window, x)?,
        Kind::GlobalAveragePool { keep_dims } => {
            pool::global(context, spot, Op::GlobalAveragePool, *keep_dims, x)?
        }
        Kind::GlobalMaxPool { keep_dims } => {
            pool::global(context, spot, Op::GlobalMaxPool, *keep_dims, x)?
        }
        Kind::GlobalAveragePool1d { keep_dims } => {
            pool::global_1d(context, spot, Op::GlobalAveragePool, *keep_dims, x)?
        }
        Kind::GlobalMaxPool1d { keep_dims } => {
            pool::global_1d(context, spot, Op::GlobalMaxPool, *keep_dims, x)?
        }
        Kind::Crop(pads) => resample::crop(context, spot, *pads, x)?,
        Kind::CenterCrop(size) => {
            let [_, height, width] = context.picture(x, spot)?;
            match resample::around_the_middle([height, width], *size) {
                Some(pads) => resample::crop(context, spot, pads, x)?,
                None => resample::resize(context, spot, &enlarged(*size), x)?,
            }
        }
        Kind::Resize(resize) => resample::resize(context, spot, resize, x)?,
        Kind::UpSample {
            factors,
            interpolation,
        } => {
            let [_, height, width] = context.picture(x, spot)?;
            let resize = Resize {
                size: [
                    height.saturating_mul(factors[0]),
                    width.saturating_mul(factors[1]),
                ],
                interpolation: *interpolation,
                antialias: false,
                fit: Fit::Stretch,
            };
            resample::resize(context, spot, &resize, x)?
        }
        Kind::Permute { dims } => {
            let axes: Vec<i64> = [0].into_iter().chain(dims.iter().copied()).collect();
            reshape::permute(context, spot, &axes, x)?
        }
        Kind::LayerNorm(norm) => norm::layer_norm(context, spot, norm, x)?,
        Kind::LayerScale => norm::layer_scale(context, spot, x)?,
        Kind::Operation(function) => operation::operation(context, spot, function, arguments)?,
        Kind::Flatten => reshape::flatten(context, spot, x)?,
        Kind::Reshape { target } => reshape::reshape(context, spot, target, x)?,
        Kind::Rescaling { scale, offset } => {
            preprocess::rescaling(context, spot, scale, offset, x)?
        }
        Kind::Normalization {
            mean,
            variance,
            invert,
        } => preprocess::normalization(
            context,
            spot,
            mean.as_deref(),
            variance.as_deref(),
            *invert,
            x,
        )?,
    };
    if value == x.value {
        return Ok(x.clone());
    }
    let still_of_pixels = is_of_pixels && keeps_pixels(kind);
    if still_of_pixels {
        if let Kind::Operation(Operation::Pairwise { .. }) = kind {
            context.note_preprocessing(spot);
        }
        context.unmixed.insert(value);
    }
    if let Some(place) = place {
        let place = match kind {
            Kind::Conv(conv) | Kind::DepthwiseConv(conv) | Kind::SeparableConv(conv)
                if is_of_pixels =>
            {
                place.of_conv(conv, x.pads, &sizes)
            }
            kind => place.after(kind, still_of_pixels, &sizes),
        };
        context.places.insert(value, place);
    }
    context.builder.name(value, spot.layer);
    Ok(LayerOutput {
        value,
        pads: Pads::NONE,
        layer: spot.layer.into(),
    })
}
