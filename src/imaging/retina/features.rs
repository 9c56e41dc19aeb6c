//! The figures of a field of view that decide its quality and whether the picture is a fundus photograph.

use super::field_of_view::Field;
use super::vessels::Lines;
use super::working_copy::{Plane, WorkingCopy, luminance};
use crate::domain::Measured;

/// Figures of the field of view, all from the working copy, so that they do not depend on the camera's resolution.
#[derive(Clone, Debug, Default)]
pub(super) struct Features {
    /// Median luminance, 0–255.
    pub light: f64,
    /// Share of pixels whose green is 250 or more.
    pub blown: f64,
    /// Darkest divided by brightest of the coarse luminance (5th by 95th percentile), 0–1.
    pub evenness: f64,
    /// Spread of detail (vessels, lesions) relative to the mean of green: 2nd to 98th percentile.
    pub contrast: f64,
    /// Finest detail (a pixel against its neighbours) relative to the spread of detail, 98th percentile.
    pub focus: f64,
    /// Share of the field without any detail compared with the rest, 0–1.
    pub hidden: f64,
    /// Typical detail relative to the spread of detail: nearly 0 in a drawing, which is mostly flat.
    pub texture: f64,
    /// Mean difference between the largest and the smallest channel, relative to the largest.
    pub saturation: f64,
    /// Share of pixels with red above green above blue, as in every colour photograph of a retina.
    pub warm: f64,
    /// Share of pixels with green above the other two, as in a red-free photograph stored in that channel.
    pub green: f64,
    /// Strength of dark lines relative to that of bright lines (97th percentiles).
    pub dark_lines: f64,
    /// Longest connected dark line relative to the diameter.
    pub longest_line: f64,
    /// Share of pixels on connected dark lines at least a quarter of the diameter long: vessels.
    pub vessels: f64,
    /// Share of pixels with a steep slope of luminance.
    pub edges: f64,
}

/// A slope in grey levels per pixel that is rare in a retina, on a field 480 pixels wide.
const STEEP: f32 = 16.0;

impl Features {
    /// The figures that the quality is judged by; `diameter` is that of the field in pixels of the photograph,
    /// `completeness` is given for round fields. The centring is not known yet.
    pub fn measured(&self, diameter: f64, completeness: Option<f64>) -> Measured {
        Measured {
            focus: self.focus,
            light: self.light,
            blown: self.blown,
            contrast: self.contrast,
            evenness: self.evenness,
            hidden: self.hidden,
            saturation: self.saturation,
            diameter,
            completeness,
            centring: None,
        }
    }

    /// Measures the field; all figures are finite, and zero for a flat picture.
    pub fn of(copy: &WorkingCopy, field: &Field, lines: &Lines, green: &Plane) -> Self {
        let inside = &field.inside;
        let count = inside.iter().filter(|&&i| i).count();
        if count < 64 {
            return Self::default();
        }
        let diameter = field.measured_diameter();
        let light = copy.plane(luminance);
        let mut light_sample = light.sample_within(inside);
        let share = |test: &dyn Fn(usize) -> bool| {
            (0..inside.len())
                .filter(|&at| inside[at] && test(at))
                .count() as f64
                / count as f64
        };
        let coarse = light.mean_within(inside, radius(diameter, 0.06));
        let mut coarse = coarse.sample_within(inside);
        let detail = green.minus(&green.mean_within(inside, radius(diameter, 0.03)));
        let mut of_detail = detail.sample_within(inside);
        let spread = f64::from(of_detail.percentile(0.98) - of_detail.percentile(0.02));
        let mean_green = green.mean(inside);
        let mut finest = green.finest_detail(inside).sample_within(inside);
        let finest = f64::from(finest.percentile(0.98));
        let energy = detail
            .magnitudes()
            .mean_within(inside, radius(diameter, 0.04));
        let typical = energy.sample_within(inside).percentile(0.6);
        let light_slopes = light.slopes(inside);
        // A slope in a small picture spans more of the retina.
        let steep = STEEP * (480.0 / diameter).clamp(1.0, 4.0) as f32;
        let dark = lines.dark.sample_within(inside).percentile(0.97);
        let half_dark = (0.5 * dark).max(1.0);
        let bright = lines.bright.sample_within(inside).percentile(0.97);
        let saturation = |[r, g, b]: [f32; 3]| {
            let largest = r.max(g).max(b);
            if largest > 0.0 {
                (largest - r.min(g).min(b)) / largest
            } else {
                0.0
            }
        };
        Self {
            light: light_sample.percentile(0.5).into(),
            blown: share(&|at| copy.rgb[at][1] >= 250.0),
            evenness: ratio(
                coarse.percentile(0.05).into(),
                coarse.percentile(0.95).into(),
            ),
            contrast: ratio(spread, mean_green),
            focus: ratio(finest, spread),
            hidden: share(&|at| energy.values[at] < 0.15 * typical),
            texture: ratio(typical.into(), spread),
            saturation: (0..inside.len())
                .filter(|&at| inside[at])
                .map(|at| f64::from(saturation(copy.rgb[at])))
                .sum::<f64>()
                / count as f64,
            warm: share(&|at| {
                let [r, g, b] = copy.rgb[at];
                r >= g && g + 8.0 >= b && r > 1.08 * b
            }),
            green: share(&|at| {
                let [r, g, b] = copy.rgb[at];
                g > 1.1 * r.max(b)
            }),
            dark_lines: ratio(dark.into(), f64::from(bright).max(0.25)),
            longest_line: lines.longest_dark(half_dark) / diameter,
            vessels: {
                let long = lines.long_dark(half_dark, 0.25 * diameter);
                share(&|at| long[at])
            },
            edges: share(&|at| light_slopes.values[at] > steep),
        }
    }
}

/// A share of the diameter in whole pixels.
pub(super) fn radius(diameter: f64, share: f64) -> usize {
    ((diameter * share).round() as usize).max(1)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 1e-6 { part / whole } else { 0.0 }
}
