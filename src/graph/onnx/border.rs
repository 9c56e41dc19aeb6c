//! Writes zero padding before a max pooling as the pooling's own pads if that gives the same result.
//!
//! If the input is never negative, zeros around it do not change the maximum of a window that overlaps it, and neither
//! do the pads of a MaxPool, which never win. A Pad before a MaxPool is risky: an optimiser of ONNX Runtime up to 1.31
//! merges the two whatever the values are, and other programs that run the file may do so too. For gradients the zeros
//! still matter, because the first element of an all-zero window may be outside the input; the `doc_string` of the
//! MaxPool records them and the reader restores the Pad.

use std::collections::{HashMap, HashSet};

use crate::graph::sign::never_negative;
use crate::graph::{Graph, Op, Pads, Pool, ValueId};

/// Prefix of the `doc_string`.
const MARK: &str = "zeros ";

/// A MaxPool merged with the zeros of the Pad before it.
pub struct Joined {
    /// Input of the Pad.
    pub source: ValueId,
    /// Result of the Pad.
    pub padded: ValueId,
    /// The layer of the Pad.
    pub layer: String,
    pub zeros: Pads,
    /// The window including all pads.
    pub pool: Pool,
}

/// Poolings merged with the zeros before them, by node index, and the indices of the Pads that nothing else reads.
pub fn joined(graph: &Graph) -> (HashMap<usize, Joined>, HashSet<usize>) {
    let mut all = HashMap::new();
    let mut unread = HashSet::new();
    let signless = never_negative(graph);
    for (at, node) in graph.nodes().iter().enumerate() {
        let Op::MaxPool(pool) = node.op else { continue };
        let padded = node.inputs[0];
        let Some(pad) = graph.producer(padded) else {
            continue;
        };
        let Op::Pad(zeros) = pad.op else { continue };
        let source = pad.inputs[0];
        let Some(pads) = pool.pads.checked_add(zeros) else {
            continue;
        };
        // With fewer pads than cells on each side, no window contains padding only.
        let [height, width] = pool.kernel;
        let covered = pads.top.max(pads.bottom) < height && pads.left.max(pads.right) < width;
        if signless[source.index()] && covered {
            all.insert(
                at,
                Joined {
                    source,
                    padded,
                    layer: pad.layer.clone(),
                    zeros,
                    pool: Pool { pads, ..pool },
                },
            );
        }
    }
    for (at, node) in graph.nodes().iter().enumerate() {
        let left =
            matches!(node.op, Op::Pad(_))
                && graph.outputs().iter().all(|o| o.value != node.output)
                && graph.nodes().iter().enumerate().all(|(reader, n)| {
                    !n.inputs.contains(&node.output) || all.contains_key(&reader)
                });
        if left {
            unread.insert(at);
        }
    }
    (all, unread)
}

/// The `doc_string`: the zeros, the layer of the Pad, and the name of its result in the file.
pub fn remark(zeros: Pads, layer: &str, name: &str) -> String {
    let Pads {
        top,
        left,
        bottom,
        right,
    } = zeros;
    format!("{MARK}{top} {left} {bottom} {right}\n{layer}\n{name}")
}

/// Zeros, layer and name from a `doc_string`; `None` for any other text.
pub fn from_remark(doc: &str) -> Option<(Pads, &str, &str)> {
    let mut lines = doc.strip_prefix(MARK)?.splitn(3, '\n');
    let numbers: Option<Vec<usize>> = lines.next()?.split(' ').map(|n| n.parse().ok()).collect();
    let &[top, left, bottom, right] = numbers?.as_slice() else {
        return None;
    };
    let zeros = Pads {
        top,
        left,
        bottom,
        right,
    };
    Some((zeros, lines.next()?, lines.next()?))
}

/// The window without the zeros of a separate Pad; `None` if these exceed its pads.
pub fn apart(pool: Pool, zeros: Pads) -> Option<Pool> {
    let pads = Pads {
        top: pool.pads.top.checked_sub(zeros.top)?,
        left: pool.pads.left.checked_sub(zeros.left)?,
        bottom: pool.pads.bottom.checked_sub(zeros.bottom)?,
        right: pool.pads.right.checked_sub(zeros.right)?,
    };
    Some(Pool { pads, ..pool })
}
