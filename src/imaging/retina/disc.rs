//! The optic disc: the bright patch of disc size where vessels meet. Its side in a macula-centred picture suggests
//! which eye is shown.

use crate::domain::{Centring, Laterality};

use super::features::radius;
use super::field_of_view::Field;
use super::vessels::Lines;
use super::working_copy::WorkingCopy;

/// Minimum lead, brightness and vessels of a certain disc; calibrated so that no picture from seven cameras, including
/// diseased eyes, is guessed wrongly.
const MIN_LEAD: f64 = 0.45;
const MIN_BRIGHT: f64 = 0.9;
const MIN_VESSELS: f64 = 1.4;

/// Position of the disc in a macula-centred picture, in radii of the field from its middle.
const MIN_BESIDE: f64 = 0.4;
const MAX_BESIDE: f64 = 0.95;
const MAX_ABOVE: f64 = 0.35;
/// Greatest distance of the disc from the middle of a disc-centred picture. In fields of 30° to 60° a macula-centred one
/// has it at 0.5 or more.
const MAX_OFF_CENTRE: f64 = 0.3;

/// A candidate for the optic disc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Disc {
    /// Position in the copy.
    pub x: usize,
    pub y: usize,
    /// Lead of the best candidate over the best one elsewhere, relative to it; 0–1.
    pub lead: f64,
    /// Brightness above the surroundings, relative to the spread of brightness.
    pub bright: f64,
    /// Strength of the vessels around it, relative to the field's mean.
    pub vessels: f64,
}

/// Finds the best candidate; `None` if there is no field worth searching.
pub(super) fn find(copy: &WorkingCopy, field: &Field, lines: &Lines) -> Option<Disc> {
    let inside = &field.inside;
    let diameter = field.measured_diameter();
    if diameter < 48.0 {
        return None;
    }
    // Blue adds haze, red is often overexposed: green with some red shows the disc best.
    let light = copy.plane(|[r, g, _]| 0.35 * r + 0.65 * g);
    let vessels = lines.dark.mean_within(inside, radius(diameter, 0.09));
    let mean_vessels = (vessels.mean(inside) as f32).max(1e-3);
    let around = light.mean_within(inside, radius(diameter, 0.16));
    let flat = light.minus(&around);
    let mut sample = flat.sample_within(inside);
    let spread = (sample.percentile(0.9) - sample.percentile(0.1)).max(2.0);
    let mut score = vec![f32::MIN; inside.len()];
    let small = flat.mean_within(inside, radius(diameter, 0.035));
    let large = flat.mean_within(inside, radius(diameter, 0.06));
    for (at, score) in score.iter_mut().enumerate() {
        if inside[at] {
            let bright = (small.values[at].min(1.5 * large.values[at]) / spread).max(0.0);
            let crossed = (vessels.values[at] / mean_vessels).min(2.5);
            *score = bright * crossed.sqrt();
        }
    }
    let best = best_at(&score, |_| true)?;
    let (w, far) = (copy.width, 0.22 * diameter);
    let (x, y) = (best % w, best / w);
    let is_far = |at: usize| {
        let (dx, dy) = ((at % w).abs_diff(x) as f64, (at / w).abs_diff(y) as f64);
        dx * dx + dy * dy > far * far
    };
    let second = best_at(&score, is_far).map_or(0.0, |at| score[at].max(0.0));
    if score[best] <= 0.0 {
        return None;
    }
    Some(Disc {
        x,
        y,
        lead: f64::from(1.0 - second / score[best]),
        bright: f64::from(small.values[best] / spread),
        vessels: f64::from(vessels.values[best] / mean_vessels),
    })
}

fn best_at(score: &[f32], allowed: impl Fn(usize) -> bool) -> Option<usize> {
    (0..score.len())
        .filter(|&at| score[at] > f32::MIN && allowed(at))
        .max_by(|&a, &b| score[a].total_cmp(&score[b]))
}

/// The eye suggested by the disc's position: to the right of the macula in a right eye, seen upright.
///
/// Unknown unless the disc is certain, a round border shows where the middle is, and the disc is well beside it at
/// about its height. A disc-centred picture suggests nothing. A picture with the disc beside the middle is assumed to
/// be centred on the macula, not on the nasal side.
pub(super) fn eye_from_disc(disc: &Disc, field: &Field) -> Laterality {
    let (dx, dy) = disc.off_middle(field);
    if !disc.is_sure(field) || !is_beside(dx, dy) {
        Laterality::Unknown
    } else if dx > 0.0 {
        Laterality::Od
    } else {
        Laterality::Os
    }
}

/// What the field is centred on, told from a certain disc in a round field; between the two positions it cannot be told.
pub(super) fn centring(disc: &Disc, field: &Field) -> Option<Centring> {
    if !disc.is_sure(field) {
        return None;
    }
    let (dx, dy) = disc.off_middle(field);
    let near = dx.hypot(dy) < MIN_BESIDE;
    if dx.hypot(dy) <= MAX_OFF_CENTRE {
        Some(Centring::Disc)
    } else if is_beside(dx, dy) {
        Some(Centring::Macula)
    } else {
        (!near).then_some(Centring::Elsewhere)
    }
}

fn is_beside(dx: f64, dy: f64) -> bool {
    (MIN_BESIDE..=MAX_BESIDE).contains(&dx.abs()) && dy.abs() <= MAX_ABOVE
}

impl Disc {
    /// Its position from the middle of the field, in radii.
    fn off_middle(&self, field: &Field) -> (f64, f64) {
        let of = |at: usize, middle: f64| (at as f64 + 0.5 - middle) / field.circle.radius;
        (of(self.x, field.circle.x), of(self.y, field.circle.y))
    }

    fn is_sure(&self, field: &Field) -> bool {
        let clear = self.bright >= MIN_BRIGHT && self.vessels >= MIN_VESSELS;
        field.round && clear && self.lead >= MIN_LEAD
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::retina::circle::Circle;

    fn round_field() -> Field {
        Field {
            circle: Circle {
                x: 200.0,
                y: 200.0,
                radius: 200.0,
            },
            round: true,
            completeness: 1.0,
            inside: Vec::new(),
            share: 0.7,
            others: 0.0,
        }
    }

    fn disc(x: usize, y: usize, lead: f64) -> Disc {
        Disc {
            x,
            y,
            lead,
            bright: 2.0,
            vessels: 2.0,
        }
    }

    fn guess(x: usize, y: usize, lead: f64) -> Laterality {
        eye_from_disc(&disc(x, y, lead), &round_field())
    }

    #[test]
    fn the_centring_is_told_by_a_sure_disc_and_not_between_the_positions() {
        let told = |x, y, lead| centring(&disc(x, y, lead), &round_field());
        assert_eq!(told(210, 190, 0.7), Some(Centring::Disc));
        assert_eq!(told(320, 190, 0.7), Some(Centring::Macula));
        assert_eq!(told(80, 210, 0.7), Some(Centring::Macula));
        assert_eq!(told(200, 380, 0.7), Some(Centring::Elsewhere));
        assert_eq!(told(270, 200, 0.7), None, "between the two");
        assert_eq!(told(320, 190, 0.2), None);
        let mut cut = round_field();
        cut.round = false;
        assert_eq!(centring(&disc(210, 190, 0.7), &cut), None);
    }

    #[test]
    fn only_a_sure_disc_beside_the_middle_suggests_an_eye() {
        assert_eq!(guess(320, 190, 0.7), Laterality::Od);
        assert_eq!(guess(80, 190, 0.7), Laterality::Os);
        assert_eq!(guess(210, 190, 0.7), Laterality::Unknown);
        assert_eq!(guess(320, 190, 0.2), Laterality::Unknown);
        assert_eq!(guess(320, 350, 0.7), Laterality::Unknown);
    }
}
