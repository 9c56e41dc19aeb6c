//! Every photograph in the folder of test images behaves as [`EXPECTED`] states.
//!
//! Formats and hostile bytes, for which the repository has its own files, are in `formats.rs`.

use std::collections::BTreeMap;

use gantei::domain::{FundusImage, Quality};
use gantei::imaging::{Error, OpenOptions, open};

use Quality::{Bad, Good, NotAFundus, Usable};

fn bytes(file: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(test_images::folder()?.join(file)).expect(file))
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

/// Expected behaviour of a file. The guess of the eye may always be missing, but never be another one.
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

use crate::means::{mean_difference, means};
use crate::test_images;

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
    ("awkward/text_named.png", Refused("not a supported picture")),
    (
        "awkward/landscape_exif_3.jpg",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    (
        "awkward/landscape_exif_6.jpg",
        Opens(OTHER, &["not-a-fundus"], "unknown none", "none"),
    ),
    // The last byte is missing, half of the end marker.
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
    let Some(folder) = test_images::folder() else {
        return;
    };
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
        let result = open_named(&bytes, file, &OpenOptions::default());
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
            let wording = format!("{} {}", image.eye.as_str(), image.eye_source.as_str());
            let guessed = image.eye_guess;
            if !qualities.contains(&image.quality) {
                Err(format!("quality {:?} {:?}", image.quality, image.findings))
            } else if let Some(code) = needed.iter().find(|code| !found.contains(*code)) {
                Err(format!("no {code} in {found:?}"))
            } else if wording != *eye {
                Err(format!("eye {wording}, not {eye}"))
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

#[test]
fn baseline_jpeg_in_dicom_has_the_colours_that_pydicom_reads() {
    // Means of 3 × 3 parts, row by row, from pydicom 3 with pylibjpeg.
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
