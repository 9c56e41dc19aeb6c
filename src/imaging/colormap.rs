//! Colour maps that are readable with any colour vision.
//!
//! Every map is piecewise linear through a few points in Oklab (Ottosson 2020), where equal steps look equal.
//! Differences are on the blue–yellow axis and in lightness, which red–green colour blindness leaves intact; nothing
//! depends on distinguishing red from green. A sequential map gets monotonically lighter from 0 to 1. A diverging map
//! has the same lightness at equal distances from its middle, so that neither sign looks stronger.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

/// A map of 256 colours.
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
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Colormap {
    /// Diverging, dark in the middle, light blue and light amber at the ends: both are lighter than a retina and stand
    /// out against its orange.
    #[default]
    BlueAmber,
    /// Diverging, near white in the middle, dark blue and dark orange at the ends: for print.
    BlueOrange,
    /// Sequential from dark blue through grey to yellow.
    BlueYellow,
    /// Sequential, without hue.
    Grey,
}

impl Colormap {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// True if the middle of the map represents zero.
    pub fn is_diverging(self) -> bool {
        matches!(self, Self::BlueAmber | Self::BlueOrange)
    }

    /// All colours in sRGB, from the lowest to the highest number.
    #[cfg(test)]
    pub fn table(self) -> [[u8; 3]; 256] {
        std::array::from_fn(|i| self.colour(i as f64 / 255.0))
    }

    /// Colour at a position between 0 and 1; positions outside are clamped.
    pub fn colour(self, place: f64) -> [u8; 3] {
        let points = self.points();
        let at = if place.is_finite() { place } else { 0.0 };
        let at = at.clamp(0.0, 1.0) * (points.len() - 1) as f64;
        let low = (at as usize).min(points.len() - 2);
        let share = at - low as f64;
        let mix = |i: usize| points[low][i] + (points[low + 1][i] - points[low][i]) * share;
        srgb_from_oklab([mix(0), mix(1), mix(2)])
    }

    /// Evenly spaced points in Oklab: lightness 0–1, then green–red and blue–yellow.
    fn points(self) -> &'static [[f64; 3]] {
        match self {
            Self::BlueAmber => &[
                [0.80, -0.052, -0.095],
                [0.28, 0.0, 0.0],
                [0.80, 0.010, 0.162],
            ],
            Self::BlueOrange => &[
                [0.48, -0.030, -0.130],
                [0.96, 0.0, 0.0],
                [0.48, 0.070, 0.090],
            ],
            Self::BlueYellow => &[
                [0.26, -0.005, -0.090],
                [0.59, 0.0, 0.010],
                [0.90, -0.030, 0.160],
            ],
            Self::Grey => &[[0.15, 0.0, 0.0], [0.97, 0.0, 0.0]],
        }
    }
}

/// Oklab to eight-bit sRGB; colours outside the gamut are clipped.
fn srgb_from_oklab([l, a, b]: [f64; 3]) -> [u8; 3] {
    linear_from_oklab([l, a, b]).map(|v| {
        let v = v.clamp(0.0, 1.0);
        let encoded = if v <= 0.003_130_8 {
            12.92 * v
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        };
        (encoded * 255.0).round() as u8
    })
}

fn linear_from_oklab([l, a, b]: [f64; 3]) -> [f64; 3] {
    let long = (l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let middle = (l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (l - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short,
    ]
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    /// Complete red, green and blue blindness in linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1.
    const BLINDNESS: [[[f64; 3]; 3]; 3] = [
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

    /// CIE 1976 L*, 0–100.
    fn lightness([r, g, b]: [f64; 3]) -> f64 {
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        if y > 0.008856 {
            116.0 * y.cbrt() - 16.0
        } else {
            903.3 * y
        }
    }

    fn oklab([r, g, b]: [f64; 3]) -> [f64; 3] {
        let l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b).cbrt();
        let m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b).cbrt();
        let s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b).cbrt();
        [
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        ]
    }

    fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (oklab(a), oklab(b));
        (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn every_point_lies_in_the_gamut() {
        for map in Colormap::iter() {
            for &point in map.points() {
                let rgb = linear_from_oklab(point);
                assert!(
                    rgb.iter().all(|v| (-0.002..1.002).contains(v)),
                    "{map:?}: {rgb:?}"
                );
            }
        }
    }

    #[test]
    fn sequential_maps_grow_lighter() {
        for map in Colormap::iter().filter(|m| !m.is_diverging()) {
            let table = map.table().map(|c| lightness(linear(c)));
            // Rounding to eight bits may cost a third of a unit, never more.
            assert!(table.windows(2).all(|w| w[1] - w[0] > -0.35), "{map:?}");
            assert!((0..248).all(|i| table[i + 8] > table[i]), "{map:?}");
            assert!(table[255] - table[0] > 60.0, "{map:?}");
        }
    }

    #[test]
    fn diverging_maps_are_as_light_on_both_sides() {
        for map in Colormap::iter().filter(|m| m.is_diverging()) {
            let table = map.table().map(|c| lightness(linear(c)));
            for i in 0..128 {
                let difference = table[i] - table[255 - i];
                assert!(difference.abs() < 4.0, "{map:?} at {i}: {difference}");
            }
            let half = if table[0] > table[127] { 1.0 } else { -1.0 };
            for i in 0..127 {
                assert!(half * (table[i] - table[i + 1]) > -0.6, "{map:?} at {i}");
            }
        }
    }

    #[test]
    fn signs_and_ends_stay_apart_for_every_colour_vision() {
        for map in Colormap::iter() {
            let table = map.table();
            for matrix in &BLINDNESS {
                let ends = distance(seen_by(matrix, table[0]), seen_by(matrix, table[255]));
                assert!(ends > 0.12, "{map:?}: {ends}");
            }
            if map.is_diverging() {
                for matrix in &BLINDNESS[..2] {
                    for i in 0..64 {
                        let pair =
                            distance(seen_by(matrix, table[i]), seen_by(matrix, table[255 - i]));
                        assert!(pair > 0.1, "{map:?} at {i}: {pair}");
                    }
                }
            }
        }
    }

    #[test]
    fn places_beyond_the_row_take_the_end() {
        let table = Colormap::BlueAmber.table();
        assert_eq!(Colormap::BlueAmber.colour(-3.0), table[0]);
        assert_eq!(Colormap::BlueAmber.colour(7.0), table[255]);
        assert_eq!(Colormap::BlueAmber.colour(f64::NAN), table[0]);
    }
}
