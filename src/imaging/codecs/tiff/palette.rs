//! TIFF with a palette, which crate `tiff` refuses: its indices are read as grey.

use tiff::decoder::Decoder;
use tiff::tags::{ByteOrder, Tag};

use super::chunks::LimitedReader;
use super::directory::Directories;
use super::refusal::unsupported;
use crate::imaging::{Error, Limits};

/// Values of `PhotometricInterpretation` and `SampleFormat`.
const RGB_PALETTE: u16 = 3;
const BLACK_IS_ZERO: u16 = 1;
const UNSIGNED: u16 = 1;

/// Colours by index, three bytes each.
#[derive(Clone, Debug)]
pub(super) struct Palette {
    colours: Vec<[u8; 3]>,
}

impl Palette {
    /// The palette of the decoder's current page, with a copy of the file in which the page is grey; `None` if the page
    /// has no palette.
    pub fn read(
        decoder: &mut Decoder<LimitedReader>,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Option<(Self, Vec<u8>)>, Error> {
        let mut number = |tag| decoder.find_tag_unsigned::<u16>(tag).ok().flatten();
        if number(Tag::PhotometricInterpretation) != Some(RGB_PALETTE) {
            return Ok(None);
        }
        let bits = number(Tag::BitsPerSample).unwrap_or(1);
        if !matches!(bits, 1 | 2 | 4 | 8) || number(Tag::SamplesPerPixel).unwrap_or(1) != 1 {
            return Err(unsupported(
                "a palette of more than 256 colours or with further channels",
            ));
        }
        let table = decoder
            .find_tag_unsigned_vec::<u16>(Tag::ColorMap)
            .ok()
            .flatten()
            .unwrap_or_default();
        let palette = Self::from_table(&table, 1 << bits)
            .ok_or_else(|| Error::malformed("TIFF", "the colour palette is too short"))?;
        limits.check_memory(bytes.len() as u64)?;
        let page = decoder.ifd_pointer().map_or(0, |pointer| pointer.0);
        let grey = with_grey_page(bytes, page, decoder.byte_order())
            .ok_or_else(|| Error::malformed("TIFF", "the page is not at its stated position"))?;
        Ok(Some((palette, grey)))
    }

    /// All reds, then all greens, then all blues, in sixteen bits; if none exceeds 255 they are bytes.
    fn from_table(table: &[u16], entries: usize) -> Option<Self> {
        let table = table.get(..3 * entries)?;
        let shift = if table.iter().any(|&v| v > 255) { 8 } else { 0 };
        let byte = |at: usize| (table[at] >> shift) as u8;
        let colours = (0..entries).map(|i| [byte(i), byte(entries + i), byte(2 * entries + i)]);
        Some(Self {
            colours: colours.collect(),
        })
    }

    /// Colours for indices; all must be below the number of entries.
    pub fn rgb_from_indices(&self, indices: &[u8]) -> Vec<u8> {
        let colour = |&index: &u8| self.colours.get(usize::from(index)).copied();
        indices
            .iter()
            .flat_map(|index| colour(index).unwrap_or_default())
            .collect()
    }
}

/// A copy of the file in which the page at `page` declares its samples as grey, and as unsigned, which indices are
/// whatever sample format the page states.
fn with_grey_page(bytes: &[u8], page: u64, order: ByteOrder) -> Option<Vec<u8>> {
    let directories = Directories::of(bytes)?;
    let place = |tag: Tag| directories.place_of_value(page, tag.to_u16());
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).ok()?;
    copy.extend_from_slice(bytes);
    let mut put = |place: usize, value: u16| {
        copy[place..place + 2].copy_from_slice(&match order {
            ByteOrder::LittleEndian => value.to_le_bytes(),
            ByteOrder::BigEndian => value.to_be_bytes(),
        });
    };
    put(place(Tag::PhotometricInterpretation)?, BLACK_IS_ZERO);
    if let Some(format) = place(Tag::SampleFormat) {
        put(format, UNSIGNED);
    }
    Some(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_words_and_of_bytes_are_read() {
        let words = [0, 0xFF00, 0x1200, 0x3400, 0x0056, 0x7800];
        let palette = Palette::from_table(&words, 2).unwrap();
        assert_eq!(
            palette.rgb_from_indices(&[1, 0]),
            [255, 0x34, 0x78, 0, 0x12, 0]
        );
        let bytes = Palette::from_table(&[1, 2, 3, 4, 5, 6], 2).unwrap();
        assert_eq!(bytes.rgb_from_indices(&[1]), [2, 4, 6]);
        assert!(Palette::from_table(&[1, 2, 3], 2).is_none());
    }
}
