//! Every format and every encoding opens with the pixels that Pillow and pydicom read; hostile bytes are refused.
//!
//! The files in `tests/fixtures/formats` hold one photograph; `make.py` there generates them and their reference
//! figures. Rare and wrongly stated colours and depths are in `pictures.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gantei::domain::{Detail, EyeSource, FundusImage, Laterality, Pixels};
use gantei::imaging::{Error, FORMATS, Limits, OpenOptions, TRANSFER_SYNTAXES, open, sniff};
use serde::Deserialize;

use crate::means::{mean_difference, means};

/// What the reference program reads from a file.
#[derive(Deserialize)]
struct Figure {
    width: u32,
    height: u32,
    /// Of the upright RGB pixels.
    sha256: String,
    /// Means of 3 × 3 parts, row by row.
    means: [[f64; 3]; 9],
}

/// Files whose pixels may differ slightly from the reference, since decoders round at different points.
const ROUNDED: [&str; 7] = [
    "from_progressive_jpeg.jxl",
    "jpeg.tif",
    "jpeg_2000.dcm",
    "jpeg_baseline.dcm",
    "jpeg_extended.dcm",
    "lossy.jp2",
    "lossy.jxl",
];

/// Largest difference of the mean of a part.
const MEAN_WITHIN: f64 = 0.25;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats")
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn opened(file: &str) -> FundusImage {
    open(&bytes(file), file, &OpenOptions::default()).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn figures() -> BTreeMap<String, Figure> {
    serde_json::from_slice(&bytes("figures.json")).unwrap()
}

fn codes(image: &FundusImage) -> Vec<&'static str> {
    image.findings.iter().map(|f| f.code.as_str()).collect()
}

#[test]
fn every_file_has_the_pixels_that_another_program_reads() {
    let mut faults = Vec::new();
    for (file, figure) in figures() {
        let image = opened(&file);
        let size = (image.pixels.width, image.pixels.height);
        assert_eq!(size, (figure.width, figure.height), "{file}");
        let worst = means(&image.pixels)
            .as_flattened()
            .iter()
            .zip(figure.means.as_flattened())
            .map(|(ours, theirs)| (ours - theirs).abs())
            .fold(0.0, f64::max);
        let is_same = image.pixels_sha256 == figure.sha256;
        if is_same == ROUNDED.contains(&file.as_str()) || worst > MEAN_WITHIN {
            faults.push(format!(
                "{file}: same pixels {is_same}, means {worst:.2} apart"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_has_its_figures_and_every_format_has_files() {
    let figures = figures();
    let mut formats = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !["make.py", "figures.json"].contains(&name.as_str()) {
            assert!(figures.contains_key(&name), "{name} has no figures");
            let bytes = bytes(&name);
            assert!(bytes.len() < 60_000, "{name} is large");
            formats.insert(sniff(&bytes).expect(&name).name);
        }
    }
    for format in FORMATS {
        assert!(formats.contains(format.name), "{} has no file", format.name);
    }
}

#[test]
fn pictures_that_lie_on_their_side_are_turned_upright() {
    let upright = opened("rgb.png").pixels;
    for file in ["exif_3.jpg", "exif_6.jpg", "exif_8.jpg"] {
        let mean = mean_difference(&upright, &opened(file).pixels);
        assert!(mean < 2.0, "{file}: mean difference {mean}");
    }
    let turned = mean_difference(&upright, &Pixels::new(96, 96, mirrored(&upright)).unwrap());
    assert!(turned > 10.0, "the photograph is not its own mirror image");
}

#[test]
fn files_say_what_was_left_out_of_them_and_which_eye_they_show() {
    for (file, code) in [
        ("alpha.png", "alpha-ignored"),
        ("grey_alpha.png", "alpha-ignored"),
        ("alpha.webp", "alpha-ignored"),
        ("alpha.jxl", "alpha-ignored"),
        ("decimals.tif", "colour-guessed"),
        ("signed.tif", "colour-guessed"),
        ("grey.jpg", "grey"),
        ("monochrome1.dcm", "grey"),
        ("pages.tif", "multi-frame"),
        ("animation.png", "animation"),
        ("animation.webp", "animation"),
        ("frames.dcm", "multi-frame"),
    ] {
        let found = codes(&opened(file));
        assert!(found.contains(&code), "{file}: {found:?}");
    }
    for file in figures().into_keys().filter(|f| f.ends_with(".dcm")) {
        let image = opened(&file);
        let eye = (image.eye, image.eye_source);
        assert_eq!(eye, (Laterality::Os, EyeSource::Dicom), "{file}");
    }
}

/// The samples mirrored left to right.
fn mirrored(pixels: &Pixels) -> Vec<u8> {
    let rows = pixels.rgb.chunks_exact(pixels.width as usize * 3);
    rows.flat_map(|row| row.rchunks_exact(3).flatten().copied())
        .collect()
}

#[test]
fn frames_are_chosen_and_counted_and_never_mixed() {
    let (bytes, mirrored) = (bytes("frames.dcm"), mirrored(&opened("rgb.png").pixels));
    let frame = |frame| {
        let options = OpenOptions {
            frame: Some(frame),
            ..OpenOptions::default()
        };
        open(&bytes, "frames.dcm", &options)
    };
    let second = frame(2).expect("frame 2");
    assert!(second.pixels.rgb == mirrored, "frame 2 is the mirrored one");
    let detail = second
        .findings
        .iter()
        .find(|f| f.code.as_str() == "multi-frame")
        .and_then(|f| f.detail.clone());
    let desired = Detail::Frame {
        frame: 2,
        frames: 2,
    };
    assert_eq!(detail, Some(desired));
    assert_eq!(
        frame(3).expect_err("frame 3"),
        Error::FrameOutOfRange {
            requested: 3,
            frames: 2
        }
    );
    assert!(frame(0).is_err());
}

#[test]
fn the_users_eye_stands_above_the_files() {
    let bytes = bytes("explicit_little_endian.dcm");
    let options = OpenOptions {
        eye: Some(Laterality::Od),
        ..OpenOptions::default()
    };
    let image = open(&bytes, "x.dcm", &options).expect("opens");
    assert_eq!(
        (image.eye, image.eye_source),
        (Laterality::Od, EyeSource::User)
    );
    assert!(codes(&image).contains(&"eye-conflict"));
}

fn open_bytes(bytes: &[u8]) -> Result<FundusImage, Error> {
    open(bytes, "hostile.png", &OpenOptions::default())
}

/// Only a panic or an aborted process fails here. `fuzz` and `program/bombs.rs` check time and memory.
#[test]
fn cut_and_flipped_files_are_refused_or_opened_never_worse() {
    for file in figures().into_keys() {
        let whole = bytes(&file);
        for part in 0..8 {
            let _ = open_bytes(&whole[..whole.len() * part / 8]);
        }
        let mut state = 7_u64;
        for round in 0..8 {
            let mut spoilt = whole.clone();
            // The first rounds damage headers, the later ones any part.
            let reach = if round < 5 {
                spoilt.len().min(600)
            } else {
                spoilt.len()
            };
            for _ in 0..3 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                spoilt[(state >> 33) as usize % reach] ^= 1 << (state >> 61);
            }
            let _ = open_bytes(&spoilt);
        }
    }
}

/// A TIFF whose entries are a tag, the count of 32-bit numbers, and the value or its place.
fn tiff(entries: &[(u16, u32, u32)]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((entries.len() as u16).to_le_bytes());
    for &(tag, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(4_u16.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out
}

/// The memory that such files take is measured in `program/bombs.rs`.
#[test]
fn huge_announcements_are_refused() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    png.extend(0xC4A2_1D55_u32.to_be_bytes());
    png.extend(b"\0\0\0\x10IDATxxxxxxxxxxxxxxxx");

    let huge = tiff(&[
        (256, 1, 60_000),
        (257, 1, 60_000),
        (258, 1, 8),
        (262, 1, 1),
        (273, 1, 8),
        (277, 1, 1),
        (278, 1, 60_000),
        (279, 1, 100),
    ]);
    let strips = tiff(&[
        (256, 1, 100),
        (257, 1, 100),
        (258, 1, 8),
        (262, 1, 1),
        (273, u32::MAX, 8),
        (277, 1, 1),
        (278, 1, 1),
        (279, u32::MAX, 8),
    ]);
    let mut circle = tiff(&[(256, 1, 10)]);
    let end = circle.len();
    circle[end - 4..].copy_from_slice(&8_u32.to_le_bytes());

    let jpeg =
        b"\xff\xd8\xff\xc0\0\x11\x08\xff\xf0\xff\xf0\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xd9"
            .to_vec();
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend([0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 24, 0]);
    bmp.extend([0; 24]);
    let mut webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    webp.extend([0xFF; 6]);

    let mut dicom = b"\x08\0\x16\0UI\x02\x001\0".to_vec();
    for (element, value) in [
        (0x02, 3),
        (0x10, 0xFFFF),
        (0x11, 0xFFFF),
        (0x0100, 8_u16),
        (0x0101, 8),
    ] {
        dicom.extend([0x28, 0]);
        dicom.extend(u16::to_le_bytes(element));
        dicom.extend(b"US\x02\0");
        dicom.extend(value.to_le_bytes());
    }
    dicom.extend(b"\x28\0\x04\0CS\x04\0RGB \xe0\x7f\x10\0OW\0\0\x04\0\0\0abcd");
    let mut claims = b"\x08\0\x16\0UI\x02\x001\0".to_vec();
    claims.extend(b"\x09\0\x10\0OB\0\0\xf0\xff\xff\xff");

    // 60,000 pixels high and as wide, everything else as usual; in one bit field.
    let jxl = 2_u64 << 1 | 59_999 << 3 | 1 << 21 | 1 << 24 | 1 << 25;
    let jxl = [&[0xFF, 0x0A], &jxl.to_le_bytes()[..]].concat();

    for (what, bytes) in [
        ("jxl", jxl),
        ("png", png),
        ("huge tiff", huge),
        ("tiff strips", strips),
        ("tiff circle", circle),
        ("jpeg", jpeg),
        ("bmp", bmp),
        ("webp", webp),
        ("dicom", dicom),
        ("dicom length", claims),
    ] {
        let refused = open_bytes(&bytes);
        assert!(refused.is_err(), "{what} opened");
        if what == "jxl" {
            assert!(matches!(refused, Err(Error::Limit { .. })), "{refused:?}");
        }
    }
}

/// A decimal TIFF whose range more than one convention explains is never guessed.
#[test]
fn numbers_without_a_clear_range_are_refused_with_what_to_do() {
    let of_decimals = |samples: &[f32]| {
        let side = (samples.len() as f64).sqrt() as u32;
        let tags = |data_at| {
            tiff(&[
                (256, 1, side),
                (257, 1, side),
                (258, 1, 32),
                (259, 1, 1),
                (262, 1, 1),
                (273, 1, data_at),
                (277, 1, 1),
                (278, 1, side),
                (279, 1, 4 * samples.len() as u32),
                (339, 1, 3),
            ])
        };
        let mut out = tags(tags(0).len() as u32);
        out.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        out
    };
    let picture = open_bytes(&of_decimals(&[0.0, 0.5, 1.0, 0.25])).unwrap();
    let grey: Vec<u8> = picture.pixels.rgb.iter().step_by(3).copied().collect();
    assert_eq!(grey, [0, 128, 255, 64]);
    let picture = open_bytes(&of_decimals(&[0.0, 40.0, 255.0, 64.4])).unwrap();
    let grey: Vec<u8> = picture.pixels.rgb.iter().step_by(3).copied().collect();
    assert_eq!(grey, [0, 40, 255, 64]);
    for samples in [
        [0.0, 0.5, 3.0, 0.0],
        [0.0, -0.5, 1.0, 0.0],
        [0.0, f32::NAN, 1.0, 0.0],
        [0.0, f32::INFINITY, 1.0, 0.0],
        [0.0, 1e30, 1.0, 0.0],
    ] {
        let refused = open_bytes(&of_decimals(&samples)).unwrap_err();
        let words = refused.to_string();
        assert!(
            words.contains("save it as an 8-bit RGB TIFF or PNG"),
            "{words}"
        );
    }
}

#[test]
fn inflated_text_is_passed_over_and_nested_sequences_are_refused() {
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 1, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .add_ztxt_chunk("Comment".into(), "a".repeat(64 << 20))
        .expect("chunk");
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&[1, 2, 3]))
        .expect("encodes");
    assert!(bomb.len() < 1 << 20);
    let image = open_bytes(&bomb).expect("the picture itself is fine");
    assert_eq!(image.pixels.rgb, [1, 2, 3]);

    let mut nested = b"\x08\0\x16\0UI\x02\x001\0".to_vec();
    for _ in 0..300_000 {
        nested.extend(b"\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff");
    }
    assert!(open_bytes(&nested).is_err());
}

#[test]
fn limits_are_those_of_the_caller() {
    let bytes = bytes("24_bits.bmp");
    let refuse = |limits| {
        let options = OpenOptions {
            limits,
            ..OpenOptions::default()
        };
        let refused = open(&bytes, "a.bmp", &options);
        matches!(refused, Err(Error::Limit { .. }))
    };
    assert!(refuse(Limits {
        file_bytes: 1000,
        ..Limits::default()
    }));
    assert!(refuse(Limits {
        pixels: 1000,
        ..Limits::default()
    }));
    assert!(refuse(Limits {
        memory: 1000,
        ..Limits::default()
    }));
}

/// The transfer syntax that a DICOM file states, in the data element (0002,0010).
fn transfer_syntax(file: &str) -> String {
    let bytes = bytes(file);
    let tag = b"\x02\0\x10\0UI";
    let at = bytes.windows(tag.len()).position(|window| window == tag);
    let rest = &bytes[at.unwrap_or_else(|| panic!("{file}")) + tag.len()..];
    let length = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
    let text = String::from_utf8(rest[2..2 + length].to_vec()).unwrap();
    text.trim_end_matches('\0').to_owned()
}

#[test]
fn every_transfer_syntax_that_is_decoded_has_a_file() {
    let files = std::fs::read_dir(folder()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let dicom = names.filter(|name| name.ends_with(".dcm"));
    let stated: BTreeSet<String> = dicom.map(|name| transfer_syntax(&name)).collect();
    assert_eq!(stated, TRANSFER_SYNTAXES.map(str::to_owned).into());
}
