//! Colour maps for signed numbers over a photograph, readable with any colour vision.
//!
//! Each side of zero is a ramp that grows lighter with the distance from zero and is piecewise linear in sRGB. There is
//! no colour of zero: what lies over a photograph is transparent there. A diverging map has a ramp of its own for each
//! sign, equally light; a sequential map has one for both. No ramp contains the orange of a retina. `docs/saliency-maps.md`
//! states how far the colours are from each other and from grey.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

/// The colours of a map.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case", from = "String")]
#[strum(serialize_all = "kebab-case")]
pub enum Colormap {
    /// Diverging.
    #[default]
    BlueMagenta,
    /// Diverging; the two sides differ most for red–green colour blindness.
    GreenPurple,
    /// Sequential from violet through green to yellow, by Smith, van der Walt and Firing for Matplotlib (CC0).
    Viridis,
    /// Sequential, without hue, to white.
    Grey,
}

/// By name; an unknown one, such as of a map that no longer exists, is the default, so that a file with it keeps its
/// other settings.
impl From<String> for Colormap {
    fn from(name: String) -> Self {
        Self::iter()
            .find(|map| map.as_str() == name)
            .unwrap_or_default()
    }
}

impl Colormap {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// True if each sign has its own colours.
    pub fn is_diverging(self) -> bool {
        matches!(self, Self::BlueMagenta | Self::GreenPurple)
    }

    /// Colour in sRGB of a strength of −1 to 1; strengths beyond are clamped.
    pub fn colour(self, strength: f64) -> [u8; 3] {
        let strength = if strength.is_finite() { strength } else { 0.0 };
        let points = self.ramp(strength < 0.0);
        let at = strength.abs().min(1.0) * (points.len() - 1) as f64;
        let low = (at as usize).min(points.len() - 2);
        let share = at - low as f64;
        std::array::from_fn(|i| {
            let [from, to] = [points[low][i], points[low + 1][i]].map(f64::from);
            (from + (to - from) * share).round() as u8
        })
    }

    /// Evenly spaced points in sRGB, from near zero to the end of the scale.
    fn ramp(self, negative: bool) -> &'static [[u8; 3]] {
        match (self, negative) {
            (Self::BlueMagenta, true) => &[[0, 97, 190], [24, 136, 255]],
            (Self::BlueMagenta, false) => &[[172, 2, 130], [236, 20, 180]],
            (Self::GreenPurple, true) => &[[8, 116, 0], [40, 190, 40]],
            (Self::GreenPurple, false) => &[[162, 5, 190], [225, 110, 255]],
            (Self::Viridis, _) => &[
                [68, 1, 84],
                [72, 36, 117],
                [65, 68, 135],
                [53, 95, 141],
                [42, 120, 142],
                [33, 145, 140],
                [34, 168, 132],
                [68, 191, 112],
                [122, 209, 81],
                [189, 223, 38],
                [253, 231, 37],
            ],
            // From mid-grey, so that weak evidence does not darken the retina.
            (Self::Grey, _) => &[[128, 128, 128], [250, 250, 250]],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No, complete red, green and blue blindness in linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1.
    const VISIONS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ];

    const MID_GREY: [u8; 3] = [128; 3];

    fn linear(colour: [u8; 3]) -> [f64; 3] {
        colour.map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn seen_by(matrix: &[[f64; 3]; 3], colour: [u8; 3]) -> [f64; 3] {
        let rgb = linear(colour);
        matrix.map(|row| (0..3).map(|i| row[i] * rgb[i]).sum::<f64>().clamp(0.0, 1.0))
    }

    /// CIELAB of linear sRGB, white point D65.
    fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
        let xyz = [
            (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
            0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
            (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
        ];
        let [x, y, z] = xyz.map(|t: f64| {
            if t > 216.0 / 24389.0 {
                t.cbrt()
            } else {
                (24389.0 / 27.0 * t + 16.0) / 116.0
            }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// CIEDE2000 (Sharma, Wu and Dalal 2005).
    fn delta_e([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
        let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25.0_f64.powi(7))).sqrt();
        let g = 0.5 * (1.0 - seventh((a1.hypot(b1) + a2.hypot(b2)) / 2.0));
        let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
        let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
        let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
        let (h1, h2) = (hue(a1, b1), hue(a2, b2));
        let grey = c1 * c2 == 0.0;
        let turn = match h2 - h1 {
            _ if grey => 0.0,
            d if d > 180.0 => d - 360.0,
            d if d < -180.0 => d + 360.0,
            d => d,
        };
        let h = match h1 + h2 {
            sum if grey => sum,
            sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
            sum if sum < 360.0 => (sum + 360.0) / 2.0,
            sum => (sum - 360.0) / 2.0,
        };
        let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
        let cos = |degrees: f64| degrees.to_radians().cos();
        let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
            - 0.20 * cos(4.0 * h - 63.0);
        let from_50 = (l - 50.0).powi(2);
        let lightness = (l2 - l1) / (1.0 + 0.015 * from_50 / (20.0 + from_50).sqrt());
        let chroma = (c2 - c1) / (1.0 + 0.045 * c);
        let hue = 2.0 * (c1 * c2).sqrt() * (turn.to_radians() / 2.0).sin() / (1.0 + 0.015 * c * t);
        let rotation = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
        let rotation = -2.0 * seventh(c) * (2.0 * rotation).to_radians().sin();
        (lightness.powi(2) + chroma.powi(2) + hue.powi(2) + rotation * chroma * hue).sqrt()
    }

    fn apart(vision: &[[f64; 3]; 3], a: [u8; 3], b: [u8; 3]) -> f64 {
        delta_e(lab(seen_by(vision, a)), lab(seen_by(vision, b)))
    }

    #[test]
    fn the_colour_difference_is_that_of_the_published_pairs() {
        // Rows 1, 7 and 20 of the table by Sharma, Wu and Dalal.
        for (a, b, expected) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, 2.5, 0.0], [58.0, 24.0, 15.0], 19.4535),
        ] {
            let found = delta_e(a, b);
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
    }

    #[test]
    fn every_side_grows_lighter_with_strength() {
        for map in Colormap::iter() {
            for sign in [-1.0, 1.0] {
                let step = |i: u8| map.colour(sign * f64::from(i) / 255.0);
                let row: Vec<f64> = (0..=255).map(|i| lab(linear(step(i)))[0]).collect();
                // Rounding to eight bits may cost a third of a unit, never more.
                assert!(row.windows(2).all(|w| w[1] - w[0] > -0.35), "{map:?}");
                assert!((0..240).all(|i| row[i + 15] > row[i]), "{map:?}");
                assert!(row[255] - row[0] > 12.0, "{map:?}");
            }
        }
    }

    #[test]
    fn neither_sign_of_a_diverging_map_looks_stronger() {
        for map in Colormap::iter().filter(|m| m.is_diverging()) {
            for i in 0..=100 {
                let at = f64::from(i) / 100.0;
                let [low, high] = [-at, at].map(|s| lab(linear(map.colour(s)))[0]);
                assert!((low - high).abs() < 4.0, "{map:?} at {at}: {low} {high}");
            }
        }
    }

    /// The table in `docs/saliency-maps.md`, recomputed.
    #[test]
    fn signs_and_grey_stay_apart_for_every_colour_vision_as_the_documentation_says() {
        let documentation = include_str!("../../docs/saliency-maps.md");
        for map in Colormap::iter() {
            let ends = [-1.0, 1.0].map(|s| map.colour(s));
            let mut cells = vec![format!("`{}`", map.as_str())];
            for vision in &VISIONS {
                let signs = apart(vision, ends[0], ends[1]);
                let grey = ends.map(|c| apart(vision, c, MID_GREY));
                let grey = grey[0].min(grey[1]);
                assert!(grey >= 14.9, "{map:?}: {grey}");
                cells.push(if map.is_diverging() {
                    assert!(signs >= 14.9, "{map:?}: {signs}");
                    format!("{signs:.0} / {grey:.0}")
                } else {
                    format!("– / {grey:.0}")
                });
            }
            let row = format!("| {} |", cells.join(" | "));
            assert!(documentation.contains(&row), "{row}");
        }
    }

    #[test]
    fn viridis_is_near_its_table_between_its_points() {
        for (at, colour) in [(0.25, [59, 82, 139]), (0.75, [94, 201, 98])] {
            let found = Colormap::Viridis.colour(at);
            let near = found.iter().zip(colour).all(|(a, b)| a.abs_diff(b) <= 3);
            assert!(near, "{found:?}");
        }
    }

    #[test]
    fn strengths_beyond_the_scale_take_its_end() {
        let map = Colormap::BlueMagenta;
        assert_eq!(map.colour(-3.0), map.colour(-1.0));
        assert_eq!(map.colour(7.0), map.colour(1.0));
        assert_eq!(map.colour(f64::NAN), map.colour(0.0));
    }

    #[test]
    fn a_name_that_no_longer_exists_is_the_default() {
        for map in Colormap::iter() {
            let name = serde_json::to_string(&map).unwrap();
            assert_eq!(serde_json::from_str::<Colormap>(&name).unwrap(), map);
        }
        for removed in ["blue-amber", "blue-orange", "blue-yellow", ""] {
            let map: Colormap = serde_json::from_value(removed.into()).unwrap();
            assert_eq!(map, Colormap::default(), "{removed}");
        }
    }
}
