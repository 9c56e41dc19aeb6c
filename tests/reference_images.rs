//! Every reference photograph behaves as its manifest expects, and hostile bytes are refused in time.
//!
//! The pictures lie in `GANTEI_TEST_IMAGES`, else in `../shared/images`; without them these tests say so and pass.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use gantei::domain::{Detail, EyeSource, FundusImage, Laterality, Pixels, Quality};
use gantei::imaging::{Error, Limits, OpenOptions, open};

use Quality::{Bad, Good, NotAFundus, Usable};

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("GANTEI_TEST_IMAGES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/images"),
        PathBuf::from,
    );
    if folder.join("MANIFEST.tsv").is_file() {
        return Some(folder);
    }
    // Past the test harness, which keeps the words of tests that pass.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: no reference photographs at hand"
    );
    None
}

fn bytes(file: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(folder()?.join(file)).expect(file))
}

fn opened(file: &str) -> Option<FundusImage> {
    Some(open_named(&bytes(file)?, file, &OpenOptions::default()).expect(file))
}

fn open_named(bytes: &[u8], file: &str, options: &OpenOptions) -> Result<FundusImage, Error> {
    open(bytes, file.rsplit('/').next().unwrap_or(file), options)
}

fn codes(image: &FundusImage) -> Vec<&'static str> {
    image.findings.iter().map(|f| f.code.as_str()).collect()
}

/// What a file must do. A guess of the eye may always be missing; it may never be another one.
enum Expect {
    /// One of these qualities, all of these findings, the eye with its source, the only guess allowed.
    Opens(
        &'static [Quality],
        &'static [&'static str],
        &'static str,
        &'static str,
    ),
    /// A message that contains these words.
    Refused(&'static str),
}

use Expect::{Opens, Refused};

const GOOD: &[Quality] = &[Good];
const FAIR: &[Quality] = &[Good, Usable];
const SPOILT: &[Quality] = &[Usable, Bad];
const ONLY_BAD: &[Quality] = &[Bad];
const OTHER: &[Quality] = &[NotAFundus];

const EXPECTED: &[(&str, Expect)] = &[
    (
        "fundus/haggstrom_left_1411.jpg",
        Opens(GOOD, &[], "OS file-name", "OS"),
    ),
    (
        "fundus/haggstrom_right_600.jpg",
        Opens(&[Usable], &["too-small"], "OD file-name", "OD"),
    ),
    (
        "fundus/chase_01L.jpg",
        Opens(FAIR, &[], "OS file-name", "none"),
    ),
    (
        "fundus/chase_01R.jpg",
        Opens(FAIR, &[], "OD file-name", "none"),
    ),
    (
        "fundus/chase_02L.jpg",
        Opens(FAIR, &[], "OS file-name", "none"),
    ),
    (
        "fundus/chase_02R.jpg",
        Opens(FAIR, &[], "OD file-name", "none"),
    ),
    (
        "fundus/chase_03L.jpg",
        Opens(FAIR, &[], "OS file-name", "none"),
    ),
    (
        "fundus/chase_03R.jpg",
        Opens(FAIR, &[], "OD file-name", "none"),
    ),
    (
        "fundus/hrf_01_h_small.jpg",
        Opens(GOOD, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "fundus/hrf_12_h_small.jpg",
        Opens(GOOD, &["eye-unknown"], "unknown none", "OS"),
    ),
    (
        "fundus/hrf_15_h_small.jpg",
        Opens(GOOD, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "fundus/hrf_07_dr_full.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OS"),
    ),
    (
        "fundus/idrid_17_clean_full.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "fundus/idrid_01_outlined.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "fundus/idrid_02_outlined.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OS"),
    ),
    (
        "fundus/idrid_24_outlined.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OS"),
    ),
    (
        "quality/hag_left_blur4.jpg",
        Opens(SPOILT, &["out-of-focus"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_blur12.jpg",
        Opens(ONLY_BAD, &["out-of-focus"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_dark15.jpg",
        Opens(ONLY_BAD, &["under-exposed"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_bright25.jpg",
        Opens(ONLY_BAD, &["over-exposed"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_haze60.jpg",
        Opens(SPOILT, &["low-contrast"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_halfdark.jpg",
        Opens(SPOILT, &["uneven-light"], "OS file-name", "none"),
    ),
    (
        "quality/hag_left_eyelid.jpg",
        Opens(ONLY_BAD, &["field-incomplete"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_cut.jpg",
        Opens(FAIR, &[], "OS file-name", "none"),
    ),
    (
        "quality/hag_left_mirror.jpg",
        Opens(GOOD, &["eye-conflict"], "OS file-name", "OD"),
    ),
    (
        "quality/hag_left_rot180.png",
        Opens(GOOD, &["eye-conflict"], "OS file-name", "OD"),
    ),
    (
        "quality/hag_left_tiny64.png",
        Opens(ONLY_BAD, &["too-small"], "OS file-name", "OS"),
    ),
    (
        "quality/hag_left_whitebg.png",
        Opens(GOOD, &[], "OS file-name", "OS"),
    ),
    (
        "quality/notfundus_coffee.png",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    (
        "quality/notfundus_moon.png",
        Opens(OTHER, &["not-a-fundus", "grey"], "unknown none", "none"),
    ),
    (
        "quality/notfundus_flat_0.png",
        Opens(
            &[Bad, NotAFundus],
            &["not-a-fundus"],
            "unknown none",
            "none",
        ),
    ),
    (
        "dicom/op_hagR480_explicit_le_rgb.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_hagR480_implicit_le.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_hagR480_jpeg_baseline.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_hagR480_jpeg_lossless_sv1.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_hagR480_rle.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_hagR480_j2k_lossless.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_hagR480_img2dcm.dcm",
        Opens(FAIR, &[], "OD dicom", "OD"),
    ),
    (
        "dicom/op_redfree_mono2_8bit.dcm",
        Opens(&[Usable], &["grey"], "OD dicom", "OD"),
    ),
    (
        "dicom/op_multiframe2.dcm",
        Opens(FAIR, &["multi-frame"], "OD dicom", "OD"),
    ),
    (
        "dicom/pydicom/ExplVR_BigEnd.dcm",
        Opens(OTHER, &["not-op"], "unknown none", "none"),
    ),
    (
        "dicom/pydicom/MR_small.dcm",
        Refused("not a colour photograph"),
    ),
    (
        "dicom/pydicom/MR_truncated.dcm",
        Refused("not a colour photograph"),
    ),
    (
        "dicom/pydicom/SC_rgb_small_odd.dcm",
        Opens(OTHER, &["not-op"], "unknown none", "none"),
    ),
    (
        "dicom/pydicom/examples_palette.dcm",
        Opens(OTHER, &["not-op"], "unknown none", "none"),
    ),
    (
        "dicom/pydicom/examples_rgb_color.dcm",
        Opens(OTHER, &["not-op"], "unknown none", "none"),
    ),
    (
        "dicom/pydicom/examples_ybr_color.dcm",
        Opens(OTHER, &["not-op", "multi-frame"], "unknown none", "none"),
    ),
    ("dicom/pydicom/rtplan.dcm", Refused("without a picture")),
    (
        "dicom/pydicom/waveform_ecg.dcm",
        Refused("without a picture"),
    ),
    (
        "awkward/hagR480_exif3.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_exif6.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_exif8.jpg",
        Opens(FAIR, &["eye-unknown"], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_progressive.jpg",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_cmyk.jpg",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_arithmetic.jpg",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_grey.jpg",
        Opens(&[Usable], &["grey"], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_interlaced.png",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_16bit.png",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_palette.png",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_alpha.png",
        Opens(FAIR, &["alpha-ignored"], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_lzw.tif",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_jpeg.tif",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_tiled_zip.tif",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_planar.tif",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480.bmp",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_lossy.webp",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    (
        "awkward/hagR480_lossless.webp",
        Opens(FAIR, &[], "unknown none", "OD"),
    ),
    ("awkward/empty.jpg", Refused("empty")),
    ("awkward/text_named.png", Refused("not a picture")),
    (
        "awkward/landscape_exif_3.jpg",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    (
        "awkward/landscape_exif_6.jpg",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    // It lacks its last byte, half of the end marker.
    (
        "awkward/pillow/truncated_jpeg.jpg",
        Opens(
            OTHER,
            &["not-a-fundus", "jpeg-damaged"],
            "unknown none",
            "none",
        ),
    ),
    (
        "awkward/pillow/tiff_tiled_ycbcr_jpeg_2x2_sampling.tif",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    (
        "awkward/pillow/pil_sample_cmyk.jpg",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    (
        "awkward/pillow/broken_data_stream.png",
        Refused("PNG data is damaged"),
    ),
];

#[test]
fn every_file_of_the_manifest_behaves_as_expected() {
    let Some(folder) = folder() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("manifest");
    let expected: BTreeMap<&str, &Expect> = EXPECTED.iter().map(|(file, e)| (*file, e)).collect();
    let mut faults = Vec::new();
    let listed: Vec<&str> = manifest
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .collect();
    for file in listed {
        let Some(expect) = expected.get(file) else {
            faults.push(format!("{file}: no expectation"));
            continue;
        };
        let bytes = std::fs::read(folder.join(file)).expect(file);
        let start = Instant::now();
        let result = open_named(&bytes, file, &OpenOptions::default());
        if start.elapsed() > Duration::from_secs(10) {
            faults.push(format!("{file}: took {:?}", start.elapsed()));
        }
        if let Err(fault) = compare(result, expect) {
            faults.push(format!("{file}: {fault}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn compare(result: Result<FundusImage, Error>, expect: &Expect) -> Result<(), String> {
    match (result, expect) {
        (Err(error), Refused(words)) if error.to_string().contains(words) => Ok(()),
        (Err(error), _) => Err(format!("refused: {error}")),
        (Ok(_), Refused(words)) => Err(format!("opened, but should be refused: {words}")),
        (Ok(image), Opens(qualities, needed, eye, guess)) => {
            let found = codes(&image);
            let said = format!("{} {}", image.eye.as_str(), image.eye_source.as_str());
            let guessed = image.eye_guess;
            if !qualities.contains(&image.quality) {
                Err(format!("quality {:?} {:?}", image.quality, image.findings))
            } else if let Some(code) = needed.iter().find(|code| !found.contains(*code)) {
                Err(format!("no {code} in {found:?}"))
            } else if said != *eye {
                Err(format!("eye {said}, not {eye}"))
            } else if guessed.is_known() && guessed.as_str() != *guess {
                Err(format!("guess {guessed:?}, not {guess}"))
            } else {
                Ok(())
            }
        }
    }
}

/// SHA-256 (first 16 digits) of the pixels of the source picture as Pillow reads it.
const SOURCE_PIXELS: &str = "ebea2382ab4e9041";

#[test]
fn lossless_formats_give_the_same_pixels_as_pillow_and_pydicom() {
    for (file, pixels) in [
        ("awkward/hagR480.bmp", SOURCE_PIXELS),
        ("awkward/hagR480_interlaced.png", SOURCE_PIXELS),
        ("awkward/hagR480_16bit.png", SOURCE_PIXELS),
        ("awkward/hagR480_lzw.tif", SOURCE_PIXELS),
        ("awkward/hagR480_tiled_zip.tif", SOURCE_PIXELS),
        ("awkward/hagR480_planar.tif", SOURCE_PIXELS),
        ("awkward/hagR480_lossless.webp", SOURCE_PIXELS),
        ("dicom/op_hagR480_explicit_le_rgb.dcm", SOURCE_PIXELS),
        ("dicom/op_hagR480_implicit_le.dcm", SOURCE_PIXELS),
        ("dicom/op_hagR480_jpeg_lossless_sv1.dcm", SOURCE_PIXELS),
        ("dicom/op_hagR480_rle.dcm", SOURCE_PIXELS),
        ("dicom/op_hagR480_j2k_lossless.dcm", SOURCE_PIXELS),
        ("dicom/op_multiframe2.dcm", SOURCE_PIXELS),
        ("dicom/op_redfree_mono2_8bit.dcm", "5f945781895adb72"),
        ("dicom/pydicom/ExplVR_BigEnd.dcm", "1583c4339dd36e91"),
        ("dicom/pydicom/SC_rgb_small_odd.dcm", "ef2df252ba3cd066"),
        ("dicom/pydicom/examples_palette.dcm", "322156a65198e9be"),
        ("dicom/pydicom/examples_rgb_color.dcm", "a64f021b9093684b"),
    ] {
        let Some(image) = opened(file) else { return };
        assert_eq!(&image.pixels_sha256[..16], pixels, "{file}");
    }
}

#[test]
fn lossy_and_turned_pictures_equal_the_upright_source_within_jpeg_tolerance() {
    let Some(source) = opened("awkward/hagR480.bmp") else {
        return;
    };
    for file in [
        "awkward/hagR480_exif3.jpg",
        "awkward/hagR480_exif6.jpg",
        "awkward/hagR480_exif8.jpg",
        "awkward/hagR480_progressive.jpg",
        "awkward/hagR480_cmyk.jpg",
        "awkward/hagR480_jpeg.tif",
        "awkward/hagR480_lossy.webp",
        "awkward/hagR480_palette.png",
        "dicom/op_hagR480_jpeg_baseline.dcm",
        "dicom/op_hagR480_img2dcm.dcm",
    ] {
        let Some(image) = opened(file) else { return };
        let mean = mean_difference(&source.pixels, &image.pixels);
        assert!(mean < 4.0, "{file}: mean difference {mean}");
        let (a, b) = (
            source.field_of_view.expect(file),
            image.field_of_view.expect(file),
        );
        assert!(
            (a.centre_x - b.centre_x).abs() < 2.0 && (a.radius - b.radius).abs() < 2.0,
            "{file}"
        );
    }
    let (Some(one), Some(other)) = (
        opened("awkward/landscape_exif_3.jpg"),
        opened("awkward/landscape_exif_6.jpg"),
    ) else {
        return;
    };
    assert_eq!((one.pixels.width, one.pixels.height), (1800, 1200));
    let mean = mean_difference(&one.pixels, &other.pixels);
    assert!(mean < 12.0, "landscapes: mean difference {mean}");
}

fn mean_difference(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let sum: u64 = a
        .rgb
        .iter()
        .zip(&b.rgb)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.rgb.len() as f64
}

#[test]
fn baseline_jpeg_in_dicom_has_the_colours_that_pydicom_reads() {
    // Means of three by three parts, row by row, from pydicom 3 with pylibjpeg.
    const RETINA: [[u8; 3]; 9] = [
        [100, 39, 28],
        [190, 79, 59],
        [104, 45, 36],
        [176, 62, 43],
        [211, 81, 55],
        [205, 96, 73],
        [102, 36, 27],
        [189, 63, 46],
        [117, 46, 35],
    ];
    const ULTRASOUND: [[u8; 3]; 9] = [
        [3, 3, 3],
        [18, 18, 18],
        [3, 3, 3],
        [1, 1, 1],
        [19, 19, 19],
        [3, 3, 3],
        [5, 6, 7],
        [25, 27, 28],
        [5, 6, 6],
    ];
    for (file, grid) in [
        ("dicom/op_hagR480_jpeg_baseline.dcm", RETINA),
        ("dicom/op_hagR480_img2dcm.dcm", RETINA),
        ("dicom/pydicom/examples_ybr_color.dcm", ULTRASOUND),
    ] {
        let Some(image) = opened(file) else { return };
        for (place, (ours, theirs)) in means(&image.pixels).iter().zip(&grid).enumerate() {
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert!(
                    (ours - f64::from(*theirs)).abs() <= 1.0,
                    "{file} part {place}: {ours} {theirs}"
                );
            }
        }
    }
}

fn means(pixels: &Pixels) -> Vec<[f64; 3]> {
    let (w, h) = (pixels.width, pixels.height);
    (0..9)
        .map(|part| {
            let (rows, columns) = (
                h * (part / 3) / 3..h * (part / 3 + 1) / 3,
                w * (part % 3) / 3..w * (part % 3 + 1) / 3,
            );
            let count = f64::from(rows.len() as u32 * columns.len() as u32);
            let mut sums = [0.0; 3];
            for y in rows {
                for x in columns.clone() {
                    let colour = pixels.at(x, y);
                    sums.iter_mut()
                        .zip(colour)
                        .for_each(|(sum, value)| *sum += f64::from(value));
                }
            }
            sums.map(|sum| sum / count)
        })
        .collect()
}

#[test]
fn frames_are_chosen_and_counted_and_never_mixed() {
    let Some(bytes) = bytes("dicom/op_multiframe2.dcm") else {
        return;
    };
    let frame = |frame| {
        let options = OpenOptions {
            frame: Some(frame),
            ..OpenOptions::default()
        };
        open(&bytes, "op_multiframe2.dcm", &options)
    };
    let second = frame(2).expect("frame 2");
    assert_eq!(&second.pixels_sha256[..16], "c01a9efec2cb0785");
    let detail = second
        .findings
        .iter()
        .find(|f| f.code.as_str() == "multi-frame")
        .and_then(|f| f.detail.clone());
    let wanted = Detail::Frame {
        frame: 2,
        frames: 2,
    };
    assert_eq!(detail, Some(wanted));
    assert_eq!(
        frame(3).expect_err("frame 3"),
        Error::FrameOutOfRange {
            asked: 3,
            frames: 2
        }
    );
    assert!(frame(0).is_err());
}

#[test]
fn the_users_eye_stands_above_the_files() {
    let Some(bytes) = bytes("dicom/op_hagR480_explicit_le_rgb.dcm") else {
        return;
    };
    let options = OpenOptions {
        eye: Some(Laterality::Os),
        ..OpenOptions::default()
    };
    let image = open(&bytes, "x.dcm", &options).expect("opens");
    assert_eq!(
        (image.eye, image.eye_source),
        (Laterality::Os, EyeSource::User)
    );
    assert!(codes(&image).contains(&"eye-conflict"));
}

#[test]
fn the_field_of_view_is_found_in_pixels_of_the_picture() {
    for (file, x, y, radius, round) in [
        ("fundus/haggstrom_left_1411.jpg", 705.0, 704.0, 697.0, true),
        ("fundus/chase_01L.jpg", 494.0, 479.0, 460.0, true),
        ("fundus/hrf_01_h_small.jpg", 529.0, 350.0, 490.0, true),
        (
            "fundus/idrid_17_clean_full.jpg",
            1991.0,
            1411.0,
            1707.0,
            true,
        ),
        ("quality/hag_left_whitebg.png", 500.0, 499.0, 496.0, true),
        ("awkward/hagR480_alpha.png", 240.0, 240.0, 237.0, true),
        ("quality/hag_left_cut.jpg", 325.0, 325.0, 325.0, false),
    ] {
        let Some(image) = opened(file) else { return };
        let view = image.field_of_view.expect(file);
        let within = 0.01 * radius;
        assert!(view.round == round, "{file}: {view:?}");
        assert!(
            (view.centre_x - x).abs() < within && (view.centre_y - y).abs() < within,
            "{file}: {view:?}"
        );
        assert!((view.radius - radius).abs() < within, "{file}: {view:?}");
    }
}

/// Opens bytes, whatever they are, and fails when that takes long. Panics fail by themselves.
fn survive(bytes: &[u8], what: &str) -> Result<FundusImage, Error> {
    let start = Instant::now();
    let result = open(bytes, "hostile.png", &OpenOptions::default());
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{what}: {:?}",
        start.elapsed()
    );
    result
}

#[test]
fn cut_and_flipped_files_are_refused_or_opened_never_worse() {
    for file in [
        "quality/hag_left_tiny64.png",
        "awkward/pillow/pil_sample_cmyk.jpg",
        "awkward/hagR480_progressive.jpg",
        "awkward/hagR480_lossy.webp",
        "awkward/hagR480_jpeg.tif",
        "awkward/hagR480_lzw.tif",
        "dicom/pydicom/ExplVR_BigEnd.dcm",
        "dicom/op_hagR480_rle.dcm",
        "dicom/op_hagR480_j2k_lossless.dcm",
        "dicom/op_hagR480_jpeg_lossless_sv1.dcm",
    ] {
        let Some(whole) = bytes(file) else { return };
        for part in 0..8 {
            let cut = whole.len() * part / 8;
            let _ = survive(&whole[..cut], &format!("{file} cut to {cut}"));
        }
        let mut state = 7_u64;
        for round in 0..8 {
            let mut spoilt = whole.clone();
            // The first rounds spoil headers, the later ones anything.
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
            let _ = survive(&spoilt, &format!("{file} spoilt in round {round}"));
        }
    }
}

#[test]
fn huge_announcements_are_refused_before_memory_is_taken() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    png.extend(0xC4A2_1D55_u32.to_be_bytes());
    png.extend(b"\0\0\0\x10IDATxxxxxxxxxxxxxxxx");

    let tiff = |entries: &[(u16, u16, u32, u32)]| {
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend((entries.len() as u16).to_le_bytes());
        for &(tag, kind, count, value) in entries {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(count.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        out.extend([0; 4]);
        out
    };
    let huge = tiff(&[
        (256, 4, 1, 60_000),
        (257, 4, 1, 60_000),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 60_000),
        (279, 4, 1, 100),
    ]);
    let strips = tiff(&[
        (256, 4, 1, 100),
        (257, 4, 1, 100),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, u32::MAX, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 1),
        (279, 4, u32::MAX, 8),
    ]);
    let mut circle = tiff(&[(256, 4, 1, 10)]);
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

    for (what, bytes) in [
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
        let start = Instant::now();
        let result = survive(&bytes, what);
        assert!(result.is_err(), "{what} opened");
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{what}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn inflated_text_and_nested_sequences_cost_nothing() {
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
    let start = Instant::now();
    let image = survive(&bomb, "text bomb").expect("the picture itself is fine");
    assert_eq!(image.pixels.rgb, [1, 2, 3]);
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );

    let mut nested = b"\x08\0\x16\0UI\x02\x001\0".to_vec();
    for _ in 0..300_000 {
        nested.extend(b"\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff");
    }
    assert!(survive(&nested, "nested sequences").is_err());
}

#[test]
fn limits_are_those_of_the_caller() {
    let Some(bytes) = bytes("awkward/hagR480.bmp") else {
        return;
    };
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
