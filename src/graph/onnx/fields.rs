//! Reads and checks single attributes, shapes and tensors of a file.

use std::sync::Arc;

use super::proto;
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

pub fn input_type(input: &proto::ValueInfo) -> Result<TensorType, Error> {
    let wrong = || {
        Error::unsupported(
            &input.name,
            "an input that is not float32 with a symbolic batch and fixed sizes",
        )
    };
    let tensor = input
        .ty
        .as_ref()
        .and_then(|t| t.tensor.as_ref())
        .ok_or_else(wrong)?;
    let dims = tensor
        .shape
        .as_ref()
        .map(|s| s.dims.as_slice())
        .ok_or_else(wrong)?;
    let mut known = Vec::new();
    for (at, dim) in dims.iter().enumerate() {
        match &dim.size {
            Some(proto::Size::Value(v)) if at > 0 && *v > 0 => {
                known.push(usize::try_from(*v).map_err(|_| wrong())?);
            }
            Some(proto::Size::Param(_)) | None if at == 0 => {}
            _ => return Err(wrong()),
        }
    }
    if tensor.element != proto::FLOAT || dims.is_empty() {
        return Err(wrong());
    }
    Ok(TensorType::batched(&known))
}

/// The values of a tensor; `None` for element types that no operator here reads.
pub fn known_from_tensor(tensor: proto::Tensor) -> Result<Option<Known>, Error> {
    let place = tensor.name;
    if tensor.data_location != 0 {
        return Err(Error::unsupported(place, "weights in an external file"));
    }
    let sizes = sizes(&tensor.dims, &place)?;
    let count = sizes.iter().try_fold(1_usize, |n, &s| n.checked_mul(s));
    let raw = tensor.raw_data;
    let known = match tensor.data_type {
        proto::FLOAT => {
            let numbers: Arc<[f32]> = if raw.is_empty() {
                tensor.float_data.into()
            } else {
                raw.chunks_exact(4)
                    .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                    .collect()
            };
            if count != Some(numbers.len()) || !raw.len().is_multiple_of(4) {
                return Err(Error::malformed(place, "the values do not fill the shape"));
            }
            Known::Floats { sizes, numbers }
        }
        proto::INT64 => {
            let numbers: Vec<i64> = if raw.is_empty() {
                tensor.int64_data
            } else {
                raw.chunks_exact(8)
                    .map(|b| i64::from_le_bytes(b.try_into().unwrap_or_default()))
                    .collect()
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
