//! A graph as text: one line per input, node and output, for test snapshots and bug reports.

use std::fmt::Write;

use super::{Graph, Op, Pads, Source, Value, ValueId};

/// One line per input, node and output; constants appear by name and shape where they are used, without their numbers.
pub fn dump(graph: &Graph) -> String {
    let mut text = String::new();
    for &input in graph.inputs() {
        let _ = writeln!(
            text,
            "input {} {}",
            graph.value(input).name,
            graph.ty(input)
        );
    }
    for node in graph.nodes() {
        let inputs: Vec<String> = node.inputs.iter().map(|&i| operand(graph, i)).collect();
        let output = graph.value(node.output);
        let operation = format!("{}{}", node.op.onnx_name(), attributes(&node.op));
        let _ = writeln!(
            text,
            "{} {} = {operation}({}) [{}]",
            output.name,
            output.ty,
            inputs.join(", "),
            node.layer
        );
    }
    for output in graph.outputs() {
        let _ = writeln!(
            text,
            "output {} = {}",
            output.name,
            graph.value(output.value).name
        );
    }
    text
}

fn operand(graph: &Graph, id: ValueId) -> String {
    match graph.value(id) {
        Value {
            name,
            ty,
            source: Source::Constant(_),
        } => format!("{name} {ty}"),
        Value { name, .. } => name.clone(),
    }
}

fn attributes(op: &Op) -> String {
    match op {
        Op::Conv(c) => {
            let mut text = format!(
                " stride {}×{}{}",
                c.strides[0],
                c.strides[1],
                around(c.pads)
            );
            if c.dilations != [1, 1] {
                let _ = write!(text, " dilation {}×{}", c.dilations[0], c.dilations[1]);
            }
            if c.groups != 1 {
                let _ = write!(text, " groups {}", c.groups);
            }
            text
        }
        Op::MaxPool(p) | Op::AveragePool(p) => {
            let [kh, kw] = p.kernel;
            format!(
                " {kh}×{kw} stride {}×{}{}",
                p.strides[0],
                p.strides[1],
                around(p.pads)
            )
        }
        Op::LeakyRelu { alpha } => format!(" {alpha}"),
        Op::Clip { low, high } => format!(" {low}…{high}"),
        Op::Reshape { dims } => format!(" {dims:?}"),
        Op::Transpose { axes } => format!(" {axes:?}"),
        Op::Concat { axis } => format!(" axis {axis}"),
        Op::Pad(pads) => around(*pads),
        Op::ConvTranspose { conv, extra } => format!(
            "{} extra {}×{}",
            attributes(&Op::Conv(*conv)),
            extra[0],
            extra[1]
        ),
        Op::ReduceSum { axes } => format!(" axes {axes:?}"),
        Op::Slice(cuts) => cuts
            .iter()
            .map(|c| format!(" axis {} {}..{} by {}", c.axis, c.start, c.end, c.step))
            .collect(),
        _ => String::new(),
    }
}

fn around(p: Pads) -> String {
    if p.is_none() {
        return String::new();
    }
    format!(" pads {},{},{},{}", p.top, p.left, p.bottom, p.right)
}
