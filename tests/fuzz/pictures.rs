//! Photographs of every format. The limits are lower than usual: a merely large picture costs time and tests nothing.

use gantei::imaging::{Limits, OpenOptions, files_of_disc, foreign, no_photograph, open};

use super::mutate::{Choices, mutated, with_checksums};
use super::{PLAIN, Target};

const LIMITS: Limits = Limits {
    file_bytes: 1 << 20,
    side: 65_535,
    pixels: 1 << 22,
    memory: 64 << 20,
    scanned_bytes: 1 << 26,
    scanned_pixels: 1 << 28,
};

const JPEG: &[&[u8]] = &[
    b"\xff\xd8",
    b"\xff\xd9",
    b"\xff\xc0",
    b"\xff\xc1",
    b"\xff\xc2",
    b"\xff\xc4",
    b"\xff\xda",
    b"\xff\xdb",
    b"\xff\xdc",
    b"\xff\xdd",
    b"\xff\xd0",
    b"\xff\xe0",
    b"\xff\xe1",
    b"\xff\xe2",
    b"\xff\xee",
    b"Exif\0\0",
    b"Adobe\0d",
    b"JFIF\0",
    b"ICC_PROFILE\0",
];

/// Tags with their types, in either byte order.
const TIFF: &[&[u8]] = &[
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\0\x01\x03\0\x01\0\0\0",
    b"\x01\x01\x03\0\x01\0\0\0",
    b"\x02\x01\x03\0",
    b"\x03\x01\x03\0\x01\0\0\0",
    b"\x06\x01\x03\0\x01\0\0\0",
    b"\x0a\x01\x03\0\x01\0\0\0",
    b"\x11\x01\x04\0",
    b"\x12\x01\x03\0\x01\0\0\0",
    b"\x15\x01\x03\0\x01\0\0\0",
    b"\x16\x01\x04\0\x01\0\0\0",
    b"\x17\x01\x04\0",
    b"\x1c\x01\x03\0\x01\0\0\0",
    b"\x3d\x01\x03\0\x01\0\0\0",
    b"\x40\x01\x03\0",
    b"\x42\x01\x03\0\x01\0\0\0",
    b"\x43\x01\x03\0\x01\0\0\0",
    b"\x44\x01\x04\0",
    b"\x45\x01\x04\0",
    b"\x52\x01\x03\0\x01\0\0\0",
    b"\x53\x01\x03\0",
    b"\x5b\x01\x07\0",
    b"\x12\x02\x03\0\x02\0\0\0",
    b"\x01\x44\0\x03",
    b"\x01\x42\0\x03",
];

/// Elements with their value representations, delimiters and transfer syntaxes.
const DICOM: &[&[u8]] = &[
    b"\x28\0\x02\0US\x02\0",
    b"\x28\0\x04\0CS",
    b"\x28\0\x06\0US\x02\0",
    b"\x28\0\x08\0IS",
    b"\x28\0\x10\0US\x02\0",
    b"\x28\0\x11\0US\x02\0",
    b"\x28\0\0\x01US\x02\0",
    b"\x28\0\x01\x01US\x02\0",
    b"\x28\0\x02\x01US\x02\0",
    b"\x28\0\x03\x01US\x02\0",
    b"\x28\0\x50\x10DS",
    b"\x28\0\x01\x11US\x06\0",
    b"\x28\0\x01\x12OW",
    b"\xe0\x7f\x10\0OB\0\0",
    b"\xe0\x7f\x10\0OW\0\0",
    b"\xfe\xff\x00\xe0",
    b"\xfe\xff\x0d\xe0\0\0\0\0",
    b"\xfe\xff\xdd\xe0\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"SQ\0\0",
    b"UN\0\0",
    b"RGB ",
    b"YBR_FULL_422",
    b"YBR_RCT ",
    b"MONOCHROME1 ",
    b"MONOCHROME2 ",
    b"PALETTE COLOR ",
    b"1.2.840.10008.1.2",
    b"1.2.840.10008.1.2.1",
    b"1.2.840.10008.1.2.4.50",
    b"1.2.840.10008.1.2.4.57",
    b"1.2.840.10008.1.2.4.70",
    b"1.2.840.10008.1.2.4.80",
    b"1.2.840.10008.1.2.4.90",
    b"1.2.840.10008.1.2.4.91",
    b"1.2.840.10008.1.2.5",
    b"\xff\x4f\xff\x51",
    b"\xff\x52",
    b"\xff\x5c",
    b"\xff\x90",
    b"\xff\x93",
    b"\xff\xd9",
    b"\x04\0\x20\x12SQ\0\0",
    b"\x04\0\x30\x14CS",
    b"\x04\0\0\x15CS",
    b"1.2.840.10008.1.3.10",
];

/// Boxes of the container, and headers of code streams: one of the usual values, one of a frame.
const JPEG_XL: &[&[u8]] = &[
    b"\xff\x0a",
    b"\0\0\0\x0cJXL \r\n\x87\n",
    b"\0\0\0\x14ftypjxl \0\0\0\0jxl ",
    b"jxlc",
    b"jxlp",
    b"jxll",
    b"jbrd",
    b"brob",
    b"Exif",
    b"xml ",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
];

const OTHERS: &[&[u8]] = &[
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"tRNS",
    b"eXIf",
    b"iCCP",
    b"zTXt",
    b"iTXt",
    b"acTL",
    b"fcTL",
    b"IEND",
    b"BM",
    b"RIFF",
    b"WEBP",
    b"VP8 ",
    b"VP8L",
    b"VP8X",
    b"ALPH",
    b"ANIM",
    b"ANMF",
    b"EXIF",
    b"DICM",
    b"\x9d\x01\x2a",
    b"\xff\xc0",
    b"\x12\x01\x03\0",
];

#[test]
fn open_pictures() {
    Target {
        name: "open",
        seeds: &["png", "bmp_webp", "pnm", "jpeg", "jxl", "tiff", "dicom"],
        words: OTHERS,
        forgiven: &["/jxl-"],
        mutate: |seeds, words, choices: &mut Choices| {
            with_checksums(mutated(seeds, words, choices))
        },
        run: opened,
    }
    .check();
}

#[test]
fn jpeg() {
    Target {
        name: "jpeg",
        seeds: &["jpeg"],
        words: JPEG,
        run: opened,
        ..PLAIN
    }
    .check();
}

/// Panics of the decoder are caught by design: most of it is arithmetic on coefficients.
#[test]
fn jpeg_xl() {
    Target {
        name: "jpeg_xl",
        seeds: &["jxl"],
        words: JPEG_XL,
        forgiven: &["/jxl-"],
        run: opened,
        ..PLAIN
    }
    .check();
}

#[test]
fn tiff() {
    Target {
        name: "tiff",
        seeds: &["tiff"],
        words: TIFF,
        run: opened,
        ..PLAIN
    }
    .check();
}

#[test]
fn dicom() {
    Target {
        name: "dicom",
        seeds: &["dicom"],
        words: DICOM,
        run: opened,
        ..PLAIN
    }
    .check();
}

fn opened(bytes: &[u8]) -> bool {
    let opened = |frame, accept_any_picture| {
        let options = OpenOptions {
            frame,
            accept_any_picture,
            limits: LIMITS,
            ..OpenOptions::default()
        };
        open(bytes, "01L.jpg", &options)
    };
    // A folder is searched with the same bytes.
    let _ = (no_photograph(bytes), foreign(bytes, "a_cube_z.img", 1024));
    if let Ok(files) = files_of_disc(bytes) {
        assert!(files.iter().all(|file| !file.parts.is_empty()));
    }
    match opened(None, true) {
        Ok(image) => {
            let pixels = &image.pixels;
            let area = u64::from(pixels.width) * u64::from(pixels.height);
            assert_eq!(area * 3, pixels.rgb.len() as u64);
            assert!(area > 0 && area <= LIMITS.pixels, "{area} pixels");
            // A later frame may be damaged; none replaces a missing one.
            if let Ok(second) = opened(Some(2), false) {
                assert!(!second.pixels.rgb.is_empty());
            }
            assert!(opened(Some(u32::MAX), false).is_err());
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}
