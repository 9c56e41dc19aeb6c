//! JPEG XL through jxl-oxide, without threads of its own.
//!
//! Only the code stream is passed on: the other boxes of the container may hold compressed texts of any size, and
//! nothing in them is needed. Orientation is part of the code stream, so EXIF does not count. A JPEG that was
//! recompressed without loss is restored and has its own pixels, see [`recompressed`].
//!
//! The header is read first, so that size and profile are checked before the decoder starts; frames, which may be larger
//! than the picture, are checked while they are loaded, a piece of the file at a time. What the decoder allocates
//! afterwards counts against the same limit. Samples are left as they are stored, and a profile other than sRGB is
//! reported as ignored, as for every format. Pictures in the format's own colour space (XYB) have no such samples: they
//! are converted to sRGB.

mod recompressed;

use std::borrow::Cow;
use std::error::Error as StdError;

use jxl_bitstream::container::ContainerBoxType;
use jxl_bitstream::{Bitstream, ContainerParser, ParseEvent};
use jxl_oxide::color::{
    ColourEncoding, ColourSpace, EnumColourEncoding, RenderingIntent, TransferFunction, WhitePoint,
};
use jxl_oxide::image::BitDepth;
use jxl_oxide::{
    AllocTracker, ExtraChannelType, ImageHeader, InitializeResult, JxlImage, JxlThreadPool,
};
use jxl_oxide_common::Bundle;

use super::Format;
use super::canvas::{Canvas, RowTarget};
use super::depth::DepthReduction;
use super::frame::{Frame, guarded};
use super::jpeg;
use super::orientation::Orientation;
use crate::domain::{Detail, Finding, FindingCode, Severity};
use crate::imaging::limits::zeros;
use crate::imaging::{Error, Limited, Limits};

const NAME: &str = "JPEG XL";

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["jxl"],
    media_type: "image/jxl",
    is_one: |bytes| bytes.starts_with(&CODE_STREAM) || bytes.starts_with(CONTAINER),
    decode,
    has_frames: true,
    patient: None,
};

/// How a bare code stream and a container begin.
const CODE_STREAM: [u8; 2] = [0xFF, 0x0A];
const CONTAINER: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n";

/// Longer colour profiles than any photograph has: decoding one takes time, and twice its size.
const MAX_PROFILE: u64 = 4 << 20;

/// More frames than any photograph has; each takes memory before it is decoded.
const MAX_FRAMES: usize = 1000;

/// Bytes of the file that are loaded before the frames in them are checked.
const PIECE: usize = 128 << 10;

/// Bytes per pixel and channel while decoding: eight were measured for lossy pictures (samples and coefficients of four
/// bytes).
const DECODING: u64 = 10;

/// A frame takes as long as this many scans of a JPEG, and so does each pass of a progressive one.
const PASS: u64 = 8;

fn decode(bytes: &[u8], frame: Option<u32>, limits: &Limits) -> Result<Frame, Error> {
    let (stream, restoration) = code_stream(bytes, limits)?;
    let header = checked_header(&stream, limits)?;
    let image = loaded(&stream, limits)?;
    let frames = image.num_loaded_keyframes() as u32;
    let requested = frame.unwrap_or(1);
    if requested == 0 || requested > frames {
        return Err(Error::FrameOutOfRange { requested, frames });
    }
    // A failure of the crate leaves the picture as it can be decoded.
    let restored = guarded(NAME, || {
        Ok(recompressed::jpeg(&image, &restoration, limits))
    });
    if let Ok(Some(file)) = restored
        && let Ok(mut frame) = jpeg::decode(&file, limits)
    {
        frame.orientation = Orientation::from_tag(header.metadata.orientation as u16);
        return Ok(frame);
    }
    let render = image
        .render_frame(requested as usize - 1)
        .map_err(|e| refusal(e.as_ref(), limits))?;
    let mut stream = render.stream();
    let (width, height) = (stream.width(), stream.height());
    if (width, height) != (image.width(), image.height()) {
        return Err(Error::malformed(NAME, "a frame has another size"));
    }
    let channels = stream.channels() as usize;
    let mut samples = Samples::of(&header, channels);
    let mut canvas = Canvas::new(NAME, (width, height), channels, samples.depth)?;
    let mut row: Vec<f32> = zeros(NAME, width as usize * channels)?;
    for y in 0..height as usize {
        stream.write_to_buffer(&mut row);
        let place = RowTarget {
            x: 0,
            y,
            channel: 0,
            interleaved: channels,
        };
        canvas.put_words(place, samples.words(&mut row));
    }
    let mut frame = canvas.into_frame();
    frame.icc = !header.metadata.xyb_encoded && !is_srgb(&header.metadata.colour_encoding);
    let further = header.metadata.ec_info.iter();
    if further.filter(|channel| !channel.is_alpha()).count() > 0 {
        // A channel that is neither colour nor transparency.
        let ignored = Finding::new(FindingCode::AlphaIgnored, Severity::Note);
        frame.findings.push(ignored);
    }
    if frames > 1 {
        let detail = Detail::Frame {
            frame: requested,
            frames,
        };
        let several = Finding::with_detail(FindingCode::MultiFrame, Severity::Note, detail);
        frame.findings.push(several);
    }
    Ok(frame)
}

/// The code stream of a file, which a container may divide, and what restores a JPEG from it.
fn code_stream<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Cow<'a, [u8]>, Vec<u8>), Error> {
    if bytes.starts_with(&CODE_STREAM) {
        return Ok((Cow::Borrowed(bytes), Vec::new()));
    }
    limits.check_memory(bytes.len() as u64)?;
    let (mut stream, mut restoration) = (Vec::new(), Vec::new());
    let mut parser = ContainerParser::new();
    for event in parser.feed_bytes(bytes) {
        let (into, part) = match event.map_err(|e| refusal(&e, limits))? {
            ParseEvent::Codestream(part) => (&mut stream, part),
            ParseEvent::AuxBoxData(ContainerBoxType::JPEG_RECONSTRUCTION, part) => {
                (&mut restoration, part)
            }
            _ => continue,
        };
        into.try_reserve(part.len())
            .map_err(|_| Error::Memory { format: NAME })?;
        into.extend_from_slice(part);
    }
    Ok((Cow::Owned(stream), restoration))
}

/// Reads the header, and rejects by name what is too large or not supported.
fn checked_header(stream: &[u8], limits: &Limits) -> Result<ImageHeader, Error> {
    let mut bits = Bitstream::new(stream);
    let header = ImageHeader::parse(&mut bits, ()).map_err(|e| refusal(&e, limits))?;
    let metadata = &header.metadata;
    let decoding = check_size(&header, (header.size.width, header.size.height), limits)?;
    // The decoder copies the stream, and then each frame.
    let copies = 2 * stream.len() as u64;
    limits.check_memory((decoding as u64).saturating_add(copies))?;
    let unsupported = |kind: &str| Err(Error::unsupported_kind(NAME, kind));
    if metadata.ec_info.iter().any(|channel| channel.is_black()) {
        return unsupported("colours of print");
    }
    match &metadata.colour_encoding {
        ColourEncoding::Enum(encoding) if encoding.is_hdr() => {
            return unsupported("high dynamic range");
        }
        ColourEncoding::IccProfile(ColourSpace::Unknown) => return unsupported("unknown colours"),
        ColourEncoding::IccProfile(_) => {
            let length = bits.read_u64().map_err(|e| refusal(&e, limits))?;
            if length > MAX_PROFILE {
                return Err(Error::malformed(NAME, "its colour profile is too long"));
            }
        }
        ColourEncoding::Enum(_) => {}
    }
    Ok(header)
}

/// Checks the picture or a frame; returns the bytes that decoding it takes.
fn check_size(
    header: &ImageHeader,
    (width, height): (u32, u32),
    limits: &Limits,
) -> Result<usize, Error> {
    let metadata = &header.metadata;
    let colours = if metadata.grayscale() { 1 } else { 3 };
    let channels = colours + metadata.ec_info.len() as u64;
    limits.check_frame(NAME, width.into(), height.into(), DECODING * channels + 4)
}

/// The decoder with all frames loaded and none decoded.
fn loaded(stream: &[u8], limits: &Limits) -> Result<JxlImage, Error> {
    let refuse = |e: Box<dyn StdError + Send + Sync>| refusal(e.as_ref(), limits);
    let memory = usize::try_from(limits.memory).unwrap_or(usize::MAX);
    let mut reader = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(memory))
        .build_uninit();
    let ends = || Error::malformed(NAME, "the file ends before the picture does");
    let mut pieces = stream.chunks(PIECE);
    let mut image = loop {
        let piece = pieces.next().ok_or_else(ends)?;
        reader.feed_bytes(piece).map_err(refuse)?;
        match reader.try_init().map_err(refuse)? {
            InitializeResult::NeedMoreData(more) => reader = more,
            InitializeResult::Initialized(image) => break image,
        }
    };
    let mut frames = Frames::default();
    frames.check_new(&image, limits)?;
    for piece in pieces {
        image.feed_bytes(piece).map_err(refuse)?;
        frames.check_new(&image, limits)?;
    }
    if !image.is_loading_done() {
        return Err(ends());
    }
    let metadata = &image.image_header().metadata;
    if metadata.xyb_encoded && !is_srgb(&metadata.colour_encoding) {
        let intent = RenderingIntent::Relative;
        image.request_color_encoding(if metadata.grayscale() {
            EnumColourEncoding::gray_srgb(intent)
        } else {
            EnumColourEncoding::srgb(intent)
        });
    }
    Ok(image)
}

/// The frames that were checked.
#[derive(Default)]
struct Frames {
    count: usize,
    scanned_pixels: u64,
}

impl Frames {
    /// Checks the frames that were loaded since the last call, and the one that is being loaded.
    fn check_new(&mut self, image: &JxlImage, limits: &Limits) -> Result<(), Error> {
        while let Some(frame) = image.frame(self.count) {
            let header = frame.header();
            check_size(image.image_header(), (header.width, header.height), limits)?;
            let pixels = u64::from(header.width) * u64::from(header.height);
            let passes = 1 + u64::from(header.passes.num_passes);
            let scanned = pixels.saturating_mul(PASS * passes);
            self.scanned_pixels = self.scanned_pixels.saturating_add(scanned);
            limits.check_scanned_pixels(self.scanned_pixels)?;
            self.count += 1;
            if self.count > MAX_FRAMES {
                return Err(Error::Unsupported(format!(
                    "this {NAME} has more than {MAX_FRAMES} frames; save the one that you need as PNG"
                )));
            }
        }
        Ok(())
    }
}

/// Whether samples are sRGB, or grey with its transfer function.
fn is_srgb(encoding: &ColourEncoding) -> bool {
    let is_grey = matches!(
        encoding,
        ColourEncoding::Enum(EnumColourEncoding {
            colour_space: ColourSpace::Grey,
            white_point: WhitePoint::D65,
            tf: TransferFunction::Srgb,
            ..
        })
    );
    is_grey || encoding.is_srgb()
}

/// Converts samples, for which 1 is the largest value, to words.
struct Samples {
    channels: usize,
    /// The colours were multiplied by the transparency.
    is_premultiplied: bool,
    largest: f32,
    depth: DepthReduction,
    words: Vec<u16>,
}

impl Samples {
    fn of(header: &ImageHeader, channels: usize) -> Self {
        let alpha = header
            .metadata
            .ec_info
            .iter()
            .find_map(|channel| match channel.ty {
                ExtraChannelType::Alpha { alpha_associated } => Some(alpha_associated),
                _ => None,
            });
        // Other depths are rounded to eight bits, as the format's reference does; deeper ones keep their high byte, as
        // in every other format.
        let bits = match header.metadata.bit_depth {
            BitDepth::IntegerSample { bits_per_sample } => bits_per_sample.clamp(8, 16),
            BitDepth::FloatSample { .. } => 8,
        };
        Self {
            channels,
            is_premultiplied: alpha == Some(true) && channels.is_multiple_of(2),
            largest: ((1_u32 << bits) - 1) as f32,
            depth: DepthReduction::guessed(bits),
            words: Vec::new(),
        }
    }

    fn words(&mut self, row: &mut [f32]) -> &[u16] {
        if self.is_premultiplied {
            for pixel in row.chunks_exact_mut(self.channels) {
                if let Some((&mut alpha, colours)) = pixel.split_last_mut()
                    && alpha > 0.0
                {
                    colours.iter_mut().for_each(|colour| *colour /= alpha);
                }
            }
        }
        let largest = self.largest;
        self.words.clear();
        let word = |&sample: &f32| (sample.clamp(0.0, 1.0) * largest).round() as u16;
        self.words.extend(row.iter().map(word));
        &self.words
    }
}

/// The crate's error as an error for the file.
fn refusal(error: &(dyn StdError + 'static), limits: &Limits) -> Error {
    let mut inner = Some(error);
    while let Some(cause) = inner {
        // The type of this error is not public.
        if cause.to_string().contains("failed to allocate") {
            return Error::Limit {
                what: Limited::Memory,
                found: limits.memory.saturating_add(1),
                limit: limits.memory,
            };
        }
        inner = cause.source();
    }
    Error::of_decoder(NAME, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields of a code stream, each with its number of bits, as bytes.
    fn packed(fields: &[(u64, u32)]) -> Vec<u8> {
        let bits = fields
            .iter()
            .flat_map(|&(value, bits)| (0..bits).map(move |bit| value >> bit & 1 == 1));
        let bits: Vec<bool> = bits.collect();
        let byte = |bits: &[bool]| {
            let bits = bits.iter().rev();
            bits.fold(0, |byte, &bit| byte << 1 | u8::from(bit))
        };
        bits.chunks(8).map(byte).collect()
    }

    /// The header of a square picture of 8 pixels, everything else as usual.
    fn header() -> Vec<u8> {
        let size = [(1, 1), (0, 5), (1, 3)];
        [&CODE_STREAM[..], &packed(&[&size[..], &[(3, 2)]].concat())].concat()
    }

    /// A frame that is not shown, with the start of its table of contents; `side` if it differs from the picture's.
    fn hidden_frame(side: Option<u64>) -> Vec<u8> {
        const REFERENCE: (u64, u32) = (2, 2);
        const MODULAR: (u64, u32) = (1, 1);
        const LARGEST_GROUPS: (u64, u32) = (3, 2);
        let mut fields = vec![(0, 1), REFERENCE, MODULAR, (0, 2), (0, 2), LARGEST_GROUPS];
        match side {
            Some(side) => {
                let side = [(3, 2), (side - 18_688, 30)];
                fields.extend([&[(1, 1)][..], &side, &side].concat());
            }
            None => fields.push((0, 1)),
        }
        // Its place, name, filters, extensions and the order of its parts.
        fields.extend([(0, 2), (0, 1), (0, 2), (1, 1), (0, 2), (0, 1)]);
        packed(&fields)
    }

    fn refusal_of(stream: &[u8]) -> Error {
        decode(stream, None, &Limits::default()).unwrap_err()
    }

    #[test]
    fn a_frame_larger_than_the_picture_is_checked_like_the_picture() {
        let table = vec![0; 8000];
        let stream = [header(), hidden_frame(Some(60_000)), table].concat();
        let refused = refusal_of(&stream);
        let pixels = Limited::Pixels;
        assert!(
            matches!(refused, Error::Limit { what, .. } if what == pixels),
            "{refused}"
        );
    }

    #[test]
    fn many_frames_are_refused_before_all_are_loaded() {
        const PART: usize = 300;
        let part = [packed(&[(0, 2), (PART as u64, 10)]), vec![0; PART]].concat();
        let frame = [hidden_frame(None), part].concat();
        assert!(frame.len() * MAX_FRAMES > 2 * PIECE);
        let stream = [header(), frame.repeat(MAX_FRAMES + 1)].concat();
        let refused = refusal_of(&stream).to_string();
        assert!(refused.contains("1000 frames"), "{refused}");
        let stream = [header(), frame.repeat(MAX_FRAMES)].concat();
        let refused = refusal_of(&stream).to_string();
        assert!(refused.contains("ends before"), "{refused}");
    }

    #[test]
    fn further_channels_count_as_memory() {
        let size = [(0, 1), (1, 2), (7_999, 13), (1, 3)];
        let eight_bits = [(0, 1), (0, 2), (1, 1)];
        let channels = [&[(3, 2), (255, 12)][..], &[(1, 1); 256]].concat();
        let rest = [(1, 1), (1, 1), (0, 2), (1, 1)];
        let fields = [&size[..], &[(0, 2)], &eight_bits, &channels, &rest].concat();
        let stream = [&CODE_STREAM[..], &packed(&fields)].concat();
        let refused = refusal_of(&stream);
        let memory = Limited::Memory;
        assert!(
            matches!(refused, Error::Limit { what, .. } if what == memory),
            "{refused}"
        );
    }
}
