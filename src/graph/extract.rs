//! Extracts the subgraph between two values.

use super::build::without_unused;
use super::{FEATURES, Graph, LOGIT, Output, Source, ValueId, validate};

/// The subgraph from `from` to `to`, with `from` as its input and as its output [`FEATURES`], and `to` as its output
/// [`LOGIT`].
///
/// `None` without such a path, or if `to` also depends on a non-constant value outside it.
pub fn subgraph(graph: &Graph, from: ValueId, to: ValueId) -> Option<Graph> {
    let path = graph.between(from, to)?;
    let closed = path.iter().all(|node| {
        node.inputs.iter().all(|&input| {
            input == from
                || graph.constant(input).is_some()
                || path.iter().any(|earlier| earlier.output == input)
        })
    });
    if !closed || path.is_empty() {
        return None;
    }
    let nodes: Vec<_> = path.into_iter().cloned().collect();
    let mut subgraph = graph.clone();
    for value in &mut subgraph.values {
        if !matches!(value.source, Source::Constant(_)) {
            value.source = Source::Input;
        }
    }
    for (at, node) in nodes.iter().enumerate() {
        subgraph.values[node.output.index()].source = Source::Node(at);
    }
    subgraph.nodes = nodes;
    subgraph.inputs = vec![from];
    subgraph.outputs = vec![
        Output {
            name: FEATURES.to_owned(),
            value: from,
        },
        Output {
            name: LOGIT.to_owned(),
            value: to,
        },
    ];
    let subgraph = without_unused(subgraph);
    validate(&subgraph).ok()?;
    Some(subgraph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, Op, TensorType};

    #[test]
    fn the_piece_holds_the_head_alone_and_survives_onnx() {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2, 3, 3])).unwrap();
        let big = b.constant("big", &[1, 2, 1, 1], vec![5.0, 6.0]).unwrap();
        let features = b.node(Op::Mul, "body", &[x, big]).unwrap();
        let pooled = b.node(Op::GlobalAveragePool, "gap", &[features]).unwrap();
        let flat = b.node(Op::Flatten, "gap", &[pooled]).unwrap();
        let w = b.constant("w", &[2, 1], vec![1.0, -1.0]).unwrap();
        let logit = b.node(Op::Gemm, "dense", &[flat, w]).unwrap();
        b.output(FEATURES, features);
        b.output(LOGIT, logit);
        let whole = b.finish().unwrap();
        let subgraph = subgraph(
            &whole,
            whole.output(FEATURES).unwrap(),
            whole.output(LOGIT).unwrap(),
        )
        .unwrap();
        assert_eq!(subgraph.nodes().len(), 3);
        assert_eq!(subgraph.constant_count(), 2);
        let back = crate::graph::onnx::from_onnx(&crate::graph::onnx::to_onnx(&subgraph).unwrap())
            .unwrap();
        assert_eq!(back.nodes().len(), subgraph.nodes().len());
        let (f, l) = (back.output(FEATURES).unwrap(), back.output(LOGIT).unwrap());
        assert_eq!(back.between(f, l).unwrap().len(), 3);
    }
}
