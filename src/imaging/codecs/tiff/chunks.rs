//! Strips and tiles of a TIFF, one at a time: only the current one and the eight-bit picture are held.
//!
//! Strips and tiles may share their bytes, be padded far beyond the picture or end in the wrong place: the cost of
//! reading them is checked before the first is read, and the reader counts bytes.

use std::collections::HashMap;
use std::io::{Cursor, Error as IoError, ErrorKind, Read, Result as IoResult, Seek, SeekFrom};

use tiff::ColorType;
use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::{SampleFormat, Tag};

use super::numbers::{self, NumberKind, Scale, Seen};
use super::palette::Palette;
use super::refusal::{NAME, refusal, refusal_of_chunk, unsupported};
use crate::domain::Finding;
use crate::imaging::codecs::canvas::{Canvas, RowTarget};
use crate::imaging::codecs::depth::DepthReduction;
use crate::imaging::codecs::jpeg;
use crate::imaging::{Error, Limits};

/// Bytes that decoders may read ahead in each strip or tile, and a base allowance for every file.
pub(super) const MIN_METERED: u64 = 64 << 10;

/// The bytes of a file, with a limit on the total read.
pub(super) struct LimitedReader<'a> {
    file: Cursor<&'a [u8]>,
    left: u64,
}

impl<'a> LimitedReader<'a> {
    pub fn new(bytes: &'a [u8], left: u64) -> Self {
        Self {
            file: Cursor::new(bytes),
            left,
        }
    }
}

impl Read for LimitedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        let read = self.file.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            IoError::new(
                ErrorKind::InvalidData,
                "the same bytes are read too many times",
            )
        })?;
        Ok(read)
    }
}

impl Seek for LimitedReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> IoResult<u64> {
        self.file.seek(to)
    }
}

/// How a page is divided.
pub(super) struct Chunks {
    pub colour: ColorType,
    width: u32,
    height: u32,
    /// The width for the decoder, with the padding of the last tiles if it is to return that too.
    stored_width: u32,
    /// Channels of the picture, number of planes, and samples per pixel in one chunk.
    channels: usize,
    planes: usize,
    interleaved: usize,
    /// Width and height of a chunk; the last ones may be padded.
    size: (u32, u32),
    across: u32,
    down: u32,
    /// The samples are numbers without a stated range: decimal, signed, or longer than 16 bits.
    numbers: Option<Numbers>,
}

/// Such numbers, by their type.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    kind: NumberKind,
    /// Bytes that may be read for each of two passes.
    allowed: u64,
}

/// Where a chunk lies in the picture, without its padding.
#[derive(Clone, Copy, Debug)]
struct Place {
    left: usize,
    top: usize,
    columns: usize,
    /// Columns that the decoder returns.
    stored_columns: usize,
    rows: usize,
    channel: usize,
}

impl Chunks {
    /// Reads and checks the layout of the current page. With a palette, the samples are indices of three-colour
    /// entries; `width` is that of the picture if the page declares the padding too.
    pub fn read(
        decoder: &mut Decoder<LimitedReader>,
        with_palette: bool,
        width: Option<u32>,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Self, Error> {
        let (stored_width, height) = decoder.dimensions().map_err(refusal)?;
        let width = width.unwrap_or(stored_width);
        let colour = decoder.colortype().map_err(refusal)?;
        let numbers = numbers_of(decoder, colour);
        let channels = match colour {
            _ if with_palette => 3,
            ColorType::Gray(_) if numbers.is_some() => 1,
            ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. }
                if numbers.is_some() =>
            {
                2
            }
            ColorType::RGB(_) if numbers.is_some() => 3,
            ColorType::RGBA(_) if numbers.is_some() => 4,
            other if numbers.is_some() => {
                return Err(unsupported(&format!("the colour format {other:?}")));
            }
            ColorType::Gray(1 | 2 | 4 | 8 | 16) => 1,
            ColorType::GrayA(8 | 16)
            | ColorType::Multiband {
                num_samples: 2,
                bit_depth: 8 | 16,
            } => 2,
            ColorType::RGB(8 | 16) | ColorType::YCbCr(8) => 3,
            ColorType::RGBA(8 | 16) | ColorType::CMYK(8 | 16) => 4,
            other => return Err(unsupported(&format!("the colour format {other:?}"))),
        };
        limits.check_frame(NAME, width.into(), height.into(), 3)?;
        let mut number = |tag, default| {
            let found = decoder.find_tag_unsigned::<u16>(tag).ok().flatten();
            u64::from(found.unwrap_or(default))
        };
        let is_planar = number(Tag::PlanarConfiguration, 1) == 2;
        let stored_channels = number(Tag::SamplesPerPixel, 1);
        let is_jpeg = number(Tag::Compression, 1) == 7;
        let (chunk_width, chunk_height) = decoder.chunk_dimensions();
        if chunk_width == 0 || chunk_height == 0 {
            return Err(Error::malformed(NAME, "strips or tiles without a size"));
        }
        let chunk_height = match decoder.get_chunk_type() {
            // One strip may declare any number of rows.
            ChunkType::Strip => chunk_height.min(height),
            ChunkType::Tile => chunk_height,
        };
        let mut chunks = Self {
            colour,
            width,
            height,
            stored_width,
            channels,
            planes: if is_planar && !with_palette {
                channels
            } else {
                1
            },
            interleaved: if is_planar || with_palette {
                1
            } else {
                channels
            },
            size: (chunk_width, chunk_height),
            across: width.div_ceil(chunk_width),
            down: height.div_ceil(chunk_height),
            numbers,
        };
        let sample_bytes = u64::from(colour.bit_depth()).div_ceil(8);
        let padded_width = u64::from(chunk_width).saturating_mul(chunks.across.into());
        let row_bytes = padded_width
            .saturating_mul(stored_channels)
            .saturating_mul(sample_bytes);
        limits.check_scanned_bytes(row_bytes.saturating_mul(height.into()))?;
        let in_chunk = sample_bytes * if is_planar { 1 } else { stored_channels };
        let visible =
            u64::from(chunk_width.min(stored_width)) * u64::from(chunk_height.min(height));
        let mut held = visible.saturating_mul(in_chunk);
        if is_jpeg {
            // The decoder holds the whole chunk before its rows are read.
            let whole = u64::from(chunk_width) * u64::from(chunk_height);
            held = held.saturating_add(whole.saturating_mul(in_chunk));
        }
        let canvas_bytes = if chunks.is_the_picture() {
            0
        } else {
            u64::from(width) * u64::from(height) * Canvas::bytes_per_pixel(channels)
        };
        let held = held.saturating_add(row_bytes).saturating_add(canvas_bytes);
        limits.check_memory(held)?;
        chunks.check_streams(decoder, bytes, is_jpeg.then_some(held), limits)?;
        if let Some(numbers) = &mut chunks.numbers {
            numbers.allowed = decoder.inner().left;
        }
        Ok(chunks)
    }

    /// Whether the only chunk is the picture in its final form.
    fn is_the_picture(&self) -> bool {
        let is_whole = (self.across, self.down) == (1, 1) && self.size.0 == self.width;
        let is_final = self.colour.bit_depth() == 8 && self.numbers.is_none();
        is_whole && self.interleaved == 3 && is_final
    }

    /// Each stream is checked once, however many chunks point to it.
    fn check_streams(
        &self,
        decoder: &mut Decoder<LimitedReader>,
        bytes: &[u8],
        held_by_jpeg: Option<u64>,
        limits: &Limits,
    ) -> Result<(), Error> {
        let mut list = |strips, tiles| {
            [strips, tiles]
                .into_iter()
                .find_map(|tag| decoder.find_tag_unsigned_vec::<u64>(tag).ok().flatten())
                .unwrap_or_default()
        };
        let offsets = list(Tag::StripOffsets, Tag::TileOffsets);
        let lengths = list(Tag::StripByteCounts, Tag::TileByteCounts);
        let used = lengths.iter().take(self.count());
        let bytes_read = used.fold(0_u64, |sum, &length| {
            sum.saturating_add(length.min(bytes.len() as u64))
        });
        limits.check_scanned_bytes(bytes_read)?;
        // Some files understate the lengths, and decoders read in blocks.
        let allowed = 2 * (bytes_read + bytes.len() as u64) + MIN_METERED * self.count() as u64;
        decoder.inner().left = allowed.min(2 * limits.scanned_bytes);
        let Some(held) = held_by_jpeg else {
            return Ok(());
        };
        let mut scanned_pixels = 0_u64;
        let mut known: HashMap<(u64, u64), u64> = HashMap::new();
        for place in offsets.into_iter().zip(lengths).take(self.count()) {
            let scanned = match known.get(&place) {
                Some(&scanned) => scanned,
                None => {
                    let scanned = self.pixels_scanned(stream(bytes, place), held, limits)?;
                    known.insert(place, scanned);
                    scanned
                }
            };
            scanned_pixels = scanned_pixels.saturating_add(scanned);
        }
        limits.check_scanned_pixels(scanned_pixels)
    }

    /// Pixels times scans of a JPEG strip or tile. The decoder trusts the size in the stream, so one larger than its
    /// chunk is rejected here.
    fn pixels_scanned(
        &self,
        stream: Option<&[u8]>,
        held: u64,
        limits: &Limits,
    ) -> Result<u64, Error> {
        let stream =
            stream.ok_or_else(|| Error::malformed(NAME, "a strip or tile is outside the file"))?;
        let jpeg = jpeg::Outline::read(stream)?;
        if u32::from(jpeg.width) > self.size.0
            || u64::from(jpeg.height) > u64::from(self.size.1).next_multiple_of(16)
        {
            return Err(Error::malformed(
                NAME,
                "a JPEG strip or tile is larger than its chunk",
            ));
        }
        let pixels = u64::from(jpeg.width) * u64::from(jpeg.height);
        let coefficients = if jpeg.is_progressive() {
            pixels * 2 * u64::from(jpeg.components)
        } else {
            0
        };
        limits.check_memory(held.saturating_add(stream.len() as u64 + coefficients))?;
        Ok(pixels.saturating_mul(jpeg.scans))
    }

    /// The picture in eight bits, with its channels as stored, and how numbers without a stated range were read.
    pub fn canvas(
        &self,
        decoder: &mut Decoder<LimitedReader>,
        palette: Option<&Palette>,
    ) -> Result<(Canvas, Option<Finding>), Error> {
        let size = (self.width, self.height);
        if self.is_the_picture() {
            return match decoder.read_chunk(0).map_err(refusal_of_chunk)? {
                DecodingResult::U8(colours) => Ok((Canvas::of_colours(NAME, size, colours)?, None)),
                _ => Err(unsupported(OTHER_SAMPLES)),
            };
        }
        let depth = match self.colour {
            ColorType::CMYK(_) => DepthReduction::announced(16),
            _ => DepthReduction::guessed(16),
        };
        if let Some(numbers) = self.numbers {
            let scale = self.scale(decoder, numbers)?;
            let depth = DepthReduction::guessed(scale.bits);
            let mut canvas = Canvas::new(NAME, size, self.channels, depth)?;
            decoder.inner().left = numbers.allowed;
            let mut words = Vec::new();
            self.for_each_line(decoder, |target, line| {
                words.clear();
                words.extend(line.iter().map(|&sample| scale.word(sample)));
                canvas.put_words(target, &words);
            })?;
            return Ok((canvas, Some(scale.finding())));
        }
        let mut canvas = Canvas::new(NAME, size, self.channels, depth)?;
        for chunk in 0..self.count() {
            let (place, samples) = self.chunk(decoder, chunk)?;
            let Place {
                columns,
                rows,
                stored_columns,
                ..
            } = place;
            let (stored, visible) = (
                stored_columns * self.interleaved,
                columns * self.interleaved,
            );
            match samples {
                DecodingResult::U8(samples) if palette.is_some() || self.colour.bit_depth() < 8 => {
                    let bits = usize::from(self.colour.bit_depth());
                    let mut unpacked = Vec::new();
                    let lines = samples.chunks_exact((stored_columns * bits).div_ceil(8));
                    for (row, line) in lines.take(rows).enumerate() {
                        unpack(line, columns, bits, palette.is_none(), &mut unpacked);
                        match palette {
                            Some(palette) => {
                                let target = RowTarget {
                                    interleaved: 3,
                                    ..self.target(place, row)
                                };
                                canvas.put(target, &palette.rgb_from_indices(&unpacked));
                            }
                            None => canvas.put(self.target(place, row), &unpacked),
                        }
                    }
                }
                DecodingResult::U8(samples) => samples
                    .chunks_exact(stored)
                    .take(rows)
                    .enumerate()
                    .for_each(|(row, line)| canvas.put(self.target(place, row), &line[..visible])),
                DecodingResult::U16(samples) => samples
                    .chunks_exact(stored)
                    .take(rows)
                    .enumerate()
                    .for_each(|(row, line)| {
                        canvas.put_words(self.target(place, row), &line[..visible])
                    }),
                _ => return Err(unsupported(OTHER_SAMPLES)),
            }
        }
        Ok((canvas, None))
    }

    /// The scale of all samples except those of transparency, in a pass of its own: holding them would take too much
    /// memory.
    fn scale(
        &self,
        decoder: &mut Decoder<LimitedReader>,
        numbers: Numbers,
    ) -> Result<Scale, Error> {
        let mut seen = Seen::new(numbers.kind);
        self.for_each_line(decoder, |target, line| {
            for (at, &sample) in line.iter().enumerate() {
                let channel = target.channel + at % target.interleaved;
                if channel != 3 && (channel, self.channels) != (1, 2) {
                    seen.admit(sample);
                }
            }
        })?;
        seen.scale()
    }

    /// Passes on each row of each chunk as numbers.
    fn for_each_line(
        &self,
        decoder: &mut Decoder<LimitedReader>,
        mut take: impl FnMut(RowTarget, &[f64]),
    ) -> Result<(), Error> {
        let mut line = Vec::new();
        for chunk in 0..self.count() {
            let (place, samples) = self.chunk(decoder, chunk)?;
            let stored = place.stored_columns * self.interleaved;
            let visible = place.columns * self.interleaved;
            for row in 0..place.rows {
                line.clear();
                numbers::read(&samples, row * stored..row * stored + visible, &mut line)
                    .ok_or_else(|| Error::malformed(NAME, "samples are missing"))?;
                take(self.target(place, row), &line);
            }
        }
        Ok(())
    }

    fn chunk(
        &self,
        decoder: &mut Decoder<LimitedReader>,
        chunk: usize,
    ) -> Result<(Place, DecodingResult), Error> {
        let in_plane = self.across as usize * self.down as usize;
        let (channel, at) = (chunk / in_plane, chunk % in_plane);
        let left = at % self.across as usize * self.size.0 as usize;
        let top = at / self.across as usize * self.size.1 as usize;
        let place = Place {
            left,
            top,
            // The decoder drops the padding at the right edge, but at the lower edge in the first plane only.
            columns: (self.width as usize - left).min(self.size.0 as usize),
            stored_columns: (self.stored_width as usize - left).min(self.size.0 as usize),
            rows: (self.height as usize - top).min(self.size.1 as usize),
            channel,
        };
        let index = u32::try_from(chunk).map_err(|e| Error::malformed(NAME, e))?;
        Ok((place, decoder.read_chunk(index).map_err(refusal_of_chunk)?))
    }

    fn target(&self, place: Place, row: usize) -> RowTarget {
        RowTarget {
            x: place.left,
            y: place.top + row,
            channel: place.channel,
            interleaved: self.interleaved,
        }
    }

    /// Chunks of all planes.
    fn count(&self) -> usize {
        self.across as usize * self.down as usize * self.planes
    }
}

/// Whether the samples of the current page are numbers without a stated range.
fn numbers_of(decoder: &mut Decoder<LimitedReader>, colour: ColorType) -> Option<Numbers> {
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat);
    let format = format.ok().flatten().and_then(|each| each.first().copied());
    let is_decimal = format == Some(SampleFormat::IEEEFP.to_u16());
    let is_signed = format == Some(SampleFormat::Int.to_u16());
    let bits = colour.bit_depth();
    (is_decimal || (is_signed && bits >= 8) || bits > 16).then_some(Numbers {
        kind: NumberKind::of(is_decimal, is_signed, bits),
        allowed: 0,
    })
}

const OTHER_SAMPLES: &str = "samples that are not 8- or 16-bit integers";

/// One byte for each sample of 1, 2, 4 or 8 bits in a row; grey is `spread` over 0–255, indices are not.
fn unpack(row: &[u8], width: usize, bits: usize, spread: bool, out: &mut Vec<u8>) {
    let per_byte = 8 / bits;
    let full = (1_u16 << bits) - 1;
    out.clear();
    out.extend((0..width).map(|x| {
        let shift = 8 - bits * (x % per_byte + 1);
        let value = (u16::from(row[x / per_byte]) >> shift) & full;
        (if spread { value * 255 / full } else { value }) as u8
    }));
}

fn stream(bytes: &[u8], (offset, length): (u64, u64)) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    bytes.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_grey_is_spread() {
        let unpacked = |row: &[u8], width, bits, spread| {
            let mut out = vec![9];
            unpack(row, width, bits, spread, &mut out);
            out
        };
        assert_eq!(unpacked(&[0b1010_0000], 3, 1, true), [255, 0, 255]);
        assert_eq!(unpacked(&[0x0F], 2, 4, true), [0, 255]);
        assert_eq!(unpacked(&[0x2F], 2, 4, false), [2, 15]);
        assert_eq!(unpacked(&[7, 200], 2, 8, true), [7, 200]);
    }

    #[test]
    fn the_reader_stops_at_its_limit() {
        let mut reader = LimitedReader::new(b"abcdef", 9);
        let mut buffer = [0; 6];
        reader.read_exact(&mut buffer).unwrap();
        reader.seek(SeekFrom::Start(0)).unwrap();
        assert!(reader.read_exact(&mut buffer).is_err());
    }
}
