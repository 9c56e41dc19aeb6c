//! Where the axes of Keras lie in the graph: the channels are last in Keras, and first after the batch in the graph.

use super::{Context, LayerContext};
use crate::graph::{Op, ValueId};
use crate::keras::Error;

/// An axis of Keras, which may count from the end, counted from the front; `None` if it is out of range.
pub fn from_front(axis: i64, rank: usize) -> Option<usize> {
    let axis = match axis < 0 {
        true => axis.checked_add(i64::try_from(rank).ok()?)?,
        false => axis,
    };
    usize::try_from(axis).ok().filter(|&axis| axis < rank)
}

/// The place in the graph of an axis of Keras.
pub fn in_graph(axis: usize, rank: usize) -> usize {
    match axis {
        0 => 0,
        axis if axis + 1 == rank => 1,
        axis => axis + 1,
    }
}

/// The axis of Keras at a place in the graph.
pub fn in_keras(place: usize, rank: usize) -> usize {
    match place {
        0 => 0,
        1 => rank - 1,
        place => place - 1,
    }
}

/// The order of axes that turns a tensor of the graph into that of Keras.
pub fn to_keras(rank: usize) -> Vec<usize> {
    (0..rank).map(|axis| in_graph(axis, rank)).collect()
}

/// The order of axes that turns a tensor of Keras into that of the graph.
fn to_graph(rank: usize) -> Vec<usize> {
    (0..rank).map(|place| in_keras(place, rank)).collect()
}

/// Sizes without the batch in the order of Keras.
pub fn sizes_in_keras(sizes: &[usize]) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    if !sizes.is_empty() {
        sizes.rotate_left(1);
    }
    sizes
}

/// Sizes without the batch in the order of the graph.
pub fn sizes_in_graph(sizes: &[usize]) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    if !sizes.is_empty() {
        sizes.rotate_right(1);
    }
    sizes
}

/// Whether both orders have the same values one after another.
fn is_one_order(sizes: &[usize]) -> bool {
    let [channels, places @ ..] = sizes else {
        return true;
    };
    *channels == 1 || places.iter().all(|&size| size == 1)
}

impl Context<'_> {
    /// Sizes of a value without the batch, in the order of Keras.
    pub fn keras_sizes(&self, value: ValueId) -> Vec<usize> {
        sizes_in_keras(&self.builder.ty(value).sizes())
    }

    /// Axis i of the result is axis `axes[i]`; no values move if only axes of size 1 do.
    pub fn transposed(
        &mut self,
        spot: LayerContext,
        axes: Vec<usize>,
        x: ValueId,
    ) -> Result<ValueId, Error> {
        let sizes = self.builder.ty(x).sizes();
        let moved = axes.iter().copied().filter(|&axis| axis > 0);
        let moved: Vec<usize> = moved.collect();
        let long = moved.iter().filter(|&&axis| sizes[axis - 1] != 1);
        if long.is_sorted() {
            let dims = moved.iter().map(|&axis| sizes[axis - 1]).collect();
            return self.reshaped(spot, dims, x);
        }
        self.node(Op::Transpose { axes }, spot, &[x])
    }

    /// The same values with other sizes.
    pub fn reshaped(
        &mut self,
        spot: LayerContext,
        dims: Vec<usize>,
        x: ValueId,
    ) -> Result<ValueId, Error> {
        if self.builder.ty(x).sizes() == dims {
            return Ok(x);
        }
        let op = match dims.len() {
            1 => Op::Flatten,
            _ => Op::Reshape { dims },
        };
        self.node(op, spot, &[x])
    }

    /// A value whose values follow each other as in Keras; its sizes may be those of the graph.
    pub fn ordered_as_keras(&mut self, spot: LayerContext, x: ValueId) -> Result<ValueId, Error> {
        let ty = self.builder.ty(x);
        if is_one_order(&ty.sizes()) {
            return Ok(x);
        }
        let axes = to_keras(ty.rank());
        self.node(Op::Transpose { axes }, spot, &[x])
    }

    /// The value of the graph for values that follow each other as in Keras, with these sizes of Keras.
    pub fn in_graph_order(
        &mut self,
        spot: LayerContext,
        sizes: &[usize],
        x: ValueId,
    ) -> Result<ValueId, Error> {
        let in_graph = sizes_in_graph(sizes);
        if is_one_order(&in_graph) {
            return self.reshaped(spot, in_graph, x);
        }
        let x = self.reshaped(spot, sizes.to_vec(), x)?;
        let axes = to_graph(sizes.len() + 1);
        self.node(Op::Transpose { axes }, spot, &[x])
    }

    /// Multiplies the channels at each place by a matrix (out, in), row-major.
    pub fn mixed(
        &mut self,
        spot: LayerContext,
        what: &str,
        [out, input]: [usize; 2],
        matrix: Vec<f32>,
        bias: Option<Vec<f32>>,
        x: ValueId,
    ) -> Result<ValueId, Error> {
        let sizes = self.builder.ty(x).sizes();
        let places: Vec<usize> = sizes[1..].to_vec();
        let is_picture = places.len() == 2;
        let flat = match is_picture {
            true => x,
            false => self.reshaped(spot, vec![input, 1, places.iter().product()], x)?,
        };
        let weights = self.constant(spot, what, &[out, input, 1, 1], matrix)?;
        let bias = match bias {
            Some(bias) => Some(self.constant(spot, "bias", &[out], bias)?),
            None => None,
        };
        let inputs: Vec<ValueId> = [Some(flat), Some(weights), bias]
            .into_iter()
            .flatten()
            .collect();
        let y = self.node(Op::Conv(crate::graph::Conv::default()), spot, &inputs)?;
        self.reshaped(spot, [&[out][..], &places].concat(), y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_and_its_place_lead_to_each_other() {
        for rank in 2..6 {
            for axis in 0..rank {
                assert_eq!(in_keras(in_graph(axis, rank), rank), axis);
            }
        }
        assert_eq!(to_keras(4), [0, 2, 3, 1]);
        assert_eq!(to_graph(4), [0, 3, 1, 2]);
        assert_eq!(to_keras(3), [0, 2, 1]);
        assert_eq!(from_front(-1, 4), Some(3));
        assert_eq!(from_front(4, 4), None);
        assert_eq!(from_front(i64::MIN, 4), None);
        assert_eq!(sizes_in_graph(&[5, 7, 3]), [3, 5, 7]);
    }
}
