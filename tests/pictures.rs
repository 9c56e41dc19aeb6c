//! Colours and depths that files state wrongly or in a rare form, each beside the same picture in a plain one.
//!
//! The pictures in `tests/fixtures/pictures` are drawn eyes.

use std::path::Path;

use gantei::clinic::{Code, FundusImage};
use gantei::imaging::{OpenOptions, open};

fn opened(name: &str) -> FundusImage {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures");
    let bytes = std::fs::read(folder.join(name)).expect("the fixture is there");
    open(&bytes, name, &OpenOptions::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn has(image: &FundusImage, code: Code) -> bool {
    image.findings.iter().any(|f| f.code == code)
}

/// Opens both and holds the pixels of the first, and the field that the crop is taken from, against the second.
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
    assert!(!has(&image, Code::ColourGuessed));
}

#[test]
fn components_named_rgb_are_rgb_in_dicom_and_alone() {
    let image = same_picture("jpeg_rgb_ids_tag_rgb.dcm", "jpeg_rgb_ids.jpg", 0);
    assert!(!has(&image, Code::ColourGuessed));
    assert!(!image.is_refused());
}

#[test]
fn ycbcr_that_is_called_rgb_is_read_by_its_colours_and_said() {
    // What was stored as YCbCr has been rounded on the way.
    let image = same_picture("lossless_ycbcr_tag_rgb.dcm", "lossless_ycbcr.png", 3);
    assert!(has(&image, Code::ColourGuessed));
    assert!(!image.is_refused());
    let right = same_picture("lossless_rgb_tag_rgb.dcm", "lossless_rgb.png", 0);
    assert!(!has(&right, Code::ColourGuessed));
}

#[test]
fn twelve_bits_in_sixteen_are_not_dark() {
    let image = same_picture("grey_12_bits_in_16.dcm", "grey_12_bits.png", 0);
    assert!(has(&image, Code::ColourGuessed));
}

#[test]
fn tiff_of_sixteen_bits_with_alpha_or_with_a_palette_is_the_same_picture() {
    let deep = same_picture("rgb_16_bits.tif", "rgb.png", 0);
    assert!(!has(&deep, Code::ColourGuessed) && !has(&deep, Code::AlphaIgnored));
    let transparent = same_picture("rgba.tif", "rgb.png", 0);
    assert!(has(&transparent, Code::AlphaIgnored));
    let indexed = same_picture("palette.tif", "palette.png", 0);
    assert!(!indexed.is_refused());
}

#[test]
fn a_page_of_a_report_gets_no_answer() {
    let page = opened("report_page.dcm");
    assert!(page.is_refused());
    assert!(has(&page, Code::NotOp) && has(&page, Code::NotAFundus));
}
