//! Disc and fovea are found where they are; for a bad photograph the result is "not found".
//!
//! For drawn eyes the positions are known. For real photographs, which are in the folder of test images, they were read
//! off by eye in pixels of the file; one of these photographs is the bundled sample.

use std::io::Write;
use std::path::Path;

use gantei::domain::{Certainty, DetectedPoint, FundusImage, Point, Proposal};
use gantei::drawing;
use gantei::imaging::retina::landmarks::propose;
use gantei::imaging::{OpenOptions, open};

use crate::test_images;

/// Drawn eyes of one seed, none of which was used to choose a threshold.
const EYES: u64 = 32;

fn drawn(number: u64) -> (FundusImage, drawing::EyeTruth) {
    let (_, eye) = drawing::eye_of_picture(4_711, number);
    let (pixels, truth) = drawing::draw_eye(&eye, 400, 400).unwrap();
    let bytes = drawing::encode(&pixels, drawing::PictureFormat::Png).unwrap();
    let image = open(&bytes, "drawn.png", &OpenOptions::default()).unwrap();
    (image, truth)
}

/// The quantile of the values for this share.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[(share * (values.len() - 1) as f64).round() as usize]
}

fn say(line: &str) {
    // Written directly, because the test harness captures the output of passing tests.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[test]
fn drawn_eyes_have_their_disc_and_fovea_where_they_were_drawn() {
    let (mut discs, mut foveas) = (Vec::new(), Vec::new());
    for number in 0..EYES {
        let (image, truth) = drawn(number);
        let Proposal { disc, fovea } = propose(&image);
        let diameter = truth.disc.half_width + truth.disc.half_height;
        let off = |found: DetectedPoint, at: (f64, f64)| found.at.distance(at) / diameter;
        discs.extend(disc.map(|f| off(f, (truth.disc.x, truth.disc.y))));
        foveas.extend(fovea.map(|f| off(f, (truth.fovea.x, truth.fovea.y))));
    }
    for (what, errors) in [("disc", &mut discs), ("fovea", &mut foveas)] {
        let found = errors.len() as f64 / EYES as f64;
        let (median, most) = (quantile(errors, 0.5), quantile(errors, 0.95));
        say(&format!(
            "{what}: found in {:.0} % of {EYES} drawn eyes, error in disc diameters: median {median:.3}, 95 % {most:.3}",
            found * 100.0
        ));
        assert!(found >= 0.95, "{what} {found}");
        assert!(median <= 0.1 && most <= 0.3, "{what} {median} {most}");
    }
}

fn proposed(file: &str) -> Option<(Proposal, FundusImage)> {
    let bytes = std::fs::read(test_images::folder()?.join(file)).expect(file);
    let image = open(&bytes, "x", &OpenOptions::default()).expect(file);
    Some((propose(&image), image))
}

/// Within a share of the photograph's width.
fn is_near(found: DetectedPoint, image: &FundusImage, (x, y): (f64, f64), share: f64) -> bool {
    let width = f64::from(image.pixels.width);
    found.at.distance((x * width, y * width)) <= share * width
}

/// A real photograph, and disc and fovea read off by eye as shares of its width.
type Seen = (&'static str, (f64, f64), (f64, f64));

fn has_both((file, disc, fovea): Seen, found: Proposal, image: &FundusImage) {
    let (Some(d), Some(f)) = (found.disc, found.fovea) else {
        panic!("{file}: {found:?}");
    };
    assert!(is_near(d, image, disc, 0.03), "{file}: {found:?}");
    assert!(is_near(f, image, fovea, 0.03), "{file}: {found:?}");
    assert_eq!(Certainty::of(d.sureness), Certainty::Sure, "{file}");
}

#[test]
fn the_sample_has_its_disc_and_fovea_found() {
    let file = "assets/samples/haggstrom_left_1411.jpg";
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let image = open(&bytes, "x", &OpenOptions::default()).unwrap();
    let seen = (file, (0.175, 0.470), (0.497, 0.501));
    has_both(seen, propose(&image), &image);
}

#[test]
fn real_photographs_with_disc_and_fovea_have_both_found() {
    let all: [Seen; 8] = [
        (
            "fundus/haggstrom_right_600.jpg",
            (0.812, 0.500),
            (0.497, 0.510),
        ),
        ("fundus/hrf_01_h_small.jpg", (0.748, 0.325), (0.524, 0.347)),
        ("fundus/hrf_07_dr_full.jpg", (0.264, 0.303), (0.528, 0.353)),
        ("fundus/hrf_12_h_small.jpg", (0.298, 0.285), (0.556, 0.330)),
        ("fundus/hrf_15_h_small.jpg", (0.765, 0.336), (0.501, 0.363)),
        (
            "fundus/idrid_01_outlined.jpg",
            (0.866, 0.408),
            (0.482, 0.445),
        ),
        (
            "fundus/idrid_02_outlined.jpg",
            (0.140, 0.372),
            (0.482, 0.437),
        ),
        (
            "fundus/idrid_24_outlined.jpg",
            (0.288, 0.385),
            (0.616, 0.449),
        ),
    ];
    for seen in all {
        let Some((found, image)) = proposed(seen.0) else {
            return;
        };
        has_both(seen, found, &image);
    }
}

#[test]
fn a_fovea_that_is_not_in_the_picture_is_not_found() {
    for name in ["01L", "01R", "02L", "02R", "03L", "03R"] {
        let file = format!("fundus/chase_{name}.jpg");
        let Some((found, image)) = proposed(&file) else {
            return;
        };
        let disc = found.disc.expect(&file);
        assert!(
            is_near(disc, &image, (0.52, 0.48), 0.06),
            "{file}: {disc:?}"
        );
        assert_eq!(found.fovea, None, "{file}");
    }
}

#[test]
fn nothing_is_guessed_on_a_bad_photograph() {
    for file in [
        "quality/hag_left_halfdark.jpg",
        "quality/hag_left_cut.jpg",
        "quality/notfundus_coffee.png",
        "quality/notfundus_moon.png",
        "quality/notfundus_flat_0.png",
    ] {
        let Some((found, _)) = proposed(file) else {
            return;
        };
        assert_eq!(found.both(), None, "{file}");
    }
}

#[test]
fn an_eye_without_its_disc_has_neither() {
    let (image, truth) = drawn(1);
    // Paints the disc and the area around it in the colour of their surroundings.
    let mut pixels = gantei::domain::Pixels::clone(&image.pixels);
    let centre = Point {
        x: truth.disc.x,
        y: truth.disc.y,
    };
    let reach = 1.3 * truth.disc.half_height.max(truth.disc.half_width);
    let edge = (centre.x, centre.y + reach + 2.0);
    let colour = pixels.at(edge.0 as u32, edge.1 as u32);
    for y in 0..pixels.height {
        for x in 0..pixels.width {
            if centre.distance((f64::from(x), f64::from(y))) <= reach {
                let at = ((y * pixels.width + x) * 3) as usize;
                pixels.rgb[at..at + 3].copy_from_slice(&colour);
            }
        }
    }
    let hidden = FundusImage {
        pixels: pixels.into(),
        ..image
    };
    assert_eq!(propose(&hidden), Proposal::default());
}
