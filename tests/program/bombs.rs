//! Decompression bombs: small files that expand to large ones, with the peak memory of the process as the system
//! reports it.
//!
//! All files are generated here. `tests/hostile.py` does the same for a folder of files and also measures the time.

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::home::Home;

/// Peak memory in bytes for a refused file, including the models. A size that is only announced must not be allocated.
const REFUSED: u64 = 250_000_000;

/// Peak memory in bytes for any file.
const ANY: u64 = 1_000_000_000;

/// Exit status, document and peak memory of a run on a file with these bytes.
fn run(command: &str, name: &str, bytes: &[u8]) -> (Option<i32>, Value, u64) {
    let home = Home::new();
    let file = home.path(name);
    std::fs::write(&file, bytes).unwrap();
    measured(&home, &[command, file.to_str().unwrap()])
}

fn measured(home: &Home, args: &[&str]) -> (Option<i32>, Value, u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gantei"))
        .args(args)
        .arg("--json")
        .env("GANTEI_HOME", home.path("home"))
        .env_remove("ORT_DYLIB_PATH")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(&status_file).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|l| l.trim().strip_suffix("kB")?.trim().parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0_u64) * 1024);
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    assert!(peak > 0, "the peak was not seen");
    let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), document, peak)
}

fn refused(name: &str, bytes: &[u8], word: &str) {
    let (status, document, peak) = run("predict", name, bytes);
    let text = document["results"][0]["error"].to_string();
    assert_eq!(status, Some(1), "{name}: {document}");
    assert!(text.contains(word), "{name}: {text}");
    assert!(peak < REFUSED, "{name}: {peak} bytes");
}

/// A PNG in which only the header is valid.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [
        (b"IHDR", &header[..]),
        (b"IDAT", b"\x78\x9c"),
        (b"IEND", b""),
    ] {
        out.extend((content.len() as u32).to_be_bytes());
        let from = out.len();
        out.extend(kind);
        out.extend(content);
        out.extend(crc32(&out[from..]).to_be_bytes());
    }
    out
}

/// The CRC of PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut sum, &byte| {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
        sum
    })
}

/// A little-endian TIFF with one LONG per tag, followed by `data`.
fn tiff(tags: &[(u16, u32)]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        out.extend(tag.to_le_bytes());
        out.extend(4_u16.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 600]);
    out
}

/// A DICOM photograph with `stream` as its only compressed frame.
fn dicom(transfer_syntax: &str, rows: u16, columns: u16, stream: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    let mut element = |group: u16, number: u16, vr: &[u8; 2], value: &[u8]| {
        let mut value = value.to_vec();
        if value.len() % 2 == 1 {
            value.push(0);
        }
        out.extend(group.to_le_bytes());
        out.extend(number.to_le_bytes());
        out.extend(vr);
        out.extend((value.len() as u16).to_le_bytes());
        out.extend(value);
    };
    element(2, 0x10, b"UI", transfer_syntax.as_bytes());
    element(8, 0x60, b"CS", b"OP");
    let words = [
        (2, 3),
        (0x10, rows),
        (0x11, columns),
        (0x100, 8),
        (0x101, 8),
        (0x102, 7),
        (0x103, 0),
    ];
    for (number, value) in words {
        element(0x28, number, b"US", &value.to_le_bytes());
        if number == 2 {
            element(0x28, 4, b"CS", b"RGB");
            element(0x28, 6, b"US", &[0, 0]);
        }
    }
    out.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0");
    out.extend((stream.len() as u32).to_le_bytes());
    out.extend(stream);
    out.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    out
}

/// The first segment of a JPEG 2000 code stream with one tile.
fn code_stream(side: u32, components: u16) -> Vec<u8> {
    let mut out = b"\xFF\x4F\xFF\x51".to_vec();
    out.extend((38 + 3 * components).to_be_bytes());
    out.extend([0, 0]);
    for field in [side, side, 0, 0, side, side, 0, 0] {
        out.extend(field.to_be_bytes());
    }
    out.extend(components.to_be_bytes());
    out.extend([7, 1, 1].repeat(components.into()));
    out
}

fn jp2(stream: &[u8], padding: &[u8]) -> Vec<u8> {
    let boxed = |kind: &[u8], content: &[u8]| {
        let length = 8 + content.len() as u32;
        [&length.to_be_bytes(), kind, content].concat()
    };
    let size = [
        &480_u32.to_be_bytes()[..],
        &480_u32.to_be_bytes(),
        &[0, 3, 7, 7, 0, 0],
    ]
    .concat();
    [
        boxed(b"jP  ", b"\r\n\x87\n"),
        boxed(b"jp2h", &boxed(b"ihdr", &size)),
        boxed(b"free", padding),
        boxed(b"jp2c", stream),
    ]
    .concat()
}

/// A lossless WebP of one colour: each of its five codes has one symbol, so a pixel takes no bits.
fn webp(side: u32) -> Vec<u8> {
    let mut bits: u64 = u64::from(side - 1) | u64::from(side - 1) << 14;
    // No transform, no colour cache, one group of codes; then five codes with the one symbol 0.
    let mut at = 32 + 3;
    for _ in 0..5 {
        bits |= 1 << at;
        at += 4;
    }
    let mut data = vec![0x2F];
    data.extend(bits.to_le_bytes());
    data.extend([0; 5]);
    let mut out = b"RIFF".to_vec();
    out.extend((12 + data.len() as u32).to_le_bytes());
    out.extend(b"WEBPVP8L");
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out
}

/// A BMP whose run-length code ends immediately.
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"BM".to_vec();
    for field in [
        1080,
        0,
        1078,
        40,
        width,
        height,
        1 | 8 << 16,
        1,
        2,
        0,
        0,
        256,
        0,
    ] {
        out.extend(u32::to_le_bytes(field));
    }
    out.extend([60; 1024]);
    out.extend([0, 1]);
    out
}

const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";

#[test]
fn a_side_beyond_the_limit_is_refused_by_its_figure() {
    refused("a.png", &png(1, 20_000_000), "20000000");
    refused("b.png", &png(65_536, 1), "65536");
    refused("c.bmp", &bitmap(1, 190_000_000), "190000000");
    let tags = [
        (256, 3),
        (257, 5_000_000),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (279, 600),
    ];
    refused("d.tif", &tiff(&tags), "5000000");
}

#[test]
fn what_a_file_announces_is_not_taken_before_it_is_checked() {
    refused("a.png", &png(60_000, 60_000), "number of pixels");
    refused("b.bmp", &bitmap(20_000, 20_000), "number of pixels");
    refused("c.webp", &webp(14_000), "memory");
    // One strip of 1.6 GB; then pixels with 65,535 samples each.
    let one = |samples, side: u32, bits| {
        tiff(&[
            (256, side),
            (257, side),
            (258, bits),
            (259, 8),
            (262, 1),
            (273, 8),
            (277, samples),
            (278, side),
            (279, 600),
        ])
    };
    refused("d.tif", &one(8, 10_000, 16), "");
    refused("e.tif", &one(65_535, 10_000, 8), "");
    let tiles = [
        (256, 100),
        (257, 100),
        (258, 8),
        (259, 8),
        (262, 1),
        (322, 4_294_967_280),
        (323, 65_520),
        (324, 8),
        (325, 600),
    ];
    refused("f.tif", &tiff(&tiles), "bytes to read");
}

#[test]
fn the_code_stream_that_is_decoded_is_the_one_that_is_checked() {
    let sound = code_stream(480, 3);
    let huge = code_stream(30_000, 3);
    for (name, stream, word) in [
        ("late.dcm", jp2(&huge, &[0; 6000]), "contradict"),
        ("bait.dcm", jp2(&huge, &sound), "contradict"),
        (
            "colours.dcm",
            jp2(&code_stream(480, 100), &[0; 6000]),
            "contradict",
        ),
        ("none.dcm", vec![0; 6000], "no code stream"),
        (
            "tiles.dcm",
            {
                let mut stream = code_stream(480, 3);
                stream[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
                stream
            },
            "memory",
        ),
    ] {
        refused(name, &dicom(JPEG_2000, 480, 480, &stream), word);
    }
}

#[test]
fn other_compressed_frames_are_held_against_their_header() {
    let lossless =
        b"\xFF\xD8\xFF\xC3\0\x11\x08\x36\xB0\x36\xB0\x03\x01\x11\0\x02\x11\0\x03\x11\0\xFF\xD9";
    let syntax = "1.2.840.10008.1.2.4.70";
    refused(
        "a.dcm",
        &dicom(syntax, 480, 480, lossless),
        "different size",
    );
    refused("b.dcm", &dicom(syntax, 14_000, 14_000, lossless), "memory");
    let runs = [
        &[3, 0, 0, 0][..],
        &[64, 0, 0, 0].repeat(3),
        &[0; 48],
        &[0x81, 0].repeat(20),
    ]
    .concat();
    refused(
        "c.dcm",
        &dicom("1.2.840.10008.1.2.5", 60_000, 2_000, &runs),
        "run lengths",
    );
}

#[test]
fn a_picture_that_is_admitted_stays_below_the_bound() {
    for (name, bytes) in [("a.webp", webp(5_000)), ("b.bmp", bitmap(60_000, 500))] {
        let (status, document, peak) = run("predict", name, &bytes);
        assert!(matches!(status, Some(0 | 1)), "{name}: {document}");
        assert_eq!(
            document["results"][0]["quality"], "not-a-fundus",
            "{name}: {document}"
        );
        assert!(peak < ANY / 2, "{name}: {peak} bytes");
    }
}

#[test]
fn a_large_file_that_is_nothing_is_left_after_its_first_bytes() {
    let home = Home::new();
    for (command, name, status) in [("import", "zeros.h5", 3), ("predict", "zeros.jpg", 1)] {
        let path = home.path(name);
        let file = std::fs::File::create(&path).unwrap();
        // A sparse file: only its length is written.
        file.set_len(400 << 20).unwrap();
        let (found, document, peak) = measured(&home, &[command, path.to_str().unwrap()]);
        assert_eq!(found, Some(status), "{name}: {document}");
        assert!(peak < REFUSED, "{name}: {peak} bytes");
    }
}
