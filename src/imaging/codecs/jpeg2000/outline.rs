//! Reads the header of a JPEG 2000 picture (ITU-T T.800) where its decoder will read it, before the decoder allocates
//! memory.
//!
//! The code stream is bare or in a box of a JP2 file. Boxes are walked one by one, since any of them may contain bytes
//! that look like another code stream.

use super::NAME;
use crate::imaging::{Error, Limits};

/// SOC and SIZ, which begin every code stream (A.4.1, A.5.1).
const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// The signature box, which begins every JP2 file (I.5.1).
const SIGNATURE: [u8; 12] = *b"\0\0\0\x0CjP  \r\n\x87\n";

/// The description of the picture in the enclosing header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::imaging::codecs) struct Expected {
    pub width: u32,
    pub height: u32,
    pub components: u16,
    /// Stored bits of each sample, at most 16.
    pub bits: u16,
    pub signed: bool,
}

/// Rejects a picture that is invalid, contradicts the enclosing header, or takes too much memory; else returns its code
/// stream.
pub(super) fn check<'a>(
    bytes: &'a [u8],
    expected: Option<Expected>,
    limits: &Limits,
) -> Result<&'a [u8], Error> {
    let (stream, header) = code_stream(bytes)?;
    if is_high_throughput(stream) {
        return Err(unsupported("high throughput, HTJ2K"));
    }
    let size = Size::read(stream).ok_or_else(|| malformed("its size is not found"))?;
    let announced = (size.height, size.width, size.components.len() as u16);
    if header.is_some_and(|header| header.announced != announced) {
        return Err(malformed("its two headers contradict each other"));
    }
    if let Some(expected) = expected {
        check_header(&size, expected)?;
    }
    limits.check_frame(NAME, size.width.into(), size.height.into(), 3)?;
    limits.check_memory(size.memory(header.map_or(0, |header| header.further)))?;
    Ok(stream)
}

/// Rejects a picture that contradicts the enclosing header.
fn check_header(size: &Size, expected: Expected) -> Result<(), Error> {
    if (size.width, size.height) != (expected.width, expected.height) {
        return Err(malformed("it has a different size from the header"));
    }
    if size.components.len() != usize::from(expected.components) {
        return Err(malformed(
            "it has a different number of colours from the header",
        ));
    }
    for &[depth, across, down] in size.components {
        const SIGNED: u8 = 0x80;
        if u16::from(depth & !SIGNED) + 1 > expected.bits {
            return Err(malformed("it has more bits per sample than the header"));
        }
        if (across, down) != (1, 1) {
            return Err(malformed("it has subsampled colours"));
        }
    }
    Ok(())
}

/// Longer headers than any photograph has: the decoder copies their palettes and profiles.
const MAX_HEADER_BYTES: usize = 4 << 20;

/// The declarations in the header of a JP2 file.
#[derive(Clone, Copy, Debug)]
struct Header {
    /// Height, width and number of components.
    announced: (u32, u32, u16),
    /// Bytes per pixel that the decoder allocates in addition to the samples.
    further: u64,
}

impl Header {
    fn read(content: &[u8]) -> Option<Self> {
        // The first box contains the size (I.5.3.1).
        let size = Box::first(content).filter(|inner| &inner.kind == b"ihdr")?;
        let field = size.content;
        let announced = (word(field, 0)?, word(field, 4)?, half(field, 8)?);
        let further = further_per_pixel(content, announced.2);
        Some(Self { announced, further })
    }
}

/// The channels added by a palette (I.5.3.4, I.5.3.5), and a copy of all channels if a box reorders them (I.5.3.6).
fn further_per_pixel(header: &[u8], components: u16) -> u64 {
    const SAMPLE: u64 = 4;
    let (mut rest, mut columns, mut mappings, mut ordered) = (header, 0_u64, None, false);
    while let Some(found) = Box::first(rest) {
        match &found.kind {
            b"pclr" => columns = found.content.get(2).copied().unwrap_or(0).into(),
            b"cmap" => mappings = Some(found.content.len() as u64 / 4),
            b"cdef" => ordered = true,
            _ => {}
        }
        rest = found.rest;
    }
    let mapped = if columns == 0 {
        0
    } else {
        mappings.unwrap_or(columns)
    };
    let channels = mapped.max(components.into());
    SAMPLE * (mapped + if ordered { channels } else { 0 })
}

/// The code stream and, in a JP2 file, the header.
fn code_stream(bytes: &[u8]) -> Result<(&[u8], Option<Header>), Error> {
    if bytes.starts_with(&START) {
        return Ok((bytes, None));
    }
    if !bytes.starts_with(&SIGNATURE) {
        return Err(malformed("no code stream is found"));
    }
    if let Some(kind) = other_brand(bytes) {
        return Err(unsupported(kind));
    }
    let (mut rest, mut header, mut stream) = (bytes, None, None);
    while let Some(found) = Box::first(rest) {
        match &found.kind {
            // The decoder would use the last one.
            b"jp2h" | b"jp2c" if stream.is_some() => {
                return Err(malformed("it has a second header or code stream"));
            }
            b"jp2h" if found.content.len() > MAX_HEADER_BYTES => {
                return Err(malformed("its header is too long"));
            }
            b"jp2h" => header = Header::read(found.content),
            b"jp2c" if found.content.starts_with(&START) && header.is_some() => {
                stream = Some(found.content);
            }
            b"jp2c" => break,
            _ => {}
        }
        rest = found.rest;
    }
    let stream = stream.ok_or_else(|| malformed("no code stream is found"))?;
    Ok((stream, header))
}

/// A box of a JP2 file (I.4).
struct Box<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Box<'a> {
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let kind = *bytes.get(4..8)?.first_chunk::<4>()?;
        let (header, length) = match word(bytes, 0)? {
            0 => (8, bytes.len()),
            1 => {
                let length = bytes.get(8..16)?.first_chunk::<8>()?;
                (16, usize::try_from(u64::from_be_bytes(*length)).ok()?)
            }
            length => (8, length as usize),
        };
        // A code stream may be truncated: its decoder reports that.
        let end = length.min(bytes.len());
        Some(Self {
            kind,
            content: bytes.get(header..end)?,
            rest: &bytes[end..],
        })
    }
}

/// The SIZ segment (A.5.1).
#[derive(Debug)]
struct Size<'a> {
    width: u32,
    height: u32,
    tiles: u64,
    /// Depth, horizontal and vertical sample spacing of each component.
    components: &'a [[u8; 3]],
}

impl<'a> Size<'a> {
    fn read(stream: &'a [u8]) -> Option<Self> {
        let field = |at: usize| word(stream, at);
        let (right, bottom) = (field(8)?, field(12)?);
        let (width, height) = (
            right.checked_sub(field(16)?)?,
            bottom.checked_sub(field(20)?)?,
        );
        let tiles = |end: u32, start: u32, size: u32| {
            let covered = end.checked_sub(start)?;
            (size > 0).then(|| u64::from(covered.div_ceil(size)))
        };
        let tiles = tiles(right, field(32)?, field(24)?)?.checked_mul(tiles(
            bottom,
            field(36)?,
            field(28)?,
        )?)?;
        let components = usize::from(half(stream, 40)?);
        let components = stream.get(42..42 + 3 * components)?.as_chunks::<3>().0;
        Some(Self {
            width,
            height,
            tiles,
            components,
        })
    }

    /// Bytes that the decoder allocates, as measured: nine per sample, its data for every tile, and `further` bytes per
    /// pixel.
    fn memory(&self, further: u64) -> u64 {
        const SAMPLE: u64 = 9;
        const TILE: u64 = 6 << 10;
        const COMPONENT_OF_TILE: u64 = 2 << 10;
        let components = self.components.len() as u64;
        let samples = u64::from(self.width) * u64::from(self.height);
        let tile = TILE + COMPONENT_OF_TILE * components;
        (samples.saturating_mul(components * SAMPLE + further))
            .saturating_add(self.tiles.saturating_mul(tile))
    }
}

/// Whether the first component has signed samples (A.5.1).
pub(super) fn is_signed(stream: &[u8]) -> bool {
    stream.get(42).is_some_and(|depth| depth & 0x80 != 0)
}

/// Whether the code-blocks may be coded for high throughput (ITU-T T.814), which the capabilities announce.
fn is_high_throughput(stream: &[u8]) -> bool {
    stream
        .get(6)
        .is_some_and(|capabilities| capabilities & 0x40 != 0)
}

/// A file of several layers or frames, by the brand in the box after the signature.
fn other_brand(bytes: &[u8]) -> Option<&'static str> {
    let of_type = Box::first(bytes.get(SIGNATURE.len()..)?)?;
    let brand = of_type.content.get(..4)?;
    match (&of_type.kind, brand) {
        (b"ftyp", b"jpm ") => Some("a document of several layers, JPM"),
        (b"ftyp", b"mjp2" | b"mj2s") => Some("a video, Motion JPEG 2000"),
        _ => None,
    }
}

/// Whether the bytes begin like a JP2 file or a code stream.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&START) || bytes.starts_with(&SIGNATURE)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk::<2>()?))
}

fn malformed(reason: &str) -> Error {
    Error::malformed(NAME, reason)
}

fn unsupported(kind: &str) -> Error {
    Error::unsupported_kind(NAME, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start of a code stream with tiles of `tile` × `tile` pixels.
    fn stream(width: u32, height: u32, tile: u32, components: &[[u8; 3]]) -> Vec<u8> {
        let mut out = START.to_vec();
        out.extend((38 + 3 * components.len() as u16).to_be_bytes());
        out.extend([0, 0]);
        for field in [width, height, 0, 0, tile, tile, 0, 0] {
            out.extend(field.to_be_bytes());
        }
        out.extend((components.len() as u16).to_be_bytes());
        out.extend(components.as_flattened());
        out
    }

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = 8 + content.len() as u32;
        [&length.to_be_bytes(), &kind[..], content].concat()
    }

    fn jp2(width: u32, height: u32, boxes: &[Vec<u8>]) -> Vec<u8> {
        let mut size = [height.to_be_bytes(), width.to_be_bytes()].concat();
        size.extend([0, 3, 7, 7, 0, 0]);
        let header = boxed(b"jp2h", &boxed(b"ihdr", &size));
        [SIGNATURE.to_vec(), header, boxes.concat()].concat()
    }

    const RGB: [[u8; 3]; 3] = [[7, 1, 1]; 3];

    fn refused(bytes: &[u8]) -> Option<String> {
        let expected = Expected {
            width: 480,
            height: 400,
            components: 3,
            bits: 8,
            signed: false,
        };
        check(bytes, Some(expected), &Limits::default())
            .err()
            .map(|e| e.to_string())
    }

    #[test]
    fn sound_streams_pass_bare_and_boxed() {
        let bare = stream(480, 400, 480, &RGB);
        assert_eq!(refused(&bare), None);
        let plain = boxed(b"jp2c", &bare);
        assert_eq!(refused(&jp2(480, 400, std::slice::from_ref(&plain))), None);
        let free = boxed(b"free", &vec![0; 6000]);
        assert_eq!(refused(&jp2(480, 400, &[free, plain])), None);
        let mut to_the_end = boxed(b"jp2c", &bare);
        to_the_end[..4].fill(0);
        assert_eq!(refused(&jp2(480, 400, &[to_the_end])), None);
        let long = [
            &b"\0\0\0\x01jp2c"[..],
            &(16 + bare.len() as u64).to_be_bytes(),
            &bare,
        ]
        .concat();
        assert_eq!(refused(&jp2(480, 400, &[long])), None);
    }

    #[test]
    fn the_stream_that_is_decoded_counts_and_no_other() {
        let bait = boxed(b"free", &stream(480, 400, 480, &RGB));
        let huge = boxed(b"jp2c", &stream(30_000, 30_000, 30_000, &RGB));
        assert!(refused(&jp2(480, 400, &[bait.clone(), huge.clone()])).is_some());
        let sound = boxed(b"jp2c", &stream(480, 400, 480, &RGB));
        let text = refused(&jp2(480, 400, &[sound, huge.clone()])).unwrap();
        assert!(text.contains("second"), "{text}");
        let palette = [
            boxed(b"pclr", &[0, 1, 1, 7, 0]),
            boxed(b"cmap", &[0; 40_000]),
        ]
        .concat();
        assert_eq!(further_per_pixel(&palette, 1), 40_000);
        let padded = boxed(b"free", &vec![0; 6000]);
        assert!(refused(&jp2(480, 400, &[padded, huge])).is_some());
        let text = refused(&jp2(480, 400, &[bait])).unwrap();
        assert!(text.contains("no code stream"), "{text}");
        assert!(refused(&[]).is_some() && refused(&SIGNATURE).is_some());
    }

    #[test]
    fn other_kinds_of_the_format_are_named_and_not_called_damaged() {
        let mut fast = stream(480, 400, 480, &RGB);
        fast[6] = 0x40;
        let layered = [
            SIGNATURE.to_vec(),
            boxed(b"ftyp", b"jpm \0\0\0\0"),
            vec![0; 42],
        ]
        .concat();
        for (bytes, kind) in [
            (jp2(480, 400, &[boxed(b"jp2c", &fast)]), "HTJ2K"),
            (fast, "HTJ2K"),
            (layered, "JPM"),
        ] {
            let refused = check(&bytes, None, &Limits::default()).unwrap_err();
            assert!(matches!(refused, Error::Unsupported(_)), "{refused}");
            assert!(refused.to_string().contains(kind), "{refused}");
        }
    }

    #[test]
    fn contradictions_are_refused_by_name() {
        for (bytes, word) in [
            (stream(480, 401, 480, &RGB), "different size"),
            (
                jp2(480, 401, &[boxed(b"jp2c", &stream(480, 400, 480, &RGB))]),
                "contradict",
            ),
            (stream(480, 400, 480, &RGB[..2]), "number of colours"),
            (
                stream(480, 400, 480, &[[7, 1, 1]; 100]),
                "number of colours",
            ),
            (stream(480, 400, 480, &[[11, 1, 1]; 3]), "bits per sample"),
            (
                stream(480, 400, 480, &[[7, 1, 1], [7, 2, 2], [7, 2, 2]]),
                "subsampled",
            ),
            (stream(480, 400, 0, &RGB), "size is not found"),
            (
                stream(480, 400, 480, &RGB)[..44].to_vec(),
                "size is not found",
            ),
            (stream(480, 400, 1, &RGB), "memory"),
        ] {
            let text = refused(&bytes).expect(word);
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}
