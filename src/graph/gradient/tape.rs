//! The state that the rules share: the growing graph, and the derivative accumulated so far for every forward value.

use std::collections::HashMap;

use crate::graph::{Builder, Dim, Error, Op, TensorType, ValueId};

/// The growing graph and the gradients of the forward values.
pub struct Tape {
    pub builder: Builder,
    needed: Vec<bool>,
    /// By forward value; `None` before the first contribution.
    slopes: Vec<Option<ValueId>>,
    scalars: HashMap<u32, ValueId>,
    layer: String,
}

impl Tape {
    /// `needed`: which forward values depend on a requested tensor.
    pub fn new(builder: Builder, needed: Vec<bool>) -> Self {
        let slopes = vec![None; needed.len()];
        Self {
            builder,
            needed,
            slopes,
            scalars: HashMap::new(),
            layer: String::new(),
        }
    }

    /// Sets the layer to which the next nodes belong.
    pub fn enter(&mut self, layer: &str) {
        self.layer = format!("gradient/{layer}");
    }

    pub fn is_needed(&self, value: ValueId) -> bool {
        self.needed.get(value.index()) == Some(&true)
    }

    /// The derivative with respect to a forward value, as accumulated so far.
    pub fn slope(&self, value: ValueId) -> Option<ValueId> {
        self.slopes.get(value.index()).copied().flatten()
    }

    pub fn ty(&self, value: ValueId) -> &TensorType {
        self.builder.ty(value)
    }

    /// Adds a contribution to the derivative with respect to `value`; it must have the value's shape.
    pub fn add(&mut self, value: ValueId, contribution: ValueId) -> Result<(), Error> {
        let (desired, found) = (self.ty(value), self.ty(contribution));
        if desired != found {
            let reason = format!("the derivative with respect to {desired} has the shape {found}");
            return Err(Error::malformed(&self.layer, reason));
        }
        let sum = match self.slope(value) {
            Some(before) => self.node(Op::Add, &[before, contribution])?,
            None => contribution,
        };
        self.slopes[value.index()] = Some(sum);
        Ok(())
    }

    /// Appends a node to the layer's gradient.
    pub fn node(&mut self, op: Op, inputs: &[ValueId]) -> Result<ValueId, Error> {
        self.builder.node(op, &self.layer, inputs)
    }

    pub fn mul(&mut self, a: ValueId, b: ValueId) -> Result<ValueId, Error> {
        self.node(Op::Mul, &[a, b])
    }

    /// 1 where a > b, else 0.
    pub fn greater(&mut self, a: ValueId, b: ValueId) -> Result<ValueId, Error> {
        self.node(Op::Greater, &[a, b])
    }

    /// 1 − value.
    pub fn one_minus(&mut self, value: ValueId) -> Result<ValueId, Error> {
        let one = self.scalar(1.0)?;
        self.node(Op::Sub, &[one, value])
    }

    pub fn constant(&mut self, sizes: &[usize], numbers: Vec<f32>) -> Result<ValueId, Error> {
        let name = format!("{}/numbers", self.layer);
        self.builder.constant(&name, sizes, numbers)
    }

    /// A scalar constant, shared by all uses of the same number.
    pub fn scalar(&mut self, number: f32) -> Result<ValueId, Error> {
        if let Some(&known) = self.scalars.get(&number.to_bits()) {
            return Ok(known);
        }
        let name = format!("gradient/{number}");
        let id = self.builder.constant(&name, &[], vec![number])?;
        self.scalars.insert(number.to_bits(), id);
        Ok(id)
    }

    /// The values of a constant; `None` for an input or a computed value.
    pub fn numbers(&self, value: ValueId) -> Option<&[f32]> {
        self.builder.graph().constant(value)
    }

    /// Sums over the axes along which `operand` was broadcast.
    pub fn unrepeated(&mut self, slope: ValueId, operand: ValueId) -> Result<ValueId, Error> {
        let (have, want) = (self.ty(slope), self.ty(operand));
        if have == want {
            return Ok(slope);
        }
        if have.rank() != want.rank() {
            let reason = format!("no gradient for {want} broadcast to {have}");
            return Err(Error::unsupported(&self.layer, reason));
        }
        let pairs = have.dims().iter().zip(want.dims()).enumerate();
        let axes = pairs
            .filter(|(_, (have, want))| have != want && **want == Dim::Size(1))
            .map(|(axis, _)| axis)
            .collect();
        self.node(Op::ReduceSum { axes }, &[slope])
    }
}
