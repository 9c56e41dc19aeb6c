//! Grad-CAM at the last feature map for the cost of a forward pass: the forward pass gives the feature map, and a gradient
//! network of the head alone, from that map to the logit, gives the weights.
//!
//! After a global average pooling the head is small. Its gradient network then runs on the built-in engine: it takes
//! about 0.1 ms, less than a device needs to compile it, and the same feature map gives the same saliency map on every
//! device. A large head, as after a flattening, runs on the device on which the network was opened.

use super::{Context, Error, memory};
use crate::domain::{NetworkPart, Operation, Tensor};
use crate::graph::gradient::{SEED, differentiate, gradient_name};
use crate::graph::{self, FEATURES, Graph, LOGIT};
use crate::progress::Cancel;
use crate::runtime::{self, Device, Model, Opened, Purpose, Session, SessionOptions};
use crate::saliency::{self, Method, SaliencyMap, Target, class_activation_maps};
use crate::storage::memory::available;

/// Weights of a head from which on it is large: the built-in engine would take longer than a device.
const LARGE_HEAD: u64 = 16 << 20;

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
            Err(error) => Ok(Err(why_none(error))),
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
        let on = |device| engines.open_named(how, device, model, cancel);
        let session = match device_of_head(head.constant_count(), whole.device) {
            Device::Embedded => on(Device::Embedded),
            // A device that runs the network need not run its gradient.
            device => on(device).or_else(|_| on(Device::Embedded)),
        };
        let session = session?;
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

/// Where a head with so many weights runs.
fn device_of_head(weights: u64, opened: Device) -> Device {
    match weights < LARGE_HEAD {
        true => Device::Embedded,
        false => opened,
    }
}

/// Why there is no map at the last feature map. A score needs none, so this is a finding on it.
pub fn why_none(error: Error) -> saliency::Error {
    match error {
        Error::Saliency(why) => why,
        Error::Memory { .. } | Error::Runtime(runtime::Error::Memory(_)) => saliency::Error::Memory,
        _ => saliency::Error::Missing(NetworkPart::Gradient),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lack_of_memory_is_not_a_lack_of_a_gradient() {
        let memory = Error::Memory {
            work: Operation::Map,
            need: 2,
            available: 1,
        };
        assert_eq!(why_none(memory), saliency::Error::Memory);
        let other = Error::NotFinite("weights");
        let no_gradient = saliency::Error::Missing(NetworkPart::Gradient);
        assert_eq!(why_none(other), no_gradient);
    }

    #[test]
    fn only_a_large_head_runs_on_the_device_of_its_network() {
        // 1280 features to 2 classes, and 7 × 7 × 512 to 4096.
        assert_eq!(device_of_head(2562, Device::Cuda), Device::Embedded);
        assert_eq!(device_of_head(102_764_544, Device::Cuda), Device::Cuda);
    }
}
