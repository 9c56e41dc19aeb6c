//! The passes through a network that a map takes: which inputs, in which batches, and what becomes of the answers.

use serde_json::{Map, Value, json};

use super::ExplainRequest;
use crate::clinic::{Crop, EngineUsed, Head, InputSpec, Pixels, Tensor};
use crate::graph::gradient::{SEED, differentiate, gradient_name};
use crate::graph::{self, Graph};
use crate::imaging::prepare;
use crate::keras;
use crate::progress::{Cancel, Progress};
use crate::runtime::{Model, Session};
use crate::saliency::{
    self, Baseline, MeanGradient, Method, Plan, SaliencyMap, Stage, Target, class_activation_maps,
    completeness_gap, noisy, path,
};
use crate::storage::read;
use crate::workflow::models::{self, KERAS_LIMIT, Place};
use crate::workflow::{Context, Error, import};

/// Steps of integrated gradients and samples of SmoothGrad when nobody says otherwise.
const STEPS: usize = 50;
const MOST_STEPS: usize = 1000;
/// Patches along the longer side.
const PATCHES: usize = 16;
const MOST_PATCHES: usize = 64;
/// Inputs of 224 × 224 in one batch; larger inputs come in smaller batches, down to one.
const BATCH: usize = 10;

/// A network made ready for one method.
pub struct Passes {
    session: Box<dyn Session>,
    method: Method,
    target: Target,
    units: usize,
    /// Where a class activation map is made.
    stage: Option<Stage>,
    steps: usize,
    baseline: Baseline,
    seed: u64,
    /// A black pixel in the network's scale.
    black: Vec<f32>,
    /// Height and width of the input.
    size: [usize; 2],
}

/// What came of one input.
pub struct Explanation {
    /// For showing; for attributions the sum over the channels.
    pub map: SaliencyMap,
    /// What is written: (h, w), (H, W, 3) or (rows, columns).
    pub tensor: Tensor,
    /// The target at the input, where it was computed.
    pub target_value: Option<f64>,
    /// Integrated gradients only.
    pub completeness_gap: Option<f64>,
}

impl Passes {
    /// Refuses settings that the method does not have, and those out of range.
    pub fn check(request: &ExplainRequest) -> Result<(), Error> {
        let method = request.method;
        let maps = matches!(
            method,
            Method::GradCam | Method::HiresCam | Method::LayerCam
        );
        let stepwise = matches!(
            method,
            Method::IntegratedGradients | Method::SmoothGrad | Method::Occlusion
        );
        let from_baseline = matches!(method, Method::IntegratedGradients | Method::Occlusion);
        for (flag, given, fits) in [
            ("--layer", request.layer.is_some(), maps),
            ("--steps", request.steps.is_some(), stepwise),
            ("--baseline", request.baseline.is_some(), from_baseline),
            (
                "--seed",
                request.seed.is_some(),
                method == Method::SmoothGrad,
            ),
        ] {
            if given && !fits {
                return Err(Error::Usage(format!(
                    "the method {method} has no {flag}; leave it out"
                )));
            }
        }
        let most = match method {
            Method::Occlusion => MOST_PATCHES,
            _ => MOST_STEPS,
        };
        match request.steps {
            Some(steps) if !(1..=most).contains(&steps) => Err(Error::Usage(format!(
                "--steps must be 1 to {most} for {method}"
            ))),
            _ => Ok(()),
        }
    }

    /// Lengthens the model by what the method needs and opens it on the device. `spec` says how pixels are scaled where
    /// the caller has a card; a Keras file without one has a black of 0.
    pub fn open(
        ctx: &Context,
        request: &ExplainRequest,
        spec: Option<&InputSpec>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let (network, head, own) = network(ctx, &request.model, cancel, progress)?;
        progress.start("load", 0);
        let missing = |what| Error::Saliency(saliency::Error::Missing(what));
        let input = network.value_named(graph::INPUT);
        let input = input.and_then(|x| network.ty(x).picture());
        let [channels, height, width] = input.ok_or_else(|| missing("picture as its input"))?;
        let logit = network
            .output(graph::LOGIT)
            .and_then(|z| network.ty(z).vector());
        let units = logit.ok_or_else(|| missing("logit"))?;
        let target = request.target.map_or(Target::of(head), Target::Output);
        // Says early when the network has no such output.
        target.weights(units)?;

        let stage = match request.method {
            Method::GradCam | Method::HiresCam | Method::LayerCam => {
                Some(stage(&network, request.layer.as_deref())?)
            }
            _ => None,
        };
        let longer = match (&stage, request.method) {
            (Some(stage), _) => differentiate(&network, graph::LOGIT, &[stage.tensor()])?,
            (None, Method::Occlusion) => network,
            (None, _) => differentiate(&network, graph::LOGIT, &[graph::INPUT])?,
        };
        cancel.check()?;
        let written = graph::onnx::to_onnx(&longer)?;
        drop(longer);
        let opened = ctx
            .engines()
            .open(request.device, Model::Bytes(&written), cancel)?;
        let occlusion = request.method == Method::Occlusion;
        Ok(Self {
            session: opened.session,
            method: request.method,
            target,
            units,
            stage,
            steps: request
                .steps
                .unwrap_or(if occlusion { PATCHES } else { STEPS }),
            baseline: request.baseline.unwrap_or(if occlusion {
                Baseline::Mean
            } else {
                Baseline::Black
            }),
            seed: request.seed.unwrap_or(0),
            black: match spec.or(own.as_ref()) {
                Some(spec) => black(spec)?,
                None => vec![0.0; channels],
            },
            size: [height, width],
        })
    }

    /// Passes through the network for one input.
    pub fn count(&self) -> u64 {
        let count = match self.method {
            Method::IntegratedGradients => self.steps + 2,
            Method::SmoothGrad => self.steps + 1,
            Method::Occlusion => 1 + self.plan().map_or(0, Plan::len),
            _ => 1,
        };
        count as u64
    }

    pub fn used(&self) -> &EngineUsed {
        self.session.used()
    }

    /// The settings that the method has, for the figures beside a map.
    pub fn settings(&self) -> Map<String, Value> {
        let mut settings = Map::new();
        let mut put = |name: &str, value: Value| settings.insert(name.to_owned(), value);
        if matches!(
            self.method,
            Method::IntegratedGradients | Method::SmoothGrad | Method::Occlusion
        ) {
            put("steps", json!(self.steps));
        }
        if matches!(self.method, Method::IntegratedGradients | Method::Occlusion) {
            put("baseline", json!(self.baseline));
            if self.baseline == Baseline::Black {
                put("black", json!(self.black));
            }
        }
        if self.method == Method::SmoothGrad {
            put("seed", json!(self.seed));
        }
        settings
    }

    /// The map of one input (1, 3, H, W). `progress` advances with every pass.
    pub fn explain(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Explanation, Error> {
        match self.method {
            Method::GradCam | Method::HiresCam | Method::LayerCam => self.cam(x, cancel, progress),
            Method::Occlusion => self.occlusion(x, cancel, progress),
            Method::InputGradient | Method::SmoothGrad | Method::IntegratedGradients => {
                self.attribution(x, cancel, progress)
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
        let (method, target) = (self.method, self.target);
        let maps = class_activation_maps(method, &found[0], &found[1], &stage.layer, target)?;
        let map = maps.into_iter().next().ok_or_else(missing)?;
        Ok(Explanation {
            tensor: map.to_tensor(),
            map,
            target_value: Some(target.value(&found[2].values)?),
            completeness_gap: None,
        })
    }

    fn attribution(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Explanation, Error> {
        let names = [&gradient_name(graph::INPUT), graph::LOGIT];
        let at_x = self.gradients(x, &names, cancel, progress)?;
        let target_value = self.target.value(&at_x[1].values)?;
        let baseline = self.baseline.of(x, &self.black);
        let mut mean = MeanGradient::new(x);
        if self.method == Method::InputGradient {
            mean.add(&at_x[0])?;
        } else {
            let mut first = 0;
            while first < self.steps {
                let count = self.batch().min(self.steps - first);
                let inputs = match self.method {
                    Method::SmoothGrad => noisy(x, self.seed, first, count),
                    _ => path(x, &baseline, self.steps, first, count),
                };
                mean.add(&self.gradients(&inputs, &names[..1], cancel, progress)?[0])?;
                first += count;
            }
        }
        let mut gap = None;
        let attribution = if self.method == Method::IntegratedGradients {
            let attribution = mean.integrated(x, &baseline, self.target)?;
            let at_baseline = self.gradients(&baseline, &names[1..], cancel, progress)?;
            let at_baseline = self.target.value(&at_baseline[0].values)?;
            gap = Some(completeness_gap(&attribution, target_value, at_baseline));
            attribution
        } else {
            mean.attribution(self.method, self.target)?
        };
        let map = attribution.to_map();
        Ok(Explanation {
            map: map.ok_or_else(|| Error::Tensor("the input has no pixels".to_owned()))?,
            tensor: attribution.tensor,
            target_value: Some(target_value),
            completeness_gap: gap,
        })
    }

    fn occlusion(
        &mut self,
        x: &Tensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Explanation, Error> {
        let plan = self
            .plan()
            .ok_or_else(|| Error::Tensor("the input has no pixels".to_owned()))?;
        let baseline = self.baseline.of(x, &self.black);
        let target_value = self.values(x, cancel, progress)?[0];
        let mut hidden = Vec::with_capacity(plan.len());
        while hidden.len() < plan.len() {
            let count = self.batch().min(plan.len() - hidden.len());
            let inputs = plan.hidden(x, &baseline, hidden.len(), count);
            hidden.extend(self.values(&inputs, cancel, progress)?);
        }
        let map = plan.map(self.target, target_value, &hidden)?;
        Ok(Explanation {
            tensor: map.to_tensor(),
            map,
            target_value: Some(target_value),
            completeness_gap: None,
        })
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

    fn fits(&self, x: &Tensor) -> Result<(), Error> {
        let [height, width] = self.size;
        match x.shape.as_slice() {
            &[_, _, h, w] if [h, w] == self.size => Ok(()),
            _ => Err(Error::Tensor(format!(
                "the network takes pictures of {height} × {width} pixels"
            ))),
        }
    }

    fn plan(&self) -> Option<Plan> {
        Plan::new(self.size[0], self.size[1], self.steps)
    }

    fn batch(&self) -> usize {
        (BATCH * 224 * 224 / (self.size[0] * self.size[1]).max(1)).clamp(1, BATCH)
    }
}

/// The graph of a model, the kind of its head, and how its card scales pixels where it has one.
fn network(
    ctx: &Context,
    model: &str,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(Graph, Head, Option<InputSpec>), Error> {
    if let Place::File(file) = models::find(ctx, model)? {
        let bytes = read::file(&file, KERAS_LIMIT)?;
        let read = import::read_keras(bytes, keras::Options::default(), cancel, progress)?;
        let network = graph::onnx::from_onnx(&read.onnx)?;
        return Ok((network, read.facts.head, None));
    }
    let shelf = models::shelf(ctx, model, cancel, progress)?;
    let card = shelf.card()?;
    let network = graph::onnx::from_onnx(&shelf.onnx()?)?;
    Ok((network, card.head, Some(card.input)))
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
fn black(spec: &InputSpec) -> Result<Vec<f32>, Error> {
    let one_pixel = InputSpec {
        size: [1, 1],
        crop: Crop::Stretch,
        ..spec.clone()
    };
    let pixel = Pixels::new(1, 1, vec![0; 3])
        .ok_or_else(|| Error::Tensor("the input has no pixels".to_owned()))?;
    Ok(prepare::prepare(&pixel, None, &one_pixel)?.tensor.values)
}
