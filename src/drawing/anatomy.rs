//! Positions of the structures in a drawn eye, and how the camera frames them.
//!
//! Eye coordinates: origin at the fovea, x towards the nose, y downwards, one unit = the radius of a 45° field (22.5°).
//! They are the same for both eyes; a left eye is mirrored only when it is drawn.

use super::person::{Eye, Side};
use super::signs::Sign;
use crate::numeric::random::Xoshiro256;

const PURPOSE_SHARED: u64 = 101;
const PURPOSE_OWN: u64 = 102;
const PURPOSE_FRAME: u64 = 103;

/// Radii of the ring of the peripapillary sign, in eye units: full strength at the first, zero at the second.
pub(super) const RING_INNER: f64 = 0.11;
pub(super) const RING_OUTER: f64 = 0.29;
/// Radius of the circle that contains the foveal reflex, in eye units.
pub(super) const REFLEX_RADIUS: f64 = 0.08;
/// Radius of the circle in which the supratemporal artery is shifted, in eye units.
pub(super) const ARTERY_RADIUS: f64 = 0.21;
/// The most oval disc stays inside this circle, in eye units.
pub(super) const DISC_RADIUS: f64 = 0.195;

/// A point in eye units or, where noted, in picture pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn distance(self, other: Self) -> f64 {
        libm::sqrt(
            (self.x - other.x) * (self.x - other.x) + (self.y - other.y) * (self.y - other.y),
        )
    }
}

/// The geometry of one eye's fundus, in eye units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anatomy {
    pub disc: Point,
    /// Half width and half height of the disc before tilt.
    pub disc_half: (f64, f64),
    /// Tilt of the disc in radians, clockwise.
    pub disc_tilt: f64,
    /// Strength and phase of the irregularity of the rim (third harmonic).
    pub rim_wave: (f64, f64),
    pub cup: Point,
    /// Radius of the cup relative to that of the disc.
    pub cup_ratio: f64,
    /// Centre of the circle in which the artery sign acts.
    pub artery_centre: Point,
    /// Shift of the artery at that centre.
    pub artery_shift: Point,
}

impl Anatomy {
    pub fn of(eye: &Eye) -> Self {
        let mut shared = Xoshiro256::stream(eye.person_seed, 0, PURPOSE_SHARED);
        let mut own = Xoshiro256::stream(eye.eye_seed, 0, PURPOSE_OWN);
        let distance = shared.between(0.63, 0.70) + own.between(-0.01, 0.01);
        let angle = shared.between(0.04, 0.15) + own.between(-0.03, 0.03);
        let disc = Point::new(distance * libm::cos(angle), -distance * libm::sin(angle));
        let radius = shared.between(0.118, 0.132) + own.between(-0.003, 0.003);
        let stretch = libm::sqrt(eye.latents.effect(Sign::DiscOvality));
        let cup_ratio = (shared.between(0.26, 0.50) + own.between(-0.05, 0.05)).clamp(0.22, 0.55);
        let artery_centre = Point::new(
            disc.x - 0.26 * distance / 0.66,
            disc.y - 0.42 * distance / 0.66,
        );
        let away = artery_centre.distance(Point::new(0.0, 0.0));
        let shift = eye.latents.effect(Sign::ArteryAngle) * distance;
        Self {
            disc,
            disc_half: (radius / stretch, radius * stretch),
            disc_tilt: own.between(-0.2, 0.2),
            rim_wave: (
                own.between(0.0, 0.022),
                own.between(0.0, std::f64::consts::TAU),
            ),
            cup: Point::new(
                disc.x - 0.1 * radius,
                disc.y + own.between(-0.06, 0.06) * radius,
            ),
            cup_ratio,
            artery_centre,
            artery_shift: Point::new(
                artery_centre.x / away * shift,
                artery_centre.y / away * shift,
            ),
        }
    }

    /// A point of the supratemporal artery (or its branches) after the artery sign is applied.
    pub fn shifted_artery(&self, point: Point) -> Point {
        let reach = point.distance(self.artery_centre) / ARTERY_RADIUS;
        let weight = (1.0 - reach * reach).max(0.0);
        let weight = weight * weight;
        Point::new(
            point.x + weight * self.artery_shift.x,
            point.y + weight * self.artery_shift.y,
        )
    }
}

/// How the camera frames an eye: the lit circle in the picture, and the conversion between eye units and pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub width: u32,
    pub height: u32,
    /// Centre of the lit circle in pixels (the centre of the first pixel is 0.5, 0.5).
    pub centre: Point,
    /// Radius of the lit circle in pixels.
    pub radius: f64,
    /// The tab at the rim: direction in radians (0 = right, clockwise), half width and height relative to the radius.
    pub tab: Option<Tab>,
    /// Point of the eye at the centre of the circle.
    gaze: Point,
    /// Pixels per eye unit.
    scale: f64,
    turn: (f64, f64),
    mirror: f64,
}

/// The orientation tab of a fundus camera.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tab {
    pub direction: f64,
    pub half_width: f64,
    pub height: f64,
    pub round: bool,
}

impl Frame {
    pub fn of(eye: &Eye, anatomy: &Anatomy, width: u32, height: u32) -> Self {
        let mut shared = Xoshiro256::stream(eye.person_seed, 0, PURPOSE_FRAME);
        let mut own = Xoshiro256::stream(eye.eye_seed, 0, PURPOSE_FRAME);
        let (w, h) = (f64::from(width), f64::from(height));
        let short = w.min(h);
        // Many cameras clip the circle above and below when the frame is wide.
        let cut = shared.chance(0.35) && w >= 1.25 * h;
        let radius = short
            * if cut {
                shared.between(0.53, 0.58)
            } else {
                shared.between(0.455, 0.488)
            };
        let tab = shared.chance(0.6).then(|| Tab {
            direction: -shared.between(0.70, 0.90),
            half_width: shared.between(0.035, 0.05),
            height: shared.between(0.03, 0.06),
            round: shared.chance(0.35),
        });
        let scale = radius * shared.between(0.86, 1.02) * own.between(0.985, 1.015);
        let turn = own.between(-0.09, 0.09);
        let along = shared.between(0.05, 0.42) + own.between(-0.05, 0.05);
        Self {
            width,
            height,
            centre: Point::new(
                w / 2.0 + own.between(-0.006, 0.006) * short,
                h / 2.0 + own.between(-0.006, 0.006) * short,
            ),
            radius,
            tab,
            gaze: Point::new(
                along * anatomy.disc.x,
                0.5 * anatomy.disc.y + own.between(-0.06, 0.06),
            ),
            scale,
            turn: (libm::cos(turn), libm::sin(turn)),
            mirror: if eye.side == Side::Right { 1.0 } else { -1.0 },
        }
    }

    /// Pixels per eye unit.
    pub fn pixels_per_unit(&self) -> f64 {
        self.scale
    }

    /// From eye units to picture pixels.
    pub fn image_from_eye(&self, point: Point) -> Point {
        let (x, y) = (
            (point.x - self.gaze.x) * self.scale,
            (point.y - self.gaze.y) * self.scale,
        );
        let (c, s) = self.turn;
        Point::new(
            self.centre.x + self.mirror * (c * x - s * y),
            self.centre.y + s * x + c * y,
        )
    }

    /// From picture pixels to eye units.
    pub fn eye_from_image(&self, point: Point) -> Point {
        let (x, y) = (
            (point.x - self.centre.x) * self.mirror,
            point.y - self.centre.y,
        );
        let (c, s) = self.turn;
        Point::new(
            (c * x + s * y) / self.scale + self.gaze.x,
            (c * y - s * x) / self.scale + self.gaze.y,
        )
    }
}
