//! TIFF through crate `tiff`: strips and tiles, chunky and planar, 1 to 16 bits, grey, RGB, YCbCr, CMYK and palettes, and
//! decimal and signed samples whose range is clear, see [`numbers`].
//!
//! Crate `image` wraps the same crate but refuses YCbCr and several planar layouts. Sixteen-bit samples keep their high
//! byte, as PIL does for RGB, unless they use far fewer bits, see [`super::depth`]. Pages count as frames.

mod chunks;
mod directory;
mod numbers;
mod padding;
mod palette;
mod raw;
mod refusal;

use tiff::ColorType;
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use crate::domain::{Detail, Finding, FindingCode, Severity};

use super::Format;
use super::colours::ycbcr_to_rgb;
use super::frame::{Frame, inks_to_rgb};
use super::orientation::Orientation;
use crate::imaging::{Error, Foreign, Limits};
use chunks::{Chunks, LimitedReader, MIN_METERED};
use palette::Palette;
use refusal::{NAME, refusal, unsupported};

/// The entry in the table of formats.
pub(super) static FORMAT: Format = Format {
    name: NAME,
    extensions: &["tif", "tiff"],
    media_type: "image/tiff",
    is_one: |bytes| {
        let magics = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
        magics.iter().any(|magic| bytes.starts_with(*magic))
    },
    decode,
    has_frames: true,
    patient: None,
};

/// Maximum number of pages counted; a file with more is not a photograph.
const MAX_PAGES: u32 = 1000;

/// Maximum bytes of one tag's value: enough for the offsets of a million strips.
const MAX_TAG_BYTES: usize = 16 << 20;

/// A file that counts the bytes read.
type Page<'a> = Decoder<LimitedReader<'a>>;

fn decode(bytes: &[u8], page: Option<u32>, limits: &Limits) -> Result<Frame, Error> {
    if raw::is_of_camera(bytes) {
        return Err(Error::Foreign(Foreign::CameraRaw));
    }
    let pages = page_count(bytes, limits)?;
    let requested = page.unwrap_or_else(|| first_full_size(bytes).min(pages));
    if requested == 0 || requested > pages {
        return Err(Error::FrameOutOfRange {
            requested,
            frames: pages,
        });
    }
    let mut decoder = open_page(bytes, requested, limits)?;
    let palette = Palette::read(&mut decoder, bytes, limits)?;
    let grey;
    let (bytes, palette, limits) = match palette {
        Some((palette, copy)) => {
            grey = copy;
            let limits = limits.after_file(grey.len())?;
            decoder = open_page(&grey, requested, &limits)?;
            (grey.as_slice(), Some(palette), limits)
        }
        None => (bytes, None, *limits),
    };
    let padded;
    let (bytes, width, limits) = match padding::with_padding(&mut decoder, bytes, &limits)? {
        Some((width, copy)) => {
            padded = copy;
            let limits = limits.after_file(padded.len())?;
            decoder = open_page(&padded, requested, &limits)?;
            (padded.as_slice(), Some(width), limits)
        }
        None => (bytes, None, limits),
    };
    if decoder
        .find_tag_unsigned::<u16>(Tag::FillOrder)
        .ok()
        .flatten()
        == Some(2)
    {
        // The decoder would show such bytes with their bits reversed.
        return Err(unsupported("reversed bits"));
    }
    let chunks = Chunks::read(&mut decoder, palette.is_some(), width, bytes, &limits)?;
    let colour = chunks.colour;
    let (mut canvas, scaled) = chunks.canvas(&mut decoder, palette.as_ref())?;
    const ASSOCIATED_ALPHA: u16 = 1;
    let extra = decoder
        .find_tag_unsigned_vec::<u16>(Tag::ExtraSamples)
        .ok()
        .flatten();
    match (colour, canvas.parts()) {
        (ColorType::RGBA(_), (colours, Some(alpha)))
            if extra.as_deref() == Some(&[ASSOCIATED_ALPHA]) =>
        {
            divide_by_alpha(colours, alpha);
        }
        (ColorType::YCbCr(_), (colours, _)) => ycbcr_to_rgb(colours),
        (ColorType::CMYK(_), (colours, Some(black))) => {
            inks_to_rgb(colours, black);
            canvas = canvas.without_fourth();
        }
        _ => {}
    }
    let mut frame = canvas.into_frame();
    // The depth of words is reported more exactly.
    if frame.findings.is_empty() {
        frame.findings.extend(scaled);
    }
    if frame.alpha.is_none() && extra.is_some_and(|extra| !extra.is_empty()) {
        // An additional channel whose meaning the file does not state.
        frame
            .findings
            .push(Finding::new(FindingCode::AlphaIgnored, Severity::Note));
    }
    frame.orientation = decoder
        .find_tag_unsigned::<u16>(Tag::Orientation)
        .ok()
        .flatten()
        .map_or_else(Orientation::default, Orientation::from_tag);
    frame.icc = matches!(decoder.find_tag(Tag::IccProfile), Ok(Some(_)));
    if pages > 1 {
        let detail = Detail::Frame {
            frame: requested,
            frames: pages,
        };
        frame.findings.push(Finding::with_detail(
            FindingCode::MultiFrame,
            Severity::Note,
            detail,
        ));
    }
    Ok(frame)
}

/// The first page, from 1, that is neither a smaller version of another nor a mask of transparency (TIFF 6.0,
/// `NewSubfileType`); without one, the first.
fn first_full_size(bytes: &[u8]) -> u32 {
    const NEW_SUBFILE_TYPE: u16 = 254;
    const REDUCED_OR_MASK: u64 = 0b101;
    let Some(directories) = directory::Directories::of(bytes) else {
        return 1;
    };
    let is_full = |page: u64| {
        let kind = directories.values(page, NEW_SUBFILE_TYPE, 1);
        kind.first().is_none_or(|kind| kind & REDUCED_OR_MASK == 0)
    };
    let pages = directories.pages(MAX_PAGES as usize);
    let place = pages.into_iter().position(is_full).unwrap_or(0);
    place as u32 + 1
}

/// Number of pages, at least 1.
fn page_count(bytes: &[u8], limits: &Limits) -> Result<u32, Error> {
    directory::check(bytes)?;
    let mut decoder = open(bytes, limits)?;
    let mut pages = 1;
    // A damaged later page does not affect the earlier ones.
    while pages < MAX_PAGES && decoder.more_images() && decoder.next_image().is_ok() {
        pages += 1;
    }
    Ok(pages)
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Page<'a>, Error> {
    let mut allowed = tiff::decoder::Limits::default();
    allowed.decoding_buffer_size = usize::try_from(limits.memory).unwrap_or(usize::MAX);
    allowed.intermediate_buffer_size = bytes.len();
    allowed.ifd_value_size = MAX_TAG_BYTES;
    // Values of tags may overlap too.
    let metered = LimitedReader::new(bytes, 2 * bytes.len() as u64 + MIN_METERED);
    Ok(Decoder::new(metered).map_err(refusal)?.with_limits(allowed))
}

fn open_page<'a>(bytes: &'a [u8], page: u32, limits: &Limits) -> Result<Page<'a>, Error> {
    let mut decoder = open(bytes, limits)?;
    for _ in 1..page {
        decoder.next_image().map_err(refusal)?;
    }
    Ok(decoder)
}

/// Undoes premultiplication by associated alpha (TIFF 6.0, section 18), as PIL does before it drops alpha.
fn divide_by_alpha(rgb: &mut [u8], alpha: &[u8]) {
    for (rgb, &alpha) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(alpha) {
        if alpha > 0 {
            for colour in rgb {
                *colour = (u16::from(*colour) * 255 / u16::from(alpha)).min(255) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn associated_alpha_does_not_darken() {
        let mut rgb = [50, 100, 0, 9, 8, 7, 3, 2, 1, 200, 1, 1];
        divide_by_alpha(&mut rgb, &[128, 255, 0, 100]);
        assert_eq!(rgb, [99, 199, 0, 9, 8, 7, 3, 2, 1, 255, 2, 2]);
    }

    #[test]
    fn a_file_that_was_cut_off_says_so() {
        const SIDE: u32 = 40;
        let tags = [256, 257, 258, 259, 262, 273, 277, 278, 279];
        let pixels_at = 8 + 2 + 12 * tags.len() as u32 + 4;
        let mut file = [b"II*\0".as_slice(), &8u32.to_le_bytes()].concat();
        file.extend((tags.len() as u16).to_le_bytes());
        for tag in tags {
            let value = match tag {
                258 => 8,
                259 | 262 | 277 => 1,
                273 => pixels_at,
                279 => SIDE * SIDE,
                _ => SIDE,
            };
            let long = [4u16, 1, 0].map(u16::to_le_bytes).concat();
            file.extend([&u16::to_le_bytes(tag)[..], &long, &value.to_le_bytes()].concat());
        }
        file.extend([0; 4]);
        file.resize(file.len() + (SIDE * SIDE) as usize, 7);
        assert!(decode(&file, None, &Limits::default()).is_ok());
        for cut in [1, 400, 1500] {
            let file = &file[..file.len() - cut];
            let refused = decode(file, None, &Limits::default()).unwrap_err();
            assert!(
                matches!(refused, Error::Malformed { .. }),
                "{cut}: {refused}"
            );
        }
    }

    #[test]
    fn a_thumbnail_before_the_photograph_is_passed_over() {
        // One pixel a page, behind the directories.
        let page = |kind: u32, at: u32, next: u32, value: u32| {
            let tags = [
                (254, kind),
                (256, 1),
                (257, 1),
                (258, 8),
                (259, 1),
                (262, 1),
                (273, at + 200),
                (277, 1),
                (278, 1),
                (279, 1),
            ];
            let mut out = (tags.len() as u16).to_le_bytes().to_vec();
            for (tag, value) in tags {
                let long = [tag, 4, 1, 0].map(u16::to_le_bytes).concat();
                out.extend([&long[..], &u32::to_le_bytes(value)].concat());
            }
            out.extend(next.to_le_bytes());
            out.resize(200, 0);
            out.push(value as u8);
            out.resize(300, 0);
            out
        };
        let file = |kinds: [u32; 2]| {
            let mut out = b"II*\0\x08\0\0\0".to_vec();
            out.extend(page(kinds[0], 8, 308, 10));
            out.extend(page(kinds[1], 308, 0, 20));
            out
        };
        let limits = Limits::default();
        for (kinds, page, value) in [
            ([1, 0], None, 20),
            ([4, 0], None, 20),
            ([0, 1], None, 10),
            ([2, 2], None, 10),
            ([1, 1], None, 10),
            ([1, 0], Some(1), 10),
        ] {
            let frame = decode(&file(kinds), page, &limits).unwrap();
            assert_eq!(frame.rgb, [value; 3], "{kinds:?} {page:?}");
        }
    }

    #[test]
    fn nonsense_after_the_magic_is_refused() {
        for tail in [&[][..], &[8, 0, 0, 0], &[255; 40], &[0; 64]] {
            let bytes = [b"II*\0", tail].concat();
            assert!(decode(&bytes, None, &Limits::default()).is_err());
        }
    }
}
