//! A Keras file as groups, attributes and arrays. The only file that uses the HDF5 crate.
//!
//! Files are untrusted, so everything is limited before it is allocated: the number of objects, the length of every
//! text, the size of every array and of all arrays together. A panic in the HDF5 crate becomes an error.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hdf5_reader::group::Group;
use hdf5_reader::messages::datatype::{Datatype, StringSize, VarLenKind};
use hdf5_reader::{Dataset, Hdf5File, OpenOptions, RawAttribute};

use super::Error;
use super::limits;
use super::precision;

/// Maximum length of a text such as `model_config`.
const MAX_TEXT_BYTES: usize = limits::MAX_TEXT_BYTES as usize;
/// Maximum names in one list; the largest network of Keras applications has 815 layers.
const MAX_NAMES: usize = 20_000;
/// Maximum groups and arrays opened; the largest network of Keras applications needs about 3500.
const MAX_OBJECTS: u32 = 50_000;
/// Maximum bytes of one array as float32.
pub const MAX_ARRAY_BYTES: usize = 1 << 29;
/// Bytes that one array may have even in a smaller, compressed file. Up to three copies exist while it is transposed.
const MIN_ARRAY_BYTES: usize = 64 << 20;
/// Bytes that all arrays together may have even in a smaller, compressed file; EfficientNet-B7 has 256 MB.
const MIN_TOTAL_BYTES: u64 = 288 << 20;
/// Maximum number of axes of an array.
pub const MAX_AXES: usize = 8;

/// Values of the file as float32, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub numbers: Vec<f32>,
    /// The precision in which the file stores them, if it is not float32.
    pub precision: Option<&'static str>,
}

/// An open HDF5 file.
pub struct Archive {
    file: Hdf5File,
    objects: Cell<u32>,
    bytes_left: Cell<u64>,
    most_of_all: u64,
    most_of_one_array: usize,
}

/// True if the bytes start like an HDF5 file, with or without a user block.
pub fn looks_like_hdf5(bytes: &[u8]) -> bool {
    superblock_at(bytes).is_some()
}

/// Offset of the superblock: 0, or after a user block of 512 bytes, 1024, 2048 and so on.
fn superblock_at(bytes: &[u8]) -> Option<usize> {
    const MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";
    let offsets = std::iter::once(0).chain((9..24).map(|power| 1_usize << power));
    offsets
        .take_while(|&at| at < bytes.len())
        .find(|&at| bytes[at..].starts_with(MAGIC))
}

/// Rejects a file that is shorter than its superblock states, as the HDF5 library does; a longer one is opened.
///
/// HDF5 File Format Specification III.A. The end of the file is an absolute address, which stays as it was when a user
/// block is prepended or removed later; the base address shows by how much the file has moved since.
fn refuse_truncated(bytes: &[u8]) -> Result<(), Error> {
    let Some(start) = superblock_at(bytes) else {
        return Ok(());
    };
    let cut = || Error::malformed("the file is cut short");
    let block = &bytes[start..];
    let at = |place: usize| block.get(place).copied().ok_or_else(cut);
    // The version determines the offsets of the address size and of the base address. The end of the file is two
    // addresses after the base.
    let (width, base) = match at(8)? {
        0 => (at(13)?, 24),
        1 => (at(13)?, 28),
        2 | 3 => (at(9)?, 12),
        // The HDF5 crate reports unknown versions.
        _ => return Ok(()),
    };
    let width = usize::from(width);
    if !(1..=8).contains(&width) {
        return Ok(());
    }
    let address = |place: usize| -> Result<i128, Error> {
        let bytes = block.get(place..place + width).ok_or_else(cut)?;
        let number = bytes.iter().rev().fold(0, |n, &b| n << 8 | i128::from(b));
        Ok(number)
    };
    let end = address(base + 2 * width)? - address(base)? + start as i128;
    if end > bytes.len() as i128 {
        return Err(Error::malformed(format!(
            "the file is cut short: it has {} of {end} bytes",
            bytes.len()
        )));
    }
    Ok(())
}

impl Archive {
    /// Opens the bytes of a file.
    pub fn open<B>(bytes: B) -> Result<Self, Error>
    where
        B: AsRef<[u8]> + Send + Sync + 'static,
    {
        let length = bytes.as_ref().len();
        refuse_truncated(bytes.as_ref())?;
        let most_of_one_array = length.clamp(MIN_ARRAY_BYTES, MAX_ARRAY_BYTES);
        let options = OpenOptions::default()
            .with_max_read_bytes(most_of_one_array)
            .with_max_object_header_bytes(MAX_TEXT_BYTES * 2)
            .with_chunk_cache_bytes(0);
        let file = guarded(|| Hdf5File::from_owner(bytes, options))?;
        // Some arrays are read twice, such as those of the first layers.
        let most_of_all = (2 * length as u64).max(MIN_TOTAL_BYTES);
        Ok(Self {
            file,
            objects: Cell::new(0),
            bytes_left: Cell::new(most_of_all),
            most_of_all,
            most_of_one_array,
        })
    }

    /// Begins to count objects and bytes anew, for another network that may read them all.
    pub fn count_anew(&self) {
        self.objects.set(0);
        self.bytes_left.set(self.most_of_all);
    }

    /// The group at a path from the root, such as `model_weights/conv1`; the root for an empty path.
    pub fn group(&self, path: &str) -> Result<Folder, Error> {
        self.count_object()?;
        let group = guarded(|| self.file.group(path))?;
        let attributes = guarded(|| group.raw_attributes())?;
        Ok(Folder { group, attributes })
    }

    /// The array at a path from the root.
    pub fn array(&self, path: &str) -> Result<Stored<'_>, Error> {
        self.count_object()?;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let dataset = guarded(|| self.file.group(folder)?.dataset(name))?;
        let axes = dataset.shape();
        let shape: Vec<usize> = axes
            .iter()
            .filter_map(|&s| usize::try_from(s).ok())
            .collect();
        let count = shape.iter().try_fold(1_usize, |n, &s| n.checked_mul(s));
        match count.and_then(|n| n.checked_mul(4)) {
            Some(bytes)
                if shape.len() == axes.len()
                    && axes.len() <= MAX_AXES
                    && bytes <= self.most_of_one_array =>
            {
                Ok(Stored {
                    archive: self,
                    dataset,
                    shape,
                })
            }
            _ => Err(too_large()),
        }
    }

    /// The path of a name in an attribute of a group, as h5py finds it: a leading slash starts at the root of the file.
    pub fn path_of(&self, group: &str, name: &str) -> String {
        let absolute = name.trim_start_matches('/');
        if absolute.len() < name.len() && self.holds(absolute) {
            absolute.to_owned()
        } else if group.is_empty() {
            name.to_owned()
        } else {
            format!("{group}/{name}")
        }
    }

    fn holds(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_array = || guarded(|| self.file.group(folder)?.dataset(name)).is_ok();
        guarded(|| self.file.group(path)).is_ok() || is_array()
    }

    fn count_object(&self) -> Result<(), Error> {
        let opened = self.objects.get() + 1;
        self.objects.set(opened);
        if opened > MAX_OBJECTS {
            Err(Error::Limit("more objects than any model has".into()))
        } else {
            Ok(())
        }
    }
}

/// An open group.
pub struct Folder {
    group: Group,
    attributes: Vec<RawAttribute>,
}

impl Folder {
    /// True if the group has an attribute of this name.
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|a| a.name() == attribute)
    }

    /// True if the group contains a group of this name.
    pub fn has_group(&self, name: &str) -> bool {
        guarded(|| self.group.group(name)).is_ok()
    }

    /// Names of the groups inside.
    pub fn groups(&self) -> Result<Vec<String>, Error> {
        self.members().map(|(groups, _)| groups)
    }

    /// Names of the groups and of the arrays inside.
    pub fn members(&self) -> Result<(Vec<String>, Vec<String>), Error> {
        let members = guarded(|| self.group.member_names())?;
        if members.0.len() + members.1.len() > MAX_NAMES {
            return Err(Error::Limit(format!(
                "more than {MAX_NAMES} objects in one group"
            )));
        }
        Ok(members)
    }

    /// A text attribute; `None` if there is none of this name.
    pub fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(attribute) = self.attributes.iter().find(|a| a.name() == name) else {
            return Ok(None);
        };
        let mut texts = self.texts(attribute)?;
        match texts.len() {
            1 => Ok(texts.pop()),
            n => Err(Error::invalid(format!(
                "the attribute {name} holds {n} texts, not one"
            ))),
        }
    }

    /// A list of names, possibly split into `name0`, `name1` and so on; `None` if there is neither.
    pub fn names(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
        let find = |name: &str| self.attributes.iter().find(|a| a.name() == name);
        if let Some(attribute) = find(name) {
            return self.texts(attribute).map(Some);
        }
        let mut joined = Vec::new();
        let mut part = 0_usize;
        while let Some(attribute) = find(&format!("{name}{part}")) {
            joined.extend(self.texts(attribute)?);
            if joined.len() > MAX_NAMES {
                return Err(Error::Limit(format!(
                    "more than {MAX_NAMES} names in {name}"
                )));
            }
            part += 1;
        }
        Ok((part > 0).then_some(joined))
    }

    /// Strings of fixed or variable length; an empty numeric array is an empty list.
    fn texts(&self, attribute: &RawAttribute) -> Result<Vec<String>, Error> {
        let message = attribute.message();
        let count = guarded(|| Ok(message.dataspace.num_elements()?))?;
        let count = usize::try_from(count).ok().filter(|&n| n <= MAX_NAMES);
        let count = count.ok_or_else(|| Error::Limit(format!("more than {MAX_NAMES} names")))?;
        match &message.datatype {
            Datatype::String {
                size: StringSize::Fixed(width),
                ..
            } => {
                let width = *width as usize;
                if width == 0
                    || count
                        .checked_mul(width)
                        .is_none_or(|n| n > message.raw_data.len())
                {
                    return Err(Error::malformed("a list of names is cut short"));
                }
                message
                    .raw_data
                    .chunks(width)
                    .take(count)
                    .map(text_from_bytes)
                    .collect()
            }
            Datatype::String {
                size: StringSize::Variable,
                ..
            }
            | Datatype::VarLen {
                kind: VarLenKind::String,
                ..
            } => self.heap_texts(&message.raw_data, count),
            _ if count == 0 => Ok(Vec::new()),
            _ => Err(Error::invalid(format!(
                "the attribute {} is not text",
                attribute.name()
            ))),
        }
    }

    /// Resolves references into the file's heap: length, address, index. Lengths are limited before anything is copied.
    fn heap_texts(&self, references: &[u8], count: usize) -> Result<Vec<String>, Error> {
        let width = 8 + usize::from(self.group.offset_size());
        let mut total = 0_usize;
        let mut texts = Vec::with_capacity(count.min(references.len() / width));
        for reference in references.chunks_exact(width).take(count) {
            let length =
                u32::from_le_bytes([reference[0], reference[1], reference[2], reference[3]]);
            total = total.saturating_add(length as usize);
            if total > MAX_TEXT_BYTES {
                return Err(Error::Limit(format!(
                    "a text of more than {MAX_TEXT_BYTES} bytes"
                )));
            }
            let bytes = guarded(|| self.group.resolve_vlen_reference_bytes(reference, 1))?;
            texts.push(text_from_bytes(&bytes)?);
        }
        if texts.len() == count {
            Ok(texts)
        } else {
            Err(Error::malformed("a list of names is cut short"))
        }
    }
}

/// An array whose values have not been read yet.
pub struct Stored<'a> {
    archive: &'a Archive,
    dataset: Dataset,
    shape: Vec<usize>,
}

impl Stored<'_> {
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Reads the values as float32.
    ///
    /// All arrays read may together have twice as many bytes as the file, or 288 MB if that is more, so that a small
    /// compressed file cannot exhaust memory.
    pub fn read(&self) -> Result<Array, Error> {
        let count: usize = self.shape.iter().product();
        let stored = self.number_format()?;
        self.take_bytes(count as u64 * stored.bytes())?;
        let mut numbers = zeros(count, 0.0_f32)?;
        let precision = match stored {
            NumberFormat::Float32 => {
                guarded(|| self.dataset.read_into(&mut numbers))?;
                None
            }
            NumberFormat::Float64 => {
                let mut doubles = zeros(count, 0.0_f64)?;
                guarded(|| self.dataset.read_into(&mut doubles))?;
                numbers
                    .iter_mut()
                    .zip(doubles)
                    .for_each(|(number, double)| *number = double as f32);
                Some(precision::FLOAT64)
            }
            NumberFormat::Float16 => {
                self.read_halves(&mut numbers, precision::from_float16)?;
                Some(precision::FLOAT16)
            }
            NumberFormat::Bfloat16 => {
                self.read_halves(&mut numbers, precision::from_bfloat16)?;
                Some(precision::BFLOAT16)
            }
        };
        Ok(Array {
            shape: self.shape.clone(),
            numbers,
            precision,
        })
    }

    fn read_halves(&self, numbers: &mut [f32], convert: fn(u16) -> f32) -> Result<(), Error> {
        let mut bytes = zeros(numbers.len() * 2, 0_u8)?;
        guarded(|| self.dataset.read_native_bytes_into(&mut bytes))?;
        for (number, half) in numbers.iter_mut().zip(bytes.chunks_exact(2)) {
            *number = convert(u16::from_ne_bytes([half[0], half[1]]));
        }
        Ok(())
    }

    fn number_format(&self) -> Result<NumberFormat, Error> {
        match self.dataset.dtype() {
            Datatype::FloatingPoint { size: 4, .. } => Ok(NumberFormat::Float32),
            Datatype::FloatingPoint { size: 8, .. } => Ok(NumberFormat::Float64),
            Datatype::FloatingPoint { size: 2, .. } => {
                // HDF5 File Format Specification IV.A.2.d: sizes of the exponent and of the fraction.
                let message = guarded(|| self.dataset.raw_datatype())?;
                match (message.get(13), message.get(15)) {
                    (Some(5), Some(10)) => Ok(NumberFormat::Float16),
                    (Some(8), Some(7)) => Ok(NumberFormat::Bfloat16),
                    _ => Err(Error::invalid("weights in an unknown format of 16 bits")),
                }
            }
            // h5py has no bfloat16; Keras writes its bytes.
            Datatype::Opaque { size: 2, .. } => Ok(NumberFormat::Bfloat16),
            other => Err(Error::invalid(format!(
                "weights must be floating-point numbers, not {}",
                kind(other)
            ))),
        }
    }

    fn take_bytes(&self, bytes: u64) -> Result<(), Error> {
        let left = self.archive.bytes_left.get().checked_sub(bytes);
        let left =
            left.ok_or_else(|| Error::Limit("more weights than the file can hold".into()))?;
        self.archive.bytes_left.set(left);
        Ok(())
    }
}

/// How a file stores a number.
#[derive(Clone, Copy, Debug)]
enum NumberFormat {
    Float16,
    Bfloat16,
    Float32,
    Float64,
}

impl NumberFormat {
    fn bytes(self) -> u64 {
        match self {
            // Both are read into float32.
            Self::Float16 | Self::Bfloat16 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }
}

fn zeros<T: Clone>(count: usize, zero: T) -> Result<Vec<T>, Error> {
    let mut all = reserved(count)?;
    all.resize(count, zero);
    Ok(all)
}

/// An empty list with room for this many values.
///
/// # Errors
/// [`Error::Memory`] if there is not enough memory for it.
pub fn reserved<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    let bytes = (count as u64).saturating_mul(size_of::<T>() as u64);
    all.try_reserve_exact(count)
        .map_err(|_| Error::Memory { bytes })?;
    Ok(all)
}

/// The error for an array of more than [`MAX_ARRAY_BYTES`], or of more than a file may have.
pub fn too_large() -> Error {
    Error::Limit("an array is larger than any weight".into())
}

fn kind(datatype: &Datatype) -> String {
    match datatype {
        Datatype::FloatingPoint { size, .. } => format!("float{}", u32::from(*size) * 8),
        Datatype::FixedPoint { size, .. } => format!("integers of {size} bytes"),
        _ => "another type".into(),
    }
}

fn text_from_bytes(bytes: &[u8]) -> Result<String, Error> {
    let end = bytes.iter().rposition(|&b| b != 0).map_or(0, |at| at + 1);
    String::from_utf8(bytes[..end].to_vec()).map_err(|_| Error::invalid("a text is not UTF-8"))
}

/// Calls the HDF5 crate and converts its errors and panics.
fn guarded<T>(call: impl FnOnce() -> hdf5_reader::error::Result<T>) -> Result<T, Error> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(hdf5_reader::error::Error::ResourceLimit(what))) => Err(Error::Limit(what)),
        Ok(Err(error)) => Err(of_hdf5(&error)),
        Err(_) => Err(Error::malformed("the HDF5 structure is damaged")),
    }
}

/// A sound file may lack something or use a feature that is not supported; only the rest is damage.
fn of_hdf5(error: &hdf5_reader::error::Error) -> Error {
    use hdf5_reader::error::Error as Hdf5;
    let text = format!("HDF5: {error}");
    let mut cause = error;
    while let Hdf5::Context { source, .. } = cause {
        cause = source;
    }
    match cause {
        Hdf5::GroupNotFound(_)
        | Hdf5::DatasetNotFound(_)
        | Hdf5::AttributeNotFound(_)
        | Hdf5::UnsupportedFilter(_)
        | Hdf5::UnsupportedEncoding(_) => Error::Invalid(text),
        // HDF5 can keep the numbers of an array in a file of their own, which is not read.
        Hdf5::Other(what) if what.starts_with("external raw data file") => Error::Invalid(text),
        _ => Error::Malformed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A superblock with 8-byte addresses after a user block, padded with zeros to `length` bytes.
    fn file(version: u8, user_block: usize, base: u64, end: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; user_block];
        bytes.extend(b"\x89HDF\r\n\x1a\n");
        match version {
            0 | 1 => {
                bytes.extend([version, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]);
                bytes.extend(vec![0; if version == 1 { 4 } else { 0 }]);
            }
            _ => bytes.extend([version, 8, 8, 0]),
        }
        bytes.extend(base.to_le_bytes());
        bytes.extend(u64::MAX.to_le_bytes());
        bytes.extend(end.to_le_bytes());
        bytes.resize(length, 0);
        bytes
    }

    #[test]
    fn memory_that_there_is_not_is_an_error() {
        let refused = reserved::<f32>(usize::MAX / 8).unwrap_err();
        assert!(matches!(refused, Error::Memory { .. }), "{refused}");
    }

    #[test]
    fn a_file_that_lacks_its_last_byte_is_refused_in_every_version() {
        let is_whole = |bytes: &[u8]| refuse_truncated(bytes).is_ok();
        for version in [0, 1, 2, 3] {
            assert!(is_whole(&file(version, 0, 0, 4000, 4000)), "{version}");
            assert!(is_whole(&file(version, 0, 0, 4000, 4100)), "{version}");
            assert!(!is_whole(&file(version, 0, 0, 4000, 3999)), "{version}");
            // With a user block as HDF5 writes it, and with one prepended later.
            assert!(is_whole(&file(version, 512, 512, 4512, 4512)));
            assert!(!is_whole(&file(version, 512, 512, 4512, 4511)));
            assert!(is_whole(&file(version, 1024, 0, 4000, 5024)));
            assert!(!is_whole(&file(version, 1024, 0, 4000, 5023)));
            // The superblock itself is truncated.
            for length in [9, 13, 20, 40] {
                let whole = file(version, 0, 0, 4000, 4000);
                assert!(!is_whole(&whole[..length]), "{version} {length}");
            }
        }
        let cut = refuse_truncated(&file(2, 0, 0, 4000, 3999)).unwrap_err();
        assert!(cut.to_string().ends_with("it has 3999 of 4000 bytes"));
        assert!(is_whole(b"no HDF5") && is_whole(&file(9, 0, 0, u64::MAX, 100)));
    }
}
