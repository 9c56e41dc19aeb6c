//! Grad-CAM at the last feature map for the cost of a forward pass: by the algebra of the head if a global average
//! pooling leads to it, otherwise by a small gradient network of the head alone.

use super::{Context, Error, memory};
use crate::domain::{NetworkPart, Operation, Tensor};
use crate::graph::gradient::{SEED, differentiate, gradient_name};
use crate::graph::{self, FEATURES, Graph, LOGIT};
use crate::progress::Cancel;
use crate::runtime::{Model, Opened, Purpose, Session, SessionOptions};
use crate::saliency::{
    self, HeadFunction, Method, SaliencyMap, Target, class_activation_maps, grad_cam,
};
use crate::storage::memory::available;

/// Converts the last feature map to a saliency map.
pub enum LastMap {
    Algebra(HeadFunction),
    Gradient(HeadGradient),
}

/// The head, from the last feature map to the logit, with its gradient.
pub struct HeadGradient {
    session: Box<dyn Session>,
    /// The layer of the feature map; the input is named after it.
    layer: String,
    units: usize,
}

impl LastMap {
    /// Opens the head from its own ONNX file, which is empty if the network offers none; the inner error is the reason
    /// why there is no map. A gradient network runs as the whole network was opened.
    pub fn open(
        ctx: &Context,
        onnx: &[u8],
        whole: &Opened,
        cancel: &Cancel,
    ) -> Result<Result<Self, saliency::Error>, Error> {
        if onnx.is_empty() {
            return Ok(Err(saliency::Error::Missing(NetworkPart::FeatureMap)));
        }
        let head = graph::onnx::from_onnx(onnx)?;
        match HeadFunction::from_graph(&head) {
            Ok(algebra) => Ok(Ok(Self::Algebra(algebra))),
            Err(why) => match HeadGradient::open(ctx, &head, whole, cancel) {
                Ok(gradient) => Ok(Ok(Self::Gradient(gradient))),
                Err(Error::Cancelled) => Err(Error::Cancelled),
                // A score needs no map: the network still answers.
                Err(_) => Ok(Err(why)),
            },
        }
    }

    /// Length of the logit.
    pub fn units(&self) -> usize {
        match self {
            Self::Algebra(head) => head.units(),
            Self::Gradient(head) => head.units,
        }
    }

    /// The map of one photograph; `features` is (1, C, h, w), the network's output of that name.
    pub fn grad_cam(
        &mut self,
        features: &Tensor,
        target: Target,
        cancel: &Cancel,
    ) -> Result<SaliencyMap, Error> {
        match self {
            Self::Algebra(head) => Ok(grad_cam(features, head, target)?),
            Self::Gradient(head) => head.grad_cam(features, target, cancel),
        }
    }
}

impl HeadGradient {
    fn open(ctx: &Context, head: &Graph, whole: &Opened, cancel: &Cancel) -> Result<Self, Error> {
        let missing = |what| Error::Saliency(saliency::Error::Missing(what));
        let features = head
            .output(FEATURES)
            .ok_or_else(|| missing(NetworkPart::FeatureMap))?;
        let logit = head
            .output(LOGIT)
            .ok_or_else(|| missing(NetworkPart::Logit))?;
        let longer = differentiate(head, LOGIT, &[FEATURES])?;
        memory::check(Operation::Map, memory::need(&longer, 1), available())?;
        let written = graph::onnx::to_onnx(&longer)?;
        let model = Model::Bytes(&written);
        let how = SessionOptions {
            purpose: Purpose::Gradient,
            optimised: whole.optimised,
        };
        let engines = ctx.engines();
        let session = engines.open_named(how, whole.device, model, cancel)?;
        Ok(Self {
            session,
            layer: head.value(features).name.clone(),
            units: head.ty(logit).elements().unwrap_or_default(),
        })
    }

    fn grad_cam(
        &mut self,
        features: &Tensor,
        target: Target,
        cancel: &Cancel,
    ) -> Result<SaliencyMap, Error> {
        let seed = target.seed(1, self.units)?;
        let inputs = [(self.layer.as_str(), features), (SEED, &seed)];
        let slopes = self
            .session
            .run(&inputs, &[&gradient_name(FEATURES)], cancel)?;
        let slope = slopes
            .first()
            .ok_or(Error::Saliency(saliency::Error::Missing(
                NetworkPart::Gradient,
            )))?;
        let maps = class_activation_maps(Method::GradCam, features, slope, &self.layer, target)?;
        maps.into_iter()
            .next()
            .ok_or(Error::Saliency(saliency::Error::Missing(
                NetworkPart::FeatureMap,
            )))
    }
}
