//! Where the blocks of a network end, inferred from the graph structure alone.
//!
//! A block ends where everything passes through one value: after the sum of a residual block or the joined branches of
//! an inception or dense block, after a convolution over a neighbourhood, and after the 1 × 1 convolution that closes a
//! depthwise one. Activations and batch norms after a convolution belong to it. A lone 1 × 1 convolution, which only
//! changes the number of channels, and a squeeze-and-excitation gate do not end a block.

use crate::graph::{Graph, INPUT, Node, Op, ValueId};

/// A value that ends a block.
struct End {
    value: ValueId,
    /// The sum, concatenation or convolution itself; `value` is this or the activation after it.
    node: ValueId,
    merges: bool,
}

/// The block ends along `path`, the nodes from input to logit in order. Among neighbours of the same shape, or that
/// differ only by appended channels, only the last is kept.
pub fn block_ends(graph: &Graph, path: &[&Node]) -> Vec<ValueId> {
    let mut ends: Vec<End> = Vec::new();
    // A depthwise convolution waits for the 1 × 1 convolution that closes it.
    let mut depthwise = false;
    // The next nodes may still belong to the last end.
    let mut open = false;
    for (node, is_narrow) in path.iter().zip(narrow(graph, path)) {
        let flowing = flowing(path, node);
        if let Op::Conv(conv) = &node.op
            && conv.groups > 1
            && graph.ty(node.inputs[1]).sizes()[1] == 1
        {
            (depthwise, open) = (true, false);
            continue;
        }
        if !is_narrow {
            continue;
        }
        let merges = matches!(node.op, Op::Add | Op::Concat { .. }) && flowing > 1;
        let convolves = matches!(node.op, Op::Conv(_)) && (depthwise || has_window(graph, node));
        if merges || convolves {
            depthwise = false;
            open = true;
            ends.push(End {
                value: node.output,
                node: node.output,
                merges,
            });
        } else if let Some(end) = ends.last_mut()
            && open
            && belongs(graph, node, flowing, end.merges)
        {
            end.value = node.output;
        } else {
            open = false;
        }
    }
    let last = ends.len().saturating_sub(1);
    let stays = |at: usize| {
        let next = &ends[(at + 1).min(last)];
        let appended = graph.producer(next.node).is_some_and(|n| {
            matches!(n.op, Op::Concat { .. }) && n.inputs.contains(&ends[at].value)
        });
        at == last || !appended && graph.ty(next.value) != graph.ty(ends[at].value)
    };
    (0..ends.len())
        .filter(|&at| stays(at))
        .map(|at| ends[at].value)
        .collect()
}

/// For each node, whether later nodes see earlier values only through its result.
fn narrow(graph: &Graph, path: &[&Node]) -> Vec<bool> {
    let mut last_read = vec![0; graph.values().len()];
    for (at, node) in path.iter().enumerate() {
        node.inputs.iter().for_each(|i| last_read[i.index()] = at);
    }
    let input = graph.value_named(INPUT);
    let mut furthest = input.map_or(0, |x| last_read[x.index()]);
    path.iter()
        .enumerate()
        .map(|(at, node)| {
            let is_narrow = furthest <= at;
            furthest = furthest.max(last_read[node.output.index()]);
            is_narrow
        })
        .collect()
}

/// The number of operands of a node that are computed from the input.
fn flowing(path: &[&Node], node: &Node) -> usize {
    let computed = |i: &ValueId| path.iter().any(|n| n.output == *i);
    node.inputs.iter().filter(|i| computed(i)).count()
}

fn has_window(graph: &Graph, node: &Node) -> bool {
    graph.ty(node.inputs[1]).sizes()[2..] != [1, 1]
}

/// True for an activation and, after a convolution, also for a batch norm.
fn belongs(graph: &Graph, node: &Node, flowing: usize, behind_merge: bool) -> bool {
    match node.op {
        Op::Relu | Op::LeakyRelu { .. } | Op::Clip { .. } | Op::Tanh => true,
        Op::Mul if flowing > 1 => node.inputs.iter().any(|&i| {
            let gate = graph.producer(i);
            gate.is_some_and(|g| g.op == Op::Sigmoid && node.inputs.contains(&g.inputs[0]))
        }),
        Op::Mul | Op::Add | Op::Sub | Op::Div => flowing == 1 && !behind_merge,
        _ => false,
    }
}
