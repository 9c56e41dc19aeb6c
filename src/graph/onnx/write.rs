//! Writes a graph as ONNX bytes.

use std::borrow::Cow;
use std::collections::HashSet;

use prost::{Message, encode_length_delimiter, length_delimiter_len};

use super::border::{self, Joined};
use super::{BATCH, IR_VERSION, OPSET, proto};
use crate::graph::{AxisSlice, Dim, Error, Graph, Op, Pads, Pool, Source, TensorType, validate};

/// The graph as ONNX bytes. Allocates one copy of the weights and nothing else of that size.
///
/// # Errors
/// [`Error`] if the graph is invalid or exceeds the 2 GB of one file.
pub fn to_onnx(graph: &Graph) -> Result<Vec<u8>, Error> {
    validate(graph)?;
    let mut writer = Writer {
        graph,
        names: names(graph),
        nodes: Vec::new(),
        initializers: Vec::new(),
    };
    for (at, value) in graph.values().iter().enumerate() {
        if let Source::Constant(numbers) = &value.source {
            let header = tensor_header(&writer.names.values[at], &value.ty.sizes(), proto::FLOAT);
            writer
                .initializers
                .push((header, Numbers::Floats(Cow::Borrowed(numbers))));
        }
    }
    let (joined, unread) = border::joined(graph);
    for (at, node) in graph.nodes().iter().enumerate() {
        match joined.get(&at) {
            Some(joined) => writer.joined_pool(at, node, joined),
            None if unread.contains(&at) => {}
            None => writer.node(at, node),
        }
    }
    for (name, from) in &writer.names.copies {
        writer.nodes.push(proto::Node {
            inputs: vec![from.clone()],
            outputs: vec![name.clone()],
            name: format!("{name}:Identity"),
            op_type: "Identity".into(),
            ..Default::default()
        });
    }
    writer.finish()
}

/// The names of values in the file.
struct Names {
    /// By index of the value.
    values: Vec<String>,
    /// Outputs whose value already has another name: (output, value's name).
    copies: Vec<(String, String)>,
}

fn names(graph: &Graph) -> Names {
    let outputs: HashSet<&str> = graph.outputs().iter().map(|o| o.name.as_str()).collect();
    let mut values: Vec<Option<String>> = vec![None; graph.values().len()];
    let mut repeated = Vec::new();
    for output in graph.outputs() {
        let at = output.value.index();
        let computed = matches!(graph.values()[at].source, Source::Node(_));
        if computed && values[at].is_none() {
            values[at] = Some(output.name.clone());
        } else {
            repeated.push((output.name.clone(), at));
        }
    }
    let mut used: HashSet<String> = outputs.iter().map(|s| s.to_string()).collect();
    let mut named = Vec::with_capacity(values.len());
    for (name, value) in values.into_iter().zip(graph.values()) {
        named.push(name.unwrap_or_else(|| unique(&mut used, &value.name)));
    }
    let copies = repeated
        .into_iter()
        .map(|(name, at)| (name, named[at].clone()))
        .collect();
    Names {
        values: named,
        copies,
    }
}

fn unique(used: &mut HashSet<String>, desired: &str) -> String {
    let mut name = desired.to_owned();
    let mut number = 1;
    while !used.insert(name.clone()) {
        number += 1;
        name = format!("{desired}#{number}");
    }
    name
}

enum Numbers<'a> {
    Floats(Cow<'a, [f32]>),
    Integers(Vec<i64>),
}

impl Numbers<'_> {
    fn byte_len(&self) -> usize {
        match self {
            Self::Floats(numbers) => numbers.len() * 4,
            Self::Integers(numbers) => numbers.len() * 8,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Floats(numbers) => numbers
                .iter()
                .for_each(|n| out.extend_from_slice(&n.to_le_bytes())),
            Self::Integers(numbers) => numbers
                .iter()
                .for_each(|n| out.extend_from_slice(&n.to_le_bytes())),
        }
    }
}

struct Writer<'a> {
    graph: &'a Graph,
    names: Names,
    nodes: Vec<proto::Node>,
    initializers: Vec<(proto::Tensor, Numbers<'a>)>,
}

impl<'a> Writer<'a> {
    fn node(&mut self, at: usize, node: &'a crate::graph::Node) {
        let output = self.names.values[node.output.index()].clone();
        let mut inputs: Vec<String> = node
            .inputs
            .iter()
            .map(|i| self.names.values[i.index()].clone())
            .collect();
        let mut attributes = Vec::new();
        match &node.op {
            Op::Conv(conv) => {
                let kernel = self.graph.ty(node.inputs[1]).sizes();
                attributes.push(ints("kernel_shape", &kernel[2..]));
                attributes.push(ints("strides", &conv.strides));
                attributes.push(ints("dilations", &conv.dilations));
                attributes.push(ints("pads", &onnx_pads(conv.pads)));
                attributes.push(int("group", conv.groups as i64));
            }
            Op::MaxPool(pool) | Op::AveragePool(pool) => attributes.extend(pool_attributes(*pool)),
            Op::LeakyRelu { alpha } => attributes.push(proto::Attribute {
                name: "alpha".into(),
                f: *alpha,
                kind: 1,
                ..Default::default()
            }),
            Op::Clip { low, high } => {
                inputs.push(self.scalar(&output, "low", *low));
                inputs.push(self.scalar(&output, "high", *high));
            }
            Op::Softmax => attributes.push(int("axis", -1)),
            Op::Flatten => attributes.push(int("axis", 1)),
            Op::Concat { axis } => attributes.push(int("axis", *axis as i64)),
            Op::Transpose { axes } => attributes.push(ints("perm", axes)),
            Op::Reshape { dims } => {
                let shape = std::iter::once(-1)
                    .chain(dims.iter().map(|&d| d as i64))
                    .collect();
                inputs.push(self.integers(&output, "shape", shape));
            }
            Op::Pad(p) => {
                let [top, left, bottom, right] = onnx_pads(*p).map(|p| p as i64);
                inputs.push(self.integers(
                    &output,
                    "pads",
                    vec![0, 0, top, left, 0, 0, bottom, right],
                ));
                inputs.push(self.scalar(&output, "zero", 0.0));
            }
            Op::ConvTranspose { conv, extra } => {
                let kernel = self.graph.ty(node.inputs[1]).sizes();
                attributes.push(ints("kernel_shape", &kernel[2..]));
                attributes.push(ints("strides", &conv.strides));
                attributes.push(ints("dilations", &conv.dilations));
                attributes.push(ints("pads", &onnx_pads(conv.pads)));
                attributes.push(ints("output_padding", extra));
                attributes.push(int("group", conv.groups as i64));
            }
            Op::ReduceSum { axes } => {
                let axes = axes.iter().map(|&a| a as i64).collect();
                inputs.push(self.integers(&output, "axes", axes));
                attributes.push(int("keepdims", 1));
            }
            Op::Slice(cuts) => {
                let mut put = |what: &str, part: fn(&AxisSlice) -> usize| {
                    let numbers = cuts.iter().map(|c| part(c) as i64).collect();
                    inputs.push(self.integers(&output, what, numbers));
                };
                put("starts", |c| c.start);
                put("ends", |c| c.end);
                put("axes", |c| c.axis);
                put("steps", |c| c.step);
            }
            // Greater of ONNX returns booleans; a Cast node converts them to float32.
            Op::Greater => {
                let truth = format!("{output}:truth");
                self.nodes.push(proto::Node {
                    inputs: std::mem::replace(&mut inputs, vec![truth.clone()]),
                    outputs: vec![truth],
                    name: format!("{}:Greater:{at}", node.layer),
                    op_type: "Greater".into(),
                    ..Default::default()
                });
                self.nodes.push(proto::Node {
                    inputs,
                    outputs: vec![output],
                    name: format!("{}:Cast:{at}", node.layer),
                    op_type: "Cast".into(),
                    attributes: vec![int("to", i64::from(proto::FLOAT))],
                    ..Default::default()
                });
                return;
            }
            Op::GlobalAveragePool
            | Op::GlobalMaxPool
            | Op::Gemm
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Div
            | Op::Relu
            | Op::Sigmoid
            | Op::Tanh
            | Op::Erf
            | Op::Exp
            | Op::Log
            | Op::Sqrt => {}
        }
        self.nodes.push(proto::Node {
            inputs,
            outputs: vec![output],
            name: format!("{}:{}:{at}", node.layer, node.op.onnx_name()),
            op_type: node.op.onnx_name().into(),
            attributes,
            ..Default::default()
        });
    }

    /// Appends a max pooling whose pads include the zeros before it.
    fn joined_pool(&mut self, at: usize, node: &crate::graph::Node, joined: &Joined) {
        let name = |value: crate::graph::ValueId| self.names.values[value.index()].clone();
        let padded = name(joined.padded);
        self.nodes.push(proto::Node {
            inputs: vec![name(joined.source)],
            outputs: vec![name(node.output)],
            name: format!("{}:MaxPool:{at}", node.layer),
            op_type: "MaxPool".into(),
            attributes: pool_attributes(joined.pool).into(),
            doc: border::remark(joined.zeros, &joined.layer, &padded),
            ..Default::default()
        });
    }

    fn scalar(&mut self, output: &str, what: &str, number: f32) -> String {
        let name = format!("{output}:{what}");
        let header = tensor_header(&name, &[], proto::FLOAT);
        self.initializers
            .push((header, Numbers::Floats(Cow::Owned(vec![number]))));
        name
    }

    fn integers(&mut self, output: &str, what: &str, numbers: Vec<i64>) -> String {
        let name = format!("{output}:{what}");
        self.initializers.push((
            tensor_header(&name, &[numbers.len()], proto::INT64),
            Numbers::Integers(numbers),
        ));
        name
    }

    /// Encodes everything but the weights through the message types; the weights are appended as bytes, in one pass.
    fn finish(self) -> Result<Vec<u8>, Error> {
        let graph = self.graph;
        let inputs = graph
            .inputs()
            .iter()
            .map(|&i| value_info(&self.names.values[i.index()], "", graph.ty(i)));
        let outputs = graph
            .outputs()
            .iter()
            .map(|o| value_info(&o.name, &graph.value(o.value).name, graph.ty(o.value)));
        let rest = proto::Graph {
            nodes: self.nodes,
            name: "network".into(),
            initializers: Vec::new(),
            inputs: inputs.collect(),
            outputs: outputs.collect(),
        };
        let model = proto::Model {
            ir_version: IR_VERSION,
            producer_name: "gantei".into(),
            producer_version: String::new(),
            graph: None,
            opset_import: vec![proto::OperatorSet {
                domain: String::new(),
                version: OPSET,
            }],
            metadata: graph
                .metadata
                .iter()
                .map(|(key, value)| proto::Entry {
                    key: key.clone(),
                    value: value.clone(),
                })
                .collect(),
        };
        let tensors: Vec<(proto::Tensor, Numbers, usize)> = self
            .initializers
            .into_iter()
            .map(|(header, numbers)| {
                let raw = numbers.byte_len();
                let body = header.encoded_len()
                    + if raw > 0 {
                        1 + length_delimiter_len(raw) + raw
                    } else {
                        0
                    };
                (header, numbers, body)
            })
            .collect();
        let weights: usize = tensors
            .iter()
            .map(|(_, _, body)| 1 + length_delimiter_len(*body) + body)
            .sum();
        let graph_len = rest.encoded_len() + weights;
        if graph_len > i32::MAX as usize {
            return Err(Error::Limit("an ONNX file holds at most 2 GB".into()));
        }
        let mut out = Vec::with_capacity(model.encoded_len() + graph_len + 16);
        model.encode(&mut out).map_err(full)?;
        open_field(proto::MODEL_GRAPH, graph_len, &mut out)?;
        rest.encode(&mut out).map_err(full)?;
        for (header, numbers, body) in tensors {
            open_field(proto::GRAPH_INITIALIZER, body, &mut out)?;
            header.encode(&mut out).map_err(full)?;
            if numbers.byte_len() > 0 {
                open_field(proto::TENSOR_RAW_DATA, numbers.byte_len(), &mut out)?;
                numbers.write(&mut out);
            }
        }
        Ok(out)
    }
}

/// Key and length of a length-delimited field.
fn open_field(number: usize, length: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    encode_length_delimiter(number << 3 | 2, out).map_err(full)?;
    encode_length_delimiter(length, out).map_err(full)
}

fn full(_: prost::EncodeError) -> Error {
    Error::Limit("the buffer is full".into())
}

fn tensor_header(name: &str, sizes: &[usize], data_type: i32) -> proto::Tensor {
    proto::Tensor {
        dims: sizes.iter().map(|&s| s as i64).collect(),
        data_type,
        name: name.into(),
        ..Default::default()
    }
}

fn value_info(name: &str, doc: &str, ty: &TensorType) -> proto::ValueInfo {
    let dims = ty.dims().iter().map(|d| proto::Dimension {
        size: Some(match d {
            Dim::Batch => proto::Size::Param(BATCH.into()),
            Dim::Size(s) => proto::Size::Value(*s as i64),
        }),
    });
    let shape = Some(proto::Shape {
        dims: dims.collect(),
    });
    let ty = Some(proto::Type {
        tensor: Some(proto::TensorOf {
            element: proto::FLOAT,
            shape,
        }),
    });
    proto::ValueInfo {
        name: name.into(),
        ty,
        doc: doc.into(),
    }
}

fn onnx_pads(pads: Pads) -> [usize; 4] {
    [pads.top, pads.left, pads.bottom, pads.right]
}

fn pool_attributes(pool: Pool) -> [proto::Attribute; 3] {
    [
        ints("kernel_shape", &pool.kernel),
        ints("strides", &pool.strides),
        ints("pads", &onnx_pads(pool.pads)),
    ]
}

fn int(name: &str, i: i64) -> proto::Attribute {
    proto::Attribute {
        name: name.into(),
        i,
        kind: 2,
        ..Default::default()
    }
}

fn ints(name: &str, numbers: &[usize]) -> proto::Attribute {
    let ints = numbers.iter().map(|&n| n as i64).collect();
    proto::Attribute {
        name: name.into(),
        ints,
        kind: 7,
        ..Default::default()
    }
}
