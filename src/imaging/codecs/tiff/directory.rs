//! Reads the directories of a TIFF file without its decoder: to find an entry's position, and to reject what the
//! decoder cannot.

use tiff::tags::ByteOrder;

use super::refusal::NAME;
use crate::imaging::Error;

/// Maximum number of directories examined.
const MAX_DIRECTORIES: usize = 1000;

/// The directories of a file, with their layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Directories<'a> {
    bytes: &'a [u8],
    order: ByteOrder,
    is_big: bool,
}

impl<'a> Directories<'a> {
    /// `None` if the bytes do not begin like a TIFF file.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let order = match bytes.get(..2)? {
            b"II" => ByteOrder::LittleEndian,
            b"MM" => ByteOrder::BigEndian,
            _ => return None,
        };
        let directories = Self {
            bytes,
            order,
            is_big: false,
        };
        let is_big = match directories.number(2, 2)? {
            42 => false,
            43 => true,
            _ => return None,
        };
        Some(Self {
            is_big,
            ..directories
        })
    }

    fn number(&self, at: usize, length: usize) -> Option<u64> {
        let field = self.bytes.get(at..at.checked_add(length)?)?.iter();
        let push = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(match self.order {
            ByteOrder::LittleEndian => field.rev().fold(0, push),
            ByteOrder::BigEndian => field.fold(0, push),
        })
    }

    /// Positions of the entries in the directory at `page`, and the next directory (0 if there is none).
    fn entries(&self, page: u64) -> Option<(impl Iterator<Item = usize>, u64)> {
        let (count_bytes, entry_bytes, next_bytes) =
            if self.is_big { (8, 20, 8) } else { (2, 12, 4) };
        let page = usize::try_from(page).ok()?;
        let count = usize::try_from(self.number(page, count_bytes)?).ok()?;
        let count = count.min(usize::from(u16::MAX));
        let first = page.checked_add(count_bytes)?;
        let end = first.checked_add(count * entry_bytes)?;
        let next = self.number(end, next_bytes).unwrap_or(0);
        Some(((0..count).map(move |i| first + i * entry_bytes), next))
    }

    /// Position of a tag's value that fits into its entry in the directory at `page`.
    pub fn place_of_value(&self, page: u64, tag: u16) -> Option<usize> {
        let value_at = if self.is_big { 12 } else { 8 };
        let (mut entries, _) = self.entries(page)?;
        let entry = entries.find(|&at| self.number(at, 2) == Some(tag.into()))?;
        let place = entry + value_at;
        (place + 2 <= self.bytes.len()).then_some(place)
    }

    /// Type and position of a tag's value, as in [`Self::place_of_value`].
    pub fn kind_and_place(&self, page: u64, tag: u16) -> Option<(u64, usize)> {
        let place = self.place_of_value(page, tag)?;
        let before = if self.is_big { 10 } else { 6 };
        Some((self.number(place - before, 2)?, place))
    }

    /// Position of the first directory.
    pub fn first(&self) -> u64 {
        let (at, bytes) = if self.is_big { (8, 8) } else { (4, 4) };
        self.number(at, bytes).unwrap_or(0)
    }

    /// Positions of the first `most` directories of the chain, one for each page.
    pub fn pages(&self, most: usize) -> Vec<u64> {
        let next = |page: &u64| self.entries(*page).map(|(_, next)| next);
        let chain = std::iter::successors(Some(self.first()), next);
        chain.take_while(|page| *page != 0).take(most).collect()
    }

    /// The first `most` numbers of a tag in the directory at `page`: bytes, words, and numbers of 32 and 64 bits.
    pub fn values(&self, page: u64, tag: u16, most: u64) -> Vec<u64> {
        let read = || {
            let (value_at, offset_bytes) = if self.is_big { (12, 8) } else { (8, 4) };
            let (mut entries, _) = self.entries(page)?;
            let entry = entries.find(|&at| self.number(at, 2) == Some(tag.into()))?;
            let size = match self.number(entry + 2, 2)? {
                1 => 1,
                3 => 2,
                4 | 13 => 4,
                16 | 18 => 8,
                _ => return None,
            };
            let count = self.number(entry + 4, offset_bytes)?;
            let start = if count.saturating_mul(size) <= offset_bytes as u64 {
                entry + value_at
            } else {
                usize::try_from(self.number(entry + value_at, offset_bytes)?).ok()?
            };
            let size = size as usize;
            let values = (0..count.min(most) as usize)
                .map_while(|index| self.number(start.checked_add(index * size)?, size));
            Some(values.collect())
        };
        read().unwrap_or_default()
    }

    /// Whether a text declares a length beyond the file's.
    fn has_endless_text(&self) -> bool {
        const ASCII: u64 = 2;
        let offset_bytes = if self.is_big { 8 } else { 4 };
        let mut page = self.first();
        for _ in 0..MAX_DIRECTORIES {
            let Some((mut entries, next)) = self.entries(page) else {
                return false;
            };
            let is_endless = |at: usize| {
                let count = self.number(at + 4, offset_bytes);
                self.number(at + 2, 2) == Some(ASCII)
                    && count.is_some_and(|count| count > self.bytes.len() as u64)
            };
            if entries.any(is_endless) {
                return true;
            }
            if next == 0 {
                return false;
            }
            page = next;
        }
        false
    }
}

/// Rejects files for which the decoder would print to standard error.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    match Directories::of(bytes) {
        Some(directories) if directories.has_endless_text() => {
            Err(Error::malformed(NAME, "a text is longer than the file"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_outside_the_file_is_not_followed() {
        let directories = Directories::of(b"II*\0\x08\0\0\0\x01\0").unwrap();
        for page in [0, 9, 1 << 40, u64::MAX] {
            assert_eq!(directories.place_of_value(page, 262), None, "{page}");
        }
        assert!(Directories::of(b"II").is_none() && Directories::of(b"GIF89a").is_none());
    }

    #[test]
    fn a_text_longer_than_the_file_is_refused_in_any_directory_and_a_loop_ends() {
        let file = |kind: u8, count: u32, next: u32| {
            let mut bytes = b"II*\0\x08\0\0\0\x01\0\x31\x01".to_vec();
            bytes.extend([kind, 0]);
            bytes.extend(count.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.extend(next.to_le_bytes());
            bytes
        };
        assert!(check(&file(2, 5, 0)).is_ok());
        assert!(check(&file(2, 5000, 0)).is_err());
        assert!(check(&file(4, 5000, 0)).is_ok());
        assert!(check(&file(2, 5, 8)).is_ok());
        let second = [file(2, 5, 26), file(2, 5000, 0)[8..].to_vec()].concat();
        assert!(check(&second).is_err());
    }
}
