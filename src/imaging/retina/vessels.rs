//! Dark and bright lines of vessel width: the texture that distinguishes a retina from other round red objects.

use super::working_copy::Plane;
use crate::numeric::vectorised;

/// Width of a vessel relative to the diameter of the field.
pub(super) const VESSEL_WIDTH: f64 = 1.0 / 70.0;

/// Line strength per pixel, in grey levels: how much lighter (or darker) both sides of a line are than its middle.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    pub dark: Plane,
    pub bright: Plane,
}

impl Lines {
    /// Lines about `width` pixels wide in eight directions; zero outside the mask and near its border.
    pub fn find(plane: &Plane, inside: &[bool], width: f64) -> Self {
        let (w, h) = (plane.width, plane.height);
        let reach = width.max(1.5);
        let offsets = (0..8).map(|direction| {
            let angle = std::f64::consts::PI * f64::from(direction) / 8.0;
            (
                (reach * angle.cos()).round() as isize,
                (reach * angle.sin()).round() as usize,
            )
        });
        let mut dark = vec![0.0; plane.values.len()];
        let mut bright = vec![0.0; plane.values.len()];
        // One direction at a time, so that a row is compared with two others of the same length.
        for (dx, dy) in offsets {
            let side = dx.unsigned_abs();
            if 2 * side >= w {
                continue;
            }
            for y in dy..h.saturating_sub(dy) {
                let row = |y: usize, left: usize| {
                    let start = y * w + left;
                    start..start + w - 2 * side
                };
                // Sines are not negative: one neighbour is below, the other above.
                let [left, right] = [0, 2 * side];
                let (below, above) = if dx < 0 { (left, right) } else { (right, left) };
                let (at, one, other) = (row(y, side), row(y + dy, below), row(y - dy, above));
                let row = Row {
                    middle: &plane.values[at.clone()],
                    sides: [&plane.values[one.clone()], &plane.values[other.clone()]],
                    inside: [&inside[at.clone()], &inside[one], &inside[other]],
                };
                let (dark, bright) = (&mut dark[at.clone()], &mut bright[at]);
                vectorised(
                    #[inline(always)]
                    || row.raise(dark, bright),
                );
            }
        }
        let plane = |values| Plane {
            width: plane.width,
            height: plane.height,
            values,
        };
        Self {
            dark: plane(dark),
            bright: plane(bright),
        }
    }

    /// Minimum strength of a dark line that belongs to a vessel: vessels fill about a tenth of a fundus.
    pub fn strong(&self, inside: &[bool]) -> f32 {
        self.dark.sample_within(inside).percentile(0.9).max(1.0)
    }

    /// The greatest extent of connected dark lines stronger than `level`, in pixels.
    pub fn longest_dark(&self, level: f32) -> f64 {
        let mut longest = 0.0_f64;
        self.each_dark(level, |extent, _| longest = longest.max(extent));
        longest
    }

    /// The dark lines stronger than `level` whose extent is at least `shortest` pixels.
    pub fn long_dark(&self, level: f32, shortest: f64) -> Vec<bool> {
        let mut kept = vec![false; self.dark.values.len()];
        self.each_dark(level, |extent, line| {
            if extent >= shortest {
                line.iter().for_each(|&at| kept[at] = true);
            }
        });
        kept
    }

    /// Every connected dark line stronger than `level`: its extent (diagonal of its bounding box) and its pixels.
    fn each_dark(&self, level: f32, mut each: impl FnMut(f64, &[usize])) {
        let (w, h) = (self.dark.width, self.dark.height);
        let mut open_pixels: Vec<bool> = self.dark.values.iter().map(|&v| v > level).collect();
        let mut stack = Vec::new();
        let mut line = Vec::new();
        for start in 0..open_pixels.len() {
            if !open_pixels[start] {
                continue;
            }
            open_pixels[start] = false;
            line.clear();
            stack.push(start);
            let (mut left, mut right, mut top, mut bottom) = (w, 0, h, 0);
            while let Some(at) = stack.pop() {
                line.push(at);
                let (x, y) = (at % w, at / w);
                (left, right) = (left.min(x), right.max(x));
                (top, bottom) = (top.min(y), bottom.max(y));
                for ny in y.saturating_sub(1)..(y + 2).min(h) {
                    for nx in x.saturating_sub(1)..(x + 2).min(w) {
                        let next = ny * w + nx;
                        if open_pixels[next] {
                            open_pixels[next] = false;
                            stack.push(next);
                        }
                    }
                }
            }
            each(((right - left) as f64).hypot((bottom - top) as f64), &line);
        }
    }
}

/// A part of a row, and the parts of two others on either side of it.
struct Row<'a> {
    middle: &'a [f32],
    sides: [&'a [f32]; 2],
    /// Whether the middle and its sides are in the mask.
    inside: [&'a [bool]; 3],
}

impl Row<'_> {
    /// Raises line strengths to those in this direction.
    #[inline(always)]
    fn raise(&self, dark: &mut [f32], bright: &mut [f32]) {
        let count = self.middle.len();
        let [one, other] = self.sides.map(|side| &side[..count]);
        let inside = self.inside.map(|inside| &inside[..count]);
        let (dark, bright) = (&mut dark[..count], &mut bright[..count]);
        for i in 0..count {
            let counts = inside[0][i] & inside[1][i] & inside[2][i];
            let (one, other) = (one[i] - self.middle[i], other[i] - self.middle[i]);
            let (low, high) = if one < other {
                (one, other)
            } else {
                (other, one)
            };
            let (is_dark, is_bright) = (
                if counts { low } else { 0.0 },
                if counts { -high } else { 0.0 },
            );
            dark[i] = if is_dark > dark[i] { is_dark } else { dark[i] };
            bright[i] = if is_bright > bright[i] {
                is_bright
            } else {
                bright[i]
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_line_is_dark_and_long_a_step_is_neither() {
        let plane = Plane {
            width: 60,
            height: 60,
            values: (0..3600)
                .map(|i| {
                    if i % 60 == 20 {
                        60.0
                    } else if i % 60 > 40 {
                        160.0
                    } else {
                        100.0
                    }
                })
                .collect(),
        };
        let lines = Lines::find(&plane, &[true; 3600], 3.0);
        assert_eq!(lines.dark.values[30 * 60 + 20], 40.0);
        assert_eq!(
            lines.bright.values.iter().fold(0.0_f32, |a, &b| a.max(b)),
            0.0
        );
        assert!(lines.longest_dark(20.0) >= 50.0);
        assert_eq!(lines.longest_dark(50.0), 0.0);
        let kept = |shortest| {
            lines
                .long_dark(20.0, shortest)
                .iter()
                .filter(|&&k| k)
                .count()
        };
        assert!(kept(50.0) >= 50 && kept(70.0) == 0);
    }
}
