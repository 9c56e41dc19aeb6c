//! Format-aware mutations: a seed is changed where formats keep sizes, counts and magic bytes.
//!
//! The bytes from bolero are a recipe: each choice takes the next byte, and the mutation ends with the last.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Maximum input length; blocks are not repeated beyond it.
const LONGEST: usize = 256 << 10;

/// Boundary values for counts and sizes.
const NUMBERS: [u64; 17] = [
    0,
    1,
    2,
    3,
    7,
    8,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    u64::MAX,
];

/// Successive choices from the bytes of a recipe; zeros after its end.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = [self.byte(), self.byte(), self.byte()];
        (usize::from(wide[0]) | usize::from(wide[1]) << 8 | usize::from(wide[2]) << 16) % end
    }

    pub fn one_of<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        &of[self.below(of.len())]
    }

    fn is_over(&self) -> bool {
        self.0.is_empty()
    }
}

/// A mutated seed. `words` are magic bytes and keys of the format.
pub fn mutated(seeds: &[Vec<u8>], words: &[&[u8]], choices: &mut Choices) -> Vec<u8> {
    let mut bytes = choices.one_of(seeds).clone();
    mutate(&mut bytes, seeds, words, choices);
    bytes
}

fn mutate(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&[u8]], choices: &mut Choices) {
    while !choices.is_over() && !bytes.is_empty() && bytes.len() < LONGEST {
        let at = place(bytes, words, choices);
        match choices.byte() % 13 {
            0 => bytes[at] ^= 1 << (choices.byte() % 8),
            1 => bytes[at] = choices.byte(),
            2 | 3 => {
                let number = *choices.one_of(&NUMBERS);
                put(bytes, at, number, choices);
            }
            4 => {
                let change = i64::from(choices.byte() as i8);
                let old = bytes[at..].iter().take(2);
                let old = old.fold(0, |n, &byte| n << 8 | u64::from(byte));
                put(bytes, at, old.wrapping_add_signed(change), choices);
            }
            5 => digit(bytes, at, choices),
            6 => {
                let block = block(bytes, choices);
                overwrite(bytes, at, &block);
            }
            7 => {
                let other: &Vec<u8> = choices.one_of(seeds);
                let block = block(other, choices);
                bytes.splice(at..at, block);
            }
            8 => {
                let to = (at + 1 + length(choices)).min(bytes.len());
                bytes.drain(at..to);
            }
            9 if !words.is_empty() => {
                let word = *choices.one_of(words);
                overwrite(bytes, at, word);
            }
            10 if !words.is_empty() => {
                let word = choices.one_of(words).iter().copied();
                bytes.splice(at..at, word);
            }
            11 => {
                let to = (at + 1 + length(choices)).min(bytes.len());
                let block = bytes[at..to].repeat(1 << (choices.byte() % 10));
                bytes.splice(at..at, block);
            }
            12 if choices.byte() < 64 => bytes.truncate(at),
            _ => {
                let other = choices.one_of(seeds);
                let from = at.min(other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
        }
    }
    bytes.truncate(LONGEST);
}

/// Where a mutation is most effective: near either end, right after a word of the format, or anywhere.
fn place(bytes: &[u8], words: &[&[u8]], choices: &mut Choices) -> usize {
    let length = bytes.len();
    let place = match choices.byte() % 8 {
        0 | 1 => choices.below(length.min(256)),
        2 => length - 1 - choices.below(length.min(64)),
        3..=5 if !words.is_empty() => {
            let word = *choices.one_of(words);
            let start = choices.below(length);
            let found = |from: usize| {
                let found = bytes[from..].windows(word.len()).position(|w| w == word);
                found.map(|at| from + at + word.len())
            };
            let after = found(start).or_else(|| found(0)).unwrap_or(start);
            after + usize::from(choices.byte() % 16)
        }
        _ => choices.below(length),
    };
    place.min(length - 1)
}

/// A number of one to eight bytes in either byte order.
fn put(bytes: &mut [u8], at: usize, number: u64, choices: &mut Choices) {
    let shape = choices.byte();
    let width = 1 << (shape % 4);
    let mut number = number.to_le_bytes()[..width].to_vec();
    if shape & 4 != 0 {
        number.reverse();
    }
    overwrite(bytes, at, &number);
}

fn overwrite(bytes: &mut [u8], at: usize, with: &[u8]) {
    let fits = with.len().min(bytes.len() - at);
    bytes[at..at + fits].copy_from_slice(&with[..fits]);
}

/// Replaces the next digit of a number in text by another digit, a sign or a point.
fn digit(bytes: &mut [u8], at: usize, choices: &mut Choices) {
    if let Some(digit) = bytes[at..].iter_mut().find(|b| b.is_ascii_digit()) {
        *digit = *choices.one_of(b"0123456789-.e9");
    }
}

fn block(from: &[u8], choices: &mut Choices) -> Vec<u8> {
    let at = choices.below(from.len().max(1));
    let to = (at + 1 + length(choices)).min(from.len());
    from.get(at..to).unwrap_or_default().to_vec()
}

/// More often short than long.
fn length(choices: &mut Choices) -> usize {
    let bits = choices.byte() % 12;
    choices.below(1 << bits)
}

/// A zip archive with one mutated entry, or sometimes with the archive itself mutated.
pub fn mutated_zip(seeds: &[Vec<u8>], words: &[&[u8]], choices: &mut Choices) -> Vec<u8> {
    let whole = choices.one_of(seeds);
    let way = choices.byte();
    if way < 32 {
        let mut bytes = whole.clone();
        mutate(&mut bytes, seeds, words, choices);
        return bytes;
    }
    let mut entries = unpacked(whole);
    let chosen = choices.below(entries.len());
    let others: Vec<Vec<u8>> = entries.iter().map(|(_, bytes)| bytes.clone()).collect();
    mutate(&mut entries[chosen].1, &others, words, choices);
    let method = if way & 1 == 0 {
        CompressionMethod::Stored
    } else {
        CompressionMethod::Deflated
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(name, options).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let entries = 0..zip.len();
    let unpack = |at| {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().to_owned(), bytes)
    };
    entries.map(unpack).collect()
}

/// Corrects the checksums of PNG chunks, without which they are not read at all.
pub fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut at = 8;
    while bytes.starts_with(b"\x89PNG") && at + 12 <= bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let Some(end) = (at + 8)
            .checked_add(length)
            .filter(|end| end + 4 <= bytes.len())
        else {
            break;
        };
        let sum = crc(&bytes[at + 4..end]);
        bytes[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            sum >> 1 ^ (0xedb8_8320 * (sum & 1))
        })
    })
}
