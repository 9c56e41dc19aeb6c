//! A TensorFlow checkpoint as arrays by key: the "tensor bundle", an index (`.index`) and raw values (`.data-…`).
//!
//! The index is a [`table`] of messages `BundleEntryProto` (`tensorflow/core/protobuf/tensor_bundle.proto`). Every value
//! lies inside the data, so that no small file can demand much memory; checksums are compared for all that is read.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::crc32c;
use super::proto::Message;
use super::table;
use crate::domain::foreign::shown;
use crate::keras::archive::{Array, MAX_ARRAY_BYTES, MAX_AXES, reserved, too_large};
use crate::keras::limits;
use crate::keras::precision;
use crate::keras::weights::Source;
use crate::keras::{Error, FileKind};
use crate::numeric::wire::{little_endian, taken, varint};

/// `DataType` of `tensorflow/core/framework/types.proto`.
const FLOAT: u64 = 1;
const DOUBLE: u64 = 2;
const STRING: u64 = 7;
const COMPLEX64: u64 = 8;
const BFLOAT16: u64 = 14;
const COMPLEX128: u64 = 18;
const HALF: u64 = 19;

/// Fields of `BundleHeaderProto`, which has the empty key.
const HEADER_SHARDS: u64 = 1;
const HEADER_ENDIANNESS: u64 = 2;
/// Fields of `BundleEntryProto`.
const ENTRY_DTYPE: u64 = 1;
const ENTRY_SHAPE: u64 = 2;
const ENTRY_SHARD: u64 = 3;
const ENTRY_OFFSET: u64 = 4;
const ENTRY_SIZE: u64 = 5;
const ENTRY_CRC32C: u64 = 6;
const ENTRY_SLICES: u64 = 7;
/// Fields of `TensorShapeProto` and of its `Dim`.
const SHAPE_DIM: u64 = 2;
const DIM_SIZE: u64 = 1;

/// Maximum number of data files; each holds what one device has written.
const MAX_SHARDS: u64 = limits::MAX_SHARDS as u64;
/// Bytes that all arrays together may have in addition to those of the data, because a layer in several nested models is
/// read once for each.
const MORE_BYTES: u64 = 288 << 20;

/// An open checkpoint, with its data files as `B`.
pub struct Bundle<B> {
    entries: BTreeMap<String, Entry>,
    /// By number; `None` for a data file in which there is no entry.
    shards: Vec<Option<B>>,
    bytes_left: Cell<u64>,
    most_of_all: u64,
}

struct Entry {
    dtype: u64,
    shape: Vec<usize>,
    shard: usize,
    offset: usize,
    /// Bytes.
    size: usize,
    crc32c: u32,
    /// Whether its values are in several entries.
    is_sliced: bool,
}

/// The end of a data file's name, behind the name of the checkpoint. `number` is from 0 to `count` − 1.
pub fn data_suffix(number: u64, count: u64) -> String {
    format!(".data-{number:05}-of-{count:05}")
}

impl<B: AsRef<[u8]>> Bundle<B> {
    /// Opens a checkpoint. `data` returns the bytes of a data file, by its [`data_suffix`].
    pub fn open(
        index: &[u8],
        mut data: impl FnMut(&str) -> Result<B, Error>,
    ) -> Result<Self, Error> {
        let mut entries = BTreeMap::new();
        let mut count = None;
        for entry in table::entries(index)? {
            let message = Message::parse(entry.value)?;
            if entry.key.is_empty() {
                count = Some(shards(message)?);
            } else {
                let read = read_entry(message)?;
                entries.insert(entry.key, read);
            }
        }
        let count =
            count.ok_or_else(|| Error::malformed("the index of the checkpoint has no header"))?;
        let mut shards: Vec<Option<B>> = (0..count).map(|_| None).collect();
        let mut bytes = MORE_BYTES;
        for entry in entries.values() {
            let place = shards.get_mut(entry.shard);
            let place = place
                .ok_or_else(|| Error::malformed("a tensor in a data file that does not exist"))?;
            if place.is_none() {
                let read = data(&data_suffix(entry.shard as u64, count))?;
                bytes = bytes.saturating_add(read.as_ref().len() as u64);
                *place = Some(read);
            }
        }
        Ok(Self {
            entries,
            shards,
            bytes_left: Cell::new(bytes),
            most_of_all: bytes,
        })
    }

    /// Begins to count bytes anew, for another network that may read them all.
    pub fn count_anew(&self) {
        self.bytes_left.set(self.most_of_all);
    }

    /// All keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The shape of an array; `None` if there is none with this key.
    pub fn shape(&self, key: &str) -> Option<&[usize]> {
        self.entries.get(key).map(|entry| entry.shape.as_slice())
    }

    /// Whether there is an array of numbers with this key that are not integers, as weights are.
    pub fn is_real(&self, key: &str) -> bool {
        let dtype = self.entries.get(key).map(|entry| entry.dtype);
        dtype.is_some_and(|dtype| {
            matches!(
                dtype,
                FLOAT | DOUBLE | HALF | BFLOAT16 | COMPLEX64 | COMPLEX128
            )
        })
    }

    /// The single text with this key; `None` if there is none.
    pub fn text(&self, key: &str) -> Result<Option<&[u8]>, Error> {
        let Some(entry) = self.entries.get(key) else {
            return Ok(None);
        };
        if entry.dtype != STRING || !entry.shape.is_empty() || entry.is_sliced {
            return Err(Error::malformed(format!("{} is not one text", shown(key))));
        }
        // The length, its checksum, the text; the checksum of all takes the length as a number of 4 bytes.
        let mut rest = self.bytes(key, entry)?;
        let parts = varint(&mut rest)
            .and_then(|length| Some((u32::try_from(length).ok()?, taken(&mut rest, 4)?)))
            .filter(|&(length, _)| rest.len() == length as usize);
        let (length, checksum) = parts.ok_or_else(|| cut(key))?;
        let crc = crc32c::extended(0, &length.to_le_bytes());
        let is_right = little_endian(checksum) == u64::from(crc32c::masked(crc));
        let crc = crc32c::extended(crc32c::extended(crc, checksum), rest);
        if !is_right || crc32c::masked(crc) != entry.crc32c {
            return Err(altered(key));
        }
        Ok(Some(rest))
    }

    fn bytes(&self, key: &str, entry: &Entry) -> Result<&[u8], Error> {
        let shard = self.shards.get(entry.shard).and_then(Option::as_ref);
        let end = entry.offset.checked_add(entry.size);
        shard
            .zip(end)
            .and_then(|(shard, end)| shard.as_ref().get(entry.offset..end))
            .ok_or_else(|| cut(key))
    }
}

impl<B: AsRef<[u8]>> Source for Bundle<B> {
    fn read(&self, path: &str) -> Result<Array, Error> {
        let entry = self.entries.get(path);
        let entry =
            entry.ok_or_else(|| Error::malformed(format!("there is no {}", shown(path))))?;
        if entry.is_sliced {
            return Err(Error::NotAModel(FileKind::PartitionedCheckpoint));
        }
        let (width, precision) = match entry.dtype {
            FLOAT => (4, None),
            DOUBLE => (8, Some(precision::FLOAT64)),
            HALF => (2, Some(precision::FLOAT16)),
            BFLOAT16 => (2, Some(precision::BFLOAT16)),
            _ => {
                let what = format!("weights must be real numbers, and {} is not", shown(path));
                return Err(Error::invalid(what));
            }
        };
        let mut count = entry.shape.iter();
        let count = count.try_fold(1_usize, |n, &s| n.checked_mul(s));
        let count = count.filter(|&n| n <= MAX_ARRAY_BYTES / size_of::<f32>());
        let count = count.ok_or_else(too_large)?;
        let bytes = self.bytes(path, entry)?;
        if bytes.len() != count * width {
            return Err(cut(path));
        }
        let left = self.bytes_left.get().checked_sub(bytes.len() as u64);
        let beyond = || Error::Limit("more weights than the data can hold".into());
        self.bytes_left.set(left.ok_or_else(beyond)?);
        if crc32c::masked(crc32c::extended(0, bytes)) != entry.crc32c {
            return Err(altered(path));
        }
        let mut numbers = reserved(count)?;
        let (twos, _) = bytes.as_chunks::<2>();
        let (fours, _) = bytes.as_chunks::<4>();
        let (eights, _) = bytes.as_chunks::<8>();
        let twos = twos.iter().map(|&n| u16::from_le_bytes(n));
        match entry.dtype {
            HALF => numbers.extend(twos.map(precision::from_float16)),
            BFLOAT16 => numbers.extend(twos.map(precision::from_bfloat16)),
            DOUBLE => numbers.extend(eights.iter().map(|&n| f64::from_le_bytes(n) as f32)),
            _ => numbers.extend(fours.iter().map(|&n| f32::from_le_bytes(n))),
        }
        Ok(Array {
            shape: entry.shape.clone(),
            numbers,
            precision,
        })
    }
}

fn cut(key: &str) -> Error {
    Error::malformed(format!("the values of {} are cut short", shown(key)))
}

fn altered(key: &str) -> Error {
    Error::malformed(format!(
        "the values of {} do not have their checksum",
        shown(key)
    ))
}

/// The number of data files.
fn shards(header: Message) -> Result<u64, Error> {
    if header.number(HEADER_ENDIANNESS) != 0 {
        return Err(Error::invalid(
            "the checkpoint was written on a big-endian machine",
        ));
    }
    match header.number(HEADER_SHARDS) {
        count @ 1..=MAX_SHARDS => Ok(count),
        count => Err(Error::Limit(format!("{count} data files of a checkpoint"))),
    }
}

fn read_entry(message: Message) -> Result<Entry, Error> {
    let damaged = || Error::malformed("an entry of the checkpoint is damaged");
    let number = |field| usize::try_from(message.number(field)).map_err(|_| damaged());
    let shape = Message::parse(message.bytes(ENTRY_SHAPE).unwrap_or_default())?;
    let mut sizes = Vec::new();
    for dim in shape.all(SHAPE_DIM) {
        if sizes.len() >= MAX_AXES {
            return Err(Error::Limit(format!(
                "an array of more than {MAX_AXES} axes"
            )));
        }
        let size = Message::parse(dim)?.number(DIM_SIZE);
        sizes.push(usize::try_from(size).map_err(|_| damaged())?);
    }
    Ok(Entry {
        dtype: message.number(ENTRY_DTYPE),
        shape: sizes,
        shard: number(ENTRY_SHARD)?,
        offset: number(ENTRY_OFFSET)?,
        size: number(ENTRY_SIZE)?,
        crc32c: u32::try_from(message.number(ENTRY_CRC32C)).map_err(|_| damaged())?,
        is_sliced: message.all(ENTRY_SLICES).next().is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{field, varint_of, written};
    use super::*;

    /// A checkpoint of one array of float32, `a`, that claims to have these sizes, with data of 1000 bytes.
    fn array_of(sizes: &[u64]) -> Result<Array, Error> {
        let dims = sizes.iter().flat_map(|&size| {
            let size = [&[(DIM_SIZE << 3) as u8], &varint_of(size)[..]].concat();
            field(SHAPE_DIM, &size)
        });
        let dims: Vec<u8> = dims.collect();
        let dtype = [(ENTRY_DTYPE << 3) as u8, FLOAT as u8];
        let entry = [&dtype[..], &field(ENTRY_SHAPE, &dims)].concat();
        let index = written(&[("", b"\x08\x01"), ("a", &entry)]);
        Bundle::open(&index, |_| Ok(vec![0; 1000]))?.read("a")
    }

    #[test]
    fn an_array_has_the_same_limit_as_in_an_hdf5_file() {
        let most = (MAX_ARRAY_BYTES / 4) as u64;
        for sizes in [&[most + 1][..], &[2, most], &[u64::MAX >> 1, 4]] {
            assert_eq!(array_of(sizes).err(), Some(too_large()), "{sizes:?}");
        }
        let cut = array_of(&[most]).unwrap_err();
        assert!(matches!(cut, Error::Malformed(_)), "{cut}");
    }
}
