//! What counts as a fundus photograph: real photographs and drawn eyes, altered as they are in practice, are accepted,
//! and other pictures are refused. `tests/README.md` has the table of both.
//!
//! `GANTEI_DRAWN_EYES` sets the number of drawn eyes (24). For other pictures, `gantei predict FOLDER` reports the verdict.

use std::path::{Path, PathBuf};

use gantei::domain::{FundusImage, Pixels};
use gantei::drawing::{self, PictureFormat};
use gantei::imaging::{OpenOptions, open};
use gantei::text::detail_in_files;

use crate::test_images;

/// Longer side of the photographs that are altered, so that an unoptimised build is fast enough.
const SIDE: u32 = 640;

/// Other pictures that are not refused: smooth grains of the size and colour of a retina's shading, whose valleys join
/// to long dark lines.
const TAKEN_FOR_A_FUNDUS: &[&str] = &[
    "retina-coloured noise, 24 px, 40, disc",
    "retina-coloured noise, 24 px, 40",
];

fn verdict(pixels: &Pixels) -> FundusImage {
    let plain = drawing::Pixels {
        width: pixels.width,
        height: pixels.height,
        rgb: pixels.rgb.clone(),
    };
    let bytes = drawing::encode(&plain, PictureFormat::Png).expect("a picture can be encoded");
    open(&bytes, "picture.png", &OpenOptions::default()).expect("a picture opens")
}

fn drawn(seed: u64, number: u64, side: u32) -> Pixels {
    let (_, eye) = drawing::eye_of_picture(seed, number);
    let (eye, _) = drawing::draw_eye(&eye, side, side).expect("an eye is drawn");
    Pixels::new(eye.width, eye.height, eye.rgb).expect("a size")
}

/// Why a picture is refused; `None` if it is accepted.
fn objection(image: &FundusImage) -> Option<String> {
    let of_likeness = |f: &&gantei::domain::Finding| f.code.as_str() == "not-a-fundus";
    let found = image.findings.iter().find(of_likeness);
    assert_eq!(found.is_some(), image.is_refused());
    found.map(|f| f.detail.as_ref().map(detail_in_files).unwrap_or_default())
}

fn painted(width: u32, height: u32, mut colour: impl FnMut(f64, f64) -> [f64; 3]) -> Pixels {
    let rgb = (0..width * height).flat_map(|i| {
        let (x, y) = (f64::from(i % width) + 0.5, f64::from(i / width) + 0.5);
        colour(x, y).map(|v| v.round().clamp(0.0, 255.0) as u8)
    });
    Pixels::new(width, height, rgb.collect()).expect("a size")
}

/// Takes each pixel from another position; `None` is outside the picture.
fn moved(
    pixels: &Pixels,
    (width, height): (u32, u32),
    from: impl Fn(u32, u32) -> Option<(u32, u32)>,
    outside: [u8; 3],
) -> Pixels {
    painted(width, height, |x, y| {
        from(x as u32, y as u32)
            .map_or(outside, |(x, y)| pixels.at(x, y))
            .map(f64::from)
    })
}

/// A square part of a picture with its top left corner at (left, top); white outside the picture.
fn part(pixels: &Pixels, left: f64, top: f64, side: f64) -> Pixels {
    let (left, top, side) = (left.round() as i64, top.round() as i64, side.round() as u32);
    let (w, h) = (i64::from(pixels.width), i64::from(pixels.height));
    let (right, bottom) = (
        (left + i64::from(side)).min(w),
        (top + i64::from(side)).min(h),
    );
    let (left, top) = (left.max(0), top.max(0));
    let size = ((right - left) as u32, (bottom - top) as u32);
    let place = |x: u32, y: u32| Some((x + left as u32, y + top as u32));
    moved(pixels, size, place, [255; 3])
}

fn recoloured(pixels: &Pixels, colour: impl Fn([f64; 3]) -> [f64; 3]) -> Pixels {
    painted(pixels.width, pixels.height, |x, y| {
        colour(pixels.at(x as u32, y as u32).map(f64::from))
    })
}

/// A photograph altered in the ways that occur in practice.
fn variants(pixels: &Pixels, image: &FundusImage) -> Vec<(&'static str, Pixels)> {
    let (w, h) = (pixels.width, pixels.height);
    let mut all = vec![
        (
            "turned by 90°",
            moved(pixels, (h, w), |x, y| Some((y, h - 1 - x)), [0; 3]),
        ),
        (
            "turned by 180°",
            moved(pixels, (w, h), |x, y| Some((w - 1 - x, h - 1 - y)), [0; 3]),
        ),
        (
            "turned by 270°",
            moved(pixels, (h, w), |x, y| Some((w - 1 - y, x)), [0; 3]),
        ),
        (
            "mirrored",
            moved(pixels, (w, h), |x, y| Some((w - 1 - x, y)), [0; 3]),
        ),
        (
            "grey",
            recoloured(pixels, |[r, g, b]| [0.299 * r + 0.587 * g + 0.114 * b; 3]),
        ),
        ("red-free", recoloured(pixels, |[_, g, _]| [g; 3])),
        ("green alone", recoloured(pixels, |[_, g, _]| [0.0, g, 0.0])),
    ];
    let Some(view) = image.field_of_view.filter(|view| view.round) else {
        return all;
    };
    let (x, y, r) = (view.centre_x, view.centre_y, view.radius);
    let square = part(pixels, x - r, y - r, 2.0 * r);
    let inscribed = 0.66 * r;
    let tight = part(pixels, x - inscribed, y - inscribed, 2.0 * inscribed);
    let on_white = painted(w, h, |px, py| {
        let inside = (px - x).hypot(py - y) < 0.98 * r;
        let colour = pixels.at(px as u32, py as u32).map(f64::from);
        if inside { colour } else { [255.0; 3] }
    });
    let page = moved(
        pixels,
        (w * 13 / 10, h * 13 / 10),
        |x, y| {
            let (x, y) = (x.checked_sub(w / 8)?, y.checked_sub(h / 8)?);
            (x < w && y < h).then_some((x, y))
        },
        [255; 3],
    );
    for side in [64, 96, 128, 224] {
        let name = ["64 px", "96 px", "128 px", "224 px"]
            [usize::from(side > 64) + usize::from(side > 96) + usize::from(side > 128)];
        all.push((name, gantei::imaging::thumbnail(&square, side)));
    }
    all.push(("tight, 64 px", gantei::imaging::thumbnail(&tight, 64)));
    all.push(("tight", tight));
    all.push(("square", square));
    all.push(("on white", on_white));
    all.push(("on a page", page));
    all
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Counts by kind of alteration; every refusal is a failure.
#[derive(Default)]
struct Tally {
    tried: std::collections::BTreeMap<&'static str, usize>,
    refused: Vec<String>,
}

impl Tally {
    fn take(&mut self, kind: &'static str, name: &str, image: &FundusImage) {
        *self.tried.entry(kind).or_default() += 1;
        if let Some(why) = objection(image) {
            self.refused.push(format!("{name}, {kind}: {why}"));
        }
    }

    fn none_is_refused(self, what: &str) {
        let total: usize = self.tried.values().sum();
        println!("{what}: {total} pictures {:?}, refused:", self.tried);
        self.refused.iter().for_each(|line| println!("  {line}"));
        assert!(self.refused.is_empty(), "{} refused", self.refused.len());
    }
}

#[test]
fn no_real_fundus_photograph_is_refused() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    let mut files = files_below(&samples);
    files.extend(test_images::folder().iter().flat_map(|f| files_below(f)));
    let mut tally = Tally::default();
    for path in files {
        let name = name_of(&path);
        let is_eye = [
            "chase",
            "haggstrom",
            "hrf",
            "idrid",
            "hag_left",
            "hagR480",
            "op_",
        ];
        if !is_eye.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a test image can be read");
        // Arithmetic coding is not supported; the file tests the message.
        let Ok(image) = open(&bytes, &name, &OpenOptions::default()) else {
            continue;
        };
        tally.take("as it is", &name, &image);
        // Only undamaged photographs are altered: a second degradation of the damaged ones would leave nothing visible.
        if path.parent().is_some_and(|p| p.ends_with("fundus")) {
            let small = gantei::imaging::thumbnail(&image.pixels, SIDE);
            let opened = verdict(&small);
            for (kind, pixels) in variants(&small, &opened) {
                tally.take(kind, &name, &verdict(&pixels));
            }
        }
    }
    tally.none_is_refused("real photographs");
}

#[test]
fn no_drawn_eye_is_refused() {
    let count = std::env::var("GANTEI_DRAWN_EYES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(24);
    let mut tally = Tally::default();
    for number in 0..count {
        let side = [512, 384, 256, 100][(number % 4) as usize];
        let pixels = drawn(7, number, side);
        let name = format!("eye {number}, {side} px");
        let image = verdict(&pixels);
        tally.take("as it is", &name, &image);
        for (kind, pixels) in variants(&pixels, &image) {
            // A drawn eye of 100 pixels is not recognisable when cut further.
            if side > 100 || ["turned", "mirror"].iter().any(|k| kind.starts_with(k)) {
                tally.take(kind, &name, &verdict(&pixels));
            }
        }
    }
    tally.none_is_refused("drawn eyes");
}

/// Pseudo-random numbers from 0 to 1.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Noise from -1 to 1 with grains about `grain` pixels wide.
    fn noise(&mut self, width: u32, height: u32, grain: u32) -> impl Fn(f64, f64) -> f64 + use<> {
        let (columns, rows) = ((width / grain + 3) as usize, (height / grain + 3) as usize);
        let knots: Vec<f64> = (0..columns * rows)
            .map(|_| 2.0 * self.roll() - 1.0)
            .collect();
        move |x, y| {
            let (u, v) = (x / f64::from(grain), y / f64::from(grain));
            let (i, j) = (u as usize, v as usize);
            let smooth = |t: f64| t * t * (3.0 - 2.0 * t);
            let (a, b) = (smooth(u.fract()), smooth(v.fract()));
            let knot = |i: usize, j: usize| knots[j.min(rows - 1) * columns + i.min(columns - 1)];
            let above = knot(i, j) * (1.0 - a) + knot(i + 1, j) * a;
            let below = knot(i, j + 1) * (1.0 - a) + knot(i + 1, j + 1) * a;
            above * (1.0 - b) + below * b
        }
    }
}

/// The picture inside a disc on black, as a fundus camera masks it.
fn framed(pixels: &Pixels) -> Pixels {
    let (w, h) = (f64::from(pixels.width), f64::from(pixels.height));
    painted(pixels.width, pixels.height, |x, y| {
        if (x - w / 2.0).hypot(y - h / 2.0) < 0.48 * w.min(h) {
            pixels.at(x as u32, y as u32).map(f64::from)
        } else {
            [0.0; 3]
        }
    })
}

const RETINA: [f64; 3] = [170.0, 80.0, 40.0];

/// Drawn pictures of other things.
fn other_things() -> Vec<(String, Pixels)> {
    let mut all = Vec::new();
    let mut dice = Dice(3);
    for (name, colour) in [
        ("black", [0.0; 3]),
        ("white", [255.0; 3]),
        ("grey", [128.0; 3]),
        ("retina-coloured", RETINA),
        ("red", [200.0, 20.0, 20.0]),
    ] {
        let flat = painted(400, 320, |_, _| colour);
        all.push((format!("disc, {name}"), framed(&flat)));
        all.push((format!("flat, {name}"), flat));
    }
    for grain in [1, 3, 6, 12, 24, 48] {
        for strength in [12.0, 40.0] {
            let noise = dice.noise(400, 400, grain);
            let picture = painted(400, 400, |x, y| {
                let n = strength * noise(x, y);
                [RETINA[0] + n, RETINA[1] + 0.7 * n, RETINA[2] + 0.4 * n]
            });
            let name = format!("retina-coloured noise, {grain} px, {strength}");
            all.push((format!("{name}, disc"), framed(&picture)));
            all.push((name, picture));
        }
    }
    for (name, colour) in [
        ("sun", [255.0, 200.0, 60.0]),
        ("orange", [230.0, 120.0, 20.0]),
        ("planet", [190.0, 90.0, 50.0]),
    ] {
        let grain = dice.noise(400, 400, 9);
        let ball = painted(400, 400, |x, y| {
            let r = (x - 200.0).hypot(y - 200.0) / 180.0;
            let light = (1.0 - 0.5 * r * r + 0.02 * grain(x, y)).max(0.0);
            colour.map(|c| if r < 1.0 { c * light } else { 0.0 })
        });
        all.push((format!("ball, {name}"), ball));
    }
    let craters = dice.noise(400, 400, 14);
    let fine = dice.noise(400, 400, 5);
    let moon = painted(400, 400, |x, y| {
        let r = (x - 200.0).hypot(y - 200.0) / 185.0;
        let light = 150.0 + 45.0 * craters(x, y) + 20.0 * fine(x, y);
        [if r < 1.0 { light } else { 2.0 }; 3]
    });
    all.push(("moon".to_owned(), moon));
    for bend in [0.0, 40.0] {
        let speckle = dice.noise(480, 320, 2);
        let scan = painted(480, 320, |x, y| {
            let top =
                120.0 + 25.0 * (x / 150.0).sin() - bend * (-((x - 240.0) / 50.0).powi(2)).exp();
            let layers = [(0.0, 6.0, 170.0), (30.0, 10.0, 110.0), (80.0, 5.0, 230.0)];
            let light: f64 = layers
                .iter()
                .map(|(at, width, light)| light * (-((y - top - at) / width).powi(2)).exp())
                .sum();
            [light * (1.0 + 0.5 * speckle(x, y)) + 14.0; 3]
        });
        all.push((format!("section of an OCT, {bend}"), scan));
    }
    for iris in [[95.0, 65.0, 35.0], [70.0, 100.0, 125.0]] {
        let skin = dice.noise(480, 360, 5);
        let face = painted(480, 360, |x, y| {
            let (dx, dy) = (x - 240.0, y - 180.0);
            let r = dx.hypot(dy);
            let grain = 6.0 * skin(x, y);
            if (dx / 180.0).powi(2) + (dy / 85.0).powi(2) > 1.0 {
                [205.0 + grain, 160.0 + grain, 135.0 + grain]
            } else if r < 32.0 {
                [8.0; 3]
            } else if r < 75.0 {
                let ray = 18.0 * (40.0 * dy.atan2(dx)).sin();
                iris.map(|c| c + ray)
            } else {
                [235.0 + grain, 222.0 + grain, 218.0 + grain]
            }
        });
        all.push((format!("eye from outside, {:.0}", iris[0]), face));
    }
    let text = painted(420, 560, |x, y| {
        let (line, column) = ((y / 14.0) as u32, (x / 7.0) as u32);
        let inked = y % 14.0 < 8.0
            && (20.0..400.0).contains(&x)
            && (column * 7 + line * 13) % 5 != 0
            && ((x as u32 * 3 + y as u32 * 5 + column) % 7) < 3;
        [if inked { 20.0 } else { 255.0 }; 3]
    });
    all.push(("page of text".to_owned(), text));
    all.push((
        "chessboard".to_owned(),
        painted(400, 400, |x, y| {
            let even = ((x / 50.0) as u32 + (y / 50.0) as u32).is_multiple_of(2);
            [if even { 250.0 } else { 5.0 }; 3]
        }),
    ));
    let eye = drawn(5, 0, 256);
    let on_page = |x: f64, y: f64, side: f64| {
        let scale = 256.0 / side;
        let inside = (0.0..side).contains(&x) && (0.0..side).contains(&y);
        inside.then(|| {
            eye.at((x * scale) as u32, (y * scale) as u32)
                .map(f64::from)
        })
    };
    all.push((
        "report with a fundus photograph".to_owned(),
        painted(420, 594, |x, y| {
            let ink = (y > 240.0 && y % 14.0 < 7.0 && (x as u32 * 3 + y as u32) % 7 < 3)
                .then_some([30.0; 3]);
            on_page(x - 40.0, y - 50.0, 150.0)
                .or(ink)
                .unwrap_or([255.0; 3])
        }),
    ));
    all.push((
        "two fundus photographs".to_owned(),
        painted(512, 256, |x, y| {
            on_page(x % 256.0, y, 256.0).unwrap_or([0.0; 3])
        }),
    ));
    all
}

#[test]
fn pictures_of_other_things_are_refused() {
    let mut taken = Vec::new();
    let things = other_things();
    for (name, pixels) in &things {
        if objection(&verdict(pixels)).is_none() {
            taken.push(name.as_str());
        }
    }
    println!(
        "{} other things, taken for a fundus: {taken:?}",
        things.len()
    );
    assert_eq!(taken, TAKEN_FOR_A_FUNDUS);
}
