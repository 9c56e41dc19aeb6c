//! Reads the markers of a JPEG without decoding, and rejects unsupported kinds by name.

use super::NAME;
use super::coefficients::MissingBits;
use super::damage::MIN_RUN;
use crate::imaging::codecs::colours::Reading;
use crate::imaging::codecs::orientation::Orientation;
use crate::imaging::{Error, Foreign, Limits};

/// The frame header of JPEG-LS (ITU-T T.87), which has the other markers of JPEG.
const JPEG_LS: u8 = 0xF7;

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The content of the markers.
#[derive(Clone, Debug, Default)]
pub(in crate::imaging::codecs) struct Outline {
    pub width: u16,
    pub height: u16,
    /// Position of the height in the frame header, if a later segment (DNL) gives it.
    pub missing_height_at: Option<usize>,
    pub components: u8,
    /// Bits per sample.
    pub precision: u8,
    /// The second byte of the frame marker, 0xC0–0xCF; 0 before the first.
    process: u8,
    /// The identifiers of the first four components.
    ids: [u8; 4],
    /// Horizontal and vertical sampling factors of the first four components.
    sampling: [(u8, u8); 4],
    /// A JFIF marker, which means that three components are YCbCr.
    jfif: bool,
    /// The transform in the Adobe marker: 0 none, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
    pub scans: u64,
    /// A non-progressive scan holds some of the components, neither one nor all.
    partly_interleaved: bool,
    sent: MissingBits,
    /// Bytes of the stream, and of its segments copied by the decoder.
    length: u64,
    metadata: u64,
    exif_orientation: Option<Orientation>,
    xmp_orientation: Option<Orientation>,
    pub icc: bool,
    /// The end-of-image marker was reached.
    pub complete: bool,
    /// The longest run of one byte value within the entropy-coded data: its length, and the end of the data around it.
    pub longest_run: (usize, usize),
}

impl Outline {
    /// Walks the markers up to the end of the first image.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut outline = Self {
            length: bytes.len() as u64,
            ..Self::default()
        };
        let mut at = 2;
        while let Some(distance) = bytes[at.min(bytes.len())..].iter().position(|&b| b == 0xFF) {
            at += distance;
            let Some(&marker) = bytes.get(at + 1) else {
                break;
            };
            match marker {
                // A fill byte.
                0xFF => {
                    at += 1;
                    continue;
                }
                // A marker without a segment.
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
            outline.take(marker, body, at + 4)?;
            at += 2 + length;
            if marker == 0xDA {
                at = outline.pass_entropy(bytes, at);
            }
        }
        Ok(outline)
    }

    /// Skips entropy-coded data from `start` and returns the position of the next marker. Stuffed bytes and restart
    /// markers belong to the data.
    fn pass_entropy(&mut self, bytes: &[u8], start: usize) -> usize {
        let data = bytes.get(start..).unwrap_or_default();
        let is_marker =
            |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7);
        let length = data.windows(2).position(is_marker).unwrap_or(data.len());
        let mut longest = 0;
        for run in data[..length].chunk_by(|a, b| a == b) {
            longest = longest.max(run.len());
        }
        if longest > self.longest_run.0 {
            self.longest_run = (longest, start + length);
        }
        start + length
    }

    fn take(&mut self, marker: u8, body: &[u8], place: usize) -> Result<(), Error> {
        if matches!(marker, 0xE1 | 0xE2) {
            self.metadata += body.len() as u64;
        }
        match marker {
            JPEG_LS => return Err(Error::Foreign(Foreign::JpegLs)),
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
                self.missing_height_at = (self.height == 0).then_some(place + 1);
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
            0xDA => {
                self.scans += 1;
                let count = body.first().copied().unwrap_or(0);
                self.partly_interleaved |=
                    !self.is_progressive() && count != 1 && count != self.components;
                self.sent.take(body, &self.ids, self.is_progressive());
            }
            // The number of lines, which follows the first scan (ITU-T T.81, B.2.5).
            0xDC if self.height == 0 => {
                self.height = body
                    .first_chunk()
                    .map_or(0, |&pair| u16::from_be_bytes(pair));
            }
            0xE0 => self.jfif |= body.starts_with(b"JFIF\0"),
            0xEE if body.starts_with(b"Adobe") => self.adobe = body.get(11).copied(),
            0xE1 => {
                if let Some(exif) = body.strip_prefix(b"Exif\0\0") {
                    self.exif_orientation = self.exif_orientation.or(Orientation::in_exif(exif));
                } else if let Some(xmp) = body.strip_prefix(XMP) {
                    self.xmp_orientation = Orientation::in_xmp(xmp);
                }
            }
            0xE2 => self.icc |= body.starts_with(b"ICC_PROFILE\0"),
            _ => {}
        }
        Ok(())
    }

    /// EXIF first, then XMP, as in PIL.
    pub fn orientation(&self) -> Orientation {
        self.exif_orientation
            .or(self.xmp_orientation)
            .unwrap_or_default()
    }

    /// The scans contain every coefficient of every component to its last bit.
    pub fn is_whole(&self) -> bool {
        self.sent.is_whole(self.components)
    }

    /// Bytes held at once, as measured. While decoding: the stored samples of each component, the colours at full size
    /// and the picture, or the coefficients of a progressive stream (two bytes each). Afterwards: grey as RGB, and
    /// copies of the stream and of its metadata.
    fn memory(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let components = u64::from(self.components);
        let used = &self.sampling[..usize::from(self.components.min(4))];
        let samples = |&(across, down): &(u8, u8)| u64::from(across) * u64::from(down);
        let largest = |factor: fn(&(u8, u8)) -> u8| used.iter().map(factor).max().unwrap_or(1);
        let block = samples(&(largest(|f| f.0), largest(|f| f.1))).max(1);
        let stored = pixels.saturating_mul(used.iter().map(samples).sum()) / block;
        let subsampled = used.iter().filter(|factors| samples(factors) < block);
        let decoding = pixels * (components + subsampled.count() as u64) + stored;
        let coefficients = if self.is_progressive() { 2 * stored } else { 0 };
        let grey_as_rgb = if components == 1 { pixels * 4 } else { 0 };
        // The search for left-over data decodes a copy of the stream while the picture is held.
        let search = if self.longest_run.0 < MIN_RUN {
            0
        } else {
            pixels * components + coefficients + self.length
        };
        let with_changes = if self.complete && self.missing_height_at.is_none() {
            0
        } else {
            self.length
        };
        let largest = decoding
            .max(coefficients + stored)
            .max(grey_as_rgb)
            .max(search);
        largest.saturating_add(with_changes + 2 * self.metadata)
    }

    pub fn is_progressive(&self) -> bool {
        matches!(self.process, 0xC2 | 0xCA)
    }

    pub fn is_lossless(&self) -> bool {
        matches!(self.process, 0xC3 | 0xC7 | 0xCB | 0xCF)
    }

    fn is_named_rgb(&self) -> bool {
        self.ids.starts_with(b"RGB")
    }

    /// The meaning of three channels, and whether it is certain; if not, the colours must be examined.
    pub fn reading(&self, declared: Option<Reading>) -> (Reading, bool) {
        let subsampled = self.sampling[..3]
            .iter()
            .any(|factors| *factors != self.sampling[0]);
        match self.adobe {
            Some(0) if self.jfif => (Reading::YCbCr, false),
            Some(0) => (Reading::Rgb, true),
            Some(_) => (Reading::YCbCr, true),
            None if self.is_named_rgb() && !self.jfif => (Reading::Rgb, !subsampled),
            None if subsampled => (Reading::YCbCr, true),
            None if self.jfif && !self.is_named_rgb() => (Reading::YCbCr, false),
            None => (declared.unwrap_or(Reading::YCbCr), false),
        }
    }

    /// Rejects kinds of sampling and scans that the decoder would refuse or show in wrong colours.
    fn check_sampling(&self) -> Result<(), Error> {
        let used = &self.sampling[..usize::from(self.components.min(4))];
        if used.iter().any(|&(h, v)| h == 0 || v == 0) {
            return Err(Error::malformed(NAME, "a sampling factor of 0"));
        }
        let largest = |factor: fn(&(u8, u8)) -> u8| used.iter().map(factor).max().unwrap_or(1);
        let (across, down) = (largest(|f| f.0), largest(|f| f.1));
        if used[0] != (across, down) {
            return unsupported("a JPEG whose brightness is sampled more coarsely than its colour");
        }
        if used.iter().any(|&(h, v)| across % h != 0 || down % v != 0) {
            return unsupported("a JPEG with a fractional sampling ratio");
        }
        if self.partly_interleaved {
            return unsupported("a JPEG with a scan of two of its colour channels");
        }
        Ok(())
    }

    /// Rejects what cannot be decoded, or not within the limits.
    pub fn check(&self, limits: &Limits) -> Result<(), Error> {
        match self.process {
            0 => return Err(Error::malformed(NAME, "no frame header")),
            0xC3 | 0xCB => return unsupported("a lossless JPEG"),
            0xC5..=0xC7 | 0xCD..=0xCF => return unsupported("a hierarchical JPEG"),
            _ if self.precision != 8 => {
                return unsupported(&format!("a JPEG with {} bits per sample", self.precision));
            }
            _ => {}
        }
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        limits.check_frame(NAME, width, height, 3)?;
        limits.check_memory(self.memory())?;
        if !matches!(self.components, 1 | 3 | 4) {
            return unsupported(&format!("a JPEG with {} colour channels", self.components));
        }
        self.check_sampling()?;
        if !self.complete && !self.is_whole() {
            return Err(ends_early());
        }
        limits.check_scanned_pixels(self.scans.saturating_mul(width * height))
    }
}

pub(super) fn ends_early() -> Error {
    Error::malformed(NAME, "the file ends before the picture does")
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
        bytes.push(components);
        bytes.extend(
            [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]
                .iter()
                .take(3 * usize::from(components)),
        );
        bytes[5] += 3 * components;
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn what_is_not_supported_is_named() {
        let refuse = |bytes: &[u8]| {
            let outline = Outline::read(bytes).unwrap();
            outline.check(&Limits::default()).unwrap_err().to_string()
        };
        assert!(refuse(&header(0xCD, 8, 3, 16)).contains("hierarchical"));
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
            (vec![], b"RGB", half, None, (Rgb, false)),
            (JFIF.to_vec(), b"RGB", full, None, (YCbCr, false)),
            (JFIF.to_vec(), b"RGB", full, Some(Rgb), (Rgb, false)),
            (
                [JFIF.to_vec(), adobe(0)].concat(),
                b"RGB",
                full,
                None,
                (YCbCr, false),
            ),
            // A marker too short for its transform counts as absent, as in libjpeg.
            (
                b"\xFF\xEE\0\x09Adobe\0\x64".to_vec(),
                b"RGB",
                full,
                None,
                (Rgb, true),
            ),
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
        let refuse = |bytes: &[u8]| {
            let outline = Outline::read(bytes).unwrap();
            let refused = outline.check(&Limits::default());
            refused.err().map(|e| e.to_string())
        };
        let sampled =
            |process, sampling| refuse(&colour(process, b"\x01\x02\x03", sampling, &[], 0));
        let luma = sampled(0xC0, [0x11, 0x22, 0x11]).unwrap();
        assert!(luma.contains("more coarsely"), "{luma}");
        assert!(sampled(0xC2, [0x11, 0x12, 0x11]).is_some());
        let fraction = sampled(0xC0, [0x31, 0x21, 0x11]).unwrap();
        assert!(fraction.contains("fraction"), "{fraction}");
        assert!(sampled(0xC0, [0x11, 0x01, 0x11]).is_some());
        for sampling in [
            [0x22, 0x11, 0x11],
            [0x31, 0x11, 0x11],
            [0x42, 0x21, 0x12],
            [0x11; 3],
        ] {
            assert_eq!(sampled(0xC0, sampling), None, "{sampling:x?}");
        }
        let scans = |process, headers: &[&[u8]]| {
            let mut bytes = colour(process, b"\x01\x02\x03", [0x11; 3], &[], 0);
            bytes.truncate(bytes.len() - 2);
            for header in headers {
                bytes.extend([0xFF, 0xDA, 0, header.len() as u8 + 2]);
                bytes.extend(*header);
            }
            refuse(&[bytes, vec![0xFF, 0xD9]].concat())
        };
        let single: &[&[u8]] = &[
            &[1, 1, 0, 0, 63, 0],
            &[1, 2, 0, 0, 63, 0],
            &[1, 3, 0, 0, 63, 0],
        ];
        assert_eq!(scans(0xC0, single), None);
        let pair: &[&[u8]] = &[&[2, 1, 0, 2, 0, 0, 63, 0], &[1, 3, 0, 0, 63, 0]];
        let refused = scans(0xC0, pair).unwrap();
        assert!(refused.contains("two of its colour channels"), "{refused}");
        assert_eq!(scans(0xC2, &[&[2, 1, 0, 2, 0, 0, 0, 0]]), None);
    }

    #[test]
    fn a_missing_end_is_refused_before_memory_is_taken() {
        let mut bytes = header(0xC0, 8, 3, 60_000);
        bytes.truncate(bytes.len() - 2);
        let error = Outline::read(&bytes).unwrap().check(&Limits::default());
        let error = error.unwrap_err().to_string();
        assert!(error.contains("ends before"), "{error}");
    }

    #[test]
    fn a_later_segment_gives_the_height() {
        let mut bytes = colour(0xC0, b"\x01\x02\x03", [0x11; 3], &[], 0);
        bytes.truncate(bytes.len() - 2);
        bytes[7..9].fill(0);
        bytes.extend(b"\xFF\xDA\0\x02data\xFF\xDC\0\x04\x01\x20\xFF\xD9");
        let outline = Outline::read(&bytes).unwrap();
        assert_eq!((outline.height, outline.missing_height_at), (288, Some(7)));
    }
}
