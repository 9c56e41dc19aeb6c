//! TIFF through crate `tiff`: strips and tiles, chunky and planar, 1 to 16 bits, grey, RGB, YCbCr, CMYK and palettes.
//!
//! Crate `image` wraps the same crate but refuses YCbCr and several planar layouts. Sixteen-bit samples keep their high
//! byte, as PIL does for RGB, unless they use far fewer bits, see [`super::depth`]. Pages count as frames.

use std::io::Cursor;

use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use crate::clinic::{Code, Finding, Severity};

use super::decode::{Frame, rgb_from_cmyk};
use super::jpeg::announced_size;
use super::orientation::Orientation;
use super::tiff_palette::Palette;
use super::{Error, Limits, depth};

const NAME: &str = "TIFF";

/// Pages are counted up to here; a picture with more is not a photograph.
const MAX_PAGES: u32 = 1000;

/// Bytes of one tag's value: offsets of a million strips fit.
const MAX_TAG_BYTES: usize = 16 << 20;

pub(super) fn decode(bytes: &[u8], page: Option<u32>, limits: &Limits) -> Result<Frame, Error> {
    let pages = page_count(bytes, limits)?;
    let asked = page.unwrap_or(1);
    if asked == 0 || asked > pages {
        return Err(Error::FrameOutOfRange {
            asked,
            frames: pages,
        });
    }
    let mut decoder = open_page(bytes, asked, limits)?;
    let palette = Palette::read(&mut decoder, bytes)?;
    let grey;
    let (bytes, palette) = match palette {
        Some((palette, copy)) => {
            grey = copy;
            decoder = open_page(&grey, asked, limits)?;
            (grey.as_slice(), Some(palette))
        }
        None => (bytes, None),
    };
    let (width, height) = decoder.dimensions().map_err(refusal)?;
    let colour = decoder.colortype().map_err(refusal)?;
    let bytes_per_pixel =
        u64::from(colour.num_samples()) * u64::from(colour.bit_depth()).div_ceil(8);
    limits.check_frame(NAME, width.into(), height.into(), bytes_per_pixel)?;
    if decoder
        .find_tag_unsigned::<u16>(Tag::FillOrder)
        .ok()
        .flatten()
        == Some(2)
    {
        // The decoder would show such bytes with their bits in the wrong order.
        return Err(unsupported("reversed bits"));
    }
    check_embedded_jpegs(&mut decoder, bytes)?;

    let layout = decoder.image_buffer_layout().map_err(refusal)?;
    let stored = if layout.planes > 1 && decoder.get_chunk_type() == ChunkType::Tile {
        tiled_planes(&mut decoder, layout.planes, colour)?
    } else {
        let mut stored = DecodingResult::U8(Vec::new());
        let layout = decoder.read_image_to_buffer(&mut stored).map_err(refusal)?;
        if stored.as_buffer(0).byte_len() < layout.complete_len {
            return Err(Error::malformed(NAME, "colour planes are missing"));
        }
        Samples::of(stored)?
    };
    let (mut samples, deep) = stored.interleaved(layout.planes).eight_bit(colour);
    if colour.bit_depth() < 8 {
        samples = unpacked(&samples, width, height, colour, palette.is_none())?;
    }
    const ASSOCIATED_ALPHA: u16 = 1;
    let extra = decoder
        .find_tag_unsigned_vec::<u16>(Tag::ExtraSamples)
        .ok()
        .flatten();
    if matches!(colour, ColorType::RGBA(_)) && extra.as_deref() == Some(&[ASSOCIATED_ALPHA]) {
        divide_by_alpha(&mut samples);
    }
    let mut frame = match palette {
        Some(palette) => {
            let rgb = palette.rgb_from_indices(&samples);
            Frame::from_samples(NAME, width, height, 3, rgb)?
        }
        None => frame_from(colour, width, height, samples)?,
    };
    frame.findings.extend(deep);
    if frame.alpha.is_none() && extra.is_some_and(|extra| !extra.is_empty()) {
        // A further channel of which the file does not say what it is.
        frame
            .findings
            .push(Finding::new(Code::AlphaIgnored, Severity::Note));
    }
    frame.orientation = decoder
        .find_tag_unsigned::<u16>(Tag::Orientation)
        .ok()
        .flatten()
        .map_or_else(Orientation::default, Orientation::from_tag);
    frame.icc = matches!(decoder.find_tag(Tag::IccProfile), Ok(Some(_)));
    if pages > 1 {
        let detail = format!("frame {asked} of {pages}");
        frame.findings.push(Finding::with_detail(
            Code::MultiFrame,
            Severity::Note,
            detail,
        ));
    }
    Ok(frame)
}

/// Number of pages, at least 1.
pub(super) fn page_count(bytes: &[u8], limits: &Limits) -> Result<u32, Error> {
    let mut decoder = open(bytes, limits)?;
    let mut pages = 1;
    // A damaged later page does not spoil the ones before it.
    while pages < MAX_PAGES && decoder.more_images() && decoder.next_image().is_ok() {
        pages += 1;
    }
    Ok(pages)
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Decoder<Cursor<&'a [u8]>>, Error> {
    let mut allowed = tiff::decoder::Limits::default();
    allowed.decoding_buffer_size = usize::try_from(limits.decoded_bytes).unwrap_or(usize::MAX);
    allowed.intermediate_buffer_size = bytes.len();
    allowed.ifd_value_size = MAX_TAG_BYTES;
    Ok(Decoder::new(Cursor::new(bytes))
        .map_err(refusal)?
        .with_limits(allowed))
}

fn open_page<'a>(
    bytes: &'a [u8],
    page: u32,
    limits: &Limits,
) -> Result<Decoder<Cursor<&'a [u8]>>, Error> {
    let mut decoder = open(bytes, limits)?;
    for _ in 1..page {
        decoder.next_image().map_err(refusal)?;
    }
    Ok(decoder)
}

/// Planes of tiles, one after the other, as the decoder leaves them for strips: it reads such tiles singly only.
fn tiled_planes(
    decoder: &mut Decoder<Cursor<&[u8]>>,
    planes: usize,
    colour: ColorType,
) -> Result<Samples, Error> {
    match colour.bit_depth() {
        8 => {
            let bytes = |tile| match tile {
                DecodingResult::U8(tile) => Some(tile),
                _ => None,
            };
            planes_of_tiles(decoder, planes, bytes).map(Samples::Bytes)
        }
        16 => {
            let words = |tile| match tile {
                DecodingResult::U16(tile) => Some(tile),
                _ => None,
            };
            planes_of_tiles(decoder, planes, words).map(Samples::Words)
        }
        _ => Err(unsupported("tiled planes of few bits")),
    }
}

fn planes_of_tiles<T: Copy + Default>(
    decoder: &mut Decoder<Cursor<&[u8]>>,
    planes: usize,
    samples_of: impl Fn(DecodingResult) -> Option<Vec<T>>,
) -> Result<Vec<T>, Error> {
    let (width, height) = decoder.dimensions().map_err(refusal)?;
    let (tile_width, tile_height) = decoder.chunk_dimensions();
    if tile_width == 0 || tile_height == 0 {
        return Err(Error::malformed(NAME, "tiles without a size"));
    }
    let (across, down) = (width.div_ceil(tile_width), height.div_ceil(tile_height));
    let (width, height) = (width as usize, height as usize);
    let mut out = vec![T::default(); width * height * planes];
    for (plane, tiles) in out
        .chunks_exact_mut(width * height)
        .zip((0_u32..).step_by((across * down) as usize))
    {
        for place in 0..across * down {
            let (left, top) = (
                (place % across * tile_width) as usize,
                (place / across * tile_height) as usize,
            );
            let tile = samples_of(decoder.read_chunk(tiles + place).map_err(refusal)?)
                .ok_or_else(|| unsupported(OTHER_SAMPLES))?;
            // The decoder crops tiles at the right edge, but at the lower edge those of the first plane only.
            let columns = (width - left).min(tile_width as usize);
            let rows = (height - top).min(tile_height as usize);
            for (row, line) in tile.chunks_exact(columns).take(rows).enumerate() {
                let at = (top + row) * width + left;
                plane[at..at + columns].copy_from_slice(line);
            }
        }
    }
    Ok(out)
}

const OTHER_SAMPLES: &str = "samples that are not 8- or 16-bit integers";

/// Samples as they are stored.
enum Samples {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
}

impl Samples {
    fn of(stored: DecodingResult) -> Result<Self, Error> {
        match stored {
            DecodingResult::U8(samples) => Ok(Self::Bytes(samples)),
            DecodingResult::U16(samples) => Ok(Self::Words(samples)),
            _ => Err(unsupported(OTHER_SAMPLES)),
        }
    }

    /// By pixel, of samples that lie by plane.
    fn interleaved(self, planes: usize) -> Self {
        match self {
            samples if planes < 2 => samples,
            Self::Bytes(samples) => Self::Bytes(interleaved_from_planes(&samples, planes)),
            Self::Words(samples) => Self::Words(interleaved_from_planes(&samples, planes)),
        }
    }

    /// The finding tells where the depth was guessed.
    fn eight_bit(self, colour: ColorType) -> (Vec<u8>, Option<Finding>) {
        match self {
            Self::Bytes(samples) => (samples, None),
            Self::Words(samples) => match colour {
                ColorType::Gray(_) | ColorType::RGB(_) => depth::eight_bit(&samples, 16),
                ColorType::RGBA(_) => depth::eight_bit_of_channels(samples.into_iter(), 4, 16),
                ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => {
                    depth::eight_bit_of_channels(samples.into_iter(), 2, 16)
                }
                _ => (samples.into_iter().map(|s| (s >> 8) as u8).collect(), None),
            },
        }
    }
}

/// The decoder trusts the size written in each JPEG strip or tile: one that exceeds its place is refused first.
fn check_embedded_jpegs(decoder: &mut Decoder<Cursor<&[u8]>>, bytes: &[u8]) -> Result<(), Error> {
    const JPEG_IN_TIFF: u16 = 7;
    if decoder
        .find_tag_unsigned::<u16>(Tag::Compression)
        .ok()
        .flatten()
        != Some(JPEG_IN_TIFF)
    {
        return Ok(());
    }
    let mut list = |strips, tiles| {
        [strips, tiles]
            .into_iter()
            .find_map(|tag| decoder.find_tag_unsigned_vec::<u64>(tag).ok().flatten())
            .unwrap_or_default()
    };
    let offsets = list(Tag::StripOffsets, Tag::TileOffsets);
    let lengths = list(Tag::StripByteCounts, Tag::TileByteCounts);
    let (place_width, place_height) = decoder.chunk_dimensions();
    for (&offset, &length) in offsets.iter().zip(&lengths) {
        let stream = usize::try_from(offset)
            .ok()
            .zip(
                offset
                    .checked_add(length)
                    .and_then(|end| usize::try_from(end).ok()),
            )
            .and_then(|(start, end)| bytes.get(start..end))
            .ok_or_else(|| Error::malformed(NAME, "a strip or tile lies outside the file"))?;
        let (width, height) = announced_size(stream)?;
        if u32::from(width) > place_width || u32::from(height) > place_height.next_multiple_of(16) {
            return Err(Error::malformed(
                NAME,
                "a JPEG strip or tile is larger than its place",
            ));
        }
    }
    Ok(())
}

fn frame_from(
    colour: ColorType,
    width: u32,
    height: u32,
    samples: Vec<u8>,
) -> Result<Frame, Error> {
    let channels = match colour {
        ColorType::Gray(_) => 1,
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => 2,
        ColorType::RGB(_) => 3,
        ColorType::RGBA(_) => 4,
        ColorType::YCbCr(8) => {
            return Frame::from_samples(NAME, width, height, 3, rgb_from_ycbcr(samples));
        }
        ColorType::CMYK(_) => {
            return Frame::from_samples(NAME, width, height, 3, rgb_from_cmyk(&samples));
        }
        other => return Err(unsupported(&format!("the colour format {other:?}"))),
    };
    Frame::from_samples(NAME, width, height, channels, samples)
}

/// One byte per sample of 1, 2 or 4 bits, whose rows are padded to bytes; grey is `spread` over 0–255, indices are not.
fn unpacked(
    packed: &[u8],
    width: u32,
    height: u32,
    colour: ColorType,
    spread: bool,
) -> Result<Vec<u8>, Error> {
    let ColorType::Gray(bits @ (1 | 2 | 4)) = colour else {
        return Err(unsupported(&format!("the colour format {colour:?}")));
    };
    let (width, bits) = (width as usize, usize::from(bits));
    let per_byte = 8 / bits;
    let full = (1_u16 << bits) - 1;
    let rows = packed
        .chunks_exact(width.div_ceil(per_byte))
        .take(height as usize);
    Ok(rows
        .flat_map(|row| {
            (0..width).map(move |x| {
                let shift = 8 - bits * (x % per_byte + 1);
                let value = (u16::from(row[x / per_byte]) >> shift) & full;
                (if spread { value * 255 / full } else { value }) as u8
            })
        })
        .collect())
}

/// Undoes the multiplication of associated alpha (TIFF 6.0, section 18), as PIL does before it drops alpha.
fn divide_by_alpha(rgba: &mut [u8]) {
    for [rgb @ .., alpha] in rgba.as_chunks_mut::<4>().0 {
        if *alpha > 0 {
            for colour in rgb {
                *colour = (u16::from(*colour) * 255 / u16::from(*alpha)).min(255) as u8;
            }
        }
    }
}

fn interleaved_from_planes<T: Copy>(samples: &[T], planes: usize) -> Vec<T> {
    let size = samples.len() / planes;
    (0..size)
        .flat_map(|at| (0..planes).map(move |plane| samples[plane * size + at]))
        .collect()
}

/// Full-range BT.601, as JFIF and DICOM's YBR_FULL have it (rounded to nearest).
pub(super) fn rgb_from_ycbcr(mut samples: Vec<u8>) -> Vec<u8> {
    for [a, b, c] in samples.as_chunks_mut::<3>().0 {
        let (y, cb, cr) = (i32::from(*a), i32::from(*b) - 128, i32::from(*c) - 128);
        let clamp = |scaled: i32| ((scaled + (1 << 15)) >> 16).clamp(0, 255) as u8;
        *a = clamp((y << 16) + 91_881 * cr);
        *b = clamp((y << 16) - 22_554 * cb - 46_802 * cr);
        *c = clamp((y << 16) + 116_130 * cb);
    }
    samples
}

pub(super) fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!(
        "this TIFF has {what}, which is not supported; save it as an 8-bit RGB TIFF or PNG"
    ))
}

fn refusal(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(what) => Error::Unsupported(format!(
            "this kind of TIFF is not supported ({what}); save it as an 8-bit RGB TIFF or PNG"
        )),
        TiffError::LimitsExceeded => Error::Memory { format: NAME },
        other => Error::malformed(NAME, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_grey_is_spread() {
        let bits = [0b1010_0000, 0b0100_0000];
        let out = unpacked(&bits, 3, 2, ColorType::Gray(1), true).unwrap();
        assert_eq!(out, [255, 0, 255, 0, 255, 0]);
        let out = unpacked(&[0x0F], 2, 1, ColorType::Gray(4), true).unwrap();
        assert_eq!(out, [0, 255]);
        let indices = unpacked(&[0x2F], 2, 1, ColorType::Gray(4), false).unwrap();
        assert_eq!(indices, [2, 15]);
    }

    #[test]
    fn associated_alpha_does_not_darken() {
        let mut rgba = [50, 100, 0, 128, 9, 8, 7, 255, 3, 2, 1, 0, 200, 1, 1, 100];
        divide_by_alpha(&mut rgba);
        assert_eq!(rgba[..8], [99, 199, 0, 128, 9, 8, 7, 255]);
        assert_eq!(rgba[8..], [3, 2, 1, 0, 255, 2, 2, 100]);
    }

    #[test]
    fn planes_are_interleaved() {
        assert_eq!(
            interleaved_from_planes(&[1, 2, 3, 4, 5, 6], 3),
            [1, 3, 5, 2, 4, 6]
        );
    }

    #[test]
    fn ycbcr_greys_and_primaries() {
        assert_eq!(rgb_from_ycbcr(vec![90, 128, 128]), [90, 90, 90]);
        assert_eq!(rgb_from_ycbcr(vec![76, 85, 255]), [254, 0, 0]);
    }

    #[test]
    fn nonsense_after_the_magic_is_refused() {
        for tail in [&[][..], &[8, 0, 0, 0], &[255; 40], &[0; 64]] {
            let bytes = [b"II*\0", tail].concat();
            assert!(decode(&bytes, None, &Limits::default()).is_err());
        }
    }
}
