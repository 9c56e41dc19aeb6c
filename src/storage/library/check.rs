//! Whether a stored model is still what was imported.

use std::io::ErrorKind;

use super::sums::{Flaw, Stamp, Sums, sha256_of};
use super::{
    CARD, CARD_LIMIT, CHECKSUMS, EARLIER_FORMATS, FILES, FORMAT, FORMAT_FILE, MEMORY, NETWORK,
    Shelf,
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
    pub flaw: Flaw,
}

/// What tells whether a shelf was written anew: its checksums and its network are the same files, and nobody wrote into them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark([Option<Stamp>; 2]);

impl Shelf {
    /// The checksums; `None` on a shelf of an earlier version that had none.
    pub fn sums(&self) -> Result<Option<Sums>, Error> {
        match read::file(&self.folder.join(CHECKSUMS), CARD_LIMIT) {
            Ok(text) => {
                let sums = Sums::read(&text).filter(|s| s.of(CARD).is_some());
                let sums = sums.filter(|s| s.of(NETWORK).is_some());
                sums.map(Some)
                    .ok_or_else(|| self.damage(CHECKSUMS, Flaw::Altered))
            }
            Err(Error::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {
                match self.format().is_some_and(|text| text == FORMAT) {
                    true => Err(self.damage(CHECKSUMS, Flaw::Missing)),
                    false => Ok(None),
                }
            }
            Err(e) => Err(e),
        }
    }

    /// The checksums, which a shelf of an earlier version gets now; `true` says that it did. What it holds is taken as it
    /// is, but for the network, of which that version kept a checksum.
    pub fn sums_or_adopt<E>(&self, cancel: &Cancel) -> Result<(Sums, bool), E>
    where
        E: From<Error> + From<Cancelled>,
    {
        if let Some(sums) = self.sums()? {
            return Ok((sums, false));
        }
        let earlier = self.earlier_sha256();
        let mut sums = Sums::default();
        for name in FILES.iter().filter(|n| self.folder.join(n).is_file()) {
            let (sha256, bytes) = self.hashed(name, cancel)??;
            if *name == NETWORK && earlier.as_ref().is_some_and(|e| *e != sha256) {
                return Err(self.damage(NETWORK, Flaw::Altered).into());
            }
            sums.push(name, sha256, bytes);
        }
        for needed in [CARD, NETWORK] {
            if sums.of(needed).is_none() {
                return Err(self.damage(needed, Flaw::Missing).into());
            }
        }
        // In a library that cannot be written to they are made again next time.
        let _ = atomic::write(&self.folder.join(CHECKSUMS), sums.text().as_bytes());
        Ok((sums, true))
    }

    /// Whether the checksums are younger than the model: it was stored by a version without.
    pub fn is_adopted(&self) -> bool {
        let earlier = |text: String| EARLIER_FORMATS.contains(&text.as_str());
        self.format().is_none_or(earlier) && self.sums().is_ok_and(|sums| sums.is_some())
    }

    /// Reads every file and holds it to its checksum.
    ///
    /// An engine opens the network by its path at the same time, which saves the memory of a copy. It read the same file
    /// where [`Self::mark`] is the same before and after both.
    pub fn examine<E>(&self, sums: &Sums, cancel: &Cancel) -> Result<(), E>
    where
        E: From<Error> + From<Cancelled>,
    {
        for name in FILES {
            if sums.of(name).is_none() && !self.folder.join(name).exists() {
                continue;
            }
            let (sha256, bytes) = self.hashed(name, cancel)??;
            sums.check(name, &sha256, bytes)
                .map_err(|flaw| self.damage(name, flaw))?;
        }
        Ok(())
    }

    /// Looks at what takes no time: the small files, and that every other one is there in its length.
    pub fn look(&self) -> Result<ModelCard, Error> {
        let card = self.card()?;
        let Some(sums) = self.sums()? else {
            let there = self.model_path().is_file();
            return match there {
                true => Ok(card),
                false => Err(self.damage(NETWORK, Flaw::Missing)),
            };
        };
        for name in FILES.iter().filter(|name| sums.of(name).is_some()) {
            let found = self.folder.join(name).metadata();
            let found = found.map_err(|_| self.damage(name, Flaw::Missing))?;
            match *name {
                CARD => {}
                FORMAT_FILE | MEMORY => drop(self.read(name, CARD_LIMIT)?),
                _ => sums
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
    pub fn unsettled(&self) -> Error {
        self.damage(NETWORK, Flaw::Unsettled)
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
