//! Counts the bytes of a file that are not weights before any message is decoded.
//!
//! A message of two bytes takes a hundred in memory, so the structure must be limited.

use super::proto;
use crate::numeric::wire::{self, Value};

/// Bytes that are not weights; `None` if the bytes are not a sequence of fields that includes a graph.
pub fn structure_bytes(bytes: &[u8]) -> Option<usize> {
    let mut weights = 0_usize;
    let mut has_graph = false;
    each_field(bytes, &mut |number, graph| {
        has_graph |= number == proto::MODEL_GRAPH;
        if number != proto::MODEL_GRAPH {
            return Some(());
        }
        each_field(graph, &mut |number, tensor| {
            if number != proto::GRAPH_INITIALIZER {
                return Some(());
            }
            each_field(tensor, &mut |number, raw| {
                if number == proto::TENSOR_RAW_DATA {
                    weights = weights.checked_add(raw.len())?;
                }
                Some(())
            })
        })
    })?;
    has_graph.then_some(bytes.len().saturating_sub(weights))
}

/// Whether the bytes are the beginning of a model, with its graph or a part of it.
pub fn is_cut_short(mut bytes: &[u8]) -> bool {
    let mut has_graph = false;
    while !bytes.is_empty() {
        let mut start = bytes;
        let is_whole = wire::field(&mut bytes).is_some();
        if wire::varint(&mut start) == Some(GRAPH_KEY) {
            let length = wire::varint(&mut start);
            // The graph begins with its first node.
            has_graph |= length.is_some() && start.first() == Some(&NODE_KEY);
        }
        if !is_whole {
            return has_graph;
        }
    }
    false
}

/// Key of the graph in a model, and of a node in a graph: number of the field, and that it has a length.
const GRAPH_KEY: u64 = (proto::MODEL_GRAPH as u64) << 3 | 2;
const NODE_KEY: u8 = 1 << 3 | 2;

/// Visits every field of a message; fields that are not length-delimited are visited with an empty slice.
fn each_field(mut bytes: &[u8], visit: &mut dyn FnMut(usize, &[u8]) -> Option<()>) -> Option<()> {
    while !bytes.is_empty() {
        let (number, value) = wire::field(&mut bytes)?;
        let number = usize::try_from(number).ok()?;
        visit(
            number,
            match value {
                Value::Bytes(field) => field,
                Value::Number(_) => &[],
            },
        )?;
    }
    Some(())
}
