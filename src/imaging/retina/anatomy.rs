//! The regions of a photograph, derived from two points: the centre of the disc and the fovea.
//!
//! The distance between the two gives the scale. Its mean is 4.76 ± 0.34 mm, and 2.65 ± 0.30 disc diameters (Jonas and
//! others 2015, PLoS ONE 10:e0138701, 2,836 persons). With that scale:
//!
//! | region | where | source |
//! |---|---|---|
//! | disc | up to 0.90 mm from its centre: distance / 2.65 across | Jonas 2015 |
//! | peripapillary | from there to 1.73 mm: the circle of nerve fibre layer scans | the scan circle of 3.46 mm |
//! | macula | up to 3 mm from the fovea | the outer circle of the ETDRS grid, 6 mm |
//! | arcades | within 0.2 mm of a vessel, outside the above | detected vessels |
//! | rest | all other retina in the field of view | |
//! | outside | outside the field of view or the frame | |
//!
//! Earlier rows take precedence, except that outside precedes all. Because all sizes scale with the distance, the
//! circles never meet: 1.73 + 3 mm is less than 4.76 mm. The distance differs between eyes and grows with their length,
//! so millimetres here are those of a mean eye.

use crate::domain::{FieldOfView, Landmarks, Pixels, Point, Region};

use super::arcades::Arcades;

/// Mean distance from disc centre to fovea, in millimetres.
const DISTANCE_MM: f64 = 4.76;
/// Distance relative to the disc's diameter.
const DISC_DIAMETERS: f64 = 2.65;
/// Radii in millimetres.
const RING_MM: f64 = 1.73;
const MACULA_MM: f64 = 3.0;
/// Half width of a corridor along a vessel.
const CORRIDOR_MM: f64 = 0.2;
/// Minimum distance of the two points relative to the longer side of the photograph.
const MIN_DISTANCE: f64 = 0.02;

/// The regions of one photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Anatomy {
    landmarks: Landmarks,
    circles: [Ring; 3],
    field: FieldOfView,
    /// Width and height of the photograph.
    frame: [f64; 2],
    arcades: Arcades,
}

/// A circle in the photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ring {
    pub region: Region,
    pub centre: Point,
    /// In pixels.
    pub radius: f64,
}

/// The points cannot be disc and fovea.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("disc and fovea must be two different points inside the photograph")]
pub struct InvalidLandmarks;

impl Anatomy {
    /// Derives the regions. Without a field of view the whole frame is retina.
    ///
    /// # Errors
    /// [`InvalidLandmarks`] unless both points are in the frame and sufficiently far apart.
    pub fn new(
        pixels: &Pixels,
        field: Option<&FieldOfView>,
        landmarks: Landmarks,
    ) -> Result<Self, InvalidLandmarks> {
        let frame = [pixels.width, pixels.height].map(f64::from);
        check(frame, &landmarks)?;
        let whole = FieldOfView {
            centre_x: frame[0] / 2.0,
            centre_y: frame[1] / 2.0,
            radius: frame[0].max(frame[1]) / 2.0,
            completeness: 1.0,
            round: false,
        };
        let field = field.copied().unwrap_or(whole);
        let millimetre = pixels_per_millimetre(&landmarks);
        Ok(Self {
            landmarks,
            circles: circles(&landmarks),
            field,
            frame,
            arcades: Arcades::find(pixels, &field, CORRIDOR_MM * millimetre),
        })
    }

    pub fn landmarks(&self) -> Landmarks {
        self.landmarks
    }

    /// Width and height of the photograph.
    pub fn frame(&self) -> [f64; 2] {
        self.frame
    }

    /// The region of a point of the photograph.
    pub fn region_at(&self, point: (f64, f64)) -> Region {
        if !self.field.holds(self.frame, point) {
            return Region::Outside;
        }
        let within = self
            .circles
            .iter()
            .find(|c| c.centre.distance(point) <= c.radius);
        match within {
            Some(circle) => circle.region,
            None if self.arcades.hold(point) => Region::Arcades,
            None => Region::Rest,
        }
    }
}

/// The scale of a photograph: pixels per millimetre of retina, for a mean eye.
pub fn pixels_per_millimetre(landmarks: &Landmarks) -> f64 {
    landmarks.distance() / DISTANCE_MM
}

/// Whether two points can be a disc and a fovea in a frame of this width and height.
pub fn check(frame: [f64; 2], landmarks: &Landmarks) -> Result<(), InvalidLandmarks> {
    let inside = |p: Point| (0.0..frame[0]).contains(&p.x) && (0.0..frame[1]).contains(&p.y);
    let apart = landmarks.distance() >= MIN_DISTANCE * frame[0].max(frame[1]);
    let fits = inside(landmarks.disc) && inside(landmarks.fovea) && apart;
    if fits { Ok(()) } else { Err(InvalidLandmarks) }
}

/// The borders of disc, peripapillary ring and macula, in order of precedence.
pub fn circles(landmarks: &Landmarks) -> [Ring; 3] {
    let distance = landmarks.distance();
    let millimetre = pixels_per_millimetre(landmarks);
    let ring = |region, centre, radius| Ring {
        region,
        centre,
        radius,
    };
    [
        ring(
            Region::Disc,
            landmarks.disc,
            distance / DISC_DIAMETERS / 2.0,
        ),
        ring(Region::Peripapillary, landmarks.disc, RING_MM * millimetre),
        ring(Region::Macula, landmarks.fovea, MACULA_MM * millimetre),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landmarks() -> Landmarks {
        Landmarks {
            disc: Point { x: 300.0, y: 200.0 },
            fovea: Point { x: 157.2, y: 200.0 },
        }
    }

    /// A plain background with one long vessel below the middle, straight across.
    fn anatomy() -> Anatomy {
        let rgb = (0..400 * 400).flat_map(|i| {
            let on_vessel = (298..303).contains(&(i / 400));
            if on_vessel {
                [90, 30, 20]
            } else {
                [170, 80, 40]
            }
        });
        let pixels = Pixels::new(400, 400, rgb.collect()).unwrap();
        let field = FieldOfView {
            centre_x: 200.0,
            centre_y: 200.0,
            radius: 190.0,
            completeness: 1.0,
            round: true,
        };
        Anatomy::new(&pixels, Some(&field), landmarks()).unwrap()
    }

    #[test]
    fn each_region_lies_where_its_size_says() {
        // 142.8 pixels are 4.76 mm: 30 pixels per millimetre.
        let anatomy = anatomy();
        for (point, region) in [
            ((300.0, 200.0), Region::Disc),
            ((300.0, 226.5), Region::Disc),
            ((300.0, 228.0), Region::Peripapillary),
            ((300.0, 251.0), Region::Peripapillary),
            ((300.0, 253.0), Region::Rest),
            ((157.2, 289.0), Region::Macula),
            ((157.2, 291.5), Region::Rest),
            ((157.2, 300.0), Region::Arcades),
            ((157.2, 306.0), Region::Arcades),
            ((157.2, 320.0), Region::Rest),
            ((200.0, 392.0), Region::Outside),
            ((-1.0, 200.0), Region::Outside),
        ] {
            assert_eq!(anatomy.region_at(point), region, "{point:?}");
        }
    }

    #[test]
    fn the_circles_of_disc_and_macula_do_not_meet() {
        let [_, ring, macula] = circles(&landmarks());
        assert!(ring.radius + macula.radius < landmarks().distance());
    }

    #[test]
    fn impossible_points_are_refused() {
        let frame = [400.0, 300.0];
        let with = |disc: (f64, f64), fovea: (f64, f64)| {
            let point = |(x, y)| Point { x, y };
            let landmarks = Landmarks {
                disc: point(disc),
                fovea: point(fovea),
            };
            check(frame, &landmarks)
        };
        assert_eq!(with((10.0, 10.0), (200.0, 100.0)), Ok(()));
        for (disc, fovea) in [
            ((10.0, 10.0), (12.0, 10.0)),
            ((-1.0, 10.0), (200.0, 100.0)),
            ((10.0, 10.0), (200.0, 300.0)),
            ((f64::NAN, 10.0), (200.0, 100.0)),
            ((10.0, 10.0), (f64::INFINITY, 100.0)),
        ] {
            assert_eq!(
                with(disc, fovea),
                Err(InvalidLandmarks),
                "{disc:?} {fovea:?}"
            );
        }
    }
}
