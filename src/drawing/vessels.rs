//! Grows the retinal vessels: trunks from the disc along the arcades, branches by steering; vessels of one kind never
//! cross.

use super::anatomy::{Anatomy, Point};
use super::arcades::{TRUNKS, Trunk, smooth_line};
use super::person::Eye;
use crate::numeric::random::Xoshiro256;

const PURPOSE_VESSELS: u64 = 201;
/// Length of one step of growth, in eye units.
const STEP: f64 = 0.014;
/// Vessels end beyond this distance from the midpoint of fovea and disc.
const REACH: f64 = 1.75;
/// Cells per eye unit of the grid that keeps vessels of one kind apart.
const CELLS: f64 = 45.0;
const CELL_SIDE: i32 = 200;
/// A tree has at most this many vessels of a kind.
const VESSEL_LIMIT: usize = 420;

/// Arteries are thinner, brighter and carry a central reflex; veins are wider and darker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Artery,
    Vein,
}

/// A short straight piece of a vessel, in eye units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub kind: Kind,
    pub from: Point,
    pub to: Point,
    /// Half width at either end.
    pub half_width: (f64, f64),
}

/// All vessels of an eye, in order of growth.
pub(super) fn grow(eye: &Eye, anatomy: &Anatomy) -> Vec<Segment> {
    let mut segments = Vec::new();
    for (kind, number) in [(Kind::Artery, 0), (Kind::Vein, 1)] {
        let random = Xoshiro256::stream(eye.eye_seed, number, PURPOSE_VESSELS);
        let mut tree = Tree {
            kind,
            random,
            anatomy,
            taken: vec![0; (CELL_SIDE * CELL_SIDE) as usize],
            vessels: Vec::new(),
        };
        tree.grow();
        for vessel in &tree.vessels {
            let place = |p: Point| {
                if vessel.shifts {
                    anatomy.shifted_artery(p)
                } else {
                    p
                }
            };
            segments.extend(
                vessel
                    .points
                    .windows(2)
                    .zip(vessel.half_widths.windows(2))
                    .map(|(p, w)| Segment {
                        kind,
                        from: place(p[0]),
                        to: place(p[1]),
                        half_width: (w[0], w[1]),
                    }),
            );
        }
    }
    segments
}

struct Vessel {
    points: Vec<Point>,
    half_widths: Vec<f64>,
    depth: u32,
    /// Belongs to the supratemporal artery, which a sign shifts.
    shifts: bool,
}

struct Tree<'a> {
    kind: Kind,
    random: Xoshiro256,
    anatomy: &'a Anatomy,
    /// Number of the vessel that occupies a cell, plus one.
    taken: Vec<u16>,
    vessels: Vec<Vessel>,
}

/// The target of a growing branch.
#[derive(Debug, Clone, Copy)]
enum GrowthTarget {
    /// Towards the fovea, ending at the given distance from it.
    Fovea { stop: f64 },
    /// Away from the midpoint of fovea and disc.
    Outward,
}

/// A branch about to grow.
#[derive(Debug, Clone, Copy)]
struct NewBranch {
    start: Point,
    /// Direction in radians, 0 = nasal, clockwise.
    heading: f64,
    half_width: f64,
    length: f64,
    aim: GrowthTarget,
    depth: u32,
    parent: Option<usize>,
    shifts: bool,
}

impl Tree<'_> {
    fn grow(&mut self) {
        let base = match self.kind {
            Kind::Artery => self.random.between(0.0092, 0.0112),
            Kind::Vein => self.random.between(0.0118, 0.0145),
        };
        for upper in [true, false] {
            for trunk in &TRUNKS {
                if self.random.chance(trunk.presence) {
                    let half_width = base * trunk.width * self.random.between(0.9, 1.08);
                    self.trunk(trunk, upper, half_width);
                }
            }
        }
        self.small_disc_vessels(base);
        let mut next = 0;
        while next < self.vessels.len() && self.vessels.len() < VESSEL_LIMIT {
            self.branches_of(next);
            next += 1;
        }
    }

    fn trunk(&mut self, trunk: &Trunk, upper: bool, half_width: f64) {
        let temporal = trunk.temporal;
        let unit = self.anatomy.disc.distance(Point::new(0.0, 0.0));
        // Arteries run inside the arcade, veins slightly outside, so that they twine without coinciding.
        let (inner, wander) = match self.kind {
            Kind::Artery => (self.random.between(0.80, 0.86), 0.035),
            Kind::Vein => (self.random.between(0.95, 1.06), 0.05),
        };
        let flip = if upper { 1.0 } else { -1.0 };
        let spread = if temporal {
            1.0
        } else {
            self.random.between(0.75, 1.25)
        };
        let lean = self.random.between(-0.05, 0.05);
        let origin = Point::new(
            self.anatomy.disc.x + unit * (0.035 + self.random.between(-0.03, 0.045)),
            self.anatomy.disc.y + unit * (self.random.between(-0.02, 0.02) - 0.035 * flip),
        );
        let control: Vec<Point> = trunk
            .course
            .iter()
            .enumerate()
            .map(|(i, &(x, y))| {
                // The section that the artery sign shifts starts at the same point in every eye.
                let free = if temporal && i <= 3 { 0.2 } else { 1.0 };
                let loose = wander * free * (i.min(3) as f64 / 3.0);
                let narrow = if i >= 2 { inner } else { 1.0 };
                let dx = x * spread + self.random.normal() * loose + lean * y.abs() * free;
                let dy = y * narrow + self.random.normal() * loose;
                Point::new(origin.x + unit * dx, origin.y + unit * dy * flip)
            })
            .collect();
        let line = smooth_line(&control, STEP);
        let points = self.wriggled(&line, 0.010, 0.012);
        let total = points.len().max(2) as f64;
        let half_widths = (0..points.len())
            .map(|i| half_width * (1.0 - 0.62 * i as f64 / total))
            .collect();
        let shifts = self.kind == Kind::Artery && temporal && upper;
        self.finish_vessel(Vessel {
            points,
            half_widths,
            depth: 0,
            shifts,
        });
    }

    /// Thin vessels that leave the disc directly, towards the macula and towards the nose.
    fn small_disc_vessels(&mut self, base: f64) {
        let pi = std::f64::consts::PI;
        for heading in [
            pi - 0.5,
            pi - 0.22,
            pi + 0.22,
            pi + 0.5,
            0.55,
            0.15,
            -0.2,
            -0.6,
        ] {
            if self.random.chance(0.5) {
                let heading = heading + self.random.normal() * 0.1;
                let start = Point::new(
                    self.anatomy.disc.x + 0.05 * libm::cos(heading),
                    self.anatomy.disc.y + 0.05 * libm::sin(heading),
                );
                let towards_macula = libm::cos(heading) < 0.0;
                let aim = if towards_macula {
                    GrowthTarget::Fovea {
                        stop: self.random.between(0.15, 0.3),
                    }
                } else {
                    GrowthTarget::Outward
                };
                let half_width = base * self.random.between(0.3, 0.48);
                let length = if towards_macula {
                    self.random.between(0.35, 0.6)
                } else {
                    self.random.between(0.5, 1.0)
                };
                self.shoot(NewBranch {
                    start,
                    heading,
                    half_width,
                    length,
                    aim,
                    depth: 1,
                    parent: None,
                    shifts: false,
                });
            }
        }
    }

    fn branches_of(&mut self, parent: usize) {
        let (depth, shifts, count) = {
            let v = &self.vessels[parent];
            (v.depth, v.shifts, v.points.len())
        };
        if depth >= 4 {
            return;
        }
        let spacing = [0.17, 0.19, 0.19, 0.22][depth as usize];
        let mut at = if depth == 0 { 0.24 } else { 0.09 } + self.random.between(0.0, spacing);
        let mut side = if self.random.chance(0.5) { 1.0 } else { -1.0 };
        loop {
            let i = (at / STEP) as usize;
            if i + 3 >= count || self.vessels.len() >= VESSEL_LIMIT {
                return;
            }
            let (here, next, width) = {
                let v = &self.vessels[parent];
                (v.points[i], v.points[i + 2], v.half_widths[i])
            };
            let heading = libm::atan2(next.y - here.y, next.x - here.x);
            let angle = side * self.random.between(0.4, 1.0);
            let child_heading = heading + angle;
            let share = if self.random.chance(0.22) {
                self.random.between(0.65, 0.85)
            } else {
                self.random.between(0.32, 0.6)
            };
            let half_width = width * share;
            let near_disc = here.distance(self.anatomy.disc) < 0.42;
            let crowded = near_disc
                && libm::cos(child_heading - libm::atan2(-here.y, -here.x)) > 0.25
                && self.random.chance(0.75);
            if half_width > 0.0011 && !crowded {
                let to_fovea = libm::atan2(-here.y, -here.x);
                let inward = libm::cos(child_heading - to_fovea) > 0.25
                    && here.distance(Point::new(0.0, 0.0)) < 0.95;
                let aim = if inward {
                    GrowthTarget::Fovea {
                        stop: self.random.between(0.12, 0.34),
                    }
                } else {
                    GrowthTarget::Outward
                };
                let length = self.random.between(40.0, 110.0) * half_width
                    + if inward { 0.12 } else { 0.22 };
                self.shoot(NewBranch {
                    start: here,
                    heading: child_heading,
                    half_width,
                    length,
                    aim,
                    depth: depth + 1,
                    parent: Some(parent),
                    shifts,
                });
            }
            side = if self.random.chance(0.75) {
                -side
            } else {
                side
            };
            at += spacing * self.random.between(0.35, 1.8);
        }
    }

    /// Grows one branch by steering and keeps it if it is long enough to be recognisable.
    fn shoot(&mut self, sprout: NewBranch) {
        let NewBranch {
            start,
            heading,
            half_width,
            length,
            aim,
            depth,
            parent,
            shifts,
        } = sprout;
        let steps = (length / STEP) as usize;
        let own = self.vessels.len() as u16 + 1;
        let parent_mark = parent.map_or(0, |p| p as u16 + 1);
        let (mut place, mut heading, mut bend) = (start, heading, 0.0);
        let mut points = vec![start];
        let middle = Point::new(self.anatomy.disc.x / 2.0, 0.0);
        for step in 0..steps {
            bend = 0.88 * bend + 0.027 * self.random.normal();
            let target = match aim {
                GrowthTarget::Fovea { .. } => libm::atan2(-place.y, -place.x),
                GrowthTarget::Outward => libm::atan2(place.y - middle.y, place.x - middle.x),
            };
            let turn = wrapped(target - heading);
            let pull = if step < 3 { 0.0 } else { 0.05 };
            heading += bend + pull * turn;
            place = Point::new(
                place.x + STEP * libm::cos(heading),
                place.y + STEP * libm::sin(heading),
            );
            let to_fovea = place.distance(Point::new(0.0, 0.0));
            let stop = match aim {
                GrowthTarget::Fovea { stop } => stop,
                GrowthTarget::Outward => 0.2,
            };
            if to_fovea < stop || place.distance(middle) > REACH {
                break;
            }
            let mark = self.cell(place).map_or(0, |c| self.taken[c]);
            if mark != 0 && mark != own && (mark != parent_mark || step > 8) {
                break;
            }
            points.push(place);
        }
        if points.len() < 7 {
            return;
        }
        let total = points.len() as f64;
        let half_widths = (0..points.len())
            .map(|i| half_width * (1.0 - 0.55 * i as f64 / total))
            .collect();
        self.finish_vessel(Vessel {
            points,
            half_widths,
            depth,
            shifts,
        });
    }

    fn finish_vessel(&mut self, vessel: Vessel) {
        let mark = self.vessels.len() as u16 + 1;
        for point in &vessel.points {
            if let Some(cell) = self.cell(*point).filter(|c| self.taken[*c] == 0) {
                self.taken[cell] = mark;
            }
        }
        self.vessels.push(vessel);
    }

    fn cell(&self, point: Point) -> Option<usize> {
        let x = ((point.x - 0.35) * CELLS) as i32 + CELL_SIDE / 2;
        let y = (point.y * CELLS) as i32 + CELL_SIDE / 2;
        ((0..CELL_SIDE).contains(&x) && (0..CELL_SIDE).contains(&y))
            .then(|| (y * CELL_SIDE + x) as usize)
    }

    /// A line with slow sideways wandering of about `amplitude`, none at its start.
    fn wriggled(&mut self, line: &[Point], amplitude: f64, kick: f64) -> Vec<Point> {
        let (mut offset, mut speed) = (0.0, 0.0);
        (0..line.len())
            .map(|i| {
                speed = 0.88 * speed + 0.22 * kick * self.random.normal() - 0.02 * offset;
                offset = (offset + speed).clamp(-2.5 * amplitude, 2.5 * amplitude);
                let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(line.len() - 1)]);
                let long = a.distance(b).max(1e-9);
                let rise = (i as f64 / 30.0).min(1.0);
                let (nx, ny) = (-(b.y - a.y) / long, (b.x - a.x) / long);
                Point::new(
                    line[i].x + nx * offset * rise,
                    line[i].y + ny * offset * rise,
                )
            })
            .collect()
    }
}

/// Normalises an angle to (−π, π].
fn wrapped(angle: f64) -> f64 {
    libm::atan2(libm::sin(angle), libm::cos(angle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::person::person;

    #[test]
    fn trees_fill_the_field_and_spare_the_fovea() {
        for index in 0..6 {
            let eye = person(3, index).left;
            let anatomy = Anatomy::of(&eye);
            let segments = grow(&eye, &anatomy);
            assert!(
                (1_000..40_000).contains(&segments.len()),
                "{}",
                segments.len()
            );
            let fovea = Point::new(0.0, 0.0);
            assert!(
                segments.iter().all(|s| s.to.distance(fovea) > 0.1),
                "a vessel crosses the fovea of person {index}"
            );
            for quadrant in [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)] {
                let there = segments.iter().filter(|s| {
                    (s.from.x - anatomy.disc.x) * quadrant.0 > 0.1
                        && (s.from.y - anatomy.disc.y) * quadrant.1 > 0.1
                });
                assert!(
                    there.count() > 50,
                    "quadrant {quadrant:?} of person {index} is bare"
                );
            }
        }
    }

    #[test]
    fn vessels_taper() {
        let eye = person(3, 1).right;
        for s in grow(&eye, &Anatomy::of(&eye)) {
            assert!(s.half_width.1 <= s.half_width.0 && s.half_width.1 > 0.0);
        }
    }
}
