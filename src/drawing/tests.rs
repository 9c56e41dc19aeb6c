//! Properties of the drawing as a whole: reproducible bytes, local signs, mirrored anatomy, nuisance independent of the
//! label.

use super::anatomy::{Anatomy, Frame, Point};
use super::camera::CaptureConditions;
use super::*;

const SIZE: u32 = 256;

fn drawn(eye: &Eye) -> (Pixels, EyeTruth) {
    draw_eye(eye, SIZE, SIZE).unwrap()
}

/// Mean of a channel over the pixels whose distance from a point is between two radii.
fn mean(pixels: &Pixels, channel: usize, at: Region) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for y in 0..pixels.height {
        for x in 0..pixels.width {
            let distance = (f64::from(x) + 0.5 - at.x).hypot(f64::from(y) + 0.5 - at.y);
            if distance < at.radius && distance >= at.inner_radius {
                sum += f64::from(pixels.rgb[((y * pixels.width + x) * 3) as usize + channel]);
                count += 1;
            }
        }
    }
    sum / f64::from(count.max(1))
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let eye = person(4, 2).right;
    assert_eq!(drawn(&eye), drawn(&person(4, 2).right));
    assert_ne!(drawn(&eye).0, drawn(&person(5, 2).right).0);
}

#[test]
fn a_sign_changes_the_picture_only_in_its_region() {
    for index in 0..4 {
        let p = person(21, index);
        let eye = if index % 2 == 0 { p.right } else { p.left };
        for sign in Sign::ALL {
            let at = |value| drawn(&eye.with_latents(eye.latents.with(sign, value)));
            let ((low, truth), (high, _)) = (at(-2.0), at(2.0));
            let region = truth.region(sign);
            let (mut changed, mut moved) = (0, 0.0);
            for (i, (a, b)) in low
                .rgb
                .chunks_exact(3)
                .zip(high.rgb.chunks_exact(3))
                .enumerate()
            {
                let (x, y) = (
                    (i as u32 % SIZE) as f64 + 0.5,
                    (i as u32 / SIZE) as f64 + 0.5,
                );
                let difference: i32 = a
                    .iter()
                    .zip(b)
                    .map(|(a, b)| (i32::from(*a) - i32::from(*b)).abs())
                    .sum();
                if difference > 0 {
                    let distance = (x - region.x).hypot(y - region.y);
                    assert!(
                        distance <= region.radius + 1.0,
                        "{sign:?} of person {index} shows {distance} pixels away"
                    );
                    changed += 1;
                    moved += f64::from(difference);
                }
            }
            assert!(
                changed > 60 && moved > 500.0,
                "{sign:?} of person {index}: {changed} pixels, {moved}"
            );
        }
    }
}

#[test]
fn regions_are_small_parts_of_the_field() {
    for index in 0..20 {
        let (_, truth) = drawn(&person(8, index).left);
        let field = truth.field_of_view.radius;
        for sign in Sign::ALL {
            let region = truth.region(sign);
            assert!(region.radius < 0.31 * field, "{sign:?}");
            let reach = (region.x - truth.field_of_view.x).hypot(region.y - truth.field_of_view.y);
            assert!(
                reach + 0.5 * region.radius < field,
                "{sign:?} of person {index} leaves the field"
            );
        }
    }
}

#[test]
fn signs_show_in_the_documented_direction() {
    let eye = person(30, 1).right;
    let at = |sign, value| drawn(&eye.with_latents(eye.latents.with(sign, value)));

    let ring = |value| {
        let (pixels, truth) = at(Sign::PeripapillaryDarkness, value);
        let disc = truth.region(Sign::DiscOvality);
        mean(
            &pixels,
            1,
            Region {
                inner_radius: disc.radius,
                radius: 1.2 * disc.radius,
                ..disc
            },
        )
    };
    assert!(
        ring(2.0) < 0.9 * ring(-2.0),
        "darker in men: {} and {}",
        ring(2.0),
        ring(-2.0)
    );

    let pit = |value| {
        let (pixels, truth) = at(Sign::FovealReflex, value);
        let region = truth.region(Sign::FovealReflex);
        mean(
            &pixels,
            1,
            Region {
                radius: 0.3 * region.radius,
                ..region
            },
        )
    };
    assert!(
        pit(2.0) < 0.9 * pit(-2.0),
        "weaker in men: {} and {}",
        pit(2.0),
        pit(-2.0)
    );

    let oval = |value| {
        let (_, truth) = at(Sign::DiscOvality, value);
        truth.disc.half_height / truth.disc.half_width
    };
    assert!(oval(2.0) < oval(-2.0), "rounder in men");
    assert!((oval(0.0) - 1.17).abs() < 1e-9);

    let away = |value| {
        let anatomy = Anatomy::of(&eye.with_latents(eye.latents.with(Sign::ArteryAngle, value)));
        anatomy
            .shifted_artery(anatomy.artery_centre)
            .distance(Point::new(0.0, 0.0))
    };
    assert!(away(2.0) > away(-2.0), "farther from the macula in men");
}

#[test]
fn the_disc_lies_to_the_right_of_the_fovea_in_right_eyes_only() {
    for index in 0..10 {
        let p = person(2, index);
        let ((right, in_right), (left, in_left)) = (drawn(&p.right), drawn(&p.left));
        assert!(in_right.disc.x > in_right.fovea.x + 0.2 * f64::from(SIZE));
        assert!(in_left.disc.x < in_left.fovea.x - 0.2 * f64::from(SIZE));
        let mirrored: Vec<u8> = right
            .rgb
            .chunks_exact(SIZE as usize * 3)
            .flat_map(|row| {
                row.chunks_exact(3)
                    .rev()
                    .flatten()
                    .copied()
                    .collect::<Vec<u8>>()
            })
            .collect();
        assert_ne!(mirrored, left.rgb, "the left eye has its own anatomy");
        for (pixels, truth) in [(&right, in_right), (&left, in_left)] {
            let disc = Region {
                x: truth.disc.x,
                y: truth.disc.y,
                radius: 0.7 * truth.disc.half_width,
                inner_radius: 0.0,
            };
            let fovea = Region {
                x: truth.fovea.x,
                y: truth.fovea.y,
                ..disc
            };
            assert!(
                mean(pixels, 1, disc) > 1.5 * mean(pixels, 1, fovea),
                "the disc is bright, the macula dark"
            );
        }
    }
}

#[test]
fn nuisance_does_not_know_the_label() {
    // The latent values determine the signs only: changing them leaves look and frame unchanged.
    for index in 0..50 {
        let eye = person(6, index).right;
        let other = eye.with_latents(Latents::default());
        assert_eq!(
            format!("{:?}", CaptureConditions::of(&eye)),
            format!("{:?}", CaptureConditions::of(&other))
        );
        let frame = |e: &Eye| format!("{:?}", Frame::of(e, &Anatomy::of(e), 300, 200));
        assert_eq!(frame(&eye), frame(&other));
    }
    // No measure of the look differs between the labels by more than chance.
    let people: Vec<Person> = (0..3_000).map(|i| person(14, i)).collect();
    let measures: [fn(&CaptureConditions) -> f32; 6] = [
        |l| l.tint[1],
        |l| l.haze,
        |l| l.noise,
        |l| l.blur,
        |l| l.macula.0,
        |l| l.vignette,
    ];
    for (k, measure) in measures.iter().enumerate() {
        let scores: Vec<_> = people
            .iter()
            .map(|p| (p.sex, f64::from(measure(&CaptureConditions::of(&p.right)))))
            .collect();
        let area = auc(&scores).unwrap();
        assert!((area - 0.5).abs() < 0.04, "measure {k} has AUC {area}");
    }
}

#[test]
fn eye_and_picture_coordinates_are_inverse() {
    for index in 0..8 {
        let p = person(12, index);
        for eye in [p.right, p.left] {
            let frame = Frame::of(&eye, &Anatomy::of(&eye), 500, 400);
            for place in [
                Point::new(3.0, 9.5),
                Point::new(499.0, 0.0),
                Point::new(250.0, 200.0),
            ] {
                assert!(
                    frame
                        .image_from_eye(frame.eye_from_image(place))
                        .distance(place)
                        < 1e-9
                );
            }
        }
    }
}

#[test]
fn a_larger_picture_shows_the_same_eye() {
    let eye = person(17, 3).left;
    let (small, _) = draw_eye(&eye, 96, 96).unwrap();
    let (large, truth) = draw_eye(&eye, 384, 384).unwrap();
    let whole = |p: &Pixels, scale: f64| {
        let f = truth.field_of_view;
        mean(
            p,
            0,
            Region {
                x: f.x * scale,
                y: f.y * scale,
                radius: f.radius * 0.9 * scale,
                inner_radius: 0.0,
            },
        )
    };
    assert!((whole(&small, 0.25) - whole(&large, 1.0)).abs() < 3.0);
}

#[test]
fn sizes_out_of_range_are_refused() {
    let eye = person(1, 1).left;
    for (width, height) in [(63, 100), (100, 12_001), (0, 0), (u32::MAX, 64)] {
        assert!(matches!(
            draw_eye(&eye, width, height),
            Err(Error::Size { .. })
        ));
    }
}

#[test]
fn pictures_and_tables_can_be_read_back() {
    let mut entries = Vec::new();
    for number in 0..6 {
        let (p, eye) = eye_of_picture(40, number);
        let (pixels, truth) = draw_eye(&eye, 80, 64).unwrap();
        for format in [PictureFormat::Png, PictureFormat::Jpeg] {
            let read = image::load_from_memory(&encode(&pixels, format).unwrap()).unwrap();
            assert_eq!((read.width(), read.height()), (80, 64));
            if format == PictureFormat::Png {
                assert_eq!(read.to_rgb8().into_raw(), pixels.rgb);
            }
        }
        entries.push(entry(&p, &eye, truth, "png"));
    }
    let csv = labels_csv(&entries);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "image,person,eye,age,sex");
    assert!(lines[1].starts_with("images/00000_OD.png,00000,OD,"));
    assert!(lines[2].starts_with("images/00000_OS.png,00000,OS,"));
    assert_eq!(lines.len(), 7);

    let document: serde_json::Value = serde_json::from_str(&signs_json(40, &entries)).unwrap();
    assert_eq!(document["count"], 6);
    assert!((document["best_auc"].as_f64().unwrap() - best_auc()).abs() < 1e-12);
    let first = &document["images"][0];
    let logit = first["ideal_observer"]["logit"].as_f64().unwrap();
    assert!((logit - entries[0].truth.latents.ideal_logit()).abs() < 1e-3);
    assert!(
        first["signs"]["foveal_reflex"]["region"]["radius"]
            .as_f64()
            .unwrap()
            > 0.0
    );
}

/// The demonstration models were trained on exactly these pictures: changing the drawing requires new training.
#[test]
fn the_drawing_is_the_one_the_models_were_trained_on() {
    let (_, eye) = eye_of_picture(101, 3);
    let (pixels, _) = draw_eye(&eye, 128, 128).unwrap();
    let means: Vec<[u8; 3]> = (0..16)
        .map(|cell: u32| {
            std::array::from_fn(|c| {
                let (left, top) = (cell % 4 * 32, cell / 4 * 32);
                let sum: u32 = (0..1024u32)
                    .map(|i| {
                        u32::from(
                            pixels.rgb[(((top + i / 32) * 128 + left + i % 32) * 3) as usize + c],
                        )
                    })
                    .sum();
                ((sum + 512) / 1024) as u8
            })
        })
        .collect();
    for (cell, (is, was)) in means.iter().zip(PINNED).enumerate() {
        let far = is.iter().zip(was).any(|(a, b)| a.abs_diff(b) > 1);
        assert!(!far, "cell {cell} is {is:?}, was {was:?}; all: {means:?}");
    }
}

const PINNED: [[u8; 3]; 16] = [
    [35, 17, 10],
    [129, 57, 33],
    [134, 57, 33],
    [38, 17, 10],
    [132, 57, 33],
    [183, 83, 51],
    [182, 75, 43],
    [148, 66, 37],
    [136, 60, 34],
    [178, 73, 44],
    [183, 74, 44],
    [147, 62, 36],
    [36, 16, 10],
    [133, 57, 34],
    [138, 59, 34],
    [33, 15, 9],
];
