//! Builds a graph node by node, inferring and checking every shape.

use std::collections::HashSet;
use std::sync::Arc;

use super::{
    Error, Graph, Node, Op, Output, Source, TensorType, Value, ValueId, infer, shape::check_size,
    validate,
};

/// A graph under construction.
#[derive(Default)]
pub struct Builder {
    graph: Graph,
    names: HashSet<String>,
}

impl Builder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Extends an existing graph; its values keep their ids until [`Self::finish`].
    pub fn from_graph(graph: Graph) -> Self {
        let names = graph.values.iter().map(|v| v.name.clone()).collect();
        Self { graph, names }
    }

    /// Adds an input; its first axis must be the batch.
    pub fn input(&mut self, name: &str, ty: TensorType) -> Result<ValueId, Error> {
        if !ty.is_batched() {
            return Err(Error::malformed(
                name,
                format!("the first axis of an input must be the batch, found {ty}"),
            ));
        }
        let id = self.value(name, ty, Source::Input)?;
        self.graph.inputs.push(id);
        Ok(id)
    }

    /// Adds a constant, row-major.
    pub fn constant(
        &mut self,
        name: &str,
        sizes: &[usize],
        numbers: impl Into<Arc<[f32]>>,
    ) -> Result<ValueId, Error> {
        let (ty, numbers) = (TensorType::fixed(sizes), numbers.into());
        if ty.elements() != Some(numbers.len()) {
            return Err(Error::malformed(
                name,
                format!("{} values do not fill {ty}", numbers.len()),
            ));
        }
        self.value(name, ty, Source::Constant(numbers))
    }

    /// Appends a node of `layer`; its result is named `layer/Operator` until [`Self::name`] renames it.
    pub fn node(&mut self, op: Op, layer: &str, inputs: &[ValueId]) -> Result<ValueId, Error> {
        let types: Vec<&TensorType> = inputs.iter().map(|&i| self.ty(i)).collect();
        let ty = infer(&op, &types, layer)?;
        let name = format!("{layer}/{}", op.onnx_name());
        let output = self.value(&name, ty, Source::Node(self.graph.nodes.len()))?;
        self.graph.nodes.push(Node {
            op,
            layer: layer.to_owned(),
            inputs: inputs.to_vec(),
            output,
        });
        Ok(output)
    }

    /// Renames a value; a name already in use gets a numeric suffix.
    pub fn name(&mut self, id: ValueId, name: &str) {
        self.names.remove(&self.graph.values[id.index()].name);
        self.graph.values[id.index()].name = self.unique(name);
    }

    /// Declares a value as the output `name`.
    pub fn output(&mut self, name: &str, value: ValueId) {
        self.graph.outputs.push(Output {
            name: name.to_owned(),
            value,
        });
    }

    /// Adds an entry to the graph's metadata.
    pub fn remark(&mut self, key: &str, text: impl Into<String>) {
        self.graph.metadata.insert(key.to_owned(), text.into());
    }

    /// Type of a value.
    pub fn ty(&self, id: ValueId) -> &TensorType {
        self.graph.ty(id)
    }

    /// The graph built so far.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Removes the nodes that no output needs and validates the result.
    pub fn finish(self) -> Result<Graph, Error> {
        let graph = without_unused(self.graph);
        validate(&graph)?;
        Ok(graph)
    }

    fn value(&mut self, name: &str, ty: TensorType, source: Source) -> Result<ValueId, Error> {
        check_size(&ty, name)?;
        let id = u32::try_from(self.graph.values.len())
            .map_err(|_| Error::Limit("too many values".into()))?;
        let name = self.unique(name);
        self.graph.values.push(Value { name, ty, source });
        Ok(ValueId(id))
    }

    fn unique(&mut self, desired: &str) -> String {
        let desired = if desired.is_empty() { "value" } else { desired };
        let mut name = desired.to_owned();
        let mut number = 1_u32;
        while !self.names.insert(name.clone()) {
            number += 1;
            name = format!("{desired}#{number}");
        }
        name
    }
}

/// Drops every node and constant that no output needs; inputs are kept.
pub(super) fn without_unused(graph: Graph) -> Graph {
    let mut needed = vec![false; graph.values.len()];
    for output in &graph.outputs {
        needed[output.value.index()] = true;
    }
    for node in graph.nodes.iter().rev() {
        if needed[node.output.index()] {
            for input in &node.inputs {
                needed[input.index()] = true;
            }
        }
    }
    for input in &graph.inputs {
        needed[input.index()] = true;
    }
    let mut new_id = vec![ValueId(0); needed.len()];
    let mut kept = Graph {
        metadata: graph.metadata,
        ..Graph::default()
    };
    for (at, value) in graph.values.into_iter().enumerate() {
        if needed[at] {
            new_id[at] = ValueId(kept.values.len() as u32);
            kept.values.push(value);
        }
    }
    for mut node in graph.nodes {
        if !needed[node.output.index()] {
            continue;
        }
        node.output = new_id[node.output.index()];
        for input in &mut node.inputs {
            *input = new_id[input.index()];
        }
        kept.values[node.output.index()].source = Source::Node(kept.nodes.len());
        kept.nodes.push(node);
    }
    kept.inputs = graph
        .inputs
        .into_iter()
        .map(|i| new_id[i.index()])
        .collect();
    kept.outputs = graph
        .outputs
        .into_iter()
        .map(|o| Output {
            value: new_id[o.value.index()],
            ..o
        })
        .collect();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_output_needs_is_dropped_and_names_stay_unique() {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2])).unwrap();
        let two = b.constant("two", &[2], vec![2.0, 2.0]).unwrap();
        b.node(Op::Add, "unused", &[x, two]).unwrap();
        let y = b.node(Op::Relu, "act", &[x]).unwrap();
        let z = b.node(Op::Relu, "act", &[y]).unwrap();
        b.name(z, "x");
        b.output("output", z);
        let graph = b.finish().unwrap();
        assert_eq!(graph.nodes().len(), 2);
        assert_eq!(graph.constant_count(), 0);
        let names: Vec<&str> = graph.values().iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["x", "act/Relu", "x#2"]);
        assert_eq!(
            graph
                .between(graph.inputs()[0], graph.output("output").unwrap())
                .unwrap()
                .len(),
            2
        );
    }
}
