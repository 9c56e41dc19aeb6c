//! The passes through a network that a map takes: which inputs, in which batches, and what becomes of the answers.

use serde_json::{Map, Value, json};

use crate::domain::Work;
use crate::domain::{
    Crop, EngineUsed, Findings, Head, InputSpec, ModelCard, Pixels, Tensor, ValueScale,
};
use crate::graph::gradient::{SEED, differentiate, gradient_name};
use crate::graph::{self, Graph};
use crate::imaging::prepare;
use crate::keras;
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Model, Purpose, Session};
use crate::saliency::{
    self, Baseline, Mask, MeanGradient, Method, Recipe, SaliencyMap, Stage, Target,
    class_activation_maps, completeness_gap, noisy, path,
};
use crate::storage;
use crate::workflow::engine_check::{self, Forward, Subject, Wanted};
use crate::workflow::file_id::id_from_file;
use crate::workflow::import::{self, model_file};
use crate::workflow::models::{self, Place};
use crate::workflow::{Context, Error, memory, stored};

/// Inputs of 224 × 224 in one batch of forward passes; larger inputs come in smaller batches, down to one.
const BATCH: usize = 10;

/// A network as it was imported, before anything is added for an explanation.
#[derive(Clone)]
pub struct Network {
    /// The model's id; of a file, its stem.
    pub id: String,
    pub sha256: String,
    pub graph: Graph,
    pub head: Head,
    /// What makes the value of a linear head of its output.
    pub scale: ValueScale,
    /// A black pixel in the network's scale, one number per channel; 0 for a file without a card.
    pub black: Vec<f32>,
    /// Whether a card tells the scale.
    pub has_card: bool,
    /// What the engines check each other on; of a changed network what it was before.
    pub subject: Subject,
}

/// A network made ready for one recipe.
pub struct Passes {
    session: Box<dyn Session>,
    /// What the reader should know about how it was opened.
    pub(super) findings: Findings,
    recipe: Recipe,
    target: Target,
    units: usize,
    /// Where a class activation map is made.
    stage: Option<Stage>,
    black: Vec<f32>,
    has_card: bool,
    /// The field of view in the input, over which a mean is taken.
    inside: Option<Mask>,
    /// Height and width of the input.
    size: [usize; 2],
    /// Bytes that a run takes at most.
    need: u64,
    /// Bytes that stay taken between runs.
    held: u64,
    /// Maps on the way are told: occlusion goes from coarse to fine.
    progressive: bool,
}

/// What came of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// For showing; for attributions the sum over the channels.
    pub map: SaliencyMap,
    /// What is written: (h, w), (H, W, 3) or (rows, columns).
    pub tensor: Tensor,
    /// The target at the input, where it was computed.
    pub target_value: Option<f64>,
    /// The target at the baseline; integrated gradients only.
    pub baseline_value: Option<f64>,
    /// Integrated gradients only.
    pub completeness_gap: Option<f64>,
}

/// Takes maps that are not finished yet.
pub type Tell<'a> = &'a mut dyn FnMut(SaliencyMap);

impl Network {
    /// The network of a model in the library or of a Keras file.
    pub fn of(
        ctx: &Context,
        model: &str,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, Error> {
        if let Place::File(file) = models::find(ctx, model)? {
            let bytes = model_file(&file)?;
            let options = keras::Options::default();
            let read = import::read_keras(bytes, options, cancel, progress)
                .map_err(|e| models::open_here(e, &file, None))?;
            let facts = read.facts;
            let scales_itself = !facts.preprocessing_layers.is_empty();
            return Ok(Self {
                id: id_from_file(&file, &facts.sha256),
                scale: models::scale_of_file(ctx, &file, &facts.sha256)?,
                sha256: facts.sha256,
                graph: graph::onnx::from_onnx(&read.onnx)?,
                head: facts.head,
                black: vec![0.0; 3],
                has_card: false,
                subject: Subject::of_file(&read.onnx, facts.input_size, facts.head, scales_itself),
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
                subject: Subject::of_card(&card, sha256),
                id: card.id,
                sha256: card.source_sha256,
            })
        })
    }

    /// How its card scales a black pixel and the value, for a file that was opened with a card.
    pub fn scaled_as(mut self, card: &ModelCard) -> Result<Self, Error> {
        self.black = black(&card.input)?;
        self.scale = card.value_scale();
        self.has_card = true;
        Ok(self)
    }
}

impl Passes {
    /// Lengthens the network by what the recipe needs and opens it on the device. `progress` is told how much memory a
    /// run will take.
    ///
    /// # Errors
    /// [`Error::Memory`] where the machine is known to have less.
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
        let [_, height, width] = input.ok_or_else(|| missing("picture as its input"))?;
        let logit = graph
            .output(graph::LOGIT)
            .and_then(|z| graph.ty(z).vector());
        let units = logit.ok_or_else(|| missing("logit"))?;
        let target = recipe
            .target
            .map_or(Target::of(network.head, network.scale), Target::Output);
        // Says early when the network has no such output.
        target.weights(units)?;

        let method = recipe.method;
        let stage = method
            .is_of_a_layer()
            .then(|| stage(graph, recipe.layer.as_deref()))
            .transpose()?;
        let longer = match (&stage, method) {
            (Some(stage), _) => differentiate(graph, graph::LOGIT, &[stage.tensor()])?,
            (None, Method::Occlusion) => graph.clone(),
            (None, _) => differentiate(graph, graph::LOGIT, &[graph::INPUT])?,
        };
        cancel.check()?;
        let purpose = match method {
            Method::Occlusion => Purpose::Forward,
            _ => Purpose::Gradient,
        };
        let size = [height, width];
        let pictures = batch(method, size);
        let (need, held) = (memory::need(&longer, pictures), memory::held(&longer));
        progress.will_take(need);
        if memory::is_large(need) {
            // What was opened for the score would stand in the way.
            ctx.let_go(|card| card.source_sha256 == network.sha256);
        }
        memory::check(Work::Map, need, storage::memory::available())?;
        let written = graph::onnx::to_onnx(&longer)?;
        drop(longer);
        let wanted = Wanted {
            subject: &network.subject,
            forward: Forward::Graph(graph),
            model: Model::Bytes(&written),
            seal: None,
            purpose,
            device,
        };
        let opened = engine_check::open(ctx, &wanted, cancel, progress)?;
        Ok(Self {
            session: opened.session,
            findings: opened.findings,
            recipe: recipe.clone(),
            target,
            units,
            stage,
            black: network.black.clone(),
            has_card: network.has_card,
            inside: None,
            size,
            need,
            held,
            progressive: false,
        })
    }

    /// Tells maps on the way.
    pub fn progressive(mut self) -> Self {
        self.progressive = true;
        self
    }

    /// Takes the baseline `mean` over these pixels of the inputs to come; over the whole input without them.
    pub fn look_inside(&mut self, inside: Option<Mask>) {
        self.inside = inside;
    }

    /// Passes through the network for one input.
    pub fn count(&self) -> u64 {
        self.recipe.passes(self.size, self.progressive)
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

    /// Bytes of memory that a run takes at most.
    pub fn need(&self) -> u64 {
        self.need
    }

    /// Bytes of memory that stay taken between runs.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// The settings that the method has, for the figures beside a map.
    pub fn settings(&self) -> Map<String, Value> {
        let mut settings = Map::new();
        let mut put = |name: &str, value: Value| settings.insert(name.to_owned(), value);
        let (recipe, method) = (&self.recipe, self.recipe.method);
        if method.has_steps() {
            put("steps", json!(recipe.steps()));
        }
        if method.has_baseline() {
            put("baseline", json!(recipe.baseline()));
            match (recipe.baseline(), &self.inside) {
                (Baseline::Black, _) => {
                    // Without a card nobody knows what black is in the network's scale.
                    put(
                        "black_of",
                        json!(if self.has_card { "card" } else { "zeros" }),
                    );
                    put("black", json!(self.black))
                }
                (Baseline::Mean, Some(_)) => put("mean_of", json!("field")),
                (Baseline::Mean, None) => put("mean_of", json!("input")),
                (Baseline::Blur, _) => None,
            };
        }
        if method == Method::SmoothGrad {
            put("seed", json!(recipe.seed()));
        }
        settings
    }

    /// The map of one input (1, 3, H, W). `progress` advances with every pass.
    pub fn explain(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
        tell: Tell<'_>,
    ) -> Result<Explanation, Error> {
        match self.recipe.method {
            Method::GradCam | Method::HiresCam | Method::LayerCam => self.cam(x, cancel, progress),
            Method::Occlusion => self.occlusion(x, cancel, progress, tell),
            Method::InputGradient | Method::SmoothGrad | Method::IntegratedGradients => {
                self.attribution(x, cancel, progress, tell)
            }
        }
    }

    fn cam(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Explanation, Error> {
        let missing = || Error::Saliency(saliency::Error::Missing("feature map"));
        let stage = self.stage.clone().ok_or_else(missing)?;
        let names = [stage.tensor(), &gradient_name(stage.tensor()), graph::LOGIT];
        let found = self.gradients(x, &names, cancel, progress)?;
        let (method, target) = (self.recipe.method, self.target);
        let maps = class_activation_maps(method, &found[0], &found[1], &stage.layer, target)?;
        let map = maps.into_iter().next().ok_or_else(missing)?;
        Ok(Explanation {
            tensor: map.to_tensor(),
            map,
            target_value: Some(target.value(&found[2].values)?),
            baseline_value: None,
            completeness_gap: None,
        })
    }

    fn attribution(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
        tell: Tell<'_>,
    ) -> Result<Explanation, Error> {
        let (method, steps) = (self.recipe.method, self.recipe.steps());
        let names = [&gradient_name(graph::INPUT), graph::LOGIT];
        // At its ends a path needs the target alone; the built-in engine computes no more than it is asked for.
        let of_x = match method {
            Method::IntegratedGradients => &names[1..],
            _ => &names[..],
        };
        let at_x = self.gradients(x, of_x, cancel, progress)?;
        let logit = at_x
            .last()
            .ok_or(Error::Saliency(saliency::Error::Missing("logit")))?;
        let target_value = self.target.value(&logit.values)?;
        let baseline = self.baseline(x);
        let mut mean = MeanGradient::new(x);
        if method == Method::InputGradient {
            mean.add(&at_x[0])?;
        } else {
            for step in 0..steps {
                let input = match method {
                    Method::SmoothGrad => noisy(x, self.recipe.seed(), step, 1),
                    _ => path(x, &baseline, steps, step, 1),
                };
                mean.add(&self.gradients(&input, &names[..1], cancel, progress)?[0])?;
                // Half of a path explains half of the way; half of the samples explain all of it.
                if self.progressive && method == Method::SmoothGrad && step + 1 < steps {
                    let so_far = mean.attribution(method, self.target)?.to_map();
                    so_far.into_iter().for_each(&mut *tell);
                }
            }
        }
        let (mut gap, mut baseline_value) = (None, None);
        let attribution = if method == Method::IntegratedGradients {
            let attribution = mean.integrated(x, &baseline, self.target)?;
            let at_baseline = self.gradients(&baseline, &names[1..], cancel, progress)?;
            let at_baseline = self.target.value(&at_baseline[0].values)?;
            gap = Some(completeness_gap(&attribution, target_value, at_baseline));
            baseline_value = Some(at_baseline);
            attribution
        } else {
            mean.attribution(method, self.target)?
        };
        let map = attribution.to_map();
        Ok(Explanation {
            map: map.ok_or_else(|| Error::Tensor("the input has no pixels".to_owned()))?,
            tensor: attribution.tensor,
            target_value: Some(target_value),
            baseline_value,
            completeness_gap: gap,
        })
    }

    fn occlusion(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
        tell: Tell<'_>,
    ) -> Result<Explanation, Error> {
        let baseline = self.baseline(x);
        let target_value = self.values(x, cancel, progress)?[0];
        let plans = self.recipe.plans(self.size, self.progressive);
        let mut finest = None;
        for (i, plan) in plans.iter().copied().enumerate() {
            let mut hidden = Vec::with_capacity(plan.len());
            while hidden.len() < plan.len() {
                let count = self.batch().min(plan.len() - hidden.len());
                let inputs = plan.hidden(x, &baseline, hidden.len(), count);
                hidden.extend(self.values(&inputs, cancel, progress)?);
            }
            let map = plan.map(self.target, target_value, &hidden)?;
            if i + 1 < plans.len() {
                tell(map.clone());
            }
            finest = Some(map);
        }
        let map = finest.ok_or_else(|| Error::Tensor("the input has no pixels".to_owned()))?;
        Ok(Explanation {
            tensor: map.to_tensor(),
            map,
            target_value: Some(target_value),
            baseline_value: None,
            completeness_gap: None,
        })
    }

    /// The target at each of these inputs (1, 3, H, W), by forward passes in batches.
    pub fn targets(
        &mut self,
        inputs: impl Iterator<Item = Tensor>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<f64>, Error> {
        let mut targets = Vec::new();
        let mut inputs = inputs.peekable();
        while inputs.peek().is_some() {
            let few: Vec<Tensor> = inputs.by_ref().take(self.batch()).collect();
            let mut shape = few[0].shape.clone();
            shape[0] = few.len();
            let values = few.into_iter().flat_map(|x| x.values).collect();
            targets.extend(self.values(&Tensor { shape, values }, cancel, progress)?);
        }
        Ok(targets)
    }

    /// One run of the lengthened network.
    fn gradients(
        &mut self,
        x: &Tensor,
        outputs: &[&str],
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<Tensor>, Error> {
        self.fits(x)?;
        cancel.check()?;
        let seed = self.target.seed(x.shape[0], self.units)?;
        let inputs = [(graph::INPUT, x), (SEED, &seed)];
        let found = self.session.run(&inputs, outputs, cancel)?;
        (0..x.shape[0]).for_each(|_| progress.advance());
        Ok(found)
    }

    /// The target for each input of a batch, by forward passes alone.
    fn values(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<f64>, Error> {
        self.fits(x)?;
        cancel.check()?;
        let found = self
            .session
            .run(&[(graph::INPUT, x)], &[graph::LOGIT], cancel)?;
        (0..x.shape[0]).for_each(|_| progress.advance());
        let rows = found[0].values.chunks(self.units.max(1));
        Ok(rows
            .map(|z| self.target.value(z))
            .collect::<Result<_, _>>()?)
    }

    fn baseline(&self, x: &Tensor) -> Tensor {
        let inside = self.inside.as_ref();
        self.recipe.baseline().within(x, &self.black, inside)
    }

    fn fits(&self, x: &Tensor) -> Result<(), Error> {
        let [height, width] = self.size;
        match x.shape.as_slice() {
            &[_, _, h, w] if [h, w] == self.size => Ok(()),
            _ => Err(Error::Tensor(format!(
                "the network takes pictures of {height} × {width} pixels"
            ))),
        }
    }

    fn batch(&self) -> usize {
        batch(self.recipe.method, self.size)
    }
}

fn batch(method: Method, [height, width]: [usize; 2]) -> usize {
    match method {
        Method::Occlusion => (BATCH * 224 * 224 / (height * width).max(1)).clamp(1, BATCH),
        // A gradient keeps every result: more inputs in one run leave the caches and take longer for each.
        _ => 1,
    }
}

/// The layer that was asked for, or the last feature map.
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
    last.ok_or(Error::Saliency(saliency::Error::Missing("feature map")))
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
