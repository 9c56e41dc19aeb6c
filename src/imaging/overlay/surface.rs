//! The map as strengths at any position, and the colours of strengths.

use crate::imaging::grid::Grid;
use crate::numeric::vectorised;

use super::options::{OverlayOptions, Style};

/// The map as strengths of −1 to 1, continued between cell centres if the style is smooth.
///
/// The smooth surface is a monotone cubic (Fritsch and Carlson 1980), first down the columns, then along the line. It
/// has no kinks, which show as crosses and diamonds in bilinear interpolation, equals every cell at its centre, and stays
/// between the four cells around a point: no sign, maximum or minimum appears that no cell has. (A cubic B-spline would
/// lower single peaks to less than half, and Catmull-Rom overshoots.)
pub(super) struct Surface {
    columns: usize,
    pub(super) strengths: Vec<f32>,
    /// Slopes down the columns at the cell centres, per cell; zero in the style of cells.
    slopes: Vec<f32>,
    style: Style,
}

/// A position along one axis: two cells, and the weights of their two values and two slopes.
#[derive(PartialEq)]
pub(super) struct Position {
    low: usize,
    high: usize,
    weights: [f32; 4],
}

/// The surface along one horizontal line: values and slopes at the columns' centres.
pub(super) struct Line {
    values: Vec<f32>,
    slopes: Vec<f32>,
}

impl Surface {
    pub(super) fn new(map: &Grid, options: &OverlayOptions) -> Self {
        let limit = options.limit_of(map);
        let strength = |&v: &f32| {
            let s = v / limit;
            if s.is_finite() {
                s.clamp(-1.0, 1.0)
            } else {
                0.0
            }
        };
        let strengths: Vec<f32> = map.values().iter().map(strength).collect();
        let columns = map.columns();
        let mut slopes = vec![0.0; strengths.len()];
        if options.style == Style::Smooth {
            let last = strengths.len().saturating_sub(columns);
            for i in columns..last {
                let [above, below] = [strengths[i - columns], strengths[i + columns]];
                slopes[i] = slope(above, strengths[i], below);
            }
        }
        Self {
            columns,
            strengths,
            slopes,
            style: options.style,
        }
    }

    /// Positions at map coordinates along one axis; beyond the outer cell centres the outer cell is used.
    pub(super) fn positions(
        &self,
        coordinates: impl Iterator<Item = f64>,
        cells: usize,
    ) -> Vec<Position> {
        let last = cells - 1;
        let position = |at: f64| match self.style {
            Style::Cells => {
                let cell = (at.max(0.0) as usize).min(last);
                Position {
                    low: cell,
                    high: cell,
                    weights: [1.0, 0.0, 0.0, 0.0],
                }
            }
            Style::Smooth => {
                let at = (at - 0.5).clamp(0.0, last as f64);
                let low = at as usize;
                Position {
                    low,
                    high: (low + 1).min(last),
                    weights: hermite((at - low as f64) as f32),
                }
            }
        };
        coordinates.map(position).collect()
    }

    pub(super) fn line(&self, position: &Position) -> Line {
        let cells = |of: &Position| {
            let [low, high] = [of.low, of.high].map(|row| row * self.columns);
            (0..self.columns).map(move |c| (low + c, high + c))
        };
        let [a, b, c, d] = position.weights;
        let (v, s) = (&self.strengths, &self.slopes);
        let values: Vec<f32> = cells(position)
            .map(|(low, high)| a * v[low] + b * v[high] + c * s[low] + d * s[high])
            .collect();
        let mut slopes = vec![0.0; values.len()];
        if self.style == Style::Smooth {
            for (i, w) in values.windows(3).enumerate() {
                slopes[i + 1] = slope(w[0], w[1], w[2]);
            }
        }
        Line { values, slopes }
    }
}

impl Line {
    pub(super) fn at(&self, position: &Position) -> f32 {
        let [a, b, c, d] = position.weights;
        let (low, high) = (position.low, position.high);
        a * self.values[low] + b * self.values[high] + c * self.slopes[low] + d * self.slopes[high]
    }
}

/// The slope at a cell between two others: the mean of both differences, limited so that the cubic stays monotone, and
/// zero at a peak.
fn slope(before: f32, at: f32, after: f32) -> f32 {
    let (a, b) = (at - before, after - at);
    if a * b <= 0.0 {
        return 0.0;
    }
    let steepest = 3.0 * a.abs().min(b.abs());
    ((a + b) / 2.0).clamp(-steepest, steepest)
}

/// Weights of two values and two slopes at a share of the way between them.
fn hermite(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    let high = 3.0 * t2 - 2.0 * t3;
    [1.0 - high, high, t3 - 2.0 * t2 + t, t3 - t2]
}

/// Steps of strength from −1 to 1, each with its own colour.
pub(super) const STEPS: std::ops::RangeInclusive<usize> = 0..=510;

pub(super) fn strength_of(step: usize) -> f32 {
    step as f32 / 255.0 - 1.0
}

pub(super) fn step_of(strength: f32) -> usize {
    // Strength is finite and within −1 to 1, up to rounding.
    (((strength + 1.0) * 255.0 + 0.5) as usize).min(*STEPS.end())
}

/// How strengths colour a picture: the very function of [`super::blend`], also for colour scales.
pub struct Palette {
    /// Colours multiplied by their opacity, with half of 255 for rounding, and what remains of the picture, by step of
    /// strength.
    entries: Vec<([u16; 3], u16)>,
}

/// Bytes that are coloured at a time: sixteen pixels, three vectors.
const GROUP: usize = 48;

impl Palette {
    pub fn new(options: &OverlayOptions) -> Self {
        let entry = |step| {
            let [r, g, b, a] = options.colour_of(strength_of(step)).map(u16::from);
            ([r, g, b].map(|colour| colour * a + 128), 255 - a)
        };
        Self {
            entries: STEPS.map(entry).collect(),
        }
    }

    /// A colour of the picture under a strength of −1 to 1.
    pub fn over(&self, strength: f32, mut ground: [u8; 3]) -> [u8; 3] {
        self.lay(strength, &mut ground);
        ground
    }

    /// The same for whole pixels of RGB, in place.
    pub(super) fn lay(&self, strength: f32, rgb: &mut [u8]) {
        let (colour, rest) = self.entries[step_of(strength)];
        if rgb.len() < GROUP {
            for pixel in rgb.as_chunks_mut().0 {
                lay(colour, rest, pixel);
            }
            return;
        }
        vectorised(
            #[inline(always)]
            || {
                let (groups, end) = rgb.as_chunks_mut();
                let colours: [u16; GROUP] = std::array::from_fn(|i| colour[i % 3]);
                for group in groups {
                    lay(colours, rest, group);
                }
                for pixel in end.as_chunks_mut().0 {
                    lay(colour, rest, pixel);
                }
            },
        );
    }
}

/// Lays the colours of one or more pixels over as many.
#[inline(always)]
fn lay<const N: usize>(colours: [u16; N], rest: u16, values: &mut [u8; N]) {
    for (value, colour) in values.iter_mut().zip(colours) {
        // Division by 255, rounded to nearest; no sum exceeds 2^16, whatever the opacity.
        let sum = u16::from(*value) * rest + colour;
        *value = ((sum + (sum >> 8)) >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn smooth(rows: usize, columns: usize, values: Vec<f32>) -> impl Fn(f64, f64) -> f32 {
        let map = Grid::new(rows, columns, values).unwrap();
        let options = OverlayOptions {
            style: Style::Smooth,
            limit: Some(1.0),
            ..OverlayOptions::default()
        };
        let surface = Surface::new(&map, &options);
        move |x, y| {
            let place = |at, cells| surface.positions(std::iter::once(at), cells).remove(0);
            surface.line(&place(y, rows)).at(&place(x, columns))
        }
    }

    #[test]
    fn a_single_cell_becomes_a_round_spot_without_a_cross() {
        let mut values = vec![0.0; 25];
        values[12] = 1.0;
        let at = smooth(5, 5, values);
        for distance in [0.2, 0.35, 0.5] {
            let straight = at(2.5 + distance, 2.5);
            let part = distance / 2.0_f64.sqrt();
            let oblique = at(2.5 + part, 2.5 + part);
            // Between them bilinear interpolation leaves 0.06 to 0.08.
            let apart = (straight - oblique).abs();
            assert!(apart < 0.02, "{distance}: {straight} {oblique}");
        }
    }

    #[test]
    fn there_are_no_kinks() {
        let values = (0..36).map(|i| ((i * 17 + i * i * 5) % 23) as f32 / 11.5 - 1.0);
        let at = smooth(6, 6, values.collect());
        let step = 1e-2;
        // The slope before and after a cell's centre, where bilinear interpolation has its kinks.
        for (x, y) in [(2.5, 1.3), (3.5, 2.5), (1.5, 4.8), (4.5, 3.1)] {
            let (before, here, after) = (at(x - step, y), at(x, y), at(x + step, y));
            let bend = ((after - here) - (here - before)).abs() / step as f32;
            assert!(bend < 0.15, "across at {x}, {y}: {bend}");
            let (before, here, after) = (at(y, x - step), at(y, x), at(y, x + step));
            let bend = ((after - here) - (here - before)).abs() / step as f32;
            assert!(bend < 0.15, "down at {y}, {x}: {bend}");
        }
    }

    proptest! {
        #[test]
        fn no_sign_and_no_maximum_is_invented(
            values in prop::collection::vec(-1.0..1.0_f32, 20),
            x in 0.0..5.0_f64,
            y in 0.0..4.0_f64,
        ) {
            let at = smooth(4, 5, values.clone())(x, y);
            let near = |at: f64, cells: usize| {
                let at = (at - 0.5).clamp(0.0, (cells - 1) as f64);
                [at.floor() as usize, at.ceil() as usize]
            };
            let cells = near(y, 4).map(|row| near(x, 5).map(|column| values[row * 5 + column]));
            let cells = cells.as_flattened();
            let low = cells.iter().copied().fold(f32::INFINITY, f32::min);
            let high = cells.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            prop_assert!((low - 1e-6..=high + 1e-6).contains(&at), "{low} {at} {high}");
        }
    }
}
