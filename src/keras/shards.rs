//! Weights in several HDF5 files: Keras 3 divides what exceeds `max_shard_size`. A list (`name.weights.json`) names the
//! files, and each holds some of the arrays, at their usual paths; one layer may be in two files.

use super::Error;
use super::archive::{Archive, Array};
use super::configuration;
use super::files::{ModelFiles, read_within};
use super::limits::{MAX_FILE_BYTES, MAX_TEXT_BYTES};
use super::stored::{self, Numbered};
use super::weights::Source;
use crate::progress::Cancel;

/// Longest files of weights that are compared.
const MAX_COMPARED_BYTES: u64 = 256 << 20;

/// Whether two files hold weights of different layers: two shards, and not one network after two epochs.
pub fn are_parts_of_one(files: &dyn ModelFiles, names: &[String; 2]) -> bool {
    let are_weights = |name: &String| files.has(name);
    if !names.iter().all(are_weights) {
        return false;
    }
    let layers = |name: &String| -> Result<Vec<String>, Error> {
        let archive = Archive::open(files.read(name, MAX_COMPARED_BYTES)?)?;
        let layers = stored::numbered(&archive, &Cancel::new())?.numbered_once();
        Ok(layers.into_iter().filter_map(|layer| layer.group).collect())
    };
    match (layers(&names[0]), layers(&names[1])) {
        (Ok(first), Ok(second)) => first != second,
        _ => false,
    }
}

/// The files with the weights, in the order of their names.
pub struct Shards(Vec<Archive>);

impl Shards {
    /// Opens the files that a list names.
    ///
    /// # Errors
    /// [`Error::MissingFile`] for a file that is not there; [`Error::FilesTooLarge`] if together they have more than
    /// [`MAX_FILE_BYTES`].
    pub fn open(files: &dyn ModelFiles, list: &str, cancel: &Cancel) -> Result<Self, Error> {
        // Read as a whole, so that the list counts as one of the model's files.
        files.read(list, MAX_TEXT_BYTES)?;
        let names = configuration::shards_of(files, list);
        let names = names.ok_or_else(|| Error::invalid("it names no files with weights"))?;
        let mut left = MAX_FILE_BYTES;
        let mut archives = Vec::new();
        for name in names {
            cancel.check()?;
            archives.push(Archive::open(read_within(files, &name, &mut left)?)?);
        }
        Ok(Self(archives))
    }

    /// Begins to count objects and bytes anew, for another network that may read them all.
    pub fn count_anew(&self) {
        self.0.iter().for_each(Archive::count_anew);
    }

    /// The layers of all files.
    pub fn layers(&self, cancel: &Cancel) -> Result<Numbered, Error> {
        stored::numbered_in_files(&self.0, cancel)
    }
}

impl Source for Shards {
    fn read(&self, path: &str) -> Result<Array, Error> {
        let (number, path) = path.split_once(':').unwrap_or_default();
        let archive = number
            .parse()
            .ok()
            .and_then(|number: usize| self.0.get(number));
        let archive = archive.ok_or_else(|| Error::invalid("an array of no file"))?;
        archive.array(path)?.read()
    }
}
