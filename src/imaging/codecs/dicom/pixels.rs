//! One frame's pixels: native or compressed samples to RGB8.

use std::borrow::Cow;

use dicom_encoding::adapters::{PixelDataObject, RawPixelData};
use dicom_encoding::transfer_syntax::{Codec, TransferSyntaxIndex};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use super::attributes::Attributes;
use super::data_set::{DataSet, PixelData};
use super::palette::Palette;
use super::{NAME, grey, malformed, unsupported};
use crate::domain::Finding;
use crate::imaging::codecs::colours::{Reading, rgb_from_channels, rgb_from_ycbcr};
use crate::imaging::codecs::frame::Frame;
use crate::imaging::codecs::orientation::Orientation;
use crate::imaging::codecs::{depth, jpeg, jpeg2000};
use crate::imaging::{Error, Limits};

const JPEG_2000_LOSSLESS: &str = "1.2.840.10008.1.2.4.90";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.91";
const RLE_LOSSLESS: &str = "1.2.840.10008.1.2.5";

/// Syntaxes with uncompressed pixels: unnamed, implicit, explicit little and big endian.
const NATIVE: [&str; 4] = [
    "",
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
];

/// Every transfer syntax whose pixels are decoded: uncompressed, JPEG, lossless JPEG, JPEG 2000, RLE. The fixtures of
/// `tests/photographs/formats.rs` have one file of each.
pub const TRANSFER_SYNTAXES: [&str; 10] = [
    NATIVE[1],
    NATIVE[2],
    NATIVE[3],
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    JPEG_2000_LOSSLESS,
    JPEG_2000,
    RLE_LOSSLESS,
];

/// Decodes frame `index` (from 0); the caller has checked it against the number of frames.
pub(super) fn decode(
    data_set: &DataSet,
    attributes: &Attributes,
    index: u32,
    limits: &Limits,
) -> Result<Frame, Error> {
    let (width, height) = (attributes.columns.into(), attributes.rows.into());
    let sample_bytes =
        u64::from(attributes.samples_per_pixel) * u64::from(attributes.bits_allocated / 8);
    let frame_bytes = limits.check_frame(NAME, width, height, sample_bytes)?;
    limits.check_frame(NAME, width, height, held_per_pixel(data_set, attributes))?;
    match &data_set.pixel_data {
        PixelData::Missing => Err(malformed("no pixels")),
        PixelData::Native(data, as_words) => {
            if !NATIVE.contains(&data_set.transfer_syntax.as_str()) {
                return Err(unsupported("pixels in an unknown transfer syntax"));
            }
            let halved = attributes.photometric == "YBR_FULL_422";
            let frame_bytes = if halved {
                frame_bytes / 3 * 2
            } else {
                frame_bytes
            };
            let stored = (index as usize)
                .checked_mul(frame_bytes)
                .and_then(|start| data.get(start..start.checked_add(frame_bytes)?))
                .ok_or_else(|| malformed("pixels are missing"))?;
            let samples = match (attributes.bits_allocated, as_words) {
                (16, _) => Samples::Words(data_set.words_of(stored)),
                // Swapped pairs also need the byte before or after an odd frame.
                (_, true) if frame_bytes % 2 == 1 => {
                    let start = index as usize * frame_bytes;
                    let pairs = data.get(start & !1..(start + frame_bytes).next_multiple_of(2));
                    let bytes = pairs.map(|pairs| data_set.bytes_of_words(pairs));
                    let frame = bytes
                        .as_ref()
                        .and_then(|b| b.get(start & 1..)?.get(..frame_bytes));
                    Samples::Bytes(frame.unwrap_or(stored).to_vec())
                }
                (_, true) => Samples::Bytes(data_set.bytes_of_words(stored)),
                (_, false) => Samples::Bytes(stored.to_vec()),
            };
            let samples = match samples {
                Samples::Bytes(bytes) if halved => Samples::Bytes(full_from_422(&bytes)),
                Samples::Words(_) if halved => return Err(unsupported("subsampled 16-bit colour")),
                samples => samples.interleaved(attributes),
            };
            frame_from(data_set, attributes, samples, &attributes.photometric)
        }
        PixelData::Encapsulated(offsets, fragments) => {
            let stream = frame_stream(attributes, offsets, fragments, index, limits)?;
            let limits = &match &stream {
                Cow::Owned(copy) => limits.after_file(copy.len())?,
                Cow::Borrowed(_) => *limits,
            };
            match data_set.transfer_syntax.as_str() {
                "1.2.840.10008.1.2.4.50" | "1.2.840.10008.1.2.4.51" => {
                    baseline_jpeg(data_set, attributes, &stream, limits)
                }
                JPEG_2000_LOSSLESS | JPEG_2000 => jpeg_2000(data_set, attributes, &stream, limits),
                _ => other_codec(data_set, attributes, stream, limits),
            }
        }
    }
}

/// Bytes per pixel held at once while converting stored samples to RGB8; JPEG and JPEG 2000 account for their decoders
/// themselves.
fn held_per_pixel(data_set: &DataSet, attributes: &Attributes) -> u64 {
    let bytes = u64::from(attributes.bits_allocated / 8);
    let stored = u64::from(attributes.samples_per_pixel) * bytes;
    let codec = match (&data_set.pixel_data, data_set.transfer_syntax.as_str()) {
        // One run-length segment.
        (PixelData::Encapsulated(..), RLE_LOSSLESS) => 1,
        // Lossless JPEG goes through words and is returned twice.
        (PixelData::Encapsulated(..), "1.2.840.10008.1.2.4.57" | "1.2.840.10008.1.2.4.70") => {
            stored + 2 * u64::from(attributes.samples_per_pixel)
        }
        _ => 0,
    };
    let further = match (attributes.samples_per_pixel, bytes) {
        // Values, samples and grey for each word; a palette's indices are words.
        (1, 2) => 8,
        (1, _) => 5,
        // A reordered copy, or words and bytes.
        _ if attributes.planar || attributes.photometric == "YBR_FULL_422" => stored,
        (_, 2) => 3,
        _ => 0,
    };
    stored + codec.max(further)
}

/// The compressed bytes of one frame: one fragment per frame, or as divided by the offset table, or, for a single
/// frame, all of them.
fn frame_stream<'a>(
    attributes: &Attributes,
    offsets: &[u8],
    fragments: &[&'a [u8]],
    index: u32,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Error> {
    let index = index as usize;
    if attributes.frames == 1 {
        return Ok(match fragments {
            [only] => Cow::Borrowed(only),
            several => {
                let bytes = several.iter().map(|part| part.len() as u64).sum();
                limits.check_memory(bytes)?;
                Cow::Owned(several.concat())
            }
        });
    }
    if fragments.len() == attributes.frames as usize {
        return Ok(Cow::Borrowed(fragments[index]));
    }
    let starts: Vec<usize> = offsets
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&o| u32::from_le_bytes(o) as usize)
        .collect();
    let &start = starts
        .get(index)
        .ok_or_else(|| unsupported("frames that cannot be separated"))?;
    let end = starts.get(index + 1).copied().unwrap_or(usize::MAX);
    let mut place = 0;
    let mut stream = Vec::new();
    for fragment in fragments {
        if (start..end).contains(&place) {
            limits.check_memory((stream.len() + fragment.len()) as u64)?;
            stream.extend_from_slice(fragment);
        }
        place += fragment.len() + 8;
    }
    Ok(Cow::Owned(stream))
}

fn baseline_jpeg(
    data_set: &DataSet,
    attributes: &Attributes,
    stream: &[u8],
    limits: &Limits,
) -> Result<Frame, Error> {
    let declared = match attributes.photometric.as_str() {
        "RGB" => Some(Reading::Rgb),
        _ => None,
    };
    let outline = check_jpeg(attributes, stream, limits)?;
    let mut frame = jpeg::decode_embedded(stream, &outline, declared, limits)?;
    // DICOM has its own orientation attributes; the stream's EXIF does not count.
    frame.orientation = Orientation::default();
    if attributes.samples_per_pixel == 1 {
        let findings = std::mem::take(&mut frame.findings);
        // The colours are dropped before grey is expanded to colours again.
        let samples = Samples::Bytes(frame.rgb.into_iter().step_by(3).collect());
        let mut grey = frame_from(data_set, attributes, samples, &attributes.photometric)?;
        grey.findings.extend(findings);
        return Ok(grey);
    }
    Ok(frame)
}

fn jpeg_2000(
    data_set: &DataSet,
    attributes: &Attributes,
    stream: &[u8],
    limits: &Limits,
) -> Result<Frame, Error> {
    let expected = jpeg2000::Expected {
        width: attributes.columns.into(),
        height: attributes.rows.into(),
        components: attributes.samples_per_pixel,
        bits: attributes.bits_allocated,
        // Other samples are read as unsigned.
        signed: attributes.layout.signed
            && attributes.is_monochrome()
            && attributes.bits_allocated == 16,
    };
    let words = jpeg2000::embedded(stream, expected, limits)?;
    let samples = if attributes.bits_allocated == 16 {
        Samples::Words(words)
    } else {
        Samples::Bytes(words.into_iter().map(|word| word as u8).collect())
    };
    frame_from(data_set, attributes, samples, own_photometric(attributes))
}

/// RLE keeps the stored colour format; JPEG 2000 and JPEG lossless undo only their own transforms.
fn own_photometric(attributes: &Attributes) -> &str {
    match attributes.photometric.as_str() {
        "YBR_RCT" | "YBR_ICT" => "RGB",
        other => other,
    }
}

/// JPEG lossless and RLE through the codecs of dicom-rs.
fn other_codec(
    data_set: &DataSet,
    attributes: &Attributes,
    stream: Cow<[u8]>,
    limits: &Limits,
) -> Result<Frame, Error> {
    let uid = data_set.transfer_syntax.as_str();
    let codec = TransferSyntaxRegistry
        .get(uid)
        .map(|syntax| (syntax.name(), syntax.codec()));
    let is_known = TRANSFER_SYNTAXES.contains(&uid);
    let Some((name, Codec::EncapsulatedPixelData(Some(decoder), _))) = codec.filter(|_| is_known)
    else {
        let name = codec.map_or("an unknown compression", |(name, _)| name);
        return Err(unsupported(&format!("pixels compressed as {name}")));
    };
    if uid == RLE_LOSSLESS {
        let planes =
            usize::from(attributes.samples_per_pixel) * usize::from(attributes.bits_allocated / 8);
        let pixels = usize::from(attributes.columns) * usize::from(attributes.rows);
        check_run_lengths(&stream, planes, pixels)
            .ok_or_else(|| malformed("run lengths do not fill the picture"))?;
    } else {
        let outline = check_jpeg(attributes, &stream, limits)?;
        if !outline.is_lossless() {
            return Err(malformed("a lossy JPEG in a lossless transfer syntax"));
        }
    }
    let one_frame = OneFrame {
        uid,
        attributes,
        stream: &stream,
    };
    let mut stored = Vec::new();
    decoder
        .decode_frame(&one_frame, 0, &mut stored)
        .map_err(|error| Error::of_decoder(NAME, format!("{name}: {error}")))?;
    let samples = if attributes.bits_allocated == 16 {
        // The codecs return words in little endian.
        let words = stored.as_chunks::<2>().0;
        Samples::Words(words.iter().map(|&w| u16::from_le_bytes(w)).collect())
    } else {
        Samples::Bytes(stored)
    };
    frame_from(data_set, attributes, samples, own_photometric(attributes))
}

/// Rejects a JPEG that contradicts the header before its decoder allocates memory.
fn check_jpeg(
    attributes: &Attributes,
    stream: &[u8],
    limits: &Limits,
) -> Result<jpeg::Outline, Error> {
    let (width, height) = (attributes.columns, attributes.rows);
    let jpeg = jpeg::Outline::read(stream)?;
    if (jpeg.width, jpeg.height) != (width, height) {
        return Err(malformed(
            "the compressed picture has a different size from the header",
        ));
    }
    if u16::from(jpeg.components) != attributes.samples_per_pixel {
        return Err(malformed(
            "the compressed picture has a different number of colours from the header",
        ));
    }
    if u16::from(jpeg.precision) > attributes.bits_allocated {
        return Err(malformed(
            "the compressed picture has more bits per sample than the header",
        ));
    }
    limits.check_scanned_pixels(u64::from(width) * u64::from(height) * jpeg.scans)?;
    Ok(jpeg)
}

/// The codec trusts the segment header (PS3.5 G.5) and its lengths, so both are checked first.
fn check_run_lengths(stream: &[u8], planes: usize, pixels: usize) -> Option<()> {
    const HEADER_BYTES: usize = 64;
    let (words, _) = stream.get(..HEADER_BYTES)?.as_chunks::<4>();
    let words: Vec<usize> = words
        .iter()
        .map(|&w| u32::from_le_bytes(w) as usize)
        .collect();
    let starts = words.get(1..=planes).filter(|_| words[0] == planes)?;
    for (plane, &start) in starts.iter().enumerate() {
        let end = *starts.get(plane + 1).unwrap_or(&stream.len());
        let segment = stream.get(start..end).filter(|_| start >= HEADER_BYTES)?;
        if unpacked_length(segment) < pixels {
            return None;
        }
    }
    Some(())
}

/// Number of bytes that a run-length segment unpacks to (PS3.5 G.3.2), as far as it is complete.
fn unpacked_length(segment: &[u8]) -> usize {
    let (mut at, mut length) = (0, 0);
    while let Some(&control) = segment.get(at) {
        let (taken, given) = match control {
            0..=127 => (usize::from(control) + 1, usize::from(control) + 1),
            128 => (0, 0),
            129..=255 => (1, 257 - usize::from(control)),
        };
        at += 1 + taken;
        if at > segment.len() {
            break;
        }
        length += given;
    }
    length
}

/// Samples of one frame.
enum Samples {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
}

impl Samples {
    /// Converts colour by plane to colour by pixel if the header states it.
    fn interleaved(self, attributes: &Attributes) -> Self {
        if !attributes.planar || attributes.samples_per_pixel != 3 {
            return self;
        }
        match self {
            Self::Bytes(bytes) => Self::Bytes(by_pixel(&bytes)),
            Self::Words(words) => Self::Words(by_pixel(&words)),
        }
    }

    /// Eight bits of each sample; the finding reports a guessed depth.
    fn eight_bit(
        self,
        data_set: &DataSet,
        attributes: &Attributes,
    ) -> Result<(Vec<u8>, Option<Finding>), Error> {
        let layout = attributes.layout;
        match self {
            Self::Bytes(bytes) => Ok((bytes, None)),
            Self::Words(words) if attributes.is_monochrome() => {
                grey::eight_bit(data_set, layout, &words)
            }
            Self::Words(mut words) => {
                let low = layout.high_bit + 1 - layout.bits_stored;
                words.iter_mut().for_each(|word| *word >>= low);
                Ok(depth::eight_bit(
                    words.iter().copied(),
                    layout.bits_stored.into(),
                ))
            }
        }
    }

    /// Indices into a palette.
    fn indices(self) -> Vec<u16> {
        match self {
            Self::Bytes(bytes) => bytes.into_iter().map(u16::from).collect(),
            Self::Words(words) => words,
        }
    }
}

fn by_pixel<T: Copy>(planes: &[T]) -> Vec<T> {
    let size = planes.len() / 3;
    (0..size)
        .flat_map(|at| [planes[at], planes[size + at], planes[2 * size + at]])
        .collect()
}

/// Native YBR_FULL_422 stores Y0 Y1 Cb Cr for each pair of pixels.
fn full_from_422(samples: &[u8]) -> Vec<u8> {
    samples
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[y0, y1, cb, cr]| [y0, cb, cr, y1, cb, cr])
        .collect()
}

/// The name of a colour format for messages: the stated value only if the standard defines it, since it could be any
/// text.
fn colour_format(named: &str) -> String {
    const KNOWN: [&str; 9] = [
        "YBR_PARTIAL_420",
        "YBR_PARTIAL_422",
        "YBR_ICT",
        "YBR_RCT",
        "ARGB",
        "CMYK",
        "HSV",
        "XYB",
        "MONOCHROME",
    ];
    match KNOWN.contains(&named) {
        true => format!("the colour format {named}"),
        false => "a colour format that DICOM does not define".to_owned(),
    }
}

fn frame_from(
    data_set: &DataSet,
    attributes: &Attributes,
    samples: Samples,
    photometric: &str,
) -> Result<Frame, Error> {
    let (width, height) = (attributes.columns.into(), attributes.rows.into());
    if photometric == "PALETTE COLOR" {
        let rgb = Palette::read(data_set)?.rgb_from_indices(&samples.indices());
        return Frame::from_samples(NAME, width, height, 3, rgb);
    }
    let (samples, depth) = samples.eight_bit(data_set, attributes)?;
    let (channels, (samples, colours)) = match photometric {
        "RGB" => (3, rgb_from_channels(samples, Reading::Rgb)),
        // Native samples with colour shared by two pixels are YCbCr, whatever they look like.
        "YBR_FULL_422" if matches!(data_set.pixel_data, PixelData::Native(..)) => {
            (3, (rgb_from_ycbcr(samples), None))
        }
        "YBR_FULL" | "YBR_FULL_422" => (3, rgb_from_channels(samples, Reading::YCbCr)),
        "MONOCHROME2" => (1, (samples, None)),
        "MONOCHROME1" => (1, (samples.into_iter().map(|s| 255 - s).collect(), None)),
        other => return Err(unsupported(&colour_format(other))),
    };
    let mut frame = Frame::from_samples(NAME, width, height, channels, samples)?;
    frame.findings.extend(depth.into_iter().chain(colours));
    Ok(frame)
}

/// A single frame in the form that the codecs expect.
struct OneFrame<'a> {
    uid: &'a str,
    attributes: &'a Attributes,
    stream: &'a [u8],
}

impl PixelDataObject for OneFrame<'_> {
    fn transfer_syntax_uid(&self) -> &str {
        self.uid
    }

    fn rows(&self) -> Option<u16> {
        Some(self.attributes.rows)
    }

    fn cols(&self) -> Option<u16> {
        Some(self.attributes.columns)
    }

    fn samples_per_pixel(&self) -> Option<u16> {
        Some(self.attributes.samples_per_pixel)
    }

    fn bits_allocated(&self) -> Option<u16> {
        Some(self.attributes.bits_allocated)
    }

    fn bits_stored(&self) -> Option<u16> {
        Some(self.attributes.layout.bits_stored)
    }

    fn photometric_interpretation(&self) -> Option<&str> {
        Some(&self.attributes.photometric)
    }

    fn number_of_frames(&self) -> Option<u32> {
        Some(1)
    }

    fn number_of_fragments(&self) -> Option<u32> {
        Some(1)
    }

    fn fragment(&self, fragment: usize) -> Option<Cow<'_, [u8]>> {
        (fragment == 0).then_some(Cow::Borrowed(self.stream))
    }

    fn offset_table(&self) -> Option<Cow<'_, [u32]>> {
        Some(Cow::Borrowed(&[0]))
    }

    fn raw_pixel_data(&self) -> Option<RawPixelData> {
        Some(RawPixelData {
            fragments: [self.stream.to_vec()].into_iter().collect(),
            offset_table: [0].into_iter().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_lengths_are_counted_as_far_as_they_are_whole() {
        assert_eq!(unpacked_length(&[2, 7, 8, 9, 254, 5, 128]), 6);
        assert_eq!(unpacked_length(&[254, 5, 4, 1, 2]), 3);
        assert_eq!(unpacked_length(&[254]), 0);
    }

    #[test]
    fn segments_that_lie_are_refused() {
        let stream = |segments: u32, start: u32, data: &[u8]| {
            let mut out = vec![0; 64];
            out[..4].copy_from_slice(&segments.to_le_bytes());
            out[4..8].copy_from_slice(&start.to_le_bytes());
            [out, data.to_vec()].concat()
        };
        let check = |stream: &[u8]| check_run_lengths(stream, 1, 6);
        assert!(check(&stream(1, 64, &[251, 9])).is_some());
        assert!(check(&stream(1, 64, &[252, 9])).is_none());
        assert!(check(&stream(u32::MAX, 64, &[251, 9])).is_none());
        assert!(check(&stream(1, 65, &[251, 9])).is_none());
        assert!(check(&stream(1, u32::MAX, &[251, 9])).is_none());
        assert!(check(&[1, 0]).is_none());
    }
}
