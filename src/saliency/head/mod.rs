//! The part of the network after the last feature map, as a small vector function with an exact gradient.
//!
//! After the last global average pooling every tensor is a vector, so the head is a chain of matrix products and
//! elementwise functions. It is evaluated and differentiated backwards in f64. At a kink (ReLU at 0, the ends of a
//! clip) the slope is 0, as in TensorFlow.

mod read;
mod step;
#[cfg(test)]
mod tests;

use super::{Error, Target};
use crate::domain::NetworkPart;
use crate::graph::{FEATURES, Graph, LOGIT};
use read::Reader;
use step::Step;

/// A network's head: pooled features → logits.
#[derive(Clone, Debug)]
pub struct HeadFunction {
    layer: String,
    channels: usize,
    /// Constants by slot; empty if a step computes the slot.
    constants: Vec<Vec<f64>>,
    steps: Vec<Step>,
    logit: usize,
    units: usize,
}

impl HeadFunction {
    /// Reads the part between the outputs `features` and `logit`.
    pub fn from_graph(graph: &Graph) -> Result<Self, Error> {
        let features = graph
            .output(FEATURES)
            .ok_or(Error::Missing(NetworkPart::FeatureMap))?;
        let logit = graph
            .output(LOGIT)
            .ok_or(Error::Missing(NetworkPart::Logit))?;
        let [channels, ..] = graph
            .ty(features)
            .picture()
            .ok_or(Error::Missing(NetworkPart::FeatureMap))?;
        let path = graph.between(features, logit).unwrap_or_default();
        if path.is_empty() {
            return Err(Error::Missing(NetworkPart::Path));
        }
        let mut reader = Reader::new(graph, features);
        let mut steps = Vec::new();
        for node in path {
            steps.extend(reader.step(node)?);
        }
        let units = graph.ty(logit).elements().unwrap_or(0);
        let logit = reader
            .computed(logit)
            .ok_or(Error::Missing(NetworkPart::PooledLogit))?;
        let layer = graph.value(features).name.clone();
        Ok(Self {
            layer,
            channels,
            constants: reader.into_constants(),
            steps,
            logit,
            units,
        })
    }

    /// Name of the last feature map: a layer's name if the network has one.
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// Channels of the last feature map.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Number of outputs before the last activation.
    pub fn units(&self) -> usize {
        self.units
    }

    /// The logits for pooled features, one value per channel.
    pub fn logits(&self, pooled: &[f64]) -> Result<Vec<f64>, Error> {
        let mut lines = self.forward(pooled)?;
        Ok(std::mem::take(&mut lines[self.logit]))
    }

    /// d target / d pooled, one value per channel.
    pub fn gradient(&self, pooled: &[f64], target: Target) -> Result<Vec<f64>, Error> {
        let seed = target.weights(self.units)?;
        let lines = self.forward(pooled)?;
        let mut slopes: Vec<Vec<f64>> = lines.iter().map(|l| vec![0.0; l.len()]).collect();
        slopes[self.logit] = seed;
        for step in self.steps.iter().rev() {
            let slope = std::mem::take(&mut slopes[step.output]);
            for (place, &input) in step.inputs.iter().enumerate() {
                if self.constants[input].is_empty() {
                    step.backward(place, &lines, &slope, &mut slopes[input]);
                }
            }
        }
        let gradient = std::mem::take(&mut slopes[0]);
        if gradient.iter().all(|g| g.is_finite()) {
            Ok(gradient)
        } else {
            Err(Error::NotANumber)
        }
    }

    /// Every vector, by slot.
    fn forward(&self, pooled: &[f64]) -> Result<Vec<Vec<f64>>, Error> {
        if pooled.len() != self.channels {
            let (given, desired) = (pooled.len(), self.channels);
            return Err(Error::Shape(format!(
                "expected {desired} pooled features, got {given}"
            )));
        }
        let mut lines = self.constants.clone();
        lines[0] = pooled.to_vec();
        for step in &self.steps {
            let line = step.forward(&lines);
            lines[step.output] = line;
        }
        Ok(lines)
    }
}
