//! Weights in files beside the model: a tensor names its file and the position of its bytes in it.
//!
//! Only files in the model's folder are read, and no bytes beyond their ends. The bytes of all tensors together are
//! limited, because any number of tensors may share the same bytes.

use std::collections::HashMap;

use super::proto;
use crate::domain::Remedy;
use crate::graph::Error;

/// Bytes that all tensors together may have in addition to those of the files, because tensors may share bytes.
const SHARED_BYTES: usize = 64 << 20;

/// The files beside a model by their names, which are relative to its folder.
pub type Files<'a> = HashMap<&'a str, &'a [u8]>;

/// True if the bytes of a tensor are in another file.
pub fn is_external(tensor: &proto::Tensor) -> bool {
    tensor.data_location != 0
}

/// The name of the file that holds a tensor, relative to the model's folder, with `/` between its parts.
///
/// # Errors
/// [`Error::Unsupported`] for a name that leads out of the folder.
pub fn file_of(tensor: &proto::Tensor) -> Result<String, Error> {
    let stated = entry(tensor, "location").unwrap_or_default();
    let slashed = stated.replace('\\', "/");
    let parts: Vec<&str> = slashed.split('/').filter(|part| *part != ".").collect();
    let is_inside = parts
        .iter()
        .all(|part| !part.is_empty() && *part != ".." && !part.contains([':', '\0']));
    if is_inside && !parts.is_empty() {
        Ok(parts.join("/"))
    } else {
        let reason = format!("its weights are in a file outside the model's folder: {stated}");
        let why = Remedy::WeightsInFolder.of(reason);
        Err(Error::unsupported(&tensor.name, why))
    }
}

/// The position behind the last byte of a tensor in its file, as far as the model states it.
///
/// # Errors
/// [`Error::Malformed`] for a position that is no number.
pub fn end_of(tensor: &proto::Tensor) -> Result<usize, Error> {
    let [offset, length] = ["offset", "length"].map(|key| number(tensor, key));
    Ok(offset?.unwrap_or(0).saturating_add(length?.unwrap_or(0)))
}

/// Gives tensors their bytes.
#[derive(Default)]
pub struct External<'a> {
    files: Option<&'a Files<'a>>,
    bytes_left: usize,
}

impl<'a> External<'a> {
    pub fn new(files: &'a Files<'a>) -> Self {
        let all = files.values().map(|bytes| bytes.len());
        Self {
            files: Some(files),
            bytes_left: all.fold(SHARED_BYTES, usize::saturating_add),
        }
    }

    /// The bytes of a tensor that are in another file.
    pub fn bytes(&mut self, tensor: &proto::Tensor) -> Result<&'a [u8], Error> {
        let name = file_of(tensor)?;
        let file = self.files.and_then(|files| files.get(name.as_str()));
        let file = *file.ok_or_else(|| {
            Error::unsupported(
                &tensor.name,
                format!("its weights are in another file, {name}"),
            )
        })?;
        let offset = number(tensor, "offset")?.unwrap_or(0);
        let length = number(tensor, "length")?;
        let rest = file.get(offset..).unwrap_or_default();
        let found = rest.get(..length.unwrap_or(rest.len()));
        let found = found.filter(|_| offset <= file.len()).ok_or_else(|| {
            let reason = format!("its weights extend beyond the end of {name}");
            Error::malformed(&tensor.name, reason)
        })?;
        let left = self.bytes_left.checked_sub(found.len());
        self.bytes_left =
            left.ok_or_else(|| Error::Limit("more weights than the files can hold".to_owned()))?;
        Ok(found)
    }
}

fn entry<'t>(tensor: &'t proto::Tensor, key: &str) -> Option<&'t str> {
    let found = tensor.external_data.iter().find(|e| e.key == key);
    found.map(|e| e.value.as_str())
}

fn number(tensor: &proto::Tensor, key: &str) -> Result<Option<usize>, Error> {
    let Some(text) = entry(tensor, key) else {
        return Ok(None);
    };
    let number = text.parse().map_err(|_| {
        let reason = format!("the {key} of its weights in another file is not a number");
        Error::malformed(&tensor.name, reason)
    })?;
    Ok(Some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(entries: &[(&str, &str)]) -> proto::Tensor {
        let entry = |&(key, value): &(&str, &str)| proto::Entry {
            key: key.into(),
            value: value.into(),
        };
        proto::Tensor {
            name: "w".into(),
            data_location: 1,
            external_data: entries.iter().map(entry).collect(),
            ..proto::Tensor::default()
        }
    }

    #[test]
    fn a_file_is_inside_the_folder_of_the_model() {
        let file = |name: &str| file_of(&tensor(&[("location", name)]));
        assert_eq!(file("m.onnx.data").unwrap(), "m.onnx.data");
        assert_eq!(file("./weights/a").unwrap(), "weights/a");
        assert_eq!(file(r"weights\a").unwrap(), "weights/a");
        for outside in [
            "",
            ".",
            "..",
            "../a",
            "a/../../b",
            "/etc/passwd",
            r"\\host\a",
            "C:/a",
            r"C:a",
            "a//b",
            r"a\..\b",
            "a\0b",
        ] {
            assert!(file(outside).is_err(), "{outside:?}");
        }
        assert!(file_of(&tensor(&[])).is_err());
    }

    #[test]
    fn bytes_are_those_of_the_file_and_no_others() {
        let bytes: Vec<u8> = (0..10).collect();
        let files: Files = [("a", bytes.as_slice())].into();
        let read = |offset: &str, length: &str| {
            let stated = tensor(&[("location", "a"), ("offset", offset), ("length", length)]);
            External::new(&files).bytes(&stated)
        };
        assert_eq!(read("2", "3").unwrap(), [2, 3, 4]);
        assert_eq!(read("10", "0").unwrap(), [0_u8; 0]);
        for (offset, length) in [
            ("11", "0"),
            ("8", "3"),
            ("0", "11"),
            ("18446744073709551615", "1"),
            ("-1", "1"),
            ("x", "1"),
        ] {
            assert!(read(offset, length).is_err(), "{offset} {length}");
        }
        let mut all = External::new(&files);
        let rest = tensor(&[("location", "a"), ("offset", "7")]);
        assert_eq!(all.bytes(&rest).unwrap(), [7, 8, 9]);
        all.bytes_left = 2;
        assert!(matches!(all.bytes(&rest), Err(Error::Limit(_))));
        let other = tensor(&[("location", "b")]);
        assert!(External::new(&files).bytes(&other).is_err());
    }
}
