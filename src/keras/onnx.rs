//! Imports ONNX: Gantei's own files, and Keras models exported by other programs.
//!
//! The result has what the application needs: the input `x`, channels first, and the outputs `output`, `logit` and
//! `features`.

use std::collections::HashMap;

use super::files::{Bytes, ModelFiles, read_within};
use super::limits::MAX_FILE_BYTES;
use super::lower::{activated, luminance};
use super::{Architecture, Error, FeatureMap, FileKind, Form, Imported, Options, UnsupportedLayer};
use crate::domain::foreign::shown;
use crate::domain::{Head, Refusal, Remedy};
use crate::graph::onnx::{Files, OnnxFile};
use crate::graph::{
    self, Builder, FEATURES, Graph, INPUT, LOGIT, OUTPUT, Op, Source, TensorType, ValueId,
};

/// Reads an ONNX model, with the weights that it has in files of its folder.
///
/// # Errors
/// [`Error::MissingFile`] names a file that is not there, and [`Error::SizeNeeded`] if the input has an open size that
/// `size` does not give.
pub fn import(bytes: &[u8], folder: &dyn ModelFiles, options: &Options) -> Result<Imported, Error> {
    let size = options.input_size;
    let file = OnnxFile::decode(bytes).map_err(refusal)?;
    if file.has_open_size() && size.is_none() {
        return Err(Error::SizeNeeded);
    }
    let beside = files_beside(&file, folder)?;
    let beside: Files = (beside.iter())
        .map(|(name, bytes)| (name.as_str(), bytes.as_ref()))
        .collect();
    let size = size.map(|sides| sides.map(|side| side as usize));
    let given = file.graph(&beside, size).map_err(refusal)?;
    let Adapted {
        graph,
        input_size,
        head,
        head_is_applied,
        is_grey,
    } = adapted(&given, options)?;
    refuse_broken_weights(&graph)?;
    let result = graph
        .output(OUTPUT)
        .ok_or_else(|| Error::invalid("the network has no output"))?;
    let ty = graph.ty(result);
    let units = ty.vector().ok_or_else(|| {
        let reason = format!("it has the shape {ty}, not that of one score or value, (N, units)");
        whole("output", Remedy::OneAnswer.of(reason))
    })?;
    if head == Head::Softmax && units == 1 {
        return Err(whole("output", "a softmax of one unit is always 1"));
    }
    let kernels: Vec<Vec<usize>> = graph
        .nodes()
        .iter()
        .filter(|n| matches!(n.op, Op::Conv(_)))
        .filter_map(|n| n.inputs.get(1))
        .map(|&k| graph.ty(k).sizes())
        // In Keras' order: rows, columns, in, out.
        .map(|s| {
            s.iter()
                .skip(2)
                .chain(s.get(1))
                .chain(s.first())
                .copied()
                .collect()
        })
        .collect();
    let architecture = Architecture::recognise(kernels.iter().map(Vec::as_slice));
    let last_feature_map = graph.output(FEATURES).and_then(|map| {
        Some(FeatureMap {
            layer: graph.producer(map)?.layer.clone(),
            size: graph.ty(map).picture()?,
        })
    });
    Ok(Imported {
        preprocessing_layers: preprocessing(&graph),
        augmentation_layers: Vec::new(),
        parameters: graph.constant_count(),
        form: Form::Onnx,
        architecture: architecture.map(|a| a.as_str().to_owned()),
        keras_version: None,
        configuration: None,
        input_size,
        head,
        head_is_applied,
        is_grey,
        units,
        last_feature_map,
        view: None,
        pooling: None,
        precisions: Vec::new(),
        stem: None,
        graph,
    })
}

/// The files of the folder in which a model has weights.
fn files_beside(file: &OnnxFile, folder: &dyn ModelFiles) -> Result<Vec<(String, Bytes)>, Error> {
    let names = file.other_files().map_err(refusal)?;
    let mut left = MAX_FILE_BYTES;
    let mut found = Vec::with_capacity(names.len());
    for (name, end) in names {
        let bytes = read_within(folder, &name, &mut left)?;
        if bytes.as_ref().len() < end {
            return Err(match FileKind::of_bytes(bytes.as_ref()) {
                kind @ (FileKind::Empty | FileKind::GitLfsPointer | FileKind::WebPage) => {
                    Error::Part { name, kind }
                }
                _ => Error::Part {
                    name,
                    kind: FileKind::CutShort,
                },
            });
        }
        found.push((name, bytes));
    }
    Ok(found)
}

/// Rejects constants that are not finite and names the layer that uses them.
pub(super) fn refuse_broken_weights(graph: &Graph) -> Result<(), Error> {
    let is_broken = |id: &ValueId| {
        let numbers = graph.constant(*id);
        numbers.is_some_and(|n| n.iter().any(|v| !v.is_finite()))
    };
    let broken = graph
        .nodes()
        .iter()
        .find(|n| n.inputs.iter().any(is_broken));
    broken.map_or(Ok(()), |node| {
        Err(Error::NotFinite {
            layer: node.layer.clone(),
        })
    })
}

struct Adapted {
    graph: Graph,
    input_size: [u32; 2],
    head: Head,
    head_is_applied: bool,
    is_grey: bool,
}

/// The same network with the names and axis order that the application uses.
fn adapted(given: &Graph, options: &Options) -> Result<Adapted, Error> {
    let &[input] = given.inputs() else {
        let names = given.inputs().iter();
        let names = names.map(|id| given.value(*id).name.clone()).collect();
        return Err(Error::Inputs(names));
    };
    let (channels_first, [height, width], is_grey) = match given.ty(input).picture() {
        Some([3, height, width]) => (true, [height, width], false),
        Some([height, width, 3]) => (false, [height, width], false),
        Some([1, height, width]) => (true, [height, width], true),
        Some([height, width, 1]) => (false, [height, width], true),
        _ => {
            let name = &given.value(input).name;
            let reason = format!(
                "it has the shape {}, not that of a colour image, (N, 3, H, W) or (N, H, W, 3)",
                given.ty(input)
            );
            return Err(whole(name, Remedy::ColourPicture.of(reason)));
        }
    };
    let named = options.output.as_deref();
    let stated = named.map_or(OUTPUT, |name| name);
    let result = match (given.output(stated), given.outputs()) {
        (Some(result), _) => result,
        (None, [only]) if named.is_none() => only.value,
        (None, all) => {
            let names = all.iter().map(|output| output.name.clone()).collect();
            return Err(Error::OutputsOfOnnx(names));
        }
    };
    let mut b = Builder::new();
    let x = b.input(INPUT, TensorType::batched(&[3, height, width]))?;
    let mut new: HashMap<ValueId, ValueId> = HashMap::new();
    let taken = match is_grey {
        true => luminance(&mut b, x)?,
        false => x,
    };
    let start = if channels_first {
        taken
    } else {
        let axes = vec![0, 2, 3, 1];
        b.node(Op::Transpose { axes }, INPUT, &[taken])?
    };
    new.insert(input, start);
    for node in given.nodes() {
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for id in &node.inputs {
            let known = match (new.get(id), &given.value(*id).source) {
                (Some(&known), _) => known,
                (None, Source::Constant(numbers)) => {
                    let value = given.value(*id);
                    let made = b.constant(&value.name, &value.ty.sizes(), numbers.clone())?;
                    new.insert(*id, made);
                    made
                }
                (None, _) => return Err(Error::invalid("a value that nothing computes")),
            };
            inputs.push(known);
        }
        let made = match turned_back(&b, &node.op, &inputs) {
            Some(before) => before,
            None => {
                let made = b.node(node.op.clone(), &node.layer, &inputs)?;
                b.name(made, &given.value(node.output).name);
                made
            }
        };
        new.insert(node.output, made);
    }
    let missing = || Error::invalid("the output is never computed");
    let result = *new.get(&result).ok_or_else(missing)?;
    let given_head = options.head.filter(|_| b.ty(result).vector().is_some());
    let end = activated(&mut b, result, given_head)?;
    // What ONNX calls an output may be the result of a ReLU: its logit is the result itself.
    let logit = match end.head {
        Head::Linear => result,
        Head::Sigmoid | Head::Softmax => end.logit,
    };
    b.output(OUTPUT, end.output);
    b.output(LOGIT, logit);
    if let Some(map) = graph::last_feature_map(b.graph(), x, logit) {
        b.output(FEATURES, map);
    }
    for (key, text) in &given.metadata {
        b.remark(key, text);
    }
    let size = [height, width].map(|s| u32::try_from(s).unwrap_or(u32::MAX));
    Ok(Adapted {
        graph: b.finish()?,
        input_size: size,
        head: end.head,
        head_is_applied: end.is_applied,
        is_grey,
    })
}

/// If this transpose undoes the transpose before it: the value from before both.
fn turned_back(b: &Builder, op: &Op, inputs: &[ValueId]) -> Option<ValueId> {
    let Op::Transpose { axes } = op else {
        return None;
    };
    let before = b.graph().producer(*inputs.first()?)?;
    let Op::Transpose { axes: first } = &before.op else {
        return None;
    };
    let together = axes.iter().map(|&a| first.get(a).copied());
    together
        .enumerate()
        .all(|(place, axis)| axis == Some(place))
        .then(|| before.inputs.first().copied())?
}

/// Element-wise arithmetic on the input image before the first layer that combines elements.
fn preprocessing(graph: &Graph) -> Vec<String> {
    let Some(&x) = graph.inputs().first() else {
        return Vec::new();
    };
    let mut reached = vec![x];
    let mut found = Vec::new();
    for node in graph.nodes() {
        let from_picture = node.inputs.iter().any(|i| reached.contains(i));
        let rest_known = node
            .inputs
            .iter()
            .all(|i| reached.contains(i) || graph.constant(*i).is_some());
        if !from_picture || !rest_known {
            continue;
        }
        match node.op {
            Op::Add | Op::Sub | Op::Mul | Op::Div => {
                found.push(format!("{} ({})", node.layer, node.op.onnx_name()));
                reached.push(node.output);
            }
            Op::Transpose { .. } => reached.push(node.output),
            _ => {}
        }
    }
    found
}

fn refusal(error: graph::Error) -> Error {
    match error {
        graph::Error::Unsupported(parts) => Error::Unsupported(
            parts
                .into_iter()
                .map(|part| UnsupportedLayer {
                    layer: shown(&part.place),
                    class: "ONNX".to_owned(),
                    reason: part.reason,
                    remedy: part.remedy,
                })
                .collect(),
        ),
        other => other.into(),
    }
}

fn whole(end: &str, why: impl Into<Refusal>) -> Error {
    Error::unsupported(end, "Model", why)
}
