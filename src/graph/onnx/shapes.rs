//! Shapes that a file computes from other shapes, as PyTorch writes `x.view(x.size(0), -1)`: they are known before the
//! network runs, except for the batch.

use super::fields::{Known, attribute, number};
use super::proto;
use super::read::Reader;
use crate::domain::foreign::shown;
use crate::graph::{Dim, Error};

/// Stands for the batch among the sizes of a shape.
const BATCH: i64 = i64::MIN;
/// Most numbers that one node may compute with; a shape has a few.
const MAX_NUMBERS: usize = 1024;
/// Most numbers that all nodes together may compute.
const MAX_NUMBERS_OF_ALL: usize = 1 << 20;

impl Reader<'_> {
    /// The result of a node that computes with shapes only; `None` for all other nodes.
    pub(super) fn of_shapes(&mut self, node: &proto::Node) -> Result<Option<Vec<i64>>, Error> {
        if node.op_type == "Shape" {
            return self.shape(node).map(Some);
        }
        let inputs: Option<Vec<&[i64]>> = node
            .inputs
            .iter()
            .map(|name| match self.known(name) {
                Some(Known::Integers(numbers)) => Some(numbers.as_slice()),
                _ => None,
            })
            .collect();
        let Some(inputs) = inputs else {
            return Ok(None);
        };
        let read: usize = inputs.iter().map(|numbers| numbers.len()).sum();
        if read > MAX_NUMBERS || self.shape_numbers > MAX_NUMBERS_OF_ALL {
            let place = shown(&node.name);
            return Err(Error::Limit(format!("{place} computes with a long list")));
        }
        let found = match (node.op_type.as_str(), inputs.as_slice()) {
            ("Concat", all) => Some(all.concat()),
            // Scalars and lists of one number are the same here.
            ("Unsqueeze" | "Squeeze", [numbers, ..]) => Some(numbers.to_vec()),
            ("Cast", [numbers]) if number(node, "to", 0) == i64::from(proto::INT64) => {
                Some(numbers.to_vec())
            }
            ("Gather", [numbers, places]) if number(node, "axis", 0) == 0 => {
                let at = |&place: &i64| numbers.get(place_of(place, numbers.len())?).copied();
                places.iter().map(at).collect()
            }
            // The optional inputs are the axis and the step.
            (
                "Slice",
                [numbers, [start], [end]]
                | [numbers, [start], [end], [0]]
                | [numbers, [start], [end], [0], [1]],
            ) => Some(part(numbers, *start, *end)),
            _ => return Ok(None),
        };
        let unsupported = || {
            let reason = format!("{} of a shape in this form", node.op_type);
            Error::unsupported(&node.name, reason)
        };
        let found = found.ok_or_else(unsupported)?;
        self.shape_numbers += found.len();
        Ok(Some(found))
    }

    /// The sizes after the batch to which a node reshapes; `None` if the batch is not kept first.
    pub(super) fn reshaped(&mut self, node: &proto::Node) -> Result<Option<Vec<usize>>, Error> {
        let name = node.inputs.first().cloned().unwrap_or_default();
        let id = self.value(&name, &node.name)?;
        let before = self.builder.ty(id).sizes();
        let [batch, target @ ..] = self.integers(node, 1)? else {
            return Ok(None);
        };
        let keeps_batch = match *batch {
            0 | BATCH => true,
            1 => self.one_at_a_time(),
            -1 => !target.contains(&-1),
            _ => false,
        };
        // A zero that keeps no size would be the size of an empty tensor.
        let is_empty = number(node, "allowzero", 0) != 0 && (*batch == 0 || target.contains(&0));
        Ok((keeps_batch && !is_empty)
            .then(|| resolved(&before, target))
            .flatten())
    }

    /// The sizes of a value, or a part of them.
    fn shape(&mut self, node: &proto::Node) -> Result<Vec<i64>, Error> {
        let name = node.inputs.first().cloned().unwrap_or_default();
        let id = self.value(&name, &node.name)?;
        let batch = if self.one_at_a_time() { 1 } else { BATCH };
        let sizes = self.builder.ty(id).dims().iter().map(|dim| match dim {
            Dim::Batch => batch,
            Dim::Size(size) => i64::try_from(*size).unwrap_or(i64::MAX),
        });
        let sizes: Vec<i64> = sizes.collect();
        let end = attribute(node, "end").map_or(i64::MAX, |a| a.i);
        Ok(part(&sizes, number(node, "start", 0), end))
    }
}

/// The sizes of a target, in which 0 keeps the size at its place and −1 takes what the others leave.
fn resolved(before: &[usize], target: &[i64]) -> Option<Vec<usize>> {
    let mut open = None;
    let mut sizes = Vec::with_capacity(target.len());
    for (at, &size) in target.iter().enumerate() {
        sizes.push(match size {
            0 => *before.get(at)?,
            -1 if open.replace(at).is_some() => return None,
            -1 => 1,
            size => usize::try_from(size).ok()?,
        });
    }
    if let Some(at) = open {
        let (all, known) = (product(before)?, product(&sizes)?);
        sizes[at] = all.checked_div(known).filter(|size| size * known == all)?;
    }
    Some(sizes)
}

fn product(sizes: &[usize]) -> Option<usize> {
    let mut sizes = sizes.iter();
    sizes.try_fold(1_usize, |product, &size| product.checked_mul(size))
}

/// The index that may count from the end.
fn place_of(place: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let place = if place < 0 {
        place.checked_add(length)?
    } else {
        place
    };
    usize::try_from(place).ok()
}

/// From `start` to before `end`, each possibly counted from the end and cut to the list.
fn part(numbers: &[i64], start: i64, end: i64) -> Vec<i64> {
    let length = numbers.len();
    let cut = |place: i64| match place {
        place if place < 0 => place_of(place, length).unwrap_or(0),
        place => usize::try_from(place).unwrap_or(usize::MAX).min(length),
    };
    numbers
        .get(cut(start)..cut(end))
        .unwrap_or_default()
        .to_vec()
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::graph::Graph;
    use crate::graph::onnx::from_onnx;

    fn attribute(name: &str, i: i64) -> proto::Attribute {
        proto::Attribute {
            name: name.into(),
            i,
            ..proto::Attribute::default()
        }
    }

    fn node(op: &str, inputs: &[&str], output: &str) -> proto::Node {
        proto::Node {
            op_type: op.into(),
            inputs: inputs.iter().map(|&name| name.into()).collect(),
            outputs: vec![output.into()],
            ..proto::Node::default()
        }
    }

    fn integers(name: &str, numbers: &[i64]) -> proto::Tensor {
        proto::Tensor {
            name: name.into(),
            dims: vec![numbers.len() as i64],
            data_type: proto::INT64,
            int64_data: numbers.to_vec(),
            ..proto::Tensor::default()
        }
    }

    /// A file with the input `x` (N, 3, 2, 4) and the output `y`.
    fn read(nodes: Vec<proto::Node>, initializers: Vec<proto::Tensor>) -> Result<Graph, Error> {
        let size = |size| proto::Dimension { size };
        let fixed = |n| size(Some(proto::Size::Value(n)));
        let shape = proto::Shape {
            dims: vec![size(None), fixed(3), fixed(2), fixed(4)],
        };
        let tensor = proto::TensorOf {
            element: proto::FLOAT,
            shape: Some(shape),
        };
        let input = proto::ValueInfo {
            name: "x".into(),
            ty: Some(proto::Type {
                tensor: Some(tensor),
            }),
            ..proto::ValueInfo::default()
        };
        let output = proto::ValueInfo {
            name: "y".into(),
            ..proto::ValueInfo::default()
        };
        let graph = proto::Graph {
            nodes,
            initializers,
            inputs: vec![input],
            outputs: vec![output],
            ..proto::Graph::default()
        };
        let opset = proto::OperatorSet {
            version: 17,
            ..proto::OperatorSet::default()
        };
        let model = proto::Model {
            ir_version: 8,
            graph: Some(graph),
            opset_import: vec![opset],
            ..proto::Model::default()
        };
        from_onnx(&model.encode_to_vec())
    }

    fn joined(inputs: &[&str], output: &str) -> proto::Node {
        let axis = vec![attribute("axis", 0)];
        proto::Node {
            attributes: axis,
            ..node("Concat", inputs, output)
        }
    }

    #[test]
    fn lists_that_grow_are_refused_before_they_are_long() {
        let doubled = |times: usize| {
            let mut nodes = vec![node("Shape", &["x"], "s0")];
            for at in 0..times {
                let before = format!("s{at}");
                nodes.push(joined(&[&before, &before], &format!("s{}", at + 1)));
            }
            nodes.push(node("Relu", &["x"], "y"));
            read(nodes, Vec::new())
        };
        assert!(doubled(8).is_ok());
        assert!(matches!(doubled(9), Err(Error::Limit(_))));
        // A list of the file, again and again.
        let list = integers("list", &[1; 1024]);
        let copied = |times: usize| {
            let copy = |at| node("Unsqueeze", &["list"], &format!("c{at}"));
            let mut nodes: Vec<_> = (0..times).map(copy).collect();
            nodes.push(node("Relu", &["x"], "y"));
            read(nodes, vec![list.clone()])
        };
        assert!(copied(1024).is_ok());
        assert!(matches!(copied(1026), Err(Error::Limit(_))));
    }

    #[test]
    fn a_zero_in_a_target_is_refused_only_where_it_is_a_size() {
        let reshaped = |target: &[i64], allowzero: i64| {
            let reshape = proto::Node {
                attributes: vec![attribute("allowzero", allowzero)],
                ..node("Reshape", &["x", "target"], "y")
            };
            read(vec![reshape], vec![integers("target", target)])
        };
        for (target, allowzero, is_read) in [
            (&[-1, 24][..], 1, true),
            (&[0, 24], 0, true),
            (&[-1, 0, 8], 0, true),
            (&[0, 24], 1, false),
            (&[-1, 0, 8], 1, false),
        ] {
            let found = reshaped(target, allowzero);
            assert_eq!(found.is_ok(), is_read, "{target:?} {allowzero}: {found:?}");
        }
    }

    #[test]
    fn a_target_keeps_sizes_and_infers_one() {
        assert_eq!(resolved(&[6, 2, 2], &[-1]), Some(vec![24]));
        assert_eq!(resolved(&[6, 2, 2], &[0, -1]), Some(vec![6, 4]));
        assert_eq!(resolved(&[6, 2, 2], &[4, 6]), Some(vec![4, 6]));
        for wrong in [
            &[-1, -1][..],
            &[5, -1],
            &[BATCH],
            &[1, 1, 1, 0],
            &[0, 0, -1, i64::MAX],
        ] {
            assert_eq!(resolved(&[6, 2, 2], wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn parts_count_from_either_end() {
        let numbers = [BATCH, 3, 32, 16];
        assert_eq!(part(&numbers, 0, 1), [BATCH]);
        assert_eq!(part(&numbers, 1, i64::MAX), [3, 32, 16]);
        assert_eq!(part(&numbers, -2, 4), [32, 16]);
        assert_eq!(part(&numbers, -9, -3), [BATCH]);
        assert_eq!(part(&numbers, 3, 1), [0_i64; 0]);
        assert_eq!(place_of(-1, 4), Some(3));
        assert_eq!(place_of(i64::MIN, 4), None);
    }
}
