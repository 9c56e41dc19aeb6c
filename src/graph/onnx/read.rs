//! Reads ONNX bytes into a graph.
//!
//! Accepts the operators that a graph supports, and shapes that are fixed except for the batch, which may be 1, and for
//! the height and width of the input, if they are given.
//! Before any message is decoded, the bytes outside the weights are counted and limited, so that a small file cannot
//! exhaust memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use prost::Message;

use super::border;
use super::external::{self, External, Files};
use super::fields::{
    Known, attribute, has_open_size, input_type, integer, known_from_tensor, number, pads, pair,
    refuse_auto_pad, sizes,
};
use super::limits::{self, structure_bytes};
use super::operators::{Elided, Operator, Own};
use super::proto;
use crate::domain::Remedy;
use crate::graph::{Builder, Conv, Error, Graph, Op, Pads, Pool, ValueId};

/// Maximum bytes outside the weights; a network of 1000 nodes needs about half a million.
const MAX_STRUCTURE_BYTES: usize = 4 << 20;
/// Opset versions whose operators have the form that is read here.
const OPSETS: std::ops::RangeInclusive<i64> = 13..=22;

/// True if the bytes start like an ONNX model: the IR version, then other fields of a model.
pub fn looks_like_onnx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, 1..=20, ..]) && structure_bytes(bytes).is_some()
}

/// True if the bytes are an ONNX model without its end.
pub fn is_cut_short(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, 1..=20, ..]) && limits::is_cut_short(bytes)
}

/// Reads an ONNX model in one file.
///
/// # Errors
/// [`Error::Damaged`] for damaged bytes, [`Error::Unsupported`] naming the unsupported operators, and
/// [`Error::Limit`] if the file exceeds the limits.
pub fn from_onnx(bytes: &[u8]) -> Result<Graph, Error> {
    OnnxFile::decode(bytes)?.graph(&Files::new(), None)
}

/// An ONNX model whose weights may be in files beside it.
pub struct OnnxFile {
    model: proto::Model,
}

impl OnnxFile {
    /// Decodes a file.
    ///
    /// # Errors
    /// As [`from_onnx`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let model = decoded(bytes)?;
        refuse_other_operators(&model)?;
        Ok(Self { model })
    }

    /// Names of the files that hold weights, relative to the model's folder, with the bytes that each must have.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a name that leads out of the folder.
    pub fn other_files(&self) -> Result<BTreeMap<String, usize>, Error> {
        let Some(graph) = &self.model.graph else {
            return Ok(BTreeMap::new());
        };
        let attributes = graph.nodes.iter().flat_map(|node| &node.attributes);
        let constants = attributes.filter_map(|attribute| attribute.t.as_ref());
        let tensors = graph.initializers.iter().chain(constants);
        let mut files = BTreeMap::new();
        for tensor in tensors.filter(|tensor| external::is_external(tensor)) {
            let end = files.entry(external::file_of(tensor)?).or_default();
            *end = external::end_of(tensor)?.max(*end);
        }
        Ok(files)
    }

    /// True if the file leaves the height or the width of the input open; then both must be given to [`Self::graph`].
    pub fn has_open_size(&self) -> bool {
        let inputs = self.model.graph.iter().flat_map(|graph| &graph.inputs);
        inputs.into_iter().any(has_open_size)
    }

    /// The network. `size` is the height and width of the input; the file's own are kept.
    ///
    /// # Errors
    /// As [`from_onnx`].
    pub fn graph(self, files: &Files, size: Option<[usize; 2]>) -> Result<Graph, Error> {
        read(self.model, files, size)
    }
}

fn decoded(bytes: &[u8]) -> Result<proto::Model, Error> {
    let structure = structure_bytes(bytes).ok_or(Error::Damaged(
        "it is not an ONNX model, or it is cut short",
    ))?;
    if structure > MAX_STRUCTURE_BYTES {
        return Err(Error::Limit(format!(
            "{structure} bytes of structure in an ONNX model"
        )));
    }
    proto::Model::decode(bytes)
        .map_err(|_| Error::Damaged("it is not an ONNX model, or bytes of it were changed"))
}

/// Refuses an operator set whose operators have another form.
fn refuse_other_operators(model: &proto::Model) -> Result<(), Error> {
    let opset = model
        .opset_import
        .iter()
        .find(|o| o.domain.is_empty() || o.domain == "ai.onnx");
    match opset {
        Some(o) if OPSETS.contains(&o.version) => Ok(()),
        Some(o) => {
            let (first, last) = (OPSETS.start(), OPSETS.end());
            let version = o.version;
            let reason = format!("operator set {version}; {first} to {last} are supported");
            Err(Error::unsupported("file", Remedy::OperatorSet.of(reason)))
        }
        None => Err(Error::malformed("file", "states no operator set")),
    }
}

fn read(model: proto::Model, files: &Files, size: Option<[usize; 2]>) -> Result<Graph, Error> {
    let graph = model
        .graph
        .ok_or_else(|| Error::malformed("file", "contains no graph"))?;
    let mut reader = Reader {
        external: External::new(files),
        ..Reader::default()
    };
    for tensor in graph.initializers {
        reader.store(tensor)?;
    }
    for output in &graph.outputs {
        reader
            .outer_names
            .insert(output.name.clone(), output.doc.clone());
    }
    for input in graph
        .inputs
        .iter()
        .filter(|i| !reader.known.contains_key(&i.name))
        .collect::<Vec<_>>()
    {
        let (ty, is_one) = input_type(input, size)?;
        reader.one_at_a_time |= is_one;
        let id = reader.builder.input(&input.name, ty)?;
        reader.values.insert(input.name.clone(), id);
    }
    reader.all(graph.nodes)?;
    for output in &graph.outputs {
        let id = reader.values.get(&output.name);
        let id =
            *id.ok_or_else(|| Error::malformed(&output.name, "an output that nothing computes"))?;
        reader.builder.output(&output.name, id);
    }
    for entry in model.metadata {
        reader.builder.remark(&entry.key, entry.value);
    }
    reader.builder.finish()
}

/// The operator of a node, by its name alone.
fn operator_of(node: &proto::Node) -> Result<Operator, Error> {
    let known = Operator::named(&node.op_type).filter(|_| node.domain.is_empty());
    known.ok_or_else(|| {
        let name: String = node.op_type.chars().take(60).collect();
        let place = match node.name.is_empty() {
            true => node.outputs.first().cloned().unwrap_or_default(),
            false => node.name.clone(),
        };
        Error::unsupported(place, format!("the operator {name}"))
    })
}

#[derive(Default)]
pub(super) struct Reader<'a> {
    pub(super) builder: Builder,
    external: External<'a>,
    /// The batch is fixed at 1, so that shapes in the file have 1 in its place.
    one_at_a_time: bool,
    /// How many numbers nodes have computed from shapes.
    pub(super) shape_numbers: usize,
    known: HashMap<String, Known>,
    values: HashMap<String, ValueId>,
    /// For outputs: name in the file → the value's own name.
    outer_names: HashMap<String, String>,
}

impl Reader<'_> {
    /// Reads all nodes, and lists all that are not supported; nodes that read their results are not examined.
    fn all(&mut self, nodes: Vec<proto::Node>) -> Result<(), Error> {
        let mut refused = Vec::new();
        let mut unread: HashSet<String> = HashSet::new();
        for node in nodes {
            let outputs = node.outputs.clone().into_iter();
            let outputs = outputs.filter(|name| !name.is_empty());
            let found = match operator_of(&node) {
                Err(error) => Err(error),
                Ok(_) if node.inputs.iter().any(|name| unread.contains(name)) => {
                    unread.extend(outputs);
                    continue;
                }
                Ok(operator) => self.node(operator, node),
            };
            match found {
                Err(Error::Unsupported(parts)) => {
                    refused.extend(parts);
                    unread.extend(outputs);
                }
                other => other?,
            }
        }
        match refused.is_empty() {
            true => Ok(()),
            false => Err(Error::Unsupported(refused)),
        }
    }

    /// A stored tensor by its name.
    pub(super) fn known(&self, name: &str) -> Option<&Known> {
        self.known.get(name)
    }

    pub(super) fn one_at_a_time(&self) -> bool {
        self.one_at_a_time
    }

    /// Stores a tensor for the nodes that read it.
    fn store(&mut self, tensor: proto::Tensor) -> Result<(), Error> {
        let name = tensor.name.clone();
        let outside = match external::is_external(&tensor) {
            true => Some(self.external.bytes(&tensor)?),
            false => None,
        };
        if let Some(known) = known_from_tensor(tensor, outside)? {
            self.known.insert(name, known);
        }
        Ok(())
    }

    /// The value with this name; a stored tensor becomes a constant of the graph on first use.
    pub(super) fn value(&mut self, name: &str, place: &str) -> Result<ValueId, Error> {
        if let Some(&id) = self.values.get(name) {
            return Ok(id);
        }
        match self.known.get(name) {
            Some(Known::Floats { sizes, numbers }) => {
                let id = self.builder.constant(name, sizes, numbers.clone())?;
                self.values.insert(name.to_owned(), id);
                Ok(id)
            }
            Some(Known::Integers(_)) => Err(Error::unsupported(place, "computes with integers")),
            None => Err(Error::malformed(
                place,
                "reads a value that nothing computes",
            )),
        }
    }

    pub(super) fn integers(&self, node: &proto::Node, input: usize) -> Result<&[i64], Error> {
        match node.inputs.get(input).and_then(|name| self.known.get(name)) {
            Some(Known::Integers(numbers)) => Ok(numbers),
            _ => Err(Error::unsupported(
                &node.name,
                format!("{} with parameters that are not constant", node.op_type),
            )),
        }
    }

    /// The values of a constant input, flat; an error if it is computed.
    pub(super) fn floats(&self, node: &proto::Node, input: usize) -> Result<Vec<f32>, Error> {
        match node.inputs.get(input).and_then(|name| self.known.get(name)) {
            Some(Known::Floats { numbers, .. }) => Ok(numbers.to_vec()),
            _ => Err(Error::unsupported(
                &node.name,
                format!("{} with parameters that are not constant", node.op_type),
            )),
        }
    }

    /// A constant scalar; `absent` if the input is omitted.
    fn scalar(&self, node: &proto::Node, input: usize, absent: f32) -> Result<f32, Error> {
        match node.inputs.get(input).map(String::as_str) {
            None | Some("") => Ok(absent),
            Some(name) => match self.known.get(name) {
                Some(Known::Floats { numbers, .. }) if numbers.len() == 1 => Ok(numbers[0]),
                _ => Err(Error::unsupported(
                    &node.name,
                    format!("{} with parameters that are not constant", node.op_type),
                )),
            },
        }
    }

    fn node(&mut self, operator: Operator, mut node: proto::Node) -> Result<(), Error> {
        let Some(result) = node.outputs.first().cloned().filter(|n| !n.is_empty()) else {
            return Err(Error::malformed(&node.name, "a node without an output"));
        };
        if node.name.is_empty() {
            node.name = result.clone();
        }
        if self.values.contains_key(&result) || self.known.contains_key(&result) {
            return Err(Error::malformed(
                &node.name,
                "computes a value that already exists",
            ));
        }
        let place = node.name.clone();
        if let Some(numbers) = self.of_shapes(&node)? {
            self.known.insert(result, Known::Integers(numbers));
            return Ok(());
        }
        let first = node.inputs.first().cloned().unwrap_or_default();
        let own = match operator {
            Operator::Own(own) => own,
            Operator::Composed(operator) => {
                let id = self.composed(operator, &node)?;
                return self.keep(result, id);
            }
            Operator::Elided(Elided::Identity | Elided::Dropout) => {
                let id = self.value(&first, &place)?;
                self.values.insert(result, id);
                return Ok(());
            }
            Operator::Elided(Elided::Constant) => {
                let mut attributes = node.attributes.into_iter();
                let tensor = attributes.find(|a| a.name == "value").and_then(|a| a.t);
                let tensor = tensor
                    .ok_or_else(|| Error::unsupported(&place, "a constant that is not a tensor"))?;
                return self.store(proto::Tensor {
                    name: result,
                    ..tensor
                });
            }
            Operator::OfShapes(_) => {
                let what = format!("{} of something other than a shape", node.op_type);
                return Err(Error::unsupported(&place, what));
            }
        };
        let mut op = self.operator(own, &node)?;
        if let (Op::MaxPool(pool), Some((zeros, layer, name))) =
            (&mut op, border::from_remark(&node.doc))
        {
            *pool = border::apart(*pool, zeros).ok_or_else(|| {
                Error::malformed(&place, "its doc_string states more zeros than it has pads")
            })?;
            node.inputs = vec![self.padded(&first, zeros, layer, name, &place)?];
        }
        let reads = match &op {
            Op::Conv(_) | Op::Gemm | Op::Concat { .. } => node.inputs.len(),
            Op::Add | Op::Sub | Op::Mul | Op::Div => 2,
            _ => 1,
        };
        let mut inputs = Vec::new();
        for name in node.inputs.iter().take(reads).filter(|n| !n.is_empty()) {
            inputs.push(self.value(name, &place)?);
        }
        let id = self.builder.node(op, layer_of(&node), &inputs)?;
        self.keep(result, id)
    }

    /// Restores the Pad that was merged into a pooling's pads, once for all poolings that read it; returns the name of
    /// its result.
    fn padded(
        &mut self,
        source: &str,
        zeros: Pads,
        layer: &str,
        name: &str,
        place: &str,
    ) -> Result<String, Error> {
        match self.values.get(name) {
            None => {
                let source = self.value(source, place)?;
                let id = self.builder.node(Op::Pad(zeros), layer, &[source])?;
                self.keep(name.to_owned(), id)?;
            }
            Some(&id) => {
                let made = self.builder.graph().producer(id).map(|n| &n.op);
                if made != Some(&Op::Pad(zeros)) {
                    return Err(Error::malformed(
                        place,
                        "the name of its padding belongs to another value",
                    ));
                }
            }
        }
        Ok(name.to_owned())
    }

    /// Registers a result under its name in the file and restores the value's own name.
    fn keep(&mut self, result: String, id: ValueId) -> Result<(), Error> {
        let name = self
            .outer_names
            .get(&result)
            .filter(|n| !n.is_empty())
            .unwrap_or(&result)
            .clone();
        self.builder.name(id, &name);
        self.values.insert(result, id);
        Ok(())
    }

    fn operator(&mut self, own: Own, node: &proto::Node) -> Result<Op, Error> {
        let unsupported =
            |what: &str| Error::unsupported(&node.name, format!("{} with {what}", node.op_type));
        Ok(match own {
            Own::Conv => {
                refuse_auto_pad(node)?;
                Op::Conv(Conv {
                    strides: pair(node, "strides")?,
                    dilations: pair(node, "dilations")?,
                    pads: pads(node, attribute(node, "pads").map_or(&[0; 4], |a| &a.ints))?,
                    groups: integer(node, "group", 1)?,
                })
            }
            Own::MaxPool | Own::AveragePool => {
                refuse_auto_pad(node)?;
                if number(node, "ceil_mode", 0) != 0
                    || number(node, "count_include_pad", 0) != 0
                    || pair(node, "dilations")? != [1, 1]
                {
                    return Err(unsupported("ceil_mode, count_include_pad or dilations"));
                }
                let pool = Pool {
                    kernel: pair(node, "kernel_shape")?,
                    strides: pair(node, "strides")?,
                    pads: pads(node, attribute(node, "pads").map_or(&[0; 4], |a| &a.ints))?,
                };
                if own == Own::MaxPool {
                    Op::MaxPool(pool)
                } else {
                    Op::AveragePool(pool)
                }
            }
            Own::GlobalAveragePool => Op::GlobalAveragePool,
            Own::GlobalMaxPool => Op::GlobalMaxPool,
            Own::Gemm | Own::MatMul => {
                let plain = number(node, "transA", 0) == 0
                    && ["alpha", "beta"]
                        .iter()
                        .all(|n| attribute(node, n).is_none_or(|a| a.f == 1.0));
                if !plain {
                    return Err(unsupported("transposed or scaled operands"));
                }
                if number(node, "transB", 0) != 0 {
                    self.turn(node)?;
                }
                Op::Gemm
            }
            Own::Add => Op::Add,
            Own::Sub => Op::Sub,
            Own::Mul => Op::Mul,
            Own::Div => Op::Div,
            Own::Relu => Op::Relu,
            Own::LeakyRelu => Op::LeakyRelu {
                alpha: attribute(node, "alpha").map_or(0.01, |a| a.f),
            },
            Own::Clip => Op::Clip {
                low: self.scalar(node, 1, f32::MIN)?,
                high: self.scalar(node, 2, f32::MAX)?,
            },
            Own::Sigmoid => Op::Sigmoid,
            Own::Tanh => Op::Tanh,
            Own::Erf => Op::Erf,
            Own::Exp => Op::Exp,
            Own::Log => Op::Log,
            Own::Sqrt => Op::Sqrt,
            Own::Softmax => {
                let axis = number(node, "axis", -1);
                let rank = self.rank(node)?;
                if axis != -1 && axis != rank as i64 - 1 {
                    return Err(unsupported("an axis other than the last"));
                }
                Op::Softmax
            }
            Own::Flatten if number(node, "axis", 1) == 1 => Op::Flatten,
            Own::Flatten => return Err(unsupported("an axis other than 1")),
            Own::Reshape => {
                let dims = self.reshaped(node)?;
                Op::Reshape {
                    dims: dims.ok_or_else(|| {
                        unsupported("a target shape that does not keep the batch first")
                    })?,
                }
            }
            Own::Transpose => {
                let axes = attribute(node, "perm").map(|a| a.ints.as_slice());
                Op::Transpose {
                    axes: sizes(
                        axes.ok_or_else(|| unsupported("no permutation"))?,
                        &node.name,
                    )?,
                }
            }
            Own::Concat => {
                let axis = number(node, "axis", i64::MIN);
                let axis = if axis < 0 {
                    axis.saturating_add(self.rank(node)? as i64)
                } else {
                    axis
                };
                Op::Concat {
                    axis: usize::try_from(axis).map_err(|_| unsupported("an axis out of range"))?,
                }
            }
            Own::Slice => Op::Slice(self.cuts(node)?),
            Own::Pad => {
                let mode = attribute(node, "mode").map_or(&b"constant"[..], |a| &a.s);
                if mode != b"constant" || self.scalar(node, 2, 0.0)? != 0.0 || node.inputs.len() > 3
                {
                    return Err(unsupported("values other than zeros"));
                }
                match self.integers(node, 1)? {
                    &[0, 0, top, left, 0, 0, bottom, right] => {
                        Op::Pad(pads(node, &[top, left, bottom, right])?)
                    }
                    _ => return Err(unsupported("axes other than height and width")),
                }
            }
        })
    }

    fn rank(&mut self, node: &proto::Node) -> Result<usize, Error> {
        let name = node.inputs.first().cloned().unwrap_or_default();
        let id = self.value(&name, &node.name)?;
        Ok(self.builder.ty(id).rank())
    }
}

impl Reader<'_> {
    /// Transposes the weights of a Gemm with `transB`.
    fn turn(&mut self, node: &proto::Node) -> Result<(), Error> {
        let unsupported = || Error::unsupported(&node.name, "Gemm with computed weights");
        let name = node.inputs.get(1).ok_or_else(unsupported)?;
        let turned = match self.known.get(name) {
            Some(Known::Floats { sizes, numbers }) => match sizes.as_slice() {
                &[rows, columns] => {
                    let at = |i: usize| numbers[i % rows * columns + i / rows];
                    Known::Floats {
                        sizes: vec![columns, rows],
                        numbers: (0..numbers.len()).map(at).collect(),
                    }
                }
                _ => return Err(unsupported()),
            },
            _ => return Err(unsupported()),
        };
        if self.values.contains_key(name) {
            return Err(unsupported());
        }
        self.known.insert(name.clone(), turned);
        Ok(())
    }
}

/// The layer in `layer:Operator:number`, as the writer names nodes; any other name is returned unchanged.
pub(super) fn layer_of(node: &proto::Node) -> &str {
    let parts = node.name.rsplitn(3, ':').collect::<Vec<_>>();
    match parts.as_slice() {
        [number, op, layer] if *op == node.op_type && number.parse::<u32>().is_ok() => layer,
        _ => &node.name,
    }
}
