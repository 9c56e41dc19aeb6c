//! What lies in a folder beside photographs: discs of DICOM files, data of makers' devices, pictures in other formats,
//! masks. Each is a photograph, or a row or a skipped file with its reason, the same however it was given.

use std::path::{Path, PathBuf};

use gantei::app::Settings;
use gantei::app::apply::{Action, Photographs};
use gantei::imaging::{self, OpenOptions};
use gantei::text::Lang;
use serde_json::Value;

use crate::desk::Desk;
use crate::home::{Home, codes};

const PHOTOGRAPH: &str = "1.2.840.10008.5.1.4.1.1.77.1.5.1";
const REPORT: &str = "1.2.840.10008.5.1.4.1.1.88.11";
const PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
const PRESENTATION: &str = "1.2.840.10008.5.1.4.1.1.11.1";
const TOMOGRAPHY: &str = "1.2.840.10008.5.1.4.1.1.77.1.5.4";

/// Files that are recognised and not opened: name, bytes, a word of the reason, and why they are skipped in a folder;
/// `None` for those that get a row there too.
type Recognised = (
    &'static str,
    &'static [u8],
    &'static str,
    Option<&'static str>,
);

const SCAN: Recognised = ("scan.fda", b"FOCTFDA\x02\0\0\0\x01\0\0\0", "Topcon", None);

const UNSUPPORTED: Option<&str> = Some("unsupported-format");

#[rustfmt::skip]
const RECOGNISED: [Recognised; 32] = [
    SCAN,
    ("SCAN.FDS", b"FOCTFDS\x02\0\0\0\x01\0\0\0", "Topcon", None),
    ("p1.E2E", b"CMDb\0\0\0\0\0\0\0\0", "Heidelberg", None),
    ("p2.e2e", b"E2EMultipleVolumeFile\0\0\0", "Heidelberg", None),
    ("p3.vol", b"HSF-OCT-103\0", "Heidelberg", None),
    ("P4_OD_sn0001_cube_z.img", &[7; 2048], "Cirrus", None),
    ("IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC", None),
    ("IMG_0002", b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "AVIF", None),
    ("a.jls", b"\xFF\xD8\xFF\xF7\0\x0B\x08\0\x10\0\x10\x01\x01\x11\0", "JPEG-LS", None),
    ("a.CR2", b"II*\0\x10\0\0\0CR\x02\0", "camera raw", None),
    ("a.CR3", b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "camera raw", None),
    ("a.hdr", b"#?RADIANCE\n", "Radiance", None),
    ("login.jpg", b"<!DOCTYPE html>\n<html>", "web page", None),
    ("pointer.png", b"version https://git-lfs.github.com/spec/v1", "placeholder", None),
    ("01_manual1.gif", b"GIF89a\x10\0\x10\0", "GIF", UNSUPPORTED),
    ("figure.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", UNSUPPORTED),
    ("figure.xcf", b"gimp xcf v011\0", "GIMP", UNSUPPORTED),
    ("paper.pdf", b"%PDF-1.7", "PDF", Some("document")),
    ("figure.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript", Some("document")),
    ("eye.mp4", b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1", "video", Some("video")),
    ("eyes.zip", b"PK\x03\x04\x14\0\0\0", "archive", Some("archive")),
    ("eyes.npy", b"\x93NUMPY\x01\0", "numbers", Some("data")),
    ("paper.docx", b"PK\x03\x04..........................[Content_Types].xml", "Office", Some("document")),
    ("login.htm", b"<html>", "web page", Some("web-page")),
    ("pointer", b"version https://git-lfs.github.com/spec/v1", "placeholder", Some("not-downloaded")),
    (".p1_OD.jpg.icloud", b"bplist00", "iCloud", Some("not-downloaded")),
    ("zeros.jpg", &[0; 64], "zeros", None),
    ("zeros", &[0; 64], "zeros", Some("zeros")),
    ("scan.OCT", b"\xFF\xE4\x22\x79", "OCT", None),
    ("scan.poct", b"PK\x03\x04", "OCT", None),
    ("a.iiq", b"IIII", "camera raw", None),
    ("heyex.xml", b"<?xml version=\"1.0\"?><HEDX>", "Heidelberg", Some("not-a-picture")),
];

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    std::fs::read(folder.join(name)).unwrap()
}

fn write(path: PathBuf, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn element(group: u16, number: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), number.to_le_bytes()].concat();
    let length = value.len() + value.len() % 2;
    out.extend(vr);
    if vr == b"SQ" {
        out.extend([0, 0]);
        out.extend((length as u32).to_le_bytes());
    } else {
        out.extend((length as u16).to_le_bytes());
    }
    out.extend(value);
    out.resize(
        out.len() + value.len() % 2,
        if vr == b"UI" { 0 } else { b' ' },
    );
    out
}

/// The beginning of a file of a class.
fn head(class: &str) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element(2, 2, b"UI", class.as_bytes()));
    out.extend(element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1"));
    out
}

/// An object of a class, without pixels.
fn object(class: &str) -> Vec<u8> {
    [head(class), element(8, 0x16, b"UI", class.as_bytes())].concat()
}

/// The index of a disc with a record for each file.
fn index(files: &[(&str, &str, &str)]) -> Vec<u8> {
    let records = files.iter().map(|(kind, file, class)| {
        let content = [
            element(4, 0x1430, b"CS", kind.as_bytes()),
            element(4, 0x1500, b"CS", file.as_bytes()),
            element(4, 0x1510, b"UI", class.as_bytes()),
        ]
        .concat();
        let length = (content.len() as u32).to_le_bytes();
        [&b"\xFE\xFF\x00\xE0"[..], &length, &content].concat()
    });
    let records: Vec<u8> = records.flatten().collect();
    [
        head("1.2.840.10008.1.3.10"),
        element(4, 0x1220, b"SQ", &records),
    ]
    .concat()
}

/// A disc as systems show it: names in another case, and with versions.
fn disc(home: &Home) -> PathBuf {
    let disc = home.path("cd");
    let eyes = ["explicit_little_endian.dcm", "jpeg_baseline.dcm"].map(fixture);
    write(disc.join("dicom/0001/im000001"), &eyes[0]);
    write(disc.join("dicom/0001/IM000002.;1"), &eyes[1]);
    for (name, class) in [
        ("SR1", REPORT),
        ("PDF1", PDF),
        ("PR1", PRESENTATION),
        ("OCT1", TOMOGRAPHY),
    ] {
        write(disc.join("dicom").join(name), &object(class));
    }
    write(disc.join("autorun.inf"), b"[autorun]");
    write(disc.join("VIEWER/viewer.exe"), b"MZ");
    let files = [
        ("IMAGE", r"DICOM\0001\IM000001", PHOTOGRAPH),
        ("IMAGE", r"DICOM\0001\IM000002", PHOTOGRAPH),
        ("SR DOCUMENT", r"DICOM\SR1", REPORT),
        ("ENCAP DOC", r"DICOM\PDF1", PDF),
        ("PRESENTATION", r"DICOM\PR1", PRESENTATION),
        ("IMAGE", r"DICOM\OCT1", TOMOGRAPHY),
    ];
    write(disc.join("DICOMDIR"), &index(&files));
    disc
}

fn predict(home: &Home, given: &Path) -> (i32, Value) {
    home.json(&[
        "predict",
        given.to_str().unwrap(),
        "--device",
        "embedded",
        "--saliency",
        "none",
    ])
}

fn rows(document: &Value) -> &Vec<Value> {
    document["results"].as_array().unwrap()
}

fn field<'a>(document: &'a Value, name: &str) -> Vec<&'a str> {
    let rows = rows(document).iter();
    rows.map(|row| row[name].as_str().unwrap_or_default())
        .collect()
}

fn reasons(document: &Value) -> Vec<(&str, &str)> {
    let skipped = document["skipped_reasons"].as_array().unwrap().iter();
    skipped
        .map(|s| (s["file"].as_str().unwrap(), s["reason"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_disc_opens_by_its_folder_and_by_its_index() {
    let home = Home::with_models();
    let disc = disc(&home);
    let (status, by_folder) = predict(&home, &disc);
    assert_eq!(status, 0, "{by_folder}");
    let names = ["dicom/0001/im000001", "dicom/0001/IM000002.;1"];
    assert_eq!(field(&by_folder, "image"), names);
    let found = reasons(&by_folder);
    for expected in [
        ("DICOMDIR", "disc-index"),
        ("dicom/SR1", "dicom-document"),
        ("dicom/PDF1", "dicom-document"),
        ("dicom/PR1", "dicom-without-image"),
        ("dicom/OCT1", "tomography"),
        ("autorun.inf", "left-by-system"),
        ("VIEWER/viewer.exe", "not-a-picture"),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }

    let (status, by_index) = predict(&home, &disc.join("DICOMDIR"));
    assert_eq!(status, 0, "{by_index}");
    for name in ["image", "pixels_sha256", "eye", "person"] {
        assert_eq!(field(&by_index, name), field(&by_folder, name), "{name}");
    }
    assert_eq!(
        reasons(&by_index),
        [
            ("DICOMDIR", "disc-index"),
            ("dicom/SR1", "dicom-document"),
            ("dicom/PDF1", "dicom-document"),
            ("dicom/PR1", "dicom-without-image"),
            ("dicom/OCT1", "tomography"),
        ]
    );
    // An object that is named itself is a row with the reason.
    let (status, named) = predict(&home, &disc.join("dicom/PDF1"));
    assert_eq!(status, 1);
    let error = rows(&named)[0]["error"].as_str().unwrap();
    assert!(error.contains("a document, such as a PDF"), "{error}");
}

#[test]
fn what_an_index_lists_and_the_disc_lacks_is_named() {
    let home = Home::with_models();
    let disc = disc(&home);
    write(home.path("outside"), &fixture("rle.dcm"));
    let files = [
        ("IMAGE", r"DICOM\0001\IM000001", PHOTOGRAPH),
        ("IMAGE", r"DICOM\0001\IM000009", PHOTOGRAPH),
        ("IMAGE", r"..\outside", PHOTOGRAPH),
    ];
    write(disc.join("DICOMDIR"), &index(&files));
    for given in [disc.clone(), disc.join("DICOMDIR")] {
        let (_, document) = predict(&home, &given);
        let missing = ("DICOM/0001/IM000009", "not-on-disc");
        assert!(reasons(&document).contains(&missing), "{document}");
    }
    let (status, document) = predict(&home, &disc.join("DICOMDIR"));
    assert_eq!(status, 0);
    assert_eq!(rows(&document).len(), 1);
    assert_eq!(rows(&document)[0]["error"], Value::Null);
    assert!(reasons(&document).contains(&("../outside", "outside-of-disc")));
    // The index without the rest of the disc.
    let copied = home.path("copied/DICOMDIR");
    write(copied.clone(), &index(&files[..2]));
    let (status, document) = predict(&home, &copied);
    assert_eq!(status, 2);
    let text = document.to_string();
    assert!(text.contains("copy the whole disc"), "{text}");
    // An index that lists no photograph says so.
    write(disc.join("DICOMDIR"), &index(&files[..0]));
    let (status, document) = predict(&home, &disc.join("DICOMDIR"));
    assert_eq!(status, 1);
    let error = rows(&document)[0]["error"].as_str().unwrap();
    assert!(error.contains("it lists no photograph"), "{error}");
}

#[test]
fn a_check_of_the_preprocessing_finds_the_same_files() {
    let home = Home::with_models();
    let disc = disc(&home);
    write(disc.join("scan.fda"), SCAN.1);
    write(
        home.path("labels.csv"),
        b"image,sex\nim000001,female\nIM000002.;1,male\nscan.fda,male\n",
    );
    for given in [disc.clone(), disc.join("DICOMDIR")] {
        let (_, document) = home.json(&[
            "check-import",
            "demo-mobilenet",
            "--labels",
            home.path("labels.csv").to_str().unwrap(),
            given.to_str().unwrap(),
            "--device",
            "embedded",
        ]);
        assert_eq!(document["images"], 2, "{document}");
        let text = document["left_out"].to_string();
        assert!(
            text.contains("disc-index") && text.contains("tomography"),
            "{text}"
        );
        if given.is_dir() {
            assert!(text.contains("Topcon"), "{text}");
        }
    }
}

#[test]
fn recognised_files_are_named_with_the_reason_alone_and_in_a_folder() {
    let home = Home::with_models();
    for (name, bytes, ..) in RECOGNISED {
        write(home.path("eyes").join(name), bytes);
    }
    write(home.path("eyes/p1_OD.png"), &fixture("rgb.png"));
    let (status, folder) = predict(&home, &home.path("eyes"));
    assert_eq!(status, 1);
    for (name, _, word, skipped) in RECOGNISED {
        let (status, alone) = predict(&home, &home.path("eyes").join(name));
        assert_eq!(status, 1, "{name}");
        let error = rows(&alone)[0]["error"].as_str().unwrap();
        assert!(error.contains(word), "{name}: {error}");
        let in_folder = rows(&folder).iter().find(|row| row["image"] == name);
        match (skipped, in_folder) {
            (None, Some(row)) => {
                assert_eq!(row["error"], error, "{name}");
                assert!(row["score"].is_null());
            }
            (Some(reason), None) => {
                let found = reasons(&folder);
                assert!(found.contains(&(name, reason)), "{name}: {found:?}");
            }
            _ => panic!("{name}: {folder}"),
        }
    }
}

#[test]
fn what_programs_leave_beside_photographs_is_skipped_with_what_it_is() {
    let home = Home::with_models();
    let photograph = fixture("rgb.png");
    let litter: [(&str, &[u8], &str); 9] = [
        ("p1.png.part", &photograph[..800], "part-of-download"),
        ("p1.png.crdownload", &photograph[..800], "part-of-download"),
        ("p1.png~", &photograph, "backup"),
        ("p1.png.bak", &photograph, "backup"),
        ("p1.png_exiftool_tmp", &photograph, "backup"),
        ("rsrc/p1.jpg", b"\0\x05\x16\x07\0\x02\0\0", "left-by-system"),
        ("resource.frk/p1.jpg", b"other", "left-by-system"),
        ("a.lrcat-data/x.png", &photograph, "left-by-system"),
        ("p1.m.grad-cam.png", &photograph, "own-picture"),
    ];
    for (name, bytes, _) in litter {
        write(home.path("eyes").join(name), bytes);
    }
    write(home.path("eyes/p1.png"), &photograph);
    let (status, document) = predict(&home, &home.path("eyes"));
    assert_eq!(status, 0, "{document}");
    assert_eq!(field(&document, "image"), ["p1.png"]);
    let found = reasons(&document);
    for (name, _, why) in litter {
        let is_folder_named = |skipped: &str| name.starts_with(&format!("{skipped}/"));
        let known = found.iter().any(|&(skipped, reason)| {
            reason == why && (skipped == name || is_folder_named(skipped))
        });
        assert!(known, "{name}: {found:?}");
    }
    // Alone in a folder, the archive is named with what to do.
    write(home.path("packed/eyes.zip"), b"PK\x03\x04\x14\0\0\0");
    let (status, document) = predict(&home, &home.path("packed"));
    assert_eq!(status, 2, "{document}");
    assert!(document.to_string().contains("unpack it"), "{document}");
}

#[test]
fn masks_beside_photographs_get_no_score() {
    let home = Home::with_models();
    let (width, height) = (300, 300);
    let at = |x: u32, y: u32| (f64::from(x) - 150.0, f64::from(y) - 150.0);
    let is_inside = |x, y| {
        let (x, y) = at(x, y);
        x.hypot(y) < 140.0
    };
    let is_vessel = |x, y| {
        let (x, y) = at(x, y);
        let arcade = |side: f64| (y - side * (40.0 + (x * 0.03).sin() * 30.0)).abs() < 3.0;
        let branch = |side: f64| (x - side * (20.0 + y * 0.3)).abs() < 2.5;
        arcade(1.0) || arcade(-1.0) || branch(1.0) || branch(-1.0)
    };
    type Colour = [u8; 3];
    let draw = |outside: Colour, inside: Colour, vessel: Colour| {
        image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb(match (is_inside(x, y), is_vessel(x, y)) {
                (false, _) => outside,
                (true, false) => inside,
                (true, true) => vessel,
            })
        })
    };
    for (name, mask) in [
        ("01_mask.png", draw([0; 3], [255; 3], [255; 3])),
        ("01_vessels.png", draw([0; 3], [0; 3], [255; 3])),
        ("01_labels.png", draw([0; 3], [1; 3], [2; 3])),
        ("01_arteries.png", draw([0; 3], [0; 3], [255, 0, 0])),
        (
            "01_in_the_colours_of_a_retina.png",
            draw([0; 3], [190, 100, 50], [120, 40, 20]),
        ),
        ("01_bitmap.bmp", draw([255; 3], [0; 3], [128; 3])),
    ] {
        std::fs::create_dir_all(home.path("eyes")).unwrap();
        mask.save(home.path("eyes").join(name)).unwrap();
    }
    write(home.path("eyes/01.png"), &fixture("rgb.png"));
    let (status, document) = predict(&home, &home.path("eyes"));
    assert_eq!(status, 0, "{document}");
    for row in rows(&document) {
        let is_photograph = row["image"] == "01.png";
        assert_eq!(row["score"].is_number(), is_photograph, "{row}");
        assert_eq!(
            codes(row).contains(&"not-a-fundus"),
            !is_photograph,
            "{row}"
        );
    }
}

#[test]
fn the_window_lists_the_same_photographs_and_gives_the_same_reasons() {
    let home = Home::with_models();
    let disc = disc(&home);
    let fda = home.path("scan.fda");
    write(fda.clone(), SCAN.1);
    for lang in [Lang::En, Lang::Ja] {
        let mut desk = Desk::new(&home.path("home"), Settings::default());
        let given = vec![disc.join("DICOMDIR"), fda.clone()];
        desk.act(Action::Photographs(Photographs::Add(given)));
        desk.until("three photographs", |s| s.photographs.len() == 3);
        let failed = desk.state.photographs.iter().last().unwrap().id;
        desk.act(Action::Photographs(Photographs::Select(failed)));
        desk.until("the reason", |s| {
            let last = s.photographs.iter().last().unwrap();
            last.failure().is_some()
        });
        let last = desk.state.photographs.iter().last().unwrap();
        let failure = last.failure().unwrap();
        let words = format!("{} {}", failure.message(lang), failure.hint(lang));
        assert!(words.contains(".fda") && words.contains("DICOM"), "{words}");
    }
}

/// The reason does not depend on how many bytes of the file were read.
#[test]
fn a_maker_is_named_whatever_follows() {
    for (name, bytes, word, _) in RECOGNISED {
        let long = [bytes, &[0; 4096][..]].concat();
        let long = if name.ends_with(".img") {
            vec![7; 4096]
        } else {
            long
        };
        let refused = imaging::open(&long, name, &OpenOptions::default()).unwrap_err();
        assert!(refused.to_string().contains(word), "{name}: {refused}");
    }
}
