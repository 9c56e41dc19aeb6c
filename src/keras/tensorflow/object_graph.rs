//! The objects of a checkpoint or SavedModel and the names by which they know each other.
//!
//! `TrackableObjectGraph` and `SavedObjectGraph` (`tensorflow/core/protobuf`) number the references of their nodes alike.
//! A model knows its layers as `layer-0`, `layer-1` …; a layer knows its variables by their names.

use std::cell::Cell;
use std::collections::HashMap;

use super::proto::Message;
use crate::keras::Error;
use crate::progress::Cancel;

/// Fields of the graph, of its nodes, and of a reference to a node.
const GRAPH_NODES: u64 = 1;
const NODE_CHILDREN: u64 = 1;
const REFERENCE_NODE: u64 = 1;
const REFERENCE_NAME: u64 = 2;

/// Maximum number of nodes; EfficientNet-B7 has 20,000 as SavedModel.
const MAX_NODES: usize = 500_000;
/// Maximum number of references that are followed.
const MAX_REFERENCES: u32 = 5_000_000;
/// Maximum bytes of the nodes that are parsed, each time that they are: a node is read again for each reference to it.
const MAX_PARSED_BYTES: usize = 1 << 30;

/// Index of a node.
pub type Node = usize;

/// The node that was saved.
pub const ROOT: Node = 0;

/// A graph in the bytes of its message.
pub struct ObjectGraph<'a> {
    nodes: Vec<&'a [u8]>,
    references_left: Cell<u32>,
    bytes_left: Cell<usize>,
    cancel: Cancel,
}

impl<'a> ObjectGraph<'a> {
    /// A graph whose nodes are read until `cancel` is set.
    pub fn parse(bytes: &'a [u8], cancel: &Cancel) -> Result<Self, Error> {
        let mut nodes = Vec::new();
        for node in Message::parse(bytes)?.all(GRAPH_NODES) {
            if nodes.len() >= MAX_NODES {
                return Err(Error::Limit(format!("more than {MAX_NODES} objects")));
            }
            nodes.push(node);
        }
        Ok(Self {
            nodes,
            references_left: Cell::new(MAX_REFERENCES),
            bytes_left: Cell::new(MAX_PARSED_BYTES),
            cancel: cancel.clone(),
        })
    }

    /// The message of a node.
    ///
    /// # Errors
    /// [`Error::Limit`] if the nodes read so far have more than 1 GiB together.
    pub fn node(&self, node: Node) -> Result<Message<'a>, Error> {
        self.cancel.check()?;
        let bytes = self.nodes.get(node);
        let bytes = bytes.ok_or_else(|| Error::malformed("a reference to no object"))?;
        let left = self.bytes_left.get().checked_sub(bytes.len());
        let beyond =
            || Error::Limit("objects larger, or referenced more often, than in any model".into());
        self.bytes_left.set(left.ok_or_else(beyond)?);
        Message::parse(bytes)
    }

    /// The nodes that a node knows, by its names for them, in order.
    pub fn children(&self, node: Node) -> Result<Vec<(&'a str, Node)>, Error> {
        let mut children = Vec::new();
        for reference in self.node(node)?.all(NODE_CHILDREN) {
            let left = self.references_left.get().checked_sub(1);
            let beyond =
                || Error::Limit("more references between objects than any model has".into());
            self.references_left.set(left.ok_or_else(beyond)?);
            let reference = Message::parse(reference)?;
            let to = usize::try_from(reference.number(REFERENCE_NODE)).unwrap_or(usize::MAX);
            children.push((reference.text(REFERENCE_NAME)?, to));
        }
        Ok(children)
    }

    /// The layers that a model knows, by their number; `None` if it knows none, and so is no model of Keras.
    ///
    /// # Errors
    /// [`Error::Malformed`] if a number is missing.
    pub fn layers(&self, model: Node) -> Result<Option<Vec<Node>>, Error> {
        let children = self.children(model)?.into_iter();
        let numbered = children.filter_map(|(name, node)| {
            let number = name.strip_prefix("layer-")?;
            Some((number.parse::<usize>().ok()?, node))
        });
        let by_number: HashMap<usize, Node> = numbered.collect();
        let layers = (0..by_number.len()).map(|number| by_number.get(&number).copied());
        let layers: Option<Vec<Node>> = layers.collect();
        match layers {
            Some(layers) if layers.is_empty() => Ok(None),
            Some(layers) => Ok(Some(layers)),
            None => Err(Error::invalid("the numbers of layers have a gap")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keras::tensorflow::table::tests::field;

    /// A root that knows another object as 200 layers, which has this many bytes that nothing reads.
    fn shared_object(bytes: usize) -> Vec<u8> {
        let layers = (0..200).flat_map(|number| {
            let name = field(REFERENCE_NAME, format!("layer-{number}").as_bytes());
            let reference = [&[(REFERENCE_NODE as u8) << 3, 1], &name[..]].concat();
            field(NODE_CHILDREN, &reference)
        });
        let root = field(GRAPH_NODES, &layers.collect::<Vec<u8>>());
        let shared = field(GRAPH_NODES, &field(15, &vec![0; bytes]));
        [root, shared].concat()
    }

    /// Reads the object once for each layer that it is.
    fn read(bytes: &[u8], cancel: &Cancel) -> Result<(), Error> {
        let graph = ObjectGraph::parse(bytes, cancel)?;
        for layer in graph.layers(ROOT)?.unwrap_or_default() {
            graph.node(layer)?;
        }
        Ok(())
    }

    #[test]
    fn a_large_object_with_many_references_is_refused() {
        assert_eq!(read(&shared_object(1 << 20), &Cancel::new()), Ok(()));
        let refused = read(&shared_object(8 << 20), &Cancel::new());
        assert!(matches!(refused, Err(Error::Limit(_))), "{refused:?}");
    }

    #[test]
    fn reading_stops_when_it_is_cancelled() {
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(read(&shared_object(1), &cancel), Err(Error::Cancelled));
    }
}
