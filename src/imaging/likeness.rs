//! Whether a picture looks like a fundus photograph at all.
//!
//! A retina is smooth, reddish (or grey, when photographed red-free), crossed by long dark lines, and most cameras
//! frame it in a round border. Each trait counts; no single one is needed but smoothness, so that pale, dark,
//! diseased and blurred eyes pass, and landscapes, cups, moons, icons and ultrasound do not. Calibrated on some 200
//! fundus photographs of eight cameras and 350 other pictures.

use super::field_of_view::Field;
use super::measures::Measures;

/// Steep slopes cover at most 1.5 % of a retina; 3 % at thumbnail size.
const MAX_EDGES: f64 = 0.05;

/// Contrast of a picture without any structure.
const MIN_CONTRAST: f64 = 0.03;

/// Typical over strongest detail; a drawing is flat almost everywhere.
const MIN_TEXTURE: f64 = 0.02;

/// Dark over bright lines: 0.94 or more in a retina, 0.4 in a badly blurred one, 0 in a drawing.
const MIN_DARK_LINES: f64 = 0.3;

/// Longest dark line over the diameter, where no round border speaks for a retina.
const MIN_LINE: f64 = 0.6;

/// Fields narrower than this many pixels show too little to be judged.
const MIN_DIAMETER: f64 = 40.0;

/// Why a picture does not look like a fundus photograph, in figures; `None` when it does.
pub(super) fn objection(measures: &Measures, field: &Field) -> Option<String> {
    let m = measures;
    if field.measured_diameter() < MIN_DIAMETER {
        return Some(format!(
            "field {:.0} px < {MIN_DIAMETER:.0}",
            field.measured_diameter()
        ));
    }
    for (name, figure, least) in [
        ("contrast", m.contrast, MIN_CONTRAST),
        ("texture", m.texture, MIN_TEXTURE),
        ("dark lines", m.dark_lines, MIN_DARK_LINES),
    ] {
        if figure < least {
            return Some(format!("{name} {figure:.3} < {least:.3}"));
        }
    }
    if m.edges > MAX_EDGES {
        return Some(format!("edges {:.3} > {MAX_EDGES:.3}", m.edges));
    }
    let warm = m.warm >= 0.6;
    let single_colour = m.saturation < 0.08 || m.green >= 0.9;
    if !field.round {
        // Without a border colour and vessels must speak alone.
        return [
            ("warm", m.warm, 0.6),
            ("saturation", m.saturation, 0.25),
            ("line", m.longest_line, MIN_LINE),
            ("completeness", field.completeness, 0.6),
        ]
        .into_iter()
        .find(|(_, figure, least)| figure < least)
        .map(|(name, figure, least)| format!("no round border, {name} {figure:.2} < {least:.2}"));
    }
    let points = points(&[
        (field.border_seen >= 0.45, 2),
        (field.border_seen >= 0.25, 1),
        (warm, 3),
        (m.edges <= 0.03, 1),
        (m.longest_line >= 0.3, 1),
        (m.longest_line >= 0.5, 1),
        (m.dark_lines >= 1.05, 1),
        (m.dark_lines >= 1.25, 1),
    ]);
    // Grey discs are moons as often as retinas: without colour the lines must be plain.
    let needed = match (warm, single_colour) {
        (true, _) => 6,
        (false, true) => 7,
        (false, false) => 8,
    };
    (points < needed).then(|| format!("likeness {points} < {needed}"))
}

fn points(traits: &[(bool, u32)]) -> u32 {
    traits
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, points)| points)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::circle::Circle;
    use super::*;

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
            border_seen: if round { 0.9 } else { 0.0 },
        }
    }

    fn retina() -> Measures {
        Measures {
            contrast: 0.4,
            texture: 0.1,
            saturation: 0.7,
            warm: 1.0,
            dark_lines: 1.3,
            longest_line: 1.0,
            edges: 0.005,
            ..Measures::default()
        }
    }

    #[test]
    fn a_retina_passes_round_or_cropped_coloured_or_grey() {
        assert_eq!(objection(&retina(), &field(true)), None);
        assert_eq!(objection(&retina(), &field(false)), None);
        let grey = Measures {
            warm: 0.0,
            saturation: 0.0,
            ..retina()
        };
        assert_eq!(objection(&grey, &field(true)), None);
        let blurred = Measures {
            dark_lines: 1.0,
            longest_line: 0.1,
            ..retina()
        };
        assert_eq!(objection(&blurred, &field(true)), None);
    }

    #[test]
    fn other_things_do_not() {
        let refused = |measures: Measures, round| objection(&measures, &field(round)).is_some();
        assert!(refused(Measures::default(), true));
        let drawing = Measures {
            texture: 0.0,
            ..retina()
        };
        assert!(refused(drawing, true));
        let outlined = Measures {
            dark_lines: 0.0,
            ..retina()
        };
        assert!(refused(outlined, true));
        assert!(refused(
            Measures {
                edges: 0.15,
                ..retina()
            },
            true
        ));
        assert!(refused(
            Measures {
                warm: 0.0,
                saturation: 0.0,
                ..retina()
            },
            false
        ));
        assert!(refused(
            Measures {
                longest_line: 0.3,
                ..retina()
            },
            false
        ));
        let moon = Measures {
            warm: 0.0,
            saturation: 0.0,
            dark_lines: 1.1,
            longest_line: 0.3,
            ..retina()
        };
        assert!(refused(moon, true));
    }
}
