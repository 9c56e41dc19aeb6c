//! The map as strengths at any position, and the colours of strengths.

use crate::imaging::grid::Grid;

use super::options::{OverlayOptions, Style};

/// The map as strengths of −1 to 1.
pub(super) struct Surface {
    columns: usize,
    pub(super) strengths: Vec<f32>,
    style: Style,
}

/// Two cells along one axis and the share of the second.
pub(super) struct Interpolation {
    pub(super) low: usize,
    pub(super) high: usize,
    pub(super) share: f32,
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
        Self {
            columns: map.columns(),
            strengths: map.values().iter().map(strength).collect(),
            style: options.style,
        }
    }

    /// Interpolation at map coordinates along one axis; beyond the outer cell centres the outer cell is used.
    pub(super) fn places(
        &self,
        coordinates: impl Iterator<Item = f64>,
        cells: usize,
    ) -> Vec<Interpolation> {
        let last = cells - 1;
        let place = |at: f64| match self.style {
            Style::Cells => {
                let cell = (at.max(0.0) as usize).min(last);
                Interpolation {
                    low: cell,
                    high: cell,
                    share: 0.0,
                }
            }
            Style::Smooth => {
                let at = (at - 0.5).clamp(0.0, last as f64);
                let low = at as usize;
                Interpolation {
                    low,
                    high: (low + 1).min(last),
                    share: (at - low as f64) as f32,
                }
            }
        };
        coordinates.map(place).collect()
    }

    /// Strengths along one horizontal line, per column of cells.
    pub(super) fn line(&self, place: &Interpolation) -> Vec<f32> {
        let row = |r: usize| &self.strengths[r * self.columns..(r + 1) * self.columns];
        let pairs = row(place.low).iter().zip(row(place.high));
        pairs.map(|(a, b)| a + (b - a) * place.share).collect()
    }
}

pub(super) fn strength_at(line: &[f32], x: &Interpolation) -> f32 {
    let (a, b) = (line[x.low], line[x.high]);
    a + (b - a) * x.share
}

/// Steps of strength from −1 to 1, each with its own colour.
pub(super) const STEPS: std::ops::RangeInclusive<usize> = 0..=510;

pub(super) fn strength_of(step: usize) -> f32 {
    step as f32 / 255.0 - 1.0
}

pub(super) fn step_of(strength: f32) -> usize {
    // Strength is finite and within −1 to 1.
    ((strength + 1.0) * 255.0 + 0.5) as usize
}

/// Colours multiplied by their opacity, and what remains of the picture, by step of strength.
pub(super) struct Palette {
    entries: Vec<([u32; 3], u32)>,
}

impl Palette {
    pub(super) fn new(options: &OverlayOptions) -> Self {
        let entry = |step| {
            let [r, g, b, a] = options.colour_of(strength_of(step)).map(u32::from);
            ([r * a, g * a, b * a], 255 - a)
        };
        Self {
            entries: STEPS.map(entry).collect(),
        }
    }

    pub(super) fn lay(&self, strength: f32, pixel: &mut [u8; 3]) {
        let (colour, rest) = &self.entries[step_of(strength)];
        for (value, colour) in pixel.iter_mut().zip(colour) {
            // Division by 255, rounded to nearest; exact below 2^16.
            let sum = u32::from(*value) * rest + colour + 128;
            *value = ((sum + (sum >> 8)) >> 8) as u8;
        }
    }
}
