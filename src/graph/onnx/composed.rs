//! ONNX operators that map to several operators of the graph, or to a different one.

use super::fields::{attribute, number};
use super::operators::Composed;
use super::proto;
use super::read::{Reader, layer_of};
use crate::graph::compose::{self, by_number};
use crate::graph::{Error, Op, ValueId};

/// ONNX defaults of SELU: alpha and gamma.
const SELU: (f32, f32) = (1.673_263_2, 1.050_701);

impl Reader<'_> {
    /// Composes an operator from others and returns its result.
    pub(super) fn composed(
        &mut self,
        operator: Composed,
        node: &proto::Node,
    ) -> Result<ValueId, Error> {
        let layer = layer_of(node);
        let setting = |name: &str, absent: f32| attribute(node, name).map_or(absent, |a| a.f);
        let x = match node.inputs.first() {
            Some(name) => self.value(name, &node.name)?,
            None => return Err(Error::malformed(&node.name, "has no input")),
        };
        let b = &mut self.builder;
        Ok(match operator {
            Composed::Elu => compose::elu(b, layer, setting("alpha", 1.0), 1.0, x)?,
            Composed::Selu => {
                let (alpha, scale) = (setting("alpha", SELU.0), setting("gamma", SELU.1));
                compose::elu(b, layer, alpha, scale, x)?
            }
            Composed::Gelu => {
                let tanh = attribute(node, "approximate").is_some_and(|a| a.s == b"tanh");
                compose::gelu(b, layer, tanh, x)?
            }
            Composed::HardSigmoid => {
                let (alpha, beta) = (setting("alpha", 0.2), setting("beta", 0.5));
                let y = by_number(b, layer, Op::Mul, "alpha", alpha, x)?;
                let y = by_number(b, layer, Op::Add, "beta", beta, y)?;
                let unit = Op::Clip {
                    low: 0.0,
                    high: 1.0,
                };
                b.node(unit, layer, &[y])?
            }
            Composed::Neg => by_number(b, layer, Op::Mul, "minus", -1.0, x)?,
            Composed::PRelu => {
                let slopes = node.inputs.get(1).cloned().unwrap_or_default();
                let slopes = self.value(&slopes, &node.name)?;
                let (above, below) = compose::halves(&mut self.builder, layer, x)?;
                let below = self.builder.node(Op::Mul, layer, &[below, slopes])?;
                self.builder.node(Op::Add, layer, &[above, below])?
            }
            Composed::Min => {
                let high = self.bound(node)?;
                self.clipped(node, [f32::MIN, high], x)?
            }
            Composed::Max => {
                let low = self.bound(node)?;
                self.clipped(node, [low, f32::MAX], x)?
            }
            // a ≤ b is computed as not (a > b), a ≥ b as not (a < b).
            Composed::Greater => self.greater(node, x, false)?,
            Composed::LessOrEqual => {
                let more = self.greater(node, x, false)?;
                compose::opposite(&mut self.builder, layer, more)?
            }
            Composed::Less => self.greater(node, x, true)?,
            Composed::GreaterOrEqual => {
                let less = self.greater(node, x, true)?;
                compose::opposite(&mut self.builder, layer, less)?
            }
            Composed::Not => compose::opposite(b, layer, x)?,
            // Truth values are already float32 here.
            Composed::Cast if number(node, "to", 0) == i64::from(proto::FLOAT) => x,
            Composed::Cast => {
                return Err(Error::unsupported(
                    &node.name,
                    "a cast to a type other than float32",
                ));
            }
            Composed::BatchNormalization => self.norm(node, x)?,
            Composed::ReduceMean => self.reduced(node, Op::GlobalAveragePool, x)?,
            Composed::ReduceMax => self.reduced(node, Op::GlobalMaxPool, x)?,
            Composed::Squeeze => self.squeezed(node, x)?,
            Composed::Unsqueeze => self.unsqueezed(node, x)?,
        })
    }

    /// The scalar operand of Min or Max.
    fn bound(&self, node: &proto::Node) -> Result<f32, Error> {
        match self.floats(node, 1)?.as_slice() {
            &[bound] if node.inputs.len() == 2 => Ok(bound),
            _ => {
                let several = format!("{} of tensors", node.op_type);
                Err(Error::unsupported(&node.name, several))
            }
        }
    }

    fn clipped(
        &mut self,
        node: &proto::Node,
        [low, high]: [f32; 2],
        x: ValueId,
    ) -> Result<ValueId, Error> {
        self.builder
            .node(Op::Clip { low, high }, layer_of(node), &[x])
    }

    /// 1 where the first operand exceeds the second, or with `turned` the second the first; 0 elsewhere.
    fn greater(&mut self, node: &proto::Node, x: ValueId, turned: bool) -> Result<ValueId, Error> {
        let other = node.inputs.get(1).cloned().unwrap_or_default();
        let other = self.value(&other, &node.name)?;
        let pair = if turned { [other, x] } else { [x, other] };
        self.builder.node(Op::Greater, layer_of(node), &pair)
    }

    /// Scale and offset per channel, computed in f64.
    fn norm(&mut self, node: &proto::Node, x: ValueId) -> Result<ValueId, Error> {
        let epsilon = attribute(node, "epsilon").map_or(1e-5, |a| f64::from(a.f));
        if number(node, "training_mode", 0) != 0 {
            return Err(Error::unsupported(
                &node.name,
                "a batch norm in training mode",
            ));
        }
        let mut numbers = Vec::with_capacity(4);
        for input in 1..=4 {
            numbers.push(self.floats(node, input)?);
        }
        let sizes = self.builder.ty(x).sizes();
        let channels = sizes.first().copied().unwrap_or_default();
        if numbers.iter().any(|n| n.len() != channels) {
            return Err(Error::malformed(
                &node.name,
                "the parameters of the batch norm do not match its channels",
            ));
        }
        let factor =
            |c: usize| f64::from(numbers[0][c]) / (f64::from(numbers[3][c]) + epsilon).sqrt();
        let factors: Vec<f32> = (0..channels).map(|c| factor(c) as f32).collect();
        let offset = |c: usize| f64::from(numbers[1][c]) - f64::from(numbers[2][c]) * factor(c);
        let offsets: Vec<f32> = (0..channels).map(|c| offset(c) as f32).collect();
        let mut shape = vec![1; sizes.len() + 1];
        if let Some(place) = shape.get_mut(1) {
            *place = channels;
        }
        let layer = layer_of(node);
        let factors = self
            .builder
            .constant(&format!("{layer}/factor"), &shape, factors)?;
        let offsets = self
            .builder
            .constant(&format!("{layer}/offset"), &shape, offsets)?;
        let y = self.builder.node(Op::Mul, layer, &[x, factors])?;
        self.builder.node(Op::Add, layer, &[y, offsets])
    }

    /// The axes of a node, from its attribute or its second input, non-negative and sorted.
    fn axes(&self, node: &proto::Node, rank: usize) -> Result<Vec<usize>, Error> {
        let given = match attribute(node, "axes") {
            Some(axes) => axes.ints.clone(),
            None if node.inputs.len() > 1 => self.integers(node, 1)?.to_vec(),
            None => return Err(Error::unsupported(&node.name, "no axes given")),
        };
        let place = |axis: i64| {
            let from_front = if axis < 0 {
                axis.checked_add(rank as i64)
            } else {
                Some(axis)
            };
            from_front
                .and_then(|a| usize::try_from(a).ok())
                .filter(|&a| a < rank)
        };
        let axes: Option<Vec<usize>> = given.into_iter().map(place).collect();
        let mut axes = axes.ok_or_else(|| Error::malformed(&node.name, "an axis out of range"))?;
        axes.sort_unstable();
        Ok(axes)
    }

    /// Mean or maximum over height and width, with channels first or last.
    fn reduced(&mut self, node: &proto::Node, op: Op, x: ValueId) -> Result<ValueId, Error> {
        let layer = layer_of(node);
        let keep = number(node, "keepdims", 1) != 0;
        let rank = self.builder.ty(x).rank();
        let axes = self.axes(node, rank)?;
        let b = &mut self.builder;
        match (rank, axes.as_slice()) {
            (4, [2, 3]) => {
                let y = b.node(op, layer, &[x])?;
                if keep {
                    Ok(y)
                } else {
                    b.node(Op::Flatten, layer, &[y])
                }
            }
            (4, [1, 2]) => {
                let axes = vec![0, 3, 1, 2];
                let turned = b.node(Op::Transpose { axes }, layer, &[x])?;
                let y = b.node(op, layer, &[turned])?;
                if !keep {
                    return b.node(Op::Flatten, layer, &[y]);
                }
                let axes = vec![0, 2, 3, 1];
                b.node(Op::Transpose { axes }, layer, &[y])
            }
            _ => Err(Error::unsupported(
                &node.name,
                format!("{} over axes other than height and width", node.op_type),
            )),
        }
    }

    /// Removes axes of size 1.
    fn squeezed(&mut self, node: &proto::Node, x: ValueId) -> Result<ValueId, Error> {
        let mut dims = self.dims(node, x)?;
        for axis in self.axes(node, dims.len() + 1)?.into_iter().rev() {
            match axis.checked_sub(1).filter(|&a| dims.get(a) == Some(&1)) {
                Some(at) => dims.remove(at),
                None => return Err(wrong_axes(node)),
            };
        }
        self.shaped(node, dims, x)
    }

    /// Inserts axes of size 1.
    fn unsqueezed(&mut self, node: &proto::Node, x: ValueId) -> Result<ValueId, Error> {
        let mut dims = self.dims(node, x)?;
        let more = match attribute(node, "axes") {
            Some(axes) => axes.ints.len(),
            None => self.integers(node, 1)?.len(),
        };
        for axis in self.axes(node, dims.len() + 1 + more)? {
            match axis.checked_sub(1).filter(|&a| a <= dims.len()) {
                Some(at) => dims.insert(at, 1),
                None => return Err(wrong_axes(node)),
            }
        }
        self.shaped(node, dims, x)
    }

    /// The sizes of a tensor without the batch.
    fn dims(&self, node: &proto::Node, x: ValueId) -> Result<Vec<usize>, Error> {
        let ty = self.builder.ty(x);
        if ty.is_batched() {
            Ok(ty.sizes())
        } else {
            Err(wrong_axes(node))
        }
    }

    fn shaped(
        &mut self,
        node: &proto::Node,
        dims: Vec<usize>,
        x: ValueId,
    ) -> Result<ValueId, Error> {
        let op = match dims.len() {
            1 => Op::Flatten,
            _ => Op::Reshape { dims },
        };
        self.builder.node(op, layer_of(node), &[x])
    }
}

fn wrong_axes(node: &proto::Node) -> Error {
    Error::unsupported(&node.name, format!("{} with these axes", node.op_type))
}
