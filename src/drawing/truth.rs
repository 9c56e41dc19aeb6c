//! Ground truth of a drawn picture: the positions of field, disc, fovea and signs, in pixels.

use super::anatomy::{
    ARTERY_RADIUS, Anatomy, DISC_RADIUS, Frame, Point, REFLEX_RADIUS, RING_INNER, RING_OUTER,
};
use super::person::Eye;
use super::signs::{Latents, Sign};
use serde::Serialize;

/// A position in the picture, in pixels; the centre of the first pixel is (0.5, 0.5).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Position {
    pub x: f64,
    pub y: f64,
}

/// A circle, or a ring when `inner_radius` is not 0, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Region {
    pub x: f64,
    pub y: f64,
    pub radius: f64,
    pub inner_radius: f64,
}

/// The drawn disc: centre and half axes before tilt, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DiscTruth {
    pub x: f64,
    pub y: f64,
    pub half_width: f64,
    pub half_height: f64,
}

/// What a picture of an eye shows, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EyeTruth {
    /// Size of the picture in pixels.
    pub width: u32,
    pub height: u32,
    /// The lit circle of the field of view (a wide picture may clip it above and below).
    pub field_of_view: Region,
    pub disc: DiscTruth,
    pub fovea: Position,
    pub latents: Latents,
    /// The region of each sign, in the order of [`Sign::ALL`].
    regions: [Region; 4],
}

impl EyeTruth {
    /// The region of the sign: nothing outside it depends on the sign.
    pub fn region(&self, sign: Sign) -> Region {
        self.regions[sign as usize]
    }

    pub(super) fn of(eye: &Eye, anatomy: &Anatomy, frame: &Frame) -> Self {
        let scale = frame.pixels_per_unit();
        let fovea = frame.image_from_eye(Point::new(0.0, 0.0));
        let disc = frame.image_from_eye(anatomy.disc);
        let artery = frame.image_from_eye(anatomy.artery_centre);
        let region = |sign: Sign| {
            let (at, outer, inner) = match sign {
                Sign::PeripapillaryDarkness => (disc, RING_OUTER, RING_INNER),
                Sign::FovealReflex => (fovea, REFLEX_RADIUS, 0.0),
                Sign::DiscOvality => (disc, DISC_RADIUS, 0.0),
                Sign::ArteryAngle => (artery, ARTERY_RADIUS, 0.0),
            };
            Region {
                x: at.x,
                y: at.y,
                radius: outer * scale,
                inner_radius: inner * scale,
            }
        };
        Self {
            width: frame.width,
            height: frame.height,
            field_of_view: Region {
                x: frame.centre.x,
                y: frame.centre.y,
                radius: frame.radius,
                inner_radius: 0.0,
            },
            disc: DiscTruth {
                x: disc.x,
                y: disc.y,
                half_width: anatomy.disc_half.0 * scale,
                half_height: anatomy.disc_half.1 * scale,
            },
            fovea: Position {
                x: fovea.x,
                y: fovea.y,
            },
            latents: eye.latents,
            regions: Sign::ALL.map(region),
        }
    }
}
