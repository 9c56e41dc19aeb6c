//! Counts the bytes of a file that are not weights before any message is decoded.
//!
//! A message of two bytes takes a hundred in memory, so the structure must be limited.

use super::proto;

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

/// Visits every field of a message; fields that are not length-delimited are visited with an empty slice.
fn each_field(mut bytes: &[u8], visit: &mut dyn FnMut(usize, &[u8]) -> Option<()>) -> Option<()> {
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let number = usize::try_from(key >> 3).ok()?;
        let length = match key & 7 {
            0 => {
                varint(&mut bytes)?;
                0
            }
            1 => 8,
            2 => usize::try_from(varint(&mut bytes)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (field, rest) = bytes.split_at_checked(length)?;
        visit(number, if key & 7 == 2 { field } else { &[] })?;
        bytes = rest;
    }
    Some(())
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
