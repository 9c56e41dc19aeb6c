//! Reads and checks single attributes, shapes and tensors of a file.

use std::sync::Arc;

use super::proto;
use crate::domain::Remedy;
use crate::graph::{Error, Pads, TensorType};

/// A tensor of the file that is not a value of the graph yet.
pub enum Known {
    Floats {
        sizes: Vec<usize>,
        numbers: Arc<[f32]>,
    },
    Integers(Vec<i64>),
}

pub fn attribute<'a>(node: &'a proto::Node, name: &str) -> Option<&'a proto::Attribute> {
    node.attributes.iter().find(|a| a.name == name)
}

pub fn number(node: &proto::Node, name: &str, absent: i64) -> i64 {
    attribute(node, name).map_or(absent, |a| a.i)
}

pub fn integer(node: &proto::Node, name: &str, absent: i64) -> Result<usize, Error> {
    usize::try_from(number(node, name, absent))
        .map_err(|_| Error::malformed(&node.name, format!("a negative {name}")))
}

/// Two sizes, 1 each if the attribute is absent.
pub fn pair(node: &proto::Node, name: &str) -> Result<[usize; 2], Error> {
    let Some(attribute) = attribute(node, name) else {
        return Ok([1, 1]);
    };
    match sizes(&attribute.ints, &node.name)?.as_slice() {
        &[a, b] => Ok([a, b]),
        _ => Err(Error::unsupported(
            &node.name,
            format!("{name} with other than two values"),
        )),
    }
}

pub fn sizes(numbers: &[i64], place: &str) -> Result<Vec<usize>, Error> {
    let sizes = numbers
        .iter()
        .map(|&n| usize::try_from(n))
        .collect::<Result<_, _>>();
    sizes.map_err(|_| Error::malformed(place, "a negative size"))
}

pub fn pads(node: &proto::Node, numbers: &[i64]) -> Result<Pads, Error> {
    match sizes(numbers, &node.name)?.as_slice() {
        &[top, left, bottom, right] => Ok(Pads {
            top,
            left,
            bottom,
            right,
        }),
        _ => Err(Error::unsupported(
            &node.name,
            "padding of axes other than height and width",
        )),
    }
}

pub fn refuse_auto_pad(node: &proto::Node) -> Result<(), Error> {
    match attribute(node, "auto_pad") {
        None => Ok(()),
        Some(a) if a.s == b"NOTSET" || a.s.is_empty() => Ok(()),
        Some(_) => Err(Error::unsupported(
            &node.name,
            "padding left to the engine (auto_pad)",
        )),
    }
}

/// The type of an input, and whether its batch is fixed at 1. `size` gives the height and width that it leaves open.
pub fn input_type(
    input: &proto::ValueInfo,
    size: Option<[usize; 2]>,
) -> Result<(TensorType, bool), Error> {
    let wrong = |what: &str| Error::unsupported(&input.name, format!("an input {what}"));
    let (element, dims) = shape_of(input).ok_or_else(|| wrong("without a shape"))?;
    if element != proto::FLOAT {
        let why = Remedy::Float32.of("an input that is not float32");
        return Err(Error::unsupported(&input.name, why));
    }
    let [batch, rest @ ..] = dims else {
        return Err(wrong("without a batch"));
    };
    let is_one = match fixed(batch) {
        None => false,
        Some(1) => true,
        Some(_) => return Err(wrong("for more than one picture at a time")),
    };
    let first = sides(rest);
    let mut known = Vec::new();
    for (at, dim) in rest.iter().enumerate() {
        let given = || size?.get(at.checked_sub(first?)?).copied();
        let size = match fixed(dim) {
            Some(stated) => usize::try_from(stated).ok(),
            None => given(),
        };
        known.push(size.ok_or_else(|| wrong("whose sizes are not all known"))?);
    }
    Ok((TensorType::batched(&known), is_one))
}

/// True for a picture whose height or width the file leaves open.
pub fn has_open_size(input: &proto::ValueInfo) -> bool {
    let rest = shape_of(input).and_then(|(_, dims)| dims.get(1..));
    let first = rest.and_then(|rest| Some((rest, sides(rest)?)));
    first.is_some_and(|(rest, at)| fixed(&rest[at]).is_none() || fixed(&rest[at + 1]).is_none())
}

/// The place of a picture's height among its axes without the batch, the width being the next; `None` for an input that
/// has no three channels.
fn sides(rest: &[proto::Dimension]) -> Option<usize> {
    match rest {
        [channels, _, _] if fixed(channels) == Some(3) => Some(1),
        [_, _, channels] if fixed(channels) == Some(3) => Some(0),
        _ => None,
    }
}

fn shape_of(input: &proto::ValueInfo) -> Option<(i32, &[proto::Dimension])> {
    let tensor = input.ty.as_ref()?.tensor.as_ref()?;
    Some((tensor.element, &tensor.shape.as_ref()?.dims))
}

/// The size of an axis; `None` if it is open. Some programs write an open one as −1 or 0.
fn fixed(dim: &proto::Dimension) -> Option<i64> {
    match dim.size {
        Some(proto::Size::Value(size)) if size > 0 => Some(size),
        _ => None,
    }
}

/// The values of a tensor; `None` for element types that no operator here reads. `outside`: its bytes, if another file
/// holds them.
pub fn known_from_tensor(
    tensor: proto::Tensor,
    outside: Option<&[u8]>,
) -> Result<Option<Known>, Error> {
    let place = tensor.name;
    let sizes = sizes(&tensor.dims, &place)?;
    let count = sizes.iter().try_fold(1_usize, |n, &s| n.checked_mul(s));
    let raw = outside.unwrap_or(&tensor.raw_data);
    let is_raw = outside.is_some() || !raw.is_empty();
    let known = match tensor.data_type {
        proto::FLOAT => {
            let numbers: Arc<[f32]> = if is_raw {
                raw.chunks_exact(4)
                    .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                    .collect()
            } else {
                tensor.float_data.into()
            };
            if count != Some(numbers.len()) || !raw.len().is_multiple_of(4) {
                return Err(Error::malformed(place, "the values do not fill the shape"));
            }
            Known::Floats { sizes, numbers }
        }
        proto::INT64 => {
            let numbers: Vec<i64> = if is_raw {
                raw.chunks_exact(8)
                    .map(|b| i64::from_le_bytes(b.try_into().unwrap_or_default()))
                    .collect()
            } else {
                tensor.int64_data
            };
            if count != Some(numbers.len()) || !raw.len().is_multiple_of(8) {
                return Err(Error::malformed(place, "the values do not fill the shape"));
            }
            Known::Integers(numbers)
        }
        _ => return Ok(None),
    };
    Ok(Some(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input with these axes; 0 is an open one.
    fn input(sizes: &[i64]) -> proto::ValueInfo {
        let dim = |&size: &i64| proto::Dimension {
            size: Some(proto::Size::Value(size)),
        };
        let shape = proto::Shape {
            dims: sizes.iter().map(dim).collect(),
        };
        let tensor = proto::TensorOf {
            element: proto::FLOAT,
            shape: Some(shape),
        };
        proto::ValueInfo {
            ty: Some(proto::Type {
                tensor: Some(tensor),
            }),
            ..proto::ValueInfo::default()
        }
    }

    #[test]
    fn each_open_side_takes_its_own_size() {
        for (stated, known) in [
            (&[0, 3, 0, 0][..], &[3, 48, 64][..]),
            (&[0, 3, 32, 0], &[3, 32, 64]),
            (&[0, 3, 0, 32], &[3, 48, 32]),
            (&[0, 0, 0, 3], &[48, 64, 3]),
            (&[0, 32, 0, 3], &[32, 64, 3]),
            (&[0, 0, 32, 3], &[48, 32, 3]),
        ] {
            let input = input(stated);
            assert!(has_open_size(&input), "{stated:?}");
            let (ty, _) = input_type(&input, Some([48, 64])).unwrap();
            assert_eq!(ty.sizes(), known, "{stated:?}");
            assert!(input_type(&input, None).is_err(), "{stated:?}");
        }
        assert!(!has_open_size(&input(&[0, 3, 32, 32])));
        // Which of the axes are the sides is not known.
        for stated in [&[0, 0, 0, 0][..], &[0, 3, 0], &[0, 3, 0, 0, 0]] {
            let input = input(stated);
            assert!(!has_open_size(&input), "{stated:?}");
            assert!(input_type(&input, Some([48, 64])).is_err(), "{stated:?}");
        }
    }
}
