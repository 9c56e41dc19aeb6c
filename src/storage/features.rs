//! What models saw in the photographs of a study, kept in the study's folder so that photographs can be compared without
//! running a model again.
//!
//! A file is written whole. It ends in a checksum; one that is damaged, of another form or too large counts as absent, and
//! what it held is computed again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, atomic, read};
use crate::domain::{EngineUsed, Features, ModelCard, Shard};
use crate::numeric::hex;
use crate::numeric::wire::taken;

/// Names of the files begin and end with these.
const NAME: [&str; 2] = ["gantei-study-features-", ".bin"];

/// The first bytes of a file, with the form that this version writes.
const MAGIC: &[u8; 16] = b"gantei-features1";

/// Largest file: those of 50,000 photographs by EfficientNet-B7.
const LIMIT: u64 = 256 << 20;

/// Largest description of where the features come from.
const IDENTITY: usize = 1 << 20;

/// Bytes of a SHA-256.
const SUM: usize = 32;

/// Where features come from, besides the photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeaturesOf {
    /// Version of the application.
    pub gantei: String,
    pub card: ModelCard,
    pub engine: EngineUsed,
    /// The frame of multi-frame files, if one is stated.
    pub frame: Option<u32>,
}

/// Features of photographs, by the checksums of their files.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureFile {
    pub of: FeaturesOf,
    /// Numbers of each photograph; 0 as long as there is none.
    length: usize,
    /// One after another.
    halves: Vec<u16>,
    places: HashMap<[u8; SUM], usize>,
    /// There is something that is not on the disk.
    is_changed: bool,
}

impl FeatureFile {
    pub fn new(of: FeaturesOf) -> Self {
        Self {
            of,
            length: 0,
            halves: Vec::new(),
            places: HashMap::new(),
            is_changed: false,
        }
    }

    /// What a study's folder holds of exactly this origin, or nothing.
    pub fn open(folder: &Path, of: FeaturesOf, shard: Option<Shard>) -> Self {
        let found = Self::read(&folder.join(name(&of, shard)));
        found
            .filter(|found| found.of == of)
            .unwrap_or_else(|| Self::new(of))
    }

    /// Numbers of each photograph.
    pub fn length(&self) -> usize {
        self.length
    }

    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// The features of a file with this checksum in hexadecimal.
    pub fn get(&self, sha256: &str) -> Option<&[u16]> {
        let place = *self.places.get(&hex::sum(sha256)?)?;
        self.halves
            .get(place * self.length..(place + 1) * self.length)
    }

    /// Adds the features of a file with this checksum in hexadecimal. Nothing is added if the file would become too large,
    /// or if their number is another.
    pub fn add(&mut self, sha256: &str, features: &Features) {
        let Some(sum) = hex::sum(sha256) else {
            return;
        };
        let halves = features.halves();
        if self.places.is_empty() {
            self.length = halves.len();
        }
        let bytes = (self.places.len() as u64 + 1) * (SUM + 2 * self.length) as u64;
        let is_too_large = bytes > LIMIT - (2 * IDENTITY) as u64;
        if halves.len() != self.length || is_too_large || self.places.contains_key(&sum) {
            return;
        }
        self.places.insert(sum, self.places.len());
        self.halves.extend_from_slice(halves);
        self.is_changed = true;
    }

    /// Writes what was added into a study's folder.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn save(&mut self, folder: &Path, shard: Option<Shard>) -> Result<(), Error> {
        if self.is_changed {
            atomic::write(&folder.join(name(&self.of, shard)), &self.bytes())?;
            self.is_changed = false;
        }
        Ok(())
    }

    fn bytes(&self) -> Vec<u8> {
        let of = serde_json::to_vec(&self.of).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        for number in [of.len(), self.length, self.places.len()] {
            bytes.extend((number as u32).to_le_bytes());
        }
        bytes.extend(of);
        let mut places: Vec<(&[u8; SUM], &usize)> = self.places.iter().collect();
        places.sort_by_key(|(_, place)| **place);
        for (sum, place) in places {
            bytes.extend(sum);
            let halves = &self.halves[place * self.length..(place + 1) * self.length];
            bytes.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
        }
        bytes.extend(Sha256::digest(&bytes));
        bytes
    }

    /// `None` if there is no such file, and if it is damaged, of another form or too large.
    fn read(path: &Path) -> Option<Self> {
        Self::parse(&read::file(path, LIMIT).ok()?)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        if Sha256::digest(content)[..] != *sum {
            return None;
        }
        let mut rest = content.strip_prefix(MAGIC)?;
        let mut number = || {
            let bytes: [u8; 4] = taken(&mut rest, 4)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(bytes)).ok()
        };
        let (of, length, count) = (number()?, number()?, number()?);
        if of > IDENTITY || length > Features::MOST {
            return None;
        }
        let of = serde_json::from_slice(taken(&mut rest, of)?).ok()?;
        // Before memory is taken for what the file says of itself.
        if count.checked_mul(SUM + 2 * length)? != rest.len() || (count > 0 && length == 0) {
            return None;
        }
        let mut halves = Vec::with_capacity(count * length);
        let mut places = HashMap::with_capacity(count);
        for place in 0..count {
            places.insert(taken(&mut rest, SUM)?.try_into().ok()?, place);
            let of_one = taken(&mut rest, 2 * length)?.as_chunks::<2>().0;
            halves.extend(of_one.iter().map(|half| u16::from_le_bytes(*half)));
        }
        Some(Self {
            of,
            length,
            halves,
            places,
            is_changed: false,
        })
    }
}

/// Every file of features in a study's folder whose origin `is_wanted`, also of parts of runs, by name.
pub fn feature_files(folder: &Path, is_wanted: impl Fn(&FeaturesOf) -> bool) -> Vec<FeatureFile> {
    let files = paths(folder).into_iter();
    let files = files.filter_map(|path| FeatureFile::read(&path));
    files.filter(|file| is_wanted(&file.of)).collect()
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_own_file(name)).collect();
    names.sort_unstable();
    names.into_iter().map(|name| folder.join(name)).collect()
}

/// Whether a file of this name holds features.
pub fn is_own_file(name: &str) -> bool {
    name.starts_with(NAME[0]) && name.ends_with(NAME[1])
}

/// The same origin has the same name.
fn name(of: &FeaturesOf, shard: Option<Shard>) -> String {
    let sum = hex::sha256(serde_json::to_vec(of).unwrap_or_default());
    let part = shard.map_or_else(String::new, |shard| {
        format!("-{}-of-{}", shard.number(), shard.count())
    });
    let [begin, end] = NAME;
    format!("{begin}{}{part}{end}", &sum[..12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model_card;

    fn of(engine: &str) -> FeaturesOf {
        FeaturesOf {
            gantei: "1".into(),
            card: model_card::example(),
            engine: EngineUsed {
                engine: engine.into(),
                provider: "p".into(),
                version: "1".into(),
            },
            frame: None,
        }
    }

    fn sum(number: u8) -> String {
        hex::hex([number; 32])
    }

    fn features(values: &[f32]) -> Features {
        Features::of_values(values.iter().copied()).unwrap()
    }

    fn filled() -> FeatureFile {
        let mut file = FeatureFile::new(of("a"));
        file.add(&sum(1), &features(&[1.0, 2.0]));
        file.add(&sum(2), &features(&[-3.0, 0.5]));
        file
    }

    #[test]
    fn what_was_kept_comes_back_for_the_same_origin_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = filled();
        file.save(folder.path(), None).unwrap();
        let again = FeatureFile::open(folder.path(), of("a"), None);
        assert_eq!(again, file);
        assert_eq!(again.get(&sum(2)), Some(features(&[-3.0, 0.5]).halves()));
        assert_eq!((again.get(&sum(3)), again.get("no sum")), (None, None));
        assert_eq!(FeatureFile::open(folder.path(), of("b"), None).count(), 0);
        let part = "2/3".parse().ok();
        let mut other = FeatureFile::new(of("a"));
        other.add(&sum(7), &features(&[1.0, 1.0]));
        other.save(folder.path(), part).unwrap();
        let files = feature_files(folder.path(), |found| *found == of("a"));
        assert_eq!(files.iter().map(FeatureFile::count).sum::<usize>(), 3);
    }

    #[test]
    fn other_lengths_repeated_photographs_and_wrong_sums_are_not_added() {
        let mut file = filled();
        let before = file.clone();
        file.add(&sum(3), &features(&[1.0]));
        file.add(&sum(1), &features(&[9.0, 9.0]));
        file.add("xyz", &features(&[1.0, 2.0]));
        assert_eq!(file, before);
    }

    #[test]
    fn a_file_that_is_damaged_or_cut_is_as_if_absent() {
        let bytes = filled().bytes();
        assert_eq!(FeatureFile::parse(&bytes).map(|f| f.count()), Some(2));
        for end in 0..bytes.len() {
            assert!(FeatureFile::parse(&bytes[..end]).is_none(), "{end}");
        }
        for at in (0..bytes.len()).step_by(7) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert!(FeatureFile::parse(&flipped).is_none(), "{at}");
        }
    }

    #[test]
    fn counts_that_do_not_fit_the_file_are_refused_before_memory_is_taken() {
        let bytes = filled().bytes();
        let content = bytes.len() - SUM;
        for at in [16, 20, 24] {
            for number in [0, u32::MAX] {
                let mut lying = bytes[..content].to_vec();
                lying[at..at + 4].copy_from_slice(&number.to_le_bytes());
                lying.extend(Sha256::digest(&lying));
                assert!(FeatureFile::parse(&lying).is_none(), "{at} {number}");
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name(&of("a"), None));
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(LIMIT + 1).unwrap();
        assert_eq!(FeatureFile::open(folder.path(), of("a"), None).count(), 0);
    }
}
