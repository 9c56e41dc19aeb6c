//! A neural network as data: values, nodes and constants, independent of Keras and of any engine.
//!
//! A [`Builder`] infers every shape and returns a valid graph; [`validate`] lists the invariants. All values are
//! float32. Every tensor that is not a constant starts with the symbolic batch axis N; all other sizes are known. Nodes
//! are in topological order and keep the name of the layer they came from, so that users can refer to layers by names
//! they know.
//!
//! An imported network has the input `x` (N, 3, H, W) and the outputs `output` (N, units) after the last activation,
//! `logit` (N, units) before it, and, if the network computes a feature map, `features` (N, C, h, w), the
//! [`last_feature_map`]. The nodes between `features` and `logit`, with their weights:
//!
//! ```text
//! let head = graph.between(graph.output("features")?, graph.output("logit")?)?;
//! for node in head {
//!     match node.op {
//!         Op::Gemm => { let weights = graph.constant(node.inputs[1])?; /* (in, out), row-major */ }
//!         _ => { /* GlobalAveragePool, Flatten, Reshape, Conv, Relu, Clip, Sigmoid, Mul, Add … */ }
//!     }
//! }
//! ```

mod build;
pub mod compose;
mod extract;
mod feature_map;
pub mod gradient;
mod memory;
pub mod onnx;
mod op;
#[cfg(test)]
pub(crate) mod reference;
mod shape;
mod sign;
mod validate;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::foreign::{escaped, shown};
use crate::domain::listed::{Part, listed_parts};
use crate::domain::{Lang, Refusal, Remedy};

pub use build::Builder;
pub use extract::subgraph;
pub use feature_map::last_feature_map;
pub use memory::{Footprint, footprint};
pub use op::{AxisSlice, Conv, Op, Pads, Pool};
pub use shape::{Dim, TensorType, infer};
pub use validate::validate;

/// Name of the input of an imported network.
pub const INPUT: &str = "x";
/// Name of the output after the last activation.
pub const OUTPUT: &str = "output";
/// Name of the output before the last activation.
pub const LOGIT: &str = "logit";
/// Name of the output that is the last feature map.
pub const FEATURES: &str = "features";
/// Names of the outputs of a stem, the subgraph up to the first batch norms: the mean and the mean square of each
/// channel.
pub const STEM: [&str; 2] = ["mean", "square"];

/// Why a graph could not be built, written or read.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    /// The bytes are cut short or damaged.
    #[error("the file is damaged: {0}")]
    Damaged(&'static str),
    /// An invariant of the graph is violated at the named place.
    #[error("the network is malformed at {}: {}", shown(place), escaped(reason))]
    Malformed { place: String, reason: String },
    /// The file uses something that Gantei does not support; at least one part.
    #[error("the network uses something that is not supported, at {}", unsupported_parts(.0, Lang::En))]
    Unsupported(Vec<UnsupportedPart>),
    /// A size exceeds Gantei's limits.
    #[error("the network is too large: {0}")]
    Limit(String),
}

/// A part of a network that is not supported, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedPart {
    pub place: String,
    pub reason: String,
    pub remedy: Remedy,
}

/// Parts that are not supported, in a sentence.
pub fn unsupported_parts(parts: &[UnsupportedPart], lang: Lang) -> String {
    let parts = parts.iter().map(|part| Part {
        class: "",
        name: &part.place,
        reason: &part.reason,
    });
    listed_parts(parts, lang)
}

impl Error {
    pub(crate) fn malformed(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Malformed {
            place: place.into(),
            reason: reason.into(),
        }
    }

    pub(crate) fn unsupported(place: impl Into<String>, why: impl Into<Refusal>) -> Self {
        let Refusal { reason, remedy } = why.into();
        Self::Unsupported(vec![UnsupportedPart {
            place: place.into(),
            reason,
            remedy,
        }])
    }
}

/// Identifies a value within one graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub(crate) u32);

impl ValueId {
    /// Index into [`Graph::values`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// An input of the graph.
    Input,
    /// A constant, row-major. Clones share its data.
    Constant(Arc<[f32]>),
    /// Result of the node at this index of [`Graph::nodes`].
    Node(usize),
}

/// A tensor that flows through the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Unique in the graph; the name of a layer when the value is that layer's result.
    pub name: String,
    pub ty: TensorType,
    pub source: Source,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub op: Op,
    /// The layer it belongs to; a layer may need several nodes.
    pub layer: String,
    pub inputs: Vec<ValueId>,
    pub output: ValueId,
}

/// A named output of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub name: String,
    pub value: ValueId,
}

/// A network. Cloning is cheap: constants are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    pub(crate) values: Vec<Value>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) inputs: Vec<ValueId>,
    pub(crate) outputs: Vec<Output>,
    /// Metadata stored with the graph, such as the architecture.
    pub metadata: BTreeMap<String, String>,
}

impl Graph {
    /// Every value, in order of id.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Every node, in topological order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The ids of [`Self::values`], in order.
    pub fn ids(&self) -> impl Iterator<Item = ValueId> + use<> {
        (0..self.values.len() as u32).map(ValueId)
    }

    pub fn inputs(&self) -> &[ValueId] {
        &self.inputs
    }

    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The value with this id. Ids of another graph must not be used here.
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.index()]
    }

    /// Type of a value.
    pub fn ty(&self, id: ValueId) -> &TensorType {
        &self.value(id).ty
    }

    /// The value of the output with this name.
    pub fn output(&self, name: &str) -> Option<ValueId> {
        self.outputs
            .iter()
            .find(|o| o.name == name)
            .map(|o| o.value)
    }

    /// The value with this name, such as the result of a layer.
    pub fn value_named(&self, name: &str) -> Option<ValueId> {
        let at = self.values.iter().position(|v| v.name == name)?;
        u32::try_from(at).ok().map(ValueId)
    }

    /// The values of a constant, row-major; `None` for an input or a computed value.
    pub fn constant(&self, id: ValueId) -> Option<&[f32]> {
        match &self.value(id).source {
            Source::Constant(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// Replaces the data of a constant; returns `false`, and changes nothing, if there is no constant of that length.
    pub fn set_constant(&mut self, id: ValueId, numbers: impl Into<Arc<[f32]>>) -> bool {
        let numbers = numbers.into();
        match &mut self.values[id.index()].source {
            Source::Constant(old) if old.len() == numbers.len() => {
                *old = numbers;
                true
            }
            _ => false,
        }
    }

    /// The node that computes a value; `None` for inputs and constants.
    pub fn producer(&self, id: ValueId) -> Option<&Node> {
        match self.value(id).source {
            Source::Node(at) => self.nodes.get(at),
            _ => None,
        }
    }

    /// The nodes on all paths from `from` to `to`, in topological order.
    ///
    /// Empty if the two are the same value; `None` if `to` does not depend on `from`. An input of such a node is
    /// `from`, the result of an earlier one, a constant, or a value that does not depend on `from`.
    pub fn between(&self, from: ValueId, to: ValueId) -> Option<Vec<&Node>> {
        let mut depends = vec![false; self.values.len()];
        depends[from.index()] = true;
        for node in &self.nodes {
            if node.inputs.iter().any(|i| depends[i.index()]) {
                depends[node.output.index()] = true;
            }
        }
        if !depends[to.index()] {
            return None;
        }
        let mut needed = vec![false; self.values.len()];
        needed[to.index()] = true;
        let mut path = Vec::new();
        for node in self.nodes.iter().rev() {
            let out = node.output;
            if out != from && needed[out.index()] && depends[out.index()] {
                for input in &node.inputs {
                    needed[input.index()] = true;
                }
                path.push(node);
            }
        }
        path.reverse();
        Some(path)
    }

    /// Total number of values in all constants.
    pub fn constant_count(&self) -> u64 {
        let count = |v: &Value| match &v.source {
            Source::Constant(numbers) => numbers.len() as u64,
            _ => 0,
        };
        self.values.iter().map(count).sum()
    }
}
