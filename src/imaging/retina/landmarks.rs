//! Locates optic disc and fovea: a proposal, with its certainty, for the user to accept.
//!
//! The disc is the bright patch where vessels meet (`disc.rs`). The fovea is the darkest patch without vessels at the
//! usual distance and angle from a disc: on average 2.65 disc diameters (Jonas 2015) and about 6° below. Each part of
//! the evidence must reach a level before a point counts as likely; if one is missing nothing is proposed. The levels
//! were chosen on photographs from seven cameras and on drawn eyes.

use crate::domain::{Certainty, DetectedPoint, FieldOfView, FundusImage, Point, Proposal, Quality};

use super::disc::{self, Disc};
use super::features::radius;
use super::field_of_view::Field;
use super::vessels::{Lines, VESSEL_WIDTH};
use super::working_copy::{Plane, WorkingCopy};

/// Evidence for a disc: none below the first number, full from the second.
const DISC_LEAD: [f64; 2] = [0.25, 0.55];
const DISC_BRIGHT: [f64; 2] = [0.3, 0.9];
const DISC_VESSELS: [f64; 2] = [0.6, 1.4];
/// The same for a fovea.
const FOVEA_LEAD: [f64; 2] = [0.6, 0.9];
const FOVEA_SCORE: [f64; 2] = [0.2, 0.6];

/// Distance of the fovea from the disc relative to the diameter of the field: the range searched, and the mean and
/// spread for fields of 30° to 60°.
const DISTANCES: std::ops::Range<f64> = 0.2..0.62;
const DISTANCE: [f64; 2] = [0.34, 0.09];
/// Angle of the line from disc to fovea below the horizontal in degrees: mean and spread.
const ANGLE: [f64; 2] = [6.0, 9.0];

/// Relative to the diameter of the field: the foveal pit, its surroundings, its refinement, and the minimum distance of
/// a rival.
const PIT: f64 = 0.03;
const AROUND: f64 = 0.12;
const REFINE: f64 = 0.05;
const RIVAL: f64 = 0.12;
/// Share of the pit's neighbourhood that must be in the field.
const MIN_SEEN: f64 = 0.9;

/// Searches for disc and fovea. Nothing is found in a picture that is not a fundus photograph, and no fovea without a
/// disc.
pub fn propose(photograph: &FundusImage) -> Proposal {
    let field = photograph.field_of_view.as_ref();
    match field.filter(|_| photograph.quality != Quality::NotAFundus) {
        Some(field) => look(&WorkingCopy::of_pixels(&photograph.pixels), field),
        None => Proposal::default(),
    }
}

fn look(copy: &WorkingCopy, view: &FieldOfView) -> Proposal {
    let field = Field::of_view(view, copy);
    let green = copy.plane(|[_, g, _]| g);
    let width = field.measured_diameter() * VESSEL_WIDTH;
    let lines = Lines::find(&green, &field.inside, width);
    let Some(disc) = disc::find(copy, &field, &lines) else {
        return Proposal::default();
    };
    let found = |(x, y): (f64, f64), sureness: f64| {
        let at = Point {
            x: (x + 0.5) * copy.scale[0],
            y: (y + 0.5) * copy.scale[1],
        };
        (Certainty::of(sureness) > Certainty::NotFound).then_some(DetectedPoint { at, sureness })
    };
    let sure_disc = ramp(disc.lead, DISC_LEAD)
        * ramp(disc.bright, DISC_BRIGHT)
        * ramp(disc.vessels, DISC_VESSELS);
    let fovea = Search::new(copy, &field, &lines, &disc).best();
    Proposal {
        disc: found((disc.x as f64, disc.y as f64), sure_disc),
        // A fovea next to a doubtful disc is as doubtful.
        fovea: fovea.and_then(|f| found(f.at, f.sureness().min(sure_disc))),
    }
}

/// 0 up to the first number, 1 from the second.
fn ramp(value: f64, [none, full]: [f64; 2]) -> f64 {
    ((value - none) / (full - none)).clamp(0.0, 1.0)
}

/// exp(−½ ((x − mean) / spread)²).
fn usual(x: f64, [mean, spread]: [f64; 2]) -> f64 {
    let z = (x - mean) / spread;
    libm::exp(-0.5 * z * z)
}

/// A candidate for the fovea.
struct Fovea {
    /// In the copy: x and y.
    at: (f64, f64),
    /// Darkness relative to the spread of light, weighted by few vessels and the expected position of a fovea.
    score: f64,
    /// Lead over the best candidate elsewhere; 0–1.
    lead: f64,
}

impl Fovea {
    fn sureness(&self) -> f64 {
        ramp(self.score, FOVEA_SCORE) * ramp(self.lead, FOVEA_LEAD)
    }
}

/// The inputs of the search for the fovea.
struct Search<'a> {
    field: &'a Field,
    disc: &'a Disc,
    width: usize,
    diameter: f64,
    /// Darkness of the background between the vessels against its surroundings, relative to the spread of light.
    dark: Plane,
    /// Strength of vessels relative to their mean.
    vessels: Plane,
    /// Share of the neighbourhood that is in the field.
    seen: Plane,
}

impl<'a> Search<'a> {
    fn new(copy: &WorkingCopy, field: &'a Field, lines: &Lines, disc: &'a Disc) -> Self {
        let inside = &field.inside;
        let diameter = field.measured_diameter();
        let vessel = lines.strong(inside);
        let between = inside.iter().zip(&lines.dark.values);
        let ground: Vec<bool> = between.map(|(&i, &line)| i && line < vessel).collect();
        let light = copy.plane(|[r, g, _]| 0.3 * r + 0.7 * g);
        let around = light.mean_within(&ground, radius(diameter, AROUND));
        let mut flat = light.minus(&around).sample_within(&ground);
        let spread = (flat.percentile(0.9) - flat.percentile(0.1)).max(2.0);
        let mut dark = around.minus(&light.mean_within(&ground, radius(diameter, PIT)));
        dark.values.iter_mut().for_each(|d| *d /= spread);
        let mut vessels = lines.dark.mean_within(inside, radius(diameter, 0.05));
        let mean = (vessels.mean(inside) as f32).max(1e-3);
        vessels.values.iter_mut().for_each(|v| *v /= mean);
        let whole = vec![true; inside.len()];
        let seen = copy.with(inside.iter().map(|&i| f32::from(u8::from(i))).collect());
        Self {
            field,
            disc,
            width: copy.width,
            diameter,
            dark,
            vessels,
            seen: seen.mean_within(&whole, radius(diameter, 0.06)),
        }
    }

    fn place(&self, at: usize) -> (f64, f64) {
        ((at % self.width) as f64, (at / self.width) as f64)
    }

    fn distance(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (self.place(a), self.place(b));
        (a.0 - b.0).hypot(a.1 - b.1)
    }

    /// High if dark, without vessels and at the expected position; `None` if a fovea cannot be there.
    fn score(&self, at: usize) -> Option<f64> {
        let (x, y) = self.place(at);
        let (dx, dy) = (x - self.disc.x as f64, y - self.disc.y as f64);
        let distance = dx.hypot(dy) / self.diameter;
        let seen = f64::from(self.seen.values[at]) >= MIN_SEEN;
        if !self.field.inside[at] || !seen || !DISTANCES.contains(&distance) {
            return None;
        }
        let angle = libm::atan2(dy, dx.abs()).to_degrees();
        let free = (1.0 - f64::from(self.vessels.values[at])).max(0.0);
        let dark = f64::from(self.dark.values[at]).max(0.0);
        Some(dark * (0.3 + free) * usual(distance, DISTANCE) * usual(angle, ANGLE))
    }

    fn best(&self) -> Option<Fovea> {
        let scores: Vec<(usize, f64)> = (0..self.field.inside.len())
            .filter_map(|at| Some((at, self.score(at)?)))
            .collect();
        let &(best, score) = scores.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        if score <= 0.0 {
            return None;
        }
        let rival = RIVAL * self.diameter;
        let elsewhere = scores.iter().filter(|s| self.distance(s.0, best) > rival);
        let second = elsewhere.map(|s| s.1).fold(0.0, f64::max);
        Some(Fovea {
            at: self.middle(best),
            score,
            lead: 1.0 - second / score,
        })
    }

    /// The middle of the dark patch around a position: the expected position biases the best one.
    fn middle(&self, best: usize) -> (f64, f64) {
        let reach = REFINE * self.diameter;
        let (mut x, mut y, mut whole) = (0.0, 0.0, 0.0);
        for at in (0..self.dark.values.len()).filter(|&at| self.distance(at, best) <= reach) {
            let darkness = f64::from(self.dark.values[at] / self.dark.values[best]);
            let weight = (darkness - 0.5).max(0.0);
            let place = self.place(at);
            x += weight * place.0;
            y += weight * place.1;
            whole += weight;
        }
        (x / whole, y / whole)
    }
}
