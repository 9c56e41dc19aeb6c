//! Photographs as small files. The name decides the content: `broken…` is truncated, `street…` is not a fundus, `hazy…`
//! has one caution more than a plain eye and `dull…` two, `blank…` shows neither disc nor fovea, `b…` is bluer and has
//! a low score, `z…` is greener, which the study model detects, and `large…` is larger than a tile of the screen. With
//! `OD` in its name it is a right eye, otherwise a left one. A `.dcm` holds several.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use crate::dicom::DicomFile;
use gantei::drawing::{PictureFormat, Pixels, draw_eye, encode, eye_of_picture};

/// Width and height in pixels.
pub const SIDE: u32 = 256;

/// The right eye on which every picture is based; drawing is the slowest step.
fn right_eye() -> &'static Pixels {
    static EYE: OnceLock<Pixels> = OnceLock::new();
    EYE.get_or_init(|| {
        let (_, eye) = eye_of_picture(5, 0);
        draw_eye(&eye, SIDE, SIDE).unwrap().0
    })
}

/// The bytes of a photograph of this name, created once for all tests.
pub fn bytes(name: &str) -> Vec<u8> {
    static MADE: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let stem = name.rsplit('/').next().unwrap();
    let known = MADE.lock().unwrap().get(stem).cloned();
    known.unwrap_or_else(|| {
        let bytes = made(stem);
        MADE.lock().unwrap().insert(stem.to_owned(), bytes.clone());
        bytes
    })
}

/// A DICOM file with a frame for each of these names. Its camera's name contains a control character and a mark that
/// changes the writing direction.
pub fn frames(names: &[&str]) -> Vec<u8> {
    let mut file = DicomFile::new();
    file.put(2, 0x10, b"UI", b"1.2.840.10008.1.2.1");
    file.put(8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.77.1.5.1");
    file.put(8, 0x60, b"CS", b"OP");
    file.put(8, 0x70, b"LO", b"Optics\x07 Ltd");
    file.put(8, 0x1090, b"LO", "Retina\u{202e}45".as_bytes());
    file.put(0x22, 0xc, b"FL", &45.0_f32.to_le_bytes());
    file.put(0x28, 8, b"IS", names.len().to_string().as_bytes());
    let frames: Vec<u8> = names.iter().flat_map(|name| picture(name).rgb).collect();
    file.put_picture("RGB", SIDE as u16, &frames);
    file.into_bytes()
}

fn made(stem: &str) -> Vec<u8> {
    let format = match stem.ends_with(".png") {
        true => PictureFormat::Png,
        false => PictureFormat::Jpeg,
    };
    let mut picture = picture(stem);
    // No two files have the same bytes: a corner outside the eye holds a number derived from the name.
    let number = stem
        .bytes()
        .fold(7_u32, |n, b| n.wrapping_mul(31).wrapping_add(u32::from(b)));
    for (i, value) in picture.rgb.iter_mut().take(9).enumerate() {
        *value = (number >> (3 * i) & 7) as u8;
    }
    let mut bytes = encode(&picture, format).unwrap();
    if stem.starts_with("broken") {
        bytes.truncate(bytes.len() / 3);
    }
    bytes
}

fn picture(stem: &str) -> Pixels {
    let is = |word: &str| stem.starts_with(word);
    if is("street") {
        return street();
    }
    let eye = right_eye();
    if is("large") {
        return enlarged(eye, 9);
    }
    let mut eye = match stem.contains("OD") || is("01L") {
        true => eye.clone(),
        false => mirrored(eye),
    };
    for rgb in eye.rgb.chunks_exact_mut(3) {
        let [r, g, b] = [rgb[0], rgb[1], rgb[2]].map(f32::from);
        // Outside the field of view it stays black.
        if r + g + b < 30.0 {
            continue;
        }
        let grey =
            |share: f32| [(r, 150.0), (g, 80.0), (b, 45.0)].map(|(v, m)| m + (v - m) * share);
        let changed = match () {
            () if is("hazy") => grey(0.3),
            () if is("dull") => grey(0.26).map(|v| v * 0.3),
            () if is("blank") => grey(0.0),
            () if is("b") => [r, g, b + 0.6 * (g - b)],
            () if is("z") => [r, g + 0.5 * (r - g), b],
            () => [r, g, b],
        };
        rgb.copy_from_slice(&changed.map(|v| v as u8));
    }
    eye
}

fn mirrored(eye: &Pixels) -> Pixels {
    let row = |row: &[u8]| -> Vec<u8> {
        let pixels = row.chunks_exact(3).rev();
        pixels.flatten().copied().collect()
    };
    let rows = eye.rgb.chunks_exact(eye.width as usize * 3);
    Pixels {
        rgb: rows.flat_map(row).collect(),
        ..eye.clone()
    }
}

fn enlarged(eye: &Pixels, times: u32) -> Pixels {
    let (width, height) = (eye.width * times, eye.height * times);
    let at = |x: u32, y: u32| {
        let i = ((y / times * eye.width + x / times) * 3) as usize;
        [eye.rgb[i], eye.rgb[i + 1], eye.rgb[i + 2]]
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Pixels {
        width,
        height,
        rgb: places.flat_map(|(x, y)| at(x, y)).collect(),
    }
}

/// A sky, houses with windows, and a road.
fn street() -> Pixels {
    let at = |x: u32, y: u32| match (x, y) {
        (_, 0..80) => [150, 190, 235],
        (_, 80..180) if (x / 12).is_multiple_of(2) && (y / 12).is_multiple_of(2) => [40, 45, 60],
        (_, 80..180) if (x / 64).is_multiple_of(2) => [180, 175, 170],
        (_, 80..180) => [120, 125, 140],
        _ if x % 40 < 4 => [230, 230, 230],
        _ => [90, 92, 95],
    };
    let places = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
    Pixels {
        width: SIDE,
        height: SIDE,
        rgb: places.flat_map(|(x, y)| at(x, y)).collect(),
    }
}
