//! A trial: one run of a small network with a known output, to see whether a device works and how exactly.

use super::{Error, Model, Session};
use crate::domain::Tensor;
use crate::progress::Cancel;

/// A model, an input, and the expected outputs.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The model as ONNX.
    pub model: Vec<u8>,
    /// Name and values of its input.
    pub input: (String, Tensor),
    /// Names and reference values of its outputs.
    pub expected: Vec<(String, Tensor)>,
    /// Largest allowed absolute difference.
    pub tolerance: f32,
}

impl Probe {
    /// The trial network inside the executable: convolutions, a depthwise one, ReLU6, swish, squeeze and excitation,
    /// pooling, a dense head and a softmax on a 32 × 32 picture. The reference was calculated in float64.
    pub fn built_in() -> Self {
        let count = 3 * 32 * 32;
        let picture = (0..count)
            .map(|i: u32| ((i * 7919) % 511) as f32 / 256.0 - 1.0)
            .collect();
        let mut expected = include_bytes!("trial/expected.f32")
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let score = expected.by_ref().take(2).collect();
        let map = expected.collect();
        let tensor = |shape: &[usize], values| Tensor {
            shape: shape.to_vec(),
            values,
        };
        Self {
            model: include_bytes!("trial/trial.onnx").to_vec(),
            input: ("image".to_owned(), tensor(&[1, 3, 32, 32], picture)),
            expected: vec![
                ("score".to_owned(), tensor(&[1, 2], score)),
                ("map".to_owned(), tensor(&[1, 16, 8, 8], map)),
            ],
            tolerance: 5e-5,
        }
    }

    /// The model for [`super::Engines::open`].
    pub fn source(&self) -> Model<'_> {
        Model::Bytes(&self.model)
    }

    /// Runs the probe once and returns the largest absolute difference from the reference; NaN counts as infinite.
    pub fn deviation(&self, session: &mut dyn Session, cancel: &Cancel) -> Result<f32, Error> {
        let names: Vec<&str> = self
            .expected
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let found = session.run(&[(self.input.0.as_str(), &self.input.1)], &names, cancel)?;
        let mut largest = 0.0_f32;
        for ((name, desired), got) in self.expected.iter().zip(&found) {
            if desired.values.len() != got.values.len() {
                return Err(Error::Run(format!("the output {name} has the wrong size")));
            }
            for (a, b) in desired.values.iter().zip(&got.values) {
                let difference = (a - b).abs();
                largest = largest.max(if difference.is_nan() {
                    f32::INFINITY
                } else {
                    difference
                });
            }
        }
        Ok(largest)
    }
}
