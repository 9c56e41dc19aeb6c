//! Reads a head from its graph: each node becomes a step, each value a slot.

use super::step::{Rule, Step};
use crate::graph::{Graph, Node, Op, TensorType, ValueId};
use crate::saliency::Error;

/// Turns graph nodes into steps and tracks the slot of each value.
pub(super) struct Reader<'a> {
    graph: &'a Graph,
    features: ValueId,
    slots: Vec<(ValueId, usize)>,
    constants: Vec<Vec<f64>>,
}

impl<'a> Reader<'a> {
    /// Slot 0 is reserved for the pooled features.
    pub(super) fn new(graph: &'a Graph, features: ValueId) -> Self {
        Self {
            graph,
            features,
            slots: Vec::new(),
            constants: vec![Vec::new()],
        }
    }

    /// Constants by slot; empty if a step computes the slot.
    pub(super) fn into_constants(self) -> Vec<Vec<f64>> {
        self.constants
    }

    /// The step that computes a node; `None` for the pooling itself, whose result is given.
    pub(super) fn step(&mut self, node: &Node) -> Result<Option<Step>, Error> {
        let unsupported = |reason| Error::Unsupported {
            operator: node.op.onnx_name(),
            layer: node.layer.clone(),
            reason,
        };
        if node.inputs.contains(&self.features) {
            if node.op != Op::GlobalAveragePool {
                return Err(unsupported("it reads the feature map itself"));
            }
            self.slots.push((node.output, 0));
            return Ok(None);
        }
        let types = node
            .inputs
            .iter()
            .chain([&node.output])
            .map(|&v| self.graph.ty(v));
        let rule = rule_of(&node.op, self.graph, node).map_err(unsupported)?;
        let weights_at = matches!(rule, Rule::Product { .. }).then_some(1);
        if types
            .enumerate()
            .any(|(i, ty)| weights_at != Some(i) && !is_line(ty))
        {
            return Err(unsupported("its values do not form a vector"));
        }
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for (place, &value) in node.inputs.iter().enumerate() {
            let slot = self
                .slot(value)
                .ok_or_else(|| unsupported("it reads another input"))?;
            if weights_at.is_some_and(|w| place >= w) && self.constants[slot].is_empty() {
                return Err(unsupported("its weights are not constants"));
            }
            inputs.push(slot);
        }
        let length = self.graph.ty(node.output).elements().unwrap_or(0);
        let output = self.constants.len();
        self.constants.push(Vec::new());
        self.slots.push((node.output, output));
        Ok(Some(Step {
            rule,
            inputs,
            output,
            length,
        }))
    }

    /// Slot of a computed value or a constant; a constant gets its slot at first use.
    fn slot(&mut self, value: ValueId) -> Option<usize> {
        if let Some(slot) = self.computed(value) {
            return Some(slot);
        }
        let numbers = self.graph.constant(value)?;
        let slot = self.constants.len();
        self.constants
            .push(numbers.iter().map(|&v| f64::from(v)).collect());
        self.slots.push((value, slot));
        Some(slot)
    }

    pub(super) fn computed(&self, value: ValueId) -> Option<usize> {
        self.slots
            .iter()
            .find(|(v, _)| *v == value)
            .map(|(_, slot)| *slot)
    }
}

fn rule_of(op: &Op, graph: &Graph, node: &Node) -> Result<Rule, &'static str> {
    Ok(match op {
        Op::Gemm => Rule::Product { by_unit: false },
        Op::Conv(conv) => {
            let weights = node.inputs.get(1).map(|&w| graph.ty(w).sizes());
            let one_by_one = weights.is_some_and(|w| w.ends_with(&[1, 1]));
            if !one_by_one || conv.groups != 1 || !conv.pads.is_none() {
                return Err("after a pooling only 1 × 1 convolutions without groups are supported");
            }
            Rule::Product { by_unit: true }
        }
        Op::Add => Rule::Add,
        Op::Sub => Rule::Sub,
        Op::Mul => Rule::Mul,
        Op::Div => Rule::Div,
        Op::Greater => Rule::Greater,
        Op::Relu => Rule::Relu,
        Op::LeakyRelu { alpha } => Rule::LeakyRelu(f64::from(*alpha)),
        Op::Clip { low, high } => Rule::Clip(f64::from(*low), f64::from(*high)),
        Op::Sigmoid => Rule::Sigmoid,
        Op::Tanh => Rule::Tanh,
        Op::Erf => Rule::Erf,
        Op::Softmax => match node.inputs.first().map(|&x| graph.ty(x).rank()) {
            Some(2) => Rule::Softmax,
            _ => return Err("it does not cover the whole vector"),
        },
        Op::Concat { .. } => Rule::Concat,
        // With a single cell, mean and maximum equal the cell.
        Op::Flatten
        | Op::Reshape { .. }
        | Op::Transpose { .. }
        | Op::GlobalAveragePool
        | Op::GlobalMaxPool => Rule::Same,
        Op::MaxPool(_) | Op::AveragePool(_) | Op::Pad(_) => return Err("it works on images"),
        Op::ConvTranspose { .. } | Op::ReduceSum { .. } | Op::Slice(_) => {
            return Err("it belongs to a gradient graph");
        }
    })
}

/// True if at most one axis besides the batch is longer than 1: the order of the values is then the same in any shape.
fn is_line(ty: &TensorType) -> bool {
    ty.sizes().iter().filter(|s| **s > 1).count() <= 1
}
