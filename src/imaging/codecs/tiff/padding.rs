//! LZW tiles that the right edge of the picture cuts: crate `tiff` loses the end of such a stream while it passes over
//! the padding, so it reads the padding as part of the picture.

use tiff::decoder::{ChunkType, Decoder};
use tiff::tags::{ByteOrder, Tag};

use super::chunks::LimitedReader;
use super::directory::Directories;
use crate::imaging::{Error, Limits};

/// A value of `Compression`.
const LZW: u16 = 5;

/// The width of the picture, with a copy of the file in which the current page is as wide as its tiles; `None` if the
/// edge cuts none.
pub(super) fn with_padding(
    decoder: &mut Decoder<LimitedReader>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Option<(u32, Vec<u8>)>, Error> {
    let compression = decoder.find_tag_unsigned::<u16>(Tag::Compression);
    let is_lzw = compression.ok().flatten() == Some(LZW);
    if !is_lzw || decoder.get_chunk_type() != ChunkType::Tile {
        return Ok(None);
    }
    let Ok((width, _)) = decoder.dimensions() else {
        return Ok(None);
    };
    let tile = decoder.chunk_dimensions().0;
    if tile == 0 || width.is_multiple_of(tile) {
        return Ok(None);
    }
    limits.check_memory(bytes.len() as u64)?;
    let page = decoder.ifd_pointer().map_or(0, |pointer| pointer.0);
    let wide = width
        .checked_next_multiple_of(tile)
        .and_then(|wide| widened(bytes, page, wide, decoder.byte_order()));
    Ok(wide.map(|copy| (width, copy)))
}

/// A copy of the file in which the page at `page` has another width.
fn widened(bytes: &[u8], page: u64, width: u32, order: ByteOrder) -> Option<Vec<u8>> {
    const SHORT: u64 = 3;
    const LONG: u64 = 4;
    let directories = Directories::of(bytes)?;
    let (kind, place) = directories.kind_and_place(page, Tag::ImageWidth.to_u16())?;
    let value = match (kind, order) {
        (SHORT, ByteOrder::LittleEndian) => u16::try_from(width).ok()?.to_le_bytes().to_vec(),
        (SHORT, ByteOrder::BigEndian) => u16::try_from(width).ok()?.to_be_bytes().to_vec(),
        (LONG, ByteOrder::LittleEndian) => width.to_le_bytes().to_vec(),
        (LONG, ByteOrder::BigEndian) => width.to_be_bytes().to_vec(),
        _ => return None,
    };
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).ok()?;
    copy.extend_from_slice(bytes);
    copy.get_mut(place..place + value.len())?
        .copy_from_slice(&value);
    Some(copy)
}

#[cfg(test)]
mod tests {
    use crate::imaging::Limits;

    /// LZW without repetitions: the table is cleared before its codes need more than nine bits.
    fn lzw(bytes: &[u8]) -> Vec<u8> {
        const CLEAR: u16 = 256;
        const END: u16 = 257;
        let parts = bytes.chunks(250);
        let codes =
            parts.flat_map(|part| [CLEAR].into_iter().chain(part.iter().map(|&b| b.into())));
        let bits: Vec<bool> = codes
            .chain([END])
            .flat_map(|code| (0..9).rev().map(move |bit| code >> bit & 1 == 1))
            .collect();
        let byte = |bits: &[bool]| {
            (0..8).fold(0, |byte, at| {
                byte << 1 | u8::from(bits.get(at) == Some(&true))
            })
        };
        bits.chunks(8).map(byte).collect()
    }

    /// One tile of `bits` per sample and LZW, wider than the picture; the padding is white.
    fn tile(width: u32, bits: u32) -> (Vec<u8>, Vec<u8>) {
        const SIDE: u32 = 64;
        let (mut samples, mut colours) = (Vec::new(), Vec::new());
        for at in 0..SIDE * SIDE {
            let (x, y) = (at % SIDE, at / SIDE);
            for channel in 0..3 {
                let value = if x < width { x * 3 + y + channel } else { 255 } as u8;
                samples.extend(if bits == 16 {
                    vec![0, value]
                } else {
                    vec![value]
                });
                if x < width {
                    colours.push(value);
                }
            }
        }
        let packed = lzw(&samples);
        let tags = [
            (256, width),
            (257, SIDE),
            (258, bits),
            (259, 5),
            (262, 2),
            (277, 3),
            (322, SIDE),
            (323, SIDE),
            (324, 8),
            (325, packed.len() as u32),
        ];
        let mut file = b"II*\0".to_vec();
        file.extend((8 + packed.len() as u32).to_le_bytes());
        file.extend(packed);
        file.extend((tags.len() as u16).to_le_bytes());
        for (tag, value) in tags {
            let long = [tag, 4, 1, 0].map(u16::to_le_bytes).concat();
            file.extend([&long[..], &u32::to_le_bytes(value)].concat());
        }
        file.extend([0; 4]);
        (file, colours)
    }

    #[test]
    fn the_end_of_a_tile_at_the_right_edge_is_not_lost() {
        for bits in [8, 16] {
            for width in [1, 23, 40, 63, 64] {
                let (file, colours) = tile(width, bits);
                let limits = Limits::default();
                let frame = super::super::decode(&file, None, &limits).unwrap();
                assert_eq!((frame.width, frame.height), (width, 64));
                assert!(frame.rgb == colours, "{width} columns of {bits} bits");
            }
        }
    }
}
