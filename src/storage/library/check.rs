//! Whether a stored model is still what was imported.

use std::io::ErrorKind;

use super::checksums::{Checksums, FileDamage, Stamp, sha256_of};
use super::{
    CARD, CARD_LIMIT, CHECKSUMS, EARLIER_FORMATS, FILES, FORMAT, FORMAT_FILE, MEMORY, ModelFolder,
    NETWORK,
};
use crate::domain::ModelCard;
use crate::progress::{Cancel, Cancelled};
use crate::storage::{Error, atomic, read};

/// A stored model that differs from what was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored model {id} is damaged: {file} {flaw}")]
pub struct Damage {
    pub id: String,
    /// Name of the file, without its folder.
    pub file: String,
    pub flaw: FileDamage,
}

/// Detects rewriting of a model folder: equal if its checksums and network are the same, unmodified files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark([Option<Stamp>; 2]);

impl ModelFolder {
    /// The checksums; `None` in a model folder of an earlier version without them.
    pub fn checksums(&self) -> Result<Option<Checksums>, Error> {
        match read::file(&self.folder.join(CHECKSUMS), CARD_LIMIT) {
            Ok(text) => {
                let checksums = Checksums::read(&text).filter(|s| s.of(CARD).is_some());
                let checksums = checksums.filter(|s| s.of(NETWORK).is_some());
                checksums
                    .map(Some)
                    .ok_or_else(|| self.damage(CHECKSUMS, FileDamage::Altered))
            }
            Err(Error::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {
                match self.format().is_some_and(|text| text == FORMAT) {
                    true => Err(self.damage(CHECKSUMS, FileDamage::Missing)),
                    false => Ok(None),
                }
            }
            Err(e) => Err(e),
        }
    }

    /// The checksums, computed now for a model folder of an earlier version; `true` states that they were. Its contents
    /// are then trusted, except the network, for which that version stored a checksum.
    pub fn checksums_or_adopt<E>(&self, cancel: &Cancel) -> Result<(Checksums, bool), E>
    where
        E: From<Error> + From<Cancelled>,
    {
        if let Some(checksums) = self.checksums()? {
            return Ok((checksums, false));
        }
        let earlier = self.earlier_sha256();
        let mut checksums = Checksums::default();
        for name in FILES.iter().filter(|n| self.folder.join(n).is_file()) {
            let (sha256, bytes) = self.hashed(name, cancel)??;
            if *name == NETWORK && earlier.as_ref().is_some_and(|e| *e != sha256) {
                return Err(self.damage(NETWORK, FileDamage::Altered).into());
            }
            checksums.push(name, sha256, bytes);
        }
        for needed in [CARD, NETWORK] {
            if checksums.of(needed).is_none() {
                return Err(self.damage(needed, FileDamage::Missing).into());
            }
        }
        // In a read-only library they are computed again next time.
        let _ = atomic::write(&self.folder.join(CHECKSUMS), checksums.text().as_bytes());
        Ok((checksums, true))
    }

    /// Whether the checksums were added later: the model was stored by a version without them.
    pub fn is_adopted(&self) -> bool {
        let earlier = |text: String| EARLIER_FORMATS.contains(&text.as_str());
        self.format().is_none_or(earlier)
            && self.checksums().is_ok_and(|checksums| checksums.is_some())
    }

    /// Reads every file and compares it with its checksum.
    ///
    /// To save the memory of a copy, an engine opens the network by its path at the same time. It read the same file if
    /// [`Self::mark`] is the same before and after both.
    pub fn examine<E>(&self, checksums: &Checksums, cancel: &Cancel) -> Result<(), E>
    where
        E: From<Error> + From<Cancelled>,
    {
        for name in FILES {
            if checksums.of(name).is_none() && !self.folder.join(name).exists() {
                continue;
            }
            let (sha256, bytes) = self.hashed(name, cancel)??;
            checksums
                .check(name, &sha256, bytes)
                .map_err(|flaw| self.damage(name, flaw))?;
        }
        Ok(())
    }

    /// Quick checks: the small files, and that every other one exists with its length.
    pub fn look(&self) -> Result<ModelCard, Error> {
        let card = self.card()?;
        let Some(checksums) = self.checksums()? else {
            let there = self.model_path().is_file();
            return match there {
                true => Ok(card),
                false => Err(self.damage(NETWORK, FileDamage::Missing)),
            };
        };
        for name in FILES.iter().filter(|name| checksums.of(name).is_some()) {
            let found = self.folder.join(name).metadata();
            let found = found.map_err(|_| self.damage(name, FileDamage::Missing))?;
            match *name {
                CARD => {}
                FORMAT_FILE | MEMORY => drop(self.read(name, CARD_LIMIT)?),
                _ => checksums
                    .check_length(name, found.len())
                    .map_err(|flaw| self.damage(name, flaw))?,
            }
        }
        Ok(card)
    }

    /// Two marks of a model folder differ if it was replaced or written to in between.
    pub fn mark(&self) -> Mark {
        Mark([CHECKSUMS, NETWORK].map(|name| Stamp::of(&self.folder.join(name)).ok()))
    }

    /// The error for a model folder that was replaced or written to while it was read.
    pub fn unhealed(&self) -> Error {
        self.damage(NETWORK, FileDamage::Unsettled)
    }

    /// SHA-256 and length of a file.
    fn hashed(
        &self,
        name: &str,
        cancel: &Cancel,
    ) -> Result<Result<(String, u64), Cancelled>, Error> {
        let path = self.folder.join(name);
        let fail = |e: std::io::Error| {
            let (name, source) = (name.to_owned(), e.into());
            Error::Read { name, source }
        };
        let read = read::open(&path).and_then(|file| sha256_of(&file, cancel));
        let read = read.map_err(|e| self.unread(name, fail(e)))?;
        Ok(read.ok_or(Cancelled))
    }
}
