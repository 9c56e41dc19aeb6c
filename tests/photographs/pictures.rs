//! Colours and depths that files state wrongly or in a rare form, compared with the same picture in a plain form (for
//! JPEG and JPEG 2000 with what PIL decodes), and damaged data.
//!
//! The pictures in `tests/fixtures/pictures` are drawn eyes.

use std::path::Path;

use gantei::domain::{FindingCode, FundusImage, Severity};
use gantei::imaging::{Error, OpenOptions, open};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures");
    std::fs::read(folder.join(name)).expect("the fixture is there")
}

fn opened(name: &str) -> FundusImage {
    open(&fixture(name), name, &OpenOptions::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn open_bytes(bytes: &[u8]) -> Result<FundusImage, Error> {
    open(bytes, "x", &OpenOptions::default())
}

/// Severity of the damage finding; `None` without one.
fn damage(image: &FundusImage) -> Option<Severity> {
    let finding = image
        .findings
        .iter()
        .find(|f| f.code == FindingCode::JpegDamaged);
    finding.map(|f| f.severity)
}

fn has(image: &FundusImage, code: FindingCode) -> bool {
    image.findings.iter().any(|f| f.code == code)
}

/// Opens both files and compares the pixels and the field of view of the first with those of the second.
fn same_picture(odd: &str, plain: &str, within: u8) -> FundusImage {
    let (odd_image, plain_image) = (opened(odd), opened(plain));
    let (a, b) = (&odd_image.pixels, &plain_image.pixels);
    assert_eq!((a.width, a.height), (b.width, b.height), "{odd}");
    let worst = a.rgb.iter().zip(&b.rgb).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst <= Some(within), "{odd}: {worst:?}");
    if within == 0 {
        assert_eq!(odd_image.pixels_sha256, plain_image.pixels_sha256, "{odd}");
        assert_eq!(odd_image.field_of_view, plain_image.field_of_view, "{odd}");
        assert_eq!(odd_image.quality, plain_image.quality, "{odd}");
    }
    odd_image
}

#[test]
fn subsampled_colour_is_ycbcr_whatever_the_header_says() {
    let image = same_picture("jpeg_ycbcr_420_tag_rgb.dcm", "jpeg_ycbcr_420.jpg", 0);
    assert!(!has(&image, FindingCode::ColourGuessed));
}

#[test]
fn components_named_rgb_are_rgb_in_dicom_and_alone() {
    let image = same_picture("jpeg_rgb_ids_tag_rgb.dcm", "jpeg_rgb_ids.jpg", 0);
    assert!(!has(&image, FindingCode::ColourGuessed));
    assert!(!image.is_refused());
}

#[test]
fn ycbcr_that_is_called_rgb_is_read_by_its_colours_and_said() {
    // Data stored as YCbCr have been rounded once.
    let image = same_picture("lossless_ycbcr_tag_rgb.dcm", "lossless_ycbcr.png", 3);
    assert!(has(&image, FindingCode::ColourGuessed));
    assert!(!image.is_refused());
    let right = same_picture("lossless_rgb_tag_rgb.dcm", "lossless_rgb.png", 0);
    assert!(!has(&right, FindingCode::ColourGuessed));
}

#[test]
fn twelve_bits_in_sixteen_are_not_dark() {
    let image = same_picture("grey_12_bits_in_16.dcm", "grey_12_bits.png", 0);
    assert!(has(&image, FindingCode::ColourGuessed));
}

#[test]
fn tiff_of_sixteen_bits_with_alpha_or_with_a_palette_is_the_same_picture() {
    let deep = same_picture("rgb_16_bits.tif", "rgb.png", 0);
    assert!(!has(&deep, FindingCode::ColourGuessed) && !has(&deep, FindingCode::AlphaIgnored));
    let transparent = same_picture("rgba.tif", "rgb.png", 0);
    assert!(has(&transparent, FindingCode::AlphaIgnored));
    let indexed = same_picture("palette.tif", "palette.png", 0);
    assert!(!indexed.is_refused());
}

/// Writers add `SampleFormat` to indices too, some with a value that makes no sense for them.
#[test]
fn a_sample_format_does_not_change_a_palette() {
    const PLANES: &[u8] = b"\x1C\x01\x03\0\x01\0\0\0\x01\0\0\0";
    let plain = fixture("palette.tif");
    let place = plain.windows(12).position(|entry| entry == PLANES);
    let place = place.expect("an entry that can be replaced");
    let pixels = opened("palette.png").pixels_sha256;
    let [unsigned, signed, undefined] = [1, 2, 4];
    for format in [unsigned, signed, undefined] {
        let mut bytes = plain.clone();
        // The colours move up, so that the tags stay in order.
        bytes.copy_within(place + 12..place + 24, place);
        bytes[place + 12..place + 24]
            .copy_from_slice(&[0x53, 0x01, 3, 0, 1, 0, 0, 0, format, 0, 0, 0]);
        let image = open_bytes(&bytes).unwrap_or_else(|e| panic!("{format}: {e}"));
        assert_eq!(image.pixels_sha256, pixels, "{format}");
    }
}

#[test]
fn a_page_of_a_report_gets_no_answer() {
    let page = opened("report_page.dcm");
    assert!(page.is_refused());
    assert!(has(&page, FindingCode::NotOp) && has(&page, FindingCode::NotAFundus));
}

#[test]
fn rare_forms_of_jpeg_are_what_pil_decodes() {
    for (odd, plain) in [
        ("jpeg_scan_each.jpg", "jpeg_scan_each.png"),
        ("jpeg_progressive.jpg", "jpeg_scan_each.png"),
        ("jpeg_arithmetic.jpg", "jpeg_scan_each.png"),
        ("jpeg_440.jpg", "jpeg_440.png"),
        ("jpeg_411.jpg", "jpeg_411.png"),
        ("jpeg_third.jpg", "jpeg_third.png"),
        ("jpeg_mixed.jpg", "jpeg_mixed.png"),
    ] {
        let image = same_picture(odd, plain, 0);
        assert_eq!(damage(&image), None, "{odd}");
    }
}

#[test]
fn jpeg_that_would_come_out_wrong_is_refused_by_name() {
    for (name, word) in [
        ("jpeg_scan_pair.jpg", "two of its colour channels"),
        ("jpeg_luma_below.jpg", "more coarsely"),
    ] {
        let error = open_bytes(&fixture(name)).unwrap_err().to_string();
        assert!(error.contains(word), "{name}: {error}");
    }
}

#[test]
fn a_jpeg_without_its_end_opens_where_every_block_is_there() {
    for name in [
        "jpeg_ycbcr_420.jpg",
        "jpeg_progressive.jpg",
        "jpeg_scan_each.jpg",
    ] {
        let whole = opened(name);
        let bytes = fixture(name);
        let open_end = &bytes[..bytes.len() - 2];
        let image = open_bytes(open_end).unwrap();
        assert_eq!(image.pixels_sha256, whole.pixels_sha256, "{name}");
        assert_eq!(damage(&image), Some(Severity::Note), "{name}");
        for share in [50, 90] {
            let error = open_bytes(&bytes[..bytes.len() * share / 100]).unwrap_err();
            assert!(error.to_string().contains("ends before"), "{name}: {error}");
        }
    }
}

#[test]
fn damaged_data_of_a_jpeg_are_found() {
    let bytes = fixture("jpeg_ycbcr_420.jpg");
    let middle = bytes.len() / 2;
    let half = [&bytes[..middle], b"\xFF\xD9"].concat();
    let missing = [&bytes[..middle], &bytes[middle + 700..]].concat();
    let mut zeros = bytes.clone();
    zeros[middle..middle + 1000].fill(0);
    for (what, damaged) in [("half", half), ("missing", missing), ("zeros", zeros)] {
        let image = open_bytes(&damaged).unwrap();
        assert_eq!(damage(&image), Some(Severity::Serious), "{what}");
    }
    assert_eq!(damage(&opened("jpeg_ycbcr_420.jpg")), None);
}

/// Black rows are encoded as long runs of zeros, as lost blocks are.
#[test]
fn black_rows_are_no_damage_and_zeros_in_their_place_are() {
    use image::codecs::jpeg::JpegEncoder;
    let (side, mut rgb) = (640_usize, vec![0_u8; 640 * 640 * 3]);
    for (at, pixel) in rgb.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        let (x, y) = (at % side, at / side);
        if (200..440).contains(&y) {
            *pixel = [
                200 - (x * 7 + y * 3) as u8 % 60,
                90 - (x * y) as u8 % 30,
                40,
            ];
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    let side = side as u32;
    encoder
        .encode(&rgb, side, side, image::ExtendedColorType::Rgb8)
        .unwrap();
    assert_eq!(damage(&open_bytes(&bytes).unwrap()), None);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4000].fill(0);
    assert_eq!(
        damage(&open_bytes(&bytes).unwrap()),
        Some(Severity::Serious)
    );
}

#[test]
fn a_height_behind_the_first_scan_counts() {
    let plain = fixture("jpeg_ycbcr_420.jpg");
    let frame = plain
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    let height = [plain[frame + 5], plain[frame + 6]];
    let mut bytes = plain[..plain.len() - 2].to_vec();
    bytes[frame + 5..frame + 7].fill(0);
    bytes.extend([&[0xFF, 0xDC, 0, 4][..], &height, &[0xFF, 0xD9]].concat());
    let image = open_bytes(&bytes).unwrap();
    assert_eq!(
        image.pixels_sha256,
        opened("jpeg_ycbcr_420.jpg").pixels_sha256
    );
    assert_eq!(damage(&image), None);
}

#[test]
fn jpeg_2000_is_what_pil_decodes() {
    same_picture("jpeg2000.jp2", "jpeg2000.png", 0);
    let grey = same_picture("jpeg2000_grey.j2k", "jpeg2000_grey.png", 1);
    assert!(has(&grey, FindingCode::Grey));
    let bytes = fixture("jpeg2000.jp2");
    for share in [30, 60, 90] {
        let cut = open_bytes(&bytes[..bytes.len() * share / 100]);
        assert!(matches!(cut, Err(Error::Malformed { .. })), "{share} %");
    }
}

/// The DICOM file with another stream.
fn with_stream(dicom: &[u8], stream: &[u8]) -> Vec<u8> {
    let is_start = |at: &usize| dicom[*at..].starts_with(&[0xFF, 0xD8, 0xFF]);
    let start = (0..dicom.len()).rfind(is_start).expect("a JPEG inside");
    let length = u32::from_le_bytes(dicom[start - 4..start].try_into().unwrap()) as usize;
    let even = stream.len().next_multiple_of(2);
    let padding = vec![0; even - stream.len()];
    let length_bytes = (even as u32).to_le_bytes();
    [
        &dicom[..start - 4],
        &length_bytes,
        stream,
        &padding,
        &dicom[start + length..],
    ]
    .concat()
}

/// The file with one UID replaced by another of the same length.
fn with_uid(dicom: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = dicom
        .windows(old.len())
        .position(|bytes| bytes == old.as_bytes());
    let at = at.expect("the UID is there");
    [&dicom[..at], new.as_bytes(), &dicom[at + old.len()..]].concat()
}

/// Sets the value of a two-byte element.
fn set_short(dicom: &mut [u8], element: &[u8; 8], value: u16) {
    let at = dicom.windows(8).position(|bytes| bytes == element);
    let at = at.expect("the element is there") + 8;
    dicom[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn exif_does_not_turn_a_jpeg_inside_dicom() {
    const EXIF: &[u8] =
        b"\xFF\xE1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let plain = fixture("jpeg_ycbcr_420.jpg");
    let turned = [&plain[..2], EXIF, &plain[2..]].concat();
    let upright = opened("jpeg_ycbcr_420.jpg").pixels_sha256;
    assert_ne!(open_bytes(&turned).unwrap().pixels_sha256, upright);
    let dicom = with_stream(&fixture("jpeg_ycbcr_420_tag_rgb.dcm"), &turned);
    assert_eq!(open_bytes(&dicom).unwrap().pixels_sha256, upright);
}

#[test]
fn signed_samples_of_jpeg_2000_are_those_that_were_stored() {
    same_picture("grey_signed_jpeg2000.dcm", "grey_signed.dcm", 0);
}

#[test]
fn signed_samples_without_a_window_are_rescaled_or_refused_by_name() {
    let replaced = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|part| part == from);
        let at = at.expect("the element is there");
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let signed = fixture("grey_signed.dcm");
    // The width becomes the slope.
    let bare = replaced(
        &signed,
        b"\x28\0\x51\x10DS\x04\x004080",
        b"\x28\0\x53\x10DS\x04\x001   ",
    );
    let centre = b"\x28\0\x50\x10DS\x02\x0040";
    let rescaled = replaced(&bare, centre, b"\x28\0\x52\x10DS\x04\x002000");
    let plain = opened("jpeg2000_grey.png");
    assert_eq!(
        open_bytes(&rescaled).unwrap().pixels_sha256,
        plain.pixels_sha256
    );
    let too_little = replaced(&bare, centre, b"\x28\0\x52\x10DS\x02\x0040");
    for signed in [bare, too_little] {
        let refused = open_bytes(&signed).unwrap_err();
        assert!(matches!(refused, Error::Unsupported(_)), "{refused}");
    }
}

#[test]
fn boxes_and_padding_around_jpeg_2000_inside_dicom_are_passed_over() {
    let boxed = fixture("jpeg2000.jp2");
    let padded = [&boxed[..], &[0; 3]].concat();
    for stream in [boxed, padded] {
        let dicom = with_stream(&fixture("jpeg_ycbcr_420_tag_rgb.dcm"), &stream);
        let mut dicom = with_uid(&dicom, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90");
        set_short(&mut dicom, b"\x28\0\x10\0US\x02\0", 69);
        set_short(&mut dicom, b"\x28\0\x11\0US\x02\0", 75);
        let image = open_bytes(&dicom).unwrap();
        assert_eq!(image.pixels_sha256, opened("jpeg2000.jp2").pixels_sha256);
    }
}

#[test]
fn a_photograph_without_its_pixels_is_damaged() {
    let dicom = fixture("jpeg_ycbcr_420_tag_rgb.dcm");
    let pixels = dicom
        .windows(4)
        .position(|tag| tag == [0xE0, 0x7F, 0x10, 0]);
    let error = open_bytes(&dicom[..pixels.unwrap()]).unwrap_err();
    assert!(error.to_string().contains("pixels are missing"), "{error}");
}

#[test]
fn what_dicom_says_of_its_pixels_must_hold() {
    let jpeg = fixture("jpeg_ycbcr_420_tag_rgb.dcm");
    let grey = with_stream(&jpeg, &fixture("jpeg2000_grey.j2k"));
    let grey = with_uid(&grey, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.91");
    let error = open_bytes(&grey).unwrap_err().to_string();
    assert!(error.contains("different number of colours"), "{error}");
    for samples in [1, 4] {
        let mut other = jpeg.clone();
        set_short(&mut other, b"\x28\0\x02\0US\x02\0", samples);
        assert!(open_bytes(&other).is_err(), "{samples} samples");
    }
    let lossless = with_uid(&jpeg, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70");
    let error = open_bytes(&lossless).unwrap_err().to_string();
    assert!(error.contains("lossy JPEG"), "{error}");
    let native = fixture("grey_12_bits_in_16.dcm");
    let unknown = with_uid(&native, "1.2.840.10008.1.2.1\0", "1.2.840.99999.1.2.1\0");
    let error = open_bytes(&unknown).unwrap_err().to_string();
    assert!(error.contains("unknown transfer syntax"), "{error}");
}
