//! NumPy's `.npy` files of float32 or uint8, read and written as bytes.
//!
//! Format versions 1 and 2, C order. Other dtypes are refused by name rather than converted, except float64, which is
//! rounded to float32 because `np.save` writes it by default. The bytes are untrusted: the header is limited, and the
//! number of values must match the data before memory is allocated.

use crate::domain::Tensor;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// Longest header that is read; NumPy writes 118 bytes.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Maximum number of axes of an array.
const MAX_AXES: usize = 8;

/// Why an array could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the file is not a NumPy array: {0}")]
    Malformed(&'static str),
    #[error("the array is not supported: {0}")]
    Unsupported(String),
    #[error("the array is larger than its limit: {0}")]
    Limit(&'static str),
}

/// An array of either kind; row-major.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    Floats(Tensor),
    Bytes { shape: Vec<usize>, values: Vec<u8> },
}

impl Array {
    /// The same values in float32.
    pub fn into_floats(self) -> Tensor {
        match self {
            Self::Floats(tensor) => tensor,
            Self::Bytes { shape, values } => Tensor {
                shape,
                values: values.into_iter().map(f32::from).collect(),
            },
        }
    }
}

/// Reads an array.
pub fn read(bytes: &[u8]) -> Result<Array, Error> {
    let (header, body) = split(bytes)?;
    let header = Header::parse(header)?;
    let count = header
        .shape
        .iter()
        .try_fold(1_usize, |n, &s| n.checked_mul(s))
        .ok_or(Error::Limit("its shape does not fit in memory"))?;
    let numbers = |size: usize| match count.checked_mul(size) {
        Some(length) if length == body.len() => Ok(body),
        _ => Err(Error::Malformed("its length does not match its shape")),
    };
    let shape = header.shape;
    match header.kind.as_str() {
        "<f4" => {
            let values = numbers(4)?.as_chunks().0.iter();
            let values = values.map(|b| f32::from_le_bytes(*b)).collect();
            Ok(Array::Floats(Tensor { shape, values }))
        }
        "<f8" => {
            let values = numbers(8)?.as_chunks().0.iter();
            let values = values.map(|b| f64::from_le_bytes(*b) as f32).collect();
            Ok(Array::Floats(Tensor { shape, values }))
        }
        "|u1" | "u1" | "<u1" => Ok(Array::Bytes {
            shape,
            values: numbers(1)?.to_vec(),
        }),
        other => Err(Error::Unsupported(format!(
            "{other:?}; save it with x.astype(\"float32\")"
        ))),
    }
}

/// Reads an array as float32.
pub fn read_floats(bytes: &[u8]) -> Result<Tensor, Error> {
    Ok(read(bytes)?.into_floats())
}

/// Writes float32, format version 1.
pub fn write_floats(tensor: &Tensor) -> Vec<u8> {
    let mut bytes = header("<f4", &tensor.shape, tensor.values.len() * 4);
    bytes.extend(tensor.values.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

/// Everything before the values; a multiple of 64 bytes, as in NumPy.
fn header(kind: &str, shape: &[usize], body: usize) -> Vec<u8> {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let mut text = format!(
        "{{'descr': '{kind}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        sizes.join(", ")
    );
    let before = MAGIC.len() + 4;
    let total = (before + text.len() + 1).next_multiple_of(64);
    text.extend(std::iter::repeat_n(' ', total - before - text.len() - 1));
    text.push('\n');
    let mut bytes = Vec::with_capacity(total + body);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[1, 0]);
    // Eight axes of twenty digits stay far below 64 kB.
    bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// Header text and data.
fn split(bytes: &[u8]) -> Result<(&str, &[u8]), Error> {
    let cut = || Error::Malformed("it is truncated");
    let rest = bytes.strip_prefix(MAGIC).ok_or(Error::Malformed(
        "it does not start with the NumPy signature",
    ))?;
    let ([major, _minor], rest) = rest.split_first_chunk().ok_or_else(cut)?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        other => {
            return Err(Error::Unsupported(format!("format version {other}")));
        }
    };
    if length > MAX_HEADER_BYTES {
        return Err(Error::Limit("its header is too long"));
    }
    let (header, body) = rest.split_at_checked(length).ok_or_else(cut)?;
    let header =
        std::str::from_utf8(header).map_err(|_| Error::Malformed("its header is not text"))?;
    Ok((header, body))
}

/// The entries of the header's dictionary.
struct Header {
    kind: String,
    shape: Vec<usize>,
}

impl Header {
    fn parse(text: &str) -> Result<Self, Error> {
        let after = |key: &str| {
            let quoted = [format!("'{key}'"), format!("\"{key}\"")];
            let found = quoted
                .iter()
                .find_map(|q| Some((text.find(q.as_str())?, q.len())));
            let (at, length) = found.ok_or(Error::Malformed("its header lacks an entry"))?;
            let value = text[at + length..].trim_start();
            let value = value
                .strip_prefix(':')
                .ok_or(Error::Malformed("its header cannot be read"))?;
            Ok(value.trim_start())
        };
        let descr = after("descr")?;
        let kind = descr
            .strip_prefix(['\'', '"'])
            .and_then(|d| d.split(['\'', '"']).next())
            .ok_or_else(|| Error::Unsupported("records".into()))?;
        if !after("fortran_order")?.starts_with("False") {
            return Err(Error::Unsupported(
                "columns first; save it with np.ascontiguousarray(x)".into(),
            ));
        }
        let sizes = after("shape")?
            .strip_prefix('(')
            .and_then(|s| s.split_once(')'))
            .ok_or(Error::Malformed("its shape cannot be read"))?
            .0;
        let mut shape = Vec::new();
        for size in sizes.split(',').map(str::trim).filter(|s| !s.is_empty()) {
            if shape.len() == MAX_AXES {
                return Err(Error::Limit("it has too many axes"));
            }
            let size = size.trim_end_matches('L').parse();
            shape.push(size.map_err(|_| Error::Malformed("its shape cannot be read"))?);
        }
        Ok(Self {
            kind: kind.to_owned(),
            shape,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `np.save` of `np.arange(6, dtype=np.float32).reshape(2, 3)`.
    fn of_numpy() -> Vec<u8> {
        let mut bytes =
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
                .to_vec();
        bytes.resize(127, b' ');
        bytes.push(b'\n');
        bytes.extend((0..6_u8).flat_map(|v| f32::from(v).to_le_bytes()));
        bytes
    }

    #[test]
    fn what_numpy_writes_is_read_and_written_alike() {
        let tensor = read_floats(&of_numpy()).unwrap();
        assert_eq!(tensor.shape, [2, 3]);
        assert_eq!(tensor.values, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(write_floats(&tensor), of_numpy());
    }

    #[test]
    fn every_kind_of_header_that_numpy_may_write_is_understood() {
        let array = |descr: &str, order: &str, shape: &str, body: &[u8]| {
            let text =
                format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
            let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text.as_bytes());
            bytes.extend(body);
            read(&bytes)
        };
        let scalar = array("'<f8'", "False", "()", &2.5_f64.to_le_bytes()).unwrap();
        assert_eq!(scalar.into_floats().values, [2.5]);
        let bytes = array("'|u1'", "False", "(3,)", &[1, 2, 3]).unwrap();
        assert!(matches!(&bytes, Array::Bytes { shape, .. } if shape == &[3]));
        assert_eq!(bytes.into_floats().values, [1.0, 2.0, 3.0]);
        let empty = array("'<f4'", "False", "(0, 5)", &[]).unwrap();
        assert_eq!(empty.into_floats().shape, [0, 5]);
        assert!(matches!(
            array("'>f4'", "False", "(1,)", &[0; 4]),
            Err(Error::Unsupported(_))
        ));
        assert!(matches!(
            array("'<f4'", "True", "(1,)", &[0; 4]),
            Err(Error::Unsupported(_))
        ));
        assert!(matches!(
            array("[('a', '<f4')]", "False", "(1,)", &[0; 4]),
            Err(Error::Unsupported(_))
        ));
        assert!(matches!(
            array("'<f4'", "False", "(2,)", &[0; 4]),
            Err(Error::Malformed(_))
        ));
        assert!(matches!(
            array("'<f4'", "False", "(-1,)", &[0; 4]),
            Err(Error::Malformed(_))
        ));
        let huge = "(18446744073709551615, 2)";
        assert!(matches!(
            array("'<f4'", "False", huge, &[]),
            Err(Error::Limit(_))
        ));
        assert!(matches!(
            array("'<f4'", "False", "(1,1,1,1,1,1,1,1,1)", &[0; 4]),
            Err(Error::Limit(_))
        ));
    }

    #[test]
    fn a_cut_file_is_refused_at_every_length() {
        let whole = of_numpy();
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn arrays_go_there_and_back(shape in prop::collection::vec(0..5_usize, 0..4), seed in any::<u32>()) {
            let count = shape.iter().product::<usize>();
            let values = (0..count).map(|i| (i as f32 + 0.5) * seed as f32).collect();
            let tensor = Tensor { shape: shape.clone(), values };
            prop_assert_eq!(read_floats(&write_floats(&tensor)).unwrap(), tensor);
            let values: Vec<u8> = (0..count).map(|i| (i as u32 ^ seed) as u8).collect();
            let mut bytes = header("|u1", &shape, count);
            bytes.extend(&values);
            prop_assert_eq!(read(&bytes).unwrap(), Array::Bytes { shape, values });
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            let mut header = of_numpy();
            let n = bytes.len().min(118);
            header[10..10 + n].copy_from_slice(&bytes[..n]);
            let _ = read(&header);
        }
    }
}
