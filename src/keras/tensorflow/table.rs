//! The sorted string table of LevelDB, in which TensorFlow keeps the index of a checkpoint.
//!
//! A table is blocks of entries, one of which lists the others, and a footer that says where that one is. A key states
//! only what distinguishes it from the key before it. See `doc/table_format.md` of LevelDB.

use super::crc32c;
use crate::keras::Error;
use crate::numeric::wire::{little_endian, taken, varint};

/// Last bytes of a table.
const MAGIC: u64 = 0xdb47_7524_8b80_fb57;
/// Length of the footer: two places of blocks, padded to 40 bytes, and [`MAGIC`].
const FOOTER_BYTES: usize = 48;
/// Behind each block: how it is compressed, and a checksum.
const TRAILER_BYTES: usize = 5;
/// Maximum number of entries; EfficientNet-B7 has 1100, and three times as many with the state of an optimizer.
const MAX_ENTRIES: usize = 100_000;
/// Maximum length of a key.
const MAX_KEY_BYTES: usize = 4096;
/// Maximum length of all keys together.
const MAX_BYTES_OF_KEYS: usize = 16 << 20;

/// An entry of a table.
pub struct Entry<'a> {
    pub key: String,
    pub value: &'a [u8],
}

/// True if the bytes end like a table.
pub fn looks_like_table(bytes: &[u8]) -> bool {
    bytes.len() >= FOOTER_BYTES && little_endian(&bytes[bytes.len() - 8..]) == MAGIC
}

/// All entries, in the order of their keys.
///
/// # Errors
/// [`Error::Malformed`] if a checksum differs or keys are not in order.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Error> {
    if !looks_like_table(bytes) {
        return Err(Error::malformed(
            "the index of the checkpoint is cut short or no index",
        ));
    }
    let mut footer = &bytes[bytes.len() - FOOTER_BYTES..];
    let in_footer = place(&mut footer).and_then(|_| place(&mut footer));
    let list = block(bytes, in_footer.ok_or_else(damaged)?)?;
    let mut found = Found::default();
    let mut blocks = Found::default();
    for entry in blocks.in_block(list)? {
        let mut value = entry.value;
        let at = place(&mut value).ok_or_else(damaged)?;
        found.in_block(block(bytes, at)?)?.for_each(drop);
    }
    Ok(found.entries)
}

fn damaged() -> Error {
    Error::malformed("the index of the checkpoint is damaged")
}

/// Offset and length of a block, without its trailer.
fn place(rest: &mut &[u8]) -> Option<(usize, usize)> {
    let offset = usize::try_from(varint(rest)?).ok()?;
    let length = usize::try_from(varint(rest)?).ok()?;
    Some((offset, length))
}

/// The contents of a block, if its checksum is right.
fn block(bytes: &[u8], (offset, length): (usize, usize)) -> Result<&[u8], Error> {
    let mut rest = bytes.get(offset..).ok_or_else(damaged)?;
    let with_kind = length.checked_add(1).and_then(|n| taken(&mut rest, n));
    let with_kind = with_kind.ok_or_else(damaged)?;
    let crc = taken(&mut rest, TRAILER_BYTES - 1).ok_or_else(damaged)?;
    if u64::from(crc32c::masked(crc32c::extended(0, with_kind))) != little_endian(crc) {
        return Err(damaged());
    }
    match with_kind.split_last() {
        Some((0, contents)) => Ok(contents),
        _ => Err(Error::malformed(
            "the index of the checkpoint is compressed, which TensorFlow has not done since version 1.2",
        )),
    }
}

/// The entries of blocks, which must follow each other.
#[derive(Default)]
struct Found<'a> {
    entries: Vec<Entry<'a>>,
    bytes_of_keys: usize,
}

impl<'a> Found<'a> {
    /// Adds the entries of a block and returns them.
    fn in_block(&mut self, block: &'a [u8]) -> Result<impl Iterator<Item = &Entry<'a>>, Error> {
        let before = self.entries.len();
        let mut rest = without_restarts(block).ok_or_else(damaged)?;
        let mut key: Vec<u8> = Vec::new();
        while !rest.is_empty() {
            let value = next(&mut rest, &mut key).ok_or_else(damaged)?;
            self.bytes_of_keys += key.len();
            if key.len() > MAX_KEY_BYTES
                || self.bytes_of_keys > MAX_BYTES_OF_KEYS
                || self.entries.len() >= MAX_ENTRIES
            {
                return Err(Error::Limit(
                    "more entries in an index than any model has".into(),
                ));
            }
            let key = String::from_utf8(key.clone()).map_err(|_| damaged())?;
            if self.entries.last().is_some_and(|last| last.key >= key) {
                return Err(damaged());
            }
            self.entries.push(Entry { key, value });
        }
        Ok(self.entries[before..].iter())
    }
}

/// A block without the list of its whole keys, which serves to search it.
fn without_restarts(block: &[u8]) -> Option<&[u8]> {
    let count = block.last_chunk::<4>()?;
    let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
    let entries = block
        .len()
        .checked_sub(count.checked_mul(4)?.checked_add(4)?)?;
    Some(&block[..entries])
}

/// The value of the next entry, whose key replaces `key`.
fn next<'a>(rest: &mut &'a [u8], key: &mut Vec<u8>) -> Option<&'a [u8]> {
    let [shared, own, length] = [varint(rest)?, varint(rest)?, varint(rest)?];
    let shared = usize::try_from(shared).ok().filter(|&n| n <= key.len())?;
    key.truncate(shared);
    key.extend(taken(rest, usize::try_from(own).ok()?)?);
    taken(rest, usize::try_from(length).ok()?)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A table of one block with these entries.
    pub fn written(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut table = Vec::new();
        let mut block = |entries: &[(&str, &[u8])]| {
            let at = table.len();
            let mut before = "";
            for &(key, value) in entries {
                let shared = key.bytes().zip(before.bytes());
                let shared = shared.take_while(|(a, b)| a == b).count();
                for number in [shared, key.len() - shared, value.len()] {
                    table.extend(varint_of(number as u64));
                }
                table.extend(&key.as_bytes()[shared..]);
                table.extend(value);
                before = key;
            }
            // One whole key, the first.
            table.extend([0, 0, 0, 0, 1, 0, 0, 0]);
            let place = [at, table.len() - at].map(|n| varint_of(n as u64)).concat();
            table.push(0);
            let crc = crc32c::masked(crc32c::extended(0, &table[at..]));
            table.extend(crc.to_le_bytes());
            place
        };
        let of_entries = block(entries);
        let of_nothing = block(&[]);
        let last = entries.last().map_or("", |(key, _)| key);
        let of_blocks = block(&[(last, &of_entries)]);
        let mut footer = [of_nothing, of_blocks].concat();
        footer.resize(FOOTER_BYTES - 8, 0);
        table.extend(footer);
        table.extend(MAGIC.to_le_bytes());
        table
    }

    /// A field of a message that has a length.
    pub fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
        let head = [number << 3 | 2, bytes.len() as u64].map(varint_of);
        [&head.concat()[..], bytes].concat()
    }

    pub fn varint_of(mut number: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number > 0x7f {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    }

    #[test]
    fn keys_are_completed_from_those_before() {
        let table = written(&[
            ("", b"head"),
            ("layer-0/bias", b"b"),
            ("layer-0/kernel", b"k"),
        ]);
        let found = entries(&table).unwrap();
        let found: Vec<_> = found.iter().map(|e| (e.key.as_str(), e.value)).collect();
        assert_eq!(
            found,
            [
                ("", &b"head"[..]),
                ("layer-0/bias", b"b"),
                ("layer-0/kernel", b"k")
            ]
        );
    }

    #[test]
    fn a_flipped_bit_is_noticed_anywhere_in_a_block() {
        let table = written(&[("a", b"1"), ("b", b"2")]);
        for at in 0..table.len() - FOOTER_BYTES {
            let mut damaged = table.clone();
            damaged[at] ^= 1;
            // The block of nothing is not read.
            let read = entries(&damaged);
            let is_same = read.is_ok_and(|e| e.len() == 2 && e[0].value == b"1");
            let in_unread = (23..36).contains(&at);
            assert_eq!(is_same, in_unread, "{at}");
        }
        assert!(entries(&table[1..]).is_err());
        assert!(entries(&table[..table.len() - 1]).is_err());
    }

    #[test]
    fn keys_out_of_order_are_refused() {
        assert!(entries(&written(&[("b", b"1"), ("a", b"2")])).is_err());
        assert!(entries(&written(&[("a", b"1"), ("a", b"2")])).is_err());
    }
}
