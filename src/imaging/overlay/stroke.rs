//! Lines painted into pixels: white on a dark backing, visible on any ground.

use std::ops::Range;

use crate::domain::Pixels;
use crate::imaging::geometry::Area;

type Point = (f64, f64);

/// Lengths of a dash and of the gap after it, as multiples of the line's width.
pub const DASH: f64 = 7.0;
pub const GAP: f64 = 6.0;
/// Width of the backing, as a multiple of the line's.
const BACKING: f64 = 2.2;

const INK: u8 = 255;
const BACKING_INK: u8 = 12;

/// A set of lines of one width, painted together.
pub(super) struct Strokes {
    width: f64,
    /// The part of the picture in which lines are drawn.
    within: Area,
    segments: Vec<[Point; 2]>,
}

/// Rows of the picture that are painted at a time.
const BAND: u32 = 64;

impl Strokes {
    pub(super) fn new(width: f64, within: Area) -> Self {
        Self {
            width,
            within,
            segments: Vec::new(),
        }
    }

    /// A line through these points of the picture.
    pub(super) fn add(&mut self, points: &[Point], dashed: bool) {
        let (dash, gap) = (self.width * DASH, self.width * GAP);
        for run in inside(points, &self.within) {
            let lines = if dashed {
                dashes(&run, dash, gap)
            } else {
                vec![run]
            };
            let pairs = lines.iter().flat_map(|line| line.windows(2));
            self.segments.extend(pairs.map(|pair| [pair[0], pair[1]]));
        }
    }

    pub(super) fn paint(&self, picture: &mut Pixels) {
        let mut squared = vec![0.0; picture.width as usize * BAND as usize];
        for top in (0..picture.height).step_by(BAND as usize) {
            let rows = top..(top + BAND).min(picture.height);
            self.paint_band(picture, rows, &mut squared);
        }
    }

    /// Paints a band of rows by the squared distance of each pixel's centre to the nearest line.
    fn paint_band(&self, picture: &mut Pixels, rows: Range<u32>, squared: &mut [f64]) {
        let reach = self.width * BACKING / 2.0 + 0.5;
        // Casts saturate.
        let range = |a: f64, b: f64, limit: Range<u32>| {
            let from = (a.min(b) - reach - 0.5).max(0.0) as u32;
            let to = ((a.max(b) + reach + 0.5).max(0.0) as u32).min(limit.end);
            from.max(limit.start)..to
        };
        let width = picture.width as usize;
        let mut touched = false;
        for &[a, b] in &self.segments {
            let lines = range(a.1, b.1, rows.clone());
            if !lines.is_empty() && !touched {
                squared.fill(f64::INFINITY);
                touched = true;
            }
            for y in lines {
                let row = (y - rows.start) as usize * width;
                for x in range(a.0, b.0, 0..picture.width) {
                    let centre = (f64::from(x) + 0.5, f64::from(y) + 0.5);
                    let nearest = &mut squared[row + x as usize];
                    *nearest = nearest.min(squared_distance(centre, [a, b]));
                }
            }
        }
        if !touched {
            return;
        }
        let from = rows.start as usize * width;
        let pixels = &mut picture.rgb.as_chunks_mut::<3>().0[from..rows.end as usize * width];
        for (pixel, squared) in pixels.iter_mut().zip(squared) {
            if *squared >= reach * reach {
                continue;
            }
            for (width, ink) in [(self.width * BACKING, BACKING_INK), (self.width, INK)] {
                let cover = (width / 2.0 + 0.5 - squared.sqrt()).clamp(0.0, 1.0);
                for value in pixel.iter_mut() {
                    let (from, to) = (f64::from(*value), f64::from(ink));
                    *value = (from + (to - from) * cover).round() as u8;
                }
            }
        }
    }
}

/// Distance from a point to a segment.
pub fn distance_to_segment(point: Point, segment: [Point; 2]) -> f64 {
    squared_distance(point, segment).sqrt()
}

fn squared_distance((px, py): Point, [a, b]: [Point; 2]) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (((px - a.0) * dx + (py - a.1) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (px - a.0 - along * dx).powi(2) + (py - a.1 - along * dy).powi(2)
}

/// The parts of a line inside an area.
fn inside(points: &[Point], area: &Area) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let Some([a, b]) = cut([pair[0], pair[1]], area) else {
            continue;
        };
        match runs.last_mut() {
            Some(run) if run.last() == Some(&a) => run.push(b),
            _ => runs.push(vec![a, b]),
        }
    }
    runs
}

/// The part of a segment inside an area (Liang and Barsky 1984).
fn cut([a, b]: [Point; 2], area: &Area) -> Option<[Point; 2]> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-dx, a.0 - area.left),
        (dx, area.right - a.0),
        (-dy, a.1 - area.top),
        (dy, area.bottom - a.1),
    ] {
        let at = room / step;
        if step < 0.0 {
            from = from.max(at);
        } else if step > 0.0 {
            to = to.min(at);
        } else if room < 0.0 {
            return None;
        }
    }
    let at = |share: f64| (a.0 + dx * share, a.1 + dy * share);
    (from <= to).then(|| [at(from), at(to)])
}

/// A line cut into dashes with gaps between them.
pub fn dashes(points: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut all: Vec<Vec<Point>> = Vec::new();
    let (mut drawn, mut left) = (true, dash);
    all.extend(points.first().map(|&p| vec![p]));
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = (to.0 - from.0).hypot(to.1 - from.1);
        while length >= left && length > 0.0 {
            let share = left / length;
            from = (
                from.0 + (to.0 - from.0) * share,
                from.1 + (to.1 - from.1) * share,
            );
            length -= left;
            if drawn && let Some(line) = all.last_mut() {
                line.push(from);
            } else {
                all.push(vec![from]);
            }
            drawn = !drawn;
            left = if drawn { dash } else { gap };
        }
        left -= length;
        if drawn && let Some(line) = all.last_mut() {
            line.push(to);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_and_gaps_run_through_corners() {
        let corner = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)];
        let expected: [&[Point]; 2] = [&[(0.0, 0.0), (4.0, 0.0)], &[(5.0, 1.0), (5.0, 5.0)]];
        assert_eq!(dashes(&corner, 4.0, 2.0), expected);
        assert_eq!(dashes(&corner, 40.0, 2.0), [corner.to_vec()]);
        // A dash that ends exactly at a corner.
        let dashed = dashes(&corner, 5.0, 2.0);
        assert_eq!(dashed[0], corner[..2]);
        assert_eq!(dashed[1][0], (5.0, 2.0));
        assert!(dashes(&[], 4.0, 2.0).is_empty());
    }

    #[test]
    fn only_the_part_inside_is_drawn() {
        let area = Area {
            left: 3.0,
            top: 2.0,
            right: 8.0,
            bottom: 8.0,
        };
        let across = cut([(0.0, 5.0), (10.0, 5.0)], &area);
        assert_eq!(across, Some([(3.0, 5.0), (8.0, 5.0)]));
        assert_eq!(cut([(0.0, 1.0), (10.0, 1.0)], &area), None);
        let there_and_back = [(5.0, 5.0), (5.0, 20.0), (3.0, 20.0), (3.0, 3.0)];
        assert_eq!(inside(&there_and_back, &area).len(), 2);
        let mut strokes = Strokes::new(1.0, area);
        strokes.add(&[(0.0, 5.5), (10.0, 5.5)], false);
        let mut picture = Pixels::new(10, 10, vec![100; 300]).unwrap();
        strokes.paint(&mut picture);
        assert!(picture.at(5, 5)[0] > 150 && picture.at(5, 6)[0] < 100);
        assert_eq!(picture.at(0, 5), [100; 3]);
        assert_eq!(picture.at(5, 1), [100; 3]);
    }
}
