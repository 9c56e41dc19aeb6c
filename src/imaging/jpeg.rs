//! JPEG: an outline read from the markers, then zune-jpeg.
//!
//! zune-jpeg is the decoder of crate `image`; it is called directly so that one pass over the markers settles
//! size, orientation, profile and completeness before memory is taken, and so that a damaged stream is refused
//! instead of being filled with grey. Against PIL (libjpeg-turbo) it differs by at most 4 steps of 255 (mean 0.2)
//! with subsampled chroma, from another chroma interpolation; pure Rust and speed outweigh that. Four-channel
//! files count as inverted CMYK or YCCK, as PIL takes them.
//!
//! Three channels are RGB or YCbCr by the Adobe marker, then by components named R, G and B, then by subsampled colour,
//! which only YCbCr has. Where none of these settles it, the word of the file (JFIF, or the header around it) is held
//! against the colours of the picture, see [`super::colours`].

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::colours::{Reading, fundus_share, is_beyond_doubt, other_is_right};
use super::decode::Frame;
use super::orientation::Orientation;
use super::tiff::rgb_from_ycbcr;
use super::{Error, Limits};

const NAME: &str = "JPEG";

/// Decodes a JPEG file.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Frame, Error> {
    decode_embedded(bytes, None, limits)
}

/// Decodes a JPEG stream. `declared` is how the header around it means three channels; a stream of its own is YCbCr.
pub(super) fn decode_embedded(
    bytes: &[u8],
    declared: Option<Reading>,
    limits: &Limits,
) -> Result<Frame, Error> {
    let outline = Outline::read(bytes)?;
    outline.check(limits)?;
    let mut finding = None;
    let (channels, samples) = match outline.components {
        1 => (1, decoded(bytes, &outline, ColorSpace::Luma)?),
        3 => {
            let (reading, settled) = outline.reading(declared);
            let mut rgb = rgb_of(bytes, &outline, reading)?;
            let share = fundus_share(&rgb);
            if !settled && !is_beyond_doubt(share) {
                let other = rgb_of(bytes, &outline, reading.other())?;
                if other_is_right(share, fundus_share(&other)) {
                    (rgb, finding) = (other, Some(reading.other().guessed()));
                }
            }
            (3, rgb)
        }
        _ => (3, decoded(bytes, &outline, ColorSpace::RGB)?),
    };
    let (width, height) = (outline.width.into(), outline.height.into());
    let mut frame = Frame::from_samples(NAME, width, height, channels, samples)?;
    frame.orientation = outline.orientation;
    frame.icc = outline.icc;
    frame.findings.extend(finding);
    Ok(frame)
}

/// Three channels as RGB, read in this way.
fn rgb_of(bytes: &[u8], outline: &Outline, reading: Reading) -> Result<Vec<u8>, Error> {
    // What the decoder takes the channels for: asked for just that, it leaves them as they are.
    let taken_for = if outline.is_named_rgb() || outline.adobe == Some(0) {
        ColorSpace::RGB
    } else {
        ColorSpace::YCbCr
    };
    match reading {
        Reading::YCbCr if taken_for == ColorSpace::YCbCr => {
            decoded(bytes, outline, ColorSpace::RGB)
        }
        Reading::YCbCr => decoded(bytes, outline, taken_for).map(rgb_from_ycbcr),
        Reading::Rgb => decoded(bytes, outline, taken_for),
    }
}

fn decoded(bytes: &[u8], outline: &Outline, colours: ColorSpace) -> Result<Vec<u8>, Error> {
    let options = DecoderOptions::default()
        .set_strict_mode(!outline.loose)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(colours);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options)
        .decode()
        .map_err(refusal)
}

/// What a stream that is embedded in another format announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Announced {
    pub width: u16,
    pub height: u16,
    pub components: u8,
    /// Bits per sample.
    pub precision: u8,
    pub scans: u64,
}

/// Reads the markers of a stream and decodes nothing.
pub(super) fn announced(bytes: &[u8]) -> Result<Announced, Error> {
    let outline = Outline::read(bytes)?;
    Ok(Announced {
        width: outline.width,
        height: outline.height,
        components: outline.components,
        precision: outline.precision,
        scans: outline.scans,
    })
}

fn refusal(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::Unsupported(kind) => Error::Unsupported(format!(
            "this kind of JPEG is not supported ({kind:?}); save it as a baseline JPEG or PNG"
        )),
        other => Error::malformed(NAME, format!("{other:?}")),
    }
}

/// What the markers say, without decoding.
#[derive(Clone, Copy, Debug, Default)]
struct Outline {
    width: u16,
    height: u16,
    components: u8,
    precision: u8,
    /// The second byte of the frame marker, 0xC0–0xCF; 0 before one was seen.
    process: u8,
    /// The identifiers of the first three components.
    ids: [u8; 3],
    /// Horizontal and vertical sampling factors of the first four components.
    sampling: [(u8, u8); 4],
    /// A JFIF marker, after which three components are YCbCr.
    jfif: bool,
    /// The transform that an Adobe marker names: 0 none, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
    scans: u64,
    orientation: Orientation,
    icc: bool,
    /// The end-of-image marker was reached.
    complete: bool,
    /// Stray bytes lie between segments, as some cameras write them.
    loose: bool,
}

impl Outline {
    /// Walks the markers up to the end of the first image.
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut outline = Self::default();
        let mut at = 2;
        while let Some(distance) = bytes[at.min(bytes.len())..].iter().position(|&b| b == 0xFF) {
            at += distance;
            let Some(&marker) = bytes.get(at + 1) else {
                break;
            };
            match marker {
                // A fill byte, or a stuffed or restarted stream.
                0xFF => {
                    at += 1;
                    continue;
                }
                0x00 | 0x01 | 0xD0..=0xD8 => {
                    at += 2;
                    continue;
                }
                0xD9 => {
                    outline.complete = true;
                    break;
                }
                _ => {}
            }
            outline.loose |= distance > 0 && outline.scans == 0;
            let Some(length) = bytes.get(at + 2..at + 4) else {
                break;
            };
            let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
            let Some(body) = length
                .checked_sub(2)
                .and_then(|n| bytes.get(at + 4..at + 4 + n))
            else {
                break;
            };
            outline.take(marker, body)?;
            at += 2 + length;
        }
        Ok(outline)
    }

    fn take(&mut self, marker: u8, body: &[u8]) -> Result<(), Error> {
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let &[precision, h1, h0, w1, w0, components, ..] = body else {
                    return Err(Error::malformed(NAME, "the frame header is too short"));
                };
                if self.process != 0 {
                    return Err(Error::malformed(NAME, "two frame headers"));
                }
                self.process = marker;
                self.precision = precision;
                self.height = u16::from_be_bytes([h1, h0]);
                self.width = u16::from_be_bytes([w1, w0]);
                self.components = components;
                let components = body[6..].chunks_exact(3);
                for (id, component) in self.ids.iter_mut().zip(components.clone()) {
                    *id = component[0];
                }
                for (factors, component) in self.sampling.iter_mut().zip(components) {
                    *factors = (component[1] >> 4, component[1] & 15);
                }
            }
            0xDA => self.scans += 1,
            0xE0 => self.jfif |= body.starts_with(b"JFIF\0"),
            0xEE if body.starts_with(b"Adobe") => self.adobe = body.get(11).copied(),
            0xE1 => {
                if let Some(exif) = body.strip_prefix(b"Exif\0\0") {
                    self.orientation = Orientation::from_exif(exif);
                }
            }
            0xE2 => self.icc |= body.starts_with(b"ICC_PROFILE\0"),
            _ => {}
        }
        Ok(())
    }

    /// Bytes for each pixel that are held at once: the picture, the coefficients of a progressive stream (two bytes each),
    /// and the picture in the other reading where the colours decide.
    fn held_per_pixel(&self) -> u64 {
        const PROGRESSIVE: u8 = 0xC2;
        let components = u64::from(self.components);
        let used = &self.sampling[..usize::from(self.components.min(4))];
        let samples = |&(across, down): &(u8, u8)| u64::from(across) * u64::from(down);
        let largest = |factor: fn(&(u8, u8)) -> u8| used.iter().map(factor).max().unwrap_or(1);
        let block = samples(&(largest(|f| f.0), largest(|f| f.1))).max(1);
        let coefficients = match self.process {
            PROGRESSIVE => (2 * used.iter().map(samples).sum::<u64>()).div_ceil(block),
            _ => 0,
        };
        let further = match components {
            1 => 3,
            3 if !self.reading(None).1 => 3,
            _ => 0,
        };
        components + coefficients + further
    }

    fn is_named_rgb(&self) -> bool {
        &self.ids == b"RGB"
    }

    /// How three channels are meant, and whether that is settled; where it is not, the colours are to be looked at.
    fn reading(&self, declared: Option<Reading>) -> (Reading, bool) {
        let subsampled = self.sampling[..3]
            .iter()
            .any(|factors| *factors != self.sampling[0]);
        match self.adobe {
            Some(0) => (Reading::Rgb, true),
            Some(_) => (Reading::YCbCr, true),
            None if self.is_named_rgb() => (Reading::Rgb, !self.jfif),
            None if subsampled => (Reading::YCbCr, true),
            None if self.jfif => (Reading::YCbCr, false),
            None => (declared.unwrap_or(Reading::YCbCr), false),
        }
    }

    /// Two kinds of colour sampling that the decoder would show with wrong colours instead of refusing them.
    fn check_sampling(&self) -> Result<(), Error> {
        let used = &self.sampling[..usize::from(self.components.min(4))];
        let largest = |factor: fn(&(u8, u8)) -> u8| used.iter().map(factor).max().unwrap_or(1);
        let (across, down) = (largest(|f| f.0), largest(|f| f.1));
        let in_one_scan_each = matches!(self.process, 0xC0 | 0xC1) && self.scans > 1;
        if self.components >= 3 && in_one_scan_each && down > 1 {
            return unsupported("a JPEG with one scan per colour and fewer rows of colour");
        }
        if self.components >= 3 && used[0] != (across, down) {
            return unsupported("a JPEG with less brightness than colour");
        }
        Ok(())
    }

    fn check(&self, limits: &Limits) -> Result<(), Error> {
        match self.process {
            0 => return Err(Error::malformed(NAME, "no frame header")),
            0xC9..=0xCB | 0xCD..=0xCF => return unsupported("an arithmetic-coded JPEG"),
            0xC3 => return unsupported("a lossless JPEG"),
            0xC5..=0xC7 => return unsupported("a hierarchical JPEG"),
            _ if self.precision != 8 => {
                return unsupported(&format!("a JPEG with {} bits per sample", self.precision));
            }
            _ => {}
        }
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        limits.check_frame(NAME, width, height, self.held_per_pixel())?;
        if !matches!(self.components, 1 | 3 | 4) {
            return unsupported(&format!("a JPEG with {} colour channels", self.components));
        }
        self.check_sampling()?;
        if !self.complete {
            return Err(Error::malformed(
                NAME,
                "the file ends before the picture does",
            ));
        }
        let scanned = self.scans.saturating_mul(width * height);
        limits.check_scanned_pixels(scanned)
    }
}

fn unsupported(kind: &str) -> Result<(), Error> {
    Err(Error::Unsupported(format!(
        "this is {kind}, which is not supported; save it as an ordinary baseline JPEG or as PNG"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(process: u8, precision: u8, components: u8, width: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, process, 0, 8, precision, 0, 16];
        bytes.extend(width.to_be_bytes());
        bytes.extend([components, 0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn what_is_not_supported_is_named() {
        let refuse = |bytes: &[u8]| decode(bytes, &Limits::default()).unwrap_err().to_string();
        assert!(refuse(&header(0xC9, 8, 3, 16)).contains("arithmetic"));
        assert!(refuse(&header(0xC3, 8, 3, 16)).contains("lossless"));
        assert!(refuse(&header(0xC1, 12, 3, 16)).contains("12 bits"));
        assert!(refuse(&header(0xC0, 8, 2, 16)).contains("2 colour channels"));
        assert!(refuse(&header(0xC0, 8, 3, 0)).contains("zero pixels"));
        assert!(refuse(&[0xFF, 0xD8, 0xFF]).contains("no frame header"));
    }

    /// Markers of a three-component stream without its data.
    fn colour(process: u8, ids: &[u8; 3], sampling: [u8; 3], before: &[u8], scans: u8) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        bytes.extend(before);
        bytes.extend([0xFF, process, 0, 17, 8, 0, 16, 0, 16, 3]);
        for (id, factors) in ids.iter().zip(sampling) {
            bytes.extend([*id, factors, 0]);
        }
        for _ in 0..scans {
            bytes.extend([0xFF, 0xDA, 0, 2]);
        }
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    const JFIF: &[u8] = b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

    fn adobe(transform: u8) -> Vec<u8> {
        [b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0", &[transform][..]].concat()
    }

    #[test]
    fn marker_then_names_then_subsampling_tell_the_colours() {
        use Reading::{Rgb, YCbCr};
        let [full, half] = [[0x11; 3], [0x22, 0x11, 0x11]];
        for (before, ids, sampling, declared, expected) in [
            (adobe(0), b"\x01\x02\x03", full, None, (Rgb, true)),
            (adobe(1), b"RGB", full, Some(Rgb), (YCbCr, true)),
            (vec![], b"RGB", full, None, (Rgb, true)),
            (JFIF.to_vec(), b"RGB", full, None, (Rgb, false)),
            (vec![], b"\x01\x02\x03", half, Some(Rgb), (YCbCr, true)),
            (
                JFIF.to_vec(),
                b"\x01\x02\x03",
                full,
                Some(Rgb),
                (YCbCr, false),
            ),
            (vec![], b"\x01\x02\x03", full, Some(Rgb), (Rgb, false)),
            (vec![], b"\x01\x02\x03", full, None, (YCbCr, false)),
        ] {
            let outline = Outline::read(&colour(0xC0, ids, sampling, &before, 1)).unwrap();
            assert_eq!(outline.reading(declared), expected, "{before:?} {ids:?}");
        }
    }

    #[test]
    fn what_would_come_out_in_wrong_colours_is_refused() {
        let refuse = |process, sampling, scans| {
            let bytes = colour(process, b"\x01\x02\x03", sampling, &[], scans);
            let outline = Outline::read(&bytes).unwrap();
            outline
                .check(&Limits::default())
                .err()
                .map(|e| e.to_string())
        };
        let one_each = refuse(0xC0, [0x22, 0x11, 0x11], 3).unwrap();
        assert!(one_each.contains("one scan per colour"), "{one_each}");
        assert!(refuse(0xC1, [0x12, 0x11, 0x11], 3).is_some());
        let luma = refuse(0xC0, [0x11, 0x22, 0x11], 1).unwrap();
        assert!(luma.contains("less brightness"), "{luma}");
        assert!(refuse(0xC2, [0x11, 0x12, 0x11], 9).is_some());
        for (process, sampling, scans) in [
            (0xC0, [0x22, 0x11, 0x11], 1),
            (0xC0, [0x21, 0x11, 0x11], 3),
            (0xC0, [0x11; 3], 3),
            (0xC2, [0x22, 0x11, 0x11], 9),
        ] {
            assert_eq!(
                refuse(process, sampling, scans),
                None,
                "{sampling:x?} {scans}"
            );
        }
    }

    #[test]
    fn a_missing_end_is_refused_before_memory_is_taken() {
        let mut bytes = header(0xC0, 8, 3, 60_000);
        bytes.truncate(bytes.len() - 2);
        let error = decode(&bytes, &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("ends before"), "{error}");
    }
}
