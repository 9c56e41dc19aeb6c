//! PALETTE COLOR: converts indices to RGB by the file's look-up tables (PS3.3 section C.7.6.3.1.5).

use super::data_set::{DataSet, Tag};
use super::{malformed, unsupported};
use crate::imaging::Error;

const DESCRIPTORS: [Tag; 3] = [(0x0028, 0x1101), (0x0028, 0x1102), (0x0028, 0x1103)];
const TABLES: [Tag; 3] = [(0x0028, 0x1201), (0x0028, 0x1202), (0x0028, 0x1203)];
const SEGMENTED: Tag = (0x0028, 0x1221);

/// Three tables of eight-bit entries and the index of their first entry.
#[derive(Clone, Debug)]
pub(super) struct Palette {
    first: i32,
    tables: [Vec<u8>; 3],
}

impl Palette {
    /// Reads the tables; sixteen-bit entries keep their high byte.
    pub fn read(data_set: &DataSet) -> Result<Self, Error> {
        if !data_set.has(TABLES[0]) && data_set.has(SEGMENTED) {
            return Err(unsupported("a segmented colour palette"));
        }
        let mut first = 0;
        let mut tables = [const { Vec::new() }; 3];
        for (channel, table) in tables.iter_mut().enumerate() {
            let descriptor = data_set.words(DESCRIPTORS[channel]);
            let Some(&[entries, start, bits]) =
                descriptor.as_deref().and_then(|d| d.first_chunk::<3>())
            else {
                return Err(malformed("the colour palette has no description"));
            };
            let entries = if entries == 0 {
                65_536
            } else {
                usize::from(entries)
            };
            first = i32::from(start as i16);
            let data = data_set.bytes(TABLES[channel]).unwrap_or_default();
            let words = data_set.words_of(data);
            *table = if words.len() >= entries {
                // Eight-bit entries may still be stored as words: then no word exceeds 255.
                let wide = bits == 16 && words.iter().any(|&w| w > 0xFF);
                words
                    .iter()
                    .map(|&w| {
                        if wide {
                            (w >> 8) as u8
                        } else {
                            w.min(255) as u8
                        }
                    })
                    .collect()
            } else if data.len() >= entries {
                // Two entries share a word, the first in its low byte, whatever the byte order of the file.
                data_set.bytes_of_words(data)
            } else {
                return Err(malformed("the colour palette is too short"));
            };
            table.truncate(entries);
        }
        Ok(Self { first, tables })
    }

    /// Looks up indices; those outside the table take its nearest end, as the standard requires.
    pub fn rgb_from_indices(&self, indices: &[u16]) -> Vec<u8> {
        indices
            .iter()
            .flat_map(|&index| {
                [0, 1, 2].map(|channel| {
                    let table = &self.tables[channel];
                    let last = table.len() as i32 - 1;
                    let at = (i32::from(index) - self.first).clamp(0, last);
                    table[at as usize]
                })
            })
            .collect()
    }
}
