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

/// A stored model that is no longer what was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored model {id} is damaged: {file} {flaw}")]
pub struct Damage {
    pub id: String,
    /// Name of the file, without its folder.
    pub file: String,
    pub flaw: FileDamage,
}

/// What tells whether a shelf was written anew: its checksums and its network are the same files, and nobody wrote into them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark([Option<Stamp>; 2]);

impl ModelFolder {
    /// The checksums; `None` on a shelf of an earlier version that had none.
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

    /// The checksums, which a shelf of an earlier version gets now; `true` says that it did. What it holds is taken as it
    /// is, but for the network, of which that version kept a checksum.
    pub fn sums_or_adopt<E>(&self, cancel: &Cancel) -> Result<(Checksums, bool), E>
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
        // In a library that cannot be written to they are made again next time.
        let _ = atomic::write(&self.folder.join(CHECKSUMS), checksums.text().as_bytes());
        Ok((checksums, true))
    }

    /// Whether the checksums are younger than the model: it was stored by a version without.
    pub fn is_adopted(&self) -> bool {
        let earlier = |text: String| EARLIER_FORMATS.contains(&text.as_str());
        self.format().is_none_or(earlier)
            && self.checksums().is_ok_and(|checksums| checksums.is_some())
    }

    /// Reads every file and holds it to its checksum.
    ///
    /// An engine opens the network by its path at the same time, which saves the memory of a copy. It read the same file
    /// where [`Self::mark`] is the same before and after both.
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

    /// Looks at what takes no time: the small files, and that every other one is there in its length.
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

    /// Two of a shelf differ where it was replaced or written into in between.
    pub fn mark(&self) -> Mark {
        Mark([CHECKSUMS, NETWORK].map(|name| Stamp::of(&self.folder.join(name)).ok()))
    }

    /// That a shelf was replaced or written into while it was read.
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
