//! A network extended for a saliency method and opened on a device, which computes what the method needs.

use crate::domain::{
    BlackLevelSource, Crop, EngineUsed, Findings, Head, InputSpec, MapSettings, MeanOf, ModelCard,
    NetworkPart, Operation, Pixels, Tensor, ValueScale,
};
use crate::graph::gradient::{SEED, differentiate, gradient_name};
use crate::graph::{self, Builder, Graph};
use crate::imaging::prepare;
use crate::keras;
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Model, Purpose, Session};
use crate::saliency::methods::{self, Cost, InputToExplain, Needs, Output};
use crate::saliency::{self, Baseline, Explanation, Mask, OnPartialMap, Recipe, Stage, Target};
use crate::storage;
use crate::workflow::draft::finding_of_precisions;
use crate::workflow::engine_check::{self, Forward, NetworkToOpen, NetworkUnderTest};
use crate::workflow::file_id::id_from_file;
use crate::workflow::import;
use crate::workflow::model_source;
use crate::workflow::models::{self, ModelLocation};
use crate::workflow::predict::greatest;
use crate::workflow::{Context, Error, memory, stored};

/// Batch size of forward passes for inputs of 224 × 224; larger inputs come in smaller batches, down to one.
const BATCH: usize = 10;

/// A network as it was imported, before it is extended for an explanation.
#[derive(Clone)]
pub struct Network {
    /// The model's id; for a file, its stem.
    pub id: String,
    pub sha256: String,
    pub graph: Graph,
    pub head: Head,
    /// Converts the output of a linear head to its value.
    pub scale: ValueScale,
    /// A black pixel in the network's scale, one number per channel; 0 for a file without a card.
    pub black: Vec<f32>,
    /// Whether a card gives the scale.
    pub has_card: bool,
    /// Precisions other than float32 that its file states.
    pub precisions: Vec<String>,
    /// The network on which engines check each other; for a modified network the original one.
    pub subject: NetworkUnderTest,
}

/// A network prepared for one recipe.
pub struct Passes {
    session: Box<dyn Session>,
    /// What the reader should know about how it was opened.
    pub(super) findings: Findings,
    recipe: Recipe,
    target: Target,
    /// The target is the greatest logit of each input, for several classes without a stated one.
    of_greatest: bool,
    units: usize,
    /// The layer of a class activation map.
    stage: Option<Stage>,
    black: Vec<f32>,
    has_card: bool,
    /// The field of view in the input, over which a mean is taken.
    inside: Option<Mask>,
    /// Height and width of the input.
    size: [usize; 2],
    /// Maximum number of inputs in one run.
    batch: usize,
    /// Extended by a gradient.
    is_differentiated: bool,
    /// Maximum number of bytes that a run takes.
    need: u64,
    /// Bytes that stay allocated between runs.
    held: u64,
    /// Intermediate maps are reported, for methods that have them.
    progressive: bool,
}

impl Network {
    /// The network of a model in the library or of a Keras file.
    pub fn of(
        ctx: &Context,
        model: &str,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, Error> {
        if let ModelLocation::File(file) = models::find(ctx, model)? {
            let source = model_source::find(&file, &[], cancel)?;
            let options = keras::Options::default();
            let read = import::read_source(&source, options, cancel, progress)
                .map_err(|e| models::open_here(e, &file, None))?;
            let facts = read.facts;
            let takes_raw_pixels = facts.takes_raw_pixels();
            return Ok(Self {
                id: id_from_file(&source.name, &facts.sha256),
                scale: models::scale_of_file(ctx, &source.place, &facts.sha256)?,
                sha256: facts.sha256,
                graph: graph::onnx::from_onnx(&read.onnx)?,
                head: facts.head,
                black: vec![0.0; 3],
                has_card: false,
                precisions: facts.precisions,
                subject: NetworkUnderTest::of_file(
                    &read.onnx,
                    facts.input_size,
                    facts.head,
                    takes_raw_pixels,
                ),
            });
        }
        stored::with(ctx, model, cancel, progress, |stored| {
            let card = stored.card()?;
            let (onnx, sha256) = stored.onnx()?;
            Ok(Self {
                graph: graph::onnx::from_onnx(&onnx)?,
                head: card.head,
                scale: card.value_scale(),
                black: black(&card.input)?,
                has_card: true,
                precisions: card.precisions.clone(),
                subject: NetworkUnderTest::of_card(&card, sha256),
                id: card.id,
                sha256: card.source_sha256,
            })
        })
    }

    /// Takes the scaling of a black pixel and of the value from the card, for a file that was opened with one.
    pub fn scaled_as(mut self, card: &ModelCard) -> Result<Self, Error> {
        self.black = black(&card.input)?;
        self.scale = card.value_scale();
        self.has_card = true;
        Ok(self)
    }
}

impl Passes {
    /// Extends the network for the recipe and opens it on the device. `progress` receives the memory that a run will
    /// take.
    ///
    /// # Errors
    /// [`Error::Memory`] if the machine is known to have less.
    pub fn open(
        ctx: &Context,
        network: &Network,
        recipe: &Recipe,
        device: Device,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, Error> {
        progress.start(0);
        let graph = &network.graph;
        let missing = |what| Error::Saliency(saliency::Error::Missing(what));
        let input = graph.value_named(graph::INPUT);
        let input = input.and_then(|x| graph.ty(x).picture());
        let [_, height, width] = input.ok_or_else(|| missing(NetworkPart::Picture))?;
        let logit = graph
            .output(graph::LOGIT)
            .and_then(|z| graph.ty(z).vector());
        let units = logit.ok_or_else(|| missing(NetworkPart::Logit))?;
        let of_greatest = recipe.target.is_none() && network.head.classes(units).is_some();
        let own = match of_greatest {
            true => Target::Output(0),
            false => Target::of(network.head, network.scale),
        };
        let target = recipe.target.map_or(own, Target::Output);
        // Reports early if the network has no such output.
        target.weights(units)?;

        let method = recipe.method;
        let stage = method
            .is_of_a_layer()
            .then(|| stage(graph, recipe.layer.as_deref()))
            .transpose()?;
        let (longer, purpose) = lengthened(graph, method.description().needs, stage.as_ref())?;
        cancel.check()?;
        let size = [height, width];
        let pictures = batch(purpose, size);
        let (need, held) = (memory::need(&longer, pictures), memory::held(&longer));
        progress.will_take(need);
        if memory::is_large(need) {
            // The network opened for the score would take the memory.
            ctx.let_go(|card| card.source_sha256 == network.sha256);
        }
        memory::check(Operation::Map, need, storage::memory::available())?;
        let written = graph::onnx::to_onnx(&longer)?;
        drop(longer);
        let desired = NetworkToOpen {
            subject: &network.subject,
            forward: Forward::Graph(graph),
            model: Model::Bytes(&written),
            seal: None,
            purpose,
            device,
        };
        let mut opened = engine_check::open(ctx, &desired, cancel, progress)?;
        let precision = finding_of_precisions(&network.precisions);
        opened.findings.extend(precision);
        Ok(Self {
            session: opened.session,
            findings: opened.findings,
            recipe: recipe.clone(),
            target,
            of_greatest,
            units,
            stage,
            black: network.black.clone(),
            has_card: network.has_card,
            inside: None,
            size,
            batch: pictures,
            is_differentiated: purpose == Purpose::Gradient,
            need,
            held,
            progressive: false,
        })
    }

    /// Reports intermediate maps.
    pub fn progressive(mut self) -> Self {
        self.progressive = true;
        self
    }

    /// Computes the baseline `mean` over these pixels of later inputs; over the whole input if `None`.
    pub fn look_inside(&mut self, inside: Option<Mask>) {
        self.inside = inside;
    }

    /// Passes through the network for one input.
    pub fn count(&self) -> u64 {
        self.recipe.passes(self.cost())
    }

    fn cost(&self) -> Cost {
        Cost {
            size: self.size,
            channels: self.stage.as_ref().map(|stage| stage.channels),
            progressive: self.progressive,
        }
    }

    pub fn used(&self) -> &EngineUsed {
        self.session.used()
    }

    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Rows and columns of the input.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Maximum number of bytes that a run takes.
    pub fn need(&self) -> u64 {
        self.need
    }

    /// Bytes that stay allocated between runs.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// The settings of the method, for the figures of a map.
    pub fn settings(&self) -> MapSettings {
        let (recipe, facts) = (&self.recipe, self.recipe.method.description());
        let baseline = facts.baseline.map(|_| recipe.baseline());
        let is_black = baseline == Some(Baseline::Black);
        MapSettings {
            steps: facts
                .steps
                .map(|_| (facts.steps_taken)(recipe, self.cost())),
            baseline,
            // Without a card the value of black in the network's scale is unknown.
            black_of: is_black.then_some(match self.has_card {
                true => BlackLevelSource::Card,
                false => BlackLevelSource::Zeros,
            }),
            black: is_black.then(|| self.black.clone()),
            mean_of: (baseline == Some(Baseline::Mean)).then_some(match self.inside {
                Some(_) => MeanOf::Field,
                None => MeanOf::Input,
            }),
            seed: facts.has_seed.then(|| recipe.seed()),
        }
    }

    /// The map of one input (1, 3, H, W). `progress` advances with every pass.
    pub fn explain(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
        notify: OnPartialMap<'_>,
    ) -> Result<Explanation, Error> {
        if self.of_greatest {
            self.target = Target::Output(self.greatest(x, cancel)?);
        }
        let task = InputToExplain {
            recipe: &self.recipe,
            target: self.target,
            x,
            stage: self.stage.as_ref(),
            black: &self.black,
            inside: self.inside.as_ref(),
            batch: self.batch,
            progressive: self.progressive,
        };
        let mut run = Run {
            session: self.session.as_mut(),
            target: self.target,
            units: self.units,
            stage: self.stage.as_ref(),
            is_differentiated: self.is_differentiated,
            size: self.size,
            cancel,
            progress,
        };
        methods::explain(&task, &mut run, notify)
    }

    /// The output whose logit is the greatest at this input.
    fn greatest(&mut self, x: &Tensor, cancel: &Cancel) -> Result<usize, Error> {
        let mut run = Run {
            session: self.session.as_mut(),
            target: self.target,
            units: self.units,
            stage: None,
            is_differentiated: self.is_differentiated,
            size: self.size,
            cancel,
            progress: &Progress::new(),
        };
        let found = methods::Network::run(&mut run, x, &[Output::Logit])?;
        Ok(greatest(&found[0].values))
    }

    /// The target at each of these inputs (1, 3, H, W), by forward passes in batches.
    pub fn targets(
        &mut self,
        inputs: impl Iterator<Item = Tensor>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<f64>, Error> {
        let (batch, target, units) = (self.batch, self.target, self.units);
        let mut run = Run {
            session: self.session.as_mut(),
            target,
            units,
            stage: None,
            is_differentiated: self.is_differentiated,
            size: self.size,
            cancel,
            progress,
        };
        let mut targets = Vec::new();
        let mut inputs = inputs.peekable();
        while inputs.peek().is_some() {
            let few: Vec<Tensor> = inputs.by_ref().take(batch).collect();
            let mut shape = few[0].shape.clone();
            shape[0] = few.len();
            let values = few.into_iter().flat_map(|x| x.values).collect();
            let found =
                methods::Network::run(&mut run, &Tensor { shape, values }, &[Output::Logit])?;
            for z in found[0].values.chunks(units.max(1)) {
                targets.push(target.value(z)?);
            }
        }
        Ok(targets)
    }
}

/// The open network while it answers for one input.
struct Run<'a> {
    session: &'a mut dyn Session,
    target: Target,
    units: usize,
    stage: Option<&'a Stage>,
    /// Extended by a gradient: every run must be given its seed, whatever is requested.
    is_differentiated: bool,
    size: [usize; 2],
    cancel: &'a Cancel,
    /// Advances with every pass.
    progress: &'a Progress,
}

impl methods::Network for Run<'_> {
    type Error = Error;

    fn run(&mut self, x: &Tensor, outputs: &[Output]) -> Result<Vec<Tensor>, Error> {
        let [height, width] = self.size;
        if !matches!(x.shape.as_slice(), &[_, _, h, w] if [h, w] == self.size) {
            return Err(Error::Tensor(format!(
                "the network takes pictures of {height} × {width} pixels"
            )));
        }
        self.cancel.check()?;
        let features = self.stage.map_or(graph::FEATURES, Stage::tensor);
        let by_input = gradient_name(graph::INPUT);
        let by_features = gradient_name(features);
        let name = |output: &Output| match output {
            Output::Logit => graph::LOGIT,
            Output::InputGradient => by_input.as_str(),
            Output::Features => features,
            Output::FeatureGradient => by_features.as_str(),
        };
        let names: Vec<&str> = outputs.iter().map(name).collect();
        let count = x.shape[0];
        let seed = match self.is_differentiated {
            true => Some(self.target.seed(count, self.units)?),
            false => None,
        };
        let seed = seed.as_ref().map(|seed| (SEED, seed));
        let inputs: Vec<_> = std::iter::once((graph::INPUT, x)).chain(seed).collect();
        let found = self.session.run(&inputs, &names, self.cancel)?;
        (0..count).for_each(|_| self.progress.advance());
        Ok(found)
    }
}

/// The network with the outputs that a method needs, and the purpose it is opened for.
fn lengthened(
    graph: &Graph,
    needs: Needs,
    stage: Option<&Stage>,
) -> Result<(Graph, Purpose), Error> {
    let by = |tensor: &str| differentiate(graph, graph::LOGIT, &[tensor]);
    let tensor = stage.map_or(graph::FEATURES, Stage::tensor);
    Ok(match needs {
        Needs::Nothing => (graph.clone(), Purpose::Forward),
        Needs::Features => (with_output(graph, tensor)?, Purpose::Forward),
        Needs::InputGradient => (by(graph::INPUT)?, Purpose::Gradient),
        Needs::FeatureGradient(_) => (by(tensor)?, Purpose::Gradient),
    })
}

/// The network with one more output, unless it already has one of this name.
fn with_output(graph: &Graph, tensor: &str) -> Result<Graph, Error> {
    let mut builder = Builder::from_graph(graph.clone());
    if graph.output(tensor).is_none() {
        let missing = || Error::Saliency(saliency::Error::Missing(NetworkPart::FeatureMap));
        builder.output(tensor, graph.value_named(tensor).ok_or_else(missing)?);
    }
    Ok(builder.finish()?)
}

/// Inputs in one run. A gradient keeps every result: more inputs at once exceed the caches and take longer each.
fn batch(purpose: Purpose, [height, width]: [usize; 2]) -> usize {
    match purpose {
        Purpose::Forward => (BATCH * 224 * 224 / (height * width).max(1)).clamp(1, BATCH),
        Purpose::Gradient => 1,
    }
}

/// The requested layer, or the last feature map.
fn stage(network: &Graph, layer: Option<&str>) -> Result<Stage, Error> {
    if let Some(layer) = layer {
        return saliency::stage(network, layer).map_err(|e| Error::Usage(e.to_string()));
    }
    if let Some(features) = network.output(graph::FEATURES)
        && let Ok(stage) = saliency::stage(network, &network.value(features).name)
    {
        return Ok(stage);
    }
    let last = saliency::stages(network).pop();
    last.ok_or(Error::Saliency(saliency::Error::Missing(
        NetworkPart::FeatureMap,
    )))
}

/// A black pixel after the card's scaling, one number per channel.
pub fn black(spec: &InputSpec) -> Result<Vec<f32>, Error> {
    let one_pixel = InputSpec {
        size: [1, 1],
        crop: Crop::Stretch,
        ..spec.clone()
    };
    let pixel = Pixels::new(1, 1, vec![0; 3])
        .ok_or_else(|| Error::Tensor("the input has no pixels".to_owned()))?;
    Ok(prepare::prepare(&pixel, None, &one_pixel)?.tensor.values)
}
