//! Functions of tensors and numbers that are not layers.

use std::collections::HashSet;

use super::axes::{from_front, in_graph, sizes_in_graph, sizes_in_keras};
use super::{Context, LayerContext, LayerOutput, activation, merge, pool, resample, reshape};
use crate::graph::{Op, Pads, ValueId, compose};
use crate::keras::Error;
use crate::keras::kind::{Elementwise, Numbers, Operand, Operation, Pairwise, Selection};

const UNEQUAL_AXES: &str = "its operands do not have the same number of axes";

/// Appends the nodes of an operation.
pub fn operation(
    context: &mut Context,
    spot: LayerContext,
    operation: &Operation,
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let x = inputs
        .first()
        .ok_or_else(|| spot.unsupported("it has no input"))?;
    let rank = context.builder.ty(x.value).rank();
    match operation {
        Operation::Pairwise { function, operands } => {
            pairwise(context, spot, *function, operands, inputs)
        }
        Operation::Elementwise(function) => elementwise(context, spot, *function, x.value),
        Operation::Activation(kind) => activation::activation(context, spot, *kind, x.value),
        Operation::Clip { low, high } => {
            let clip = Op::Clip {
                low: *low,
                high: *high,
            };
            context.node(clip, spot, &[x.value])
        }
        // Another value, since this one no longer holds whole numbers.
        Operation::ToFloat if context.whole_numbers == Some(x.value) => {
            let builder = &mut context.builder;
            Ok(compose::by_number(
                builder,
                spot.layer,
                Op::Mul,
                "one",
                1.0,
                x.value,
            )?)
        }
        Operation::Same | Operation::ToFloat => Ok(x.value),
        Operation::Reshape { target } => reshape::reshape(context, spot, target, x),
        Operation::Transpose { axes } => reshape::permute(context, spot, axes, x),
        Operation::Resize(resize) => resample::resize(context, spot, resize, x),
        Operation::Flip { axes } => {
            let axes = places(spot, axes, rank)?;
            let mut value = x.value;
            if axes.iter().collect::<HashSet<_>>().len() < axes.len() {
                return Err(spot.unsupported("it states an axis twice"));
            }
            for axis in axes {
                let size = context.keras_sizes(value)[axis - 1];
                let turned: Vec<usize> = (0..size).rev().collect();
                value = picked(context, spot, axis, &turned, value)?;
            }
            Ok(value)
        }
        Operation::Select(selections) => select(context, spot, selections, x.value),
        Operation::Stack { axis } => {
            let ranks = inputs
                .iter()
                .map(|input| context.builder.ty(input.value).rank());
            if ranks.into_iter().any(|other| other != rank) {
                return Err(spot.unsupported(UNEQUAL_AXES));
            }
            let rank = rank + 1;
            let axis = place(spot, *axis, rank)?;
            let mut parts = Vec::with_capacity(inputs.len());
            for input in inputs {
                let value = expanded(context, spot, axis, input.value)?;
                parts.push(value);
            }
            let axis = in_graph(axis, rank);
            context.node(Op::Concat { axis }, spot, &parts)
        }
        Operation::Concatenate { axis } => merge::concatenate(context, spot, *axis, inputs),
        Operation::Mean { axes, keep_dims } => {
            reduced(context, spot, Op::GlobalAveragePool, axes, *keep_dims, x)
        }
        Operation::Maximum { axes, keep_dims } => {
            reduced(context, spot, Op::GlobalMaxPool, axes, *keep_dims, x)
        }
        Operation::ExpandDims { axis } => {
            let axis = place(spot, *axis, rank + 1)?;
            expanded(context, spot, axis, x.value)
        }
        Operation::Squeeze { axes } => {
            let mut axes = places(spot, axes, rank)?;
            axes.sort_unstable();
            axes.dedup();
            let mut sizes = context.keras_sizes(x.value);
            for axis in axes.into_iter().rev() {
                if sizes[axis - 1] != 1 {
                    return Err(spot.unsupported("it drops an axis that is longer than 1"));
                }
                sizes.remove(axis - 1);
            }
            with_sizes(context, spot, &sizes, x.value)
        }
    }
}

fn pairwise(
    context: &mut Context,
    spot: LayerContext,
    function: Pairwise,
    operands: &[Operand; 2],
    inputs: &[LayerOutput],
) -> Result<ValueId, Error> {
    let tensor = |operand: &Operand| match operand {
        Operand::Tensor(place) => inputs.get(*place).map(|input| input.value),
        Operand::Numbers(_) => None,
    };
    let [left, right] = operands;
    if let Some((number, x)) = number_and_tensor(context, operands, inputs)
        && let Some(clip) = limit(function, number)
    {
        return context.node(clip, spot, &[x]);
    }
    let (a, b) = match (tensor(left), tensor(right), left, right) {
        (Some(a), Some(b), ..) => {
            let ranks = [a, b].map(|value| context.builder.ty(value).rank());
            if ranks[0] != ranks[1] {
                return Err(spot.unsupported(UNEQUAL_AXES));
            }
            (a, b)
        }
        (Some(a), None, _, Operand::Numbers(numbers)) => (a, constant(context, spot, numbers, a)?),
        (None, Some(b), Operand::Numbers(numbers), _) => (constant(context, spot, numbers, b)?, b),
        _ => return Err(spot.unsupported("it has no tensor among its operands")),
    };
    let builder = &mut context.builder;
    Ok(match function {
        Pairwise::Add => context.node(Op::Add, spot, &[a, b])?,
        Pairwise::Subtract => context.node(Op::Sub, spot, &[a, b])?,
        Pairwise::Multiply => context.node(Op::Mul, spot, &[a, b])?,
        Pairwise::Divide => context.node(Op::Div, spot, &[a, b])?,
        Pairwise::Maximum => compose::maximum(builder, spot.layer, [a, b])?,
        Pairwise::Minimum => compose::minimum(builder, spot.layer, [a, b])?,
    })
}

/// A single number and the tensor beside it.
fn number_and_tensor(
    context: &Context,
    operands: &[Operand; 2],
    inputs: &[LayerOutput],
) -> Option<(f32, ValueId)> {
    let (numbers, place) = match operands {
        [Operand::Numbers(numbers), Operand::Tensor(place)]
        | [Operand::Tensor(place), Operand::Numbers(numbers)] => (numbers, *place),
        _ => return None,
    };
    let x = inputs.get(place)?.value;
    let fits = numbers.sizes.len() <= context.builder.ty(x).rank();
    match numbers.values[..] {
        [number] if fits => Some((number, x)),
        _ => None,
    }
}

/// The greater or smaller of a number and a tensor, which is the number itself where that is greater or smaller.
fn limit(function: Pairwise, number: f32) -> Option<Op> {
    let (low, high) = match function {
        Pairwise::Maximum => (number, f32::MAX),
        Pairwise::Minimum => (f32::MIN, number),
        _ => return None,
    };
    Some(Op::Clip { low, high })
}

/// Numbers as an operand of a tensor: their last axis is that of the channels.
fn constant(
    context: &mut Context,
    spot: LayerContext,
    numbers: &Numbers,
    beside: ValueId,
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(beside).rank();
    let Some(missing) = rank.checked_sub(numbers.sizes.len()) else {
        return Err(spot.unsupported("its numbers have more axes than its tensor"));
    };
    let mut sizes = vec![1; missing];
    sizes.extend(&numbers.sizes);
    let [1, rest @ ..] = sizes.as_slice() else {
        return Err(spot.unsupported("its numbers differ from picture to picture"));
    };
    let (channels, places) = match rest.split_last() {
        Some((channels, places)) => (*channels, places.iter().product::<usize>()),
        None => (1, 1),
    };
    let turned = (0..channels).flat_map(|c| (0..places).map(move |place| place * channels + c));
    let values = turned.map(|at| numbers.values[at]).collect();
    let sizes = [&[1][..], &sizes_in_graph(rest)].concat();
    context.constant(spot, "numbers", &sizes, values)
}

fn elementwise(
    context: &mut Context,
    spot: LayerContext,
    function: Elementwise,
    x: ValueId,
) -> Result<ValueId, Error> {
    let (builder, layer) = (&mut context.builder, spot.layer);
    Ok(match function {
        Elementwise::Negative => compose::by_number(builder, layer, Op::Mul, "minus", -1.0, x)?,
        Elementwise::Square => context.node(Op::Mul, spot, &[x, x])?,
        Elementwise::Sqrt => context.node(Op::Sqrt, spot, &[x])?,
        Elementwise::Log => context.node(Op::Log, spot, &[x])?,
        Elementwise::Absolute => compose::absolute(builder, layer, x)?,
    })
}

/// All of an axis.
const WHOLE: Selection = Selection::Range {
    start: None,
    stop: None,
    step: 1,
};

/// The selections with one for every axis; `None` if there are more than axes.
pub fn of_every_axis(selections: &[Selection], rank: usize) -> Option<Vec<Selection>> {
    let is_axis = |selection: &&Selection| !matches!(selection, Selection::Rest | Selection::New);
    let stated = selections.iter().filter(is_axis).count();
    let rest = rank.checked_sub(stated)?;
    let mut all = Vec::with_capacity(rank);
    for selection in selections {
        match selection {
            Selection::Rest => all.extend(std::iter::repeat_n(WHOLE, rest)),
            other => all.push(*other),
        }
    }
    if !selections.contains(&Selection::Rest) {
        all.extend(std::iter::repeat_n(WHOLE, rest));
    }
    Some(all)
}

/// What an index selects, axis by axis.
fn select(
    context: &mut Context,
    spot: LayerContext,
    selections: &[Selection],
    x: ValueId,
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(x).rank();
    let wrong = || spot.unsupported("its index is not supported");
    let all = of_every_axis(selections, rank).ok_or_else(wrong)?;
    let [WHOLE, rest @ ..] = all.as_slice() else {
        return Err(spot.unsupported("its index takes a part of the batch"));
    };
    let mut value = x;
    let mut sizes = Vec::with_capacity(rest.len());
    let mut axis = 1;
    for selection in rest {
        if *selection == Selection::New {
            sizes.push(1);
            continue;
        }
        let size = context.keras_sizes(value).get(axis - 1).copied();
        let size = size.ok_or_else(wrong)?;
        let chosen = indices(*selection, size).ok_or_else(wrong)?;
        value = picked(context, spot, axis, &chosen, value)?;
        if !matches!(selection, Selection::At(_)) {
            sizes.push(chosen.len());
        }
        axis += 1;
    }
    if sizes.is_empty() {
        return Err(wrong());
    }
    with_sizes(context, spot, &sizes, value)
}

/// The indices of an axis that a selection takes, as in Python; `None` if there are none.
pub fn indices(selection: Selection, size: usize) -> Option<Vec<usize>> {
    let size = i64::try_from(size).ok()?;
    let from_front = |at: i64| if at < 0 { at.saturating_add(size) } else { at };
    let found: Vec<usize> = match selection {
        Selection::At(at) => {
            let at = from_front(at);
            (0..size).contains(&at).then(|| vec![at as usize])?
        }
        Selection::Range { start, stop, step } if step > 0 => {
            let start = from_front(start.unwrap_or(0)).clamp(0, size);
            let stop = from_front(stop.unwrap_or(size)).clamp(0, size);
            let places = (start..stop).step_by(usize::try_from(step).ok()?);
            places.map(|at| at as usize).collect()
        }
        Selection::Range { start, stop, step } if step < 0 => {
            let start = from_front(start.unwrap_or(-1)).clamp(-1, size - 1);
            let stop = stop.map_or(-1, |at| from_front(at).clamp(-1, size - 1));
            let step = usize::try_from(step.unsigned_abs()).ok()?;
            let places = (stop + 1..=start).rev().step_by(step);
            places.map(|at| at as usize).collect()
        }
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// These indices of an axis of Keras, in this order.
///
/// Rows and columns that follow each other are cut out; all else is a matrix of zeros and ones over the axis, which has
/// a gradient.
fn picked(
    context: &mut Context,
    spot: LayerContext,
    axis: usize,
    chosen: &[usize],
    x: ValueId,
) -> Result<ValueId, Error> {
    let ty = context.builder.ty(x);
    let rank = ty.rank();
    let place = in_graph(axis, rank);
    let size = ty.sizes()[place - 1];
    if chosen.iter().copied().eq(0..size) {
        return Ok(x);
    }
    let follow = chosen.windows(2).all(|pair| pair[1] == pair[0] + 1);
    if rank == 4 && place > 1 && follow {
        let (before, after) = (chosen[0], size - chosen[0] - chosen.len());
        let pads = match place {
            2 => Pads {
                top: before,
                bottom: after,
                ..Pads::NONE
            },
            _ => Pads {
                left: before,
                right: after,
                ..Pads::NONE
            },
        };
        let flow = LayerOutput {
            value: x,
            pads: Pads::NONE,
            layer: spot.layer.into(),
        };
        return resample::crop(context, spot, pads, &flow);
    }
    context.count_matrix(spot, chosen.len(), size)?;
    let mut order: Vec<usize> = (0..rank).collect();
    order.swap(1, place);
    let y = context.transposed(spot, order.clone(), x)?;
    let mut matrix = vec![0.0; chosen.len() * size];
    for (row, &at) in chosen.iter().enumerate() {
        matrix[row * size + at] = 1.0;
    }
    let y = context.mixed(spot, "choice", [chosen.len(), size], matrix, None, y)?;
    context.transposed(spot, order, y)
}

/// Mean or maximum over height and width, or over the places of a sequence.
fn reduced(
    context: &mut Context,
    spot: LayerContext,
    op: Op,
    axes: &[i64],
    keep_dims: bool,
    x: &LayerOutput,
) -> Result<ValueId, Error> {
    let rank = context.builder.ty(x.value).rank();
    let mut axes = places(spot, axes, rank)?;
    axes.sort_unstable();
    let over_places = axes.iter().copied().eq(1..rank - 1);
    match (rank, over_places) {
        (4, true) => pool::global(context, spot, op, keep_dims, x),
        (3, true) => pool::global_1d(context, spot, op, keep_dims, x),
        _ if op == Op::GlobalAveragePool && axes == [rank - 1] => {
            let channels = context.builder.ty(x.value).sizes()[0];
            let share = vec![1.0 / channels as f32; channels];
            let mean = context.mixed(spot, "share", [1, channels], share, None, x.value)?;
            if keep_dims {
                return Ok(mean);
            }
            let mut sizes = context.keras_sizes(mean);
            sizes.pop();
            with_sizes(context, spot, &sizes, mean)
        }
        _ => Err(spot.unsupported("it combines other axes than height and width")),
    }
}

/// An axis of size 1 at this place of Keras.
fn expanded(
    context: &mut Context,
    spot: LayerContext,
    axis: usize,
    x: ValueId,
) -> Result<ValueId, Error> {
    let mut sizes = context.keras_sizes(x);
    sizes.insert(axis - 1, 1);
    with_sizes(context, spot, &sizes, x)
}

/// The same values with other sizes of Keras.
fn with_sizes(
    context: &mut Context,
    spot: LayerContext,
    sizes: &[usize],
    x: ValueId,
) -> Result<ValueId, Error> {
    if sizes.is_empty() {
        return Err(spot.unsupported("it leaves no axis but the batch"));
    }
    let before = context.builder.ty(x).sizes();
    if sizes_in_keras(&before) == sizes {
        return Ok(x);
    }
    let x = context.ordered_as_keras(spot, x)?;
    context.in_graph_order(spot, sizes, x)
}

fn place(spot: LayerContext, axis: i64, rank: usize) -> Result<usize, Error> {
    let place = from_front(axis, rank).filter(|&axis| axis > 0);
    place.ok_or_else(|| spot.unsupported(format!("its axis is {axis}")))
}

fn places(spot: LayerContext, axes: &[i64], rank: usize) -> Result<Vec<usize>, Error> {
    axes.iter().map(|&axis| place(spot, axis, rank)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_those_of_python() {
        let range = |start, stop, step| Selection::Range { start, stop, step };
        for (selection, expected) in [
            (Selection::At(-1), Some(vec![3])),
            (Selection::At(4), None),
            (range(None, None, -1), Some(vec![3, 2, 1, 0])),
            (range(Some(1), Some(-1), 1), Some(vec![1, 2])),
            (range(None, None, 2), Some(vec![0, 2])),
            (range(Some(2), Some(0), -1), Some(vec![2, 1])),
            (range(Some(9), None, 1), None),
            (range(None, None, 0), None),
        ] {
            assert_eq!(indices(selection, 4), expected, "{selection:?}");
        }
    }
}
