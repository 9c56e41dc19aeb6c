//! Grad-CAM at the last feature map for the cost of a forward pass: the forward pass gives the feature map, and a gradient
//! network of the head alone, from that map to the logit, gives the weights.
//!
//! The gradient network always runs on the built-in engine: it takes about 0.1 ms, less than a device needs to compile it,
//! and the same feature map then gives the same saliency map on every device.

use super::{Context, Error, memory};
use crate::domain::{NetworkPart, Operation, Tensor};
use crate::graph::gradient::{SEED, differentiate, gradient_name};
use crate::graph::{self, FEATURES, Graph, LOGIT};
use crate::progress::Cancel;
use crate::runtime::{Device, Model, Opened, Purpose, Session, SessionOptions};
use crate::saliency::{self, Method, SaliencyMap, Target, class_activation_maps};
use crate::storage::memory::available;

/// Converts the last feature map to a saliency map.
pub struct LastMap {
    /// The head, from the last feature map to the logit, with its gradient.
    session: Box<dyn Session>,
    /// The layer of the feature map; the input is named after it.
    layer: String,
    units: usize,
}

impl LastMap {
    /// Opens the head from its own ONNX file, which is empty if the network offers none; the inner error is the reason
    /// why there is no map. `whole` is the network as it was opened.
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
        match Self::of_head(ctx, &head, whole, cancel) {
            Ok(map) => Ok(Ok(map)),
            Err(Error::Cancelled) => Err(Error::Cancelled),
            // A score needs no map: the network still answers.
            Err(Error::Saliency(why)) => Ok(Err(why)),
            Err(_) => Ok(Err(saliency::Error::Missing(NetworkPart::Gradient))),
        }
    }

    /// Length of the logit.
    pub fn units(&self) -> usize {
        self.units
    }

    fn of_head(
        ctx: &Context,
        head: &Graph,
        whole: &Opened,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        let missing = |what| Error::Saliency(saliency::Error::Missing(what));
        let features = head
            .output(FEATURES)
            .ok_or_else(|| missing(NetworkPart::FeatureMap))?;
        let logit = head
            .output(LOGIT)
            .ok_or_else(|| missing(NetworkPart::Logit))?;
        let longer = differentiate(head, LOGIT, &[FEATURES]).map_err(saliency::Error::from)?;
        memory::check(Operation::Map, memory::need(&longer, 1), available())?;
        let written = graph::onnx::to_onnx(&longer)?;
        let model = Model::Bytes(&written);
        let how = SessionOptions {
            purpose: Purpose::Gradient,
            optimised: whole.optimised,
        };
        let engines = ctx.engines();
        let session = engines.open_named(how, Device::Embedded, model, cancel)?;
        Ok(Self {
            session,
            layer: head.value(features).name.clone(),
            units: head.ty(logit).elements().unwrap_or_default(),
        })
    }

    /// The map of one photograph; `features` is (1, C, h, w), the network's output of that name.
    pub fn grad_cam(
        &mut self,
        features: &Tensor,
        target: Target,
        cancel: &Cancel,
    ) -> Result<SaliencyMap, Error> {
        let missing = |what| Error::Saliency(saliency::Error::Missing(what));
        let seed = target.seed(1, self.units)?;
        let inputs = [(self.layer.as_str(), features), (SEED, &seed)];
        let slopes = self
            .session
            .run(&inputs, &[&gradient_name(FEATURES)], cancel)?;
        let slope = slopes
            .first()
            .ok_or_else(|| missing(NetworkPart::Gradient))?;
        let maps = class_activation_maps(Method::GradCam, features, slope, &self.layer, target)?;
        let map = maps.into_iter().next();
        map.ok_or_else(|| missing(NetworkPart::FeatureMap))
    }
}
