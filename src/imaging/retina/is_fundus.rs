//! Whether a picture looks like a fundus photograph at all.
//!
//! A retina is smooth, reddish (or grey, if photographed red-free), and crossed by long connected dark lines, its
//! vessels, which fill a few hundredths of it; most cameras frame it with a round border. Smoothness and vessels are
//! always required, so that noise, skin, balls, cups, moons and OCT sections fail, and pale, dark, diseased and blurred
//! eyes pass. The less colour and border there is, the clearer the vessels must be.
//!
//! Calibrated on 150 fundus photographs from eight cameras, 500 copies of them that were cropped, rotated, made small,
//! dark, blurred, hazy or grey, and 130 other pictures; `tests/photographs/likeness.rs` repeats part of that, and
//! `tests/README.md` has the table of what is accepted and rejected.

use super::features::Features;
use super::field_of_view::Field;
use crate::domain::{Bound, Detail, Property};

/// Steep slopes cover at most 1.5 % of a retina, 3 % at thumbnail size; fur and faces have more.
const MAX_EDGES: f64 = 0.035;

/// The same if many clear vessels explain them.
const MAX_EDGES_OF_VESSELS: f64 = 0.05;
const MANY_VESSELS: f64 = 0.03;

/// Contrast of a picture without any structure.
const MIN_CONTRAST: f64 = 0.03;

/// Typical detail relative to the strongest; a drawing is flat almost everywhere, noise is the same everywhere.
const MIN_TEXTURE: f64 = 0.02;
const MAX_TEXTURE: f64 = 0.2;

/// Dark lines relative to bright ones: 0.94 or more in a retina, 0.5 in a very small or dark one, 0 in a drawing.
const MIN_DARK_LINES: f64 = 0.45;

/// Minimum share of warm colours in a warm picture.
const WARM_SHARE: f64 = 0.6;

/// Fields narrower than this many pixels show too little to be judged.
const MIN_DIAMETER: f64 = 40.0;

/// Share of the frame that the field fills. A photograph has more than half, one on a page a third; less is a page of a
/// report or a window of a program.
const MIN_SHARE: f64 = 0.22;

/// Area of lit parts other than the field, relative to it: a frame with several pictures is not one photograph.
const MAX_OTHERS: f64 = 0.25;

/// Minimum figures of a picture with a given colour and border.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Minimums {
    saturation: f64,
    contrast: f64,
    texture: f64,
    dark_lines: f64,
    /// Longest dark line relative to the diameter.
    line: f64,
    vessels: f64,
}

const NOTHING: Minimums = Minimums {
    saturation: 0.0,
    contrast: MIN_CONTRAST,
    texture: MIN_TEXTURE,
    dark_lines: MIN_DARK_LINES,
    line: 0.0,
    vessels: 0.0,
};

/// Red above green above blue within a round border.
const WARM: Minimums = Minimums {
    saturation: 0.12,
    vessels: 0.004,
    ..NOTHING
};

/// The same, cropped from the retina: skin is as smooth and as warm, but paler.
const WARM_CUT: Minimums = Minimums {
    saturation: 0.35,
    vessels: 0.009,
    ..NOTHING
};

/// A single colour within a round border; grey discs are moons as often as retinas.
const SINGLE: Minimums = Minimums {
    dark_lines: 1.03,
    line: 0.45,
    vessels: 0.013,
    ..NOTHING
};

const SINGLE_CUT: Minimums = Minimums {
    contrast: 0.12,
    texture: 0.08,
    dark_lines: 0.9,
    line: 0.45,
    vessels: 0.014,
    ..NOTHING
};

/// Other colours, within a round border only.
const OTHER: Minimums = Minimums {
    dark_lines: 1.2,
    line: 0.5,
    vessels: 0.03,
    ..NOTHING
};

/// Why a picture does not look like a fundus photograph, in figures; `None` when it does.
pub(super) fn objection(features: &Features, field: &Field) -> Option<Detail> {
    let m = features;
    let diameter = field.measured_diameter();
    if diameter < MIN_DIAMETER {
        return Some(too_little(Property::Diameter, diameter, MIN_DIAMETER, 0));
    }
    let warm = m.warm >= WARM_SHARE;
    let single = m.saturation < 0.08 || m.green >= 0.9;
    let least = match (warm, single, field.round) {
        (true, false, true) => WARM,
        (true, false, false) => WARM_CUT,
        (_, true, true) => SINGLE,
        (_, true, false) => SINGLE_CUT,
        (false, false, true) => OTHER,
        (false, false, false) => {
            return Some(too_little(
                Property::WarmWithoutBorder,
                m.warm,
                WARM_SHARE,
                2,
            ));
        }
    };
    let lacking = [
        (Property::FieldShare, field.share, MIN_SHARE),
        (Property::Saturation, m.saturation, least.saturation),
        (Property::Contrast, m.contrast, least.contrast),
        (Property::Texture, m.texture, least.texture),
        (Property::DarkLines, m.dark_lines, least.dark_lines),
        (Property::LongestLine, m.longest_line, least.line),
        (Property::Vessels, m.vessels, least.vessels),
    ]
    .into_iter()
    .find(|(_, figure, least)| figure < least)
    .map(|(property, figure, least)| too_little(property, figure, least, 3));
    let max_edges = if m.vessels >= MANY_VESSELS {
        MAX_EDGES_OF_VESSELS
    } else {
        MAX_EDGES
    };
    lacking.or_else(|| {
        [
            (Property::Edges, m.edges, max_edges),
            (Property::Texture, m.texture, MAX_TEXTURE),
            (Property::OtherParts, field.others, MAX_OTHERS),
        ]
        .into_iter()
        .find(|(_, figure, most)| figure > most)
        .map(|(property, figure, most)| Detail::Threshold {
            property,
            figure,
            desired: Bound::AtMost(most),
            digits: 3,
        })
    })
}

fn too_little(property: Property, figure: f64, least: f64, digits: usize) -> Detail {
    Detail::Threshold {
        property,
        figure,
        desired: Bound::AtLeast(least),
        digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::retina::circle::Circle;

    fn property_of(objection: Option<Detail>) -> Option<Property> {
        match objection? {
            Detail::Threshold { property, .. } => Some(property),
            other => panic!("{other:?}"),
        }
    }

    fn field(round: bool) -> Field {
        Field {
            circle: Circle {
                x: 100.0,
                y: 100.0,
                radius: 100.0,
            },
            round,
            completeness: 1.0,
            inside: vec![true; 40_000],
            share: 0.7,
            others: 0.0,
        }
    }

    fn retina() -> Features {
        Features {
            contrast: 0.4,
            texture: 0.1,
            saturation: 0.7,
            warm: 1.0,
            dark_lines: 1.3,
            longest_line: 1.0,
            vessels: 0.05,
            edges: 0.005,
            ..Features::default()
        }
    }

    #[test]
    fn a_retina_passes_round_or_cut_coloured_or_grey() {
        let grey = Features {
            warm: 0.0,
            saturation: 0.0,
            ..retina()
        };
        for features in [retina(), grey] {
            for round in [true, false] {
                assert_eq!(objection(&features, &field(round)), None, "{round}");
            }
        }
        let blurred = Features {
            dark_lines: 1.0,
            longest_line: 0.5,
            vessels: 0.012,
            ..retina()
        };
        assert_eq!(objection(&blurred, &field(true)), None);
    }

    #[test]
    fn each_trait_that_is_missing_is_named() {
        let without = |change: fn(&mut Features)| {
            let mut features = retina();
            change(&mut features);
            property_of(objection(&features, &field(true)))
        };
        for (change, property) in [
            (
                (|m| m.contrast = 0.01) as fn(&mut Features),
                Property::Contrast,
            ),
            (|m| m.texture = 0.0, Property::Texture),
            (|m| m.texture = 0.21, Property::Texture),
            (|m| m.dark_lines = 0.0, Property::DarkLines),
            (|m| m.edges = 0.15, Property::Edges),
            (|m| m.vessels = 0.0, Property::Vessels),
            (|m| m.saturation = 0.1, Property::Saturation),
        ] {
            assert_eq!(without(change), Some(property), "{property:?}");
        }
        assert!(objection(&Features::default(), &field(true)).is_some());
        let page = Field {
            share: 0.1,
            ..field(true)
        };
        let page = objection(&retina(), &page);
        assert_eq!(property_of(page), Some(Property::FieldShare));
        let two = Field {
            others: 0.9,
            ..field(true)
        };
        let two = objection(&retina(), &two);
        assert_eq!(property_of(two), Some(Property::OtherParts));
    }

    #[test]
    fn without_colour_or_border_the_vessels_must_be_plain() {
        let moon = Features {
            warm: 0.0,
            saturation: 0.0,
            dark_lines: 1.2,
            longest_line: 0.3,
            vessels: 0.012,
            ..retina()
        };
        assert!(objection(&moon, &field(true)).is_some());
        let skin = Features {
            saturation: 0.29,
            ..retina()
        };
        assert_eq!(objection(&skin, &field(true)), None);
        assert!(objection(&skin, &field(false)).is_some());
        let violet = Features {
            warm: 0.0,
            ..retina()
        };
        assert_eq!(objection(&violet, &field(true)), None);
        assert!(objection(&violet, &field(false)).is_some());
    }
}
