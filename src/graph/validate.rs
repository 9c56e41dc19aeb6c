//! Every invariant of a graph, in one function.

use std::collections::HashSet;

use super::shape::{check_size, infer};
use super::{Error, Graph, Source, TensorType};

/// Maximum number of nodes. The largest supported network has under 1,000, and three times that with gradients.
pub const MAX_NODES: usize = 20_000;

/// Checks that
///
/// - value names are unique, every id exists, every tensor has a size within limits;
/// - inputs start with the batch and are marked as inputs; constants hold as many values as their shape states;
/// - every node reads only inputs, constants and results of earlier nodes, and its result has the inferred shape;
/// - every computed value is the result of exactly the node it refers to;
/// - output names are unique, and there is at least one output, computed or an input.
pub fn validate(graph: &Graph) -> Result<(), Error> {
    if graph.nodes.len() > MAX_NODES {
        return Err(Error::Limit(format!("{} operations", graph.nodes.len())));
    }
    let mut names = HashSet::new();
    for (at, value) in graph.values.iter().enumerate() {
        let wrong = |reason: &str| Err(Error::malformed(&value.name, reason));
        if !names.insert(value.name.as_str()) {
            return wrong("the name is not unique");
        }
        check_size(&value.ty, &value.name)?;
        match &value.source {
            Source::Input if !graph.inputs.iter().any(|i| i.index() == at) => {
                return wrong("an input that is not listed");
            }
            Source::Constant(numbers)
                if value.ty.is_batched() || value.ty.elements() != Some(numbers.len()) =>
            {
                return wrong("the values do not fill the shape");
            }
            Source::Node(node)
                if graph
                    .nodes
                    .get(*node)
                    .is_none_or(|n| n.output.index() != at) =>
            {
                return wrong("not the result of its node");
            }
            _ => {}
        }
    }
    for &input in &graph.inputs {
        match graph.values.get(input.index()) {
            Some(v) if v.source == Source::Input && v.ty.is_batched() => {}
            _ => {
                return Err(Error::malformed(
                    "inputs",
                    "a listed value is not an input or has no batch axis",
                ));
            }
        }
    }
    for (at, node) in graph.nodes.iter().enumerate() {
        let mut types: Vec<&TensorType> = Vec::with_capacity(node.inputs.len());
        for input in &node.inputs {
            let value = graph.values.get(input.index());
            let value = value.ok_or_else(|| {
                Error::malformed(&node.layer, "reads a value that does not exist")
            })?;
            if matches!(value.source, Source::Node(from) if from >= at) {
                return Err(Error::malformed(
                    &node.layer,
                    "reads a result before it is computed",
                ));
            }
            types.push(&value.ty);
        }
        let result = graph.values.get(node.output.index());
        let result = result.ok_or_else(|| Error::malformed(&node.layer, "has no result"))?;
        let inferred = infer(&node.op, &types, &node.layer)?;
        if result.ty != inferred || result.source != Source::Node(at) {
            return Err(Error::malformed(
                &node.layer,
                format!("computes {inferred}, not {}", result.ty),
            ));
        }
    }
    let mut names = HashSet::new();
    for output in &graph.outputs {
        let exists = graph
            .values
            .get(output.value.index())
            .is_some_and(|v| v.ty.is_batched());
        if !exists || !names.insert(output.name.as_str()) {
            return Err(Error::malformed(
                &output.name,
                "the output does not exist or its name is not unique",
            ));
        }
    }
    if graph.outputs.is_empty() {
        return Err(Error::malformed("outputs", "there is none"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, Op, ValueId};

    fn small() -> Graph {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2])).unwrap();
        let y = b.node(Op::Relu, "a", &[x]).unwrap();
        let z = b.node(Op::Sigmoid, "b", &[y]).unwrap();
        b.output("output", z);
        b.finish().unwrap()
    }

    #[test]
    fn each_broken_rule_is_found() {
        assert_eq!(validate(&small()), Ok(()));
        let broken: [fn(&mut Graph); 8] = [
            |g| g.values[1].name = "x".into(),
            |g| g.values[1].ty = TensorType::batched(&[3]),
            |g| g.nodes.swap(0, 1),
            |g| g.nodes[0].inputs = vec![ValueId(9)],
            |g| g.nodes[0].inputs = vec![ValueId(2)],
            |g| g.inputs.clear(),
            |g| g.outputs.clear(),
            |g| g.outputs.push(g.outputs[0].clone()),
        ];
        for (i, harm) in broken.iter().enumerate() {
            let mut graph = small();
            harm(&mut graph);
            assert!(validate(&graph).is_err(), "rule {i}");
        }
    }
}
