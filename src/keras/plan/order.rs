//! The order in which Keras lists the layers of a functional model: by depth from the output, and within a depth in the
//! order of traversal from the output to the input. Files that number layers instead of naming them use this order.

use std::collections::HashMap;

use crate::keras::config::{Network, Tensor};

/// Indices of the layers in Keras' order. Layers that the output does not need are left out, as in Keras.
pub fn keras_order(network: &Network) -> Vec<usize> {
    let mut met: HashMap<usize, usize> = HashMap::new();
    let mut finished: Vec<Tensor> = Vec::new();
    let mut done: HashMap<Tensor, bool> = HashMap::new();
    // Depth-first search without recursion: a call is finished after everything that it reads.
    let mut stack: Vec<(Tensor, usize)> = Vec::new();
    for &output in &network.outputs {
        stack.push((output, 0));
        while let Some((tensor, next)) = stack.pop() {
            if next == 0 {
                if done.contains_key(&tensor) {
                    continue;
                }
                done.insert(tensor, false);
                let number = met.len();
                met.entry(tensor.layer).or_insert(number);
            }
            let reads = &network.layers[tensor.layer].calls[tensor.call];
            match reads.get(next) {
                Some(&read) => {
                    stack.push((tensor, next + 1));
                    stack.push((read, 0));
                }
                None if done.insert(tensor, true) == Some(false) => finished.push(tensor),
                None => {}
            }
        }
    }
    let mut of_call: HashMap<Tensor, usize> = HashMap::new();
    let mut of_layer: HashMap<usize, usize> = HashMap::new();
    for tensor in finished.iter().rev() {
        let own = of_call.get(tensor).copied().unwrap_or(0);
        let depth = own.max(of_layer.get(&tensor.layer).copied().unwrap_or(0));
        of_layer.insert(tensor.layer, depth);
        of_call.insert(*tensor, depth);
        for read in &network.layers[tensor.layer].calls[tensor.call] {
            let before = of_call.entry(*read).or_default();
            *before = (*before).max(depth + 1);
        }
    }
    let mut order: Vec<usize> = of_layer.keys().copied().collect();
    order.sort_by_key(|layer| (std::cmp::Reverse(of_layer[layer]), met[layer]));
    order
}
